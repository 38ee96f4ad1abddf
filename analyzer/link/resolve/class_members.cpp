// The body of a class is read like a module's: every name that some statement of it may bind
// counts, whatever the condition. Bases are looked through in any order: only "nowhere" matters.
// A body spells `__timer` what the class `Clock` has as `_Clock__timer` (Language Reference,
// "Private name mangling").
#include "link/resolve/class_members.h"

#include "base/identifier.h"

#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {
namespace {

// Longer hierarchies are answered "unknown".
constexpr size_t kMostClasses = 200;

// Decorators that return the class they got and add nothing but dunder names.
bool IsHarmlessDecorator(llvm::StringRef dotted) {
  return llvm::StringSwitch<bool>(LastPart(dotted))
      .Cases("dataclass", "total_ordering", "final", "runtime_checkable", "unique", true)
      .Cases("deprecated", "override", true)
      .Default(false);
}

// Bases from outside that bring only dunder names and what is private to them.
bool IsHarmlessBase(llvm::StringRef dotted) {
  return llvm::StringSwitch<bool>(LastPart(dotted))
      .Cases("object", "ABC", "Generic", "Protocol", true)
      .Default(false);
}

// The attribute that the body of a class makes by binding a name.
std::string MemberMade(llvm::StringRef class_name, llvm::StringRef spelled) {
  const llvm::StringRef plain = class_name.ltrim('_');
  const bool mangled = spelled.starts_with("__") && !spelled.ends_with("__") && !plain.empty();
  return (mangled ? "_" + plain + spelled : llvm::Twine(spelled)).str();
}

class MemberFinder {
public:
  MemberFinder(const Project &project, Resolver &resolver, NameId name)
      : project_(project), resolver_(resolver), view_(resolver.view()), name_(name) {}

  ClassMemberFound Find(ClassRef from) {
    llvm::SmallVector<ClassRef, 8> stack{from};
    while (!stack.empty()) {
      const ClassRef at = stack.pop_back_val();
      if (llvm::is_contained(found_.looked_in, at)) {
        continue;
      }
      if (found_.looked_in.size() > kMostClasses) {
        Open("a long line of base classes");
        break;
      }
      found_.looked_in.push_back(at);
      if (ReadBody(at)) {
        found_.answer = Answer::Yes;
        return std::move(found_);
      }
      ReadHeader(at, stack);
      ReadSetattr(at);
    }
    found_.answer = found_.reason.empty() ? Answer::No : Answer::Maybe;
    return std::move(found_);
  }

private:
  void Open(const llvm::Twine &reason) {
    if (found_.reason.empty()) {
      found_.reason = reason.str();
    }
  }

  const std::vector<PlacedStatement> &StatementsOf(ClassRef at) const {
    return project_.StatementsOf(at.module);
  }

  bool Makes(llvm::StringRef spelled) const {
    const llvm::StringRef name = view_.Text(name_);
    return name.ends_with(spelled) && MemberMade(class_, spelled) == name;
  }
  bool Makes(NameId spelled) const { return Makes(view_.Text(spelled)); }

  bool BindsTarget(ExprId target) const {
    bool binds = false;
    view_.Walk(target, [&](ExprId id) {
      binds |= view_.Is(id, ExprKind::Name) && Makes(view_.At(id).text);
    });
    return binds;
  }

  // Whether the body binds the name; notes what may bind names that do not stand there.
  bool ReadBody(ClassRef at) {
    const std::vector<PlacedStatement> &statements = StatementsOf(at);
    class_ = view_.Text(view_.Of(statements[at.statement]).text);
    uint32_t next = 0;
    for (uint32_t i = at.statement + 1; i < statements[at.statement].end; i = next) {
      const Statement &statement = view_.Of(statements[i]);
      const bool defines =
          statement.kind == StatementKind::Function || statement.kind == StatementKind::Class;
      next = defines ? statements[i].end : i + 1;
      if (defines && Makes(statement.text)) {
        if (statement.kind == StatementKind::Class) {
          found_.nested = {at.module, i};
        }
        return true;
      }
      if (!defines && Binds(statement)) {
        return true;
      }
      if (statement.kind == StatementKind::Function &&
          view_.Text(statement.text) == "__init_subclass__") {
        Open("`__init_subclass__` may add attributes");
      }
    }
    return false;
  }

  bool Binds(const Statement &statement) {
    const llvm::SmallVector<ExprId, 8> operands = view_.Operands(statement);
    bool binds = false;
    view_.Walk(statement, [&](ExprId id) {
      binds |= view_.Is(id, ExprKind::Walrus) && BindsTarget(view_.Child(id));
      const auto callee = view_.Callee(id);
      if (callee && (*callee == "locals" || *callee == "vars" || *callee == "exec")) {
        Open("`" + *callee + "` in the class body");
      }
    });
    switch (statement.kind) {
    case StatementKind::Assign:
    case StatementKind::AugAssign:
      for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
        binds |= BindsTarget(target) || BindsSlot(target, operands.back());
      }
      return binds;
    case StatementKind::AnnAssign:
      return binds || (operands.size() > 1 && BindsTarget(operands[0]));
    case StatementKind::For:
      return binds || BindsTarget(operands[0]);
    case StatementKind::TypeAlias:
      return binds || Makes(statement.text);
    case StatementKind::Except:
    case StatementKind::ExceptStar:
      return binds || Makes(statement.text);
    case StatementKind::Import:
    case StatementKind::FromImport:
      return binds || BindsAlias(statement, operands);
    default:
      return binds;
    }
  }

