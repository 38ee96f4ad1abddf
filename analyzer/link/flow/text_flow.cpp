// StringFlow: texts. What a literal is, what is made of it by `%`, format(), join(), split() and
// changes of case, and what values that are no strings look like within a string.
#include "link/flow/letter_tables.h"
#include "link/flow/string_flow.h"
#include "scan/trees/literals.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

bool StringFlow::WantsText(const Step *path) {
  return path == nullptr || path->taking >= Taking::Lower;
}

// What nothing is done to any more: the text is a part of another one.
static bool IsLast(Taking taking) {
  return taking == Taking::Piece || taking == Taking::Words;
}

bool StringFlow::EndsInPiece(const Step *path) {
  while (path != nullptr && path->next != nullptr) {
    path = path->next;
  }
  return path != nullptr && IsLast(path->taking);
}

// The text as a part of another.
const StringFlow::Step *StringFlow::AsPiece(const Step *path) {
  if (path == nullptr) {
    return Push(Taking::Piece, nullptr);
  }
  return IsLast(path->taking) ? path : Push(path->taking, AsPiece(path->next));
}

// The last change of case decides.
const StringFlow::Step *StringFlow::Recased(Taking change, const Step *path) {
  const bool again = path != nullptr && path->taking >= Taking::Lower && !IsLast(path->taking);
  return again ? path : Push(change, path);
}

void StringFlow::AddText(llvm::StringRef text, const Step *path) {
  LetterCase change = LetterCase::AsItIs;
  for (const Step *at = path; at != nullptr; at = at->next) {
    switch (at->taking) {
    case Taking::Lower:
      change = LetterCase::Lower;
      break;
    case Taking::Upper:
      change = LetterCase::Upper;
      break;
    case Taking::AnyCase:
      change = LetterCase::Any;
      break;
    case Taking::Piece:
      return result_.AddPiece(text, change);
    case Taking::Words:
      return result_.AddWords(text, change);
    default:
      return Fail();
    }
  }
  result_.Add(text, change);
}

// A number or a constant of the language: no name, but a part of one.
void StringFlow::AnswerNoString(const Step *path) {
  if (EndsInPiece(path)) {
    result_.AddNumberPieces();
  }
}

// "05d": how a whole number is written.
static bool IsNumberFormat(llvm::StringRef spec) {
  return spec.consume_back("d") && llvm::all_of(spec, llvm::isDigit);
}

std::optional<TokenText> LiteralText(const SourceTree &tree, uint32_t node) {
  llvm::SmallVector<uint32_t, 8> literals = {node};
  if (tree.KindOf(node) == NodeKind::ConcatenatedString) {
    literals = tree.Children(node);
  }
  TokenText value;
  for (uint32_t each : literals) {
    const StringLiteral literal = SplitLiteral(tree.Text(each));
    const auto inner = tree.Children(each);
    const bool plain =
        tree.KindOf(each) == NodeKind::String && !literal.bytes &&
        llvm::none_of(inner, [&](uint32_t n) { return tree.Is(n, NodeKind::Interpolation); });
    if (!plain) {
      return std::nullopt;
    }
    AppendValue(literal, literal.body, value);
  }
  return value;
}

void StringFlow::AnswerString(const Question &question) {
  const SourceTree &tree = *question.tree;
  if (!WantsText(question.path)) {
    return AnswerPartOfString(question);
  }
  if (const auto whole = LiteralText(tree, question.node)) {
    return AddText(*whole, question.path);
  }
  const Step *path = AsPiece(question.path);
  llvm::SmallVector<uint32_t, 8> literals = {question.node};
  if (tree.KindOf(question.node) == NodeKind::ConcatenatedString) {
    literals = tree.Children(question.node);
  }
  llvm::StringRef front;
  for (uint32_t each : literals) {
    if (tree.KindOf(each) != NodeKind::String) {
      return Fail();
    }
    const llvm::StringRef token = tree.Text(each);
    const StringLiteral literal = SplitLiteral(token);
    if (literal.bytes) { // it looks like b'...', or is none; but `exec` takes it
      return path->taking == Taking::Words ? Fail() : void();
    }
    const uint32_t base = tree.At(each).begin;
    auto from = static_cast<size_t>(literal.body.data() - token.data());
    if (each == literals.front() && !literal.raw) {
      front = literal.body.take_until([](char c) { return c == '{' || c == '\\'; });
      if (AddsFront(front, question.path)) {
        return;
      }
    }
    if (each == literals.front() && BeginsAsAsked(question, each, base + from)) {
      return;
    }
    if (each == literals.back() && (literal.raw || !literal.body.contains('\\')) &&
        AddsBack(literal.body.rsplit('}').second, question.path, front)) {
      return;
    }
    const auto add_until = [&](size_t end) {
      TokenText value;
      AppendValue(literal, token.slice(from, end), value);
      AddText(value, path);
    };
    for (uint32_t inner : tree.Children(each)) {
      if (tree.KindOf(inner) != NodeKind::Interpolation) {
        continue;
      }
      add_until(tree.At(inner).begin - base);
      from = tree.At(inner).end - base;
      const uint32_t expr = tree.Child(inner, 0);
      const llvm::StringRef rest =
          expr == 0 ? "" : token.slice(tree.At(expr).end - base, from).trim();
      const bool shown = rest == "!r}" && path->taking == Taking::Words;
      if (rest == "}" || rest == "!s}" || shown) {
        Ask(tree, expr, question.frame, path);
      } else if (rest.starts_with(":") && IsNumberFormat(rest.drop_front().drop_back())) {
        result_.AddNumberPieces();
      } else {
        return Fail();
      }
    }
    add_until(static_cast<size_t>(literal.body.end() - token.data()));
  }
}

