#include "outcomes/test_ids.h"

#include "outcomes/outcome.h"
#include "source/disk.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

class TestIds : public testing::Test {
protected:
  TestIds() {
    std::vector<MemoryFile> files;
    for (const char *path :
         {"p/tests/unit/test_a.py", "p/tests/unit/__init__.py", "p/tests/conftest.py",
          "p/conftest.py", "p/shop/cart.py", "p/services/api/tests/test_a.py",
          "p/services/api/tests/test_b.py", "p/docs/usage.txt", "p/tests/x.y/test_c.py"}) {
      files.push_back({path, ""});
    }
    disk_ = MakeMemoryDisk(files);
    ids_ = std::make_unique<TestIdResolver>(*disk_, "p", std::vector<std::string>{"services/api/"});
  }

  std::string Class(llvm::StringRef classname, llvm::StringRef name, llvm::StringRef file = "") {
    return ids_->FromClassname(classname, name, file).id;
  }
  std::string Path(llvm::StringRef path) {
    const ResolvedPath found = ids_->FromPath(path);
    return (found.in_project ? "" : "outside ") + found.path;
  }

  std::unique_ptr<Disk> disk_;
  std::unique_ptr<TestIdResolver> ids_;
};

TEST_F(TestIds, LongestPrefixThatIsAFileIsTheFile) {
  EXPECT_EQ(Class("tests.unit.test_a", "test_x"), "tests/unit/test_a.py::test_x");
  EXPECT_EQ(Class("tests.unit.test_a.TestO.TestI", "test_x[a.b::c]"),
            "tests/unit/test_a.py::TestO::TestI::test_x[a.b::c]");
  EXPECT_EQ(Class("docs.usage.txt", "usage.txt"), "docs/usage.txt::usage.txt");
}

TEST_F(TestIds, CollectionErrorsHaveOnlyAName) {
  EXPECT_EQ(Class("", "tests.unit.test_a"), "tests/unit/test_a.py");
  EXPECT_EQ(Class("", "tests.unit"), "tests/unit");
  EXPECT_EQ(Class("", ""), "");
}

TEST_F(TestIds, FileAttributeCountsOnlyWhereItIsTheTestsOwn) {
  EXPECT_EQ(Class("tests.x.y.test_c.TestZ", "t", "tests/x.y/test_c.py"),
            "tests/x.y/test_c.py::TestZ::t");
  // An inherited test names its base class's file.
  EXPECT_EQ(Class("tests.unit.test_a.TestZ", "t", "shop/cart.py"),
            "tests/unit/test_a.py::TestZ::t");
}

TEST_F(TestIds, OtherRootsAndPrefixesAreTried) {
  EXPECT_EQ(Class("tests.test_b", "t"), "services/api/tests/test_b.py::t");
  EXPECT_EQ(Class("prefix.tests.unit.test_a", "t"), "tests/unit/test_a.py::t");
  EXPECT_EQ(ids_->FromNodeId("tests/test_b.py::t[x/y::z]").id,
            "services/api/tests/test_b.py::t[x/y::z]");
}

TEST_F(TestIds, UnknownNamesStayAsTheyAre) {
  const ResolvedId id = ids_->FromClassname("com.acme.Till", "opens", "");
  EXPECT_EQ(id.id, "com.acme.Till::opens");
  EXPECT_FALSE(id.resolved);
  EXPECT_FALSE(ids_->FromNodeId("gone/test_g.py::t").resolved);
}

TEST_F(TestIds, PathsOfOtherMachinesAreTiedByTheirSuffix) {
  EXPECT_EQ(Path("/home/runner/work/shop/shop/cart.py"), "shop/cart.py");
  // The folder in front is known from now on.
  EXPECT_EQ(Path("/home/runner/work/shop/conftest.py"), "conftest.py");
  EXPECT_EQ(Path("/elsewhere/conftest.py"), "outside /elsewhere/conftest.py");
  EXPECT_EQ(Path("C:\\work\\shop\\cart.py"), "shop/cart.py");
}

TEST_F(TestIds, RunsOwnRootIsBelieved) {
  ids_->SetRunRoot("/ci/checkout");
  EXPECT_EQ(Path("/ci/checkout/conftest.py"), "conftest.py");
  ids_->SetRunRoot("/ci/checkout/services/api");
  EXPECT_EQ(Path("/ci/checkout/services/api/tests/test_b.py"), "services/api/tests/test_b.py");
}

TEST_F(TestIds, InstalledCopiesAreNotTheProject) {
  EXPECT_EQ(Path("/v/lib/python3.11/site-packages/shop/cart.py"),
            "outside /v/lib/python3.11/site-packages/shop/cart.py");
  EXPECT_EQ(Path("<frozen importlib._bootstrap>"), "outside <frozen importlib._bootstrap>");
}

TEST_F(TestIds, RelativePathsMayLeaveTheFolder) {
  EXPECT_EQ(Path("../../shop/cart.py"), "shop/cart.py");
  EXPECT_EQ(Path("./tests/../shop/cart.py"), "shop/cart.py");
  EXPECT_EQ(Path("cart.py"), "outside cart.py");
}

TEST(SplitTestId, ParametersAreFreeText) {
  const TestIdParts parts = SplitTestId("a/test_b.py::TestC::TestD::test_e[x::y[z] - /]");
  EXPECT_EQ(parts.file, "a/test_b.py");
  EXPECT_EQ(parts.classes, "TestC::TestD");
  EXPECT_EQ(parts.function, "test_e");
  EXPECT_EQ(parts.params, "x::y[z] - /");
  EXPECT_TRUE(parts.has_params);
  EXPECT_EQ(SplitTestId("a.py::t").classes, "");
  EXPECT_FALSE(SplitTestId("a.py::t").has_params);
  EXPECT_EQ(SplitTestId("a.py").function, "");
  EXPECT_TRUE(SplitTestId("a.py::t[]").has_params);
}

} // namespace
} // namespace pydefrag
