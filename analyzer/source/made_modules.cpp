#include "source/made_modules.h"

#include "llvm/ADT/StringSwitch.h"

#include <algorithm>

namespace pydefrag {

std::vector<std::string> ModulesMadeFrom(llvm::StringRef file_name) {
  const auto [base, suffix] = file_name.rsplit('.');
  std::string stem = base.str();
  std::replace(stem.begin(), stem.end(), '-', '_'); // as protoc does
  std::replace(stem.begin(), stem.end(), '.', '_');
  if (suffix == "proto") {
    return {stem + "_pb2", stem + "_pb2_grpc", stem + "_grpc"};
  }
  if (suffix == "g4") { // a grammar of both, or `XLexer.g4` and `XParser.g4`
    return {stem + "Lexer", stem + "Parser", stem + "Listener", stem + "Visitor", stem};
  }
  if (suffix == "ui") {
    return {"ui_" + stem, "Ui_" + stem, stem + "_ui"};
  }
  if (suffix == "qrc") {
    return {stem + "_rc", "rc_" + stem, stem + "_qrc"};
  }
  return {};
}

} // namespace pydefrag
