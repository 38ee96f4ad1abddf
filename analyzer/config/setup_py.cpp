// Literal arguments in setup.py, found by a scan over its words: `package_dir={"": "src"}`,
// `find_packages("src")`, `entry_points={...}`, `Extension("pkg._c", ...)`. The file is not parsed:
// what is computed is left out, as are files that never call setup(). Where the name of an
// extension is computed, each dotted text of the file that names no module on the disk may be one.
#include "base/identifier.h"
#include "config/ini_reader.h"
#include "config/settings_readers.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <vector>

namespace pydefrag {
namespace {

constexpr llvm::StringLiteral kFile = "setup.py";

enum class WordKind : uint8_t { Name, String, Mark /* one byte of punctuation */, End };

struct Word {
  WordKind kind = WordKind::End;
  std::string text;
  uint32_t line = 0;
};

// Names, strings and punctuation of Python text; comments are left out. Adjacent strings are
// joined, as Python does. Numbers come out as names, which nobody asks for.
class WordReader {
public:
  explicit WordReader(llvm::StringRef text) : text_(text) {}

  std::vector<Word> Run() {
    while (at_ < text_.size()) {
      Step();
    }
    return std::move(words_);
  }

private:
  static bool IsNameByte(char c) {
    return llvm::isAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
  }

  void Step() {
    const char c = text_[at_];
    if (c == '#') {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (c == '\n') {
      ++line_;
      ++at_;
    } else if (c == '"' || c == '\'') {
      ReadString();
    } else if (IsNameByte(c)) {
      const llvm::StringRef name = text_.substr(at_).take_while(IsNameByte);
      at_ += name.size();
      const bool prefix = name.size() <= 2 && at_ < text_.size() &&
                          (text_[at_] == '"' || text_[at_] == '\'') &&
                          name.lower().find_first_not_of("rbuft") == std::string::npos;
      if (!prefix) {
        words_.push_back({WordKind::Name, name.str(), line_});
      }
    } else {
      if (!llvm::isSpace(c) && c != '\\') {
        words_.push_back({WordKind::Mark, std::string(1, c), line_});
      }
      ++at_;
    }
  }

  void ReadString() {
    const std::string triple(3, text_[at_]);
    const bool is_triple = text_.substr(at_).starts_with(triple);
    const llvm::StringRef end = is_triple ? llvm::StringRef(triple) : text_.substr(at_, 1);
    at_ += end.size();
    Word word{WordKind::String, "", line_};
    while (at_ < text_.size() && !text_.substr(at_).starts_with(end)) {
      if (text_[at_] == '\n') {
        ++line_;
        if (!is_triple) {
          break;
        }
      }
      if (text_[at_] == '\\' && at_ + 1 < text_.size()) {
        ++at_;
        line_ += text_[at_] == '\n' ? 1 : 0;
      }
      word.text += text_[at_++];
    }
    at_ = std::min(at_ + end.size(), text_.size());
    if (!words_.empty() && words_.back().kind == WordKind::String) {
      words_.back().text += word.text;
    } else {
      words_.push_back(std::move(word));
    }
  }

  llvm::StringRef text_;
  size_t at_ = 0;
  uint32_t line_ = 1;
  std::vector<Word> words_;
};

class SetupReader {
public:
  SetupReader(SettingsContext &context, std::vector<Word> words)
      : context_(context), words_(std::move(words)) {}

  bool CallsSetup() const {
    for (size_t i = 0; i + 1 < words_.size(); ++i) {
      if (IsName(i, "setup") && IsMark(i + 1, '(')) {
        return true;
      }
    }
    return false;
  }

  void ReadExtensions() {
    bool computed = false;
    for (size_t i = 0; i + 1 < words_.size(); ++i) {
      if (words_[i].kind == WordKind::Name && IsMark(i + 1, '(') && IsExtension(words_[i].text)) {
        const size_t at = NameArgument(i + 2);
        if (IsLoneString(at)) {
          context_.AddExtension(words_[at].text);
        } else {
          computed = true;
        }
      }
    }
    for (const Word &word : words_) {
      if (computed && word.kind == WordKind::String && IsDottedName(word.text) &&
          !context_.HoldsModule("", word.text) && !context_.HoldsModule("src", word.text)) {
        context_.AddExtension(word.text);
      }
    }
  }

