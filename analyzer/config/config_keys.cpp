// One function per kind of value and a table of keys: a key is added by one row.
#include "config/config_keys.h"

#include "base/identifier.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

#include <algorithm>
#include <limits>

namespace pydefrag {
namespace {

using llvm::Error;
using llvm::StringRef;
using llvm::Twine;

// The value of one key, and what messages about it need.
struct Setting {
  StringRef file;
  StringRef key;
  const TomlValue &value;

  Error Fail(const Twine &message) const { return ConfigError(file, value.line, message); }
  Error WrongType(const char *expected) const {
    return Fail("`" + key + "` must be " + expected + ", not " + TomlKindName(value.kind));
  }
};

Error ReadBool(const Setting &setting, bool &to) {
  if (setting.value.kind != TomlKind::Boolean) {
    return setting.WrongType("true or false");
  }
  to = setting.value.boolean;
  return Error::success();
}

Error ReadString(const Setting &setting, std::string &to) {
  if (!setting.value.IsString()) {
    return setting.WrongType("a string");
  }
  if (setting.value.text.empty()) {
    return setting.Fail("`" + setting.key + "` must not be empty");
  }
  to = setting.value.text;
  return Error::success();
}

// Appends: `exclude` and `extend-exclude` fill one list.
Error ReadStrings(const Setting &setting, std::vector<std::string> &to) {
  if (!setting.value.IsArray()) {
    return setting.WrongType("a list of strings");
  }
  for (const TomlValue &item : setting.value.items) {
    std::string text;
    if (Error error = ReadString({setting.file, setting.key, item}, text)) {
      llvm::consumeError(std::move(error));
      return ConfigError(setting.file, item.line,
                         "`" + setting.key + "` must hold only strings that are not empty");
    }
    to.push_back(std::move(text));
  }
  return Error::success();
}

// "./src/" is "src" and "." is "": folders are spelled as paths relative to the root.
Error ReadFolders(const Setting &setting, std::vector<std::string> &to) {
  std::vector<std::string> folders;
  if (Error error = ReadStrings(setting, folders)) {
    return error;
  }
  const auto style = llvm::sys::path::Style::posix;
  for (const std::string &folder : folders) {
    llvm::SmallString<128> clean(folder);
    llvm::sys::path::remove_dots(clean, true, style);
    while (clean.ends_with("/") && clean.size() > 1) {
      clean.pop_back();
    }
    if (llvm::sys::path::is_absolute(clean, style) || clean == ".." || clean.starts_with("../")) {
      return setting.Fail("`" + setting.key + "` must name folders below the root, not `" + folder +
                          "`");
    }
    to.push_back(clean == "." ? "" : clean.str().str());
  }
  return Error::success();
}

Error ReadVersion(const Setting &setting, std::optional<PythonVersion> &to) {
  if (!setting.value.IsString()) {
    return setting.WrongType("a string such as \"3.13\"");
  }
  to = ParsePythonVersion(setting.value.text);
  if (!to || to->major != 3) {
    return setting.Fail("`" + setting.key + "` must be a Python version such as \"3.13\", not `" +
                        setting.value.text + "`");
  }
  return Error::success();
}

Error ReadSeverity(const Setting &setting, std::optional<Severity> &to) {
  if (!setting.value.IsString()) {
    return setting.WrongType("a string");
  }
  to = ParseSeverity(setting.value.text);
  if (!to) {
    return setting.Fail("`" + setting.key + "` must be `off`, `note`, `warning` or `error`, not `" +
                        setting.value.text + "`");
  }
  return Error::success();
}

Error ReadFailOn(const Setting &setting, Config &config) {
  if (!setting.value.IsString()) {
    return setting.WrongType("a string");
  }
  config.fail_on = ParseSeverity(setting.value.text);
  if (!config.fail_on || *config.fail_on == Severity::Off) {
    return setting.Fail("`fail-on` must be `note`, `warning` or `error`, not `" +
                        setting.value.text + "`");
  }
  return Error::success();
}

// Calls `read` for each member of a table whose keys are the user's.
Error ForEachMember(const Setting &setting, llvm::function_ref<Error(const Setting &)> read) {
  if (!setting.value.IsTable()) {
    return setting.WrongType("a table");
  }
  for (const TomlMember &member : setting.value.members) {
    if (member.key.empty()) {
      return ConfigError(setting.file, member.line, "empty key in `" + setting.key + "`");
    }
    if (Error error = read({setting.file, member.key, member.value})) {
      return error;
    }
  }
  return Error::success();
}

Error ReadSeverities(const Setting &setting, Config &config) {
  return ForEachMember(setting, [&](const Setting &rule) -> Error {
    std::optional<Severity> severity;
    if (Error error = ReadSeverity(rule, severity)) {
      return error;
    }
    config.severity.emplace_back(rule.key.str(), *severity);
    return Error::success();
  });
}

Error ReadPerPathIgnores(const Setting &setting, Config &config) {
  return ForEachMember(setting, [&](const Setting &pattern) -> Error {
    PerPathIgnore ignore{.pattern = pattern.key.str(), .rules = {}};
    if (Error error = ReadStrings(pattern, ignore.rules)) {
      return error;
    }
    config.per_path_ignores.push_back(std::move(ignore));
    return Error::success();
  });
}

// "shop.cart" or "shop.cart:Cart.inner".
bool IsModulePath(StringRef text) {
  const auto [module, name] = text.split(':');
  if (text.contains(':') && name.empty()) {
    return false;
  }
  for (StringRef part : {module, name.empty() ? StringRef("x") : name}) {
    llvm::SmallVector<StringRef> words;
    part.split(words, '.');
    if (!llvm::all_of(words, MayBeIdentifier)) {
      return false;
    }
  }
  return true;
}

Error CheckModulePath(const Setting &setting, StringRef text) {
  if (IsModulePath(text)) {
    return Error::success();
  }
  return setting.Fail("`" + text +
                      "` is not a module path such as `shop.cart` or `shop.cart:Cart`");
}

Error ReadCanonical(const Setting &setting, Config &config) {
  return ForEachMember(setting, [&](const Setting &symbol) -> Error {
    CanonicalPath path{.symbol = symbol.key.str(), .path = {}};
    if (Error error = ReadString(symbol, path.path)) {
      return error;
    }
    for (const StringRef text : {StringRef(path.symbol), StringRef(path.path)}) {
      if (Error error = CheckModulePath(symbol, text)) {
        return error;
      }
    }
    if (StringRef(path.symbol).contains(':') != StringRef(path.path).contains(':')) {
      return symbol.Fail("`" + path.symbol + "` and `" + path.path +
                         "` must both be modules or both be names in one");
    }
    config.canonical.push_back(std::move(path));
    return Error::success();
  });
}

Error ReadBanned(const Setting &setting, Config &config) {
  return ForEachMember(setting, [&](const Setting &banned) -> Error {
    if (Error error = CheckModulePath(banned, banned.key)) {
      return error;
    }
    if (!banned.value.IsString()) {
      return banned.WrongType("a string: the replacement, or \"\"");
    }
    config.banned.push_back({.path = banned.key.str(), .replacement = banned.value.text});
    return Error::success();
  });
}

Error ReadLevels(const Setting &setting, Config &config) {
  return ForEachMember(setting, [&](const Setting &level) -> Error {
    std::vector<std::string> patterns;
    if (Error error = ReadStrings(level, patterns)) {
      return error;
    }
    config.levels.emplace_back(level.key.str(), std::move(patterns));
    return Error::success();
  });
}

Error ReadPython(const Setting &setting, Config &config) {
  std::string folder;
  if (Error error = ReadString(setting, folder)) {
    return error;
  }
  config.python = std::move(folder);
  return Error::success();
}

struct Key {
  StringRef name;
  Error (*read)(const Setting &setting, Config &config);
};

constexpr Key kKeys[] = {
    {"source-roots", [](const Setting &s, Config &c) { return ReadFolders(s, c.source_roots); }},
    {"exclude", [](const Setting &s, Config &c) { return ReadStrings(s, c.exclude); }},
    {"extend-exclude", [](const Setting &s, Config &c) { return ReadStrings(s, c.exclude); }},
    {"select", [](const Setting &s, Config &c) { return ReadStrings(s, c.select); }},
    {"ignore", [](const Setting &s, Config &c) { return ReadStrings(s, c.ignore); }},
    {"extend-select", [](const Setting &s, Config &c) { return ReadStrings(s, c.extend_select); }},
    {"target-version",
     [](const Setting &s, Config &c) { return ReadVersion(s, c.target_version); }},
    {"python", ReadPython},
    {"fail-on", ReadFailOn},
    {"homonyms", [](const Setting &s, Config &c) { return ReadBool(s, c.homonyms); }},
    {"require-reason", [](const Setting &s, Config &c) { return ReadBool(s, c.require_reason); }},
    {"baseline", [](const Setting &s, Config &c) { return ReadString(s, c.baseline); }},
    {"severity", ReadSeverities},
    {"per-path-ignores", ReadPerPathIgnores},
    {"canonical", ReadCanonical},
    {"banned", ReadBanned},
    {"levels", ReadLevels},
};

// The known key that a wrong one was probably meant to be; empty when none is near.
StringRef NearestKey(StringRef wrong) {
  std::string spelled = wrong.str();
  std::replace(spelled.begin(), spelled.end(), '_', '-');
  StringRef best;
  unsigned best_distance = std::numeric_limits<unsigned>::max();
  for (const Key &key : kKeys) {
    const unsigned distance = StringRef(spelled).edit_distance(key.name);
    if (distance < best_distance) {
      best_distance = distance;
      best = key.name;
    }
  }
  return best_distance <= std::max<size_t>(1, best.size() / 3) ? best : StringRef();
}

} // namespace

Error ConfigError(StringRef file, uint32_t line, const Twine &message) {
  const std::string place = line == 0 ? std::string() : ":" + std::to_string(line);
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument),
                                 file + place + ": " + message);
}

Error ReadConfigTable(const TomlValue &table, StringRef file, Config &config) {
  for (const TomlMember &member : table.members) {
    const Key *key = llvm::find_if(kKeys, [&](const Key &k) { return k.name == member.key; });
    if (key == std::end(kKeys)) {
      const StringRef meant = NearestKey(member.key);
      if (member.key == "tool" && meant.empty()) {
        return ConfigError(file, member.line,
                           "unknown key `tool`: only pyproject.toml has [tool.pydefrag]; the keys "
                           "stand at the top here");
      }
      return ConfigError(file, member.line,
                         "unknown key `" + member.key + "`" +
                             (meant.empty() ? Twine() : ": did you mean `" + meant + "`?"));
    }
    if (Error error = key->read({file, member.key, member.value}, config)) {
      return error;
    }
  }
  return Error::success();
}

} // namespace pydefrag
