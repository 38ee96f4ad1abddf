// pyproject.toml: who the project is, what it needs and which entry points it declares.
// [project] (PEP 621), [dependency-groups] (PEP 735), Poetry, PDM, uv, Hatch environments, Flit.
#include "config/settings_readers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {
namespace {

constexpr llvm::StringLiteral kFile = "pyproject.toml";

void AddRequirements(SettingsContext &context, const TomlValue *list) {
  if (list == nullptr) {
    return;
  }
  for (const std::string &requirement : list->Strings()) {
    context.AddRequirement(requirement);
  }
}

// Each member of a table is a list of requirements: extras, groups.
void AddRequirementGroups(SettingsContext &context, const TomlValue *table) {
  if (table == nullptr) {
    return;
  }
  for (const TomlMember &group : table->members) {
    AddRequirements(context, &group.value);
  }
}

void AddEntryPoint(SettingsContext &context, llvm::StringRef group, const TomlMember &member) {
  const TomlValue *target = &member.value;
  if (target->IsTable()) { // Poetry: {reference = "pkg.mod:f", type = "console"}
    const TomlValue *reference = target->Find("reference");
    target = reference ? reference : target->Find("callable");
    if (member.value.String("type") == "file") {
      return;
    }
  }
  if (target && target->IsString()) {
    context.AddEntryPoint({.group = group.str(),
                           .name = member.key,
                           .target = target->text,
                           .path = kFile.str(),
                           .line = target->line});
  }
}

void AddEntryPoints(SettingsContext &context, llvm::StringRef group, const TomlValue *table) {
  if (table == nullptr) {
    return;
  }
  for (const TomlMember &member : table->members) {
    AddEntryPoint(context, group, member);
  }
}

// A table of groups, each a table of entry points.
void AddEntryPointGroups(SettingsContext &context, const TomlValue *groups) {
  if (groups == nullptr) {
    return;
  }
  for (const TomlMember &group : groups->members) {
    AddEntryPoints(context, group.key, &group.value);
  }
}

void ReadProjectTable(SettingsContext &context, const TomlValue &project) {
  context.is_project = true;
  context.project.name = project.String("name").str();
  context.SetRequiresPython(project.String("requires-python"));
  AddRequirements(context, project.Find("dependencies"));
  AddRequirementGroups(context, project.Find("optional-dependencies"));
  // `dynamic = ["dependencies"]`: setup.py and setup.cfg are read; a file that setuptools reads, or
  // a hook of another back end, may say more.
  const TomlValue *dynamic = project.Find("dynamic");
  const bool computed =
      dynamic != nullptr && llvm::is_contained(dynamic->Strings(), "dependencies");
  const auto says = [&](llvm::StringRef file) {
    const std::optional<std::string> text = context.Read(file);
    return text && llvm::StringRef(*text).contains("install_requires");
  };
  context.project.more_dependencies |= computed && !says("setup.py") && !says("setup.cfg");
  AddEntryPoints(context, "console_scripts", project.Find("scripts"));
  AddEntryPoints(context, "gui_scripts", project.Find("gui-scripts"));
  AddEntryPointGroups(context, project.Find("entry-points"));
}

// Poetry's tables have the distribution as the key.
void AddPoetryDependencies(SettingsContext &context, const TomlValue *table) {
  if (table == nullptr) {
    return;
  }
  for (const TomlMember &member : table->members) {
    if (member.key != "python") {
      context.AddRequirement(member.key);
      continue;
    }
    const llvm::StringRef version = member.value.text;
    // "3.9" alone is that version; "^3.8" and "~3.8" are understood as they stand.
    context.SetRequiresPython(version);
  }
}

void ReadPoetry(SettingsContext &context, const TomlValue &poetry) {
  context.is_project = true;
  if (context.project.name.empty()) {
    context.project.name = poetry.String("name").str();
  }
  AddPoetryDependencies(context, poetry.Find("dependencies"));
  AddPoetryDependencies(context, poetry.Find("dev-dependencies"));
  if (const TomlValue *groups = poetry.Find("group")) {
    for (const TomlMember &group : groups->members) {
      AddPoetryDependencies(context, group.value.Find("dependencies"));
    }
  }
  AddEntryPoints(context, "console_scripts", poetry.Find("scripts"));
  AddEntryPointGroups(context, poetry.Find("plugins"));
}

void ReadFlitMetadata(SettingsContext &context, const TomlValue &flit) {
  const TomlValue *metadata = flit.Find("metadata");
  if (metadata != nullptr) {
    context.is_project = true;
    if (context.project.name.empty()) {
      const llvm::StringRef name = metadata->String("dist-name");
      context.project.name = (name.empty() ? metadata->String("module") : name).str();
    }
    AddRequirements(context, metadata->Find("requires"));
    AddRequirementGroups(context, metadata->Find("requires-extra"));
    context.SetRequiresPython(metadata->String("requires-python"));
  }
  AddEntryPoints(context, "console_scripts", flit.Find("scripts"));
  AddEntryPointGroups(context, flit.Find("entrypoints"));
}

void ReadHatchEnvironments(SettingsContext &context, const TomlValue *environments) {
  if (environments == nullptr) {
    return;
  }
  for (const TomlMember &environment : environments->members) {
    AddRequirements(context, environment.value.Find("dependencies"));
    AddRequirements(context, environment.value.Find("extra-dependencies"));
  }
}

} // namespace

void ReadPyproject(SettingsContext &context) {
  const std::optional<std::string> text = context.Read(kFile);
  if (!text) {
    return;
  }
  TomlResult parsed = ParseToml(*text);
  if (!parsed.error.empty()) {
    context.AddProblem(kFile, parsed.error_line, "this is not valid TOML: " + parsed.error);
    return;
  }
  context.pyproject = std::move(parsed.root);
  const TomlValue &root = context.pyproject;
  if (const TomlValue *project = root.Find("project")) {
    ReadProjectTable(context, *project);
  }
  AddRequirementGroups(context, root.Find("dependency-groups"));
  if (const TomlValue *build = root.Find("build-system")) {
    context.is_project = true;
    AddRequirements(context, build->Find("requires"));
  }
  const TomlValue *tool = root.Find("tool");
  if (tool == nullptr) {
    return;
  }
  if (const TomlValue *poetry = tool->Find("poetry")) {
    ReadPoetry(context, *poetry);
  }
  if (const TomlValue *flit = tool->Find("flit")) {
    ReadFlitMetadata(context, *flit);
  }
  AddRequirementGroups(context, tool->Find({"pdm", "dev-dependencies"}));
  AddRequirements(context, tool->Find({"uv", "dev-dependencies"}));
  ReadHatchEnvironments(context, tool->Find({"hatch", "envs"}));
}

} // namespace pydefrag
