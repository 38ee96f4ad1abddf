// Taking one name out of an import statement and putting one in, as text.
//
//     from shop import (      take `Till` out      from shop import (
//         Cart,  # why      ----------------->         Cart,  # why
//         Till,                                    )
//     )
//
// The statement is short, so it is read again for each edit.
#include "fix/import_text.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {
namespace {

uint32_t LineBegin(llvm::StringRef text, uint32_t at) {
  const size_t end = text.take_front(at).find_last_of("\r\n");
  return end == llvm::StringRef::npos ? 0 : static_cast<uint32_t>(end + 1);
}

uint32_t LineEnd(llvm::StringRef text, uint32_t at) {
  return static_cast<uint32_t>(std::min(text.find_first_of("\r\n", at), text.size()));
}

uint32_t NextLine(llvm::StringRef text, uint32_t at) {
  const uint32_t end = LineEnd(text, at);
  const bool crlf = text.substr(end).starts_with("\r\n");
  return std::min(end + (crlf ? 2 : 1), static_cast<uint32_t>(text.size()));
}

bool SameLine(llvm::StringRef text, uint32_t a, uint32_t b) {
  return LineBegin(text, a) == LineBegin(text, b);
}

uint32_t EndWithComma(const ImportName &name) {
  return name.comma != 0 ? name.comma + 1 : name.all.end;
}

bool StartsLine(llvm::StringRef text, const ImportName &name) {
  return text.slice(LineBegin(text, name.all.begin), name.all.begin).trim().empty();
}

// Whether the lines of the name hold nothing else but a comment.
bool HasOwnLine(llvm::StringRef text, const ImportName &name) {
  const uint32_t end = EndWithComma(name);
  const llvm::StringRef behind = text.slice(end, LineEnd(text, end)).ltrim();
  return StartsLine(text, name) && (behind.empty() || behind.starts_with("#"));
}

llvm::StringRef CommentBehind(llvm::StringRef text, uint32_t at) {
  const llvm::StringRef behind = text.slice(at, LineEnd(text, at)).trim();
  return behind.starts_with("#") ? behind : "";
}

// What is cut out so that name `index`, which has no line to itself, is gone.
Span CutFor(llvm::StringRef text, const ImportText &import, size_t index) {
  const ImportName &name = import.names[index];
  const ImportName *previous = index > 0 ? &import.names[index - 1] : nullptr;
  const bool after_previous = previous && SameLine(text, previous->all.begin, name.all.begin);
  if (index + 1 == import.names.size()) {
    if (!previous || !CommentBehind(text, EndWithComma(*previous)).empty()) {
      return {name.all.begin, EndWithComma(name)};
    }
    return {previous->all.end, name.all.end};
  }
  const ImportName &next = import.names[index + 1];
  if (SameLine(text, name.all.begin, next.all.begin)) {
    return {name.all.begin, next.all.begin};
  }
  if (after_previous) {
    return {previous->comma + 1, name.comma + 1};
  }
  const bool comment = !CommentBehind(text, name.comma + 1).empty();
  return {name.all.begin, comment ? name.comma + 1 : next.all.begin};
}

std::string TextOf(llvm::StringRef text, Span span) {
  return text.slice(span.begin, span.end).str();
}

// Before which name a new one belongs; their number when the names are not sorted.
size_t PlaceFor(llvm::StringRef text, const ImportText &import, llvm::StringRef clause) {
  const std::string name = clause.split(' ').first.str();
  std::vector<std::string> names;
  for (const ImportName &each : import.names) {
    names.push_back(TextOf(text, each.name));
  }
  const auto exact = [](const std::string &a, const std::string &b) { return a < b; };
  const auto folded = [](const std::string &a, const std::string &b) {
    return llvm::StringRef(a).compare_insensitive(b) < 0;
  };
  if (llvm::is_sorted(names, folded)) {
    return static_cast<size_t>(llvm::upper_bound(names, name, folded) - names.begin());
  }
  if (llvm::is_sorted(names, exact)) {
    return static_cast<size_t>(llvm::upper_bound(names, name, exact) - names.begin());
  }
  return names.size();
}

std::string Indentation(llvm::StringRef text, uint32_t at) {
  return text.slice(LineBegin(text, at), at)
      .take_while([](char c) { return c == ' ' || c == '\t'; })
      .str();
}

// Whether names stand one to a line, each at its beginning.
bool IsVertical(llvm::StringRef text, const ImportText &import) {
  return import.brackets &&
         llvm::all_of(import.names, [&](const ImportName &name) { return HasOwnLine(text, name); });
}

void AddLine(std::string &statement, const ImportText &import, size_t place, llvm::StringRef clause,
             llvm::StringRef comment, const ImportLayout &layout) {
  const std::string behind = comment.empty() ? "" : ("  " + comment).str();
  if (place < import.names.size()) {
    const uint32_t at = import.names[place].all.begin;
    const std::string line =
        Indentation(statement, at) + clause.str() + "," + behind + layout.line_end;
    statement.insert(LineBegin(statement, at), line);
    return;
  }
  const ImportName &last = import.names.back();
  const std::string indentation = Indentation(statement, last.all.begin);
  const uint32_t next = NextLine(statement, EndWithComma(last));
  const llvm::StringRef comma = last.comma != 0 ? "," : "";
  statement.insert(next, (indentation + clause + comma + behind + layout.line_end).str());
  if (last.comma == 0) {
    statement.insert(last.all.end, ",");
  }
}

} // namespace

