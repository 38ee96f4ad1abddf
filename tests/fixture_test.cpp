// Every fixtures/**/*.pycase is a test. `fixture_test --update` rewrites the goldens in them.
#include "case_runner.h"

#include "gtest/gtest.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/raw_ostream.h"

#include <algorithm>
#include <filesystem>

namespace pydefrag {
namespace {

namespace fs = std::filesystem;

const fs::path kFixtures = fs::path(PYDEFRAG_SOURCE_DIR) / "fixtures";

// Paths below fixtures/, sorted. Folders in real/ hold projects, not cases.
std::vector<std::string> FindCases() {
  std::vector<std::string> paths;
  for (const fs::directory_entry &entry : fs::recursive_directory_iterator(kFixtures)) {
    if (entry.path().extension() == ".pycase") {
      paths.push_back(entry.path().lexically_relative(kFixtures).string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string ReadCase(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile((kFixtures / path).string());
  return buffer ? (*buffer)->getBuffer().str() : "";
}

class Fixture : public testing::TestWithParam<std::string> {};

TEST_P(Fixture, IsAsExpected) {
  llvm::Expected<PyCase> parsed = ParsePyCase(ReadCase(GetParam()));
  ASSERT_TRUE(static_cast<bool>(parsed)) << llvm::toString(parsed.takeError());
  for (const std::string &failure : RunCase(*parsed).failures) {
    ADD_FAILURE() << "fixtures/" << GetParam() << ": " << failure;
  }
}

std::string TestName(const testing::TestParamInfo<std::string> &info) {
  std::string name = info.param.substr(0, info.param.rfind('.'));
  std::replace_if(name.begin(), name.end(), [](char byte) { return !llvm::isAlnum(byte); }, '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Cases, Fixture, testing::ValuesIn(FindCases()), TestName);

int UpdateGoldens() {
  for (const std::string &path : FindCases()) {
    const std::string text = ReadCase(path);
    llvm::Expected<PyCase> parsed = ParsePyCase(text);
    if (!parsed) {
      llvm::errs() << path << ": " << llvm::toString(parsed.takeError()) << "\n";
      return 1;
    }
    const std::string updated = WithGoldens(text, RunCase(*parsed).goldens);
    if (updated != text) {
      std::error_code error;
      llvm::raw_fd_ostream((kFixtures / path).string(), error) << updated;
      llvm::outs() << "updated fixtures/" << path << "\n";
    }
  }
  return 0;
}

} // namespace
} // namespace pydefrag

int main(int argc, char **argv) {
  testing::InitGoogleTest(&argc, argv);
  if (argc == 2 && llvm::StringRef(argv[1]) == "--update") {
    return pydefrag::UpdateGoldens();
  }
  return RUN_ALL_TESTS();
}
