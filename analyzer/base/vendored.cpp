#include "base/vendored.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

bool IsVendorFolder(llvm::StringRef name) {
  return llvm::StringSwitch<bool>(name.trim('_'))
      .Cases("vendor", "vendored", "third_party", "thirdparty", "extern", "externals", true)
      .Default(false);
}

bool IsVendored(llvm::StringRef path) {
  const size_t end = path.rfind('/');
  return end != llvm::StringRef::npos &&
         llvm::any_of(llvm::split(path.take_front(end), '/'), IsVendorFolder);
}

} // namespace pydefrag
