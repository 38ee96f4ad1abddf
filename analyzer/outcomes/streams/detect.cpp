#include "outcomes/streams/detect.h"

namespace pydefrag {
namespace {

bool HoldsPytest(llvm::StringRef head) {
  return head.contains(" test session starts ") || head.contains(" short test summary info ");
}

// The name of the first element, past the prolog, comments and processing instructions.
llvm::StringRef RootElement(llvm::StringRef text) {
  while (true) {
    const size_t open = text.find('<');
    if (open == llvm::StringRef::npos) {
      return {};
    }
    text = text.drop_front(open + 1);
    if (text.starts_with("!--")) {
      const size_t end = text.find("-->");
      text = end == llvm::StringRef::npos ? llvm::StringRef() : text.drop_front(end);
    } else if (!text.starts_with("?") && !text.starts_with("!")) {
      const llvm::StringRef name = text.take_until([](char c) {
        return c == ' ' || c == '>' || c == '/' || c == '\n' || c == '\r' || c == '\t';
      });
      const size_t colon = name.find(':');
      return colon == llvm::StringRef::npos ? name : name.drop_front(colon + 1);
    }
  }
}

ReportFormat DetectXml(llvm::StringRef head) {
  const llvm::StringRef root = RootElement(head);
  if (root == "testsuites" || root == "testsuite") {
    return ReportFormat::JUnitXml;
  }
  return HoldsPytest(head) ? ReportFormat::TerminalLog : ReportFormat::OtherXml;
}

// {"tests/test_a.py::test_x": true, ...}
bool IsLastFailed(llvm::StringRef head) {
  llvm::StringRef rest = head.drop_front(1).ltrim();
  if (rest.starts_with("}")) {
    return true;
  }
  if (!rest.consume_front("\"")) {
    return false;
  }
  const size_t end = rest.find("\": true");
  return end != llvm::StringRef::npos && !rest.take_front(end).contains('\n');
}

ReportFormat DetectJson(llvm::StringRef head) {
  if (head.split('\n').first.contains("\"$report_type\"")) {
    return ReportFormat::ReportLog;
  }
  if (head.contains("\"CTRF\"") ||
      (head.contains("\"results\"") && head.contains("\"tool\"") && head.contains("\"summary\""))) {
    return ReportFormat::Ctrf;
  }
  if (head.contains("\"created\"") && head.contains("\"exitcode\"")) {
    return ReportFormat::JsonReport;
  }
  if (IsLastFailed(head)) {
    return ReportFormat::CacheFile;
  }
  return HoldsPytest(head) ? ReportFormat::TerminalLog : ReportFormat::OtherJson;
}

} // namespace

ReportFormat DetectFormat(llvm::StringRef head) {
  head.consume_front("\xEF\xBB\xBF");
  const llvm::StringRef text = head.ltrim();
  if (text.empty()) {
    return ReportFormat::Empty;
  }
  if (text.contains('\0')) {
    return ReportFormat::Binary;
  }
  if (text.front() == '<') {
    return DetectXml(text);
  }
  if (text.front() == '{') {
    return DetectJson(text);
  }
  if (text.front() == '[') {
    const llvm::StringRef rest = text.drop_front(1).ltrim();
    if (rest.starts_with("\"") || rest.starts_with("]")) {
      return ReportFormat::CacheFile;
    }
  }
  return ReportFormat::TerminalLog;
}

} // namespace pydefrag
