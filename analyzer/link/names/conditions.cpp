#include "link/names/conditions.h"

#include "link/names/condition_values.h"
#include "link/names/platforms.h"

namespace pydefrag {
namespace {

constexpr int kMaxDepth = 64; // through constants of other modules

class Evaluator {
public:
  Evaluator(const SyntaxView &view, int minor, const SupportedVersions &versions, FindConstant find)
      : view_(view), minor_(minor), platforms_(versions.platforms), here_(versions.here),
        find_(find) {}

  Tri Truth(FileId file, uint32_t at, ExprId id, int depth) const {
    if (!id.valid() || depth > kMaxDepth) {
      return Tri::Unknown;
    }
    switch (view_.At(id).kind) {
    case ExprKind::Not:
      return Not(Truth(file, at, view_.Child(id), depth + 1));
    case ExprKind::And:
    case ExprKind::Or:
      return Junction(file, at, id, depth);
    case ExprKind::Compare:
      return Comparison(file, at, id, depth);
    default:
      return TruthOf(Evaluate(file, at, id, depth + 1));
    }
  }

  // The truth of `left op right`.
  Tri Compares(FileId file, uint32_t at, Op op, ExprId left, ExprId right, int depth) const {
    for (const auto &[one, other] : {std::pair(left, right), std::pair(right, left)}) {
      const std::string variable =
          IsConstantOfOtherKind(other) ? std::string() : PlatformVariable(file, at, one);
      if (!variable.empty()) {
        return ComparePlatform(file, at, op, variable, other, depth);
      }
    }
    if (view_.IsName(left, "str") && view_.IsName(right, "bytes")) {
      return op == Op::Is || op == Op::Equal ? Tri::No : Tri::Yes;
    }
    if (const auto one = IsOneOf(file, at, op, left, right, depth)) {
      return *one;
    }
    if (here_ && IsVariables(right) && (op == Op::In || op == Op::NotIn)) {
      return op == Op::In ? Tri::No : Tri::Yes;
    }
    const Value a = Evaluate(file, at, left, depth + 1);
    if (platforms_ == Platforms::Linux && (op == Op::In || op == Op::NotIn)) {
      const Tri built_in = a.kind == Value::Text && IsBuiltinNames(file, at, right)
                               ? IsBuiltInModule(a.text)
                               : Tri::Unknown;
      return op == Op::In ? built_in : Not(built_in);
    }
    const Value b = Evaluate(file, at, right, depth + 1);
    return Compare(op, a, b);
  }

private:
  // `VERSION in ((3, 10), (3, 11))`, `not in`; nothing for other comparisons.
  std::optional<Tri> IsOneOf(FileId file, uint32_t at, Op op, ExprId left, ExprId right,
                             int depth) const {
    const bool display = view_.Is(right, ExprKind::Tuple) || view_.Is(right, ExprKind::List) ||
                         view_.Is(right, ExprKind::Set);
    if ((op != Op::In && op != Op::NotIn) || !display || depth > kMaxDepth) {
      return std::nullopt;
    }
    Tri any = Tri::No;
    for (ExprId item : view_.Children(right)) {
      any = std::max(any, Compares(file, at, Op::Equal, left, item, depth + 1));
    }
    return op == Op::In ? any : Not(any);
  }

  Tri Junction(FileId file, uint32_t at, ExprId id, int depth) const {
    const bool is_and = view_.At(id).kind == ExprKind::And;
    const Tri stop = is_and ? Tri::No : Tri::Yes;
    Tri all = Not(stop);
    for (ExprId child = view_.Child(id); child.valid(); child = view_.Next(child)) {
      const Tri t = Truth(file, at, child, depth + 1);
      if (t == stop) {
        return stop;
      }
      all = t == Tri::Unknown ? Tri::Unknown : all;
    }
    return all;
  }

  Tri Comparison(FileId file, uint32_t at, ExprId id, int depth) const {
    if (IsMainGuard(view_, id)) {
      return Tri::No;
    }
    return Compares(file, at, view_.At(id).op, view_.Child(id, 0), view_.Child(id, 1), depth);
  }

  // "sys.version_info" of what is known as that, whatever it is called here: `_sys.version_info`,
  // `from sys import version_info as VERSION`. Empty: nothing of the standard library.
  std::string Standard(FileId file, uint32_t at, ExprId id) const {
    if (!view_.Is(id, ExprKind::Name) && !view_.Is(id, ExprKind::Attribute)) {
      return {};
    }
    const auto constant = find_(file, at, id);
    if (constant && constant->standard_name.valid()) {
      return (view_.Text(constant->standard_module) + "." + view_.Text(constant->standard_name))
          .str();
    }
    std::string owner = constant || !view_.Is(id, ExprKind::Attribute)
                            ? std::string()
                            : Standard(file, at, view_.Child(id));
    return owner.empty() ? owner : (owner += '.') += view_.TextOf(id);
  }

  // The constant of the project that it stands for; nothing where it is one of the standard
  // library.
  std::optional<ConstantAt> FindOwn(FileId file, uint32_t at, ExprId id) const {
    const auto constant = find_(file, at, id);
    return constant && constant->value.valid() ? constant : std::nullopt;
  }

