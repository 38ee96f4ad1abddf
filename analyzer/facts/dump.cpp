// Dump: see dump.h. Expressions are printed off a stack, because they may be long lists.
#include "facts/dump.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

namespace pydefrag {

static const char *Word(ExprKind kind) {
  switch (kind) {
  case ExprKind::Name:
    return "name";
  case ExprKind::Attribute:
    return "attribute";
  case ExprKind::Subscript:
    return "subscript";
  case ExprKind::Call:
    return "call";
  case ExprKind::Keyword:
    return "keyword";
  case ExprKind::String:
    return "string";
  case ExprKind::Bytes:
    return "bytes";
  case ExprKind::FString:
    return "fstring";
  case ExprKind::Number:
    return "number";
  case ExprKind::True:
    return "true";
  case ExprKind::False:
    return "false";
  case ExprKind::None:
    return "none";
  case ExprKind::Ellipsis:
    return "ellipsis";
  case ExprKind::Tuple:
    return "tuple";
  case ExprKind::List:
    return "list";
  case ExprKind::Set:
    return "set";
  case ExprKind::Dict:
    return "dict";
  case ExprKind::Pair:
    return "pair";
  case ExprKind::Splat:
    return "splat";
  case ExprKind::DoubleSplat:
    return "double-splat";
  case ExprKind::Not:
    return "not";
  case ExprKind::Unary:
    return "unary";
  case ExprKind::Binary:
    return "binary";
  case ExprKind::Compare:
    return "compare";
  case ExprKind::And:
    return "and";
  case ExprKind::Or:
    return "or";
  case ExprKind::Conditional:
    return "conditional";
  case ExprKind::Lambda:
    return "lambda";
  case ExprKind::Comprehension:
    return "comprehension";
  case ExprKind::ForIn:
    return "for-in";
  case ExprKind::Walrus:
    return "walrus";
  case ExprKind::Await:
    return "await";
  case ExprKind::Yield:
    return "yield";
  case ExprKind::Slice:
    return "slice";
  case ExprKind::Alias:
    return "alias";
  case ExprKind::Star:
    return "star";
  case ExprKind::Capture:
    return "capture";
  case ExprKind::Opaque:
    return "opaque";
  }
  return "";
}

static const char *Word(Op op) {
  static constexpr const char *kWords[] = {
      "",   "+",  "-",      "*",  "/",      "//",   "%",   "**",   "@",        "&",  "|",
      "^",  "<<", ">>",     "-",  "+",      "~",    "<",   "<=",   "==",       "!=", ">",
      ">=", "in", "not-in", "is", "is-not", "list", "set", "dict", "generator"};
  return kWords[static_cast<size_t>(op)];
}

static const char *Word(StatementKind kind) {
  switch (kind) {
  case StatementKind::Import:
    return "import";
  case StatementKind::FromImport:
    return "from-import";
  case StatementKind::Assign:
    return "assign";
  case StatementKind::AnnAssign:
    return "ann-assign";
  case StatementKind::AugAssign:
    return "aug-assign";
  case StatementKind::TypeAlias:
    return "type-alias";
  case StatementKind::Function:
    return "function";
  case StatementKind::Class:
    return "class";
  case StatementKind::Delete:
    return "delete";
  case StatementKind::Global:
    return "global";
  case StatementKind::Nonlocal:
    return "nonlocal";
  case StatementKind::Expression:
    return "expression";
  case StatementKind::Docstring:
    return "docstring";
  case StatementKind::Raise:
    return "raise";
  case StatementKind::Assert:
    return "assert";
  case StatementKind::Return:
    return "return";
  case StatementKind::Pass:
    return "pass";
  case StatementKind::If:
    return "if";
  case StatementKind::Elif:
    return "elif";
  case StatementKind::Else:
    return "else";
  case StatementKind::Try:
    return "try";
  case StatementKind::Except:
    return "except";
  case StatementKind::ExceptStar:
    return "except-star";
  case StatementKind::Finally:
    return "finally";
  case StatementKind::For:
    return "for";
  case StatementKind::While:
    return "while";
  case StatementKind::With:
    return "with";
  case StatementKind::Match:
    return "match";
  case StatementKind::Case:
    return "case";
  case StatementKind::Error:
    return "error";
  }
  return "";
}

static bool IsLiteral(ExprKind kind) {
  return kind == ExprKind::String || kind == ExprKind::Bytes || kind == ExprKind::FString;
}

// "(kind op text", still open.
static void Open(const Expr &expr, const NameTable &names, llvm::raw_ostream &out) {
  out << '(' << Word(expr.kind);
  if (expr.op != Op::None) {
    out << ' ' << Word(expr.op);
  }
  if (IsLiteral(expr.kind)) {
    out << " \"";
    llvm::printEscapedString(names.Text(expr.text), out);
    out << '"';
  } else if (expr.text.valid()) {
    out << ' ' << names.Text(expr.text);
  }
}

static void Print(ExprId root, const SyntaxTable &syntax, const NameTable &names,
                  llvm::raw_ostream &out) {
  Open(syntax.exprs[root], names, out);
  llvm::SmallVector<ExprId, 16> waiting; // next child to print, of each open parenthesis
  waiting.push_back(syntax.exprs[root].child);
  while (!waiting.empty()) {
    const ExprId id = waiting.back();
    if (!id.valid()) {
      out << ')';
      waiting.pop_back();
      continue;
    }
    out << ' ';
    Open(syntax.exprs[id], names, out);
    waiting.back() = syntax.exprs[id].next;
    waiting.push_back(syntax.exprs[id].child);
  }
}

std::string DumpExpr(ExprId expr, const SyntaxTable &syntax, const NameTable &names) {
  std::string text;
  llvm::raw_string_ostream out(text);
  if (expr.valid()) {
    Print(expr, syntax, names, out);
  }
  return text;
}

static void PrintSpan(uint32_t begin, uint32_t end, llvm::raw_ostream &out) {
  if (begin != kNoPosition) {
    out << '@' << begin << '-' << end;
  }
}

static void PrintStatement(const Statement &statement, const SyntaxTable &syntax,
                           const NameTable &names, llvm::raw_ostream &out) {
  out << Word(statement.kind);
  if (statement.op != Op::None) {
    out << ' ' << Word(statement.op) << '=';
  }
  if (statement.async) {
    out << " async";
  }
  if (statement.reduced) {
    out << " reduced";
  }
  if (statement.level > 0) {
    out << " level " << static_cast<unsigned>(statement.level);
  }
  if (statement.text.valid()) {
    out << " `" << names.Text(statement.text) << '`';
    PrintSpan(statement.text_begin, statement.text_end, out);
  }
  for (ExprId id = statement.first; id.valid(); id = syntax.exprs[id].next) {
    out << (id == statement.bases ? " : " : " ");
    Print(id, syntax, names, out);
    PrintSpan(syntax.exprs[id].begin, syntax.exprs[id].end, out);
  }
}

static void PrintFile(const ModuleFacts &facts, llvm::raw_ostream &out) {
  switch (facts.state) {
  case FileState::Parsed:
    break;
  case FileState::SyntaxError:
    out << "syntax error at " << facts.error_span.begin << (facts.python2 ? " (Python 2): " : ": ")
        << facts.error_message << '\n';
    break;
  case FileState::Uncertain:
    out << "uncertain\n";
    break;
  case FileState::Unread:
    out << "unread\n";
    break;
  }
  if (facts.has_main_guard) {
    out << "main guard\n";
  }
  if (facts.has_shebang) {
    out << "shebang\n";
  }
  if (facts.own_environment) {
    out << "own environment\n";
  }
  for (const Suppression &suppression : facts.suppressions) {
    out << "suppression " << suppression.begin << '-' << suppression.end << " line "
        << suppression.line << (suppression.own_line ? " own-line" : "")
        << (suppression.whole_file ? " file" : "") << (suppression.noqa ? " noqa" : "");
    for (const std::string &code : suppression.codes) {
      out << ' ' << code;
    }
    out << '\n';
  }
}

std::string DumpFacts(const ModuleFacts &facts, const SyntaxTable &syntax, const NameTable &names) {
  std::string text;
  llvm::raw_string_ostream out(text);
  PrintFile(facts, out);
  llvm::SmallVector<uint32_t, 16> ends; // of the headers above
  for (uint32_t i = 0; i < facts.statements.size(); ++i) {
    const PlacedStatement &placed = facts.statements[i];
    while (!ends.empty() && ends.back() <= i) {
      ends.pop_back();
    }
    out.indent(static_cast<unsigned>(ends.size()) * 2);
    out << placed.line;
    if (placed.last_line != placed.line) {
      out << '-' << placed.last_line;
    }
    out << " [" << placed.begin;
    if (placed.head != placed.begin) {
      out << ',' << placed.head;
    }
    out << "] " << (placed.lazy ? "lazy " : "");
    PrintStatement(syntax.statements[placed.statement], syntax, names, out);
    out << '\n';
    ends.push_back(placed.end);
  }
  return text;
}

} // namespace pydefrag
