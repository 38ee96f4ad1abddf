#include "link/names/attribute_writes.h"

#include "source/paths.h"
#include "source/source_file.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

static bool IsNameByte(char c) {
  return llvm::isAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

void AttributeWrites::NoteImporters() {
  noted_ = true;
  importers_.resize(project_.modules.size());
  for (const ImportRow &row : rows_) {
    for (ModuleId module : {row.source, row.target.module}) {
      if (!module.valid() || !project_.modules[module].first_party) {
        continue;
      }
      std::vector<FileId> &files = importers_[module];
      if (files.empty() || files.back() != row.file) {
        files.push_back(row.file);
      }
    }
  }
}

// The name that ends right before `at`, blanks between.
static llvm::StringRef NameBefore(llvm::StringRef text, size_t at) {
  const llvm::StringRef before = text.take_front(at).rtrim(" \t");
  size_t begin = before.size();
  while (begin > 0 && IsNameByte(before[begin - 1])) {
    --begin;
  }
  return before.drop_front(begin);
}

// `X.name =`: not a comparison, not `self.name`.
static void ReadAssignments(llvm::StringRef text, llvm::StringSet<> &written) {
  for (size_t at = text.find('='); at != llvm::StringRef::npos; at = text.find('=', at + 1)) {
    if (text.substr(at + 1).starts_with("=")) {
      ++at;
      continue;
    }
    const llvm::StringRef name = NameBefore(text, at);
    const size_t begin = static_cast<size_t>(name.data() - text.data());
    if (!name.empty() && begin > 0 && text[begin - 1] == '.' &&
        NameBefore(text, begin - 1) != "self") {
      written.insert(name);
    }
  }
}

// The builtin, not a method of that name.
static void ReadSetattr(llvm::StringRef text, llvm::StringSet<> &written) {
  for (size_t at = text.find("setattr("); at != llvm::StringRef::npos;
       at = text.find("setattr(", at + 1)) {
    if (at > 0 && (text[at - 1] == '.' || IsNameByte(text[at - 1]))) {
      continue;
    }
    const llvm::StringRef call = text.substr(at).take_until([](char c) { return c == '\n'; });
    const size_t quote = call.find_first_of("\"'");
    if (quote != llvm::StringRef::npos) {
      written.insert(call.drop_front(quote + 1).take_while(IsNameByte));
    }
  }
}

// `__options__` where it stands alone. In quotes somebody may set it by that name.
static void ReadExpected(llvm::StringRef text, llvm::StringSet<> &expected,
                         llvm::StringSet<> &written) {
  for (size_t at = text.find("__"); at != llvm::StringRef::npos; at = text.find("__", at)) {
    const llvm::StringRef word = text.substr(at).take_while(IsNameByte);
    const char before = at == 0 ? ' ' : text[at - 1];
    if (word.size() > 4 && word.ends_with("__") && before != '.' && !IsNameByte(before)) {
      (before == '"' || before == '\'' ? written : expected).insert(word);
    }
    at += word.size();
  }
}

const AttributeWrites::Spoken &AttributeWrites::SpokenIn(FileId file) {
  auto [it, inserted] = spoken_.try_emplace(file);
  if (inserted) {
    const llvm::StringRef path = project_.PathOf(file);
    const std::optional<SourceText> source = LoadSource(disk_, OnDisk(project_.root, path));
    if (source) {
      ReadAssignments(source->text(), it->second.written);
      ReadSetattr(source->text(), it->second.written);
      ReadExpected(source->text(), it->second.expected, it->second.written);
    }
  }
  return it->second;
}

bool AttributeWrites::MaySet(ModuleId module, llvm::StringRef name) {
  if (!noted_) {
    NoteImporters();
  }
  const FileId own = project_.modules[module].file;
  if (own.valid() &&
      (SpokenIn(own).written.contains(name) || SpokenIn(own).expected.contains(name))) {
    return true;
  }
  const bool known = static_cast<size_t>(module.index) < importers_.size();
  return known && llvm::any_of(importers_[module],
                               [&](FileId file) { return SpokenIn(file).written.contains(name); });
}

void DoubtDeferredImports(Project &project, AttributeWrites &writes) {
  for (ImportRow &row : project.rows) {
    if (row.status == RowStatus::MissingName && row.context.deferred &&
        writes.MaySet(row.source, project.Text(row.name))) {
      row.status = RowStatus::Unknown;
      row.reason = "set from elsewhere";
    }
  }
}

} // namespace pydefrag
