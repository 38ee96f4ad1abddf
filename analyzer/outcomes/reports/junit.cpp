// Expat calls the handlers of JUnitReader; text is kept only inside failure, error, skipped and
// property elements, and of a long one only its head and tail. Elements are tracked by depth, so
// nesting costs nothing.
#include "outcomes/reports/junit.h"

#include "outcomes/fold.h"
#include "outcomes/reports/junit_case.h"
#include "outcomes/streams/iso_time.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FormatVariadic.h"

#include <expat.h>
#include <utility>

namespace pydefrag {
namespace {

constexpr size_t kChunk = 1 << 20;
constexpr size_t kHead = 512 * 1024;
constexpr size_t kTail = 256 * 1024;
constexpr size_t kMaxProperties = 200;

// The beginning and the end of a long text.
class BoundedText {
public:
  void Append(llvm::StringRef text) {
    if (head_.size() < kHead) {
      const llvm::StringRef part = text.take_front(kHead - head_.size());
      head_ += part;
      text = text.drop_front(part.size());
    }
    tail_ += text;
    if (tail_.size() > 2 * kTail) {
      tail_.erase(0, tail_.size() - kTail);
    }
  }
  std::string Take() {
    std::string text = std::move(head_) + tail_;
    head_.clear();
    tail_.clear();
    return text;
  }

private:
  std::string head_;
  std::string tail_;
};

class Attributes {
public:
  explicit Attributes(const XML_Char **pairs) : pairs_(pairs) {}

  llvm::StringRef Get(llvm::StringRef name) const {
    for (size_t i = 0; pairs_[i] != nullptr; i += 2) {
      if (name == pairs_[i]) {
        return pairs_[i + 1];
      }
    }
    return {};
  }

private:
  const XML_Char **pairs_;
};

std::optional<double> ParseSeconds(llvm::StringRef text) {
  std::string digits = text.trim().str();
  llvm::erase_if(digits, [](char c) { return c == ','; }); // 1,234.5
  double seconds = 0;
  if (digits.empty() || llvm::StringRef(digits).getAsDouble(seconds)) {
    return std::nullopt;
  }
  return seconds;
}

void AddCount(std::optional<uint32_t> &total, llvm::StringRef text) {
  uint32_t count = 0;
  if (!text.trim().getAsInteger(10, count)) {
    total = total.value_or(0) + count;
  }
}

enum class Element : uint8_t { Suites, Suite, Case, Child, Property, Other };

class JUnitReader {
public:
  explicit JUnitReader(TestIdResolver &ids) : ids_(ids), parser_(XML_ParserCreate(nullptr)) {
    run_.info.kind = SourceKind::JUnitXml;
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(parser_, OnStart, OnEnd);
    XML_SetCharacterDataHandler(parser_, OnText);
    XML_SetEntityDeclHandler(parser_, OnEntity);
  }
  ~JUnitReader() { XML_ParserFree(parser_); }
  JUnitReader(const JUnitReader &) = delete;
  JUnitReader &operator=(const JUnitReader &) = delete;

  TestRun Read(ByteStream &bytes) {
    bool ok = true;
    bool at_end = false;
    while (ok && !at_end) {
      void *buffer = XML_GetBuffer(parser_, static_cast<int>(kChunk));
      if (buffer == nullptr) {
        ok = false;
        break;
      }
      const size_t got = bytes.Read(static_cast<char *>(buffer), kChunk);
      at_end = got == 0;
      ok = XML_ParseBuffer(parser_, static_cast<int>(got), at_end ? 1 : 0) == XML_STATUS_OK;
    }
    run_.info.complete = ok && bytes.error().empty();
    if (!run_.info.complete) {
      NoteBreak(bytes.error());
    }
    if (in_case_ && !case_.children.empty()) {
      AddJUnitCase(case_, ids_, run_.results);
    }
    run_.results = FoldTests(std::move(run_.results));
    return std::move(run_);
  }

private:
  static void XMLCALL OnStart(void *self, const XML_Char *name, const XML_Char **attributes) {
    static_cast<JUnitReader *>(self)->Start(Bare(name), Attributes(attributes));
  }
  static void XMLCALL OnEnd(void *self, const XML_Char *) {
    static_cast<JUnitReader *>(self)->End();
  }
  static void XMLCALL OnText(void *self, const XML_Char *text, int size) {
    auto *reader = static_cast<JUnitReader *>(self);
    if (reader->keeps_text_) {
      reader->text_.Append(llvm::StringRef(text, static_cast<size_t>(size)));
    }
  }
  // No report needs entities of its own; a file that declares them may be a bomb.
  static void XMLCALL OnEntity(void *self, const XML_Char *, int, const XML_Char *, int,
                               const XML_Char *, const XML_Char *, const XML_Char *,
                               const XML_Char *) {
    auto *reader = static_cast<JUnitReader *>(self);
    reader->has_entities_ = true;
    XML_StopParser(reader->parser_, XML_FALSE);
  }

