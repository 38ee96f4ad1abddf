// Bases are followed as far as there is only one that is analysed: then the order of method
// resolution does not matter.
#include "link/resolve/class_values.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {
namespace {

constexpr size_t kMostClasses = 200;

class ValueFinder {
public:
  ValueFinder(const Project &project, Resolver &resolver)
      : project_(project), resolver_(resolver), view_(resolver.view()) {}

  // The class that the object is or is made by.
  ClassRef FindClass(const Found &object) {
    if (const ClassRef own = ClassOf(project_, resolver_, object); own.valid()) {
      return own;
    }
    const ExprId call = ValueOf(object);
    if (!view_.Is(call, ExprKind::Call)) {
      return {};
    }
    instance_ = true;
    return ClassOf(project_, resolver_,
                   resolver_.Evaluate(object.module, view_.Child(call), object.event));
  }

  // The expression that an assignment gives to the object's name.
  ExprId ValueOf(const Found &object) const {
    if (!object.IsObject() || !resolver_.HasLog(object.module)) {
      return ExprId();
    }
    const Event &event = resolver_.Log(object.module).events[object.event];
    return event.kind == EventKind::Value ? event.value : ExprId();
  }

  // The class and its bases, itself first; empty where one of them cannot be told.
  llvm::SmallVector<ClassRef, 8> Line(ClassRef at) {
    llvm::SmallVector<ClassRef, 8> line;
    while (at.valid()) {
      if (llvm::is_contained(line, at) || line.size() >= kMostClasses) {
        return {};
      }
      line.push_back(at);
      const Statement &header = view_.Of(StatementsOf(at)[at.statement]);
      ClassRef next;
      for (ExprId base = header.bases; base.valid(); base = view_.Next(base)) {
        if (view_.IsName(base, "object")) {
          continue;
        }
        const ClassRef ref = ClassOf(
            project_, resolver_,
            resolver_.Evaluate(at.module, base, resolver_.EventLimit(at.module, at.statement)));
        if (!ref.valid() || next.valid()) {
          whole_ = false;
          return line;
        }
        next = ref;
      }
      at = next;
    }
    return line;
  }

  // The statement in the class's body that binds the name last, and what it assigns.
  struct Binding {
    uint32_t statement = kNoEvent;
    ExprId value;
  };
  Binding Find(ClassRef at, NameId name, uint32_t before = kNoEvent) const {
    const auto &statements = StatementsOf(at);
    Binding found;
    for (uint32_t i = at.statement + 1; i < statements[at.statement].end && i < before;
         i = statements[i].end) {
      ForBindings(statements[i], [&](NameId bound, ExprId value) {
        if (bound == name) {
          found = {i, value};
        }
      });
    }
    return found;
  }

  Found Evaluate(ClassRef at, const Binding &binding) {
    ExprId value = binding.value;
    const auto wrapper = view_.Callee(value);
    const bool is_static =
        wrapper && *wrapper == "staticmethod" && view_.Arguments(value).size() == 1;
    if (is_static) {
      value = view_.Arguments(value)[0];
    }
    const ExprId root = view_.RootOf(value);
    if (!view_.Is(root, ExprKind::Name)) {
      return Opaque(at);
    }
    // A name of the class itself comes before those of the module.
    const Binding own = Find(at, view_.At(root).text, binding.statement);
    if (own.statement != kNoEvent) {
      return root == value && own.statement < binding.statement && !is_static ? Evaluate(at, own)
                                                                              : Opaque(at);
    }
    const Found found =
        resolver_.Evaluate(at.module, value, resolver_.EventLimit(at.module, at.statement));
    if (found.answer == Answer::No || found.unknown || !(found.IsObject() || found.IsModule())) {
      return Opaque(at);
    }
    // A function becomes a bound method of an instance.
    const bool bound = instance_ && !is_static && !ClassOf(project_, resolver_, found).valid();
    return bound ? Opaque(at) : found;
  }

  void ForBindings(const PlacedStatement &placed,
                   llvm::function_ref<void(NameId, ExprId)> visit) const {
    const Statement &statement = view_.Of(placed);
    switch (statement.kind) {
    case StatementKind::Function:
    case StatementKind::Class:
      visit(statement.text, ExprId());
      break;
    case StatementKind::Assign:
    case StatementKind::AnnAssign: {
      const auto operands = view_.Operands(statement);
      for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
        if (view_.Is(target, ExprKind::Name)) {
          visit(view_.At(target).text, operands.back());
        }
      }
      break;
    }
    default:
      break;
    }
  }

