// Source encodings as CPython's tokenizer has them (PEP 263): DetectEncoding, DecodeSource.
// One allowance is kept: bytes that are not UTF-8 do no harm in a comment when no other encoding is
// declared, since importing such a file works.
#include "source/encoding_names.h"
#include "source/source_file.h"
#include "source/utf8.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>
#include <cerrno>
#include <iconv.h>

namespace pydefrag {
namespace {

bool IsBlank(char c) {
  return c == ' ' || c == '\t' || c == '\f';
}

// The cookie in a line that holds nothing but a comment; empty when there is none.
llvm::StringRef CookieIn(llvm::StringRef line) {
  const size_t comment = line.find_first_not_of(" \t\f");
  if (comment == llvm::StringRef::npos || line[comment] != '#') {
    return {};
  }
  size_t at = comment;
  while ((at = line.find("coding", at)) != llvm::StringRef::npos) {
    at += 6;
    if (at >= line.size() || (line[at] != ':' && line[at] != '=')) {
      continue;
    }
    const size_t begin = line.find_first_not_of(" \t", at + 1);
    if (begin == llvm::StringRef::npos) {
      return {};
    }
    const llvm::StringRef name = line.substr(begin).take_while(
        [](char c) { return llvm::isAlnum(c) || c == '-' || c == '_' || c == '.'; });
    if (!name.empty()) {
      return name;
    }
  }
  return {};
}

// Two spellings get a fixed name, with any suffix such as `-unix`; all others stand as written.
std::string NormalName(llvm::StringRef name) {
  std::string key = name.take_front(12).lower();
  std::replace(key.begin(), key.end(), '_', '-');
  const llvm::StringRef k = key;
  if (k == "utf-8" || k.starts_with("utf-8-")) {
    return "utf-8";
  }
  for (const llvm::StringRef latin : {"latin-1", "iso-8859-1", "iso-latin-1"}) {
    if (k == latin || (k.starts_with(latin) && k[latin.size()] == '-')) {
      return "iso-8859-1";
    }
  }
  return name.str();
}

bool IsBlankOrComment(llvm::StringRef line) {
  const llvm::StringRef rest = line.drop_while(IsBlank);
  return rest.empty() || rest.starts_with("#");
}

Decoded Failure(DecodeStatus status, size_t offset, std::string message) {
  Decoded result;
  result.status = status;
  result.bad_offset = static_cast<uint32_t>(offset);
  result.message = std::move(message);
  return result;
}

std::string CannotDecode(llvm::StringRef codec, llvm::StringRef bytes, size_t offset,
                         llvm::StringRef reason) {
  return llvm::formatv("'{0}' codec can't decode byte {1:x+2} in position {2}: {3}", codec,
                       static_cast<unsigned>(static_cast<unsigned char>(bytes[offset])), offset,
                       reason)
      .str();
}

// Where comments stand, told well enough for files that hold bytes which are not UTF-8: quotes and
// their escapes, one pass.
class CommentFinder {
public:
  explicit CommentFinder(llvm::StringRef text) : text_(text) {}

  // Whether `offset` is in a comment. Offsets must be asked for in ascending order.
  bool InComment(size_t offset) {
    while (at_ <= offset && at_ < text_.size()) {
      Step();
    }
    return offset >= comment_begin_ && offset < comment_end_;
  }

private:
  void Step() {
    const char c = text_[at_];
    if (c == '#') {
      comment_begin_ = at_;
      comment_end_ = std::min(text_.find_first_of("\r\n", at_), text_.size());
      at_ = comment_end_;
      return;
    }
    if (c != '"' && c != '\'') {
      ++at_;
      return;
    }
    const bool triple = text_.substr(at_).starts_with(std::string(3, c));
    at_ += triple ? 3 : 1;
    while (at_ < text_.size()) {
      if (text_[at_] == '\\') {
        at_ += 2;
        continue;
      }
      if (!triple && (text_[at_] == '\n' || text_[at_] == '\r')) {
        return;
      }
      if (text_[at_] == c && (!triple || text_.substr(at_).starts_with(std::string(3, c)))) {
        at_ += triple ? 3 : 1;
        return;
      }
      ++at_;
    }
  }

