#include "link/strings/string_reader.h"

#include "base/parallel.h"
#include "facts/headers_around.h"
#include "link/strings/string_settings.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

#include <algorithm>

namespace pydefrag {

// `sys.modules`, or the same in a string.
static bool TouchesModules(const SyntaxView &view, ExprId id) {
  const bool attribute = view.Is(id, ExprKind::Attribute) && view.TextOf(id) == "modules" &&
                         view.IsName(view.Child(id), "sys");
  return attribute || view.String(id) == llvm::StringRef("sys.modules");
}

static void ReadStatement(const SyntaxView &view, const Statement &statement, size_t i,
                          StringCandidates &candidates, std::vector<ExprId> &calls) {
  if (statement.kind == StatementKind::Import || statement.kind == StatementKind::FromImport) {
    return;
  }
  const bool assigns = statement.kind == StatementKind::Assign ||
                       statement.kind == StatementKind::AugAssign ||
                       statement.kind == StatementKind::AnnAssign;
  candidates.sets[i] = assigns && view.Is(statement.first, ExprKind::Name) &&
                       MayBeSetting(view.TextOf(statement.first));
  view.WalkAll(statement, [&](ExprId id) {
    if (TouchesModules(view, id)) {
      candidates.touches_modules[i] = true;
    }
    if (!view.Is(id, ExprKind::Call)) {
      return;
    }
    const ExprId callee = view.Child(id);
    const bool named = view.Is(callee, ExprKind::Name) || view.Is(callee, ExprKind::Attribute);
    if (named && MayBeStringContext(view.TextOf(callee))) {
      calls.push_back(id);
    }
  });
}

StringCandidates FindCandidates(const SyntaxView &view, const SyntaxTable &syntax, unsigned jobs) {
  constexpr size_t kBlock = 4096;
  const size_t count = syntax.statements.size();
  StringCandidates candidates;
  candidates.begin.resize(count + 1);
  candidates.touches_modules.resize(count);
  candidates.sets.resize(count);
  std::vector<std::vector<ExprId>> calls((count + kBlock - 1) / kBlock);
  ParallelFor(calls.size(), jobs, 1, [&](size_t block) {
    for (size_t i = block * kBlock; i < std::min(count, (block + 1) * kBlock); ++i) {
      candidates.begin[i] = static_cast<uint32_t>(calls[block].size());
      ReadStatement(view, syntax.statements[StatementId(i)], i, candidates, calls[block]);
    }
  });
  for (size_t i = 0; i < count; ++i) { // from the beginning of all, not of the block
    candidates.begin[i] += static_cast<uint32_t>(candidates.calls.size());
    if (i + 1 == count || (i + 1) % kBlock == 0) {
      llvm::append_range(candidates.calls, calls[i / kBlock]);
    }
  }
  candidates.begin[count] = static_cast<uint32_t>(candidates.calls.size());
  return candidates;
}

// --- imported names

// Where the name comes from at last, as far as that is outside the project: a project's own module
// that hands on `mock` hands on `unittest.mock`.
static std::string QualifiedName(const Project &project, const ImportRow &row) {
  const Target &target = row.target;
  const bool outside = target.module.valid() && !project.modules[target.module].first_party;
  if (outside && target.kind == TargetKind::Module) {
    return project.Text(project.modules[target.module].name).str();
  }
  if (outside && target.kind == TargetKind::Opaque && row.name.valid()) {
    return (project.Text(project.modules[target.module].name) + "." + project.Text(row.name)).str();
  }
  std::string text = project.Text(row.module).str();
  if (row.name.valid()) {
    text += "." + project.Text(row.name).str();
  }
  return text;
}

ImportedNames::ImportedNames(const Project &project, llvm::ArrayRef<ImportRow> rows) {
  for (const ImportRow &row : rows) {
    if (row.context.star) {
      continue;
    }
    if (!row.name.valid() && !row.as.valid()) { // import a.b binds a
      const llvm::StringRef top = project.Text(row.module).split('.').first;
      Add(top, top.str());
    } else {
      Add(project.Text(row.as.valid() ? row.as : row.name), QualifiedName(project, row));
    }
  }
}

void ImportedNames::Add(llvm::StringRef local, std::string qualified) {
  if (llvm::StringRef(qualified).starts_with("mock.mock")) {
    qualified.erase(0, 5); // the back-port has itself inside
  }
  auto &all = names_[local];
  if (!llvm::is_contained(all, qualified)) {
    all.push_back(std::move(qualified));
  }
}

llvm::ArrayRef<std::string> ImportedNames::Of(llvm::StringRef local) const {
  auto it = names_.find(local);
  return it == names_.end() ? llvm::ArrayRef<std::string>() : llvm::ArrayRef(it->second);
}

// --- strings

namespace {

// Fixtures of pytest and pytest-mock, known by their names alone.
llvm::StringRef FixtureOf(llvm::StringRef name) {
  return llvm::StringSwitch<llvm::StringRef>(name)
      .Cases("mocker", "class_mocker", "module_mocker", "package_mocker", "session_mocker",
             "mocker")
      .Case("monkeypatch", "monkeypatch")
      .Default("");
}

class FileReader {
public:
  FileReader(const Project &project, const SyntaxView &view, FileId file,
             llvm::ArrayRef<ImportRow> rows)
      : view_(view), statements_(project.scanned.facts[file].statements), names_(project, rows) {}

