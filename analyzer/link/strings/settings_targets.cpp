// An entry point is resolved in the installed world, which the source roots stand for (semantics.md
// Y06): `module[:attribute.attribute] [extras]`. Of several projects below one folder each means
// its own modules first. Each place is found again by its line.
#include "link/strings/settings_targets.h"

#include "link/strings/target_lookup.h"
#include "source/paths.h"
#include "source/source_file.h"

#include "llvm/ADT/StringMap.h"

#include <algorithm>
#include <tuple>

namespace pydefrag {
namespace {

class SettingsReader {
public:
  SettingsReader(Project &project, Resolver &resolver, llvm::ArrayRef<ProjectSettings> all,
                 const Disk &disk)
      : project_(project), all_(all), disk_(disk), lookup_(project, resolver) {}

  // Samples declare what their own tests make up.
  void Read(const ProjectSettings &settings) {
    if (settings.sample || (settings.entry_points.empty() && settings.named_modules.empty())) {
      return;
    }
    importer_ = SomeModuleOf(settings.folder);
    for (const EntryPoint &entry : settings.entry_points) {
      llvm::StringRef target = entry.target;
      target = target.split('[').first.trim();
      const auto [module, attribute] = target.split(':');
      std::string text = module.trim().str();
      if (IsDataFile(module.trim(), attribute.trim())) {
        continue;
      }
      if (!attribute.trim().empty()) {
        text += ":" + attribute.trim().str();
      }
      Add(entry, text, TargetForm::Colon, "entry point");
    }
    for (const EntryPoint &named : settings.named_modules) {
      Add(named, named.target, TargetForm::Module, ContextFor(named.group));
    }
  }

private:
  // A module that sees what the project in this folder sees; none for the top.
  ModuleId SomeModuleOf(llvm::StringRef folder) const {
    if (folder.empty()) {
      return ModuleId();
    }
    for (const ModuleId module : project_.module_of_file) {
      const llvm::StringRef path = project_.PathOf(project_.modules[module].file);
      const auto is_deeper = [&](const ProjectSettings &other) { // a project within it
        return other.folder.size() > folder.size() && IsInFolder(other.folder, folder) &&
               IsInFolder(path, other.folder);
      };
      if (project_.modules[module].first_party && IsInFolder(path, folder) &&
          llvm::none_of(all_, is_deeper)) {
        return module;
      }
    }
    return ModuleId();
  }

  static const char *ContextFor(llvm::StringRef group) {
    return group == "pytest_plugins" ? "pytest_plugins" : "DJANGO_SETTINGS_MODULE";
  }

  // `shop:plugin.yaml` of a plugin group: a file in the package, which its host reads.
  bool IsDataFile(llvm::StringRef package, llvm::StringRef name) const {
    const ModuleId module = project_.FindModule(package);
    if (!name.contains('.') || !module.valid() || !project_.modules[module].file.valid()) {
      return false;
    }
    const llvm::StringRef folder = FolderOf(project_.PathOf(project_.modules[module].file));
    return disk_.IsFile(OnDisk(project_.root, JoinPath(folder, name)));
  }

  void Add(const EntryPoint &entry, const std::string &text, TargetForm form, const char *context) {
    TargetAnswer answer = lookup_.Find(importer_, text, form);
    if (answer.status == RowStatus::External || answer.status == RowStatus::Unknown) {
      return;
    }
    StringTarget target;
    target.context = context;
    target.text = text;
    target.class_name = std::move(answer.class_name);
    target.missing_at = answer.missing_at;
    ImportRow &row = target.row;
    WriteAnswer(answer, project_, row);
    row.context.string = true;
    Place(entry, target);
    project_.string_targets.push_back(std::move(target));
  }

  // The target in its line of the file; the missing part of it, if one is.
  void Place(const EntryPoint &entry, StringTarget &target) {
    ImportRow &row = target.row;
    row.file = FileOf(entry.path);
    const std::optional<SourceText> &source = texts_[entry.path];
    if (!source || entry.line == 0 || entry.line > source->line_count()) {
      return;
    }
    const llvm::StringRef line = source->Line(entry.line);
    const size_t behind_name = std::min(line.find('='), line.size());
    const size_t at = line.find(target.text, behind_name == line.size() ? 0 : behind_name);
    const auto begin = source->LineBegin(entry.line);
    if (at == llvm::StringRef::npos) {
      row.where = {begin, begin + static_cast<uint32_t>(line.rtrim().size())};
    } else {
      const auto from = begin + static_cast<uint32_t>(at);
      row.where = {from, from + static_cast<uint32_t>(target.text.size())};
      if (row.status == RowStatus::MissingModule || row.status == RowStatus::MissingName) {
        const llvm::StringRef part =
            llvm::StringRef(target.text).substr(target.missing_at).take_until([](char c) {
              return c == '.' || c == ':';
            });
        row.where = {from + target.missing_at,
                     from + target.missing_at + static_cast<uint32_t>(part.size())};
      }
    }
    row.statement_span = row.where;
  }

  FileId FileOf(const std::string &path) {
    auto [it, inserted] = files_.try_emplace(path);
    if (inserted) {
      texts_[path] = LoadSource(disk_, OnDisk(project_.root, path));
      it->second = FileId(project_.scanned.paths.size());
      project_.scanned.paths.push_back(path);
      project_.scanned.facts.push_back(ModuleFacts());
    }
    return it->second;
  }

  Project &project_;
  llvm::ArrayRef<ProjectSettings> all_;
  const Disk &disk_;
  TargetLookup lookup_;
  ModuleId importer_; // of the project being read
  llvm::StringMap<FileId> files_;
  llvm::StringMap<std::optional<SourceText>> texts_;
};

} // namespace

void AddSettingsTargets(Project &project, Resolver &resolver, const SettingsResult &settings,
                        const Disk &disk) {
  SettingsReader reader(project, resolver, settings.projects, disk);
  const auto begin = static_cast<std::ptrdiff_t>(project.string_targets.size());
  for (const ProjectSettings &each : settings.projects) {
    reader.Read(each);
  }
  std::stable_sort(project.string_targets.begin() + begin, project.string_targets.end(),
                   [](const StringTarget &a, const StringTarget &b) {
                     return std::tie(a.row.file, a.row.where) < std::tie(b.row.file, b.row.where);
                   });
}

} // namespace pydefrag
