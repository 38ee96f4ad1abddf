#include "link/resolve/found_modules.h"

#include "facts/headers_around.h"
#include "link/resolve/frame_writers.h"
#include "link/resolve/function_texts.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <vector>

namespace pydefrag {
namespace {

// What runs when a class is made of a base or metaclass, or when the class is called.
bool RunsForClasses(llvm::StringRef method) {
  return llvm::StringSwitch<bool>(method)
      .Cases("__init_subclass__", "__new__", "__init__", "__call__", "__set_name__", true)
      .Default(false);
}

// Of a function that finds more modules than that it is not asked which of them it writes into.
constexpr size_t kMaxNames = 64;

class Finder {
public:
  Finder(const Project &project, const StatementSigns &signs, Resolver &resolver)
      : project_(project), signs_(signs), resolver_(resolver), view_(resolver.view()) {}

  void Open() {
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      if (signs_.IsIn(FileId(i), Sign::FindsModule)) {
        ReadFile(FileId(i));
      }
    }
    AddAliases();
    OpenCallersOf(functions_, project_, resolver_);
    OpenDecoratedBy(decorators_, project_, signs_, resolver_);
    if (!classes_.empty()) {
      OpenModulesOfClasses();
    }
  }

private:
  void ReadFile(FileId file) {
    const auto &statements = project_.scanned.facts[file].statements;
    Asked asked;
    for (const PlacedStatement &placed : statements) {
      if (!signs_.Shows(placed, Sign::FindsModule)) {
        continue;
      }
      // The outermost function, and the class whose method it is.
      int32_t function = -1;
      bool conditional = false;
      for (uint32_t header : HeadersAround(statements, placed)) {
        const StatementKind kind = view_.Of(statements[header]).kind;
        function = kind == StatementKind::Function ? static_cast<int32_t>(header) : function;
        conditional |= IsConditional(kind);
      }
      if (function >= 0 && !conditional && Writes(file, placed, function, asked)) {
        NoteWriter(statements, statements[static_cast<size_t>(function)]);
        // What a decorator does to the module of its class is told by the class.
        if (AsksInterpreter(view_.Of(placed))) {
          decorators_.insert(view_.Of(statements[static_cast<size_t>(function)]).text);
        }
      }
    }
  }

  // `inspect.getmodule(function)`
  bool AsksInterpreter(const Statement &statement) const {
    bool asks = false;
    view_.Walk(statement, [&](ExprId id) {
      const NameId called = view_.CalledName(id);
      asks |= called.valid() && view_.Text(called) == "getmodule";
    });
    return asks;
  }

  // What a function does with the names that it gives modules: its text is read once for each.
  struct Asked {
    int32_t function = -1;
    llvm::StringRef text;
    llvm::SmallDenseMap<NameId, bool, 8> writes;
  };

  // At once, or by the name that the module gets there.
  bool Writes(FileId file, const PlacedStatement &placed, int32_t function, Asked &asked) const {
    const Statement &statement = view_.Of(placed);
    const bool assigns =
        statement.kind == StatementKind::Assign || statement.kind == StatementKind::AnnAssign;
    if (!assigns || !view_.Is(statement.first, ExprKind::Name)) {
      return true;
    }
    if (asked.function != function) {
      asked.function = function;
      asked.text =
          TextOfBlock(resolver_, project_.module_of_file[file], static_cast<uint32_t>(function));
      asked.writes.clear();
    }
    const NameId name = view_.At(statement.first).text; // of the module, or of its dict
    const auto known = asked.writes.find(name);
    if (known != asked.writes.end()) {
      return known->second;
    }
    const llvm::StringRef word = view_.Text(name);
    const bool writes = asked.writes.size() >= kMaxNames || WritesAttributes(asked.text, word) ||
                        WritesItems(asked.text, word);
    asked.writes.try_emplace(name, writes);
    return writes;
  }

