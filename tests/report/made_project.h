// A project put together by hand, for rendering tests: files in memory, modules and rows as given.
#pragma once

#include "report/report.h"
#include "source/disk.h"

#include "gtest/gtest.h"

#include <memory>
#include <string>
#include <vector>

namespace pydefrag {

class MadeProject {
public:
  // `files` in the order of their paths; each becomes a first-party module of its own name.
  MadeProject(std::initializer_list<MemoryFile> files) : files_(files) {
    project = std::make_unique<Project>();
    for (const MemoryFile &file : files_) {
      project->scanned.paths.push_back(file.path);
      project->scanned.facts.push_back({});
      const std::string dotted = Dotted(file.path);
      const NameId name = project->scanned.names.Intern(dotted);
      Module module;
      module.name = name;
      module.file = FileId(project->modules.size());
      module.first_party = true;
      const ModuleId id = project->modules.push_back(module);
      project->module_of_file.push_back(id);
      project->module_by_name[name] = id;
    }
    disk = MakeMemoryDisk(files_);
    report.project = project.get();
    report.disk = disk.get();
    report.root_shown = ".";
    report.root_because = "pyproject.toml";
    report.stats.files = files_.size();
    sources = std::make_unique<SourceCache>(*project, *disk);
  }

  // Where `text` stands in the file; its `nth` occurrence, from 0.
  Location Find(int file, const std::string &text, size_t nth = 0) const {
    const std::string &content = files_[static_cast<size_t>(file)].content;
    size_t at = content.find(text);
    for (; nth > 0 && at != std::string::npos; --nth) {
      at = content.find(text, at + 1);
    }
    EXPECT_NE(at, std::string::npos) << text;
    const uint32_t begin = static_cast<uint32_t>(at);
    return {FileId(file), {begin, begin + static_cast<uint32_t>(text.size())}};
  }

  NameId Name(const std::string &text) { return project->scanned.names.Intern(text); }

  // A class at `text`, reached as its own name through the modules of `files`, one use each.
  DefinitionId AddClass(Location where, const std::string &name, std::vector<int> through) {
    Definition definition;
    definition.module = project->module_of_file[where.file];
    definition.name = Name(name);
    definition.kind = DefinitionKind::Class;
    definition.where = where;
    for (int file : through) {
      PathInfo path;
      path.module = project->module_of_file[FileId(file)];
      path.name = Name(name);
      path.in_use = true;
      path.uses = 1;
      definition.paths.push_back(path);
    }
    return project->definitions.push_back(definition);
  }

  std::unique_ptr<Project> project;
  std::unique_ptr<Disk> disk;
  std::unique_ptr<SourceCache> sources;
  Report report;

private:
  static std::string Dotted(std::string path) {
    path.resize(path.size() - 3); // .py
    for (char &c : path) {
      c = c == '/' ? '.' : c;
    }
    return path;
  }

  std::vector<MemoryFile> files_;
};

} // namespace pydefrag
