#include "link/identity/own_mentions.h"

#include "scan/lines/string_scan.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {

// For so many names the text is walked; then all of its names are noted at once.
static constexpr size_t kFewNames = 4;
// In lines, and in bytes.
static constexpr uint32_t kLongStatement = 64;
static constexpr size_t kLongLine = 512;

static bool IsNameByte(char c) {
  return llvm::isAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// Each place where the code says a name by itself, until `visit` says that it is enough.
static void VisitNames(llvm::StringRef text,
                       llvm::function_ref<bool(llvm::StringRef name, uint32_t offset)> visit) {
  for (size_t at = 0; at < text.size();) {
    const char c = text[at];
    size_t end = at + 1;
    if (c == '#') {
      end = std::min(text.find('\n', at), text.size());
    } else if (c == '"' || c == '\'') {
      const bool prefixed = at > 0 && IsNameByte(text[at - 1]);
      const StringPrefix prefix = prefixed ? ReadStringPrefix(text, at) : StringPrefix();
      end = std::max(SkipString(text, at, prefix, nullptr).end, at + 1);
    } else if (IsNameByte(c)) {
      while (end < text.size() && IsNameByte(text[end])) {
        ++end;
      }
      if ((at == 0 || text[at - 1] != '.') &&
          visit(text.slice(at, end), static_cast<uint32_t>(at))) {
        return;
      }
    }
    at = end;
  }
}

OwnMentions::File &OwnMentions::FileOf(FileId file) {
  auto [it, fresh] = files_.try_emplace(file);
  if (fresh) {
    const std::string &path = project_.scanned.paths[file];
    it->second.source = LoadSource(disk_, OnDisk(project_.root, path));
  }
  return it->second;
}

void OwnMentions::IndexLines(File &file) const {
  VisitNames(file.source->text(), [&](llvm::StringRef text, uint32_t offset) {
    if (const NameId name = project_.scanned.names.Find(text); name.valid()) {
      file.lines[name].push_back(file.source->LineOf(offset));
    }
    return false;
  });
}

bool OwnMentions::Look(ModuleId module, NameId name) {
  const FileId id = project_.modules[module].file;
  if (!id.valid() || !resolver_.HasLog(module)) {
    return true;
  }
  File &file = FileOf(id);
  if (!file.source || file.source->text().empty()) {
    return true;
  }
  const NamespaceLog &log = resolver_.Log(module);
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[id].statements;
  const auto is_used = [&](uint32_t line) {
    return llvm::none_of(log.Of(name), [&](uint32_t index) {
      const PlacedStatement &binding = statements[log.events[index].statement];
      return binding.line <= line && line <= binding.last_line;
    });
  };
  if (++file.asked > kFewNames) {
    if (file.asked == kFewNames + 1) {
      IndexLines(file);
    }
    const auto lines = file.lines.find(name);
    return lines != file.lines.end() && llvm::any_of(lines->second, is_used);
  }
  bool used = false;
  const llvm::StringRef text = project_.Text(name);
  VisitNames(file.source->text(), [&](llvm::StringRef each, uint32_t offset) {
    used = each == text && is_used(file.source->LineOf(offset));
    return used;
  });
  return used;
}

// `from shop.cart import Cart  # noqa: F401`, on any line of the statement; of a long one on the
// first, and of a long line at its end.
bool OwnMentions::IsKeptByComment(ModuleId module, NameId name) {
  const FileId id = project_.modules[module].file;
  if (!id.valid() || !resolver_.HasLog(module)) {
    return false;
  }
  const std::optional<SourceText> &source = FileOf(id).source;
  const NamespaceLog &log = resolver_.Log(module);
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[id].statements;
  return source && llvm::any_of(log.Of(name), [&](uint32_t index) {
           const PlacedStatement &binding = statements[log.events[index].statement];
           const uint32_t last = std::min(binding.last_line, binding.line + kLongStatement);
           for (uint32_t line = binding.line; line <= last; ++line) {
             const llvm::StringRef end = source->Line(line).take_back(kLongLine);
             const llvm::StringRef comment = end.split('#').second;
             if (comment.contains_insensitive("noqa") || comment.contains_insensitive("export")) {
               return true;
             }
           }
           return false;
         });
}

bool OwnMentions::Has(ModuleId module, NameId name) {
  const std::pair key(module, name);
  if (auto it = known_.find(key); it != known_.end()) {
    return it->second;
  }
  const bool has = Look(module, name);
  known_.try_emplace(key, has);
  return has;
}

} // namespace pydefrag
