// A name is taken for a constant only when it is spelled in capitals: a parameter or a local
// variable, which the facts do not show, is not.
#include "link/flow/text_fold.h"

#include "llvm/ADT/StringExtras.h"

#include <optional>

namespace pydefrag {
namespace {

constexpr unsigned kMaxDepth = 8;

using Text = std::optional<std::string>;

class Folder {
public:
  explicit Folder(Resolver &resolver) : resolver_(resolver), view_(resolver.view()) {}

  Text Fold(FileId file, uint32_t statement, ExprId expr, unsigned depth) {
    if (!expr.valid() || depth > kMaxDepth) {
      return std::nullopt;
    }
    switch (view_.At(expr).kind) {
    case ExprKind::String:
      return view_.TextOf(expr).str();
    case ExprKind::FString:
      return FoldTemplate(file, statement, expr, depth);
    case ExprKind::Binary:
      return FoldOperator(file, statement, expr, depth);
    case ExprKind::Name:
      return FoldName(file, statement, expr, depth);
    case ExprKind::Attribute:
      return FoldAttribute(file, expr);
    default:
      return std::nullopt;
    }
  }

private:
  Text FoldOperator(FileId file, uint32_t statement, ExprId expr, unsigned depth) {
    const Text left = Fold(file, statement, view_.Child(expr), depth + 1);
    const Text right = Fold(file, statement, view_.Child(expr, 1), depth + 1);
    if (!left || !right) {
      return std::nullopt;
    }
    if (view_.At(expr).op == Op::Add) {
      return *left + *right;
    }
    const llvm::StringRef format = *left;
    if (view_.At(expr).op != Op::Mod || format.count('%') != 1 || !format.contains("%s")) {
      return std::nullopt;
    }
    const auto [before, behind] = format.split("%s");
    return (before + *right + behind).str();
  }

  // See ExprKind::FString.
  Text FoldTemplate(FileId file, uint32_t statement, ExprId expr, unsigned depth) {
    std::string text = view_.TextOf(expr).str();
    const llvm::SmallVector<ExprId, 8> children = view_.Children(expr);
    if (children.empty()) {
      return text;
    }
    if (!view_.Is(children[0], ExprKind::Opaque) || !view_.At(children[0]).text.valid()) {
      return std::nullopt;
    }
    llvm::StringRef rest = view_.TextOf(children[0]);
    for (ExprId child : llvm::ArrayRef(children).drop_front()) {
      const Text value = Fold(file, statement, child, depth + 1);
      const size_t brace = rest.find('{');
      if (!value || brace == llvm::StringRef::npos || !rest.substr(brace).starts_with("{}")) {
        return std::nullopt;
      }
      text += rest.take_front(brace);
      text += *value;
      rest = rest.drop_front(brace + 2);
    }
    return rest.contains('{') ? Text() : Text(text + rest.str());
  }

  Text FoldName(FileId file, uint32_t statement, ExprId expr, unsigned depth) {
    const llvm::StringRef name = view_.TextOf(expr);
    if (name == "__name__" || name == "__package__") {
      const ModuleId module = resolver_.project().module_of_file[file];
      const Module &at = resolver_.project().modules[module];
      const llvm::StringRef dotted = view_.Text(at.name);
      return name == "__name__" || at.kind == ModuleKind::Package ? dotted.str()
                                                                  : dotted.rsplit('.').first.str();
    }
    if (name != name.upper() || !llvm::isAlpha(name.ltrim('_').take_front(1).str()[0])) {
      return std::nullopt;
    }
    if (const ExprId own = InClassBody(file, statement, view_.At(expr).text); own.valid()) {
      return Fold(file, statement, own, depth + 1);
    }
    const std::optional<ConstantAt> constant = resolver_.FindConstantAt(file, statement, expr);
    if (!constant || !constant->value.valid()) {
      return std::nullopt;
    }
    const auto &placed = resolver_.project().scanned.facts[constant->file].statements;
    // Long strings, and those of files that name nothing by string, are not kept.
    return view_.Of(placed[constant->statement]).reduced
               ? std::nullopt
               : Fold(constant->file, constant->statement, constant->value, depth + 1);
  }

  // What a decorator in a class body sees: an assignment above it in that body.
  ExprId InClassBody(FileId file, uint32_t statement, NameId name) const {
    const auto &statements = resolver_.project().scanned.facts[file].statements;
    const int32_t parent = statements[statement].parent;
    if (parent < 0 ||
        view_.Of(statements[static_cast<size_t>(parent)]).kind != StatementKind::Class) {
      return ExprId();
    }
    ExprId value;
    for (uint32_t i = static_cast<uint32_t>(parent) + 1; i < statement; i = statements[i].end) {
      const Statement &at = view_.Of(statements[i]);
      if (at.kind == StatementKind::Assign && view_.Is(at.first, ExprKind::Name) &&
          view_.At(at.first).text == name) {
        value = view_.LastOperand(at);
      }
    }
    return value;
  }

  // `module.__name__`.
  Text FoldAttribute(FileId file, ExprId expr) {
    if (view_.TextOf(expr) != "__name__") {
      return std::nullopt;
    }
    const ModuleId module = resolver_.project().module_of_file[file];
    const Found found = resolver_.Evaluate(module, view_.Child(expr), kNoEvent);
    if (!found.IsModule() || found.unknown) {
      return std::nullopt;
    }
    return view_.Text(resolver_.project().modules[found.module].name).str();
  }

  Resolver &resolver_;
  const SyntaxView &view_;
};

} // namespace

std::string FoldText(Resolver &resolver, FileId file, uint32_t statement, ExprId expr) {
  return Folder(resolver).Fold(file, statement, expr, 0).value_or("");
}

} // namespace pydefrag
