#include "server/target_at.h"

#include "check/views.h"
#include "link/identity/identity.h"
#include "link/link_state.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {
namespace {

bool Holds(Span span, uint32_t offset) {
  return span.begin <= offset && offset <= span.end;
}

bool IsWordByte(char c) {
  return llvm::isAlnum(c) || c == '_' || (c & 0x80) != 0;
}

// The dotted name that ends with the word at `offset`: "shop.cart" with the cursor in `cart` of
// `shop.cart.Cart`.
Span DottedAt(llvm::StringRef text, uint32_t offset) {
  uint32_t begin = offset;
  uint32_t end = offset;
  while (end < text.size() && IsWordByte(text[end])) {
    ++end;
  }
  while (begin > 0 && (IsWordByte(text[begin - 1]) || text[begin - 1] == '.')) {
    --begin;
  }
  return {begin, end};
}

class TargetFinder {
public:
  TargetFinder(const View &view, Cursor cursor)
      : project_(view.project()), resolver_(*project_.state->resolver), cursor_(cursor),
        text_(view.snapshot.sources->Get(cursor.file)->text()) {}

  TargetUnderCursor Find() {
    if (InImport() || InDefinition()) {
      return found_;
    }
    FollowName();
    return found_;
  }

private:
  bool Take(const Target &target, Span word) {
    found_.word = {cursor_.file, word};
    if (target.kind == TargetKind::Definition) {
      found_.definition = target.definition;
    } else if (target.kind == TargetKind::Module) {
      found_.module = target.module;
    }
    return true;
  }

  bool InImport() {
    for (const ImportRow &row : project_.state->graph.RowsOf(project_, cursor_.file)) {
      if (Holds(row.where, cursor_.offset)) {
        return Take(row.target, row.where);
      }
      const std::optional<Span> module =
          row.context.string ? std::nullopt : ModuleSpan(project_, row);
      if (module && Holds(*module, cursor_.offset)) {
        return Take({.kind = row.source.valid() ? TargetKind::Module : TargetKind::None,
                     .module = row.source,
                     .name = {},
                     .definition = {}},
                    *module);
      }
    }
    return false;
  }

  // Definitions are sorted by file and offset.
  bool InDefinition() {
    const std::vector<Definition> &all = project_.definitions.raw();
    auto each = llvm::lower_bound(
        all, cursor_.file, [](const Definition &d, FileId file) { return d.where.file < file; });
    for (; each != all.end() && each->where.file == cursor_.file; ++each) {
      if (Holds(each->where.span, cursor_.offset)) {
        found_.word = each->where;
        found_.definition = DefinitionId(static_cast<size_t>(each - all.begin()));
        return true;
      }
    }
    return false;
  }

  // `name` of the module, then attributes: `cart.Cart`.
  void FollowName() {
    const Span span = DottedAt(text_, cursor_.offset);
    llvm::SmallVector<llvm::StringRef, 4> parts;
    text_.slice(span.begin, span.end).split(parts, '.');
    ModuleId module = project_.module_of_file[cursor_.file];
    Found found;
    for (size_t i = 0; i < parts.size(); ++i) {
      const NameId name = project_.scanned.names.Find(parts[i]);
      if (!name.valid() || !module.valid()) {
        return;
      }
      found = i == 0 ? Local(module, name) : resolver_.ImportFrom(module, name);
      module = found.IsModule() ? found.module : ModuleId();
    }
    found_.word = {cursor_.file, {span.end - static_cast<uint32_t>(parts.back().size()), span.end}};
    if (found.IsModule()) {
      found_.module = found.module;
    } else if (found.IsObject()) {
      found_.definition = FindDefinition(project_, resolver_, found.module, found.event);
    }
  }

  // At module level, else as an import in some function of the file binds it.
  Found Local(ModuleId module, NameId name) {
    const Found found = resolver_.Attribute(module, name);
    if (found.answer != Answer::No) {
      return found;
    }
    for (const ImportRow &row : project_.state->graph.RowsOf(project_, cursor_.file)) {
      if (row.source.valid() && row.name.valid() && (row.as.valid() ? row.as : row.name) == name) {
        return resolver_.ImportFrom(row.source, row.name);
      }
    }
    return found;
  }

  const Project &project_;
  Resolver &resolver_;
  Cursor cursor_;
  llvm::StringRef text_;
  TargetUnderCursor found_;
};

} // namespace

TargetUnderCursor TargetAt(const View &view, Cursor cursor) {
  if (!cursor.file.valid() || !view.snapshot.sources->Get(cursor.file)) {
    return {};
  }
  return TargetFinder(view, cursor).Find();
}

} // namespace pydefrag
