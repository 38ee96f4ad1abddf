#include "link/defects/deprecation.h"

#include "base/parallel.h"
#include "facts/headers_around.h"
#include "link/defects/deprecation_notes.h"
#include "link/defects/warnings.h"

namespace pydefrag {
namespace {

class Finder {
public:
  Finder(Project &project, Resolver &resolver)
      : project_(project), resolver_(resolver), view_(resolver.view()) {}

  void ReadModule(ModuleId module) {
    const FileId file = project_.modules[module].file;
    const auto &statements = project_.scanned.facts[file].statements;
    for (uint32_t i = 0; i < statements.size();) {
      const Statement &statement = view_.Of(statements[i]);
      if (statement.kind == StatementKind::Function || statement.kind == StatementKind::Class) {
        i = statements[i].end;
        continue;
      }
      if (statement.kind == StatementKind::Expression) {
        DeprecationInfo info;
        if (Warns(module, i, statement.first, 2, info) && resolver_.Reach(module, i) == Tri::Yes &&
            !IsCaught(statements, i)) {
          info.deprecated = true;
          info.where = {file, {statements[i].head, statements[i].head + 1}};
          project_.module_deprecations[module] = std::move(info);
          return;
        }
      } else if (statement.kind == StatementKind::Docstring && i == 0) {
        ReadDocstring(module, i, "", project_.module_deprecations[module]);
      }
      ++i;
    }
  }

  // The header of a class or function that has decorators or a body to be read; most have none.
  // Asks nobody, so definitions are looked at side by side.
  uint32_t FindHeader(const Definition &definition) const {
    if (definition.kind == DefinitionKind::Constant) {
      return kNoEvent;
    }
    const auto &statements = project_.scanned.facts[definition.where.file].statements;
    uint32_t at = kNoEvent;
    const NamespaceLog &log = resolver_.Log(definition.module);
    for (uint32_t index : log.Of(definition.name)) {
      const uint32_t statement = log.events[index].statement;
      if (statements[statement].begin == definition.statement.span.begin &&
          log.events[index].kind == EventKind::Define) {
        at = statement;
      }
    }
    if (at == kNoEvent) {
      return kNoEvent;
    }
    return DeprecatingDecorator(view_.Of(statements[at])).valid() || MaySpeak(statements, at)
               ? at
               : kNoEvent;
  }

  void ReadDefinition(Definition &definition, uint32_t at) {
    const FileId file = definition.where.file;
    const auto &statements = project_.scanned.facts[file].statements;
    DeprecationInfo &info = definition.deprecation;
    if (ReadDecorators(info, view_.Of(statements[at])) || ReadBody(definition.module, at, info)) {
      info.deprecated = true;
      info.where = definition.where;
      return;
    }
    // Other strings in a class speak of the attribute above them.
    if (const uint32_t i = at + 1; i < statements[at].end) {
      if (view_.Of(statements[i]).kind == StatementKind::Docstring &&
          statements[i].line <= statements[at].last_line + 1) {
        ReadDocstring(definition.module, i, project_.Text(definition.name), info);
      }
    }
  }

private:
  // Whether something in it may warn, or a docstring tells.
  bool MaySpeak(const std::vector<PlacedStatement> &statements, uint32_t at) const {
    for (uint32_t i = at + 1; i < statements[at].end; ++i) {
      const Statement &statement = view_.Of(statements[i]);
      if (statement.kind == StatementKind::Expression ||
          (statement.kind == StatementKind::Docstring && MayTell(statement))) {
        return true;
      }
    }
    return false;
  }
  bool MayTell(const Statement &docstring) const {
    const auto text = view_.String(docstring.first);
    return text && llvm::StringRef(*text).contains(".. deprecated");
  }

  // `with warnings.catch_warnings():` shows nothing to the importer.
  bool IsCaught(const std::vector<PlacedStatement> &statements, uint32_t at) const {
    for (uint32_t header : HeadersAround(statements, at)) {
      const Statement &above = view_.Of(statements[header]);
      for (ExprId item : view_.Operands(above)) {
        const auto callee =
            above.kind == StatementKind::With
                ? view_.Callee(view_.Is(item, ExprKind::Walrus) ? view_.Child(item, 1) : item)
                : std::nullopt;
        if (callee && llvm::StringRef(*callee).ends_with("catch_warnings")) {
          return true;
        }
      }
    }
    return false;
  }

