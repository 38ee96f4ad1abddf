// Statement kinds: see statement_kind.h. Soft keywords (match, case, type, lazy, async before 3.7)
// are told from names by what follows them.
#include "scan/outline/statement_kind.h"

#include "scan/lines/bytes.h"
#include "scan/lines/split.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// The first word behind a leading word of `length` bytes.
static uint32_t SecondWord(llvm::StringRef text, Span statement, uint32_t length) {
  return SkipBlanks(text, statement.begin + length, statement.end);
}

static std::optional<StatementKind> AsyncKind(llvm::StringRef text, Span statement) {
  switch (ReadKeyword(text, SecondWord(text, statement, 5))) {
  case Keyword::Def:
    return StatementKind::Function;
  case Keyword::For:
    return StatementKind::For;
  case Keyword::With:
    return StatementKind::With;
  default:
    return std::nullopt;
  }
}

static StatementKind ExceptKind(llvm::StringRef text, Span statement) {
  uint32_t next = SecondWord(text, statement, 6);
  return next < statement.end && text[next] == '*' ? StatementKind::ExceptStar
                                                   : StatementKind::Except;
}

std::optional<StatementKind> HeaderKind(llvm::StringRef text, Span statement, Keyword keyword) {
  switch (keyword) {
  case Keyword::If:
    return StatementKind::If;
  case Keyword::Elif:
    return StatementKind::Elif;
  case Keyword::Else:
    return StatementKind::Else;
  case Keyword::For:
    return StatementKind::For;
  case Keyword::While:
    return StatementKind::While;
  case Keyword::With:
    return StatementKind::With;
  case Keyword::Try:
    return StatementKind::Try;
  case Keyword::Except:
    return ExceptKind(text, statement);
  case Keyword::Finally:
    return StatementKind::Finally;
  case Keyword::Def:
    return StatementKind::Function;
  case Keyword::Class:
    return StatementKind::Class;
  case Keyword::Async:
    return AsyncKind(text, statement);
  case Keyword::Case:
    return StatementKind::Case;
  case Keyword::Match: // its block never stands on its line
    return text[statement.end - 1] == ':' ? std::optional(StatementKind::Match) : std::nullopt;
  default:
    return std::nullopt;
  }
}

// `lazy import a`, `lazy from a import b` (PEP 810).
static StatementKind LazyKind(llvm::StringRef text, Span statement) {
  switch (ReadKeyword(text, SecondWord(text, statement, 4))) {
  case Keyword::Import:
    return StatementKind::Import;
  case Keyword::From:
    return StatementKind::FromImport;
  default:
    return StatementKind::Expression;
  }
}

// `type X = ...` and `type X[T] = ...`, where `type` is a keyword; not `type in x`.
static bool IsTypeAlias(llvm::StringRef text, Span statement) {
  llvm::StringRef rest = text.slice(SecondWord(text, statement, 4), statement.end);
  llvm::StringRef word = rest.take_while(IsWordByte);
  return !word.empty() && !IsDigit(word[0]) &&
         !llvm::is_contained({"and", "or", "in", "is", "if", "not", "else", "for"}, word);
}

StatementKind SimpleKind(llvm::StringRef text, Span statement, Keyword keyword) {
  switch (keyword) {
  case Keyword::Import:
    return StatementKind::Import;
  case Keyword::From:
    return StatementKind::FromImport;
  case Keyword::Global:
    return StatementKind::Global;
  case Keyword::Nonlocal:
    return StatementKind::Nonlocal;
  case Keyword::Del:
    return StatementKind::Delete;
  case Keyword::Raise:
    return StatementKind::Raise;
  case Keyword::Assert:
    return StatementKind::Assert;
  case Keyword::Return:
    return StatementKind::Return;
  case Keyword::Pass:
  case Keyword::Break:
  case Keyword::Continue:
    return StatementKind::Pass;
  case Keyword::Lazy:
    return LazyKind(text, statement);
  case Keyword::Type:
    return IsTypeAlias(text, statement) ? StatementKind::TypeAlias : StatementKind::Expression;
  default:
    return StatementKind::Expression;
  }
}

bool IsCompound(Keyword keyword) {
  return llvm::is_contained({Keyword::If, Keyword::Elif, Keyword::Else, Keyword::For,
                             Keyword::While, Keyword::With, Keyword::Try, Keyword::Except,
                             Keyword::Finally, Keyword::Def, Keyword::Class, Keyword::Decorator},
                            keyword);
}

} // namespace pydefrag
