// Repeated conditions: a setting of the environment that is asked for again below an arm that
// already tells what it is. Entry point: Resolver::HoldsAsAbove.
//
//     if os.environ.get("FAST"): ...
//     else:
//         if os.environ.get("FAST"):      -> never
#include "facts/headers_around.h"
#include "link/resolve/resolve.h"

namespace pydefrag {

namespace {
struct Setting {
  std::string name; // empty: something else is asked for
  bool negated = false;
};
} // namespace

static Setting SettingOf(const SyntaxView &view, ExprId condition) {
  Setting setting;
  for (; view.Is(condition, ExprKind::Not); condition = view.Child(condition)) {
    setting.negated = !setting.negated;
  }
  const std::string callee = view.Callee(condition).value_or("");
  if (callee == "os.environ.get" || callee == "os.getenv") {
    const auto arguments = view.Arguments(condition);
    const auto name = arguments.size() == 1 ? view.String(arguments[0]) : std::nullopt;
    setting.name = name.value_or("").str();
  }
  return setting;
}

// Whether the condition of an `if` holds, told by the arms around it.
Tri Resolver::HoldsAsAbove(ModuleId module, uint32_t header) const {
  const auto &statements = project_.StatementsOf(module);
  const NamespaceLog &log = Log(module);
  if (statements[header].parent < 0) {
    return Tri::Unknown;
  }
  const Setting asked = SettingOf(view_, view_.Of(statements[header]).first);
  if (asked.name.empty()) {
    return Tri::Unknown;
  }
  for (uint32_t arm : HeadersAround(statements, header)) {
    const uint32_t first = log.FirstArm(arm);
    const bool otherwise = view_.Of(statements[arm]).kind == StatementKind::Else;
    if (view_.Of(statements[first]).kind != StatementKind::If || (arm != first && !otherwise)) {
      continue;
    }
    const Setting told = SettingOf(view_, view_.Of(statements[first]).first);
    if (told.name == asked.name) {
      return (told.negated == asked.negated) != otherwise ? Tri::Yes : Tri::No;
    }
  }
  return Tri::Unknown;
}

} // namespace pydefrag
