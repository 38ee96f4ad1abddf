#include "link/resolve/library_names.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

bool ComesFromLibrary(const Resolver &resolver, ModuleId module, ExprId name) {
  const SyntaxView &view = resolver.view();
  while (view.Is(name, ExprKind::Attribute)) {
    name = view.Child(name);
  }
  const NamespaceLog &log = resolver.Log(module);
  const auto events =
      view.Is(name, ExprKind::Name) ? log.Of(view.At(name).text) : llvm::ArrayRef<uint32_t>();
  return !events.empty() && llvm::all_of(events, [&](uint32_t event) {
    return resolver.ImportsOutside(module, log.events[event]);
  });
}

} // namespace pydefrag
