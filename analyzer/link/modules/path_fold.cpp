#include "link/modules/path_fold.h"

#include "llvm/ADT/SmallVector.h"

namespace pydefrag {
namespace {

// The scanner bounds the depth of expressions; names add one level each.
constexpr int kMaxDepth = 48;

class Folder {
public:
  Folder(const SyntaxView &view, const Scanned &scanned, FileId file)
      : view_(view), scanned_(scanned), file_(file) {}

  std::optional<std::string> Fold(ExprId id, uint32_t before, int depth) const {
    if (!id.valid() || depth > kMaxDepth) {
      return std::nullopt;
    }
    const Expr &expr = view_.At(id);
    switch (expr.kind) {
    case ExprKind::String:
      return view_.Text(expr.text).str();
    case ExprKind::Name:
      return FoldName(expr, before, depth);
    case ExprKind::Attribute:
      return FoldAttribute(id, before, depth);
    case ExprKind::Subscript:
      return FoldSubscript(id, before, depth);
    case ExprKind::Call:
      return FoldCall(id, before, depth);
    case ExprKind::Binary:
      return FoldBinary(id, before, depth);
    default:
      return std::nullopt;
    }
  }

private:
  static std::string Join(llvm::StringRef a, llvm::StringRef b) {
    if (a.empty() || b.starts_with("/")) {
      return b.str();
    }
    return b.empty() ? a.str() : a.str() + "/" + b.str();
  }
  static std::string ParentOf(const std::string &path) {
    const std::string normal = NormalizePath(path);
    if (normal.empty() || llvm::StringRef(normal).ends_with("..")) {
      return normal.empty() ? ".." : normal + "/..";
    }
    const size_t slash = normal.rfind('/');
    return slash == std::string::npos ? "" : normal.substr(0, slash);
  }

  std::optional<std::string> FoldName(const Expr &expr, uint32_t before, int depth) const {
    const llvm::StringRef name = view_.Text(expr.text);
    if (name == "__file__") {
      return scanned_.paths[file_];
    }
    // The last module-level assignment before the place of use.
    const std::vector<PlacedStatement> &statements = scanned_.facts[file_].statements;
    for (uint32_t i = before; i-- > 0;) {
      const Statement &statement = view_.Of(statements[i]);
      if (statement.kind != StatementKind::Assign || statements[i].parent >= 0) {
        continue;
      }
      if (view_.Is(statement.first, ExprKind::Name) &&
          view_.At(statement.first).text == expr.text) {
        return Fold(view_.LastOperand(statement), i, depth + 1);
      }
    }
    return std::nullopt;
  }

  std::optional<std::string> FoldAttribute(ExprId id, uint32_t before, int depth) const {
    const llvm::StringRef name = view_.TextOf(id);
    if (name == "pardir") {
      return "..";
    }
    if (name == "curdir") {
      return ".";
    }
    if (name == "parent") {
      if (auto base = Fold(view_.Child(id), before, depth + 1)) {
        return ParentOf(*base);
      }
    }
    return std::nullopt;
  }

  std::optional<std::string> FoldSubscript(ExprId id, uint32_t before, int depth) const {
    const ExprId base = view_.Child(id);
    const ExprId index = view_.Child(id, 1);
    unsigned n = 0;
    if (!view_.Is(index, ExprKind::Number) || view_.TextOf(index).getAsInteger(10, n) || n > 64) {
      return std::nullopt;
    }
    if (view_.IsName(base, "__path__") && n == 0) {
      return ParentOf(scanned_.paths[file_]);
    }
    if (!view_.Is(base, ExprKind::Attribute) || view_.TextOf(base) != "parents") {
      return std::nullopt;
    }
    auto path = Fold(view_.Child(base), before, depth + 1);
    for (unsigned i = 0; path && i <= n; ++i) {
      path = ParentOf(*path);
    }
    return path;
  }

  std::optional<std::string> FoldCall(ExprId id, uint32_t before, int depth) const {
    const ExprId callee = view_.Child(id);
    const bool is_method = view_.Is(callee, ExprKind::Attribute);
    const llvm::StringRef name = view_.TextOf(callee);
    const llvm::SmallVector<ExprId, 4> arguments = view_.Arguments(id);
    if (arguments.empty()) {
      if (name == "getcwd" || name == "cwd") {
        return "";
      }
      if (is_method && (name == "resolve" || name == "absolute" || name == "as_posix")) {
        return Fold(view_.Child(callee), before, depth + 1);
      }
      return std::nullopt;
    }
    if (name == "join" || name == "joinpath" || name == "Path" || name == "PurePath") {
      std::string path;
      if (name == "joinpath") {
        auto base = Fold(view_.Child(callee), before, depth + 1);
        if (!base) {
          return std::nullopt;
        }
        path = *base;
      }
      for (ExprId argument : arguments) {
        auto part = Fold(argument, before, depth + 1);
        if (!part) {
          return std::nullopt;
        }
        path = Join(path, *part);
      }
      return path;
    }
    if (arguments.size() != 1) {
      return std::nullopt;
    }
    auto argument = Fold(arguments[0], before, depth + 1);
    if (!argument) {
      return std::nullopt;
    }
    if (name == "dirname") {
      return ParentOf(*argument);
    }
    if (name == "abspath" || name == "realpath" || name == "normpath" || name == "fspath" ||
        name == "str" || name == "expanduser") {
      return argument;
    }
    return std::nullopt;
  }

  std::optional<std::string> FoldBinary(ExprId id, uint32_t before, int depth) const {
    const Op op = view_.At(id).op;
    if (op != Op::Div && op != Op::Add) {
      return std::nullopt;
    }
    auto left = Fold(view_.Child(id), before, depth + 1);
    auto right = left ? Fold(view_.Child(id, 1), before, depth + 1) : std::nullopt;
    if (!right) {
      return std::nullopt;
    }
    return op == Op::Div ? Join(*left, *right) : *left + *right;
  }

  const SyntaxView &view_;
  const Scanned &scanned_;
  FileId file_;
};

} // namespace

std::string NormalizePath(llvm::StringRef path) {
  llvm::SmallVector<llvm::StringRef, 16> parts;
  llvm::SmallVector<llvm::StringRef, 16> kept;
  path.split(parts, '/', -1, false);
  for (llvm::StringRef part : parts) {
    if (part == ".") {
      continue;
    }
    if (part == ".." && !kept.empty() && kept.back() != "..") {
      kept.pop_back();
    } else {
      kept.push_back(part);
    }
  }
  std::string normal = path.starts_with("/") ? "/" : "";
  for (size_t i = 0; i < kept.size(); ++i) {
    normal += i ? "/" : "";
    normal += kept[i];
  }
  return normal;
}

std::optional<std::string> FoldPath(const SyntaxView &view, const Scanned &scanned, FileId file,
                                    uint32_t before, ExprId expr) {
  auto folded = Folder(view, scanned, file).Fold(expr, before, 0);
  return folded ? std::optional(NormalizePath(*folded)) : std::nullopt;
}

} // namespace pydefrag