  llvm::StringRef text_;
  size_t at_ = 0;
  size_t comment_begin_ = 0;
  size_t comment_end_ = 0;
};

// Bytes without a declared encoding. Ill-formed ones in comments become `?`, one for one.
Decoded CheckUtf8(llvm::StringRef bytes) {
  Utf8Error error = FindInvalidUtf8(bytes, 0);
  if (error.offset == llvm::StringRef::npos) {
    return {};
  }
  CommentFinder comments(bytes);
  Decoded result;
  result.converted = true;
  result.text = bytes.str();
  while (error.offset != llvm::StringRef::npos) {
    if (!comments.InComment(error.offset)) {
      return Failure(DecodeStatus::Invalid, error.offset,
                     "(unicode error) " + CannotDecode("utf-8", bytes, error.offset, error.reason));
    }
    std::fill_n(result.text.begin() + static_cast<std::ptrdiff_t>(error.offset), error.length, '?');
    error = FindInvalidUtf8(bytes, error.offset + error.length);
  }
  return result;
}

const char *ReasonFor(const EncodingName &encoding) {
  const llvm::StringRef codec = encoding.codec;
  if (codec == "ascii") {
    return "ordinal not in range(128)";
  }
  const bool charmap = codec.starts_with("iso8859") || codec.starts_with("koi8") ||
                       codec.starts_with("mac_") || codec.starts_with("cp1") ||
                       codec.starts_with("cp8");
  return charmap ? "character maps to <undefined>" : "illegal multibyte sequence";
}

Decoded Convert(llvm::StringRef bytes, const EncodingName &encoding) {
  iconv_t converter = ::iconv_open("UTF-8", encoding.iconv);
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    converter = ::iconv_open("UTF-8", "ISO-8859-1"); // a system with few character sets installed
  }
  auto close_it = llvm::make_scope_exit([&] { ::iconv_close(converter); });
  Decoded result;
  result.converted = true;
  result.text.resize(bytes.size() + bytes.size() / 2 + 16);
  char *in = const_cast<char *>(bytes.data()); // iconv does not write to it
  size_t in_left = bytes.size();
  size_t have = 0;
  bool flushing = false;
  while (true) {
    char *out = result.text.data() + have;
    size_t out_left = result.text.size() - have;
    const size_t status = ::iconv(converter, flushing ? nullptr : &in, &in_left, &out, &out_left);
    have = result.text.size() - out_left;
    if (status != static_cast<size_t>(-1)) {
      if (flushing) {
        break;
      }
      flushing = true;
    } else if (errno == E2BIG) {
      result.text.resize(result.text.size() * 2);
    } else {
      const size_t offset = bytes.size() - in_left;
      return Failure(DecodeStatus::Invalid, offset,
                     CannotDecode(encoding.name, bytes, offset, ReasonFor(encoding)));
    }
  }
  result.text.resize(have);
  return result;
}

} // namespace

EncodingDecl DetectEncoding(llvm::StringRef bytes) {
  EncodingDecl result{.name = "utf-8"};
  result.bom = bytes.consume_front("\xEF\xBB\xBF");
  for (uint32_t number = 1; number <= 2; ++number) {
    const size_t end = std::min(bytes.find_first_of("\r\n"), bytes.size());
    const llvm::StringRef line = bytes.take_front(end);
    const llvm::StringRef cookie = CookieIn(line);
    if (!cookie.empty()) {
      result.name = NormalName(cookie);
      result.cookie_line = number;
      return result;
    }
    if (!IsBlankOrComment(line)) {
      return result;
    }
    bytes = bytes.drop_front(end);
    if (!bytes.consume_front("\r\n")) {
      bytes = bytes.drop_front(std::min<size_t>(1, bytes.size()));
    }
  }
  return result;
}

Decoded DecodeSource(llvm::StringRef bytes) {
  if (const size_t nul = bytes.find('\0'); nul != llvm::StringRef::npos) {
    return Failure(DecodeStatus::Nul, nul, "source code string cannot contain null bytes");
  }
  const EncodingDecl declared = DetectEncoding(bytes);
  if (declared.bom && declared.name != "utf-8") {
    return Failure(DecodeStatus::Invalid, 0, "encoding problem: " + declared.name + " with BOM");
  }
  if (declared.name == "utf-8") {
    return CheckUtf8(bytes);
  }
  const EncodingName *encoding = FindEncoding(declared.name);
  if (encoding == nullptr) {
    return Failure(DecodeStatus::Unknown, 0, "unknown encoding: " + declared.name);
  }
  const bool utf8 = llvm::StringRef(encoding->iconv).empty();
  if (utf8 || llvm::StringRef(encoding->iconv) == "ASCII") {
    const size_t bad = utf8 ? FindInvalidUtf8(bytes, 0).offset : FindNonAscii(bytes);
    if (bad >= bytes.size()) {
      return {};
    }
    const char *reason = utf8 ? FindInvalidUtf8(bytes, bad).reason : ReasonFor(*encoding);
    return Failure(DecodeStatus::Invalid, bad, CannotDecode(encoding->name, bytes, bad, reason));
  }
  return Convert(bytes, *encoding);
}

std::optional<std::string> EncodeSource(llvm::StringRef text, llvm::StringRef original) {
  if (!DecodeSource(original).converted) {
    return text.str();
  }
  const EncodingName *encoding = FindEncoding(DetectEncoding(original).name);
  if (encoding == nullptr || llvm::StringRef(encoding->iconv).empty()) {
    return std::nullopt; // bytes that are no UTF-8, in comments
  }
  iconv_t converter = ::iconv_open(encoding->iconv, "UTF-8");
  if (converter == reinterpret_cast<iconv_t>(-1)) {
    return std::nullopt;
  }
  auto close_it = llvm::make_scope_exit([&] { ::iconv_close(converter); });
  std::string bytes(text.size() * 2 + 16, '\0'); // no encoding of CPython's takes more, with shifts
  char *in = const_cast<char *>(text.data());    // iconv does not write to it
  char *out = bytes.data();
  size_t in_left = text.size();
  size_t out_left = bytes.size();
  const bool failed =
      ::iconv(converter, &in, &in_left, &out, &out_left) == static_cast<size_t>(-1) ||
      ::iconv(converter, nullptr, nullptr, &out, &out_left) == static_cast<size_t>(-1);
  bytes.resize(bytes.size() - out_left);
  return failed ? std::nullopt : std::optional(std::move(bytes));
}

} // namespace pydefrag
