// Executor: what statements other than imports bind (executor.h).
#include "link/execute/executor.h"
#include "link/modules/named_imports.h"
#include "link/resolve/class_values.h"

namespace pydefrag {

// The events of a statement. Those of a class stand behind what its body loads, so the log is not
// in the order of statements.
llvm::ArrayRef<uint32_t> Executor::EventsAt(ModuleId module, uint32_t statement) {
  EventIndex &index = events_by_statement_[module];
  if (index.begin.empty()) {
    const std::vector<Event> &events = resolver_.Log(module).events;
    index.begin.assign(StatementsOf(module).size() + 2, 0);
    for (const Event &event : events) {
      ++index.begin[event.statement + 2];
    }
    for (size_t i = 2; i < index.begin.size(); ++i) {
      index.begin[i] += index.begin[i - 1];
    }
    index.events.resize(events.size());
    for (uint32_t e = 0; e < events.size(); ++e) {
      index.events[index.begin[events[e].statement + 1]++] = e;
    }
  }
  return llvm::ArrayRef(index.events)
      .slice(index.begin[statement], index.begin[statement + 1] - index.begin[statement]);
}

// The module that a call of an importer gives; Absent where the event binds something else.
Held Executor::ImportedNow(ModuleId module, uint32_t event) {
  const ExprId value = resolver_.Log(module).events[event].value;
  const auto callee = view_.Callee(value);
  const Found found = callee && IsImporter(*callee) ? resolver_.ValueOf(module, event) : Found();
  return found.IsModule() ? names_.Imported(found.module) : Held();
}

// Whether a class has one base that is called as an enum is, and its body nothing but assignments
// to names, methods and strings: what is assigned are its members.
bool Executor::IsPlainEnum(ModuleId module, uint32_t header) const {
  const auto &statements = StatementsOf(module);
  const Statement &definition = view_.Of(statements[header]);
  if (definition.kind != StatementKind::Class || !definition.bases.valid() ||
      definition.first != definition.bases || view_.Next(definition.bases).valid()) {
    return false; // decorators, other bases, a metaclass
  }
  const std::string base = view_.Dotted(definition.bases).value_or("");
  if (!llvm::StringRef(base).ends_with("Enum") && !llvm::StringRef(base).ends_with("Flag")) {
    return false;
  }
  for (uint32_t i = header + 1; i < statements[header].end; i = statements[i].end) {
    const Statement &statement = view_.Of(statements[i]);
    const bool assigns = statement.kind == StatementKind::Assign &&
                         view_.Is(statement.first, ExprKind::Name) &&
                         !view_.TextOf(statement.first).starts_with("_") &&
                         view_.IsConstant(view_.LastOperand(statement));
    const bool method = statement.kind == StatementKind::Function && !statement.first.valid();
    if (!assigns && !method && statement.kind != StatementKind::Docstring &&
        statement.kind != StatementKind::Pass) {
      return false;
    }
  }
  return true;
}

// `globals().update(Color.__members__)`, where nothing but the class tells what these are.
bool Executor::BindMembers(const Block &block, uint32_t e) {
  const Event &event = resolver_.Log(block.module).events[e];
  if (event.copy != CopyOf::Members || !event.value.valid()) {
    return false;
  }
  const Found source = resolver_.Evaluate(block.module, event.value, e);
  if (!source.IsObject() || source.unknown ||
      !IsPlainEnum(source.module, resolver_.Log(source.module).events[source.event].statement)) {
    return false;
  }
  const ClassNames members = MembersOfEnum(project_, resolver_, source);
  for (NameId name : members.names) {
    Bind(block, name, NamesNow::ObjectHeld());
  }
  return members.known;
}

// What the statement binds besides imports, as the log says.
void Executor::BindEvents(const Block &block, uint32_t i) {
  if (!names_.Tracked(block.module)) {
    return;
  }
  const std::vector<Event> &events = resolver_.Log(block.module).events;
  for (uint32_t e : EventsAt(block.module, i)) {
    const Event &event = events[e];
    if (event.weak && states_.Get(block.module, event.name).bound()) {
      continue; // as in the logs, what is bound for sure stands before what others may bind
    }
    Held held = NamesNow::ObjectHeld(block.module, e);
    switch (event.kind) {
    case EventKind::Unbind:
      if (block.binds) {
        const Held before = states_.Get(block.module, event.name);
        doubted_delete_ |= !before.bound() || before.maybe || before.doubtful;
        names_.Unbind(block.module, event.name, block.soft);
      }
      continue;
    case EventKind::Copy:
      if (!BindMembers(block, e)) {
        states_.SetOpen(block.module);
      }
      continue;
    case EventKind::Star:
    case EventKind::Submodule:
      continue;
    case EventKind::Value: {
      const ExprId value = resolver_.ChosenOperand(block.module, i, event.value);
      const bool alias = view_.Is(value, ExprKind::Name) || view_.Is(value, ExprKind::Attribute);
      const Held target =
          alias ? names_.Evaluate(block.module, i, value) : ImportedNow(block.module, e);
      // What nobody knows is an object of its own, as in the logs.
      if (target.kind == Held::Module || target.event != kNoEvent) {
        held = target;
        names_.surprised |= !NamesNow::Same(held, NamesNow::Of(resolver_.ValueOf(block.module, e)));
      } else if (target.either) { // which of several, a condition knows
        held.maybe = held.either = true;
      }
      // In a loop, or in a function that may be called.
      const bool loop = view_.Of(StatementsOf(block.module)[i]).kind == StatementKind::For;
      held.doubtful |= event.maybe && !(loop && resolver_.ArmTaken(block.module, i) == Tri::Yes);
      break;
    }
    default:
      break;
    }
    Bind(block, event.name, held);
  }
}

// `m.name = value` and `setattr(m, "name", value)` put a name on a module that is being executed.
void Executor::BindForeign(const Block &block, uint32_t i, const Statement &statement) {
  if (statement.kind == StatementKind::Assign && view_.Is(statement.first, ExprKind::Attribute)) {
    const Held base = names_.Evaluate(block.module, i, view_.Child(statement.first));
    if (base.kind == Held::Module) {
      names_.Bind(base.module, view_.At(statement.first).text, NamesNow::ObjectHeld(), block.soft);
    }
  } else if (statement.kind == StatementKind::Expression &&
             view_.Callee(statement.first) == "setattr") {
    const auto arguments = view_.Arguments(statement.first);
    const Held base =
        arguments.size() == 3 ? names_.Evaluate(block.module, i, arguments[0]) : Held();
    if (base.kind != Held::Module || !names_.Tracked(base.module)) {
      return;
    }
    if (view_.Is(arguments[1], ExprKind::String)) {
      names_.Bind(base.module, view_.At(arguments[1]).text, NamesNow::ObjectHeld(), block.soft);
    } else {
      states_.SetOpen(base.module);
    }
  }
}

} // namespace pydefrag
