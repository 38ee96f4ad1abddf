// What git knows of the project's history. Every question runs git once; none writes anything.
#pragma once

#include "driver/environment.h"

#include "llvm/Support/Error.h"

#include <memory>
#include <string>
#include <vector>

namespace pydefrag {

// A file below a folder that differs between a commit and what is on the disk now.
struct ChangedFile {
  std::string path; // relative to the folder
  std::string blob; // what it was, as git names it; empty: the file did not exist
};

class Git {
public:
  // `folder`, absolute, is where paths are relative to.
  Git(const Environment &env, std::string folder) : env_(env), folder_(std::move(folder)) {}

  // The commit to compare with for `--since rev`: where the history of `rev` and HEAD part; `rev`
  // itself when they share none. The tree without files when there is no commit yet.
  llvm::Expected<std::string> BaseOf(llvm::StringRef rev) const;
  // Files that were changed, added (untracked ones too, if they are not ignored) or deleted.
  llvm::Expected<std::vector<ChangedFile>> ChangesSince(llvm::StringRef commit) const;
  // The same of what is staged.
  llvm::Expected<std::vector<ChangedFile>> StagedSince(llvm::StringRef commit) const;
  // The same against what is staged for the next commit: what would not become part of it.
  llvm::Expected<std::vector<ChangedFile>> ChangesNotStaged() const;
  // Paths staged for the next commit, relative to the folder; deleted ones too.
  llvm::Expected<std::vector<std::string>> Staged() const;
  // The contents of blobs, in order.
  llvm::Expected<std::vector<std::string>> Contents(llvm::ArrayRef<std::string> blobs) const;

private:
  llvm::Expected<std::vector<ChangedFile>> Tracked(std::vector<std::string> diff) const;
  llvm::Expected<std::vector<ChangedFile>> WithUntracked(std::vector<std::string> diff) const;
  llvm::Expected<ProcessResult> Run(std::vector<std::string> arguments,
                                    llvm::StringRef input = "") const;
  // The same, where only status 0 is an answer.
  llvm::Expected<std::string> Ask(std::vector<std::string> arguments,
                                  llvm::StringRef input = "") const;

  const Environment &env_;
  std::string folder_;
};

// The disk as it was: `changes` undone. `base` must outlive the result.
struct EarlierDisk {
  std::unique_ptr<Disk> reduced;
  std::unique_ptr<Disk> disk; // stands on `reduced`
};
llvm::Expected<EarlierDisk> MakeEarlierDisk(const Git &git, const Disk &base,
                                            llvm::StringRef folder,
                                            llvm::ArrayRef<ChangedFile> changes);

} // namespace pydefrag
