#include "link/identity/own_mentions.h"

#include "scan/lines/string_scan.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>

namespace pydefrag {

static bool IsNameByte(char c) {
  return llvm::isAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

// Whether `accepts` one of the places where the code says the name by itself.
static bool AnyPlace(llvm::StringRef text, llvm::StringRef name,
                     llvm::function_ref<bool(uint32_t offset)> accepts) {
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
      if (text.slice(at, end) == name && (at == 0 || text[at - 1] != '.') &&
          accepts(static_cast<uint32_t>(at))) {
        return true;
      }
    }
    at = end;
  }
  return false;
}

const std::optional<SourceText> &OwnMentions::TextOf(FileId file) {
  auto [it, fresh] = texts_.try_emplace(file);
  if (fresh) {
    const std::string &path = project_.scanned.paths[file];
    it->second = LoadSource(disk_, OnDisk(project_.root, path));
  }
  return it->second;
}

bool OwnMentions::Look(ModuleId module, NameId name) {
  const FileId file = project_.modules[module].file;
  if (!file.valid() || !resolver_.HasLog(module)) {
    return true;
  }
  const std::optional<SourceText> &source = TextOf(file);
  if (!source || source->text().empty()) {
    return true;
  }
  const NamespaceLog &log = resolver_.Log(module);
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[file].statements;
  return AnyPlace(source->text(), project_.Text(name), [&](uint32_t offset) {
    const uint32_t line = source->LineOf(offset);
    return llvm::none_of(log.Of(name), [&](uint32_t index) {
      const PlacedStatement &binding = statements[log.events[index].statement];
      return binding.line <= line && line <= binding.last_line;
    });
  });
}

// `from shop.cart import Cart  # noqa: F401`, on any line of the statement.
bool OwnMentions::IsKeptByComment(ModuleId module, NameId name) {
  const FileId file = project_.modules[module].file;
  if (!file.valid() || !resolver_.HasLog(module)) {
    return false;
  }
  const std::optional<SourceText> &source = TextOf(file);
  const NamespaceLog &log = resolver_.Log(module);
  const std::vector<PlacedStatement> &statements = project_.scanned.facts[file].statements;
  return source && llvm::any_of(log.Of(name), [&](uint32_t index) {
           const PlacedStatement &binding = statements[log.events[index].statement];
           for (uint32_t line = binding.line; line <= binding.last_line; ++line) {
             const llvm::StringRef comment = source->Line(line).split('#').second;
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
