// One pass over the statements that speak of `sys.modules` or call `setattr`. What a name stands
// for is read from the file's import statements, at any depth: the namespaces are not complete yet.
#include "link/resolve/written_modules.h"

#include "facts/headers_around.h"
#include "link/names/literal_choices.h"
#include "link/names/own_namespace.h"
#include "link/resolve/found_modules.h"
#include "link/resolve/frame_writers.h"
#include "link/resolve/function_texts.h"
#include "link/resolve/imported_module.h"
#include "link/resolve/module_statements.h"
#include "link/resolve/replaced_by_name.h"
#include "stdlib/frozen.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringExtras.h"

#include <vector>

namespace pydefrag {
namespace {

// `this = sys.modules[__name__]`: a name that stands for the module itself.
struct OwnName {
  NameId name;
  int32_t parent; // the header that the assignment stands below; -1: none
};

class WriteReader {
public:
  WriteReader(const Project &project, const StatementSigns &signs, Resolver &resolver)
      : project_(project), signs_(signs), resolver_(resolver), view_(resolver.view()) {}

  void Read() {
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      if (signs_.IsIn(FileId(i), Sign::SpeaksOfModules)) {
        ReadFile(FileId(i));
      }
    }
    OpenModulesReplacedByName(resolver_, makers_);
    OpenGivenModules();
    OpenCallersOfFrameWriters(project_, signs_, resolver_);
    OpenFoundModules(project_, signs_, resolver_);
  }

private:
  void NoteMaker() {
    if (makers_.empty() || makers_.back() != file_) {
      makers_.push_back(file_);
    }
  }

  // `sys.modules[...]`, `_sys.modules[...]`.
  bool IsModulesEntry(ExprId id) const {
    const auto dotted =
        view_.Is(id, ExprKind::Subscript) ? view_.Dotted(view_.Child(id)) : std::nullopt;
    return dotted && llvm::StringRef(*dotted).ends_with("sys.modules");
  }
  bool IsOwnModule(ExprId id) const { return pydefrag::IsOwnModule(view_, id); }

  // `x.__class__`, `x.__getattr__`
  bool IsHookOfName(ExprId id) const {
    return view_.Is(id, ExprKind::Attribute) &&
           (view_.TextOf(id) == "__class__" || view_.TextOf(id) == "__getattr__") &&
           view_.Is(view_.Child(id), ExprKind::Name);
  }

  // `sys.modules[name].__getattr__`, or its class: who sets it decides what names there are.
  bool IsHookOfEntry(ExprId id) const {
    return view_.Is(id, ExprKind::Attribute) && IsModulesEntry(view_.Child(id)) &&
           !IsOwnModule(view_.Child(id)) &&
           (view_.TextOf(id) == "__getattr__" || view_.TextOf(id) == "__class__");
  }

  // `sys.modules[name]`, `sys.modules.get(name)`, of a name that only the caller knows.
  bool IsModuleOfName(ExprId id) const {
    ExprId key;
    if (IsModulesEntry(id)) {
      key = view_.Child(id, 1);
    } else if (const auto callee = view_.Callee(id);
               callee && llvm::StringRef(*callee).ends_with("sys.modules.get")) {
      key = view_.Child(id, 1);
    }
    return key.valid() && !view_.Is(key, ExprKind::String) && !view_.IsName(key, "__name__");
  }
  bool TakesModuleByName(const Statement &statement) const {
    bool takes = false;
    view_.WalkAll(statement, [&](ExprId id) { takes |= IsModuleOfName(id); });
    return takes;
  }

  void ReadFile(FileId file) {
    file_ = file;
    module_ = project_.module_of_file[file];
    llvm::SmallVector<OwnName, 2> own;
    const auto &statements = project_.scanned.facts[file].statements;
    for (const PlacedStatement &placed : statements) {
      if (!signs_.Shows(placed, Sign::SpeaksOfModules)) {
        continue;
      }
      const Statement &statement = view_.Of(placed);
      if (placed.parent >= 0 && TakesModuleByName(statement)) {
        NoteMaker(); // what it does to it, its callers tell
      }
      if (statement.kind == StatementKind::Assign) {
        const ExprId value = view_.LastOperand(statement);
        if (placed.parent >= 0 && view_.Callee(value) == "globals") {
          resolver_.OpenModule(module_, "`globals()` gets another name", OpenedBy::OwnDict);
        }
        ReadAssignment(view_.Operands(statement), placed.parent, own);
      } else {
        OpenHandedOver(statement.first);
        if (view_.Callee(statement.first) == "setattr") {
          if (placed.parent >= 0 && view_.Is(view_.Child(statement.first, 1), ExprKind::Name) &&
              IsEntryThere(view_.Child(statement.first, 1))) {
            NoteMaker();
          }
          ReadSetattr(statements, placed, own);
          NoteWriter(statements, placed, own);
          OpenListed(statements, placed);
        }
      }
    }
  }

