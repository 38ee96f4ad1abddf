#include "driver/locate.h"
#include "driver/terminal.h"

#include "gtest/gtest.h"

namespace pydefrag {
namespace {

class LocateTest : public testing::Test {
protected:
  LocateTest()
      : disk_(MakeMemoryDisk({{"/home/shop/pyproject.toml", ""},
                              {"/home/shop/src/shop/cart.py", ""},
                              {"/home/shop/src/till.py", ""},
                              {"/home/shop/.venv/pyvenv.cfg", ""},
                              {"/home/shop/.venv/bin/python", ""},
                              {"/home/other/env/pyvenv.cfg", ""},
                              {"/home/bare/x.py", ""}})) {
    env_.disk = disk_.get();
    env_.cwd = "/home/shop";
    env_.variable = [this](llvm::StringRef name) -> std::optional<std::string> {
      auto it = variables_.find(name.str());
      return it == variables_.end() ? std::nullopt : std::optional(it->second);
    };
  }

  ProjectPlace Locate(std::vector<std::string> paths, const std::string &root = "") {
    CommandLine line;
    line.paths = std::move(paths);
    line.root = root;
    llvm::Expected<ProjectPlace> place = LocateProject(line, env_);
    if (!place) {
      ADD_FAILURE() << llvm::toString(place.takeError());
      return {};
    }
    return *place;
  }

  std::string Python(const CommandLine &line, const Config &config = {},
                     const std::string &root = "/home/shop") {
    llvm::Expected<std::string> found = LocateEnvironment(line, config, root, env_);
    return found ? *found : "error: " + llvm::toString(found.takeError());
  }

