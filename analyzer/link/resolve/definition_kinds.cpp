#include "link/resolve/definition_kinds.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

DefinitionKinds::DefinitionKinds(const Project &project, const Resolver &resolver)
    : project_(project), resolver_(resolver), view_(resolver.view()) {
  for (const char *text :
       {"namedtuple", "NamedTuple", "TypedDict", "Enum", "IntEnum", "StrEnum", "new_class"}) {
    if (const NameId name = project.scanned.names.Find(text); name.valid()) {
      factories_.push_back(name);
    }
  }
}

// Whether the module defines what it calls by the name, or takes it from the project: no factory
// of the standard library, then.
static bool IsOfProject(const Project &project, const Resolver &resolver, ModuleId module,
                        NameId name) {
  const NamespaceLog &log = resolver.Log(module);
  return llvm::any_of(log.Of(name), [&](uint32_t index) {
    const Event &event = log.events[index];
    if (event.kind != EventKind::From) {
      return event.kind == EventKind::Define;
    }
    const ModuleId source = resolver.TargetOf(module, event.statement).module;
    return source.valid() && project.modules[source].first_party;
  });
}

DefinitionKind DefinitionKinds::Of(ModuleId module, uint32_t index) const {
  const Event &event = resolver_.Log(module).events[index];
  const auto &statements = project_.StatementsOf(module);
  if (event.kind == EventKind::Define) {
    const Statement &statement = view_.Of(statements[event.statement]);
    return statement.kind == StatementKind::Class ? DefinitionKind::Class
                                                  : DefinitionKind::Function;
  }
  // `Order = add_repr(Order)`, or what stands in for the class: `Task = _accelerator.Task`. What
  // a body declares global is nobody knows what.
  const StatementKind at = view_.Of(statements[event.statement]).kind;
  const bool in_body = at == StatementKind::Function || at == StatementKind::Class;
  if (!in_body && (!event.value.valid() || !IsLiteral(event.value))) {
    for (uint32_t other : resolver_.Log(module).Of(event.name)) {
      if (resolver_.Log(module).events[other].kind == EventKind::Define) {
        return Of(module, other);
      }
    }
  }
  if (const auto kind = in_body ? std::nullopt : KindOfArms(module, event.name)) {
    return *kind;
  }
  if (!view_.Is(event.value, ExprKind::Call)) {
    return DefinitionKind::Constant;
  }
  const ExprId callee = view_.Child(event.value);
  const bool named = view_.Is(callee, ExprKind::Name) || view_.Is(callee, ExprKind::Attribute);
  // `Enum("Color", "RED GREEN")` makes a class, `Enum("red")` an instance of some other Enum.
  const ExprId first = view_.Next(callee);
  const bool one = named && view_.TextOf(callee).ends_with("Enum") &&
                   !(first.valid() && view_.Next(first).valid());
  const bool factory = named && llvm::is_contained(factories_, view_.At(callee).text);
  const bool ours = factory && view_.Is(callee, ExprKind::Name) &&
                    IsOfProject(project_, resolver_, module, view_.At(callee).text);
  return factory && !one && !ours && view_.Dotted(callee) ? DefinitionKind::Class
                                                          : DefinitionKind::Constant;
}

// Of one of several that conditions choose: `run = run_traced`. Nothing where one of them may be no
// class or function.
std::optional<DefinitionKind> DefinitionKinds::KindOfArms(ModuleId module, NameId name) const {
  const auto &statements = project_.StatementsOf(module);
  const NamespaceLog &log = resolver_.Log(module);
  std::optional<DefinitionKind> kind;
  for (uint32_t arm : log.Of(name)) {
    const Event &event = log.events[arm];
    const bool alias =
        view_.Is(event.value, ExprKind::Name) || view_.Is(event.value, ExprKind::Attribute);
    if (event.kind != EventKind::Value || !alias || statements[event.statement].parent < 0) {
      return std::nullopt;
    }
    for (uint32_t made : view_.Is(event.value, ExprKind::Name) ? log.Of(view_.At(event.value).text)
                                                               : llvm::ArrayRef<uint32_t>()) {
      kind = log.events[made].kind == EventKind::Define ? Of(module, made) : kind;
    }
  }
  return kind;
}

bool DefinitionKinds::IsLiteral(ExprId value) const {
  switch (view_.At(value).kind) {
  case ExprKind::None:
  case ExprKind::True:
  case ExprKind::False:
  case ExprKind::Number:
  case ExprKind::String:
  case ExprKind::Bytes:
  case ExprKind::Tuple:
  case ExprKind::List:
  case ExprKind::Dict:
  case ExprKind::Set:
    return true;
  default:
    return false;
  }
}

} // namespace pydefrag
