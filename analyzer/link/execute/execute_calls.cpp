// Executor: calls that run imports: of functions of the project, and of importlib (executor.h).
#include "link/execute/executor.h"
#include "link/modules/named_imports.h"
#include "link/resolve/function_texts.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

constexpr int kMaxCalls = 4; // functions that call functions

// The text of a block up to what fails in it, of which facts leave out what does not matter to
// imports; empty where the failure does not stand in it.
llvm::StringRef Executor::TextBefore(ModuleId module, uint32_t header, const Failure &failure) {
  const Location begin = At(module, header);
  if (failure.chain.empty() || failure.chain.back().file != begin.file ||
      failure.chain.back().span.begin <= begin.span.begin) {
    return "";
  }
  return TextOfBlock(resolver_, module, header)
      .take_front(failure.chain.back().span.begin - begin.span.begin);
}

// Whether the block says one of the words.
bool Executor::Says(ModuleId module, uint32_t header, llvm::ArrayRef<llvm::StringRef> words) const {
  const llvm::StringRef text = TextOfBlock(resolver_, module, header);
  return llvm::any_of(words, [&](llvm::StringRef word) { return SaysWord(text, word); });
}

// Whether the function may have come to its end before the statement that fails in it, or has not
// begun.
bool Executor::MayEndBefore(ModuleId module, uint32_t header, const Failure &failure) {
  const llvm::StringRef before = TextBefore(module, header, failure);
  return SaysWord(before, "return") || Says(module, header, {"yield"}) ||
         (soft_failures_ && SaysWord(before, "raise")); // which a handler may catch
}

// A call of a function of the project runs the imports in its body.
Executor::Outcome Executor::CallNow(const Block &block, uint32_t i, ExprId call) {
  const Held held = names_.Evaluate(block.module, i, view_.Child(call));
  const bool own = held.kind == Held::Object && held.event != kNoEvent && !held.doubtful &&
                   project_.modules[held.module].first_party;
  const auto callee = own ? std::nullopt : view_.Callee(call);
  if (callee) {
    if (Outcome failure = CallImporter(block, i, call, *callee)) {
      return failure;
    }
  }
  if (held.kind != Held::Object || held.doubtful || held.event == kNoEvent ||
      !resolver_.HasLog(held.module) || !project_.modules[held.module].first_party ||
      call_depth_ >= kMaxCalls) {
    return std::nullopt;
  }
  const Event &event = resolver_.Log(held.module).events[held.event];
  const auto &statements = StatementsOf(held.module);
  const uint32_t header = event.statement;
  if (event.kind != EventKind::Define ||
      view_.Of(statements[header]).kind != StatementKind::Function ||
      view_.Of(statements[header]).async || view_.Of(statements[header]).first.valid()) {
    return std::nullopt; // a decorator may have made something else of it
  }
  llvm::SmallVector<NameId, 4> globals;
  for (uint32_t k = header + 1; k < statements[header].end; ++k) {
    const Statement &inner = view_.Of(statements[k]);
    for (ExprId name : inner.kind == StatementKind::Global ? view_.Operands(inner)
                                                           : llvm::SmallVector<ExprId, 8>()) {
      globals.push_back(view_.At(name).text);
    }
  }
  Block body;
  body.module = held.module;
  body.soft = block.soft;
  body.unsure = block.unsure;
  body.binds = false;
  body.globals = globals;
  const uint32_t statement = states_.Of(held.module).statement;
  ++call_depth_;
  // The values assigned in functions are not in the facts: a straight body binds its globals.
  Outcome failure = Execute(body, header + 1, statements[header].end);
  --call_depth_;
  states_.SetStatement(held.module, statement);
  const bool may_end = failure && MayEndBefore(held.module, header, *failure);
  if (may_end) {
    FailMaybe(*failure);
    failure.reset();
  }
  names_.surprised |= !failure && !globals.empty(); // the logs know of no call
  for (NameId name : failure ? llvm::ArrayRef<NameId>() : llvm::ArrayRef<NameId>(globals)) {
    const llvm::ArrayRef<uint32_t> events = resolver_.Log(held.module).Of(name);
    const auto *own = llvm::find_if(events, [&](uint32_t e) {
      return resolver_.Log(held.module).events[e].statement == header;
    });
    Held made =
        own == events.end() ? NamesNow::ObjectHeld() : NamesNow::ObjectHeld(held.module, *own);
    // More than the declaration and its value.
    made.doubtful = may_end || statements[header].end > header + 3;
    names_.Bind(held.module, name, made, block.soft);
  }
  return failure;
}

