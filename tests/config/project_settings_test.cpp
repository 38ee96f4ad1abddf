// What project files say: roots, packages, dependencies, entry points, pytest, hints.
#include "config/project_settings.h"

#include "config/requirements.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

using Strings = std::vector<std::string>;

SettingsResult Read(llvm::ArrayRef<MemoryFile> files) {
  auto disk = MakeMemoryDisk(files);
  return ReadProjectSettings(*disk, "", Discover(*disk, {}));
}

// The root's project, of files that must be fine.
ProjectSettings ReadRoot(llvm::ArrayRef<MemoryFile> files) {
  SettingsResult result = Read(files);
  EXPECT_TRUE(result.problems.empty()) << result.problems.front().message;
  return result.projects.front();
}

// "package=folder"; "=folder" is a root.
Strings Dirs(const ProjectSettings &project) {
  Strings result;
  for (const PackageDir &dir : project.package_dirs) {
    result.push_back(dir.package + "=" + dir.folder);
  }
  return result;
}

Strings DirsOf(llvm::StringRef pyproject, llvm::ArrayRef<MemoryFile> more = {}) {
  std::vector<MemoryFile> files(more.begin(), more.end());
  files.push_back({"pyproject.toml", pyproject.str()});
  return Dirs(ReadRoot(files));
}

Strings EntryPoints(const ProjectSettings &project) {
  Strings result;
  for (const EntryPoint &entry : project.entry_points) {
    result.push_back(entry.group + ":" + entry.name + "=" + entry.target + " " + entry.path + ":" +
                     std::to_string(entry.line));
  }
  return result;
}

TEST(Setuptools, PyprojectNamesFolders) {
  EXPECT_EQ(DirsOf("[tool.setuptools]\npackage-dir = {'' = 'src', 'pkg' = 'lib'}\n"),
            (Strings{"=src", "pkg=lib"}));
  EXPECT_EQ(DirsOf("[tool.setuptools]\npackage-dir = {'a.b' = 'lib/a/b'}\n"),
            (Strings{"a.b=lib/a/b", "=lib"}));
  EXPECT_EQ(DirsOf("[tool.setuptools.packages.find]\nwhere = ['src', './lib/']\n"),
            (Strings{"=src", "=lib"}));
  EXPECT_EQ(DirsOf("[tool.setuptools.packages.find]\nexclude = ['x']\n"), (Strings{"="}));
  EXPECT_EQ(DirsOf("[tool.setuptools]\npackages = ['a', 'a.b']\n"), (Strings{"="}));
  EXPECT_EQ(DirsOf("[tool.setuptools]\npackage-dir = {'' = '../out'}\n"), (Strings{}));
}

