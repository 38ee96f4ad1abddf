// Executor: calls that run imports: of functions of the project, and of importlib (executor.h).
#include "link/execute/executor.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

constexpr int kMaxCalls = 4; // functions that call functions

// A call of a function of the project runs the imports in its body.
Executor::Outcome Executor::CallNow(const Block &block, uint32_t i, ExprId call) {
  if (const auto callee = view_.Callee(call)) {
    if (Outcome failure = CallImporter(block, i, call, *callee)) {
      return failure;
    }
  }
  const Held held = names_.Evaluate(block.module, i, view_.Child(call));
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
  names_.surprised |= !failure && !globals.empty(); // the logs know of no call
  for (NameId name : failure ? llvm::ArrayRef<NameId>() : llvm::ArrayRef<NameId>(globals)) {
    const llvm::ArrayRef<uint32_t> events = resolver_.Log(held.module).Of(name);
    const auto *own = llvm::find_if(events, [&](uint32_t e) {
      return resolver_.Log(held.module).events[e].statement == header;
    });
    Held made =
        own == events.end() ? NamesNow::ObjectHeld() : NamesNow::ObjectHeld(held.module, *own);
    made.doubtful = statements[header].end > header + 3; // more than the declaration and its value
    names_.Bind(held.module, name, made, block.soft);
  }
  return failure;
}

// importlib.import_module("a.b"), with a package where the name is relative, and __import__("a.b").
Executor::Outcome Executor::CallImporter(const Block &block, uint32_t i, ExprId call,
                                         llvm::StringRef callee) {
  const bool importlib = callee == "importlib.import_module" || callee == "import_module";
  if (!importlib && callee != "__import__") {
    return std::nullopt;
  }
  const auto arguments = view_.Arguments(call);
  const auto names = arguments.empty() ? std::nullopt : ImportedNames(block, i, arguments[0]);
  if (!names || (!importlib && view_.Next(arguments[0]).valid())) {
    Doubt("a module imported by a computed name");
    return std::nullopt;
  }
  ExprId package = view_.KeywordArgument(call, "package");
  package = arguments.size() > 1 ? arguments[1] : package;
  for (NameId name : *names) {
    if (Outcome failure = ImportByName(block, project_.Text(name), package)) {
      return failure;
    }
  }
  return std::nullopt;
}

// The strings that the expression is, one after the other: a literal, or the target of a loop over
// literals that does nothing else.
std::optional<llvm::SmallVector<NameId, 16>> Executor::ImportedNames(const Block &block, uint32_t i,
                                                                     ExprId name) const {
  const auto &statements = StatementsOf(block.module);
  if (view_.Is(name, ExprKind::String) && view_.String(name)) {
    return llvm::SmallVector<NameId, 16>{view_.At(name).text};
  }
  if (!view_.Is(name, ExprKind::Name) || statements[i].parent < 0) {
    return std::nullopt;
  }
  const uint32_t loop = static_cast<uint32_t>(statements[i].parent);
  const Statement &header = view_.Of(statements[loop]);
  const bool alone = loop + 1 == i && statements[loop].end == statements[i].end;
  if (!alone || header.kind != StatementKind::For || header.reduced ||
      !view_.Is(header.first, ExprKind::Name) ||
      view_.At(header.first).text != view_.At(name).text) {
    return std::nullopt;
  }
  return view_.StringItems(view_.Next(header.first));
}

// `package`: what a relative name is relative to; invalid when the call does not say.
Executor::Outcome Executor::ImportByName(const Block &block, llvm::StringRef name, ExprId package) {
  std::string dotted = name.str();
  if (const size_t level = name.size() - name.ltrim('.').size(); level > 0) {
    std::string base = view_.String(package).value_or("").str();
    const std::string own = NameOf(block.module);
    if (view_.IsName(package, "__name__")) {
      base = own;
    } else if (view_.IsName(package, "__package__")) {
      const bool is_package = resolver_.table().IsPackage(block.module);
      base = is_package ? own : llvm::StringRef(own).rsplit('.').first.str();
      base = is_package || own.find('.') != std::string::npos ? base : "";
    }
    if (base.empty()) {
      Doubt("a module imported by a computed name");
      return std::nullopt;
    }
    for (size_t up = 1; up < level; ++up) {
      const size_t dot = base.rfind('.');
      if (dot == std::string::npos) {
        return BeyondTop();
      }
      base.resize(dot);
    }
    dotted = name.size() > level ? base + "." + name.drop_front(level).str() : base;
  }
  const ModuleSearch search = resolver_.FindModule(block.module, dotted);
  if (search.module.valid()) {
    return load_(search.module);
  }
  if (search.unknown || search.not_installed || !search.missing_part.valid()) {
    Doubt("a module imported by name");
    return std::nullopt;
  }
  return MissModule(block, search.missing_part);
}

} // namespace pydefrag
