// From what is installed (finder_installs.h) to its class, and from there to what that may find
// (finder_bounds.h).
#include "link/flow/finders.h"

#include "link/flow/finder_bounds.h"
#include "link/flow/finder_installs.h"
#include "link/flow/finder_texts.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

// A class, and a Call that makes an instance of it; 0: unknown.
struct Importer {
  const SourceTree *tree = nullptr;
  uint32_t definition = 0;
  const SourceTree *caller = nullptr; // the tree of `call`
  uint32_t call = 0;
};

class Reader {
public:
  Reader(const Project &project, ModuleTable &table, const SyntaxView &view, FileTrees &trees)
      : project_(project), table_(table), view_(view), trees_(trees) {}

  std::vector<ServedByFinder> Read(llvm::ArrayRef<FinderInstall> installs) {
    for (const FinderInstall &install : installs) {
      install.tree != nullptr ? ReadFinder(*install.tree, install.value, install.use)
                              : Note(install.file, std::nullopt);
    }
    return std::move(served_);
  }

private:
  NameId ModuleName(FileId file) const {
    return project_.modules[project_.module_of_file[file]].name;
  }

  // --- which class it is an instance of

  void ReadFinder(const SourceTree &tree, uint32_t value, uint32_t use) {
    const uint32_t function = tree.Enclosing(use, NodeKind::FunctionDefinition);
    if (function != 0 && tree.Is(value, NodeKind::Identifier)) {
      const auto parameters = tree.Parameters(function);
      for (size_t i = 0; i < parameters.size(); ++i) {
        if (tree.Text(parameters[i].name) == tree.Text(value)) {
          return ReadParameter(tree, function, i == 0);
        }
      }
    }
    if (function != 0 && tree.Is(value, NodeKind::Call) &&
        tree.Is(tree.Child(value, 0), NodeKind::Identifier)) {
      // `def install(cls): sys.meta_path.append(cls())`
      const auto parameters = tree.Parameters(function);
      if (!parameters.empty() && tree.Text(parameters[0].name) == tree.Text(tree.Child(value, 0))) {
        return ReadParameter(tree, function, true);
      }
    }
    NoteFinder(tree, value, 0);
  }

  // What is put there is what the function is called with: `self`, or a class that it decorates.
  void ReadParameter(const SourceTree &tree, uint32_t function, bool first) {
    const uint32_t owner = tree.Enclosing(function, NodeKind::ClassDefinition);
    const auto decorators = tree.Decorators(function);
    if (owner != 0 && first) {
      const auto calls = tree.CallsOf(tree.Text(tree.Child(owner, 0)));
      for (uint32_t call : calls) {
        NoteImporter(tree, {&tree, owner, &tree, call});
      }
      if (calls.empty()) {
        NoteImporter(tree, {&tree, owner, nullptr, 0});
      }
      return;
    }
    const NameId name = project_.scanned.names.Find(tree.Text(tree.Child(function, 0)));
    for (size_t i = 0; i < project_.module_of_file.size(); ++i) {
      for (const PlacedStatement &placed : project_.scanned.facts[FileId(i)].statements) {
        const Statement &statement = view_.Of(placed);
        if (statement.kind != StatementKind::Class || placed.parent >= 0) {
          continue;
        }
        for (ExprId at = statement.first; at.valid() && at != statement.bases;
             at = view_.Next(at)) {
          const ExprId maker = view_.Is(at, ExprKind::Call) ? view_.Child(at) : at;
          const bool named =
              view_.Is(maker, ExprKind::Name) || view_.Is(maker, ExprKind::Attribute);
          if (named && view_.At(maker).text == name) {
            NoteClass(tree, FileId(i), view_.Text(statement.text));
          }
        }
      }
    }
    for (uint32_t call : tree.CallsOf(tree.Text(tree.Child(function, 0)))) {
      const uint32_t argument = tree.Child(tree.LastChild(call), 0);
      if (argument != 0) {
        NoteFinder(tree, argument, 0);
      }
    }
  }

