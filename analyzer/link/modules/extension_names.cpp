#include "link/modules/extension_names.h"

#include "source/discover.h"
#include "source/paths.h"

#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <iterator>

namespace pydefrag {
namespace {

// A larger file is not read: those that bind literals only are small.
constexpr uint64_t kMostBytes = 16u << 20;

constexpr llvm::StringLiteral kElf = "\x7f"
                                     "ELF";

// One of these makes the module. The names of symbols are looked for at the ends of words: the
// linker merges them, too.
constexpr llvm::StringLiteral kMakers[] = {"PyModule_Create2", "PyModuleDef_Init"};

// Symbols after which a name need not be spelled.
constexpr llvm::StringLiteral kComputing[] = {
    "PyObject_SetAttr",
    "PyObject_SetItem",
    "PyDict_SetItem",
    "PyDict_SetDefault",
    "PyDict_Update",
    "PyDict_Merge",
    "PyDict_MergeFromSeq2",
    "PyModule_AddType",
    "PyType_Name",
    "PyType_GetName",
    "PyType_GetQualName",
    "PyModule_Type",
    "__getattr__",
    "strcat",
    "strncat",
    "strlcat",
    "strcpy",
    "strncpy",
    "strlcpy",
    "stpcpy",
    "dlsym",
};

// The same, whatever goes on around them.
constexpr llvm::StringLiteral kComputingFamilies[] = {
    "PyDict_SetItem_",
    "PyDict_SetDefaultRef",
    "PyRun_",
    "PyEval_EvalCode",
    "PyMarshal_",
    "PyImport_ExecCode",
    "PyImport_GetModuleDict",
    "sprintf",
    "snprintf",
    "strcat_chk",
    "strncat_chk",
    "strcpy_chk",
    "stpcpy_chk",
    "strncpy_chk",
    "basic_string",
    "rust_",
    "crosscall2", // of Go
};

bool Computes(llvm::StringRef word) {
  constexpr size_t kShortest = 5; // of these
  if (word.size() < kShortest) {
    return false;
  }
  return llvm::any_of(kComputing, [&](llvm::StringRef end) { return word.ends_with(end); }) ||
         llvm::any_of(kComputingFamilies,
                      [&](llvm::StringRef part) { return word.contains(part); });
}

// In files that keep strings where they cannot be seen: compressed, as code, or in another file.
constexpr llvm::StringLiteral kHiding[] = {
    "PyRun_",         "PyEval_EvalCode",
    "PyMarshal_",     "PyImport_ExecCode",
    "cython_runtime", "PyImport_GetModuleDict",
    "dlsym",          "basic_string",
    "rust_",          "crosscall2",
    "CPyStatics",     "__pyx_",
};

// Of the compilers and the C library.
bool IsSystemLibrary(llvm::StringRef stem) {
  constexpr llvm::StringLiteral kExact[] = {"libc",     "libm",      "libdl",      "librt",
                                            "libgcc_s", "libstdc++", "libpthread", "libatomic",
                                            "libgomp",  "libc++",    "libc++abi"};
  return llvm::is_contained(kExact, stem) || stem.starts_with("libc.musl-") ||
         stem.starts_with("ld-") || stem.starts_with("libpython3");
}

bool IsWordByte(char c) {
  return llvm::isAlnum(c) || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool IsLibraryByte(char c) {
  return llvm::isAlnum(c) || llvm::StringRef("_+-.").contains(c);
}

// "libfoo" for libfoo.so and libfoo.so.1.2; empty for what is no library.
llvm::StringRef LibraryStem(llvm::StringRef text) {
  const size_t at = text.rfind(".so");
  const llvm::StringRef behind = at == llvm::StringRef::npos ? "x" : text.drop_front(at + 3);
  return behind.empty() || behind.starts_with(".") ? text.take_front(at) : llvm::StringRef();
}

// The run of bytes of one kind that ends at `end`.
template <typename Test> llvm::StringRef RunBefore(llvm::StringRef bytes, size_t end, Test test) {
  size_t begin = end;
  while (begin > 0 && test(bytes[begin - 1])) {
    --begin;
  }
  return bytes.slice(begin, end);
}

bool OrderFromEnds(llvm::StringRef a, llvm::StringRef b) {
  return std::lexicographical_compare(
      std::make_reverse_iterator(a.end()), std::make_reverse_iterator(a.begin()),
      std::make_reverse_iterator(b.end()), std::make_reverse_iterator(b.begin()));
}

// Whether a string that ends at `end` names a library that may hand out names.
bool NamesLibrary(llvm::StringRef bytes, size_t end, llvm::StringRef module) {
  const bool may_be = end > 2 && (bytes[end - 1] == 'o' || llvm::isDigit(bytes[end - 1]));
  const llvm::StringRef stem =
      may_be ? LibraryStem(RunBefore(bytes, end, IsLibraryByte)) : llvm::StringRef();
  llvm::StringRef rest = stem;
  const bool itself = rest.consume_front(module) && (rest.empty() || rest.starts_with("."));
  return !stem.empty() && !itself && !IsSystemLibrary(stem);
}

} // namespace

std::optional<std::vector<std::string>> ReadSpelledNames(llvm::StringRef bytes,
                                                         llvm::StringRef module) {
  const std::string starter = ("PyInit_" + module).str();
  llvm::DenseSet<llvm::StringRef> words;
  bool starts = false;
  bool makes = false;
  for (size_t end = bytes.starts_with(kElf) ? bytes.find('\0') : llvm::StringRef::npos;
       end != llvm::StringRef::npos; end = bytes.find('\0', end + 1)) {
    if (NamesLibrary(bytes, end, module)) {
      return std::nullopt;
    }
    const llvm::StringRef word = RunBefore(bytes, end, IsWordByte);
    if (word.empty() || !words.insert(word).second) {
      continue;
    }
    if (Computes(word)) {
      return std::nullopt;
    }
    starts |= word.ends_with(starter);
    makes |= llvm::any_of(kMakers, [&](llvm::StringRef maker) { return word.ends_with(maker); });
  }
  if (!starts || !makes) {
    return std::nullopt;
  }
  std::vector<std::string> sorted(words.begin(), words.end());
  llvm::sort(sorted, OrderFromEnds);
  return sorted;
}

std::optional<std::vector<std::string>> ReadKeyWords(llvm::StringRef bytes) {
  const auto hides = [&](llvm::StringRef sign) { return bytes.contains(sign); };
  if (!bytes.starts_with(kElf) || llvm::any_of(kHiding, hides)) {
    return std::nullopt;
  }
  llvm::DenseSet<llvm::StringRef> words;
  constexpr llvm::StringRef kEnds("\0%", 2);
  for (size_t end = bytes.find_first_of(kEnds); end != llvm::StringRef::npos;
       end = bytes.find_first_of(kEnds, end + 1)) {
    words.insert(RunBefore(bytes, end, IsWordByte));
  }
  words.erase("");
  return std::vector<std::string>(words.begin(), words.end());
}

// All files that may be loaded under the name: for several versions or platforms.
ExtensionNames::Spelled ExtensionNames::Read(llvm::StringRef folder, llvm::StringRef module,
                                             Reader reader) const {
  const std::string base = OnDisk(root_, folder);
  std::vector<DirectoryEntry> entries;
  if (!disk_ || disk_->List(base, entries)) {
    return std::nullopt;
  }
  std::optional<std::vector<std::string>> all;
  for (const DirectoryEntry &entry : entries) {
    const llvm::StringRef name = entry.name;
    if (!name.starts_with(module) || !name.drop_front(module.size()).starts_with(".") ||
        entry.kind != EntryKind::File) {
      continue;
    }
    const std::optional<FileKind> kind = KindOfFileName(name);
    llvm::SmallVector<char, 0> bytes;
    if (kind == FileKind::Bytecode) {
      return std::nullopt;
    }
    if (kind != FileKind::Extension) {
      continue;
    }
    if (disk_->Read(base + "/" + name.str(), kMostBytes, bytes) || bytes.size() >= kMostBytes) {
      return std::nullopt;
    }
    auto words = reader({bytes.data(), bytes.size()}, module);
    if (!words) {
      return std::nullopt;
    }
    if (!all) {
      all.emplace();
    }
    all->insert(all->end(), words->begin(), words->end());
  }
  if (all) {
    llvm::sort(*all, OrderFromEnds);
  }
  return all;
}

// The words that end in the name stand side by side, the name itself first.
static bool Spells(llvm::ArrayRef<std::string> words, llvm::StringRef name) {
  const auto word = llvm::lower_bound(words, name, OrderFromEnds);
  return word != words.end() && llvm::StringRef(*word).ends_with(name);
}

bool ExtensionNames::MayListNames(llvm::StringRef folder, llvm::StringRef module) {
  const Spelled &words = KeyWords(folder, module);
  return !words || Spells(*words, "__all__");
}

const ExtensionNames::Spelled &ExtensionNames::KeyWords(llvm::StringRef folder,
                                                        llvm::StringRef module) {
  const auto [it, inserted] = key_words_.try_emplace((folder + "/" + module).str());
  if (inserted) {
    it->second = Read(folder, module,
                      [](llvm::StringRef bytes, llvm::StringRef) { return ReadKeyWords(bytes); });
  }
  return it->second;
}

bool ExtensionNames::Lacks(llvm::StringRef folder, llvm::StringRef module, llvm::StringRef name) {
  if (name.starts_with("__") && name.ends_with("__")) {
    return false; // of every module, or set by the interpreter
  }
  auto [it, inserted] = read_.try_emplace((folder + "/" + module).str());
  if (inserted) {
    it->second = Read(folder, module, ReadSpelledNames);
  }
  return it->second && !Spells(*it->second, name);
}

} // namespace pydefrag