  // What no name of a platform is compared with.
  bool IsConstantOfOtherKind(ExprId id) const {
    return view_.IsConstant(id) && !view_.Is(id, ExprKind::String);
  }

  // "sys.platform", "os.name"; empty: something else.
  std::string PlatformVariable(FileId file, uint32_t at, ExprId id) const {
    const auto is_platform = [](llvm::StringRef dotted) {
      return dotted == "sys.platform" || dotted == "os.name";
    };
    std::string dotted = view_.Dotted(id).value_or("");
    const bool may_be = view_.Is(id, ExprKind::Name) ||
                        (view_.Is(id, ExprKind::Attribute) &&
                         (view_.TextOf(id) == "platform" || view_.TextOf(id) == "name"));
    if (may_be && !is_platform(dotted)) {
      dotted = Standard(file, at, id);
    }
    return is_platform(dotted) ? dotted : std::string();
  }

  // `sys.builtin_module_names`, or a name for it.
  bool IsBuiltinNames(FileId file, uint32_t at, ExprId id) const {
    const auto own = FindOwn(file, at, id);
    return view_.Dotted(own ? own->value : id) == "sys.builtin_module_names";
  }

  Tri ComparePlatform(FileId file, uint32_t at, Op op, llvm::StringRef variable, ExprId other,
                      int depth) const {
    if (op == Op::NotEqual || op == Op::NotIn) {
      const Op opposite = op == Op::NotIn ? Op::In : Op::Equal;
      return Not(ComparePlatform(file, at, opposite, variable, other, depth));
    }
    llvm::SmallVector<ExprId, 8> words{other};
    if (op == Op::In && (view_.Is(other, ExprKind::Tuple) || view_.Is(other, ExprKind::List) ||
                         view_.Is(other, ExprKind::Set))) {
      words = view_.Children(other);
    } else if (op != Op::Equal) {
      return Tri::Unknown;
    }
    Tri any = Tri::No;
    for (ExprId word : words) {
      const Value value = Evaluate(file, at, word, depth + 1);
      any = std::max(any, value.kind == Value::Text
                              ? IsPlatformWord(platforms_, variable == "os.name", value.text)
                              : Tri::Unknown);
    }
    return any;
  }

  bool IsVariables(ExprId id) const {
    const auto dotted = view_.Dotted(id);
    return dotted && (*dotted == "os.environ" || *dotted == "environ");
  }
  // `os.environ.get("X")`, `os.getenv("X", "0")` where X is not set; nothing for other calls.
  std::optional<Value> EvaluateVariable(FileId file, uint32_t at, ExprId call, int depth) const {
    const std::string callee = view_.Callee(call).value_or("");
    const auto arguments = view_.Arguments(call);
    const bool asks = callee == "os.environ.get" || callee == "environ.get" ||
                      callee == "os.getenv" || callee == "getenv";
    if (!here_ || !asks || arguments.empty() || arguments.size() > 2) {
      return std::nullopt;
    }
    return arguments.size() == 1 ? Value{Value::None, 0, {}, {}}
                                 : Evaluate(file, at, arguments[1], depth + 1);
  }

  // `sys.platform.startswith("win")`, `platform.system()`
  Value EvaluatePlatformCall(FileId file, uint32_t at, ExprId id) const {
    std::string callee = view_.Callee(id).value_or("");
    if (!callee.empty() && callee != "platform.system" && callee != "sys.platform.startswith") {
      callee = Standard(file, at, view_.Child(id));
    }
    const auto arguments = view_.Arguments(id);
    if (callee == "platform.system" && arguments.empty()) {
      return ValueOf(PlatformSystem(platforms_));
    }
    const auto text = arguments.size() == 1 ? view_.String(arguments[0]) : std::nullopt;
    return callee == "sys.platform.startswith" && text
               ? ValueOf(PlatformStartsWith(platforms_, *text))
               : Value{};
  }

  Value Evaluate(FileId file, uint32_t at, ExprId id, int depth) const {
    Value value;
    if (!id.valid() || depth > kMaxDepth) {
      return value;
    }
    const Expr &expr = view_.At(id);
    switch (expr.kind) {
    case ExprKind::True:
    case ExprKind::False:
      return {Value::Bool, expr.kind == ExprKind::True, {}, {}};
    case ExprKind::None:
      return {Value::None, 0, {}, {}};
    case ExprKind::Number:
      return EvaluateNumber(id);
    case ExprKind::String:
      return {Value::Text, 0, view_.Text(expr.text), {}};
    case ExprKind::Tuple:
      return EvaluateTuple(file, at, id, depth);
    case ExprKind::Subscript:
      return EvaluateSubscript(file, at, id);
    case ExprKind::Name:
    case ExprKind::Attribute:
      return EvaluateName(file, at, id, depth);
    case ExprKind::Not:
    case ExprKind::And:
    case ExprKind::Or:
    case ExprKind::Compare:
      return ValueOf(Truth(file, at, id, depth + 1));
    case ExprKind::Walrus:
      return Evaluate(file, at, view_.Child(id, 1), depth + 1);
    case ExprKind::Call: {
      const auto callee = view_.Callee(id);
      const auto arguments = view_.Arguments(id);
      if (callee && *callee == "bool" && arguments.size() == 1) {
        return ValueOf(Truth(file, at, arguments[0], depth + 1));
      }
      if (const auto variable = EvaluateVariable(file, at, id, depth)) {
        return *variable;
      }
      return EvaluatePlatformCall(file, at, id);
    }
    default:
      return value;
    }
  }

