#include "link/modules/put_modules.h"

#include "facts/headers_around.h"
#include "link/resolve/class_values.h"
#include "scan/words/whole_word.h"
#include "source/paths.h"
#include "source/source_file.h"

#include "llvm/ADT/STLExtras.h"

#include <string>

namespace pydefrag {
namespace {

// Reads the keys of `sys.modules[key] = value` in one file.
class Reader {
public:
  Reader(Project &project, const SyntaxView &view, ModuleId module)
      : project_(project), view_(view), module_(module), statements_(project.StatementsOf(module)) {
  }

  // `hands_modules`: some statement shows Sign::HandsModules.
  void Read(PutModules &found, bool hands_modules, const Disk &disk) {
    std::vector<uint32_t> makes;
    bool class_makes = false; // of its own accord
    bool unread = hands_modules;
    const bool is_package = project_.modules[module_].kind == ModuleKind::Package;
    for (uint32_t i = 0; i < statements_.size(); ++i) {
      const Statement &statement = view_.Of(statements_[i]);
      if (statement.kind != StatementKind::Assign) {
        continue;
      }
      const auto operands = view_.Operands(statement);
      for (ExprId target : llvm::ArrayRef(operands).drop_back()) { // the last one is read
        const ExprId key =
            view_.Is(target, ExprKind::Subscript) ? view_.Child(target, 1) : ExprId();
        if (!key.valid() || !IsModules(view_.Child(target))) {
          continue;
        }
        if (const std::string name = NameOf(key, i); !name.empty()) {
          found.named.push_back(
              {project_.scanned.names.Intern(name), module_, i, view_.LastOperand(statement)});
        } else {
          const bool makes_one = statements_[i].parent >= 0 && !view_.IsName(key, "__name__");
          if (makes_one) {
            makes.push_back(i);
          }
          class_makes |= makes_one && !IsInLoader(i);
          unread |= !view_.IsName(key, "__name__") && !IsInLoader(i) &&
                    !(is_package && PutsBelowItself(view_, statement));
        }
      }
    }
    if (unread) {
      found.unread.push_back(module_);
    }
    if (!makes.empty()) {
      AddMakers(makes, class_makes, disk, found.makers);
    }
  }

private:
  // From the first decorator of a definition to what stands behind its body.
  llvm::StringRef BlockOf(llvm::StringRef text, uint32_t definition) const {
    const uint32_t end = statements_[definition].end;
    return text.slice(statements_[definition].begin,
                      end < statements_.size() ? statements_[end].begin : text.size());
  }

  struct Definitions {
    std::vector<uint32_t> all;
    std::string outside; // what stands in none of those at the top, with their decorators
  };

  // Functions at the top and methods; where `classes`, classes too.
  Definitions ReadDefinitions(llvm::StringRef text, bool classes) const {
    Definitions found;
    size_t behind = 0; // the last one at the top
    for (uint32_t i = 0; i < statements_.size();) {
      const Statement &statement = view_.Of(statements_[i]);
      const bool is_class = statement.kind == StatementKind::Class;
      const bool defines = is_class || statement.kind == StatementKind::Function;
      if (defines && (classes || !is_class)) {
        found.all.push_back(i);
      }
      if (defines && statements_[i].parent < 0) {
        found.outside += text.slice(behind, statements_[i].head);
        behind = static_cast<size_t>(BlockOf(text, i).end() - text.begin());
      }
      i = is_class ? i + 1 : statements_[i].end;
    }
    found.outside += text.drop_front(std::min(behind, text.size()));
    return found;
  }

  // The definitions that one of these statements stands in, and those that say one of these by
  // name, in code or not. All of them where the file cannot be read again, where such a statement
  // stands in none, and where one of these has, perhaps, another name: it is decorated, or what is
  // outside of definitions speaks of it.
  void AddMakers(llvm::ArrayRef<uint32_t> puts, bool classes, const Disk &disk,
                 llvm::DenseSet<NameId> &makers) const {
    const auto source =
        LoadSource(disk, OnDisk(project_.root, project_.PathOf(project_.modules[module_].file)));
    const llvm::StringRef text = source ? source->text() : "";
    const Definitions definitions = ReadDefinitions(text, classes);
    std::vector<uint32_t> others; // none of them, as far as is known
    std::vector<llvm::StringRef> names;
    bool all = text.empty();
    size_t held = 0; // of `puts`, in a function
    const auto add = [&](uint32_t i) {
      names.push_back(project_.Text(view_.Of(statements_[i]).text));
      all |= statements_[i].begin != statements_[i].head; // decorated
    };
    for (uint32_t i : definitions.all) {
      const auto *first = llvm::lower_bound(puts, i);
      const auto *last = llvm::lower_bound(puts, statements_[i].end);
      const bool function = view_.Of(statements_[i]).kind == StatementKind::Function;
      held += function ? static_cast<size_t>(last - first) : 0;
      first != last ? add(i) : others.push_back(i);
    }
    for (size_t known = 0; known != names.size();) {
      known = names.size();
      llvm::erase_if(others, [&](uint32_t i) {
        const llvm::StringRef block = BlockOf(text, i);
        const bool says =
            llvm::any_of(names, [&](llvm::StringRef name) { return HasWord(block, name); });
        if (says) {
          add(i);
        }
        return says;
      });
    }
    all |= held < puts.size() ||
           llvm::any_of(
               names, [&](llvm::StringRef name) { return HasWord(definitions.outside, name); });
    for (uint32_t i : definitions.all) {
      const NameId name = view_.Of(statements_[i]).text;
      if (all || llvm::is_contained(names, project_.Text(name))) {
        makers.insert(name);
      }
    }
  }