  static llvm::StringRef Bare(llvm::StringRef name) {
    const size_t colon = name.rfind(':');
    return colon == llvm::StringRef::npos ? name : name.drop_front(colon + 1);
  }

  void Start(llvm::StringRef name, const Attributes &attributes) {
    Element element = Element::Other;
    if (name == "testsuites") {
      element = Element::Suites;
    } else if (name == "testsuite") {
      element = Element::Suite;
      StartSuite(attributes);
    } else if (name == "testcase") {
      element = Element::Case;
      StartCase(attributes);
    } else if (name == "property" && !in_case_) {
      element = Element::Property;
      AddProperty(attributes);
    } else if (in_case_ && !open_.empty() && open_.back() == Element::Case) {
      element = StartChild(name, attributes);
    }
    open_.push_back(element);
  }

  void StartSuite(const Attributes &attributes) {
    RunInfo &info = run_.info;
    if (attributes.Get("name") == "pytest") {
      info.producer = "pytest";
    }
    if (info.host.empty()) {
      info.host = attributes.Get("hostname").str();
    }
    const std::optional<IsoTime> time = ParseIsoTime(attributes.Get("timestamp"));
    if (time && (!info.started || time->seconds < *info.started)) {
      info.started = time->seconds;
      info.started_is_utc = time->has_offset;
    }
    // A suite within a suite is already in the outer one's sums.
    if (suite_depth_++ > 0) {
      return;
    }
    AddCount(info.declared.tests, attributes.Get("tests"));
    AddCount(info.declared.failed, attributes.Get("failures"));
    AddCount(info.declared.errors, attributes.Get("errors"));
    const llvm::StringRef skipped = attributes.Get("skipped");
    AddCount(info.declared.skipped, skipped.empty() ? attributes.Get("disabled") : skipped);
    if (const std::optional<double> seconds = ParseSeconds(attributes.Get("time"))) {
      info.seconds = info.seconds.value_or(0) + *seconds;
    }
  }

  void StartCase(const Attributes &attributes) {
    in_case_ = true;
    case_ = JUnitCase();
    case_.classname = attributes.Get("classname").str();
    case_.name = attributes.Get("name").str();
    case_.file = attributes.Get("file").str();
    if (const std::optional<double> seconds = ParseSeconds(attributes.Get("time"))) {
      case_.seconds = static_cast<float>(*seconds);
    }
  }

  Element StartChild(llvm::StringRef name, const Attributes &attributes) {
    const std::optional<JUnitChildKind> kind =
        llvm::StringSwitch<std::optional<JUnitChildKind>>(name)
            .Case("failure", JUnitChildKind::Failure)
            .Case("error", JUnitChildKind::Error)
            .Case("skipped", JUnitChildKind::Skipped)
            .Cases("rerunFailure", "rerunError", "flakyFailure", "flakyError",
                   JUnitChildKind::Rerun)
            .Default(std::nullopt);
    if (!kind) {
      return Element::Other;
    }
    JUnitChild child;
    child.kind = *kind;
    child.type = attributes.Get("type").str();
    child.message = attributes.Get("message").str();
    case_.children.push_back(std::move(child));
    keeps_text_ = true;
    return Element::Child;
  }

  void AddProperty(const Attributes &attributes) {
    if (run_.info.properties.size() < kMaxProperties) {
      run_.info.properties.emplace_back(attributes.Get("name").take_front(200).str(),
                                        attributes.Get("value").take_front(1000).str());
    }
  }

  void End() {
    const Element element = open_.pop_back_val();
    if (element == Element::Child) {
      case_.children.back().body = text_.Take();
      keeps_text_ = false;
    } else if (element == Element::Case) {
      AddJUnitCase(case_, ids_, run_.results);
      in_case_ = false;
      case_ = JUnitCase();
    } else if (element == Element::Suite) {
      --suite_depth_;
    }
  }

  void NoteBreak(const std::string &read_error) {
    std::string why = read_error;
    if (why.empty()) {
      why = has_entities_ ? "it declares entities" : XML_ErrorString(XML_GetErrorCode(parser_));
    }
    AddProblem(run_,
               llvm::formatv("the JUnit report cannot be read to its end ({0}); {1} of its "
                             "test cases were used",
                             why, run_.results.tests.size())
                   .str(),
               static_cast<uint32_t>(XML_GetCurrentLineNumber(parser_)));
  }

  TestIdResolver &ids_;
  XML_Parser parser_;
  TestRun run_;
  JUnitCase case_;
  BoundedText text_;
  llvm::SmallVector<Element, 16> open_;
  unsigned suite_depth_ = 0;
  bool in_case_ = false;
  bool keeps_text_ = false;
  bool has_entities_ = false;
};

} // namespace

TestRun ReadJUnitXml(ByteStream &bytes, TestIdResolver &ids) {
  return JUnitReader(ids).Read(bytes);
}

} // namespace pydefrag
