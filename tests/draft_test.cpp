// What the language server says at once of an edited file is what it says of it once the project is
// linked again: every file of every case in fixtures/ is edited in a few ways, drafted, and
// analysed anew with the same text.
#include "driver/live_workspace.h"
#include "pycase.h"

#include "llvm/ADT/STLExtras.h"

#include "source/paths.h"
#include "gtest/gtest.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace pydefrag {
namespace {

namespace fs = std::filesystem;

constexpr const char *kRoot = "/project";

std::vector<fs::path> AllCases() {
  std::vector<fs::path> paths;
  for (const auto &entry :
       fs::recursive_directory_iterator(fs::path(PYDEFRAG_SOURCE_DIR) / "fixtures")) {
    if (entry.path().extension() == ".pycase") {
      paths.push_back(entry.path());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<MemoryFile> FilesOf(const fs::path &path) {
  std::ifstream stream(path);
  const std::string text(std::istreambuf_iterator<char>(stream), {});
  llvm::Expected<PyCase> parsed = ParsePyCase(text);
  if (!parsed) {
    llvm::consumeError(parsed.takeError());
    return {};
  }
  for (MemoryFile &file : parsed->files) {
    file.path = std::string(kRoot) + "/" + file.path;
  }
  return std::move(parsed->files);
}

// A workspace over files in memory, with what it found.
struct Editor {
  explicit Editor(const std::vector<MemoryFile> &files) : disk(MakeMemoryDisk(files)) {
    env.disk = disk.get();
    env.cwd = kRoot;
    env.variable = [](llvm::StringRef) { return std::nullopt; };
    env.seconds = [] { return 0.0; };
    line.command = Command::Lsp;
    line.jobs = 1;
    workspace = std::make_unique<LiveWorkspace>(line, env);
  }

  bool Analyze(llvm::ArrayRef<MemoryFile> buffers, const WorkspaceChange &change) {
    workspace->Begin(kRoot, buffers, change);
    llvm::Expected<Snapshot> taken = workspace->Take();
    if (!taken) {
      llvm::consumeError(taken.takeError()); // a case about a configuration that is wrong
      return false;
    }
    snapshot = *taken;
    return true;
  }

  FileId Find(llvm::StringRef path) const {
    const Project &project = *snapshot.report->project;
    for (size_t i = 0; i < project.file_count; ++i) {
      if (OnDisk(project.root, project.PathOf(FileId(i))) == path) {
        return FileId(i);
      }
    }
    return {};
  }

  std::unique_ptr<Disk> disk;
  Environment env;
  CommandLine line;
  std::unique_ptr<LiveWorkspace> workspace;
  Snapshot snapshot;
};

enum class Reach : uint8_t { ImportsOnly, All };

std::vector<std::string> Shown(const std::vector<Finding> &findings, FileId file, Reach reach) {
  std::vector<std::string> shown;
  for (const Finding &finding : findings) {
    const bool wanted = reach == Reach::All || FindRule(finding.code)->reach == RuleReach::Imports;
    if (finding.where.file == file && wanted) {
      shown.push_back(finding.code + " " + std::to_string(finding.where.span.begin) + "-" +
                      std::to_string(finding.where.span.end) + " " + finding.message);
      // An edit may give the file's module another name, which ids are made of.
      shown.back() += reach == Reach::All ? " " + finding.id : "";
    }
  }
  return shown;
}

std::vector<std::string> EditsOf(const std::string &text, llvm::StringRef top) {
  std::vector<std::string> edits{"# moved\n" + text};
  edits.push_back("from " + top.str() + " import nothing_of_the_kind\n" + text);
  edits.push_back(text + "\nimport " + top.str() + ".nothing_of_the_kind\n");
  // Which edits of `sys.path` there are is asked when linking; until then nothing is claimed.
  const std::string half = text.substr(0, text.find('\n', text.size() / 2) + 1);
  if (llvm::StringRef(half).count("sys.path") == llvm::StringRef(text).count("sys.path")) {
    edits.push_back(half);
  }
  if (const size_t line = text.find("import "); line != std::string::npos) {
    const size_t begin = text.rfind('\n', line) + 1;
    edits.push_back(text.substr(0, begin) + text.substr(text.find('\n', line) + 1));
  }
  return edits;
}

class Draft : public testing::TestWithParam<fs::path> {};

TEST_P(Draft, SaysWhatTheNextAnalysisSays) {
  const std::vector<MemoryFile> files = FilesOf(GetParam());
  Editor editor(files);
  if (!editor.Analyze({}, {.structure = true})) {
    GTEST_SKIP();
  }
  for (const MemoryFile &file : files) {
    const FileId id = editor.Find(file.path);
    if (!id.valid()) {
      continue;
    }
    const std::string text(file.content);
    const LiveFile same = editor.workspace->Draft(id, file, {});
    EXPECT_EQ(Shown(same.findings, id, Reach::All),
              Shown(editor.snapshot.report->findings, id, Reach::All))
        << file.path << " unchanged";
    const llvm::StringRef below = llvm::StringRef(file.path).drop_front(strlen(kRoot) + 1);
    const llvm::StringRef top = below.split('/').first.split('.').first;
    bool first = true;
    for (const std::string &edited : EditsOf(text, top)) {
      const MemoryFile buffer{file.path, edited};
      const LiveFile live = editor.workspace->Draft(id, buffer, {});
      Editor after(files);
      ASSERT_TRUE(after.Analyze(buffer, {.structure = true}));
      const Reach reach = first ? Reach::All : Reach::ImportsOnly; // the first only moves
      EXPECT_EQ(Shown(live.findings, id, reach),
                Shown(after.snapshot.report->findings, after.Find(file.path), reach))
          << file.path << ":\n"
          << edited;
      first = false;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Fixtures, Draft, testing::ValuesIn(AllCases()), [](const auto &info) {
  std::string name =
      info.param.parent_path().filename().string() + "_" + info.param.stem().string();
  std::replace_if(name.begin(), name.end(), [](char c) { return !std::isalnum(c); }, '_');
  return name;
});

} // namespace
} // namespace pydefrag