  // Whether the body holds more than definitions and assignments to names.
  bool HasOtherStatements(ClassRef at) const {
    const auto &statements = StatementsOf(at);
    for (uint32_t i = at.statement + 1; i < statements[at.statement].end; i = statements[i].end) {
      const Statement &statement = view_.Of(statements[i]);
      const bool assigns = statement.kind == StatementKind::Assign;
      const bool simple =
          statement.kind == StatementKind::Function || statement.kind == StatementKind::Class ||
          statement.kind == StatementKind::AnnAssign ||
          statement.kind == StatementKind::Docstring || statement.kind == StatementKind::Pass ||
          (assigns &&
           llvm::all_of(llvm::ArrayRef(view_.Operands(statement)).drop_back(),
                        [&](ExprId target) { return view_.Is(target, ExprKind::Name); }));
      if (!simple) {
        return true;
      }
    }
    return false;
  }

  const std::vector<PlacedStatement> &StatementsOf(ClassRef at) const {
    return project_.StatementsOf(at.module);
  }
  static Found Opaque(ClassRef at) {
    Found found;
    found.answer = Answer::Yes;
    found.kind = TargetKind::Opaque;
    found.module = at.module;
    return found;
  }
  bool whole() const { return whole_; }
  bool instance() const { return instance_; }

private:
  const Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  bool instance_ = false;
  bool whole_ = true; // every base is known
};

} // namespace

ClassNames NamesOfObject(const Project &project, Resolver &resolver, const Found &object) {
  ValueFinder finder(project, resolver);
  ClassNames names;
  const ClassRef own = finder.FindClass(object);
  if (!own.valid()) {
    return names;
  }
  names.known = !finder.instance();
  llvm::DenseSet<NameId> seen;
  for (ClassRef at : finder.Line(own)) {
    names.known &= !finder.HasOtherStatements(at);
    const auto &statements = finder.StatementsOf(at);
    for (uint32_t i = at.statement + 1; i < statements[at.statement].end; i = statements[i].end) {
      finder.ForBindings(statements[i], [&](NameId name, ExprId) {
        if (seen.insert(name).second) {
          names.names.push_back(name);
        }
      });
    }
  }
  names.known &= finder.whole();
  return names;
}

ClassNames MembersOfEnum(const Project &project, Resolver &resolver, const Found &object) {
  const SyntaxView &view = resolver.view();
  ValueFinder finder(project, resolver);
  ClassNames members;
  if (const ClassRef own = ClassOf(project, resolver, object); own.valid()) {
    members.known = !finder.HasOtherStatements(own);
    const auto &statements = finder.StatementsOf(own);
    for (uint32_t i = own.statement + 1; i < statements[own.statement].end; i = statements[i].end) {
      finder.ForBindings(statements[i], [&](NameId name, ExprId value) {
        if (value.valid()) {
          members.names.push_back(name);
        }
      });
    }
    return members;
  }
  const ExprId call = finder.ValueOf(object);
  const auto arguments =
      view.Is(call, ExprKind::Call) ? view.Arguments(call) : llvm::SmallVector<ExprId, 4>();
  if (arguments.size() < 2) {
    return members;
  }
  if (const auto items = view.StringItems(arguments[1])) {
    members.names.assign(items->begin(), items->end());
    members.known = true;
  } else if (const auto text = view.String(arguments[1])) {
    llvm::SmallVector<llvm::StringRef, 8> parts;
    llvm::SplitString(*text, parts, " ,\t\n");
    for (llvm::StringRef part : parts) {
      if (const NameId name = project.scanned.names.Find(part); name.valid()) {
        members.names.push_back(name); // nobody asks for the others
      }
    }
    members.known = true;
  }
  return members;
}

Found AttributeOfObject(const Project &project, Resolver &resolver, const Found &object,
                        NameId name) {
  ValueFinder finder(project, resolver);
  const ClassRef own = finder.FindClass(object);
  if (!own.valid()) {
    return Found();
  }
  for (ClassRef at : finder.Line(own)) {
    const auto binding = finder.Find(at, name);
    if (binding.statement != kNoEvent) {
      return finder.Evaluate(at, binding);
    }
    if (finder.HasOtherStatements(at)) {
      break; // it may stand in there
    }
  }
  return Found();
}

bool IsSubclass(const Project &project, Resolver &resolver, const Found &object,
                const Found &base) {
  const SyntaxView &view = resolver.view();
  llvm::SmallVector<ClassRef, 8> above;
  const auto add = [&](const Found &found) {
    const ClassRef ref = found.answer == Answer::Yes && !found.unknown
                             ? ClassOf(project, resolver, found)
                             : ClassRef();
    if (ref.valid() && !llvm::is_contained(above, ref)) {
      above.push_back(ref);
    }
  };
  const ClassRef wanted = ClassOf(project, resolver, base);
  add(object);
  for (size_t i = 0; i < above.size() && above.size() < kMostClasses; ++i) {
    const ClassRef at = above[i];
    if (at == wanted) {
      return true;
    }
    const auto &statements = project.StatementsOf(at.module);
    for (ExprId each = view.Of(statements[at.statement]).bases; each.valid();
         each = view.Next(each)) {
      add(resolver.Evaluate(at.module, each, resolver.EventLimit(at.module, at.statement)));
    }
  }
  return false;
}

} // namespace pydefrag
