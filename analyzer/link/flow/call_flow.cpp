// StringFlow: what calls return. A call of a function of these files is followed with its
// arguments.
#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

TreeArguments ArgumentsOf(const SourceTree &tree, uint32_t call) {
  TreeArguments arguments;
  const uint32_t list = tree.LastChild(call);
  if (tree.Is(list, NodeKind::GeneratorExpression)) {
    arguments.positional.push_back(list);
    return arguments;
  }
  for (uint32_t each : tree.Children(list)) {
    switch (tree.KindOf(each)) {
    case NodeKind::KeywordArgument:
      arguments.named.push_back({tree.Text(tree.Child(each, 0)), tree.Child(each, 1)});
      break;
    case NodeKind::ListSplat:
      arguments.splats.push_back(tree.LastChild(each));
      break;
    case NodeKind::DictionarySplat:
      arguments.double_splats.push_back(tree.LastChild(each));
      break;
    default:
      if (arguments.splats.empty()) {
        arguments.positional.push_back(each);
      }
    }
  }
  return arguments;
}

uint32_t TreeArguments::Named(llvm::StringRef name) const {
  const auto found = llvm::find_if(named, [&](const auto &each) { return each.first == name; });
  return found == named.end() ? 0 : found->second;
}

// Whether a builtin gives nothing that is a string or has one.
static bool GivesNoString(llvm::StringRef builtin) {
  return llvm::StringSwitch<bool>(builtin)
      .Cases("len", "int", "float", "bool", "range", "isinstance", "issubclass", true)
      .Cases("callable", "hasattr", "hash", "id", "ord", "object", true)
      .Default(false);
}

void StringFlow::AddKeywords(const SourceTree &tree, uint32_t call) {
  const TreeArguments arguments = ArgumentsOf(tree, call);
  for (const auto &[name, value] : arguments.named) {
    AddText(name);
  }
  for (uint32_t each : arguments.double_splats) {
    Add(tree, each, Taking::Key);
  }
}

void StringFlow::AnswerCall(const Question &question) {
  const SourceTree &tree = *question.tree;
  const uint32_t callee = tree.Child(question.node, 0);
  if (tree.Is(callee, NodeKind::Identifier) && !tree.LookUp(callee)) {
    return AnswerBuiltinCall(question, tree.Text(callee));
  }
  if (AnswerTextMethod(question, callee)) {
    return;
  }
  if (tree.Text(callee) == "dict.fromkeys" && question.path != nullptr) {
    const bool keys = question.path->taking != Taking::Element;
    const uint32_t argument = tree.Child(tree.LastChild(question.node), keys ? 0 : 1);
    return Ask(tree, argument, question.frame,
               keys ? Push(Taking::Each, question.path->next) : question.path->next);
  }
  const Site site{&tree, question.node, question.frame};
  Ask(tree, callee, question.frame, Push({Taking::Call, "", 0, site, question.path}));
}

void StringFlow::AnswerBuiltinCall(const Question &question, llvm::StringRef name) {
  const SourceTree &tree = *question.tree;
  const Step *path = AsContainer(question.path);
  const TreeArguments arguments = ArgumentsOf(tree, question.node);
  const uint32_t first = arguments.positional.empty() ? 0 : arguments.positional[0];
  const auto pass = [&](size_t n, const Step *rest) {
    return n < arguments.positional.size()
               ? Ask(tree, arguments.positional[n], question.frame, rest)
               : Fail();
  };
  if (GivesNoString(name)) {
    return AnswerNoString(question.path);
  }
  if (name == "str") {
    const bool formatted = question.path != nullptr && question.path->taking == Taking::Formatted;
    const Step *text = formatted ? question.path->next : question.path;
    return arguments.positional.size() == 1 && WantsText(text) ? pass(0, AsPiece(text)) : Fail();
  }
  if (name == "getattr") {
    const uint32_t key = arguments.positional.size() > 1 ? arguments.positional[1] : 0;
    if (!tree.Is(key, NodeKind::String)) {
      return Fail();
    }
    const llvm::StringRef attribute = tree.Text(key).trim("\"'");
    pass(0, Push({Taking::Attribute, attribute.str(), 0, {}, question.path}));
    return arguments.positional.size() > 2 ? pass(2, question.path) : void();
  }
  const bool copies = llvm::StringSwitch<bool>(name)
                          .Cases("list", "tuple", "set", "frozenset", "sorted", "reversed", true)
                          .Case("iter", true)
                          .Default(false);
  if (path == nullptr) {
    const bool container = copies || name == "dict" || name == "enumerate" || name == "zip";
    return IsNoName(question.path) && container ? void() : Fail();
  }
  const bool each = path->taking == Taking::Each;
  const bool paired = each && path->next != nullptr && path->next->taking == Taking::Item;
  if (copies) {
    const Step *rest = path->taking == Taking::Key ? Push(Taking::Item, path->next) : path->next;
    return first == 0 ? void() : pass(0, Push(Taking::Each, rest));
  }
  if (name == "dict") {
    const bool keys = each || path->taking == Taking::Key;
    if (!keys && (first != 0 || !arguments.double_splats.empty())) {
      return Fail(); // pairs, perhaps
    }
    for (const auto &[keyword, value] : arguments.named) {
      if (!keys) {
        Ask(tree, value, question.frame, path->next);
      } else if (WantsText(path->next)) {
        AddText(keyword, path->next);
      } else {
        Fail();
      }
    }
    for (uint32_t splat : arguments.double_splats) {
      Ask(tree, splat, question.frame, Push(Taking::Key, path->next));
    }
    return first == 0 ? void() : pass(0, Push(Taking::Key, path->next));
  }
  if (name == "enumerate" && paired) {
    return path->next->index == 0 ? AnswerNoString(path)
                                  : pass(0, Push(Taking::Each, path->next->next));
  }
  if (name == "zip" && paired) {
    return pass(path->next->index, Push(Taking::Each, path->next->next));
  }
  if (name == "map" && each && WantsText(path->next) && arguments.positional.size() == 2 &&
      tree.Is(first, NodeKind::Identifier) && tree.Text(first) == "str" && !tree.LookUp(first)) {
    return pass(1, Push(Taking::Each, AsPiece(path->next)));
  }
  if (name == "filter" && each) {
    return pass(1, path);
  }
  if (name == "locals" && arguments.positional.empty() && path->next == nullptr &&
      (each || path->taking == Taking::Key)) {
    return AddLocals(tree, question.node);
  }
  if (name == "dir" && path->taking != Taking::Key && first != 0) {
    return pass(0, Push(Taking::Names, path->next));
  }
  Fail();
}

