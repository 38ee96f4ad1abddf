// Resolver: modules that others write into (resolve.h).
#include "base/parallel.h"
#include "link/resolve/imported_module.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

namespace {

// What statements set on something that may be a module: `x.name = ...`, `vars(x)["name"] = ...`,
// `x.__dict__.update(name=...)`.
class PutReader {
public:
  struct Put {
    NameId name; // invalid: any
    ExprId base;
    uint32_t statement = 0;
  };
  explicit PutReader(const SyntaxView &view) : view_(view) {}

  void Read(const Statement &statement, std::vector<Put> &puts) const {
    switch (statement.kind) {
    case StatementKind::Assign:
    case StatementKind::AugAssign:
    case StatementKind::AnnAssign: // the last operand is the value, if there is one
      for (ExprId id = statement.first; id.valid() && view_.Next(id).valid(); id = view_.Next(id)) {
        ReadTarget(id, puts);
      }
      break;
    case StatementKind::For:
      ReadTarget(statement.first, puts);
      break;
    case StatementKind::Delete: // may take away what another statement puts there
      for (ExprId target : view_.Operands(statement)) {
        ReadTarget(target, puts);
      }
      break;
    case StatementKind::With:
      for (ExprId item : view_.Operands(statement)) {
        if (view_.Is(item, ExprKind::Walrus)) {
          ReadTarget(view_.Child(item), puts);
        }
      }
      break;
    case StatementKind::Expression:
      if (view_.Is(statement.first, ExprKind::Call)) {
        ReadCall(statement.first, puts);
      }
      break;
    default:
      break;
    }
  }

  // The module of `sys.modules["name"]`.
  std::optional<llvm::StringRef> EntryOf(ExprId id) const {
    const bool entry =
        view_.Is(id, ExprKind::Subscript) && view_.Dotted(view_.Child(id)) == "sys.modules";
    return entry ? view_.String(view_.Child(id, 1)) : std::nullopt;
  }

private:
  // What `id` is the dict of: `x.__dict__`, `vars(x)`.
  ExprId DictOf(ExprId id) const {
    if (view_.Is(id, ExprKind::Attribute)) {
      return view_.TextOf(id) == "__dict__" ? view_.Child(id) : ExprId();
    }
    const auto arguments =
        view_.Calls(id, "vars") ? view_.Arguments(id) : llvm::SmallVector<ExprId, 4>();
    return arguments.size() == 1 ? arguments[0] : ExprId();
  }

  void ReadTarget(ExprId target, std::vector<Put> &puts) const {
    llvm::SmallVector<ExprId, 4> todo{target};
    while (!todo.empty()) {
      const ExprId id = todo.pop_back_val();
      if (view_.Is(id, ExprKind::Attribute)) {
        puts.push_back({view_.At(id).text, view_.Child(id)});
      } else if (view_.Is(id, ExprKind::Subscript)) {
        if (const ExprId base = DictOf(view_.Child(id)); base.valid()) {
          puts.push_back({NameOf(view_.Child(id, 1)), base});
        }
      } else if (view_.Is(id, ExprKind::Tuple) || view_.Is(id, ExprKind::List) ||
                 view_.Is(id, ExprKind::Splat)) {
        llvm::append_range(todo, view_.Children(id));
      }
    }
  }

  NameId NameOf(ExprId key) const {
    return view_.Is(key, ExprKind::String) ? view_.At(key).text : NameId();
  }

