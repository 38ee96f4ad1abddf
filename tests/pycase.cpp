#include "pycase.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"

#include <algorithm>

namespace pydefrag {

using llvm::StringRef;

namespace {

constexpr StringRef kSplit = "# --- ";
constexpr StringRef kGolden = "EXPECT:";

llvm::Error Bad(uint32_t row, const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                 llvm::formatv("line {0}: {1}", row, message.str()).str().c_str());
}

// Takes `CODE "text"` or `CODE`; false when it is neither.
bool TakeCodeAndText(StringRef spec, CaseExpectation &expectation) {
  auto [code, rest] = spec.trim().split(' ');
  rest = rest.trim();
  const bool named = code.starts_with("DFG") && llvm::all_of(code.drop_front(3), llvm::isDigit);
  if (!named || code.size() != 6) {
    return false;
  }
  if (!rest.empty() && (rest.size() < 2 || !rest.starts_with("\"") || !rest.ends_with("\""))) {
    return false;
  }
  expectation.code = code.str();
  expectation.text = rest.empty() ? "" : rest.drop_front().drop_back().str();
  return true;
}

bool TakeLabel(StringRef spec, CaseExpectation &expectation) {
  spec = spec.trim();
  if (spec.size() < 2 || !spec.starts_with("\"") || !spec.ends_with("\"")) {
    return false;
  }
  expectation.kind = CaseExpectation::Label;
  expectation.text = spec.drop_front().drop_back().str();
  return true;
}

// A module in machine code: the lines of its split are the strings in it.
bool IsCompiled(StringRef path) {
  return path.ends_with(".so") || path.ends_with(".pyd");
}

// Reads a .pycase line by line; the file in work is the last of `files` or of `goldens`.
class Reader {
public:
  llvm::Error Line(StringRef line);
  PyCase Take() { return std::move(result_); }

private:
  llvm::Error HeaderLine(StringRef line);
  llvm::Error ExpectAt(StringRef spec);
  llvm::Error OpenSplit(StringRef name);
  llvm::Error SourceLine(StringRef line);
  llvm::Error CaretRow(StringRef line, size_t first_caret);
  llvm::Error LineEnd(StringRef specs);