// --- functions

// `f.__name__` of a definition as its statement makes it, before it is decorated: what stands
// there, unless the file gives something another one. Whether it answered.
bool StringFlow::AnswerOwnName(const SourceTree &tree, uint32_t definition, const Step *path,
                               bool fresh) {
  if (path == nullptr || path->taking != Taking::Attribute || path->name != "__name__" ||
      !WantsText(path->next) ||
      !(fresh || (tree.AttributeStores("__name__").empty() && tree.CallsOf("setattr").empty()))) {
    return false;
  }
  if (tree.Is(definition, NodeKind::ClassDefinition)) { // which no metaclass of its own renames
    for (const ClassRef &ref : LineOf(tree, definition).classes) {
      const uint32_t bases = ref.tree->Child(ref.node, 1);
      if (ref.tree->Is(bases, NodeKind::ArgumentList) &&
          llvm::any_of(ref.tree->Children(bases), [&](uint32_t base) {
            return ref.tree->Is(base, NodeKind::KeywordArgument) ||
                   ref.tree->Text(base) == "type" || ref.tree->Is(base, NodeKind::Call);
          })) {
        return false;
      }
    }
  }
  AddText(tree.Text(tree.Child(definition, 0)), path->next);
  return true;
}

void StringFlow::AnswerFunction(const Question &question, const Instance *self, bool gets_class) {
  if (IsNoName(question.path)) {
    return;
  }
  const SourceTree &tree = *question.tree;
  if (tree.Is(question.node, NodeKind::FunctionDefinition) &&
      tree.Decorators(question.node).empty() && AnswerOwnName(tree, question.node, question.path)) {
    return;
  }
  for (llvm::StringRef decorator : tree.Decorators(question.node)) {
    if (decorator == "staticmethod") {
      self = nullptr;
    } else if (decorator == "classmethod") {
      gets_class = true;
    } else {
      return Fail();
    }
  }
  if (question.path->taking != Taking::Call || (tree.At(question.node).flags & kIsAsync) != 0) {
    return Fail();
  }
  const Frame *frame = Keep(Frame{.tree = &tree,
                                  .function = question.node,
                                  .site = question.path->site,
                                  .self = self,
                                  .gets_class = gets_class,
                                  .outer = question.frame,
                                  .depth = 0});
  AnswerReturns(question, frame, question.path->next);
}

void StringFlow::AnswerReturns(const Question &question, const Frame *frame, const Step *path) {
  const SourceTree &tree = *question.tree;
  if (tree.KindOf(question.node) == NodeKind::Lambda) {
    return Ask(tree, tree.LastChild(question.node), frame, path);
  }
  AnswerNoString(path); // None, at the end of its body
  const uint32_t scope = tree.ScopeMadeBy(question.node);
  for (uint32_t i = question.node; i < tree.At(question.node).subtree_end; ++i) {
    if (tree.ScopeOf(i) != scope) {
      continue;
    }
    if (tree.KindOf(i) == NodeKind::ReturnStatement && tree.Child(i, 0) != 0) {
      Ask(tree, tree.Child(i, 0), frame, path);
    } else if (tree.KindOf(i) == NodeKind::Yield) {
      if (path == nullptr || path->taking != Taking::Each) {
        return Fail();
      }
      const bool all = tree.Text(i).drop_front(5).ltrim().starts_with("from");
      Ask(tree, tree.LastChild(i), frame, all ? path : path->next);
    }
  }
}

