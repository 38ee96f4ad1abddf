// A line is laid out as cells: what one byte sequence looks like and how many columns it takes.
// Then the window that is shown is chosen, so that the marked place is always inside it.
#include "report/text/code_frame.h"

#include "source/paths.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Unicode.h"

#include <algorithm>

namespace pydefrag {

static constexpr uint32_t kTabWidth = 4;
static constexpr uint32_t kLeftContext = 30; // columns kept before the place in a cut line

namespace {

struct Cell {
  std::string text;
  uint32_t column = 0; // where it starts
  uint32_t width = 1;
  uint32_t offset = 0; // in the line, in bytes
};

} // namespace

static constexpr const char *kUnprintable = "\xEF\xBF\xBD"; // U+FFFD

// The cell of the character at `offset`; `size` becomes its length in bytes.
static Cell CellAt(llvm::StringRef line, uint32_t offset, uint32_t column, uint32_t &size) {
  Cell cell{.text = "", .column = column, .width = 1, .offset = offset};
  const unsigned char first = static_cast<unsigned char>(line[offset]);
  size = 1;
  if (first == '\t') {
    cell.width = kTabWidth - column % kTabWidth;
    cell.text.assign(cell.width, ' ');
    return cell;
  }
  const uint32_t length = static_cast<uint32_t>(llvm::getNumBytesForUTF8(first));
  const llvm::StringRef bytes = line.substr(offset, length);
  const int width = llvm::sys::unicode::columnWidthUTF8(bytes);
  if (bytes.size() < length || width == llvm::sys::unicode::ErrorInvalidUTF8) {
    cell.text = kUnprintable;
    return cell;
  }
  size = length;
  if (width < 0) {
    const bool mark = bytes == "\xEF\xBB\xBF"; // a byte order mark is not shown
    cell.width = mark ? 0 : 1;
    cell.text = mark ? "" : kUnprintable;
    return cell;
  }
  cell.width = static_cast<uint32_t>(width);
  cell.text = bytes.str();
  return cell;
}

static llvm::SmallVector<Cell, 0> CellsOf(llvm::StringRef line) {
  llvm::SmallVector<Cell, 0> cells;
  uint32_t column = 0;
  for (uint32_t offset = 0, size = 0; offset < line.size(); offset += size) {
    cells.push_back(CellAt(line, offset, column, size));
    column += cells.back().width;
  }
  cells.push_back({.text = "",
                   .column = column,
                   .width = 0,
                   .offset = static_cast<uint32_t>(line.size())}); // the end of the line
  return cells;
}

static uint32_t ColumnOf(llvm::ArrayRef<Cell> cells, uint32_t offset) {
  auto cell = std::lower_bound(cells.begin(), cells.end(), offset,
                               [](const Cell &c, uint32_t at) { return c.offset < at; });
  return cell == cells.end() ? cells.back().column : cell->column;
}

FrameLine LayOutLine(llvm::StringRef line, uint32_t begin, uint32_t end, uint32_t width) {
  const llvm::SmallVector<Cell, 0> cells = CellsOf(line);
  FrameLine result;
  const uint32_t mark_begin = ColumnOf(cells, begin);
  const uint32_t mark_end = std::max(ColumnOf(cells, end), mark_begin + 1);
  const bool cut = cells.back().column > width;
  const uint32_t from = cut && mark_begin > kLeftContext ? mark_begin - kLeftContext : 0;
  uint32_t shift = 0; // columns that stand before the first one shown
  if (from > 0) {
    result.text = "...";
  }
  bool first = true;
  for (const Cell &cell : cells) {
    if (cell.column < from) {
      continue;
    }
    if (first) {
      shift = cell.column - static_cast<uint32_t>(result.text.size());
      first = false;
    }
    if (cell.column + cell.width - shift > width) {
      result.text += "...";
      break;
    }
    result.text += cell.text;
  }
  result.mark_begin = mark_begin - shift;
  result.mark_end = std::max(std::min(mark_end - shift, width), result.mark_begin + 1);
  return result;
}

// What a URL's path may not hold as it is.
static std::string FileUrl(llvm::StringRef path) {
  std::string url = "file://";
  for (char c : path) {
    if (llvm::isAlnum(c) || llvm::StringRef("/-._~").contains(c)) {
      url += c;
    } else {
      const uint8_t byte = static_cast<uint8_t>(c);
      url += {'%', llvm::hexdigit(byte >> 4), llvm::hexdigit(byte & 15)};
    }
  }
  return url;
}

std::string PlaceText(const FrameOptions &options, Location where) {
  std::string place = options.path_prefix + options.project->PathOf(where.file).str();
  if (const SourceText *text = options.sources->Get(where.file)) {
    const LineColumn at = text->At(where.span.begin);
    place += ':' + std::to_string(at.line) + ':' + std::to_string(at.column);
  }
  if (options.links) {
    const std::string file = OnDisk(options.project->root, options.project->PathOf(where.file));
    return "\x1b]8;;" + FileUrl(file) + "\x1b\\" + place + "\x1b]8;;\x1b\\";
  }
  return place;
}

namespace {

class FrameWriter {
public:
  FrameWriter(llvm::raw_ostream &os, const FrameOptions &options, size_t digits)
      : os_(os), options_(options), digits_(digits) {}

