#include "link/names/namespace_copies.h"

namespace pydefrag {

// m of `vars(m)` and `m.__dict__`.
static ExprId OwnerOfDict(const SyntaxView &view, ExprId dict) {
  if (view.Callee(dict) == "vars" && view.Arguments(dict).size() == 1) {
    return view.Arguments(dict)[0];
  }
  return view.Is(dict, ExprKind::Attribute) && view.TextOf(dict) == "__dict__" ? view.Child(dict)
                                                                               : ExprId();
}

static bool SameName(const SyntaxView &view, ExprId a, ExprId b) {
  return view.Is(a, ExprKind::Name) && view.Is(b, ExprKind::Name) &&
         view.At(a).text == view.At(b).text;
}

// x of `getattr(x, key)`.
static ExprId OwnerOfAttribute(const SyntaxView &view, ExprId value, ExprId key) {
  if (view.Callee(value) != "getattr") {
    return ExprId();
  }
  const auto arguments = view.Arguments(value);
  return arguments.size() >= 2 && SameName(view, arguments[1], key) ? arguments[0] : ExprId();
}

std::optional<NamespaceCopy> ReadCopyLoop(const SyntaxView &view, ExprId target, ExprId iterable,
                                          ExprId key, ExprId value) {
  if (view.Is(target, ExprKind::Tuple)) { // for k, v in vars(m).items()
    const ExprId method = view.Is(iterable, ExprKind::Call) ? view.Child(iterable) : ExprId();
    const bool items = view.Is(method, ExprKind::Attribute) && view.TextOf(method) == "items" &&
                       SameName(view, view.Child(target), key);
    const ExprId owner = items ? OwnerOfDict(view, view.Child(method)) : ExprId();
    if (!owner.valid()) {
      return std::nullopt;
    }
    const bool same_value = SameName(view, view.Child(target, 1), value);
    return NamespaceCopy{owner, ExprId(), same_value ? CopyOf::All : CopyOf::Some};
  }
  if (!SameName(view, target, key)) {
    return std::nullopt;
  }
  const ExprId owner = OwnerOfAttribute(view, value, key);
  if (view.Callee(iterable) == "dir" && view.Arguments(iterable).size() == 1) {
    const ExprId listed = view.Arguments(iterable)[0];
    const bool same = owner.valid() && view.Dotted(owner) == view.Dotted(listed);
    return NamespaceCopy{listed, ExprId(), same ? CopyOf::All : CopyOf::Some};
  }
  return NamespaceCopy{owner, iterable, CopyOf::Listed};
}

// The number in `key[:n]` or `key[n]`.
static llvm::StringRef PrefixLength(const SyntaxView &view, ExprId subscript) {
  const ExprId index = view.Child(subscript, 1);
  if (view.Is(index, ExprKind::Slice)) {
    return view.Is(view.Child(index), ExprKind::Number) ? view.TextOf(view.Child(index)) : "";
  }
  return view.Is(index, ExprKind::Number) && view.TextOf(index) == "0" ? "1" : "";
}

// The prefix that names must not have: `not key.startswith("_")`, `key[:2] != "__"`.
static llvm::StringRef UnwantedPrefix(const SyntaxView &view, ExprId condition, NameId key) {
  auto is_key = [&](ExprId id) { return view.Is(id, ExprKind::Name) && view.At(id).text == key; };
  if (view.Is(condition, ExprKind::Not)) {
    const ExprId call = view.Child(condition);
    const ExprId method = view.Is(call, ExprKind::Call) ? view.Child(call) : ExprId();
    const auto arguments = method.valid() ? view.Arguments(call) : llvm::SmallVector<ExprId, 4>();
    if (view.Is(method, ExprKind::Attribute) && view.TextOf(method) == "startswith" &&
        is_key(view.Child(method)) && arguments.size() == 1) {
      return view.String(arguments[0]).value_or("");
    }
    return "";
  }
  if (view.Is(condition, ExprKind::Compare) && view.At(condition).op == Op::NotEqual) {
    const ExprId part = view.Child(condition);
    const auto text = view.String(view.Child(condition, 1));
    if (view.Is(part, ExprKind::Subscript) && is_key(view.Child(part)) && text &&
        PrefixLength(view, part) == std::to_string(text->size())) {
      return *text;
    }
  }
  return "";
}

// key.isupper()
static bool AsksForCapitals(const SyntaxView &view, ExprId condition, NameId key) {
  const ExprId method = view.Is(condition, ExprKind::Call) ? view.Child(condition) : ExprId();
  return view.Is(method, ExprKind::Attribute) && view.TextOf(method) == "isupper" &&
         view.Is(view.Child(method), ExprKind::Name) && view.At(view.Child(method)).text == key &&
         view.Arguments(condition).empty();
}

CopyOf NarrowCopy(const SyntaxView &view, CopyOf what, ExprId condition, NameId key) {
  if (view.Is(condition, ExprKind::And)) {
    for (ExprId part : view.Children(condition)) {
      what = NarrowCopy(view, what, part, key);
    }
    return what;
  }
  if (AsksForCapitals(view, condition, key)) {
    return what == CopyOf::All || what == CopyOf::Capitals ? CopyOf::Capitals
                                                           : CopyOf::SomeCapitals;
  }
  if (what == CopyOf::Capitals || what == CopyOf::SomeCapitals) {
    return CopyOf::SomeCapitals;
  }
  const llvm::StringRef prefix = UnwantedPrefix(view, condition, key);
  const CopyOf narrowed = prefix == "_"    ? CopyOf::NotPrivate
                          : prefix == "__" ? CopyOf::NotDunder
                                           : CopyOf::Some;
  return what == CopyOf::All || what == narrowed ? narrowed : CopyOf::Some;
}

std::optional<NamespaceCopy> ReadCopy(const SyntaxView &view, ExprId argument) {
  if (const ExprId owner = OwnerOfDict(view, argument); owner.valid()) {
    return NamespaceCopy{owner, ExprId(), CopyOf::All};
  }
  if (view.Is(argument, ExprKind::Attribute) && view.TextOf(argument) == "__members__") {
    return NamespaceCopy{view.Child(argument), ExprId(), CopyOf::Members};
  }
  if (!view.Is(argument, ExprKind::Comprehension)) {
    return std::nullopt;
  }
  const ExprId element = view.Child(argument);
  const ExprId loop = view.Child(argument, 1);
  const bool pair = view.Is(element, ExprKind::Pair) || view.Is(element, ExprKind::Tuple);
  if (!pair || !view.Is(loop, ExprKind::ForIn)) {
    return std::nullopt;
  }
  const ExprId key = view.Child(element);
  auto copy =
      ReadCopyLoop(view, view.Child(loop), view.Child(loop, 1), key, view.Child(element, 1));
  for (ExprId next = view.Next(loop); copy && next.valid(); next = view.Next(next)) {
    if (view.Is(next, ExprKind::ForIn)) {
      return std::nullopt;
    }
    copy->what = NarrowCopy(view, copy->what, next, view.At(key).text);
  }
  return copy;
}

std::optional<NamespaceCopy> ReadListedNames(const SyntaxView &view, ExprId comprehension) {
  if (!view.Is(comprehension, ExprKind::Comprehension)) {
    return std::nullopt;
  }
  const ExprId element = view.Child(comprehension);
  const ExprId loop = view.Child(comprehension, 1);
  const ExprId iterable = view.Is(loop, ExprKind::ForIn) ? view.Child(loop, 1) : ExprId();
  if (!iterable.valid() || !SameName(view, element, view.Child(loop)) ||
      view.Callee(iterable) != "dir" || view.Arguments(iterable).size() != 1) {
    return std::nullopt;
  }
  NamespaceCopy copy{view.Arguments(iterable)[0], ExprId(), CopyOf::All};
  for (ExprId next = view.Next(loop); next.valid(); next = view.Next(next)) {
    copy.what = view.Is(next, ExprKind::ForIn)
                    ? CopyOf::Some
                    : NarrowCopy(view, copy.what, next, view.At(element).text);
  }
  return copy;
}

} // namespace pydefrag