  // Whether one statement of the function, as its text has it, binds the name. Facts leave out
  // what functions assign.
  bool IsBoundOnce(uint32_t function, NameId name) const {
    return CountBindings(TextOfBlock(resolver_, module_, function), project_.Text(name)) == 1;
  }

  // `def fill(module): setattr(module, name, value)`
  void NoteWriter(const std::vector<PlacedStatement> &statements, const PlacedStatement &placed,
                  llvm::ArrayRef<OwnName> own) {
    const llvm::SmallVector<ExprId, 4> arguments = view_.Arguments(view_.Of(placed).first);
    if (arguments.size() != 3 || !view_.Is(arguments[0], ExprKind::Name) ||
        view_.Is(arguments[1], ExprKind::String) || view_.TextOf(arguments[0]) == "self" ||
        view_.TextOf(arguments[0]) == "cls") {
      return;
    }
    const bool module = view_.TextOf(arguments[0]).contains("mod");
    const auto is_own = [&](uint32_t header) {
      return llvm::any_of(own, [&](const OwnName &each) {
        return each.parent == static_cast<int32_t>(header) &&
               each.name == view_.At(arguments[0]).text && IsBoundOnce(header, each.name);
      });
    };
    for (uint32_t header : HeadersAround(statements, placed)) {
      const Statement &above = view_.Of(statements[header]);
      if (is_own(header)) {
        return; // it writes into its own module, whatever it gets
      }
      if (above.kind == StatementKind::Function) {
        fillers_.insert(above.text);
        if (module) {
          writers_.insert(above.text);
        }
      }
    }
  }

  // `for module in parts: setattr(module, name, value)`, where `parts = [core, video]` are modules.
  void OpenListed(const std::vector<PlacedStatement> &statements, const PlacedStatement &placed) {
    const llvm::SmallVector<ExprId, 4> arguments = view_.Arguments(view_.Of(placed).first);
    if (arguments.size() != 3 || !view_.Is(arguments[0], ExprKind::Name)) {
      return;
    }
    for (uint32_t header : HeadersAround(statements, placed)) {
      const Statement &loop = view_.Of(statements[header]);
      if (loop.kind != StatementKind::For ||
          !view_.IsName(loop.first, view_.TextOf(arguments[0]))) {
        continue;
      }
      const ExprId listed = view_.Next(loop.first);
      for (uint32_t s = 0; s < statements.size(); s = statements[s].end) {
        const Statement &list = view_.Of(statements[s]);
        if (list.kind == StatementKind::Assign && view_.Is(listed, ExprKind::Name) &&
            view_.IsName(list.first, view_.TextOf(listed))) {
          const ExprId items = view_.LastOperand(list);
          if (view_.Is(items, ExprKind::List) || view_.Is(items, ExprKind::Tuple)) {
            OpenEach(view_.Children(items));
          }
        }
      }
    }
  }
  void OpenEach(llvm::ArrayRef<ExprId> values) {
    for (ExprId value : values) {
      const auto dotted = view_.Dotted(value);
      const ModuleId module = dotted ? ImportedModule(resolver_, file_, *dotted) : ModuleId();
      if (module.valid() && project_.modules[module].first_party) {
        resolver_.OpenFromElsewhere(module, "`setattr` adds names to the module");
      }
    }
  }

