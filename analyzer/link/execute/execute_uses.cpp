// Executor: what expressions ask for: attributes of modules, and functions that are called
// (executor.h).
#include "link/execute/executor.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {

// The minor version from which on annotations are evaluated when somebody asks for them (PEP 649).
static constexpr int kLazyAnnotations = 14;

// What is set, not asked for: `a.x = b.x, c.x = value`, `for a.x in`, `with m as a.x`, `a.x: int`.
static llvm::SmallVector<ExprId, 8> TargetsOf(const SyntaxView &view, const Statement &statement) {
  llvm::SmallVector<ExprId, 8> targets;
  switch (statement.kind) {
  case StatementKind::Assign:
    targets = view.Operands(statement);
    targets.pop_back();
    break;
  case StatementKind::AnnAssign:
  case StatementKind::For:
    targets.push_back(statement.first);
    break;
  case StatementKind::With:
    for (ExprId item : view.Operands(statement)) {
      if (view.Is(item, ExprKind::Walrus)) {
        targets.push_back(view.Child(item));
      }
    }
    break;
  default:
    break;
  }
  for (size_t i = 0; i < targets.size(); ++i) { // grows
    const ExprKind kind = targets[i].valid() ? view.At(targets[i]).kind : ExprKind::Opaque;
    if (kind == ExprKind::Tuple || kind == ExprKind::List || kind == ExprKind::Splat) {
      llvm::append_range(targets, view.Children(targets[i]));
    }
  }
  return targets;
}

// Attributes of modules, and functions called: only what has to do with this cycle.
Executor::Outcome Executor::ExecuteUses(const Block &block, uint32_t i,
                                        const Statement &statement) {
  Outcome failure;
  if (!HasUses(StatementsOf(block.module)[i])) {
    return failure;
  }
  ExprId failed;
  const llvm::SmallVector<ExprId, 8> targets = TargetsOf(view_, statement);
  // Of a conditional expression whose condition is known only that and the operand that it gives.
  const ExprId value =
      statement.kind == StatementKind::Assign ? view_.LastOperand(statement) : ExprId();
  const ExprId chosen = value.valid() ? resolver_.ChosenOperand(block.module, i, value) : ExprId();
  const auto walk = [&](llvm::function_ref<void(ExprId)> visit) {
    if (chosen == value) {
      return view_.Walk(statement, visit);
    }
    view_.Walk(view_.Child(value, 1), visit);
    view_.Walk(chosen, visit);
  };
  walk([&](ExprId id) {
    if (failure) {
      return;
    }
    if (view_.Is(id, ExprKind::Attribute) && !llvm::is_contained(targets, id)) {
      failure = UseAttribute(block, i, id);
    } else if (view_.Is(id, ExprKind::Call) && view_.At(id).begin != kNoPosition) {
      failure = CallNow(block, i, id); // what a decorator is made with is not executed
    }
    failed = failure ? id : failed;
  });
  if (!failure) {
    return std::nullopt;
  }
  // Where a name may be a local one, or an operand may not be evaluated, nobody knows.
  while (view_.Is(failed, ExprKind::Attribute) || view_.Is(failed, ExprKind::Call)) {
    failed = view_.Child(failed);
  }
  bool sure = block.binds || (block.class_header != kNoEvent && view_.Is(failed, ExprKind::Name) &&
                              !IsClassName(block, view_.At(failed).text));
  walk([&](ExprId id) {
    const ExprKind kind = view_.At(id).kind;
    sure &= kind != ExprKind::And && kind != ExprKind::Or && kind != ExprKind::Conditional &&
            kind != ExprKind::Comprehension;
  });
  if (!sure) {
    Doubt("an attribute that may not be asked for");
    return std::nullopt;
  }
  failure->chain.push_back(At(block.module, i));
  return failure;
}

