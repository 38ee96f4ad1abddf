#include "link/modules/unread_puts.h"

#include "scan/lines/bytes.h"
#include "scan/lines/string_scan.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"

#include <algorithm>
#include <utility>

namespace pydefrag {

// Larger files are data.
static constexpr uint64_t kMostBytes = 1u << 20;

static bool IsQuote(char c) {
  return c == '"' || c == '\'';
}

// A text of more than one word that are not all names, as in "api till".split().
static bool IsProse(llvm::StringRef text) {
  return text.find_first_of(" \n") != llvm::StringRef::npos && llvm::any_of(text, [](char c) {
           return !IsWordByte(c) && !IsQuote(c) && !llvm::StringRef(". \n\t").contains(c);
         });
}

// Of "shop.{}" and "shop.%s": "shop". Empty: another text.
static llvm::StringRef FilledIn(llvm::StringRef text) {
  text = text.trim("\"'");
  if (!text.consume_back(".%s")) {
    const size_t brace = text.rfind(".{");
    if (brace == llvm::StringRef::npos || text.find('}', brace) != text.size() - 1) {
      return "";
    }
    text = text.take_front(brace);
  }
  return llvm::all_of(text, [](char c) { return IsWordByte(c) || c == '.'; }) ? text : "";
}

void UnreadPuts::ReadTexts(ModuleId module, llvm::StringRef source) {
  for (size_t at = 0; at < source.size();) {
    if (source[at] == '#') {
      at = std::min(source.find('\n', at), source.size());
      continue;
    }
    if (!IsQuote(source[at])) {
      ++at;
      continue;
    }
    const StringPrefix prefix = ReadStringPrefix(source, at);
    const size_t end = std::max(SkipString(source, at, prefix, nullptr).end, at + 1);
    llvm::StringRef text = source.slice(at, end);
    if (const llvm::StringRef package = FilledIn(text); !package.empty()) {
      words_.try_emplace((package + ".*").str(), module);
    }
    const bool prose = IsProse(text);
    for (at = end; !prose && !text.empty();) {
      const llvm::StringRef word =
          text.take_while([](char c) { return IsWordByte(c) || c == '.'; });
      text = text.drop_front(std::max<size_t>(word.size(), 1));
      const bool suffix = word.starts_with(".") && IsQuote(word.data()[-1]); // ".egg", of a file
      NoteWord(module, word, !suffix && text.trim("\"'").empty());
    }
  }
}

void UnreadPuts::NoteWord(ModuleId module, llvm::StringRef word, bool ends_text) {
  const llvm::StringRef own = project_->Text(project_->modules[module].name).split('.').first;
  words_.try_emplace(word, module);
  for (llvm::StringRef rest = word; !rest.empty();) {
    const auto [part, behind] = rest.split('.');
    words_.try_emplace(part, module);
    words_.try_emplace((own + ":" + part).str(), module);
    rest = behind;
  }
  llvm::StringRef behind = word;
  behind.consume_front("s"); // of "%s.api"
  if (behind.starts_with(".") && ends_text) {
    words_.try_emplace((own + ":" + behind).str(), module);
  }
}

void UnreadPuts::Read() {
  llvm::SmallVector<char, 0> buffer;
  for (ModuleId module : std::exchange(files_, {})) {
    const std::string path =
        OnDisk(project_->root, project_->PathOf(project_->modules[module].file));
    if (!disk_->Read(path, kMostBytes, buffer)) {
      ReadTexts(module, {buffer.data(), buffer.size()});
    }
  }
}

ModuleId UnreadPuts::Find(const llvm::Twine &word) const {
  const auto found = words_.find(word.str());
  return found == words_.end() ? ModuleId() : found->second;
}

// Whole, or in two pieces.
ModuleId UnreadPuts::FindSpelled(llvm::StringRef dotted) const {
  const ModuleId whole = Find(dotted);
  const auto [above, last] = dotted.rsplit('.');
  return whole.valid() ? whole : Find(above + ".").valid() ? Find(last) : ModuleId();
}

ModuleId UnreadPuts::WhoSpells(llvm::StringRef dotted) {
  Read();
  for (llvm::StringRef above = dotted; above.contains('.');) {
    above = above.rsplit('.').first;
    if (const ModuleId fills = Find(above + ".*"); fills.valid()) {
      return fills;
    }
  }
  const ModuleId spelled = FindSpelled(dotted);
  return spelled.valid() ? spelled
                         : Find(dotted.split('.').first + ":" + dotted.rsplit('.').second);
}

ModuleId UnreadPuts::WhoSpellsName(llvm::StringRef dotted) {
  Read();
  const ModuleId spelled = FindSpelled(dotted);
  return spelled.valid() ? spelled
                         : Find(dotted.split('.').first + ":." + dotted.rsplit('.').second);
}

} // namespace pydefrag
