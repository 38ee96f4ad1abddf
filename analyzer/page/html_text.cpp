#include "page/html_text.h"

#include "report/text/style.h"

#include "llvm/Support/ConvertUTF.h"

#include <algorithm>

namespace pydefrag {

static constexpr const char *kReplacement = "\xEF\xBF\xBD"; // U+FFFD

// Bytes of the UTF-8 sequence that starts at `at`; 0 when there is none.
static size_t SequenceLength(llvm::StringRef text, size_t at) {
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.data()) + at;
  const auto *end = reinterpret_cast<const llvm::UTF8 *>(text.data()) + text.size();
  const size_t length = llvm::getNumBytesForUTF8(*begin);
  return length <= text.size() - at && llvm::isLegalUTF8Sequence(begin, end) ? length : 0;
}

static void Escape(llvm::raw_ostream &os, llvm::StringRef text) {
  for (size_t i = 0; i < text.size();) {
    const char c = text[i];
    if (static_cast<unsigned char>(c) >= 0x80) {
      const size_t length = SequenceLength(text, i);
      os << (length == 0 ? llvm::StringRef(kReplacement) : text.substr(i, length));
      i += std::max<size_t>(length, 1);
      continue;
    }
    ++i;
    switch (c) {
    case '&':
      os << "&amp;";
      break;
    case '<':
      os << "&lt;";
      break;
    case '>':
      os << "&gt;";
      break;
    case '"':
      os << "&quot;";
      break;
    case '\'':
      os << "&#39;";
      break;
    default:
      const bool control = (c < 0x20 && c != '\t' && c != '\n') || c == 0x7F;
      os << (control ? llvm::StringRef(kReplacement) : llvm::StringRef(&c, 1));
    }
  }
}

std::string HtmlText(llvm::StringRef text) {
  std::string escaped;
  llvm::raw_string_ostream os(escaped);
  Escape(os, text);
  return escaped;
}

std::string HtmlProse(llvm::StringRef text) {
  std::string html;
  while (!text.empty()) {
    const size_t open = text.find('`');
    const size_t close = open == llvm::StringRef::npos ? open : text.find('`', open + 1);
    if (close == llvm::StringRef::npos) {
      break;
    }
    html += HtmlText(text.take_front(open));
    html += "<code>" + HtmlText(text.slice(open + 1, close)) + "</code>";
    text = text.drop_front(close + 1);
  }
  return html + HtmlText(text);
}

void WriteScriptJson(llvm::raw_ostream &os, llvm::StringRef json) {
  size_t done = 0;
  auto replace = [&](size_t at, size_t length, const char *with) {
    os << json.slice(done, at) << with;
    done = at + length;
  };
  for (size_t i = 0; i < json.size(); ++i) {
    if (json[i] == '<') {
      replace(i, 1, "\\u003c");
    } else if (json.substr(i).starts_with("\xE2\x80\xA8")) {
      replace(i, 3, "\\u2028");
    } else if (json.substr(i).starts_with("\xE2\x80\xA9")) {
      replace(i, 3, "\\u2029");
    }
  }
  os << json.drop_front(std::min(done, json.size()));
}

std::string HealthIcon(Health health) {
  const std::string name = HealthName(health);
  return "<svg class=\"icon " + name + "\" role=\"img\" aria-label=\"" + name +
         "\"><use href=\"#icon-" + name + "\"/></svg>";
}

Health HealthOfSeverity(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return Health::Error;
  case Severity::Warning:
    return Health::Warning;
  case Severity::Note:
  case Severity::Off:
    return Health::Note;
  }
  return Health::Note;
}

std::string HtmlPlace(llvm::StringRef path, uint32_t line) {
  return "<code class=\"place\">" + HtmlText(PlaceText(path, line)) + "</code>";
}

void WriteExcerpt(llvm::raw_ostream &os, const SourceExcerpt &excerpt) {
  os << "<figure class=\"excerpt\"><figcaption>" << HtmlPlace(excerpt.path, excerpt.line)
     << "</figcaption>";
  if (!excerpt.before.empty() || !excerpt.marked.empty() || !excerpt.after.empty()) {
    os << "<pre><span class=\"line-number\">" << excerpt.line << "</span>"
       << HtmlText(excerpt.before);
    if (!excerpt.marked.empty()) {
      os << "<mark>" << HtmlText(excerpt.marked) << "</mark>";
    }
    os << HtmlText(excerpt.after) << "</pre>";
  }
  os << "</figure>\n";
}

void WriteTrail(llvm::raw_ostream &os, llvm::ArrayRef<Place> chain) {
  os << "<ol class=\"trail\">";
  for (const Place &place : chain) {
    os << "<li>" << HtmlPlace(place.path, place.line) << "</li>";
  }
  os << "</ol>\n";
}

static void WriteList(llvm::raw_ostream &os, llvm::ArrayRef<std::string> names) {
  os << "<ul class=\"names\">";
  for (const std::string &name : names) {
    os << "<li><code>" << HtmlText(name) << "</code></li>";
  }
  os << "</ul>";
}

void WriteNames(llvm::raw_ostream &os, llvm::StringRef what, llvm::ArrayRef<std::string> names,
                size_t shown) {
  if (names.empty()) {
    return;
  }
  os << "<div class=\"named\"><h4>" << HtmlText(what) << " <span class=\"count\">"
     << WithCommas(names.size()) << "</span></h4>";
  WriteList(os, names.take_front(shown));
  if (names.size() > shown) {
    os << "<details><summary>" << WithCommas(names.size() - shown) << " more</summary>";
    WriteList(os, names.drop_front(shown));
    os << "</details>";
  }
  os << "</div>\n";
}

} // namespace pydefrag