  void ReadCall(uint32_t statement, ExprId call) {
    const auto callee = view_.Callee(call);
    if (!callee) {
      return;
    }
    for (const std::string &qualified : Qualify(statement, *callee)) {
      const llvm::ArrayRef<CallContext> contexts = CallContextsOf(qualified);
      for (const CallContext &context : contexts) {
        ReadContext(statement, call, context);
      }
      if (!contexts.empty()) {
        return;
      }
    }
  }

  std::vector<NamedString> Take() { return std::move(found_); }

private:
  llvm::SmallVector<std::string, 2> Qualify(uint32_t statement, llvm::StringRef dotted) const {
    llvm::SmallVector<std::string, 2> qualified;
    if (dotted == "__import__") {
      qualified.push_back("__import__");
      return qualified;
    }
    dotted.consume_front("self.");
    const auto [first, rest] = dotted.split('.');
    const std::string tail = rest.empty() ? "" : "." + rest.str();
    for (const std::string &name : names_.Of(first)) {
      qualified.push_back(name + tail);
    }
    if (qualified.empty()) {
      llvm::StringRef fixture = FixtureOf(first);
      fixture = fixture.empty() && HoldsMonkeyPatch(statement, first) ? "monkeypatch" : fixture;
      if (!fixture.empty()) {
        qualified.push_back(fixture.str() + tail);
      }
    }
    return qualified;
  }

  // `with monkeypatch.context() as m:` above the statement.
  bool HoldsMonkeyPatch(uint32_t statement, llvm::StringRef name) const {
    for (uint32_t header : HeadersAround(statements_, statement)) {
      const Statement &above = view_.Of(statements_[header]);
      if (above.kind != StatementKind::With) {
        continue;
      }
      for (ExprId item : view_.Operands(above)) {
        if (view_.Is(item, ExprKind::Walrus) && view_.IsName(view_.Child(item), name)) {
          const auto callee = view_.Callee(view_.Child(item, 1));
          return callee && llvm::StringRef(*callee).ends_with_insensitive("monkeypatch.context");
        }
      }
    }
    return false;
  }

  // The argument, by position or by name; invalid when it is not given or hidden in a splat.
  ExprId ArgumentOf(ExprId call, unsigned position, llvm::StringRef keyword) const {
    const llvm::SmallVector<ExprId, 4> arguments = view_.Arguments(call);
    for (unsigned i = 0; i < arguments.size() && i <= position; ++i) {
      if (view_.Is(arguments[i], ExprKind::Splat)) {
        return ExprId();
      }
    }
    if (position < arguments.size()) {
      return arguments[position];
    }
    return keyword.empty() ? ExprId() : view_.KeywordArgument(call, keyword);
  }

  bool IsLenient(ExprId call, const CallContext &context) const {
    if (context.lenient.empty()) {
      return false;
    }
    for (ExprId id = view_.Next(view_.Child(call)); id.valid(); id = view_.Next(id)) {
      if (view_.Is(id, ExprKind::DoubleSplat)) {
        return true;
      }
    }
    const ExprId value = view_.KeywordArgument(call, context.lenient);
    const ExprKind strict = context.lenient_value ? ExprKind::False : ExprKind::True;
    return value.valid() && !view_.Is(value, strict);
  }

  void ReadContext(uint32_t statement, ExprId call, const CallContext &context) {
    NamedString found;
    found.statement = statement;
    found.context = context.shown.data();
    found.form = context.form;
    found.lenient = IsLenient(call, context);
    switch (context.place) {
    case StringPlace::Argument:
      found.value = ArgumentOf(call, context.argument, context.keyword);
      if (context.form == TargetForm::Module) {
        found.package = ArgumentOf(call, 1, "package");
      }
      // monkeypatch.setattr("a.b", value) and (module, "b", value) are told apart by the string.
      if (context.form != TargetForm::Attribute || MayBeText(found.value)) {
        Add(found);
      }
      return;
    case StringPlace::Items:
      found.value = ArgumentOf(call, context.argument, context.keyword);
      for (ExprId item : ItemsOf(found.value)) {
        found.value = item;
        Add(found);
      }
      return;
    case StringPlace::ObjectAndName:
      found.object = ArgumentOf(call, 0, "target");
      found.value = ArgumentOf(call, 1, context.keyword);
      if (!MayBeText(found.object)) {
        Add(found);
      }
      return;
    case StringPlace::Keywords:
      return ReadKeywords(call, found, context);
    case StringPlace::PairWithKey:
      if (view_.String(ArgumentOf(call, 0, "")) == llvm::StringRef(context.key)) {
        found.value = ArgumentOf(call, 1, "");
        Add(found);
      }
      return;
    }
  }

