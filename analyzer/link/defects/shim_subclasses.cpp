// Shim subclasses: `class Old(New): pass`, kept so that an old name or place goes on working. An
// empty subclass alone is no shim: exceptions, markers and leaves of a hierarchy are empty too. It
// has to carry the name of its base, or to warn of deprecation, or to stand in a module that holds
// nothing else.
#include "base/parallel.h"
#include "link/defects/defects.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace pydefrag {
namespace {

bool LooksLikeException(llvm::StringRef name) {
  return name.ends_with("Error") || name.ends_with("Exception") || name.ends_with("Warning") ||
         name == "KeyboardInterrupt" || name == "SystemExit" || name == "StopIteration";
}

bool LooksAbstract(llvm::StringRef name) {
  return name.starts_with("_") || name.starts_with("Abstract") || name.starts_with("Base") ||
         name.ends_with("Base") || name.ends_with("Mixin") || name.ends_with("Interface") ||
         name.ends_with("Protocol") || name == "ABC" || name == "ABCMeta";
}

class ShimFinder {
public:
  ShimFinder(Project &project, Resolver &resolver)
      : project_(project), resolver_(resolver), view_(resolver.view()) {}

  // The events that define classes which may be shims, as their own statements tell. Asks nobody,
  // so modules are read side by side.
  std::vector<uint32_t> FindCandidates(ModuleId module) const {
    std::vector<uint32_t> candidates;
    const NamespaceLog &log = resolver_.Log(module);
    for (uint32_t e = 0; e < log.events.size(); ++e) {
      if (log.events[e].kind != EventKind::Define) {
        continue;
      }
      const PlacedStatement &placed = StatementsOf(module)[log.events[e].statement];
      if (placed.parent < 0 && view_.Of(placed).kind == StatementKind::Class &&
          MayBeShim({module, e})) {
        candidates.push_back(e);
      }
    }
    return candidates;
  }

  void ReadClass(ModuleId module, uint32_t event, std::vector<ShimSubclass> &result) {
    const ClassAt shim{module, event};
    const Statement &statement = view_.Of(Placed(shim));
    const llvm::StringRef name = view_.Text(statement.text);
    const bool warns = !IsEmpty(shim);
    const ClassAt base = BaseOf(shim, statement.bases);
    if (base.event == kNoEvent || base.module == module || IsException(base)) {
      return;
    }
    const llvm::StringRef base_name = view_.Text(view_.Of(Placed(base)).text);
    ShimSubclass found{
        .sign = ShimSubclass::SameName, .shim = PlaceOf(shim), .base = PlaceOf(base)};
    if (warns) {
      found.sign = ShimSubclass::Warns;
    } else if (name != base_name) {
      if (!IsShimModule(module) || IsAbstract(base) || Subclasses(base) > 1) {
        return;
      }
      found.sign = ShimSubclass::ShimModule;
    }
    result.push_back(found);
  }

private:
  struct ClassAt {
    ModuleId module;
    uint32_t event = kNoEvent;
  };

  bool MayBeShim(ClassAt at) const {
    const Statement &statement = view_.Of(Placed(at));
    const ExprId base = statement.bases;
    if (!base.valid() || view_.Next(base).valid() ||
        LooksLikeException(view_.Text(statement.text))) {
      return false;
    }
    // Decorators give an empty class a meaning of its own.
    return IsEmpty(at) ? statement.first == base : OnlyWarns(at);
  }

  const std::vector<PlacedStatement> &StatementsOf(ModuleId module) const {
    return project_.StatementsOf(module);
  }
  const PlacedStatement &Placed(ClassAt at) const {
    return StatementsOf(at.module)[resolver_.Log(at.module).events[at.event].statement];
  }

  ClassPlace PlaceOf(ClassAt at) const {
    const PlacedStatement &placed = Placed(at);
    const Statement &statement = view_.Of(placed);
    return {at.module,
            statement.text,
            {project_.modules[at.module].file,
             {placed.head + statement.text_begin, placed.head + statement.text_end}}};
  }

