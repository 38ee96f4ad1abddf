#include "server/navigate.h"

#include "report/groups.h"
#include "report/text/style.h"
#include "server/target_at.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

constexpr size_t kMostUsers = 8; // named on hover

std::string PathText(const Project &project, const PathInfo &path) {
  return project.PathText(path.module, path.name);
}

// The import rows through all paths, in the order of places.
std::vector<RowId> RowsOf(const Definition &definition) {
  std::vector<RowId> rows;
  for (const PathInfo &path : definition.paths) {
    rows.insert(rows.end(), path.rows.begin(), path.rows.end());
  }
  llvm::sort(rows);
  return rows;
}

size_t UsesOf(const Definition &definition) {
  size_t uses = 0;
  for (const PathInfo &path : definition.paths) {
    uses += path.uses;
  }
  return uses;
}

std::string BecauseText(llvm::StringRef because) {
  if (because == "configured") {
    return "configured";
  }
  if (because == "public-api") {
    return "the public name that the package declares";
  }
  return because == "public-alias" ? "its public alias" : "where it is defined";
}

void SayUsers(const Project &project, const Definition &definition, std::string &text) {
  std::vector<std::string> users;
  for (RowId id : RowsOf(definition)) {
    const std::string user = project.Text(project.modules[project.rows[id].importer].name).str();
    if (!llvm::is_contained(users, user)) {
      users.push_back(user);
    }
  }
  if (users.empty()) {
    return;
  }
  text += "\n\nimported by ";
  for (size_t i = 0; i < std::min(users.size(), kMostUsers); ++i) {
    text += (i == 0 ? "`" : ", `") + users[i] + "`";
  }
  if (users.size() > kMostUsers) {
    text += " and " + std::to_string(users.size() - kMostUsers) + " more";
  }
}

std::string DefinitionText(const View &view, const Definition &definition) {
  const Project &project = view.project();
  const PathInfo &canonical = definition.paths[static_cast<size_t>(definition.canonical)];
  const Location where = Now(view, definition.where);
  const SourceText *source = TextOf(view, where.file);
  std::string text = "**" + DefinitionKindName(definition.kind).str() + "** `" +
                     project.PathText(definition.module, definition.name) + "`\n\ndefined at `" +
                     project.PathOf(definition.where.file).str() + ":" +
                     std::to_string(source ? source->LineOf(where.span.begin) : 0) + "`";
  text += "\n\ncanonical path `" + PathText(project, canonical) + "` (" +
          BecauseText(definition.because) + ")\n";
  for (const PathInfo &path : definition.paths) {
    if (path.uses > 0) {
      text += "\n- `" + PathText(project, path) + "`: " + Counted(path.uses, "use");
    }
  }
  SayUsers(project, definition, text);
  return text;
}

std::string ModuleText(const Project &project, const Module &module) {
  std::string text = "**module** `" + project.Text(module.name).str() + "`";
  if (module.file.valid()) {
    text += "\n\n`" + project.PathOf(module.file).str() + "`";
  }
  for (NameId name : module.also_named) {
    text += "\n\nalso imported as `" + project.Text(name).str() + "`";
  }
  return text;
}

} // namespace

llvm::json::Value DefinitionAt(const View &view, const llvm::json::Object &params) {
  const TargetUnderCursor target = TargetAt(view, CursorOf(view, params));
  if (target.definition.valid()) {
    return LocationOf(view, Now(view, view.project().definitions[target.definition].where));
  }
  if (target.module.valid() && view.project().modules[target.module].file.valid()) {
    return LocationOf(view, {view.project().modules[target.module].file, {0, 0}});
  }
  return nullptr;
}

llvm::json::Value ReferencesAt(const View &view, const llvm::json::Object &params) {
  const Project &project = view.project();
  const TargetUnderCursor target = TargetAt(view, CursorOf(view, params));
  llvm::json::Array places;
  const auto add = [&](Location where) {
    llvm::json::Value place = LocationOf(view, Now(view, where));
    if (place.kind() != llvm::json::Value::Null) {
      places.push_back(std::move(place));
    }
  };
  if (target.definition.valid()) {
    const Definition &definition = project.definitions[target.definition];
    const llvm::json::Object *context = params.getObject("context");
    if (context && context->getBoolean("includeDeclaration").value_or(false)) {
      add(definition.where);
    }
    // Plumbing too: whoever looks for references wants to see how a path comes about.
    for (const ImportRow &row : project.rows) {
      if (row.target.kind == TargetKind::Definition && row.target.definition == target.definition &&
          !row.context.star) {
        add({row.file, row.where});
      }
    }
    for (const PathInfo &path : definition.paths) {
      for (Location use : path.attribute_uses) {
        add(use);
      }
    }
  } else if (target.module.valid()) {
    for (const ImportRow &row : project.rows) {
      if (row.source == target.module) {
        add({row.file, row.where});
      }
    }
  }
  return places;
}

llvm::json::Value HoverAt(const View &view, const llvm::json::Object &params) {
  const Project &project = view.project();
  const TargetUnderCursor target = TargetAt(view, CursorOf(view, params));
  std::string text;
  if (target.definition.valid()) {
    text = DefinitionText(view, project.definitions[target.definition]);
  } else if (target.module.valid()) {
    text = ModuleText(project, project.modules[target.module]);
  } else {
    return nullptr;
  }
  return llvm::json::Object{
      {"contents", llvm::json::Object{{"kind", "markdown"}, {"value", std::move(text)}}},
      {"range", RangeAt(view, Now(view, target.word))}};
}

llvm::json::Value CodeLensesOf(const View &view, const llvm::json::Object &params) {
  llvm::json::Array lenses;
  const llvm::json::Object *document = params.getObject("textDocument");
  const FileId file =
      document ? FileOfUri(view, document->getString("uri").value_or("")) : FileId();
  if (!file.valid()) {
    return lenses;
  }
  for (const Definition &definition : view.project().definitions) {
    if (definition.where.file != file || definition.kind != DefinitionKind::Class) {
      continue;
    }
    const size_t paths = CountFragment(definition).paths_in_use;
    const std::string title =
        Counted(paths, "import path") + " · " + Counted(UsesOf(definition), "use");
    lenses.push_back(
        llvm::json::Object{{"range", RangeAt(view, Now(view, definition.where))},
                           {"command", llvm::json::Object{{"title", title}, {"command", ""}}}});
  }
  return lenses;
}

} // namespace pydefrag
