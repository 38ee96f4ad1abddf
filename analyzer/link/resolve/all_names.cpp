// Exports: `__all__`, from what a module does to it in order, and from lists made elsewhere.
#include "link/resolve/changed_lists.h"
#include "link/resolve/decorated_exports.h"
#include "link/resolve/module_tables.h"
#include "link/resolve/reexports.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

const AllNames &Resolver::All(ModuleId module) {
  auto [it, inserted] = answers_.all.try_emplace(module);
  static const AllNames kNone;
  if (!inserted) {
    return it->second ? *it->second : kNone; // null: __all__ is made from itself, in a circle
  }
  AllNames all;
  if (HasLog(module)) {
    for (uint32_t statement : Log(module).all_ops) {
      if (Reach(module, statement) == Tri::No) {
        continue;
      }
      all.present = true;
      all.known &= ApplyAllOperation(module, statement, all);
    }
    if (Log(module).all_written_in_function) {
      all.known &=
          AddReexportedLists(*this, module, all) || AddDecoratedExports(*this, module, all);
    } else {
      all.known = all.known && !(all.present && MayChangeAll(*this, module)) &&
                  (!all.present || !SpeaksOfOwnList(*this, module) ||
                   AddReexportedLists(*this, module, all));
    }
    // `__getattr__, __dir__, __all__ = lazy.attach(...)`, a star import of another __all__...
    llvm::erase_if(all.names, [&](NameId name) { return !all.set.insert(name).second; });
  }
  return *(answers_.all[module] = std::make_unique<AllNames>(std::move(all)));
}

// `Cart.__name__`: what is taken to be called as it is here.
static NameId NameAsked(Project &project, const SyntaxView &view, ExprId item) {
  const auto dotted = view.Is(item, ExprKind::Attribute) && view.TextOf(item) == "__name__"
                          ? view.Dotted(view.Child(item))
                          : std::nullopt;
  return dotted ? project.scanned.names.Intern(*dotted) : NameId();
}

bool Resolver::ApplyAllOperation(ModuleId module, uint32_t index, AllNames &all) {
  const auto &statements = project_.StatementsOf(module);
  const Statement &statement = view_.Of(statements[index]);
  const ExprId last = view_.LastOperand(statement);
  if (statement.kind == StatementKind::Assign || statement.kind == StatementKind::AnnAssign) {
    if (Reach(module, index) == Tri::Yes) {
      all.names.clear();
      all.known = true;
    }
    return EvaluateAll(module, last, index, all);
  }
  if (statement.kind == StatementKind::AugAssign) {
    return EvaluateAll(module, last, index, all);
  }
  // __all__.append(x), .extend(xs), .remove(x), .insert(i, x), .sort()
  const auto callee = view_.Callee(statement.first);
  const auto arguments = view_.Arguments(statement.first);
  const llvm::StringRef method = callee ? llvm::StringRef(*callee).rsplit('.').second : "";
  if (method == "sort" || method == "reverse") {
    return true;
  }
  if (arguments.empty()) {
    return false;
  }
  if (method == "extend") {
    return EvaluateAll(module, arguments[0], index, all);
  }
  const ExprId item = arguments.back();
  NameId name;
  if (view_.Is(item, ExprKind::String)) {
    name = view_.At(item).text;
  } else {
    name = NameAsked(project_, view_, item);
  }
  if (!name.valid()) {
    return false;
  }
  if (method == "append" || method == "insert") {
    all.names.push_back(name);
    return true;
  }
  if (method == "remove") {
    llvm::erase_if(all.names, [&](NameId n) { return n == name; });
    return true;
  }
  return false;
}

// `"Cart Order".split()`
static bool AddWords(Project &project, const SyntaxView &view, ExprId call, AllNames &all) {
  const ExprId method = view.Child(call);
  const bool splits = view.Is(method, ExprKind::Attribute) && view.TextOf(method) == "split" &&
                      view.Is(view.Child(method), ExprKind::String) && !view.Next(method).valid();
  llvm::SmallVector<llvm::StringRef, 16> words;
  if (splits) {
    llvm::SplitString(view.TextOf(view.Child(method)), words);
  }
  for (llvm::StringRef word : words) {
    all.names.push_back(project.scanned.names.Intern(word));
  }
  return splits;
}

