// Readers disagree about an empty report, so a run without findings holds one test that passed. An
// incomplete analysis is a test in error.
#include "report/ci/render_junit.h"

#include "report/ci/xml_text.h"
#include "report/places.h"

#include "llvm/Support/FormatVariadic.h"

namespace pydefrag {

namespace {

struct Counts {
  size_t tests = 0, failures = 0, errors = 0, skipped = 0;
};

class JunitWriter {
public:
  JunitWriter(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
              llvm::StringRef path_prefix)
      : os_(os), report_(report), sources_(sources), path_prefix_(path_prefix) {}

  void Document();

private:
  Counts Count(llvm::ArrayRef<Finding> findings) const;
  void Suite(llvm::ArrayRef<Finding> findings);
  void Case(const Finding &finding);
  void RunSuite();
  void Attributes(const Counts &counts);

  llvm::raw_ostream &os_;
  const Report &report_;
  SourceCache &sources_;
  llvm::StringRef path_prefix_;
};

} // namespace

Counts JunitWriter::Count(llvm::ArrayRef<Finding> findings) const {
  Counts counts;
  for (const Finding &finding : findings) {
    ++counts.tests;
    ++(Fails(report_, finding) ? counts.failures : counts.skipped);
  }
  return counts;
}

void JunitWriter::Attributes(const Counts &counts) {
  os_ << llvm::formatv(R"( tests="{0}" failures="{1}" errors="{2}" skipped="{3}")", counts.tests,
                       counts.failures, counts.errors, counts.skipped);
}

void JunitWriter::Case(const Finding &finding) {
  const std::string path = path_prefix_.str() + report_.project->PathOf(finding.where.file).str();
  const std::optional<TextRange> range = RangeOf(sources_, finding.where);
  const std::string place =
      range ? llvm::formatv("{0}:{1}", range->begin.line, range->begin.column).str() : "?";
  os_ << "    <testcase name=\"" << finding.code << ' ' << finding.name << " at " << place
      << "\" classname=\"" << EscapeXml(finding.module.empty() ? path : finding.module)
      << "\" file=\"" << EscapeXml(path) << '"';
  if (range) {
    os_ << " line=\"" << range->begin.line << '"';
  }
  os_ << " time=\"0\">";
  const std::string message = EscapeXml(finding.message);
  if (Fails(report_, finding)) {
    os_ << "<failure type=\"" << finding.code << "\" message=\"" << message << "\">"
        << EscapeXml(path) << ':' << place << ": " << message << "</failure>";
  } else {
    os_ << "<skipped message=\"" << SeverityName(finding.severity) << ": " << message << "\"/>";
  }
  os_ << "</testcase>\n";
}

void JunitWriter::Suite(llvm::ArrayRef<Finding> findings) {
  const llvm::StringRef path = report_.project->PathOf(findings.front().where.file);
  os_ << "  <testsuite name=\"" << EscapeXml((path_prefix_ + path).str()) << '"';
  Attributes(Count(findings));
  os_ << ">\n";
  for (const Finding &finding : findings) {
    Case(finding);
  }
  os_ << "  </testsuite>\n";
}

// The test that the analysis itself is.
void JunitWriter::RunSuite() {
  os_ << "  <testsuite name=\"pydefrag\"";
  Attributes({.tests = 1, .errors = report_.complete ? 0u : 1u});
  os_ << ">\n    <testcase name=\"analysis\" classname=\"pydefrag\" time=\"0\">";
  if (!report_.complete) {
    os_ << "<error message=\"the analysis is incomplete\">";
    for (const Problem &problem : report_.problems) {
      os_ << EscapeXml(problem.path) << ": " << EscapeXml(problem.message) << '\n';
    }
    os_ << "</error>";
  }
  os_ << "</testcase>\n  </testsuite>\n";
}

void JunitWriter::Document() {
  Counts counts = Count(report_.findings);
  ++counts.tests;
  counts.errors += report_.complete ? 0 : 1;
  os_ << "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<testsuites name=\"pydefrag\"";
  Attributes(counts);
  os_ << ">\n";
  RunSuite();
  llvm::ArrayRef<Finding> rest = report_.findings;
  while (!rest.empty()) {
    const FileId file = rest.front().where.file;
    const llvm::ArrayRef<Finding> same =
        rest.take_while([&](const Finding &finding) { return finding.where.file == file; });
    Suite(same);
    rest = rest.drop_front(same.size());
  }
  os_ << "</testsuites>\n";
}

void RenderJunit(llvm::raw_ostream &os, const Report &report, SourceCache &sources,
                 llvm::StringRef path_prefix) {
  JunitWriter(os, report, sources, path_prefix).Document();
}

} // namespace pydefrag
