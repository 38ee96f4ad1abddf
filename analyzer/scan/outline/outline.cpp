// From logical lines to statements that know where they stand: block depth says under which header
// a line stands, keywords say what it is, lines with several statements are split. Statements that
// no fact needs are dropped at the end (relevance.h). Rejects what CPython's grammar rejects for
// sure and shows at this level: arms without their `if` or `try`, headers without `:`, Python 2
// statements. O(lines) plus the bytes of lines that are split.
#include "scan/outline/outline.h"

#include "scan/lines/line_lexer.h"
#include "scan/lines/python2.h"
#include "scan/lines/split.h"
#include "scan/lines/suppressions.h"
#include "scan/outline/relevance.h"
#include "scan/outline/statement_kind.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"

#include <algorithm>
#include <optional>

namespace pydefrag {

namespace {

constexpr uint32_t kNoDecorator = 0xffffffff;

struct Block {
  StatementKind header = StatementKind::Error; // Error: the module
  int32_t item = -1;
  StatementKind last = StatementKind::Error; // the statement before, in this block; Error: none
  bool in_try = false;                       // `last` belongs to a try statement
  bool in_function = false;
  bool in_class = false;
  bool whole = false;       // everything in it is kept
  bool prunes = false;      // in a function and not whole: what says nothing is left out at once
  bool in_chain = false;    // `last` is a compound statement, whose items
  uint32_t chain_begin = 0; // begin here,
  bool chain_kept = false;  // and hold something kept
  uint32_t decorators = kNoDecorator; // where the decorators of the coming definition begin
};

// One statement before it is placed.
struct Piece {
  Span span;
  Keyword keyword = Keyword::None;
  uint32_t first_line = 0;
  uint32_t last_line = 0;
  uint32_t last_open = 0;
};

class OutlineMaker {
public:
  OutlineMaker(llvm::StringRef text, const Lines &lines, InterestFinder &interest, Outline &outline)
      : text_(text), lines_(lines), interest_(interest), outline_(outline) {
    blocks_.push_back({});
  }

  void Run() {
    for (const LogicalLine &line : lines_.lines) {
      if (!CloseBlocks(line.level + size_t{1}, line.begin) || !AddLine(line)) {
        return;
      }
    }
    if (lines_.status != LexStatus::Certain) {
      outline_.python2 = lines_.python2;
      Fail(lines_.status, lines_.at, lines_.why);
      return;
    }
    if (CloseBlocks(1, static_cast<uint32_t>(text_.size()))) {
      CheckBlockEnd(static_cast<uint32_t>(text_.size()));
    }
  }

private:
  bool Fail(LexStatus status, uint32_t at, const char *why) {
    outline_.status = status;
    outline_.at = at;
    outline_.why = why;
    return false;
  }
  bool Reject(uint32_t at, const char *why) { return Fail(LexStatus::Rejected, at, why); }

  // Leaves `depth` blocks open.
  bool CloseBlocks(size_t depth, uint32_t at) {
    while (blocks_.size() > depth) {
      if (!CheckBlockEnd(at)) {
        return false;
      }
      CloseBlock();
    }
    return true;
  }

  void CloseBlock() {
    EndChain(blocks_.back());
    auto item = static_cast<size_t>(blocks_.pop_back_val().item);
    outline_.items[item].subtree_end = static_cast<uint32_t>(outline_.items.size());
    blocks_.back().chain_kept |= outline_.items.size() > item + 1;
  }

  // Drops the headers of an if/try chain under which nothing was kept.
  void EndChain(Block &block) {
    if (block.in_chain && block.prunes && !block.chain_kept) {
      outline_.items.resize(block.chain_begin);
    }
    block.in_chain = false;
  }

  bool CheckBlockEnd(uint32_t at) {
    const Block &block = blocks_.back();
    if (block.decorators != kNoDecorator) {
      return Reject(block.decorators, "decorator without a definition");
    }
    if (block.last == StatementKind::Try) {
      return Reject(at, "expected an `except` or `finally` block");
    }
    return true;
  }

  // Most lines: plain statements in a function, without a word of interest.
  bool SaysNothing(const LogicalLine &line, const Block &block) {
    constexpr auto kPlain = [] {
      uint64_t set = 0;
      for (Keyword keyword :
           {Keyword::None, Keyword::Quote, Keyword::Assert, Keyword::Break, Keyword::Continue,
            Keyword::Del, Keyword::Nonlocal, Keyword::Pass, Keyword::Return, Keyword::Type}) {
        set |= uint64_t{1} << static_cast<unsigned>(keyword);
      }
      return set;
    }();
    return block.prunes && !line.ends_with_colon && !line.has_semicolon &&
           (kPlain >> static_cast<unsigned>(line.keyword) & 1) != 0 &&
           block.decorators == kNoDecorator && block.header != StatementKind::Match &&
           !interest_.In(line.begin, line.end);
  }

