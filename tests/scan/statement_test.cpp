// Every kind of statement and expression: the text and the s-expression it becomes.
#include "scan/syntax/statement.h"

#include "facts/dump.h"

#include <gtest/gtest.h>

namespace pydefrag {

namespace {

// One statement parsed alone.
struct Parsed {
  SyntaxTable syntax;
  NameTable names;
  ParsedStatement result;

  const Statement &statement() const { return syntax.statements[result.statement]; }
  std::string text() const { return names.Text(statement().text).str(); }
  // The operands, one after the other.
  std::string Operands() const {
    std::string all;
    for (ExprId id = statement().first; id.valid(); id = syntax.exprs[id].next) {
      all += (all.empty() ? "" : " ") + DumpExpr(id, syntax, names);
    }
    return all;
  }
};

ShapedStatement Shaped(const ReducedStatement &reduced, StatementShape &shape) {
  MakeShape(reduced.text, shape);
  return {.reduced = reduced, .shape = shape.text, .tokens = shape.tokens, .folds = shape.folds};
}

// `texts` have one shape; what the last of them becomes.
Parsed ParseLast(llvm::ArrayRef<llvm::StringRef> texts, uint32_t head = 0) {
  Parsed parsed;
  StatementParser parser(parsed.syntax, parsed.names);
  std::vector<ParsedStatement> results;
  std::vector<StatementShape> shapes(texts.size());
  std::vector<ShapedStatement> shaped;
  std::vector<const ShapedStatement *> units;
  shaped.reserve(texts.size());
  for (size_t i = 0; i < texts.size(); ++i) {
    shaped.push_back(Shaped({.text = texts[i], .head = head}, shapes[i]));
    units.push_back(&shaped.back());
  }
  parser.Parse(units, results);
  parsed.result = results.back();
  return parsed;
}

// All that is said of the statement, with places.
std::string FactsOf(const Parsed &parsed) {
  const Statement &statement = parsed.statement();
  std::string all = std::to_string(static_cast<int>(statement.kind)) + parsed.text() + " " +
                    std::to_string(statement.text_begin) + "-" +
                    std::to_string(statement.text_end) + " " + parsed.Operands() + " " +
                    std::to_string(static_cast<int>(parsed.result.outcome));
  for (int32_t i = parsed.result.exprs_begin.index; i < parsed.result.exprs_end.index; ++i) {
    const Expr &expr = parsed.syntax.exprs[ExprId(i)];
    all += " " + std::to_string(expr.begin) + "-" + std::to_string(expr.end);
  }
  return all;
}

// Statements that share their shape with many are made by another way, with the same result.
Parsed ParseOne(llvm::StringRef text, uint32_t head = 0) {
  Parsed parsed = ParseLast(text, head);
  EXPECT_EQ(FactsOf(parsed), FactsOf(ParseLast(std::vector<llvm::StringRef>(8, text), head)))
      << text.str();
  return parsed;
}

std::string Expression(llvm::StringRef text) {
  return ParseOne(text).Operands();
}

std::string Header(llvm::StringRef prefix, llvm::StringRef text) {
  return ParseOne(prefix.str() + text.str(), static_cast<uint32_t>(prefix.size())).Operands();
}

} // namespace

TEST(Expression, NamesAttributesSubscriptsAndCalls) {
  EXPECT_EQ(Expression("a.b.c"), "(attribute c (attribute b (name a)))");
  EXPECT_EQ(Expression("a[1]"), "(subscript (name a) (number 1))");
  EXPECT_EQ(Expression("a[b, c]"), "(subscript (name a) (name b) (name c))");
  EXPECT_EQ(Expression("a[1:2]"), "(subscript (name a) (slice (number 1) (number 2)))");
  EXPECT_EQ(
      Expression("f(a, *b, k=c, **d)"),
      "(call (name f) (name a) (splat (name b)) (keyword k (name c)) (double-splat (name d)))");
  EXPECT_EQ(Expression("f(x for x in y)"),
            "(call (name f) (comprehension generator (name x) (for-in (name x) (name y))))");
}

TEST(Expression, LiteralsAndDisplays) {
  EXPECT_EQ(Expression("[True, False, None, ...]"), "(list (true) (false) (none) (ellipsis))");
  EXPECT_EQ(Expression("(1, 2.5, 1_000, 0x1F)"),
            "(tuple (number 1) (number 2.5) (number 1000) (number 0x1F))");
  EXPECT_EQ(Expression("{1, *a}"), "(set (number 1) (splat (name a)))");
  EXPECT_EQ(Expression("{a: b, **c}"), "(dict (pair (name a) (name b)) (double-splat (name c)))");
  EXPECT_EQ(Expression("()"), "(tuple)");
  EXPECT_EQ(Expression("a,"), "(tuple (name a))");
  EXPECT_EQ(Expression("((a))"), "(name a)");
}

TEST(Expression, StringsAreDecodedAndJoined) {
  EXPECT_EQ(Expression(R"(x, 'a' "b" r'\d')"), R"((tuple (name x) (string "ab\\d")))");
  EXPECT_EQ(Expression(R"((b'\x41\n',))"), R"((tuple (bytes "A\0A")))");
  EXPECT_EQ(Expression(R"(("\u00e9\101\N{BULLET}\q",))"),
            R"((tuple (string "\C3\A9A\E2\80\A2\\q")))");
  EXPECT_EQ(Expression("('''a\\\nb''',)"), R"((tuple (string "ab")))");
  EXPECT_EQ(Expression(R"(f"app.{name}.x{y!r:>{w}}")"),
            R"((fstring "app." (name name) (name y) (name w)))");
  EXPECT_EQ(Expression(R"("a{" f"b{{{c}")"), R"((fstring "a{b{" (opaque {}) (name c)))");
  EXPECT_EQ(Expression(R"(f"app.{name}.views")"),
            R"((fstring "app." (opaque {}.views) (name name)))");
}

TEST(Expression, Operators) {
  EXPECT_EQ(Expression("-a ** ~b"), "(unary - (binary ** (name a) (unary ~ (name b))))");
  EXPECT_EQ(Expression("a // b @ c"), "(binary @ (binary // (name a) (name b)) (name c))");
  EXPECT_EQ(Expression("a | b << c"), "(binary | (name a) (binary << (name b) (name c)))");
  EXPECT_EQ(Expression("not a"), "(not (name a))");
  EXPECT_EQ(Expression("a and b and c or d"), "(or (and (name a) (name b) (name c)) (name d))");
  EXPECT_EQ(Expression("(a and b) and c"), "(and (and (name a) (name b)) (name c))");
  EXPECT_EQ(Expression("a not in b"), "(compare not-in (name a) (name b))");
  EXPECT_EQ(Expression("a is not b"), "(compare is-not (name a) (name b))");
}

TEST(Expression, ChainOfComparisonsIsAnAnd) {
  EXPECT_EQ(Expression("(3, 8) <= v < w"),
            "(and (compare <= (tuple (number 3) (number 8)) (name v)) "
            "(compare < (name v) (name w)))");
}

TEST(Expression, ConditionalLambdaComprehensionsWalrusAwaitYield) {
  EXPECT_EQ(Expression("a if b else c"), "(conditional (name a) (name b) (name c))");
  EXPECT_EQ(Expression("lambda x, y=z: x"), "(lambda (name x))");
  EXPECT_EQ(Expression("[a for a, b in c if d for e in f]"),
            "(comprehension list (name a) (for-in (tuple (name a) (name b)) (name c)) (name d) "
            "(for-in (name e) (name f)))");
  EXPECT_EQ(Expression("{k: v for k in x}"),
            "(comprehension dict (pair (name k) (name v)) (for-in (name k) (name x)))");
  EXPECT_EQ(Expression("{k for k in x}"),
            "(comprehension set (name k) (for-in (name k) (name x)))");
  EXPECT_EQ(Expression("(n := f())"), "(walrus (name n) (call (name f)))");
  EXPECT_EQ(Expression("await f()"), "(await (call (name f)))");
  EXPECT_EQ(Expression("yield a"), "(yield (name a))");
  EXPECT_EQ(Expression("yield from a"), "(yield (name a))");
}

TEST(Expression, IdentifiersAreNormalised) {
  EXPECT_EQ(Expression("\xEF\xAC\x81ne.x"), "(attribute x (name fine))"); // U+FB01
}

TEST(Expression, DeeplyNestedBecomesOpaque) {
  const std::string text = std::string(1000, '[') + "x" + std::string(1000, ']');
  const std::string dump = Expression(text);
  EXPECT_NE(dump.find("(opaque)"), std::string::npos);
  EXPECT_EQ(dump.find("(name x)"), std::string::npos);
}

TEST(Expression, LongChainsAreNotTooDeep) {
  std::string text = "a";
  for (int i = 0; i < 1000; ++i) {
    text += " and a";
  }
  EXPECT_EQ(Expression(text).find("(opaque"), std::string::npos);
}

TEST(Statement, Imports) {
  Parsed parsed = ParseOne("import a.b as c, d");
  EXPECT_EQ(parsed.statement().kind, StatementKind::Import);
  EXPECT_EQ(parsed.Operands(), "(alias a.b (name c)) (alias d)");
  parsed = ParseOne("from .. a . b import (c as d, # why\n  e,)");
  EXPECT_EQ(parsed.statement().kind, StatementKind::FromImport);
  EXPECT_EQ(parsed.statement().level, 2);
  EXPECT_EQ(parsed.text(), "a.b");
  EXPECT_EQ(parsed.Operands(), "(alias c (name d)) (alias e)");
  parsed = ParseOne("from ...import *");
  EXPECT_EQ(parsed.statement().level, 3);
  EXPECT_EQ(parsed.text(), "");
  EXPECT_EQ(parsed.Operands(), "(star)");
  parsed = ParseOne("from __future__ import annotations");
  EXPECT_EQ(parsed.text(), "__future__");
  EXPECT_EQ(parsed.statement().text_begin, 5u);
  EXPECT_EQ(parsed.statement().text_end, 15u);
}

TEST(Statement, PositionsAreThoseOfTheTokens) {
  const Parsed parsed = ParseOne("from shop.cart import (Cart,\n    Till as T)");
  EXPECT_EQ(parsed.statement().text_begin, 5u);
  EXPECT_EQ(parsed.statement().text_end, 14u);
  const Expr &first = parsed.syntax.exprs[parsed.statement().first];
  EXPECT_EQ(first.begin, 23u);
  EXPECT_EQ(first.end, 27u);
  const Expr &second = parsed.syntax.exprs[first.next];
  EXPECT_EQ(second.begin, 33u);
  EXPECT_EQ(second.end, 42u);
  EXPECT_EQ(parsed.syntax.exprs[second.child].begin, 41u);
}

TEST(Statement, Assignments) {
  Parsed parsed = ParseOne("a, *b = c.d = e[0] = f");
  EXPECT_EQ(parsed.statement().kind, StatementKind::Assign);
  EXPECT_EQ(parsed.Operands(), "(tuple (name a) (splat (name b))) (attribute d (name c)) "
                               "(subscript (name e) (number 0)) (name f)");
  EXPECT_EQ(ParseOne("(a) = (b,) = c").Operands(), "(name a) (tuple (name b)) (name c)");
  parsed = ParseOne("a: int = b");
  EXPECT_EQ(parsed.statement().kind, StatementKind::AnnAssign);
  EXPECT_EQ(parsed.Operands(), "(name a) (name b)");
  parsed = ParseOne("a: int");
  EXPECT_EQ(parsed.statement().kind, StatementKind::AnnAssign);
  EXPECT_EQ(parsed.Operands(), "(name a)");
  parsed = ParseOne("a //= b");
  EXPECT_EQ(parsed.statement().kind, StatementKind::AugAssign);
  EXPECT_EQ(parsed.statement().op, Op::FloorDiv);
  EXPECT_EQ(parsed.Operands(), "(name a) (name b)");
  EXPECT_EQ(ParseOne("x = yield").Operands(), "(name x) (yield)");
}

TEST(Statement, SoftKeywordsAreNames) {
  EXPECT_EQ(ParseOne("match = type").Operands(), "(name match) (name type)");
  EXPECT_EQ(ParseOne("print(case, _)").Operands(), "(call (name print) (name case) (name _))");
  EXPECT_EQ(ParseOne("import match, type").Operands(), "(alias match) (alias type)");
}

TEST(Statement, DefinitionsAndTheirDecorators) {
  const llvm::StringRef text = "@a.b(1)\n@c\nasync def f(): pass";
  Parsed parsed = ParseOne(text, 11);
  EXPECT_EQ(parsed.statement().kind, StatementKind::Function);
  EXPECT_TRUE(parsed.statement().async);
  EXPECT_EQ(parsed.text(), "f");
  EXPECT_EQ(parsed.statement().text_begin, 10u);
  EXPECT_EQ(parsed.Operands(), "(call (attribute b (name a)) (number 1)) (name c)");
  EXPECT_EQ(parsed.syntax.exprs[parsed.statement().first].begin, kNoPosition);
  parsed = ParseOne("@d\nclass K(Base, metaclass=M): pass", 3);
  EXPECT_EQ(parsed.statement().kind, StatementKind::Class);
  EXPECT_EQ(parsed.text(), "K");
  EXPECT_EQ(parsed.Operands(), "(name d) (name Base) (keyword metaclass (name M))");
  EXPECT_EQ(DumpExpr(parsed.statement().bases, parsed.syntax, parsed.names), "(name Base)");
  EXPECT_FALSE(ParseOne("class K: pass").statement().bases.valid());
  EXPECT_EQ(ParseOne("def f(a, b=(w := 1)): pass").Operands(),
            "(opaque (walrus (name w) (number 1)))");
}

TEST(Statement, OtherSimpleStatements) {
  EXPECT_EQ(ParseOne("del a, b.c").Operands(), "(name a) (attribute c (name b))");
  EXPECT_EQ(ParseOne("global a, b").Operands(), "(name a) (name b)");
  EXPECT_EQ(ParseOne("nonlocal a").statement().kind, StatementKind::Nonlocal);
  EXPECT_EQ(ParseOne("raise E('x') from e").Operands(), "(call (name E) (string \"x\")) (name e)");
  EXPECT_EQ(ParseOne("assert a, b").Operands(), "(name a) (name b)");
  EXPECT_EQ(ParseOne("return a, b").Operands(), "(tuple (name a) (name b))");
  EXPECT_EQ(ParseOne("return").statement().kind, StatementKind::Return);
  EXPECT_EQ(ParseOne("break").statement().kind, StatementKind::Pass);
  EXPECT_EQ(ParseOne("type T = 0").statement().kind, StatementKind::TypeAlias);
  EXPECT_EQ(ParseOne("type T = 0").text(), "T");
  EXPECT_EQ(ParseOne("'''doc'''").statement().kind, StatementKind::Docstring);
  EXPECT_EQ(ParseOne("f'doc{x}'").statement().kind, StatementKind::Expression);
}

TEST(Statement, Headers) {
  EXPECT_EQ(Header("", "if a: pass"), "(name a)");
  EXPECT_EQ(Header("if 0: pass\n", "elif b: pass"), "(name b)");
  EXPECT_EQ(Header("", "for a, b in c, d: pass"),
            "(tuple (name a) (name b)) (tuple (name c) (name d))");
  EXPECT_EQ(Header("", "while a: pass"), "(name a)");
  EXPECT_EQ(Header("", "with a as b, c: pass"), "(walrus (name b) (name a)) (name c)");
  EXPECT_EQ(Header("", "with (a as (b, c), d as e,): pass"),
            "(walrus (tuple (name b) (name c)) (name a)) (walrus (name e) (name d))");
  EXPECT_EQ(Header("", "with (a, b): pass"), "(name a) (name b)");
  EXPECT_TRUE(ParseOne("async with a: pass").statement().async);
  EXPECT_TRUE(ParseOne("async for a in b: pass").statement().async);
}

TEST(Statement, ExceptClauses) {
  const llvm::StringRef prefix = "try: pass\n";
  EXPECT_EQ(Header(prefix, "except: pass"), "");
  EXPECT_EQ(Header(prefix, "except A: pass"), "(name A)");
  EXPECT_EQ(Header(prefix, "except (A, b.C): pass"), "(tuple (name A) (attribute C (name b)))");
  EXPECT_EQ(Header(prefix, "except A, B: pass"), "(tuple (name A) (name B))"); // PEP 758
  const Parsed named = ParseOne("try: pass\nexcept A as e: pass", 10);
  EXPECT_EQ(named.Operands(), "(name A)");
  EXPECT_EQ(named.text(), "e");
  EXPECT_EQ(named.statement().text_begin, 12u);
  const Parsed star = ParseOne("try: pass\nexcept* A as e: pass", 10);
  EXPECT_EQ(star.statement().kind, StatementKind::ExceptStar);
  EXPECT_EQ(star.text(), "e");
  EXPECT_EQ(ParseOne("try: pass\nfinally: pass", 10).statement().kind, StatementKind::Finally);
}

TEST(Statement, MatchAndCase) {
  const llvm::StringRef prefix = "match 0:\n ";
  EXPECT_EQ(Header("", "match a, b:"), "(tuple (name a) (name b))");
  EXPECT_EQ(Header(prefix, "case x: pass"), "(capture x)");
  EXPECT_EQ(Header(prefix, "case _: pass"), "(opaque)");
  EXPECT_EQ(Header(prefix, "case [*_]: pass"), "(list (splat (opaque)))");
  EXPECT_EQ(Header(prefix, "case m.C | -1 | 'x': pass"),
            "(or (attribute C (name m)) (unary - (number 1)) (string \"x\"))");
  EXPECT_EQ(Header(prefix, "case [a, *rest] if b: pass"),
            "(list (capture a) (splat (capture rest))) (name b)");
  EXPECT_EQ(Header(prefix, "case a, b: pass"), "(tuple (capture a) (capture b))");
  EXPECT_EQ(Header(prefix, "case {'k': v, m.K: 1, **rest}: pass"),
            "(dict (pair (string \"k\") (capture v)) (pair (attribute K (name m)) (number 1)) "
            "(double-splat (capture rest)))");
  EXPECT_EQ(Header(prefix, "case shop.Cart(1, k=v) as w: pass"),
            "(walrus (capture w) (call (attribute Cart (name shop)) (number 1) "
            "(keyword k (capture v))))");
}

TEST(Statement, Python2IsToldApart) {
  for (llvm::StringRef text :
       {"print 'x'", "exec 'x'", "raise E, 'x'", "x = 10L", "x = 0777", "if_ = a <> b"}) {
    EXPECT_EQ(ParseOne(text).result.outcome, StatementOutcome::Python2) << text.str();
  }
  for (llvm::StringRef text : {"print >>f, x", "print('x')", "x = 0", "x = 00", "raise E('x')"}) {
    EXPECT_EQ(ParseOne(text).result.outcome, StatementOutcome::Parsed) << text.str();
  }
}

// Equal elements of a list are parsed once (scan/shapes/shape.h); the others are copies of their
// nodes.
TEST(Statement, ElementsLeftOutOfTheShapeAreThere) {
  EXPECT_EQ(Expression("[a, b, c, d]"), "(list (name a) (name b) (name c) (name d))");
  EXPECT_EQ(Expression("[a, b, c, d, e,]"), "(list (name a) (name b) (name c) (name d) (name e))");
  EXPECT_EQ(Expression("a, b, c, d,"), "(tuple (name a) (name b) (name c) (name d))");
  EXPECT_EQ(Expression("f(a=1, b=2, c=3, d=4).g"),
            "(attribute g (call (name f) (keyword a (number 1)) (keyword b (number 2)) "
            "(keyword c (number 3)) (keyword d (number 4))))");
  EXPECT_EQ(Expression("{'a': x.a, 'b': x.b, 'c': x.c, 'd': x.d}[k]"),
            "(subscript (dict (pair (string \"a\") (attribute a (name x))) "
            "(pair (string \"b\") (attribute b (name x))) (pair (string \"c\") "
            "(attribute c (name x))) (pair (string \"d\") (attribute d (name x)))) (name k))");
  EXPECT_EQ(Expression("[[a, b, c, d], [e, f, g, h], [i, j, k, l], z, z, z, z]"),
            "(list (list (name a) (name b) (name c) (name d)) "
            "(list (name e) (name f) (name g) (name h)) (list (name i) (name j) (name k) (name l)) "
            "(name z) (name z) (name z) (name z))");
  EXPECT_EQ(Expression("from m import (a, b as c, d as e, f as g, h as i, j, k, l, m, n)"),
            "(alias a) (alias b (name c)) (alias d (name e)) (alias f (name g)) "
            "(alias h (name i)) (alias j) (alias k) (alias l) (alias m) (alias n)");
}

TEST(Statement, ElementsLeftOutOfTheShapeHaveTheirPlaces) {
  const Parsed parsed = ParseOne("import ab, c, dee, gh, i, jk");
  std::string places;
  for (ExprId id = parsed.statement().first; id.valid(); id = parsed.syntax.exprs[id].next) {
    const Expr &expr = parsed.syntax.exprs[id];
    places += std::to_string(expr.begin) + "-" + std::to_string(expr.end) + " ";
  }
  EXPECT_EQ(places, "7-9 11-12 14-17 19-21 23-24 26-28 ");
}

TEST(Statement, StatementsOfOneShapeHaveTheirOwnTexts) {
  const std::vector<std::vector<llvm::StringRef>> groups = {
      {"x = a.b('y')", "xx = b'1' .join(  'z' )", "q=f.g(\"\"\"long\"\"\")"},
      {"x = 'a'", "x = b'a'", "value = '\\x41\\n'", "x = r'\\n'", "x = u'b'"},
      {"x = 'a' 'b'", "x = b'a' B\"b\"", "value = 'c'\\\n 'd'"},
      {"x = 1", "x = 0777", "x = 0x1F", "x = 12"},
      {"x = 1.5", "x = 0.25", "x = 10.0"},
      {"import a.b.c", "import first . second.third", "import x.y.z"},
      {"from a.b import c as d", "from first. second import third as fourth"},
      {"@a.b(0)\nclass C(D.E, k=v): pass", "@first.second(12)\nclass Third(Fourth.f, x=y): pass"},
      {"from __future__ import a", "from __future__ import annotations"},
      {"from ..a import b", "from ..first import (\n  second)"},
      {"import a, b, c, d, e, f", "import first, b, c, d, e, f, g, h",
       "import first , b, c, d,e, f"},
      {"x = ['a', 'b', 'c', 'd', 'e']", "value = ['a', b'b', r'c', 'd', \"e\"]"},
      {"match x:\n case A(b=c): pass", "match first:\n case Second(third=fourth): pass"},
  };
  for (const std::vector<llvm::StringRef> &group : groups) {
    for (llvm::StringRef text : group) {
      std::vector<llvm::StringRef> many(4, group.front());
      many.push_back(text);
      EXPECT_EQ(FactsOf(ParseLast(many)), FactsOf(ParseLast(text))) << text.str();
    }
  }
}

TEST(Statement, ErrorsStayWithTheirOwnText) {
  SyntaxTable syntax;
  NameTable names;
  StatementParser parser(syntax, names);
  std::vector<ParsedStatement> results;
  StatementShape shapes[3];
  const ShapedStatement units[] = {Shaped({.text = "a = 1"}, shapes[0]),
                                   Shaped({.text = "b = ="}, shapes[1]),
                                   Shaped({.text = "c = (3, 4)"}, shapes[2])};
  parser.Parse({&units[0], &units[1], &units[2]}, results);
  ASSERT_EQ(results.size(), 3u);
  EXPECT_EQ(results[0].outcome, StatementOutcome::Parsed);
  EXPECT_EQ(results[1].outcome, StatementOutcome::NotUnderstood);
  EXPECT_EQ(syntax.statements[results[1].statement].kind, StatementKind::Error);
  EXPECT_EQ(results[2].outcome, StatementOutcome::Parsed);
}

} // namespace pydefrag