// What the name is in turn in the loop that the statement stands in, over a display; else itself:
// `for part in (core, video): __all__ += part.__all__`.
static llvm::SmallVector<ExprId, 4> LoopedOver(const Resolver &resolver, ModuleId module,
                                               uint32_t index, ExprId name) {
  const SyntaxView &view = resolver.view();
  const Project &project = resolver.project();
  const auto &statements = project.StatementsOf(module);
  const int32_t parent = statements[index].parent;
  if (parent >= 0 && view.Is(name, ExprKind::Name)) {
    const Statement &loop = view.Of(statements[static_cast<size_t>(parent)]);
    const ExprId items = loop.kind == StatementKind::For && !loop.reduced &&
                                 view.IsName(loop.first, view.TextOf(name))
                             ? view.Next(loop.first)
                             : ExprId();
    if (view.Is(items, ExprKind::Tuple) || view.Is(items, ExprKind::List)) {
      return view.Children(items);
    }
  }
  return {name};
}

// `dir()`, `locals().items()`, `list(globals())`
static bool IsOwnNames(const SyntaxView &view, ExprId id) {
  for (int depth = 0; depth < 4 && view.Is(id, ExprKind::Call); ++depth) {
    const std::string callee = view.Callee(id).value_or("");
    const auto arguments = view.Arguments(id);
    if (callee == "dir" || callee == "globals" || callee == "locals" || callee == "vars") {
      return arguments.empty();
    }
    const ExprId method = view.Child(id);
    id = arguments.size() == 1                  ? arguments[0]
         : view.Is(method, ExprKind::Attribute) ? view.Child(method)
                                                : ExprId();
  }
  return false;
}

// `[name for name, value in locals().items() if ...]`: nothing but names that the module has.
static bool ChoosesOwnNames(const SyntaxView &view, ExprId comprehension) {
  const ExprId element = view.Child(comprehension);
  const ExprId loop = view.Child(comprehension, 1);
  if (!view.Is(loop, ExprKind::ForIn) || !view.Is(element, ExprKind::Name) ||
      !IsOwnNames(view, view.Child(loop, 1))) {
    return false;
  }
  bool taken = false;
  view.WalkAll(view.Child(loop), [&](ExprId id) {
    taken |= view.Is(id, ExprKind::Name) && view.At(id).text == view.At(element).text;
  });
  return taken;
}

// `A = A + A`, over and over, has more parts than anybody lists names.
static constexpr size_t kMostParts = 100'000;

