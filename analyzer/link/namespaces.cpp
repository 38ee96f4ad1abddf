#include "link/namespaces.h"

#include "link/own_namespace.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {

namespace {

class Reader {
public:
  Reader(const Scanned &scanned, FileId file, bool is_package, llvm::StringRef module_name)
      : scanned_(scanned), view_(scanned), facts_(scanned.facts[file]), is_package_(is_package),
        module_name_(module_name) {}

  NamespaceLog Read() {
    const auto &statements = facts_.statements;
    for (uint32_t i = 0; i < statements.size();) {
      i = ReadStatement(i);
    }
    FinishHandlers(static_cast<uint32_t>(statements.size()));
    LinkArms();
    log_.IndexEvents();
    return std::move(log_);
  }

private:
  // Handles statement `i`; returns the index to go on with: the next one in preorder, or past the
  // body of a function or class.
  uint32_t ReadStatement(uint32_t i) {
    FinishHandlers(i);
    const PlacedStatement &placed = facts_.statements[i];
    const Statement &statement = view_.Of(placed);
    switch (statement.kind) {
    case StatementKind::Function:
      ReadWalrus(i, statement);
      Bind(EventKind::Define, statement.text, i);
      if (llvm::any_of(view_.Operands(statement),
                       [&](ExprId id) { return IsOwnDict(view_, id); })) {
        Open("`globals()` goes by another name"); // of a parameter
      }
      ReadGlobals(i, placed.end, false);
      return placed.end;
    case StatementKind::Class:
      ReadWalrus(i, statement);
      ReadGlobals(i, placed.end, true);
      ReadSubmodulesIn(i + 1, placed.end);
      ReadClassDecorators(statement);
      Bind(EventKind::Define, statement.text, i);
      return placed.end;
    case StatementKind::Import:
      ReadImport(i, statement);
      break;
    case StatementKind::FromImport:
      ReadFromImport(i, statement);
      break;
    case StatementKind::Assign:
    case StatementKind::AnnAssign:
    case StatementKind::AugAssign:
      ReadWalrus(i, statement);
      ReadAssignment(i, statement);
      break;
    case StatementKind::TypeAlias:
      Bind(EventKind::Value, statement.text, i);
      break;
    case StatementKind::Delete:
      ReadDelete(i, statement);
      break;
    case StatementKind::Expression:
      ReadWalrus(i, statement);
      ReadExpression(i, statement);
      break;
    case StatementKind::Raise:
      log_.exits.push_back(i);
      break;
    case StatementKind::Assert:
      if (view_.Is(statement.first, ExprKind::False)) {
        log_.exits.push_back(i);
      }
      break;
    case StatementKind::For:
      ReadWalrus(i, statement);
      BindTargets(i, statement.first, ExprId(), true);
      ReadLiteralLoop(i, statement);
      break;
    case StatementKind::With:
      for (ExprId item : view_.Operands(statement)) {
        if (view_.Is(item, ExprKind::Walrus)) {
          BindTargets(i, view_.Child(item), ExprId(), false);
        }
      }
      break;
    case StatementKind::Except:
    case StatementKind::ExceptStar:
      if (statement.text.valid()) {
        Bind(EventKind::Value, statement.text, i);
        handlers_.push_back({placed.end, i, statement.text});
      }
      break;
    case StatementKind::Case:
      view_.Walk(statement, [&](ExprId id) {
        if (view_.Is(id, ExprKind::Capture)) {
          BindExpr(EventKind::Value, view_.At(id).text, i, ExprId(), id);
        }
      });
      ReadWalrus(i, statement);
      break;
    case StatementKind::If:
    case StatementKind::Elif:
    case StatementKind::While:
      ReadWalrus(i, statement);
      break;
    case StatementKind::Else:
    case StatementKind::Try:
    case StatementKind::Finally:
    case StatementKind::Match:
    case StatementKind::Global:
    case StatementKind::Nonlocal:
    case StatementKind::Docstring:
    case StatementKind::Return:
    case StatementKind::Pass:
    case StatementKind::Error:
      break;
    }
    return i + 1;
  }

