// The walk: what is listed, what is not reported, and what goes wrong on the way.
#include "source/discover.h"

#include <gtest/gtest.h>

#include <map>

namespace pydefrag {
namespace {

using Strings = std::vector<std::string>;

// Paths, with `-` before those that are not reported and `g` before that if git ignores them.
Strings Listed(const Discovery &discovery) {
  Strings result;
  for (const DiscoveredFile &file : discovery.files) {
    result.push_back((file.git_ignored ? "g" : "") + std::string(file.reported ? "" : "-") +
                     file.path);
  }
  return result;
}

Strings Problems(const Discovery &discovery) {
  Strings result;
  for (const Problem &problem : discovery.problems) {
    result.push_back(std::string(ProblemKindName(problem.kind)) + " " + problem.path);
  }
  return result;
}

Discovery Walk(llvm::ArrayRef<MemoryFile> files, DiscoverOptions options = {}) {
  return Discover(*MakeMemoryDisk(files), options);
}

TEST(Discover, ListsPathsInByteOrder) {
  const Discovery found = Walk({{"a/x.py", ""},
                                {"a-b/x.py", ""},
                                {"a.py", ""},
                                {"a/sub/y.py", ""},
                                {"a/sub.py", ""},
                                {"B.py", ""}});
  Strings expected{"B.py", "a-b/x.py", "a.py", "a/sub.py", "a/sub/y.py", "a/x.py"};
  EXPECT_EQ(Listed(found), expected);
  EXPECT_TRUE(std::is_sorted(expected.begin(), expected.end()));
  EXPECT_EQ(found.directories, (Strings{"", "a", "a-b", "a/sub"}));
  EXPECT_TRUE(found.problems.empty());
}

TEST(Discover, TellsKindsByName) {
  const Discovery found = Walk({{"a.pyi", ""},
                                {"b.cpython-311-x86_64-linux-gnu.so", ""},
                                {"c.pyc", ""},
                                {"d.pyx", ""},
                                {"e.py.in", ""},
                                {"f.in", ""},
                                {"g.py", ""},
                                {"pyproject.toml", ""},
                                {"requirements-dev.txt", ""},
                                {"notes.txt", ""}});
  std::map<std::string, FileKind> kinds;
  for (const DiscoveredFile &file : found.files) {
    kinds[file.path] = file.kind;
  }
  EXPECT_EQ(kinds, (std::map<std::string, FileKind>{
                       {"a.pyi", FileKind::Stub},
                       {"b.cpython-311-x86_64-linux-gnu.so", FileKind::Extension},
                       {"c.pyc", FileKind::Bytecode},
                       {"d.pyx", FileKind::Generator},
                       {"e.py.in", FileKind::Generator},
                       {"g.py", FileKind::Source},
                       {"pyproject.toml", FileKind::Settings},
                       {"requirements-dev.txt", FileKind::Settings}}));
}

TEST(Discover, StaysOutOfFoldersThatHoldNoSources) {
  const Discovery found = Walk({{"a.py", ""},
                                {".git/hooks/x.py", ""},
                                {"web/node_modules/y/z.py", ""},
                                {"p/__pycache__/q.py", ""},
                                {"lib/site-packages/r.py", ""},
                                {"p.egg-info/s.py", ""}});
  EXPECT_EQ(Listed(found), (Strings{"a.py"}));
  EXPECT_TRUE(found.environments.empty());
}

TEST(Discover, ReportsEnvironmentsWithoutWalkingThem) {
  const Discovery found = Walk({{"a.py", ""},
                                {"myenv/pyvenv.cfg", ""},
                                {"myenv/lib/python3.11/x.py", ""},
                                {"conda/conda-meta/history", ""},
                                {"conda/y.py", ""}});
  EXPECT_EQ(Listed(found), (Strings{"a.py"}));
  EXPECT_EQ(found.environments, (Strings{"conda", "myenv"}));
}

TEST(Discover, DefaultExclusionsExistButAreNotReported) {
  const Discovery found = Walk({{"build/lib/x.py", ""},
                                {"src/ops/build/__init__.py", ""},
                                {"src/ops/build/y.py", ""},
                                {"{{cookiecutter.name}}/setup.py", ""},
                                {"z.py", ""}});
  EXPECT_EQ(Listed(found),
            (Strings{"-build/lib/x.py", "src/ops/build/__init__.py", "src/ops/build/y.py", "z.py",
                     "-{{cookiecutter.name}}/setup.py"}));
}

TEST(Discover, UserPatternsAddToTheDefaultsOrTakeThemBack) {
  DiscoverOptions options;
  options.exclude = {"legacy/", "*_pb2.py", "!build"};
  const Discovery found = Walk({{"build/x.py", ""},
                                {"dist/x.py", ""},
                                {"p/legacy/a.py", ""},
                                {"p/m_pb2.py", ""},
                                {"p/n.py", ""}},
                               options);
  EXPECT_EQ(Listed(found),
            (Strings{"build/x.py", "-dist/x.py", "-p/legacy/a.py", "-p/m_pb2.py", "p/n.py"}));
}

TEST(Discover, GitIgnoredFilesAreListedAndMarked) {
  const Discovery found = Walk({{".gitignore", "/out\n*.tmp.py\n!keep.tmp.py\n"},
                                {"out/deep/a.py", ""},
                                {"p/out/b.py", ""},
                                {"p/c.tmp.py", ""},
                                {"p/keep.tmp.py", ""}});
  EXPECT_EQ(Listed(found),
            (Strings{"g-out/deep/a.py", "g-p/c.tmp.py", "p/keep.tmp.py", "p/out/b.py"}));
}

TEST(Discover, InnerGitIgnoreOverridesOuterButNotAnIgnoredFolder) {
  const Discovery found = Walk({{".gitignore", "*.gen.py\nskip/\n"},
                                {"p/.gitignore", "!ok.gen.py\n/local.py\n"},
                                {"p/ok.gen.py", ""},
                                {"p/bad.gen.py", ""},
                                {"p/local.py", ""},
                                {"p/q/local.py", ""},
                                {"skip/.gitignore", "!*\n"},
                                {"skip/x.py", ""}});
  EXPECT_EQ(Listed(found), (Strings{"g-p/bad.gen.py", "g-p/local.py", "p/ok.gen.py", "p/q/local.py",
                                    "g-skip/x.py"}));
}

TEST(Discover, ReadsInfoExcludeAndLeavesInnerRepositoriesAlone) {
  const Discovery found = Walk({{".git/info/exclude", "mine.py\n"},
                                {".gitignore", "theirs.py\n"},
                                {"mine.py", ""},
                                {"sub/.git/HEAD", ""},
                                {"sub/mine.py", ""},
                                {"sub/theirs.py", ""},
                                {"theirs.py", ""}});
  EXPECT_EQ(Listed(found), (Strings{"g-mine.py", "sub/mine.py", "sub/theirs.py", "g-theirs.py"}));
}

TEST(Discover, ObeysTheRepositoryAboveAnAbsoluteRoot) {
  DiscoverOptions options;
  options.root = "/repo/python";
  const Discovery found = Walk({{"/repo/.git/HEAD", ""},
                                {"/repo/.gitignore", "/python/gen/\nlocal.py\n/python/_v.py\n"},
                                {"/repo/python/gen/a.py", ""},
                                {"/repo/python/b.py", ""},
                                {"/repo/python/p/local.py", ""}},
                               options);
  EXPECT_EQ(Listed(found), (Strings{"b.py", "g-gen/a.py", "g-p/local.py"}));
  EXPECT_EQ(found.ignored_modules, (Strings{"_v.py", "gen/local.py", "local.py", "p/local.py"}));
}

// An index as `git update-index --index-version 2` or 4 writes it, for paths in order.
std::string GitIndex(char version, llvm::ArrayRef<std::string> paths) {
  std::string bytes = std::string("DIRC\0\0\0", 7) + version + std::string(3, '\0') +
                      static_cast<char>(paths.size());
  std::string previous;
  for (const std::string &path : paths) {
    std::string entry(60, 'x');
    entry += std::string(1, '\0') + static_cast<char>(path.size());
    if (version == 4) {
      entry += static_cast<char>(previous.size()); // nothing in common
      entry += path + std::string(1, '\0');
    } else {
      entry += path + std::string(8 - (entry.size() + path.size()) % 8, '\0');
    }
    bytes += entry;
    previous = path;
  }
  return bytes + "the checksum is not looked at";
}

TEST(Discover, WhatGitTracksIsNotIgnored) {
  for (const char version : {'\2', '\4'}) {
    const Discovery found =
        Walk({{".gitignore", "lib/\n"},
              {".git/index", GitIndex(version, {"a.py", "lib/kept.py", "lib/other_name.py"})},
              {"lib/kept.py", ""},
              {"lib/made.py", ""},
              {"lib/other_name.py", ""}});
    EXPECT_EQ(Listed(found), (Strings{"lib/kept.py", "g-lib/made.py", "lib/other_name.py"}));
  }
  const Discovery broken = Walk({{".gitignore", "lib/\n"},
                                 {".git/index", GitIndex(2, {"lib/kept.py"}).substr(0, 70)},
                                 {"lib/kept.py", ""}});
  EXPECT_EQ(Listed(broken), (Strings{"g-lib/kept.py"}));
}

TEST(Discover, NamedPathsAreNeverExcluded) {
  DiscoverOptions options;
  options.named = {"build/lib", "./gen/a.py", "node_modules/tool/bin", "run", "env/lib/x.py"};
  const Discovery found = Walk({{".gitignore", "gen/\n"},
                                {"build/lib/x.py", ""},
                                {"build/other/y.py", ""},
                                {"env/pyvenv.cfg", ""},
                                {"env/lib/x.py", ""},
                                {"env/lib/y.py", ""},
                                {"gen/a.py", ""},
                                {"gen/b.py", ""},
                                {"node_modules/tool/bin/z.py", ""},
                                {"node_modules/tool/w.py", ""},
                                {"run", "#!/usr/bin/env python3\n"}},
                               options);
  EXPECT_EQ(Listed(found),
            (Strings{"build/lib/x.py", "-build/other/y.py", "env/lib/x.py", "ggen/a.py",
                     "g-gen/b.py", "node_modules/tool/bin/z.py", "run"}));
}

// As `pydefrag check $(git diff --name-only)` does.
TEST(Discover, NamedFilesThatAreNoPythonAreNotListed) {
  DiscoverOptions options;
  options.named = {"README.md", "Makefile", "LICENSE",  "run.sh",
                   "logo.png",  "wscript",  "app.wsgi", "tool"};
  const Discovery found = Walk({{"README.md", "# import\n"},
                                {"Makefile", "all:\n\tpython x.py\n"},
                                {"LICENSE", ""},
                                {"run.sh", "#!/bin/sh\n"},
                                {"logo.png", "\x89PNG"},
                                {"wscript", "import os\n"},
                                {"app.wsgi", "import os\n"},
                                {"tool", "#! /usr/bin/python\nimport os\n"},
                                {"x.py", ""}},
                               options);
  EXPECT_EQ(Listed(found), (Strings{"app.wsgi", "tool", "wscript", "x.py"}));
  EXPECT_TRUE(Problems(found).empty());
}

TEST(Discover, KeepsModulesThatGitIgnoreNames) {
  const Discovery found = Walk({{".gitignore", "src/pkg/_version.py\n_build_info.py\n*_pb2.py\n"},
                                {"sub/.gitignore", "made.py\n/here.py\n"},
                                {"sub/x/a.py", ""},
                                {"subway/b.py", ""}});
  EXPECT_EQ(
      found.ignored_modules,
      (Strings{"_build_info.py", "src/pkg/_version.py", "sub/_build_info.py", "sub/here.py",
               "sub/made.py", "sub/x/_build_info.py", "sub/x/made.py", "subway/_build_info.py"}));
}

TEST(Discover, MissingRootAndNoPythonAreProblems) {
  DiscoverOptions options;
  options.root = "nowhere";
  EXPECT_EQ(Problems(Walk({{"a.py", ""}}, options)), (Strings{"no-sources "}));
  EXPECT_EQ(Problems(Walk({{"readme.md", ""}})), (Strings{"no-sources "}));
  options = {};
  options.named = {"missing.py"};
  EXPECT_EQ(Problems(Walk({{"a.py", ""}}, options)), (Strings{"no-sources missing.py"}));
}

TEST(Discover, AFolderCalledLikeAFileIsAProblemAndIsWalked) {
  const Discovery found = Walk({{"x.py/inner.py", ""}});
  EXPECT_EQ(Problems(found), (Strings{"not-a-file x.py"}));
  EXPECT_EQ(Listed(found), (Strings{"x.py/inner.py"}));
}

// A tree with links: each folder's entries are written out; a link has the path it leads to.
class LinkDisk final : public Disk {
public:
  struct Entry {
    EntryKind kind = EntryKind::File;
    std::string target; // not empty: a link
  };
  std::map<std::string, std::map<std::string, Entry>> folders;
  Strings unreadable;

