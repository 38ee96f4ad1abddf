#include "fix/import_place.h"

namespace pydefrag {

std::optional<ImportPlace> FindImport(const SourceText &source, uint32_t head) {
  const llvm::StringRef text = source.text();
  const std::optional<ImportText> import = ReadImport(text, head);
  if (!import) {
    return std::nullopt;
  }
  ImportPlace place;
  place.begin = head;
  place.end = import->end;
  place.line_begin = source.LineBegin(source.LineOf(place.begin));
  place.next_line = source.LineBegin(source.LineOf(place.end) + 1);
  llvm::StringRef before = text.slice(place.line_begin, place.begin);
  before.consume_front("\xEF\xBB\xBF");
  const llvm::StringRef behind = text.slice(place.end, place.next_line).trim();
  place.shared = !before.trim().empty() || (!behind.empty() && !behind.starts_with("#"));
  place.comment = behind.starts_with("#") ? behind : "";
  place.text = text.slice(place.begin, place.end).str();
  place.import = *ReadImport(place.text, 0);
  return place;
}

ImportLayout LayoutAt(const SourceText &source, const ImportPlace &place) {
  const llvm::StringRef text = source.text();
  ImportLayout layout;
  const llvm::StringRef line = text.slice(place.line_begin, place.begin);
  layout.indentation = line.take_while([](char c) { return c == ' ' || c == '\t'; }).str();
  const llvm::StringRef up_to_end = text.take_front(place.next_line);
  if (up_to_end.ends_with("\r\n")) {
    layout.line_end = "\r\n";
  } else if (up_to_end.ends_with("\r")) {
    layout.line_end = "\r";
  } else if (!up_to_end.ends_with("\n") && text.contains("\r\n")) {
    layout.line_end = "\r\n"; // the last line of the file
  }
  return layout;
}

} // namespace pydefrag
