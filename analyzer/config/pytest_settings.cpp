// pytest's settings: the first file that counts as its configuration in a folder, in pytest's order
// (https://docs.pytest.org/en/stable/reference/customize.html): pytest.toml and pytest.ini even
// when empty, the others when they have the section.
#include "config/ini_reader.h"
#include "config/settings_readers.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {
namespace {

// Words as a shell would split them: blanks separate, quotes and backslashes hold together.
std::vector<std::string> ShellWords(llvm::StringRef text) {
  std::vector<std::string> words;
  std::string word;
  bool open = false;
  char quote = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '"' || c == '\'') {
      quote = c;
      open = true;
    } else if (c == '\\' && i + 1 < text.size()) {
      word += text[++i];
      open = true;
    } else if (llvm::isSpace(c)) {
      if (open) {
        words.push_back(std::move(word));
        word.clear();
      }
      open = false;
    } else {
      word += c;
      open = true;
    }
  }
  if (open) {
    words.push_back(std::move(word));
  }
  return words;
}

// The value of an option in `words` at `i`: `--name=value`, `--name value`; advances past it.
std::optional<std::string> OptionValue(const std::vector<std::string> &words, size_t &i,
                                       llvm::StringRef name) {
  llvm::StringRef word = words[i];
  if (!word.consume_front(name)) {
    return std::nullopt;
  }
  if (word.consume_front("=")) {
    return word.str();
  }
  if (word.empty() && i + 1 < words.size()) {
    return words[++i];
  }
  return std::nullopt;
}

void ReadOptions(SettingsContext &context, const std::vector<std::string> &words) {
  PytestSettings &pytest = context.project.pytest;
  for (size_t i = 0; i < words.size(); ++i) {
    if (const auto mode = OptionValue(words, i, "--import-mode")) {
      pytest.import_mode = *mode;
    } else if (const auto rootdir = OptionValue(words, i, "--rootdir")) {
      pytest.rootdir = context.Path(*rootdir).value_or(pytest.rootdir);
    } else if (const auto ignored = OptionValue(words, i, "--ignore")) {
      if (const auto path = context.Path(*ignored)) {
        pytest.ignored.push_back(*path);
      }
    } else if (llvm::StringRef(words[i]).starts_with("-p")) {
      const std::string plugin =
          words[i] == "-p" && i + 1 < words.size() ? words[++i] : words[i].substr(2);
      if (!plugin.empty() && !llvm::StringRef(plugin).starts_with("no:")) {
        pytest.plugins.push_back(plugin);
      }
    }
  }
}

void ReadKey(SettingsContext &context, llvm::StringRef key, const std::vector<std::string> &words) {
  PytestSettings &pytest = context.project.pytest;
  if (key == "pythonpath") {
    for (const std::string &word : words) {
      if (const auto path = context.Path(word)) {
        pytest.pythonpath.push_back(*path);
      }
    }
  } else if (key == "testpaths") {
    for (const std::string &word : words) {
      if (const auto path = context.Path(word)) {
        pytest.testpaths.push_back(*path);
      }
    }
  } else if (key == "python_files") {
    pytest.python_files = words;
  } else if (key == "norecursedirs") {
    pytest.norecursedirs = words;
  } else if (key == "addopts") {
    ReadOptions(context, words);
  } else if (key == "pytest_plugins") {
    pytest.plugins.insert(pytest.plugins.end(), words.begin(), words.end());
  }
}

// pytest-django's setting, and plugins that are modules by the looks of their names.
void ReadNames(SettingsContext &context, llvm::StringRef key, const std::vector<std::string> &words,
               llvm::StringRef file, uint32_t line) {
  auto add = [&](llvm::StringRef group, llvm::StringRef target) {
    context.AddNamedModule({.group = group.str(),
                            .name = key.str(),
                            .target = target.str(),
                            .path = file.str(),
                            .line = line});
  };
  if (key.equals_insensitive("DJANGO_SETTINGS_MODULE") && words.size() == 1) {
    add("DJANGO_SETTINGS_MODULE", words[0]);
  }
  for (size_t i = 0; key == "addopts" && i + 1 < words.size(); ++i) {
    if (words[i] == "-p" && llvm::StringRef(words[i + 1]).contains('.')) {
      add("pytest_plugins", words[i + 1]);
    }
  }
}

void ReadSection(SettingsContext &context, const IniSection &section, llvm::StringRef file) {
  for (const IniValue &value : section.values) {
    const std::vector<std::string> words = ShellWords(value.Text());
    ReadKey(context, value.key, words);
    ReadNames(context, value.key, words, file, value.line);
  }
}

void ReadTable(SettingsContext &context, const TomlValue &table, llvm::StringRef file) {
  for (const TomlMember &member : table.members) {
    const std::vector<std::string> words =
        member.value.IsString() ? ShellWords(member.value.text) : member.value.Strings();
    ReadNames(context, member.key, words, file, member.line);
    if (member.value.IsString()) {
      ReadKey(context, member.key, ShellWords(member.value.text));
    } else {
      ReadKey(context, member.key, member.value.Strings());
    }
  }
}

// What makes a file pytest's: being there, or having the section.
enum class Needs { Nothing, Section };

bool ReadIni(SettingsContext &context, llvm::StringRef name, llvm::StringRef section_name,
             Needs needs) {
  const std::optional<std::string> text = context.Read(name);
  if (!text) {
    return false;
  }
  const IniFile file = ParseIni(*text);
  if (!file.error.empty() && name != "setup.cfg") { // which its own reader reports
    context.AddProblem(name, file.error_line, file.error);
  }
  const IniSection *section = file.Find(section_name);
  if (section != nullptr) {
    ReadSection(context, *section, name);
  }
  return section != nullptr || needs == Needs::Nothing;
}

bool ReadToml(SettingsContext &context, llvm::StringRef name) {
  const std::optional<std::string> text = context.Read(name);
  if (!text) {
    return false;
  }
  const TomlResult parsed = ParseToml(*text);
  if (!parsed.error.empty()) {
    context.AddProblem(name, parsed.error_line, "this is not valid TOML: " + parsed.error);
  } else if (const TomlValue *table = parsed.root.Find("pytest")) {
    ReadTable(context, *table, name);
  }
  return true;
}

bool ReadPyprojectTable(SettingsContext &context) {
  const TomlValue *pytest = context.pyproject.Find({"tool", "pytest"});
  if (pytest == nullptr) {
    return false;
  }
  const TomlValue *options = pytest->Find("ini_options");
  ReadTable(context, options ? *options : *pytest, "pyproject.toml");
  return true;
}

} // namespace

void ReadPytestSettings(SettingsContext &context) {
  PytestSettings &pytest = context.project.pytest;
  pytest.python_files = {"test_*.py", "*_test.py"};
  pytest.norecursedirs = {"*.egg", ".*",           "_darcs", "build", "CVS",
                          "dist",  "node_modules", "venv",   "{arch}"};
  pytest.present = ReadToml(context, "pytest.toml") || ReadToml(context, ".pytest.toml") ||
                   ReadIni(context, "pytest.ini", "pytest", Needs::Nothing) ||
                   ReadIni(context, ".pytest.ini", "pytest", Needs::Nothing) ||
                   ReadPyprojectTable(context) ||
                   ReadIni(context, "tox.ini", "pytest", Needs::Section) ||
                   ReadIni(context, "setup.cfg", "tool:pytest", Needs::Section);
  context.is_project |= pytest.present;
}

} // namespace pydefrag