  // "shop/_made.py" or "shop/_made.pyx", which is not there: the script writes it, has it written,
  // or compiles what a distribution left out.
  void ReadWrittenFiles() {
    for (const Word &word : words_) {
      llvm::StringRef path = word.text;
      const bool python =
          word.kind == WordKind::String && (path.consume_back(".py") || path.consume_back(".pyx"));
      std::string dotted = path.str();
      std::replace(dotted.begin(), dotted.end(), '/', '.');
      const bool module = python && path.contains('/') && IsDottedIdentifier(dotted);
      if (module && !context_.HasFile(word.text)) {
        context_.AddGenerated((path + ".py").str());
      }
    }
  }

  void Run() {
    ReadExtensions();
    ReadWrittenFiles();
    for (size_t i = 0; i < words_.size(); ++i) {
      if (words_[i].kind != WordKind::Name) {
        continue;
      }
      if (IsMark(i + 1, '(')) {
        ReadCall(words_[i].text, i + 2);
      } else if (IsMark(i + 1, '=') && !IsMark(i + 2, '=')) {
        ReadArgument(words_[i].text, i + 2);
      }
    }
  }

private:
  bool IsName(size_t i, llvm::StringRef text) const {
    return i < words_.size() && words_[i].kind == WordKind::Name && words_[i].text == text;
  }
  bool IsMark(size_t i, char c) const {
    return i < words_.size() && words_[i].kind == WordKind::Mark && words_[i].text[0] == c;
  }
  bool IsString(size_t i) const { return i < words_.size() && words_[i].kind == WordKind::String; }
  // Whether the value at `i` is one string and nothing more.
  bool IsLoneString(size_t i) const {
    return IsString(i) && (i + 1 == words_.size() || IsMark(i + 1, ',') || IsMark(i + 1, ')') ||
                           IsMark(i + 1, ']') || IsMark(i + 1, '}'));
  }

  // Past the bracket that opens at `i`; the strings directly in it that stand alone go to
  // `strings`, whatever the nesting. `begun`: also those that something is done to, as in
  // `"core>={}".format(VERSION)`.
  size_t ReadBrackets(size_t i, std::vector<Word> &strings, bool begun = false) const {
    int depth = 0;
    for (; i < words_.size(); ++i) {
      if (IsMark(i, '[') || IsMark(i, '{') || IsMark(i, '(')) {
        ++depth;
      } else if (IsMark(i, ']') || IsMark(i, '}') || IsMark(i, ')')) {
        if (--depth == 0) {
          return i + 1;
        }
      } else if (IsLoneString(i) || (begun && IsString(i) && !IsMark(i + 1, ':') &&
                                     words_[i - 1].kind == WordKind::Mark)) {
        strings.push_back(words_[i]);
      }
    }
    return i;
  }

  // Also RustExtension, Pybind11Extension.
  static bool IsExtension(llvm::StringRef callee) { return callee.ends_with("Extension"); }
  static bool IsDottedName(llvm::StringRef text) {
    return text.contains('.') && IsDottedIdentifier(text);
  }
  // Where the first argument stands, of the call whose arguments begin at `i`.
  size_t NameArgument(size_t i) const {
    return IsName(i, "name") && IsMark(i + 1, '=') ? i + 2 : i;
  }

  void ReadCall(llvm::StringRef name, size_t i) {
    if (name == "find_packages" || name == "find_namespace_packages") {
      if (IsName(i, "where") && IsMark(i + 1, '=')) {
        i += 2;
      }
      if (IsLoneString(i)) {
        context_.AddRoot(words_[i].text, "setup.py find_packages");
      }
    }
  }

  void ReadArgument(llvm::StringRef key, size_t i) {
    if (key == "package_dir" && IsMark(i, '{')) {
      ReadPackageDir(i);
    } else if (key == "name" && IsLoneString(i) && context_.project.name.empty()) {
      context_.project.name = words_[i].text;
    } else if (key == "python_requires" && IsLoneString(i)) {
      context_.SetRequiresPython(words_[i].text);
    } else if (key == "py_modules" && IsMark(i, '[')) {
      context_.AddRoot("", "setup.py py_modules");
    } else if (key == "entry_points") {
      ReadEntryPoints(i);
    } else if (key == "use_scm_version" && IsMark(i, '{')) {
      ReadVersionFile(i);
    } else if (key.ends_with("_requires") || key.ends_with("_require") || key == "requirements") {
      ReadRequirements(i);
    }
  }

