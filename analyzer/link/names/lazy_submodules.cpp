#include "link/names/lazy_submodules.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace pydefrag {
namespace {

// What stands before the name in the text of a sum or an f-string.
class WordReader {
public:
  // `dot_between`: what stands between two fields, which is not in the facts, is a dot, as the name
  // is one of a list.
  WordReader(const SyntaxView &view, llvm::function_ref<bool(ExprId)> is_asked, bool dot_between)
      : view_(view), is_asked_(is_asked), dot_between_(dot_between) {}

  NameId Read(ExprId text) const {
    return view_.Is(text, ExprKind::FString)  ? BeforeInFString(text)
           : view_.Is(text, ExprKind::Binary) ? BeforeInSum(text)
                                              : NameId();
  }

private:
  NameId BeforeInSum(ExprId sum) const {
    if (view_.At(sum).op != Op::Add || !is_asked_(view_.Child(sum, 1))) {
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
    // Nothing but `}` and a quote behind the name.
    if (parts.empty() || !is_asked_(parts.back()) ||
        view_.At(text).end != view_.At(parts.back()).end + 2) {
      return NameId();
    }
    if (parts.size() == 1) {
      return view_.At(text).text; // f".{name}"
    }
    const bool own = dot_between_ && parts.size() == 2 && view_.TextOf(text).empty() &&
                     view_.IsName(parts[0], "__name__") &&
                     view_.At(parts[1]).begin == view_.At(parts[0]).end + kBetween;
    return own ? view_.At(parts[0]).text : NameId(); // f"{__name__}.{name}"
  }

  const SyntaxView &view_;
  static constexpr uint32_t kBetween = 3; // `}.{`
  llvm::function_ref<bool(ExprId)> is_asked_;
  bool dot_between_;
};

bool IsImportModule(llvm::StringRef callee) {
  return callee == "import_module" || callee.ends_with(".import_module");
}

// The text that a call of `import_module` gets; invalid: another call.
ExprId ImportArgument(const SyntaxView &view, ExprId call) {
  const auto callee = view.Is(call, ExprKind::Call) ? view.Callee(call) : std::nullopt;
  const auto arguments =
      callee && IsImportModule(*callee) ? view.Arguments(call) : llvm::SmallVector<ExprId, 4>();
  return arguments.empty() ? ExprId() : arguments[0];
}

} // namespace

NameId WordsBeforeName(const SyntaxView &view, ExprId text,
                       llvm::function_ref<bool(ExprId)> is_asked) {
  return WordReader(view, is_asked, false).Read(text);
}

llvm::SmallVector<NameId, 2> WordsOfImports(const SyntaxView &view,
                                            const std::vector<PlacedStatement> &statements,
                                            uint32_t begin, uint32_t end) {
  const auto is_variable = [&](ExprId id) {
    return view.Is(id, ExprKind::Name) || view.Is(id, ExprKind::Subscript);
  };
  llvm::SmallVector<NameId, 2> found;
  for (uint32_t i = begin; i < end; ++i) {
    view.WalkAll(view.Of(statements[i]), [&](ExprId call) {
      const ExprId text = ImportArgument(view, call);
      const NameId words = WordReader(view, is_variable, true).Read(text);
      if ((is_variable(text) || words.valid()) && !llvm::is_contained(found, words)) {
        found.push_back(words);
      }
    });
  }
  return found;
}

bool StandForPackage(const SyntaxView &view, NameId words) {
  return words.valid() && (view.Text(words).ends_with(".") || view.Text(words) == "__name__");
}

ExprId ImportedText(const SyntaxView &view, ExprId call) {
  const ExprId text = ImportArgument(view, call);
  if (!text.valid()) {
    return {};
  }
  const auto arguments = view.Arguments(call);
  const ExprId package =
      arguments.size() > 1 ? arguments[1] : view.KeywordArgument(call, "package");
  const bool own =
      !package.valid() || view.IsName(package, "__name__") || view.IsName(package, "__package__");
  return own ? text : ExprId();
}

NameId PackageImportedFrom(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                           uint32_t statement) {
  // The parameter of the hook is not among the facts: it is what the test speaks of.
  const ExprId test = view.Of(statements[statement]).first;
  const auto is_asked = [&](ExprId id) {
    bool asked = false;
    if (view.Is(id, ExprKind::Name) && test.valid()) {
      view.Walk(test, [&](ExprId part) {
        asked |= view.Is(part, ExprKind::Name) && view.At(part).text == view.At(id).text;
      });
    }
    return asked;
  };
  const auto words_before = [&](ExprId call) {
    const NameId words = WordReader(view, is_asked, true).Read(ImportArgument(view, call));
    return StandForPackage(view, words) ? words : NameId();
  };
  llvm::SmallVector<const Statement *, 2> assigned;
  for (uint32_t i = statement + 1; i < statements[statement].end; i = statements[i].end) {
    const Statement &each = view.Of(statements[i]);
    if (each.kind == StatementKind::Return) {
      for (const Statement *assignment : assigned) {
        if (view.Is(each.first, ExprKind::Name) &&
            view.At(assignment->first).text == view.At(each.first).text) {
          return words_before(view.LastOperand(*assignment));
        }
      }
      return words_before(each.first);
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