  void NoteClass(const SourceTree &installer, FileId file, llvm::StringRef name) {
    const SourceTree *tree = trees_.Of(file);
    const uint32_t definition = tree != nullptr ? tree->ClassNamed(name) : 0;
    if (definition == 0) {
      return Note(installer.file, std::nullopt);
    }
    NoteImporter(installer, {tree, definition, nullptr, 0});
  }

  // An expression that gives the finder.
  void NoteFinder(const SourceTree &tree, uint32_t value, uint32_t depth) {
    const uint32_t call = tree.Is(value, NodeKind::Call) ? value : 0;
    const uint32_t name = call != 0 ? tree.Child(call, 0) : value;
    if (tree.Is(name, NodeKind::Identifier)) {
      const Importer importer = Resolve(tree.file, tree.Text(name), 0);
      if (importer.definition != 0) {
        return NoteImporter(tree, {importer.tree, importer.definition, &tree, call});
      }
      // A variable of the module or function that holds it.
      const auto scope = tree.LookUp(name);
      const auto bound =
          scope ? tree.Scope(*scope).bindings.find(tree.Text(name)) : tree.Scope(0).bindings.end();
      if (call == 0 && scope && bound != tree.Scope(*scope).bindings.end() &&
          bound->second.size() == 1 && depth < 4) {
        const uint32_t assignment = tree.Parent(bound->second.front());
        if (tree.Is(assignment, NodeKind::Assignment)) {
          return NoteFinder(tree, tree.LastChild(assignment), depth + 1);
        }
      }
    }
    Note(tree.file, BoundByArguments(tree, call));
  }

  // The class that a name of a file stands for, followed through from-imports.
  Importer Resolve(FileId file, llvm::StringRef name, unsigned depth) {
    const SourceTree *tree = trees_.Of(file);
    if (tree == nullptr || depth > 4) {
      return {};
    }
    if (const uint32_t definition = tree->ClassNamed(name)) {
      return {tree, definition, nullptr, 0};
    }
    const ModuleId module = project_.module_of_file[file];
    for (const PlacedStatement &placed : project_.scanned.facts[file].statements) {
      const Statement &statement = view_.Of(placed);
      if (statement.kind != StatementKind::FromImport) {
        continue;
      }
      for (ExprId alias : view_.Operands(statement)) {
        const ExprId as = view_.Child(alias);
        if (view_.Is(alias, ExprKind::Alias) && view_.TextOf(as.valid() ? as : alias) == name) {
          const ModuleId source = SourceOf(module, statement);
          const bool read = source.valid() && project_.modules[source].file.valid();
          return read ? Resolve(project_.modules[source].file, view_.TextOf(alias), depth + 1)
                      : Importer();
        }
      }
    }
    return {};
  }

  ModuleId SourceOf(ModuleId module, const Statement &from) {
    llvm::StringRef rest = view_.Text(from.text);
    if (from.level == 0) {
      return project_.FindModule(rest);
    }
    ModuleId at = table_.PackageOf(module);
    for (unsigned level = 1; level < from.level && at.valid(); ++level) {
      at = table_.ParentPackage(at);
    }
    if (!at.valid() || rest.empty()) {
      return at;
    }
    return project_.FindModule((project_.Text(project_.modules[at].name) + "." + rest).str());
  }

  // --- what it serves

  void NoteImporter(const SourceTree &installer, const Importer &importer) {
    const llvm::StringRef caller = project_.Text(
        ModuleName(importer.caller != nullptr ? importer.caller->file : importer.tree->file));
    const auto [tree, method] = MethodOf(*importer.tree, importer.definition, 0);
    if (tree != nullptr && method == 0) {
      return; // finds nothing
    }
    FinderBounds bounds;
    if (tree != nullptr) {
      const uint32_t call = importer.caller == importer.tree ? importer.call : 0;
      bounds = ReadFinderBounds(*tree, method, tree == importer.tree ? call : 0, caller);
    }
    if (!bounds && importer.caller != nullptr) {
      bounds = BoundByArguments(*importer.caller, importer.call);
    }
    Note(installer.file, std::move(bounds));
  }

