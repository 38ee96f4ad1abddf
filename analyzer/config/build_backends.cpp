// Where each build backend takes packages from, and which module files it writes, by the tables of
// pyproject.toml. One function per backend; the backend's documentation is its specification.
// Defaults that depend on the disk (src/NAME, NAME) apply only where the file says nothing.
#include "config/settings_readers.h"

#include "source/paths.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

std::string Dotted(llvm::StringRef path) {
  std::string result = path.trim('/').str();
  std::replace(result.begin(), result.end(), '/', '.');
  return result;
}

// The part of a pattern before its first wildcard: "pkg/**/*.py" -> "pkg".
llvm::StringRef BeforeWildcard(llvm::StringRef pattern) {
  const size_t wild = pattern.find_first_of("*?[");
  return wild == llvm::StringRef::npos ? pattern : FolderOf(pattern.take_front(wild));
}

// The defaults that all backends share: src/NAME first, then NAME beside pyproject.toml.
void AddDefaultLayout(SettingsContext &context, llvm::StringRef module, llvm::StringRef because) {
  if (context.HoldsModule("src", module)) {
    context.AddRoot("src", because);
  } else if (context.HoldsModule("", module)) {
    context.AddRoot("", because);
  }
}

// setuptools: https://setuptools.pypa.io, "Configuring setuptools using pyproject.toml".
void ReadSetuptools(SettingsContext &context, const TomlValue &table) {
  context.is_project = true;
  if (const TomlValue *dirs = table.Find("package-dir")) {
    for (const TomlMember &dir : dirs->members) {
      context.AddPackage(dir.key, dir.value.text, "tool.setuptools.package-dir");
    }
  }
  if (const TomlValue *find = table.Find({"packages", "find"})) {
    const TomlValue *where = find->Find("where");
    for (const std::string &folder : where ? where->Strings() : std::vector<std::string>{""}) {
      context.AddRoot(folder, "tool.setuptools.packages.find");
    }
  } else if (const TomlValue *packages = table.Find("packages")) {
    if (packages->IsArray() && !table.Find("package-dir")) {
      context.AddRoot("", "tool.setuptools.packages");
    }
  }
  if (table.Find("py-modules") && !table.Find("package-dir")) {
    context.AddRoot("", "tool.setuptools.py-modules");
  }
  if (const TomlValue *extensions = table.Find("ext-modules")) {
    for (const TomlValue &extension : extensions->items) {
      context.AddExtension(extension.String("name"));
    }
  }
}

// Poetry: https://python-poetry.org/docs/pyproject/#packages.
void ReadPoetryPackages(SettingsContext &context, const TomlValue &poetry) {
  const TomlValue *packages = poetry.Find("packages");
  if (packages == nullptr) {
    AddDefaultLayout(context, context.ModuleName(), "tool.poetry");
    return;
  }
  for (const TomlValue &package : packages->items) {
    const llvm::StringRef include = BeforeWildcard(package.String("include"));
    const llvm::StringRef from = package.String("from");
    const llvm::StringRef to = package.String("to");
    if (to.empty()) {
      context.AddRoot(from, "tool.poetry.packages");
    } else {
      context.AddPackage(Dotted(JoinPath(to, include)), JoinPath(from, include),
                         "tool.poetry.packages");
    }
  }
}

// Hatch, one of [tool.hatch.build] and its wheel target: https://hatch.pypa.io/latest/config/build.
bool ReadHatchTarget(SettingsContext &context, const TomlValue &target) {
  bool found = false;
  const auto add = [&](llvm::StringRef package, llvm::StringRef folder, llvm::StringRef because) {
    context.AddPackage(package, folder, because);
    found = true;
  };
  if (const TomlValue *packages = target.Find("packages")) {
    for (const std::string &path : packages->Strings()) {
      add("", FolderOf(llvm::StringRef(path).rtrim('/')), "tool.hatch.build packages");
    }
  }
  if (const TomlValue *sources = target.Find("sources")) {
    for (const std::string &folder : sources->Strings()) {
      add("", folder, "tool.hatch.build sources");
    }
    for (const TomlMember &source : sources->members) {
      add(Dotted(source.value.text), source.key, "tool.hatch.build sources");
    }
  }
  if (const TomlValue *only = target.Find("only-include"); only && !target.Find("sources")) {
    for (const std::string &path : only->Strings()) {
      add("", FolderOf(llvm::StringRef(path).rtrim('/')), "tool.hatch.build only-include");
    }
  }
  if (const TomlValue *force = target.Find("force-include")) {
    for (const TomlMember &include : force->members) {
      if (llvm::StringRef(include.value.text).ends_with(".py")) {
        context.AddGenerated(include.value.text);
      } else if (context.HasFolder(include.key)) {
        context.AddPackage(Dotted(include.value.text), include.key,
                           "tool.hatch.build force-include");
      }
    }
  }
  if (const TomlValue *folders = target.Find("dev-mode-dirs")) {
    for (const std::string &folder : folders->Strings()) {
      add("", folder, "tool.hatch.build dev-mode-dirs");
    }
  }
  return found;
}

