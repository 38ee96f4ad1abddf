// The table from symbols of the grammar to NodeKind, made once from the grammar's own names.
#include "scan/node_kinds.h"

#include "llvm/ADT/StringRef.h"

#include <tree_sitter/api.h>

#include <vector>

extern "C" const TSLanguage *tree_sitter_python(void);

namespace pydefrag {

static NodeKind KindOfName(llvm::StringRef name, bool named) {
#define PYDEFRAG_COMPARE(kind, spelling, is_named)                                                 \
  if (named == (is_named) && name == spelling) {                                                   \
    return NodeKind::kind;                                                                         \
  }
  PYDEFRAG_NODE_KINDS(PYDEFRAG_COMPARE)
#undef PYDEFRAG_COMPARE
  return NodeKind::None;
}

static std::vector<NodeKind> MakeTable() {
  const TSLanguage *language = tree_sitter_python();
  std::vector<NodeKind> table(ts_language_symbol_count(language), NodeKind::None);
  for (size_t i = 0; i < table.size(); ++i) {
    const TSSymbol symbol = static_cast<TSSymbol>(i);
    const TSSymbolType type = ts_language_symbol_type(language, symbol);
    if (type == TSSymbolTypeRegular || type == TSSymbolTypeAnonymous) {
      table[i] = KindOfName(ts_language_symbol_name(language, symbol), type == TSSymbolTypeRegular);
    }
  }
  return table;
}

NodeKind KindOfSymbol(uint16_t symbol) {
  static const std::vector<NodeKind> table = MakeTable();
  return symbol < table.size() ? table[symbol] : NodeKind::None;
}

} // namespace pydefrag