  void Bind(EventKind kind, NameId name, uint32_t statement) {
    BindExpr(kind, name, statement, ExprId(), ExprId());
  }
  void BindExpr(EventKind kind, NameId name, uint32_t statement, ExprId value, ExprId target,
                bool maybe = false) {
    if (name.valid()) {
      log_.lazy |= kind != EventKind::Unbind && view_.Text(name) == "__getattr__";
      Event event{.name = name, .kind = kind, .maybe = maybe, .statement = statement};
      event.value = value;
      event.target = target;
      log_.events.push_back(event);
    }
  }
  void Open(llvm::StringRef reason, OpenedBy by = OpenedBy::OwnDict) { log_.Open(reason, by); }

  // The name of `except E as name` is deleted when the handler ends.
  void FinishHandlers(uint32_t at) {
    while (!handlers_.empty() && handlers_.back().end <= at) {
      const Handler handler = handlers_.pop_back_val();
      Bind(EventKind::Unbind, handler.name, handler.statement);
    }
  }

  // --- imports

  void ReadImport(uint32_t i, const Statement &statement) {
    for (ExprId alias : view_.Operands(statement)) {
      const llvm::StringRef dotted = view_.TextOf(alias);
      BindOwnSubmodule(i, dotted);
      const ExprId as = view_.Child(alias);
      const NameId name =
          as.valid() ? view_.At(as).text : scanned_.names.Find(dotted.split('.').first);
      BindExpr(EventKind::Import, name, i, alias, as.valid() ? as : alias);
    }
  }

  void ReadFromImport(uint32_t i, const Statement &statement) {
    const llvm::StringRef module = view_.Text(statement.text);
    if (is_package_ && statement.level == 1) {
      if (!module.empty()) {
        BindSubmodule(i, module.split('.').first);
      }
    } else if (statement.level == 0) {
      BindOwnSubmodule(i, module);
    }
    for (ExprId alias : view_.Operands(statement)) {
      if (view_.Is(alias, ExprKind::Star)) {
        Event star{.kind = EventKind::Star, .statement = i};
        star.value = star.target = alias;
        log_.events.push_back(star);
        continue;
      }
      const ExprId as = view_.Child(alias);
      const NameId name = as.valid() ? view_.At(as).text : view_.At(alias).text;
      BindExpr(EventKind::From, name, i, alias, as.valid() ? as : alias);
      if (view_.TextOf(alias) == "exec" || view_.TextOf(alias) == "exec_") { // six.exec_
        execs_.insert(name);
      }
    }
  }

  // In a package, `import pkg.sub` and `from pkg.sub import x` set the attribute `sub`.
  void BindOwnSubmodule(uint32_t i, llvm::StringRef dotted) {
    if (is_package_ && dotted.consume_front(module_name_) && dotted.consume_front(".")) {
      BindSubmodule(i, dotted.split('.').first);
    }
  }
  void BindSubmodule(uint32_t i, llvm::StringRef name) {
    Bind(EventKind::Submodule, scanned_.names.Find(name), i);
  }

  // --- assignments

  void ReadAssignment(uint32_t i, const Statement &statement) {
    const llvm::SmallVector<ExprId, 8> operands = view_.Operands(statement);
    if (operands.empty()) {
      return;
    }
    const bool annotated = statement.kind == StatementKind::AnnAssign;
    if (annotated && operands.size() < 2) {
      return; // `x: int` binds nothing
    }
    const ExprId value = operands.back();
    const bool own = IsOwnDict(view_, value) || IsOwnModule(view_, value);
    if (own) {
      Open("`globals()` goes by another name");
    } else {
      ReadEscapes(i, value);
    }
    for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
      if (own && view_.Is(target, ExprKind::Name)) {
        aliases_.insert(view_.At(target).text);
      }
      if (view_.IsName(target, "__all__")) {
        log_.all_ops.push_back(i);
      }
      if (view_.Is(target, ExprKind::Name) && IsExec(view_, value)) {
        execs_.insert(view_.At(target).text);
      }
      if (statement.kind == StatementKind::AugAssign && view_.Is(target, ExprKind::Name)) {
        BindExpr(EventKind::Value, view_.At(target).text, i, ExprId(), target);
        continue;
      }
      BindTargets(i, target, value, false);
    }
    ReadDynamicTargets(i, statement, operands);
  }