TEST(Setuptools, SetupCfgNamesFoldersAndMore) {
  const ProjectSettings project = ReadRoot({{"setup.cfg", R"([metadata]
name = My.Shop
[options]
package_dir =
    = src
    extra = lib/extra_code
packages = find:
python_requires = >=3.8, <4
install_requires =
    requests>=2
    # a comment
    PyYAML ; python_version < "3.12"
[options.packages.find]
where = src
[options.extras_require]
dev =
    pytest
    black[d]
[options.entry_points]
console_scripts =
    shop = shop.cli:main
    till = shop.till:run [extra]
)"}});
  EXPECT_EQ(project.name, "My.Shop");
  EXPECT_EQ(Dirs(project), (Strings{"=src", "extra=lib/extra_code"}));
  EXPECT_EQ(project.dependencies, (Strings{"black", "pytest", "pyyaml", "requests"}));
  EXPECT_EQ(project.requires_python, (PythonVersion{3, 8}));
  EXPECT_EQ(EntryPoints(project),
            (Strings{"console_scripts:shop=shop.cli:main setup.cfg:21",
                     "console_scripts:till=shop.till:run [extra] setup.cfg:22"}));
}

TEST(SetupPy, LiteralArgumentsAreRead) {
  const ProjectSettings project = ReadRoot({{"setup.py", R"(# package_dir={"": "wrong"}
from setuptools import setup, find_packages, Extension
VERSION = "1"
REQUIRED = ["rich>=1"]
EXTRAS = {"dev": ["pytest"]}
setup(
    name="shop",
    version=VERSION,
    package_dir={"": "src", "plug": "plugins/plug_code"},
    packages=find_packages("src", exclude=["tests"]),
    python_requires='>=3.7',
    install_requires=["requests", "attrs" ">=20", some_variable] + REQUIRED,
    extras_require=EXTRAS,
    use_scm_version={"write_to": "src/shop/_version.py"},
    ext_modules=[Extension("shop._fast", ["shop/_fast.c"])],
    entry_points={
        "console_scripts": [
            "shop = shop.cli:main",
        ],
        "shop.plugins": "x = plug:X",
    },
)
)"},
                                            {"src/shop/__init__.py", ""}});
  EXPECT_EQ(project.name, "shop");
  EXPECT_EQ(Dirs(project), (Strings{"=src", "plug=plugins/plug_code"}));
  EXPECT_EQ(project.requires_python, (PythonVersion{3, 7}));
  EXPECT_EQ(project.dependencies, (Strings{"attrs", "pytest", "requests", "rich"}));
  EXPECT_EQ(project.generated, (Strings{"src/shop/_fast.py", "src/shop/_version.py"}));
  EXPECT_EQ(EntryPoints(project), (Strings{"console_scripts:shop=shop.cli:main setup.py:18",
                                           "shop.plugins:x=plug:X setup.py:20"}));
}

TEST(SetupPy, ComputedArgumentsAndOtherFilesAreLeftAlone) {
  const SettingsResult result = Read({{"setup.py", "setup(package_dir={'': join('a', 'b')},\n"
                                                   "packages=find_packages(where=here),\n"
                                                   "name=NAME + 'x', entry_points=ENTRY)\n"},
                                      {"a/setup.py", "package_dir = {'': 'src'}\n"},
                                      {"b/setup.py", "x = 'setup(' '''\nsetup(\n'''\n"}});
  ASSERT_EQ(result.projects.size(), 1u);
  EXPECT_EQ(Dirs(result.projects[0]), (Strings{}));
  EXPECT_EQ(result.projects[0].name, "");
}

TEST(SetupPy, EntryPointsAsIniText) {
  const ProjectSettings project =
      ReadRoot({{"setup.py", "setup(entry_points='''\n[console_scripts]\na = b:c\n''')\n"}});
  EXPECT_EQ(EntryPoints(project), (Strings{"console_scripts:a=b:c setup.py:3"}));
}

TEST(Poetry, PackagesAndDefaults) {
  EXPECT_EQ(DirsOf("[tool.poetry]\nname='x'\npackages = [{include = 'foo', from = 'lib'}, "
                   "{include = 'bar/**/*.py'}, {include = 'baz', from = 'src', to = 'ns'}]\n"),
            (Strings{"=lib", "=", "ns.baz=src/baz"}));
  EXPECT_EQ(DirsOf("[tool.poetry]\nname='my-pkg'\n", {{"src/my_pkg/__init__.py", ""}}),
            (Strings{"=src"}));
  EXPECT_EQ(DirsOf("[tool.poetry]\nname='my-pkg'\n", {{"my_pkg/__init__.py", ""}}), (Strings{"="}));
}

TEST(Poetry, DependenciesScriptsAndPython) {
  const ProjectSettings project = ReadRoot({{"pyproject.toml", R"([tool.poetry]
name = "shop"
[tool.poetry.dependencies]
python = "^3.9 || ^3.11"
Django = "^4"
"zope.interface" = {version = "*", optional = true}
[tool.poetry.group.dev.dependencies]
pytest = "*"
[tool.poetry.scripts]
shop = "shop.cli:main"
old = {reference = "shop.old:run", type = "console"}
[tool.poetry.plugins."shop.plugins"]
x = "plug:X"
)"}});
  EXPECT_EQ(project.dependencies, (Strings{"django", "pytest", "zope-interface"}));
  EXPECT_EQ(project.requires_python, (PythonVersion{3, 9}));
  EXPECT_EQ(EntryPoints(project), (Strings{"console_scripts:shop=shop.cli:main pyproject.toml:10",
                                           "console_scripts:old=shop.old:run pyproject.toml:11",
                                           "shop.plugins:x=plug:X pyproject.toml:13"}));
}

TEST(Hatch, TargetsAndDefaults) {
  const std::string build = "[project]\nname='My-Pkg'\n[build-system]\nrequires=['hatchling']\n"
                            "build-backend='hatchling.build'\n";
  EXPECT_EQ(DirsOf(build + "[tool.hatch.build.targets.wheel]\npackages=['lib/foo', 'bar']\n"),
            (Strings{"=lib", "="}));
  EXPECT_EQ(DirsOf(build + "[tool.hatch.build.targets.wheel.sources]\n'code/foo' = 'bar'\n"),
            (Strings{"bar=code/foo"}));
  EXPECT_EQ(DirsOf(build + "[tool.hatch.build.targets.wheel.force-include]\n'code' = 'a/b'\n",
                   {{"code/x.py", ""}}),
            (Strings{"a.b=code"}));
  EXPECT_EQ(DirsOf(build, {{"src/my_pkg/__init__.py", ""}}), (Strings{"=src"}));
  EXPECT_EQ(DirsOf(build, {{"my_pkg/__init__.py", ""}}), (Strings{"="}));
  const ProjectSettings project =
      ReadRoot({{"pyproject.toml",
                 build + "[tool.hatch.build.hooks.vcs]\nversion-file='my_pkg/_version.py'\n"}});
  EXPECT_EQ(project.generated, (Strings{"my_pkg/_version.py"}));
}

TEST(OtherBackends, NameTheirFolders) {
  EXPECT_EQ(DirsOf("[build-system]\nbuild-backend='pdm.backend'\n"
                   "[tool.pdm.build]\npackage-dir='code'\n"),
            (Strings{"=code"}));
  EXPECT_EQ(DirsOf("[build-system]\nbuild-backend='flit_core.buildapi'\n"
                   "[tool.flit.module]\nname='foo'\n",
                   {{"src/foo.py", ""}}),
            (Strings{"=src"}));
  EXPECT_EQ(DirsOf("[build-system]\nbuild-backend='uv_build'\n"), (Strings{"=src"}));
  EXPECT_EQ(DirsOf("[build-system]\nbuild-backend='uv_build'\n"
                   "[tool.uv.build-backend]\nmodule-root=''\n"),
            (Strings{"="}));
  EXPECT_EQ(DirsOf("[tool.scikit-build]\nwheel.packages=['python/foo']\n"), (Strings{"=python"}));
  EXPECT_EQ(DirsOf("[tool.scikit-build.wheel.packages]\n'foo' = 'code/bar'\n"),
            (Strings{"foo=code/bar"}));
}

TEST(OtherBackends, CompiledModulesAreGenerated) {
  const ProjectSettings project = ReadRoot(
      {{"pyproject.toml", "[tool.maturin]\npython-source='python'\nmodule-name='foo._native'\n"},
       {"python/foo/__init__.py", ""}});
  EXPECT_EQ(Dirs(project), (Strings{"=python"}));
  EXPECT_EQ(project.generated, (Strings{"python/foo/_native.py"}));
  const ProjectSettings crate =
      ReadRoot({{"pyproject.toml", "[project]\nname='foo'\n[tool.maturin]\npython-source='python'\n"
                                   "manifest-path='crates/foo/Cargo.toml'\n"},
                {"crates/foo/Cargo.toml", "[package]\nname='foo-ext'\n"
                                          "[package.metadata.maturin]\nname='foo.foo_ext'\n"},
                {"python/foo/__init__.py", ""}});
  EXPECT_EQ(crate.generated, (Strings{"python/foo/foo_ext.py"}));
  const ProjectSettings lib =
      ReadRoot({{"pyproject.toml", "[build-system]\nbuild-backend='maturin'\n"},
                {"Cargo.toml", "[package]\nname='foo-ext'\n"},
                {"foo_ext/__init__.py", ""}});
  EXPECT_EQ(lib.generated, (Strings{"foo_ext.py", "foo_ext/foo_ext.py"}));
  const ProjectSettings scm =
      ReadRoot({{"pyproject.toml", "[tool.setuptools_scm]\nversion_file='src/foo/_v.py'\n"}});
  EXPECT_EQ(scm.generated, (Strings{"src/foo/_v.py"}));
}

TEST(Pep621, DependenciesEntryPointsAndPython) {
  const ProjectSettings project = ReadRoot({{"pyproject.toml", R"([project]
name = "shop"
requires-python = ">=3.10,<4"
dependencies = ["Requests[socks] >=2", "ruamel.yaml", "x @ https://e.org/x.zip"]
[project.optional-dependencies]
dev = ["pytest~=8.0"]
[project.scripts]
shop = "shop.cli:main"
[project.gui-scripts]
win = "shop.gui:main"
[project.entry-points."shop.plugins"]
x = "plug"
[dependency-groups]
lint = ["ruff", {include-group = "dev"}]
)"}});
  EXPECT_EQ(project.name, "shop");
  EXPECT_EQ(project.requires_python, (PythonVersion{3, 10}));
  EXPECT_EQ(project.dependencies, (Strings{"pytest", "requests", "ruamel-yaml", "ruff", "x"}));
  EXPECT_EQ(EntryPoints(project), (Strings{"console_scripts:shop=shop.cli:main pyproject.toml:8",
                                           "gui_scripts:win=shop.gui:main pyproject.toml:10",
                                           "shop.plugins:x=plug pyproject.toml:12"}));
}

TEST(Requirements, FilesAndWhatTheyInclude) {
  const ProjectSettings project =
      ReadRoot({{"requirements-dev.txt", "-r requirements/extra.in\npytest==8 # why\n-e .\n"
                                         "git+https://e.org/r.git#egg=Some_Egg\n./local\n"
                                         "--index-url https://e.org\n"},
                {"requirements/base.txt", "django\n-c constraints.txt\n"},
                {"requirements/extra.in", "celery[redis]>=5\n"},
                {"requirements/constraints.txt", "flask==1\n"},
                {"Pipfile", "[packages]\nnumpy = '*'\n[dev-packages]\nblack = '*'\n"},
                {"a.py", ""}});
  EXPECT_EQ(project.dependencies,
            (Strings{"black", "celery", "django", "flask", "numpy", "pytest", "some-egg"}));
}

TEST(Requirements, LowestPythonOfSpecifiers) {
  EXPECT_EQ(LowestPython(">=3.8"), (PythonVersion{3, 8}));
  EXPECT_EQ(LowestPython("<4.0,>=3.9.1"), (PythonVersion{3, 9}));
  EXPECT_EQ(LowestPython("~=3.10"), (PythonVersion{3, 10}));
  EXPECT_EQ(LowestPython(">3.7"), (PythonVersion{3, 8}));
  EXPECT_EQ(LowestPython("==3.11.*"), (PythonVersion{3, 11}));
  EXPECT_EQ(LowestPython("^3.8"), (PythonVersion{3, 8}));
  EXPECT_EQ(LowestPython(">=3"), (PythonVersion{3, 0}));
  EXPECT_EQ(LowestPython(">=2.7, !=3.0.*, !=3.1.*"), (PythonVersion{3, 0}));
  EXPECT_EQ(LowestPython(">=3.12.0rc1"), (PythonVersion{3, 12}));
  EXPECT_EQ(LowestPython("<3.12"), std::nullopt);
  EXPECT_EQ(LowestPython("*"), std::nullopt);
  EXPECT_EQ(LowestPython(""), std::nullopt);
}

TEST(Pytest, PyprojectOptions) {
  const ProjectSettings project = ReadRoot({{"pyproject.toml", R"([tool.pytest.ini_options]
pythonpath = ["src", "./tests/lib"]
testpaths = "tests more"
python_files = ["check_*.py"]
addopts = "-q --import-mode=importlib -p shop.plugin -p no:cacheprovider -pother"
)"}});
  EXPECT_TRUE(project.pytest.present);
  EXPECT_EQ(project.pytest.pythonpath, (Strings{"src", "tests/lib"}));
  EXPECT_EQ(project.pytest.testpaths, (Strings{"tests", "more"}));
  EXPECT_EQ(project.pytest.python_files, (Strings{"check_*.py"}));
  EXPECT_EQ(project.pytest.import_mode, "importlib");
  EXPECT_EQ(project.pytest.plugins, (Strings{"shop.plugin", "other"}));
}

TEST(Pytest, TheFirstFileThatCountsWins) {
  const MemoryFile toml{"pyproject.toml", "[tool.pytest.ini_options]\npythonpath=['a']\n"};
  const MemoryFile ini{"pytest.ini", "[pytest]\npythonpath = b c\n"};
  const MemoryFile tox{"tox.ini", "[tox]\nenvlist = x\n"};
  const MemoryFile cfg{"setup.cfg", "[tool:pytest]\npythonpath = d\naddopts =\n    -v\n"
                                    "    --import-mode append\n"};
  EXPECT_EQ(ReadRoot({toml, ini, tox, cfg}).pytest.pythonpath, (Strings{"b", "c"}));
  EXPECT_EQ(ReadRoot({toml, tox, cfg}).pytest.pythonpath, (Strings{"a"}));
  EXPECT_EQ(ReadRoot({tox, cfg}).pytest.pythonpath, (Strings{"d"}));
  EXPECT_EQ(ReadRoot({tox, cfg}).pytest.import_mode, "append");
  EXPECT_TRUE(ReadRoot({toml, {"pytest.ini", ""}}).pytest.pythonpath.empty());
  EXPECT_FALSE(ReadRoot({tox}).pytest.present);
  EXPECT_EQ(ReadRoot({tox}).pytest.python_files, (Strings{"test_*.py", "*_test.py"}));
  EXPECT_EQ(ReadRoot({{"pyproject.toml", "[tool.pytest]\npythonpath=['e']\n"}}).pytest.pythonpath,
            (Strings{"e"}));
}

TEST(Hints, OtherToolsFolders) {
  const ProjectSettings project = ReadRoot({
      {"pyproject.toml", "[tool.mypy]\nmypy_path = '$MYPY_CONFIG_FILE_DIR/a:b'\n"
                         "[tool.ruff]\nsrc = ['c']\n[tool.isort]\nsrc_paths = ['d']\n"
                         "[tool.ty.environment]\nroot = ['e']\n"
                         "[tool.pyright]\nextraPaths = ['f']\n"},
      {"pyrightconfig.json", "{ // note\n\"extraPaths\": [\"g//x\"], /* \n */\n"
                             "\"executionEnvironments\": [{\"root\": \"h\"}]}"},
      {".env", "A=1\nexport PYTHONPATH=\"i:../out:$HOME/x\"\n"},
      {"ruff.toml", "src = ['j']\n"},
      {"mypy.ini", "[mypy]\nmypy_path = k, l\n"},
  });
  EXPECT_EQ(project.hinted_roots,
            (Strings{"a", "b", "c", "d", "e", "f", "g/x", "h", "i", "j", "k", "l"}));
}

TEST(Projects, MembersOfAMonorepoStandForThemselves) {
  const SettingsResult result = Read({{"pyproject.toml", "[project]\nname='all'\n"},
                                      {"libs/a/pyproject.toml", "[project]\nname='a'\n"},
                                      {"libs/a/src/a/__init__.py", ""},
                                      {"libs/a/requirements.txt", "six\n"},
                                      {"libs/b/setup.cfg", "[metadata]\nname=b\n"},
                                      {"docs/requirements.txt", "sphinx\n"},
                                      {"libs/a/docs/requirements.txt", "furo\n"},
                                      {"build/lib/setup.cfg", "[metadata]\nname=copy\n"},
                                      {"tools/ruff.toml", "src = ['lib']\n"}});
  ASSERT_EQ(result.projects.size(), 3u);
  EXPECT_EQ(result.projects[0].folder, "");
  EXPECT_EQ(result.projects[0].dependencies, (Strings{"sphinx"}));
  EXPECT_EQ(result.projects[0].hinted_roots, (Strings{"tools/lib"}));
  EXPECT_EQ(result.projects[1].folder, "libs/a");
  EXPECT_EQ(Dirs(result.projects[1]), (Strings{"=libs/a/src"}));
  EXPECT_EQ(result.projects[1].package_dirs[0].because, "src layout");
  EXPECT_EQ(result.projects[1].dependencies, (Strings{"furo", "six"}));
  EXPECT_EQ(result.projects[2].name, "b");
}

TEST(Projects, SrcThatIsAPackageIsNoRoot) {
  EXPECT_EQ(DirsOf("[project]\nname='x'\n", {{"src/__init__.py", ""}, {"src/a.py", ""}}),
            (Strings{}));
  EXPECT_EQ(DirsOf("[project]\nname='x'\n", {{"src/main.rs", ""}, {"srcs/a.py", ""}}), (Strings{}));
}

TEST(Projects, BrokenFilesAreProblemsWithTheirLine) {
  const SettingsResult result = Read({{"pyproject.toml", "[project]\nname = \n"},
                                      {"a/setup.cfg", "[options]\npackages = find:\njunk\n"},
                                      {"b/pytest.ini", "x = 1\n"},
                                      {"c/pyrightconfig.json", "{"}});
  ASSERT_EQ(result.problems.size(), 4u);
  EXPECT_EQ(result.problems[0].path, "pyproject.toml");
  EXPECT_EQ(result.problems[0].line, 2u);
  EXPECT_EQ(result.problems[0].kind, ProblemKind::Settings);
  EXPECT_EQ(result.problems[1].path, "a/setup.cfg");
  EXPECT_EQ(result.problems[1].line, 3u);
  EXPECT_EQ(result.problems[2].path, "b/pytest.ini");
  EXPECT_EQ(result.problems[3].path, "c/pyrightconfig.json");
}

} // namespace
} // namespace pydefrag
