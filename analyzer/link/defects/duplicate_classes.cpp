#include "link/defects/duplicate_classes.h"

#include "base/vendored.h"
#include "config/config.h"
#include "link/link_state.h"

#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace pydefrag {
namespace {

constexpr size_t kFewestMembers = 2;
constexpr uint64_t kFewestBytes = 80; // of equal text, so that trivial bodies do not count
constexpr uint64_t kFewestBytesOfLeaf = 200;
constexpr size_t kMostSharers = 64; // a member in more classes than this is an idiom

// Folders whose copies are meant: examples, frozen history.
bool IsMeantAsCopy(llvm::StringRef dotted) {
  llvm::SmallVector<llvm::StringRef, 8> parts;
  dotted.split(parts, '.');
  return llvm::any_of(parts, [](llvm::StringRef part) {
    for (const char *word :
         {"examples", "example", "samples", "docs", "doc", "migrations", "benchmarks", "tutorials",
          "snippets", "templates", "fixtures", "testdata"}) {
      if (part == word) {
        return true;
      }
    }
    return false;
  });
}

// A component that tells editions of one module apart: `v2`, `aio`, `_sync`.
bool IsEdition(llvm::StringRef part) {
  const llvm::StringRef bare = part.trim('_');
  for (const char *word : {"aio", "async", "asyncio", "sync", "py2", "py3", "compat", "legacy"}) {
    if (bare == word) {
      return true;
    }
  }
  llvm::StringRef digits = bare;
  digits.consume_front("v");
  digits.consume_front("api");
  return !digits.empty() &&
         llvm::all_of(digits, [](char c) { return llvm::isDigit(c) || c == '_'; });
}

// Classes of one name, where there are several.
std::vector<std::vector<size_t>> GroupsOf(llvm::ArrayRef<ComparedClass> classes) {
  llvm::MapVector<NameId, std::vector<size_t>> by_name;
  for (size_t c = 0; c < classes.size(); ++c) {
    by_name[classes[c].name].push_back(c);
  }
  std::vector<std::vector<size_t>> groups;
  for (auto &[name, group] : by_name) {
    if (group.size() > 1) {
      groups.push_back(std::move(group));
    }
  }
  return groups;
}

// The classes whose name another class has too, and the texts of their members.
class ClassReader {
public:
  ClassReader(const Project &project, llvm::ArrayRef<FileId> files, size_t names)
      : project_(project), files_(files), names_(names) {}

  std::vector<ComparedClass> Read(const Disk &disk) {
    Collect();
    ReadShared(disk);
    return std::move(classes_);
  }

private:
  void Collect() {
    std::vector<uint32_t> times(names_, 0); // by name
    for (FileId file : files_) {
      const auto &statements = project_.scanned.facts[file].statements;
      for (uint32_t s = 0; s < statements.size(); s = statements[s].end) {
        const Statement &statement = project_.Syntax(statements[s]);
        if (statement.kind == StatementKind::Class) {
          ++times[static_cast<size_t>(statement.text.index)];
        }
      }
    }
    auto wanted = [&](NameId name) { return times[static_cast<size_t>(name.index)] > 1; };
    for (FileId file : files_) {
      llvm::move(ClassesOf(project_, file, wanted), std::back_inserter(classes_));
    }
  }

  // Reads the files of classes that have two members whose first statements others have too.
  void ReadShared(const Disk &disk) {
    llvm::MapVector<FileId, std::vector<ComparedClass *>> files;
    for (const std::vector<size_t> &group : GroupsOf(classes_)) {
      llvm::DenseMap<std::pair<NameId, StatementId>, unsigned> seen;
      for (size_t c : group) {
        for (const ClassMember &member : classes_[c].members) {
          ++seen[{member.name, member.statement}];
        }
      }
      for (size_t c : group) {
        const auto shared = llvm::count_if(classes_[c].members, [&](const ClassMember &member) {
          return seen[{member.name, member.statement}] > 1;
        });
        if (static_cast<size_t>(shared) >= kFewestMembers) {
          files[classes_[c].where.file].push_back(&classes_[c]);
        }
      }
    }
    for (const auto &[file, classes] : files) {
      ReadTexts(project_, disk, file, classes);
    }
  }

  const Project &project_;
  llvm::ArrayRef<FileId> files_;
  size_t names_;
  std::vector<ComparedClass> classes_;
};

class DuplicateFinder {
public:
  DuplicateFinder(const Project &project, const Config &config, std::vector<ComparedClass> classes)
      : project_(project), config_(config), classes_(std::move(classes)) {}

