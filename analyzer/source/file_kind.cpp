// Which names Discover lists, and as what.
#include "source/discover.h"

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// What builds turn into modules: Cython, protobuf, ANTLR, thrift, Qt Designer, SWIG, f2py.
static bool IsGenerator(llvm::StringRef name, llvm::StringRef suffix) {
  const bool by_suffix = llvm::StringSwitch<bool>(suffix)
                             .Cases("pyx", "pxd", "proto", "g4", "thrift", true)
                             .Cases("ui", "qrc", "pyf", "i", "fbs", true)
                             .Default(false);
  if (by_suffix) {
    return true;
  }
  const bool by_template = llvm::StringSwitch<bool>(suffix)
                               .Cases("in", "tmpl", "mako", "j2", "jinja", "jinja2", true)
                               .Cases("template", "tpl", "tp", true)
                               .Default(false);
  const llvm::StringRef made = name.drop_back(suffix.size() + 1);
  return by_template && (made.ends_with(".py") || made.ends_with(".pyx"));
}

static bool IsSettings(llvm::StringRef name) {
  if (name.ends_with(".txt")) {
    return name.contains("requirements");
  }
  return llvm::StringSwitch<bool>(name)
      .Cases("pyproject.toml", "setup.cfg", "pytest.ini", ".pytest.ini", "pytest.toml",
             ".pytest.toml", "tox.ini", true)
      .Cases("pyrightconfig.json", "mypy.ini", ".mypy.ini", ".env", ".isort.cfg", "ruff.toml",
             ".ruff.toml", "ty.toml", true)
      .Cases("pydefrag.toml", ".pydefrag.toml", "Cargo.toml", "alembic.ini", "Pipfile", true)
      .Case("meson.build", true)
      .Default(false);
}

std::optional<FileKind> KindOfFileName(llvm::StringRef name) {
  const size_t dot = name.rfind('.');
  if (dot == llvm::StringRef::npos) {
    return IsSettings(name) ? std::optional(FileKind::Settings) : std::nullopt;
  }
  const llvm::StringRef suffix = name.substr(dot + 1);
  if (suffix == "py") {
    return FileKind::Source;
  }
  if (suffix == "pyi") {
    return FileKind::Stub;
  }
  if (suffix == "pyc") {
    return FileKind::Bytecode;
  }
  if (suffix == "so" || suffix == "pyd") {
    return FileKind::Extension;
  }
  if (IsGenerator(name, suffix)) {
    return FileKind::Generator;
  }
  return IsSettings(name) ? std::optional(FileKind::Settings) : std::nullopt;
}

bool IsPythonScript(const Disk &disk, llvm::StringRef path) {
  const llvm::StringRef name = path.substr(path.rfind('/') + 1);
  if (const size_t dot = name.rfind('.'); dot != llvm::StringRef::npos && dot > 0) {
    return llvm::StringSwitch<bool>(name.substr(dot + 1))
        .Cases("pyw", "wsgi", "cgi", "tac", "spec", true)
        .Default(false);
  }
  if (name == "SConstruct" || name == "SConscript" || name == "wscript") {
    return true;
  }
  constexpr uint32_t kMost = 1u << 20;
  llvm::SmallVector<char, 0> bytes;
  if (disk.Read(path, kMost, bytes)) {
    return false;
  }
  const llvm::StringRef first = llvm::StringRef(bytes.data(), bytes.size()).split('\n').first;
  return first.starts_with("#!") && first.contains("python");
}

} // namespace pydefrag
