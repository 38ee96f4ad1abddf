#include "link/strings/target_context.h"

#include "facts/headers_around.h"

#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {
namespace {

class ContextReader {
public:
  ContextReader(const Project &project, Resolver &resolver, FileId file)
      : resolver_(resolver), view_(resolver.view()), module_(project.module_of_file[file]),
        statements_(project.scanned.facts[file].statements) {}

  RowContext Read(uint32_t statement) {
    context_.string = true;
    for (uint32_t header : HeadersAround(statements_, statement)) {
      ReadHeader(header);
    }
    // A patch that decorates a function happens when the function is called.
    context_.deferred |= view_.Of(statements_[statement]).kind == StatementKind::Function;
    if (!context_.deferred && resolver_.Reach(module_, statement) == Tri::No) {
      context_.unreachable = true;
    }
    return context_;
  }

private:
  void ReadHeader(uint32_t header) {
    const Statement &above = view_.Of(statements_[header]);
    switch (above.kind) {
    case StatementKind::Function:
      context_.deferred = true;
      return;
    case StatementKind::Class:
    case StatementKind::Finally:
      return;
    case StatementKind::Try:
      context_.guarded |= HasHandler(header);
      return;
    case StatementKind::Except:
    case StatementKind::ExceptStar:
      context_.conditional = true;
      return;
    case StatementKind::With:
      context_.guarded |= ExpectsFailure(above);
      return;
    case StatementKind::If:
    case StatementKind::Elif:
      if (IsTypeCheckingTest(view_, above.first)) {
        context_.type_checking = true;
        return;
      }
      if (IsMainGuard(view_, above.first)) {
        context_.deferred = true;
        return;
      }
      context_.guarded |= AsksForIt(above.first);
      break;
    default:
      break;
    }
    const Tri taken = resolver_.ArmTaken(module_, header);
    context_.unreachable |= taken == Tri::No;
    context_.conditional |= taken == Tri::Unknown;
  }

  bool HasHandler(uint32_t header) const {
    const uint32_t next = statements_[header].end;
    return next < statements_.size() &&
           (view_.Of(statements_[next]).kind == StatementKind::Except ||
            view_.Of(statements_[next]).kind == StatementKind::ExceptStar);
  }

  // `with pytest.raises(...)`, `self.assertRaises`, `suppress`.
  bool ExpectsFailure(const Statement &with) const {
    return llvm::any_of(view_.Operands(with), [&](ExprId item) {
      const auto callee =
          view_.Callee(view_.Is(item, ExprKind::Walrus) ? view_.Child(item, 1) : item);
      const llvm::StringRef name = callee ? llvm::StringRef(*callee) : "";
      return name.contains_insensitive("raises") || name.ends_with("suppress");
    });
  }

  // `if hasattr(module, "x")`, `if find_spec("x")`.
  bool AsksForIt(ExprId condition) const {
    bool asks = false;
    view_.Walk(condition, [&](ExprId id) {
      const auto callee = view_.Callee(id);
      asks |= callee && (*callee == "hasattr" || *callee == "getattr" ||
                         llvm::StringRef(*callee).ends_with("find_spec"));
    });
    return asks;
  }

  Resolver &resolver_;
  const SyntaxView &view_;
  ModuleId module_;
  const std::vector<PlacedStatement> &statements_;
  RowContext context_;
};

} // namespace

RowContext ContextOfString(const Project &project, Resolver &resolver, FileId file,
                           uint32_t statement) {
  return ContextReader(project, resolver, file).Read(statement);
}

} // namespace pydefrag
