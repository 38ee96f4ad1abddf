#include "link/names/name_tables.h"

#include "link/names/lazy_submodules.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/Twine.h"

namespace pydefrag {

constexpr int kMostSteps = 8; // from a name to a display

NameTableRead NameTables::Read(ExprId table, uint32_t function) const {
  NameTableRead read;
  read.known = true;
  ReadValue(table, function, 0, read);
  return read;
}

void NameTables::ReadValue(ExprId value, uint32_t function, int depth, NameTableRead &read) const {
  if (!value.valid() || depth > kMostSteps) {
    read.known = false;
    return;
  }
  switch (view_.At(value).kind) {
  case ExprKind::Name:
    return ReadName(view_.At(value).text, function, depth, read);
  case ExprKind::List:
  case ExprKind::Tuple:
  case ExprKind::Set:
    for (ExprId item : view_.Children(value)) {
      if (view_.Is(item, ExprKind::String)) {
        read.entries.push_back({view_.TextOf(item).str(), ExprId(), NameId()});
      } else if (view_.Is(item, ExprKind::Splat)) {
        ReadValue(view_.Child(item), function, depth + 1, read);
      } else {
        read.known = false;
      }
    }
    return;
  case ExprKind::Dict:
    for (ExprId item : view_.Children(value)) {
      if (view_.Is(item, ExprKind::Pair) && view_.Is(view_.Child(item), ExprKind::String)) {
        read.entries.push_back(
            {view_.TextOf(view_.Child(item)).str(), view_.Child(item, 1), NameId()});
      } else if (view_.Is(item, ExprKind::DoubleSplat)) {
        ReadValue(view_.Child(item), function, depth + 1, read);
      } else {
        read.known = false;
      }
    }
    return;
  case ExprKind::Call: { // frozenset({...}), dict(a=1), TABLE.keys()
    const auto callee = view_.Callee(value);
    const llvm::StringRef name = callee ? llvm::StringRef(*callee) : "";
    const auto arguments = view_.Arguments(value);
    if (name.ends_with(".keys") && arguments.empty()) {
      return ReadValue(view_.Child(view_.Child(value)), function, depth + 1, read);
    }
    const bool wraps = name == "MappingProxyType" || name == "types.MappingProxyType" ||
                       name == "frozenset" || name == "set" || name == "tuple" || name == "list" ||
                       name == "sorted" || name == "dict";
    if (!wraps || arguments.size() > 1) {
      read.known = false;
      return;
    }
    if (!arguments.empty()) {
      ReadValue(arguments[0], function, depth + 1, read);
    }
    for (ExprId id = view_.Next(view_.Child(value)); id.valid(); id = view_.Next(id)) {
      if (view_.Is(id, ExprKind::Keyword)) {
        read.entries.push_back({view_.TextOf(id).str(), view_.Child(id), NameId()});
      } else if (view_.Is(id, ExprKind::DoubleSplat)) {
        ReadValue(view_.Child(id), function, depth + 1, read);
      }
    }
    return;
  }
  case ExprKind::Binary: // A | B, A + B
    read.known &= view_.At(value).op == Op::BitOr || view_.At(value).op == Op::Add;
    ReadValue(view_.Child(value, 0), function, depth + 1, read);
    ReadValue(view_.Child(value, 1), function, depth + 1, read);
    return;
  case ExprKind::Comprehension:
    return ReadComprehension(value, function, depth, read);
  default:
    read.known = false;
  }
}

std::optional<std::string> TextOfVariable(const SyntaxView &view, ExprId expr, NameId variable,
                                          llvm::StringRef name) {
  const auto is_variable = [&](ExprId id) {
    return view.Is(id, ExprKind::Name) && variable.valid() && view.At(id).text == variable;
  };
  if (view.Is(expr, ExprKind::String)) {
    return view.TextOf(expr).str();
  }
  if (is_variable(expr)) {
    return name.str();
  }
  if (const NameId words = WordsBeforeName(view, expr, is_variable); words.valid()) {
    return (view.Text(words) + name).str();
  }
  const ExprId method = view.Is(expr, ExprKind::Call) ? view.Child(expr) : ExprId();
  if (!view.Is(method, ExprKind::Attribute) || !is_variable(view.Child(method)) ||
      view.Next(method).valid()) {
    return std::nullopt;
  }
  return view.TextOf(method) == "lower"   ? std::optional(name.lower())
         : view.TextOf(method) == "upper" ? std::optional(name.upper())
                                          : std::nullopt;
}

// `{name: name.lower() for name in NAMES}`, `[f"HAS_{name}" for name in NAMES]`: without an `if`.
void NameTables::ReadComprehension(ExprId value, uint32_t function, int depth,
                                   NameTableRead &read) const {
  const auto parts = view_.Children(value);
  const bool plain = parts.size() == 2 && view_.Is(parts[1], ExprKind::ForIn);
  const ExprId variable = plain ? view_.Child(parts[1]) : ExprId();
  if (!view_.Is(variable, ExprKind::Name)) {
    read.known = false;
    return;
  }
  const bool pair = view_.Is(parts[0], ExprKind::Pair);
  const ExprId key = pair ? view_.Child(parts[0]) : parts[0];
  // What the value is of a key that is made of the variable is not asked for.
  const ExprId told = pair && view_.Is(key, ExprKind::Name) ? view_.Child(parts[0], 1) : ExprId();
  const NameId each = view_.At(variable).text;
  NameTableRead names;
  names.known = true;
  ReadValue(view_.Child(parts[1], 1), function, depth + 1, names);
  read.known &= names.known;
  for (const NameTableEntry &entry : names.entries) {
    if (auto text = TextOfVariable(view_, key, each, entry.text)) {
      read.entries.push_back(
          {std::move(*text), told, told.valid() ? each : NameId(), pair && !told.valid()});
    } else {
      read.known = false;
    }
  }
}

// A name of the function itself comes before one of the module.
void NameTables::ReadName(NameId name, uint32_t function, int depth, NameTableRead &read) const {
  if (function < statements_.size() &&
      ReadNameIn(name, function + 1, statements_[function].end, function, depth, read)) {
    return;
  }
  // One that stands beside the function, in the same arm: `else: TABLE = ...; def hook(): ...`
  const int32_t block = function < statements_.size() ? statements_[function].parent : -1;
  if (block >= 0 &&
      ReadNameIn(name, static_cast<uint32_t>(block) + 1,
                 statements_[static_cast<size_t>(block)].end, function, depth, read)) {
    ReadChanges(name, read);
    return;
  }
  if (!ReadNameIn(name, 0, static_cast<uint32_t>(statements_.size()), function, depth, read)) {
    read.known = false;
    return;
  }
  ReadChanges(name, read);
}

// Direct statements of a block only: what is assigned under a condition is not told.
bool NameTables::ReadNameIn(NameId name, uint32_t begin, uint32_t end, uint32_t function, int depth,
                            NameTableRead &read) const {
  bool found = false;
  for (uint32_t i = begin; i < end; i = statements_[i].end) {
    const Statement &statement = view_.Of(statements_[i]);
    const bool assigns =
        statement.kind == StatementKind::Assign || statement.kind == StatementKind::AnnAssign;
    if (!assigns || !view_.Is(statement.first, ExprKind::Name) ||
        view_.At(statement.first).text != name || !view_.Next(statement.first).valid()) {
      continue;
    }
    if (found || statement.reduced) {
      read.known = false;
      return true;
    }
    found = true;
    if (view_.At(view_.LastOperand(statement)).op == Op::Generator) {
      read.known = false; // which the first question uses up
      return true;
    }
    ReadValue(view_.LastOperand(statement), function, depth + 1, read);
  }
  return found;
}

// `sorted(TABLE)` only reads it; what `fill(TABLE)` or `fill(table=TABLE)` does is not looked at.
static bool IsReader(llvm::StringRef function) {
  static const llvm::StringSet<> readers = {
      "all",      "any", "bool",   "dict", "enumerate", "filter", "frozenset", "isinstance",
      "iter",     "len", "list",   "map",  "max",       "min",    "print",     "repr",
      "reversed", "set", "sorted", "str",  "sum",       "tuple",  "type",      "zip"};
  return readers.contains(function);
}

// Whether the statement binds the name but by an assignment to it in a block that is read: in an
// arm, by an import, for a function that says `global`. A star may bring any public name.
static bool BindsAnew(const SyntaxView &view, const PlacedStatement &placed, NameId name,
                      bool behind) {
  const Statement &statement = view.Of(placed);
  const auto names = [&](ExprId id) {
    return view.Is(id, ExprKind::Name) && view.At(id).text == name;
  };
  switch (statement.kind) {
  case StatementKind::Assign:
  case StatementKind::AnnAssign:
    return placed.parent >= 0 && names(statement.first);
  case StatementKind::Global:
    return llvm::any_of(view.Operands(statement), names);
  case StatementKind::Import:
  case StatementKind::FromImport:
    return llvm::any_of(view.Operands(statement), [&](ExprId alias) {
      const ExprId as = view.Is(alias, ExprKind::Alias) ? view.Child(alias) : ExprId();
      return view.Is(alias, ExprKind::Star)
                 ? behind && placed.parent < 0 && !view.Text(name).starts_with("_")
                 : view.At(as.valid() ? as : alias).text == name;
    });
  default:
    return false;
  }
}

// TABLE["x"] = ..., TABLE.update(...), TABLE += [...], fill(TABLE)
void NameTables::ReadChanges(NameId name, NameTableRead &read) const {
  auto is_table = [&](ExprId id) {
    return view_.Is(id, ExprKind::Name) && view_.At(id).text == name;
  };
  bool behind = false; // what assigns it
  for (const PlacedStatement &placed : statements_) {
    const Statement &statement = view_.Of(placed);
    behind |= placed.parent < 0 && is_table(statement.first);
    read.known &= !BindsAnew(view_, placed, name, behind);
    const bool evaluates = statement.kind == StatementKind::Expression ||
                           statement.kind == StatementKind::Assign ||
                           statement.kind == StatementKind::AnnAssign;
    const ExprId value = evaluates ? view_.LastOperand(statement) : ExprId();
    if (view_.Is(value, ExprKind::Call)) {
      const ExprId callee = view_.Child(value);
      const bool reads = (view_.Is(callee, ExprKind::Name) && IsReader(view_.TextOf(callee))) ||
                         (view_.Is(callee, ExprKind::Attribute) &&
                          (view_.TextOf(callee) == "update" || view_.TextOf(callee) == "extend"));
      for (ExprId id = view_.Next(callee); id.valid() && !reads; id = view_.Next(id)) {
        read.known &= !is_table(view_.Is(id, ExprKind::Keyword) ? view_.Child(id) : id);
      }
    }
    if (statement.kind == StatementKind::AugAssign) {
      read.known &= !is_table(statement.first);
    } else if (statement.kind == StatementKind::Assign) {
      const auto operands = view_.Operands(statement); // the targets, then the value
      for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
        if (!view_.Is(target, ExprKind::Subscript) || !is_table(view_.Child(target))) {
          continue;
        }
        const ExprId key = view_.Child(target, 1);
        if (view_.Is(key, ExprKind::String)) {
          read.entries.push_back({view_.TextOf(key).str(), view_.LastOperand(statement), NameId()});
        } else {
          read.known = false;
        }
      }
    } else if (statement.kind == StatementKind::Expression) {
      const ExprId call = statement.first;
      const ExprId method = view_.Is(call, ExprKind::Call) ? view_.Child(call) : ExprId();
      if (view_.Is(method, ExprKind::Attribute) && is_table(view_.Child(method))) {
        const llvm::StringRef text = view_.TextOf(method);
        read.known &= text == "get" || text == "keys" || text == "items" || text == "sort";
      }
    }
  }
}

NameId NameTables::ConstantText(ExprId id) const {
  if (view_.Is(id, ExprKind::String)) {
    return view_.At(id).text;
  }
  NameId text;
  uint32_t times = 0;
  for (uint32_t i = 0; view_.Is(id, ExprKind::Name) && i < statements_.size(); ++i) {
    const Statement &statement = view_.Of(statements_[i]);
    for (ExprId operand : view_.Operands(statement)) {
      const bool names =
          view_.Is(operand, ExprKind::Name) && view_.TextOf(operand) == view_.TextOf(id);
      const bool uses =
          statement.kind != StatementKind::Assign && statement.kind != StatementKind::AnnAssign &&
          statement.kind != StatementKind::AugAssign && statement.kind != StatementKind::Global &&
          statement.kind != StatementKind::For;
      const bool last = operand == view_.LastOperand(statement);
      if (!names || uses || (last && statement.kind != StatementKind::Global)) {
        continue;
      }
      ++times;
      const ExprId value = view_.LastOperand(statement);
      text = statements_[i].parent < 0 && view_.Is(value, ExprKind::String) ? view_.At(value).text
                                                                            : NameId();
    }
  }
  return times == 1 ? text : NameId();
}

} // namespace pydefrag
