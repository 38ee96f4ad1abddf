// Functions go by their bare name: which one a call means is not known yet. Two functions of one
// name that both write are taken together.
#include "link/names/caller_writes.h"

#include "facts/headers_around.h"
#include "link/syntax_view.h"

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"

namespace pydefrag {
namespace {

struct Written {
  bool known = true;                       // these are all
  llvm::SmallVector<NameId, 2> names;      // with values that nobody knows
  llvm::SmallVector<ExprId, 1> attributes; // lists of attributes of what is decorated
  bool given = false;                      // some that the caller may give as strings
};

class CallerWrites {
public:
  CallerWrites(const Project &project, const StatementSigns &signs,
               IdVector<ModuleId, NamespaceLog> &logs)
      : project_(project), signs_(signs), view_(project.scanned), logs_(logs) {}

  void Add() {
    const size_t count = project_.module_of_file.size();
    for (size_t i = 0; i < count; ++i) {
      if (signs_.IsIn(FileId(i), Sign::WritesToEntry)) {
        FindWriters(project_.scanned.facts[FileId(i)].statements);
      }
    }
    for (size_t i = 0; i < count && !writers_.empty(); ++i) {
      FindCalls(FileId(i));
    }
  }

private:
  // `sys.modules[x]` that is neither the module itself nor a named one.
  bool IsOtherModule(ExprId id) const {
    return view_.Is(id, ExprKind::Subscript) && view_.Dotted(view_.Child(id)) == "sys.modules" &&
           !view_.IsName(view_.Child(id, 1), "__name__") &&
           !view_.Is(view_.Child(id, 1), ExprKind::String);
  }

  // `module = sys.modules[x]` in the function that the statement stands in.
  bool StandsForModule(const std::vector<PlacedStatement> &statements, uint32_t i,
                       ExprId name) const {
    int32_t function = statements[i].parent;
    while (function >= 0 &&
           view_.Of(statements[static_cast<size_t>(function)]).kind != StatementKind::Function) {
      function = statements[static_cast<size_t>(function)].parent;
    }
    const uint32_t begin = function < 0 ? i : static_cast<uint32_t>(function) + 1;
    return view_.Is(name, ExprKind::Name) &&
           llvm::any_of(llvm::ArrayRef(statements).slice(begin, i - begin),
                        [&](const PlacedStatement &placed) {
                          const Statement &each = view_.Of(placed);
                          return each.kind == StatementKind::Assign &&
                                 view_.IsName(each.first, view_.TextOf(name)) &&
                                 IsOtherModule(view_.LastOperand(each));
                        });
  }

  void FindWriters(const std::vector<PlacedStatement> &statements) {
    for (uint32_t i = 0; i < statements.size(); ++i) {
      const Statement &statement = view_.Of(statements[i]);
      const bool call =
          statement.kind == StatementKind::Expression && view_.Calls(statement.first, "setattr");
      const auto arguments =
          call ? view_.Arguments(statement.first) : llvm::SmallVector<ExprId, 4>();
      if (arguments.size() == 3 && IsOtherModule(arguments[0])) {
        Note(statements, i,
             [&](Written &written) { ReadSetattr(statements, i, arguments, written); });
      } else if (arguments.size() == 3 && view_.Is(arguments[1], ExprKind::Name) &&
                 StandsForModule(statements, i, arguments[0])) {
        Note(statements, i, [&](Written &written) { written.given = true; });
      } else if (statement.kind == StatementKind::Assign &&
                 view_.Is(statement.first, ExprKind::Attribute) &&
                 IsOtherModule(view_.Child(statement.first))) {
        Note(statements, i,
             [&](Written &written) { written.names.push_back(view_.At(statement.first).text); });
      }
    }
  }

  // For every function that the statement stands in.
  void Note(const std::vector<PlacedStatement> &statements, uint32_t i,
            llvm::function_ref<void(Written &)> note) {
    for (uint32_t header : HeadersAround(statements, i)) {
      const Statement &above = view_.Of(statements[header]);
      if (above.kind == StatementKind::Function) {
        note(writers_[above.text]);
      }
    }
  }

