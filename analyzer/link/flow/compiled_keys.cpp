#include "link/flow/compiled_keys.h"

#include "link/flow/string_flow.h"
#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"

namespace pydefrag {

// Follows import statements that are no part of a function or class. One under a condition counts,
// unless that surely does not hold.
ModuleId PackageLoading(const Project &project, Resolver &resolver, ModuleId module) {
  const ModuleId package = project.TopOf(module);
  const SyntaxView &view = resolver.view();
  std::vector<ModuleId> open = {package};
  llvm::DenseSet<ModuleId> loaded = {package};
  const auto load = [&](ModuleId each) {
    for (; each.valid() && project.TopOf(each) == package; each = project.modules[each].parent) {
      if (loaded.insert(each).second) {
        open.push_back(each);
      }
    }
  };
  while (!open.empty() && !loaded.contains(module)) {
    const ModuleId importer = open.back();
    open.pop_back();
    const FileId file = project.modules[importer].file;
    if (!file.valid()) {
      continue;
    }
    const auto &statements = project.scanned.facts[file].statements;
    for (uint32_t s = 0; s < statements.size(); ++s) {
      const Statement &statement = view.Of(statements[s]);
      const bool from = statement.kind == StatementKind::FromImport;
      if ((!from && statement.kind != StatementKind::Import) ||
          view.StandsInDefinition(statements, s) || resolver.Reach(importer, s) == Tri::No) {
        continue;
      }
      uint32_t number = 0;
      for (ExprId alias : view.Operands(statement)) {
        const ModuleId source = resolver.TargetOf(importer, s, from ? 0 : number++).module;
        load(source);
        const NameId name = view.At(alias).text;
        if (from && source.valid() && view.Is(alias, ExprKind::Alias) && name.valid() &&
            resolver.table().IsPackage(source)) {
          load(resolver.table().FindChild(source, name));
        }
      }
    }
  }
  return loaded.contains(module) ? package : ModuleId();
}

// --- strings in sources

// `"word"`, in any quotes.
static void AddQuotedWords(llvm::StringRef text, PossibleStrings &strings) {
  constexpr llvm::StringLiteral kQuotes("\"'");
  for (size_t at = text.find_first_of(kQuotes); at != llvm::StringRef::npos;
       at = text.find_first_of(kQuotes, at + 1)) {
    const llvm::StringRef word =
        text.drop_front(at + 1).take_while([](char c) { return llvm::isAlnum(c) || c == '_'; });
    if (!word.empty() && text.drop_front(at + 1 + word.size()).starts_with(text.substr(at, 1))) {
      strings.Add(word, LetterCase::Any);
    }
  }
}

// Of all Python files below a folder. Whether all could be read.
static bool AddQuotedWordsBelow(const Disk &disk, const std::string &folder, int depth,
                                PossibleStrings &strings) {
  constexpr int kDeepest = 20;
  constexpr uint64_t kMostBytes = 16u << 20;
  std::vector<DirectoryEntry> entries;
  if (depth > kDeepest || disk.List(folder, entries)) {
    return false;
  }
  for (const DirectoryEntry &entry : entries) {
    const std::string path = folder + "/" + entry.name;
    if (entry.kind == EntryKind::Directory) {
      if (!AddQuotedWordsBelow(disk, path, depth + 1, strings)) {
        return false;
      }
    } else if (llvm::StringRef(entry.name).ends_with(".py")) {
      llvm::SmallVector<char, 0> bytes;
      if (disk.Read(path, kMostBytes, bytes) || bytes.size() >= kMostBytes) {
        return false;
      }
      AddQuotedWords({bytes.data(), bytes.size()}, strings);
    }
  }
  return true;
}

// --- keys

static void AddKeyWord(llvm::StringRef word, PossibleStrings &strings) {
  constexpr size_t kShortestPart = 3;
  while (!llvm::isASCII(word)) {
    word = word.drop_front();
  }
  for (; !word.empty(); word = word.drop_front()) {
    strings.Add(word, LetterCase::Any);
    if (word.size() >= kShortestPart) {
      strings.AddPiece(word, LetterCase::Any);
    }
  }
}

// What a name of a compiled module gives.
void StringFlow::AnswerCompiled(ModuleId module, llvm::StringRef name, const Step *path) {
  constexpr size_t kShortestTold = 4;
  path = AsContainer(path);
  const bool keys = path != nullptr &&
                    (path->taking == Taking::Each || path->taking == Taking::Key) &&
                    WantsText(path->next) && !EndsInPiece(path->next);
  if (!keys || !loader_.valid() || project_.TopOf(module) != loader_) {
    return Fail();
  }
  const auto words = resolver_.KeyWordsOf(module);
  const FileId init = project_.modules[loader_].file;
  const std::string folder =
      init.valid()
          ? llvm::sys::path::parent_path(OnDisk(project_.root, project_.PathOf(init))).str()
          : "";
  if (!words || folder.empty() || !AddQuotedWordsBelow(trees_.disk(), folder, 0, result_)) {
    return Fail();
  }
  for (const std::string &word : *words) {
    AddKeyWord(word, result_);
  }
  result_.AddNumberPieces();
  result_.AddAllShorterThan(kShortestTold);
  later_.push_back({module, name.str(), path, false});
}

} // namespace pydefrag
