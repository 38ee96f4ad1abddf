// Disks that hold files in memory: alone (fixtures), or laid over another disk (editors' buffers);
// and a disk that hides files of another.
// The real file system is in disk_real.cpp. Paths are compared after `.` and `..` are taken out.
#include "source/disk.h"

#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"

#include <algorithm>

namespace pydefrag {
namespace {

constexpr uint64_t kMemoryDevice = ~uint64_t{0};

bool NameLess(const DirectoryEntry &a, const DirectoryEntry &b) {
  return a.name < b.name;
}

llvm::SmallString<256> Normalise(llvm::StringRef path) {
  llvm::SmallString<256> result(path);
  llvm::sys::path::remove_dots(result, true, llvm::sys::path::Style::posix);
  while (result.size() > 1 && result.back() == '/') {
    result.pop_back();
  }
  return result.str() == "." ? llvm::SmallString<256>() : result;
}

class MemoryDisk final : public Disk {
public:
  explicit MemoryDisk(llvm::ArrayRef<MemoryFile> files) {
    directories_.try_emplace("").first->getValue().number = ++numbers_;
    for (const MemoryFile &file : files) {
      AddFile(Normalise(file.path), file.content);
    }
    for (auto &directory : directories_) {
      std::vector<DirectoryEntry> &entries = directory.getValue().entries;
      std::sort(entries.begin(), entries.end(), NameLess);
    }
  }

  std::error_code Read(llvm::StringRef path, uint64_t limit,
                       llvm::SmallVectorImpl<char> &buffer) const override {
    buffer.clear();
    const llvm::SmallString<256> key = Normalise(path);
    auto file = files_.find(key);
    if (file == files_.end()) {
      return std::make_error_code(directories_.contains(key)
                                      ? std::errc::is_a_directory
                                      : std::errc::no_such_file_or_directory);
    }
    const llvm::StringRef content = llvm::StringRef(file->getValue().content);
    const llvm::StringRef wanted = content.take_front(static_cast<size_t>(limit));
    buffer.append(wanted.begin(), wanted.end());
    return {};
  }

  std::error_code List(llvm::StringRef path, std::vector<DirectoryEntry> &entries) const override {
    entries.clear();
    const llvm::SmallString<256> key = Normalise(path);
    auto directory = directories_.find(key);
    if (directory == directories_.end()) {
      return std::make_error_code(files_.contains(key) ? std::errc::not_a_directory
                                                       : std::errc::no_such_file_or_directory);
    }
    entries = directory->getValue().entries;
    return {};
  }

  bool IsFile(llvm::StringRef path) const override { return files_.contains(Normalise(path)); }
  bool IsDirectory(llvm::StringRef path) const override {
    return directories_.contains(Normalise(path));
  }

  FileIdentity Identity(llvm::StringRef path) const override {
    const llvm::SmallString<256> key = Normalise(path);
    if (auto file = files_.find(key); file != files_.end()) {
      return FileIdentity{.device = kMemoryDevice, .inode = file->getValue().number};
    }
    if (auto directory = directories_.find(key); directory != directories_.end()) {
      return FileIdentity{.device = kMemoryDevice, .inode = directory->getValue().number};
    }
    return {};
  }

private:
  struct File {
    std::string content;
    uint64_t number = 0;
  };
  struct Directory {
    std::vector<DirectoryEntry> entries;
    uint64_t number = 0;
  };

  // Puts `entry` into the directory `path`, which is made with those above it when it is new.
  void AddEntry(llvm::StringRef path, DirectoryEntry entry) {
    while (true) {
      auto [directory, inserted] = directories_.try_emplace(path);
      directory->getValue().entries.push_back(std::move(entry));
      if (!inserted) {
        return;
      }
      directory->getValue().number = ++numbers_;
      if (path.empty() || path == "/") {
        return;
      }
      entry = {.name = llvm::sys::path::filename(path, kStyle).str(), .kind = EntryKind::Directory};
      path = llvm::sys::path::parent_path(path, kStyle);
    }
  }

  // A path given twice keeps its first content.
  void AddFile(llvm::StringRef path, llvm::StringRef content) {
    auto [file, inserted] = files_.try_emplace(path);
    if (inserted) {
      file->getValue() = {.content = content.str(), .number = ++numbers_};
      AddEntry(llvm::sys::path::parent_path(path, kStyle),
               {.name = llvm::sys::path::filename(path, kStyle).str()});
    }
  }

  static constexpr llvm::sys::path::Style kStyle = llvm::sys::path::Style::posix;
  llvm::StringMap<File> files_;
  llvm::StringMap<Directory> directories_;
  uint64_t numbers_ = 0;
};

class OverlayDisk final : public Disk {
public:
  OverlayDisk(const Disk &base, llvm::ArrayRef<MemoryFile> files) : base_(base), top_(files) {}

  std::error_code Read(llvm::StringRef path, uint64_t limit,
                       llvm::SmallVectorImpl<char> &buffer) const override {
    return top_.IsFile(path) ? top_.Read(path, limit, buffer) : base_.Read(path, limit, buffer);
  }

