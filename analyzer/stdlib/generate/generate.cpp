// Turns the .tsv files of the standard library into C++ tables, at build time.
// Usage: generate FOLDER OUTPUT. A row that it does not understand ends the build.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

using Row = std::vector<std::string>;

[[noreturn]] void Fail(const std::string &what) {
  std::cerr << "generate: " << what << "\n";
  std::exit(1);
}

Row Split(const std::string &text, char separator) {
  Row parts;
  std::istringstream stream(text);
  for (std::string part; std::getline(stream, part, separator);) {
    parts.push_back(part);
  }
  return parts;
}

std::vector<Row> ReadRows(const std::string &path, size_t columns) {
  std::ifstream file(path);
  if (!file) {
    Fail("cannot read " + path);
  }
  std::vector<Row> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') {
      continue;
    }
    rows.push_back(Split(line, '\t'));
    if (rows.back().size() != columns) {
      Fail(path + ": wrong number of columns in: " + line);
    }
  }
  return rows;
}

std::string Quoted(const std::string &text) {
  return "\"" + (text == "-" ? "" : text) + "\"";
}

struct Masks {
  unsigned present = 0;
  unsigned perhaps = 0;
};

// "1110p00000": a column for each of 3.6 to 3.15.
Masks ParsePresence(const std::string &text) {
  Masks masks;
  if (text == "-") {
    return masks;
  }
  if (text.size() != 10) {
    Fail("wrong presence: " + text);
  }
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '0') {
      masks.present |= 1u << i;
    }
    if (text[i] == 'p') {
      masks.perhaps |= 1u << i;
    }
  }
  return masks;
}

int ParseMinor(const std::string &text) {
  if (text == "-") {
    return 0;
  }
  if (text.rfind("3.", 0) != 0) {
    Fail("wrong version: " + text);
  }
  return std::atoi(text.c_str() + 2);
}

// "3.7-3.9" or "3.12".
unsigned ParseRange(const std::string &text) {
  if (text == "-") {
    return 0;
  }
  const Row ends = Split(text, '-');
  const int first = ParseMinor(ends.front());
  const int last = ParseMinor(ends.back());
  unsigned mask = 0;
  for (int minor = first; minor <= last; ++minor) {
    mask |= 1u << (minor - 6);
  }
  return mask;
}

const char *Bool(bool value) {
  return value ? "true" : "false";
}

struct NameRange {
  size_t first = 0;
  size_t count = 0;
};

class Generator {
public:
  Generator(std::string folder, std::ostream &out) : folder_(std::move(folder)), out_(out) {}

  void Run() {
    out_ << "// Made by analyzer/stdlib/generate from the .tsv files beside it.\n"
            "#include \"stdlib/tables.h\"\n\nnamespace pydefrag::stdlib_tables {\nnamespace {\n";
    WriteNames();
    WriteModules();
    WriteDeprecations();
    WritePython2();
    WriteVirtual();
    out_ << "} // namespace\n\n"
            "const char *const name_texts = kNameTexts;\n"
            "const llvm::ArrayRef<NameRow> names(kNames);\n"
            "const llvm::ArrayRef<ModuleRow> modules(kModules);\n"
            "const llvm::ArrayRef<DeprecationRow> deprecations(kDeprecations);\n"
            "const llvm::ArrayRef<RenamedRow> python2(kPython2);\n"
            "const llvm::ArrayRef<const char *> virtual_modules(kVirtual);\n"
            "} // namespace pydefrag::stdlib_tables\n";
  }

private:
  std::vector<Row> Sorted(const char *file, size_t columns) {
    std::vector<Row> rows = ReadRows(folder_ + "/" + file, columns);
    std::sort(rows.begin(), rows.end());
    return rows;
  }

  // Equal texts are stored once: most names stand in several modules.
  size_t TextOffset(const std::string &text) {
    auto [it, inserted] = offsets_.try_emplace(text, texts_size_);
    if (inserted) {
      texts_.push_back(text);
      texts_size_ += text.size() + 1;
    }
    return it->second;
  }