  // A warning, or a call of a function of the project that surely warns.
  bool Warns(ModuleId module, uint32_t statement, ExprId call, int levels, DeprecationInfo &info) {
    if (const auto warn = ReadDeprecationWarning(resolver_, project_, module, statement, call)) {
      info.message = warn->message;
      info.replacement = ReplacementIn(info.message);
      info.other_category = warn->other_category;
      return true;
    }
    const auto callee = view_.Callee(call);
    if (!callee || levels == 0) {
      return false;
    }
    const Found found =
        resolver_.Evaluate(module, view_.Child(call), resolver_.EventLimit(module, statement));
    if (!found.IsObject() || !resolver_.HasLog(found.module)) {
      return false;
    }
    const Event &event = resolver_.Log(found.module).events[found.event];
    const auto &statements = project_.StatementsOf(found.module);
    if (event.kind != EventKind::Define ||
        view_.Of(statements[event.statement]).kind != StatementKind::Function) {
      return false;
    }
    for (uint32_t i = event.statement + 1; i < statements[event.statement].end;
         i = statements[i].end) {
      const Statement &inner = view_.Of(statements[i]);
      if (inner.kind == StatementKind::Expression &&
          (Warns(found.module, event.statement, inner.first, levels - 1, info) ||
           HandsOnWarning(view_.Of(statements[event.statement]), inner.first))) {
        // What the caller hands over says more than the helper's own words.
        for (ExprId argument : view_.Arguments(call)) {
          if (const auto text = view_.String(argument); text && text->size() > 2) {
            info.message = text->str();
            const std::string replacement = ReplacementIn(info.message);
            info.replacement = replacement.empty() ? info.replacement : replacement;
          }
        }
        return true;
      }
    }
    return false;
  }

  // In a helper called warn_deprecated or the like, any call that warns is one of deprecation.
  bool HandsOnWarning(const Statement &function, ExprId call) const {
    const std::string name = view_.Text(function.text).lower();
    const auto callee = view_.Callee(call);
    return llvm::StringRef(name).contains("deprecat") && callee &&
           llvm::StringRef(*callee).contains("warn");
  }

  static bool NamesDeprecation(llvm::StringRef dotted) {
    const llvm::StringRef last = dotted.contains('.') ? dotted.rsplit('.').second : dotted;
    const std::string lower = last.lower();
    const llvm::StringRef name = lower;
    return name.contains("deprecat") && !name.contains("arg") && !name.contains("param") &&
           !name.contains("kwarg") && !name.contains("posarg") && !name.contains("renam") &&
           !name.contains("alias");
  }

  // The first decorator that goes by such a name; invalid: none.
  ExprId DeprecatingDecorator(const Statement &statement) const {
    for (ExprId operand = statement.first; operand.valid() && operand != statement.bases;
         operand = view_.Next(operand)) {
      const bool call = view_.Is(operand, ExprKind::Call);
      const auto dotted = call ? view_.Callee(operand) : view_.Dotted(operand);
      if (dotted && NamesDeprecation(*dotted)) {
        return operand;
      }
    }
    return ExprId();
  }

  bool ReadDecorators(DeprecationInfo &info, const Statement &statement) {
    const ExprId decorator = DeprecatingDecorator(statement);
    if (view_.Is(decorator, ExprKind::Call)) {
      ReadDecoratorArguments(decorator, info);
    }
    return decorator.valid();
  }

  void ReadDecoratorArguments(ExprId call, DeprecationInfo &info) {
    for (const char *keyword : {"alternative", "replacement", "use", "instead"}) {
      if (const auto text = view_.String(view_.KeywordArgument(call, keyword))) {
        info.replacement = text->str();
      }
    }
    for (ExprId argument : view_.Arguments(call)) {
      bool whole = true;
      const std::string text = LiteralText(view_, argument, whole);
      if (llvm::StringRef(text).contains(' ')) {
        info.message = text;
        break;
      }
    }
    for (const char *keyword : {"reason", "message", "details", "msg", "extra"}) {
      bool whole = true;
      const ExprId value = view_.KeywordArgument(call, keyword);
      const std::string text = value.valid() ? LiteralText(view_, value, whole) : "";
      info.message = info.message.empty() ? text : info.message;
    }
    if (info.replacement.empty()) {
      info.replacement = ReplacementIn(info.message);
    }
  }

