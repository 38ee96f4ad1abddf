// TypeErrors: calls that do not fit the function, classes that cannot be made. Entry point:
// MatchTypeError.
#include "outcomes/errors/message_cursor.h"

namespace pydefrag {
namespace {

// 'a', 'b', and 'c'
void EatNames(MessageCursor &cursor, PythonError &error) {
  llvm::StringRef name;
  while (cursor.EatQuoted(name)) {
    error.names.push_back(name);
    cursor.Eat(",");
    cursor.Eat(" and");
    cursor.Eat(" ");
  }
}

void MatchMissing(MessageCursor cursor, PythonError &error) {
  if (!cursor.EatNumber(error.count) || !cursor.Eat(" required ")) {
    return;
  }
  const size_t colon = cursor.left.find(": ");
  if (colon != llvm::StringRef::npos) {
    cursor.left = cursor.left.drop_front(colon + 2);
    error.rule = ErrorRule::MissingArguments;
    EatNames(cursor, error);
  }
}

void MatchTakes(MessageCursor cursor, PythonError &error) {
  if (cursor.left == "no keyword arguments") {
    error.rule = ErrorRule::NoKeywords;
  } else if (cursor.left == "no arguments") {
    error.rule = ErrorRule::NoArguments;
  } else if (cursor.left.starts_with("exactly ")) {
    error.rule = ErrorRule::ExactArguments;
    cursor.left = cursor.left.split('(').second;
    cursor.EatNumber(error.count);
  } else if (cursor.left.contains(" positional argument")) {
    cursor.left = cursor.left.split(" but ").second;
    if (cursor.EatNumber(error.count)) {
      error.rule = ErrorRule::TooManyArguments;
    }
  }
}

void MatchSomePositionalOnly(MessageCursor cursor, PythonError &error) {
  llvm::StringRef names;
  if (!cursor.EatQuoted(names)) {
    return;
  }
  error.rule = ErrorRule::PositionalOnly;
  names.split(error.names, ", ");
}

// F() got ... | missing ... | takes ...
void MatchCall(MessageCursor cursor, PythonError &error) {
  if (!cursor.EatQualified(error.subject) || !cursor.Eat("() ")) {
    error.subject = {};
    return;
  }
  if (cursor.Eat("got an unexpected keyword argument ")) {
    llvm::StringRef rest = cursor.left;
    error.suggestion = TakeSuggestion(rest); // 3.13: ". Did you mean 'x'?", without the colon
    if (cursor.EatQuoted(error.name)) {
      error.rule = ErrorRule::UnexpectedKeyword;
    }
  } else if (cursor.Eat("missing ")) {
    MatchMissing(cursor, error);
  } else if (cursor.Eat("takes ")) {
    MatchTakes(cursor, error);
  } else if (cursor.Eat("got multiple values for argument ")) {
    if (cursor.EatQuoted(error.name)) {
      error.rule = ErrorRule::RepeatedArgument;
    }
  } else if (cursor.Eat("got some positional-only arguments passed as keyword arguments: ")) {
    MatchSomePositionalOnly(cursor, error);
  }
}

void MatchAbstract(MessageCursor cursor, PythonError &error) {
  cursor.EatQualified(error.subject);
  error.rule = ErrorRule::AbstractClass;
  if (cursor.Eat(" without an implementation for abstract method")) {
    cursor.Eat("s");
    cursor.Eat(" ");
    EatNames(cursor, error);
  } else if (cursor.Eat(" with abstract method")) {
    cursor.Eat("s");
    cursor.Eat(" ");
    cursor.left.split(error.names, ", ");
  }
}

} // namespace

void MatchTypeError(llvm::StringRef message, PythonError &error) {
  MessageCursor cursor{message};
  if (cursor.Eat("Can't instantiate abstract class ")) {
    MatchAbstract(cursor, error);
  } else if (message.starts_with("'module' object is not callable")) {
    error.rule = ErrorRule::ModuleCalled;
  } else if (message.starts_with("isinstance() arg 2 must be ") ||
             message.starts_with("issubclass() arg ")) {
    error.rule = ErrorRule::BadIsinstance;
  } else if (message.starts_with("metaclass conflict: ")) {
    error.rule = ErrorRule::MetaclassConflict;
  } else if (message.starts_with("Cannot create a consistent method resolution")) {
    error.rule = ErrorRule::NoMro;
  } else if (cursor.EatQuoted(error.name)) { // C functions before 3.13
    if (cursor.Eat(" is an invalid keyword argument for ") && cursor.EatQualified(error.subject)) {
      error.rule = ErrorRule::UnexpectedKeyword;
    } else {
      error.name = {};
    }
  } else {
    MatchCall(cursor, error);
  }
}

llvm::StringRef TakeSuggestion(llvm::StringRef &message) {
  const llvm::StringRef lead = ". Did you mean";
  const size_t at = message.rfind(lead);
  if (at == llvm::StringRef::npos || !message.ends_with("?")) {
    return {};
  }
  MessageCursor cursor{message.drop_front(at + lead.size())};
  cursor.Eat(":");
  cursor.Eat(" ");
  llvm::StringRef text;
  if (!cursor.EatQuoted(text)) {
    return {};
  }
  message = message.take_front(at);
  text.consume_front(".");
  return text;
}

} // namespace pydefrag
