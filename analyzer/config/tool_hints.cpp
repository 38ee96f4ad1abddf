// Folders that other tools are told to find modules in: pyright, mypy, ruff, isort, ty, pyrefly,
// .env. They only ever add a root: what they name is importable for somebody.
#include "config/ini_reader.h"
#include "config/settings_readers.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

namespace pydefrag {
namespace {

void AddHints(SettingsContext &context, const TomlValue *list) {
  if (list == nullptr) {
    return;
  }
  for (const std::string &folder : list->Strings()) {
    context.AddHint(folder);
  }
}

// "a:b,c": mypy and PYTHONPATH.
void AddPathList(SettingsContext &context, llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef> parts;
  llvm::SplitString(text, parts, ":,; \t\n");
  for (llvm::StringRef part : parts) {
    for (const llvm::StringRef variable : {"$MYPY_CONFIG_FILE_DIR/", "${PYTHONPATH}", "$PYTHONPATH",
                                           "${workspaceFolder}/", "$PWD/"}) {
      part.consume_front(variable);
    }
    if (!part.empty() && !part.contains('$')) {
      context.AddHint(part);
    }
  }
}

void ReadPyrightTable(SettingsContext &context, const TomlValue *pyright) {
  if (pyright == nullptr) {
    return;
  }
  AddHints(context, pyright->Find("extraPaths"));
  if (const TomlValue *environments = pyright->Find("executionEnvironments")) {
    for (const TomlValue &environment : environments->items) {
      AddHints(context, environment.Find("root"));
      AddHints(context, environment.Find("extraPaths"));
    }
  }
}

// JSON with comments, as pyright allows it: comments become blanks, so lines stay.
std::string WithoutComments(llvm::StringRef text) {
  std::string result = text.str();
  bool in_string = false;
  for (size_t i = 0; i < result.size(); ++i) {
    if (in_string) {
      if (result[i] == '\\') {
        ++i;
      } else {
        in_string = result[i] != '"';
      }
      continue;
    }
    in_string = result[i] == '"';
    const llvm::StringRef rest = llvm::StringRef(result).substr(i);
    const bool line = rest.starts_with("//");
    if (!line && !rest.starts_with("/*")) {
      continue;
    }
    const size_t close = line ? rest.find('\n') : rest.find("*/");
    const size_t end = close == llvm::StringRef::npos ? result.size() : i + close + (line ? 0 : 2);
    for (; i < end; ++i) {
      result[i] = result[i] == '\n' ? '\n' : ' ';
    }
    --i;
  }
  return result;
}

void AddJsonHints(SettingsContext &context, const llvm::json::Object &object) {
  if (const auto root = object.getString("root")) {
    context.AddHint(*root);
  }
  if (const llvm::json::Array *paths = object.getArray("extraPaths")) {
    for (const llvm::json::Value &path : *paths) {
      if (const auto text = path.getAsString()) {
        context.AddHint(*text);
      }
    }
  }
}

void ReadPyrightConfig(SettingsContext &context) {
  constexpr llvm::StringLiteral kFile = "pyrightconfig.json";
  const std::optional<std::string> text = context.Read(kFile);
  if (!text) {
    return;
  }
  llvm::Expected<llvm::json::Value> parsed = llvm::json::parse(WithoutComments(*text));
  if (!parsed) {
    context.AddProblem(kFile, 0, "this is not valid JSON: " + llvm::toString(parsed.takeError()));
    return;
  }
  const llvm::json::Object *object = parsed->getAsObject();
  if (object == nullptr) {
    return;
  }
  AddJsonHints(context, *object);
  if (const llvm::json::Array *environments = object->getArray("executionEnvironments")) {
    for (const llvm::json::Value &environment : *environments) {
      if (const llvm::json::Object *inner = environment.getAsObject()) {
        AddJsonHints(context, *inner);
      }
    }
  }
}

void ReadMypyIni(SettingsContext &context) {
  for (const llvm::StringRef name : {"mypy.ini", ".mypy.ini", "setup.cfg"}) {
    if (const std::optional<std::string> text = context.Read(name)) {
      const IniFile file = ParseIni(*text);
      if (const IniSection *mypy = file.Find("mypy")) {
        AddPathList(context, mypy->Text("mypy_path"));
      }
    }
  }
}

void ReadIsortIni(SettingsContext &context) {
  for (const auto &[name, section] :
       {std::pair(".isort.cfg", "settings"), std::pair("setup.cfg", "isort")}) {
    if (const std::optional<std::string> text = context.Read(name)) {
      const IniFile file = ParseIni(*text);
      const IniSection *isort = file.Find(section);
      const IniValue *paths = isort ? isort->Find("src_paths") : nullptr;
      for (const IniLine &path : paths ? paths->Items() : std::vector<IniLine>()) {
        context.AddHint(path.text);
      }
    }
  }
}

// A tool's own TOML file, which holds what its table in pyproject.toml would.
TomlValue ReadOwnToml(SettingsContext &context, llvm::StringRef name) {
  const std::optional<std::string> text = context.Read(name);
  TomlResult parsed = ParseToml(text.value_or(""));
  if (!parsed.error.empty()) {
    context.AddProblem(name, parsed.error_line, "this is not valid TOML: " + parsed.error);
  }
  return std::move(parsed.root);
}

void ReadTyTable(SettingsContext &context, const TomlValue &table) {
  AddHints(context, table.Find({"environment", "root"}));
  AddHints(context, table.Find({"environment", "extra-paths"}));
  AddHints(context, table.Find({"src", "root"}));
}

void ReadDotEnv(SettingsContext &context) {
  const std::string text = context.Read(".env").value_or("");
  llvm::SmallVector<llvm::StringRef> lines;
  llvm::StringRef(text).split(lines, '\n');
  for (llvm::StringRef line : lines) {
    line = line.trim();
    line.consume_front("export ");
    if (line.consume_front("PYTHONPATH=")) {
      AddPathList(context, line.trim("\"'"));
    }
  }
}

} // namespace

void ReadToolHints(SettingsContext &context) {
  const TomlValue *tool = context.pyproject.Find("tool");
  if (tool != nullptr) {
    ReadPyrightTable(context, tool->Find("pyright"));
    ReadPyrightTable(context, tool->Find("basedpyright"));
    if (const TomlValue *paths = tool->Find({"mypy", "mypy_path"})) {
      for (const std::string &text : paths->Strings()) {
        AddPathList(context, text);
      }
    }
    AddHints(context, tool->Find({"ruff", "src"}));
    AddHints(context, tool->Find({"isort", "src_paths"}));
    AddHints(context, tool->Find({"pyrefly", "search-path"}));
    if (const TomlValue *ty = tool->Find("ty")) {
      ReadTyTable(context, *ty);
    }
  }
  ReadPyrightConfig(context);
  ReadMypyIni(context);
  ReadIsortIni(context);
  for (const llvm::StringRef name : {"ruff.toml", ".ruff.toml"}) {
    const TomlValue ruff = ReadOwnToml(context, name);
    AddHints(context, ruff.Find("src"));
  }
  ReadTyTable(context, ReadOwnToml(context, "ty.toml"));
  ReadDotEnv(context);
}

} // namespace pydefrag