// What comes out of a string that is asked for something.
void StringFlow::AnswerPartOfString(const Question &question) {
  const Step *path = question.path;
  switch (path->taking) {
  case Taking::Format:
    return AnswerPercent(question);
  case Taking::Each:
  case Taking::Element:
  case Taking::Item: { // its characters
    const auto text = LiteralText(*question.tree, question.node);
    if (!text || !WantsText(path->next) || !llvm::isASCII(*text)) {
      return Fail();
    }
    const bool one = path->taking == Taking::Item && path->index < text->size();
    for (size_t i = one ? path->index : 0; i < (one ? path->index + 1 : text->size()); ++i) {
      AddText(text->str().slice(i, i + 1), path->next);
    }
    return;
  }
  case Taking::Attribute: {
    const Step *call = path->next;
    if (call == nullptr || call->taking != Taking::Call || call->site.tree == nullptr) {
      return Fail();
    }
    const bool shown = call->next != nullptr && call->next->taking == Taking::Formatted;
    const Step *text = shown ? call->next->next : call->next; // a string is no tuple
    if (path->name == "join") {
      return AnswerJoin(question, call->site, text);
    }
    if (path->name == "split") {
      return AnswerSplit(question, call->site, call->next);
    }
    return path->name == "format" ? AnswerFormat(question, call->site, text) : Fail();
  }
  default:
    return Fail();
  }
}

void StringFlow::AnswerJoin(const Question &question, Site call, const Step *path) {
  if (!WantsText(path)) {
    return Fail();
  }
  const Step *piece = AsPiece(path);
  const TreeArguments arguments = ArgumentsOf(*call.tree, call.call);
  Ask(*question.tree, question.node, question.frame, piece);
  Ask(*call.tree, arguments.positional.empty() ? 0 : arguments.positional[0], call.frame,
      Push(Taking::Each, piece));
}

// "a b".split(), "a, b".split(", ")
void StringFlow::AnswerSplit(const Question &question, Site call, const Step *path) {
  const TreeArguments arguments = ArgumentsOf(*call.tree, call.call);
  const bool items = path != nullptr && WantsText(path->next) &&
                     (path->taking == Taking::Each || path->taking == Taking::Element ||
                      path->taking == Taking::Item);
  const auto text = LiteralText(*question.tree, question.node);
  const bool plain = arguments.positional.size() <= 1 && arguments.named.empty() &&
                     arguments.splats.empty() && arguments.double_splats.empty();
  if (!items || !text || !plain || !llvm::isASCII(*text)) {
    return Fail();
  }
  llvm::SmallVector<llvm::StringRef, 16> words;
  if (arguments.positional.empty()) {
    llvm::StringRef rest = *text;
    for (constexpr llvm::StringLiteral spaces = " \t\n\v\f\r\x1c\x1d\x1e\x1f"; !rest.empty();) {
      const size_t end = rest.find_first_of(spaces);
      words.push_back(rest.take_front(end));
      rest = rest.substr(end).ltrim(spaces);
    }
  } else {
    const auto separator = LiteralText(*call.tree, arguments.positional[0]);
    if (!separator || separator->empty()) {
      return Fail();
    }
    llvm::StringRef(*text).split(words, *separator);
  }
  for (llvm::StringRef word : words) {
    AddText(word, path->next);
  }
}

// "_r" of "%s_r"
static llvm::StringRef BehindLastField(llvm::StringRef format) {
  llvm::StringRef field = format.rsplit('%').second;
  if (field.starts_with("(")) {
    field = field.split(')').second;
  }
  const bool plain = !field.empty() && llvm::StringRef("sdiur").contains(field.front());
  return plain ? field.drop_front() : "";
}

