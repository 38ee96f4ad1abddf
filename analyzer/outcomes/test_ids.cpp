// A JUnit report keeps `tests.unit.test_a.TestX` where pytest said `tests/unit/test_a.py::TestX`:
// the longest prefix that is a file on the disk is the file, the rest are classes. Paths from other
// machines are tied to the project by their longest suffix that exists here; the folder in front of
// it is remembered, so that a short name is not taken for a project file by chance.
#include "outcomes/test_ids.h"

#include "source/paths.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"

#include <algorithm>
#include <utility>

namespace pydefrag {
namespace {

bool IsAbsolute(llvm::StringRef path) {
  return path.starts_with("/") ||
         (path.size() > 2 && llvm::isAlpha(path[0]) && path[1] == ':' && path[2] == '/');
}

// Files that an interpreter or an environment brought, whatever the project holds.
bool IsInstalled(llvm::StringRef path) {
  return path.contains("/site-packages/") || path.contains("/dist-packages/") ||
         path.contains("/lib/python3") || path.starts_with("<");
}

// "a/./b/../c" -> "a/c"; a leading ".." stays.
std::string Normalised(llvm::StringRef path) {
  llvm::SmallVector<llvm::StringRef, 16> parts;
  const bool absolute = path.starts_with("/");
  while (!path.empty()) {
    llvm::StringRef part;
    std::tie(part, path) = path.split('/');
    if (part == ".." && !parts.empty() && parts.back() != "..") {
      parts.pop_back();
    } else if (!part.empty() && part != ".") {
      parts.push_back(part);
    }
  }
  return (absolute ? "/" : "") + llvm::join(parts, "/");
}

std::string WithSlashes(llvm::StringRef path) {
  std::string text = path.str();
  std::replace(text.begin(), text.end(), '\\', '/');
  return text;
}

} // namespace

TestIdResolver::TestIdResolver(const Disk &disk, llvm::StringRef project_root,
                               std::vector<std::string> roots)
    : disk_(disk), project_root_(project_root.rtrim('/').str()) {
  roots_.emplace_back();
  for (std::string &root : roots) {
    std::string folder = Normalised(root);
    if (!folder.empty() && !llvm::is_contained(roots_, folder)) {
      roots_.push_back(std::move(folder));
    }
  }
}

std::string TestIdResolver::Join(llvm::StringRef relative) const {
  if (project_root_.empty() || project_root_ == ".") {
    return relative.str();
  }
  return relative.empty() ? project_root_ : (project_root_ + "/" + relative).str();
}

bool TestIdResolver::Exists(llvm::StringRef relative) {
  auto [it, is_new] = exists_.try_emplace(relative, false);
  if (is_new) {
    it->getValue() = disk_.IsFile(Join(relative));
  }
  return it->getValue();
}

bool TestIdResolver::IsFolder(llvm::StringRef relative) {
  return disk_.IsDirectory(Join(relative));
}

void TestIdResolver::SetRunRoot(llvm::StringRef absolute) {
  run_root_ = WithSlashes(absolute.rtrim("/\\"));
  if (!run_root_.empty()) {
    run_root_ += '/';
  }
  paths_.clear();
}

// The first root under which `relative` exists, joined; "" when there is none.
std::string TestIdResolver::UnderRoots(llvm::StringRef relative) {
  for (const std::string &root : roots_) {
    std::string path = Normalised(JoinPath(root, relative));
    const bool above = llvm::StringRef(path).starts_with("..");
    if (!above && (Exists(path) || IsFolder(path))) {
      return path;
    }
  }
  return {};
}

TestIdResolver::ClassPrefix TestIdResolver::FindPrefixUnder(llvm::StringRef root,
                                                            llvm::StringRef dotted) {
  llvm::SmallVector<llvm::StringRef, 8> parts;
  dotted.split(parts, '.');
  for (size_t n = parts.size(); n > 0; --n) {
    const llvm::ArrayRef<llvm::StringRef> head = llvm::ArrayRef(parts).take_front(n);
    std::string path = JoinPath(root, llvm::join(head, "/") + ".py");
    if (!Exists(path)) {
      // docs/usage.txt is written docs.usage.txt; a doctest's module may be a package.
      if (n < 2) {
        continue;
      }
      path = JoinPath(root, llvm::join(head.drop_back(), "/") + "." + head.back().str());
      if (!Exists(path)) {
        continue;
      }
    }
    for (llvm::StringRef part : llvm::ArrayRef(parts).drop_front(n)) {
      path += "::";
      path += part;
    }
    return {std::move(path), true};
  }
  return {};
}

TestIdResolver::ClassPrefix TestIdResolver::FindPrefix(llvm::StringRef dotted) {
  auto [it, is_new] = prefixes_.try_emplace(dotted);
  ClassPrefix &found = it->getValue();
  if (!is_new) {
    return found;
  }
  for (const std::string &root : roots_) {
    found = FindPrefixUnder(root, dotted);
    if (found.found) {
      return found;
    }
  }
  // junit_prefix, or a root above the project: leave out leading components.
  llvm::StringRef rest = dotted;
  while (rest.contains('.')) {
    rest = rest.split('.').second;
    found = FindPrefixUnder("", rest);
    if (found.found) {
      return found;
    }
  }
  return found;
}

ResolvedId TestIdResolver::FromClassname(llvm::StringRef classname, llvm::StringRef name,
                                         llvm::StringRef file) {
  if (!file.empty() && !classname.empty()) {
    // The attribute names where the function is defined; an inherited test's file is another one.
    const std::string path = WithSlashes(file);
    std::string dotted =
        llvm::StringRef(path).ends_with(".py") ? llvm::StringRef(path).drop_back(3).str() : path;
    std::replace(dotted.begin(), dotted.end(), '/', '.');
    llvm::StringRef rest = classname;
    const std::string under = UnderRoots(path);
    if (!under.empty() && rest.consume_front(dotted) && (rest.empty() || rest.front() == '.')) {
      std::string id = under;
      llvm::SmallVector<llvm::StringRef, 4> classes;
      rest.split(classes, '.', -1, false);
      for (llvm::StringRef part : classes) {
        id += "::" + part.str();
      }
      return {id + "::" + name.str(), true};
    }
  }
  const bool is_collection = classname.empty();
  const ClassPrefix prefix = FindPrefix(is_collection ? name : classname);
  if (prefix.found) {
    return {is_collection ? prefix.prefix : prefix.prefix + "::" + name.str(), true};
  }
  if (is_collection) {
    // A folder whose conftest.py failed, or the whole session.
    std::string folder = name.str();
    std::replace(folder.begin(), folder.end(), '.', '/');
    const std::string under = name.empty() ? std::string() : UnderRoots(folder);
    return {under.empty() ? name.str() : under, name.empty() || !under.empty()};
  }
  return {(classname + "::" + name).str(), false};
}

ResolvedId TestIdResolver::FromNodeId(llvm::StringRef node_id) {
  const llvm::StringRef file = SplitTestId(node_id).file;
  auto [it, is_new] = files_.try_emplace(file);
  if (is_new) {
    it->getValue() = UnderRoots(file);
    if (it->getValue().empty()) {
      const ResolvedPath located = FromPath(file);
      it->getValue() = located.in_project ? located.path : std::string();
    }
  }
  const std::string &found = it->getValue();
  if (found.empty()) {
    return {node_id.str(), file.empty()};
  }
  return {found + node_id.drop_front(file.size()).str(), true};
}

ResolvedPath TestIdResolver::LocateAbsolute(llvm::StringRef path) {
  const std::string own = project_root_.empty() ? std::string() : project_root_ + "/";
  llvm::StringRef rest = path;
  if (!own.empty() && rest.consume_front(own) && Exists(rest)) {
    return {rest.str(), true};
  }
  rest = path;
  if (!run_root_.empty() && rest.consume_front(run_root_)) {
    std::string under = UnderRoots(rest);
    if (!under.empty()) {
      return {std::move(under), true};
    }
  }
  for (const std::string &root : foreign_roots_) {
    rest = path;
    if (rest.consume_front(root) && Exists(rest)) {
      return {rest.str(), true};
    }
  }
  // Longest suffix first. A bare file name alone is believed only when it cannot be elsewhere.
  rest = path;
  while (true) {
    const size_t slash = rest.find('/');
    if (slash == llvm::StringRef::npos) {
      break;
    }
    rest = rest.drop_front(slash + 1);
    if (!rest.contains('/') && !foreign_roots_.empty()) {
      break;
    }
    if (Exists(rest)) {
      foreign_roots_.push_back(path.drop_back(rest.size()).str());
      return {rest.str(), true};
    }
  }
  return {path.str(), false};
}

ResolvedPath TestIdResolver::Locate(llvm::StringRef raw) {
  const std::string path = Normalised(WithSlashes(raw));
  if (IsInstalled(path)) {
    return {raw.str(), false};
  }
  if (IsAbsolute(path)) {
    return LocateAbsolute(path);
  }
  std::string under = UnderRoots(path);
  if (!under.empty()) {
    return {std::move(under), true};
  }
  // Printed relative to a folder below or beside the root: `../pkg/a.py`.
  llvm::StringRef rest = path;
  while (rest.consume_front("../")) {
  }
  while (rest.contains('/')) {
    if (Exists(rest)) {
      return {rest.str(), true};
    }
    rest = rest.split('/').second;
  }
  return {raw.str(), false};
}

ResolvedPath TestIdResolver::FromPath(llvm::StringRef path) {
  auto [it, is_new] = paths_.try_emplace(path);
  if (is_new) {
    it->getValue() = Locate(path);
  }
  return it->getValue();
}

void LocateFrames(ErrorChain &chain, TestIdResolver &ids) {
  for (ErrorSegment &segment : chain.segments) {
    for (Frame &frame : segment.frames) {
      ResolvedPath located = ids.FromPath(frame.path);
      frame.path = std::move(located.path);
      frame.in_project = located.in_project;
    }
  }
}

} // namespace pydefrag