  std::vector<DuplicateClass> Find() {
    for (const std::vector<size_t> &group : GroupsOf(classes_)) {
      CompareGroup(group);
    }
    std::sort(result_.begin(), result_.end(), [](const DuplicateClass &a, const DuplicateClass &b) {
      return a.copy.where < b.copy.where;
    });
    return std::move(result_);
  }

private:
  // --- one name

  void CompareGroup(llvm::ArrayRef<size_t> group) {
    std::map<std::tuple<int32_t, uint64_t>, std::vector<size_t>> sharers;
    for (size_t c : group) {
      for (const ClassMember &member : classes_[c].members) {
        if (member.text_hash != 0) {
          sharers[{member.name.index, member.text_hash}].push_back(c);
        }
      }
    }
    std::map<std::pair<size_t, size_t>, size_t> pairs; // how many members two classes share
    for (const auto &[key, sharing] : sharers) {
      for (size_t i = 0; i < sharing.size() && sharing.size() <= kMostSharers; ++i) {
        for (size_t k = i + 1; k < sharing.size(); ++k) {
          ++pairs[{sharing[i], sharing[k]}];
        }
      }
    }
    std::map<size_t, std::vector<DuplicateClass>> of_class; // both ways round
    for (const auto &[pair, count] : pairs) {
      DuplicateClass found;
      if (count >= kFewestMembers && Compare(classes_[pair.first], classes_[pair.second], found)) {
        of_class[pair.second].push_back(found);
        std::swap(found.original, found.copy);
        std::swap(found.in_original, found.in_copy);
        of_class[pair.first].push_back(std::move(found));
      }
    }
    Report(group, of_class);
  }

  // One finding for each class but the one that the others are copies of: the most used one of
  // those that are alike.
  void Report(llvm::ArrayRef<size_t> group,
              const std::map<size_t, std::vector<DuplicateClass>> &of_class) {
    for (const auto &[c, matches] : of_class) {
      const DuplicateClass &best = *llvm::min_element(
          matches, [&](const auto &a, const auto &b) { return Rank(a) < Rank(b); });
      if (PlaceRank(best.original) < PlaceRank(best.copy)) {
        result_.push_back(best);
      }
    }
    if (config_.homonyms) {
      ReportHomonyms(group, of_class);
    }
  }

  void ReportHomonyms(llvm::ArrayRef<size_t> group,
                      const std::map<size_t, std::vector<DuplicateClass>> &of_class) {
    const size_t first = *std::min_element(group.begin(), group.end(), [&](size_t a, size_t b) {
      return PlaceRank(PlaceOf(classes_[a])) < PlaceRank(PlaceOf(classes_[b]));
    });
    for (size_t c : group) {
      if (c != first && !of_class.count(c) && classes_[c].module != classes_[first].module) {
        DuplicateClass found;
        found.kind = DuplicateClass::Homonym;
        found.original = PlaceOf(classes_[first]);
        found.copy = PlaceOf(classes_[c]);
        result_.push_back(std::move(found));
      }
    }
  }

  using PlaceKey = std::tuple<int64_t, size_t, Location>;
  PlaceKey PlaceRank(const ClassPlace &place) const {
    return {-static_cast<int64_t>(UsesOf(place)),
            project_.Text(project_.modules[place.module].name).size(), place.where};
  }
  std::tuple<DuplicateClass::Kind, PlaceKey> Rank(const DuplicateClass &match) const {
    return {match.kind, PlaceRank(match.original)};
  }

  uint32_t UsesOf(const ClassPlace &place) const {
    const auto definition =
        std::lower_bound(project_.definitions.begin(), project_.definitions.end(), place.where,
                         [](const Definition &d, const Location &w) { return d.where < w; });
    const bool found = definition != project_.definitions.end() && definition->where == place.where;
    return found ? definition->uses : 0;
  }

  static ClassPlace PlaceOf(const ComparedClass &c) { return {c.module, c.name, c.where}; }

  // --- two classes

  struct Equal { // what two classes have with the same text
    uint64_t bytes = 0;
    uint64_t function_bytes = 0;
    size_t functions = 0;
  };

