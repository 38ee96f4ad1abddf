#include "link/names/namespaces.h"

#include "base/identifier.h"
#include "base/parallel.h"
#include "link/names/namespace_reader.h"
#include "link/names/own_namespace.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

NamespaceLog NamespaceReader::Read() {
  const auto &statements = facts_.statements;
  for (uint32_t i = 0; i < statements.size();) {
    i = ReadStatement(i);
  }
  FinishHandlers(static_cast<uint32_t>(statements.size()));
  ReadModuleMadeByCall();
  LinkArms();
  log_.IndexEvents();
  return std::move(log_);
}

// Handles statement `i`; returns the index to go on with: the next one in preorder, or past the
// body of a function or class.
uint32_t NamespaceReader::ReadStatement(uint32_t i) {
  FinishHandlers(i);
  at_ = i;
  const PlacedStatement &placed = facts_.statements[i];
  const Statement &statement = view_.Of(placed);
  switch (statement.kind) {
  case StatementKind::Function:
    ReadWalrus(i, statement);
    Bind(EventKind::Define, statement.text, i);
    if (llvm::any_of(view_.Operands(statement), [&](ExprId id) { return IsOwnDict(view_, id); })) {
      Open("`globals()` goes by another name"); // of a parameter
    }
    ReadGlobals(i, placed.end, false);
    return placed.end;
  case StatementKind::Class:
    ReadWalrus(i, statement);
    ReadGlobals(i, placed.end, true);
    ReadSubmodulesIn(i + 1, placed.end);
    ReadClassDecorators(i, statement);
    Bind(EventKind::Define, statement.text, i);
    return placed.end;
  case StatementKind::Import:
    ReadImport(i, statement);
    break;
  case StatementKind::FromImport:
    ReadFromImport(i, statement);
    break;
  case StatementKind::Assign:
  case StatementKind::AnnAssign:
  case StatementKind::AugAssign:
    ReadWalrus(i, statement);
    ReadAssignment(i, statement);
    break;
  case StatementKind::TypeAlias:
    Bind(EventKind::Value, statement.text, i);
    break;
  case StatementKind::Delete:
    ReadDelete(i, statement);
    break;
  case StatementKind::Expression:
    ReadWalrus(i, statement);
    ReadExpression(i, statement);
    ReadKeywordCall(i, statement);
    break;
  case StatementKind::Raise:
    log_.exits.push_back(i);
    break;
  case StatementKind::Assert:
    ReadWalrus(i, statement);
    if (view_.Is(statement.first, ExprKind::False)) {
      log_.exits.push_back(i);
    }
    break;
  case StatementKind::For:
    ReadWalrus(i, statement);
    BindTargets(i, statement.first, LastOfLoop(i), true);
    ReadLiteralLoop(i, statement);
    break;
  case StatementKind::With:
    for (ExprId item : view_.Operands(statement)) {
      if (view_.Is(item, ExprKind::Walrus)) {
        BindTargets(i, view_.Child(item), ExprId(), false);
      }
    }
    ReadWalrus(i, statement);
    break;
  case StatementKind::Except:
  case StatementKind::ExceptStar:
    if (statement.text.valid() && !EndsInRaise(i)) {
      Bind(EventKind::Value, statement.text, i);
      handlers_.push_back({placed.end, i, statement.text});
    }
    break;
  case StatementKind::Case:
    view_.Walk(statement, [&](ExprId id) {
      if (view_.Is(id, ExprKind::Capture)) {
        BindExpr(EventKind::Value, view_.At(id).text, i, ExprId(), id);
      }
    });
    ReadWalrus(i, statement);
    break;
  case StatementKind::If:
  case StatementKind::Elif:
  case StatementKind::While:
  case StatementKind::Match:
    ReadWalrus(i, statement);
    break;
  case StatementKind::Else:
  case StatementKind::Try:
  case StatementKind::Finally:
  case StatementKind::Global:
  case StatementKind::Nonlocal:
  case StatementKind::Docstring:
  case StatementKind::Return:
  case StatementKind::Pass:
  case StatementKind::Error:
    break;
  }
  return i + 1;
}

void NamespaceReader::BindExpr(EventKind kind, NameId name, uint32_t statement, ExprId value,
                               ExprId target, bool maybe) {
  if (name.valid()) {
    log_.lazy |= kind != EventKind::Unbind && view_.Text(name) == "__getattr__";
    Event event{.name = name, .kind = kind, .maybe = maybe, .statement = statement};
    event.value = value;
    event.target = target;
    log_.events.push_back(event);
  }
}

// Whether a block surely raises, as its last statement does: what it did to names nobody sees. What
// stands deeper may leave it otherwise, by `continue`.
bool NamespaceReader::EndsInRaise(uint32_t header) const {
  uint32_t last = header;
  for (uint32_t i = header + 1; i < facts_.statements[header].end; i = facts_.statements[i].end) {
    if (facts_.statements[i].end > i + 1) {
      return false;
    }
    last = i;
  }
  return last != header && view_.Of(facts_.statements[last]).kind == StatementKind::Raise;
}

