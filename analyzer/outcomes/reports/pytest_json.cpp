#include "outcomes/reports/pytest_json.h"

#include "outcomes/errors/python_errors.h"
#include "outcomes/errors/skip_reasons.h"
#include "outcomes/errors/traceback.h"
#include "outcomes/streams/json_text.h"

#include <utility>

namespace pydefrag {
namespace {

// The entries of one exception as pytest would print them.
std::string RenderEntries(const llvm::json::Object &traceback) {
  std::string text;
  const llvm::json::Array *entries = traceback.getArray("reprentries");
  if (entries == nullptr) {
    return text;
  }
  for (const llvm::json::Value &value : *entries) {
    const llvm::json::Object *entry = value.getAsObject();
    const llvm::json::Object *data = entry == nullptr ? nullptr : entry->getObject("data");
    if (data == nullptr) {
      continue;
    }
    std::string place;
    if (const llvm::json::Object *location = data->getObject("reprfileloc")) {
      place = (JsonText(*location, "path") + ":").str() +
              std::to_string(JsonNumber(*location, "lineno")) + ": " +
              JsonText(*location, "message").str() + "\n";
    }
    const bool is_short = JsonText(*data, "style") == "short"; // it starts with its place
    text += is_short ? place : "";
    if (const llvm::json::Array *lines = data->getArray("lines")) {
      for (const llvm::json::Value &line : *lines) {
        // The entries of a native traceback end with their newline, others do not.
        text += line.getAsString().value_or("").rtrim('\n');
        text += '\n';
      }
    }
    text += is_short ? "" : place;
  }
  return text;
}

ErrorLink LinkOfDescription(llvm::StringRef description) {
  return description.starts_with("The above exception was the direct cause") ? ErrorLink::CauseOf
                                                                             : ErrorLink::ContextOf;
}

// One [traceback, crash, description] of a chain.
void AddLink(const llvm::json::Array &parts, ErrorChain &chain) {
  const llvm::json::Object *traceback = parts.empty() ? nullptr : parts[0].getAsObject();
  const llvm::json::Object *crash = parts.size() > 1 ? parts[1].getAsObject() : nullptr;
  ErrorChain one = traceback == nullptr ? ErrorChain() : ParseErrorText(RenderEntries(*traceback));
  if (one.empty()) {
    one.segments.emplace_back();
  }
  ErrorSegment &last = one.segments.back();
  if (crash != nullptr && one.segments.size() == 1) {
    const llvm::StringRef message = JsonText(*crash, "message");
    const TypedMessage typed = SplitTyped(message);
    if (last.type.empty() || BareType(typed.type) == BareType(last.type)) {
      last.type = typed.type.str();
      last.message = CutMessage(typed.message);
    }
    const bool placeless = last.frames.empty() && !IsMachineryPath(JsonText(*crash, "path"));
    if (placeless) {
      Frame frame;
      frame.path = JsonText(*crash, "path").str();
      frame.line = JsonNumber(*crash, "lineno");
      last.frames.push_back(std::move(frame));
    }
  }
  if (parts.size() > 2 && parts[2].getAsString()) {
    last.link = LinkOfDescription(*parts[2].getAsString());
  }
  for (ErrorSegment &segment : one.segments) {
    if (chain.segments.size() < kMaxSegments) {
      chain.segments.push_back(std::move(segment));
    }
  }
}

ErrorChain ReadChain(const llvm::json::Object &longrepr) {
  ErrorChain chain;
  if (const llvm::json::Array *links = longrepr.getArray("chain")) {
    for (const llvm::json::Value &link : *links) {
      if (const llvm::json::Array *parts = link.getAsArray()) {
        AddLink(*parts, chain);
      }
    }
    return chain;
  }
  if (const llvm::json::Object *traceback = longrepr.getObject("reprtraceback")) {
    chain = ParseErrorText(RenderEntries(*traceback));
  }
  return chain;
}

} // namespace

StoredError ReadLongRepr(const llvm::json::Value *longrepr, TestIdResolver &ids) {
  StoredError error;
  if (longrepr == nullptr) {
    return error;
  }
  if (const std::optional<llvm::StringRef> text = longrepr->getAsString()) {
    if (text->contains("\"Skipped: ") || text->contains("'Skipped: ")) {
      error.reason = ReasonOfSkip(*text);
    } else {
      error.chain = ParseErrorText(*text);
    }
  } else if (const llvm::json::Array *parts = longrepr->getAsArray()) {
    if (parts->size() == 3) {
      error.reason = ReasonOfSkip((*parts)[2].getAsString().value_or(""));
    }
  } else if (const llvm::json::Object *object = longrepr->getAsObject()) {
    error.chain = ReadChain(*object);
  }
  LocateFrames(error.chain, ids);
  return error;
}

std::optional<TestPhase> ParsePhase(llvm::StringRef when) {
  for (TestPhase phase : {TestPhase::Setup, TestPhase::Call, TestPhase::Teardown}) {
    if (when == TestPhaseName(phase)) {
      return phase;
    }
  }
  return std::nullopt;
}

WarningRecord ReadWarning(const llvm::json::Object &object, TestIdResolver &ids) {
  WarningRecord warning;
  warning.category = JsonText(object, "category").str();
  warning.message = CutMessage(JsonText(object, "message"));
  ResolvedPath place = ids.FromPath(JsonText(object, "filename"));
  warning.path = std::move(place.path);
  warning.in_project = place.in_project;
  warning.line = JsonNumber(object, "lineno");
  const llvm::StringRef when = JsonText(object, "when");
  warning.phase = when == "config"    ? WarningPhase::Config
                  : when == "collect" ? WarningPhase::Collect
                  : when == "runtest" ? WarningPhase::RunTest
                                      : WarningPhase::Unknown;
  return warning;
}

} // namespace pydefrag
