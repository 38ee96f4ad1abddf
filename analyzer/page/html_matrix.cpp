// The dependency matrix as a table.
#include "page/html_parts.h"

#include "page/html_text.h"
#include "report/text/style.h"

namespace pydefrag {
namespace {

constexpr size_t kDense = 40; // with more rows the cells are smaller

// The first and last row of the block a row is in.
struct Block {
  size_t first = 0, last = 0;
  bool cyclic() const { return last > first; }
};

class MatrixWriter {
public:
  MatrixWriter(llvm::raw_ostream &os, const Page &page) : os_(os), page_(page) { FindBlocks(); }

  void Write() {
    const std::vector<MatrixRow> &rows = page_.matrix.rows;
    os_ << "<div class=\"scroll\"><table id=\"matrix\" class=\"matrix"
        << (rows.size() > kDense ? " dense" : "")
        << "\"><thead><tr>"
           "<th>package</th><th title=\"modules\">size</th>";
    for (size_t i = 0; i < rows.size(); ++i) {
      os_ << "<th scope=\"col\" title=\"" << HtmlText(rows[i].name) << "\">" << i + 1 << "</th>";
    }
    os_ << "</tr></thead><tbody>\n";
    for (size_t i = 0; i < rows.size(); ++i) {
      Row(i);
    }
    os_ << "</tbody></table></div>\n";
  }

private:
  void FindBlocks() {
    const std::vector<MatrixRow> &rows = page_.matrix.rows;
    blocks_.resize(rows.size());
    for (size_t first = 0; first < rows.size();) {
      size_t last = first;
      while (last + 1 < rows.size() && rows[last + 1].block == rows[first].block) {
        ++last;
      }
      for (size_t i = first; i <= last; ++i) {
        blocks_[i] = {first, last};
      }
      first = last + 1;
    }
  }

  // How the outline of a block runs at a cell.
  std::string Outline(size_t row, size_t column) const {
    const Block &block = blocks_[row];
    if (!block.cyclic() || column < block.first || column > block.last) {
      return "";
    }
    std::string classes;
    classes += row == block.first ? " top" : "";
    classes += row == block.last ? " bottom" : "";
    classes += column == block.first ? " left" : "";
    classes += column == block.last ? " right" : "";
    return classes;
  }

  void Row(size_t index) {
    const MatrixRow &row = page_.matrix.rows[index];
    os_ << "<tr data-row=\"" << index << "\"><th scope=\"row\"><span class=\"number\">" << index + 1
        << "</span> <span class=\"name\">" << HtmlText(row.name)
        << "</span></th><td class=\"size\">" << WithCommas(row.modules) << "</td>";
    size_t next = 0;
    for (size_t column = 0; column < page_.matrix.rows.size(); ++column) {
      const bool filled = next < row.cells.size() && row.cells[next].column == column;
      Cell(index, column, filled ? row.cells[next].imports : 0);
      next += filled ? 1 : 0;
    }
    os_ << "</tr>\n";
  }

  void Cell(size_t index, size_t column, uint32_t imports) {
    const MatrixRow &row = page_.matrix.rows[index];
    std::string classes = Outline(index, column);
    if (index == column) {
      classes += " diagonal";
    } else if (imports > 0) {
      classes += column > index && !page_.matrix.rows[column].other ? " used against" : " used";
    }
    os_ << "<td";
    if (!classes.empty()) {
      os_ << " class=\"" << llvm::StringRef(classes).ltrim() << '"';
    }
    if (imports > 0) {
      os_ << " title=\"" << HtmlText(row.name) << " imports "
          << HtmlText(page_.matrix.rows[column].name) << ": " << imports << '"';
    }
    os_ << '>';
    if (imports > 0) {
      os_ << Short(imports);
    }
    os_ << "</td>";
  }

  // The exact number stands in the cell's title.
  static std::string Short(uint32_t number) {
    return number < 1000 ? std::to_string(number) : std::to_string((number + 500) / 1000) + "k";
  }

  llvm::raw_ostream &os_;
  const Page &page_;
  std::vector<Block> blocks_; // by row
};

} // namespace

void WriteMatrix(llvm::raw_ostream &os, const Page &page) {
  const Matrix &matrix = page.matrix;
  if (matrix.rows.size() < 2) {
    return;
  }
  std::string lead =
      "A row imports the columns: the number says how often, the column's number is that of a row. "
      "What others build on stands at the top, so a number below the diagonal is as it should be. ";
  lead += matrix.against == 0
              ? "Nothing stands above it: no package imports in a circle."
              : "Above it (red) stand " + Counted(matrix.against, "import") +
                    " that go round in a circle; the outlined packages import each other.";
  OpenSection(os, "matrix-section", "Which package imports which", lead);
  MatrixWriter(os, page).Write();
  os << "<div id=\"cell-imports\" class=\"panel\" hidden aria-live=\"polite\"></div>\n</section>\n";
}

} // namespace pydefrag