  // Names in an assignment target; a tuple against a tuple of the same length is taken apart.
  void BindTargets(uint32_t i, ExprId root, ExprId root_value, bool maybe) {
    llvm::SmallVector<std::pair<ExprId, ExprId>, 8> stack{{root, root_value}};
    while (!stack.empty()) {
      const auto [target, value] = stack.pop_back_val();
      if (!target.valid()) {
        continue;
      }
      switch (view_.At(target).kind) {
      case ExprKind::Name:
        BindExpr(EventKind::Value, view_.At(target).text, i, value, target, maybe);
        break;
      case ExprKind::Tuple:
      case ExprKind::List: {
        const auto targets = view_.Children(target);
        const bool display = view_.Is(value, ExprKind::Tuple) || view_.Is(value, ExprKind::List);
        const auto values = display ? view_.Children(value) : llvm::SmallVector<ExprId, 8>();
        for (size_t k = targets.size(); k-- > 0;) {
          stack.push_back({targets[k], values.size() == targets.size() ? values[k] : ExprId()});
        }
        break;
      }
      case ExprKind::Splat:
        stack.push_back({view_.Child(target), ExprId()});
        break;
      default:
        break;
      }
    }
  }

  // `globals()["x"] = 1`, `sys.modules[__name__] = obj`, `sys.modules[__name__].x = 1`.
  void ReadDynamicTargets(uint32_t i, const Statement &statement, llvm::ArrayRef<ExprId> operands) {
    for (ExprId target : operands.drop_back()) {
      if (view_.Is(target, ExprKind::Subscript)) {
        const ExprId base = view_.Child(target);
        const ExprId key = view_.Child(target, 1);
        if (IsOwnDict(view_, base)) {
          BindKey(i, key, operands.back());
        } else if (view_.Dotted(base) == "sys.modules" && view_.IsName(key, "__name__")) {
          ReadReplacement(i, view_.LastOperand(statement));
        }
      } else if (view_.Is(target, ExprKind::Attribute)) {
        const ExprId base = view_.Child(target);
        if (IsOwnModule(view_, base)) {
          if (view_.TextOf(target) == "__class__") {
            Open("the module's class is replaced", OpenedBy::Others);
          } else {
            BindExpr(EventKind::Value, view_.At(target).text, i, ExprId(), ExprId());
          }
        }
      }
    }
  }

  void ReadReplacement(uint32_t i, ExprId value) {
    log_.replaced_at = i;
    log_.replaced_by = value;
    if (view_.Dotted(value)) {
      return;
    }
    Open("replaced in `sys.modules`");
    log_.lazy = true;
  }

  void BindKey(uint32_t i, ExprId key, ExprId value) {
    if (view_.Is(key, ExprKind::String)) {
      Bind(EventKind::Value, view_.At(key).text, i);
    } else if (!BindLoopKey(i, key, value)) {
      Open("names bound through `globals()`");
    }
  }

  // `for n in ("a", "b"): globals()[n] = ...`, `for n in dir(m): globals()[n] = getattr(m, n)`
  bool BindLoopKey(uint32_t i, ExprId key, ExprId value) {
    if (!view_.Is(key, ExprKind::Name)) {
      return false;
    }
    llvm::SmallVector<ExprId, 2> conditions; // between the loop and the statement
    bool otherwise = false;
    for (int32_t p = facts_.statements[i].parent; p >= 0; p = facts_.statements[size_t(p)].parent) {
      const Statement &header = view_.Of(facts_.statements[static_cast<size_t>(p)]);
      if (header.kind == StatementKind::If) {
        conditions.push_back(header.first);
      } else if (header.kind != StatementKind::For) {
        otherwise = true;
      } else if (view_.Is(header.first, ExprKind::Name) &&
                 view_.At(header.first).text == view_.At(key).text) {
        const auto items = header.reduced ? std::nullopt : LoopItems(i, view_.Next(header.first));
        if (!items) {
          return BindCopyLoop(i, header, key, value, conditions, otherwise);
        }
        for (NameId item : *items) {
          Bind(EventKind::Value, item, i);
        }
        return true;
      } else if (view_.Is(header.first, ExprKind::Tuple)) {
        return BindCopyLoop(i, header, key, value, conditions, otherwise);
      }
    }
    return false;
  }

  bool BindCopyLoop(uint32_t i, const Statement &loop, ExprId key, ExprId value,
                    llvm::ArrayRef<ExprId> conditions, bool otherwise) {
    auto copy = ReadCopyLoop(view_, loop.first, view_.Next(loop.first), key, value);
    if (!copy || loop.reduced) {
      return false;
    }
    for (ExprId condition : conditions) {
      copy->what = NarrowCopy(view_, copy->what, condition, view_.At(key).text);
    }
    copy->what = otherwise ? CopyOf::Some : copy->what;
    AddCopy(i, *copy);
    return true;
  }

