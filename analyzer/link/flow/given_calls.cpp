// GivenNames: calls that get the name of a module, or the module.
#include "link/flow/given_name.h"
#include "link/flow/string_flow.h"
#include "scan/lines/bytes.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// Functions that hand on to each other.
static constexpr int kMostCalls = 8;

// The parameter that gets an argument of a call; 0: nobody knows which, or it is no function.
static uint32_t ParameterOf(const Meaning &function, const TreeArguments &arguments,
                            uint32_t argument) {
  if (!function.Is(NodeKind::FunctionDefinition)) {
    return 0;
  }
  const SourceTree &tree = *function.tree;
  const auto parameters = tree.Parameters(function.node);
  const auto *at = llvm::find(arguments.positional, argument);
  if (at != arguments.positional.end()) {
    const auto place = static_cast<size_t>(at - arguments.positional.begin());
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
  const Meaning callee = CalleeOf(tree, call);
  const uint32_t parameter = ParameterOf(callee, ArgumentsOf(tree, call), argument);
  const auto [it, inserted] = judged_.try_emplace({callee.tree, parameter});
  if (inserted) {
    deed_ = NameDeed();
    deed_.function = callee;
    depth_ = 0;
    followed_.clear();
    deed_.known = FollowParameter(callee, {&tree, argument, What::Name}, call);
    it->second = deed_;
  }
  return it->second;
}

static bool IsName(llvm::StringRef text) {
  return !text.empty() && llvm::all_of(text, [](char c) { return IsWordByte(c); });
}

// How often a file says a name, or a text with it: of comments nothing comes.
static size_t CountMentions(const SourceTree &tree, llvm::StringRef name) {
  size_t count = 0;
  for (uint32_t node = 1; node < tree.size(); ++node) {
    count += (tree.Is(node, NodeKind::Identifier) && tree.Text(node) == name) ||
             (tree.Is(node, NodeKind::String) && tree.Text(node).contains(name));
  }
  return count;
}

// The keys of a table that the module has, and does nothing else with.
static bool AddKeys(const SourceTree &tree, llvm::StringRef table,
                    llvm::SmallVectorImpl<llvm::StringRef> &names) {
  const size_t mentions = table.empty() ? 0 : CountMentions(tree, table);
  const uint32_t display = mentions == 1 ? tree.DisplayNamed(table) : 0;
  if (!tree.Is(display, NodeKind::Dictionary)) {
    return mentions == 0 && !tree.Text(0).contains("import *"); // which may bring it
  }
  return llvm::all_of(tree.Children(display), [&](uint32_t pair) {
    names.push_back(tree.PlainText(tree.Child(pair, 0)));
    return tree.Is(pair, NodeKind::Pair) && IsName(names.back());
  });
}

std::optional<llvm::SmallVector<llvm::StringRef, 4>>
GivenNames::NamesSet(const NameDeed &deed, const SourceTree &tree, uint32_t call) const {
  llvm::SmallVector<llvm::StringRef, 4> names(deed.sets.begin(), deed.sets.end());
  if (!deed.known || llvm::is_contained(deed.filled, deed.table) ||
      !AddKeys(tree, deed.table, names)) {
    return std::nullopt;
  }
  if (deed.sets_given.empty()) {
    return names;
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
    const uint32_t parameter = ParameterOf(deed.function, arguments, value);
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
      if (there.Is(each.value, NodeKind::None_)) {
        continue;
      }
      if (!IsName(there.PlainText(each.value))) {
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
    // What a function gives back may be made of the name; no function gives back the module.
    return argument.is_name()
               ? FollowParameter(callee, argument, call) && Follow(argument.At(call).Made())
           : MakesProxy(tree, call) ? Follow(argument.At(call))
                                    : FollowParameter(callee, argument, call);
  default:
    return FollowMethod(argument, call);
  }
}

bool GivenNames::FollowParameter(const Meaning &function, Value argument, uint32_t call) {
  const uint32_t parameter =
      ParameterOf(function, ArgumentsOf(*argument.tree, call), argument.node);
  if (parameter == 0 || depth_ > kMostCalls || !function.tree->Decorators(function.node).empty()) {
    return false;
  }
  ++depth_;
  const bool follows = FollowBody(*function.tree, function.node) &&
                       FollowNamed({function.tree, parameter, argument.what});
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
  if (name.what == What::Below && dotted == "importlib.import_module") {
    return true; // another module
  }
  if (dotted == "builtins.__import__" || dotted == "importlib.import_module" ||
      dotted == "sys.modules.get" || dotted == "builtins.getattr") {
    return Follow(name.At(call).As(What::Module));
  }
  const bool no_text = llvm::StringRef(dotted).starts_with("logging.");
  return OnlyReadsTexts(dotted) && (no_text || Follow(name.At(call).Made()));
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

// A method of something that is not known: of a text, or of a logger.
bool GivenNames::FollowMethod(Value name, uint32_t call) {
  const SourceTree &tree = *name.tree;
  const uint32_t callee = tree.Child(call, 0);
  const uint32_t object = tree.Child(callee, 0);
  if (!tree.Is(callee, NodeKind::Attribute) || !name.is_name()) {
    return false;
  }
  if (tree.Is(object, NodeKind::String)) {
    return Follow(name.At(call).Made()); // "...".format(name)
  }
  return tree.Text(object).contains_insensitive("log") &&
         llvm::StringSwitch<bool>(tree.Text(tree.LastChild(callee)))
             .Cases("debug", "info", "warning", "error", "exception", "critical", true)
             .Default(false);
}

} // namespace pydefrag
