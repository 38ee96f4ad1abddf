#include "link/extension_names.h"

#include "source/discover.h"

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

// One of these, with the NUL that ends a symbol's name, makes the module.
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

// The same, whatever goes on behind them.
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
    "strncpy_chk",
    "stpcpy_chk",
    "basic_string",
    "rust_",
    "Go build",
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

bool HasSymbol(llvm::StringRef bytes, llvm::StringRef name) {
  return bytes.contains(llvm::StringRef((name + llvm::Twine('\0')).str()));
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

bool BindsLiterals(llvm::StringRef bytes, llvm::StringRef module) {
  auto has = [&](llvm::StringRef symbol) { return HasSymbol(bytes, symbol); };
  return bytes.starts_with(kElf) && has(("PyInit_" + module).str()) && llvm::any_of(kMakers, has) &&
         llvm::none_of(kComputing, has) &&
         llvm::none_of(kComputingFamilies,
                       [&](llvm::StringRef part) { return bytes.contains(part); });
}

} // namespace

std::optional<std::vector<std::string>> ReadSpelledNames(llvm::StringRef bytes,
                                                         llvm::StringRef module) {
  if (!BindsLiterals(bytes, module)) {
    return std::nullopt;
  }
  std::vector<std::string> words;
  for (size_t end = bytes.find('\0'); end != llvm::StringRef::npos;
       end = bytes.find('\0', end + 1)) {
    const llvm::StringRef library = LibraryStem(RunBefore(bytes, end, IsLibraryByte));
    const bool itself = library == module || library.starts_with((module + ".").str());
    if (!library.empty() && !itself && !IsSystemLibrary(library)) {
      return std::nullopt;
    }
    const llvm::StringRef word = RunBefore(bytes, end, IsWordByte);
    if (!word.empty()) {
      words.push_back(word.str());
    }
  }
  llvm::sort(words, OrderFromEnds);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words;
}

// All files that may be loaded under the name: for several versions or platforms.
ExtensionNames::Spelled ExtensionNames::Read(llvm::StringRef folder, llvm::StringRef module) const {
  const std::string base = root_.empty() ? folder.str() : root_ + "/" + folder.str();
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
    auto words = ReadSpelledNames({bytes.data(), bytes.size()}, module);
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

bool ExtensionNames::Lacks(llvm::StringRef folder, llvm::StringRef module, llvm::StringRef name) {
  if (name.starts_with("__") && name.ends_with("__")) {
    return false; // of every module, or set by the interpreter
  }
  auto [it, inserted] = read_.try_emplace((folder + "/" + module).str());
  if (inserted) {
    it->second = Read(folder, module);
  }
  if (!it->second) {
    return false;
  }
  // The words that end in the name stand side by side, the name itself first.
  const auto word = llvm::lower_bound(*it->second, name, OrderFromEnds);
  return word == it->second->end() || !llvm::StringRef(*word).ends_with(name);
}

} // namespace pydefrag
