// `pydefrag init`: a configuration to start from, made of what the project shows. It goes to
// pyproject.toml when there is one, else to pydefrag.toml; one that exists is never touched.
#include "base/vendored.h"
#include "driver/commands.h"
#include "driver/terminal.h"
#include "report/text/style.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

#include <limits>
#include <set>

namespace pydefrag {

// Patterns for files that people do not write, of those that the project has.
static std::vector<std::string> NotWrittenByHand(const Discovery &discovery) {
  std::set<std::string> patterns;
  for (const DiscoveredFile &file : discovery.files) {
    const llvm::StringRef path = file.path;
    for (llvm::StringRef suffix : {"_pb2.py", "_pb2_grpc.py"}) {
      if (path.ends_with(suffix)) {
        patterns.insert(("*" + suffix).str());
      }
    }
    llvm::SmallVector<llvm::StringRef, 8> parts;
    path.split(parts, '/');
    for (llvm::StringRef part : llvm::ArrayRef(parts).drop_back()) {
      if (IsVendorFolder(part)) {
        patterns.insert((part + "/").str());
      }
    }
  }
  return {patterns.begin(), patterns.end()};
}

static std::string TomlList(llvm::ArrayRef<std::string> items) {
  return items.empty() ? "[]" : "[\"" + llvm::join(items, "\", \"") + "\"]";
}

static std::string Content(const Analysis &analysis, llvm::StringRef table, size_t findings) {
  std::string text;
  llvm::raw_string_ostream os(text);
  os << (table.empty() ? "" : "[" + table.str() + "]\n");
  os << "# Source roots are found without help; to override:\n";
  std::vector<std::string> roots;
  for (const SourceRoot &root : analysis.project->roots) {
    roots.push_back(root.path.empty() ? "." : root.path);
  }
  os << "# source-roots = " << TomlList(roots) << '\n';
  const std::vector<std::string> excluded = NotWrittenByHand(analysis.discovery);
  os << (excluded.empty() ? "# Not reported on, though imports of them resolve:\n# exclude = "
                          : "# Not written by hand: not reported on, though imports resolve.\n"
                            "exclude = ")
     << TomlList(excluded.empty() ? std::vector<std::string>{"generated/"} : excluded) << '\n';
  os << "# The Python that the project must run on:\n# target-version = \""
     << analysis.project->target.major << '.' << analysis.project->target.minor << "\"\n";
  os << "# The least severity that fails: error, warning or note.\nfail-on = \"error\"\n";
  if (findings > 0) {
    os << "# " << Counted(findings, "finding") << " today; to start from there:\n"
       << "# pydefrag check --write-baseline\n";
  }
  os << '\n'
     << "[" << (table.empty() ? "" : table.str() + ".") << "severity]\n"
     << "# fragmented-import = \"error\" # `pydefrag rule` lists all; \"off\" turns one off\n";
  return text;
}

// Where it goes, and what stands there now.
namespace {
struct ConfigFile {
  std::string name; // below the root
  std::string before;
  bool new_file = false;
};
} // namespace

static ConfigFile FindConfigFile(const Analysis &analysis, const Environment &env) {
  const std::string pyproject = AbsolutePath("pyproject.toml", analysis.place.root);
  llvm::SmallVector<char, 0> bytes;
  if (env.disk->Read(pyproject, std::numeric_limits<uint32_t>::max(), bytes)) {
    return {.name = "pydefrag.toml", .before = "", .new_file = true};
  }
  return {.name = "pyproject.toml", .before = std::string(bytes.data(), bytes.size())};
}

int RunInit(const CommandLine &line, const Environment &env) {
  llvm::Expected<std::unique_ptr<Analysis>> analyzed = Analyze(line, env);
  if (!analyzed) {
    return PrintError(env, analyzed.takeError());
  }
  Analysis &analysis = **analyzed;
  if (!analysis.config.file.empty()) {
    *env.err << "error: `" << analysis.config.file << "` configures pydefrag already\n";
    return 2;
  }
  SourceCache sources(*analysis.project, *analysis.disk);
  llvm::Expected<Report> report = Check(analysis, line, env, sources);
  if (!report) {
    return PrintError(env, report.takeError());
  }
  const ConfigFile place = FindConfigFile(analysis, env);
  const std::string content =
      Content(analysis, place.new_file ? "" : "tool.pydefrag", report->findings.size());
  if (line.dry_run) {
    *env.out << content;
    return 0;
  }
  std::string whole = place.before;
  whole += whole.empty() || llvm::StringRef(whole).ends_with("\n") ? "" : "\n";
  whole += whole.empty() ? "" : "\n";
  whole += content;
  if (std::error_code error =
          env.write_file(AbsolutePath(place.name, analysis.place.root), whole)) {
    *env.err << "error: cannot write `" << place.name << "`: " << error.message() << '\n';
    return 2;
  }
  *env.out << "Wrote " << (place.new_file ? "" : "[tool.pydefrag] to ")
           << analysis.place.path_prefix + place.name << ".\n";
  if (!report->findings.empty()) {
    *env.out << Counted(report->findings.size(), "finding")
             << " today. Next: pydefrag check, or make them known: pydefrag check "
                "--write-baseline\n";
  }
  return 0;
}

} // namespace pydefrag
