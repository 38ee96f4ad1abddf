// A fix is safe only when what was meant is named in full by the source itself: the same name
// elsewhere, the same module moved. A merely similar name is offered as an unsafe fix.
#include "check/advice.h"

#include "base/identifier.h"
#include "check/views.h"

#include "llvm/Support/ErrorHandling.h"

namespace pydefrag {

namespace {

// What the row should say instead.
struct Replacement {
  std::string module;
  std::string name; // empty: the names stay as they are
  bool exact = false;
};

} // namespace

static Replacement ReplacementFor(const Project &project, const ImportRow &row,
                                  const Suggestion &suggestion) {
  const llvm::StringRef name = project.Text(row.name);
  Replacement replacement{.module = suggestion.module, .name = suggestion.name, .exact = false};
  if (row.source.valid() && suggestion.module == project.Text(project.modules[row.source].name)) {
    // As the importer calls it: a script finds its neighbour by another name than a root.
    replacement.module = project.Text(row.module).str();
  }
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

// The row, or all rows of its statement when the module is what is missing.
static std::vector<ImportChange> ChangesFor(const Project &project, const ImportRow &row,
                                            const Replacement &replacement) {
  std::vector<ImportChange> changes;
  for (RowId id : RowsOfStatement(project, IdOf(project, row))) {
    const ImportRow &other = project.rows[id];
    const bool same_defect = row.status == RowStatus::MissingModule && replacement.name.empty() &&
                             other.status == row.status && other.missing_part == row.missing_part;
    if (&other == &row || (same_defect && other.module == row.module)) {
      changes.push_back({.row = id, .module = replacement.module, .name = replacement.name});
    }
  }
  return changes;
}

std::optional<Fix> FixByReplacement(const Project &project, llvm::ArrayRef<RowId> rows,
                                    llvm::StringRef replacement) {
  Fix fix{.title = ("use `" + replacement + "` instead").str(),
          .applicability = Applicability::Safe,
          .changes = {},
          .edits = {}};
  const bool has_colon = replacement.contains(':');
  auto [module, name] = has_colon ? replacement.split(':') : replacement.rsplit('.');
  // A decorator may name an expression: `replacement="b'%d'"`.
  if (!IsDottedIdentifier(module) || (name.empty() ? has_colon : !IsIdentifier(name))) {
    return std::nullopt;
  }
  for (RowId id : rows) {
    const ImportRow &row = project.rows[id];
    const bool submodule = row.name.valid() && !row.context.star && !name.empty() &&
                           row.target.kind == TargetKind::Module;
    if (!submodule && !has_colon && project.FindModule(replacement).valid()) {
      fix.changes.push_back({.row = id, .module = replacement.str(), .name = ""});
    } else if (!row.name.valid() || row.context.star) {
      return std::nullopt;
    } else if (name.empty() && replacement == project.Text(row.name)) {
      return std::nullopt;     // from elsewhere, and the message does not say in so many words from
                               // where
    } else if (name.empty()) { // a bare name: of the same module
      fix.changes.push_back(
          {.row = id, .module = project.Text(row.module).str(), .name = replacement.str()});
    } else if (project.FindModule(module).valid()) {
      fix.changes.push_back({.row = id, .module = module.str(), .name = name.str()});
    } else {
      return std::nullopt;
    }
  }
  return fix;
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

// A rule that runs beside others must not ask: modules may be made on the way, while those read.
static std::vector<Suggestion> Suggest(const RuleContext &context, const ImportRow &row) {
  if (!context.may_advise) {
    llvm::report_fatal_error("a rule that advises has another phase than RulePhase::Advising");
  }
  return context.project.Suggest(row);
}

void Advise(FindingBuilder &builder, const RuleContext &context, const ImportRow &row) {
  const Project &project = context.project;
  const std::vector<Suggestion> suggestions = Suggest(context, row);
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
  builder.WithFix({.title = TitleOf(project, row, replacement),
                   .applicability = replacement.exact ? Applicability::Safe : Applicability::Unsafe,
                   .changes = ChangesFor(project, row, replacement),
                   .edits = {}});
}

std::vector<Suggestion> AskWhetherMeant(FindingBuilder &builder, const RuleContext &context,
                                        const ImportRow &row, llvm::StringRef separator) {
  std::vector<Suggestion> suggestions = Suggest(context, row);
  std::vector<std::string> candidates;
  for (const Suggestion &suggestion : suggestions) {
    if (suggestion.where.file.valid()) {
      builder.Attach(suggestion.where, suggestion.why);
    }
    const std::string name = suggestion.name.empty() ? "" : (separator + suggestion.name).str();
    candidates.push_back("`" + suggestion.module + name + "`");
  }
  if (!candidates.empty()) {
    builder.Help("did you mean " + Alternatives(candidates) + "?");
  }
  return suggestions;
}

} // namespace pydefrag