  // The first-party class that a base expression reaches.
  ClassAt BaseOf(ClassAt derived, ExprId expr) {
    return ClassOf(resolver_.Evaluate(derived.module, expr, LimitOf(derived)));
  }
  uint32_t LimitOf(ClassAt at) const {
    return resolver_.EventLimit(at.module, resolver_.Log(at.module).events[at.event].statement);
  }
  ClassAt ClassOf(const Found &found) const {
    if (!found.IsObject() || found.unknown || !project_.modules[found.module].first_party) {
      return {};
    }
    const ClassAt base{found.module, found.event};
    const bool is_class = resolver_.Log(base.module).events[base.event].kind == EventKind::Define &&
                          view_.Of(Placed(base)).kind == StatementKind::Class;
    return is_class ? base : ClassAt{};
  }

  bool IsEmpty(ClassAt at) const {
    const auto &statements = StatementsOf(at.module);
    const uint32_t header = resolver_.Log(at.module).events[at.event].statement;
    for (uint32_t i = header + 1; i < statements[header].end; i = statements[i].end) {
      const StatementKind kind = view_.Of(statements[i]).kind;
      if (kind != StatementKind::Pass && kind != StatementKind::Docstring) {
        return false;
      }
    }
    return true;
  }

  // Nothing but a constructor, in a class that is known to warn when it is used.
  bool OnlyWarns(ClassAt at) const {
    const auto &statements = StatementsOf(at.module);
    const uint32_t header = resolver_.Log(at.module).events[at.event].statement;
    for (uint32_t i = header + 1; i < statements[header].end; i = statements[i].end) {
      const Statement &statement = view_.Of(statements[i]);
      const llvm::StringRef name = view_.Text(statement.text);
      const bool constructor =
          statement.kind == StatementKind::Function &&
          (name == "__init__" || name == "__new__" || name == "__init_subclass__");
      if (!constructor && statement.kind != StatementKind::Pass &&
          statement.kind != StatementKind::Docstring) {
        return false;
      }
    }
    const ClassPlace place = PlaceOf(at);
    const auto definition =
        std::lower_bound(project_.definitions.begin(), project_.definitions.end(), place.where,
                         [](const Definition &d, const Location &w) { return d.where < w; });
    return definition != project_.definitions.end() && definition->where == place.where &&
           definition->deprecation.deprecated && !definition->deprecation.doc_only;
  }

  template <typename Visit> void ForEachBase(ClassAt at, Visit visit) const {
    for (ExprId id = view_.Of(Placed(at)).bases; id.valid(); id = view_.Next(id)) {
      visit(id);
    }
  }

  static llvm::StringRef LastName(const SyntaxView &view, ExprId id) {
    const bool named = view.Is(id, ExprKind::Name) || view.Is(id, ExprKind::Attribute);
    return named ? view.TextOf(id) : "";
  }

  // Whether a class up the first bases is named like an exception.
  bool IsException(ClassAt at) {
    for (int depth = 0; depth < 16 && at.event != kNoEvent; ++depth) {
      if (LooksLikeException(view_.Text(view_.Of(Placed(at)).text))) {
        return true;
      }
      const ExprId base = view_.Of(Placed(at)).bases;
      if (!base.valid()) {
        return false;
      }
      if (LooksLikeException(LastName(view_, base))) {
        return true;
      }
      at = BaseOf(at, base);
    }
    return false;
  }

  bool IsAbstract(ClassAt at) const {
    bool is_abstract = LooksAbstract(view_.Text(view_.Of(Placed(at)).text));
    ForEachBase(at, [&](ExprId base) {
      const ExprId named = view_.Is(base, ExprKind::Keyword) ? view_.Child(base) : base;
      const llvm::StringRef name = LastName(view_, named);
      is_abstract |= name == "ABC" || name == "ABCMeta" || name == "Protocol";
    });
    const auto &statements = StatementsOf(at.module);
    const uint32_t header = resolver_.Log(at.module).events[at.event].statement;
    for (uint32_t i = header + 1; i < statements[header].end && !is_abstract; ++i) {
      const Statement &statement = view_.Of(statements[i]);
      if (statement.kind == StatementKind::Assign) { // class Meta: abstract = True
        is_abstract = view_.IsName(statement.first, "abstract");
      } else if (statement.kind == StatementKind::Function) {
        for (ExprId id = statement.first; id.valid(); id = view_.Next(id)) {
          is_abstract |= LastName(view_, id).contains("abstract");
        }
      }
    }
    return is_abstract;
  }

