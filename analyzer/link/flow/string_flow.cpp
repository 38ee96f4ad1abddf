#include "link/flow/string_flow.h"

#include "llvm/ADT/STLExtras.h"

namespace pydefrag {

// Beyond these it is "unknown".
static constexpr size_t kMostQuestions = 20000;
static constexpr unsigned kDeepestCall = 12;
static constexpr unsigned kLongestPath = 16;

void StringFlow::Add(const SourceTree &tree, uint32_t node) {
  Ask(tree, node, nullptr, nullptr);
}

void StringFlow::Add(const SourceTree &tree, uint32_t node, Taking taking) {
  NoteFresh(tree, node);
  Ask(tree, node, nullptr, Push(taking, nullptr));
}

void StringFlow::Add(const SourceTree &tree, uint32_t node, const Frame *frame) {
  Ask(tree, node, frame, nullptr);
}

void StringFlow::Add(const SourceTree &tree, uint32_t node, Taking taking, const Frame *frame) {
  frame == nullptr ? Add(tree, node, taking) : Ask(tree, node, frame, Push(taking, nullptr));
}

const StringFlow::Frame *StringFlow::FrameOfCall(const SourceTree &tree, uint32_t function,
                                                 const SourceTree &caller, uint32_t call) {
  return Keep(Frame{.tree = &tree,
                    .function = function,
                    .site = {&caller, call, nullptr},
                    .self = nullptr,
                    .gets_class = false,
                    .outer = nullptr,
                    .depth = 0});
}

// `x = Make()`, and in the next statement of the module what `x` gives.
void StringFlow::NoteFresh(const SourceTree &tree, uint32_t node) {
  if (!tree.Is(node, NodeKind::Identifier) || tree.LookUp(node) != 0u) {
    return;
  }
  const auto &bound = tree.Scope(0).bindings.find(tree.Text(node))->second;
  const uint32_t assignment = tree.Parent(bound.front());
  uint32_t statement = node;
  while (tree.Parent(statement) != 0) {
    statement = tree.Parent(statement);
  }
  if (!tree.Is(assignment, NodeKind::Assignment)) {
    return;
  }
  const uint32_t made = tree.Parent(assignment);
  const bool next =
      bound.size() == 1 && tree.Parent(made) == 0 && tree.At(made).subtree_end == statement;
  const auto [it, inserted] = fresh_.try_emplace({&tree, tree.LastChild(assignment)}, next);
  it->second &= next;
}

PossibleStrings StringFlow::Take() {
  Run();
  return std::move(result_);
}

void StringFlow::Run() {
  while (result_.known() && !(open_.empty() && later_.empty())) {
    if (open_.empty()) {
      const Later elsewhere = later_.back();
      later_.pop_back();
      elsewhere.stores ? AnswerStoresElsewhere(elsewhere.module, elsewhere.name, elsewhere.path)
                       : AnswerUsesElsewhere(elsewhere.module, elsewhere.name, elsewhere.path);
      continue;
    }
    const Question question = open_.back();
    open_.pop_back();
    Answer(question);
    if (asked_.size() > kMostQuestions) {
      Fail();
    }
  }
}

void StringFlow::Ask(const SourceTree &tree, uint32_t node, const Frame *frame, const Step *path) {
  if (node == 0) {
    return Fail();
  }
  if (asked_.insert({&tree, node, frame, path}).second) {
    open_.push_back({&tree, node, frame, path});
  }
}

const StringFlow::Step *StringFlow::Push(Step step) {
  unsigned length = 0;
  for (const Step *at = step.next; at != nullptr; at = at->next) {
    ++length;
  }
  if (length > kLongestPath) {
    Fail();
  }
  const Step *&slot = step_of_[{step.taking, step.name, step.index, step.site.tree, step.site.call,
                                step.site.frame, step.next}];
  if (slot == nullptr) {
    steps_.push_back(std::move(step));
    slot = &steps_.back();
  }
  return slot;
}

const StringFlow::Frame *StringFlow::Keep(Frame frame) {
  frame.depth = 1 + std::max(frame.outer != nullptr ? frame.outer->depth : 0,
                             frame.site.frame != nullptr ? frame.site.frame->depth : 0);
  if (frame.depth > kDeepestCall) {
    Fail();
  }
  const Frame *&slot = frame_of_[{frame.tree, frame.function, frame.site.tree, frame.site.call,
                                  frame.site.frame, frame.self, frame.outer}];
  if (slot == nullptr) {
    frames_.push_back(frame);
    slot = &frames_.back();
  }
  return slot;
}

// --- expressions

// Whether `"%s" % value` shows the value itself: it is no tuple.
static bool ShowsItself(NodeKind value) {
  switch (value) {
  case NodeKind::Identifier:
  case NodeKind::ParenthesizedExpression:
  case NodeKind::NamedExpression:
  case NodeKind::ConditionalExpression:
  case NodeKind::Tuple:
  case NodeKind::ExpressionList:
  case NodeKind::BooleanOperator:
  case NodeKind::BinaryOperator:
  case NodeKind::Attribute:
  case NodeKind::Subscript:
  case NodeKind::Call:
    return false;
  default:
    return true;
  }
}

static bool IsContainer(const SourceTree &tree, uint32_t node) {
  switch (tree.KindOf(node)) {
  case NodeKind::List:
  case NodeKind::Tuple:
  case NodeKind::Set:
  case NodeKind::ListComprehension:
  case NodeKind::SetComprehension:
    return true;
  default:
    return false;
  }
}

void StringFlow::Answer(const Question &question) {
  const SourceTree &tree = *question.tree;
  const uint32_t node = question.node;
  const auto pass = [&](unsigned child) {
    Ask(tree, tree.Child(node, child), question.frame, question.path);
  };
  if (question.path != nullptr && question.path->taking == Taking::Formatted &&
      ShowsItself(tree.KindOf(node))) {
    return Answer({&tree, node, question.frame, question.path->next});
  }
  if (question.path != nullptr && question.path->taking == Taking::Words &&
      IsContainer(tree, node)) {
    return Ask(tree, node, question.frame, Push(Taking::Each, question.path)); // as code has it
  }
  switch (tree.KindOf(node)) {
  case NodeKind::Identifier:
    return AnswerName(question);
  case NodeKind::ParenthesizedExpression:
    return pass(0);
  case NodeKind::NamedExpression:
    return pass(1);
  case NodeKind::ConditionalExpression:
    pass(0);
    return pass(2);
  case NodeKind::String:
  case NodeKind::ConcatenatedString:
    return AnswerString(question);
  case NodeKind::List:
  case NodeKind::Tuple:
  case NodeKind::ExpressionList:
  case NodeKind::Set:
    return AnswerDisplay(question);
  case NodeKind::Dictionary:
    return AnswerDict(question);
  case NodeKind::ListComprehension:
  case NodeKind::SetComprehension:
  case NodeKind::GeneratorExpression:
  case NodeKind::DictionaryComprehension:
    return AnswerComprehension(question);
  case NodeKind::BooleanOperator:
  case NodeKind::BinaryOperator:
    return AnswerOperator(question);
  case NodeKind::Attribute:
    return Ask(
        tree, tree.Child(node, 0), question.frame,
        Push({Taking::Attribute, tree.Text(tree.LastChild(node)).str(), 0, {}, question.path}));
  case NodeKind::Subscript:
    return AnswerSubscript(question);
  case NodeKind::Call:
    return AnswerCall(question);
  case NodeKind::FunctionDefinition:
  case NodeKind::Lambda:
    return AnswerFunction(question, nullptr, false);
  case NodeKind::ClassDefinition:
    return AnswerClass(question);
  case NodeKind::Integer:
  case NodeKind::Float:
  case NodeKind::True:
  case NodeKind::False:
  case NodeKind::None_:
  case NodeKind::Ellipsis:
  case NodeKind::NotOperator:
    return AnswerNoString(question.path); // no string, and none comes out of it
  case NodeKind::ComparisonOperator:
    return EndsInPiece(question.path) ? Fail() : void();
  case NodeKind::UnaryOperator:
    return EndsInPiece(question.path)
               ? Ask(tree, tree.LastChild(node), question.frame, question.path)
               : void();
  default:
    return Fail();
  }
}

// Lists, tuples and sets.
void StringFlow::AnswerDisplay(const Question &question) {
  const SourceTree &tree = *question.tree;
  if (question.path != nullptr && question.path->taking == Taking::Formatted) {
    for (uint32_t item : tree.Children(question.node)) {
      Ask(tree, item, question.frame, question.path->next);
    }
    return;
  }
  const Step *path = AsContainer(question.path);
  if (path == nullptr) {
    return IsNoName(question.path) ? void() : Fail();
  }
  const auto items = tree.Children(question.node);
  const bool splats =
      llvm::any_of(items, [&](uint32_t item) { return tree.KindOf(item) == NodeKind::ListSplat; });
  switch (path->taking) {
  case Taking::Item:
    if (!splats && path->index < items.size()) {
      return Ask(tree, items[path->index], question.frame, path->next);
    }
    [[fallthrough]];
  case Taking::Each:
  case Taking::Element:
  case Taking::Key:
    for (uint32_t item : items) {
      const bool pairs = path->taking == Taking::Key; // update([(key, value)])
      const bool splat = tree.KindOf(item) == NodeKind::ListSplat;
      const Step *rest = pairs ? Push(Taking::Item, path->next) : path->next;
      Ask(tree, splat ? tree.LastChild(item) : item, question.frame,
          splat ? Push(Taking::Each, rest) : rest);
    }
    return;
  default:
    return Fail();
  }
}

void StringFlow::AnswerDict(const Question &question) {
  const SourceTree &tree = *question.tree;
  const Step *path = AsContainer(question.path);
  if (path == nullptr) {
    return IsNoName(question.path) ? void() : Fail();
  }
  const bool keys = path->taking == Taking::Each || path->taking == Taking::Key;
  if (!keys && path->taking != Taking::Element && path->taking != Taking::Item) {
    return Fail();
  }
  for (uint32_t item : tree.Children(question.node)) {
    if (tree.KindOf(item) == NodeKind::Pair) {
      Ask(tree, tree.Child(item, keys ? 0 : 1), question.frame, path->next);
    } else if (tree.KindOf(item) == NodeKind::DictionarySplat) {
      Ask(tree, tree.LastChild(item), question.frame,
          Push(keys ? Taking::Key : Taking::Element, path->next));
    } else {
      Fail();
    }
  }
}

void StringFlow::AnswerComprehension(const Question &question) {
  const SourceTree &tree = *question.tree;
  const Step *path = AsContainer(question.path);
  if (path == nullptr) {
    return IsNoName(question.path) ? void() : Fail();
  }
  const uint32_t body = tree.Child(question.node, 0);
  const bool dict = tree.KindOf(question.node) == NodeKind::DictionaryComprehension;
  switch (path->taking) {
  case Taking::Key:
    return dict ? Ask(tree, tree.Child(body, 0), question.frame, path->next)
                : Ask(tree, body, question.frame, Push(Taking::Item, path->next));
  case Taking::Each:
    return Ask(tree, dict ? tree.Child(body, 0) : body, question.frame, path->next);
  case Taking::Element:
  case Taking::Item:
    return Ask(tree, dict ? tree.Child(body, 1) : body, question.frame, path->next);
  default:
    return Fail();
  }
}

// `a or b`, `a + b`, `"%s" % a`.
void StringFlow::AnswerOperator(const Question &question) {
  const SourceTree &tree = *question.tree;
  const uint32_t left = tree.Child(question.node, 0);
  const uint32_t right = tree.LastChild(question.node);
  const NodeKind op = tree.KindOf(tree.Child(question.node, 1));
  const Step *path = question.path;
  const auto ask_both = [&](const Step *rest) {
    Ask(tree, left, question.frame, rest);
    Ask(tree, right, question.frame, rest);
  };
  if (tree.KindOf(question.node) == NodeKind::BooleanOperator) {
    return ask_both(path);
  }
  if (op == NodeKind::TokenPercent) {
    const bool formatted = path != nullptr && path->taking == Taking::Formatted;
    const Site site{&tree, question.node, question.frame};
    return Ask(tree, left, question.frame,
               Push({Taking::Format, "", 0, site, formatted ? path->next : path}));
  }
  if (AddsEndOfSum(question)) {
    return;
  }
  if (path == nullptr || WantsText(path)) { // strings, or numbers
    return ask_both(AsPiece(path));
  }
  const bool first_items = path->taking == Taking::Item;
  const bool adds = op == NodeKind::TokenPlus && !first_items;
  (adds || op == NodeKind::TokenBar) && AsContainer(path) != nullptr ? ask_both(path) : Fail();
}

void StringFlow::AnswerSubscript(const Question &question) {
  const SourceTree &tree = *question.tree;
  const uint32_t key = tree.Child(question.node, 1);
  const Step *path = question.path;
  if (tree.Is(key, NodeKind::Slice)) {
    const bool within =
        path != nullptr && (path->taking == Taking::Each || path->taking == Taking::Element);
    return within ? Ask(tree, tree.Child(question.node, 0), question.frame, path) : Fail();
  }
  unsigned index = 0;
  const bool number = tree.Is(key, NodeKind::Integer) && !tree.Text(key).getAsInteger(10, index);
  Ask(tree, tree.Child(question.node, 0), question.frame,
      number ? Push(Taking::Item, path, index) : Push(Taking::Element, path));
}

} // namespace pydefrag
