// The disk behind an interface: the real one, and one in memory for fixtures and editors' buffers.
// Paths are absolute or relative to the process's directory, with `/`. Safe to call from several
// threads at once.
#pragma once

#include "source/byte_stream.h"

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

#include <cstdint>
#include <memory>
#include <string>
#include <system_error>
#include <vector>

namespace pydefrag {

enum class EntryKind : uint8_t { File, Directory, Other };

struct DirectoryEntry {
  std::string name;
  EntryKind kind = EntryKind::File; // of what a link leads to
  bool is_link = false;
};

struct FileIdentity { // which object on the disk, whatever path leads there
  uint64_t device = 0;
  uint64_t inode = 0;
  friend auto operator<=>(const FileIdentity &, const FileIdentity &) = default;
};

class Disk {
public:
  virtual ~Disk() = default;

  // Replaces `buffer` by the whole content, or by its first `limit` bytes when it is longer.
  virtual std::error_code Read(llvm::StringRef path, uint64_t limit,
                               llvm::SmallVectorImpl<char> &buffer) const = 0;
  // The content as a stream, for files too large to hold. Unless overridden, all of it is read
  // first.
  virtual OpenedStream Open(llvm::StringRef path) const;
  // The entries of a directory, sorted by name, without `.` and `..`.
  virtual std::error_code List(llvm::StringRef path,
                               std::vector<DirectoryEntry> &entries) const = 0;
  // The folders in a directory and those other entries whose names `wanted` takes, in any order.
  virtual std::error_code ListSome(llvm::StringRef path,
                                   llvm::function_ref<bool(llvm::StringRef name)> wanted,
                                   std::vector<DirectoryEntry> &entries) const;
  virtual bool IsFile(llvm::StringRef path) const = 0;
  virtual bool IsDirectory(llvm::StringRef path) const = 0;
  // Follows links. Empty when the path does not exist.
  virtual FileIdentity Identity(llvm::StringRef path) const = 0;
  // When the file was written, in nanoseconds since the epoch. 0: not known.
  virtual int64_t ModifiedAt(llvm::StringRef path) const;
};

// The machine's file system.
std::unique_ptr<Disk> MakeRealDisk();

struct MemoryFile {
  std::string path;
  std::string content;
};

// A file system that holds just `files`; their directories exist. Paths are taken as written.
std::unique_ptr<Disk> MakeMemoryDisk(llvm::ArrayRef<MemoryFile> files);

// `base` with some files replaced or added (an editor's buffers). `base` must outlive the result.
std::unique_ptr<Disk> MakeOverlayDisk(const Disk &base, llvm::ArrayRef<MemoryFile> files);

// `base` without some files, and without the folders that hold nothing else. `base` must outlive
// the result.
std::unique_ptr<Disk> MakeReducedDisk(const Disk &base, llvm::ArrayRef<std::string> removed);

} // namespace pydefrag