// Whether the statement asks for an attribute or calls something; looked at once.
bool Executor::HasUses(const PlacedStatement &placed) {
  const auto index = static_cast<size_t>(placed.statement.index);
  if (uses_.size() <= index) {
    uses_.resize(std::max(index + 1, project_.scanned.syntax.statements.size()), Tri::Unknown);
  }
  Tri &uses = uses_[index];
  if (uses == Tri::Unknown) {
    uses = Tri::No;
    view_.Walk(view_.Of(placed), [&](ExprId id) {
      if (view_.Is(id, ExprKind::Attribute) || view_.Is(id, ExprKind::Call)) {
        uses = Tri::Yes;
      }
    });
  }
  return uses == Tri::Yes;
}

// Does the class body that is executed bind the name itself?
bool Executor::IsClassName(const Block &block, NameId name) const {
  if (block.class_header == kNoEvent) {
    return false;
  }
  const auto &statements = StatementsOf(block.module);
  bool bound = false;
  for (uint32_t i = block.class_header + 1; i < statements[block.class_header].end; ++i) {
    const Statement &statement = view_.Of(statements[i]);
    bound |= statement.text == name; // def, class, the module of a from-import
    for (ExprId operand : view_.Operands(statement)) {
      const bool alias = view_.Is(operand, ExprKind::Alias);
      const ExprId as = alias ? view_.Child(operand) : ExprId();
      bound |= (as.valid() ? view_.At(as).text : view_.At(operand).text) == name &&
               (alias || (statement.kind == StatementKind::Assign &&
                          operand != view_.LastOperand(statement)));
      bound |= alias && view_.TextOf(operand).split('.').first == view_.Text(name);
    }
  }
  return bound;
}

Executor::Outcome Executor::UseAttribute(const Block &block, uint32_t i, ExprId attribute) {
  const Held base = names_.Evaluate(block.module, i, view_.Child(attribute));
  const bool ns = base.kind == Held::Module && base.module.valid() &&
                  project_.modules[base.module].kind == ModuleKind::Namespace;
  if (base.kind != Held::Module || base.doubtful || !(ns || resolver_.HasLog(base.module))) {
    return std::nullopt;
  }
  const NameId name = view_.At(attribute).text;
  if (!names_.Tracked(base.module)) {
    return UseUntracked(block, base.module, name);
  }
  Outcome failure = UseAttribute(block, base.module, name);
  if (failure && failure->kind == ExceptionKind::Attribute &&
      IsNeighbour(block.module, view_.Child(attribute), base.module)) {
    Doubt(kNeighbour);
    return std::nullopt;
  }
  return failure;
}

// Whether the name stands for a module because of `import shop`, which finds it beside the package
// that the file stands in, if that is started there: imported, it finds another distribution's.
bool Executor::IsNeighbour(ModuleId module, ExprId expr, ModuleId found) const {
  const llvm::StringRef full = project_.Text(project_.modules[found].name);
  const NamespaceLog &log = resolver_.Log(module);
  return view_.Is(expr, ExprKind::Name) && full.contains('.') &&
         llvm::any_of(log.Of(view_.At(expr).text), [&](uint32_t event) {
           const ExprId alias = log.events[event].value; // of a plain import: the whole dotted name
           return view_.Of(StatementsOf(module)[log.events[event].statement]).kind ==
                      StatementKind::Import &&
                  view_.Is(alias, ExprKind::Alias) && full.ends_with(view_.TextOf(alias)) &&
                  view_.TextOf(alias) != full;
         });
}

// Of a module of this cycle.
Executor::Outcome Executor::UseAttribute(const Block &block, ModuleId base, NameId name) {
  Held held;
  if (Outcome failure = AskFor(block, base, name, held)) {
    return failure;
  }
  if (held.doubtful) {
    Doubt("an attribute that may not exist");
  }
  if (held.bound()) {
    return std::nullopt;
  }
  Failure failure;
  failure.kind = ExceptionKind::Attribute;
  const std::string module = NameOf(base);
  const std::string text = project_.Text(name).str();
  const ModuleId child = names_.Child(base, name);
  failure.of_run = true;
  failure.circular = true;
  if (child.valid() && names_.UnderWay(child)) {
    failure.reason = "AttributeError: cannot access submodule '" + text + "' of module '" + module +
                     "' (most likely due to a circular import)";
  } else if (names_.UnderWay(base)) {
    failure.reason = "AttributeError: partially initialized module '" + module +
                     "' has no attribute '" + text + "' (most likely due to a circular import)";
  } else {
    failure.circular = false;
    failure.reason = "AttributeError: module '" + module + "' has no attribute '" + text + "'";
  }
  return failure;
}

