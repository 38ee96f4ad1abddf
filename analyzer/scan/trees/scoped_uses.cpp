// One walk over the flat tree notes bindings and uses with the scope they stand in; then each use
// is looked up from its scope outwards (Python's rule: a class's names are not seen from functions
// inside it). Where it is not clear whether a name is bound or read, it counts as bound.
#include "scan/trees/scoped_uses.h"

#include "scan/words/mentions.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringMap.h"

#include <algorithm>
#include <cstring>

namespace pydefrag {
namespace {

enum class ScopeKind : uint8_t { Module, Class, Function };

struct Bindings {
  llvm::SmallVector<uint32_t, 2> imports;
  bool otherwise = false; // bound by something that is no import
  bool global = false;    // declared `global`
  bool outer = false;     // declared `nonlocal`
};

struct Scope {
  ScopeKind kind = ScopeKind::Module;
  uint32_t parent = 0;
  llvm::StringMap<Bindings> names;
};

struct Open { // a node that is being walked
  uint32_t index = 0;
  uint32_t end = 0;
  uint32_t scope = 0;
  bool guarded = false;
  bool annotation = false;
  bool binds = false;  // every identifier below is bound or deleted
  uint32_t import = 0; // an import statement's first byte + 1
};

class UseWalker {
public:
  UseWalker(llvm::StringRef text, const FlatTree &tree,
            llvm::function_ref<bool(llvm::StringRef)> wanted)
      : text_(text), nodes_(tree.nodes), wanted_(wanted) {
    scopes_.emplace_back();
    open_.push_back({.index = 0, .end = static_cast<uint32_t>(nodes_.size())});
  }

  std::vector<ScopedUse> Run() {
    for (uint32_t i = 1; i < nodes_.size();) {
      while (open_.back().end <= i) {
        open_.pop_back();
      }
      i = Visit(i);
    }
    for (size_t i = 0; i < uses_.size(); ++i) {
      uses_[i].imports = LookUp(uses_[i].name, use_scopes_[i]);
    }
    return std::move(uses_);
  }

private:
  llvm::StringRef Text(uint32_t index) const {
    return text_.slice(nodes_[index].begin, nodes_[index].end);
  }
  bool IsFirstChild(uint32_t index, uint32_t parent) const { return index == parent + 1; }

  uint32_t Visit(uint32_t index) {
    const Node &node = nodes_[index];
    if (node.kind == NodeKind::Identifier) {
      VisitIdentifier(index);
      return index + 1;
    }
    Open open = open_.back();
    open.index = index;
    open.end = node.subtree_end;
    switch (node.kind) {
    case NodeKind::Lambda:
      open.guarded |= IsHandedToRaises();
      open.scope = NewScope(ScopeKind::Function);
      open.binds = false;
      break;
    case NodeKind::FunctionDefinition:
    case NodeKind::ListComprehension:
    case NodeKind::SetComprehension:
    case NodeKind::DictionaryComprehension:
    case NodeKind::GeneratorExpression:
      open.scope = NewScope(ScopeKind::Function);
      open.binds = false;
      break;
    case NodeKind::ClassDefinition:
      open.scope = NewScope(ScopeKind::Class);
      break;
    case NodeKind::TryStatement:
      open.guarded |= HasHandler(index);
      break;
    case NodeKind::WithStatement:
      open.guarded |= ExpectsFailure(index);
      break;
    case NodeKind::IfStatement:
    case NodeKind::ElifClause:
    case NodeKind::ConditionalExpression:
    case NodeKind::BooleanOperator:
      open.guarded |= AsksForIt(index);
      break;
    case NodeKind::Type:
      open.annotation = true;
      break;
    case NodeKind::ImportStatement:
    case NodeKind::ImportFromStatement:
    case NodeKind::FutureImportStatement:
      VisitImport(index);
      return node.subtree_end;
    case NodeKind::GlobalStatement:
    case NodeKind::NonlocalStatement:
      VisitDeclaration(index);
      return node.subtree_end;
    case NodeKind::DeleteStatement:
    case NodeKind::Parameters:
    case NodeKind::LambdaParameters:
    case NodeKind::TypeParameter:
    case NodeKind::CasePattern:
    case NodeKind::PatternList:
    case NodeKind::TuplePattern:
    case NodeKind::ListPattern:
    case NodeKind::ListSplatPattern:
    case NodeKind::DictionarySplatPattern:
    case NodeKind::AsPatternTarget:
      open.binds = true;
      break;
    case NodeKind::Attribute:
    case NodeKind::Subscript:
    case NodeKind::Call:
      break;
    default:
      break;
    }
    open_.push_back(open);
    return index + 1;
  }

