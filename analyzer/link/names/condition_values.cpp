#include "link/names/condition_values.h"

#include "link/names/platforms.h"

#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {
namespace {

template <typename T> Tri CompareAs(Op op, const T &a, const T &b) {
  switch (op) {
  case Op::Less:
    return a < b ? Tri::Yes : Tri::No;
  case Op::LessEqual:
    return !(b < a) ? Tri::Yes : Tri::No;
  case Op::Greater:
    return b < a ? Tri::Yes : Tri::No;
  case Op::GreaterEqual:
    return !(a < b) ? Tri::Yes : Tri::No;
  case Op::Equal:
  case Op::Is:
    return a == b ? Tri::Yes : Tri::No;
  case Op::NotEqual:
  case Op::IsNot:
    return a == b ? Tri::No : Tri::Yes;
  default:
    return Tri::Unknown;
  }
}

bool IsNumber(const Value &value) {
  return value.kind == Value::Int || value.kind == Value::Bool;
}

} // namespace

Value ValueOf(Tri truth) {
  return truth == Tri::Unknown ? Value{} : Value{Value::Bool, truth == Tri::Yes, {}, {}};
}

Value ValueOf(llvm::StringRef text) {
  return text.empty() ? Value{} : Value{Value::Text, 0, text, {}};
}

Value VersionInfo(int minor) {
  return {Value::Tuple, 0, {}, {3, minor, 99}};
}

Tri TruthOf(const Value &value) {
  switch (value.kind) {
  case Value::Unknown:
    return Tri::Unknown;
  case Value::Bool:
  case Value::Int:
    return value.number ? Tri::Yes : Tri::No;
  case Value::Text:
    return value.text.empty() ? Tri::No : Tri::Yes;
  case Value::Tuple:
    return value.items.empty() ? Tri::No : Tri::Yes;
  case Value::None:
    return Tri::No;
  }
  return Tri::Unknown;
}

Tri Compare(Op op, const Value &a, const Value &b) {
  if (a.kind == Value::Unknown || b.kind == Value::Unknown) {
    return Tri::Unknown;
  }
  if (a.kind == Value::Tuple && b.kind == Value::Tuple) {
    return CompareAs(op, a.items, b.items);
  }
  if (IsNumber(a) && IsNumber(b)) {
    return CompareAs(op, a.number, b.number);
  }
  if (a.kind == Value::Text && b.kind == Value::Text) {
    return CompareAs(op, a.text, b.text);
  }
  const bool equality = op == Op::Equal || op == Op::NotEqual;
  if (op == Op::Is || op == Op::IsNot ||
      (equality && (a.kind == Value::None || b.kind == Value::None))) {
    const bool same = a.kind == Value::None && b.kind == Value::None;
    return same == (op == Op::Is || op == Op::Equal) ? Tri::Yes : Tri::No;
  }
  return Tri::Unknown;
}

std::optional<Value> InterpreterConstant(llvm::StringRef dotted, int minor, Platforms platforms) {
  if (dotted == "__debug__") {
    return Value{Value::Bool, 1, {}, {}};
  }
  if (dotted == "sys.version_info" || dotted == "version_info") {
    return VersionInfo(minor);
  }
  if (dotted == "sys.version_info.major" || dotted == "version_info.major") {
    return Value{Value::Int, 3, {}, {}};
  }
  if (dotted == "sys.version_info.minor" || dotted == "version_info.minor") {
    return Value{Value::Int, minor, {}, {}};
  }
  if (dotted == "sys.hexversion" || dotted == "hexversion") {
    return Value{Value::Int, (3 << 24) | (minor << 16) | 0xf0, {}, {}};
  }
  if (dotted == "sys.byteorder") { // every platform that CPython is released for
    return Value{Value::Text, 0, "little", {}};
  }
  if (dotted == "sys.platform" || dotted == "os.name") {
    return ValueOf(PlatformWord(platforms, dotted == "os.name"));
  }
  if (dotted == "sys.implementation.name") {
    return Value{Value::Text, 0, "cpython", {}};
  }
  if (dotted == "six.PY2" || dotted == "six.PY3") {
    return Value{Value::Bool, dotted == "six.PY3", {}, {}};
  }
  return std::nullopt;
}

Tri IsBuiltInModule(llvm::StringRef module) {
  return llvm::StringSwitch<Tri>(module)
      .Cases("posix", "sys", "builtins", Tri::Yes)
      .Cases("nt", "os2", "ce", Tri::No)
      .Default(Tri::Unknown);
}

} // namespace pydefrag
