#include "link/names/hook_idioms.h"

#include "base/identifier.h"

#include "link/names/lazy_entries.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

static bool LetsPublicPass(const SyntaxView &view, ExprId test) {
  const ExprId method = view.Is(test, ExprKind::Call) ? view.Child(test) : ExprId();
  const auto arguments = method.valid() ? view.Arguments(test) : llvm::SmallVector<ExprId, 4>();
  return view.Is(method, ExprKind::Attribute) && view.TextOf(method) == "startswith" &&
         view.Is(view.Child(method), ExprKind::Name) && arguments.size() == 1 &&
         view.String(arguments[0]).value_or("").starts_with("_");
}

uint32_t FindHookIn(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                    uint32_t maker) {
  for (uint32_t i = maker + 1; i < statements[maker].end; i = statements[i].end) {
    const Statement &statement = view.Of(statements[i]);
    if (statement.kind == StatementKind::Function && view.Text(statement.text) == "__getattr__") {
      return i;
    }
  }
  return kNoHook;
}

bool IsKeptWhole(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                 uint32_t function) {
  const Statement &header = view.Of(statements[function]);
  const llvm::StringRef name = view.Text(header.text);
  const bool in_class =
      statements[function].parent >= 0 &&
      view.Of(statements[static_cast<size_t>(statements[function].parent)]).kind ==
          StatementKind::Class;
  if (name == "__getattr__" || in_class) {
    return name == "__getattr__";
  }
  constexpr uint32_t kBehind = llvm::StringLiteral("__getattr__ = ").size(); // see AssignedToHook
  return llvm::any_of(statements, [&](const PlacedStatement &each) {
    const Statement &statement = view.Of(each);
    const ExprId value =
        statement.kind == StatementKind::Assign ? view.Next(statement.first) : ExprId();
    return value.valid() && !statement.reduced && view.IsName(statement.first, "__getattr__") &&
           view.IsName(value, name) && view.At(value).begin == kBehind;
  });
}

bool ServesAllPublic(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                     uint32_t hook) {
  bool serves = false;
  for (uint32_t i = hook + 1; i < statements[hook].end; i = statements[i].end) {
    const Statement &statement = view.Of(statements[i]);
    serves = statement.kind == StatementKind::Pass ||
             (statement.kind == StatementKind::Return && view.IsConstant(statement.first));
    if (!serves &&
        (statement.kind != StatementKind::If || !LetsPublicPass(view, statement.first))) {
      return false;
    }
  }
  return serves;
}

bool IsLeftAsItIs(const SyntaxView &view, const Statement &function) {
  for (ExprId id = function.first; id.valid(); id = view.Next(id)) {
    const ExprId decorator = view.Is(id, ExprKind::Call) ? view.Child(id) : id;
    const std::string dotted = view.Dotted(decorator).value_or("");
    const llvm::StringRef last = LastPart(dotted).ltrim('_');
    if (last != "cache" && last != "lru_cache" && last != "no_type_check") {
      return false;
    }
  }
  return true;
}

bool AsksOwnDict(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                 uint32_t hook) {
  bool asks = false;
  for (uint32_t i = hook + 1; i < statements[hook].end; ++i) {
    view.WalkAll(view.Of(statements[i]), [&](ExprId id) { asks |= view.Calls(id, "globals"); });
  }
  return asks;
}

bool Swallows(const SyntaxView &view, const Statement &with) {
  return llvm::any_of(view.Operands(with), [&](ExprId item) {
    const auto callee = view.Callee(view.Is(item, ExprKind::Walrus) ? view.Child(item, 1) : item);
    return callee && llvm::StringRef(*callee).ends_with("suppress");
  });
}

bool IsOfModule(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                NameId name) {
  for (uint32_t s = 0; s < statements.size();) {
    const Statement &statement = view.Of(statements[s]);
    const bool defines =
        statement.kind == StatementKind::Function || statement.kind == StatementKind::Class;
    if ((defines && statement.text == name) ||
        llvm::any_of(view.Operands(statement), [&](ExprId each) {
          const ExprId as = view.Is(each, ExprKind::Alias) ? view.Child(each) : ExprId();
          return view.At(as.valid() ? as : each).text == name;
        })) {
      return true;
    }
    s = defines ? statements[s].end : s + 1;
  }
  return false;
}

// Whether the statement may bind the name, in whatever scope it stands.
static bool MayBind(const SyntaxView &view, const Statement &statement, NameId name) {
  const auto says = [&](ExprId root) {
    bool said = false;
    view.WalkAll(
        root, [&](ExprId id) { said |= view.Is(id, ExprKind::Name) && view.At(id).text == name; });
    return said;
  };
  const auto operands = view.Operands(statement);
  switch (statement.kind) {
  case StatementKind::Function:
  case StatementKind::Class:
  case StatementKind::Except:
  case StatementKind::ExceptStar:
    return statement.text == name;
  case StatementKind::Import:
  case StatementKind::FromImport:
    return llvm::any_of(operands, [&](ExprId alias) {
      const ExprId as = view.Child(alias);
      return as.valid() ? view.At(as).text == name
                        : view.TextOf(alias).split('.').first == view.Text(name) ||
                              view.Is(alias, ExprKind::Star);
    });
  case StatementKind::Assign:
  case StatementKind::AnnAssign:
  case StatementKind::AugAssign:
  case StatementKind::For:
    return llvm::any_of(llvm::ArrayRef(operands).drop_back(), says);
  case StatementKind::With:
  case StatementKind::Global:
  case StatementKind::Case:
    return llvm::any_of(operands, says);
  default:
    return false;
  }
}

