// GivenNames: calls that get the name of a module, or the module.
#include "link/flow/given_name.h"
#include "link/flow/string_flow.h"
#include "scan/lines/bytes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// Functions that hand on to each other.
static constexpr int kMostCalls = 8;

// The parameter that gets an argument of a call; 0: nobody knows which.
static uint32_t ParameterOf(const SourceTree &tree, uint32_t function, unsigned shift,
                            const TreeArguments &arguments, uint32_t argument) {
  const auto parameters = tree.Parameters(function);
  const auto *at = llvm::find(arguments.positional, argument);
  if (at != arguments.positional.end()) {
    const size_t place = static_cast<size_t>(at - arguments.positional.begin()) + shift;
    for (size_t i = 0; i < parameters.size() && i <= place; ++i) {
      const bool rest = parameters[i].kind == TreeParameter::Kind::Arguments;
      if (rest || (i == place && parameters[i].kind == TreeParameter::Kind::Positional)) {
        return parameters[i].name;
      }
    }
    return 0;
  }
  for (const auto &[name, value] : arguments.named) {
    const auto *taken = llvm::find_if(parameters, [&, key = name](const TreeParameter &each) {
      return each.kind <= TreeParameter::Kind::KeywordOnly && tree.Text(each.name) == key;
    });
    if (value == argument && taken != parameters.end()) {
      return taken->name;
    }
  }
  return 0;
}

const NameDeed &GivenNames::Judge(const SourceTree &tree, uint32_t call, uint32_t argument) {
  deed_ = NameDeed();
  depth_ = 0;
  followed_.clear();
  const Meaning callee = CalleeOf(tree, call);
  const bool makes = callee.Is(NodeKind::ClassDefinition);
  const Meaning function = makes ? MethodOf(*callee.tree, callee.node, "__init__", 0) : callee;
  if (callee.kind == Meaning::Kind::Outside) {
    deed_.known = !llvm::StringRef(callee.dotted).starts_with("sys.modules.");
    return deed_;
  }
  const uint32_t parameter =
      function.Is(NodeKind::FunctionDefinition)
          ? ParameterOf(*function.tree, function.node, makes, ArgumentsOf(tree, call), argument)
          : 0;
  deed_.known = false;
  if (parameter == 0 || (makes && !IsMadePlainly(*callee.tree, callee.node, 0))) {
    return deed_;
  }
  const auto [it, inserted] = judged_.try_emplace({callee.tree, callee.node, parameter});
  if (inserted) {
    deed_.function = function;
    deed_.shift = makes;
    deed_.known = FollowParameter(function, makes, {&tree, argument, What::Name}, call);
    it->second = deed_;
  }
  return it->second;
}

static bool IsName(llvm::StringRef text) {
  return !text.empty() && llvm::all_of(text, [](char c) { return IsWordByte(c); });
}

std::optional<llvm::SmallVector<llvm::StringRef, 4>>
GivenNames::NamesSet(const NameDeed &deed, const SourceTree &tree, uint32_t call) const {
  llvm::SmallVector<llvm::StringRef, 4> names(deed.sets.begin(), deed.sets.end());
  if (!deed.known || deed.sets_given.empty()) {
    return deed.known ? std::optional(std::move(names)) : std::nullopt;
  }
  const SourceTree &there = *deed.function.tree;
  const TreeArguments arguments = ArgumentsOf(tree, call);
  if (!arguments.splats.empty() || !arguments.double_splats.empty()) {
    return std::nullopt;
  }
  llvm::SmallVector<uint32_t, 8> values(arguments.positional.begin(), arguments.positional.end());
  for (const auto &named : arguments.named) {
    values.push_back(named.second);
  }
  for (uint32_t value : values) {
    const uint32_t parameter = ParameterOf(there, deed.function.node, deed.shift, arguments, value);
    if (parameter == 0 || !llvm::is_contained(deed.sets_given, there.Text(parameter)) ||
        tree.Is(value, NodeKind::None_)) {
      continue;
    }
    if (!IsName(tree.PlainText(value))) {
      return std::nullopt;
    }
    names.push_back(tree.PlainText(value));
  }
  for (const TreeParameter &each : there.Parameters(deed.function.node)) {
    if (each.value != 0 && llvm::is_contained(deed.sets_given, there.Text(each.name))) {
      if (!there.Is(each.value, NodeKind::None_) && !IsName(there.PlainText(each.value))) {
        return std::nullopt;
      }
      names.push_back(there.PlainText(each.value));
    }
  }
  return names;
}