  std::error_code List(llvm::StringRef path, std::vector<DirectoryEntry> &entries) const override {
    const std::error_code base_error = base_.List(path, entries);
    std::vector<DirectoryEntry> added;
    if (top_.List(path, added)) {
      return base_error;
    }
    if (base_error && base_.IsDirectory(path)) {
      return base_error; // there is a folder, and we may not see what is in it
    }
    for (DirectoryEntry &entry : added) {
      auto place = std::lower_bound(entries.begin(), entries.end(), entry, NameLess);
      if (place == entries.end() || place->name != entry.name) {
        entries.insert(place, std::move(entry));
      } else if (entry.kind == EntryKind::File) {
        place->kind = EntryKind::File;
      }
    }
    return {};
  }

  bool IsFile(llvm::StringRef path) const override {
    return top_.IsFile(path) || base_.IsFile(path);
  }
  bool IsDirectory(llvm::StringRef path) const override {
    return top_.IsDirectory(path) || base_.IsDirectory(path);
  }

  // A buffer over a file is that file: its identity is the one on the base disk.
  FileIdentity Identity(llvm::StringRef path) const override {
    const FileIdentity identity = base_.Identity(path);
    return identity == FileIdentity{} ? top_.Identity(path) : identity;
  }

  int64_t ModifiedAt(llvm::StringRef path) const override {
    return top_.IsFile(path) ? 0 : base_.ModifiedAt(path);
  }

private:
  const Disk &base_;
  MemoryDisk top_;
};

// Hides files. Which folders are empty without them is found out once, from the inside out.
class ReducedDisk final : public Disk {
public:
  ReducedDisk(const Disk &base, llvm::ArrayRef<std::string> removed) : base_(base) {
    for (const std::string &path : removed) {
      const llvm::SmallString<256> file = Normalise(path);
      removed_.insert(file);
      llvm::StringRef folder = llvm::sys::path::parent_path(file, kPosix);
      while (folder.size() > 1 && IsEmpty(folder)) {
        removed_.insert(folder);
        folder = llvm::sys::path::parent_path(folder, kPosix);
      }
    }
  }

  std::error_code Read(llvm::StringRef path, uint64_t limit,
                       llvm::SmallVectorImpl<char> &buffer) const override {
    if (IsRemoved(path)) {
      buffer.clear();
      return NotFound();
    }
    return base_.Read(path, limit, buffer);
  }

  std::error_code List(llvm::StringRef path, std::vector<DirectoryEntry> &entries) const override {
    if (IsRemoved(path)) {
      entries.clear();
      return NotFound();
    }
    const std::error_code error = base_.List(path, entries);
    std::erase_if(entries, [&](const DirectoryEntry &entry) {
      return removed_.contains(Below(Normalise(path), entry.name));
    });
    return error;
  }

  bool IsFile(llvm::StringRef path) const override {
    return !IsRemoved(path) && base_.IsFile(path);
  }
  bool IsDirectory(llvm::StringRef path) const override {
    return !IsRemoved(path) && base_.IsDirectory(path);
  }
  FileIdentity Identity(llvm::StringRef path) const override {
    return IsRemoved(path) ? FileIdentity{} : base_.Identity(path);
  }
  int64_t ModifiedAt(llvm::StringRef path) const override {
    return IsRemoved(path) ? 0 : base_.ModifiedAt(path);
  }

private:
  static constexpr llvm::sys::path::Style kPosix = llvm::sys::path::Style::posix;

  static std::error_code NotFound() {
    return std::make_error_code(std::errc::no_such_file_or_directory);
  }
  static std::string Below(llvm::StringRef folder, llvm::StringRef name) {
    return (folder + (folder.empty() || folder.ends_with("/") ? "" : "/") + name).str();
  }
  bool IsRemoved(llvm::StringRef path) const { return removed_.contains(Normalise(path)); }
  bool IsEmpty(llvm::StringRef folder) const {
    std::vector<DirectoryEntry> entries;
    return !base_.List(folder, entries) &&
           std::all_of(entries.begin(), entries.end(), [&](const DirectoryEntry &entry) {
             return entry.name == "__pycache__" || removed_.contains(Below(folder, entry.name));
           });
  }

  const Disk &base_;
  llvm::StringSet<> removed_;
};

} // namespace

std::unique_ptr<Disk> MakeReducedDisk(const Disk &base, llvm::ArrayRef<std::string> removed) {
  return std::make_unique<ReducedDisk>(base, removed);
}

int64_t Disk::ModifiedAt(llvm::StringRef) const {
  return 0;
}

std::error_code Disk::ListSome(llvm::StringRef path,
                               llvm::function_ref<bool(llvm::StringRef name)> wanted,
                               std::vector<DirectoryEntry> &entries) const {
  const std::error_code error = List(path, entries);
  std::erase_if(entries, [&](const DirectoryEntry &entry) {
    return entry.kind != EntryKind::Directory && !wanted(entry.name);
  });
  return error;
}

std::unique_ptr<Disk> MakeMemoryDisk(llvm::ArrayRef<MemoryFile> files) {
  return std::make_unique<MemoryDisk>(files);
}

std::unique_ptr<Disk> MakeOverlayDisk(const Disk &base, llvm::ArrayRef<MemoryFile> files) {
  return std::make_unique<OverlayDisk>(base, files);
}

} // namespace pydefrag
