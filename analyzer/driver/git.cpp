#include "driver/git.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// What git calls a tree without entries.
static constexpr const char *kEmptyTree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

llvm::Expected<ProcessResult> Git::Run(std::vector<std::string> arguments,
                                       llvm::StringRef input) const {
  if (!env_.run) {
    return llvm::createStringError("there is no git here");
  }
  std::vector<std::string> command = {"git", "-C", folder_};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return env_.run(command, input);
}

llvm::Expected<std::string> Git::Ask(std::vector<std::string> arguments,
                                     llvm::StringRef input) const {
  const std::string name = arguments.front();
  llvm::Expected<ProcessResult> result = Run(std::move(arguments), input);
  if (!result) {
    return result.takeError();
  }
  if (result->status != 0) {
    const llvm::StringRef said = llvm::StringRef(result->err).trim().split('\n').first;
    return llvm::createStringError("git " + name + " failed: " + said);
  }
  return std::move(result->out);
}

llvm::Expected<std::string> Git::BaseOf(llvm::StringRef rev) const {
  llvm::Expected<ProcessResult> commit =
      Run({"rev-parse", "--verify", "--quiet", "--end-of-options", (rev + "^{commit}").str()});
  if (!commit) {
    return commit.takeError();
  }
  if (commit->status != 0) {
    if (rev == "HEAD") { // nothing was committed yet, or this is no repository
      llvm::Expected<std::string> folder = Ask({"rev-parse", "--git-dir"});
      return folder ? llvm::Expected<std::string>(kEmptyTree) : folder.takeError();
    }
    return llvm::createStringError("git knows no commit `" + rev + "`");
  }
  const std::string id = llvm::StringRef(commit->out).trim().str();
  if (rev == "HEAD") {
    return id;
  }
  llvm::Expected<ProcessResult> shared = Run({"merge-base", id, "HEAD"});
  if (!shared) {
    return shared.takeError();
  }
  return shared->status == 0 ? llvm::StringRef(shared->out).trim().str() : id;
}

static llvm::SmallVector<llvm::StringRef, 0> SplitAtNul(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef, 0> parts;
  text.split(parts, '\0', -1, false);
  return parts;
}

// One record of `git diff --raw -z`: ":100644 100644 <blob> <blob> M".
static std::string BlobBefore(llvm::StringRef record) {
  llvm::SmallVector<llvm::StringRef, 5> fields;
  record.drop_front(1).split(fields, ' ');
  const bool was_file = fields.size() == 5 && fields[0].starts_with("100");
  return was_file ? fields[2].str() : ""; // links and submodules are no files of the project
}

llvm::Expected<std::vector<ChangedFile>> Git::Tracked(std::vector<std::string> diff) const {
  diff.insert(diff.begin() + 1,
              {"--raw", "-z", "--no-renames", "--no-abbrev", "--relative", "--ignore-submodules"});
  diff.push_back("--");
  llvm::Expected<std::string> tracked = Ask(std::move(diff));
  if (!tracked) {
    return tracked.takeError();
  }
  std::vector<ChangedFile> changes;
  const llvm::SmallVector<llvm::StringRef, 0> fields = SplitAtNul(*tracked);
  for (size_t i = 0; i + 1 < fields.size(); i += 2) {
    changes.push_back({.path = fields[i + 1].str(), .blob = BlobBefore(fields[i])});
  }
  return changes;
}

llvm::Expected<std::vector<ChangedFile>> Git::WithUntracked(std::vector<std::string> diff) const {
  llvm::Expected<std::vector<ChangedFile>> changes = Tracked(std::move(diff));
  if (!changes) {
    return changes.takeError();
  }
  llvm::Expected<std::string> untracked = Ask({"ls-files", "--others", "--exclude-standard", "-z"});
  if (!untracked) {
    return untracked.takeError();
  }
  for (llvm::StringRef path : SplitAtNul(*untracked)) {
    changes->push_back({.path = path.str(), .blob = ""});
  }
  return changes;
}

llvm::Expected<std::vector<ChangedFile>> Git::ChangesSince(llvm::StringRef commit) const {
  return WithUntracked({"diff", "--no-ext-diff", commit.str()});
}

llvm::Expected<std::vector<ChangedFile>> Git::StagedSince(llvm::StringRef commit) const {
  return Tracked({"diff", "--cached", "--no-ext-diff", commit.str()});
}

// `git diff` would refresh the index.
llvm::Expected<std::vector<ChangedFile>> Git::ChangesNotStaged() const {
  return WithUntracked({"diff-files"});
}

// Without a commit, git compares with HEAD, or with nothing before the first one.
llvm::Expected<std::vector<std::string>> Git::Staged() const {
  llvm::Expected<std::string> names = Ask({"diff", "--cached", "--name-only", "-z", "--no-renames",
                                           "--no-ext-diff", "--relative", "--"});
  if (!names) {
    llvm::Expected<std::string> folder = Ask({"rev-parse", "--git-dir"});
    if (folder) {
      return names.takeError();
    }
    llvm::consumeError(names.takeError()); // this one says it better
    return folder.takeError();
  }
  std::vector<std::string> staged;
  for (llvm::StringRef name : SplitAtNul(*names)) {
    staged.push_back(name.str());
  }
  return staged;
}

// `git cat-file --batch` answers each name with "<name> blob <size>\n<bytes>\n".
llvm::Expected<std::vector<std::string>> Git::Contents(llvm::ArrayRef<std::string> blobs) const {
  std::vector<std::string> contents;
  if (blobs.empty()) {
    return contents;
  }
  llvm::Expected<std::string> answer = Ask({"cat-file", "--batch"}, llvm::join(blobs, "\n") + "\n");
  if (!answer) {
    return answer.takeError();
  }
  llvm::StringRef rest = *answer;
  for (const std::string &blob : blobs) {
    const auto [head, after] = rest.split('\n');
    size_t size = 0;
    if (!head.starts_with(blob + " blob ") || head.rsplit(' ').second.getAsInteger(10, size) ||
        after.size() < size) {
      return llvm::createStringError("git cat-file failed: " + head);
    }
    contents.push_back(after.take_front(size).str());
    rest = after.drop_front(size);
    rest.consume_front("\n");
  }
  return contents;
}

llvm::Expected<EarlierDisk> MakeEarlierDisk(const Git &git, const Disk &base,
                                            llvm::StringRef folder,
                                            llvm::ArrayRef<ChangedFile> changes) {
  std::vector<std::string> added;
  std::vector<std::string> blobs;
  std::vector<MemoryFile> files;
  for (const ChangedFile &change : changes) {
    const std::string path = (folder + "/" + change.path).str();
    if (change.blob.empty()) {
      added.push_back(path);
    } else {
      files.push_back({.path = path, .content = ""});
      blobs.push_back(change.blob);
    }
  }
  llvm::Expected<std::vector<std::string>> contents = git.Contents(blobs);
  if (!contents) {
    return contents.takeError();
  }
  for (size_t i = 0; i < files.size(); ++i) {
    files[i].content = std::move((*contents)[i]);
  }
  EarlierDisk earlier;
  earlier.reduced = MakeReducedDisk(base, added);
  earlier.disk = MakeOverlayDisk(*earlier.reduced, files);
  return earlier;
}

} // namespace pydefrag
