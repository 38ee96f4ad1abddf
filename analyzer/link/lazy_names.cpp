#include "link/lazy_names.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <algorithm>

namespace pydefrag {
namespace {

// Reads `def __getattr__(name)`: branches on `name` that serve, a final `raise AttributeError`.
// The parameter's name is not in the facts: any name compared with a string counts as it.
class GetattrReader {
public:
  GetattrReader(const Scanned &scanned, FileId file)
      : view_(scanned), statements_(scanned.facts[file].statements) {}

  LazyNames Read() {
    LazyNames lazy;
    for (uint32_t i = 0; i < statements_.size();) {
      const Statement &statement = view_.Of(statements_[i]);
      const bool function = statement.kind == StatementKind::Function;
      const bool hook = (function || statement.kind == StatementKind::Class) &&
                        view_.Text(statement.text) == "__getattr__";
      if (hook && statements_[i].parent < 0) {
        lazy = LazyNames(); // the later one replaces the earlier one
      }
      if (hook) { // in an arm of a condition: this one or the one before it
        const bool exact = function ? ReadBody(i, lazy) : ReadHookClass(i, lazy);
        lazy.exact = exact && (lazy.exact || !lazy.present);
        lazy.present = true;
      }
      const bool body = function || statement.kind == StatementKind::Class;
      i = body ? statements_[i].end : i + 1;
    }
    return lazy;
  }

  bool MakesHookOfTable(uint32_t function) const {
    llvm::SmallVector<NameId, 2> tables; // what stands for the class's dict
    bool hooked = false;
    for (uint32_t i = function + 1; i < statements_[function].end; i = statements_[i].end) {
      const Statement &statement = view_.Of(statements_[i]);
      if (statement.kind == StatementKind::Assign && view_.Is(statement.first, ExprKind::Name) &&
          IsPartOfDict(view_.LastOperand(statement))) {
        tables.push_back(view_.At(statement.first).text);
      } else if (statement.kind == StatementKind::Function &&
                 view_.Text(statement.text) == "__getattr__") {
        hooked = ServesTables(i, tables);
      }
    }
    return hooked;
  }

private:
  // A class that decorators make a hook of.
  bool ReadHookClass(uint32_t header, LazyNames &lazy) {
    const Statement &statement = view_.Of(statements_[header]);
    const bool exact = ReadClass(header, lazy);
    for (ExprId id = statement.first; id.valid() && id != statement.bases; id = view_.Next(id)) {
      lazy.makers.push_back(id);
    }
    return exact && !lazy.makers.empty();
  }

  // `vars(cls)`, `{name: value for name, value in vars(cls).items() if ...}`
  bool IsPartOfDict(ExprId value) const {
    if (view_.Is(value, ExprKind::Comprehension) && view_.At(value).op == Op::DictComp) {
      const ExprId key = view_.Child(view_.Child(value));
      const ExprId loop = view_.Child(value, 1);
      const ExprId target = view_.Child(loop);
      if (!view_.Is(target, ExprKind::Tuple) || !view_.Is(key, ExprKind::Name) ||
          !view_.IsName(view_.Child(target), view_.TextOf(key))) {
        return false;
      }
      const ExprId items = view_.Child(loop, 1);
      const ExprId method = view_.Is(items, ExprKind::Call) ? view_.Child(items) : ExprId();
      return view_.Is(method, ExprKind::Attribute) && view_.TextOf(method) == "items" &&
             view_.Callee(view_.Child(method)) == "vars";
    }
    return view_.Callee(value) == "vars";
  }

  // Every branch asks whether the name is in one of the tables, and the end raises.
  bool ServesTables(uint32_t hook, llvm::ArrayRef<NameId> tables) const {
    bool raises = false;
    for (uint32_t i = hook + 1; i < statements_[hook].end; i = statements_[i].end) {
      const Statement &statement = view_.Of(statements_[i]);
      raises = statement.kind == StatementKind::Raise;
      if (raises || statement.kind == StatementKind::Docstring) {
        continue;
      }
      const ExprId test = statement.first;
      const bool asks = statement.kind == StatementKind::If && view_.Is(test, ExprKind::Compare) &&
                        view_.At(test).op == Op::In &&
                        view_.Is(view_.Child(test, 1), ExprKind::Name) &&
                        llvm::is_contained(tables, view_.At(view_.Child(test, 1)).text);
      if (!asks) {
        return false;
      }
    }
    return raises;
  }