// The attribute of a module, behind what its `__getattr__` imports to serve it.
Executor::Outcome Executor::AskFor(const Block &block, ModuleId module, NameId name, Held &held) {
  const LazyEntry *hook = names_.ImporterOf(module, name);
  if (Outcome failure = hook ? RunHook(block, *hook) : std::nullopt) {
    return failure;
  }
  held = names_.Attribute(module, name);
  if (!hook || !held.served) {
    return std::nullopt;
  }
  held.doubtful = false; // its import works
  const ModuleId source = resolver_.TargetOf(hook->home, hook->source_statement).module;
  const Held made =
      source.valid() && !hook->in_module ? names_.Attribute(source, hook->source_name) : Held();
  if (made.bound() && !made.doubtful) {
    held = made;
  }
  return std::nullopt;
}

// A module's `__getattr__` is asked for a name: the import in the branch that serves it runs.
Executor::Outcome Executor::RunHook(const Block &block, const LazyEntry &entry) {
  if (call_depth_ >= kMaxCalls || !project_.modules[entry.home].first_party) {
    return std::nullopt;
  }
  Block hook;
  hook.module = entry.home;
  hook.soft = block.soft;
  hook.unsure = block.unsure;
  hook.binds = false;
  ++call_depth_;
  Outcome failure = ExecuteImport(hook, entry.source_statement);
  --call_depth_;
  return failure;
}

// importlib.import_module("a.b") and __import__("a.b"), with names that can be read.
Executor::Outcome Executor::CallImporter(const Block &block, uint32_t i, ExprId call,
                                         llvm::StringRef callee) {
  if (!IsImporter(callee)) {
    return std::nullopt;
  }
  const auto found = ReadNamedImports(project_, view_, resolver_.table(), block.module, i, call);
  if (!found) {
    Doubt("a module imported by a computed name");
    return std::nullopt;
  }
  for (const std::string &dotted : found->modules) {
    if (Outcome failure = ImportByName(block, dotted, found->names)) {
      return failure;
    }
  }
  return std::nullopt;
}

// `names`: submodules that are imported where they are there, and no attributes (_handle_fromlist
// in importlib/_bootstrap.py).
Executor::Outcome Executor::ImportByName(const Block &block, llvm::StringRef dotted,
                                         llvm::ArrayRef<NameId> names) {
  if (dotted.empty()) {
    return BeyondTop();
  }
  const ModuleSearch search = resolver_.FindModule(block.module, dotted);
  if (search.module.valid()) {
    if (Outcome failure = load_(search.module)) {
      return failure;
    }
    for (NameId name :
         names_.InPlaceOf(search.module) == search.module ? names : llvm::ArrayRef<NameId>()) {
      const ModuleId child = names_.Child(search.module, name);
      const Held attribute = child.valid() ? names_.Attribute(search.module, name) : Held();
      if (!child.valid() || (attribute.bound() && !IsModule(attribute, child))) {
        continue;
      }
      if (Outcome failure = load_(child)) {
        return failure;
      }
    }
    return std::nullopt;
  }
  if (search.unknown || search.not_installed || !search.missing_part.valid()) {
    Doubt("a module imported by name");
    return std::nullopt;
  }
  return MissModule(block, search.missing_part);
}

} // namespace pydefrag