  bool AddLine(const LogicalLine &line) {
    if (SaysNothing(line, blocks_.back())) {
      return FollowArm(StatementKind::Expression, line.begin);
    }
    Piece piece = {.span = {line.begin, line.end},
                   .keyword = line.keyword,
                   .first_line = line.first_line,
                   .last_line = line.last_line,
                   .last_open = line.last_open};
    std::optional<StatementKind> header = HeaderKind(text_, piece.span, piece.keyword);
    if (header == StatementKind::Case && blocks_.back().header != StatementKind::Match) {
      header.reset();
    }
    if (line.ends_with_colon && !line.has_semicolon) {
      if (!header) {
        return Reject(line.end - 1, "a block under something that is no compound statement");
      }
      return OpenHeader(piece, *header);
    }
    if (!header && !line.has_semicolon) {
      return AddSimple(piece);
    }
    return AddSplit(line, header);
  }

  bool AddSplit(const LogicalLine &line, std::optional<StatementKind> header) {
    Span span = {line.begin, line.end};
    SplitResult split = SplitLine(text_, span, header ? LineShape::Header : LineShape::Simple);
    if (header && !split.has_header) {
      return Reject(line.end, "expected `:`");
    }
    if (!split.ok) {
      return Reject(line.begin, "a statement is missing beside `;`");
    }
    for (size_t i = 0; i < split.statements.size(); ++i) {
      Piece piece = MakePiece(line, split.statements[i]);
      if (header && i == 0) {
        if (!OpenHeader(piece, *header)) {
          return false;
        }
      } else if (IsCompound(piece.keyword)) {
        return Reject(piece.span.begin, "a compound statement must start its line");
      } else if (!AddSimple(piece)) {
        return false;
      }
    }
    return true;
  }

  Piece MakePiece(const LogicalLine &line, Span span) const {
    uint32_t first = line.first_line + Breaks(line.begin, span.begin);
    return {.span = span,
            .keyword = ReadKeyword(text_, span.begin),
            .first_line = first,
            .last_line = first + Breaks(span.begin, span.end)};
  }

  uint32_t Breaks(uint32_t begin, uint32_t end) const {
    return static_cast<uint32_t>(CountLineBreaks(text_.data() + begin, text_.data() + end));
  }

  // What each arm may follow; everything but an arm ends a chain.
  bool FollowArm(StatementKind kind, uint32_t at) {
    Block &block = blocks_.back();
    StatementKind last = block.last;
    bool in_try = block.in_try;
    bool fits = true;
    switch (kind) {
    case StatementKind::Elif:
      fits = last == StatementKind::If || last == StatementKind::Elif;
      break;
    case StatementKind::Else:
      fits = last == StatementKind::If || last == StatementKind::Elif ||
             last == StatementKind::For || last == StatementKind::While ||
             last == StatementKind::Except || last == StatementKind::ExceptStar;
      break;
    case StatementKind::Except:
    case StatementKind::ExceptStar:
      fits = last == StatementKind::Try || last == kind;
      break;
    case StatementKind::Finally:
      fits = in_try && last != StatementKind::Finally;
      break;
    default:
      if (last == StatementKind::Try) {
        return Reject(at, "expected an `except` or `finally` block");
      }
      in_try = kind == StatementKind::Try;
      EndChain(block);
      break;
    }
    block.last = kind;
    block.in_try = in_try;
    return fits || Reject(at, "this arm does not follow the statement that it needs");
  }

  bool OpenHeader(const Piece &piece, StatementKind kind) {
    if (!FollowArm(kind, piece.span.begin)) {
      return false;
    }
    Block &parent = blocks_.back();
    if (!parent.in_chain) {
      parent.in_chain = true;
      parent.chain_begin = static_cast<uint32_t>(outline_.items.size());
      parent.chain_kept = false;
    }
    if (parent.header == StatementKind::Match && kind != StatementKind::Case) {
      return Reject(piece.span.begin, "expected `case`");
    }
    OutlineItem &item = Append(piece, kind);
    bool defines = kind == StatementKind::Function || kind == StatementKind::Class;
    if (!TakeDecorators(item, defines)) {
      return false;
    }
    if (kind == StatementKind::Except) {
      if (const char *why = FindPython2Handler(text_, piece.span)) {
        outline_.python2 = true;
        return Reject(piece.span.begin, why);
      }
    }
    bool guards = kind == StatementKind::Except || kind == StatementKind::ExceptStar;
    Block block;
    block.whole = parent.whole || (guards && parent.chain_kept) ||
                  KeepsWholeBody(text_, outline_, item, interest_.hooks());
    parent.chain_kept |= interest_.In(item.begin, item.text_end);
    block.header = kind;
    block.item = static_cast<int32_t>(outline_.items.size()) - 1;
    block.in_function = parent.in_function || kind == StatementKind::Function;
    block.in_class = defines ? kind == StatementKind::Class : parent.in_class;
    block.prunes = block.in_function && !block.whole;
    blocks_.push_back(block);
    return true;
  }