bool IsOfStandardModule(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                        ExprId id, llvm::StringRef module) {
  const ExprId root = view.RootOf(id);
  if (!view.Is(root, ExprKind::Name)) {
    return false;
  }
  size_t bound = 0;
  bool imported = false;
  for (const PlacedStatement &placed : statements) {
    const Statement &statement = view.Of(placed);
    if (!MayBind(view, statement, view.At(root).text)) {
      continue;
    }
    ++bound;
    const bool whole = statement.kind == StatementKind::Import && root != id;
    const bool from = statement.kind == StatementKind::FromImport && root == id &&
                      statement.level == 0 && view.Text(statement.text) == module;
    imported |= llvm::any_of(view.Operands(statement), [&](ExprId alias) {
      return !view.Child(alias).valid() && ((whole && view.TextOf(alias) == module) ||
                                            (from && view.TextOf(alias) == view.TextOf(id)));
    });
  }
  return bound == 1 && imported;
}

// Whether a test of the name that is asked for surely holds for `name`. The hook's parameter is not
// among the facts: what the module does not bind is taken for it.
static bool HoldsFor(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                     ExprId test, llvm::StringRef name) {
  const auto holds = [&](ExprId part) { return HoldsFor(view, statements, part, name); };
  switch (view.At(test).kind) {
  case ExprKind::And:
    return llvm::all_of(view.Children(test), holds);
  case ExprKind::Or:
    return llvm::any_of(view.Children(test), holds);
  case ExprKind::Call: {
    const ExprId method = view.Child(test);
    const auto arguments = view.Arguments(test);
    if (!view.Is(method, ExprKind::Attribute) || !view.Is(view.Child(method), ExprKind::Name) ||
        arguments.size() != 1 || !view.Is(arguments[0], ExprKind::String) ||
        IsOfModule(view, statements, view.At(view.Child(method)).text)) {
      return false;
    }
    const llvm::StringRef part = view.TextOf(arguments[0]);
    return (view.TextOf(method) == "startswith" && name.starts_with(part)) ||
           (view.TextOf(method) == "endswith" && name.ends_with(part));
  }
  default:
    return false;
  }
}

bool RefusesAtOnce(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                   uint32_t hook, llvm::StringRef name) {
  uint32_t first = hook + 1;
  while (first < statements[hook].end &&
         view.Of(statements[first]).kind == StatementKind::Docstring) {
    first = statements[first].end;
  }
  const bool decorated = view.Of(statements[hook]).first.valid(); // and may catch what it raises
  if (view.Of(statements[hook]).kind != StatementKind::Function || decorated ||
      first >= statements[hook].end) {
    return false;
  }
  const Statement &statement = view.Of(statements[first]);
  return statement.kind == StatementKind::If && first + 1 < statements[first].end &&
         view.Of(statements[first + 1]).kind == StatementKind::Raise &&
         HoldsFor(view, statements, statement.first, name);
}

LazyNames ReadClassHook(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                        uint32_t header) {
  LazyNames lazy;
  lazy.present = true;
  const Statement &hook = view.Of(statements[header]);
  for (ExprId id = hook.first; id.valid() && id != hook.bases; id = view.Next(id)) {
    lazy.makers.push_back(id);
  }
  lazy.exact = !lazy.makers.empty();
  for (uint32_t i = header + 1; i < statements[header].end; i = statements[i].end) {
    const Statement &statement = view.Of(statements[i]);
    if (statement.kind == StatementKind::Function) {
      const llvm::StringRef name = view.Text(statement.text);
      lazy.exact &= name != "__call__" && name != "__getattr__" && name != "__getattribute__";
      lazy.entries.push_back(ReadLazyEntry(view, statements, header, i, statement.text));
    } else if (statement.kind == StatementKind::Assign &&
               view.Is(statement.first, ExprKind::Name)) {
      const NameId name = view.At(statement.first).text;
      lazy.entries.push_back(ReadLazyEntry(view, statements, header, i, name));
    }
  }
  return lazy;
}

bool AsksAgain(const SyntaxView &view, ExprId value) {
  const ExprId method = view.Is(value, ExprKind::Call) ? view.Child(value) : ExprId();
  if (!view.Is(method, ExprKind::Attribute)) {
    return false;
  }
  const llvm::StringRef owner = view.TextOf(view.Child(method));
  if (view.TextOf(method) == "__getattr__") { // modules have no such method
    return owner == "ModuleType" || owner == "object";
  }
  return view.TextOf(method) == "__getattribute__" &&
         (view.Callee(view.Child(method)) == "super" || owner == "ModuleType" || owner == "object");
}

bool IsDictOfModule(const SyntaxView &view, ExprId id) {
  const ExprId method = view.Is(id, ExprKind::Call) ? view.Child(id) : ExprId();
  const bool keys = view.Is(method, ExprKind::Attribute) && view.TextOf(method) == "keys";
  const ExprId dict = keys ? view.Child(method) : id;
  return view.Callee(dict) == "globals" && view.Arguments(dict).empty();
}

} // namespace pydefrag
