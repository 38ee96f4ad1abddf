#include "source/paths.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

TEST(Paths, PartsOfPaths) {
  EXPECT_EQ(FolderOf("a/b/c.py"), "a/b");
  EXPECT_EQ(FolderOf("c.py"), "");
  EXPECT_EQ(FileNameOf("a/b/c.py"), "c.py");
  EXPECT_EQ(FileNameOf("c.py"), "c.py");
  EXPECT_TRUE(IsInFolder("a/b.py", "a"));
  EXPECT_TRUE(IsInFolder("a/b.py", ""));
  EXPECT_FALSE(IsInFolder("ab/c.py", "a"));
}

TEST(Paths, JoinedBelowTheRoot) {
  EXPECT_EQ(JoinPath("", "b.py"), "b.py");
  EXPECT_EQ(JoinPath("a", "b.py"), "a/b.py");
}

TEST(OnDisk, InstalledFilesKeepTheirOwnPaths) {
  EXPECT_EQ(OnDisk("", "a.py"), "a.py");
  EXPECT_EQ(OnDisk("/home/shop", "a.py"), "/home/shop/a.py");
  EXPECT_EQ(OnDisk("/home/shop/", "a.py"), "/home/shop/a.py");
  EXPECT_EQ(OnDisk("/home/shop", "/usr/lib/python3/x.py"), "/usr/lib/python3/x.py");
  EXPECT_EQ(OnDisk("/", "a.py"), "/a.py");
}

} // namespace
} // namespace pydefrag
