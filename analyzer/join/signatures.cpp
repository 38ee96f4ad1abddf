#include "join/signatures.h"

#include "scan/trees/tree.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <optional>

namespace pydefrag {
namespace {

struct Signature {
  std::vector<llvm::StringRef> names; // without self
  bool any_keyword = false;           // **kwargs
  bool any_position = false;          // *args
};

const Definition *FindClass(const Project &project, llvm::StringRef symbol) {
  for (const Definition &definition : project.definitions) {
    if (definition.kind == DefinitionKind::Class &&
        project.PathText(definition.module, definition.name) == symbol) {
      return &definition;
    }
  }
  return nullptr;
}

class ClassReader {
public:
  ClassReader(llvm::StringRef text, uint32_t name_begin) : text_(text) {
    TreeParser().Parse(text, TreeParser::Comments::Drop, tree_);
    for (size_t i = 0; i < tree_.nodes.size(); ++i) {
      const Node &node = tree_.nodes[i];
      if (node.kind == NodeKind::ClassDefinition && node.begin <= name_begin &&
          name_begin < node.end) {
        class_ = i; // the innermost one
      }
    }
  }

  std::optional<Signature> Read() const {
    if (!class_) {
      return std::nullopt;
    }
    for (size_t i = *class_ + 1; i < tree_.nodes[*class_].subtree_end; ++i) {
      if (tree_.nodes[i].kind == NodeKind::FunctionDefinition && NameOf(i) == "__init__") {
        return Parameters(i);
      }
    }
    return Fields();
  }

private:
  llvm::StringRef Text(const Node &node) const { return text_.slice(node.begin, node.end); }

  llvm::StringRef NameOf(size_t definition) const {
    for (size_t i = definition + 1; i < tree_.nodes[definition].subtree_end; ++i) {
      if (tree_.nodes[i].kind == NodeKind::Identifier) {
        return Text(tree_.nodes[i]);
      }
    }
    return "";
  }

  // An identifier that a comma, a bracket or a star stands before is a parameter; others belong to
  // its default or annotation.
  std::optional<Signature> Parameters(size_t function) const {
    Signature signature;
    size_t i = function + 1;
    while (i < tree_.nodes[function].subtree_end && tree_.nodes[i].kind != NodeKind::Parameters) {
      ++i;
    }
    if (i >= tree_.nodes[function].subtree_end) {
      return std::nullopt;
    }
    const Node &list = tree_.nodes[i];
    uint32_t depth_end = list.begin;
    for (size_t p = i + 1; p < list.subtree_end; ++p) {
      const Node &node = tree_.nodes[p];
      const llvm::StringRef before = text_.slice(list.begin, node.begin).rtrim();
      if (node.kind == NodeKind::Call || node.kind == NodeKind::Tuple ||
          node.kind == NodeKind::List || node.kind == NodeKind::Type) {
        depth_end = std::max(depth_end, node.end);
      }
      if (node.kind != NodeKind::Identifier || node.begin < depth_end) {
        continue;
      }
      if (before.ends_with("**")) {
        signature.any_keyword = true;
      } else if (before.ends_with("*")) {
        signature.any_position = true;
      } else if (before.ends_with(",") || before.ends_with("(")) {
        signature.names.push_back(Text(node));
      }
    }
    if (!signature.names.empty()) {
      signature.names.erase(signature.names.begin()); // self
    }
    return signature;
  }

  // `name: type` in the body: what a dataclass or a model takes.
  std::optional<Signature> Fields() const {
    Signature signature;
    for (size_t i = *class_ + 1; i < tree_.nodes[*class_].subtree_end; ++i) {
      const Node &node = tree_.nodes[i];
      if (node.kind == NodeKind::FunctionDefinition) {
        i = node.subtree_end - 1;
      } else if (node.kind == NodeKind::Assignment &&
                 tree_.nodes[i + 1].kind == NodeKind::Identifier) {
        signature.names.push_back(Text(tree_.nodes[i + 1]));
      }
    }
    return signature.names.empty() ? std::nullopt : std::optional(signature);
  }

  llvm::StringRef text_;
  FlatTree tree_;
  std::optional<size_t> class_;
};

} // namespace

Accepts WouldAccept(PlaceTable &places, llvm::StringRef symbol, const PythonError &error) {
  const Definition *definition = FindClass(places.project(), symbol);
  const SourceText *text = definition ? places.Text(definition->where.file) : nullptr;
  if (text == nullptr) {
    return Accepts::Unknown;
  }
  const std::optional<Signature> signature =
      ClassReader(text->text(), definition->where.span.begin).Read();
  if (!signature) {
    return Accepts::Unknown;
  }
  auto has = [&](llvm::StringRef name) { return llvm::is_contained(signature->names, name); };
  switch (error.rule) {
  case ErrorRule::UnexpectedKeyword:
    return has(error.name) || signature->any_keyword ? Accepts::Yes : Accepts::No;
  case ErrorRule::MissingArguments:
    return llvm::none_of(error.names, has) ? Accepts::Yes : Accepts::No;
  case ErrorRule::TooManyArguments:
    return signature->any_position || signature->names.size() + 1 >= error.count ? Accepts::Yes
                                                                                 : Accepts::No;
  case ErrorRule::NoArguments:
    return signature->names.empty() ? Accepts::No : Accepts::Yes;
  default:
    return Accepts::Unknown;
  }
}

} // namespace pydefrag