  void WriteNames() {
    std::ostringstream rows;
    size_t number = 0;
    for (const Row &row : Sorted("names.tsv", 3)) {
      const Masks masks = ParsePresence(row[2]);
      NameRange &range = ranges_[row[0]];
      if (range.count == 0) {
        range.first = number;
      }
      ++range.count;
      ++number;
      rows << "{" << TextOffset(row[1]) << "," << masks.present << "," << masks.perhaps << "},\n";
    }
    out_ << "constexpr char kNameTexts[] =\n";
    for (const std::string &text : texts_) {
      out_ << "\"" << text << "\\0\"\n";
    }
    out_ << ";\nconstexpr NameRow kNames[] = {\n" << rows.str() << "};\n";
  }

  void WriteModules() {
    out_ << "constexpr ModuleRow kModules[] = {\n";
    for (const Row &row : Sorted("modules.tsv", 6)) {
      const auto flag = [&](char c) { return row[3].find(c) != std::string::npos; };
      // os.path is posixpath or ntpath.
      const NameRange range = ranges_[row[0] == "os.path" ? "posixpath" : row[0]];
      out_ << "{" << Quoted(row[0]) << ", {.present = " << ParsePresence(row[1]).present
           << ", .warns = " << ParsePresence(row[2]).present << ", .open = " << Bool(flag('O'))
           << ", .package = " << Bool(flag('P')) << ", .replacement = " << Quoted(row[4])
           << ", .open_package = " << Bool(flag('S')) << ", .everywhere = " << Bool(!flag('X'))
           << ", .on_linux = " << Bool(!flag('N')) << ", .removal = " << ParseMinor(row[5]) << "}, "
           << (flag('U')   ? 0x3ff
               : flag('C') ? 0x300
                           : 0)
           << ", " << range.first << ", " << range.count << "},\n";
    }
    out_ << "};\n";
  }

  void WriteDeprecations() {
    std::vector<Row> single;
    for (const Row &row : ReadRows(folder_ + "/deprecations.tsv", 6)) {
      for (const std::string &name : Split(row[1], ' ')) {
        Row copy = row;
        copy[1] = name;
        single.push_back(copy);
      }
    }
    std::sort(single.begin(), single.end());
    out_ << "constexpr DeprecationRow kDeprecations[] = {\n";
    for (const Row &row : single) {
      if (row[3] != "doc" && row[3] != "warns") {
        Fail("wrong kind: " + row[3]);
      }
      out_ << "{" << Quoted(row[0]) << ", " << Quoted(row[1]) << ", " << ParseRange(row[2]) << ", "
           << Quoted(row[4]) << ", " << Bool(row[3] == "doc") << ", " << ParseMinor(row[5])
           << "},\n";
    }
    out_ << "};\n";
  }

  void WritePython2() {
    out_ << "constexpr RenamedRow kPython2[] = {\n";
    for (const Row &row : Sorted("python2.tsv", 2)) {
      out_ << "{" << Quoted(row[0]) << ", " << Quoted(row[1]) << "},\n";
    }
    out_ << "};\n";
  }

  void WriteVirtual() {
    out_ << "constexpr const char *kVirtual[] = {\n";
    for (const Row &row : Sorted("virtual.tsv", 1)) {
      out_ << Quoted(row[0]) << ",\n";
    }
    out_ << "};\n";
  }

  std::string folder_;
  std::ostream &out_;
  std::map<std::string, NameRange> ranges_; // by module
  std::map<std::string, size_t> offsets_;
  std::vector<std::string> texts_; // in the order of their offsets
  size_t texts_size_ = 0;
};

} // namespace

int main(int argc, char **argv) {
  if (argc != 3) {
    Fail("usage: generate FOLDER OUTPUT");
  }
  std::ofstream out(argv[2]);
  Generator(argv[1], out).Run();
  out.close();
  return out ? 0 : 1;
}