  PyCase result_;
  enum class Part : uint8_t { Header, Source, Golden } part_ = Part::Header;
  uint32_t row_ = 0;       // in the .pycase
  uint32_t line_ = 0;      // in the split
  uint32_t code_line_ = 0; // the last line in the split that is no caret row
};

llvm::Error Reader::Line(StringRef line) {
  ++row_;
  if (line.starts_with(kSplit)) {
    return OpenSplit(line.drop_front(kSplit.size()).trim());
  }
  switch (part_) {
  case Part::Header:
    return HeaderLine(line.trim());
  case Part::Source:
    return SourceLine(line);
  case Part::Golden:
    result_.goldens.back().content += (line + "\n").str();
    return llvm::Error::success();
  }
  return llvm::Error::success();
}

llvm::Error Reader::HeaderLine(StringRef line) {
  if (line.empty()) {
    return llvm::Error::success();
  }
  if (!line.consume_front("#")) {
    return Bad(row_, "expected a comment before the first `# --- file`");
  }
  line = line.trim();
  if (line.consume_front("ARGS:")) {
    llvm::SmallVector<StringRef, 8> words;
    llvm::SplitString(line, words);
    result_.args.assign(words.begin(), words.end());
  } else if (line.consume_front("EXIT:")) {
    int status = 0;
    if (line.trim().getAsInteger(10, status)) {
      return Bad(row_, "`EXIT:` wants a number");
    }
    result_.exit_status = status;
  } else if (line.consume_front("EXPECT-AT:")) {
    return ExpectAt(line.trim());
  } else {
    result_.title += result_.title.empty() ? line.str() : (" " + line).str();
  }
  return llvm::Error::success();
}

// path[:line[:column-column]] CODE "text", the second column included, as carets would show.
llvm::Error Reader::ExpectAt(StringRef spec) {
  CaseExpectation expectation;
  expectation.row = row_;
  auto [place, rest] = spec.split(' ');
  llvm::SmallVector<StringRef, 3> parts;
  place.split(parts, ':');
  expectation.path = parts[0].str();
  bool good = parts.size() <= 3 && TakeCodeAndText(rest, expectation);
  if (good && parts.size() > 1) {
    good = !parts[1].getAsInteger(10, expectation.line);
  }
  if (good && parts.size() > 2) {
    auto [begin, last] = parts[2].split('-');
    Columns columns;
    good = !begin.getAsInteger(10, columns.begin) && !last.getAsInteger(10, columns.end);
    ++columns.end;
    expectation.columns = columns;
  }
  if (!good) {
    return Bad(row_, "expected `EXPECT-AT: path[:line[:column-column]] CODE \"text\"`");
  }
  result_.expectations.push_back(std::move(expectation));
  return llvm::Error::success();
}

llvm::Error Reader::OpenSplit(StringRef name) {
  if (name.empty()) {
    return Bad(row_, "a split without a name");
  }
  line_ = 0;
  code_line_ = 0;
  if (name.consume_front(kGolden)) {
    part_ = Part::Golden;
    result_.goldens.push_back({name.str(), ""});
    return llvm::Error::success();
  }
  if (llvm::any_of(result_.files, [&](const MemoryFile &file) { return file.path == name; })) {
    return Bad(row_, "a second file named " + name);
  }
  part_ = Part::Source;
  result_.files.push_back({name.str(), ""});
  return llvm::Error::success();
}

llvm::Error Reader::SourceLine(StringRef line) {
  MemoryFile &file = result_.files.back();
  file.content += line;
  file.content += IsCompiled(file.path) ? '\0' : '\n';
  ++line_;
  const StringRef trimmed = line.ltrim();
  if (trimmed.starts_with("#") && trimmed.drop_front().ltrim().starts_with("^")) {
    return CaretRow(line, line.find('^'));
  }
  code_line_ = line_;
  const size_t expect = line.find("# expect:");
  return expect == StringRef::npos ? llvm::Error::success() : LineEnd(line.drop_front(expect));
}

llvm::Error Reader::CaretRow(StringRef line, size_t first_caret) {
  const size_t after = std::min(line.find_first_not_of('^', first_caret), line.size());
  CaseExpectation expectation;
  expectation.path = result_.files.back().path;
  expectation.line = code_line_;
  expectation.columns =
      Columns{static_cast<uint32_t>(first_caret + 1), static_cast<uint32_t>(after + 1)};
  expectation.row = row_;
  StringRef spec = line.drop_front(after).trim();
  const bool good = spec.consume_front("expect:")  ? TakeCodeAndText(spec, expectation)
                    : spec.consume_front("label:") ? TakeLabel(spec, expectation)
                                                   : false;
  if (!good || code_line_ == 0) {
    return Bad(row_,
               "expected `# ^^^ expect: CODE \"text\"` or `# ^^^ label: \"text\"` below code");
  }
  result_.expectations.push_back(std::move(expectation));
  return llvm::Error::success();
}

// `specs` starts at the first `# expect:` of a line; a line may have several.
llvm::Error Reader::LineEnd(StringRef specs) {
  llvm::SmallVector<StringRef, 2> parts;
  specs.split(parts, "# expect:", -1, false);
  for (const StringRef part : parts) {
    CaseExpectation expectation;
    expectation.path = result_.files.back().path;
    expectation.line = line_;
    expectation.row = row_;
    if (!TakeCodeAndText(part, expectation)) {
      return Bad(row_, "expected `# expect: CODE \"text\"`");
    }
    result_.expectations.push_back(std::move(expectation));
  }
  return llvm::Error::success();
}

} // namespace

llvm::Expected<PyCase> ParsePyCase(StringRef text) {
  Reader reader;
  text.consume_back("\n");
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size());
    if (llvm::Error error = reader.Line(text.take_front(end))) {
      return error;
    }
    text = text.drop_front(std::min(end + 1, text.size()));
  }
  PyCase result = reader.Take();
  if (result.args.empty()) {
    result.args.emplace_back("check");
  }
  if (result.files.empty()) {
    return Bad(1, "no `# --- file` in the case");
  }
  return result;
}

std::string WithGoldens(StringRef text, llvm::ArrayRef<CaseGolden> goldens) {
  std::string result;
  bool replaced = false; // inside a golden whose new content is written already
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1);
    StringRef line = text.take_front(end + 1);
    text = text.drop_front(end + 1);
    if (line.starts_with(kSplit)) {
      StringRef name = line.drop_front(kSplit.size()).trim();
      const bool golden = name.consume_front(kGolden);
      const auto *found =
          llvm::find_if(goldens, [&](const CaseGolden &each) { return each.name == name; });
      replaced = golden && found != goldens.end();
      result += line;
      if (replaced) {
        result += found->content;
      }
    } else if (!replaced) {
      result += line;
    }
  }
  return result;
}

} // namespace pydefrag
