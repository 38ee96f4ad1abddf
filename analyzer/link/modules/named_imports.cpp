#include "link/modules/named_imports.h"

namespace pydefrag {
namespace {

class Reader {
public:
  Reader(const Project &project, const SyntaxView &view, const ModuleTable &table, ModuleId module)
      : project_(project), view_(view), table_(table), module_(module),
        statements_(project.StatementsOf(module)) {}

  std::optional<NamedImports> Read(uint32_t at, ExprId call) const {
    const auto arguments = view_.Arguments(call);
    const auto texts = arguments.empty() ? std::nullopt : TextsOf(at, arguments[0]);
    const bool importlib = view_.Callee(call) != "__import__";
    NamedImports found;
    if (!texts || (!importlib && (arguments.size() > 1 || !ReadFromList(at, call, found)))) {
      return std::nullopt;
    }
    ExprId package = view_.KeywordArgument(call, "package");
    package = arguments.size() > 1 ? arguments[1] : package;
    for (NameId text : *texts) {
      const std::optional<std::string> dotted = Absolute(project_.Text(text), package);
      if (!dotted) {
        return std::nullopt;
      }
      found.modules.push_back(*dotted);
    }
    return found;
  }

private:
  // The strings that the expression is, one after the other: a literal, or the target of a loop
  // over literals that does nothing else.
  std::optional<llvm::SmallVector<NameId, 16>> TextsOf(uint32_t at, ExprId name) const {
    if (view_.Is(name, ExprKind::String) && view_.String(name)) {
      return llvm::SmallVector<NameId, 16>{view_.At(name).text};
    }
    if (!view_.Is(name, ExprKind::Name) || statements_[at].parent < 0) {
      return std::nullopt;
    }
    const uint32_t loop = static_cast<uint32_t>(statements_[at].parent);
    const Statement &header = view_.Of(statements_[loop]);
    const bool alone = loop + 1 == at && statements_[loop].end == statements_[at].end;
    if (!alone || header.kind != StatementKind::For || header.reduced ||
        !view_.Is(header.first, ExprKind::Name) ||
        view_.At(header.first).text != view_.At(name).text) {
      return std::nullopt;
    }
    return view_.StringItems(view_.Next(header.first));
  }

  // The only keyword that `__import__` may have here. False: something is computed, or not kept.
  bool ReadFromList(uint32_t at, ExprId call, NamedImports &found) const {
    for (ExprId id = view_.Next(view_.Child(call)); id.valid(); id = view_.Next(id)) {
      const bool keyword = view_.Is(id, ExprKind::Keyword);
      if (view_.Is(id, ExprKind::DoubleSplat) || (keyword && view_.TextOf(id) != "fromlist")) {
        return false;
      }
      if (keyword) {
        const auto names = view_.StringItems(view_.Child(id));
        if (!names || names->empty() || view_.Of(statements_[at]).reduced) {
          return false;
        }
        found.names.append(names->begin(), names->end());
      }
    }
    return !llvm::any_of(found.names, [&](NameId name) { return project_.Text(name) == "*"; });
  }

  // `package`: what a relative name is relative to; invalid when the call does not say.
  std::optional<std::string> Absolute(llvm::StringRef name, ExprId package) const {
    const size_t level = name.size() - name.ltrim('.').size();
    if (level == 0) {
      return name.str();
    }
    std::string base = view_.String(package).value_or("").str();
    const std::string own = project_.Text(project_.modules[module_].name).str();
    if (view_.IsName(package, "__name__")) {
      base = own;
    } else if (view_.IsName(package, "__package__")) {
      const bool is_package = table_.IsPackage(module_);
      base = is_package ? own : llvm::StringRef(own).rsplit('.').first.str();
      base = is_package || own.find('.') != std::string::npos ? base : "";
    }
    if (base.empty()) {
      return std::nullopt;
    }
    for (size_t up = 1; up < level; ++up) {
      const size_t dot = base.rfind('.');
      if (dot == std::string::npos) {
        return std::string();
      }
      base.resize(dot);
    }
    return name.size() > level ? base + "." + name.drop_front(level).str() : base;
  }

  const Project &project_;
  const SyntaxView &view_;
  const ModuleTable &table_;
  const ModuleId module_;
  const std::vector<PlacedStatement> &statements_;
};

} // namespace

bool IsImporter(llvm::StringRef callee) {
  return callee == "importlib.import_module" || callee == "import_module" || callee == "__import__";
}

std::optional<NamedImports> ReadNamedImports(const Project &project, const SyntaxView &view,
                                             const ModuleTable &table, ModuleId module, uint32_t at,
                                             ExprId call) {
  return Reader(project, view, table, module).Read(at, call);
}

} // namespace pydefrag
