// Resolver: what others put into a module's place in `sys.modules`, or onto it.
#include "link/modules/named_imports.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <utility>

namespace pydefrag {

// Whether an instance stands in for the module that surely has no such name, whatever the module's
// own code binds.
bool Resolver::IsInstanceWithout(ModuleId module, NameId name) {
  const NamespaceLog &log = Log(module);
  const bool instance = log.replaced() && view_.Is(log.replaced_by, ExprKind::Call);
  return instance && !IsImplicit(module, project_.Text(name)) &&
         CannotHave(module, project_.Text(name)) && !IsPutFromElsewhere(module, name) &&
         !(table_.IsPackage(module) && table_.FindChild(module, name).valid());
}

ModuleId Resolver::StandInOf(ModuleId module) {
  auto [it, inserted] = answers_.stand_ins.try_emplace(module, module);
  if (!inserted) {
    return it->second; // while it is looked for, the module is itself
  }
  const uint32_t outer_hit = std::exchange(lowest_hit_, UINT32_MAX);
  const ModuleId found = FindStandIn(module);
  if (lowest_hit_ == UINT32_MAX) {
    answers_.stand_ins[module] = found;
  } else { // as provisional as what it was told by (Provisional)
    answers_.stand_ins.erase(module);
  }
  lowest_hit_ = std::min(outer_hit, lowest_hit_);
  return found;
}

ModuleId Resolver::FindStandIn(ModuleId module) {
  const NamespaceLog &log = Log(module);
  const Tri reach = log.replaced() ? Reach(module, log.replaced_at) : Tri::No;
  if (reach != Tri::Yes) {
    return module;
  }
  const uint32_t limit = EventLimit(module, log.replaced_at);
  if (view_.Is(log.replaced_by, ExprKind::Call)) {
    // An instance of a class without bases has none of the names, nor one of a class from elsewhere
    // that gets nothing but strings. What else is derived from the type of modules, or made by a
    // function, most often serves them, and more.
    const Found made = Evaluate(module, view_.Child(log.replaced_by), limit);
    const bool without = made.IsObject() && (IsPlainClass(made.module, made.event) ||
                                             IsMadeOfTexts(module, made, log.replaced_by));
    return without ? ModuleId() : module;
  }
  const Found found = Evaluate(module, log.replaced_by, limit);
  if (found.IsObject() && TakesAllNames(module, log.replaced_by)) {
    OpenModule(module, "replaced in `sys.modules`", OpenedBy::OwnDict); // its class may serve more
    return module;
  }
  // That one may have put another into its own place.
  return found.IsModule() && !found.unknown ? StandInOf(found.module) : ModuleId();
}

// `new.__dict__.update(old.__dict__)`
bool Resolver::TakesAllNames(ModuleId module, ExprId stand_in) const {
  const auto &statements = project_.StatementsOf(module);
  auto is_dict = [&](ExprId id) {
    return view_.Is(id, ExprKind::Attribute) && view_.TextOf(id) == "__dict__";
  };
  for (uint32_t i = 0; i < statements.size(); i = statements[i].end) {
    const Statement &statement = view_.Of(statements[i]);
    const bool call =
        statement.kind == StatementKind::Expression && view_.Is(statement.first, ExprKind::Call);
    const ExprId method = call ? view_.Child(statement.first) : ExprId();
    if (!view_.Is(method, ExprKind::Attribute) || view_.TextOf(method) != "update" ||
        !is_dict(view_.Child(method)) ||
        view_.Dotted(view_.Child(view_.Child(method))) != view_.Dotted(stand_in)) {
      continue;
    }
    const auto arguments = view_.Arguments(statement.first);
    const auto callee = arguments.empty() ? std::nullopt : view_.Callee(arguments[0]);
    if (!arguments.empty() && (is_dict(arguments[0]) || callee == "globals" || callee == "vars")) {
      return true;
    }
  }
  return false;
}

// Whether the call makes an instance of a class that stands in another module, and hands it nothing
// that has the module's names.
bool Resolver::IsMadeOfTexts(ModuleId module, const Found &made, ExprId call) const {
  const auto is_text = [&](ExprId argument) {
    const ExprId value = view_.Is(argument, ExprKind::Keyword) ? view_.Child(argument) : argument;
    return view_.Is(value, ExprKind::String) || view_.IsName(value, "__name__") ||
           view_.IsName(value, "__doc__");
  };
  const auto &statements = project_.StatementsOf(module);
  const bool whole = !view_.Of(statements[Log(module).replaced_at]).reduced;
  const auto children = view_.Children(call);
  return whole && made.module != module && HasLog(made.module) &&
         IsClass(made.module, made.event) && llvm::all_of(llvm::drop_begin(children), is_text);
}

bool Resolver::IsClass(ModuleId module, uint32_t index) const {
  const Event &event = Log(module).events[index];
  const auto &statements = project_.StatementsOf(module);
  return event.kind == EventKind::Define &&
         view_.Of(statements[event.statement]).kind == StatementKind::Class;
}

bool Resolver::IsPlainClass(ModuleId module, uint32_t index) const {
  const auto &statements = project_.StatementsOf(module);
  return IsClass(module, index) &&
         !view_.Of(statements[Log(module).events[index].statement]).bases.valid();
}

// The same names as in the module whose file is loaded a second time; other objects, unless the
// importer hands out that very module.
Found Resolver::SecondLoadAttribute(ModuleId id, NameId name) {
  const ModuleId original = table_.SecondLoadOf(id);
  Found found = Attribute(original, name);
  found.via = kNoEvent;
  if (found.IsModule() && table_.FindChild(original, name) == found.module) {
    return ModuleFound(table_.FindChild(id, name));
  }
  const bool made_here = found.IsObject() && project_.modules[found.module].first_party;
  if (made_here && table_.HasOwnObjects(id)) {
    found.kind = TargetKind::Opaque;
    found.module = id;
    found.event = kNoEvent;
  }
  return found;
}

static llvm::StringRef TopOf(const Project &project, ModuleId module) {
  return project.Text(project.modules[module].name).split('.').first;
}

// Whether the value is the module by its name in a string: `sys.modules["m"]`,
// `sys.modules.get("m")`, `importlib.import_module("m")`.
static bool NamesModule(const SyntaxView &view, ExprId value, llvm::StringRef module) {
  if (view.Is(value, ExprKind::Subscript)) {
    return view.Dotted(view.Child(value)) == "sys.modules" &&
           view.String(view.Child(value, 1)) == module;
  }
  if (!view.Is(value, ExprKind::Call)) {
    return false;
  }
  const ExprId first = view.Child(value, 1);
  const auto named = view.Is(first, ExprKind::String) ? view.String(first) : std::nullopt;
  const auto callee = named == module ? view.Callee(value) : std::nullopt;
  return callee && (*callee == "sys.modules.get" || IsImporter(*callee));
}

// `for m in (one, two): ...`: what the loop goes through, where that is told.
static llvm::SmallVector<ExprId, 8> LoopedOver(const Resolver &resolver, ModuleId module,
                                               uint32_t event) {
  const Project &project = resolver.project();
  const SyntaxView &view = resolver.view();
  const auto &statements = project.StatementsOf(module);
  const Statement &loop = view.Of(statements[resolver.Log(module).events[event].statement]);
  const ExprId items = loop.kind == StatementKind::For && view.Is(loop.first, ExprKind::Name)
                           ? view.Next(loop.first)
                           : ExprId();
  const bool display = view.Is(items, ExprKind::Tuple) || view.Is(items, ExprKind::List);
  return display ? view.Children(items) : llvm::SmallVector<ExprId, 8>();
}

// `import m; m.name = ...` in another module. What `m` holds at that statement is what any of its
// events binds.
bool Resolver::IsPutFromElsewhere(ModuleId id, NameId name) {
  const auto it = put_from_elsewhere_.find(name);
  return it != put_from_elsewhere_.end() &&
         llvm::any_of(it->second, [&](const PutName &put) { return MayPut(put, id); });
}

bool Resolver::MayPut(const PutName &put, ModuleId id) {
  const ModuleId writer = put.writer;
  if (!put.base.valid()) {
    return writer == id; // noted with the module that gets it
  }
  const auto is_it = [&](const Found &at) {
    // `core.backend.name = ...` where the package's `core` is not read.
    const bool perhaps = at.unknown && !project_.modules[id].first_party &&
                         TopOf(project_, writer) == TopOf(project_, id);
    return (at.module == id && (at.IsModule() || at.unknown)) || perhaps;
  };
  const llvm::StringRef own = project_.Text(project_.modules[id].name);
  const auto binds_it = [&](uint32_t event) {
    return is_it(ValueOf(writer, event)) ||
           NamesModule(view_, Log(writer).events[event].value, own) ||
           llvm::any_of(LoopedOver(*this, writer, event),
                        [&](ExprId item) { return is_it(Evaluate(writer, item, event)); });
  };
  return writer != id &&
         (NamesModule(view_, put.base, own) || is_it(Evaluate(writer, put.base, kNoEvent)) ||
          (view_.Is(put.base, ExprKind::Name) &&
           llvm::any_of(Log(writer).Of(view_.At(put.base).text), binds_it)));
}

} // namespace pydefrag
