// Which file the configuration stands in, and the words and versions in it.
// The keys are in config_keys.cpp.
#include "config/config.h"

#include "config/config_keys.h"
#include "config/toml_reader.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/Path.h"

namespace pydefrag {

static constexpr uint64_t kLargestConfig = 16u << 20;
static constexpr auto kStyle = llvm::sys::path::Style::posix;

std::optional<Severity> ParseSeverity(llvm::StringRef word) {
  return llvm::StringSwitch<std::optional<Severity>>(word)
      .Case("off", Severity::Off)
      .Case("note", Severity::Note)
      .Case("warning", Severity::Warning)
      .Case("error", Severity::Error)
      .Default(std::nullopt);
}

const char *SeverityName(Severity severity) {
  switch (severity) {
  case Severity::Off:
    return "off";
  case Severity::Note:
    return "note";
  case Severity::Warning:
    return "warning";
  case Severity::Error:
    return "error";
  }
  return "";
}

// "3.11", "3.11.4" or "py311".
std::optional<PythonVersion> ParsePythonVersion(llvm::StringRef text) {
  PythonVersion version;
  text = text.trim();
  if (text.consume_front("py")) {
    if (text.size() < 2 || text.take_front(1).getAsInteger(10, version.major) ||
        text.drop_front(1).getAsInteger(10, version.minor)) {
      return std::nullopt;
    }
    return version;
  }
  auto [major, rest] = text.split('.');
  auto [minor, patch] = rest.split('.');
  unsigned ignored = 0;
  const bool patch_fine = patch.empty() || patch == "*" || !patch.getAsInteger(10, ignored);
  if (major.getAsInteger(10, version.major) || minor.getAsInteger(10, version.minor) ||
      !patch_fine || version.major < 2 || version.minor < 0 || version.minor > 99) {
    return std::nullopt;
  }
  return version;
}

static std::string Joined(llvm::StringRef folder, llvm::StringRef name) {
  return folder.empty()          ? name.str()
         : folder.ends_with("/") ? (folder + name).str()
                                 : (folder + "/" + name).str();
}

std::string FindRoot(const Disk &disk, llvm::StringRef start) {
  llvm::SmallString<256> clean(start);
  llvm::sys::path::remove_dots(clean, true, kStyle);
  llvm::StringRef folder = clean;
  while (folder.size() > 1 && folder.ends_with("/")) {
    folder = folder.drop_back();
  }
  if (disk.IsFile(folder)) {
    folder = llvm::sys::path::parent_path(folder, kStyle);
  }
  const llvm::StringRef first = folder;
  while (true) {
    for (const llvm::StringRef name : {"pyproject.toml", "pydefrag.toml", ".pydefrag.toml"}) {
      if (disk.IsFile(Joined(folder, name))) {
        return folder.str();
      }
    }
    const std::string git = Joined(folder, ".git");
    if (disk.IsDirectory(git) || disk.IsFile(git)) {
      return folder.str();
    }
    if (folder.empty() || folder == "/") {
      return first.str();
    }
    folder = llvm::sys::path::parent_path(folder, kStyle);
  }
}

// `path` as messages and the JSON show it: relative to the root when it is below.
static std::string Shown(llvm::StringRef path, llvm::StringRef root) {
  const std::string prefix = root.empty() ? "" : Joined(root, "");
  path.consume_front(prefix);
  return path.str();
}

// Where in the file the keys stand.
enum class Table { Whole, ToolPydefrag };

static llvm::Error ReadFile(const Disk &disk, llvm::StringRef path, Table where, Config &config) {
  llvm::SmallString<4096> text;
  if (const std::error_code error = disk.Read(path, kLargestConfig, text)) {
    return ConfigError(config.file, 0, error.message());
  }
  const TomlResult parsed = ParseToml(text);
  if (!parsed.error.empty()) {
    return ConfigError(config.file, parsed.error_line, "this is not valid TOML: " + parsed.error);
  }
  if (where == Table::Whole) {
    return ReadConfigTable(parsed.root, config.file, config);
  }
  const TomlValue *table = parsed.root.Find({"tool", "pydefrag"});
  if (table == nullptr) {
    config.file.clear();
    return llvm::Error::success();
  }
  if (!table->IsTable()) {
    return ConfigError(config.file, table->line, "`tool.pydefrag` must be a table");
  }
  return ReadConfigTable(*table, config.file, config);
}

llvm::Expected<Config> LoadConfig(const Disk &disk, llvm::StringRef root, llvm::StringRef file) {
  Config config;
  std::string path = file.str();
  if (path.empty()) {
    for (const llvm::StringRef name : {"pydefrag.toml", ".pydefrag.toml", "pyproject.toml"}) {
      if (disk.IsFile(Joined(root, name))) {
        path = Joined(root, name);
        break;
      }
    }
  }
  if (path.empty()) {
    return config;
  }
  config.file = Shown(path, root);
  const bool shared = llvm::sys::path::filename(path, kStyle) == "pyproject.toml";
  if (llvm::Error error =
          ReadFile(disk, path, shared ? Table::ToolPydefrag : Table::Whole, config)) {
    return error;
  }
  return config;
}

} // namespace pydefrag
