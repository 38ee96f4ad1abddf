// The grammar against what real interpreters (3.8 to 3.13) printed, fixtures/outcomes/messages.tsv,
// and against the forms that no interpreter here prints.
#include "outcomes/errors/python_errors.h"
#include "outcomes/errors/skip_reasons.h"

#include "outcomes/errors/traceback.h"
#include "support.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <gtest/gtest.h>
#include <set>

namespace pydefrag {
namespace {

std::string Unescape(llvm::StringRef text) {
  std::string result;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) {
      result += text[++i] == 'n' ? '\n' : text[i];
    } else {
      result += text[i];
    }
  }
  return result;
}

std::string FieldOf(const PythonError &error, llvm::StringRef key) {
  if (key == "name") {
    return error.name.str();
  }
  if (key == "module") {
    return error.module.str();
  }
  if (key == "path") {
    return error.path.str();
  }
  if (key == "subject") {
    return error.subject.str();
  }
  if (key == "suggestion") {
    return error.suggestion.str();
  }
  if (key == "count") {
    return std::to_string(error.count);
  }
  return key == "names" ? llvm::join(error.names, ",") : "unknown key " + key.str();
}

TEST(PythonErrors, RealMessagesOfSixInterpretersAreRead) {
  const std::string table = ReadFixture("messages.tsv");
  llvm::SmallVector<llvm::StringRef, 0> lines;
  llvm::StringRef(table).trim().split(lines, '\n');
  std::set<std::string> versions;
  for (llvm::StringRef line : lines) {
    llvm::SmallVector<llvm::StringRef, 4> columns;
    line.split(columns, '\t');
    ASSERT_EQ(columns.size(), 4U) << line.str();
    versions.insert(columns[0].str());
    const std::string message = Unescape(columns[3]);
    const TypedMessage typed = SplitTyped(message);
    const PythonError error = ClassifyError(typed.type, typed.message);
    EXPECT_EQ(ErrorRuleName(error.rule), columns[1].str()) << line.str();
    llvm::SmallVector<llvm::StringRef, 8> fields;
    columns[2].split(fields, ';', -1, false);
    for (llvm::StringRef field : fields) {
      const auto [key, value] = field.split('=');
      EXPECT_EQ(FieldOf(error, key), value.str()) << line.str();
    }
    if (!columns[2].contains("suggestion=")) {
      EXPECT_EQ(error.suggestion.str(), "") << line.str();
    }
  }
  EXPECT_EQ(versions.size(), 6U);
}

PythonError Classify(llvm::StringRef text) {
  const TypedMessage typed = SplitTyped(text);
  return ClassifyError(typed.type, typed.message);
}

TEST(PythonErrors, ShadowingModuleIsToldFromAMissingName) {
  const PythonError error =
      Classify("ImportError: cannot import name 'x' from 'random' (consider renaming "
               "'/p/random.py' since it has the same name as the standard library module named "
               "'random' and prevents importing that standard library module)");
  EXPECT_EQ(error.rule, ErrorRule::ImportShadow);
  EXPECT_EQ(error.name, "x");
  EXPECT_EQ(error.module, "random");
  EXPECT_EQ(error.path, "/p/random.py");
  EXPECT_TRUE(error.shadows_stdlib);
  const PythonError library =
      Classify("AttributeError: module 'requests' has no attribute 'get' (consider renaming "
               "'/p/requests.py' if it has the same name as a library you intended to import)");
  EXPECT_EQ(library.rule, ErrorRule::ModuleAttribute);
  EXPECT_EQ(library.path, "/p/requests.py");
  EXPECT_FALSE(library.shadows_stdlib);
}

TEST(PythonErrors, NewestHintsAreTakenOff) {
  const PythonError hint =
      Classify("ModuleNotFoundError: No module named 'shp'. Did you mean: 'shop'?");
  EXPECT_EQ(hint.module, "shp");
  EXPECT_EQ(hint.suggestion, "shop");
  const PythonError dotted =
      Classify("AttributeError: module 'a' has no attribute 'x'. Did you mean "
               "'.b.x' instead of '.x'?");
  EXPECT_EQ(dotted.rule, ErrorRule::ModuleAttribute);
  EXPECT_EQ(dotted.name, "x");
  EXPECT_EQ(dotted.suggestion, "b.x");
  EXPECT_EQ(Classify("ModuleNotFoundError: Standard library module 'tkinter' was not found").rule,
            ErrorRule::StdlibModuleMissing);
}

