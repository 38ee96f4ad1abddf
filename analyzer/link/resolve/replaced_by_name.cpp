#include "link/resolve/replaced_by_name.h"

#include "base/parallel.h"
#include "link/flow/given_name.h"
#include "link/flow/made_hooks.h"
#include "link/resolve/frame_writers.h"
#include "link/resolve/library_names.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"

#include <vector>

namespace pydefrag {

// Whether a text has the name of the module in it, not only `type(error).__name__`.
static bool SaysOwnName(llvm::StringRef text) {
  constexpr llvm::StringLiteral kName = "__name__";
  for (size_t at = text.find(kName); at != llvm::StringRef::npos; at = text.find(kName, at + 1)) {
    if (at == 0 || text[at - 1] != '.') {
      return true;
    }
  }
  return false;
}

namespace {

class Opener {
public:
  Opener(Resolver &resolver, const llvm::DenseSet<NameId> &functions)
      : resolver_(resolver), project_(resolver.project()), view_(resolver.view()),
        functions_(functions) {}

  // The statements of a file that seem to call one with `__name__`. What functions do with calls is
  // not in the facts. May be asked from several threads.
  std::vector<uint32_t> FindCalls(FileId file) const {
    const auto &statements = project_.scanned.facts[file].statements;
    llvm::DenseSet<NameId> aliases;
    std::vector<uint32_t> found;
    for (uint32_t s = 0; s < statements.size(); ++s) {
      const Statement &statement = view_.Of(statements[s]);
      bool calls = false;
      view_.WalkAll(statement, [&](ExprId id) {
        const NameId called = calls ? NameId() : view_.CalledName(id);
        // Of a long call the arguments are left out.
        calls |= called.valid() && (functions_.contains(called) || aliases.contains(called)) &&
                 (statement.reduced || IsGiven(id)) && !IsOfLibrary(file, s, view_.Child(id));
      });
      if (calls) {
        found.push_back(s);
      }
      AddAliases(statement, aliases);
    }
    return found;
  }

  // Whether one of these statements says `__name__`; nothing: the file cannot be read again.
  std::optional<bool> GivesName(FileId file, llvm::ArrayRef<uint32_t> calls) {
    SourceTrees *sources = resolver_.sources();
    const llvm::StringRef text =
        sources != nullptr ? sources->TextOf(project_.module_of_file[file]) : "";
    const auto &statements = project_.scanned.facts[file].statements;
    const bool given = llvm::any_of(calls, [&](uint32_t s) {
      return SaysOwnName(text.slice(statements[s].head, BehindLinesOf(statements[s], text)));
    });
    return text.empty() ? std::nullopt : std::optional(given);
  }

  // Of a module in which such a statement says `__name__`.
  void ReadCalls(ModuleId module) {
    const SourceTree *tree = resolver_.sources()->Of(module);
    if (tree == nullptr) {
      return OpenUnread(module);
    }
    if (!judge_) {
      judge_.emplace(resolver_);
    }
    llvm::SmallVector<Event, 4> events;
    for (uint32_t name : tree->NamesSaying("__name__")) {
      ReadName(*tree, name, events);
    }
    AddEvents(resolver_, module, events);
  }

  void OpenUnread(ModuleId module) { Open(module, "a function"); }

private:
  // Whether what a statement calls is a library's, by a name of the module itself: no class or
  // comprehension around it has one of its own.
  bool IsOfLibrary(FileId file, uint32_t s, ExprId callee) const {
    const auto &statements = project_.scanned.facts[file].statements;
    bool has_own = view_.StandsInDefinition(statements, s);
    view_.WalkAll(view_.Of(statements[s]),
                  [&](ExprId id) { has_own |= view_.Is(id, ExprKind::Comprehension); });
    return !has_own && ComesFromLibrary(resolver_, project_.module_of_file[file], callee);
  }

  bool IsGiven(ExprId call) const {
    bool given = false;
    view_.WalkAll(call, [&](ExprId id) { given |= view_.IsName(id, "__name__"); });
    return given;
  }

  // The call that gets it, or something made of it; and so on, where a function of the project
  // gives something back for it: `put(ident(__name__))`.
  void ReadName(const SourceTree &tree, uint32_t name, llvm::SmallVectorImpl<Event> &events) {
    for (uint32_t at = name; at != 0;) {
      const uint32_t above = tree.Parent(at);
      const bool keyword = tree.Is(above, NodeKind::KeywordArgument);
      const uint32_t list = keyword ? tree.Parent(above) : above;
      const uint32_t call = tree.Parent(list);
      if (tree.Is(list, NodeKind::ArgumentList) && tree.Is(call, NodeKind::Call)) {
        const Meaning called = judge_->CalleeOf(tree, call);
        ReadCall(tree, call, called, at, at == name, events);
        if (!called.Is(NodeKind::FunctionDefinition)) {
          return;
        }
        at = call;
      } else {
        at = above;
      }
    }
  }

  static bool IsText(const SourceTree &tree, uint32_t node) {
    return tree.Is(node, NodeKind::String) || tree.Is(node, NodeKind::ConcatenatedString);
  }

