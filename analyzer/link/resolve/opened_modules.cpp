// Resolver: modules that others write into (resolve.h).
#include "base/parallel.h"
#include "link/resolve/resolve.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace pydefrag {

// `x.name = ...` in any file that is read.
void Resolver::NoteAttributeWrites(unsigned jobs) {
  std::vector<std::vector<ExprId>> targets(project_.module_of_file.size());
  ParallelFor(targets.size(), jobs, 32, [&](size_t i) {
    for (const PlacedStatement &placed : project_.scanned.facts[FileId(i)].statements) {
      const Statement &statement = view_.Of(placed);
      const bool assigns = statement.kind == StatementKind::Assign;
      ExprId target = assigns ? statement.first : ExprId(); // the last operand is the value
      for (; target.valid() && view_.Next(target).valid(); target = view_.Next(target)) {
        if (view_.Is(target, ExprKind::Attribute)) {
          targets[i].push_back(target);
        }
      }
    }
  });
  for (size_t i = 0; i < targets.size(); ++i) {
    for (ExprId target : targets[i]) {
      NotePut(view_.At(target).text, project_.module_of_file[FileId(i)], view_.Child(target));
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

void Resolver::NotePut(NameId name, ModuleId writer, ExprId base) {
  put_from_elsewhere_[name].push_back({writer, base});
}

} // namespace pydefrag