// An argument of the call that a frame is of.
void StringFlow::AnswerArgument(const Frame &frame, const SourceTree &tree,
                                const TreeParameter &parameter, unsigned position,
                                const Step *path) {
  const Site &site = frame.site;
  if (!site.tree->Is(site.call, NodeKind::Call)) { // it decorates this definition
    const bool positional = parameter.kind == TreeParameter::Kind::Positional;
    if (position == 0 && positional) {
      return AnswerOwnName(*site.tree, site.call, path, true)
                 ? void()
                 : Ask(*site.tree, site.call, site.frame, path);
    }
    const bool named = positional || parameter.kind == TreeParameter::Kind::KeywordOnly;
    return named && parameter.value != 0 ? Ask(tree, parameter.value, frame.outer, path) : Fail();
  }
  const TreeArguments arguments = ArgumentsOf(*site.tree, site.call);
  const bool bound = frame.self != nullptr || frame.gets_class;
  const size_t index = position - (bound ? 1u : 0u);
  const auto ask = [&](uint32_t node, const Step *rest) {
    Ask(*site.tree, node, site.frame, rest);
  };
  switch (parameter.kind) {
  case TreeParameter::Kind::Positional:
  case TreeParameter::Kind::KeywordOnly: {
    const bool by_place = parameter.kind == TreeParameter::Kind::Positional;
    if (const uint32_t value = arguments.Named(tree.Text(parameter.name)); value != 0) {
      return ask(value, path);
    }
    if (by_place && index < arguments.positional.size()) {
      return ask(arguments.positional[index], path);
    }
    if ((by_place && !arguments.splats.empty()) || !arguments.double_splats.empty()) {
      return Fail();
    }
    return parameter.value == 0 ? void() : Ask(tree, parameter.value, frame.outer, path);
  }
  case TreeParameter::Kind::Arguments: {
    path = AsContainer(path);
    if (path == nullptr || path->taking == Taking::Names || path->taking == Taking::Key) {
      return Fail();
    }
    for (size_t i = index; i < arguments.positional.size(); ++i) {
      ask(arguments.positional[i], path->next);
    }
    for (uint32_t splat : arguments.splats) {
      ask(splat, Push(Taking::Each, path->next));
    }
    return;
  }
  case TreeParameter::Kind::Keywords: {
    path = AsContainer(path);
    const bool keys = path != nullptr && WantsText(path->next) &&
                      (path->taking == Taking::Each || path->taking == Taking::Key);
    if (path == nullptr || (!keys && path->taking != Taking::Element)) {
      return Fail();
    }
    const auto parameters = tree.Parameters(frame.function);
    for (const auto &[name, value] : arguments.named) {
      if (llvm::any_of(parameters, [&, name = name](const TreeParameter &each) {
            return each.kind != TreeParameter::Kind::Keywords &&
                   each.kind != TreeParameter::Kind::Arguments && tree.Text(each.name) == name;
          })) {
        continue; // that one gets it
      }
      keys ? AddText(name, path->next) : ask(value, path->next);
    }
    for (uint32_t splat : arguments.double_splats) {
      ask(splat, Push(keys ? Taking::Key : Taking::Element, path->next));
    }
    return;
  }
  }
}

// A parameter of a function that nobody knows the call of: all calls in its file, when others do
// not call it.
void StringFlow::AnswerAnyCall(const Question &question, uint32_t function,
                               const TreeParameter &parameter, unsigned position) {
  const SourceTree &tree = *question.tree;
  const uint32_t name = tree.Child(function, 0);
  const uint32_t scope = tree.ScopeOf(function);
  const bool local = tree.Scope(scope).kind == TreeScope::Kind::Function;
  if (tree.KindOf(function) != NodeKind::FunctionDefinition || !(local || scope == 0) ||
      !tree.Decorators(function).empty()) {
    return Fail();
  }
  // Whoever has the function may call it with anything, unless calling it is all that is done.
  const auto answer_use = [&](const SourceTree &user, uint32_t use) {
    const uint32_t call = user.Parent(use);
    if (user.KindOf(call) != NodeKind::Call || use != call + 1) {
      return Fail();
    }
    const Frame *frame = FrameOfCall(tree, function, user, call);
    AnswerArgument(*frame, tree, parameter, position, question.path);
  };
  bool called_here = false; // else it is there for others
  for (uint32_t use : tree.UsesOf(scope, tree.Text(name))) {
    if (!tree.BindsHere(use)) {
      called_here = true;
      answer_use(tree, use);
    }
  }
  if (!local) {
    ForUsesElsewhere(tree.module, tree.Text(name), answer_use);
  }
  if (!called_here && !local && !tree.Text(name).starts_with("_")) {
    Fail();
  }
}

} // namespace pydefrag