  std::error_code Read(llvm::StringRef, uint64_t, llvm::SmallVectorImpl<char> &) const override {
    return std::make_error_code(std::errc::no_such_file_or_directory);
  }
  std::error_code List(llvm::StringRef path, std::vector<DirectoryEntry> &entries) const override {
    const std::string real = Resolve(path);
    if (std::find(unreadable.begin(), unreadable.end(), real) != unreadable.end()) {
      return std::make_error_code(std::errc::permission_denied);
    }
    for (const auto &[name, entry] : folders.at(real)) {
      entries.push_back({.name = name, .kind = entry.kind, .is_link = !entry.target.empty()});
    }
    return {};
  }
  bool IsFile(llvm::StringRef) const override { return false; }
  bool IsDirectory(llvm::StringRef path) const override { return folders.count(Resolve(path)) > 0; }
  FileIdentity Identity(llvm::StringRef path) const override {
    const auto folder = folders.find(Resolve(path));
    return {.device = 1,
            .inode = 1 + static_cast<uint64_t>(std::distance(folders.begin(), folder))};
  }

private:
  std::string Resolve(llvm::StringRef path) const {
    std::string real;
    llvm::SmallVector<llvm::StringRef> parts;
    path.split(parts, '/', -1, false);
    for (llvm::StringRef part : parts) {
      const auto folder = folders.find(real);
      const auto entry = folder->second.find(part.str());
      const bool link = entry != folder->second.end() && !entry->second.target.empty();
      real = link ? entry->second.target == "." ? "" : entry->second.target
                  : (real.empty() ? "" : real + "/") + part.str();
    }
    return real;
  }
};

TEST(Discover, FollowsLinksAndStopsAtLoops) {
  LinkDisk disk;
  constexpr auto kDir = EntryKind::Directory;
  disk.folders[""] = {{"alias", {kDir, "real"}}, {"real", {kDir, ""}}};
  disk.folders["real"] = {{"m.py", {}}, {"up", {kDir, "."}}, {"gone.py", {EntryKind::Other, "x"}}};
  const Discovery found = Discover(disk, {});
  EXPECT_EQ(Listed(found), (Strings{"alias/m.py", "real/m.py"}));
  EXPECT_EQ(Problems(found), (Strings{"not-a-file alias/gone.py", "symlink-loop alias/up",
                                      "not-a-file real/gone.py", "symlink-loop real/up"}));
}

TEST(Discover, LinksThatMultiplyAreCutOff) {
  LinkDisk disk;
  constexpr auto kDir = EntryKind::Directory;
  for (int i = 0; i < 16; ++i) {
    const std::string next = "d" + std::to_string(i + 1);
    disk.folders[i == 0 ? "" : "d" + std::to_string(i)] = {{"x", {kDir, next}},
                                                           {"y", {kDir, next}}};
  }
  disk.folders["d16"] = {{"m.py", {}}};
  const Discovery found = Discover(disk, {});
  EXPECT_LT(found.directories.size(), 30000u);
  EXPECT_FALSE(found.problems.empty());
}

TEST(Discover, UnreadableFolderIsAProblem) {
  LinkDisk disk;
  disk.folders[""] = {{"a.py", {}}, {"closed", {EntryKind::Directory, ""}}};
  disk.folders["closed"] = {};
  disk.unreadable = {"closed"};
  const Discovery found = Discover(disk, {});
  EXPECT_EQ(Problems(found), (Strings{"unreadable closed"}));
  EXPECT_EQ(Listed(found), (Strings{"a.py"}));
}

} // namespace
} // namespace pydefrag
