// Reducer: see reduce.h. O(bytes of the statement). Definitions are in reduce_definitions.cpp.
#include "scan/reduce/reduce.h"

#include "scan/lines/bytes.h"
#include "scan/reduce/reduce_tokens.h"
#include "scan/reduce/shallow.h"
#include "scan/words/word_set.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// A statement of this length is parsed as it stands.
static constexpr size_t kShort = 120;
// Conditions, iterables, messages of exceptions.
static constexpr size_t kShortHeader = 1024;
// Statements with a word of interest.
static constexpr size_t kInteresting = 16u << 10;
// What is always wanted whole, such as `__all__`, or cffi's call with a module's name and C source.
static constexpr size_t kWanted = 256u << 10;

// Names whose value or arguments name modules, for the import system and well-known frameworks.
static bool IsWantedName(llvm::StringRef name) {
  static const WordSet names = {"__all__",
                                "__path__",
                                "__package__",
                                "__getattr__",
                                "__lazy_modules__",
                                "__lazy_imports",
                                "_import_structure",
                                "AddSerializedFile",
                                "pytest_plugins",
                                "INSTALLED_APPS",
                                "MIDDLEWARE",
                                "MIDDLEWARE_CLASSES",
                                "ROOT_URLCONF",
                                "AUTHENTICATION_BACKENDS",
                                "PASSWORD_HASHERS",
                                "AUTH_PASSWORD_VALIDATORS",
                                "TEMPLATES",
                                "LOGGING",
                                "LOGGING_CONFIG",
                                "STORAGES",
                                "CACHES",
                                "EMAIL_BACKEND",
                                "TEST_RUNNER",
                                "WSGI_APPLICATION",
                                "ASGI_APPLICATION",
                                "DEFAULT_AUTO_FIELD",
                                "FORM_RENDERER",
                                "CSRF_FAILURE_VIEW",
                                "DATABASE_ROUTERS",
                                "DATABASES",
                                "SESSION_ENGINE",
                                "MIGRATION_MODULES",
                                "SERIALIZATION_MODULES",
                                "DEFAULT_FILE_STORAGE",
                                "STATICFILES_STORAGE",
                                "STATICFILES_FINDERS",
                                "default_app_config",
                                "handler400",
                                "handler403",
                                "handler404",
                                "handler500",
                                "REST_FRAMEWORK",
                                "CELERY_IMPORTS",
                                "CELERY_INCLUDE",
                                "SPIDER_MODULES",
                                "NEWSPIDER_MODULE",
                                "ITEM_PIPELINES",
                                "DOWNLOADER_MIDDLEWARES",
                                "SPIDER_MIDDLEWARES",
                                "urlpatterns",
                                "set_source"};
  return names.Contains(name);
}

// Calls of these make a class or serve names; their arguments say which.
static bool MakesDefinition(llvm::StringRef name) {
  static const WordSet names = {
      "namedtuple", "NamedTuple",     "TypedDict",  "NewType", "TypeVar", "Enum",
      "IntEnum",    "StrEnum",        "Flag",       "IntFlag", "type",    "new_class",
      "dataclass",  "make_dataclass", "make_class", "define",  "attach",  "attach_stub",
      "lazy",       "partial",        "deprecated"};
  return names.Contains(name);
}

// What must stand before and behind a statement of `kind` so that it parses alone.
static const char *PrefixOf(StatementKind kind) {
  switch (kind) {
  case StatementKind::Elif:
  case StatementKind::Else:
    return "if 0: pass\n";
  case StatementKind::Except:
  case StatementKind::ExceptStar:
  case StatementKind::Finally:
    return "try: pass\n";
  case StatementKind::Case:
    return "match 0:\n ";
  default:
    return "";
  }
}

static const char *SuffixOf(StatementKind kind) {
  switch (kind) {
  case StatementKind::If:
  case StatementKind::Elif:
  case StatementKind::Else:
  case StatementKind::Try:
  case StatementKind::Except:
  case StatementKind::ExceptStar:
  case StatementKind::Finally:
  case StatementKind::For:
  case StatementKind::While:
  case StatementKind::With:
  case StatementKind::Case:
  case StatementKind::Function:
  case StatementKind::Class:
    return " pass";
  default:
    return "";
  }
}

