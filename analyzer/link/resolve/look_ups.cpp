#include "link/resolve/look_ups.h"

#include "base/parallel.h"
#include "link/flow/source_trees.h"
#include "link/resolve/module_reads.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

namespace pydefrag {
namespace {

// The definitions of one file, and which of them say which.
class FileReader {
public:
  FileReader(const Project &project, const SyntaxView &view, FileId file, llvm::StringRef text)
      : view_(view), statements_(project.scanned.facts[file].statements), text_(text) {}

  // `renamed`: of `sys` or `sys.modules`.
  std::vector<LooksUp> Read(bool renamed) {
    for (uint32_t s = 0; s < statements_.size();) {
      const Statement &statement = view_.Of(statements_[s]);
      const bool function = statement.kind == StatementKind::Function;
      AddBlock(s, statement, renamed);
      s = function ? statements_[s].end : s + 1;
    }
    Spread();
    std::vector<LooksUp> found;
    for (const Block &block : blocks_) {
      if (block.looks_up && !IsSpecial(block.name)) {
        found.push_back({block.name, block.top, block.assigned, block.puts});
      }
    }
    return found;
  }

private:
  struct Block {
    NameId name;
    int owner; // of a method: the block of its class; -1: none
    bool top;
    bool assigned = false;
    bool looks_up = false;
    bool puts = false;
  };

  // `__init__`: called by no name of its own.
  bool IsSpecial(NameId name) const { return view_.Text(name).starts_with("__"); }
  static bool IsLoader(llvm::StringRef method) {
    return method == "load_module" || method == "exec_module" || method == "create_module";
  }

  // A function, a class, and `put = make()` at the top.
  void AddBlock(uint32_t s, const Statement &statement, bool renamed) {
    const bool top = !view_.StandsInDefinition(statements_, s);
    const auto at = static_cast<int>(blocks_.size());
    switch (statement.kind) {
    case StatementKind::Class:
      blocks_.push_back({statement.text, -1, top});
      class_at_ = {at, statements_[s].end};
      return;
    case StatementKind::Function: {
      const int owner = s < class_at_.second ? class_at_.first : -1;
      blocks_.push_back({statement.text, owner, top});
      return AddText(TextOfBlock(statements_, statements_[s], text_), at, renamed);
    }
    case StatementKind::Assign:
      if (top && view_.Is(statement.first, ExprKind::Name) &&
          IsCallable(view_.LastOperand(statement))) {
        blocks_.push_back({view_.At(statement.first).text, -1, true, true});
        AddText(text_.slice(statements_[s].head, BehindLinesOf(statements_[s], text_)), at,
                renamed);
      }
      return;
    default:
      return;
    }
  }
  bool IsCallable(ExprId value) const {
    return view_.Is(value, ExprKind::Call) || view_.Is(value, ExprKind::Lambda) ||
           view_.Is(value, ExprKind::Name) || view_.Is(value, ExprKind::Attribute);
  }

  void AddText(llvm::StringRef text, int block, bool renamed) {
    const std::string code = CodeOf(text);
    if (LooksUpModules(code, renamed)) {
      first_.push_back(block);
    }
    blocks_.back().puts = PutsUnderParameter(code);
    AddWords(code, block);
  }

  void AddWords(llvm::StringRef text, int block) {
    const auto is_word = [](char c) { return llvm::isAlnum(c) || c == '_'; };
    for (size_t at = 0; at < text.size();) {
      const llvm::StringRef word = text.drop_front(at).take_while(is_word);
      if (!word.empty()) {
        auto &blocks = said_in_[word];
        if (blocks.empty() || blocks.back() != block) {
          blocks.push_back(block);
        }
      }
      at += word.size() + 1;
    }
  }

  // Each definition is met once.
  void Spread() {
    std::vector<int> open;
    const auto mark = [&](int at) {
      for (; at >= 0 && !blocks_[static_cast<size_t>(at)].looks_up;) {
        Block &block = blocks_[static_cast<size_t>(at)];
        block.looks_up = true;
        open.push_back(at);
        at = IsLoader(view_.Text(block.name)) ? -1 : block.owner; // its class
      }
    };
    for (int at : first_) {
      mark(at);
    }
    while (!open.empty()) {
      const Block block = blocks_[static_cast<size_t>(open.back())];
      open.pop_back();
      for (int at : IsSpecial(block.name) ? llvm::SmallVector<int, 4>()
                                          : said_in_.lookup(view_.Text(block.name))) {
        mark(at);
      }
    }
  }

