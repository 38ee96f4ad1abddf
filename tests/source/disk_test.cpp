// The three disks: in memory, laid over another, and the machine's.
#include "source/disk.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/raw_ostream.h"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pydefrag {
namespace {

std::string ReadText(const Disk &disk, llvm::StringRef path, uint64_t limit = 1000) {
  llvm::SmallString<64> buffer("old");
  const std::error_code error = disk.Read(path, limit, buffer);
  return error ? "error" : buffer.str().str();
}

std::vector<std::string> Names(const Disk &disk, llvm::StringRef path) {
  std::vector<DirectoryEntry> entries;
  std::vector<std::string> names;
  if (disk.List(path, entries)) {
    return {"error"};
  }
  for (const DirectoryEntry &entry : entries) {
    const char *mark = entry.kind == EntryKind::Directory ? "/"
                       : entry.kind == EntryKind::Other   ? "?"
                                                          : "";
    names.push_back(entry.name + mark + (entry.is_link ? "@" : ""));
  }
  return names;
}

using Strings = std::vector<std::string>;

TEST(MemoryDisk, ListsDirectoriesOfItsFiles) {
  auto disk = MakeMemoryDisk({{"shop/cart/a.py", "1"}, {"shop/b.py", "22"}, {"till.py", ""}});
  EXPECT_EQ(Names(*disk, ""), (Strings{"shop/", "till.py"}));
  EXPECT_EQ(Names(*disk, "."), (Strings{"shop/", "till.py"}));
  EXPECT_EQ(Names(*disk, "shop"), (Strings{"b.py", "cart/"}));
  EXPECT_EQ(Names(*disk, "./shop/cart/"), (Strings{"a.py"}));
  EXPECT_EQ(Names(*disk, "nowhere"), (Strings{"error"}));
  EXPECT_EQ(Names(*disk, "till.py"), (Strings{"error"}));
  EXPECT_TRUE(disk->IsDirectory("shop/cart"));
  EXPECT_FALSE(disk->IsFile("shop/cart"));
  EXPECT_TRUE(disk->IsFile("shop/../till.py"));
}

TEST(MemoryDisk, TakesAbsolutePaths) {
  auto disk = MakeMemoryDisk({{"/p/a.py", "x"}});
  EXPECT_EQ(Names(*disk, "/"), (Strings{"p/"}));
  EXPECT_EQ(Names(*disk, "/p"), (Strings{"a.py"}));
  EXPECT_TRUE(disk->IsDirectory("/p"));
  EXPECT_TRUE(disk->IsDirectory("/"));
}

TEST(MemoryDisk, ReadStopsAtTheLimit) {
  auto disk = MakeMemoryDisk({{"a.py", "abcdef"}});
  EXPECT_EQ(ReadText(*disk, "a.py"), "abcdef");
  EXPECT_EQ(ReadText(*disk, "a.py", 3), "abc");
  EXPECT_EQ(ReadText(*disk, "b.py"), "error");
}

TEST(MemoryDisk, IdentitiesTellPathsApart) {
  auto disk = MakeMemoryDisk({{"a.py", ""}, {"p/b.py", ""}});
  EXPECT_NE(disk->Identity("a.py"), disk->Identity("p/b.py"));
  EXPECT_NE(disk->Identity("p"), disk->Identity("p/b.py"));
  EXPECT_EQ(disk->Identity("p/../a.py"), disk->Identity("a.py"));
  EXPECT_EQ(disk->Identity("none"), FileIdentity{});
}

TEST(OverlayDisk, ReplacesAndAddsFiles) {
  auto base = MakeMemoryDisk({{"shop/a.py", "old"}, {"shop/b.py", "kept"}});
  auto disk = MakeOverlayDisk(*base, {{"shop/a.py", "new"}, {"shop/sub/c.py", "added"}});
  EXPECT_EQ(ReadText(*disk, "shop/a.py"), "new");
  EXPECT_EQ(ReadText(*disk, "shop/b.py"), "kept");
  EXPECT_EQ(ReadText(*disk, "shop/sub/c.py"), "added");
  EXPECT_EQ(Names(*disk, "shop"), (Strings{"a.py", "b.py", "sub/"}));
  EXPECT_EQ(Names(*disk, "shop/sub"), (Strings{"c.py"}));
  EXPECT_EQ(disk->Identity("shop/a.py"), base->Identity("shop/a.py"));
  EXPECT_NE(disk->Identity("shop/sub/c.py"), FileIdentity{});
}

TEST(ReducedDisk, HidesFilesAndFoldersThatHoldNothingElse) {
  const std::unique_ptr<Disk> base = MakeMemoryDisk({{"/p/a.py", "1"},
                                                     {"/p/new/deep/b.py", "2"},
                                                     {"/p/new/deep/c.py", "3"},
                                                     {"/p/old/d.py", ""},
                                                     {"/p/old/e.py", ""}});
  const std::unique_ptr<Disk> disk =
      MakeReducedDisk(*base, {"/p/new/deep/b.py", "/p/new/deep/c.py", "/p/old/e.py"});
  EXPECT_EQ(Names(*disk, "/p"), (Strings{"a.py", "old/"}));
  EXPECT_EQ(Names(*disk, "/p/old"), (Strings{"d.py"}));
  EXPECT_FALSE(disk->IsDirectory("/p/new/deep"));
  EXPECT_FALSE(disk->IsFile("/p/old/e.py"));
  EXPECT_EQ(ReadText(*disk, "/p/new/deep/b.py"), "error");
  EXPECT_EQ(ReadText(*disk, "/p/a.py"), "1");
}

TEST(ReducedDisk, AFolderWithSomethingLeftStays) {
  const std::unique_ptr<Disk> base =
      MakeMemoryDisk({{"/p/new/b.py", ""}, {"/p/new/data.txt", ""}, {"/q/b.py", ""}});
  const std::unique_ptr<Disk> disk = MakeReducedDisk(*base, {"/p/new/b.py"});
  EXPECT_EQ(Names(*disk, "/p/new"), (Strings{"data.txt"}));
  EXPECT_TRUE(disk->IsDirectory("/q"));
}

class RealDiskTest : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_FALSE(llvm::sys::fs::createUniqueDirectory("pydefrag-disk", root_));
  }
  void TearDown() override { EXPECT_FALSE(llvm::sys::fs::remove_directories(root_)); }

  std::string Path(llvm::StringRef name) { return (root_ + "/" + name).str(); }
  void Write(llvm::StringRef name, llvm::StringRef text) {
    std::error_code error;
    llvm::raw_fd_ostream out(Path(name), error);
    out << text;
  }

  llvm::SmallString<128> root_;
  std::unique_ptr<Disk> disk_ = MakeRealDisk();
};