void ReadHatch(SettingsContext &context, const TomlValue *hatch) {
  bool found = false;
  if (const TomlValue *build = hatch ? hatch->Find("build") : nullptr) {
    found |= ReadHatchTarget(context, *build);
    if (const TomlValue *wheel = build->Find({"targets", "wheel"})) {
      found |= ReadHatchTarget(context, *wheel);
    }
    for (const TomlValue *hooks :
         {build->Find("hooks"), build->Find({"targets", "wheel", "hooks"})}) {
      if (const TomlValue *vcs = hooks ? hooks->Find("vcs") : nullptr) {
        context.AddGenerated(vcs->String("version-file"));
      }
    }
  }
  if (!found) {
    AddDefaultLayout(context, context.ModuleName(), "hatchling");
  }
}

// PDM: https://backend.pdm-project.org/build_config. A path is written below package-dir.
void ReadPdm(SettingsContext &context, const TomlValue *pdm) {
  llvm::StringRef folder;
  if (pdm != nullptr) {
    const TomlValue *build = pdm->Find("build");
    folder = build ? build->String("package-dir") : llvm::StringRef();
    folder = folder.empty() ? pdm->String("package-dir") : folder;
    if (const TomlValue *version = pdm->Find("version")) {
      const llvm::StringRef path = version->String("write_to");
      context.AddGenerated(path);
      context.AddGenerated(JoinPath(folder.empty() ? "src" : folder, path));
    }
  }
  if (!folder.empty()) {
    context.AddRoot(folder, "tool.pdm.build.package-dir");
  } else if (context.HasFolder("src")) {
    context.AddRoot("src", "pdm-backend");
  }
}

// Flit: https://flit.pypa.io/en/stable/pyproject_toml.html#module-section.
void ReadFlit(SettingsContext &context, const TomlValue *flit) {
  llvm::StringRef module;
  if (flit != nullptr) {
    const TomlValue *table = flit->Find("module");
    module = table ? table->String("name") : llvm::StringRef();
    const TomlValue *metadata = flit->Find("metadata");
    module = module.empty() && metadata ? metadata->String("module") : module;
  }
  AddDefaultLayout(context, module.empty() ? context.ModuleName() : module.str(), "flit");
}

// uv: https://docs.astral.sh/uv/reference/settings/#build-backend.
void ReadUv(SettingsContext &context, const TomlValue *backend) {
  const TomlValue *folder = backend ? backend->Find("module-root") : nullptr;
  context.AddRoot(folder && folder->IsString() ? llvm::StringRef(folder->text)
                                               : llvm::StringRef("src"),
                  "uv_build");
}

// What the crate says of the module that it is built into; empty: nothing.
std::string ModuleOfCrate(SettingsContext &context, llvm::StringRef manifest) {
  const std::optional<std::string> text = context.Read(manifest);
  const TomlResult parsed = ParseToml(text.value_or(""));
  const TomlValue *named = parsed.root.Find({"package", "metadata", "maturin"});
  if (named != nullptr && !named->String("name").empty()) {
    return named->String("name").str();
  }
  const TomlValue *lib = parsed.root.Find("lib");
  const TomlValue *package = parsed.root.Find("package");
  std::string name = lib != nullptr ? lib->String("name").str() : "";
  if (name.empty() && package != nullptr) {
    name = package->String("name").str();
    std::replace(name.begin(), name.end(), '-', '_');
  }
  return name;
}

