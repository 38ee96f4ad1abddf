#include "link/resolve/found_modules.h"

#include "link/flow/source_trees.h"
#include "link/resolve/frame_writers.h"
#include "link/resolve/function_texts.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <vector>

namespace pydefrag {
namespace {

// What runs when a class is made of a base or metaclass, or when the class is called.
bool RunsForClasses(llvm::StringRef method) {
  return llvm::StringSwitch<bool>(method)
      .Cases("__init_subclass__", "__new__", "__init__", "__call__", "__set_name__", true)
      .Default(false);
}

class Finder {
public:
  Finder(const Project &project, const StatementSigns &signs, Resolver &resolver)
      : project_(project), signs_(signs), resolver_(resolver), view_(resolver.view()) {}

  void Open() {
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      if (signs_.IsIn(FileId(i), Sign::FindsModule)) {
        ReadFile(FileId(i));
      }
    }
    OpenCallersOf(functions_, project_, resolver_);
    OpenDecoratedBy(decorators_, project_, signs_, resolver_);
    if (!classes_.empty()) {
      OpenModulesOfClasses();
    }
  }

private:
  void ReadFile(FileId file) {
    const auto &statements = project_.scanned.facts[file].statements;
    for (const PlacedStatement &placed : statements) {
      if (!signs_.Shows(placed, Sign::FindsModule)) {
        continue;
      }
      // The outermost function, and the class whose method it is.
      int32_t function = -1;
      bool conditional = false;
      for (int32_t at = placed.parent; at >= 0; at = statements[static_cast<size_t>(at)].parent) {
        const StatementKind kind = view_.Of(statements[static_cast<size_t>(at)]).kind;
        function = kind == StatementKind::Function ? at : function;
        conditional |= IsConditional(kind);
      }
      if (function >= 0 && !conditional &&
          Writes(file, placed, statements[static_cast<size_t>(function)])) {
        NoteWriter(statements, statements[static_cast<size_t>(function)]);
        // What a decorator does to the module of its class is told by the class.
        if (AsksInterpreter(view_.Of(placed))) {
          decorators_.insert(view_.Of(statements[static_cast<size_t>(function)]).text);
        }
      }
    }
  }

  // `inspect.getmodule(function)`
  bool AsksInterpreter(const Statement &statement) const {
    bool asks = false;
    view_.Walk(statement, [&](ExprId id) {
      const NameId called = view_.CalledName(id);
      asks |= called.valid() && view_.Text(called) == "getmodule";
    });
    return asks;
  }

  // At once, or by the name that the module gets there.
  bool Writes(FileId file, const PlacedStatement &placed, const PlacedStatement &function) const {
    const Statement &statement = view_.Of(placed);
    if (statement.kind != StatementKind::Assign || !view_.Is(statement.first, ExprKind::Name)) {
      return true;
    }
    const llvm::StringRef text = resolver_.sources() != nullptr
                                     ? resolver_.sources()->TextOf(project_.module_of_file[file])
                                     : "";
    const llvm::StringRef block =
        TextOfBlock(project_.scanned.facts[file].statements, function, text);
    const llvm::StringRef name = view_.TextOf(statement.first); // of the module, or of its dict
    return WritesAttributes(block, name) || WritesItems(block, name);
  }

  void NoteWriter(const std::vector<PlacedStatement> &statements, const PlacedStatement &function) {
    const NameId name = view_.Of(function).text;
    const Statement *owner = function.parent >= 0
                                 ? &view_.Of(statements[static_cast<size_t>(function.parent)])
                                 : nullptr;
    if (owner == nullptr || owner->kind != StatementKind::Class ||
        !RunsForClasses(view_.Text(name))) {
      functions_.insert(name);
      return;
    }
    classes_.insert(owner->text);
    if (view_.Text(name) != "__init_subclass__") {
      functions_.insert(owner->text); // `Registered(cls)`
    }
  }

  struct Made {
    NameId name;
    FileId file;
  };

  void OpenModulesOfClasses() {
    llvm::DenseMap<NameId, std::vector<Made>> of_base;
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      for (const PlacedStatement &placed : project_.scanned.facts[FileId(i)].statements) {
        const Statement &statement = view_.Of(placed);
        if (statement.kind != StatementKind::Class) {
          continue;
        }
        for (ExprId id = statement.bases; id.valid(); id = view_.Next(id)) {
          const ExprId base = view_.Is(id, ExprKind::Keyword) ? view_.Child(id) : id;
          if (view_.Is(base, ExprKind::Name) || view_.Is(base, ExprKind::Attribute)) {
            of_base[view_.At(base).text].push_back({statement.text, FileId(i)});
          }
        }
      }
    }
    std::vector<NameId> left(classes_.begin(), classes_.end());
    llvm::sort(left);
    while (!left.empty()) {
      const NameId base = left.back();
      left.pop_back();
      for (const Made &made : of_base.lookup(base)) {
        OpenWritten(resolver_, made.file, base);
        if (classes_.insert(made.name).second) {
          left.push_back(made.name);
        }
      }
    }
  }

  const Project &project_;
  const StatementSigns &signs_;
  Resolver &resolver_;
  const SyntaxView &view_;
  llvm::DenseSet<NameId> functions_;
  llvm::DenseSet<NameId> decorators_;
  llvm::DenseSet<NameId> classes_;
};

} // namespace

void OpenFoundModules(const Project &project, const StatementSigns &signs, Resolver &resolver) {
  Finder(project, signs, resolver).Open();
}

} // namespace pydefrag