  void Write(const FrameMark &mark, llvm::StringRef arrow, char underline, Ink ink);

private:
  llvm::raw_ostream &Gutter(llvm::StringRef number, llvm::StringRef bar) {
    os_ << options_.palette->Paint(
        Ink::Gutter, (std::string(digits_ - number.size(), ' ') + number + bar).str());
    return os_;
  }

  llvm::raw_ostream &os_;
  const FrameOptions &options_;
  size_t digits_; // width of the widest line number
};

} // namespace

void FrameWriter::Write(const FrameMark &mark, llvm::StringRef arrow, char underline, Ink ink) {
  Gutter("", arrow) << ' ' << PlaceText(options_, mark.where) << '\n';
  const SourceText *text = options_.sources->Get(mark.where.file);
  if (!text) {
    return;
  }
  const uint32_t line = text->LineOf(mark.where.span.begin);
  const uint32_t start = text->LineBegin(line);
  const llvm::StringRef content = text->Line(line);
  const uint32_t size = static_cast<uint32_t>(content.size());
  const uint32_t begin = std::min(mark.where.span.begin - start, size);
  const uint32_t end = std::min(mark.where.span.end - start, size);
  const FrameLine laid = LayOutLine(content, begin, end, options_.width);
  Gutter("", " |") << '\n';
  Gutter(std::to_string(line), " |") << ' ' << laid.text << '\n';
  std::string marks(laid.mark_end - laid.mark_begin, underline);
  if (!mark.label.empty()) {
    (marks += ' ') += mark.label;
  }
  Gutter("", " |") << ' ' << std::string(laid.mark_begin, ' ')
                   << options_.palette->Paint(ink, marks) << '\n';
}

void RenderFrames(llvm::raw_ostream &os, const FrameOptions &options, const FrameMark &primary,
                  llvm::ArrayRef<FrameMark> others) {
  size_t digits = 1;
  auto measure = [&](const FrameMark &mark) {
    if (const SourceText *text = options.sources->Get(mark.where.file)) {
      digits = std::max(digits, std::to_string(text->LineOf(mark.where.span.begin)).size());
    }
  };
  measure(primary);
  for (const FrameMark &mark : others) {
    measure(mark);
  }
  FrameWriter writer(os, options, digits);
  writer.Write(primary, "-->", '^', Ink::Error);
  for (const FrameMark &mark : others) {
    writer.Write(mark, ":::", '-', Ink::Info);
  }
}

} // namespace pydefrag
