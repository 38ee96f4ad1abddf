#include "base/counted.h"

namespace pydefrag {

std::string WithCommas(size_t number) {
  std::string digits = std::to_string(number);
  for (size_t i = digits.size(); i > 3; i -= 3) {
    digits.insert(i - 3, 1, ',');
  }
  return digits;
}

std::string Counted(size_t number, llvm::StringRef noun, llvm::StringRef plural) {
  std::string text = WithCommas(number) + ' ';
  if (number == 1) {
    return text + noun.str();
  }
  return text + (plural.empty() ? noun.str() + 's' : plural.str());
}

} // namespace pydefrag