  bool TakeDecorators(OutlineItem &item, bool defines) {
    uint32_t &decorators = blocks_.back().decorators;
    if (decorators == kNoDecorator) {
      return true;
    }
    if (!defines) {
      return Reject(decorators, "decorator without a definition");
    }
    item.begin = decorators;
    decorators = kNoDecorator;
    return true;
  }

  OutlineItem &Append(const Piece &piece, StatementKind kind) {
    const Block &block = blocks_.back();
    OutlineItem item;
    item.kind = kind;
    item.begin = piece.span.begin;
    item.head = piece.span.begin;
    item.text_end = piece.span.end;
    item.line = piece.first_line;
    item.last_line = piece.last_line;
    item.last_open = piece.last_open;
    item.parent = block.item;
    item.in_function = block.in_function;
    item.in_class = block.in_class;
    item.subtree_end = static_cast<uint32_t>(outline_.items.size()) + 1;
    outline_.items.push_back(item);
    return outline_.items.back();
  }

  bool AddSimple(const Piece &piece) {
    if (const char *why = FindPython2Statement(text_, piece.span, piece.keyword)) {
      outline_.python2 = true;
      return Reject(piece.span.begin, why);
    }
    Block &block = blocks_.back();
    if (block.header == StatementKind::Match) {
      return Reject(piece.span.begin, "expected `case`");
    }
    if (piece.keyword == Keyword::Decorator) {
      block.decorators = std::min(block.decorators, piece.span.begin);
      return true;
    }
    if (block.decorators != kNoDecorator) {
      return Reject(block.decorators, "decorator without a definition");
    }
    bool first = block.last == StatementKind::Error;
    StatementKind kind = SimpleKind(text_, piece.span, piece.keyword);
    if (first && kind == StatementKind::Expression && MayBeDocstring(block.header, piece)) {
      kind = StatementKind::Docstring;
    }
    if (!FollowArm(kind, piece.span.begin)) {
      return false;
    }
    bool binds = kind == StatementKind::Import || kind == StatementKind::FromImport ||
                 kind == StatementKind::Global;
    if (binds || !block.prunes || interest_.In(piece.span.begin, piece.span.end)) {
      AddSimpleItem(piece, kind);
    }
    return true;
  }

  bool MayBeDocstring(StatementKind header, const Piece &piece) const {
    bool holder = header == StatementKind::Error || header == StatementKind::Class ||
                  header == StatementKind::Function;
    char c = text_[piece.span.end - 1];
    return holder && (c == '"' || c == '\'') && IsPlainLiteral(text_, piece.span);
  }

  void AddSimpleItem(const Piece &piece, StatementKind kind) {
    OutlineItem &item = Append(piece, kind);
    if (piece.keyword == Keyword::Lazy && kind != StatementKind::Expression) {
      item.lazy = true;
      item.head = SkipBlanks(text_, item.begin + 4, item.text_end);
      item.line += Breaks(item.begin, item.head);
    }
  }

  llvm::StringRef text_;
  const Lines &lines_;
  InterestFinder &interest_;
  Outline &outline_;
  llvm::SmallVector<Block, 32> blocks_;
};

} // namespace

static void Clear(Outline &outline) {
  std::vector<OutlineItem> items = std::move(outline.items);
  std::vector<Suppression> suppressions = std::move(outline.suppressions);
  items.clear();
  suppressions.clear();
  outline = {};
  outline.items = std::move(items);
  outline.suppressions = std::move(suppressions);
}

struct LineOutliner::Buffers {
  Lines lines;
  RelevanceScratch relevance;
};

LineOutliner::LineOutliner() : buffers_(std::make_unique<Buffers>()) {}
LineOutliner::~LineOutliner() = default;
LineOutliner::LineOutliner(LineOutliner &&) noexcept = default;

void LineOutliner::Make(llvm::StringRef text, Outline &outline) {
  Lines &lines = buffers_->lines;
  RelevanceScratch &relevance = buffers_->relevance;
  Clear(outline);
  LexLines(text, lines);
  relevance.interest.Reset(text);
  OutlineMaker(text, lines, relevance.interest, outline).Run();
  outline.lines = lines.line_count;
  outline.has_shebang = text.starts_with("#!");
  if (outline.status != LexStatus::Certain) {
    outline.items.clear();
    return;
  }
  KeepRelevant(text, outline, relevance);
  FindSuppressions(text, lines.comments, outline.suppressions);
}

void OutlineLines(llvm::StringRef text, Outline &outline) {
  LineOutliner().Make(text, outline);
}

} // namespace pydefrag
