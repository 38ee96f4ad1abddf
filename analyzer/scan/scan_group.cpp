// See scan_group.h.
#include "scan/scan_group.h"

#include "base/check.h"
#include "scan/outline/outline.h"
#include "scan/reduce/reduce.h"
#include "scan/whole_file.h"
#include "source/paths.h"
#include "source/source_file.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/xxhash.h"

namespace pydefrag {

// Most sources fit, so that reading one takes no look at its size.
static constexpr size_t kBufferBytes = 256u << 10;

FileScanner::FileScanner(const Disk &disk, const ScanOptions &options, Route route,
                         DistinctStatements &statements)
    : disk_(disk), options_(options), route_(route), statements_(statements) {
  bytes_.reserve(kBufferBytes);
}
FileScanner::~FileScanner() = default;

Problem UncertainProblem(llvm::StringRef path, uint32_t line, llvm::StringRef why) {
  return {.kind = ProblemKind::Uncertain,
          .path = path.str(),
          .line = line,
          .message = (why + "; nothing is called missing from this module").str()};
}

static void SetSyntaxError(ModuleFacts &facts, uint32_t at, size_t size, std::string message) {
  facts.state = FileState::SyntaxError;
  const uint32_t end = static_cast<uint32_t>(std::min<size_t>(size, at + size_t{1}));
  facts.error_span = {.begin = at, .end = end};
  facts.error_message = std::move(message);
}

void FileScanner::Scan(const std::string &path, FileScan &file) {
  const WorkingOn working_on(path);
  bytes_.clear();
  const std::string full = JoinPath(options_.root, path);
  file.facts.state = FileState::Unread;
  if (const std::error_code error = disk_.Read(full, options_.max_file_bytes + 1, bytes_)) {
    file.problem = {.kind = ProblemKind::Unreadable, .path = path, .message = error.message()};
    return;
  }
  if (bytes_.size() > options_.max_file_bytes) {
    file.problem = {.kind = ProblemKind::TooLarge,
                    .path = path,
                    .message = "larger than " + std::to_string(options_.max_file_bytes) +
                               " bytes, not analysed"};
    return;
  }
  file.facts.state = FileState::Parsed;
  Read(path, file);
}

void FileScanner::Read(const std::string &path, FileScan &file) {
  const llvm::StringRef bytes(bytes_.data(), bytes_.size());
  ModuleFacts &facts = file.facts;
  facts.bytes = static_cast<uint32_t>(bytes.size());
  facts.content_hash = options_.hash_contents ? llvm::xxh3_64bits(bytes) : 0;
  Decoded decoded = DecodeSource(bytes);
  if (decoded.status != DecodeStatus::Ok) {
    SetSyntaxError(facts, decoded.bad_offset, bytes.size(), std::move(decoded.message));
    return;
  }
  ScanText(path, decoded.converted ? llvm::StringRef(decoded.text) : bytes, file);
}

// A block of metadata (PEP 723), as it stands on top of a script.
static bool SaysWhatItNeeds(llvm::StringRef text) {
  constexpr size_t kTop = 4096;
  constexpr llvm::StringLiteral kBlock = "# /// script\n";
  text = text.take_front(kTop);
  return text.starts_with(kBlock) || text.contains("\n# /// script\n");
}

void FileScanner::ScanText(llvm::StringRef path, llvm::StringRef text, FileScan &file) {
  ModuleFacts &facts = file.facts;
  bool whole = route_ == Route::WholeFile || options_.always_whole_file;
  if (!whole) {
    outliner_.Make(text, outline_);
    whole = outline_.status == LexStatus::Uncertain;
  }
  if (whole) {
    OutlineWhole(path, text, file);
  }
  facts.lines = outline_.lines;
  facts.has_shebang = outline_.has_shebang;
  facts.own_environment = SaysWhatItNeeds(text);
  if (outline_.status == LexStatus::Rejected) {
    facts.python2 = outline_.python2;
    SetSyntaxError(facts, outline_.at, text.size(), outline_.why);
    return;
  }
  facts.has_main_guard = outline_.has_main_guard;
  facts.suppressions = outline_.suppressions;
  PlaceStatements(text, facts);
}

void FileScanner::OutlineWhole(llvm::StringRef path, llvm::StringRef text, FileScan &file) {
  file.facts.whole_file_route = true;
  if (text.size() <= options_.max_whole_file_bytes) {
    if (parser_ == nullptr) {
      parser_ = std::make_unique<TreeParser>();
    }
    OutlineTree(text, *parser_, tree_, outline_);
  } else if (outline_.status == LexStatus::Certain) {
    outline_ = {};
    outline_.status = LexStatus::Uncertain;
    outline_.why = "too large for a full parse";
  }
  if (outline_.status == LexStatus::Uncertain) {
    file.facts.state = FileState::Uncertain;
    const uint32_t line = static_cast<uint32_t>(text.take_front(outline_.at).count('\n')) + 1;
    file.problem = UncertainProblem(path, line, outline_.why);
  }
}

// What may stand between two words of a statement.
static constexpr llvm::StringLiteral kSpace = " \t\f\\\r\n";

// Perhaps in brackets.
static bool IsString(llvm::StringRef statement) {
  while (statement.consume_front("(")) {
    statement = statement.ltrim(kSpace);
  }
  statement = statement.ltrim("rRuUbBfF");
  return statement.starts_with("\"") || statement.starts_with("'");
}

// Whether a `from` imports from `__future__`.
static bool IsOfFuture(llvm::StringRef statement) {
  llvm::StringRef module = statement.drop_front(4).ltrim(kSpace);
  return module.consume_front("__future__") && !module.empty() &&
         kSpace.contains(module.take_front());
}

// An import that only stands where CPython takes none of its kind. Nothing when there is none.
struct Misplaced {
  uint32_t at = 0;
  const char *why = nullptr;
};
static Misplaced FindMisplacedImport(llvm::StringRef text, const Outline &outline) {
  bool late = false;
  for (const OutlineItem &item : outline.items) {
    const llvm::StringRef statement = text.slice(item.head, item.text_end);
    if (item.kind != StatementKind::FromImport) {
      late = late || (item.kind != StatementKind::Docstring && !IsString(statement));
      continue;
    }
    if ((item.in_function || item.in_class) && statement.ends_with("*")) {
      return {item.head, "`import *` in a function or class"};
    }
    const bool future = IsOfFuture(statement);
    if (future && late) {
      return {item.head, "imports from `__future__` must stand at the beginning of the file"};
    }
    late |= !future;
  }
  return {};
}

void FileScanner::PlaceStatements(llvm::StringRef text, ModuleFacts &facts) {
  if (facts.state == FileState::Parsed) {
    if (const Misplaced import = FindMisplacedImport(text, outline_); import.why != nullptr) {
      SetSyntaxError(facts, import.at, text.size(), import.why);
      return;
    }
  }
  Reducer reducer(text, outline_);
  reduced_.clear();
  texts_.Reset();
  for (const OutlineItem &item : outline_.items) {
    ReducedStatement &reduced = reduced_.emplace_back(reducer.Reduce(item));
    if (reduced.text.data() < text.begin() || reduced.text.data() >= text.end()) {
      reduced.text = reduced.text.copy(texts_); // the reducer's buffer is for one at a time
    }
  }
  statements_.AddAll(reduced_, indices_);
  facts.statements.reserve(outline_.items.size());
  for (size_t i = 0; i < indices_.size(); ++i) {
    const OutlineItem &item = outline_.items[i];
    facts.statements.push_back({.statement = StatementId(size_t{indices_[i]}),
                                .begin = item.begin,
                                .head = item.head,
                                .line = item.line,
                                .last_line = item.last_line,
                                .end = item.subtree_end,
                                .parent = item.parent,
                                .lazy = item.lazy});
  }
}

} // namespace pydefrag
