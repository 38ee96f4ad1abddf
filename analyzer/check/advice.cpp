// A fix is safe only when what was meant is named in full by the source itself: the same name
// elsewhere, the same module moved. A merely similar name is offered as an unsafe fix.
#include "check/advice.h"

#include "check/views.h"

namespace pydefrag {

namespace {

// What the row should say instead.
struct Replacement {
  std::string module;
  std::string name; // empty: the names stay as they are
  bool exact = false;
};

} // namespace

static llvm::StringRef LastPart(llvm::StringRef dotted) {
  const size_t dot = dotted.rfind('.');
  return dot == llvm::StringRef::npos ? dotted : dotted.substr(dot + 1);
}

static Replacement ReplacementFor(const Project &project, const ImportRow &row,
                                  const Suggestion &suggestion) {
  const llvm::StringRef name = project.Text(row.name);
  Replacement replacement{.module = suggestion.module, .name = suggestion.name, .exact = false};
  if (replacement.name.empty() && row.status == RowStatus::MissingName) {
    // The name is that of a module: `from shop import basket` -> `from shop.goods import basket`.
    auto [parent, last] = llvm::StringRef(suggestion.module).rsplit('.');
    if (!last.empty()) {
      replacement.module = parent.str();
      replacement.name = last.str();
    }
  }
  replacement.exact = replacement.name.empty()
                          ? LastPart(replacement.module) == LastPart(project.Text(row.module))
                          : replacement.name == name;
  return replacement;
}

static std::string TitleOf(const Project &project, const ImportRow &row,
                           const Replacement &replacement) {
  if (replacement.name.empty()) {
    return "import `" + replacement.module + "` instead";
  }
  if (replacement.module == project.Text(row.module)) {
    return "import `" + replacement.name + "` instead";
  }
  return "import `" + replacement.name + "` from `" + replacement.module + "`";
}

// The edits that make the statement say so; empty when the statement also says other things that
// would have to stay behind, or when names used below it would change.
static std::vector<Edit> EditsFor(const Project &project, const ImportRow &row,
                                  const Replacement &replacement) {
  const Statement &statement = project.Syntax(project.StatementAt(row));
  const bool from = statement.kind == StatementKind::FromImport;
  const bool same_module = replacement.module == project.Text(row.module);
  const bool same_name = replacement.name.empty() || replacement.name == project.Text(row.name);
  std::vector<Edit> edits;
  if (!from && !row.as.valid()) {
    return edits; // `import a.b` binds `a`: the code below it would have to change too
  }
  if (!same_module) {
    const std::optional<Span> span = ModuleSpan(project, row);
    if (!span || (!replacement.name.empty() && AliasCount(project, row) != 1)) {
      return edits;
    }
    edits.push_back({.where = {row.file, *span}, .content = replacement.module});
  }
  if (!same_name) {
    edits.push_back({.where = {row.file, NameSpan(project, row)}, .content = replacement.name});
  }
  return edits;
}

std::string Alternatives(llvm::ArrayRef<std::string> items) {
  std::string text;
  for (size_t i = 0; i < items.size(); ++i) {
    if (i > 0) {
      text += i + 1 == items.size() ? " or " : ", ";
    }
    text += items[i];
  }
  return text;
}

static std::string Candidate(const Replacement &replacement) {
  if (replacement.name.empty()) {
    return "`" + replacement.module + "`";
  }
  return "`" + replacement.module + ":" + replacement.name + "`";
}

void Advise(FindingBuilder &builder, const Project &project, const ImportRow &row) {
  const std::vector<Suggestion> suggestions = project.Suggest(row);
  std::vector<std::string> candidates;
  for (const Suggestion &suggestion : suggestions) {
    if (suggestion.where.file.valid()) {
      builder.Attach(suggestion.where, suggestion.why);
    }
    candidates.push_back(Candidate(ReplacementFor(project, row, suggestion)));
  }
  if (suggestions.size() > 1) {
    builder.Help("did you mean " + Alternatives(candidates) + "?");
  }
  if (suggestions.size() != 1) {
    return;
  }
  const Replacement replacement = ReplacementFor(project, row, suggestions.front());
  Fix fix{.title = TitleOf(project, row, replacement),
          .applicability = Applicability::Display,
          .edits = EditsFor(project, row, replacement)};
  if (!fix.edits.empty()) {
    fix.applicability = replacement.exact ? Applicability::Safe : Applicability::Unsafe;
  }
  builder.WithFix(std::move(fix));
}

} // namespace pydefrag