  // `fill(current_module())`: a function that asks the interpreter for the module of its caller,
  // and one that writes into what it gets; `copy_names(plain, shop.parts)`, where some are modules.
  void OpenGivenModules() {
    if (fillers_.empty()) {
      return;
    }
    const auto calling =
        FindModuleStatements(project_, resolver_.jobs(), [&](FileId file, uint32_t s) {
          const Statement &statement = view_.Of(project_.scanned.facts[file].statements[s]);
          return statement.kind == StatementKind::Expression &&
                 (CallsOneOf(view_, statement.first, writers_) ||
                  CallsOneOf(view_, statement.first, fillers_));
        });
    for (size_t i = 0; i < calling.size(); ++i) {
      file_ = FileId(i);
      module_ = project_.module_of_file[file_];
      for (uint32_t s : calling[i]) {
        const Statement &statement = view_.Of(project_.scanned.facts[file_].statements[s]);
        const ExprId call = statement.first;
        // Of a long call the arguments are left out.
        if (CallsOneOf(view_, call, writers_) &&
            (statement.reduced || llvm::any_of(view_.Arguments(call), [&](ExprId argument) {
               return view_.Is(argument, ExprKind::Call) && view_.Arguments(argument).empty();
             }))) {
          OpenWritten(resolver_, FileId(i), view_.CalledName(call));
        }
        if (CallsOneOf(view_, call, fillers_)) {
          OpenEach(view_.Arguments(call));
        }
      }
    }
  }

  // `fill(sys.modules["name"])`: whoever gets a module that way is likely to write into it, but for
  // the assertions of unittest.
  void OpenHandedOver(ExprId call) {
    const auto callee = view_.Callee(call);
    if (callee && llvm::StringRef(*callee).starts_with("self.assert")) {
      return;
    }
    for (ExprId argument : view_.Arguments(call)) {
      const auto name =
          IsModulesEntry(argument) ? view_.String(view_.Child(argument, 1)) : std::nullopt;
      const ModuleId module = name ? project_.FindModule(*name) : ModuleId();
      if (module.valid()) {
        resolver_.OpenModule(module, "its entry in `sys.modules` is handed to a call",
                             OpenedBy::Others);
      }
    }
  }

  void ReadAssignment(llvm::ArrayRef<ExprId> operands, int32_t parent,
                      llvm::SmallVectorImpl<OwnName> &own) {
    const bool nested = parent >= 0;
    for (ExprId target : operands.drop_back()) {
      if (view_.Is(target, ExprKind::Name) && IsOwnModule(operands.back())) {
        own.push_back({view_.At(target).text, parent});
      }
      if (nested && IsHookOfName(target) && IsEntryThere(view_.Child(target))) {
        NoteMaker(); // it may serve other names
      }
      if (nested && IsHookOfEntry(target)) {
        NoteMaker();
      }
      if (!IsModulesEntry(target) || IsOwnModule(target)) {
        continue;
      }
      if (const auto name = view_.String(view_.Child(target, 1))) {
        const ModuleId module = project_.FindModule(*name);
        const bool itself = module == module_ && !nested; // the log has it
        if (module.valid() && !itself && !IsFrozenCopy(operands.back(), *name)) {
          resolver_.OpenModule(module, "replaced in `sys.modules`", OpenedBy::Others);
        }
      } else if (nested) {
        NoteMaker();
      }
    }
  }

  // `import_module(name)`, `__import__(name)`
  bool ImportsGivenName(ExprId value) const {
    const auto callee = view_.Callee(value);
    const ExprId name = view_.Is(value, ExprKind::Call) ? view_.Child(value, 1) : ExprId();
    return callee && name.valid() && view_.Is(name, ExprKind::Name) &&
           (*callee == "__import__" || llvm::StringRef(*callee).ends_with("import_module"));
  }

  // Whether some function of the file calls an entry of `sys.modules` by this name, or a module
  // that it imports by a name that it is given.
  bool IsEntryThere(ExprId name) const {
    return llvm::any_of(project_.scanned.facts[file_].statements, [&](const PlacedStatement &each) {
      const Statement &statement = view_.Of(each);
      const ExprId value =
          statement.kind == StatementKind::Assign ? view_.LastOperand(statement) : ExprId();
      const bool module = (IsModulesEntry(value) && !IsOwnModule(value)) || ImportsGivenName(value);
      return module && view_.IsName(statement.first, view_.TextOf(name));
    });
  }

  // Whether the value is what CPython made of the very module: `import _frozen_x as value`.
  bool IsFrozenCopy(ExprId value, llvm::StringRef module) const {
    for (const PlacedStatement &placed : project_.scanned.facts[file_].statements) {
      const Statement &statement = view_.Of(placed);
      if (statement.kind != StatementKind::Import || !view_.Is(value, ExprKind::Name)) {
        continue;
      }
      for (ExprId alias : view_.Operands(statement)) {
        const ExprId as = view_.Child(alias);
        if (FrozenSourceOf(view_.TextOf(alias)) == module &&
            view_.TextOf(as.valid() ? as : alias) == view_.TextOf(value)) {
          return true;
        }
      }
    }
    return false;
  }

