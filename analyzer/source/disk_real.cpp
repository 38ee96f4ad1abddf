// The machine's file system behind Disk: open and one read per file, fstat for those that the first
// read does not tell all about; d_type instead of a stat per directory entry. No memory maps: small
// files are cheaper to read, and a file that shrinks while we look at it must not end the process.
#include "source/disk.h"

#include "llvm/ADT/ScopeExit.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"

#include <algorithm>
#include <cerrno>
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace pydefrag {
namespace {

std::error_code LastError() {
  return std::error_code(errno, std::generic_category());
}

// A path as the system calls want it: terminated, and `.` for the process's directory.
class SystemPath {
public:
  explicit SystemPath(llvm::StringRef path) : text_(path.empty() ? llvm::StringRef(".") : path) {}
  const char *c_str() { return text_.c_str(); }

private:
  llvm::SmallString<256> text_;
};

EntryKind KindOfMode(mode_t mode) {
  if (S_ISREG(mode)) {
    return EntryKind::File;
  }
  return S_ISDIR(mode) ? EntryKind::Directory : EntryKind::Other;
}

// A buffer of this capacity holds most sources, so that one read gets all there is.
constexpr size_t kRoomy = 64u << 10;

// One read into the capacity that the buffer has anyway. Tells whether it holds the whole file:
// less came than there was room for, which only the end of a regular file makes.
bool ReadAtOnce(int descriptor, uint64_t limit, llvm::SmallVectorImpl<char> &buffer) {
  const auto room = static_cast<size_t>(std::min<uint64_t>(buffer.capacity(), limit));
  if (room < kRoomy) {
    return false;
  }
  buffer.resize_for_overwrite(room);
  const ssize_t got = ::read(descriptor, buffer.data(), room);
  const bool whole = got > 0 && static_cast<size_t>(got) < room;
  buffer.truncate(whole ? static_cast<size_t>(got) : 0);
  if (!whole && got > 0) {
    ::lseek(descriptor, 0, SEEK_SET); // it is read again, with room for its size
  }
  return whole;
}

// Reads up to `wanted` bytes; fewer only at the end of the file.
std::error_code ReadAll(int descriptor, size_t wanted, llvm::SmallVectorImpl<char> &buffer) {
  buffer.resize_for_overwrite(wanted);
  size_t have = 0;
  while (have < wanted) {
    const ssize_t got = ::read(descriptor, buffer.data() + have, wanted - have);
    if (got < 0 && errno == EINTR) {
      continue;
    }
    if (got < 0) {
      const std::error_code error = LastError();
      buffer.clear();
      return error;
    }
    if (got == 0) {
      break;
    }
    have += static_cast<size_t>(got);
    // A short read of a regular file ends it: the request was one byte more than its size.
    if (have < wanted) {
      break;
    }
  }
  buffer.truncate(have);
  return {};
}

DirectoryEntry MakeEntry(int directory, const dirent &found) {
  DirectoryEntry entry{.name = found.d_name};
  if (found.d_type == DT_REG) {
    return entry;
  }
  if (found.d_type == DT_DIR) {
    entry.kind = EntryKind::Directory;
    return entry;
  }
  if (found.d_type != DT_LNK && found.d_type != DT_UNKNOWN) {
    entry.kind = EntryKind::Other;
    return entry;
  }
  struct stat info;
  entry.is_link = found.d_type == DT_LNK;
  if (found.d_type == DT_UNKNOWN &&
      ::fstatat(directory, found.d_name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
    entry.is_link = S_ISLNK(info.st_mode);
  }
  // A link that leads nowhere is neither a file nor a directory.
  const bool exists = ::fstatat(directory, found.d_name, &info, 0) == 0;
  entry.kind = exists ? KindOfMode(info.st_mode) : EntryKind::Other;
  return entry;
}

class RealDisk final : public Disk {
public:
  std::error_code Read(llvm::StringRef path, uint64_t limit,
                       llvm::SmallVectorImpl<char> &buffer) const override {
    buffer.clear();
    // O_NONBLOCK: a named pipe called x.py must not stop the run.
    const int descriptor = ::open(SystemPath(path).c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) {
      return LastError();
    }
    auto close_it = llvm::make_scope_exit([&] { ::close(descriptor); });
    if (ReadAtOnce(descriptor, limit, buffer)) {
      return {};
    }
    struct stat info;
    if (::fstat(descriptor, &info) != 0) {
      return LastError();
    }
    if (S_ISDIR(info.st_mode)) {
      return std::make_error_code(std::errc::is_a_directory);
    }
    if (!S_ISREG(info.st_mode)) {
      return std::make_error_code(std::errc::not_supported);
    }
    const uint64_t wanted = std::min<uint64_t>(static_cast<uint64_t>(info.st_size) + 1, limit);
    return ReadAll(descriptor, static_cast<size_t>(wanted), buffer);
  }

  OpenedStream Open(llvm::StringRef path) const override { return OpenFileStream(path); }

  std::error_code List(llvm::StringRef path, std::vector<DirectoryEntry> &entries) const override {
    const std::error_code error = ListSome(path, [](llvm::StringRef) { return true; }, entries);
    std::sort(entries.begin(), entries.end(),
              [](const DirectoryEntry &a, const DirectoryEntry &b) { return a.name < b.name; });
    return error;
  }

  std::error_code ListSome(llvm::StringRef path,
                           llvm::function_ref<bool(llvm::StringRef name)> wanted,
                           std::vector<DirectoryEntry> &entries) const override {
    entries.clear();
    DIR *directory = ::opendir(SystemPath(path).c_str());
    if (directory == nullptr) {
      return LastError();
    }
    auto close_it = llvm::make_scope_exit([&] { ::closedir(directory); });
    const int descriptor = ::dirfd(directory);
    while (true) {
      errno = 0;
      const dirent *found = ::readdir(directory);
      if (found == nullptr) {
        break;
      }
      const llvm::StringRef name = found->d_name;
      // Of most entries the type is known, and no stat is needed to leave them out.
      const bool plain =
          found->d_type != DT_DIR && found->d_type != DT_LNK && found->d_type != DT_UNKNOWN;
      if (name == "." || name == ".." || (plain && !wanted(name))) {
        continue;
      }
      DirectoryEntry entry = MakeEntry(descriptor, *found);
      if (entry.kind == EntryKind::Directory || wanted(name)) {
        entries.push_back(std::move(entry));
      }
    }
    return errno != 0 ? LastError() : std::error_code();
  }

  bool IsFile(llvm::StringRef path) const override {
    struct stat info;
    return ::stat(SystemPath(path).c_str(), &info) == 0 && S_ISREG(info.st_mode);
  }

  bool IsDirectory(llvm::StringRef path) const override {
    struct stat info;
    return ::stat(SystemPath(path).c_str(), &info) == 0 && S_ISDIR(info.st_mode);
  }

  FileIdentity Identity(llvm::StringRef path) const override {
    struct stat info;
    if (::stat(SystemPath(path).c_str(), &info) != 0) {
      return {};
    }
    return FileIdentity{.device = info.st_dev, .inode = info.st_ino};
  }

  int64_t ModifiedAt(llvm::StringRef path) const override {
    llvm::sys::fs::file_status status;
    if (llvm::sys::fs::status(path, status)) {
      return 0;
    }
    return status.getLastModificationTime().time_since_epoch().count();
  }
};

} // namespace

std::unique_ptr<Disk> MakeRealDisk() {
  return std::make_unique<RealDisk>();
}

} // namespace pydefrag