  void AddCopy(uint32_t i, const NamespaceCopy &copy) {
    Event event{.kind = EventKind::Copy, .copy = copy.what, .statement = i};
    event.value = copy.source;
    event.target = copy.names;
    log_.events.push_back(event);
  }

  // The strings that a loop goes over: a display, or a name that a display was assigned to.
  std::optional<llvm::SmallVector<NameId, 16>> LoopItems(uint32_t i, ExprId iterable) {
    if (!view_.Is(iterable, ExprKind::Name)) {
      return view_.StringItems(iterable);
    }
    for (size_t k = log_.events.size(); k-- > 0;) {
      const Event &event = log_.events[k];
      if (event.name == view_.At(iterable).text) {
        if (IsMentioned(event.name, event.statement + 1, i)) {
          Open("names bound through `globals()`"); // it may have grown
        }
        return view_.StringItems(event.value);
      }
    }
    return std::nullopt;
  }
  // Whether statements in [begin, end), but for headers of loops, use the name.
  bool IsMentioned(NameId name, uint32_t begin, uint32_t end) const {
    bool mentioned = false;
    for (uint32_t k = begin; k < end; ++k) {
      const Statement &statement = view_.Of(facts_.statements[k]);
      view_.Walk(statement, [&](ExprId id) {
        mentioned |= statement.kind != StatementKind::For && view_.Is(id, ExprKind::Name) &&
                     view_.At(id).text == name;
      });
    }
    return mentioned;
  }

  // An empty display as iterable: the target is never bound.
  void ReadLiteralLoop(uint32_t i, const Statement &statement) {
    const ExprId iterable = view_.Next(statement.first);
    const bool display = view_.Is(iterable, ExprKind::Tuple) || view_.Is(iterable, ExprKind::List);
    if (display && !view_.Child(iterable).valid() && !statement.reduced) {
      while (!log_.events.empty() && log_.events.back().maybe &&
             log_.events.back().kind == EventKind::Value && log_.events.back().statement == i) {
        log_.events.pop_back();
      }
    }
  }

  void ReadWalrus(uint32_t i, const Statement &statement) {
    view_.Walk(statement, [&](ExprId id) {
      if (view_.Is(id, ExprKind::Walrus) && view_.Is(view_.Child(id), ExprKind::Name) &&
          statement.kind != StatementKind::With) {
        const ExprId target = view_.Child(id);
        BindExpr(EventKind::Value, view_.At(target).text, i, ExprId(), target);
      }
    });
  }

  void ReadDelete(uint32_t i, const Statement &statement) {
    llvm::SmallVector<ExprId, 8> stack = view_.Operands(statement);
    while (!stack.empty()) {
      const ExprId target = stack.pop_back_val();
      if (view_.Is(target, ExprKind::Name)) {
        Bind(EventKind::Unbind, view_.At(target).text, i);
      } else if (view_.Is(target, ExprKind::Tuple) || view_.Is(target, ExprKind::List)) {
        const auto items = view_.Children(target);
        stack.append(items.begin(), items.end());
      } else if (IsOwnEntry(target)) { // to make room for another object
        Open("its entry in `sys.modules` is deleted", OpenedBy::Others);
      } else if (view_.Is(target, ExprKind::Subscript) && IsOwnDict(view_, view_.Child(target))) {
        const ExprId key = view_.Child(target, 1);
        if (view_.Is(key, ExprKind::String)) {
          Bind(EventKind::Unbind, view_.At(key).text, i);
        } else {
          Open("names deleted through `globals()`");
        }
      }
    }
  }

  // --- calls

  // `sys.modules[__name__]`, or with the module's name itself.
  bool IsOwnEntry(ExprId id) const {
    return IsOwnModule(view_, id) ||
           (view_.Is(id, ExprKind::Subscript) && view_.Dotted(view_.Child(id)) == "sys.modules" &&
            view_.String(view_.Child(id, 1)) == module_name_);
  }