  // {"": "src", "pkg": "lib/pkg"}
  void ReadPackageDir(size_t i) {
    for (++i; i + 2 < words_.size() && !IsMark(i, '}'); ++i) {
      if (IsString(i) && IsMark(i + 1, ':') && IsLoneString(i + 2)) {
        context_.AddPackage(words_[i].text, words_[i + 2].text, "setup.py package_dir");
        i += 2;
      }
    }
  }

  void ReadVersionFile(size_t i) {
    for (++i; i + 2 < words_.size() && !IsMark(i, '}'); ++i) {
      const bool names_file =
          IsString(i) && (words_[i].text == "write_to" || words_[i].text == "version_file");
      if (names_file && IsMark(i + 1, ':') && IsLoneString(i + 2)) {
        context_.AddGenerated(words_[i + 2].text);
      }
    }
  }

  // ["core>=1"], {"tests": [...]}, REQUIRED + ["core>=1"]: lists, and names of lists. What is
  // computed may name any distribution.
  void ReadRequirements(size_t i) {
    std::vector<Word> strings;
    bool known = true;
    while (i < words_.size()) {
      if (words_[i].kind == WordKind::Name) {
        known &= ReadListsNamed(words_[i++].text, strings) && !IsMark(i, '(') && !IsMark(i, '.');
      } else if (IsMark(i, '[') || IsMark(i, '{')) {
        i = ReadBrackets(i, strings, true);
      } else {
        known = false;
        break;
      }
      if (!IsMark(i++, '+')) {
        break;
      }
    }
    context_.project.more_dependencies |= !known;
    for (const Word &word : strings) {
      context_.AddRequirement(word.text);
    }
  }

  // REQUIRED = ["core>=1"]; whether there is one.
  bool ReadListsNamed(llvm::StringRef name, std::vector<Word> &strings) const {
    bool found = false;
    for (size_t i = 0; i < words_.size(); ++i) {
      if (IsName(i, name) && IsMark(i + 1, '=') && (IsMark(i + 2, '[') || IsMark(i + 2, '{'))) {
        ReadBrackets(i + 2, strings, true);
        found = true;
      }
    }
    return found;
  }

  void AddEntryPoint(llvm::StringRef group, llvm::StringRef text, uint32_t line) {
    const auto [name, target] = text.split('=');
    if (!target.trim().empty()) {
      context_.AddEntryPoint({.group = group.str(),
                              .name = name.trim().str(),
                              .target = target.trim().str(),
                              .path = kFile.str(),
                              .line = line});
    }
  }

  // {"console_scripts": ["a = b:c"], "plugins": "d = e"}, or the text of an ini file.
  void ReadEntryPoints(size_t i) {
    if (IsLoneString(i)) {
      const IniFile file = ParseIni(words_[i].text);
      for (const IniSection &section : file.sections) {
        for (const IniValue &value : section.values) {
          AddEntryPoint(section.name, value.key + "=" + value.Text(),
                        words_[i].line + value.line - 1);
        }
      }
      return;
    }
    if (!IsMark(i, '{')) {
      return;
    }
    for (++i; i + 2 < words_.size() && !IsMark(i, '}');) {
      if (!IsString(i) || !IsMark(i + 1, ':')) {
        ++i;
        continue;
      }
      const std::string group = words_[i].text;
      std::vector<Word> targets;
      i += 2;
      if (IsLoneString(i)) {
        targets.push_back(words_[i++]);
      } else if (IsMark(i, '[') || IsMark(i, '(')) {
        i = ReadBrackets(i, targets);
      }
      for (const Word &target : targets) {
        AddEntryPoint(group, target.text, target.line);
      }
    }
  }

  SettingsContext &context_;
  std::vector<Word> words_;
};

} // namespace

void ReadSetupPy(SettingsContext &context) {
  const std::optional<std::string> text = context.Read(kFile);
  if (!text) {
    return;
  }
  SetupReader reader(context, WordReader(*text).Run());
  if (reader.CallsSetup()) {
    context.is_project = true;
    reader.Run();
  }
}

void ReadSetupPackages(SettingsContext &context, llvm::ArrayRef<std::string> paths) {
  for (const std::string &path : paths) {
    if (const std::optional<std::string> text = context.Read(path)) {
      SetupReader(context, WordReader(*text).Run()).ReadExtensions();
    }
  }
}

} // namespace pydefrag