  // True when the body was understood: every branch tests the name, and the end raises.
  bool ReadBody(uint32_t function, LazyNames &lazy) {
    bool exact = true;
    bool raises = false;
    bool all_others_raised = false; // `if name not in TABLE: raise AttributeError`
    for (uint32_t i = function + 1; i < statements_[function].end; i = statements_[i].end) {
      const Statement &statement = view_.Of(statements_[i]);
      switch (statement.kind) {
      case StatementKind::If:
      case StatementKind::Elif:
        exact &= ReadTest(i, statement.first, lazy);
        all_others_raised |= IsNotIn(statement.first) && EndsInRaise(i);
        raises |= all_others_raised;
        break;
      case StatementKind::Match:
        exact &= ReadMatch(i, lazy);
        break;
      case StatementKind::Raise:
        raises = true;
        break;
      case StatementKind::Docstring:
      case StatementKind::Import:
      case StatementKind::FromImport:
      case StatementKind::Global:
      case StatementKind::Pass:
        break;
      case StatementKind::Else: {
        raises |= EndsInRaise(i);
        break;
      }
      case StatementKind::Try:
        exact &= ReadTry(i, lazy, raises);
        break;
      case StatementKind::Except:
        break; // read with its try
      case StatementKind::Expression:
      case StatementKind::Assign:
        break;
      case StatementKind::Return:
        exact &= all_others_raised;
        break;
      default:
        exact = false;
        break;
      }
    }
    return exact && raises;
  }

  bool IsNotIn(ExprId test) const {
    return view_.Is(test, ExprKind::Compare) && view_.At(test).op == Op::NotIn;
  }
  bool EndsInRaise(uint32_t header) const {
    const uint32_t last = LastDirect(header);
    return last != header && view_.Of(statements_[last]).kind == StatementKind::Raise;
  }

  // A class that a decorator turns into the hook: what its body binds is served. False when it has
  // methods that may serve anything.
  bool ReadClass(uint32_t header, LazyNames &lazy) {
    bool exact = true;
    for (uint32_t i = header + 1; i < statements_[header].end; i = statements_[i].end) {
      const Statement &statement = view_.Of(statements_[i]);
      if (statement.kind == StatementKind::Function) {
        const llvm::StringRef name = view_.Text(statement.text);
        exact &= name != "__call__" && name != "__getattr__" && name != "__getattribute__";
        Add(i, statement.text, lazy);
      } else if (statement.kind == StatementKind::Assign &&
                 view_.Is(statement.first, ExprKind::Name)) {
        Add(i, view_.At(statement.first).text, lazy);
      }
    }
    return exact;
  }

  // `match name: case "x": ...`, with or without a last `case _: raise`.
  bool ReadMatch(uint32_t header, LazyNames &lazy) {
    bool exact = true;
    for (uint32_t i = header + 1; i < statements_[header].end; i = statements_[i].end) {
      const ExprId pattern = view_.Of(statements_[i]).first;
      if (view_.Is(pattern, ExprKind::String)) {
        Add(i, view_.At(pattern).text, lazy);
      } else {
        const uint32_t last = LastDirect(i);
        exact &= last != i && view_.Of(statements_[last]).kind == StatementKind::Raise;
      }
    }
    return exact;
  }

  uint32_t LastDirect(uint32_t header) const {
    uint32_t last = header;
    for (uint32_t i = header + 1; i < statements_[header].end; i = statements_[i].end) {
      last = i;
    }
    return last;
  }

  // `try: return TABLE[name] ... except KeyError: raise AttributeError`
  bool ReadTry(uint32_t header, LazyNames &lazy, bool &raises) {
    bool understood = false;
    for (uint32_t i = header + 1; i < statements_[header].end; i = statements_[i].end) {
      const Statement &statement = view_.Of(statements_[i]);
      const ExprId value = view_.LastOperand(statement);
      if (view_.Is(value, ExprKind::Subscript) && view_.Is(view_.Child(value), ExprKind::Name)) {
        understood |= AddContainer(i, view_.Child(value), lazy);
      }
    }
    const uint32_t handler = statements_[header].end;
    if (handler < statements_.size() &&
        view_.Of(statements_[handler]).kind == StatementKind::Except) {
      const uint32_t last = LastDirect(handler);
      raises |= last != handler && view_.Of(statements_[last]).kind == StatementKind::Raise;
    }
    return understood;
  }

