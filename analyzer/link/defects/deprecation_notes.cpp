// The directive stands in the docstring of whatever has something deprecated about it: `..
// deprecated:: 1.7  Using arguments that are no Expr is deprecated` deprecates no class. A note
// counts where its words begin as those of a note on the whole do ("Use X instead", "Will be
// removed"), or where a sentence of it has the thing itself as its subject.
#include "link/defects/deprecation_notes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

using Words = llvm::SmallVector<llvm::StringRef, 32>;

static constexpr llvm::StringLiteral kDirectives[] = {".. deprecated::", ".. deprecated-removed::"};

static bool IsWordByte(char c) {
  return llvm::isAlnum(c) || c == '_' || c == '.';
}

// Names with their dots, and plain words; marks and quotes between them are passed over. The
// bracket of a call that holds something is a word of its own: `f(x)` speaks of that call, not of
// f.
static Words WordsOf(llvm::StringRef sentence) {
  Words words;
  while (!sentence.empty()) {
    const llvm::StringRef word = sentence.take_while(IsWordByte);
    if (word.empty()) {
      sentence = sentence.drop_front();
      continue;
    }
    sentence = sentence.drop_front(word.size());
    // `:class:` and the like only say what the name behind them is.
    const llvm::StringRef bare = word.trim('.');
    if (!bare.empty() && !sentence.starts_with(":`")) {
      words.push_back(bare);
    }
    if (sentence.starts_with("(") && !sentence.starts_with("()")) {
      words.push_back(sentence.take_front());
    }
  }
  return words;
}

static bool IsAny(llvm::StringRef word, llvm::ArrayRef<llvm::StringLiteral> known) {
  return llvm::any_of(known, [&](llvm::StringRef other) { return word.equals_insensitive(other); });
}

// Behind "As of 2.0," or "In version 2.0", with which a sentence may begin.
static size_t BehindVersion(const Words &words) {
  static constexpr llvm::StringLiteral kPhrases[] = {"as", "of", "in", "since", "from", "version"};
  size_t at = 0;
  while (at < words.size() && at < 3 && IsAny(words[at], kPhrases)) {
    ++at;
  }
  return at > 0 && at < words.size() && llvm::isDigit(words[at].front()) ? at + 1 : 0;
}

// How a note begins whose subject is left out: the thing that it stands in.
static bool BeginsWithoutSubject(const Words &words) {
  static constexpr llvm::StringLiteral kBegins[] = {
      "use",      "will",    "is",       "was",        "has",    "renamed", "moved",
      "replaced", "prefer",  "removed",  "deprecated", "does",   "behaves", "kept",
      "see",      "you",     "obsolete", "no",         "not",    "import",  "consider",
      "should",   "slated",  "unused",   "superseded", "switch", "migrate", "scheduled",
      "legacy",   "planned", "marked",   "instead",    "now"};
  static constexpr llvm::StringLiteral kForbids[] = {"do", "don", "never", "avoid"};
  size_t at = BehindVersion(words);
  at += at < words.size() && words[at].equals_insensitive("please") ? 1 : 0;
  if (at >= words.size()) {
    return false;
  }
  const llvm::StringRef next = at + 1 < words.size() ? words[at + 1] : "";
  if (words[at].equals_insensitive("in")) {
    return next.starts_with_insensitive("favo"); // "in favour of X", not "in 3.0 the argument x"
  }
  if (words[at].equals_insensitive("to")) {
    return next.equals_insensitive("be"); // "To be removed"
  }
  if (IsAny(words[at], kForbids)) { // "Don't use this", not "Do not pass x"
    return llvm::any_of(llvm::ArrayRef(words).drop_front(at + 1).take_front(2),
                        [](llvm::StringRef word) {
                          return word.equals_insensitive("use") || word.equals_insensitive("using");
                        });
  }
  return IsAny(words[at], kBegins) && !next.equals_insensitive("of"); // "use of x is deprecated"
}

static bool IsVerb(llvm::StringRef word) {
  static constexpr llvm::StringLiteral kVerbs[] = {"is",   "was",  "has",    "have", "will", "are",
                                                   "were", "does", "should", "may",  "can",  "now"};
  return IsAny(word, kVerbs);
}

static bool IsKind(llvm::StringRef word) {
  static constexpr llvm::StringLiteral kKinds[] = {
      "class",     "function",  "method", "decorator", "module",  "package",
      "exception", "warning",   "type",   "alias",     "wrapper", "helper",
      "api",       "submodule", "mixin",  "shim",      "context"}; // manager
  return IsAny(word, kKinds);
}

// `name` without the underscores before it; a dotted path to it; its module, or one above that.
static bool IsOwnName(llvm::StringRef word, llvm::StringRef module, llvm::StringRef name) {
  const llvm::StringRef last = word.rsplit('.').second.empty() ? word : word.rsplit('.').second;
  if (!name.empty() && last.ltrim('_') == name.ltrim('_')) {
    return true;
  }
  if (name.empty() && last == (module.contains('.') ? module.rsplit('.').second : module)) {
    return true;
  }
  return word.contains('.') && (module == word || module.starts_with((word + ".").str()));
}