  // `from tools import replace as put`, `put = replace`
  void AddAliases(const Statement &statement, llvm::DenseSet<NameId> &aliases) const {
    const auto add = [&](ExprId local, ExprId of) {
      if (local.valid() && functions_.contains(view_.At(of).text)) {
        aliases.insert(view_.At(local).text);
      }
    };
    if (statement.kind == StatementKind::FromImport) {
      for (ExprId alias : view_.Operands(statement)) {
        add(view_.Is(alias, ExprKind::Alias) ? view_.Child(alias) : ExprId(), alias);
      }
    } else if (statement.kind == StatementKind::Assign) {
      const ExprId value = view_.LastOperand(statement);
      const bool names =
          view_.Is(statement.first, ExprKind::Name) && view_.Is(value, ExprKind::Name);
      add(names ? statement.first : ExprId(), value);
    }
  }

  void Open(ModuleId module, const llvm::Twine &by) {
    resolver_.OpenModule(module, by + " may replace the module", OpenedBy::Others);
  }

  void ReadCall(const SourceTree &tree, uint32_t call, const Meaning &called, uint32_t argument,
                bool itself, llvm::SmallVectorImpl<Event> &events) {
    const uint32_t callee = tree.Child(call, 0);
    const llvm::StringRef name = called.kind == Meaning::Kind::Definition
                                     ? called.tree->Text(called.tree->Child(called.node, 0))
                                 : tree.Is(callee, NodeKind::Attribute)
                                     ? tree.Text(tree.LastChild(callee))
                                     : tree.Text(callee);
    const NameId id = project_.scanned.names.Find(name);
    if (tree.Is(callee, NodeKind::Attribute) && IsText(tree, tree.Child(callee, 0))) {
      return; // `"{} lacks it".format(__name__)`: a method of str
    }
    if (!id.valid() || !functions_.contains(id) ||
        (called.kind == Meaning::Kind::Unknown && !itself)) {
      return;
    }
    if (called.kind == Meaning::Kind::Outside || called.Is(NodeKind::ClassDefinition)) {
      return; // most classes keep it, no more
    }
    const NameDeed &deed = judge_->Judge(tree, call, argument);
    const auto names = judge_->NamesSet(deed, tree, call);
    if (!names || (deed.proxied && IsTakenWhole(tree.module)) ||
        (deed.keeps_asked && !BecomesHook(tree, call))) {
      return Open(tree.module, "`" + name + "`");
    }
    const auto &statements = project_.scanned.facts[tree.file].statements;
    const auto behind =
        llvm::upper_bound(statements, tree.At(call).begin,
                          [](uint32_t at, const PlacedStatement &each) { return at < each.head; });
    for (llvm::StringRef set : *names) {
      // Who has not been named anywhere is not asked for.
      if (const NameId one = project_.scanned.names.Find(set); one.valid()) {
        const auto before = static_cast<uint32_t>(behind - statements.begin());
        events.push_back({.name = one, .maybe = true, .statement = before > 0 ? before - 1 : 0});
      }
    }
  }

  // `__getattr__, __all__ = attach(__name__, ...)`, and nothing else speaks of the hook: Python
  // alone asks it.
  static bool BecomesHook(const SourceTree &tree, uint32_t call) {
    return tree.NamesSaying("__getattr__").size() == 1 && CallThatMakesHook(tree) == call;
  }

  // Whether somebody imports a star of it, which a proxy without `__all__` has no names for.
  bool IsTakenWhole(ModuleId module) const {
    const NameId all = project_.scanned.names.Find("__all__");
    if (all.valid() && !resolver_.Log(module).Of(all).empty()) {
      return false;
    }
    return llvm::any_of(resolver_.sources()->FromImportsOf(module), [&](const FromImport &from) {
      const FileId file = project_.modules[from.first].file;
      return view_.Is(view_.Of(project_.scanned.facts[file].statements[from.second]).first,
                      ExprKind::Star);
    });
  }

  Resolver &resolver_;
  const Project &project_;
  const SyntaxView &view_;
  const llvm::DenseSet<NameId> &functions_;
  std::optional<GivenNames> judge_;
};

} // namespace

void OpenModulesReplacedByName(Resolver &resolver, llvm::ArrayRef<FileId> makers) {
  const Project &project = resolver.project();
  const SyntaxView &view = resolver.view();
  llvm::DenseSet<NameId> functions;
  for (FileId file : makers) {
    const auto &statements = project.scanned.facts[file].statements;
    for (uint32_t s = 0; s < statements.size();) { // methods of classes too
      const Statement &statement = view.Of(statements[s]);
      const bool made = statement.kind == StatementKind::Class;
      // pkg_resources' own lets a module stay that is loaded, with a longer `__path__`.
      if (statement.kind == StatementKind::Function &&
          view.Text(statement.text) != "declare_namespace") {
        functions.insert(statement.text);
      }
      s = made ? s + 1 : statements[s].end;
    }
  }
  if (functions.empty()) {
    return;
  }
  Opener opener(resolver, functions);
  std::vector<std::vector<uint32_t>> calls(project.module_of_file.size());
  ParallelFor(calls.size(), resolver.jobs(), 32,
              [&](size_t i) { calls[i] = opener.FindCalls(FileId(i)); });
  std::vector<ModuleId> given;
  for (size_t i = 0; i < calls.size(); ++i) {
    const ModuleId module = project.module_of_file[FileId(i)];
    const std::optional<bool> gives =
        calls[i].empty() ? std::optional(false) : opener.GivesName(FileId(i), calls[i]);
    if (!gives) {
      opener.OpenUnread(module);
    } else if (*gives) {
      given.push_back(module);
    }
  }
  if (!given.empty()) {
    resolver.sources()->ReadTrees(given);
  }
  for (ModuleId module : given) {
    opener.ReadCalls(module);
  }
}

} // namespace pydefrag