  std::unique_ptr<Disk> disk_;
  std::map<std::string, std::string> variables_;
  Environment env_;
};

TEST_F(LocateTest, RootIsTheNearestProjectFileAboveTheWorkingDirectory) {
  env_.cwd = "/home/shop/src";
  const ProjectPlace place = Locate({});
  EXPECT_EQ(place.root, "/home/shop");
  EXPECT_EQ(place.because, "pyproject.toml");
  EXPECT_EQ(place.shown, "..");
  EXPECT_EQ(place.path_prefix.way(), "../");
  EXPECT_TRUE(place.paths.empty());
}

TEST_F(LocateTest, RootIsFoundAboveTheCommonFolderOfThePaths) {
  env_.cwd = "/home";
  const ProjectPlace place = Locate({"shop/src/shop/cart.py", "/home/shop/src/till.py"});
  EXPECT_EQ(place.root, "/home/shop");
  EXPECT_EQ(place.shown, "shop");
  EXPECT_EQ(place.path_prefix.way(), "shop/");
  EXPECT_EQ(place.paths, (std::vector<std::string>{"src/shop/cart.py", "src/till.py"}));
}

TEST_F(LocateTest, NamingTheRootMeansAllOfIt) {
  const ProjectPlace place = Locate({"."});
  EXPECT_EQ(place.shown, ".");
  EXPECT_EQ(place.path_prefix.way(), "");
  EXPECT_TRUE(place.paths.empty());
}

TEST_F(LocateTest, WithoutAProjectFileTheFolderItselfIsTheRoot) {
  env_.cwd = "/home/bare";
  EXPECT_EQ(Locate({}).root, "/home/bare");
  EXPECT_EQ(Locate({}).because, "no project file above");
}

TEST_F(LocateTest, RootOptionWins) {
  const ProjectPlace place = Locate({"src/till.py"}, "src");
  EXPECT_EQ(place.root, "/home/shop/src");
  EXPECT_EQ(place.because, "--root");
  EXPECT_EQ(place.paths, std::vector<std::string>{"till.py"});
}

TEST_F(LocateTest, PathOutsideTheRootIsAnError) {
  CommandLine line;
  line.paths = {"/home/bare/x.py"};
  line.root = "/home/shop";
  llvm::Expected<ProjectPlace> place = LocateProject(line, env_);
  ASSERT_FALSE(bool(place));
  EXPECT_EQ(llvm::toString(place.takeError()),
            "`/home/bare/x.py` is outside the root `/home/shop`");
}

TEST_F(LocateTest, EnvironmentIsTheVenvUnderTheRoot) {
  EXPECT_EQ(Python({}), "/home/shop/.venv");
  EXPECT_EQ(Python({}, {}, "/home/bare"), "");
}

TEST_F(LocateTest, ActiveEnvironmentIsTheLastResort) {
  variables_["VIRTUAL_ENV"] = "/home/other/env";
  EXPECT_EQ(Python({}), "/home/shop/.venv");
  EXPECT_EQ(Python({}, {}, "/home/bare"), "/home/other/env");
  variables_["VIRTUAL_ENV"] = "/home/gone";
  EXPECT_EQ(Python({}, {}, "/home/bare"), "");
}

TEST_F(LocateTest, PythonOptionTakesAFolderOrAnInterpreter) {
  CommandLine line;
  line.python = "../other/env";
  EXPECT_EQ(Python(line), "/home/other/env");
  line.python = ".venv/bin/python";
  EXPECT_EQ(Python(line), "/home/shop/.venv");
  line.python = "pyproject.toml";
  EXPECT_EQ(Python(line), "error: no Python environment at `/home/shop/pyproject.toml`");
  line.python = "nowhere";
  EXPECT_EQ(Python(line), "error: no Python environment at `/home/shop/nowhere`");
}

TEST_F(LocateTest, IsolatedLooksForNone) {
  CommandLine line;
  line.isolated = true;
  EXPECT_EQ(Python(line), "");
}

TEST_F(LocateTest, ConfiguredEnvironmentIsRelativeToTheRoot) {
  Config config;
  config.python = "../other/env";
  EXPECT_EQ(Python({}, config), "/home/other/env");
}

TEST(RelativeTo, GoesUpAndDown) {
  EXPECT_EQ(RelativeTo("/a/b", "/a/b"), "");
  EXPECT_EQ(RelativeTo("/a/b/c", "/a/b"), "c");
  EXPECT_EQ(RelativeTo("/a", "/a/b/c"), "../..");
  EXPECT_EQ(RelativeTo("/a/x", "/a/b"), "../x");
}

TEST(AbsolutePath, DotsAreResolved) {
  EXPECT_EQ(AbsolutePath("a/../b/./c", "/w"), "/w/b/c");
  EXPECT_EQ(AbsolutePath("/x/", "/w"), "/x");
  EXPECT_EQ(AbsolutePath(".", "/w"), "/w");
}

struct ColorCase {
  ColorWhen when;
  std::map<std::string, std::string> variables;
  bool terminal;
  ColorUse expected;
};

class DecideColorTest : public testing::TestWithParam<ColorCase> {};

TEST_P(DecideColorTest, FollowsTheOrderOfPrecedence) {
  const ColorCase &given = GetParam();
  Environment env;
  env.out_is_terminal = given.terminal;
  env.variable = [&](llvm::StringRef name) -> std::optional<std::string> {
    auto it = given.variables.find(name.str());
    return it == given.variables.end() ? std::nullopt : std::optional(it->second);
  };
  EXPECT_EQ(DecideColor(given.when, env), given.expected);
}

INSTANTIATE_TEST_SUITE_P(
    Cases, DecideColorTest,
    testing::Values(
        ColorCase{ColorWhen::Always, {{"NO_COLOR", "1"}}, false, ColorUse::On},
        ColorCase{ColorWhen::Never, {{"FORCE_COLOR", "1"}}, true, ColorUse::Off},
        ColorCase{ColorWhen::Auto, {{"NO_COLOR", "1"}, {"FORCE_COLOR", "1"}}, true, ColorUse::Off},
        ColorCase{ColorWhen::Auto, {{"NO_COLOR", ""}}, true, ColorUse::On},
        ColorCase{ColorWhen::Auto, {{"FORCE_COLOR", "1"}}, false, ColorUse::On},
        ColorCase{ColorWhen::Auto, {{"CLICOLOR_FORCE", "0"}}, false, ColorUse::Off},
        ColorCase{ColorWhen::Auto, {{"TERM", "dumb"}}, true, ColorUse::Off},
        ColorCase{ColorWhen::Auto, {{"CLICOLOR", "0"}}, true, ColorUse::Off},
        ColorCase{ColorWhen::Auto, {}, true, ColorUse::On},
        ColorCase{ColorWhen::Auto, {}, false, ColorUse::Off}));

bool Links(ColorUse color, bool terminal, const std::map<std::string, std::string> &variables) {
  Environment env;
  env.out_is_terminal = terminal;
  env.variable = [&](llvm::StringRef name) -> std::optional<std::string> {
    auto it = variables.find(name.str());
    return it == variables.end() ? std::nullopt : std::optional(it->second);
  };
  return DecideLinks(color, env);
}

TEST(DecideLinks, OnlyTerminalsThatAreKnownToFollowThem) {
  EXPECT_TRUE(Links(ColorUse::On, true, {{"VTE_VERSION", "6800"}}));
  EXPECT_FALSE(Links(ColorUse::On, true, {{"VTE_VERSION", "4200"}}));
  EXPECT_TRUE(Links(ColorUse::On, true, {{"TERM_PROGRAM", "WezTerm"}}));
  EXPECT_FALSE(Links(ColorUse::On, true, {{"TERM", "xterm-256color"}}));
  EXPECT_FALSE(Links(ColorUse::Off, true, {{"TERM_PROGRAM", "WezTerm"}}));
  EXPECT_FALSE(Links(ColorUse::On, false, {{"TERM_PROGRAM", "WezTerm"}}));
  EXPECT_FALSE(Links(ColorUse::On, true, {{"TERM_PROGRAM", "WezTerm"}, {"CI", "true"}}));
}

TEST(DecideLinks, MayBeForced) {
  EXPECT_TRUE(Links(ColorUse::Off, false, {{"FORCE_HYPERLINK", "1"}}));
  EXPECT_FALSE(Links(ColorUse::On, true, {{"FORCE_HYPERLINK", "0"}, {"TERM", "foot"}}));
}

TEST(SourceWidth, IsWhatTheTerminalHasRoomFor) {
  Environment env;
  EXPECT_EQ(SourceWidth(env), 120u);
  env.columns = 100;
  EXPECT_EQ(SourceWidth(env), 92u);
  env.columns = 20;
  EXPECT_EQ(SourceWidth(env), 40u);
}

} // namespace
} // namespace pydefrag