// `"%s_%d" % (kind, bits)`
void StringFlow::AnswerPercent(const Question &question) {
  const Step *path = question.path->next;
  const Site &site = question.path->site; // of the operator
  const auto text = LiteralText(*question.tree, question.node);
  if (!text || !WantsText(path)) {
    return Fail();
  }
  const llvm::StringRef front = llvm::StringRef(*text).take_until([](char c) { return c == '%'; });
  if (AddsFront(front, path) || AddsBack(BehindLastField(*text), path, front)) {
    return;
  }
  path = AsPiece(path);
  uint32_t right = site.tree->LastChild(site.call);
  while (site.tree->KindOf(right) == NodeKind::ParenthesizedExpression) {
    right = site.tree->Child(right, 0);
  }
  llvm::SmallVector<char, 4> kinds; // of the fields
  bool named = false;
  for (llvm::StringRef rest = *text; !rest.empty();) {
    const size_t sign = rest.find('%');
    AddText(rest.take_front(sign), path);
    if (sign == llvm::StringRef::npos) {
      break;
    }
    llvm::StringRef kind = rest.drop_front(sign + 1).ltrim("0123456789-");
    named |= kind.starts_with("(");
    kind = kind.starts_with("(") ? kind.split(')').second : kind;
    const bool shown = kind.starts_with("r") && path->taking == Taking::Words;
    if (kind.empty() || !(shown || llvm::StringRef("sdiu%").contains(kind[0]))) {
      return Fail();
    }
    kind[0] == '%' ? AddText("%", path) : kinds.push_back(kind[0]);
    rest = kind.drop_front();
  }
  if (named) { // `"%(kind)s" % {"kind": kind}`: any value that it has
    return Ask(*site.tree, right, site.frame, Push(Taking::Element, path));
  }
  for (unsigned i = 0; i < kinds.size(); ++i) {
    if (kinds[i] != 's' && kinds[i] != 'r') {
      result_.AddNumberPieces();
    } else {
      Ask(*site.tree, right, site.frame,
          kinds.size() == 1 ? Push(Taking::Formatted, path) : Push(Taking::Item, path, i));
    }
  }
}

// `"{}_{name}".format(kind, name=name)`
void StringFlow::AnswerFormat(const Question &question, Site call, const Step *path) {
  const auto text = LiteralText(*question.tree, question.node);
  if (!text || !WantsText(path)) {
    return Fail();
  }
  const llvm::StringRef front =
      llvm::StringRef(*text).take_until([](char c) { return c == '{' || c == '}'; });
  if (AddsFront(front, path) || AddsBack(llvm::StringRef(*text).rsplit('}').second, path, front)) {
    return;
  }
  path = AsPiece(path);
  const TreeArguments arguments = ArgumentsOf(*call.tree, call.call);
  unsigned next = 0;
  for (llvm::StringRef rest = *text; !rest.empty();) {
    const size_t brace = rest.find_first_of("{}");
    AddText(rest.take_front(brace), path);
    rest = rest.substr(brace);
    if (rest.empty()) {
      return;
    }
    if (rest.consume_front("{{") || rest.consume_front("}}")) {
      AddText("{", path); // or the other: no name has either
      continue;
    }
    const size_t end = rest.find('}');
    const llvm::StringRef field = rest.slice(1, end);
    if (end == llvm::StringRef::npos || field.contains('{')) {
      return Fail();
    }
    rest = rest.drop_front(end + 1);
    const auto [name, spec] = field.split(':');
    unsigned index = next;
    const bool numbered = name.empty() || !name.getAsInteger(10, index);
    next += name.empty() ? 1 : 0;
    const uint32_t value = !numbered                             ? arguments.Named(name)
                           : index < arguments.positional.size() ? arguments.positional[index]
                                                                 : 0;
    if (IsNumberFormat(spec)) {
      result_.AddNumberPieces();
    } else {
      spec.empty() ? Ask(*call.tree, value, call.frame, path) : Fail();
    }
  }
}

static std::optional<Taking> ChangeOf(LetterCase change) {
  switch (change) {
  case LetterCase::AsItIs:
    return std::nullopt;
  case LetterCase::Lower:
    return Taking::Lower;
  case LetterCase::Upper:
    return Taking::Upper;
  case LetterCase::Any:
    return Taking::AnyCase;
  }
  return std::nullopt;
}

// `value.lower()` of what can only be a string then. Whether it answered.
bool StringFlow::AnswerTextMethod(const Question &question, uint32_t callee) {
  const SourceTree &tree = *question.tree;
  const Step *path = question.path;
  path = path != nullptr && path->taking == Taking::Formatted ? path->next : path;
  const auto arguments = tree.Children(tree.LastChild(question.node));
  if (!tree.Is(callee, NodeKind::Attribute) || arguments.size() > 1 || !WantsText(path)) {
    return false;
  }
  if (tree.Text(tree.LastChild(callee)) == "translate" && arguments.size() == 1) {
    const auto made = CaseOfTable(tree, arguments[0]);
    const auto change = made ? ChangeOf(*made) : std::nullopt;
    Ask(tree, made ? tree.Child(callee, 0) : 0, question.frame,
        change ? Recased(*change, path) : path);
    return true;
  }
  if (!arguments.empty()) {
    return false;
  }
  const auto change = llvm::StringSwitch<std::optional<Taking>>(tree.Text(tree.LastChild(callee)))
                          .Cases("lower", "casefold", Taking::Lower)
                          .Case("upper", Taking::Upper)
                          .Cases("title", "capitalize", "swapcase", Taking::AnyCase)
                          .Default(std::nullopt);
  if (change) {
    Ask(tree, tree.Child(callee, 0), question.frame, Recased(*change, path));
  }
  return change.has_value();
}

} // namespace pydefrag