std::string RemoveName(std::string &statement, size_t index) {
  const std::optional<ImportText> import = ReadImport(statement, 0);
  const ImportName &name = import->names[index];
  std::string comment;
  Span cut;
  if (import->brackets && HasOwnLine(statement, name)) {
    const uint32_t end = EndWithComma(name);
    comment = CommentBehind(statement, end).str();
    cut = {LineBegin(statement, name.all.begin), NextLine(statement, end)};
  } else {
    cut = CutFor(statement, *import, index);
  }
  statement.erase(cut.begin, cut.end - cut.begin);
  return comment;
}

void AddName(std::string &statement, llvm::StringRef clause, llvm::StringRef comment,
             const ImportLayout &layout) {
  const std::optional<ImportText> import = ReadImport(statement, 0);
  const size_t place = PlaceFor(statement, *import, clause);
  if (IsVertical(statement, *import)) {
    AddLine(statement, *import, place, clause, comment, layout);
    return;
  }
  std::string longer = statement;
  if (place < import->names.size()) {
    longer.insert(import->names[place].all.begin, (clause + ", ").str());
  } else {
    longer.insert(import->names.back().all.end, (", " + clause).str());
  }
  const bool one_line = llvm::StringRef(statement).find_first_of("\r\n") == std::string::npos;
  if (!one_line || layout.indentation.size() + longer.size() <= layout.width) {
    statement = std::move(longer);
    return;
  }
  llvm::SmallVector<ImportClause, 8> clauses;
  for (const ImportName &name : import->names) {
    clauses.push_back({TextOf(statement, name.all), ""});
  }
  clauses.insert(clauses.begin() + static_cast<std::ptrdiff_t>(place), {clause.str(), ""});
  statement = NewImport(TextOf(statement, import->module), clauses, layout);
}

std::string NewImport(llvm::StringRef module, llvm::ArrayRef<ImportClause> clauses,
                      const ImportLayout &layout) {
  std::string line = ("from " + module + " import ").str();
  const size_t head = line.size();
  for (const ImportClause &clause : clauses) {
    (line += line.size() == head ? "" : ", ") += clause.text;
  }
  const bool comments = llvm::any_of(clauses, [](const auto &c) { return !c.comment.empty(); });
  if (clauses.size() == 1) {
    return line + (comments ? "  " + clauses.front().comment : "");
  }
  if (!comments && layout.indentation.size() + line.size() <= layout.width) {
    return line;
  }
  const llvm::StringRef step = llvm::StringRef(layout.indentation).contains('\t') ? "\t" : "    ";
  line.resize(head);
  (line += "(") += layout.line_end;
  for (const ImportClause &clause : clauses) {
    ((line += layout.indentation) += step) += clause.text + ",";
    line += clause.comment.empty() ? "" : "  " + clause.comment;
    line += layout.line_end;
  }
  return line + layout.indentation + ")";
}

} // namespace pydefrag
