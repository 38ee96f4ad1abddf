// Strings are read in parallel, then looked up one after the other. What turns out missing is asked
// twice: whether some statement that the facts leave out sets it, and where exactly it stands.
#include "link/strings/string_targets.h"

#include "base/identifier.h"
#include "base/parallel.h"
#include "link/flow/text_fold.h"
#include "link/resolve/other_worlds.h"
#include "link/strings/scoped_files.h"
#include "link/strings/string_places.h"
#include "link/strings/string_reader.h"
#include "link/strings/target_context.h"
#include "link/strings/target_lookup.h"

#include <algorithm>
#include <optional>
#include <tuple>

namespace pydefrag {
namespace {

// Ranges of project.rows by file.
std::vector<uint32_t> RowBegins(const Project &project) {
  std::vector<uint32_t> begins(project.file_count + 1, static_cast<uint32_t>(project.rows.size()));
  for (size_t i = project.rows.size(); i-- > 0;) {
    begins[static_cast<size_t>(project.rows[RowId(i)].file.index)] = static_cast<uint32_t>(i);
  }
  for (size_t file = project.file_count; file-- > 0;) {
    begins[file] = std::min(begins[file], begins[file + 1]);
  }
  return begins;
}

class TargetFinder {
public:
  TargetFinder(Project &project, Resolver &resolver, const Roots &roots, const Disk &disk)
      : project_(project), resolver_(resolver), view_(resolver.view()), roots_(roots), disk_(disk),
        lookup_(project, resolver) {}

  void Find(AttributeWrites &writes, unsigned jobs) {
    const StringCandidates candidates = FindCandidates(view_, project_.scanned.syntax, jobs);
    const std::vector<uint32_t> begins = RowBegins(project_);
    std::vector<FileStrings> strings(project_.file_count);
    ParallelFor(project_.file_count, jobs, 16, [&](size_t i) {
      const auto rows =
          llvm::ArrayRef(project_.rows.raw()).slice(begins[i], begins[i + 1] - begins[i]);
      strings[i] = ReadStrings(project_, view_, FileId(i), rows, candidates);
    });
    for (size_t i = 0; i < project_.file_count; ++i) {
      LookUpFile(FileId(i), strings[i]);
    }
    SettleDoubts(jobs);
    DoubtMissing(writes);
    std::stable_sort(project_.string_targets.begin(), project_.string_targets.end(),
                     [](const StringTarget &a, const StringTarget &b) {
                       return std::tie(a.row.file, a.row.statement, a.value) <
                              std::tie(b.row.file, b.row.statement, b.value);
                     });
    PlaceStrings(project_, disk_, jobs);
  }

private:
  struct Doubt { // an attribute of an object that may be missing
    FileId file;
    NamedString named;
    std::string local;      // the name that an import binds
    std::string attributes; // of it, "b.c"
    std::string text;       // what is asked of what `local` is: "b.c.name"
  };

  void LookUpFile(FileId file, const FileStrings &strings) {
    for (const NamedString &named : strings.strings) {
      if (named.object.valid()) {
        LookUpObject(file, named);
        continue;
      }
      std::string text = FoldText(resolver_, file, named.statement, named.value);
      if (text.empty()) {
        continue;
      }
      if (text.front() == '.' && named.form == TargetForm::Module) {
        text = AbsoluteName(file, named, text);
      }
      if (named.attribute.valid()) {
        text += ("." + project_.Text(named.attribute)).str();
      }
      Add(file, named, text, strings.put_modules);
    }
  }

  // import_module(".a", package): one dot stands for the package itself.
  std::string AbsoluteName(FileId file, const NamedString &named, llvm::StringRef text) {
    std::string package =
        named.package.valid() ? FoldText(resolver_, file, named.statement, named.package) : "";
    while (text.consume_front(".")) {
      if (text.starts_with(".")) {
        const size_t dot = package.rfind('.');
        package = dot == std::string::npos ? "" : package.substr(0, dot);
      }
    }
    return package.empty() || text.empty() ? package : package + "." + text.str();
  }

  // patch.object(module, "name"): the object is what an import binds, or an attribute of that.
  void LookUpObject(FileId file, const NamedString &named) {
    const auto object = view_.Dotted(named.object);
    const std::string name = named.attribute.valid()
                                 ? project_.Text(named.attribute).str()
                                 : FoldText(resolver_, file, named.statement, named.value);
    if (!object || name.empty()) {
      return;
    }
    const auto [local, rest] = llvm::StringRef(*object).split('.');
    const std::string text = (rest.empty() ? "" : rest.str() + ".") + name;
    bool missing = false;
    std::optional<TargetAnswer> first;
    for (const ImportRow *row : RowsOf(project_, file, local)) {
      const TargetAnswer answer = AttributeOf(*row, text, named.form);
      missing |=
          answer.status == RowStatus::MissingModule || answer.status == RowStatus::MissingName;
      first = first ? first : answer;
    }
    if (missing) {
      doubts_.push_back({file, named, local.str(), rest.str(), text});
    } else if (first && first->status == RowStatus::Resolved) {
      Push(file, named, name, std::move(*first));
    }
  }