  // `__slots__` makes an attribute of each of its strings.
  bool BindsSlot(ExprId target, ExprId value) {
    if (!view_.IsName(target, "__slots__")) {
      return false;
    }
    if (const auto one = view_.String(value)) {
      return Makes(*one);
    }
    const auto items = view_.StringItems(value);
    if (!items) {
      Open("computed `__slots__`");
      return false;
    }
    return llvm::any_of(*items, [&](NameId item) { return Makes(item); });
  }

  bool BindsAlias(const Statement &statement, llvm::ArrayRef<ExprId> aliases) const {
    return llvm::any_of(aliases, [&](ExprId alias) {
      const ExprId as = view_.Child(alias);
      const llvm::StringRef text = view_.TextOf(alias);
      const llvm::StringRef bound = as.valid() ? view_.TextOf(as)
                                    : statement.kind == StatementKind::Import
                                        ? text.split('.').first
                                        : text;
      return Makes(bound);
    });
  }

  // Decorators, keywords, bases.
  void ReadHeader(ClassRef at, llvm::SmallVectorImpl<ClassRef> &stack) {
    const Statement &statement = view_.Of(StatementsOf(at)[at.statement]);
    bool is_base = false;
    for (ExprId operand : view_.Operands(statement)) {
      is_base |= operand == statement.bases;
      if (!is_base) {
        const auto callee =
            view_.Is(operand, ExprKind::Call) ? view_.Callee(operand) : view_.Dotted(operand);
        // `@dataclass(slots=True)` makes members of annotations; arguments are not kept.
        const bool configured =
            callee && view_.Is(operand, ExprKind::Call) && LastPart(*callee) == "dataclass";
        if (!callee || configured || !IsHarmlessDecorator(*callee)) {
          Open("a decorator of the class");
        }
      } else if (view_.Is(operand, ExprKind::Keyword)) {
        const auto meta = view_.Dotted(view_.Child(operand));
        if (view_.TextOf(operand) != "metaclass" || !meta || LastPart(*meta) != "ABCMeta") {
          Open("a keyword of the class statement");
        }
      } else {
        ReadBase(at, operand, stack);
      }
    }
  }

  // `for name in names: setattr(Cart, name, value)` in the module of the class.
  void ReadSetattr(ClassRef at) {
    for (const PlacedStatement &placed : StatementsOf(at)) {
      const Statement &statement = view_.Of(placed);
      if (statement.kind == StatementKind::Expression &&
          view_.Callee(statement.first) == "setattr" &&
          view_.IsName(view_.Child(statement.first, 1), class_) &&
          !view_.Is(view_.Child(statement.first, 2), ExprKind::String)) {
        return Open("`setattr` adds attributes to the class");
      }
    }
  }

  void ReadBase(ClassRef at, ExprId base, llvm::SmallVectorImpl<ClassRef> &stack) {
    if (view_.Is(base, ExprKind::Subscript)) {
      base = view_.Child(base);
    }
    const auto dotted = view_.Dotted(base);
    if (!dotted) {
      return Open("a computed base class");
    }
    const Found found =
        resolver_.Evaluate(at.module, base, resolver_.EventLimit(at.module, at.statement));
    const ClassRef ref = ClassOf(project_, resolver_, found);
    if (ref.valid() && found.answer != Answer::No && !found.unknown) {
      stack.push_back(ref);
    } else if (!IsHarmlessBase(*dotted)) {
      Open("base class `" + *dotted + "` is not analysed");
    }
  }

  const Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  NameId name_;
  llvm::StringRef class_; // whose body is read
  ClassMemberFound found_;
};

} // namespace

ClassRef ClassOf(const Project &project, const Resolver &resolver, const Found &found) {
  if (!found.IsObject() || !resolver.HasLog(found.module)) {
    return {};
  }
  const Event &event = resolver.Log(found.module).events[found.event];
  const auto &statements = project.StatementsOf(found.module);
  const Statement &statement = project.Syntax(statements[event.statement]);
  const bool is_class = event.kind == EventKind::Define && statement.kind == StatementKind::Class;
  return is_class ? ClassRef{found.module, event.statement} : ClassRef{};
}

ClassMemberFound FindClassMember(const Project &project, Resolver &resolver, ClassRef from,
                                 NameId name) {
  const llvm::StringRef text = project.Text(name);
  if ((text.starts_with("__") && text.ends_with("__")) || text == "mro") {
    ClassMemberFound implicit;
    implicit.answer = Answer::Yes;
    return implicit;
  }
  return MemberFinder(project, resolver, name).Find(from);
}

} // namespace pydefrag