// The name of `except E as name` is deleted when the handler ends.
void NamespaceReader::FinishHandlers(uint32_t at) {
  while (!handlers_.empty() && handlers_.back().end <= at) {
    const Handler handler = handlers_.pop_back_val();
    Bind(EventKind::Unbind, handler.name, handler.statement);
  }
}

void NamespaceReader::ReadImport(uint32_t i, const Statement &statement) {
  for (ExprId alias : view_.Operands(statement)) {
    const llvm::StringRef dotted = view_.TextOf(alias);
    BindOwnSubmodule(i, dotted);
    const ExprId as = view_.Child(alias);
    const NameId name =
        as.valid() ? view_.At(as).text : scanned_.names.Find(dotted.split('.').first);
    BindExpr(EventKind::Import, name, i, alias, as.valid() ? as : alias);
  }
}

void NamespaceReader::ReadFromImport(uint32_t i, const Statement &statement) {
  const llvm::StringRef module = view_.Text(statement.text);
  if (is_package_ && statement.level == 1) {
    if (!module.empty()) {
      BindSubmodule(i, module.split('.').first);
    }
  } else if (statement.level == 0) {
    BindOwnSubmodule(i, module);
  }
  for (ExprId alias : view_.Operands(statement)) {
    if (view_.Is(alias, ExprKind::Star)) {
      Event star{.kind = EventKind::Star, .statement = i};
      star.value = star.target = alias;
      log_.events.push_back(star);
      continue;
    }
    const ExprId as = view_.Child(alias);
    const NameId name = as.valid() ? view_.At(as).text : view_.At(alias).text;
    BindExpr(EventKind::From, name, i, alias, as.valid() ? as : alias);
    if (view_.TextOf(alias) == "exec" || view_.TextOf(alias) == "exec_") { // six.exec_
      execs_.insert(name);
    }
  }
}

// In a package, `import pkg.sub` and `from pkg.sub import x` set the attribute `sub`.
void NamespaceReader::BindOwnSubmodule(uint32_t i, llvm::StringRef dotted) {
  if (is_package_ && dotted.consume_front(module_name_) && dotted.consume_front(".")) {
    BindSubmodule(i, dotted.split('.').first);
  }
}

void NamespaceReader::BindSubmodule(uint32_t i, llvm::StringRef name) {
  Bind(EventKind::Submodule, scanned_.names.Find(name), i);
}

void NamespaceReader::ReadAssignment(uint32_t i, const Statement &statement) {
  const llvm::SmallVector<ExprId, 8> operands = view_.Operands(statement);
  if (operands.empty()) {
    return;
  }
  const bool annotated = statement.kind == StatementKind::AnnAssign;
  if (annotated && operands.size() < 2) {
    return; // `x: int` binds nothing
  }
  const ExprId value = operands.back();
  const bool own = IsOwnDict(view_, value) || IsOwnModule(view_, value);
  NoteSerialized(statement);
  if (own && operands.size() == 2 && view_.Is(operands[0], ExprKind::Name) &&
      OnlyBuilds(view_.At(operands[0]).text)) {
    // what the builder binds is told: ReadBuilderCall
  } else if (own) {
    Open("`globals()` goes by another name");
  } else {
    ReadEscapes(i, value);
  }
  for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
    if (!view_.Is(target, ExprKind::Name)) {
      ReadEscapes(i, target); // `chosen(globals())["x"] = 1`
    }
    if (own && view_.Is(target, ExprKind::Name)) {
      aliases_.insert(view_.At(target).text);
    }
    if (view_.IsName(target, "__all__")) {
      log_.all_ops.push_back(i);
    }
    if (view_.Is(target, ExprKind::Name) && IsExec(view_, value)) {
      execs_.insert(view_.At(target).text);
    }
    if (statement.kind == StatementKind::AugAssign && view_.Is(target, ExprKind::Name)) {
      BindExpr(EventKind::Value, view_.At(target).text, i, ExprId(), target);
      continue;
    }
    BindTargets(i, target, value, false);
  }
  ReadDynamicTargets(i, operands);
}

// `@enum.global_enum` puts the members into the module, before the class has its name.
void NamespaceReader::ReadClassDecorators(uint32_t i, const Statement &statement) {
  bool global = false;
  bool plain = true;
  for (ExprId decorator = statement.first; decorator.valid() && decorator != statement.bases;
       decorator = view_.Next(decorator)) {
    const auto dotted = view_.Dotted(decorator);
    const bool own = dotted && llvm::StringRef(*dotted).ends_with("global_enum");
    global |= own;
    plain &= (own || (dotted && llvm::StringRef(*dotted).ends_with("unique"))) &&
             IsOfStandardModule(decorator, "enum");
  }
  if (!global) {
    return;
  }
  const auto members = plain ? MembersOfEnum(i, statement) : std::nullopt;
  if (!members) {
    return Open("members of an enum become names of the module", OpenedBy::Others);
  }
  for (const auto &[name, surely] : *members) {
    BindExpr(EventKind::Value, name, i, ExprId(), ExprId(), !surely);
  }
}

