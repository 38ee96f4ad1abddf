// Output is the same bytes for any number of jobs and any order in which the disk lists files, on
// every project in fixtures/real.
#include "driver/run.h"

#include "gtest/gtest.h"

#include <algorithm>
#include <filesystem>

namespace pydefrag {
namespace {

namespace fs = std::filesystem;

const fs::path kReal = fs::path(PYDEFRAG_SOURCE_DIR) / "fixtures" / "real";

// The machine's disk, with directories listed from their end.
class BackwardsDisk final : public Disk {
public:
  std::error_code Read(llvm::StringRef path, uint64_t limit,
                       llvm::SmallVectorImpl<char> &buffer) const override {
    return real_->Read(path, limit, buffer);
  }
  std::error_code List(llvm::StringRef path, std::vector<DirectoryEntry> &entries) const override {
    const std::error_code error = real_->List(path, entries);
    std::reverse(entries.begin(), entries.end());
    return error;
  }
  bool IsFile(llvm::StringRef path) const override { return real_->IsFile(path); }
  bool IsDirectory(llvm::StringRef path) const override { return real_->IsDirectory(path); }
  FileIdentity Identity(llvm::StringRef path) const override { return real_->Identity(path); }

private:
  std::unique_ptr<Disk> real_ = MakeRealDisk();
};

std::string Output(const Disk &disk, const std::string &project,
                   std::vector<const char *> arguments) {
  std::string text;
  llvm::raw_string_ostream out(text);
  Environment environment;
  environment.disk = &disk;
  environment.out = &out;
  environment.err = &out;
  environment.cwd = (kReal / project).string();
  environment.variable = [](llvm::StringRef) { return std::nullopt; };
  environment.seconds = [] { return 0.0; };
  environment.read_stdin = [] { return std::string(); };
  environment.write_file = [](llvm::StringRef, llvm::StringRef) {
    return std::make_error_code(std::errc::read_only_file_system);
  };
  arguments.insert(arguments.end(), {"--root", environment.cwd.c_str()});
  RunMain(arguments, environment);
  return text;
}

class Determinism : public testing::TestWithParam<std::string> {
protected:
  std::unique_ptr<Disk> disk_ = MakeRealDisk();
};

TEST_P(Determinism, JobsDoNotChangeTheReport) {
  for (const char *format : {"json", "json-lines", "full", "concise"}) {
    const std::string one =
        Output(*disk_, GetParam(), {"check", "--output-format", format, "--jobs", "1"});
    EXPECT_GT(one.size(), 100u);
    EXPECT_EQ(one, Output(*disk_, GetParam(), {"check", "--output-format", format, "--jobs", "8"}))
        << format;
  }
}

TEST_P(Determinism, JobsDoNotChangeTheGraph) {
  const std::string one = Output(*disk_, GetParam(), {"graph", "--format", "json", "--jobs", "1"});
  EXPECT_GT(one.size(), 100u);
  EXPECT_EQ(one, Output(*disk_, GetParam(), {"graph", "--format", "json", "--jobs", "8"}));
}

TEST_P(Determinism, OrderOnDiskDoesNotChangeTheReport) {
  const std::vector<const char *> arguments = {"check", "--output-format", "json"};
  EXPECT_EQ(Output(*disk_, GetParam(), arguments), Output(BackwardsDisk(), GetParam(), arguments));
}

std::vector<std::string> Projects() {
  std::vector<std::string> names;
  for (const fs::directory_entry &entry : fs::directory_iterator(kReal)) {
    if (entry.is_directory()) {
      names.push_back(entry.path().filename().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

INSTANTIATE_TEST_SUITE_P(Real, Determinism, testing::ValuesIn(Projects()),
                         [](const testing::TestParamInfo<std::string> &info) {
                           std::string name = info.param;
                           std::replace(name.begin(), name.end(), '-', '_');
                           return name;
                         });

} // namespace
} // namespace pydefrag
