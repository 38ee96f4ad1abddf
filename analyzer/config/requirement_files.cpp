// Requirements outside of package metadata: requirements*.txt and what they include, Pipfile.
#include "config/requirements.h"
#include "config/settings_readers.h"

#include "llvm/ADT/StringSet.h"

namespace pydefrag {

static void ReadPipfile(SettingsContext &context) {
  const std::optional<std::string> text = context.Read("Pipfile");
  if (!text) {
    return;
  }
  const TomlResult parsed = ParseToml(*text);
  if (!parsed.error.empty()) {
    context.AddProblem("Pipfile", parsed.error_line, "this is not valid TOML: " + parsed.error);
    return;
  }
  for (const llvm::StringRef key : {"packages", "dev-packages"}) {
    if (const TomlValue *packages = parsed.root.Find(key)) {
      for (const TomlMember &package : packages->members) {
        context.AddRequirement(package.key);
      }
    }
  }
}

void ReadRequirementFiles(SettingsContext &context, llvm::ArrayRef<std::string> names) {
  ReadPipfile(context);
  std::vector<std::string> waiting(names.begin(), names.end());
  llvm::StringSet<> seen;
  while (!waiting.empty()) {
    const std::string name = std::move(waiting.back());
    waiting.pop_back();
    if (!seen.insert(name).second || !context.Path(name)) {
      continue;
    }
    const std::optional<std::string> text = context.Read(name);
    if (!text) {
      continue;
    }
    RequirementLines lines = ReadRequirementLines(*text);
    for (const std::string &distribution : lines.names) {
      context.AddRequirement(distribution);
    }
    // Included files are named relative to the one that includes them.
    const size_t slash = name.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : name.substr(0, slash + 1);
    for (const std::string &included : lines.included) {
      waiting.push_back(folder + included);
    }
  }
}

} // namespace pydefrag