TEST_F(RealDiskTest, ReadsWholeAndEmptyAndLargeFiles) {
  Write("a.py", "abc");
  Write("empty.py", "");
  Write("large.py", std::string(3000000, 'x'));
  EXPECT_EQ(ReadText(*disk_, Path("a.py")), "abc");
  EXPECT_EQ(ReadText(*disk_, Path("a.py"), 2), "ab");
  EXPECT_EQ(ReadText(*disk_, Path("empty.py")), "");
  EXPECT_EQ(ReadText(*disk_, Path("large.py"), 1u << 30), std::string(3000000, 'x'));
  EXPECT_EQ(ReadText(*disk_, Path("none.py")), "error");
  // Into a buffer that has room for more than there is.
  llvm::SmallString<64> buffer;
  buffer.reserve(1u << 20);
  EXPECT_FALSE(disk_->Read(Path("a.py"), 1u << 30, buffer));
  EXPECT_EQ(buffer, "abc");
  EXPECT_FALSE(disk_->Read(Path("empty.py"), 1u << 30, buffer));
  EXPECT_EQ(buffer, "");
  EXPECT_FALSE(disk_->Read(Path("large.py"), 1u << 30, buffer));
  EXPECT_EQ(buffer, std::string(3000000, 'x'));
  EXPECT_FALSE(disk_->Read(Path("large.py"), 100000, buffer));
  EXPECT_EQ(buffer, std::string(100000, 'x'));
  EXPECT_TRUE(disk_->Read(root_, 1u << 30, buffer));
  EXPECT_EQ(ReadText(*disk_, root_), "error");
}

TEST_F(RealDiskTest, ListsWhatLinksLeadTo) {
  Write("a.py", "");
  ASSERT_EQ(::mkdir(Path("d").c_str(), 0700), 0);
  ASSERT_EQ(::symlink("a.py", Path("file_link").c_str()), 0);
  ASSERT_EQ(::symlink("d", Path("folder_link").c_str()), 0);
  ASSERT_EQ(::symlink("nowhere", Path("broken").c_str()), 0);
  EXPECT_EQ(Names(*disk_, root_),
            (Strings{"a.py", "broken?@", "d/", "file_link@", "folder_link/@"}));
  EXPECT_EQ(disk_->Identity(Path("folder_link")), disk_->Identity(Path("d")));
  EXPECT_NE(disk_->Identity(Path("a.py")), disk_->Identity(Path("d")));
}

TEST_F(RealDiskTest, NamedPipeIsAnErrorAndDoesNotBlock) {
  ASSERT_EQ(::mkfifo(Path("x.py").c_str(), 0600), 0);
  EXPECT_EQ(ReadText(*disk_, Path("x.py")), "error");
  EXPECT_FALSE(disk_->IsFile(Path("x.py")));
  EXPECT_EQ(Names(*disk_, root_), (Strings{"x.py?"}));
}

} // namespace
} // namespace pydefrag