// Whether the name or attribute is one of this standard module, by an import and nothing else.
bool NamespaceReader::IsOfStandardModule(ExprId id, llvm::StringRef module) {
  const bool attribute = view_.Is(id, ExprKind::Attribute);
  const ExprId root = attribute ? view_.Child(id) : id;
  const uint32_t bound =
      view_.Is(root, ExprKind::Name) ? LastBinding(view_.At(root).text) : kUnbound;
  if (bound == kUnbound) {
    return false;
  }
  const Event &event = log_.events[bound];
  const Statement &import = view_.Of(facts_.statements[event.statement]);
  return attribute ? event.kind == EventKind::Import && view_.TextOf(event.value) == module
                   : event.kind == EventKind::From && import.level == 0 &&
                         view_.Text(import.text) == module &&
                         view_.TextOf(event.value) == view_.TextOf(id);
}

// What the body of an enum makes members: each name that is assigned there, but for those that the
// enum keeps for itself; whether it surely is one. Nothing: another class, or more happens there.
std::optional<llvm::SmallVector<std::pair<NameId, bool>, 8>>
NamespaceReader::MembersOfEnum(uint32_t header, const Statement &statement) {
  bool derived = false;
  for (ExprId base = statement.bases; base.valid(); base = view_.Next(base)) {
    const auto dotted = view_.Dotted(base);
    const llvm::StringRef last = dotted ? LastPart(*dotted) : "";
    const bool plain = last == "int" || last == "str";
    const bool kind = last == "Enum" || last == "IntEnum" || last == "StrEnum" || last == "Flag" ||
                      last == "IntFlag" || last == "ReprEnum";
    if (!plain && !(kind && IsOfStandardModule(base, "enum"))) {
      return std::nullopt;
    }
    derived |= kind;
  }
  if (!derived) {
    return std::nullopt;
  }
  llvm::SmallVector<std::pair<NameId, bool>, 8> members;
  const uint32_t end = facts_.statements[header].end;
  for (uint32_t i = header + 1; i < end; i = facts_.statements[i].end) {
    const Statement &each = view_.Of(facts_.statements[i]);
    switch (each.kind) {
    case StatementKind::Docstring:
    case StatementKind::Pass:
    case StatementKind::Function:
      continue;
    case StatementKind::Assign:
    case StatementKind::AnnAssign:
      break;
    default:
      return std::nullopt;
    }
    const auto operands = view_.Operands(each);
    const ExprId value = operands.back();
    const bool annotated = each.kind == StatementKind::AnnAssign;
    if (annotated && operands.size() < 2) {
      continue; // `name: int`
    }
    const auto callee = view_.Callee(value);
    const bool surely = view_.Is(value, ExprKind::Number) || view_.Is(value, ExprKind::String) ||
                        view_.Is(value, ExprKind::Binary) || view_.Is(value, ExprKind::Unary) ||
                        (callee && LastPart(*callee) == "auto");
    for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
      const llvm::StringRef name =
          view_.Is(target, ExprKind::Name) ? view_.TextOf(target) : "_ignore_";
      if (name == "_ignore_") {
        return std::nullopt;
      }
      members.push_back({view_.At(target).text, surely && !name.starts_with("_")});
    }
  }
  return members;
}

// An arm is the sibling that ends where the next arm begins.
void NamespaceReader::LinkArms() {
  const auto &statements = facts_.statements;
  llvm::SmallVector<uint32_t, 8> open; // headers whose end is still ahead
  for (uint32_t i = 0; i < statements.size(); ++i) {
    uint32_t closed = i;
    while (!open.empty() && statements[open.back()].end <= i) {
      closed = open.pop_back_val();
    }
    const StatementKind kind = view_.Of(statements[i]).kind;
    const bool arm = kind == StatementKind::Elif || kind == StatementKind::Else ||
                     kind == StatementKind::Except || kind == StatementKind::ExceptStar ||
                     kind == StatementKind::Finally;
    if (arm && closed != i && statements[closed].parent == statements[i].parent) {
      log_.previous_arms.push_back({i, closed});
    }
    open.push_back(i);
  }
}

NamespaceLog ReadNamespace(const Scanned &scanned, FileId file, bool is_package,
                           llvm::StringRef module_name) {
  return NamespaceReader(scanned, file, is_package, module_name).Read();
}

IdVector<ModuleId, NamespaceLog> ReadNamespaces(const Project &project, unsigned jobs) {
  IdVector<ModuleId, NamespaceLog> logs;
  logs.resize(project.modules.size());
  ParallelFor(project.modules.size(), jobs, 16, [&](size_t i) {
    const Module &module = project.modules[ModuleId(i)];
    if (module.file.valid()) {
      logs[ModuleId(i)] =
          ReadNamespace(project.scanned, module.file, module.kind == ModuleKind::Package,
                        project.Text(module.name));
    }
  });
  return logs;
}

} // namespace pydefrag
