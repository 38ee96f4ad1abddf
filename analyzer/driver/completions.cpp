// `pydefrag completions SHELL`: made from the description of the command line, so that they cannot
// lag behind it.
#include "driver/cli_values.h"
#include "driver/commands.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"

namespace pydefrag {

// The words that an option's value is one of; empty: files and folders.
static std::vector<llvm::StringRef> ValuesOf(llvm::StringRef option) {
  if (option == "--output-format") {
    return OutputFormats();
  }
  if (option == "--color") {
    return {"auto", "always", "never"};
  }
  if (option == "--fail-on") {
    return {"error", "warning", "note"};
  }
  return {};
}

static std::string LongNames(const CommandDescription &command) {
  std::vector<std::string> names;
  for (const OptionDescription &option : command.options) {
    if (!option.names.empty()) {
      names.push_back(option.names.front());
    }
  }
  return llvm::join(names, " ");
}

static std::string CommandNames(llvm::ArrayRef<CommandDescription> commands) {
  std::vector<std::string> names;
  for (const CommandDescription &command : commands) {
    names.push_back(command.name);
  }
  return llvm::join(names, " ");
}

static void WriteBash(llvm::raw_ostream &os, llvm::ArrayRef<CommandDescription> commands) {
  os << "_pydefrag() {\n"
        "  local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}\n"
        "  local command=${COMP_WORDS[1]} options=\n"
        "  COMPREPLY=()\n"
        "  if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
     << "    COMPREPLY=($(compgen -W \"" << CommandNames(commands)
     << " --help --version\" -- \"$word\"))\n"
        "    return\n"
        "  fi\n"
        "  case $before in\n";
  for (llvm::StringRef option : {"--output-format", "--color", "--fail-on"}) {
    os << "  " << option << ") COMPREPLY=($(compgen -W \"" << llvm::join(ValuesOf(option), " ")
       << "\" -- \"$word\")); return ;;\n";
  }
  os << "  esac\n  case $command in\n";
  for (const CommandDescription &command : commands) {
    os << "  " << command.name << ") options=\"" << LongNames(command) << "\" ;;\n";
  }
  os << "  esac\n"
        "  case $word in\n"
        "  -*) COMPREPLY=($(compgen -W \"$options\" -- \"$word\")) ;;\n"
        "  esac\n"
        "}\n"
        "complete -o default -F _pydefrag pydefrag\n";
}

// Text in single quotes; what ends or structures a specification is escaped.
static std::string ZshText(llvm::StringRef text) {
  std::string escaped;
  for (char c : text) {
    if (c == '\'') {
      escaped += "'\\''";
      continue;
    }
    if (c == '[' || c == ']' || c == ':') {
      escaped += '\\';
    }
    escaped += c;
  }
  return escaped;
}

static void WriteZsh(llvm::raw_ostream &os, llvm::ArrayRef<CommandDescription> commands) {
  os << "#compdef pydefrag\n\n_pydefrag() {\n  local -a commands\n  commands=(\n";
  for (const CommandDescription &command : commands) {
    os << "    '" << command.name << ':' << ZshText(command.help) << "'\n";
  }
  os << "  )\n"
        "  if (( CURRENT == 2 )); then\n"
        "    _describe command commands\n"
        "    return\n"
        "  fi\n"
        "  local command=$words[2]\n"
        "  shift words\n"
        "  (( CURRENT-- ))\n"
        "  case $command in\n";
  for (const CommandDescription &command : commands) {
    os << "  " << command.name << ")\n    _arguments";
    for (const OptionDescription &option : command.options) {
      for (const std::string &name : option.names) {
        os << " \\\n      '*" << name << '[' << ZshText(option.help) << ']';
        const std::vector<llvm::StringRef> values = ValuesOf(option.names.front());
        if (!values.empty()) {
          os << ":value:(" << llvm::join(values, " ") << ')';
        } else if (option.takes_value) {
          os << ":value:_files";
        }
        os << '\'';
      }
    }
    os << " \\\n      '*:path:_files'\n    ;;\n";
  }
  os << "  esac\n}\n\n_pydefrag \"$@\"\n";
}

static std::string FishText(llvm::StringRef text) {
  std::string escaped;
  for (char c : text) {
    escaped += c == '\'' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  }
  return escaped;
}

static void WriteFish(llvm::raw_ostream &os, llvm::ArrayRef<CommandDescription> commands) {
  for (const CommandDescription &command : commands) {
    os << "complete -c pydefrag -n __fish_use_subcommand -f -a " << command.name << " -d '"
       << FishText(command.help) << "'\n";
    for (const OptionDescription &option : command.options) {
      if (option.names.empty()) {
        continue;
      }
      os << "complete -c pydefrag -n '__fish_seen_subcommand_from " << command.name << '\'';
      for (llvm::StringRef name : option.names) {
        os << (name.consume_front("--") ? " -l " : " -s ") << name.ltrim("-");
      }
      const std::vector<llvm::StringRef> values = ValuesOf(option.names.front());
      if (!values.empty()) {
        os << " -x -a '" << llvm::join(values, " ") << '\'';
      } else if (option.takes_value) {
        os << " -r";
      }
      os << " -d '" << FishText(option.help) << "'\n";
    }
  }
}

int RunCompletions(const CommandLine &line, const Environment &env) {
  using Writer = void (*)(llvm::raw_ostream &, llvm::ArrayRef<CommandDescription>);
  const Writer writer = llvm::StringSwitch<Writer>(line.subject)
                            .Case("bash", WriteBash)
                            .Case("zsh", WriteZsh)
                            .Case("fish", WriteFish)
                            .Default(nullptr);
  if (!writer) {
    *env.err << "error: completions are for bash, zsh or fish, not `" << line.subject << "`\n";
    return 2;
  }
  writer(*env.out, DescribeCommandLine());
  return 0;
}

} // namespace pydefrag
