#include "link/flow/letter_tables.h"

#include "scan/trees/literals.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {
namespace {

constexpr int kAscii = 128;
constexpr int kMostItems = 4096;

// Code points: of the items of a list, or of a string. Those outside of ASCII are all alike.
using Points = std::vector<int>;

class Constants {
public:
  explicit Constants(const SourceTree &tree) : tree_(tree) {}

  std::optional<Points> PointsOf(uint32_t node) {
    if (++steps_ > kMostSteps) {
      return std::nullopt;
    }
    switch (tree_.KindOf(node)) {
    case NodeKind::ParenthesizedExpression:
      return PointsOf(tree_.Child(node, 0));
    case NodeKind::Identifier:
      return OfName(node);
    case NodeKind::String:
      return OfLiteral(node);
    case NodeKind::BinaryOperator:
      return OfSum(node);
    case NodeKind::Subscript:
      return OfSlice(node);
    case NodeKind::ListComprehension:
      return OfRange(node);
    case NodeKind::Call:
      return OfJoin(node);
    default:
      return std::nullopt;
    }
  }

private:
  static constexpr int kMostSteps = 100;

  // A name of the module that is assigned once, and only read.
  std::optional<Points> OfName(uint32_t node) {
    const llvm::StringRef name = tree_.Text(node);
    const auto bound = tree_.Scope(0).bindings.find(name);
    if (tree_.LookUp(node) != 0u || bound->second.size() != 1) {
      return std::nullopt;
    }
    const uint32_t assignment = tree_.Parent(bound->second.front());
    const bool read_only = llvm::all_of(tree_.UsesOf(0, name), [&](uint32_t use) {
      const uint32_t above = tree_.Parent(use);
      return tree_.BindsHere(use) || tree_.Is(above, NodeKind::BinaryOperator) ||
             tree_.Is(above, NodeKind::ArgumentList) || tree_.Is(above, NodeKind::Assignment) ||
             (tree_.Is(above, NodeKind::Subscript) && !tree_.IsTarget(above));
    });
    return read_only && tree_.Is(assignment, NodeKind::Assignment)
               ? PointsOf(tree_.LastChild(assignment))
               : std::nullopt;
  }

  std::optional<Points> OfLiteral(uint32_t node) const {
    const StringLiteral literal = SplitLiteral(tree_.Text(node));
    if (literal.bytes || tree_.Child(node, 0) != 0 || literal.body.contains('\\') ||
        !llvm::isASCII(literal.body)) {
      return std::nullopt;
    }
    return Points(literal.body.begin(), literal.body.end());
  }

  std::optional<Points> OfSum(uint32_t node) {
    auto left = PointsOf(tree_.Child(node, 0));
    const auto right = PointsOf(tree_.LastChild(node));
    if (!tree_.Is(tree_.Child(node, 1), NodeKind::TokenPlus) || !left || !right) {
      return std::nullopt;
    }
    left->insert(left->end(), right->begin(), right->end());
    return left->size() <= kMostItems ? left : std::nullopt;
  }

  // `points[begin:end]`, neither counted from the end
  std::optional<Points> OfSlice(uint32_t node) {
    const uint32_t slice = tree_.Child(node, 1);
    const llvm::StringRef text = tree_.Text(slice);
    const auto parts = tree_.Children(slice);
    const auto points = PointsOf(tree_.Child(node, 0));
    const bool from_start = text.starts_with(":");
    const bool to_end = text.ends_with(":");
    if (!tree_.Is(slice, NodeKind::Slice) || !points || text.count(':') != 1 ||
        parts.size() != 2u - from_start - to_end) {
      return std::nullopt;
    }
    const auto begin = from_start ? 0 : Number(parts.front());
    const auto end = to_end ? points->size() : Number(parts.back());
    if (!begin || !end || *begin > *end || *end > points->size()) {
      return std::nullopt;
    }
    return Points(points->begin() + static_cast<ptrdiff_t>(*begin),
                  points->begin() + static_cast<ptrdiff_t>(*end));
  }

