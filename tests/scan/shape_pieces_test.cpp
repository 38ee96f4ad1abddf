// A shape put together from its pieces has the tree that it has when it is parsed whole.
#include "scan/shapes/shape_pieces.h"

#include "scan/shapes/shape.h"
#include "scan/shapes/shape_parser.h"
#include "scan/shapes/shape_trees.h"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <string>
#include <vector>

namespace pydefrag {

namespace {

// Texts of the pieces, inner ones first; empty when the shape is not cut up.
std::vector<std::string> PiecesOf(llvm::StringRef shape) {
  std::vector<std::string> texts;
  ShapePieces pieces;
  std::vector<TokenPlace> tokens;
  FindTokens(shape, tokens);
  const bool cut = CutShape(
      shape, tokens,
      [&](llvm::StringRef text) {
        texts.push_back(text.str());
        return static_cast<uint32_t>(texts.size()) - 1;
      },
      pieces);
  return cut ? texts : std::vector<std::string>();
}

std::string Dump(const ShapeTree *tree, llvm::StringRef shape) {
  if (tree == nullptr) {
    return "none";
  }
  std::vector<TokenPlace> tokens;
  FindTokens(shape, tokens);
  FlatTree placed;
  tree->Place(tokens, {}, placed);
  std::string out;
  for (const Node &node : placed.nodes) {
    out += std::to_string(static_cast<unsigned>(node.kind)) + "." + std::to_string(node.flags) +
           "@" + std::to_string(node.begin) + "-" + std::to_string(node.end) + "<" +
           std::to_string(node.subtree_end) + " ";
  }
  return out;
}

// Compares the trees; the number of shapes that have one.
size_t Compare(llvm::ArrayRef<std::string> shapes) {
  ShapeTrees trees;
  ShapeParser whole;
  for (const std::string &shape : shapes) {
    trees.Add(shape);
    whole.Add(shape);
  }
  whole.ParseNew();
  ShapeTrees *all[] = {&trees};
  const std::vector<ShapeParser> parsers = ParsePieces(all, 2);
  trees.PutTogether();
  size_t understood = 0;
  for (const std::string &shape : shapes) {
    const std::string expected = Dump(whole.Tree(whole.Add(shape)), shape);
    EXPECT_EQ(Dump(trees.Tree(trees.Add(shape)), shape), expected) << shape;
    understood += expected == "none" ? 0 : 1;
  }
  return understood;
}

const std::vector<std::string> kShapes = {
    "a",
    "a.a.a()",
    "a=a.a(\"\",a=[0,a()])",
    "a.a(a,)(a,a)[a(a)]",
    "a=a(**a,a=a)",
    "a=a(*a,a(a))",
    "a=a(a.a(a)for a in a(a))",
    "a=a(lambda a,a:a(a,a),a)",
    "a=a(a:=a(a))",
    "a=[\"\",a(a),[a,[a]],]",
    "a=[a for a,a in a(a,[a])]",
    "[a,[a]]=a(a)",
    "a,[a,a]=a(a)",
    "a=[a,a]=a",
    "a=(a,a)=a",
    "a=(a,(a,[a]),)",
    "a=(a)",
    "a=a(((a,a)),(a))",
    "a={\"\":a(a),a:{\"\":[a]},**a(a)}",
    "a={a,a(a)}",
    "a={a:a(a)for a in a(a)}",
    "a=a(f\"{a(a,[a])}\",f'{a}')",
    "a=a[a(a,a):a([a])]",
    "a=a(a,a)if a([a])else not a(a)",
    "a=-a(a)**a(a)",
    "print(a(a),a)",
    "print(a)(a,a)",
    "match 0:\n case a(a,a=[a]):pass",
    "class a(a[a],a=a(a)):pass",
    "@a(a,a=[a])\n@a(a)\nclass a:pass",
    "@a(a(a))\nasync def a():pass",
    "def a(a,a=a(a)):pass",
    "if a(a,[a])or a(a):pass",
    "if 0:pass\nelif a({a:a},a):pass",
    "try:pass\nexcept(a,a(a))as a:pass",
    "for a(a).a in[a,a(a)]:pass",
    "with a(a,a)as a,a(a):pass",
    "return a(a),a",
    "del a(a,a).a,a[a(a)]",
    "raise a(\"\",a)from a(a)",
    "from a import(a,a)",
    "a=(yield a(a))",
    "a=a(await a(a),a)",
    "a:a[a(a)]=[a(a)]",
};

} // namespace

TEST(ShapePieces, StandForThemselves) {
  EXPECT_EQ(PiecesOf("a=a.a(\"\",a=[0,a(a)])"),
            (std::vector<std::string>{"a(\"\")", "[0]", "a(a)", "[a()]", "a(a=[])", "a=a.a()"}));
  EXPECT_EQ(PiecesOf("a=({\"\":a},0,)"),
            (std::vector<std::string>{"{\"\":a}", "({},)", "(0,)", "a=()"}));
}

TEST(ShapePieces, WhatNeedsItsNeighboursStays) {
  for (llvm::StringRef shape : {"a=a(*a,a)", "a=a(a for a in a)", "[a,a]=a", "a=[a,a]=a", "a=(a)",
                                "a={a,a}", "def a(a):pass", "from a import(a,a)", "print(a,a)",
                                "match a(a):pass", "a=a[a,a]", "a=a(", "a=a(,a)", "a)"}) {
    EXPECT_EQ(PiecesOf(shape), std::vector<std::string>()) << shape.str();
  }
}

TEST(ShapePieces, DeepNestingIsParsedWhole) {
  std::string shape;
  for (int i = 0; i < 5000; ++i) {
    shape += "a(";
  }
  EXPECT_EQ(PiecesOf(shape + "a" + std::string(5000, ')')), std::vector<std::string>());
}

TEST(ShapePieces, PutTogetherAreTheWhole) {
  EXPECT_EQ(Compare(kShapes), kShapes.size());
}

// Pieces of shapes put into each other, right and wrong ones.
TEST(ShapePieces, PutTogetherAreTheWholeInEditedShapesToo) {
  static constexpr std::array<llvm::StringLiteral, 32> kEdits = {
      "a",   ",",      "(",   ")",    "[",      "]",       "{",      "}",
      ":",   "=",      ".",   "*",    "**",     "-",       " if ",   " else ",
      "for", " in ",   "not", " or ", "f'{a}'", "\"\"",    " as ",   "lambda a:",
      ":=",  "yield ", "a()", "[a]",  "(a,)",   "{a:[a]}", "a(a=a)", "print"};
  std::mt19937 random(20240229); // NOLINT: the same edits each time
  const auto below = [&random](size_t count) { return static_cast<size_t>(random()) % count; };
  std::vector<std::string> edited;
  for (int i = 0; i < 1200; ++i) {
    std::string text = kShapes[below(kShapes.size())];
    for (size_t edits = below(2) + 1; edits > 0; --edits) {
      std::vector<TokenPlace> tokens;
      FindTokens(text, tokens);
      if (tokens.empty()) {
        break;
      }
      const TokenPlace place = tokens[below(tokens.size())];
      text.replace(place.begin, below(2) == 0 ? 0 : place.end - place.begin,
                   kEdits[below(kEdits.size())].str());
    }
    StatementShape shape;
    MakeShape(text, shape);
    edited.push_back(shape.text.str().str());
  }
  EXPECT_GT(Compare(edited), 150u);
}

} // namespace pydefrag
