#include "link/names/lazy_submodules.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace pydefrag {
namespace {

class BranchReader {
public:
  BranchReader(const SyntaxView &view, ExprId test) : view_(view), test_(test) {}

  NameId WordsBefore(ExprId call) const {
    const auto callee = view_.Is(call, ExprKind::Call) ? view_.Callee(call) : std::nullopt;
    if (!callee || !llvm::StringRef(*callee).ends_with("import_module")) {
      return NameId();
    }
    const auto arguments = view_.Arguments(call);
    return arguments.empty() ? NameId() : WordsBeforeName(arguments[0]);
  }

private:
  // The parameter of the hook is not among the facts: it is what the test speaks of.
  bool IsAsked(ExprId id) const {
    bool asked = false;
    if (view_.Is(id, ExprKind::Name) && test_.valid()) {
      view_.Walk(test_, [&](ExprId part) {
        asked |= view_.Is(part, ExprKind::Name) && view_.At(part).text == view_.At(id).text;
      });
    }
    return asked;
  }

  NameId WordsBeforeName(ExprId argument) const {
    return view_.Is(argument, ExprKind::FString)  ? BeforeInFString(argument)
           : view_.Is(argument, ExprKind::Binary) ? BeforeInSum(argument)
                                                  : NameId();
  }

  NameId BeforeInSum(ExprId sum) const {
    if (view_.At(sum).op != Op::Add || !IsAsked(view_.Child(sum, 1))) {
      return NameId();
    }
    const ExprId first = view_.Child(sum, 0);
    if (view_.Is(first, ExprKind::String)) {
      return view_.At(first).text; // "." + name
    }
    const bool own = view_.Is(first, ExprKind::Binary) &&
                     view_.IsName(view_.Child(first, 0), "__name__") &&
                     view_.String(view_.Child(first, 1)) == llvm::StringRef(".");
    return own ? view_.At(view_.Child(first, 0)).text : NameId(); // __name__ + "." + name
  }

  NameId BeforeInFString(ExprId text) const {
    llvm::SmallVector<ExprId, 8> parts = view_.Children(text);
    llvm::erase_if(parts, [&](ExprId part) { return view_.Is(part, ExprKind::Opaque); });
    if (parts.empty() || !IsAsked(parts.back())) {
      return NameId();
    }
    if (parts.size() == 1 && view_.TextOf(text).ends_with(".")) {
      return view_.At(text).text; // f".{name}"
    }
    const bool own =
        parts.size() == 2 && view_.TextOf(text).empty() && view_.IsName(parts[0], "__name__");
    return own ? view_.At(parts[0]).text : NameId(); // f"{__name__}.{name}"
  }

  const SyntaxView &view_;
  ExprId test_;
};

} // namespace

NameId PackageImportedFrom(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                           uint32_t statement) {
  const BranchReader reader(view, view.Of(statements[statement]).first);
  llvm::SmallVector<const Statement *, 2> assigned;
  for (uint32_t i = statement + 1; i < statements[statement].end; i = statements[i].end) {
    const Statement &each = view.Of(statements[i]);
    if (each.kind == StatementKind::Return) {
      for (const Statement *assignment : assigned) {
        if (view.Is(each.first, ExprKind::Name) &&
            view.At(assignment->first).text == view.At(each.first).text) {
          return reader.WordsBefore(view.LastOperand(*assignment));
        }
      }
      return reader.WordsBefore(each.first);
    }
    if (each.kind == StatementKind::Assign && view.Is(each.first, ExprKind::Name)) {
      assigned.push_back(&each);
    } else if (each.kind != StatementKind::Import && each.kind != StatementKind::FromImport &&
               each.kind != StatementKind::Expression && each.kind != StatementKind::Assign) {
      return NameId(); // more than the name decides
    }
  }
  return NameId();
}

} // namespace pydefrag
