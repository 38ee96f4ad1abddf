// The configuration: which file, which keys, and what is said about wrong ones.
#include "config/config.h"

#include "config/toml_reader.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

using Strings = std::vector<std::string>;

Config Load(llvm::ArrayRef<MemoryFile> files, llvm::StringRef file = "") {
  llvm::Expected<Config> config = LoadConfig(*MakeMemoryDisk(files), "", file);
  if (!config) {
    ADD_FAILURE() << llvm::toString(config.takeError());
    return {};
  }
  return *config;
}

std::string ErrorOf(llvm::StringRef text, llvm::StringRef name = "pydefrag.toml") {
  auto disk = MakeMemoryDisk({{name.str(), text.str()}});
  llvm::Expected<Config> config = LoadConfig(*disk, "", "");
  return config ? "no error" : llvm::toString(config.takeError());
}

TEST(LoadConfig, ReadsEveryKey) {
  const Config config = Load({{"pyproject.toml", R"(
[project]
name = "shop"
[tool.pydefrag]
source-roots = ["./src/", "."]
exclude = ["gen/"]
extend-exclude = ["*_pb2.py"]
select = ["DFG1"]
ignore = ["homonym"]
extend-select = ["DFG208"]
target-version = "3.11"
python = ".venv"
fail-on = "warning"
homonyms = true
require-reason = true
baseline = "base.json"
[tool.pydefrag.severity]
DFG402 = "off"
[tool.pydefrag.per-path-ignores]
"tests/**" = ["DFG101", "DFG302"]
[tool.pydefrag.canonical]
"shop.cart:Cart" = "shop:Cart"
[tool.pydefrag.banned]
"shop.old" = "shop.cart"
"shop.gone:Cart" = ""
[tool.pydefrag.levels]
unit = ["tests/unit/**"]
)"}});
  EXPECT_EQ(config.file, "pyproject.toml");
  EXPECT_EQ(config.source_roots, (Strings{"src", ""}));
  EXPECT_EQ(config.exclude, (Strings{"gen/", "*_pb2.py"}));
  EXPECT_EQ(config.select, (Strings{"DFG1"}));
  EXPECT_EQ(config.ignore, (Strings{"homonym"}));
  EXPECT_EQ(config.extend_select, (Strings{"DFG208"}));
  EXPECT_EQ(config.target_version, (PythonVersion{3, 11}));
  EXPECT_EQ(config.python, ".venv");
  EXPECT_EQ(config.fail_on, Severity::Warning);
  EXPECT_TRUE(config.homonyms);
  EXPECT_TRUE(config.require_reason);
  EXPECT_EQ(config.baseline, "base.json");
  ASSERT_EQ(config.severity.size(), 1u);
  EXPECT_EQ(config.severity[0].first, "DFG402");
  EXPECT_EQ(config.severity[0].second, Severity::Off);
  ASSERT_EQ(config.per_path_ignores.size(), 1u);
  EXPECT_EQ(config.per_path_ignores[0].rules, (Strings{"DFG101", "DFG302"}));
  ASSERT_EQ(config.canonical.size(), 1u);
  EXPECT_EQ(config.canonical[0].path, "shop:Cart");
  ASSERT_EQ(config.banned.size(), 2u);
  EXPECT_EQ(config.banned[1].path, "shop.gone:Cart");
  ASSERT_EQ(config.levels.size(), 1u);
  EXPECT_EQ(config.levels[0].second, (Strings{"tests/unit/**"}));
}

TEST(LoadConfig, OwnFilesComeBeforePyproject) {
  EXPECT_EQ(Load({{"pyproject.toml", "[tool.pydefrag]\nselect = ['a']"},
                  {".pydefrag.toml", "select = ['b']"},
                  {"pydefrag.toml", "select = ['c']"}})
                .select,
            (Strings{"c"}));
  EXPECT_EQ(Load({{"pyproject.toml", "[tool.pydefrag]\nselect = ['a']"},
                  {".pydefrag.toml", "select = ['b']"}})
                .file,
            ".pydefrag.toml");
  EXPECT_EQ(
      Load({{"other/x.toml", "select = ['d']"}, {"pydefrag.toml", ""}}, "other/x.toml").select,
      (Strings{"d"}));
}

TEST(LoadConfig, NoFileOrNoTableMeansDefaults) {
  EXPECT_EQ(Load({}).file, "");
  EXPECT_EQ(Load({{"pyproject.toml", "[project]\nname = 'x'\n"}}).file, "");
  auto disk = MakeMemoryDisk({});
  llvm::Expected<Config> config = LoadConfig(*disk, "", "gone.toml");
  ASSERT_FALSE(config);
  EXPECT_EQ(llvm::toString(config.takeError()), "gone.toml: No such file or directory");
}

TEST(LoadConfig, UnknownKeysAreErrorsWithWhatWasMeant) {
  EXPECT_EQ(ErrorOf("\n\nexlude = []\n"),
            "pydefrag.toml:3: unknown key `exlude`: did you mean `exclude`?");
  EXPECT_EQ(ErrorOf("source_roots = ['src']"),
            "pydefrag.toml:1: unknown key `source_roots`: did you mean `source-roots`?");
  EXPECT_EQ(ErrorOf("colour = 1"), "pydefrag.toml:1: unknown key `colour`");
  EXPECT_EQ(ErrorOf("[tool.pydefrag]\nhomonym = true", "pyproject.toml"),
            "pyproject.toml:2: unknown key `homonym`: did you mean `homonyms`?");
}

TEST(LoadConfig, WrongTypesAndValuesAreErrors) {
  EXPECT_EQ(ErrorOf("exclude = 'x'"),
            "pydefrag.toml:1: `exclude` must be a list of strings, not a string");
  EXPECT_EQ(ErrorOf("exclude = [\n'x',\n3]"),
            "pydefrag.toml:3: `exclude` must hold only strings that are not empty");
  EXPECT_EQ(ErrorOf("homonyms = 'yes'"),
            "pydefrag.toml:1: `homonyms` must be true or false, not a string");
  EXPECT_EQ(ErrorOf("target-version = 3.11"),
            "pydefrag.toml:1: `target-version` must be a string such as \"3.13\", not a number");
  EXPECT_EQ(ErrorOf("target-version = '2.7'"),
            "pydefrag.toml:1: `target-version` must be a Python version such as \"3.13\", not "
            "`2.7`");
  EXPECT_EQ(ErrorOf("fail-on = 'off'"),
            "pydefrag.toml:1: `fail-on` must be `note`, `warning` or `error`, not `off`");
  EXPECT_EQ(ErrorOf("fail-on = 'warn'"),
            "pydefrag.toml:1: `fail-on` must be `note`, `warning` or `error`, not `warn`");
  EXPECT_EQ(
      ErrorOf("[tool.pydefrag]\nexclude = []"),
      "pydefrag.toml:1: unknown key `tool`: only pyproject.toml has [tool.pydefrag]; the keys "
      "stand at the top here");
  EXPECT_EQ(ErrorOf("[severity]\nDFG101 = 'fatal'"),
            "pydefrag.toml:2: `DFG101` must be `off`, `note`, `warning` or `error`, not `fatal`");
  EXPECT_EQ(ErrorOf("severity = 1"), "pydefrag.toml:1: `severity` must be a table, not an integer");
  EXPECT_EQ(ErrorOf("[canonical]\n'shop.cart:Cart' = 'shop'"),
            "pydefrag.toml:2: `shop.cart:Cart` and `shop` must both be modules or both be names in "
            "one");
  EXPECT_EQ(ErrorOf("[banned]\n'shop/old' = ''"),
            "pydefrag.toml:2: `shop/old` is not a module path such as `shop.cart` or "
            "`shop.cart:Cart`");
  EXPECT_EQ(ErrorOf("source-roots = ['../lib']"),
            "pydefrag.toml:1: `source-roots` must name folders below the root, not `../lib`");
  EXPECT_EQ(ErrorOf("[tool]\npydefrag = 1", "pyproject.toml"),
            "pyproject.toml:2: `tool.pydefrag` must be a table");
}

TEST(LoadConfig, InvalidTomlIsAnErrorWithItsLine) {
  const std::string error = ErrorOf("a = 1\nb = = 2\n");
  EXPECT_TRUE(llvm::StringRef(error).starts_with("pydefrag.toml:2: this is not valid TOML: "))
      << error;
  EXPECT_TRUE(llvm::StringRef(ErrorOf("a = 1\na = 2\n")).starts_with("pydefrag.toml:2: "));
  EXPECT_TRUE(llvm::StringRef(ErrorOf("x = '\xff'")).starts_with("pydefrag.toml:1: "));
}

TEST(FindRoot, IsTheNearestMarkedFolder) {
  auto disk = MakeMemoryDisk({{"/r/.git/HEAD", ""},
                              {"/r/a/pyproject.toml", ""},
                              {"/r/a/src/x.py", ""},
                              {"/r/b/y.py", ""},
                              {"/s/z.py", ""}});
  EXPECT_EQ(FindRoot(*disk, "/r/a/src"), "/r/a");
  EXPECT_EQ(FindRoot(*disk, "/r/a/src/x.py"), "/r/a");
  EXPECT_EQ(FindRoot(*disk, "/r/b/"), "/r");
  EXPECT_EQ(FindRoot(*disk, "/s"), "/s");
  EXPECT_EQ(FindRoot(*disk, "/r/a/src/../../b"), "/r");
}

TEST(ParsePythonVersion, TakesTheUsualSpellings) {
  EXPECT_EQ(ParsePythonVersion("3.11"), (PythonVersion{3, 11}));
  EXPECT_EQ(ParsePythonVersion("3.9.2"), (PythonVersion{3, 9}));
  EXPECT_EQ(ParsePythonVersion("py310"), (PythonVersion{3, 10}));
  EXPECT_FALSE(ParsePythonVersion("3"));
  EXPECT_FALSE(ParsePythonVersion("3.x"));
  EXPECT_FALSE(ParsePythonVersion(""));
}

TEST(ParseToml, KeepsOrderAndLines) {
  const TomlResult parsed = ParseToml("b = 1\n[z]\ny = ['p', 2, 'q']\n[a.c]\nd = {e = 'f'}\n");
  ASSERT_EQ(parsed.error, "");
  ASSERT_EQ(parsed.root.members.size(), 3u);
  EXPECT_EQ(parsed.root.members[1].key, "z");
  EXPECT_EQ(parsed.root.Find({"z", "y"})->Strings(), (Strings{"p", "q"}));
  EXPECT_EQ(parsed.root.Find({"a", "c", "d"})->line, 5u);
  EXPECT_EQ(parsed.root.Find({"a", "c", "d"})->String("e"), "f");
  EXPECT_EQ(parsed.root.Find({"a", "x", "d"}), nullptr);
}

} // namespace
} // namespace pydefrag
