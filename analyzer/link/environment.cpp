#include "link/environment.h"

#include "link/names/namespaces.h"
#include "link/syntax_view.h"
#include "source/discover.h"

#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"

#include <algorithm>

namespace pydefrag {
namespace {

class Loader {
public:
  Loader(Project &project, FileTree &tree, const Disk &disk, const std::vector<std::string> &sites)
      : project_(project), tree_(tree), disk_(disk), view_(project.scanned) {
    for (const std::string &site : sites) {
      sites_.push_back(tree.AddDirectory(site));
    }
  }

  void Load(unsigned jobs) {
    do {
      LoadNamed(jobs);
      WantKeySources();
    } while (!wanted_.empty());
  }

private:
  // What the files scanned last ask for: everything for the project's, stars for the others.
  void LoadNamed(unsigned jobs) {
    while (true) {
      const size_t end = project_.scanned.paths.size();
      for (; read_ < end; ++read_) {
        ReadFile(FileId(read_), read_ < project_.file_count);
      }
      if (wanted_.empty()) {
        return;
      }
      Scan(jobs);
    }
  }

  // Where a module writes computed names into its own dict, possible_names.h wants to see what they
  // are made of: the modules that it imports names from, and those that these do.
  void WantKeySources() {
    constexpr unsigned kDepth = 2;
    for (judged_ = std::max(judged_, project_.file_count); judged_ < read_; ++judged_) {
      const NamespaceLog log = ReadNamespace(project_.scanned, FileId(judged_), false, "");
      if (!log.open_reason.empty() && !log.opened_otherwise) {
        writers_.push_back(FileId(judged_));
      }
    }
    std::vector<FileId> files = writers_;
    for (unsigned depth = 0; depth < kDepth; ++depth) {
      std::vector<FileId> sources;
      for (FileId file : files) {
        WantSources(file, sources);
      }
      files = std::move(sources);
    }
  }

  // `sources`: those that have been scanned.
  void WantSources(FileId file, std::vector<FileId> &sources) {
    for (const PlacedStatement &placed : project_.scanned.facts[file].statements) {
      const Statement &statement = view_.Of(placed);
      if (statement.kind == StatementKind::FromImport && placed.parent < 0) {
        const FileId source = Want(SourceOf(file, statement));
        if (source.valid()) {
          sources.push_back(source);
        }
      }
    }
  }

  void ReadFile(FileId file, bool everything) {
    for (const PlacedStatement &placed : project_.scanned.facts[file].statements) {
      const Statement &statement = view_.Of(placed);
      if (statement.kind == StatementKind::Import && everything) {
        for (ExprId alias : view_.Operands(statement)) {
          Want(view_.TextOf(alias));
        }
      } else if (statement.kind == StatementKind::FromImport) {
        ReadFromImport(file, statement, everything);
      } else if (!everything) {
        const bool calls = placed.parent < 0 && (statement.kind == StatementKind::Assign ||
                                                 statement.kind == StatementKind::Expression);
        calls ? ReadGivenName(file, statement) : ReadDecorators(file, statement);
      }
    }
  }

  // What decorates a class or function may put names into the module.
  void ReadDecorators(FileId file, const Statement &statement) {
    const bool decorated =
        statement.kind == StatementKind::Function || statement.kind == StatementKind::Class;
    for (ExprId id = decorated ? statement.first : ExprId(); id.valid() && id != statement.bases;
         id = view_.Next(id)) {
      const auto dotted = view_.Dotted(view_.Is(id, ExprKind::Call) ? view_.Child(id) : id);
      if (dotted) {
        WantSourceOf(file, llvm::StringRef(*dotted).split('.').first);
      }
    }
  }

  // Whoever gets the module's name (given_names.h) may write into the module.
  void ReadGivenName(FileId file, const Statement &statement) {
    const ExprId call = view_.LastOperand(statement);
    const auto callee = view_.Callee(call);
    bool given = false;
    if (callee) {
      view_.Walk(call, [&](ExprId id) { given |= view_.IsName(id, "__name__"); });
    }
    if (given) {
      WantSourceOf(file, llvm::StringRef(*callee).split('.').first);
    }
  }

  // The module that a file imports the name from.
  void WantSourceOf(FileId file, llvm::StringRef local) {
    for (const PlacedStatement &placed : project_.scanned.facts[file].statements) {
      const Statement &statement = view_.Of(placed);
      if (statement.kind != StatementKind::FromImport || placed.parent >= 0) {
        continue;
      }
      for (ExprId alias : view_.Operands(statement)) {
        const ExprId as = view_.Child(alias);
        if (view_.Is(alias, ExprKind::Alias) && view_.TextOf(as.valid() ? as : alias) == local) {
          const std::string module = SourceOf(file, statement);
          Want(module);
          Want(module + "." + view_.TextOf(alias).str());
        }
      }
    }
  }

  // The absolute name of the module that a file of a site imports from.
  std::string SourceOf(FileId file, const Statement &from) const {
    const llvm::StringRef module = view_.Text(from.text);
    return from.level == 0
               ? module.str()
               : RelativeName(file, from.level) + (module.empty() ? "" : "." + module.str());
  }