  void ReadExpression(uint32_t i, const Statement &statement) {
    const ExprId root = statement.first;
    const auto callee = view_.Callee(root);
    if (callee && IsExit(*callee)) {
      log_.exits.push_back(i);
      return;
    }
    if (callee && llvm::StringRef(*callee).starts_with("__all__.")) {
      log_.all_ops.push_back(i);
      return;
    }
    if (callee && *callee == "setattr" && view_.Arguments(root).size() == 3 &&
        IsOwnModule(view_, view_.Arguments(root)[0])) {
      BindKey(i, view_.Arguments(root)[1], view_.Arguments(root)[2]);
      return;
    }
    if (callee && *callee == "exec") {
      ReadExec(i, root);
      return;
    }
    if (callee && CallsExec(*callee)) {
      Open("`exec` at module level, under another name", OpenedBy::Others);
      return;
    }
    // globals().update(a=1, **x) and globals().update({...})
    const ExprId function = view_.Is(root, ExprKind::Call) ? view_.Child(root) : ExprId();
    if (view_.Is(function, ExprKind::Attribute) && IsOwnDict(view_, view_.Child(function))) {
      ReadDictCall(i, root, view_.TextOf(function));
      return;
    }
    ReadEscapes(i, root);
  }

  // `exec_(...)`, `six.exec_(...)`, a name that stands for `exec`, a function here that calls it.
  bool CallsExec(llvm::StringRef callee) const {
    const NameId name = scanned_.names.Find(callee);
    return callee.ends_with(".exec_") || callee.ends_with(".exec") ||
           (name.valid() && execs_.contains(name));
  }

  void ReadExec(uint32_t i, ExprId call) {
    const auto arguments = view_.Arguments(call);
    const auto text = arguments.size() == 1 ? view_.String(arguments[0]) : std::nullopt;
    const llvm::StringRef source = text ? text->trim() : llvm::StringRef();
    const auto [left, right] = source.split('=');
    const llvm::StringRef name = left.trim();
    const bool simple = text && !right.empty() && !source.contains('\n') && !source.contains(';') &&
                        llvm::all_of(name, [](char c) { return llvm::isAlnum(c) || c == '_'; });
    if (simple && scanned_.names.Find(name).valid()) {
      Bind(EventKind::Value, scanned_.names.Find(name), i);
    } else if (simple) {
      return; // binds a name that nobody ever asks for
    } else {
      Open("`exec` at module level", OpenedBy::Others);
    }
  }

  void ReadDictCall(uint32_t i, ExprId call, llvm::StringRef method) {
    if (OnlyReads(method)) {
      return;
    }
    if (method != "update" && method != "setdefault") {
      Open("names changed through `globals()`");
      return;
    }
    for (ExprId argument = view_.Next(view_.Child(call)); argument.valid();
         argument = view_.Next(argument)) {
      if (view_.Is(argument, ExprKind::Keyword)) {
        Bind(EventKind::Value, view_.At(argument).text, i);
      } else if (view_.Is(argument, ExprKind::Dict)) {
        for (ExprId pair : view_.Children(argument)) {
          BindKey(i, view_.Is(pair, ExprKind::Pair) ? view_.Child(pair) : pair, ExprId());
        }
      } else if (method == "setdefault" && view_.Is(argument, ExprKind::String)) {
        Bind(EventKind::Value, view_.At(argument).text, i);
        break;
      } else if (const auto copy = ReadCopy(view_, argument)) {
        AddCopy(i, *copy);
      } else {
        Open("names bound through `globals()`");
      }
    }
  }

  // `build(globals())`: someone else may bind anything here; and so may what is written within
  // expressions, `[globals().update(x) for x in xs]`.
  void ReadEscapes(uint32_t i, ExprId root) {
    view_.WalkAll(root, [&](ExprId id) {
      if (!view_.Is(id, ExprKind::Call)) {
        return;
      }
      const ExprId function = view_.Child(id);
      if (view_.Is(function, ExprKind::Attribute) && IsOwnDict(view_, view_.Child(function)) &&
          !OnlyReads(view_.TextOf(function))) {
        Open("names bound through `globals()`");
      }
      for (ExprId argument = view_.Next(view_.Child(id)); argument.valid();
           argument = view_.Next(argument)) {
        const ExprId value =
            view_.Is(argument, ExprKind::Keyword) ? view_.Child(argument) : argument;
        const auto callee = view_.Callee(id);
        if (callee && llvm::StringRef(*callee).contains("_convert") &&
            view_.IsName(value, "__name__")) {
          ReadEnumConversion(i, id);
        }
        const bool reads_only =
            callee && (*callee == "dir" || *callee == "sorted" || *callee == "list" ||
                       *callee == "set" || *callee == "len" || *callee == "doctest.testmod");
        const bool alias =
            view_.Is(value, ExprKind::Name) && aliases_.contains(view_.At(value).text);
        if ((IsOwnDict(view_, value) || IsOwnModule(view_, value) || alias) && !reads_only) {
          // Code of another module may do anything.
          const bool method = view_.Is(view_.Child(id), ExprKind::Attribute);
          Open("`globals()` is handed to a call", method ? OpenedBy::Others : OpenedBy::OwnDict);
        }
      }
    });
  }

