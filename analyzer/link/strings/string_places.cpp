#include "link/strings/string_places.h"

#include "base/parallel.h"
#include "source/paths.h"
#include "source/source_file.h"

#include "llvm/ADT/ArrayRef.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace pydefrag {
namespace {

class Placer {
public:
  Placer(const Project &project, const Disk &disk) : project_(project), disk_(disk) {}

  // All targets of one file.
  void Place(llvm::MutableArrayRef<StringTarget> targets) const {
    std::optional<SourceText> source;
    uint32_t cursor = 0; // behind the last string that was found by its text
    for (StringTarget &target : targets) {
      ImportRow &row = target.row;
      const PlacedStatement &placed = project_.StatementAt(row);
      const Expr &value = project_.scanned.syntax.exprs[target.value];
      const bool known = value.begin != kNoPosition && !project_.Syntax(placed).reduced;
      row.where = known ? Span{placed.head + value.begin, placed.head + value.end}
                        : Span{placed.begin, placed.begin};
      const bool missing =
          row.status == RowStatus::MissingModule || row.status == RowStatus::MissingName;
      if (!known || missing) {
        if (!source) {
          source = LoadSource(disk_, OnDisk(project_.root, project_.PathOf(row.file)));
        }
        if (source && !known) {
          cursor = cursor < placed.begin || cursor > placed.head ? placed.begin : cursor;
          FindByText(source->text(), placed, target, cursor);
        }
        if (source && missing) {
          Narrow(source->text(), target);
        }
      }
      row.statement_span = row.where;
    }
  }

private:
  // The literal with this very text between the statement's begin and its end.
  void FindByText(llvm::StringRef text, const PlacedStatement &placed, StringTarget &target,
                  uint32_t &cursor) const {
    const Expr &value = project_.scanned.syntax.exprs[target.value];
    const bool named = value.kind == ExprKind::String || value.kind == ExprKind::Keyword;
    const llvm::StringRef wanted = named ? project_.Text(value.text) : "";
    const uint32_t end = std::max(placed.head, placed.begin + 1);
    for (size_t at = text.find(wanted, cursor); !wanted.empty() && at < end;
         at = text.find(wanted, at + 1)) {
      const size_t behind = at + wanted.size();
      const bool quoted = at > 0 && behind < text.size() &&
                          (text[at - 1] == '"' || text[at - 1] == '\'') &&
                          text[behind] == text[at - 1];
      if (quoted || (value.kind == ExprKind::Keyword && text.substr(behind).starts_with("="))) {
        const uint32_t quote = quoted ? 1 : 0;
        target.row.where = {static_cast<uint32_t>(at) - quote,
                            static_cast<uint32_t>(behind) + quote};
        cursor = static_cast<uint32_t>(behind);
        return;
      }
    }
  }

  // From the whole literal to the part that is missing, when the literal says it as it is.
  void Narrow(llvm::StringRef text, StringTarget &target) const {
    Span &where = target.row.where;
    const llvm::StringRef literal = text.slice(where.begin, where.end);
    if (target.missing_at == StringTarget::kWhole) {
      // A keyword argument: its name.
      const llvm::StringRef name = project_.Text(target.row.name);
      where.end =
          literal.starts_with(name) ? where.begin + static_cast<uint32_t>(name.size()) : where.end;
      return;
    }
    const size_t begin = literal.find_first_of("\"'");
    if (begin == llvm::StringRef::npos) {
      return;
    }
    const llvm::StringRef body = literal.drop_front(begin).trim(literal[begin]);
    if (body != target.text) {
      return;
    }
    const llvm::StringRef part =
        body.substr(target.missing_at).take_until([](char c) { return c == '.' || c == ':'; });
    const auto at = static_cast<uint32_t>(part.data() - text.data());
    where = {at, at + static_cast<uint32_t>(part.size())};
  }

  const Project &project_;
  const Disk &disk_;
};

} // namespace

void PlaceStrings(Project &project, const Disk &disk, unsigned jobs) {
  std::vector<StringTarget> &targets = project.string_targets;
  std::vector<size_t> begins;
  for (size_t i = 0; i < targets.size(); ++i) {
    if (i == 0 || targets[i].row.file != targets[i - 1].row.file) {
      begins.push_back(i);
    }
  }
  begins.push_back(targets.size());
  const Placer placer(project, disk);
  ParallelFor(begins.size() - 1, jobs, 4, [&](size_t i) {
    placer.Place(llvm::MutableArrayRef(targets).slice(begins[i], begins[i + 1] - begins[i]));
  });
  std::stable_sort(targets.begin(), targets.end(),
                   [](const StringTarget &a, const StringTarget &b) {
                     return std::tie(a.row.file, a.row.where) < std::tie(b.row.file, b.row.where);
                   });
}

} // namespace pydefrag
