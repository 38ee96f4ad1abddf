#include "link/strings/string_contexts.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace pydefrag {

namespace {

using enum TargetForm;
using enum StringPlace;

constexpr CallContext Call(llvm::StringLiteral callee, llvm::StringLiteral shown, TargetForm form,
                           llvm::StringLiteral keyword = "", uint8_t argument = 0) {
  return {.callee = callee,
          .shown = shown,
          .form = form,
          .argument = argument,
          .keyword = keyword,
          .lenient = "",
          .key = ""};
}

constexpr CallContext ListOf(llvm::StringLiteral callee, llvm::StringLiteral shown, TargetForm form,
                             llvm::StringLiteral keyword, uint8_t argument = 0) {
  CallContext context = Call(callee, shown, form, keyword, argument);
  context.place = Items;
  return context;
}

constexpr CallContext Pair(llvm::StringLiteral callee, llvm::StringLiteral key) {
  CallContext context = Call(callee, key, Module);
  context.place = PairWithKey;
  context.key = key;
  context.argument = 1;
  return context;
}

// unittest.mock and what pytest-mock makes of it.
constexpr CallContext Mock(llvm::StringLiteral callee, llvm::StringLiteral shown, TargetForm form,
                           StringPlace place) {
  const llvm::StringLiteral attribute("attribute"), in_dict("in_dict"), target("target");
  return {.callee = callee,
          .shown = shown,
          .form = form,
          .place = place,
          .keyword = place == ObjectAndName ? attribute
                     : form == Walk         ? in_dict
                                            : target,
          .lenient = "create",
          .key = "",
          .lenient_value = true};
}

constexpr CallContext Monkey(llvm::StringLiteral callee, llvm::StringLiteral shown,
                             StringPlace place) {
  const llvm::StringLiteral name("name"), target("target");
  return {.callee = callee,
          .shown = shown,
          .form = Attribute,
          .place = place,
          .keyword = place == ObjectAndName ? name : target,
          .lenient = "raising",
          .key = "",
          .lenient_value = false};
}

// By callee, all of one callee together.
constexpr std::array kCalls = {
    Call("importlib.import_module", "import_module", Module, "name"),
    Call("__import__", "__import__", Module, "name"),
    Call("pkgutil.resolve_name", "pkgutil.resolve_name", Walk, "name"),
    Call("runpy.run_module", "runpy.run_module", Module, "mod_name"),

    Mock("unittest.mock.patch", "mock.patch", Patch, Argument),
    Mock("unittest.mock.patch.object", "mock.patch.object", Patch, ObjectAndName),
    Mock("unittest.mock.patch.multiple", "mock.patch.multiple", Patch, Keywords),
    Mock("unittest.mock.patch.dict", "mock.patch.dict", Walk, Argument),
    Mock("mock.patch", "mock.patch", Patch, Argument),
    Mock("mock.patch.object", "mock.patch.object", Patch, ObjectAndName),
    Mock("mock.patch.multiple", "mock.patch.multiple", Patch, Keywords),
    Mock("mock.patch.dict", "mock.patch.dict", Walk, Argument),
    Mock("mocker.patch", "mocker.patch", Patch, Argument),
    Mock("mocker.patch.object", "mocker.patch.object", Patch, ObjectAndName),
    Mock("mocker.patch.multiple", "mocker.patch.multiple", Patch, Keywords),
    Mock("mocker.patch.dict", "mocker.patch.dict", Walk, Argument),
    Mock("mocker.spy", "mocker.spy", Attribute, ObjectAndName),

    Monkey("monkeypatch.setattr", "monkeypatch.setattr", Argument),
    Monkey("monkeypatch.setattr", "monkeypatch.setattr", ObjectAndName),
    Monkey("monkeypatch.delattr", "monkeypatch.delattr", Argument),
    Monkey("monkeypatch.delattr", "monkeypatch.delattr", ObjectAndName),

    Call("django.utils.module_loading.import_string", "import_string", Object, "dotted_path"),
    Call("django.urls.include", "include", Module, "arg"),
    Call("django.conf.urls.include", "include", Module, "arg"),
    Pair("os.environ.setdefault", "DJANGO_SETTINGS_MODULE"),
    Call("werkzeug.utils.import_string", "import_string", ModuleOrObject, "import_name"),
    Call("celery.utils.imports.symbol_by_name", "symbol_by_name", Colon, "name"),
    ListOf("celery.Celery", "Celery(include=...)", Module, "include", 255),
    ListOf("celery.app.Celery", "Celery(include=...)", Module, "include", 255),

    Call("uvicorn.run", "uvicorn.run", Colon, "app"),
    Call("uvicorn.Config", "uvicorn.Config", Colon, "app"),
    Call("granian.Granian", "Granian", Colon, "target"),

    Call("unittest.TestLoader.loadTestsFromName", "loadTestsFromName", Walk, "name"),
    Call("unittest.defaultTestLoader.loadTestsFromName", "loadTestsFromName", Walk, "name"),
    ListOf("unittest.defaultTestLoader.loadTestsFromNames", "loadTestsFromNames", Walk, "names"),
};

struct CallTable {
  llvm::StringMap<llvm::ArrayRef<CallContext>> by_callee;
  llvm::StringSet<> last_names;

  CallTable() {
    for (size_t begin = 0, end = 0; begin < kCalls.size(); begin = end) {
      const llvm::StringRef callee = kCalls[begin].callee;
      for (end = begin; end < kCalls.size() && kCalls[end].callee == callee; ++end) {
      }
      by_callee[callee] = llvm::ArrayRef(kCalls.data() + begin, end - begin);
      last_names.insert(callee.contains('.') ? callee.rsplit('.').second : callee);
    }
  }
};

const CallTable &Calls() {
  static const CallTable table;
  return table;
}

} // namespace

llvm::ArrayRef<CallContext> CallContextsOf(llvm::StringRef callee) {
  return Calls().by_callee.lookup(callee);
}

bool MayBeStringContext(llvm::StringRef last_name) {
  return Calls().last_names.contains(last_name);
}

} // namespace pydefrag
