#include "link/resolve/frame_writers.h"

#include "link/flow/source_trees.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {
namespace {

class FrameWriters {
public:
  FrameWriters(const Project &project, const StatementSigns &signs, Resolver &resolver)
      : project_(project), signs_(signs), resolver_(resolver), view_(resolver.view()) {}

  void Open() {
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      if (signs_.IsIn(FileId(i), Sign::TakesGlobals)) {
        FindWriters(FileId(i));
      }
    }
    for (size_t i = 0; i < project_.module_of_file.size() && !writers_.empty(); ++i) {
      const auto &statements = project_.scanned.facts[FileId(i)].statements;
      for (uint32_t s = 0; s < statements.size();) {
        const Statement &statement = view_.Of(statements[s]);
        const ExprId call = statement.kind == StatementKind::Expression ? statement.first
                            : statement.kind == StatementKind::Assign ? view_.LastOperand(statement)
                                                                      : ExprId();
        const ExprId callee = view_.Is(call, ExprKind::Call) ? view_.Child(call) : ExprId();
        const bool named =
            view_.Is(callee, ExprKind::Name) || view_.Is(callee, ExprKind::Attribute);
        if (named && writers_.contains(view_.At(callee).text)) {
          resolver_.OpenModule(project_.module_of_file[FileId(i)],
                               "`" + view_.TextOf(callee) + "` writes names into the module",
                               OpenedBy::Others);
        }
        s = statement.kind == StatementKind::Function ? statements[s].end : s + 1;
      }
    }
  }

private:
  void FindWriters(FileId file) {
    const auto &statements = project_.scanned.facts[file].statements;
    const llvm::StringRef text = resolver_.sources() != nullptr
                                     ? resolver_.sources()->TextOf(project_.module_of_file[file])
                                     : "";
    for (const PlacedStatement &placed : statements) {
      if (!signs_.Shows(placed, Sign::TakesGlobals)) {
        continue;
      }
      int32_t top = placed.parent;
      while (top >= 0 && statements[static_cast<size_t>(top)].parent >= 0) {
        top = statements[static_cast<size_t>(top)].parent;
      }
      if (top < 0) {
        continue;
      }
      const PlacedStatement &function = statements[static_cast<size_t>(top)];
      const size_t end =
          function.end < statements.size() ? statements[function.end].begin : text.size();
      const Statement &statement = view_.Of(placed);
      if (view_.Of(function).kind == StatementKind::Function &&
          (view_.Is(statement.first, ExprKind::Subscript) ||
           (view_.Is(statement.first, ExprKind::Name) &&
            WritesItems(text.slice(function.head, end), view_.TextOf(statement.first))))) {
        writers_.insert(view_.Of(function).text);
      }
    }
  }

  // How many bytes `[...]` at the beginning has, on one line; 0: it begins otherwise.
  static size_t BracketsIn(llvm::StringRef text) {
    int depth = 0;
    for (size_t i = 0; i < text.size() && text[i] != '\n'; ++i) {
      depth += (text[i] == '[') - (text[i] == ']');
      if (depth == 0) {
        return text[i] == ']' ? i + 1 : 0;
      }
    }
    return 0;
  }

  // Whether the text says `name[...] = ` or `name.update(`.
  static bool WritesItems(llvm::StringRef text, llvm::StringRef name) {
    for (size_t at = text.find(name); at != llvm::StringRef::npos; at = text.find(name, at + 1)) {
      if (at > 0 && (llvm::isAlnum(text[at - 1]) || text[at - 1] == '_' || text[at - 1] == '.')) {
        continue; // the end of another name
      }
      const llvm::StringRef rest = text.drop_front(at + name.size());
      const llvm::StringRef behind = rest.drop_front(BracketsIn(rest)).ltrim(' ');
      if (rest.starts_with(".update(") || rest.starts_with(".setdefault(") ||
          (rest.starts_with("[") && behind.starts_with("=") && !behind.starts_with("=="))) {
        return true;
      }
    }
    return false;
  }

  const Project &project_;
  const StatementSigns &signs_;
  Resolver &resolver_;
  const SyntaxView &view_;
  llvm::DenseSet<NameId> writers_;
};

} // namespace

void OpenCallersOfFrameWriters(const Project &project, const StatementSigns &signs,
                               Resolver &resolver) {
  FrameWriters(project, signs, resolver).Open();
}

} // namespace pydefrag