  void ReadFromImport(FileId file, const Statement &statement, bool everything) {
    const bool star = view_.Is(statement.first, ExprKind::Star);
    if (!everything && !star) {
      return ReadPrivateImport(file, statement);
    }
    if (statement.level > 0 && everything) {
      return; // the project's own
    }
    const std::string module = SourceOf(file, statement);
    Want(module);
    for (ExprId alias : view_.Operands(statement)) {
      if (everything && view_.Is(alias, ExprKind::Alias)) {
        Want(module + "." + view_.TextOf(alias).str()); // a submodule, if there is one
      }
    }
  }

  // `from . import _build`: what it does may be to write into the package (loaded_writers.cpp).
  void ReadPrivateImport(FileId file, const Statement &statement) {
    if (statement.level != 1 || !view_.Text(statement.text).empty()) {
      return;
    }
    for (ExprId alias : view_.Operands(statement)) {
      if (view_.TextOf(alias).starts_with("_")) {
        Want(SourceOf(file, statement) + "." + view_.TextOf(alias).str());
      }
    }
  }

  // The dotted package that a relative import in a site file starts from.
  std::string RelativeName(FileId file, unsigned level) const {
    llvm::StringRef path = project_.scanned.paths[file];
    for (DirId site : sites_) {
      if (path.consume_front(tree_.Path(site)) && path.consume_front("/")) {
        break;
      }
    }
    std::string dotted;
    llvm::SmallVector<llvm::StringRef, 8> parts;
    path.split(parts, '/');
    for (size_t i = 0; i + level < parts.size(); ++i) {
      dotted += (i ? "." : "") + parts[i].str();
    }
    return dotted;
  }

  struct Place { // of a module's file
    DirId dir;
    NameId name;
  };

  // The file of the module, where it has been scanned.
  FileId Want(llvm::StringRef dotted) {
    const auto [known, inserted] = asked_.try_emplace(dotted);
    Place &place = known->second;
    if (inserted) {
      llvm::SmallVector<DirId, 8> search(sites_.begin(), sites_.end());
      while (!dotted.empty()) {
        const auto [part, rest] = dotted.split('.');
        dotted = rest;
        place = {};
        search = Step(search, project_.scanned.names.Intern(part), place);
      }
    }
    const ModuleCandidates *found = place.dir.valid() ? tree_.Find(place.dir, place.name) : nullptr;
    return found ? found->source : FileId();
  }

  // One component of a dotted name: notes the file to scan, returns the folders below it.
  llvm::SmallVector<DirId, 8> Step(llvm::ArrayRef<DirId> search, NameId name, Place &place) {
    llvm::SmallVector<DirId, 8> below;
    for (DirId dir : search) {
      List(dir);
      const DirId sub = tree_.SubDirectory(dir, name);
      if (sub.valid()) {
        List(sub);
        if (tree_.IsRegularPackage(sub)) {
          place = {sub, init_};
          Note(tree_.Path(sub).str() + "/__init__.py", tree_.Init(sub));
          return {sub};
        }
      }
      const ModuleCandidates *candidates = tree_.Find(dir, name);
      if (candidates && (candidates->outside || candidates->extension)) {
        place = {dir, name};
        Note((tree_.Path(dir) + "/" + project_.Text(name) + ".py").str(), candidates);
        return {};
      }
      if (sub.valid()) {
        below.push_back(sub);
      }
    }
    return below;
  }

  void Note(std::string path, const ModuleCandidates *candidates) {
    if (candidates->outside && !candidates->source.valid() && noted_.insert(path).second) {
      wanted_.push_back(std::move(path));
    }
  }

  void List(DirId dir) {
    if (tree_.IsListed(dir)) {
      return;
    }
    tree_.MarkListed(dir);
    const std::string path = tree_.Path(dir).str();
    std::vector<DirectoryEntry> entries;
    if (disk_.List(path, entries)) {
      return;
    }
    for (const DirectoryEntry &entry : entries) {
      const std::string full = path + "/" + entry.name;
      if (entry.kind == EntryKind::Directory) {
        if (entry.name != "__pycache__" && !llvm::StringRef(entry.name).contains('.')) {
          tree_.AddDirectory(full);
        }
      } else if (const auto kind = KindOfFileName(entry.name)) {
        tree_.AddOutside(full, *kind);
      }
    }
  }

  void Scan(unsigned jobs) {
    std::sort(wanted_.begin(), wanted_.end());
    const size_t first = project_.scanned.paths.size();
    ScanOptions options;
    options.jobs = jobs;
    const std::vector<Problem> problems = project_.scanned.problems;
    ScanFiles(disk_, wanted_, options, project_.scanned);
    project_.scanned.problems = problems; // what is wrong with an installed file is not ours to say
    for (size_t i = 0; i < wanted_.size(); ++i) {
      tree_.AddFile(wanted_[i], FileKind::Source, FileId(first + i));
    }
    wanted_.clear();
  }

  Project &project_;
  FileTree &tree_;
  const Disk &disk_;
  SyntaxView view_;
  const NameId init_ = project_.scanned.names.Intern("__init__");
  llvm::SmallVector<DirId, 4> sites_;
  size_t read_ = 0;             // files whose imports have been looked at
  size_t judged_ = 0;           // files whose namespace has been
  std::vector<FileId> writers_; // that write into their own dict
  llvm::StringMap<Place> asked_;
  llvm::StringSet<> noted_;
  std::vector<std::string> wanted_;
};

} // namespace

void LoadEnvironment(Project &project, FileTree &tree, const Disk &disk,
                     const std::vector<std::string> &sites, unsigned jobs) {
  Loader(project, tree, disk, sites).Load(jobs);
}

} // namespace pydefrag