// maturin: https://www.maturin.rs/config.
void ReadMaturin(SettingsContext &context, const TomlValue *maturin) {
  llvm::StringRef source;
  llvm::StringRef manifest;
  std::string module;
  if (maturin != nullptr) {
    source = maturin->String("python-source");
    manifest = maturin->String("manifest-path");
    module = maturin->String("module-name").str();
  }
  if (!source.empty()) {
    context.AddRoot(source, "tool.maturin.python-source");
  }
  module =
      module.empty() ? ModuleOfCrate(context, manifest.empty() ? "Cargo.toml" : manifest) : module;
  module = module.empty() ? context.ModuleName() : module;
  context.AddExtension(module);
  if (!module.empty() && !llvm::StringRef(module).contains('.')) {
    context.AddExtension(module + "." + module); // in the package of its name, where there is one
  }
}

// scikit-build-core: https://scikit-build-core.readthedocs.io/en/latest/reference/configs.html.
void ReadScikitBuild(SettingsContext &context, const TomlValue *table) {
  const TomlValue *packages = table ? table->Find({"wheel", "packages"}) : nullptr;
  if (const TomlValue *generate = table ? table->Find("generate") : nullptr) {
    for (const TomlValue &file : generate->items) {
      context.AddGenerated(file.String("path"));
    }
  }
  if (packages == nullptr) {
    const std::string module = context.ModuleName();
    if (context.HoldsModule("python", module)) {
      context.AddRoot("python", "scikit-build-core");
    } else {
      AddDefaultLayout(context, module, "scikit-build-core");
    }
    return;
  }
  for (const std::string &path : packages->Strings()) {
    context.AddRoot(FolderOf(llvm::StringRef(path).rtrim('/')), "tool.scikit-build.wheel.packages");
  }
  for (const TomlMember &package : packages->members) {
    context.AddPackage(Dotted(package.key), package.value.text, "tool.scikit-build.wheel.packages");
  }
}

// Plugins that write the version into a module, whatever the backend.
void ReadVersionWriters(SettingsContext &context, const TomlValue &tool) {
  if (const TomlValue *scm = tool.Find("setuptools_scm")) {
    context.AddGenerated(scm->String("write_to"));
    context.AddGenerated(scm->String("version_file"));
  }
  if (const TomlValue *scm = tool.Find("setuptools-scm")) {
    context.AddGenerated(scm->String("write_to"));
    context.AddGenerated(scm->String("version_file"));
  }
  if (const TomlValue *versioneer = tool.Find("versioneer")) {
    context.AddGenerated(versioneer->String("versionfile_source"));
  }
  if (const TomlValue *write = tool.Find({"versioningit", "write"})) {
    context.AddGenerated(write->String("file"));
  }
  if (const TomlValue *rust = tool.Find({"setuptools-rust", "ext-modules"})) {
    for (const TomlValue &extension : rust->items) {
      context.AddExtension(extension.String("target"));
    }
  }
}

} // namespace

void ReadBuildBackends(SettingsContext &context) {
  const TomlValue *build = context.pyproject.Find("build-system");
  const llvm::StringRef backend = build ? build->String("build-backend") : llvm::StringRef();
  const TomlValue *found = context.pyproject.Find("tool");
  const TomlValue none;
  const TomlValue &tool = found ? *found : none;
  if (const TomlValue *setuptools = tool.Find("setuptools")) {
    ReadSetuptools(context, *setuptools);
  }
  if (const TomlValue *poetry = tool.Find("poetry"); poetry || backend.contains("poetry")) {
    ReadPoetryPackages(context, poetry ? *poetry : none);
  }
  if (const TomlValue *hatch = tool.Find("hatch"); backend.contains("hatchling")) {
    ReadHatch(context, hatch);
  }
  if (const TomlValue *pdm = tool.Find("pdm"); backend.contains("pdm")) {
    ReadPdm(context, pdm);
  }
  if (const TomlValue *flit = tool.Find("flit"); flit || backend.contains("flit")) {
    ReadFlit(context, flit);
  }
  if (backend.contains("uv_build")) {
    ReadUv(context, tool.Find({"uv", "build-backend"}));
  }
  if (const TomlValue *maturin = tool.Find("maturin"); maturin || backend.contains("maturin")) {
    ReadMaturin(context, maturin);
  }
  if (const TomlValue *table = tool.Find("scikit-build"); table || backend.contains("scikit")) {
    ReadScikitBuild(context, table);
  }
  ReadVersionWriters(context, tool);
}

} // namespace pydefrag