  // Whether they are copies of one another. Members are sorted by name id.
  bool Compare(const ComparedClass &a, const ComparedClass &b, DuplicateClass &found) const {
    if (a.module == b.module || AreEditions(a.module, b.module)) {
      return false;
    }
    Equal equal;
    auto i = a.members.begin();
    auto k = b.members.begin();
    while (i != a.members.end() || k != b.members.end()) {
      if (k == b.members.end() || (i != a.members.end() && i->name < k->name)) {
        found.in_original.push_back(project_.Text(i++->name).str());
      } else if (i == a.members.end() || k->name < i->name) {
        found.in_copy.push_back(project_.Text(k++->name).str());
      } else if (i->text_hash == k->text_hash) {
        equal.bytes += i->size;
        equal.function_bytes += i->is_function ? i->size : 0;
        equal.functions += i->is_function;
        ++found.same;
        ++i, ++k;
      } else {
        found.different.push_back(project_.Text(i->name).str());
        ++i, ++k;
      }
    }
    found.original = PlaceOf(a);
    found.copy = PlaceOf(b);
    for (std::vector<std::string> *names : {&found.different, &found.in_original, &found.in_copy}) {
      std::sort(names->begin(), names->end());
    }
    return IsCopy(a, b, equal, found);
  }

  // Bytes of the functions; of everything in a class that has none.
  static uint64_t Bytes(const ComparedClass &c) {
    uint64_t functions = 0;
    uint64_t all = 0;
    for (const ClassMember &member : c.members) {
      functions += member.is_function ? member.size : 0;
      all += member.size;
    }
    return functions > 0 ? functions : all;
  }

  static bool IsCopy(const ComparedClass &a, const ComparedClass &b, const Equal &equal,
                     DuplicateClass &found) {
    const size_t common = found.same + found.different.size();
    const size_t all = common + found.in_original.size() + found.in_copy.size();
    if (found.same < kFewestMembers || 2 * common < all) {
      return false;
    }
    found.kind = found.same == all ? DuplicateClass::Identical : DuplicateClass::Drifted;
    const bool only_data = a.functions == 0 && b.functions == 0;
    if (only_data) {
      return found.same > kFewestMembers && equal.bytes >= kFewestBytes &&
             2 * equal.bytes >= std::max(Bytes(a), Bytes(b));
    }
    // Leaves of one hierarchy share some boilerplate, and differ on purpose.
    const bool in_hierarchy = a.has_bases || b.has_bases;
    const uint64_t bytes =
        in_hierarchy && found.kind == DuplicateClass::Drifted ? kFewestBytesOfLeaf : kFewestBytes;
    return equal.functions >= (in_hierarchy ? 2u : 1u) && equal.function_bytes >= bytes &&
           2 * equal.function_bytes >= std::max(Bytes(a), Bytes(b));
  }

  // shop.v1.models and shop.v2.models hold the same names on purpose.
  bool AreEditions(ModuleId a, ModuleId b) const {
    const std::string left = WithoutEditions(a);
    return left == WithoutEditions(b);
  }
  std::string WithoutEditions(ModuleId module) const {
    llvm::SmallVector<llvm::StringRef, 8> parts;
    project_.Text(project_.modules[module].name).split(parts, '.');
    std::string bare;
    for (llvm::StringRef part : parts) {
      if (!IsEdition(part)) {
        bare += part.str() + ".";
      }
    }
    return bare;
  }

  const Project &project_;
  const Config &config_;
  std::vector<ComparedClass> classes_;
  std::vector<DuplicateClass> result_;
};

} // namespace

DuplicateClasses::DuplicateClasses(const Project &project, const Disk &disk, unsigned jobs,
                                   std::function<void()> first)
    : project_(project), disk_(disk), jobs_(EffectiveJobs(jobs)),
      names_(project.scanned.names.size()) {
  for (size_t i = 0; i < project.file_count; ++i) {
    const Module &module = project.modules[project.module_of_file[FileId(i)]];
    if (!module.test && module.reported && !IsMeantAsCopy(project.Text(module.name)) &&
        !IsVendored(project.PathOf(FileId(i)))) {
      files_.push_back(FileId(i));
    }
  }
  if (jobs_ > 1) {
    reading_.Start([this, first = std::move(first)] {
      first();
      Read();
    });
  }
}

void DuplicateClasses::Read() {
  classes_ = ClassReader(project_, files_, names_).Read(disk_);
}

std::vector<DuplicateClass> DuplicateClasses::Take(const Config &config) {
  Finish();
  if (jobs_ == 1) {
    Read();
  }
  // What is read may be more than what is reported in the end: each pair is told by itself.
  llvm::erase_if(classes_,
                 [&](const ComparedClass &c) { return !project_.modules[c.module].reported; });
  return DuplicateFinder(project_, config, std::move(classes_)).Find();
}

std::vector<DuplicateClass> FindDuplicateClasses(const Project &project, const Config &config,
                                                 const Disk &disk, unsigned jobs) {
  std::unique_ptr<DuplicateClasses> classes = std::move(project.state->duplicates);
  if (!classes) {
    classes = std::make_unique<DuplicateClasses>(project, disk, jobs, [] {});
  }
  return classes->Take(config);
}

} // namespace pydefrag
