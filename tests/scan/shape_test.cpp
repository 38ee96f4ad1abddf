// What two statements must have in common to share a tree, and how its places move.
#include "scan/shapes/shape.h"

#include "scan/shapes/shape_parser.h"

#include <gtest/gtest.h>

namespace pydefrag {

namespace {

std::string ShapeOf(llvm::StringRef text) {
  StatementShape shape;
  MakeShape(text, shape);
  return shape.text.str().str();
}

// The places of all nodes of `kind` in `text`, by way of its shape.
std::vector<std::string> TextsOf(llvm::StringRef text, NodeKind kind) {
  StatementShape shape;
  MakeShape(text, shape);
  ShapeParser parser;
  parser.Add(shape.text);
  parser.ParseNew();
  std::vector<std::string> found;
  if (const ShapeTree *tree = parser.Tree(0)) {
    FlatTree placed;
    tree->Place(shape.tokens, shape.folds, placed);
    for (const Node &node : placed.nodes) {
      if (node.kind == kind) {
        found.push_back(text.slice(node.begin, node.end).str());
      }
    }
  }
  return found;
}

} // namespace

TEST(Shape, NamesStringsAndIntegersGo) {
  EXPECT_EQ(ShapeOf("PRICE = {'apple': 30, u\"b\": 0x1F}"), "a={\"\":0,\"\":0}");
  EXPECT_EQ(ShapeOf("from shop.cart import (Cart,  # why\n  Till as T)"),
            "from a.a import(a,a as a)");
}

TEST(Shape, WhatTheGrammarLooksIntoStays) {
  EXPECT_EQ(ShapeOf("print = f'{x}' + rF'y'"), "print=f'{x}' +rF'y'");
  EXPECT_EQ(ShapeOf("x = 1.5 + 1e-5 + 10L + 1_0"), "a=0.0 +1e-0 +10L+1_0");
  EXPECT_EQ(ShapeOf("x = 1.e8 + y1.e8"), "a=0.e8 +a.a");
  EXPECT_EQ(ShapeOf("x = 12.25.real + 0x1F.real + .5"), "a=0.0.a+0x1F.a+ .0");
  EXPECT_EQ(ShapeOf("match case _: type"), "match case _:type");
  EXPECT_EQ(ShapeOf("caf\xc3\xa9 = 1"), "caf\xc3\xa9=0");
}

TEST(Shape, BlanksStayWhereTheyTellTokensApart) {
  EXPECT_EQ(ShapeOf("x = - 1"), "a= -0");
  EXPECT_EQ(ShapeOf("x =- 1"), "a=-0");
  EXPECT_EQ(ShapeOf("x = 1 .real"), "a=0 .a");
  EXPECT_EQ(ShapeOf("x = 'a''b'  'c'"), "a=\"\" \"\" \"\"");
  EXPECT_EQ(ShapeOf("x = a if b else\"c\""), "a=a if a else\"\"");
}

TEST(Shape, LineEndsStayOutsideBrackets) {
  EXPECT_EQ(ShapeOf("@d(\n1)\ndef f(): pass"), "@a(0)\ndef a():pass");
  EXPECT_EQ(ShapeOf("match 0:\n case x: pass"), "match 0:\n case a:pass");
  EXPECT_EQ(ShapeOf("x = \\\n  y"), "a=a");
}

TEST(Shape, IsItsOwnShape) {
  for (llvm::StringRef text :
       {"x = 'a''b'", "x=-1 if y else -z", "@d\nasync def f(): pass", "f(a, *b, **c)[1:2, ::3]",
        "from . import (a, b)", "from .a import *", "lambda *a, k=1: {**a}", "x: int = 0x10"}) {
    const std::string shape = ShapeOf(text);
    EXPECT_EQ(ShapeOf(shape), shape);
  }
}

TEST(ShapeTree, PlacesAreThoseOfTheText) {
  const llvm::StringRef text = "first.second( third ,\n  'fourth',f\"{fifth}\" )";
  EXPECT_EQ(TextsOf(text, NodeKind::Identifier),
            (std::vector<std::string>{"first", "second", "third", "fifth"}));
  EXPECT_EQ(TextsOf(text, NodeKind::String),
            (std::vector<std::string>{"'fourth'", "f\"{fifth}\""}));
  EXPECT_EQ(TextsOf(text, NodeKind::ArgumentList),
            (std::vector<std::string>{"( third ,\n  'fourth',f\"{fifth}\" )"}));
  EXPECT_EQ(TextsOf("x = 1.5 + 22", NodeKind::Float), (std::vector<std::string>{"1.5"}));
  EXPECT_EQ(TextsOf("x = 1.5 + 22", NodeKind::Integer), (std::vector<std::string>{"22"}));
}

TEST(Shape, OfEqualElementsTwoAreLeft) {
  EXPECT_EQ(ShapeOf("x = [1, 2, 3, 4, 5]"), "a=[0,0,0]");
  EXPECT_EQ(ShapeOf("x = [1, 2, 3, 4, 5,]"), "a=[0,0,]");
  EXPECT_EQ(ShapeOf("x = [1, 2, 3]"), "a=[0,0,0]");
  EXPECT_EQ(ShapeOf("f(a, b, c, d, e=1, f=2, g=3, h=4)"), "a(a,a,a=0,a=0,a=0)");
  EXPECT_EQ(ShapeOf("x = [a, b, c, 'd', e, f, g, h]"), "a=[a,a,\"\",a,a,a]");
  EXPECT_EQ(ShapeOf("x = [(a, b), (c, d), (e, f), (g, h)]"), "a=[(a,a),(a,a),(a,a)]");
  // Elements with folds of their own differ in their tokens.
  EXPECT_EQ(ShapeOf("x = [(a, b, c, d), (e, f, g, h, i), (j, k, l, m, n, o), (p,)]"),
            "a=[(a,a,a),(a,a,a),(a,a,a),(a,)]");
}

TEST(ShapeTree, ShapesWithErrorsHaveNone) {
  ShapeParser parser;
  EXPECT_EQ(parser.Add("a=a"), 0u);
  EXPECT_EQ(parser.Add("a=="), 1u);
  EXPECT_EQ(parser.Add("a=a"), 0u);
  EXPECT_EQ(parser.Add("a()"), 2u);
  parser.ParseNew();
  EXPECT_NE(parser.Tree(0), nullptr);
  EXPECT_EQ(parser.Tree(1), nullptr);
  EXPECT_NE(parser.Tree(2), nullptr);
}

} // namespace pydefrag
