// What the tables say of the standard library. Versions were read off the interpreters and, from
// 3.14 on, off typeshed.
#include "stdlib/frozen.h"
#include "stdlib/stdlib.h"

#include <gtest/gtest.h>

namespace pydefrag {
namespace {

bool Has(llvm::StringRef module, int minor) {
  const StdlibModule *found = FindStdlibModule(module);
  return found && (found->present & MaskOf(minor)) != 0;
}

bool HasName(llvm::StringRef module, llvm::StringRef name, int minor) {
  return (FindStdlibName(module, name).present & MaskOf(minor)) != 0;
}

TEST(StdlibModules, RemovalsFollowTheVersion) {
  EXPECT_TRUE(Has("distutils.version", 11));
  EXPECT_FALSE(Has("distutils.version", 12));
  EXPECT_TRUE(Has("cgi", 12));
  EXPECT_FALSE(Has("cgi", 13));
  EXPECT_TRUE(Has("sre_parse", 14));
  EXPECT_FALSE(Has("sre_parse", 15));
  EXPECT_FALSE(Has("asyncore", 12));
  EXPECT_TRUE(Has("xml.etree.cElementTree", 15));
  EXPECT_TRUE(Has("typing.io", 12));
  EXPECT_FALSE(Has("typing.io", 13));
  EXPECT_STREQ(FindStdlibModule("imp")->replacement, "importlib");
  EXPECT_STREQ(FindStdlibModule("distutils.version")->replacement, "packaging.version");
}

TEST(StdlibModules, AdditionsFollowTheVersion) {
  EXPECT_FALSE(Has("tomllib", 10));
  EXPECT_TRUE(Has("tomllib", 11));
  EXPECT_FALSE(Has("compression.zstd", 13));
  EXPECT_TRUE(Has("compression.zstd", 14));
  EXPECT_TRUE(Has("profiling.sampling", 15));
  EXPECT_FALSE(Has("profiling.sampling", 14));
  EXPECT_TRUE(Has("importlib.resources.abc", 11));
  EXPECT_FALSE(Has("importlib.resources.abc", 10));
}

TEST(StdlibModules, ImportWarningsFollowTheVersion) {
  EXPECT_EQ(FindStdlibModule("imp")->warns & MaskOf(11), MaskOf(11));
  EXPECT_EQ(FindStdlibModule("cgi")->warns, MaskOf(11) | MaskOf(12));
  EXPECT_EQ(FindStdlibModule("json")->warns, 0);
  EXPECT_EQ(FindStdlibModule("sre_compile")->warns,
            MaskOf(11) | MaskOf(12) | MaskOf(13) | MaskOf(14));
  EXPECT_EQ(FindStdlibModule("profile")->removal, 17);
  EXPECT_EQ(FindStdlibModule("profile")->warns, MaskOf(15));
}

TEST(StdlibModules, OtherPlatformsModulesExist) {
  for (const char *name :
       {"winreg", "msvcrt", "_winapi", "fcntl", "termios", "asyncio.windows_events"}) {
    EXPECT_TRUE(Has(name, 13)) << name;
    EXPECT_FALSE(FindStdlibModule(name)->everywhere) << name;
  }
  EXPECT_TRUE(FindStdlibModule("json")->everywhere);
}

TEST(StdlibModules, UnknownNamesAreNone) {
  EXPECT_EQ(FindStdlibModule("numpy"), nullptr);
  EXPECT_EQ(FindStdlibModule("json.nope"), nullptr);
  EXPECT_EQ(FindStdlibModule(""), nullptr);
  EXPECT_EQ(FindStdlibModule("typing_extensions"), nullptr);
  EXPECT_EQ(FindStdlibModule("zzz"), nullptr);
  EXPECT_TRUE(IsStdlibTopLevel("abc"));
  EXPECT_TRUE(IsStdlibTopLevel("zoneinfo"));
  EXPECT_FALSE(IsStdlibTopLevel("os.path"));
  EXPECT_FALSE(IsStdlibTopLevel("requests"));
}

TEST(StdlibModules, PackagesAndWhatTheyHold) {
  EXPECT_TRUE(FindStdlibModule("concurrent")->package);
  EXPECT_FALSE(FindStdlibModule("concurrent")->open);
  EXPECT_TRUE(FindStdlibModule("test")->open_package);
  EXPECT_FALSE(FindStdlibModule("json")->open_package);
  EXPECT_FALSE(FindStdlibModule("os")->package);
  EXPECT_TRUE(FindStdlibModule("compression.zstd")->package);
}

TEST(StdlibNames, RemovalsAndReplacements) {
  EXPECT_TRUE(HasName("collections", "Mapping", 9));
  EXPECT_FALSE(HasName("collections", "Mapping", 10));
  EXPECT_STREQ(FindStdlibName("collections", "Mapping").replacement, "collections.abc.Mapping");
  EXPECT_EQ(FindStdlibName("collections", "Mapping").deprecated, MaskOf(7) | MaskOf(8) | MaskOf(9));
  EXPECT_FALSE(HasName("inspect", "getargspec", 11));
  EXPECT_TRUE(HasName("ast", "Num", 13));
  EXPECT_FALSE(HasName("ast", "Num", 14));
  EXPECT_FALSE(HasName("typing", "no_type_check_decorator", 15));
  EXPECT_TRUE(HasName("typing", "ByteString", 15));
  EXPECT_EQ(FindStdlibName("typing", "ByteString").removal, 17);
  EXPECT_FALSE(HasName("time", "clock", 8));
  EXPECT_TRUE(HasName("locale", "getdefaultlocale", 15));
}

TEST(StdlibNames, DocumentedDeprecationsAreMarked) {
  const StdlibName list = FindStdlibName("typing", "List");
  EXPECT_TRUE(list.doc_only);
  EXPECT_STREQ(list.replacement, "list");
  EXPECT_EQ(list.deprecated & MaskOf(8), 0);
  EXPECT_NE(list.deprecated & MaskOf(9), 0);
  EXPECT_EQ(FindStdlibName("typing", "Optional").deprecated, 0);
  EXPECT_FALSE(FindStdlibName("calendar", "January").doc_only);
}

TEST(StdlibNames, NamesServedDynamicallyExist) {
  EXPECT_TRUE(HasName("concurrent.futures", "ThreadPoolExecutor", 11));
  EXPECT_TRUE(HasName("unittest", "IsolatedAsyncioTestCase", 11));
  EXPECT_TRUE(HasName("zoneinfo", "TZPATH", 11));
  EXPECT_TRUE(HasName("typing", "Pattern", 13));
  EXPECT_TRUE(HasName("signal", "SIGINT", 8));
  EXPECT_TRUE(HasName("os.path", "join", 8));
  EXPECT_FALSE(HasName("os.path", "walk", 8));
}

TEST(StdlibNames, OtherPlatformsNamesAreNeverAbsent) {
  EXPECT_TRUE(HasName("os", "startfile", 11));
  EXPECT_EQ(FindStdlibName("os", "startfile").perhaps & MaskOf(11), MaskOf(11));
  EXPECT_EQ(FindStdlibName("os", "getcwd").perhaps, 0);
  EXPECT_TRUE(HasName("signal", "CTRL_C_EVENT", 13));
  EXPECT_TRUE(HasName("socket", "AF_NOT_BUILT_HERE", 11));
  EXPECT_TRUE(HasName("termios", "NSWTCH", 11));
  EXPECT_FALSE(HasName("termios", "S_ISREG", 11));
  EXPECT_TRUE(HasName("termios", "NOT_BUILT_HERE", 14));
  EXPECT_TRUE(HasName("select", "kqueue", 11));
  EXPECT_TRUE(HasName("sys", "getwindowsversion", 11));
  EXPECT_TRUE(HasName("ctypes", "windll", 11));
  EXPECT_FALSE(HasName("os", "getcwdu", 11));
  EXPECT_FALSE(HasName("sys", "maxint", 11));
  EXPECT_STREQ(FindStdlibName("sys", "maxint").replacement, "sys.maxsize");
}

TEST(StdlibNames, NewVersionsLeaveRoom) {
  EXPECT_TRUE(HasName("annotationlib", "get_annotations", 14));
  EXPECT_FALSE(HasName("json", "nope", 13));
  EXPECT_FALSE(HasName("json", "nope", 14));
  EXPECT_TRUE(HasName("json", "nope", 15));
  EXPECT_TRUE(HasName("json", "_nope", 14));
  EXPECT_FALSE(HasName("json", "_nope", 13));
  EXPECT_TRUE(HasName("json", "__author__", 11));
  EXPECT_FALSE(HasName("nowhere", "x", 15));
}

TEST(Python2, RenamedModulesHaveReplacements) {
  EXPECT_STREQ(Python2Replacement("ConfigParser"), "configparser");
  EXPECT_STREQ(Python2Replacement("urllib2"), "urllib.request");
  EXPECT_STREQ(Python2Replacement("xmlrpclib"), "xmlrpc.client");
  EXPECT_STREQ(Python2Replacement("sets"), "");
  EXPECT_EQ(Python2Replacement("configparser"), nullptr);
}

TEST(VirtualModules, MatchWholeComponents) {
  EXPECT_TRUE(IsVirtualModule("six.moves"));
  EXPECT_TRUE(IsVirtualModule("six.moves.urllib.parse"));
  EXPECT_TRUE(IsVirtualModule("kafka.vendor.six.moves"));
  EXPECT_FALSE(IsVirtualModule("six"));
  EXPECT_FALSE(IsVirtualModule("notsix.moves"));
  EXPECT_TRUE(IsVirtualModule("gi.repository.Gtk"));
  EXPECT_TRUE(IsVirtualModule("bpy"));
  EXPECT_FALSE(IsVirtualModule("bpyx"));
}

TEST(Startup, SomeModulesCannotBeHidden) {
  EXPECT_TRUE(IsLoadedAtStartup("os"));
  EXPECT_TRUE(IsLoadedAtStartup("sys"));
  EXPECT_FALSE(IsLoadedAtStartup("json"));
  EXPECT_FALSE(IsLoadedAtStartup("types"));
}

TEST(FrozenModules, HaveASource) {
  EXPECT_EQ(FrozenSourceOf("_frozen_importlib_external"), "importlib._bootstrap_external");
  EXPECT_EQ(FrozenSourceOf("importlib"), "");
}

} // namespace
} // namespace pydefrag