  // Imports, `__all__`, a warning, and empty subclasses: nothing else.
  bool IsShimModule(ModuleId module) const {
    if (project_.modules[module].test) {
      return false;
    }
    const auto &statements = StatementsOf(module);
    for (uint32_t i = 0; i < statements.size(); i = statements[i].end) {
      const Statement &statement = view_.Of(statements[i]);
      switch (statement.kind) {
      case StatementKind::Import:
      case StatementKind::FromImport:
      case StatementKind::Docstring:
      case StatementKind::Pass:
        break;
      case StatementKind::Class:
        if (statements[i].end != i + 1 && view_.Of(statements[i + 1]).kind != StatementKind::Pass) {
          return false;
        }
        break;
      case StatementKind::Assign:
      case StatementKind::AnnAssign:
        if (!view_.IsName(statement.first, "__all__")) {
          return false;
        }
        break;
      case StatementKind::Expression: {
        const auto callee = view_.Callee(statement.first);
        if (!callee || !llvm::StringRef(*callee).ends_with("warn")) {
          return false;
        }
        break;
      }
      default:
        return false;
      }
    }
    return true;
  }

  // How many classes of the project have it as a direct base.
  size_t Subclasses(ClassAt wanted) {
    if (!counted_) {
      counted_ = true;
      CountBases();
    }
    return subclasses_.lookup({wanted.module, wanted.event});
  }

  struct Bases { // of the classes of one module
    std::vector<ClassAt> known;
    std::vector<std::pair<ClassAt, ExprId>> asked; // a class, and a base that takes the resolver
  };

  // Most bases are told from the logs, file by file.
  void CountBases() {
    std::vector<Bases> found(project_.file_count);
    ParallelFor(found.size(), resolver_.jobs(), 32,
                [&](size_t f) { FindBases(project_.module_of_file[FileId(f)], found[f]); });
    for (const Bases &bases : found) {
      for (const ClassAt &base : bases.known) {
        CountBase(base);
      }
      for (const auto &[derived, expr] : bases.asked) {
        CountBase(BaseOf(derived, expr));
      }
    }
  }
  void CountBase(ClassAt base) {
    if (base.event != kNoEvent) {
      ++subclasses_[{base.module, base.event}];
    }
  }

  void FindBases(ModuleId module, Bases &found) const {
    const NamespaceLog &log = resolver_.Log(module);
    for (uint32_t e = 0; e < log.events.size(); ++e) {
      const ClassAt at{module, e};
      if (log.events[e].kind == EventKind::Define &&
          view_.Of(Placed(at)).kind == StatementKind::Class) {
        ForEachBase(at, [&](ExprId base) { FindBase(at, base, found); });
      }
    }
  }
  void FindBase(ClassAt derived, ExprId expr, Bases &found) const {
    ExprId first = expr;
    while (view_.Is(first, ExprKind::Attribute)) {
      first = view_.Child(first);
    }
    const NamespaceLog &log = resolver_.Log(derived.module);
    if (!view_.Is(first, ExprKind::Name) ||
        (log.stars.empty() && llvm::all_of(log.Of(view_.At(first).text), [&](uint32_t event) {
           return resolver_.ImportsOutside(derived.module, log.events[event]);
         }))) {
      return; // nothing of the project
    }
    const std::optional<Found> simple =
        first == expr ? resolver_.SimpleAt(derived.module, view_.At(first).text, LimitOf(derived))
                      : std::nullopt;
    if (simple) {
      found.known.push_back(ClassOf(*simple));
    } else {
      found.asked.push_back({derived, expr});
    }
  }

  Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
  bool counted_ = false;
  llvm::DenseMap<std::pair<ModuleId, uint32_t>, size_t> subclasses_;
};

} // namespace

std::vector<ShimSubclass> FindShimSubclasses(Project &project, Resolver &resolver) {
  std::vector<ShimSubclass> result;
  ShimFinder finder(project, resolver);
  std::vector<std::vector<uint32_t>> candidates(project.file_count);
  ParallelFor(project.file_count, resolver.jobs(), 32, [&](size_t i) {
    candidates[i] = finder.FindCandidates(project.module_of_file[FileId(i)]);
  });
  for (size_t i = 0; i < project.file_count; ++i) {
    for (uint32_t event : candidates[i]) {
      finder.ReadClass(project.module_of_file[FileId(i)], event, result);
    }
  }
  std::sort(result.begin(), result.end(), [](const ShimSubclass &a, const ShimSubclass &b) {
    return a.shim.where < b.shim.where;
  });
  return result;
}

} // namespace pydefrag