  // patch.multiple("a.b", name=..., other=...)
  void ReadKeywords(ExprId call, NamedString found, const CallContext &context) {
    const ExprId target = ArgumentOf(call, context.argument, context.keyword);
    for (ExprId id = view_.Next(view_.Child(call)); id.valid(); id = view_.Next(id)) {
      const bool own = view_.Is(id, ExprKind::Keyword) &&
                       llvm::StringSwitch<bool>(view_.TextOf(id))
                           .Cases("target", "spec", "create", "spec_set", "autospec", true)
                           .Case("new_callable", true)
                           .Default(false);
      if (!view_.Is(id, ExprKind::Keyword) || own) {
        continue;
      }
      found.attribute = view_.At(id).text;
      found.attribute_at = id;
      found.value = MayBeText(target) ? target : ExprId();
      found.object = MayBeText(target) ? ExprId() : target;
      Add(found);
    }
  }

  llvm::SmallVector<ExprId, 8> ItemsOf(ExprId list) const {
    const bool display = view_.Is(list, ExprKind::List) || view_.Is(list, ExprKind::Tuple) ||
                         view_.Is(list, ExprKind::Set);
    return display ? view_.Children(list) : llvm::SmallVector<ExprId, 8>();
  }

  bool MayBeText(ExprId id) const {
    if (!id.valid()) {
      return false;
    }
    switch (view_.At(id).kind) {
    case ExprKind::String:
    case ExprKind::FString:
    case ExprKind::Binary:
      return true;
    case ExprKind::Name:
      return view_.TextOf(id) == view_.TextOf(id).upper();
    default:
      return false;
    }
  }

  void Add(const NamedString &found) {
    if (found.value.valid() || found.attribute.valid()) {
      found_.push_back(found);
    }
  }

  const SyntaxView &view_;
  const std::vector<PlacedStatement> &statements_;
  ImportedNames names_;
  std::vector<NamedString> found_;
};

} // namespace

static bool InFunction(const SyntaxView &view, const std::vector<PlacedStatement> &statements,
                       uint32_t statement) {
  return llvm::any_of(HeadersAround(statements, statement), [&](uint32_t header) {
    return view.Of(statements[header]).kind == StatementKind::Function;
  });
}

// Called so, or assigning a name that only settings have.
static SettingPlace PlaceOf(const SyntaxView &view, llvm::StringRef path,
                            const std::vector<PlacedStatement> &statements,
                            const StringCandidates &candidates) {
  const llvm::StringRef base = FileNameOf(path);
  const bool named = base.contains("settings") || path.contains("settings/");
  return named || llvm::any_of(
                      statements,
                      [&](const PlacedStatement &placed) {
                        return candidates.sets[static_cast<size_t>(placed.statement.index)] &&
                               MarksSettings(view.TextOf(view.Of(placed).first));
                      })
             ? SettingPlace::SettingsModule
             : SettingPlace::AnyModule;
}

FileStrings ReadStrings(const Project &project, const SyntaxView &view, FileId file,
                        llvm::ArrayRef<ImportRow> rows, const StringCandidates &candidates) {
  const std::vector<PlacedStatement> &statements = project.scanned.facts[file].statements;
  FileStrings result;
  std::optional<FileReader> reader;
  for (uint32_t i = 0; i < statements.size(); ++i) {
    const StatementId id = statements[i].statement;
    for (ExprId call : candidates.Of(id)) {
      if (!reader) {
        reader.emplace(project, view, file, rows);
      }
      reader->ReadCall(i, call);
    }
    if (candidates.sets[static_cast<size_t>(id.index)] && !InFunction(view, statements, i)) {
      const SettingPlace place = PlaceOf(view, project.PathOf(file), statements, candidates);
      const Statement &statement = view.At(id);
      ReadSetting(view, view.TextOf(statement.first), view.LastOperand(statement), i, place,
                  result.strings);
    }
    if (candidates.touches_modules[static_cast<size_t>(id.index)]) {
      view.WalkAll(view.At(id), [&](ExprId expr) {
        if (view.Is(expr, ExprKind::String)) {
          result.put_modules.push_back(view.At(expr).text);
        }
      });
    }
  }
  if (reader) {
    llvm::append_range(result.strings, reader->Take());
  }
  return result;
}

} // namespace pydefrag