  // setattr(sys.modules[x], key, value)
  void ReadSetattr(const std::vector<PlacedStatement> &statements, uint32_t i,
                   llvm::ArrayRef<ExprId> arguments, Written &written) const {
    const ExprId key = arguments[1];
    if (view_.Is(key, ExprKind::String)) {
      written.names.push_back(view_.At(key).text);
      return;
    }
    for (uint32_t header : HeadersAround(statements, i)) {
      const Statement &loop = view_.Of(statements[header]);
      if (loop.kind != StatementKind::For || !view_.Is(key, ExprKind::Name) ||
          !view_.IsName(loop.first, view_.TextOf(key))) {
        continue;
      }
      const auto copy = ReadCopyLoop(view_, loop.first, view_.Next(loop.first), key, arguments[2]);
      const auto items = view_.StringItems(view_.Next(loop.first));
      if (!items || loop.reduced || !copy || copy->what != CopyOf::Listed) {
        break;
      }
      if (view_.Is(copy->source, ExprKind::Name)) {
        written.attributes.push_back(copy->names);
      } else {
        written.names.append(items->begin(), items->end());
      }
      return;
    }
    written.known = false;
  }

  void FindCalls(FileId file) {
    const auto &statements = project_.scanned.facts[file].statements;
    for (uint32_t s = 0; s < statements.size(); s = statements[s].end) {
      const Statement &statement = view_.Of(statements[s]);
      for (ExprId operand : view_.Operands(statement)) {
        const ExprId callee = view_.Is(operand, ExprKind::Call) ? view_.Child(operand) : operand;
        const bool named =
            view_.Is(callee, ExprKind::Name) || view_.Is(callee, ExprKind::Attribute);
        const auto it = named ? writers_.find(view_.At(callee).text) : writers_.end();
        if (it != writers_.end()) {
          const bool decorates =
              statement.kind == StatementKind::Class && operand != statement.bases;
          NamespaceLog &log = logs_[project_.module_of_file[file]];
          Write(log, s, it->second, decorates, view_.TextOf(callee));
          if (it->second.given) {
            InsertEvents(log, NamesGiven(s, operand));
          }
        }
      }
    }
  }

  // What a call may bind: any string among the arguments, as in `deprecated(__name__,
  // name="Shape")`.
  llvm::SmallVector<Event, 4> NamesGiven(uint32_t statement, ExprId call) const {
    llvm::SmallVector<Event, 4> events;
    ExprId argument = view_.Is(call, ExprKind::Call) ? view_.Next(view_.Child(call)) : ExprId();
    for (; argument.valid(); argument = view_.Next(argument)) {
      const ExprId value = view_.Is(argument, ExprKind::Keyword) ? view_.Child(argument) : argument;
      if (view_.Is(value, ExprKind::String)) {
        events.push_back({.name = view_.At(value).text, .maybe = true, .statement = statement});
      }
    }
    return events;
  }

  void Write(NamespaceLog &log, uint32_t statement, const Written &written, bool decorates_class,
             llvm::StringRef writer) const {
    if (!written.known || (!written.attributes.empty() && !decorates_class)) {
      log.Open("`" + writer + "` writes names into the module", OpenedBy::Others);
      return;
    }
    llvm::SmallVector<Event, 4> added;
    for (ExprId list : written.attributes) {
      Event event{.kind = EventKind::Copy, .copy = CopyOf::Listed, .statement = statement};
      event.target = list;
      added.push_back(event);
    }
    for (NameId name : written.names) {
      added.push_back({.name = name, .statement = statement});
    }
    InsertEvents(log, added);
  }

  const Project &project_;
  const StatementSigns &signs_;
  SyntaxView view_;
  IdVector<ModuleId, NamespaceLog> &logs_;
  llvm::DenseMap<NameId, Written> writers_; // by the function's name
};

} // namespace

void AddWrittenNames(const Project &project, const StatementSigns &signs,
                     IdVector<ModuleId, NamespaceLog> &logs) {
  CallerWrites(project, signs, logs).Add();
}

} // namespace pydefrag