  Value EvaluateNumber(ExprId id) const {
    int64_t number = 0;
    llvm::StringRef text = view_.TextOf(id);
    if (text.getAsInteger(0, number)) {
      return {};
    }
    return {Value::Int, number, {}, {}};
  }

  Value EvaluateTuple(FileId file, uint32_t at, ExprId id, int depth) const {
    Value tuple{Value::Tuple, 0, {}, {}};
    for (ExprId item : view_.Children(id)) {
      const Value value = Evaluate(file, at, item, depth + 1);
      if (value.kind != Value::Int) {
        return value.kind == Value::Text && !tuple.items.empty() ? tuple : Value{};
      }
      tuple.items.push_back(value.number);
    }
    return tuple;
  }

  // sys.version_info[0], sys.version_info[:2]
  Value EvaluateSubscript(FileId file, uint32_t at, ExprId id) const {
    const ExprId base = view_.Child(id);
    const std::string dotted = view_.Dotted(base).value_or("");
    if (dotted.empty() || FindOwn(file, at, base) || // `version_info = ...`
        (dotted != "sys.version_info" && dotted != "version_info" &&
         Standard(file, at, base) != "sys.version_info")) {
      return {};
    }
    const ExprId index = view_.Child(id, 1);
    if (view_.Is(index, ExprKind::Number)) {
      const Value n = EvaluateNumber(index);
      if (n.kind == Value::Int && n.number >= 0 && n.number < 2) {
        return {Value::Int, n.number == 0 ? 3 : minor_, {}, {}};
      }
      return {};
    }
    if (view_.Is(index, ExprKind::Slice)) {
      const auto parts = view_.Children(index);
      const Value n = parts.empty() ? Value{} : EvaluateNumber(parts.back());
      if (n.kind == Value::Int && (n.number == 1 || n.number == 2)) {
        Value version = VersionInfo(minor_);
        version.items.resize(static_cast<size_t>(n.number));
        return version;
      }
    }
    return {};
  }

  Value EvaluateName(FileId file, uint32_t at, ExprId id, int depth) const {
    const auto dotted = view_.Dotted(id);
    if (!dotted) {
      return {};
    }
    const llvm::StringRef name = *dotted;
    const llvm::StringRef last = name.contains('.') ? name.rsplit('.').second : name;
    if (last == "TYPE_CHECKING" || last == "MYPY") {
      return {Value::Bool, 0, {}, {}};
    }
    if (name == "version_info" || name == "hexversion") { // from sys, or of its own
      if (const auto own = FindOwn(file, at, id)) {
        return Evaluate(own->file, own->statement, own->value, depth + 4);
      }
    }
    if (const auto constant = InterpreterConstant(name, minor_, platforms_)) {
      return *constant;
    }
    const auto constant = find_(file, at, id);
    if (constant && constant->value.valid()) {
      return Evaluate(constant->file, constant->statement, constant->value, depth + 4);
    }
    const bool may_be = constant || (view_.Is(id, ExprKind::Attribute) &&
                                     (last == "major" || last == "minor" || last == "name"));
    const std::string standard = may_be ? Standard(file, at, id) : std::string();
    return standard.empty() ? Value{}
                            : InterpreterConstant(standard, minor_, platforms_).value_or(Value{});
  }

  const SyntaxView &view_;
  int minor_;
  Platforms platforms_;
  bool here_;
  FindConstant find_;
};

} // namespace

// The same for every version, or nobody knows.
template <typename Fold>
static Tri OverVersions(const SyntaxView &view, const SupportedVersions &versions,
                        FindConstant find, Fold fold) {
  std::optional<Tri> all;
  for (int minor = versions.lowest; minor <= versions.highest; ++minor) {
    const Tri t = fold(Evaluator(view, minor, versions, find));
    if (all && *all != t) {
      return Tri::Unknown;
    }
    all = t;
  }
  return all.value_or(Tri::Unknown);
}

Tri FoldCondition(const SyntaxView &view, const SupportedVersions &versions, FileId file,
                  uint32_t statement, ExprId condition, FindConstant find) {
  return OverVersions(view, versions, find, [&](const Evaluator &evaluator) {
    return evaluator.Truth(file, statement, condition, 0);
  });
}

Tri FoldEquality(const SyntaxView &view, const SupportedVersions &versions, FileId file,
                 uint32_t statement, ExprId left, ExprId right, FindConstant find) {
  return OverVersions(view, versions, find, [&](const Evaluator &evaluator) {
    return evaluator.Compares(file, statement, Op::Equal, left, right, 0);
  });
}

} // namespace pydefrag
