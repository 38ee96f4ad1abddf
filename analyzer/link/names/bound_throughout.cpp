#include "link/names/bound_throughout.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

class BlockReader {
public:
  BlockReader(const SyntaxView &view, llvm::ArrayRef<PlacedStatement> statements,
              const NamespaceLog &log, llvm::ArrayRef<uint32_t> events)
      : view_(view), statements_(statements), log_(log), events_(events) {}

  // Whether whoever comes to the end of the block [begin, end) has bound the name.
  bool Binds(uint32_t begin, uint32_t end) const {
    for (uint32_t i = begin; i < end; i = statements_[i].end) {
      const StatementKind kind = KindOf(i);
      if (BindsItself(i) || kind == StatementKind::Raise ||
          (kind == StatementKind::If && ArmsBind(i, end)) ||
          (kind == StatementKind::Try && TryBinds(i, end))) {
        return true;
      }
    }
    return false;
  }

private:
  StatementKind KindOf(uint32_t i) const { return view_.Of(statements_[i]).kind; }
  bool BodyBinds(uint32_t header) const { return Binds(header + 1, statements_[header].end); }

  bool BindsItself(uint32_t statement) const {
    return llvm::any_of(events_, [&](uint32_t index) {
      const Event &event = log_.events[index];
      return event.statement == statement && !event.maybe &&
             (event.kind == EventKind::From || event.kind == EventKind::Import ||
              event.kind == EventKind::Define ||
              (event.kind == EventKind::Value && Assigns(statement, event.name)));
    });
  }

  // Whether the name is a target itself; a walrus within may not be evaluated.
  bool Assigns(uint32_t index, NameId name) const {
    const Statement &statement = view_.Of(statements_[index]);
    const auto operands = view_.Operands(statement);
    return statement.kind == StatementKind::Assign && !operands.empty() &&
           llvm::any_of(llvm::ArrayRef(operands).drop_back(), [&](ExprId target) {
             return view_.Is(target, ExprKind::Name) && view_.At(target).text == name;
           });
  }

  // All arms of an `if`, one of which is an `else`.
  bool ArmsBind(uint32_t header, uint32_t end) const {
    bool all = BodyBinds(header);
    for (uint32_t i = statements_[header].end; i < end && all; i = statements_[i].end) {
      if (KindOf(i) == StatementKind::Else) {
        return BodyBinds(i);
      }
      if (KindOf(i) != StatementKind::Elif) {
        return false;
      }
      all = BodyBinds(i);
    }
    return false;
  }

  // The body or its `else`, and every handler; or what runs finally.
  bool TryBinds(uint32_t header, uint32_t end) const {
    bool body = BodyBinds(header);
    bool handlers = true;
    for (uint32_t i = statements_[header].end; i < end; i = statements_[i].end) {
      if (IsHandler(KindOf(i))) {
        handlers &= BodyBinds(i);
      } else if (KindOf(i) == StatementKind::Else) {
        body |= BodyBinds(i);
      } else {
        return (body && handlers) || (KindOf(i) == StatementKind::Finally && BodyBinds(i));
      }
    }
    return body && handlers;
  }

  const SyntaxView &view_;
  llvm::ArrayRef<PlacedStatement> statements_;
  const NamespaceLog &log_;
  llvm::ArrayRef<uint32_t> events_; // of the name
};

} // namespace

bool IsBoundThroughout(const SyntaxView &view, llvm::ArrayRef<PlacedStatement> statements,
                       const NamespaceLog &log, NameId name) {
  const llvm::ArrayRef<uint32_t> events = log.Of(name);
  return llvm::none_of(
             events, [&](uint32_t index) { return log.events[index].kind == EventKind::Unbind; }) &&
         BlockReader(view, statements, log, events)
             .Binds(0, static_cast<uint32_t>(statements.size()));
}

} // namespace pydefrag
