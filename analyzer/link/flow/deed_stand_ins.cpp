// DeedReader: what is put in the place of the module, or serves names of it; and whether all fits.
#include "link/flow/deed_reader.h"

#include "link/flow/hook_forms.h"
#include "link/flow/string_flow.h"
#include "link/flow/tree_forms.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// The class at the top of the file that is called so, and nothing else; 0: none.
uint32_t DeedReader::ClassNamed(uint32_t node) const {
  const bool top = tree_.Is(node, NodeKind::Identifier) && tree_.LookUp(node) == 0u;
  return top ? tree_.ClassNamed(tree_.Text(node)) : 0;
}

bool DeedReader::StandsIn(uint32_t node) {
  if (node == 0 || (deeds_.stands_in != 0 && deeds_.stands_in != node)) {
    return false;
  }
  deeds_.stands_in = node;
  return true;
}

// Whether the call makes a stand-in of the module; notes what it is.
bool DeedReader::Makes(uint32_t call) {
  const uint32_t node = ClassNamed(tree_.Child(call, 0));
  if (!StandsIn(node)) {
    return false;
  }
  const ModuleClass &read = table_.ClassAt(tree_, node);
  if (!read.understood || read.module == ModuleClass::kNone) {
    return false;
  }
  class_ = &read;
  return made_.insert(call).second ? TakeClass(call) : true;
}

bool DeedReader::TakeClass(uint32_t call) {
  deeds_.class_serves |= class_->has_hook;
  shows_name_ |= class_->shows_name;
  llvm::append_range(deeds_.names, class_->names);
  for (llvm::StringRef table : class_->tables) {
    const ModuleClass::Kept *kept = class_->FindKept(table);
    if (kept == nullptr || kept->argument == class_->module) {
      return false;
    }
    const uint32_t given =
        kept->argument == ModuleClass::kNone ? kept->value : GivenFor(call, kept->argument);
    if (!Serves(given)) {
      return false;
    }
  }
  return true;
}

// Which argument of `__init__` an argument of the call is.
unsigned DeedReader::ArgumentGiven(uint32_t call, uint32_t node) const {
  for (unsigned k = 0; k < class_->arguments.size(); ++k) {
    if (GivenFor(call, k) == node) {
      return k;
    }
  }
  return ModuleClass::kNone;
}

uint32_t DeedReader::GivenFor(uint32_t call, unsigned argument) const {
  const TreeArguments given = ArgumentsOf(tree_, call);
  if (!given.splats.empty() || !given.double_splats.empty()) {
    return 0;
  }
  return argument < given.positional.size()
             ? given.positional[argument]
             : given.Named(tree_.Text(class_->arguments[argument].name));
}

// The keys of what an expression holds are served.
bool DeedReader::Serves(uint32_t table) {
  const size_t parameter = ParameterAt(table);
  if (parameter != parameters_.size()) {
    tables_[tree_.Text(table)].insert(table);
    deeds_.tables.push_back(static_cast<unsigned>(parameter));
    return true;
  }
  if (!tree_.Is(table, NodeKind::Dictionary)) {
    return false;
  }
  deeds_.displays.push_back(table);
  return true;
}

// `module.__class__ = Serving`
void DeedReader::SetClass(uint32_t value) {
  const uint32_t node = ClassNamed(value);
  const ModuleClass *read = StandsIn(node) ? &table_.ClassAt(tree_, node) : nullptr;
  if (read == nullptr || !read->understood || !read->made_of_module || read->keeps) {
    return Fail();
  }
  deeds_.class_serves |= read->has_hook;
  shows_name_ |= read->shows_name;
  llvm::append_range(deeds_.names, read->names);
  llvm::append_range(deeds_.own, read->tables);
}

// `module.__getattr__ = hook`
void DeedReader::SetHook(uint32_t value) {
  const auto scope =
      tree_.Is(value, NodeKind::Identifier) ? tree_.LookUp(value) : std::optional<uint32_t>();
  const auto bound = scope == scope_ ? tree_.Scope(scope_).bindings.find(tree_.Text(value))
                                     : tree_.Scope(0).bindings.end();
  const uint32_t hook =
      scope == scope_ && bound->second.size() == 1 ? tree_.Parent(bound->second.front()) : 0;
  if (!tree_.Is(hook, NodeKind::FunctionDefinition) || !StandsIn(hook)) {
    return Fail();
  }
  const auto parameters = tree_.Parameters(hook);
  const llvm::StringRef asked = parameters.empty() ? "" : tree_.Text(parameters[0].name);
  const HookForm form = ReadHookForm(tree_, hook, "", asked);
  fine_ &= form.understood;
  hook_ = {hook, asked};
  llvm::append_range(deeds_.names, form.names);
  for (uint32_t table : form.tables) {
    fine_ &= ParameterAt(table) != parameters_.size() && Serves(table);
  }
  deeds_.class_serves = true;
}

bool DeedReader::IsConsistent() {
  for (llvm::StringRef module : modules_) {
    for (uint32_t binding : tree_.Scope(scope_).bindings.find(module)->second) {
      if (!bindings_.contains(binding)) {
        return false;
      }
    }
  }
  const bool tested =
      llvm::all_of(tested_, [&](uint32_t each) { return each != 0 && each == deeds_.stands_in; });
  const bool filled = entries_.size() == filled_.size() &&
                      llvm::all_of(entries_, [&](uint32_t each) { return filled_.contains(each); });
  for (const auto &[name, value] : stored_) {
    if (!llvm::is_contained(deeds_.own, name)) {
      continue;
    }
    if (!Serves(value)) {
      return false;
    }
  }
  return tested && filled && TablesAreLeftAlone() && LooksUpNothingElse();
}

// Beyond what is understood, the function looks no module up; where it hands on a text with the
// name, nor does the rest of its file, or what this may have from other modules of the project.
bool DeedReader::LooksUpNothingElse() {
  const bool anywhere = shows_name_;
  return !(anywhere && table_.ImportsLookUp(tree_)) &&
         llvm::all_of(table_.LookUpsIn(tree_), [&](uint32_t each) {
           const bool within = each > function_ && each < tree_.At(function_).subtree_end;
           return within ? known_.contains(each) : !anywhere;
         });
}

// A table that a parameter holds is only asked by the hook.
bool DeedReader::TablesAreLeftAlone() {
  for (const auto &[name, places] : tables_) {
    for (uint32_t use : uses_[name]) {
      const bool within =
          hook_.first != 0 && use > hook_.first && use < tree_.At(hook_.first).subtree_end;
      if (!tree_.BindsHere(use) && !places.contains(use) &&
          !(within && IsAsked(tree_, use, hook_.second))) {
        return false;
      }
    }
  }
  return true;
}

} // namespace pydefrag