  const SyntaxView &view_;
  const std::vector<PlacedStatement> &statements_;
  const llvm::StringRef text_;
  std::vector<Block> blocks_;
  llvm::StringMap<llvm::SmallVector<int, 4>> said_in_;
  std::vector<int> first_;                   // blocks that look modules up themselves
  std::pair<int, uint32_t> class_at_{-1, 0}; // the last class, and where it ends
};

class Finder {
public:
  explicit Finder(Resolver &resolver)
      : resolver_(resolver), project_(resolver.project()), view_(resolver.view()),
        modules_(project_.scanned.names.Find("modules")) {
    for (llvm::StringRef name : {"modules", "import_module", "__import__"}) {
      if (const NameId id = project_.scanned.names.Find(name); id.valid()) {
        look_ups_.push_back(id);
      }
    }
    const auto &statements = project_.scanned.syntax.statements;
    speaks_.resize(statements.size());
    ParallelFor(look_ups_.empty() ? 0 : statements.size(), resolver.jobs(), 4096,
                [&](size_t i) { speaks_[i] = Speaks(statements[StatementId(i)]); });
  }

  std::vector<std::vector<LooksUp>> Find() {
    std::vector<std::vector<LooksUp>> found(project_.module_of_file.size());
    std::vector<uint8_t> signs(found.size()); // 1: a function looks one up; 2: renames `modules`
    ParallelFor(look_ups_.empty() ? 0 : found.size(), resolver_.jobs(), 32,
                [&](size_t i) { signs[i] = SignsOf(FileId(i)); });
    std::vector<ModuleId> read;
    for (size_t i = 0; i < found.size(); ++i) {
      if (signs[i] != 0) {
        read.push_back(project_.module_of_file[FileId(i)]);
      }
    }
    if (resolver_.sources() == nullptr) {
      return found;
    }
    resolver_.sources()->ReadTexts(read);
    for (size_t i = 0; i < found.size(); ++i) {
      if (signs[i] != 0) {
        const llvm::StringRef text =
            resolver_.sources()->TextOf(project_.module_of_file[FileId(i)]);
        found[i] = FileReader(project_, view_, FileId(i), text).Read(signs[i] > 1);
      }
    }
    return found;
  }

private:
  bool Speaks(const Statement &statement) const {
    bool speaks = false;
    view_.WalkAll(statement, [&](ExprId id) {
      const bool named = view_.Is(id, ExprKind::Name) || view_.Is(id, ExprKind::Attribute);
      speaks |= named && llvm::is_contained(look_ups_, view_.At(id).text);
    });
    return speaks;
  }

  uint8_t SignsOf(FileId file) const {
    uint8_t signs = 0;
    for (const PlacedStatement &placed : project_.scanned.facts[file].statements) {
      const Statement &statement = view_.Of(placed);
      const bool renames = RenamesModules(statement);
      const bool speaks =
          placed.parent >= 0 && speaks_[static_cast<size_t>(placed.statement.index)] != 0;
      signs = std::max<uint8_t>(signs, renames ? 2 : speaks);
    }
    return signs;
  }

  // `from sys import modules`, `import sys as system`, `mods = sys.modules`: what functions do to
  // that, no fact says.
  bool RenamesModules(const Statement &statement) const {
    if (statement.kind == StatementKind::FromImport || statement.kind == StatementKind::Import) {
      const bool from = statement.kind == StatementKind::FromImport;
      return (!from || view_.Text(statement.text) == "sys") &&
             llvm::any_of(view_.Operands(statement), [&](ExprId alias) {
               const ExprId as = view_.Child(alias);
               return from ? view_.At(alias).text == modules_
                           : view_.TextOf(alias) == "sys" && as.valid() &&
                                 !view_.TextOf(as).ends_with("sys");
             });
    }
    const ExprId value =
        statement.kind == StatementKind::Assign ? view_.LastOperand(statement) : ExprId();
    return view_.Is(value, ExprKind::Attribute) && view_.At(value).text == modules_ &&
           view_.Dotted(value) == "sys.modules";
  }

  Resolver &resolver_;
  const Project &project_;
  const SyntaxView &view_;
  const NameId modules_;
  llvm::SmallVector<NameId, 3> look_ups_;
  std::vector<uint8_t> speaks_; // distinct statements
};

} // namespace

std::vector<std::vector<LooksUp>> FindLookUps(Resolver &resolver) {
  return Finder(resolver).Find();
}

} // namespace pydefrag
