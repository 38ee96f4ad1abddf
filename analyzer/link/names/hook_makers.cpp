// Functions that make the hook of a module from a class.
#include "link/names/lazy_names.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

namespace pydefrag {
namespace {

class MakerReader {
public:
  MakerReader(const Scanned &scanned, FileId file)
      : view_(scanned), statements_(scanned.facts[file].statements) {}

  bool MakesHookOfTable(uint32_t function) const {
    llvm::SmallVector<NameId, 2> tables; // what stands for the class's dict
    bool hooked = false;
    for (uint32_t i = function + 1; i < statements_[function].end; i = statements_[i].end) {
      const Statement &statement = view_.Of(statements_[i]);
      if (statement.kind == StatementKind::Assign && view_.Is(statement.first, ExprKind::Name) &&
          IsPartOfDict(view_.LastOperand(statement))) {
        tables.push_back(view_.At(statement.first).text);
      } else if (statement.kind == StatementKind::Function &&
                 view_.Text(statement.text) == "__getattr__") {
        hooked = ServesTables(i, tables);
      }
    }
    return hooked;
  }

private:
  // `vars(cls)`, `{name: value for name, value in vars(cls).items() if ...}`
  bool IsPartOfDict(ExprId value) const {
    if (view_.Is(value, ExprKind::Comprehension) && view_.At(value).op == Op::DictComp) {
      const ExprId key = view_.Child(view_.Child(value));
      const ExprId loop = view_.Child(value, 1);
      const ExprId target = view_.Child(loop);
      if (!view_.Is(target, ExprKind::Tuple) || !view_.Is(key, ExprKind::Name) ||
          !view_.IsName(view_.Child(target), view_.TextOf(key))) {
        return false;
      }
      const ExprId items = view_.Child(loop, 1);
      const ExprId method = view_.Is(items, ExprKind::Call) ? view_.Child(items) : ExprId();
      return view_.Is(method, ExprKind::Attribute) && view_.TextOf(method) == "items" &&
             view_.Callee(view_.Child(method)) == "vars";
    }
    return view_.Callee(value) == "vars";
  }

  // Every branch asks whether the name is in one of the tables, and the end raises.
  bool ServesTables(uint32_t hook, llvm::ArrayRef<NameId> tables) const {
    bool raises = false;
    for (uint32_t i = hook + 1; i < statements_[hook].end; i = statements_[i].end) {
      const Statement &statement = view_.Of(statements_[i]);
      raises = statement.kind == StatementKind::Raise;
      if (raises || statement.kind == StatementKind::Docstring) {
        continue;
      }
      const ExprId test = statement.first;
      const bool asks = statement.kind == StatementKind::If && view_.Is(test, ExprKind::Compare) &&
                        view_.At(test).op == Op::In &&
                        view_.Is(view_.Child(test, 1), ExprKind::Name) &&
                        llvm::is_contained(tables, view_.At(view_.Child(test, 1)).text);
      if (!asks) {
        return false;
      }
    }
    return raises;
  }

  SyntaxView view_;
  const std::vector<PlacedStatement> &statements_;
};

} // namespace

bool MakesHookOfTable(const Scanned &scanned, FileId file, uint32_t statement) {
  return MakerReader(scanned, file).MakesHookOfTable(statement);
}

} // namespace pydefrag