  // `sys.modules`, `_sys.modules`, `__import__("sys").modules`
  bool IsModules(ExprId table) const {
    if (!view_.Is(table, ExprKind::Attribute) || view_.TextOf(table) != "modules") {
      return false;
    }
    const ExprId base = view_.Child(table);
    return view_.Is(base, ExprKind::Name) ? view_.TextOf(base).ends_with("sys")
                                          : view_.Calls(base, "__import__");
  }

  // What a loader puts, under the name that it is asked for, is told with the finders.
  bool IsInLoader(uint32_t statement) const {
    for (uint32_t header : HeadersAround(statements_, statement)) {
      const Statement &above = view_.Of(statements_[header]);
      if (above.kind == StatementKind::Function) {
        return view_.Text(above.text) == "load_module" || view_.Text(above.text) == "exec_module";
      }
    }
    return false;
  }

  std::string NameOf(ExprId key, uint32_t statement) const {
    const bool names_itself = view_.Is(key, ExprKind::Attribute) &&
                              view_.TextOf(key) == "__name__" &&
                              view_.Is(view_.Child(key), ExprKind::Name);
    return names_itself ? NameSetBefore(view_.TextOf(view_.Child(key)), statement) : TextOf(key);
  }

  // A literal, or `__name__ + ".moves"`.
  std::string TextOf(ExprId key) const {
    if (view_.Is(key, ExprKind::String)) {
      return view_.TextOf(key).str();
    }
    const bool below = view_.Is(key, ExprKind::Binary) &&
                       view_.IsName(view_.Child(key), "__name__") &&
                       view_.Is(view_.Child(key, 1), ExprKind::String);
    return below
               ? (project_.Text(project_.modules[module_].name) + view_.TextOf(view_.Child(key, 1)))
                     .str()
               : "";
  }

  // The last `object.__name__ = ...` before the statement.
  std::string NameSetBefore(llvm::StringRef object, uint32_t before) const {
    for (uint32_t i = before; i-- > 0;) {
      const Statement &statement = view_.Of(statements_[i]);
      const ExprId target = statement.kind == StatementKind::Assign ? statement.first : ExprId();
      if (view_.Is(target, ExprKind::Attribute) && view_.TextOf(target) == "__name__" &&
          view_.IsName(view_.Child(target), object)) {
        return TextOf(view_.LastOperand(statement));
      }
    }
    return "";
  }

  Project &project_;
  const SyntaxView &view_;
  ModuleId module_;
  const std::vector<PlacedStatement> &statements_;
};

} // namespace

bool PutsBelowItself(const SyntaxView &view, const Statement &statement) {
  return llvm::any_of(view.Operands(statement), [&](ExprId target) {
    if (!view.Is(target, ExprKind::Subscript) || view.Dotted(view.Child(target)) != "sys.modules") {
      return false;
    }
    ExprId key = view.Child(target, 1);
    if (view.Is(key, ExprKind::FString)) {
      const auto parts = view.Children(key);
      const auto *first =
          llvm::find_if(parts, [&](ExprId part) { return !view.Is(part, ExprKind::Opaque); });
      return view.TextOf(key).empty() && first != parts.end() && view.IsName(*first, "__name__");
    }
    bool computed = false;
    for (; view.Is(key, ExprKind::Binary); key = view.Child(key)) {
      computed |= !view.Is(view.Child(key, 1), ExprKind::String);
    }
    return computed && view.IsName(key, "__name__");
  });
}

PutModules FindPutModules(Project &project, const SyntaxView &view, const StatementSigns &signs,
                          const Disk &disk) {
  PutModules found;
  for (size_t i = 0; i < project.file_count; ++i) {
    const bool hands = signs.IsIn(FileId(i), Sign::HandsModules);
    if (hands || signs.IsIn(FileId(i), Sign::PutsModule)) {
      Reader(project, view, project.module_of_file[FileId(i)]).Read(found, hands, disk);
    }
  }
  return found;
}

Found Resolver::ObjectPut(const PutModule &put) {
  if (Reach(put.by, put.statement) != Tri::Yes) {
    return Found();
  }
  const Found found = Evaluate(put.by, put.value, EventLimit(put.by, put.statement));
  return found.answer == Answer::No || found.unknown ? Found() : found;
}

Found Resolver::FromPutModule(const PutModule &put, NameId name) {
  const Found object = ObjectPut(put);
  Found found = object.IsModule()   ? ImportFrom(object.module, name)
                : object.IsObject() ? AttributeOfObject(project_, *this, object, name)
                                    : Found();
  found.via = kNoEvent;
  const bool known = !found.unknown && (found.IsObject() || found.IsModule());
  return known ? found : Found();
}

} // namespace pydefrag
