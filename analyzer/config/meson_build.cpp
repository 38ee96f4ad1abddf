// meson.build: what a build of C, C++ or Cython makes importable. Meson's language is not read: in
// the folder of a package, and in one whose file names a package, every quoted name may be an
// extension module; elsewhere a quoted `x.py` may be written by the build. This is evidence for
// modules that have no source, nothing more.
#include "config/settings_readers.h"

#include "base/identifier.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// "_sgd_fast" of "_sgd_fast.pyx.tp"; the text itself when it is no template of Cython.
static llvm::StringRef ModuleOf(llvm::StringRef text) {
  const size_t at = text.find(".pyx");
  return at == llvm::StringRef::npos ? text : text.take_front(at);
}

// "", "../" and "../../" for a/b: Meson's paths start at the root of its project.
static std::vector<std::string> FoldersAbove(llvm::StringRef folder) {
  std::vector<std::string> above{""};
  for (; !folder.empty(); folder = FolderOf(folder)) {
    above.push_back(above.back() + "../");
  }
  return above;
}

// Calls take(the string, what stands before it in its line).
static void ForEachQuoted(llvm::StringRef rest,
                          llvm::function_ref<void(llvm::StringRef, llvm::StringRef)> take) {
  while (!rest.empty()) {
    const auto [line, below] = rest.split('\n');
    rest = below;
    llvm::StringRef code = line.split('#').first;
    while (code.contains('\'')) {
      const auto [before, opened] = code.split('\'');
      const auto [quoted, behind] = opened.split('\'');
      code = behind;
      take(quoted, before.rtrim());
    }
  }
}

void ReadMesonBuild(SettingsContext &context) {
  const std::optional<std::string> text = context.Read("meson.build");
  if (!text) {
    return;
  }
  // `subdir: 'pkg/sub'` names the package that gets what is built in a folder of C sources.
  const std::vector<std::string> above = FoldersAbove(context.project.folder);
  const bool in_package = context.HasFile("__init__.py");
  std::vector<std::string> packages;
  if (in_package) {
    packages.push_back("");
  }
  std::vector<std::string> made; // files, by name
  ForEachQuoted(*text, [&](llvm::StringRef quoted, llvm::StringRef before) {
    const bool names_package = before.ends_with("subdir:");
    for (const std::string &up :
         names_package ? llvm::ArrayRef(above) : llvm::ArrayRef<std::string>()) {
      for (const char *layout : {"", "src/"}) {
        const std::string package = up + layout + quoted.str() + "/";
        if (context.HasFile(package + "__init__.py")) {
          packages.push_back(package);
        }
      }
    }
    if (quoted.ends_with(".py")) {
      // In a package these are its sources; elsewhere a build may write them.
      if (!in_package && !quoted.contains('@')) {
        context.AddGenerated(quoted);
        made.push_back(quoted.str());
      }
    } else if (IsIdentifier(ModuleOf(quoted))) {
      made.push_back(ModuleOf(quoted).str() + ".py");
    } else if (quoted.contains('/') && !quoted.contains('@') && !quoted.contains('.')) {
      context.AddGenerated("../" + quoted.str() + ".py"); // a folder that an installation makes
    }
  });
  for (const std::string &package : packages) {
    for (const std::string &file : made) {
      context.AddGenerated(package + file);
    }
  }
}

} // namespace pydefrag
