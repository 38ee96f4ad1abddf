// One walk over the parts of a dotted text. A part of a module is first its submodule, then its
// attribute; where both exist and differ, nobody knows which one it is at that moment.
#include "link/strings/target_lookup.h"

#include "base/identifier.h"
#include "stdlib/stdlib.h"

#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

void WriteAnswer(const TargetAnswer &answer, Project &project, ImportRow &row) {
  row.module = answer.module;
  row.name = answer.name;
  row.status = answer.status;
  row.reason = project.reasons.Keep(answer.reason);
  row.missing_part = answer.status == RowStatus::MissingModule ? answer.module : NameId();
  row.source = answer.source;
  row.target = answer.target;
}

static bool IsBuiltinName(llvm::StringRef name) {
  const StdlibName info = FindStdlibName("builtins", name);
  return (info.present & ~info.perhaps) != 0;
}

static bool IsDottedName(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef, 8> parts;
  text.split(parts, '.');
  return llvm::all_of(parts, MayBeIdentifier);
}

static TargetAnswer Unknown(const llvm::Twine &reason) {
  TargetAnswer answer;
  answer.status = RowStatus::Unknown;
  answer.reason = reason.str();
  return answer;
}

TargetAnswer TargetLookup::FindModule(ModuleId importer, llvm::StringRef dotted) {
  const ModuleSearch search = resolver_.FindModule(importer, dotted);
  TargetAnswer answer;
  answer.module = project_.scanned.names.Intern(dotted);
  answer.source = search.module;
  if (search.module.valid()) {
    answer.target.kind = TargetKind::Module;
    answer.target.module = search.module;
    const ModuleKind kind = project_.modules[search.module].kind;
    answer.status = kind == ModuleKind::External || !project_.modules[search.module].first_party
                        ? RowStatus::External
                        : RowStatus::Resolved;
    return answer;
  }
  const ModuleSearch top = resolver_.FindModule(importer, dotted.split('.').first);
  if (!top.module.valid() || !project_.modules[top.module].first_party) {
    answer.status = RowStatus::External;
    return answer;
  }
  if (search.unknown) {
    return Unknown(search.reason);
  }
  answer.status = RowStatus::MissingModule;
  answer.module = search.missing_part;
  answer.reason = search.reason;
  const llvm::StringRef missing = project_.Text(search.missing_part);
  answer.missing_at = missing.contains('.') ? static_cast<uint32_t>(missing.rfind('.') + 1) : 0;
  return answer;
}

void TargetLookup::Missing(const Place &place, NameId name, TargetAnswer &answer) const {
  answer.status = RowStatus::MissingName;
  answer.module = project_.modules[place.module].name;
  answer.name = name;
  answer.source = place.module;
  answer.class_name = place.class_name;
  answer.class_ref = place.in_class;
}

// What an attribute of a module is: another module, a class that can be looked into, or the end.
bool TargetLookup::StepToObject(Place &place, NameId name, const Found &found, bool last,
                                TargetAnswer &answer) {
  if (last) {
    answer.status = RowStatus::Resolved;
    answer.module = project_.modules[place.module].name;
    answer.name = name;
    answer.source = place.module;
    answer.target.kind = found.kind;
    answer.target.module = found.module;
    answer.target.name = name;
    if (found.IsObject()) {
      answer.target.name = resolver_.Log(found.module).events[found.event].name;
      answer.target.definition = DefinitionId(static_cast<int32_t>(found.event));
    }
    return false;
  }
  const ClassRef ref = ClassOf(project_, resolver_, found);
  if (!ref.valid() || found.answer != Answer::Yes) {
    answer = Unknown("an attribute of an object");
    return false;
  }
  place.in_class = ref;
  place.module = ref.module;
  place.class_name = project_.Text(resolver_.Log(found.module).events[found.event].name).str();
  return true;
}

bool TargetLookup::StepInModule(Place &place, NameId name, bool last, TargetForm form,
                                TargetAnswer &answer) {
  const Module &module = project_.modules[place.module];
  if (!module.first_party || module.kind == ModuleKind::Stdlib ||
      module.kind == ModuleKind::External) {
    answer.status = RowStatus::External;
    return false;
  }
  const bool shared = module.kind == ModuleKind::Namespace && !project_.environment.empty();
  const NameId module_name = module.name; // looking up may add modules
  const Found found = resolver_.Attribute(place.module, name);
  const ModuleId child = resolver_.table().IsPackage(place.module)
                             ? resolver_.table().FindChild(place.module, name)
                             : ModuleId();
  if (child.valid()) {
    if (last) {
      answer.status = RowStatus::Resolved;
      answer.module = module_name;
      answer.name = name;
      answer.source = place.module;
      answer.target.kind = TargetKind::Module;
      answer.target.module = child;
      return false;
    }
    if (found.IsObject() && found.answer != Answer::No) {
      answer = Unknown("a name and a submodule of `" + project_.Text(module_name) + "` take turns");
      return false;
    }
    place.module = child;
    return true;
  }
  if (found.answer == Answer::No) {
    if (const char *open = resolver_.table().WhyOpenBelow(place.module, name)) {
      answer = Unknown(open);
    } else if (IsVirtualModule((project_.Text(module_name) + "." + project_.Text(name)).str())) {
      answer = Unknown("a module that exists only at run time");
    } else if (shared || resolver_.table().SharesNamespace(place.module)) {
      answer = Unknown("installed packages may share the namespace");
    } else if (last && form == TargetForm::Patch && IsBuiltinName(project_.Text(name))) {
      answer.status = RowStatus::External;
    } else {
      Missing(place, name, answer);
    }
    return false;
  }
  if (found.unknown) {
    answer = Unknown(found.reason);
    return false;
  }
  if (found.IsModule() && !last) {
    place.module = found.module;
    return true;
  }
  return StepToObject(place, name, found, last, answer);
}