  bool ReadTest(uint32_t at, ExprId test, LazyNames &lazy) {
    if (view_.Is(test, ExprKind::Or)) {
      bool all = true;
      for (ExprId part : view_.Children(test)) {
        all &= ReadTest(at, part, lazy);
      }
      return all;
    }
    if (!view_.Is(test, ExprKind::Compare)) {
      return false;
    }
    const Op op = view_.At(test).op;
    const ExprId left = view_.Child(test, 0);
    const ExprId right = view_.Child(test, 1);
    if (op == Op::Equal) {
      const auto text = view_.String(right) ? view_.String(right) : view_.String(left);
      if (text) {
        Add(at, view_.Is(right, ExprKind::String) ? view_.At(right).text : view_.At(left).text,
            lazy);
      }
      return text.has_value();
    }
    if (op == Op::In) {
      if (const auto items = view_.StringItems(right)) {
        for (NameId item : *items) {
          Add(at, item, lazy);
        }
        return true;
      }
      return view_.Is(right, ExprKind::Name) && AddContainer(at, right, lazy);
    }
    if (op == Op::NotIn) { // if name not in TABLE: raise AttributeError
      return view_.Is(right, ExprKind::Name) && AddContainer(at, right, lazy);
    }
    return false;
  }

  // A module-level dict, set, list or tuple of strings, by name.
  bool AddContainer(uint32_t at, ExprId name, LazyNames &lazy) {
    for (uint32_t i = 0; i < statements_.size(); i = statements_[i].end) {
      const Statement &statement = view_.Of(statements_[i]);
      const bool assigns =
          statement.kind == StatementKind::Assign || statement.kind == StatementKind::AnnAssign;
      if (!assigns || !view_.Is(statement.first, ExprKind::Name) ||
          view_.At(statement.first).text != view_.At(name).text) {
        continue;
      }
      const ExprId value = view_.LastOperand(statement);
      if (const auto items = view_.StringItems(value)) {
        for (NameId item : *items) {
          Add(at, item, lazy);
        }
        return true;
      }
      if (!view_.Is(value, ExprKind::Dict)) {
        return false;
      }
      for (ExprId pair : view_.Children(value)) {
        if (!view_.Is(pair, ExprKind::Pair) || !view_.Is(view_.Child(pair), ExprKind::String)) {
          return false;
        }
        Add(at, view_.At(view_.Child(pair)).text, lazy);
      }
      return true;
    }
    return false;
  }

  // Where a served name comes from: the first from-import of it in the branch.
  void Add(uint32_t at, NameId name, LazyNames &lazy) {
    LazyEntry entry;
    entry.name = name;
    entry.statement = at;
    for (uint32_t i = at + 1; i < statements_[at].end; ++i) {
      const Statement &statement = view_.Of(statements_[i]);
      if (statement.kind == StatementKind::FromImport && !entry.source_name.valid()) {
        for (ExprId alias : view_.Operands(statement)) {
          const ExprId as = view_.Child(alias);
          const NameId bound = as.valid() ? view_.At(as).text : view_.At(alias).text;
          const bool last = view_.Of(statements_[LastDirect(at)]).kind == StatementKind::Return;
          if (bound == name || last) {
            entry.source_statement = i;
            entry.source_name = view_.At(alias).text;
            break;
          }
        }
      }
      if (const auto callee = statement.kind == StatementKind::Expression
                                  ? view_.Callee(statement.first)
                                  : std::nullopt) {
        if (llvm::StringRef(*callee).contains("warn")) {
          entry.warns = true;
          const auto arguments = view_.Arguments(statement.first);
          const auto text = arguments.empty() ? std::nullopt : view_.String(arguments[0]);
          entry.message = text ? text->str() : "";
        }
      }
    }
    lazy.entries.push_back(entry);
  }

  SyntaxView view_;
  const std::vector<PlacedStatement> &statements_;
};

} // namespace

LazyNames ReadLazyNames(const Scanned &scanned, FileId file) {
  return GetattrReader(scanned, file).Read();
}

bool MakesHookOfTable(const Scanned &scanned, FileId file, uint32_t statement) {
  return GetattrReader(scanned, file).MakesHookOfTable(statement);
}

} // namespace pydefrag