  std::optional<size_t> Number(uint32_t node) const {
    size_t value = 0;
    if (tree_.Is(node, NodeKind::Integer) && !tree_.Text(node).getAsInteger(10, value) &&
        value <= kMostItems) {
      return value;
    }
    if (!tree_.Is(node, NodeKind::BinaryOperator) ||
        !tree_.Is(tree_.Child(node, 1), NodeKind::TokenPlus)) {
      return std::nullopt;
    }
    const auto left = Number(tree_.Child(node, 0));
    const auto right = Number(tree_.LastChild(node));
    return left && right ? std::optional(*left + *right) : std::nullopt;
  }

  // `[chr(n) for n in range(256)]`
  std::optional<Points> OfRange(uint32_t node) const {
    const auto parts = tree_.Children(node);
    if (parts.size() != 2 || !tree_.Is(parts[1], NodeKind::ForInClause)) {
      return std::nullopt;
    }
    const uint32_t made = ArgumentOf(parts[0], "chr");
    const auto count = Number(ArgumentOf(tree_.Iterable(parts[1]), "range"));
    if (made == 0 || tree_.Text(made) != tree_.Text(tree_.Child(parts[1], 0)) || !count) {
      return std::nullopt;
    }
    Points points;
    for (size_t i = 0; i < *count; ++i) {
      points.push_back(static_cast<int>(i));
    }
    return points;
  }

  // The only argument of a call of a builtin; 0: it is none.
  uint32_t ArgumentOf(uint32_t call, llvm::StringRef builtin) const {
    const uint32_t callee = tree_.Child(call, 0);
    const auto arguments = tree_.Is(call, NodeKind::Call) ? tree_.Children(tree_.LastChild(call))
                                                          : llvm::SmallVector<uint32_t, 8>();
    return arguments.size() == 1 && tree_.Is(callee, NodeKind::Identifier) &&
                   tree_.Text(callee) == builtin && !tree_.LookUp(callee)
               ? arguments[0]
               : 0;
  }

  // `"".join(points)`
  std::optional<Points> OfJoin(uint32_t node) {
    const uint32_t callee = tree_.Child(node, 0);
    const auto arguments = tree_.Children(tree_.LastChild(node));
    const llvm::StringRef text = tree_.Text(callee);
    return tree_.Is(callee, NodeKind::Attribute) && arguments.size() == 1 &&
                   (text == "\"\".join" || text == "''.join")
               ? PointsOf(arguments[0])
               : std::nullopt;
  }

  const SourceTree &tree_;
  int steps_ = 0;
};

} // namespace

std::optional<LetterCase> CaseOfTable(const SourceTree &tree, uint32_t table) {
  const auto points = Constants(tree).PointsOf(table);
  if (!points) {
    return std::nullopt;
  }
  bool lowers = false;
  bool uppers = false;
  for (int i = 0; i < std::min<int>(kAscii, static_cast<int>(points->size())); ++i) {
    const int to = (*points)[static_cast<size_t>(i)];
    const char c = static_cast<char>(i);
    if (to == i) {
      continue;
    }
    if (to < kAscii && llvm::isUpper(c) && llvm::toLower(c) == to) {
      lowers = true;
    } else if (to < kAscii && llvm::isLower(c) && llvm::toUpper(c) == to) {
      uppers = true;
    } else {
      return std::nullopt;
    }
  }
  const auto all = [&](char first, auto changed) {
    for (int i = first; i < first + 26; ++i) {
      if (static_cast<size_t>(i) >= points->size() ||
          (*points)[static_cast<size_t>(i)] != changed(static_cast<char>(i))) {
        return false;
      }
    }
    return true;
  };
  if (!lowers && !uppers) {
    return LetterCase::AsItIs;
  }
  if (!uppers && all('A', llvm::toLower)) {
    return LetterCase::Lower;
  }
  return !lowers && all('a', llvm::toUpper) ? LetterCase::Upper : LetterCase::Any;
}

} // namespace pydefrag