  uint32_t NewScope(ScopeKind kind) {
    scopes_.push_back({.kind = kind, .parent = open_.back().scope, .names = {}});
    return static_cast<uint32_t>(scopes_.size() - 1);
  }

  void VisitIdentifier(uint32_t index) {
    const llvm::StringRef name = Text(index);
    if (!wanted_(name)) {
      return;
    }
    const Open &above = open_.back();
    const NodeKind parent = nodes_[above.index].kind;
    const bool first = IsFirstChild(index, above.index);
    switch (parent) {
    case NodeKind::Attribute:
      if (first) {
        AddUse(index);
      }
      return;
    case NodeKind::KeywordArgument:
      if (!first) {
        AddUse(index);
      }
      return;
    case NodeKind::FunctionDefinition:
    case NodeKind::ClassDefinition:
      if (first) { // its name is bound around it
        scopes_[scopes_[above.scope].parent].names[name].otherwise = true;
      }
      return;
    case NodeKind::Assignment:
    case NodeKind::AugmentedAssignment:
    case NodeKind::NamedExpression:
    case NodeKind::ForStatement:
    case NodeKind::ForInClause:
      if (first) {
        scopes_[above.scope].names[name].otherwise = true;
        return;
      }
      break;
    default:
      break;
    }
    if (above.binds) {
      scopes_[above.scope].names[name].otherwise = true;
    } else {
      AddUse(index);
    }
  }

  void AddUse(uint32_t index) {
    ScopedUse use;
    use.begin = nodes_[index].begin;
    use.end = nodes_[index].end;
    use.name = Text(index).str();
    use.guarded = open_.back().guarded;
    use.annotation = open_.back().annotation;
    // Outwards through the attributes that this name is the object of.
    uint32_t object = index;
    size_t level = open_.size();
    while (level > 0 && nodes_[open_[level - 1].index].kind == NodeKind::Attribute &&
           IsFirstChild(object, open_[level - 1].index)) {
      object = open_[--level].index;
      const uint32_t attribute = LastChild(object);
      use.attributes += (use.attributes.empty() ? "" : ".") + Text(attribute).str();
      use.end = nodes_[attribute].end;
    }
    use.stored = level > 0 && Stores(open_[level - 1], object);
    uses_.push_back(std::move(use));
    use_scopes_.push_back(open_.back().scope);
  }

  uint32_t LastChild(uint32_t index) const {
    uint32_t last = index + 1;
    for (uint32_t i = index + 1; i < nodes_[index].subtree_end; i = nodes_[i].subtree_end) {
      last = i;
    }
    return last;
  }

  bool Stores(const Open &above, uint32_t object) const {
    switch (nodes_[above.index].kind) {
    case NodeKind::Assignment:
    case NodeKind::ForStatement:
    case NodeKind::ForInClause:
      return IsFirstChild(object, above.index);
    default:
      return above.binds;
    }
  }

  // What an import statement binds: the names of a from-import, the first part of `import a.b`.
  void VisitImport(uint32_t index) {
    const bool from = nodes_[index].kind != NodeKind::ImportStatement;
    bool module = from && nodes_[index].kind == NodeKind::ImportFromStatement;
    for (uint32_t i = index + 1; i < nodes_[index].subtree_end; i = nodes_[i].subtree_end) {
      if (module) {
        module = false;
        continue;
      }
      uint32_t bound = i;
      if (nodes_[i].kind == NodeKind::AliasedImport) {
        bound = LastChild(i);
      } else if (nodes_[i].kind == NodeKind::DottedName) {
        bound = i + 1;
      }
      if (nodes_[bound].kind == NodeKind::Identifier && wanted_(Text(bound))) {
        scopes_[open_.back().scope].names[Text(bound)].imports.push_back(nodes_[index].begin);
      }
    }
  }

  void VisitDeclaration(uint32_t index) {
    const bool global = nodes_[index].kind == NodeKind::GlobalStatement;
    for (uint32_t i = index + 1; i < nodes_[index].subtree_end; ++i) {
      if (nodes_[i].kind == NodeKind::Identifier && wanted_(Text(i))) {
        // What the function binds then, it binds elsewhere: not followed.
        scopes_[0].names[Text(i)].otherwise = true;
        Bindings &here = scopes_[open_.back().scope].names[Text(i)];
        (global ? here.global : here.outer) = true;
        here.otherwise = true;
      }
    }
  }

