// StringFlow: names of other modules, and what other modules do to the names of this one.
#include "link/flow/string_flow.h"

#include "stdlib/frozen.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <iterator>
#include <vector>

namespace pydefrag {

// --- what import statements name

ModuleId StringFlow::ModuleNamed(const SourceTree &tree, uint32_t identifier) const {
  const auto scope =
      tree.Is(identifier, NodeKind::Identifier) ? tree.LookUp(identifier) : std::nullopt;
  if (!scope) {
    return ModuleId();
  }
  const auto &bound = tree.Scope(*scope).bindings.find(tree.Text(identifier))->second;
  const uint32_t import = tree.Enclosing(bound.front(), NodeKind::ImportStatement);
  const uint32_t named = tree.Parent(bound.front());
  if (bound.size() != 1) {
    return ModuleId();
  }
  if (import == 0) { // `from package import module`
    const uint32_t from = tree.Enclosing(bound.front(), NodeKind::ImportFromStatement);
    const ModuleId package = from != 0 ? ImportedModule(tree, from) : ModuleId();
    const bool renamed = tree.Is(named, NodeKind::AliasedImport);
    const NameId name =
        project_.scanned.names.Find(tree.Text(renamed ? tree.Child(named, 0) : bound.front()));
    if (!package.valid() || !name.valid() || !resolver_.table().IsPackage(package) ||
        !resolver_.HasLog(package)) {
      return ModuleId();
    }
    if (package == tree.module && *scope == 0) { // which binds it by this very statement
      return BroughtByStars(package, name) ? ModuleId()
                                           : resolver_.table().FindChild(package, name);
    }
    const Found found = resolver_.ImportFrom(package, name);
    return found.IsModule() && !found.unknown && found.answer == Answer::Yes ? found.module
                                                                             : ModuleId();
  }
  const auto parts = tree.Children(import);
  const auto place = static_cast<uint32_t>(llvm::find(parts, named) - parts.begin());
  const bool alias = tree.KindOf(named) == NodeKind::AliasedImport;
  const llvm::StringRef dotted = tree.Text(alias ? tree.Child(named, 0) : named);
  const llvm::StringRef source = FrozenSourceOf(dotted);
  return !source.empty()                  ? project_.FindModule(source)
         : alias || !dotted.contains('.') ? ImportedModule(tree, import, place)
                                          : ModuleId();
}

// Whether a star import of the module may bring the name.
bool StringFlow::BroughtByStars(ModuleId module, NameId name) const {
  const NamespaceLog &log = resolver_.Log(module);
  return llvm::any_of(log.stars, [&](uint32_t index) {
    const ModuleId source = log.events[index].kind == EventKind::Star
                                ? resolver_.TargetOf(module, log.events[index].statement).module
                                : ModuleId();
    return !source.valid() || resolver_.ThroughStar(source, name).answer != Answer::No;
  });
}

// Of the statement in the tree: the module after `from`, or of a plain import.
ModuleId StringFlow::ImportedModule(const SourceTree &tree, uint32_t import,
                                    uint32_t number) const {
  const auto &statements = project_.scanned.facts[tree.file].statements;
  const auto placed = llvm::find_if(
      statements, [&](const PlacedStatement &each) { return each.head == tree.At(import).begin; });
  if (placed == statements.end()) {
    return ModuleId();
  }
  const auto index = static_cast<uint32_t>(placed - statements.begin());
  return resolver_.TargetOf(tree.module, index, number).module;
}

void StringFlow::AddLocals(const SourceTree &tree, uint32_t node) {
  for (uint32_t scope = tree.ScopeOf(node); scope != 0; scope = tree.Scope(scope).parent) {
    for (const auto &bound : tree.Scope(scope).bindings) {
      AddText(bound.first());
    }
  }
}

// `part`: the name or alias in the statement.
void StringFlow::AnswerImported(const Question &question, uint32_t import, uint32_t part) {
  const SourceTree &tree = *question.tree;
  const bool from = tree.KindOf(import) == NodeKind::ImportFromStatement;
  const bool alias = tree.KindOf(part) == NodeKind::AliasedImport;
  const llvm::StringRef name = tree.Text(alias ? tree.Child(part, 0) : part);
  const auto parts = tree.Children(import);
  const auto place = static_cast<uint32_t>(llvm::find(parts, part) - parts.begin());
  ModuleId module = ImportedModule(tree, import, from ? 0 : place);
  if (!module.valid()) {
    return Fail();
  }
  if (from) {
    return AskModule(module, name, question.path);
  }
  for (size_t dots = alias ? 0 : name.count('.'); dots > 0 && module.valid(); --dots) {
    module = project_.modules[module].parent; // `import a.b` binds a
  }
  // A module: only an attribute of it is something else.
  const Step *path = question.path;
  if (path != nullptr && path->taking == Taking::Attribute && module.valid()) {
    return AskModule(module, path->name, path->next);
  }
  if (path != nullptr) {
    Fail();
  }
}

// What a name of another module holds; a submodule, when there is no such name.
void StringFlow::AskModule(ModuleId module, llvm::StringRef name, const Step *path) {
  const SourceTree *tree = trees_.Of(module);
  if (tree == nullptr) {
    return AnswerCompiled(module, name, path);
  }
  if (!named_.insert({tree, name.str(), path}).second) {
    // Asked already, unless it leads back to itself: `from . import part` in the package.
    return SubmoduleOf(module, name).valid() ? AskSubmodule(module, name, path) : void();
  }
  if (tree->Scope(0).bindings.contains(name)) {
    return AnswerModuleName(*tree, name, path);
  }
  if (!AnswerStars(*tree, name, path)) {
    AskSubmodule(module, name, path);
  }
}

ModuleId StringFlow::SubmoduleOf(ModuleId module, llvm::StringRef name) const {
  const NameId id = project_.scanned.names.Find(name);
  return id.valid() && resolver_.table().IsPackage(module) ? resolver_.table().FindChild(module, id)
                                                           : ModuleId();
}

// Of a submodule only an attribute is a value.
void StringFlow::AskSubmodule(ModuleId module, llvm::StringRef name, const Step *path) {
  const ModuleId child = SubmoduleOf(module, name);
  if (!child.valid() || path == nullptr || path->taking != Taking::Attribute) {
    return Fail();
  }
  AskModule(child, path->name, path->next);
}

// --- names of modules

// A name that the module's own code binds: by what, and what a star import or, of a variable,
// another module may have put in its place.
void StringFlow::AnswerModuleName(const SourceTree &tree, llvm::StringRef name, const Step *path) {
  const auto &bound = tree.Scope(0).bindings.find(name)->second;
  for (uint32_t identifier : bound) {
    AnswerBinding({&tree, identifier, nullptr, path}, identifier);
  }
  AnswerStars(tree, name, path);
  const bool assigned = llvm::any_of(bound, [&](uint32_t identifier) {
    const NodeKind above = tree.KindOf(tree.Parent(identifier));
    return above != NodeKind::FunctionDefinition && above != NodeKind::ClassDefinition &&
           above != NodeKind::DottedName && above != NodeKind::AliasedImport;
  });
  if (assigned && !IsFresh(tree, name)) {
    later_.push_back({tree.module, name.str(), path, true});
  }
  AnswerChanges({&tree, bound.front(), nullptr, path}, 0, name);
}

// `module.name = value`
void StringFlow::AnswerStoresElsewhere(ModuleId module, llvm::StringRef name, const Step *path) {
  for (const SourceTree *user : UsersOf(module, name, true)) {
    ForAttributes(*user, name, [&](uint32_t attribute) {
      if (user->IsTarget(attribute)) {
        AnswerTarget({user, attribute, nullptr, path}, attribute);
      }
    });
  }
}

// Whether the name was just given its value when it was asked: no other module has seen it.
bool StringFlow::IsFresh(const SourceTree &tree, llvm::StringRef name) const {
  const auto bound = tree.Scope(0).bindings.find(name);
  return bound != tree.Scope(0).bindings.end() && bound->second.size() == 1 &&
         fresh_.lookup({&tree, tree.LastChild(tree.Parent(bound->second.front()))});
}

// What the module's star imports bring under the name; whether any may.
bool StringFlow::AnswerStars(const SourceTree &tree, llvm::StringRef name, const Step *path) {
  const NamespaceLog &log = resolver_.Log(tree.module);
  bool brought = false;
  for (uint32_t index : log.stars) {
    const Event &event = log.events[index];
    if (event.kind != EventKind::Star) {
      continue;
    }
    const ModuleId source = resolver_.TargetOf(tree.module, event.statement).module;
    const SourceTree *other = source.valid() ? trees_.Of(source) : nullptr;
    if (other == nullptr) {
      const NameId id = project_.scanned.names.Find(name);
      const bool outside = source.valid() && !resolver_.HasLog(source) && id.valid();
      if (!outside) {
        Fail();
      } else if (resolver_.ThroughStar(source, id).answer != Answer::No) {
        brought = true;
        AnswerCompiled(source, name, path);
      }
      continue;
    }
    if (other->Scope(0).bindings.contains(name)) {
      brought = true;
      AskModule(source, name, path);
    } else if (!resolver_.Log(source).open_reason.empty()) {
      const NameId id = project_.scanned.names.Find(name);
      if (!id.valid() || resolver_.ThroughStar(source, id).answer != Answer::No) {
        Fail();
      }
    } else if (starred_.insert({other, name.str(), path}).second) {
      brought |= AnswerStars(*other, name, path);
    }
  }
  if (brought) {
    AnswerElsewhere(tree, name, AsContainer(path));
  }
  return brought;
}

// --- what other modules do

// Whether a text may give an attribute of just this name another value.
static bool MayStore(llvm::StringRef behind) {
  const llvm::StringRef line = behind.take_until([](char c) { return c == '\n'; }).ltrim();
  const llvm::StringRef next = line.ltrim("+-*/%&|^@<>\\");
  return (next.starts_with("=") && !next.starts_with("==")) || line.starts_with("in ") ||
         line.starts_with("\\") ||
         ((line.starts_with(",") || line.starts_with(":") || line.starts_with(")") ||
           line.starts_with("]")) &&
          line.contains('='));
}

// Whether a file may say `module.name`. `stores`: and may assign to it.
static bool Says(llvm::StringRef text, llvm::StringRef attribute, bool stores) {
  for (size_t at = text.find(attribute); at != llvm::StringRef::npos;
       at = text.find(attribute, at + 1)) {
    const llvm::StringRef behind = text.drop_front(at + attribute.size());
    const bool whole = behind.empty() ||
                       (!llvm::isAlnum(behind[0]) && behind[0] != '_' && llvm::isASCII(behind[0]));
    if (whole && (!stores || MayStore(behind))) {
      return true;
    }
  }
  return false;
}

// Files where an import binds the module, or a package on the way to it, and that may say
// `module.name`.
llvm::SmallVector<const SourceTree *, 2> StringFlow::UsersOf(ModuleId module, llvm::StringRef name,
                                                             bool stores) {
  constexpr size_t kMostTexts = 1000; // files whose text is looked at
  constexpr size_t kMostUsers = 64;   // files that are parsed
  llvm::SmallVector<const SourceTree *, 2> users;
  const auto modules = trees_.UsersOf(module);
  if (modules.size() > kMostTexts) {
    Fail();
    return users;
  }
  if (!result_.known()) {
    return users;
  }
  trees_.ReadTexts(modules);
  std::vector<ModuleId> saying;
  llvm::copy_if(modules, std::back_inserter(saying), [&](ModuleId each) {
    return Says(trees_.TextOf(each), ("." + name).str(), stores);
  });
  if (saying.size() > kMostUsers) {
    Fail();
    return users;
  }
  trees_.ReadTrees(saying);
  for (ModuleId each : saying) {
    const SourceTree *user = trees_.Of(each);
    user != nullptr ? users.push_back(user) : Fail();
  }
  return users;
}

// Attributes of this name of what may be a module: not of `self`.
void StringFlow::ForAttributes(const SourceTree &tree, llvm::StringRef name,
                               llvm::function_ref<void(uint32_t)> visit) {
  for (uint32_t i = 1; i < tree.size(); ++i) {
    if (tree.KindOf(i) != NodeKind::Attribute || tree.Text(tree.LastChild(i)) != name) {
      continue;
    }
    const llvm::StringRef base = tree.Text(tree.Child(i, 0));
    if (base != "self" && base != "cls") {
      visit(i);
    }
  }
}

// What other modules put into the container that a module's name stands for.
void StringFlow::AnswerElsewhere(const SourceTree &tree, llvm::StringRef name, const Step *path) {
  if (path != nullptr && !IsFresh(tree, name) &&
      elsewhere_.insert({&tree, name.str(), path}).second) {
    later_.push_back({tree.module, name.str(), path, false});
  }
}

// Uses of the name in modules that import it or its module. Unknown where it is handed on.
void StringFlow::ForUsesElsewhere(ModuleId module, llvm::StringRef name,
                                  llvm::function_ref<void(const SourceTree &, uint32_t)> visit) {
  const SyntaxView &view = resolver_.view();
  for (const auto &[importer, s] : trees_.FromImportsOf(module)) {
    const auto &statements = project_.StatementsOf(importer);
    if (importer != module && !name.starts_with("_") &&
        view.Is(view.Of(statements[s]).first, ExprKind::Star)) {
      return Fail();
    }
  }
  for (const Importer &importer : ImportersOf(module, name)) {
    if (importer.tree == nullptr || !ImportersOf(importer.tree->module, importer.local).empty()) {
      return Fail();
    }
    for (uint32_t use : importer.tree->NamesSaying(importer.local)) {
      if (importer.tree->Enclosing(use, NodeKind::ImportFromStatement) == 0) {
        visit(*importer.tree, use);
      }
    }
  }
  for (const SourceTree *user : UsersOf(module, name, false)) {
    ForAttributes(*user, name, [&](uint32_t attribute) { visit(*user, attribute); });
  }
}

void StringFlow::AnswerUsesElsewhere(ModuleId module, llvm::StringRef name, const Step *path) {
  for (const Importer &importer : ImportersOf(module, name)) {
    if (importer.tree == nullptr) {
      return Fail();
    }
    for (uint32_t k = 0; k < importer.tree->scope_count(); ++k) {
      if (importer.tree->Scope(k).bindings.contains(importer.local)) {
        AnswerChanges({importer.tree, 0, nullptr, path}, k, importer.local);
      }
    }
  }
  for (const SourceTree *user : UsersOf(module, name, false)) {
    ForAttributes(*user, name, [&](uint32_t attribute) {
      if (!user->IsTarget(attribute)) {
        AnswerUse({user, attribute, nullptr, path}, false);
      }
    });
  }
  for (const auto &[importer, s] : trees_.FromImportsOf(module)) {
    const SyntaxView &view = resolver_.view();
    const auto &statements = project_.StatementsOf(importer);
    if (importer == module || !view.Is(view.Of(statements[s]).first, ExprKind::Star)) {
      continue;
    }
    const SourceTree *other = trees_.Of(importer);
    if (other == nullptr) {
      return Fail();
    }
    for (uint32_t use : other->NamesSaying(name)) {
      const auto scope = other->LookUp(use);
      if (!other->BindsHere(use) && (!scope || *scope == 0)) {
        AnswerUse({other, use, nullptr, path}, false);
      }
    }
    AnswerElsewhere(*other, name, path);
  }
}

} // namespace pydefrag
