#include "case_check.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

#include <algorithm>
#include <map>

namespace pydefrag {

using llvm::StringRef;

namespace {

std::string Text(const llvm::json::Object &object, StringRef key) {
  return object.getString(key).value_or("").str();
}

uint32_t Number(const llvm::json::Object *object, StringRef key) {
  return object == nullptr ? 0 : static_cast<uint32_t>(object->getInteger(key).value_or(0));
}

// A `{path, range}` object; a place without a range keeps zeros.
SeenPlace ReadPlace(const llvm::json::Object &object) {
  SeenPlace place;
  place.path = Text(object, "path");
  const llvm::json::Object *range = object.getObject("range");
  if (range == nullptr) {
    return place;
  }
  const llvm::json::Object *start = range->getObject("start");
  const llvm::json::Object *end = range->getObject("end");
  place.line = Number(start, "line");
  place.column = Number(start, "column");
  place.begin = Number(start, "offset");
  place.end_line = Number(end, "line");
  place.end_column = Number(end, "column");
  place.end = Number(end, "offset");
  return place;
}

void ReadFix(const llvm::json::Object &fix, SeenFinding &finding) {
  finding.texts += "\n" + Text(fix, "title");
  finding.safe_fix = Text(fix, "applicability") == "safe";
  if (const llvm::json::Array *edits = fix.getArray("edits")) {
    for (const llvm::json::Value &edit : *edits) {
      if (const llvm::json::Object *object = edit.getAsObject()) {
        finding.edits.push_back({ReadPlace(*object), Text(*object, "content")});
      }
    }
  }
}

SeenFinding ReadFinding(const llvm::json::Object &object) {
  SeenFinding finding;
  finding.where = ReadPlace(object);
  finding.id = Text(object, "id");
  finding.code = Text(object, "code");
  finding.message = Text(object, "message");
  finding.texts = finding.message + "\n" + Text(object, "help") + "\n" + Text(object, "note");
  if (const llvm::json::Object *fix = object.getObject("fix")) {
    ReadFix(*fix, finding);
  }
  if (const llvm::json::Array *related = object.getArray("related")) {
    for (const llvm::json::Value &each : *related) {
      if (const llvm::json::Object *label = each.getAsObject()) {
        finding.labels.push_back({ReadPlace(*label), Text(*label, "message")});
      }
    }
  }
  return finding;
}

// The characters in line `line` of a file of the case; 0 when there is no such line.
uint32_t LineLength(const PyCase &expected, StringRef path, uint32_t line) {
  for (const MemoryFile &file : expected.files) {
    StringRef rest = file.content;
    for (uint32_t at = 1; file.path == path && !rest.empty(); ++at) {
      auto [text, next] = rest.split('\n');
      if (at == line) {
        return static_cast<uint32_t>(
            llvm::count_if(text, [](char byte) { return (byte & 0xC0) != 0x80; }));
      }
      rest = next;
    }
  }
  return 0;
}

bool PlaceMatches(const PyCase &expected, const CaseExpectation &expectation,
                  const SeenPlace &place) {
  if (expectation.path != place.path || (expectation.line != 0 && expectation.line != place.line)) {
    return false;
  }
  if (!expectation.columns) {
    return true;
  }
  // Carets below the first line of a longer range go to the end of that line.
  const uint32_t end = place.end_line == place.line
                           ? place.end_column
                           : LineLength(expected, place.path, place.line) + 1;
  return expectation.columns->begin == place.column && expectation.columns->end == end;
}

bool FindingMatches(const PyCase &expected, const CaseExpectation &expectation,
                    const SeenFinding &finding) {
  return expectation.code == finding.code && StringRef(finding.texts).contains(expectation.text) &&
         PlaceMatches(expected, expectation, finding.where);
}

bool LabelMatches(const PyCase &expected, const CaseExpectation &expectation,
                  const SeenReport &seen) {
  return llvm::any_of(seen.findings, [&](const SeenFinding &finding) {
    return llvm::any_of(finding.labels, [&](const SeenLabel &label) {
      return StringRef(label.message).contains(expectation.text) &&
             PlaceMatches(expected, expectation, label.where);
    });
  });
}

std::string Describe(const SeenFinding &finding) {
  const SeenPlace &place = finding.where;
  return llvm::formatv("{0}:{1}:{2}-{3}:{4} {5} {6}", place.path, place.line, place.column,
                       place.end_line, place.end_column, finding.code, finding.message);
}

// How much an expectation says: what says most chooses its finding first.
int Strictness(const CaseExpectation &expectation) {
  return (expectation.columns ? 4 : 0) + (expectation.line != 0 ? 2 : 0) +
         (expectation.text.empty() ? 0 : 1);
}

std::string KeyOf(const SeenFinding &finding) {
  return finding.where.path + ": " + finding.code + " " + finding.message;
}

} // namespace

llvm::Expected<SeenReport> ReadReport(StringRef json) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(json);
  if (!value) {
    return value.takeError();
  }
  const llvm::json::Object *top = value->getAsObject();
  const llvm::json::Array *findings = top == nullptr ? nullptr : top->getArray("findings");
  if (findings == nullptr) {
    return llvm::createStringError("no `findings` in the JSON");
  }
  SeenReport report;
  for (const llvm::json::Value &each : *findings) {
    if (const llvm::json::Object *object = each.getAsObject()) {
      report.findings.push_back(ReadFinding(*object));
    }
  }
  return report;
}