  // A function, or a class's __init__, __new__ or __init_subclass__, that warns whatever happens.
  bool ReadBody(ModuleId module, uint32_t at, DeprecationInfo &info) {
    const FileId file = project_.modules[module].file;
    const auto &statements = project_.scanned.facts[file].statements;
    const Statement &statement = view_.Of(statements[at]);
    if (statement.kind == StatementKind::Function) {
      return ReadWarningFunction(module, at, info);
    }
    for (uint32_t i = at + 1; i < statements[at].end; i = statements[i].end) {
      const Statement &member = view_.Of(statements[i]);
      const llvm::StringRef name = view_.Text(member.text);
      if (member.kind == StatementKind::Function &&
          (name == "__init__" || name == "__new__" || name == "__init_subclass__" ||
           name == "__post_init__") &&
          ReadWarningFunction(module, i, info)) {
        return true;
      }
    }
    return false;
  }

  bool ReadWarningFunction(ModuleId module, uint32_t at, DeprecationInfo &info) {
    const auto &statements = project_.StatementsOf(module);
    const std::string own = view_.Text(view_.Of(statements[at]).text).lower();
    // What goes by such a name warns on behalf of others, unless it names itself.
    const bool for_others =
        llvm::StringRef(own).contains("warn") || llvm::StringRef(own).contains("deprecat");
    for (uint32_t i = at + 1; i < statements[at].end; i = statements[i].end) {
      const Statement &inner = view_.Of(statements[i]);
      if (inner.kind == StatementKind::If || inner.kind == StatementKind::Return ||
          inner.kind == StatementKind::Raise) {
        return false; // what follows may not be reached
      }
      if (inner.kind != StatementKind::Expression) {
        continue;
      }
      const auto warn = ReadDeprecationWarning(resolver_, project_, module, at, inner.first);
      if (!warn || (for_others && !llvm::StringRef(warn->message).contains_insensitive(own))) {
        continue;
      }
      if (!warn->message.empty() && warn->stacklevel <= 3 && SpeaksOfItself(*warn)) {
        info.message = warn->message;
        info.replacement = ReplacementIn(info.message);
        return true;
      }
    }
    return false;
  }
  // "argument x is deprecated" is about a call, not about the function.
  static bool SpeaksOfItself(const WarnCall &warn) {
    const std::string lower = llvm::StringRef(warn.message).lower();
    const llvm::StringRef text = lower;
    const bool says_so = text.contains("deprecat") || text.contains("instead") ||
                         text.contains("removed") || text.contains("obsolete") ||
                         text.contains("no longer") || !ReplacementIn(warn.message).empty();
    return says_so && !text.contains("argument") && !text.contains("parameter") &&
           !text.contains("keyword") && !text.contains("passing ");
  }

  // The docstring of `name`, or of the module.
  void ReadDocstring(ModuleId module, uint32_t at, llvm::StringRef name, DeprecationInfo &info) {
    const FileId file = project_.modules[module].file;
    const PlacedStatement &placed = project_.scanned.facts[file].statements[at];
    const Statement &statement = view_.Of(placed);
    if (info.deprecated || !MayTell(statement)) {
      return;
    }
    std::optional<std::string> note = FindDeprecationNote(
        *view_.String(statement.first), project_.Text(project_.modules[module].name), name);
    if (note) {
      info.deprecated = true;
      info.doc_only = true;
      info.where = {file, {placed.head, placed.head + 1}};
      info.replacement = ReplacementIn(*note);
      info.message = std::move(*note);
    }
  }

  Project &project_;
  Resolver &resolver_;
  const SyntaxView &view_;
};

} // namespace

void FindModuleDeprecations(Project &project, Resolver &resolver) {
  project.module_deprecations.resize(project.modules.size());
  Finder finder(project, resolver);
  for (size_t i = 0; i < project.module_of_file.size(); ++i) {
    finder.ReadModule(project.module_of_file[FileId(i)]);
  }
}

void FindSymbolDeprecations(Project &project, Resolver &resolver, unsigned jobs) {
  Finder finder(project, resolver);
  std::vector<uint32_t> headers(project.definitions.size());
  ParallelFor(headers.size(), jobs, 512, [&](size_t i) {
    headers[i] = finder.FindHeader(project.definitions[DefinitionId(i)]);
  });
  for (size_t i = 0; i < headers.size(); ++i) {
    if (headers[i] != kNoEvent) {
      finder.ReadDefinition(project.definitions[DefinitionId(i)], headers[i]);
    }
  }
}

} // namespace pydefrag