Reducer::Reducer(llvm::StringRef text, const Outline &outline)
    : text_(text), keep_literals_(outline.keep_literals) {
  for (const OutlineItem &item : outline.items) {
    if (item.interesting && !names_in_strings_) {
      const llvm::StringRef words = HeaderText(item);
      names_in_strings_ = words.contains("patch") || words.contains("import_") ||
                          words.contains("importorskip") || words.contains("find_spec") ||
                          words.contains("resolve_name") || words.contains("setattr");
    }
  }
}

ReducedStatement Reducer::Reduce(const OutlineItem &item) {
  ReducedStatement result;
  result.kind = item.kind;
  reduced_ = false;
  last_open_ = item.last_open == 0 ? nullptr : text_.data() + item.last_open;
  const llvm::StringRef whole = HeaderText(item);
  const bool import = item.kind == StatementKind::Import || item.kind == StatementKind::FromImport;
  if (import && !HasLoneReturn(whole)) {
    result.text = whole;
    return result;
  }
  out_ = PrefixOf(item.kind);
  if (item.kind == StatementKind::Function || item.kind == StatementKind::Class) {
    AppendDecorators(item);
  }
  result.head = static_cast<uint32_t>(out_.size());
  switch (item.kind) {
  case StatementKind::Function:
    ReduceFunction(item);
    break;
  case StatementKind::Class:
    ReduceClass(item);
    break;
  case StatementKind::TypeAlias:
    ReduceTypeAlias(item);
    break;
  case StatementKind::Expression:
    ReduceExpression(item);
    break;
  case StatementKind::If:
  case StatementKind::Elif:
  case StatementKind::While:
  case StatementKind::Raise:
  case StatementKind::Return:
    AppendVerbatimOrShallow(item, kShortHeader);
    break;
  case StatementKind::For:
    ReduceFor(item);
    break;
  case StatementKind::With:
  case StatementKind::Assert:
    AppendVerbatimOrShallow(item, kShort);
    break;
  default:
    AppendVerbatim(whole);
  }
  out_ += SuffixOf(item.kind);
  result.text = out_;
  result.reduced = reduced_;
  return result;
}

void Reducer::AppendVerbatim(llvm::StringRef text) {
  const size_t begin = out_.size();
  out_ += text;
  if (HasLoneReturn(text)) {
    ReplaceLoneReturns(llvm::MutableArrayRef<char>(out_).drop_front(begin));
  }
}

void Reducer::AppendVerbatimOrShallow(const OutlineItem &item, size_t limit) {
  const llvm::StringRef whole = HeaderText(item);
  const size_t allowed = item.interesting ? kInteresting : limit;
  if (whole.size() <= allowed || HasWalrus(whole)) {
    AppendVerbatim(whole);
  } else {
    AppendShallow(whole, "");
  }
}

// The end of `for a, (b, c) in`.
static size_t EndOfTargets(llvm::StringRef header) {
  for (Token token = NextToken(header, 0); token.kind != TokenKind::End;
       token = NextToken(header, token.end)) {
    if (token.kind == TokenKind::Open) {
      token.end = SkipBrackets(header, token.begin);
    } else if (header.slice(token.begin, token.end) == "in") {
      return token.end;
    }
  }
  return header.size();
}

// The targets are bound, so they are kept.
void Reducer::ReduceFor(const OutlineItem &item) {
  const llvm::StringRef whole = HeaderText(item);
  if (whole.size() <= (item.interesting ? kInteresting : kShortHeader) || HasWalrus(whole)) {
    AppendVerbatim(whole);
    return;
  }
  const size_t targets = EndOfTargets(whole);
  AppendVerbatim(whole.take_front(targets));
  out_.push_back(' ');
  AppendShallow(whole.drop_front(targets), "");
}

void Reducer::AppendShallow(llvm::StringRef text, const char *arguments) {
  reduced_ = true;
  pydefrag::AppendShallow(text, arguments, last_open_, out_);
}

