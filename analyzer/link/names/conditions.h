// Conditions: folds the tests that Python code makes about versions, platforms and type checkers,
// over all versions the project supports and all platforms. Three-valued: Unknown unless the answer
// is the same everywhere (semantics.md B26).
#pragma once

#include "config/config.h"
#include "link/syntax_view.h"

#include "llvm/ADT/STLFunctionalExtras.h"

#include <cstdint>
#include <optional>

namespace pydefrag {

enum class Tri : uint8_t { No, Unknown, Yes };
inline Tri Not(Tri t) {
  return t == Tri::Yes ? Tri::No : t == Tri::No ? Tri::Yes : Tri::Unknown;
}

// One of them: for what has to name one object where platforms bind different ones, and for what
// stands under a test of the platform. Other: neither of these.
enum class Platforms : uint8_t { All, Linux, Windows, Mac, Other };

struct SupportedVersions {
  int lowest = 13; // minor versions of Python 3, both included
  int highest = 13;
  Platforms platforms = Platforms::All;
  // For choosing between bindings, never for saying that there is none: on Linux, in the
  // environment looked into, with none of the variables set that the code asks for.
  bool here = false;
};

// What a name or attribute stands for when it is a constant of the project: the expression that was
// assigned, and the file and statement it stands in; or a name of a module of the standard library,
// and then `value` is invalid. Nothing when it is not known.
struct ConstantAt {
  FileId file;
  uint32_t statement = 0;
  ExprId value;
  NameId standard_module; // `sys` and `version_info` for `_sys.version_info`
  NameId standard_name;
};
using FindConstant =
    llvm::function_ref<std::optional<ConstantAt>(FileId file, uint32_t statement, ExprId name)>;

// The truth of `condition`, which stands at `statement` of `file`.
Tri FoldCondition(const SyntaxView &view, const SupportedVersions &versions, FileId file,
                  uint32_t statement, ExprId condition, FindConstant find);

// The truth of `left == right`.
Tri FoldEquality(const SyntaxView &view, const SupportedVersions &versions, FileId file,
                 uint32_t statement, ExprId left, ExprId right, FindConstant find);

// Whether the condition asks for a type checker (TYPE_CHECKING, MYPY), so that it is true for
// tools.
bool IsTypeCheckingTest(const SyntaxView &view, ExprId condition);

// Whether it is `__name__ == "__main__"`.
bool IsMainGuard(const SyntaxView &view, ExprId condition);

} // namespace pydefrag