// Adds the strings of a list expression to `all`; false when it could not be told.
bool Resolver::EvaluateAll(ModuleId module, ExprId root, uint32_t root_statement, AllNames &all) {
  // What is to be evaluated, as before that statement: in `A = A + [...]` the second is an earlier
  // one.
  llvm::SmallVector<std::pair<ExprId, uint32_t>, 8> stack{{root, root_statement}};
  bool known = true;
  for (size_t parts = 0; !stack.empty(); ++parts) {
    if (parts == kMostParts) {
      return false;
    }
    const auto [value, statement] = stack.pop_back_val();
    if (!value.valid()) {
      known = false;
      continue;
    }
    switch (view_.At(value).kind) {
    case ExprKind::List:
    case ExprKind::Tuple:
    case ExprKind::Set:
      for (ExprId item : view_.Children(value)) {
        if (view_.Is(item, ExprKind::String)) {
          all.names.push_back(view_.At(item).text);
        } else if (view_.Is(item, ExprKind::Splat)) {
          stack.push_back({view_.Child(item), statement});
        } else if (const NameId name = NameAsked(project_, view_, item); name.valid()) {
          all.names.push_back(name);
        } else {
          known = false;
        }
      }
      break;
    case ExprKind::Binary:
      known &= view_.At(value).op == Op::Add;
      stack.push_back({view_.Child(value, 1), statement});
      stack.push_back({view_.Child(value, 0), statement});
      break;
    case ExprKind::Call: {
      const auto callee = view_.Callee(value);
      const auto arguments = view_.Arguments(value);
      const bool wraps =
          callee && arguments.size() == 1 &&
          (*callee == "list" || *callee == "tuple" || *callee == "sorted" || *callee == "set");
      const bool keys = callee && arguments.empty() && llvm::StringRef(*callee).ends_with(".keys");
      if (AddWords(project_, view_, value, all)) {
        break;
      }
      known &= wraps || keys;
      if (wraps || keys) {
        stack.push_back({wraps ? arguments[0] : view_.Child(view_.Child(value)), statement});
      }
      break;
    }
    case ExprKind::Comprehension: { // [name for name in dir(m) if not name.startswith("_")]
      const auto copy = ReadListedNames(view_, value);
      const CopiedNameList listed = copy ? NamesOf(module, *copy, statement) : CopiedNameList();
      known &= listed.known;
      all.filtered |= !listed.known && ChoosesOwnNames(view_, value);
      all.names.insert(all.names.end(), listed.names.begin(), listed.names.end());
      break;
    }
    case ExprKind::Attribute: { // mod.__all__
      if (view_.TextOf(value) != "__all__") {
        known = false;
        break;
      }
      for (ExprId item : LoopedOver(*this, module, statement, view_.Child(value))) {
        const Found base = Evaluate(module, item, EventLimit(module, statement));
        const bool listed = base.IsModule() && HasLog(base.module);
        const AllNames other = listed ? All(base.module) : AllNames();
        known &= other.present && other.known;
        all.names.insert(all.names.end(), other.names.begin(), other.names.end());
      }
      break;
    }
    case ExprKind::Name: { // a list made before, here or in another module
      if (view_.TextOf(value) == "__all__") {
        break; // __all__ = __all__ + [...]: what is there stays
      }
      const uint32_t limit = EventLimit(module, statement);
      const Found found = Evaluate(module, value, limit);
      const Event *event = found.IsObject() ? &Log(found.module).events[found.event] : nullptr;
      if (event && event->kind == EventKind::Value && event->value.valid() &&
          view_.At(event->value).kind != ExprKind::Name) {
        if (all.present && view_.Is(event->value, ExprKind::Dict)) { // somebody may add to it
          llvm::append_range(all.names, TakeKeys(project_, *this, module, found));
          known = false;
          break;
        }
        const bool fixed = view_.Is(event->value, ExprKind::Tuple);
        known = known && found.answer == Answer::Yes &&
                !MayChangeList(*this, found.module, project_.Text(event->name), fixed);
        if (found.module == module) {
          stack.push_back({event->value, event->statement});
          break;
        }
        known = known && !MayChangeList(*this, module, view_.TextOf(value), fixed);
        const auto items = view_.StringItems(event->value);
        const auto names = items ? items : LongListOf(project_, *this, found);
        known &= names.has_value();
        if (names) {
          all.names.insert(all.names.end(), names->begin(), names->end());
        }
        break;
      }
      // from .x import __all__ as x_all
      if (const auto dotted = view_.Dotted(value)) {
        const llvm::ArrayRef<uint32_t> events =
            Log(module).Of(project_.scanned.names.Find(*dotted)).take_while([&](uint32_t e) {
              return e < limit;
            });
        const Event *from = events.empty() ? nullptr : &Log(module).events[events.back()];
        if (from && from->kind == EventKind::From && view_.TextOf(from->value) == "__all__") {
          const ImportTarget &search = TargetOf(module, from->statement);
          if (search.module.valid() && HasLog(search.module)) {
            const AllNames other = All(search.module);
            known &= other.present && other.known;
            all.names.insert(all.names.end(), other.names.begin(), other.names.end());
            break;
          }
        }
      }
      known = false;
      break;
    }
    default:
      known = false;
      break;
    }
  }
  return known;
}

} // namespace pydefrag
