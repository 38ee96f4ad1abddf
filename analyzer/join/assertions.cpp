#include "join/assertions.h"

#include "join/explain.h"
#include "outcomes/errors/python_errors.h"
#include "scan/words/whole_word.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

constexpr llvm::StringRef kClass = "<class '";
constexpr llvm::StringRef kObject = " object at 0x";

void AddMention(llvm::StringRef dotted, std::vector<ClassMention> &mentions) {
  if (dotted.contains('.') && !dotted.contains(' ')) {
    const auto [module, name] = dotted.rsplit('.');
    mentions.push_back({module, name});
  }
}

// "UserContext" -> "user_context".
std::string SnakeCase(llvm::StringRef name) {
  std::string text;
  for (size_t i = 0; i < name.size(); ++i) {
    if (llvm::isUpper(name[i]) && i > 0 && !llvm::isUpper(name[i - 1])) {
      text += '_';
    }
    text += llvm::toLower(name[i]);
  }
  return text;
}

// The lines of the test function that hold `line`, as one text.
llvm::StringRef FunctionText(PlaceTable &places, const Place &place) {
  const FileId file = places.FindFile(place.path);
  const SourceText *text = file.valid() ? places.Text(file) : nullptr;
  if (text == nullptr || place.line == 0 || place.line > text->line_count()) {
    return "";
  }
  uint32_t first = place.line;
  while (first > 1 && !text->Line(first).ltrim().starts_with("def ") &&
         !text->Line(first).ltrim().starts_with("async def ")) {
    --first;
  }
  const uint32_t begin = text->LineBegin(first);
  const uint32_t last = std::min(place.line + 1, text->line_count());
  const uint32_t end =
      last > place.line ? text->LineBegin(last) : static_cast<uint32_t>(text->text().size());
  return text->text().slice(begin, end);
}

// Modules of the finding's symbol that the text names, dotted, with word borders.
size_t PathsNamed(llvm::StringRef text, const Finding &finding, const Project &project) {
  std::vector<std::string> modules;
  for (const Definition &definition : project.definitions) {
    if (!llvm::is_contained(finding.symbols,
                            project.PathText(definition.module, definition.name))) {
      continue;
    }
    for (const PathInfo &path : definition.paths) {
      modules.push_back(project.Text(project.modules[path.module].name).str());
    }
  }
  llvm::sort(modules);
  modules.erase(std::unique(modules.begin(), modules.end()), modules.end());
  return static_cast<size_t>(
      llvm::count_if(modules, [&](const std::string &module) { return HasWord(text, module); }));
}

bool IsNamed(const Project &project, ModuleId module, llvm::StringRef dotted) {
  const Module &m = project.modules[module];
  return project.Text(m.name) == dotted ||
         llvm::any_of(m.also_named, [&](NameId name) { return project.Text(name) == dotted; });
}

} // namespace

std::vector<ClassMention> ClassesIn(llvm::StringRef text) {
  std::vector<ClassMention> mentions;
  for (size_t at = text.find('<'); at != llvm::StringRef::npos; at = text.find('<', at + 1)) {
    llvm::StringRef rest = text.drop_front(at);
    if (rest.consume_front(kClass)) {
      AddMention(rest.split('\'').first, mentions);
    } else if (const size_t end = rest.find(kObject); end != llvm::StringRef::npos) {
      AddMention(rest.take_front(end).drop_front(1), mentions);
    }
  }
  return mentions;
}

bool TwoNamesOfOne(llvm::StringRef text, const Project &project, ModuleId module) {
  const std::vector<ClassMention> mentions = ClassesIn(text);
  const llvm::StringRef primary = project.Text(project.modules[module].name);
  for (const ClassMention &a : mentions) {
    if (!IsNamed(project, module, a.module)) {
      continue;
    }
    for (const ClassMention &b : mentions) {
      if (a.name == b.name && a.module != b.module && IsNamed(project, module, b.module)) {
        return true;
      }
    }
    // pytest prints a class by the name that the test has for it: isinstance(<a.b.X object>, X).
    const bool refused = text.contains(("isinstance(<" + a.module + "." + a.name).str()) &&
                         text.contains((", " + a.name + ")").str());
    if (refused && a.module != primary) {
      return true;
    }
  }
  return false;
}

bool IsAssertion(const ErrorSegment &segment) {
  const llvm::StringRef type = BareType(segment.type);
  return type == "AssertionError" || type == "Failed" ||
         (type.empty() && llvm::StringRef(segment.message).starts_with("assert "));
}

std::string SpeaksOf(llvm::StringRef id, const ErrorSegment &segment, const Finding &finding,
                     PlaceTable &places) {
  const TestIdParts parts = SplitTestId(id);
  for (llvm::StringRef symbol : finding.symbols) {
    const llvm::StringRef name = symbol.rsplit(':').second;
    if (name.size() < 3) {
      continue;
    }
    const std::string quoted = ("`" + name + "`").str();
    if (HasWord(segment.message, name)) {
      return "its message speaks of " + quoted;
    }
    const std::string snake = SnakeCase(name);
    if (snake.find('_') != std::string::npos && parts.function.contains(snake)) {
      return "its name speaks of " + quoted;
    }
    const Place site = SiteOf(segment);
    const FileId file = places.FindFile(site.path);
    const SourceText *text = file.valid() ? places.Text(file) : nullptr;
    if (text && site.line > 0 && HasWord(text->Line(site.line), name)) {
      return "the line that failed speaks of " + quoted;
    }
    Place in_test;
    for (const Place &frame : FramesOf(segment)) {
      in_test = frame.path == parts.file ? frame : in_test;
    }
    const llvm::StringRef body = FunctionText(places, in_test);
    if (HasWord(body, name) && PathsNamed(body, finding, places.project()) >= 2) {
      return "the test names " + quoted + " and two of its paths";
    }
  }
  return "";
}

} // namespace pydefrag
