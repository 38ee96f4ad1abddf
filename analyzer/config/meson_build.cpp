// meson.build: what a build of C, C++ or Cython makes importable. Meson's language is not read: in
// the folder of a package every quoted name may be an extension module, and every quoted `x.py` may
// be written by the build. This is evidence for modules that have no source, nothing more.
#include "config/settings_readers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

static bool IsIdentifier(llvm::StringRef text) {
  return !text.empty() && !llvm::isDigit(text.front()) &&
         llvm::all_of(text, [](char c) { return llvm::isAlnum(c) || c == '_'; });
}

// "_sgd_fast" of "_sgd_fast.pyx.tp"; the text itself when it is no template of Cython.
static llvm::StringRef ModuleOf(llvm::StringRef text) {
  const size_t at = text.find(".pyx");
  return at == llvm::StringRef::npos ? text : text.take_front(at);
}

void ReadMesonBuild(SettingsContext &context) {
  const std::optional<std::string> text = context.Read("meson.build");
  if (!text) {
    return;
  }
  const bool package = context.HasFile("__init__.py");
  llvm::StringRef rest = *text;
  while (!rest.empty()) {
    const auto [line, below] = rest.split('\n');
    rest = below;
    llvm::StringRef code = line.split('#').first;
    while (code.contains('\'')) {
      const auto [quoted, behind] = code.split('\'').second.split('\'');
      code = behind;
      if (quoted.ends_with(".py") && !quoted.contains('@')) {
        context.AddGenerated(quoted);
      } else if (package && IsIdentifier(ModuleOf(quoted))) {
        context.AddGenerated(ModuleOf(quoted).str() + ".py");
      }
    }
  }
}

} // namespace pydefrag