// "The `Cart` class is", "shop.Cart will", "This function has".
static bool HasItAsSubject(const Words &words, llvm::StringRef module, llvm::StringRef name) {
  size_t at = 0;
  if (at < words.size() && words[at].equals_insensitive("this")) {
    ++at;
    if (at < words.size() && IsKind(words[at])) {
      return true;
    }
    return at < words.size() && IsVerb(words[at]);
  }
  if (words.size() > 1 && words[0].equals_insensitive("it")) {
    const bool part =
        words.size() > 3 && words[3].equals_insensitive("to"); // "deprecated to pass x"
    return IsVerb(words[1]) && !part;
  }
  if (words.size() > 2 && words[0].equals_insensitive("using")) { // "Using this function is"
    return words[1].equals_insensitive("this") && IsKind(words[2]);
  }
  for (llvm::StringRef filler : {"the", "whole", "entire", "old"}) {
    at += at < words.size() && words[at].equals_insensitive(filler) ? 1 : 0;
  }
  const bool kind = at < words.size() && IsKind(words[at]);
  at += kind ? 1 : 0;
  if (kind && at < words.size() && IsVerb(words[at])) { // "The function is"
    return true;
  }
  if (at >= words.size() || !IsOwnName(words[at], module, name)) {
    return false;
  }
  ++at;
  at += at < words.size() && IsKind(words[at]) ? 1 : 0;
  return at >= words.size() || IsVerb(words[at]) || words[at].equals_insensitive("in") ||
         words[at].equals_insensitive("and");
}

static bool SpeaksOf(llvm::StringRef note, llvm::StringRef module, llvm::StringRef name) {
  llvm::SmallVector<llvm::StringRef, 8> sentences;
  note.split(sentences, ". ", -1, false);
  bool first = true;
  for (llvm::StringRef sentence : sentences) {
    const Words words = WordsOf(sentence);
    const bool marked = llvm::StringRef("`:'\"").contains(sentence.take_front());
    if (first && !marked && BeginsWithoutSubject(words)) {
      return true;
    }
    // Behind the first one, only what is said of its end.
    const bool says_so = first || sentence.contains_insensitive("deprecat") ||
                         sentence.contains_insensitive("removed") ||
                         sentence.contains_insensitive("no longer");
    if ((says_so && HasItAsSubject(words, module, name)) ||
        (first && sentence.contains("should be used instead"))) {
      return true;
    }
    first = false;
  }
  return sentences.empty();
}

// Behind the version or versions: `1.2`, `v4.12.0`, `libzmq-3.2`.
static llvm::StringRef WithoutVersions(llvm::StringRef text) {
  text = text.trim();
  for (int i = 0; i < 2; ++i) {
    const llvm::StringRef word = text.take_until([](char c) { return c == ' ' || c == '\t'; });
    const bool is_version =
        llvm::any_of(word, llvm::isDigit) && word.find_first_of("`*'\"") == llvm::StringRef::npos;
    if (!is_version) {
      break;
    }
    text = text.drop_front(word.size()).ltrim();
  }
  return text;
}

static size_t IndentOf(llvm::StringRef line) {
  return line.size() - line.ltrim().size();
}

// The words of the directive on line `at`: behind the version, and in the lines below that stand
// deeper, to the end of their first paragraph.
static std::string NoteAt(llvm::ArrayRef<llvm::StringRef> lines, size_t at) {
  std::string note = WithoutVersions(lines[at].split("::").second).str();
  const size_t indent = at == 0 ? 0 : IndentOf(lines[at]);
  size_t next = at + 1;
  while (note.empty() && next < lines.size() && lines[next].trim().empty()) {
    ++next;
  }
  for (; next < lines.size() && !lines[next].trim().empty(); ++next) {
    if (IndentOf(lines[next]) <= indent) {
      break;
    }
    note += (note.empty() ? "" : " ") + lines[next].trim().str();
  }
  return note;
}

std::optional<std::string> FindDeprecationNote(llvm::StringRef docstring, llvm::StringRef module,
                                               llvm::StringRef name) {
  llvm::SmallVector<llvm::StringRef, 32> lines;
  docstring.split(lines, '\n');
  size_t base = llvm::StringRef::npos; // the docstring's own indentation
  for (llvm::StringRef line : llvm::drop_begin(lines)) {
    base = line.trim().empty() ? base : std::min(base, IndentOf(line));
  }
  for (size_t n = 0; n < lines.size(); ++n) {
    const bool own = n == 0 || IndentOf(lines[n]) <= base;
    const bool is_directive = llvm::any_of(kDirectives, [&](llvm::StringRef directive) {
      return lines[n].ltrim().starts_with(directive);
    });
    if (!own || !is_directive) {
      continue;
    }
    std::string note = NoteAt(lines, n);
    if (SpeaksOf(note, module, name)) {
      return note;
    }
  }
  return std::nullopt;
}

} // namespace pydefrag
