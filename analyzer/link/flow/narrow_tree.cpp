#include "link/flow/narrow_tree.h"

#include "link/syntax_view.h"
#include "scan/trees/tree.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// What says the words of more than this is not read.
static constexpr size_t kMostBytes = 1u << 17;

// The parser takes the square of following lines of comments. A line within a string may be left
// out as well: that string then is no word and no name.
static void AppendWithoutComments(llvm::StringRef text, std::string &into) {
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    const llvm::StringRef line = text.take_front(end);
    if (!line.ltrim(" \t").starts_with("#")) {
      into.append(line.begin(), line.end());
    }
    text = text.drop_front(end);
  }
}

static bool IsLaterArm(StatementKind kind) {
  return kind == StatementKind::Elif || kind == StatementKind::Else ||
         kind == StatementKind::Except || kind == StatementKind::ExceptStar ||
         kind == StatementKind::Finally;
}

static bool HasImport(const SyntaxView &view, llvm::ArrayRef<PlacedStatement> statements) {
  const StatementKind first = view.Of(statements.front()).kind;
  return first != StatementKind::Function && first != StatementKind::Class &&
         llvm::any_of(statements, [&](const PlacedStatement &each) {
           const StatementKind kind = view.Of(each).kind;
           return kind == StatementKind::Import || kind == StatementKind::FromImport;
         });
}

std::unique_ptr<SourceTree> ReadNarrowTree(const Project &project, SourceTrees &trees,
                                           ModuleId module, llvm::ArrayRef<std::string> words) {
  const FileId file = project.modules[module].file;
  const llvm::StringRef text = file.valid() ? trees.TextOf(module) : "";
  const SyntaxView view(project.scanned);
  const auto &statements = project.scanned.facts[file].statements;
  std::string narrow;
  for (size_t s = 0; s < statements.size();) {
    size_t next = statements[s].end;
    while (next < statements.size() && IsLaterArm(view.Of(statements[next]).kind)) {
      next = statements[next].end;
    }
    const size_t behind = next < statements.size() ? statements[next].begin : text.size();
    const llvm::StringRef part = text.slice(s == 0 ? 0 : statements[s].begin, behind);
    const llvm::ArrayRef<PlacedStatement> within = llvm::ArrayRef(statements).slice(s, next - s);
    if (HasImport(view, within) ||
        llvm::any_of(words, [&](llvm::StringRef word) { return part.contains(word); })) {
      AppendWithoutComments(part, narrow);
    }
    s = next;
  }
  if (text.empty() || narrow.size() > kMostBytes) {
    return nullptr;
  }
  FlatTree tree;
  TreeParser().Parse(narrow, TreeParser::Comments::Drop, tree);
  return tree.has_error
             ? nullptr
             : std::make_unique<SourceTree>(file, module, std::move(narrow), std::move(tree));
}

} // namespace pydefrag
