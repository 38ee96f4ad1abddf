// Values inside a document are cut out by counting brackets outside of strings; only what was cut
// out goes to LLVM's parser, which recurses: the depth is therefore checked first.
#include "outcomes/streams/json_text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <utility>

namespace pydefrag {
namespace {

constexpr unsigned kMaxDepth = 200;
constexpr size_t kChunk = 256 * 1024;

// Past the string that starts at `i`.
size_t SkipString(llvm::StringRef text, size_t i) {
  for (++i; i < text.size() && text[i] != '"'; ++i) {
    if (text[i] == '\\') {
      ++i;
    }
  }
  return i + 1;
}

bool NestsTooDeep(llvm::StringRef text) {
  unsigned depth = 0;
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (c == '"') {
      i = SkipString(text, i);
      continue;
    }
    if ((c == '{' || c == '[') && ++depth > kMaxDepth) {
      return true;
    }
    if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
    ++i;
  }
  return false;
}

// What Python writes for numbers that JSON does not have.
std::string WithoutNonNumbers(llvm::StringRef text) {
  std::string result;
  result.reserve(text.size());
  for (size_t i = 0; i < text.size();) {
    const llvm::StringRef rest = text.drop_front(i);
    if (rest.front() == '"') {
      const size_t end = std::min(SkipString(text, i), text.size());
      result += text.slice(i, end);
      i = end;
      continue;
    }
    size_t size = 0;
    for (llvm::StringRef word : {"NaN", "Infinity", "-Infinity"}) {
      size = rest.starts_with(word) ? word.size() : size;
    }
    result += size > 0 ? llvm::StringRef("null") : rest.take_front(1);
    i += std::max<size_t>(size, 1);
  }
  return result;
}

std::optional<llvm::json::Value> TryParse(llvm::StringRef text) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value) {
    llvm::consumeError(value.takeError());
    return std::nullopt;
  }
  return std::move(*value);
}

} // namespace

std::optional<llvm::json::Value> ParseJson(llvm::StringRef text) {
  if (NestsTooDeep(text)) {
    return std::nullopt;
  }
  if (std::optional<llvm::json::Value> value = TryParse(text)) {
    return value;
  }
  return TryParse(llvm::json::fixUTF8(WithoutNonNumbers(text)));
}

llvm::StringRef JsonText(const llvm::json::Object &object, llvm::StringRef key) {
  return object.getString(key).value_or("");
}

uint32_t JsonNumber(const llvm::json::Object &object, llvm::StringRef key) {
  const int64_t number = object.getInteger(key).value_or(0);
  return number < 0 || number > UINT32_MAX ? 0 : static_cast<uint32_t>(number);
}

JsonElements::JsonElements(ByteStream &bytes, llvm::ArrayRef<llvm::StringRef> opened,
                           llvm::ArrayRef<llvm::StringRef> streamed)
    : bytes_(bytes), opened_(opened), streamed_(streamed), buffer_(kChunk) {}

int JsonElements::Peek() {
  if (at_ == end_) {
    at_ = 0;
    end_ = bytes_.Read(buffer_.data(), buffer_.size());
    if (end_ == 0) {
      return -1;
    }
  }
  return static_cast<unsigned char>(buffer_[at_]);
}

int JsonElements::Get() {
  const int c = Peek();
  at_ += c >= 0 ? 1 : 0;
  return c;
}

void JsonElements::SkipSpace() {
  while (Peek() == ' ' || Peek() == '\n' || Peek() == '\r' || Peek() == '\t') {
    Get();
  }
}

void JsonElements::Keep(char c) {
  if (text_.size() >= kMaxElement) {
    too_large_ = true;
    return;
  }
  text_ += c;
}

// Appends a string with its quotes, as written.
bool JsonElements::ReadString(std::string &into) {
  if (Get() != '"') {
    return false;
  }
  into += '"';
  while (true) {
    const int c = Get();
    if (c < 0) {
      return false;
    }
    if (into.size() < kMaxElement) {
      into += static_cast<char>(c);
    } else {
      too_large_ = true;
    }
    if (c == '"') {
      return true;
    }
    if (c == '\\') {
      const int escaped = Get();
      if (escaped < 0) {
        return false;
      }
      if (into.size() < kMaxElement) {
        into += static_cast<char>(escaped);
      }
    }
  }
}

bool JsonElements::ReadCompound() {
  size_t depth = 0;
  do {
    const int c = Peek();
    if (c < 0) {
      return false;
    }
    if (c == '"') {
      if (!ReadString(text_)) {
        return false;
      }
      continue;
    }
    Get();
    Keep(static_cast<char>(c));
    if (c == '{' || c == '[') {
      ++depth;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  } while (depth > 0);
  return true;
}

bool JsonElements::ReadScalar() {
  while (Peek() >= 0 && (llvm::isAlnum(static_cast<char>(Peek())) || Peek() == '-' ||
                         Peek() == '+' || Peek() == '.')) {
    Keep(static_cast<char>(Get()));
  }
  return !text_.empty();
}

bool JsonElements::ReadValue() {
  text_.clear();
  too_large_ = false;
  const int c = Peek();
  const bool ok = c == '{' || c == '[' ? ReadCompound()
                  : c == '"'           ? ReadString(text_)
                                       : ReadScalar();
  if (too_large_) {
    text_.clear();
  }
  return ok;
}

// Between two values of a level, before its first or behind its last.
JsonElements::Step JsonElements::Advance(char close) {
  SkipSpace();
  if (Peek() == close) {
    Get();
    return Step::Closed;
  }
  if (!first_ && Get() != ',') {
    return Step::Broken;
  }
  first_ = false;
  SkipSpace();
  return Peek() < 0 ? Step::Broken : Step::Value;
}

void JsonElements::Enter(Level level) {
  Get();
  levels_.push_back(level);
  first_ = true;
}

bool JsonElements::NextMember() {
  std::string key;
  if (!ReadString(key)) {
    return false;
  }
  key_ = llvm::StringRef(key).drop_front().drop_back().str();
  SkipSpace();
  if (Get() != ':') {
    return false;
  }
  SkipSpace();
  if (Peek() == '{' && llvm::is_contained(opened_, key_)) {
    Enter(Level::Object);
    return true;
  }
  if (Peek() == '[' && llvm::is_contained(streamed_, key_)) {
    Enter(Level::Array);
    return true;
  }
  return ReadValue();
}

bool JsonElements::Next() {
  if (!started_) {
    started_ = true;
    SkipSpace();
    if (Peek() != '{') {
      return false;
    }
    Enter(Level::Object);
  }
  while (!levels_.empty()) {
    const Level level = levels_.back();
    const size_t depth = levels_.size();
    const Step step = Advance(level == Level::Object ? '}' : ']');
    if (step == Step::Closed) {
      levels_.pop_back();
      first_ = false;
      continue;
    }
    const bool ok = step == Step::Value && (level == Level::Array ? ReadValue() : NextMember());
    if (!ok) {
      levels_.clear();
      return false;
    }
    if (levels_.size() == depth) {
      return true;
    }
  }
  complete_ = true;
  return false;
}

} // namespace pydefrag
