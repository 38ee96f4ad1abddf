#include "source/byte_stream.h"

#include "source/disk.h"

#include "llvm/ADT/SmallString.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace pydefrag {
namespace {

class MemoryStream final : public ByteStream {
public:
  explicit MemoryStream(llvm::StringRef bytes) : left_(bytes) {}

  size_t Read(char *into, size_t size) override {
    const llvm::StringRef part = left_.take_front(size);
    std::copy(part.begin(), part.end(), into);
    left_ = left_.drop_front(part.size());
    return part.size();
  }

private:
  llvm::StringRef left_;
};

class OwningStream final : public ByteStream {
public:
  explicit OwningStream(std::string bytes) : bytes_(std::move(bytes)), view_(bytes_) {}

  size_t Read(char *into, size_t size) override { return view_.Read(into, size); }

private:
  std::string bytes_;
  MemoryStream view_;
};

class FileStream final : public ByteStream {
public:
  explicit FileStream(int descriptor) : descriptor_(descriptor) {}
  ~FileStream() override { ::close(descriptor_); }
  FileStream(const FileStream &) = delete;
  FileStream &operator=(const FileStream &) = delete;

  size_t Read(char *into, size_t size) override {
    while (true) {
      const ssize_t got = ::read(descriptor_, into, size);
      if (got >= 0) {
        return static_cast<size_t>(got);
      }
      if (errno != EINTR) {
        error_ = std::strerror(errno);
        return 0;
      }
    }
  }

  std::string error() const override { return error_; }

private:
  int descriptor_;
  std::string error_;
};

} // namespace

std::unique_ptr<ByteStream> MakeMemoryStream(llvm::StringRef bytes) {
  return std::make_unique<MemoryStream>(bytes);
}

std::unique_ptr<ByteStream> MakeOwningStream(std::string bytes) {
  return std::make_unique<OwningStream>(std::move(bytes));
}

OpenedStream OpenFileStream(llvm::StringRef path) {
  OpenedStream result;
  const int descriptor = ::open(path.str().c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) {
    result.error = std::error_code(errno, std::generic_category());
    return result;
  }
  struct stat info;
  if (::fstat(descriptor, &info) == 0 && S_ISDIR(info.st_mode)) {
    ::close(descriptor);
    result.error = std::make_error_code(std::errc::is_a_directory);
    return result;
  }
  result.stream = std::make_unique<FileStream>(descriptor);
  return result;
}

OpenedStream Disk::Open(llvm::StringRef path) const {
  OpenedStream result;
  llvm::SmallString<0> bytes;
  result.error = Read(path, UINT64_MAX, bytes);
  if (!result.error) {
    result.stream = MakeOwningStream(std::string(bytes.str()));
  }
  return result;
}

} // namespace pydefrag
