#include "driver/settings_check.h"

#include "config/toml_reader.h"
#include "driver/cli.h"
#include "driver/locate.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// Where `text` is a key or a string of what the user set; 0: nowhere.
static uint32_t LineOf(const TomlValue &value, llvm::StringRef text) {
  if (value.IsString() && value.text == text) {
    return value.line;
  }
  for (const TomlValue &item : value.items) {
    if (const uint32_t line = LineOf(item, text); line > 0) {
      return line;
    }
  }
  for (const TomlMember &member : value.members) {
    const uint32_t line = member.key == text ? member.line : LineOf(member.value, text);
    if (line > 0) {
      return line;
    }
  }
  return 0;
}

static TomlValue ReadToml(const Disk &disk, llvm::StringRef root, llvm::StringRef file) {
  llvm::SmallVector<char, 0> bytes;
  if (disk.Read(AbsolutePath(file, root), 1u << 24, bytes)) {
    return {};
  }
  return ParseToml({bytes.data(), bytes.size()}).root;
}

// The configuration is read once more: it is wrong, and nobody waits for the milliseconds.
static uint32_t LineInSettings(const Config &config, const Disk &disk, llvm::StringRef root,
                               llvm::StringRef text) {
  if (config.file.empty()) {
    return 0;
  }
  const TomlValue settings = ReadToml(disk, root, config.file);
  const TomlValue *tool = settings.Find({"tool", "pydefrag"});
  return LineOf(tool != nullptr ? *tool : settings, text);
}

namespace {

class SettingsChecker {
public:
  SettingsChecker(const Config &config, const Project &project, const Disk &disk,
                  llvm::StringRef root)
      : config_(config), project_(project), disk_(disk), root_(root) {}

  std::vector<Problem> Check() {
    CheckOthers();
    for (const std::string &folder : config_.source_roots) {
      if (!folder.empty() && !disk_.IsDirectory((root_ + "/" + folder).str())) {
        Say(folder, "`" + folder + "` in `source-roots` is no folder");
      }
    }
    for (const CanonicalPath &entry : config_.canonical) {
      CheckPath(entry.symbol, entry.symbol);
      CheckPath(entry.path, entry.symbol);
    }
    return std::move(problems_);
  }

private:
  void Say(llvm::StringRef text, const llvm::Twine &message) {
    problems_.push_back({.kind = ProblemKind::Settings,
                         .path = config_.file,
                         .line = LineInSettings(config_, disk_, root_, text),
                         .message = message.str()});
  }

  // Of two configurations in one folder, one is not read.
  void CheckOthers() {
    if (config_.file != "pydefrag.toml" && config_.file != ".pydefrag.toml") {
      return;
    }
    const TomlValue settings = ReadToml(disk_, root_, "pyproject.toml");
    if (const TomlValue *tool = settings.Find({"tool", "pydefrag"})) {
      problems_.push_back(
          {.kind = ProblemKind::Settings,
           .path = "pyproject.toml",
           .line = tool->line,
           .message = "[tool.pydefrag] is not read: " + config_.file + " stands beside it"});
    }
  }

  // `entry` is the key of the setting that `path` stands in.
  void CheckPath(llvm::StringRef path, llvm::StringRef entry) {
    const auto [module_name, name] = path.split(':');
    const ModuleId module = project_.FindModule(module_name);
    if (!module.valid() || !project_.modules[module].first_party) {
      Say(entry, "no module of this project is named `" + module_name + "`, as `canonical` has it" +
                     DidYouMean(module_name, Modules()));
      return;
    }
    for (llvm::StringRef part : llvm::split(name, '.')) {
      if (!part.empty() && !project_.scanned.names.Find(part).valid()) {
        Say(entry, "nothing is named `" + part + "`, as `canonical` has it" +
                       DidYouMean(part, NamesIn(module)));
        return;
      }
    }
  }

  std::vector<llvm::StringRef> Modules() const {
    std::vector<llvm::StringRef> names;
    for (const Module &module : project_.modules) {
      if (module.first_party) {
        names.push_back(project_.Text(module.name));
      }
    }
    return names;
  }

  std::vector<llvm::StringRef> NamesIn(ModuleId module) const {
    std::vector<llvm::StringRef> names;
    for (const Definition &definition : project_.definitions) {
      if (definition.module == module) {
        names.push_back(project_.Text(definition.name));
      }
    }
    return names;
  }

  const Config &config_;
  const Project &project_;
  const Disk &disk_;
  llvm::StringRef root_;
  std::vector<Problem> problems_;
};

} // namespace

std::vector<Problem> CheckSettings(const Config &config, const Project &project, const Disk &disk,
                                   llvm::StringRef root) {
  return SettingsChecker(config, project, disk, root).Check();
}

std::string SettingsPlace(const Config &config, const Disk &disk, llvm::StringRef root,
                          llvm::StringRef text) {
  const uint32_t line = LineInSettings(config, disk, root, text);
  return line == 0 ? "" : config.file + ":" + std::to_string(line) + ": ";
}

} // namespace pydefrag