bool GivenNames::FollowArgument(Value argument) {
  const SourceTree &tree = *argument.tree;
  uint32_t list = argument.parent();
  list = tree.Is(list, NodeKind::KeywordArgument) ? tree.Parent(list) : list;
  const uint32_t call = tree.Parent(list);
  if (!tree.Is(call, NodeKind::Call)) {
    return false; // bases of a class
  }
  const Meaning callee = CalleeOf(tree, call);
  switch (callee.kind) {
  case Meaning::Kind::Outside:
    return argument.is_name() ? FollowOutside(argument, callee.dotted, call)
                              : FollowModuleOutside(argument, callee.dotted, call);
  case Meaning::Kind::Definition:
    return FollowInside(callee, argument, call);
  default:
    return FollowMethod(argument, call);
  }
}

bool GivenNames::FollowInside(const Meaning &callee, Value argument, uint32_t call) {
  const bool makes = callee.Is(NodeKind::ClassDefinition);
  if (!argument.is_name() && makes && MakesProxy(*argument.tree, call)) {
    return Follow(argument.At(call));
  }
  if (!makes) {
    return FollowParameter(callee, 0, argument, call) &&
           (!argument.is_name() || Follow(argument.At(call)));
  }
  const Meaning maker = MethodOf(*callee.tree, callee.node, "__init__", 0);
  return argument.is_name() && IsMadePlainly(*callee.tree, callee.node, 0) &&
         FollowParameter(maker, 1, argument, call);
}

bool GivenNames::FollowParameter(const Meaning &function, unsigned shift, Value argument,
                                 uint32_t call) {
  if (!function.Is(NodeKind::FunctionDefinition) || depth_ > kMostCalls) {
    return false;
  }
  const SourceTree &tree = *function.tree;
  const uint32_t parameter =
      ParameterOf(tree, function.node, shift, ArgumentsOf(*argument.tree, call), argument.node);
  ++depth_;
  const bool follows = parameter != 0 && tree.Decorators(function.node).empty() &&
                       FollowBody(tree, function.node) &&
                       FollowNamed({&tree, parameter, argument.what});
  --depth_;
  return follows;
}

// Something outside of the project that only looks at texts it is given.
static bool OnlyReadsTexts(llvm::StringRef dotted) {
  if (dotted.consume_front("builtins.")) {
    return dotted.ends_with("Error") || dotted.ends_with("Exception") ||
           dotted.ends_with("Warning") || dotted == "hasattr" || dotted == "format" ||
           (IsReader(dotted) && dotted != "map" && dotted != "filter");
  }
  return llvm::StringSwitch<bool>(dotted.split('.').first)
      .Cases("logging", "warnings", "os", "re", "textwrap", "gettext", "pathlib", "json", true)
      .Default(dotted == "types.ModuleType");
}

bool GivenNames::FollowOutside(Value name, llvm::StringRef dotted, uint32_t call) {
  if (dotted == "builtins.__import__" || dotted == "importlib.import_module" ||
      dotted == "sys.modules.get" || dotted == "builtins.getattr") {
    return Follow(name.At(call).As(What::Module));
  }
  const bool no_text = llvm::StringRef(dotted).starts_with("logging.");
  return OnlyReadsTexts(dotted) && (no_text || Follow(name.At(call)));
}

bool GivenNames::FollowModuleOutside(Value module, llvm::StringRef dotted, uint32_t call) {
  const SourceTree &tree = *module.tree;
  const auto arguments = ArgumentsOf(tree, call).positional;
  const bool first = !arguments.empty() && arguments.front() == module.node;
  if (dotted == "builtins.setattr") {
    return first && FollowSetattr(call, tree);
  }
  if (dotted == "builtins.getattr") {
    const llvm::StringRef asked = arguments.size() > 1 ? tree.PlainText(arguments[1]) : "";
    return first && !asked.empty() && !asked.starts_with("__");
  }
  return llvm::StringSwitch<bool>(dotted)
      .Cases("builtins.hasattr", "builtins.isinstance", "builtins.str", "builtins.repr", true)
      .Cases("builtins.id", "builtins.bool", "builtins.dir", "builtins.print", true)
      .Cases("inspect.getfile", "inspect.getsource", "inspect.getdoc", true)
      .Default(false);
}