  // IntEnum._convert_("Signals", __name__, filter) binds the new class, and what the filter picks
  // of the names that are there: these again, unless they come from another `source`.
  void ReadEnumConversion(uint32_t i, ExprId call) {
    const auto arguments = view_.Arguments(call);
    const llvm::StringRef method = view_.TextOf(view_.Child(call)); // of the enum module
    const bool own_names = (method == "_convert_" || method == "_convert") &&
                           arguments.size() <= 3 && !view_.KeywordArgument(call, "source").valid();
    if (own_names && view_.Is(arguments[0], ExprKind::String)) {
      Bind(EventKind::Value, view_.At(arguments[0]).text, i);
    } else {
      Open("names made by `_convert_`", OpenedBy::Others);
    }
  }

  // `@enum.global_enum` puts the members into the module.
  void ReadClassDecorators(const Statement &statement) {
    for (ExprId decorator = statement.first; decorator.valid() && decorator != statement.bases;
         decorator = view_.Next(decorator)) {
      const auto dotted = view_.Dotted(decorator);
      if (dotted && llvm::StringRef(*dotted).ends_with("global_enum")) {
        Open("members of an enum become names of the module", OpenedBy::Others);
      }
    }
  }

  // --- bodies that do not bind here, except through `global`

  void ReadGlobals(uint32_t header, uint32_t end, bool class_body) {
    const size_t first = log_.events.size();
    for (uint32_t i = header + 1; i < end; ++i) {
      const Statement &statement = view_.Of(facts_.statements[i]);
      if (!class_body && WritesAll(statement)) {
        log_.all_written_in_function |= IsCalled(header);
      } else if (!class_body && statement.kind == StatementKind::Expression &&
                 view_.Callee(statement.first) == "exec" &&
                 llvm::any_of(view_.Arguments(statement.first),
                              [&](ExprId argument) { return IsOwnDict(view_, argument); })) {
        execs_.insert(view_.Of(facts_.statements[header]).text);
      }
      if (statement.kind == StatementKind::Global) {
        for (ExprId name : view_.Operands(statement)) {
          const bool direct = class_body && facts_.statements[i].parent == int32_t(header);
          BindExpr(EventKind::Value, view_.At(name).text, header, ExprId(), ExprId(), !direct);
        }
      } else {
        ReadDictWrites(header, statement);
      }
    }
    const bool weak = log_.events.size() > first && !class_body && !IsCalled(header);
    for (size_t k = first; k < log_.events.size(); ++k) {
      log_.events[k].weak |= weak;
    }
  }
  // `globals()["x"] = 1`, `globals().update(...)` in a body that may run later.
  void ReadDictWrites(uint32_t header, const Statement &statement) {
    if (statement.kind == StatementKind::Assign || statement.kind == StatementKind::AugAssign) {
      const llvm::SmallVector<ExprId, 8> operands = view_.Operands(statement);
      for (ExprId target : llvm::ArrayRef(operands).drop_back()) {
        if (view_.Is(target, ExprKind::Subscript) && IsGlobals(view_, view_.Child(target))) {
          BindLater(header, view_.Child(target, 1));
        }
      }
    } else if (statement.kind == StatementKind::Expression) {
      const ExprId root = statement.first;
      const ExprId function = view_.Is(root, ExprKind::Call) ? view_.Child(root) : ExprId();
      if (view_.Is(function, ExprKind::Attribute) && IsGlobals(view_, view_.Child(function)) &&
          !OnlyReads(view_.TextOf(function))) {
        Open("names bound through `globals()` in a function");
      } else if (view_.Callee(root) == "setattr" && view_.Arguments(root).size() == 3 &&
                 IsOwnModule(view_, view_.Arguments(root)[0])) {
        BindLater(header, view_.Arguments(root)[1]);
      }
    }
  }
  void BindLater(uint32_t header, ExprId key) {
    if (view_.Is(key, ExprKind::String)) {
      BindExpr(EventKind::Value, view_.At(key).text, header, ExprId(), ExprId(), true);
      log_.events.back().weak = true;
    } else {
      Open("names bound through `globals()` in a function");
    }
  }
  // `__all__.append(x)`, `__all__ += x`.
  bool WritesAll(const Statement &statement) const {
    if (statement.kind == StatementKind::Expression) {
      const auto callee = view_.Callee(statement.first);
      return callee && llvm::StringRef(*callee).starts_with("__all__.");
    }
    return (statement.kind == StatementKind::Assign ||
            statement.kind == StatementKind::AugAssign) &&
           view_.IsName(statement.first, "__all__");
  }
  // Does code of this module, outside of functions, call it by its name or decorate with it?
  bool IsCalled(uint32_t header) const {
    const NameId name = view_.Of(facts_.statements[header]).text;
    bool called = false;
    for (uint32_t i = facts_.statements[header].end; i < facts_.statements.size() && !called;) {
      const Statement &statement = view_.Of(facts_.statements[i]);
      const bool again = IsNamedAgain(header, i);
      const ExprId target = again ? statement.first : ExprId();
      view_.Walk(statement, [&](ExprId id) {
        called |= view_.Is(id, ExprKind::Name) && view_.At(id).text == name &&
                  (id != target || statement.kind != StatementKind::Assign);
      });
      if (again) {
        break;
      }
      i = statement.kind == StatementKind::Function ? facts_.statements[i].end : i + 1;
    }
    return called;
  }