TEST(PythonErrors, MonkeypatchAndPluginTextsNameTheModule) {
  const PythonError patched =
      Classify("AttributeError: 'module' object at shop.cart has no attribute 'Basket'");
  EXPECT_EQ(patched.rule, ErrorRule::ModuleAttribute);
  EXPECT_EQ(patched.module, "shop.cart");
  EXPECT_EQ(patched.name, "Basket");
  const PythonError missing =
      Classify("ImportError: import error in shop.gone.x: No module named 'shop.gone'");
  EXPECT_EQ(missing.rule, ErrorRule::ModuleNotFound);
  EXPECT_EQ(missing.module, "shop.gone");
  const PythonError plugin =
      Classify("ImportError: Error importing plugin \"a.b\": No module named 'a'");
  EXPECT_EQ(plugin.rule, ErrorRule::PluginImport);
  EXPECT_EQ(plugin.name, "a.b");
  EXPECT_EQ(plugin.module, "a");
}

TEST(PythonErrors, PytestsOwnTextsAreRead) {
  EXPECT_EQ(Classify("Failed: DID NOT RAISE <class 'ImportError'>").subject, "ImportError");
  EXPECT_EQ(Classify("Failed: DID NOT RAISE ImportError").subject, "ImportError");
  EXPECT_EQ(Classify("Failed: DID NOT WARN. No warnings of type (x) were emitted.").rule,
            ErrorRule::DidNotWarn);
  EXPECT_EQ(Classify("[XPASS(strict)] why").rule, ErrorRule::StrictXPass);
  EXPECT_EQ(Classify("fixture 'till' not found").name, "till");
  EXPECT_EQ(Classify("worker 'gw1' crashed while running 'a.py::t'").subject, "a.py::t");
  const PythonError awaited = Classify("RuntimeWarning: coroutine 'Shop.ship' was never awaited");
  EXPECT_EQ(awaited.rule, ErrorRule::NeverAwaited);
  EXPECT_EQ(awaited.subject, "Shop.ship");
}

TEST(PythonErrors, PydanticsErrorsNameTheModel) {
  const PythonError error = Classify("pydantic_core._pydantic_core.ValidationError: 2 validation "
                                     "errors for Order\nitems\n  Field required [type=missing]");
  EXPECT_EQ(error.rule, ErrorRule::Validation);
  EXPECT_EQ(error.count, 2U);
  EXPECT_EQ(error.subject, "Order");
}

TEST(PythonErrors, OnlyADottedNameBeforeTheColonIsAType) {
  EXPECT_EQ(SplitTyped("they differ: a").type, "");
  EXPECT_EQ(SplitTyped("assert 1 == 2").message, "assert 1 == 2");
  EXPECT_EQ(SplitTyped("KeyError").type, "KeyError");
  EXPECT_EQ(SplitTyped("lower").type, "");
  EXPECT_EQ(SplitTyped("a.b.Error: x: y").type, "a.b.Error");
  EXPECT_EQ(SplitTyped("a.b.Error: x: y").message, "x: y");
  EXPECT_EQ(SplitTyped("AssertionError: \n1 != 2").type, "AssertionError");
  EXPECT_EQ(SplitTyped("12: x").type, "");
}

TEST(PythonErrors, SkipsForAMissingModuleNameIt) {
  EXPECT_EQ(SkippedForModule("could not import 'no_such': No module named 'no_such'"), "no_such");
  EXPECT_FALSE(SkippedForModule("not today").has_value());
  EXPECT_EQ(ReasonOfSkip("('/a/t.py', 3, \"Skipped: could not import 'x': y\")"),
            "could not import 'x': y");
  EXPECT_EQ(ReasonOfSkip("('/a/t.py', 3, 'Skipped: it\\'s closed')"), "it's closed");
  EXPECT_EQ(ReasonOfSkip("Skipped: why"), "why");
}

TEST(PythonErrors, EveryRuleHasAName) {
  std::set<std::string> names;
  for (size_t i = 0; i < kErrorRules; ++i) {
    const char *name = ErrorRuleName(static_cast<ErrorRule>(i));
    ASSERT_NE(name, nullptr) << i;
    EXPECT_TRUE(names.insert(name).second) << name;
  }
}

TEST(PythonErrors, TheFirstImportErrorFromTheRootIsFound) {
  ErrorChain chain;
  chain.segments.resize(3);
  chain.segments[0].type = "KeyError";
  chain.segments[1].type = "ImportError";
  chain.segments[1].message = "cannot import name 'A' from 'b' (unknown location)";
  chain.segments[2].type = "ModuleNotFoundError";
  chain.segments[2].message = "No module named 'c'";
  EXPECT_EQ(FirstImportError(chain), &chain.segments[1]);
  EXPECT_EQ(FirstImportError(ErrorChain()), nullptr);
}

} // namespace
} // namespace pydefrag
