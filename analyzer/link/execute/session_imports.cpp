// The import statements of SessionExecutor (session_executor.h).
#include "link/execute/given_back.h"
#include "link/execute/session_executor.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// What hangs on a module that the environment lacks fails where a handler may catch it. Elsewhere
// what follows is executed all the same: it may fail with certainty.
SessionOutcome SessionExecutor::NotInstalled(const std::string &reason) {
  if (try_depth_ == 0) {
    if (not_installed_.empty()) {
      not_installed_ = reason;
    }
    return std::nullopt;
  }
  SessionFailure failure;
  failure.kind = SessionException::NoModule;
  failure.reason = failure.not_installed = reason;
  return failure;
}

SessionOutcome SessionExecutor::ExecuteImport(ModuleId module, uint32_t i) {
  for (const ImportRow &row : graph_.RowsOf(project_, project_.modules[module].file, i)) {
    if (row.context.string) {
      continue;
    }
    if (auto failure = ImportRowNow(module, row)) {
      failure->chain.push_back(At(module, i));
      return failure;
    }
  }
  return std::nullopt;
}

SessionOutcome SessionExecutor::ImportRowNow(ModuleId module, const ImportRow &row) {
  SessionFailure failure;
  if (row.beyond_top) {
    failure.kind = SessionException::BeyondTop;
    failure.reason = "ImportError: attempted relative import beyond top-level package";
    return failure;
  }
  if (row.source.valid()) {
    if (auto inner = Load(row.source)) {
      return inner;
    }
  } else if (row.not_installed) {
    return NotInstalled("`" + project_.Text(row.missing_part).str() + "` is not installed");
  } else if (IsGivenBack(project_, row)) {
    return NotInstalled("`distutils` is there only where setuptools is installed");
  } else if (row.status == RowStatus::MissingModule) {
    failure.kind = SessionException::NoModule;
    failure.reason =
        "ModuleNotFoundError: No module named '" + project_.Text(row.missing_part).str() + "'";
    return failure;
  } else {
    return std::nullopt;
  }
  if (!row.name.valid()) {
    return row.status == RowStatus::MissingModule ? MissingAttributeOnTheWay(row) : std::nullopt;
  }
  if (row.context.star) {
    return ImportStar(module, row);
  }
  return ImportName(row);
}

SessionOutcome SessionExecutor::MissingAttributeOnTheWay(const ImportRow &row) const {
  SessionFailure failure;
  failure.kind = SessionException::NoName;
  const llvm::StringRef name = project_.Text(row.module);
  failure.reason = "ImportError: cannot import name '" + name.rsplit('.').second.str() +
                   "' from '" + name.rsplit('.').first.str() + "'";
  return failure;
}

SessionOutcome SessionExecutor::ImportName(const ImportRow &row) {
  const bool partial = IsPartial(row.source);
  if (partial && IsOnlySubmodule(row)) {
    return Load(resolver_.table().FindChild(row.source, row.name));
  }
  if (partial ? HasNow(row.source, row.name) : row.status != RowStatus::MissingName) {
    if (!partial && row.status == RowStatus::Resolved && row.target.kind == TargetKind::Module &&
        IsChild(row.target.module, row.source)) {
      return Load(row.target.module);
    }
    return std::nullopt;
  }
  const ModuleId child = resolver_.table().IsPackage(row.source)
                             ? resolver_.table().FindChild(row.source, row.name)
                             : ModuleId();
  if (child.valid()) {
    return Load(child);
  }
  SessionFailure failure;
  failure.kind = SessionException::NoName;
  const std::string module = project_.Text(project_.modules[row.source].name).str();
  const bool bound_later = row.status != RowStatus::MissingName;
  failure.circular = bound_later;
  failure.reason = "ImportError: cannot import name '" + project_.Text(row.name).str() + "' from " +
                   (bound_later ? "partially initialized module '" : "'") + module + "'" +
                   (bound_later ? " (most likely due to a circular import)" : "");
  return failure;
}

// A submodule of a package under way that has bound nothing by its name: that others or the package
// itself may write into its dict, or that its hook may serve what nobody can tell, makes it no less
// of one.
bool SessionExecutor::IsOnlySubmodule(const ImportRow &row) {
  const bool child = resolver_.table().IsPackage(row.source) &&
                     resolver_.table().FindChild(row.source, row.name).valid();
  if (!child || HasPartialStar(row.source)) {
    return false;
  }
  const Found end = resolver_.Attribute(row.source, row.name);
  return resolver_.At(row.source, row.name, LimitOf(row.source)).answer == Answer::No &&
         (!end.lazy || end.unknown);
}

bool SessionExecutor::IsChild(ModuleId child, ModuleId package) const {
  return project_.modules[child].parent == package;
}

SessionOutcome SessionExecutor::ImportStar(ModuleId module, const ImportRow &row) {
  if (!resolver_.HasLog(row.source)) {
    return std::nullopt;
  }
  const bool partial = IsPartial(row.source);
  if (partial) {
    partial_stars_[{module, row.statement}] = LimitOf(row.source);
  }
  const AllNames &all = resolver_.All(row.source);
  if (!all.present || !all.known) {
    return std::nullopt;
  }
  for (NameId name : all.names) {
    const bool has = partial ? HasNow(row.source, name)
                             : resolver_.Attribute(row.source, name).answer != Answer::No;
    if (has) {
      continue;
    }
    const ModuleId child = resolver_.table().IsPackage(row.source)
                               ? resolver_.table().FindChild(row.source, name)
                               : ModuleId();
    if (child.valid()) {
      if (auto failure = Load(child)) {
        return failure;
      }
      continue;
    }
    SessionFailure failure;
    failure.kind = SessionException::Attribute;
    failure.circular = partial;
    failure.reason = "AttributeError: module '" +
                     project_.Text(project_.modules[row.source].name).str() +
                     "' has no attribute '" + project_.Text(name).str() + "'";
    return failure;
  }
  return std::nullopt;
}

} // namespace pydefrag