  // Whether the statement gives the function's name to something else, in the same block.
  bool IsNamedAgain(uint32_t header, uint32_t i) const {
    const NameId name = view_.Of(facts_.statements[header]).text;
    const Statement &statement = view_.Of(facts_.statements[i]);
    const bool defines =
        statement.kind == StatementKind::Function || statement.kind == StatementKind::Class;
    const bool assigns = statement.kind == StatementKind::Assign &&
                         view_.Is(statement.first, ExprKind::Name) &&
                         view_.At(statement.first).text == name;
    return facts_.statements[i].parent == facts_.statements[header].parent &&
           ((defines && statement.text == name) || assigns);
  }

  // Imports in a class body bind there, but load submodules all the same.
  void ReadSubmodulesIn(uint32_t begin, uint32_t end) {
    for (uint32_t i = begin; i < end;) {
      const PlacedStatement &placed = facts_.statements[i];
      const Statement &statement = view_.Of(placed);
      if (statement.kind == StatementKind::FromImport && is_package_ && statement.level == 1 &&
          statement.text.valid()) {
        BindSubmodule(i, view_.Text(statement.text).split('.').first);
      }
      i = statement.kind == StatementKind::Function ? placed.end : i + 1;
    }
  }

  // An arm is the sibling that ends where the next arm begins.
  void LinkArms() {
    const auto &statements = facts_.statements;
    llvm::SmallVector<uint32_t, 8> open; // headers whose end is still ahead
    for (uint32_t i = 0; i < statements.size(); ++i) {
      uint32_t closed = i;
      while (!open.empty() && statements[open.back()].end <= i) {
        closed = open.pop_back_val();
      }
      const StatementKind kind = view_.Of(statements[i]).kind;
      const bool arm = kind == StatementKind::Elif || kind == StatementKind::Else ||
                       kind == StatementKind::Except || kind == StatementKind::ExceptStar ||
                       kind == StatementKind::Finally;
      if (arm && closed != i && statements[closed].parent == statements[i].parent) {
        log_.previous_arms.push_back({i, closed});
      }
      open.push_back(i);
    }
  }

  struct Handler {
    uint32_t end;
    uint32_t statement;
    NameId name;
  };

  const Scanned &scanned_;
  SyntaxView view_;
  const ModuleFacts &facts_;
  bool is_package_;
  llvm::StringRef module_name_;
  llvm::SmallVector<Handler, 4> handlers_;
  llvm::SmallDenseSet<NameId, 4> aliases_; // names of the own dict or module object
  llvm::SmallDenseSet<NameId, 4> execs_; // names that stand for `exec` or a function that calls it
  NamespaceLog log_;
};

} // namespace

NamespaceLog ReadNamespace(const Scanned &scanned, FileId file, bool is_package,
                           llvm::StringRef module_name) {
  return Reader(scanned, file, is_package, module_name).Read();
}

} // namespace pydefrag