  void ReadCall(ExprId call, std::vector<Put> &puts) const {
    const ExprId callee = view_.Child(call);
    const auto arguments = view_.Arguments(call);
    if (view_.IsName(callee, "exec")) { // `exec(code, x.__dict__)`
      const ExprId base = arguments.size() > 1 ? DictOf(arguments[1]) : ExprId();
      if (base.valid()) {
        puts.push_back({NameId(), base});
      }
      return;
    }
    if (!view_.Is(callee, ExprKind::Attribute)) {
      return;
    }
    const llvm::StringRef method = view_.TextOf(callee);
    if (method == "__setattr__" && !arguments.empty()) { // of `object`, or of the module itself
      const bool third = arguments.size() == 3;
      puts.push_back({NameOf(arguments[third]), third ? arguments[0] : view_.Child(callee)});
      return;
    }
    const ExprId base = DictOf(view_.Child(callee));
    if (!base.valid() ||
        (method != "update" && method != "setdefault" && method != "__setitem__")) {
      return;
    }
    if (method != "update" && !arguments.empty()) {
      puts.push_back({NameOf(arguments[0]), base});
      return;
    }
    bool named = arguments.empty() && view_.Next(callee).valid();
    for (ExprId id = view_.Next(callee); id.valid() && named; id = view_.Next(id)) {
      named = view_.Is(id, ExprKind::Keyword);
      if (named) {
        puts.push_back({view_.At(id).text, base});
      }
    }
    if (!named) {
      puts.push_back({NameId(), base});
    }
  }

  const SyntaxView &view_;
};

} // namespace

// In any file that is read.
void Resolver::NoteAttributeWrites(unsigned jobs) {
  std::vector<std::vector<PutReader::Put>> puts(project_.module_of_file.size());
  const PutReader reader(view_);
  ParallelFor(puts.size(), jobs, 32, [&](size_t i) {
    const auto &statements = project_.scanned.facts[FileId(i)].statements;
    for (uint32_t s = 0; s < statements.size(); ++s) {
      const size_t before = puts[i].size();
      reader.Read(view_.Of(statements[s]), puts[i]);
      for (size_t k = before; k < puts[i].size(); ++k) {
        puts[i][k].statement = s;
      }
    }
  });
  for (size_t i = 0; i < puts.size(); ++i) {
    const ModuleId writer = project_.module_of_file[FileId(i)];
    for (const PutReader::Put &put : puts[i]) {
      if (put.name.valid()) {
        NotePut(put.name, writer, put.base, put.statement);
        continue;
      }
      const auto dotted = view_.Dotted(put.base);
      const auto entry = reader.EntryOf(put.base);
      const ModuleId written = dotted  ? ImportedModule(*this, FileId(i), *dotted)
                               : entry ? project_.FindModule(*entry)
                                       : ModuleId();
      if (written.valid() && written != writer && project_.modules[written].first_party) {
        OpenFromElsewhere(written, "another module writes into its dict");
      }
    }
  }
}

void Resolver::OpenModule(ModuleId module, const llvm::Twine &reason, OpenedBy by) {
  opened_elsewhere_.erase(module);
  if (!HasLog(module)) {
    opened_elsewhere_.insert(module);
  } else {
    logs_[module].Open(reason, by);
  }
}

// With all of them open an answer "No" is sure, so that none depends on another.
void Resolver::CloseUnreached(llvm::ArrayRef<ModuleId> modules) {
  llvm::SmallVector<ModuleId, 4> closed;
  for (ModuleId module : modules) {
    const auto unreached = [&](uint32_t statement) { return Reach(module, statement) == Tri::No; };
    if (!Log(module).opened_within.empty() && llvm::all_of(Log(module).opened_within, unreached)) {
      closed.push_back(module);
    }
  }
  for (ModuleId module : closed) {
    logs_[module].CloseWithin();
  }
  if (!closed.empty()) {
    ForgetAnswers();
  }
}

void Resolver::OpenFromElsewhere(ModuleId module, const llvm::Twine &reason) {
  if (!HasLog(module) || Log(module).open_reason.empty()) {
    opened_elsewhere_.insert(module);
  }
  if (HasLog(module)) {
    logs_[module].Open(reason, OpenedBy::Others);
  }
}

void Resolver::NotePut(NameId name, ModuleId writer, ExprId base, uint32_t statement) {
  put_from_elsewhere_[name].push_back({writer, base, statement});
}

} // namespace pydefrag