std::vector<std::string> Differences(const PyCase &expected, const SeenReport &seen) {
  std::vector<const CaseExpectation *> order;
  for (const CaseExpectation &expectation : expected.expectations) {
    order.push_back(&expectation);
  }
  llvm::stable_sort(order, [](const CaseExpectation *left, const CaseExpectation *right) {
    return Strictness(*left) > Strictness(*right);
  });
  std::vector<std::string> differences;
  std::vector<bool> taken(seen.findings.size(), false);
  for (const CaseExpectation *expectation : order) {
    if (expectation->kind == CaseExpectation::Label) {
      if (!LabelMatches(expected, *expectation, seen)) {
        differences.push_back(
            llvm::formatv("line {0}: no label \"{1}\" there", expectation->row, expectation->text));
      }
      continue;
    }
    size_t index = 0;
    while (index < taken.size() &&
           (taken[index] || !FindingMatches(expected, *expectation, seen.findings[index]))) {
      ++index;
    }
    if (index == taken.size()) {
      differences.push_back(llvm::formatv("line {0}: expected {1} \"{2}\" and did not see it",
                                          expectation->row, expectation->code, expectation->text));
    } else {
      taken[index] = true;
    }
  }
  for (size_t index = 0; index < taken.size(); ++index) {
    if (!taken[index]) {
      differences.push_back("not expected: " + Describe(seen.findings[index]));
    }
  }
  return differences;
}

Fixed WithSafeFixes(const std::vector<MemoryFile> &files, const SeenReport &seen) {
  Fixed result{files, {}};
  std::map<std::string, std::vector<const SeenEdit *>> edits; // by path
  const auto collides = [&](const SeenEdit &edit) {
    return llvm::any_of(edits[edit.where.path], [&](const SeenEdit *other) {
      const bool same = other->where.begin == edit.where.begin;
      return same || (other->where.begin < edit.where.end && edit.where.begin < other->where.end);
    });
  };
  for (size_t index = 0; index < seen.findings.size(); ++index) {
    const SeenFinding &finding = seen.findings[index];
    if (!finding.safe_fix || llvm::any_of(finding.edits, collides)) {
      continue;
    }
    result.applied.push_back(index);
    for (const SeenEdit &edit : finding.edits) {
      edits[edit.where.path].push_back(&edit);
    }
  }
  for (MemoryFile &file : result.files) {
    std::vector<const SeenEdit *> &mine = edits[file.path];
    // From the end, so that offsets before an edit stay right.
    llvm::sort(mine, [](const SeenEdit *left, const SeenEdit *right) {
      return left->where.begin > right->where.begin;
    });
    for (const SeenEdit *edit : mine) {
      file.content.replace(edit->where.begin, edit->where.end - edit->where.begin, edit->content);
    }
  }
  return result;
}

std::vector<std::string> FixDifferences(const SeenReport &before,
                                        const std::vector<size_t> &applied,
                                        const SeenReport &after) {
  std::map<std::string, int> left;
  for (const SeenFinding &finding : before.findings) {
    ++left[KeyOf(finding)];
  }
  for (const size_t index : applied) {
    --left[KeyOf(before.findings[index])];
  }
  std::vector<std::string> differences;
  for (const SeenFinding &finding : after.findings) {
    if (--left[KeyOf(finding)] < 0) {
      differences.push_back("there after its fix, or new: " + Describe(finding));
    }
  }
  return differences;
}

} // namespace pydefrag
