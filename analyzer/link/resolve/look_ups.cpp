#include "link/resolve/look_ups.h"

#include "base/parallel.h"
#include "link/flow/source_trees.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

namespace pydefrag {
namespace {

// Which distinct statements look up a module whose name they do not say: `sys.modules[name]`,
// `sys.modules.get(name)`.
class LookUpSigns {
public:
  LookUpSigns(const Project &project, const SyntaxView &view, unsigned jobs)
      : view_(view), modules_(project.scanned.names.Find("modules")) {
    const auto &statements = project.scanned.syntax.statements;
    found_.resize(statements.size());
    ParallelFor(modules_.valid() ? statements.size() : 0, jobs, 4096,
                [&](size_t i) { found_[i] = LooksUpOne(statements[StatementId(i)]); });
  }
  bool In(const PlacedStatement &placed) const {
    return found_[static_cast<size_t>(placed.statement.index)] != 0;
  }

private:
  bool IsModules(ExprId id) const {
    return view_.Is(id, ExprKind::Attribute) && view_.At(id).text == modules_;
  }
  bool LooksUpOne(const Statement &statement) const {
    int mentions = 0;
    view_.WalkAll(statement, [&](ExprId id) {
      mentions += IsModules(id);
      const bool entry = view_.Is(id, ExprKind::Subscript) && IsModules(view_.Child(id));
      const ExprId key = entry ? view_.Child(id, 1) : ExprId();
      mentions -= entry && (view_.Is(key, ExprKind::String) || view_.IsName(key, "__name__"));
      mentions -= view_.Is(id, ExprKind::Compare) && IsModules(view_.Child(id, 1));
    });
    return mentions > 0;
  }

  const SyntaxView &view_;
  const NameId modules_;
  std::vector<uint8_t> found_;
};

// The definitions of one file, and which of them say which.
class FileReader {
public:
  FileReader(const Project &project, const SyntaxView &view, FileId file, llvm::StringRef text)
      : view_(view), statements_(project.scanned.facts[file].statements), text_(text) {}

  std::vector<LooksUp> Read(bool puts) {
    for (uint32_t s = 0; s < statements_.size();) {
      const Statement &statement = view_.Of(statements_[s]);
      const bool function = statement.kind == StatementKind::Function;
      AddBlock(s, statement);
      s = function ? statements_[s].end : s + 1;
    }
    Spread();
    std::vector<LooksUp> found;
    for (const Block &block : blocks_) {
      if (block.looks_up && !view_.Text(block.name).starts_with("__")) {
        found.push_back({block.name, block.top, puts});
      }
    }
    return found;
  }

private:
  struct Block {
    NameId name;
    int owner; // of a method: the block of its class; -1: none
    bool top;
    bool looks_up = false;
  };

  static bool IsLoader(llvm::StringRef method) {
    return method == "load_module" || method == "exec_module" || method == "create_module";
  }

  // A function, a class, and `put = make()` at the top.
  void AddBlock(uint32_t s, const Statement &statement) {
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
      return AddWords(TextOfBlock(statements_, statements_[s], text_), at);
    }
    case StatementKind::Assign:
      if (top && view_.Is(statement.first, ExprKind::Name) &&
          IsCallable(view_.LastOperand(statement))) {
        blocks_.push_back({view_.At(statement.first).text, -1, true});
        AddWords(text_.slice(statements_[s].head, BehindLinesOf(statements_[s], text_)), at);
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
    for (int at : said_in_.lookup("modules")) {
      mark(at);
    }
    while (!open.empty()) {
      const Block block = blocks_[static_cast<size_t>(open.back())];
      open.pop_back();
      for (int at : said_in_.lookup(view_.Text(block.name))) {
        mark(at);
      }
    }
  }

  const SyntaxView &view_;
  const std::vector<PlacedStatement> &statements_;
  const llvm::StringRef text_;
  std::vector<Block> blocks_;
  llvm::StringMap<llvm::SmallVector<int, 4>> said_in_;
  std::pair<int, uint32_t> class_at_{-1, 0}; // the last class, and where it ends
};

class Finder {
public:
  explicit Finder(Resolver &resolver)
      : resolver_(resolver), project_(resolver.project()), view_(resolver.view()),
        signs_(project_, view_, resolver.jobs()) {}

  std::vector<std::vector<LooksUp>> Find() {
    std::vector<std::vector<LooksUp>> found(project_.module_of_file.size());
    for (size_t i = 0; i < found.size(); ++i) {
      const FileId file(i);
      const auto &statements = project_.scanned.facts[file].statements;
      bool looks_up = false;
      bool puts = false;
      for (const PlacedStatement &placed : statements) {
        const bool here = placed.parent >= 0 && signs_.In(placed) && IsInFunction(file, placed);
        looks_up |= here || RenamesModules(file, view_.Of(placed));
        puts |= here && Puts(view_.Of(placed));
      }
      if (looks_up) {
        found[i] = FileReader(project_, view_, file, TextOf(file)).Read(puts);
      }
    }
    return found;
  }

private:
  llvm::StringRef TextOf(FileId file) const {
    return resolver_.sources() != nullptr
               ? resolver_.sources()->TextOf(project_.module_of_file[file])
               : "";
  }

  // `sys.modules[name] = ...`
  bool Puts(const Statement &statement) const {
    const auto operands = statement.kind == StatementKind::Assign ? view_.Operands(statement)
                                                                  : llvm::SmallVector<ExprId, 8>();
    return operands.size() > 1 &&
           llvm::any_of(llvm::ArrayRef(operands).drop_back(), [&](ExprId target) {
             return view_.Is(target, ExprKind::Subscript) &&
                    view_.Is(view_.Child(target), ExprKind::Attribute) &&
                    view_.TextOf(view_.Child(target)) == "modules" &&
                    !view_.Is(view_.Child(target, 1), ExprKind::String);
           });
  }

  bool IsInFunction(FileId file, const PlacedStatement &placed) const {
    const auto &statements = project_.scanned.facts[file].statements;
    for (int32_t p = placed.parent; p >= 0; p = statements[static_cast<size_t>(p)].parent) {
      if (view_.Of(statements[static_cast<size_t>(p)]).kind == StatementKind::Function) {
        return true;
      }
    }
    return false;
  }

  // `from sys import modules`, `import sys as system`, `mods = sys.modules`: what functions do to
  // that, no fact says.
  bool RenamesModules(FileId file, const Statement &statement) const {
    if (statement.kind == StatementKind::FromImport) {
      return view_.Text(statement.text) == "sys" &&
             llvm::any_of(view_.Operands(statement),
                          [&](ExprId alias) { return view_.TextOf(alias) == "modules"; });
    }
    if (statement.kind == StatementKind::Import) {
      return llvm::any_of(view_.Operands(statement), [&](ExprId alias) {
        return view_.TextOf(alias) == "sys" && view_.Child(alias).valid() &&
               TextOf(file).contains(".modules");
      });
    }
    const ExprId value =
        statement.kind == StatementKind::Assign ? view_.LastOperand(statement) : ExprId();
    return view_.Is(value, ExprKind::Attribute) && view_.Dotted(value) == "sys.modules";
  }

  Resolver &resolver_;
  const Project &project_;
  const SyntaxView &view_;
  const LookUpSigns signs_;
};

} // namespace

std::vector<std::vector<LooksUp>> FindLookUps(Resolver &resolver) {
  return Finder(resolver).Find();
}

} // namespace pydefrag