// Defaults, annotations, and values in long literals: what they ask of modules that are under way.
Executor::Outcome Executor::UseLeftOut(const Block &block, uint32_t i) {
  const bool runs = block.binds || block.class_header != kNoEvent;
  const auto is_under_way = [&](ModuleId module) { return names_.UnderWay(module); };
  if (!runs || !names_.Tracked(block.module) ||
      llvm::none_of(left_out_.NamedModules(block.module), is_under_way)) {
    return std::nullopt;
  }
  for (const LeftOutUse &use : left_out_.Of(block.module, i)) {
    const SupportedVersions &versions = resolver_.versions();
    const Statement &statement = view_.Of(StatementsOf(block.module)[i]);
    const bool stores = statement.kind == StatementKind::AnnAssign &&
                        view_.Is(statement.first, ExprKind::Name) &&
                        view_.At(statement.first).text == use.name;
    if (stores || IsClassName(block, use.name) ||
        (use.annotation && versions.lowest >= kLazyAnnotations)) {
      continue;
    }
    Outcome failure = UseChain(block, use);
    if (failure && use.annotation && versions.highest >= kLazyAnnotations) {
      Doubt("an annotation, which Python 3.14 does not evaluate");
      failure.reset();
    }
    if (failure) {
      failure->chain.push_back(At(block.module, i));
      return failure;
    }
  }
  return std::nullopt;
}

Executor::Outcome Executor::UseChain(const Block &block, const LeftOutUse &use) {
  Held base = names_.Attribute(block.module, use.name);
  for (llvm::StringRef rest = use.attributes; !rest.empty();) {
    const auto [part, tail] = rest.split('.');
    rest = tail;
    const NameId name = project_.scanned.names.Find(part);
    const bool told = base.kind == Held::Module && base.module.valid() && !base.doubtful &&
                      !base.maybe && resolver_.HasLog(base.module);
    if (!told || !name.valid()) {
      return std::nullopt;
    }
    const ModuleId child = names_.Child(base.module, name);
    Outcome failure;
    if (names_.UnderWay(base.module)) {
      failure = UseAttribute(block, base.module, name);
    } else if (child.valid() && names_.UnderWay(child) && !names_.Tracked(base.module)) {
      failure = UseUntracked(block, base.module, name);
    }
    if (failure) {
      return failure;
    }
    base = names_.Attribute(base.module, name);
  }
  return std::nullopt;
}

// A finished module. A submodule that nothing imports on the way is no attribute.
Executor::Outcome Executor::UseUntracked(const Block &block, ModuleId base, NameId name) {
  Held held;
  if (Outcome failure = AskFor(block, base, name, held)) {
    return failure;
  }
  const ModuleId child = names_.Child(base, name);
  if (held.doubtful) {
    Doubt(child.valid() ? "a submodule that another module imports"
                        : "an attribute that may not exist");
  }
  if (held.bound() || !project_.modules[base].first_party ||
      resolver_.table().HasOpenChildren(base) || resolver_.table().SecondLoadOf(base).valid()) {
    return std::nullopt;
  }
  Failure failure;
  failure.kind = ExceptionKind::Attribute;
  failure.circular = child.valid() && names_.UnderWay(child);
  failure.needs = failure.circular ? ModuleId() : child;
  const std::string text = project_.Text(name).str();
  failure.reason =
      failure.circular
          ? "AttributeError: cannot access submodule '" + text + "' of module '" + NameOf(base) +
                "' (most likely due to a circular import)"
          : "AttributeError: module '" + NameOf(base) + "' has no attribute '" + text + "'";
  return failure;
}

} // namespace pydefrag