  // The attribute `text` of what the row imports.
  TargetAnswer AttributeOf(const ImportRow &row, const std::string &text, TargetForm form) {
    ModuleId module = row.target.kind == TargetKind::Module ? row.target.module : row.source;
    if (row.status != RowStatus::Resolved || !module.valid() || row.context.type_checking ||
        row.context.star || row.context.guarded) {
      return TargetAnswer();
    }
    if (!row.name.valid() && !row.as.valid()) { // import a.b binds a
      module =
          resolver_.FindModule(row.importer, project_.Text(row.module).split('.').first).module;
    }
    const bool is_module = row.target.kind == TargetKind::Module;
    const std::string path = is_module ? text : (project_.Text(row.name) + "." + text).str();
    return lookup_.AttributeOf(module, path, form);
  }

  // A missing attribute of an object is certain when an import, and nothing nearer, binds it.
  void SettleDoubts(unsigned jobs) {
    std::vector<WantedNames> wanted;
    for (const Doubt &doubt : doubts_) {
      if (wanted.empty() || wanted.back().file != doubt.file) {
        wanted.push_back({doubt.file, {}});
      }
      wanted.back().names.insert(doubt.local);
    }
    const std::vector<std::vector<ScopedUse>> uses = ReadScopedUses(project_, disk_, wanted, jobs);
    size_t at = 0;
    for (const Doubt &doubt : doubts_) {
      while (wanted[at].file != doubt.file) {
        ++at;
      }
      Settle(doubt, uses[at]);
    }
  }

  void Settle(const Doubt &doubt, const std::vector<ScopedUse> &uses) {
    const auto &statements = project_.scanned.facts[doubt.file].statements;
    const PlacedStatement &placed = statements[doubt.named.statement];
    const Expr &object = view_.At(doubt.named.object);
    const bool known = object.begin != kNoPosition && !view_.Of(placed).reduced;
    const uint32_t from = known ? placed.head + object.begin : placed.begin;
    const uint32_t to = known ? from + 1 : placed.head;
    std::optional<TargetAnswer> missing;
    for (const ScopedUse &use : uses) {
      if (use.begin < from || use.begin >= to || use.name != doubt.local ||
          use.attributes != doubt.attributes) {
        continue;
      }
      for (const ImportRow *row : RowsOf(project_, doubt.file, use.name, use.imports)) {
        TargetAnswer answer = AttributeOf(*row, doubt.text, doubt.named.form);
        if (answer.status != RowStatus::MissingName) {
          return;
        }
        missing = missing ? missing : std::move(answer);
      }
      if (use.imports.empty() || use.guarded) {
        return;
      }
    }
    if (missing) {
      missing->missing_at = doubt.attributes.empty() ? 0 : StringTarget::kWhole;
      const std::string name = project_.Text(missing->name).str();
      Push(doubt.file, doubt.named, name, std::move(*missing));
    }
  }

  void Add(FileId file, const NamedString &named, const std::string &text,
           llvm::ArrayRef<NameId> put_modules) {
    TargetAnswer answer = lookup_.Find(project_.module_of_file[file], text, named.form);
    if (answer.status == RowStatus::External) {
      return; // none of the project's business
    }
    const bool missing =
        answer.status == RowStatus::MissingModule || answer.status == RowStatus::MissingName;
    if (missing && llvm::any_of(put_modules,
                                [&](NameId name) { return IsWithin(text, project_.Text(name)); })) {
      answer.status = RowStatus::Unknown;
      answer.reason = "put into `sys.modules` by the file";
    } else if (missing && std::binary_search(roots_.open_path_files.begin(),
                                             roots_.open_path_files.end(), file)) {
      answer.status = RowStatus::Unknown;
      answer.reason = "`sys.path` changed at run time";
    } else if (missing && MeansOtherElsewhere(project_, resolver_, file, text)) {
      answer.status = RowStatus::Unknown;
      answer.reason = "a folder above the file has a module of that name too";
    }
    Push(file, named, text, std::move(answer));
  }

  void Push(FileId file, const NamedString &named, const std::string &text, TargetAnswer answer) {
    StringTarget target;
    target.context = named.context;
    target.text = text;
    target.class_name = std::move(answer.class_name);
    target.lenient = named.lenient;
    target.value = named.attribute.valid() ? named.attribute_at : named.value;
    target.missing_at = named.attribute.valid() ? StringTarget::kWhole : answer.missing_at;
    ImportRow &row = target.row;
    row.file = file;
    row.importer = project_.module_of_file[file];
    row.statement = named.statement;
    WriteAnswer(answer, project_, row);
    row.context = ContextOfString(project_, resolver_, file, named.statement);
    project_.string_targets.push_back(std::move(target));
  }

  // A name that other code sets on the module or class is not missing for sure.
  void DoubtMissing(AttributeWrites &writes) {
    for (StringTarget &target : project_.string_targets) {
      ImportRow &row = target.row;
      if (row.status == RowStatus::MissingName && !target.lenient && !row.context.guarded &&
          writes.MaySet(row.source, project_.Text(row.name))) {
        row.status = RowStatus::Unknown;
        row.reason = "set from elsewhere";
      }
    }
  }

  Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  const Roots &roots_;
  const Disk &disk_;
  TargetLookup lookup_;
  std::vector<Doubt> doubts_; // by file
};

} // namespace

void FindStringTargets(Project &project, Resolver &resolver, const Roots &roots, const Disk &disk,
                       AttributeWrites &writes, unsigned jobs) {
  TargetFinder(project, resolver, roots, disk).Find(writes, jobs);
}

} // namespace pydefrag
