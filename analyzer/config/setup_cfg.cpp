// setup.cfg as setuptools (https://setuptools.pypa.io, "Configuring setup() using setup.cfg") and
// pbr read it: package folders, dependencies, entry points, version files.
#include "config/ini_reader.h"
#include "config/settings_readers.h"

namespace pydefrag {
namespace {

constexpr llvm::StringLiteral kFile = "setup.cfg";

// Lines such as `= src` and `pkg = lib`.
void AddPackageDirs(SettingsContext &context, const IniValue &value) {
  for (const IniLine &item : value.Items()) {
    const auto [package, folder] = llvm::StringRef(item.text).split('=');
    context.AddPackage(package.trim(), folder.trim(), "setup.cfg package_dir");
  }
}

void AddRequirements(SettingsContext &context, const IniValue &value) {
  for (const IniLine &line : value.lines) {
    context.AddRequirement(line.text);
  }
}

void ReadOptions(SettingsContext &context, const IniFile &file, const IniSection &options) {
  context.is_project = true;
  const IniValue *dirs = options.Find("package_dir");
  if (dirs != nullptr) {
    AddPackageDirs(context, *dirs);
  }
  const std::string packages = options.Text("packages");
  if (packages == "find:" || packages == "find_namespace:") {
    const IniSection *find = file.Find("options.packages.find");
    const std::string where = find ? find->Text("where") : "";
    if (!where.empty() || dirs == nullptr) {
      context.AddRoot(where, "setup.cfg options.packages.find");
    }
  } else if ((!packages.empty() || options.Find("py_modules")) && dirs == nullptr) {
    context.AddRoot("", "setup.cfg options.packages");
  }
  context.SetRequiresPython(options.Text("python_requires"));
  for (const llvm::StringRef key : {"install_requires", "tests_require", "setup_requires"}) {
    if (const IniValue *value = options.Find(key)) {
      AddRequirements(context, *value);
    }
  }
}

void AddEntryPoints(SettingsContext &context, const IniSection &section) {
  for (const IniValue &group : section.values) {
    for (const IniLine &line : group.lines) {
      const auto [name, target] = llvm::StringRef(line.text).split('=');
      if (!target.trim().empty()) {
        context.AddEntryPoint({.group = group.key,
                               .name = name.trim().str(),
                               .target = target.trim().str(),
                               .path = kFile.str(),
                               .line = line.line});
      }
    }
  }
}

} // namespace

void ReadSetupCfg(SettingsContext &context) {
  const std::optional<std::string> text = context.Read(kFile);
  if (!text) {
    return;
  }
  const IniFile file = ParseIni(*text);
  if (!file.error.empty()) {
    context.AddProblem(kFile, file.error_line, file.error);
  }
  if (const IniSection *metadata = file.Find("metadata")) {
    context.is_project = true;
    if (context.project.name.empty()) {
      context.project.name = metadata->Text("name");
    }
    context.SetRequiresPython(metadata->Text("requires-python"));
  }
  if (const IniSection *options = file.Find("options")) {
    ReadOptions(context, file, *options);
  }
  if (const IniSection *extras = file.Find("options.extras_require")) {
    for (const IniValue &extra : extras->values) {
      AddRequirements(context, extra);
    }
  }
  for (const llvm::StringRef name : {"options.entry_points", "entry_points"}) {
    if (const IniSection *section = file.Find(name)) {
      AddEntryPoints(context, *section);
    }
  }
  if (const IniSection *files = file.Find("files")) { // pbr
    const std::string folder = files->Text("packages_root");
    if (!folder.empty()) {
      context.AddRoot(folder, "setup.cfg files.packages_root");
    }
  }
  if (const IniSection *versioneer = file.Find("versioneer")) {
    context.AddGenerated(versioneer->Text("versionfile_source"));
  }
}

} // namespace pydefrag
