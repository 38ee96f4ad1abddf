#include "source/glob.h"

#include "source/paths.h"

#include <algorithm>

namespace pydefrag {
namespace {

// One pass of a bracket expression that starts at `pattern[at]` (the `[`).
struct Bracket {
  bool closed = false;
  bool matches = false;
  size_t end = 0; // past the `]`
};

bool InClass(llvm::StringRef name, char c) {
  const auto u = static_cast<unsigned char>(c);
  const bool lower = c >= 'a' && c <= 'z';
  const bool upper = c >= 'A' && c <= 'Z';
  const bool digit = c >= '0' && c <= '9';
  const bool space = c == ' ' || (c >= '\t' && c <= '\r');
  const bool graph = u > 0x20 && u < 0x7f;
  if (name == "alpha") {
    return lower || upper;
  }
  if (name == "alnum") {
    return lower || upper || digit;
  }
  if (name == "digit") {
    return digit;
  }
  if (name == "lower") {
    return lower;
  }
  if (name == "upper") {
    return upper;
  }
  if (name == "space") {
    return space;
  }
  if (name == "blank") {
    return c == ' ' || c == '\t';
  }
  if (name == "punct") {
    return graph && !lower && !upper && !digit;
  }
  if (name == "graph") {
    return graph;
  }
  if (name == "print") {
    return graph || c == ' ';
  }
  if (name == "cntrl") {
    return u < 0x20 || u == 0x7f;
  }
  return name == "xdigit" && (digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
}

Bracket MatchBracket(llvm::StringRef pattern, size_t at, char c) {
  Bracket result;
  size_t i = at + 1;
  bool negated = false;
  if (i < pattern.size() && (pattern[i] == '!' || pattern[i] == '^')) {
    negated = true;
    ++i;
  }
  const size_t first = i;
  while (i < pattern.size() && (pattern[i] != ']' || i == first)) {
    if (pattern.substr(i).starts_with("[:")) {
      const size_t close = pattern.find(":]", i + 2);
      if (close != llvm::StringRef::npos) {
        result.matches |= InClass(pattern.slice(i + 2, close), c);
        i = close + 2;
        continue;
      }
    }
    if (pattern[i] == '\\' && i + 1 < pattern.size()) {
      ++i;
    }
    const char low = pattern[i++];
    char high = low;
    if (i + 1 < pattern.size() && pattern[i] == '-' && pattern[i + 1] != ']') {
      i += pattern[i + 1] == '\\' && i + 2 < pattern.size() ? 2 : 1;
      high = pattern[i++];
    }
    result.matches |= static_cast<unsigned char>(low) <= static_cast<unsigned char>(c) &&
                      static_cast<unsigned char>(c) <= static_cast<unsigned char>(high);
  }
  result.closed = i < pattern.size();
  result.end = i + 1;
  result.matches = result.matches != negated && c != '/';
  return result;
}

// Matches what follows the stars. A failure goes back to the last `*`, which takes one byte more
// unless that is a `/`, and then to the last `**`, which takes one more folder.
//
//   `**/a*/b` on `x/ac/y/ad/b`: `**/` takes nothing, then `x/`, ... until `a*` meets `ad`.
class Matcher {
public:
  Matcher(llvm::StringRef pattern, llvm::StringRef text) : pattern_(pattern), text_(text) {}

  bool Run() {
    while (true) {
      const Step step = Advance();
      if (step == Step::Done) {
        return true;
      }
      if (step == Step::Fail && !Retry()) {
        return false;
      }
    }
  }

private:
  enum class Step { More, Done, Fail };
  static constexpr size_t kNone = llvm::StringRef::npos;

  Step Advance() {
    if (p_ == pattern_.size()) {
      return t_ == text_.size() ? Step::Done : Step::Fail;
    }
    if (pattern_[p_] == '*') {
      return AdvanceStar();
    }
    if (t_ == text_.size()) {
      return Step::Fail;
    }
    const char c = text_[t_];
    size_t next = p_ + 1;
    bool matches = false;
    if (pattern_[p_] == '?') {
      matches = c != '/';
    } else if (pattern_[p_] == '[') {
      const Bracket bracket = MatchBracket(pattern_, p_, c);
      matches = bracket.closed && bracket.matches;
      next = bracket.end;
    } else if (pattern_[p_] == '\\' && p_ + 1 < pattern_.size()) {
      matches = c == pattern_[p_ + 1];
      next = p_ + 2;
    } else {
      matches = c == pattern_[p_];
    }
    if (!matches) {
      return Step::Fail;
    }
    p_ = next;
    ++t_;
    return Step::More;
  }

  Step AdvanceStar() {
    const size_t begin = p_;
    const size_t end = std::min(pattern_.find_first_not_of('*', begin), pattern_.size());
    const bool after_slash = begin == 0 || pattern_[begin - 1] == '/';
    if (end - begin == 2 && after_slash && end == pattern_.size()) {
      return begin == 0 || t_ < text_.size() ? Step::Done : Step::Fail;
    }
    p_ = end;
    if (end - begin == 2 && after_slash && pattern_[end] == '/') {
      p_ = end + 1;
      folders_p_ = p_;
      folders_t_ = t_;
      star_p_ = kNone;
      return Step::More;
    }
    star_p_ = p_;
    star_t_ = t_;
    return Step::More;
  }

  bool Retry() {
    if (star_p_ != kNone && star_t_ < text_.size() && text_[star_t_] != '/') {
      p_ = star_p_;
      t_ = ++star_t_;
      return true;
    }
    if (folders_p_ == kNone) {
      return false;
    }
    const size_t slash = text_.find('/', folders_t_);
    if (slash == llvm::StringRef::npos) {
      return false;
    }
    star_p_ = kNone;
    p_ = folders_p_;
    t_ = folders_t_ = slash + 1;
    return true;
  }

  llvm::StringRef pattern_;
  llvm::StringRef text_;
  size_t p_ = 0;
  size_t t_ = 0;
  size_t star_p_ = kNone; // where the pattern goes on after the last `*`
  size_t star_t_ = 0;
  size_t folders_p_ = kNone; // the same for the last `**/`
  size_t folders_t_ = 0;
};

bool HasWildcard(llvm::StringRef pattern) {
  return pattern.find_first_of("*?[\\") != llvm::StringRef::npos;
}

// Trailing blanks do not count unless the last one is escaped.
llvm::StringRef WithoutTrailingBlanks(llvm::StringRef line) {
  size_t end = line.size();
  while (end > 0 && (line[end - 1] == ' ' || line[end - 1] == '\t')) {
    size_t slashes = 0;
    while (slashes + 1 < end && line[end - 2 - slashes] == '\\') {
      ++slashes;
    }
    if (slashes % 2 == 1) {
      break;
    }
    --end;
  }
  return line.take_front(end);
}

} // namespace

bool MatchGlob(llvm::StringRef pattern, llvm::StringRef path) {
  return Matcher(pattern, path).Run();
}

IgnoreRules IgnoreRules::FromText(llvm::StringRef text) {
  IgnoreRules rules;
  text.consume_front("\xEF\xBB\xBF");
  while (!text.empty()) {
    auto [line, rest] = text.split('\n');
    line.consume_back("\r");
    rules.AddLine(line);
    text = rest;
  }
  return rules;
}

IgnoreRules IgnoreRules::FromPatterns(llvm::ArrayRef<std::string> patterns) {
  IgnoreRules rules;
  for (const std::string &pattern : patterns) {
    rules.AddLine(pattern);
  }
  return rules;
}

void IgnoreRules::AddLine(llvm::StringRef line) {
  if (line.starts_with("#")) {
    return;
  }
  line = WithoutTrailingBlanks(line);
  Rule rule;
  rule.include = line.consume_front("!");
  rule.directories_only = line.consume_back("/");
  rule.number = rule_count_;
  const bool anchored = line.contains('/');
  line.consume_front("/");
  if (line.empty()) {
    return;
  }
  ++rule_count_;
  rule.pattern = line.str();
  if (!HasWildcard(line)) {
    AddLiteral(anchored ? paths_ : names_, rule);
    if (line.ends_with(".py") && !rule.include && !rule.directories_only) {
      module_lines_.push_back(anchored ? line.str() : "**/" + line.str());
    }
    return;
  }
  rule.shape = anchored ? Shape::Path : Shape::Name;
  if (!anchored && line.starts_with("*") && line.size() > 1 && !HasWildcard(line.substr(1))) {
    rule.shape = Shape::Suffix;
    rule.pattern = line.substr(1).str();
  }
  rules_.push_back(std::move(rule));
}

void IgnoreRules::AddLiteral(llvm::StringMap<Literal> &table, const Rule &rule) {
  Literal &literal = table[rule.pattern];
  if (rule.directories_only) {
    literal.for_directories = static_cast<int32_t>(rule.number);
    literal.directories_include = rule.include;
  } else {
    literal.for_any = static_cast<int32_t>(rule.number);
    literal.any_includes = rule.include;
  }
}

bool IgnoreRules::Matches(const Rule &rule, llvm::StringRef path, llvm::StringRef name) {
  switch (rule.shape) {
  case Shape::Suffix:
    return name.ends_with(rule.pattern);
  case Shape::Name:
    return MatchGlob(rule.pattern, name);
  case Shape::Path: {
    // As git does, the part without wildcards is compared first and cut off, so that in `a**/b.py`
    // what is left starts with `**/` and matches `ab.py`.
    const llvm::StringRef pattern = rule.pattern;
    const size_t plain = pattern.find_first_of("*?[\\");
    return path.starts_with(pattern.take_front(plain)) &&
           MatchGlob(pattern.drop_front(plain), path.drop_front(plain));
  }
  }
  return false;
}

IgnoreVerdict IgnoreRules::Match(llvm::StringRef path, PathKind kind) const {
  int32_t best = -1;
  bool include = false;
  const llvm::StringRef name = FileNameOf(path);
  auto take = [&](const llvm::StringMap<Literal> &table, llvm::StringRef key) {
    auto found = table.find(key);
    if (found == table.end()) {
      return;
    }
    const Literal &literal = found->getValue();
    if (literal.for_any > best) {
      best = literal.for_any;
      include = literal.any_includes;
    }
    if (kind == PathKind::Directory && literal.for_directories > best) {
      best = literal.for_directories;
      include = literal.directories_include;
    }
  };
  if (!names_.empty()) {
    take(names_, name);
  }
  if (!paths_.empty()) {
    take(paths_, path);
  }
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) {
    if (static_cast<int32_t>(rule->number) < best) {
      break;
    }
    if ((!rule->directories_only || kind == PathKind::Directory) && Matches(*rule, path, name)) {
      best = static_cast<int32_t>(rule->number);
      include = rule->include;
      break;
    }
  }
  if (best < 0) {
    return IgnoreVerdict::None;
  }
  return include ? IgnoreVerdict::Included : IgnoreVerdict::Ignored;
}

} // namespace pydefrag
