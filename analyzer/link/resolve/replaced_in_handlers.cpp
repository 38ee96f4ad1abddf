// What a handler of a `try` replaces: bindings of the body behind which it fails for sure.
//
//     try:
//         if FAST:
//             def make(): ...             -> never what `make` is in the end
//             from missing import thing
//     except ImportError:
//         make = None
//
// Entry point: Resolver::IsReplacedInHandler.
#include "link/resolve/resolve.h"

namespace pydefrag {

// Whether the handler that `later` stands in runs whenever `earlier` did.
bool Resolver::IsReplacedInHandler(ModuleId module, uint32_t earlier, uint32_t later) {
  const auto &statements = project_.StatementsOf(module);
  const uint32_t handler = static_cast<uint32_t>(statements[later].parent);
  const uint32_t body = Log(module).FirstArm(handler);
  if (earlier <= body || earlier >= statements[body].end) {
    return false;
  }
  // `from m import name, missing` has bound the name when it fails.
  if (const ImportFailure failure = FailureOf(module, earlier); failure != ImportFailure::None) {
    return CatcherOf(module, body, failure) == handler;
  }
  for (uint32_t child = earlier; child != body;) {
    const uint32_t block = static_cast<uint32_t>(statements[child].parent);
    if (block != body && view_.Of(statements[block]).kind == StatementKind::Try) {
      return false; // its own handlers may catch what fails
    }
    for (uint32_t i = statements[child].end; i < statements[block].end; i = statements[i].end) {
      if (const ImportFailure failure = FailureOf(module, i); failure != ImportFailure::None) {
        return CatcherOf(module, body, failure) == handler;
      }
    }
    child = block;
  }
  return false;
}

// The first handler of a `try` that catches the failure; kNoEvent: none.
uint32_t Resolver::CatcherOf(ModuleId module, uint32_t try_header, ImportFailure failure) const {
  const auto &statements = project_.StatementsOf(module);
  for (uint32_t h = statements[try_header].end; h < statements.size(); h = statements[h].end) {
    const Statement &handler = view_.Of(statements[h]);
    if (handler.kind != StatementKind::Except && handler.kind != StatementKind::ExceptStar) {
      break;
    }
    if (HandlerCatches(handler, failure)) {
      return h;
    }
  }
  return kNoEvent;
}

} // namespace pydefrag