// `setattr(module, name, value)`
bool GivenNames::FollowSetattr(uint32_t call, const SourceTree &tree) {
  const auto arguments = ArgumentsOf(tree, call).positional;
  const uint32_t name = arguments.size() == 3 ? arguments[1] : 0;
  if (const llvm::StringRef text = tree.PlainText(name); !text.empty()) {
    deed_.sets.push_back(text);
    return IsName(text) && !text.starts_with("__");
  }
  const auto scope = tree.Is(name, NodeKind::Identifier) ? tree.LookUp(name) : std::nullopt;
  if (!scope) {
    return false;
  }
  const llvm::ArrayRef<uint32_t> bound = tree.Scope(*scope).bindings.find(tree.Text(name))->second;
  deed_.sets_given.push_back(tree.Text(name));
  return bound.size() == 1 && tree.Is(tree.Parent(bound.front()), NodeKind::Parameters) &&
         tree.Scope(*scope).node == deed_.function.node && &tree == deed_.function.tree;
}

// A method of something that is not known.
bool GivenNames::FollowMethod(Value name, uint32_t call) {
  const SourceTree &tree = *name.tree;
  const uint32_t callee = tree.Child(call, 0);
  const uint32_t object = tree.Child(callee, 0);
  if (!tree.Is(callee, NodeKind::Attribute) || !name.is_name()) {
    return false;
  }
  const llvm::StringRef method = tree.Text(tree.LastChild(callee));
  if (tree.Is(object, NodeKind::String)) {
    return Follow(name.At(call)); // "...".format(name)
  }
  if (tree.Text(object) == "super()" && method == "__init__") {
    const uint32_t definition = tree.Enclosing(call, NodeKind::ClassDefinition);
    const Meaning base = definition != 0 ? BaseOf(tree, definition) : Meaning();
    return base.kind == Meaning::Kind::Outside ||
           (base.Is(NodeKind::ClassDefinition) &&
            FollowParameter(MethodOf(*base.tree, base.node, method, 0), 1, name, call));
  }
  const bool logs = llvm::StringSwitch<bool>(method)
                        .Cases("debug", "info", "warning", "error", "exception", "critical", true)
                        .Default(false);
  if (logs && tree.Text(object).contains_insensitive("log")) {
    return true;
  }
  const bool keeps = method == "append" || method == "add" || method == "insert";
  return keeps && FollowTarget(name.At(object));
}

// The class that a class derives from; outside: it is `object`, or one as plain.
Meaning GivenNames::BaseOf(const SourceTree &tree, uint32_t definition) {
  const uint32_t list = tree.Child(definition, 1);
  const auto bases = tree.Is(list, NodeKind::ArgumentList) ? tree.Children(list)
                                                           : llvm::SmallVector<uint32_t, 8>();
  if (bases.empty()) {
    return OutsideOf("builtins.object");
  }
  const Meaning base = bases.size() == 1 ? meanings_.Of(tree, bases.front()) : Meaning();
  // What a class of another file does with what is kept is not looked at.
  const bool plain = (base.Is(NodeKind::ClassDefinition) && base.tree == &tree) ||
                     base.dotted == "builtins.object" || base.dotted == "types.ModuleType";
  return plain ? base : Meaning();
}

Meaning GivenNames::MethodOf(const SourceTree &tree, uint32_t definition, llvm::StringRef name,
                             int depth) {
  for (uint32_t each : tree.Children(tree.LastChild(definition))) {
    if (tree.Is(each, NodeKind::FunctionDefinition) && tree.Text(tree.Child(each, 0)) == name) {
      return Definition(tree, each);
    }
  }
  const Meaning base = depth < kMostCalls ? BaseOf(tree, definition) : Meaning();
  return base.Is(NodeKind::ClassDefinition) ? MethodOf(*base.tree, base.node, name, depth + 1)
                                            : Meaning();
}

bool GivenNames::IsMadePlainly(const SourceTree &tree, uint32_t definition, int depth) {
  if (!tree.Decorators(definition).empty() || depth > kMostCalls ||
      !FollowBody(tree, definition)) { // any method may use what is kept
    return false;
  }
  for (llvm::StringRef hook : {"__new__", "__setattr__", "__getattribute__"}) {
    if (MethodOf(tree, definition, hook, 0).kind != Meaning::Kind::Unknown) {
      return false;
    }
  }
  const Meaning base = BaseOf(tree, definition);
  return base.kind == Meaning::Kind::Outside ||
         (base.Is(NodeKind::ClassDefinition) && IsMadePlainly(*base.tree, base.node, depth + 1));
}

} // namespace pydefrag