  // The method of the class, or of one above it; none when every class is known and has none. A
  // null tree: nobody knows.
  std::pair<const SourceTree *, uint32_t> MethodOf(const SourceTree &tree, uint32_t definition,
                                                   unsigned depth) {
    if (const uint32_t method = FinderMethodOf(tree, definition)) {
      return {&tree, method};
    }
    const uint32_t bases = tree.Child(definition, 1);
    if (!tree.Is(bases, NodeKind::ArgumentList) || depth > 4) {
      return {depth > 4 ? nullptr : &tree, 0};
    }
    bool known = true;
    for (uint32_t base : tree.Children(bases)) {
      const llvm::StringRef name = tree.Text(base);
      const bool abstract = name == "object" || name.ends_with("MetaPathFinder") ||
                            name.ends_with("Loader") || name.ends_with("abc.Finder");
      if (abstract || tree.Is(base, NodeKind::KeywordArgument)) {
        continue;
      }
      const Importer above = Resolve(tree.file, name, 0);
      const auto found = above.definition != 0
                             ? MethodOf(*above.tree, above.definition, depth + 1)
                             : std::pair<const SourceTree *, uint32_t>(nullptr, 0);
      if (found.second != 0) {
        return found;
      }
      known &= found.first != nullptr;
    }
    return {known ? &tree : nullptr, 0};
  }

  // Who gives a finder the name of a package means that package; what comes behind may say where
  // its modules really are.
  FinderBounds BoundByArguments(const SourceTree &tree, uint32_t call) const {
    for (uint32_t argument :
         call != 0 ? tree.Children(tree.LastChild(call)) : llvm::SmallVector<uint32_t, 8>()) {
      const auto text = PlainTextOf(tree, argument, project_.Text(ModuleName(tree.file)));
      if (text && !text->empty()) {
        return std::vector<ServedByFinder>{{.by = {}, .name = *text}};
      }
    }
    return std::nullopt;
  }

  void Note(FileId by, FinderBounds bounds) {
    if (!bounds && !IsImported(by)) {
      return; // nobody has executed it on the way to another module
    }
    if (!bounds) {
      bounds = std::vector<ServedByFinder>{{.by = {}, .name = "", .mere_prefix = true}};
    }
    for (ServedByFinder &each : *bounds) {
      each.by = project_.module_of_file[by];
      served_.push_back(std::move(each));
    }
  }

  // Whether an import somewhere names the module, as far as its last name tells; packages are
  // imported for what is below them.
  bool IsImported(FileId file) const {
    const ModuleId module = project_.module_of_file[file];
    if (project_.modules[module].kind == ModuleKind::Package) {
      return true;
    }
    const llvm::StringRef dotted = project_.Text(project_.modules[module].name);
    const llvm::StringRef last = dotted.contains('.') ? dotted.rsplit('.').second : dotted;
    const auto names = [&](llvm::StringRef text) {
      llvm::SmallVector<llvm::StringRef, 8> parts;
      text.split(parts, '.');
      return llvm::is_contained(parts, last);
    };
    const auto &statements = project_.scanned.syntax.statements;
    for (size_t i = 0; i < statements.size(); ++i) {
      const Statement &statement = statements[StatementId(i)];
      const bool from = statement.kind == StatementKind::FromImport;
      if (!from && statement.kind != StatementKind::Import) {
        continue;
      }
      if ((from && names(view_.Text(statement.text))) ||
          llvm::any_of(view_.Operands(statement), [&](ExprId alias) {
            return view_.Is(alias, ExprKind::Alias) && names(view_.TextOf(alias));
          })) {
        return true;
      }
    }
    return false;
  }

  const Project &project_;
  ModuleTable &table_;
  const SyntaxView &view_;
  FileTrees &trees_;
  std::vector<ServedByFinder> served_;
};

} // namespace

std::vector<ServedByFinder> FindFinders(const Project &project, ModuleTable &table,
                                        const SyntaxView &view, const StatementSigns &signs,
                                        FileTrees &trees, unsigned jobs) {
  if (table.IsStdlibProject()) {
    return {}; // importlib puts its own there
  }
  return Reader(project, table, view, trees)
      .Read(FindFinderInstalls(project, view, signs, trees, jobs));
}

} // namespace pydefrag
