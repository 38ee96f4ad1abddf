#include "report/json/json_text.h"

#include "llvm/Support/Format.h"
#include "llvm/Support/JSON.h"

namespace pydefrag {

static bool IsPlain(llvm::StringRef text) {
  for (char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\') {
      return false;
    }
  }
  return true;
}

static void WriteEscaped(llvm::raw_ostream &os, llvm::StringRef text) {
  for (char c : text) {
    const unsigned char byte = static_cast<unsigned char>(c);
    if (byte == '"' || byte == '\\') {
      os << '\\' << c;
    } else if (byte == '\n') {
      os << "\\n";
    } else if (byte == '\t') {
      os << "\\t";
    } else if (byte < 0x20) {
      constexpr llvm::StringRef kHex = "0123456789abcdef";
      os << "\\u00" << kHex[byte >> 4] << kHex[byte & 15];
    } else {
      os << c;
    }
  }
}

void WriteJsonString(llvm::raw_ostream &os, llvm::StringRef text) {
  os << '"';
  if (IsPlain(text)) {
    os << text;
  } else if (llvm::json::isUTF8(text)) {
    WriteEscaped(os, text);
  } else {
    WriteEscaped(os, llvm::json::fixUTF8(text));
  }
  os << '"';
}

void JsonWriter::BeforeValue() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (first_.empty()) {
    return;
  }
  if (!first_.back()) {
    os_ << (break_ ? "," : ", ");
  }
  if (break_) {
    os_ << '\n';
    break_ = false;
  }
  first_.back() = false;
}

void JsonWriter::Open(char bracket) {
  BeforeValue();
  os_ << bracket;
  first_.push_back(true);
}

void JsonWriter::Close(char bracket) {
  first_.pop_back();
  os_ << bracket;
}

void JsonWriter::Key(llvm::StringRef key) {
  BeforeValue();
  WriteJsonString(os_, key);
  os_ << ": ";
  after_key_ = true;
}

void JsonWriter::String(llvm::StringRef text) {
  BeforeValue();
  WriteJsonString(os_, text);
}

void JsonWriter::Number(uint64_t number) {
  BeforeValue();
  os_ << number;
}

void JsonWriter::Decimal(double number) {
  BeforeValue();
  os_ << llvm::format("%.3f", number);
}

void JsonWriter::Bool(bool value) {
  BeforeValue();
  os_ << (value ? "true" : "false");
}

void JsonWriter::Null() {
  BeforeValue();
  os_ << "null";
}

void JsonWriter::TextOrNull(llvm::StringRef key, llvm::StringRef text) {
  Key(key);
  if (text.empty()) {
    Null();
  } else {
    String(text);
  }
}

void JsonWriter::CountOrNull(llvm::StringRef key, std::optional<uint64_t> number) {
  Key(key);
  if (number) {
    Number(*number);
  } else {
    Null();
  }
}

void JsonWriter::DecimalOrNull(llvm::StringRef key, std::optional<double> number) {
  Key(key);
  if (number) {
    Decimal(*number);
  } else {
    Null();
  }
}

void JsonWriter::TextIfAny(llvm::StringRef key, llvm::StringRef text) {
  if (!text.empty()) {
    Text(key, text);
  }
}

void JsonWriter::TextsIfAny(llvm::StringRef key, llvm::ArrayRef<std::string> texts) {
  if (texts.empty()) {
    return;
  }
  BeginArray(key);
  for (const std::string &text : texts) {
    String(text);
  }
  EndArray();
}

} // namespace pydefrag
