#include "link/execute/left_out_uses.h"

#include "facts/headers_around.h"
#include "link/flow/source_trees.h"
#include "scan/lines/bytes.h"
#include "source/paths.h"
#include "source/source_file.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <utility>

namespace pydefrag {

// What stands in these may be left out, run later, or stand where a name is another one.
static bool MayNotRun(NodeKind kind) {
  return kind == NodeKind::Lambda || kind == NodeKind::ConditionalExpression ||
         kind == NodeKind::BooleanOperator || kind == NodeKind::ComparisonOperator ||
         kind == NodeKind::ListComprehension || kind == NodeKind::SetComprehension ||
         kind == NodeKind::DictionaryComprehension || kind == NodeKind::GeneratorExpression;
}

// Statements whose long literals facts leave out.
static bool LeavesOut(StatementKind kind) {
  return kind == StatementKind::Assign || kind == StatementKind::AugAssign ||
         kind == StatementKind::Expression;
}

// Names are bound on the way, or for the header alone (PEP 695).
static bool BindsOnTheWay(NodeKind kind) {
  return kind == NodeKind::NamedExpression || kind == NodeKind::TypeParameter;
}

// Where a text says the name but to ask it for something: it may bind it.
static size_t FindAlone(llvm::StringRef text, llvm::StringRef name) {
  for (size_t at = text.find(name); at != llvm::StringRef::npos; at = text.find(name, at + 1)) {
    const bool begins = at == 0 || !IsWordByte(text[at - 1]);
    const llvm::StringRef rest = text.drop_front(at + name.size());
    if (begins && (rest.empty() || (rest[0] != '.' && !IsWordByte(rest[0])))) {
      return at;
    }
  }
  return llvm::StringRef::npos;
}

// The innermost class around a statement; -1: it stands in none.
static int32_t ClassAround(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                           uint32_t statement) {
  for (uint32_t header : HeadersAround(statements, statement)) {
    if (view.Of(statements[header]).kind == StatementKind::Class) {
      return static_cast<int32_t>(header);
    }
  }
  return -1;
}

static bool EvaluatesAnnotations(const SyntaxView &view,
                                 const std::vector<PlacedStatement> &statements) {
  return llvm::none_of(statements, [&](const PlacedStatement &placed) {
    const Statement &statement = view.Of(placed);
    return statement.kind == StatementKind::FromImport && statement.level == 0 &&
           view.Text(statement.text) == "__future__" &&
           llvm::any_of(view.Operands(statement),
                        [&](ExprId alias) { return view.TextOf(alias) == "annotations"; });
  });
}

LeftOutUses::Uses &LeftOutUses::UsesOf(ModuleId module) {
  if (static_cast<size_t>(module.index) >= uses_.size()) {
    uses_.resize(project_.modules.size());
  }
  std::unique_ptr<Uses> &uses = uses_[module];
  if (uses) {
    return *uses;
  }
  uses = std::make_unique<Uses>();
  const int32_t component = graph_.ComponentOf(module);
  for (const ImportRow &row : graph_.RowsOf(project_, project_.modules[module].file)) {
    const bool is_module = row.target.kind == TargetKind::Module && !row.context.deferred;
    if (!is_module || graph_.ComponentOf(row.target.module) != component) {
      continue;
    }
    const NameId first =
        row.name.valid() ? row.name
                         : project_.scanned.names.Find(project_.Text(row.module).split('.').first);
    if (row.as.valid() || first.valid()) {
      uses->names.push_back(row.as.valid() ? row.as : first);
      uses->modules.push_back(row.target.module);
    }
  }
  return *uses;
}

llvm::ArrayRef<ModuleId> LeftOutUses::NamedModules(ModuleId module) {
  return UsesOf(module).modules;
}

// Where the value of an assignment begins, behind its last target; 0: there is none.
static uint32_t ValueBegins(const FlatTree &tree) {
  uint32_t begins = 0;
  for (uint32_t i = 0; i < tree.nodes.size(); ++i) {
    const NodeKind kind = tree.nodes[i].kind;
    if (kind != NodeKind::Assignment && kind != NodeKind::AugmentedAssignment) {
      continue;
    }
    for (uint32_t child = i + 1; child < tree.nodes[i].subtree_end;
         child = tree.nodes[child].subtree_end) {
      begins = tree.nodes[child].begin; // at last the value, or what is assigned in turn
    }
  }
  return begins;
}

// `text`: a statement, with something to stand in its body. `annotations`, `values`: which count.
void LeftOutUses::ReadStatement(uint32_t statement, bool annotations, bool values,
                                llvm::StringRef text, Uses &uses) {
  parser_.Parse(text, TreeParser::Comments::Drop, tree_);
  if (llvm::any_of(tree_.nodes, [](const Node &node) { return BindsOnTheWay(node.kind); })) {
    return;
  }
  const uint32_t value = ValueBegins(tree_);
  uint32_t type_end = 0; // behind the annotation around a node
  for (uint32_t i = 0; i < tree_.nodes.size() && !tree_.has_error;) {
    const Node &node = tree_.nodes[i];
    type_end = node.kind == NodeKind::Type ? std::max(type_end, node.subtree_end) : type_end;
    const llvm::StringRef said = text.slice(node.begin, node.end);
    const bool chain = node.kind == NodeKind::Attribute &&
                       llvm::all_of(said, [](char c) { return c == '.' || IsWordByte(c); });
    const auto [first, rest] = said.split('.');
    const NameId name = chain ? project_.scanned.names.Find(first) : NameId();
    const bool annotation = i < type_end;
    if (name.valid() && llvm::is_contained(uses.names, name) &&
        (annotation ? annotations : values && node.begin >= value)) {
      uses.uses.push_back({statement, name, rest.str(), annotation});
    }
    const bool done = node.kind == NodeKind::Block || MayNotRun(node.kind) || chain;
    i = done ? node.subtree_end : i + 1;
  }
}

void LeftOutUses::Read(ModuleId module, Uses &uses) {
  uses.read = true;
  const FileId file = project_.modules[module].file;
  SourceTrees *sources = resolver_.sources();
  const auto source =
      sources != nullptr ? LoadSource(sources->disk(), OnDisk(project_.root, project_.PathOf(file)))
                         : std::optional<SourceText>();
  if (!source) {
    return;
  }
  const llvm::StringRef text = source->text();
  std::vector<std::string> asked; // "name."
  for (NameId name : uses.names) {
    asked.push_back(project_.Text(name).str() + ".");
  }
  const auto mentions = [&](llvm::StringRef part) {
    return llvm::any_of(asked, [&](const std::string &name) { return part.contains(name); });
  };
  if (!mentions(text)) {
    return;
  }
  const SyntaxView &view = resolver_.view();
  const auto &statements = project_.scanned.facts[file].statements;
  const bool annotations = EvaluatesAnnotations(view, statements);
  llvm::DenseMap<std::pair<int32_t, NameId>, size_t> alone; // by the header of a class
  const auto may_bind = [&](int32_t header, NameId name, uint32_t before) {
    const auto [at, inserted] = alone.try_emplace({header, name}, 0);
    const uint32_t begin = statements[static_cast<size_t>(header)].head;
    if (inserted) {
      at->second = FindAlone(text.drop_front(begin), project_.Text(name));
    }
    return at->second < before - begin;
  };
  for (uint32_t i = 0; i < statements.size(); ++i) {
    const StatementKind kind = view.Of(statements[i]).kind;
    const bool function = kind == StatementKind::Function;
    const bool reduced = !function && view.Of(statements[i]).reduced;
    if (!function && kind != StatementKind::AnnAssign && !(reduced && LeavesOut(kind))) {
      continue;
    }
    // Others may stand behind it on its line.
    const size_t next = i + 1 < statements.size() ? statements[i + 1].begin : text.size();
    const size_t behind = BehindLinesOf(statements[i], text);
    const llvm::StringRef part =
        text.slice(statements[i].head, function ? behind : std::min(behind, next));
    const bool asks = mentions(part);
    const int32_t header = asks ? ClassAround(view, statements, i) : -1;
    const bool own = header >= 0 && llvm::any_of(uses.names, [&](NameId name) {
                       return may_bind(header, name, statements[i].begin);
                     });
    if (asks && !own) {
      ReadStatement(i, annotations, function || reduced,
                    (part.rtrim(" \t\r\n;") + (function ? "\n    0\n" : "\n")).str(), uses);
    }
    // What stands in a function runs when it is called.
    i = function ? std::max(statements[i].end, i + 1) - 1 : i;
  }
}

llvm::ArrayRef<LeftOutUse> LeftOutUses::Of(ModuleId module, uint32_t statement) {
  Uses &uses = UsesOf(module);
  if (!uses.read && !uses.names.empty()) {
    Read(module, uses);
  }
  const auto is_before = [&](const LeftOutUse &use) { return use.statement < statement; };
  const auto first = std::partition_point(uses.uses.begin(), uses.uses.end(), is_before);
  const auto last = std::find_if(first, uses.uses.end(),
                                 [&](const LeftOutUse &use) { return use.statement != statement; });
  return llvm::ArrayRef(uses.uses).slice(static_cast<size_t>(first - uses.uses.begin()),
                                         static_cast<size_t>(last - first));
}

} // namespace pydefrag