  // `for name in ("a", "b"): setattr(module, name, value)` at module level, where nothing else
  // binds the name.
  llvm::SmallVector<NameId, 4> LoopChoices(const std::vector<PlacedStatement> &statements,
                                           const PlacedStatement &placed, ExprId key) const {
    const Statement *loop =
        placed.parent >= 0 ? &view_.Of(statements[static_cast<size_t>(placed.parent)]) : nullptr;
    if (loop == nullptr || loop->kind != StatementKind::For || loop->reduced ||
        statements[static_cast<size_t>(placed.parent)].parent >= 0 ||
        !view_.Is(key, ExprKind::Name) || !view_.IsName(loop->first, view_.TextOf(key))) {
      return {};
    }
    const auto items = view_.StringItems(view_.Next(loop->first));
    const auto &events = resolver_.Log(module_).Of(view_.At(key).text);
    const bool once = llvm::all_of(events, [&](uint32_t index) {
      const Event &event = resolver_.Log(module_).events[index];
      return event.kind == EventKind::Unbind || event.target == loop->first;
    });
    return items && once ? llvm::SmallVector<NameId, 4>(items->begin(), items->end())
                         : llvm::SmallVector<NameId, 4>();
  }

  void ReadSetattr(const std::vector<PlacedStatement> &statements, const PlacedStatement &placed,
                   llvm::ArrayRef<OwnName> own) {
    const llvm::SmallVector<ExprId, 4> arguments = view_.Arguments(view_.Of(placed).first);
    if (arguments.size() == 3 && IsOwnModule(arguments[0]) &&
        !view_.Is(arguments[1], ExprKind::String)) {
      return resolver_.OpenModule(module_, "`setattr` adds names to the module", OpenedBy::OwnDict);
    }
    const auto dotted = arguments.size() == 3 ? view_.Dotted(arguments[0]) : std::nullopt;
    if (!dotted) {
      return;
    }
    llvm::SmallVector<NameId, 4> names = LiteralChoices(view_, arguments[1]);
    if (names.empty()) {
      names = LoopChoices(statements, placed, arguments[1]);
    }
    const ModuleId target = names.empty() ? ModuleId() : ImportedModule(resolver_, file_, *dotted);
    for (NameId name : names) {
      resolver_.NotePut(name, module_, arguments[0], kNoStatement);
      if (target.valid()) { // the import may stand in the function
        resolver_.NotePut(name, target, ExprId(), kNoStatement);
      }
    }
    if (!names.empty()) {
      return;
    }
    const bool itself =
        view_.Is(arguments[0], ExprKind::Name) && llvm::any_of(own, [&](const OwnName &each) {
          return each.name == view_.At(arguments[0]).text;
        });
    const ModuleId module = itself ? module_ : ImportedModule(resolver_, file_, *dotted);
    if (module == module_) {
      resolver_.OpenModule(module, "`setattr` adds names to the module",
                           itself ? OpenedBy::OwnDict : OpenedBy::Others);
    } else if (module.valid()) {
      OpenSetHere(module);
    }
  }

  // Which names this file's code sets on the module possible_names.h may tell.
  void OpenSetHere(ModuleId module) {
    const bool read = resolver_.HasLog(module);
    const bool otherwise = read && resolver_.Log(module).opened_otherwise;
    const bool always = read && resolver_.Log(module).always_opened_otherwise;
    resolver_.OpenFromElsewhere(module, "`setattr` adds names to the module");
    if (!read) {
      return;
    }
    NamespaceLog log;
    Answers none;
    resolver_.Exchange(module, log, none);
    log.opened_otherwise = otherwise;
    log.always_opened_otherwise = always;
    log.attribute_writers.push_back(module_);
    resolver_.Exchange(module, log, none);
  }

  const Project &project_;
  const StatementSigns &signs_;
  Resolver &resolver_;
  const SyntaxView &view_;
  FileId file_;
  ModuleId module_;
  std::vector<FileId> makers_;
  llvm::DenseSet<NameId> writers_; // functions that write into a module that they are given
  llvm::DenseSet<NameId> fillers_; // functions that set attributes of what they are given
};

} // namespace

void OpenModulesWrittenElsewhere(const Project &project, const StatementSigns &signs,
                                 Resolver &resolver) {
  WriteReader(project, signs, resolver).Read();
}

} // namespace pydefrag
