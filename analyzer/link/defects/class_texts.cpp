#include "link/defects/class_texts.h"

#include "link/syntax_view.h"
#include "source/paths.h"

#include "llvm/Support/xxhash.h"

#include <algorithm>

namespace pydefrag {

namespace {

constexpr uint64_t kMaxFile = 100u << 20;

} // namespace

static NameId MemberName(const SyntaxView &view, const Statement &statement) {
  switch (statement.kind) {
  case StatementKind::Function:
  case StatementKind::Class:
    return statement.text;
  case StatementKind::Assign:
  case StatementKind::AnnAssign:
    return view.Is(statement.first, ExprKind::Name) ? view.At(statement.first).text : NameId();
  default:
    return NameId();
  }
}

static ComparedClass ReadClass(const Project &project, const SyntaxView &view, FileId file,
                               uint32_t header) {
  const ModuleFacts &facts = project.scanned.facts[file];
  const std::vector<PlacedStatement> &statements = facts.statements;
  const PlacedStatement &placed = statements[header];
  const Statement &statement = view.Of(placed);
  ComparedClass result;
  result.module = project.module_of_file[file];
  result.name = statement.text;
  result.where = {file, {placed.head + statement.text_begin, placed.head + statement.text_end}};
  result.has_bases = statement.bases.valid();
  const uint32_t after = placed.end;
  const uint32_t class_end = after < statements.size() ? statements[after].begin : facts.bytes;
  for (uint32_t i = header + 1; i < after; i = statements[i].end) {
    const NameId name = MemberName(view, view.Of(statements[i]));
    const bool is_function = view.Of(statements[i]).kind == StatementKind::Function;
    const uint32_t next = statements[i].end;
    const uint32_t end = next < after ? statements[next].begin : class_end;
    if (name.valid()) {
      result.members.push_back({.name = name,
                                .statement = statements[i].statement,
                                .begin = statements[i].begin,
                                .end = end,
                                .is_function = is_function});
      result.functions += is_function;
    }
  }
  // Overloads and property setters share a name: the last one stands for all.
  std::stable_sort(result.members.begin(), result.members.end(),
                   [](const ClassMember &a, const ClassMember &b) { return a.name < b.name; });
  auto last =
      std::unique(result.members.rbegin(), result.members.rend(),
                  [](const ClassMember &a, const ClassMember &b) { return a.name == b.name; });
  result.members.erase(result.members.begin(), last.base());
  return result;
}

std::vector<ComparedClass> ClassesOf(const Project &project, FileId file,
                                     llvm::function_ref<bool(NameId)> wanted) {
  std::vector<ComparedClass> classes;
  const SyntaxView view(project.scanned);
  const std::vector<PlacedStatement> &statements = project.scanned.facts[file].statements;
  for (uint32_t i = 0; i < statements.size(); i = statements[i].end) {
    const Statement &statement = view.Of(statements[i]);
    if (statement.kind == StatementKind::Class && wanted(statement.text)) {
      classes.push_back(ReadClass(project, view, file, i));
    }
  }
  return classes;
}

// The text without the blank lines and comments behind it, and without what stands at the margin:
// a statement that the facts do not keep.
static llvm::StringRef Trimmed(llvm::StringRef text) {
  for (size_t at = text.find('\n'); at != llvm::StringRef::npos; at = text.find('\n', at + 1)) {
    const llvm::StringRef rest = text.drop_front(at + 1);
    const bool at_margin = !rest.empty() && !llvm::StringRef(" \t\r\n\f#)]}\"'").contains(rest[0]);
    if (at_margin) {
      text = text.take_front(at);
      break;
    }
  }
  while (true) {
    text = text.rtrim();
    const size_t line = text.rfind('\n');
    if (line == llvm::StringRef::npos || !text.drop_front(line).ltrim().starts_with("#")) {
      return text;
    }
    text = text.take_front(line);
  }
}

void ReadTexts(const Project &project, const Disk &disk, FileId file,
               llvm::ArrayRef<ComparedClass *> classes) {
  llvm::SmallVector<char, 0> buffer;
  const std::string &path = project.scanned.paths[file];
  if (disk.Read(OnDisk(project.root, path), kMaxFile, buffer)) {
    return;
  }
  const llvm::StringRef text(buffer.data(), buffer.size());
  for (ComparedClass *each : classes) {
    for (ClassMember &member : each->members) {
      const llvm::StringRef own = Trimmed(text.slice(member.begin, member.end));
      member.text_hash = llvm::xxh3_64bits(own) | 1;
      member.size = static_cast<uint32_t>(own.size());
    }
  }
}

} // namespace pydefrag