  // Whether a handler may catch the AttributeError.
  bool HasHandler(uint32_t index) const {
    for (uint32_t i = index + 1; i < nodes_[index].subtree_end; i = nodes_[i].subtree_end) {
      if (nodes_[i].kind == NodeKind::ExceptClause && !CatchesOnlyOthers(i)) {
        return true;
      }
    }
    return false;
  }

  // `except ImportError [as e]:` and the like: all of its types are other exceptions.
  bool CatchesOnlyOthers(uint32_t clause) const {
    constexpr llvm::StringLiteral kOthers[] = {"ImportError", "ModuleNotFoundError", "KeyError",
                                               "ValueError",  "TypeError",           "OSError",
                                               "NameError",   "SyntaxError",         "IndexError"};
    const llvm::StringRef types =
        Header(clause).trim().drop_front(strlen("except")).split(" as ").first;
    llvm::SmallVector<llvm::StringRef, 4> each;
    types.trim(" \t*:()").split(each, ',');
    return llvm::all_of(
        each, [&](llvm::StringRef type) { return llvm::is_contained(kOthers, type.trim()); });
  }

  // The header's text: up to the block.
  llvm::StringRef Header(uint32_t index) const {
    for (uint32_t i = index + 1; i < nodes_[index].subtree_end; i = nodes_[i].subtree_end) {
      if (nodes_[i].kind == NodeKind::Block) {
        return text_.slice(nodes_[index].begin, nodes_[i].begin);
      }
    }
    return Text(index);
  }

  bool ExpectsFailure(uint32_t index) const {
    const llvm::StringRef header = Header(index);
    return header.contains_insensitive("raises") || header.contains("suppress");
  }

  // `pytest.raises(AttributeError, lambda: ...)`: the nearest call around.
  bool IsHandedToRaises() const {
    for (size_t level = open_.size(); level-- > 0;) {
      const uint32_t index = open_[level].index;
      if (nodes_[index].kind == NodeKind::Call) {
        return Text(index + 1).contains_insensitive("raises");
      }
    }
    return false;
  }

  bool AsksForIt(uint32_t index) const {
    const llvm::StringRef header = Header(index);
    constexpr llvm::StringLiteral kQuestions[] = {
        "hasattr", "getattr", "TYPE_CHECKING", "version", "platform", "VERSION",
        "PY",      "py2",     "py3",           "os.name", "find_spec"};
    return llvm::any_of(kQuestions, [&](llvm::StringRef word) { return header.contains(word); });
  }

  llvm::SmallVector<uint32_t, 2> LookUp(llvm::StringRef name, uint32_t scope) const {
    for (uint32_t at = scope;; at = scopes_[at].parent) {
      const bool seen = at == scope || scopes_[at].kind != ScopeKind::Class;
      auto it = scopes_[at].names.find(name);
      if (seen && it != scopes_[at].names.end()) {
        return it->second.otherwise ? llvm::SmallVector<uint32_t, 2>() : it->second.imports;
      }
      if (at == 0) {
        return {};
      }
    }
  }

  llvm::StringRef text_;
  const std::vector<Node> &nodes_;
  llvm::function_ref<bool(llvm::StringRef)> wanted_;
  std::vector<Scope> scopes_;
  llvm::SmallVector<Open, 32> open_;
  std::vector<ScopedUse> uses_;
  std::vector<uint32_t> use_scopes_;
};

} // namespace

std::vector<ScopedUse> FindScopedUses(llvm::StringRef text,
                                      llvm::function_ref<bool(llvm::StringRef)> wanted,
                                      TreeParser &parser) {
  const Excerpt excerpt = KeepMentions(text, wanted);
  FlatTree tree;
  parser.Parse(excerpt.text, TreeParser::Comments::Drop, tree);
  std::vector<ScopedUse> uses;
  if (!tree.has_error) {
    uses = UseWalker(excerpt.text, tree, wanted).Run();
  }
  for (ScopedUse &use : uses) {
    const uint32_t origin = excerpt.OriginOf(use.begin);
    use.end = origin + (use.end - use.begin);
    use.begin = origin;
    for (uint32_t &import : use.imports) {
      import = excerpt.OriginOf(import);
    }
  }
  return uses;
}

} // namespace pydefrag