Reducer::Places Reducer::ReadPlaces(llvm::StringRef text) const {
  Places places;
  unsigned lambdas = 0;
  char before = ' ';
  for (Token token = NextToken(text, 0); token.kind != TokenKind::End;) {
    const llvm::StringRef spelled = text.slice(token.begin, token.end);
    uint32_t next = token.end;
    if (token.kind == TokenKind::Word) {
      lambdas += spelled == "lambda";
      places.wanted |= IsWantedName(spelled);
      places.makes_definition |= MakesDefinition(spelled);
    } else if (token.kind == TokenKind::Open) {
      next = EndOfBrackets(text, token.begin, last_open_);
    } else if (spelled == ":") {
      if (lambdas > 0) {
        --lambdas;
      } else if (places.equals == Places::kNone) {
        places.annotation = token.begin;
      }
    } else if (spelled == "=" && lambdas == 0) {
      const bool compares = text.substr(next).starts_with("=");
      // Two bytes of one operator: `<=`, `>=`, `!=`; but `<<=` and `>>=` assign.
      const bool glued = !token.spaced && (before == '<' || before == '>' || before == '!') &&
                         !(token.begin >= 2 && text[token.begin - 2] == before && before != '!');
      if (compares) {
        ++next;
      } else if (!glued) {
        places.equals = token.begin;
      }
    }
    before = token.kind == TokenKind::Operator ? spelled[0] : ' ';
    token = NextToken(text, next);
  }
  return places;
}

bool Reducer::KeepsWhole(const OutlineItem &item, llvm::StringRef words) const {
  if (HasWalrus(words)) {
    return true;
  }
  return (item.interesting && words.size() <= kInteresting) ||
         (keep_literals_ && (!item.in_function || item.in_hook) && words.size() <= kWanted);
}

// Whether a glance tells that the statement stays as it is: short, no annotation, and no string for
// a value. Most are so.
static bool IsPlainlyShort(llvm::StringRef whole) {
  const char last = whole.back();
  return whole.size() <= kShort &&
         (IsWordByte(last) || last == ')' || last == ']' || last == '}') && !whole.contains(':');
}

// `public(Form=Shape, ...)`: what is handed by keywords may become names of the module
// (NamespaceReader::ReadKeywordCall).
static bool IsKeywordCall(llvm::StringRef whole) {
  const Token callee = NextToken(whole, 0);
  const Token open = NextToken(whole, callee.end);
  const Token keyword = NextToken(whole, open.end);
  const llvm::StringRef behind = whole.substr(NextToken(whole, keyword.end).begin);
  return callee.kind == TokenKind::Word && open.kind == TokenKind::Open &&
         whole[open.begin] == '(' && keyword.kind == TokenKind::Word && behind.starts_with("=") &&
         !behind.starts_with("==");
}

void Reducer::ReduceExpression(const OutlineItem &item) {
  const llvm::StringRef whole = HeaderText(item);
  if (IsPlainlyShort(whole)) {
    AppendVerbatim(whole);
    return;
  }
  const bool keep = KeepsWhole(item, whole);
  const Places places = ReadPlaces(whole);
  if (places.equals == Places::kNone && places.annotation != Places::kNone && !HasWalrus(whole)) {
    AppendVerbatim(whole.take_front(places.annotation));
    out_ += ": 0";
    return;
  }
  const bool has_value = places.equals != Places::kNone;
  const size_t begin = out_.size();
  const llvm::StringRef value = has_value ? whole.substr(places.equals + 1).ltrim() : whole;
  const bool wanted =
      keep || (places.wanted && whole.size() <= kWanted) ||
      (places.makes_definition && whole.size() <= kInteresting) ||
      (!has_value && !item.in_function && whole.size() <= kInteresting && IsKeywordCall(whole));
  const bool is_string = has_value && NextToken(value, 0).kind == TokenKind::String &&
                         NextToken(value, NextToken(value, 0).end).kind == TokenKind::End;
  if (wanted || (whole.size() <= kShort && (!is_string || KeepsString(value)))) {
    AppendVerbatim(whole);
  } else if (has_value) {
    AppendVerbatim(whole.take_front(places.equals + 1));
    out_.push_back(' ');
    AppendShallow(value, "");
  } else {
    AppendShallow(whole, "");
  }
  if (places.annotation != Places::kNone && !HasWalrus(whole)) {
    out_[begin + places.annotation + 1] = '0';
    for (uint32_t i = places.annotation + 2; i < places.equals; ++i) {
      out_[begin + i] = ' ';
    }
  }
}

// A constant that may be a module's path or a part of one, where such are used.
bool Reducer::KeepsString(llvm::StringRef value) const {
  const llvm::StringRef body = value.trim("\"'rRbBuUfF");
  return names_in_strings_ && llvm::all_of(body, [](char c) {
           return llvm::isAlnum(c) || c == '_' || c == '.' || c == ':';
         });
}

} // namespace pydefrag