  void NoteWriter(const std::vector<PlacedStatement> &statements, const PlacedStatement &function) {
    const NameId name = view_.Of(function).text;
    const Statement *owner = function.parent >= 0
                                 ? &view_.Of(statements[static_cast<size_t>(function.parent)])
                                 : nullptr;
    if (owner == nullptr || owner->kind != StatementKind::Class ||
        !RunsForClasses(view_.Text(name))) {
      functions_.insert(name);
      return;
    }
    classes_.insert(owner->text);
    if (view_.Text(name) != "__init_subclass__") {
      functions_.insert(owner->text); // `Registered(cls)`
    }
  }

  // `from tools import Base as B`, `B = Base`, `B = tools.Base`: (B, Base).
  template <typename Visit> void VisitAliases(const Statement &statement, Visit visit) const {
    if (statement.kind == StatementKind::FromImport) {
      for (ExprId alias : view_.Operands(statement)) {
        if (view_.Is(alias, ExprKind::Alias) && view_.Child(alias).valid()) {
          visit(view_.At(view_.Child(alias)).text, alias);
        }
      }
    } else if (statement.kind == StatementKind::Assign &&
               view_.Is(statement.first, ExprKind::Name)) {
      const ExprId value = view_.LastOperand(statement);
      if (view_.Is(value, ExprKind::Name) || view_.Is(value, ExprKind::Attribute)) {
        visit(view_.At(statement.first).text, value);
      }
    }
  }

  // By what other names functions are called. Methods that are given a name are left out: `add =
  // registry.register` would make a writer of every `add`.
  void AddAliases() {
    if (functions_.empty()) { // as decorators_ is then
      return;
    }
    llvm::DenseMap<NameId, std::vector<NameId>> aliases;
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      for (const PlacedStatement &placed : project_.scanned.facts[FileId(i)].statements) {
        VisitAliases(view_.Of(placed), [&](NameId local, ExprId of) {
          if (!view_.Is(of, ExprKind::Attribute)) {
            aliases[view_.At(of).text].push_back(local);
          }
        });
      }
    }
    for (llvm::DenseSet<NameId> *names : {&functions_, &decorators_}) {
      std::vector<NameId> left(names->begin(), names->end());
      while (!left.empty()) {
        const NameId name = left.back();
        left.pop_back();
        for (NameId local : aliases.lookup(name)) {
          if (names->insert(local).second) {
            left.push_back(local);
          }
        }
      }
    }
  }

  struct Made {
    NameId name;
    FileId file; // invalid: one more name of the base itself
  };

  void OpenModulesOfClasses() {
    llvm::DenseMap<NameId, std::vector<Made>> of_base;
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      for (const PlacedStatement &placed : project_.scanned.facts[FileId(i)].statements) {
        const Statement &statement = view_.Of(placed);
        VisitAliases(statement, [&](NameId local, ExprId of) {
          of_base[view_.At(of).text].push_back({local, FileId()});
        });
        if (statement.kind != StatementKind::Class) {
          continue;
        }
        for (ExprId id = statement.bases; id.valid(); id = view_.Next(id)) {
          ExprId base = view_.Is(id, ExprKind::Keyword) ? view_.Child(id) : id;
          base = view_.Is(base, ExprKind::Subscript) ? view_.Child(base) : base; // `Base[int]`
          if (view_.Is(base, ExprKind::Name) || view_.Is(base, ExprKind::Attribute)) {
            of_base[view_.At(base).text].push_back({statement.text, FileId(i)});
          }
        }
      }
    }
    std::vector<NameId> left(classes_.begin(), classes_.end());
    llvm::sort(left);
    while (!left.empty()) {
      const NameId base = left.back();
      left.pop_back();
      for (const Made &made : of_base.lookup(base)) {
        if (made.file.valid()) {
          OpenWritten(resolver_, made.file, base);
        }
        if (classes_.insert(made.name).second) {
          left.push_back(made.name);
        }
      }
    }
  }

  const Project &project_;
  const StatementSigns &signs_;
  Resolver &resolver_;
  const SyntaxView &view_;
  llvm::DenseSet<NameId> functions_;
  llvm::DenseSet<NameId> decorators_;
  llvm::DenseSet<NameId> classes_;
};

} // namespace

void OpenFoundModules(const Project &project, const StatementSigns &signs, Resolver &resolver) {
  Finder(project, signs, resolver).Open();
}

} // namespace pydefrag