bool TargetLookup::StepInClass(Place &place, NameId name, bool last, TargetAnswer &answer) {
  const ClassMemberFound found = FindClassMember(project_, resolver_, place.in_class, name);
  if (found.answer == Answer::No) {
    Missing(place, name, answer);
    return false;
  }
  if (found.answer == Answer::Maybe) {
    answer = Unknown(found.reason);
    return false;
  }
  if (!last && found.nested.valid()) {
    place.in_class = found.nested;
    place.class_name += "." + project_.Text(name).str();
    return true;
  }
  answer = Unknown("an attribute of an object");
  if (last) {
    answer.status = RowStatus::Resolved;
    answer.reason.clear();
    answer.module = project_.modules[place.module].name;
    answer.name = name;
    answer.source = place.module;
    answer.target.kind = TargetKind::Opaque;
    answer.target.module = place.module;
    answer.target.name = name;
  }
  return false;
}

bool TargetLookup::Step(Place &place, llvm::StringRef part, bool last, TargetForm form,
                        TargetAnswer &answer) {
  const NameId name = project_.scanned.names.Intern(part);
  return place.in_class.valid() ? StepInClass(place, name, last, answer)
                                : StepInModule(place, name, last, form, answer);
}

TargetAnswer TargetLookup::WalkFrom(Place place, llvm::StringRef text, size_t at, TargetForm form) {
  TargetAnswer answer;
  while (at < text.size()) {
    const llvm::StringRef part = text.substr(at).take_until([](char c) { return c == '.'; });
    const bool last = at + part.size() >= text.size();
    answer.missing_at = static_cast<uint32_t>(at);
    if (!Step(place, part, last, form, answer)) {
      // What is missing in the middle of the text may be a module as well as a name.
      const bool package = answer.status == RowStatus::MissingName && !last &&
                           !answer.class_ref.valid() && resolver_.table().IsPackage(answer.source);
      if (package) {
        answer.status = RowStatus::MissingModule;
        answer.module =
            project_.scanned.names.Intern((project_.Text(answer.module) + "." + part).str());
        answer.missing_at = static_cast<uint32_t>(at);
      }
      return answer;
    }
    at += part.size() + 1;
  }
  answer.status = RowStatus::Resolved;
  answer.module = project_.modules[place.module].name;
  answer.source = place.module;
  answer.target.kind = place.in_class.valid() ? TargetKind::Opaque : TargetKind::Module;
  answer.target.module = place.module;
  return answer;
}

TargetAnswer TargetLookup::AttributeOf(ModuleId module, llvm::StringRef name, TargetForm form) {
  return WalkFrom({module, {}, ""}, name, 0, form);
}

TargetAnswer TargetLookup::AttributeOf(ClassRef ref, llvm::StringRef name) {
  const auto &statements = project_.StatementsOf(ref.module);
  const llvm::StringRef class_name = project_.Text(project_.Syntax(statements[ref.statement]).text);
  return WalkFrom({ref.module, ref, class_name.str()}, name, 0, TargetForm::Attribute);
}

TargetAnswer TargetLookup::Find(ModuleId importer, llvm::StringRef text, TargetForm form) {
  const auto [left, right] = text.split(':');
  if (!IsDottedName(left) || (!right.empty() && !IsDottedName(right))) {
    return Unknown("no dotted name");
  }
  const bool colon = text.contains(':');
  if (form == TargetForm::Module || (form == TargetForm::Colon && !colon)) {
    return FindModule(importer, text);
  }
  if (form == TargetForm::ModuleOrObject) {
    TargetAnswer answer = FindModule(importer, text);
    if (answer.status != RowStatus::MissingModule || !text.contains('.')) {
      return answer;
    }
    TargetAnswer object = Find(importer, text, TargetForm::Object);
    // Neither. Django takes what is spelled like a class for one.
    const bool like_class = llvm::isUpper(text.rsplit('.').second.front());
    return object.status == RowStatus::MissingName && !like_class ? answer : object;
  }
  if (form == TargetForm::Object || colon) {
    const size_t split = colon ? left.size() : text.rfind('.');
    if (split == llvm::StringRef::npos) {
      return Unknown("no dotted name");
    }
    TargetAnswer module = FindModule(importer, text.take_front(split));
    return module.status == RowStatus::Resolved
               ? WalkFrom({module.source, {}, ""}, text, split + 1, TargetForm::Walk)
               : module;
  }
  const llvm::StringRef first = text.split('.').first;
  TargetAnswer top = FindModule(importer, first);
  if (top.status != RowStatus::Resolved || first.size() == text.size()) {
    return top;
  }
  return WalkFrom({top.source, {}, ""}, text, first.size() + 1, form);
}

} // namespace pydefrag
