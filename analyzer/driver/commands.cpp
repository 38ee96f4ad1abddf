// `trace`, `why`, `graph` and `rule`. The other commands have files of their own.
#include "driver/commands.h"

#include "driver/terminal.h"
#include "link/identity/identity.h"
#include "link/link_state.h"
#include "report/json/render_graph_json.h"
#include "report/render_graph_text.h"
#include "report/text/render_rule.h"
#include "report/trace.h"
#include "report/why.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"

namespace pydefrag {

// 3 when something was left unseen; then the problems are named on standard error.
static int StatusOf(const Analysis &analysis, const Environment &env) {
  bool complete = true;
  for (const Problem &problem : analysis.problems) {
    if (MakesIncomplete(problem.kind)) {
      complete = false;
      *env.err << "problem: " << problem.path << (problem.path.empty() ? "" : ": ")
               << problem.message << '\n';
    }
  }
  return complete ? 0 : 3;
}

int RunTrace(const CommandLine &line, const Environment &env) {
  llvm::Expected<std::unique_ptr<Analysis>> analyzed = Analyze(line, env);
  if (!analyzed) {
    return PrintError(env, analyzed.takeError());
  }
  const Analysis &analysis = **analyzed;
  const SymbolMatches matches = FindSymbols(*analysis.project, line.subject);
  if (matches.definitions.empty()) {
    *env.err << "error: nothing defines `" << line.subject << '`';
    if (!matches.similar.empty()) {
      *env.err << "; did you mean `" << llvm::join(matches.similar, "`, `") << "`?";
    }
    *env.err << '\n';
    return std::max(2, StatusOf(analysis, env));
  }
  for (DefinitionId id : matches.definitions) {
    FillHops(*analysis.project, *analysis.project->state->resolver,
             analysis.project->definitions[id]);
  }
  SourceCache sources(*analysis.project, *analysis.disk);
  if (line.format == "json") {
    RenderTraceJson(*env.out, *analysis.project, sources, matches.definitions);
  } else {
    TraceOptions options;
    options.color = DecideColor(line.color, env);
    options.path_prefix = analysis.place.path_prefix;
    options.max_users = line.all ? 0 : options.max_users;
    RenderTrace(*env.out, *analysis.project, sources, matches.definitions, options);
  }
  if (line.timing) {
    PrintTimes(env, analysis);
  }
  return StatusOf(analysis, env);
}

// The module of this name; when there is none, says so.
static ModuleId NamedModule(const Project &project, llvm::StringRef name, const Environment &env) {
  const ModuleId module = project.FindModule(name);
  if (!module.valid()) {
    std::vector<llvm::StringRef> known;
    for (const Module &each : project.modules) {
      if (each.first_party) {
        known.push_back(project.Text(each.name));
      }
    }
    *env.err << "error: no module of this project is named `" << name << '`'
             << DidYouMean(name, known) << '\n';
  }
  return module;
}

static int DrawGraph(const CommandLine &line, const Analysis &analysis, const Environment &env) {
  GraphTextOptions options;
  options.language = line.format == "dot" ? GraphLanguage::Dot : GraphLanguage::Mermaid;
  options.paths = analysis.place.paths;
  options.depth = line.depth;
  options.collapse = line.collapse;
  if (!line.focus.empty()) {
    options.focus = NamedModule(*analysis.project, line.focus, env);
    if (!options.focus.valid()) {
      return 2;
    }
  }
  RenderGraphText(*env.out, *analysis.project, options);
  return 0;
}

// 1 when there is no chain.
int RunWhy(const CommandLine &line, const Environment &env) {
  llvm::Expected<std::unique_ptr<Analysis>> analyzed = Analyze(line, env);
  if (!analyzed) {
    return PrintError(env, analyzed.takeError());
  }
  const Analysis &analysis = **analyzed;
  const Project &project = *analysis.project;
  const ModuleId from = NamedModule(project, line.subject, env);
  const ModuleId to = from.valid() ? NamedModule(project, line.target, env) : ModuleId();
  if (!to.valid()) {
    return std::max(2, StatusOf(analysis, env));
  }
  const ImportChain chain = FindChain(project, from, to);
  SourceCache sources(project, *analysis.disk);
  if (line.format == "json") {
    RenderChainJson(*env.out, project, sources, from, to, chain);
  } else if (chain.hops.empty()) {
    *env.out << line.subject << " does not import " << line.target
             << ", directly or through others\n";
  } else {
    RenderChain(*env.out, project, sources, chain, DecideColor(line.color, env),
                analysis.place.path_prefix);
  }
  const int status = StatusOf(analysis, env);
  return status != 0 ? status : chain.hops.empty() ? 1 : 0;
}

int RunGraph(const CommandLine &line, const Environment &env) {
  llvm::Expected<std::unique_ptr<Analysis>> analyzed = Analyze(line, env);
  if (!analyzed) {
    return PrintError(env, analyzed.takeError());
  }
  Analysis &analysis = **analyzed;
  Stopwatch watch(env, analysis.times);
  if (line.format == "json") {
    RenderGraphJson(
        *env.out, *analysis.project, *analysis.disk,
        {.root_shown = analysis.place.shown, .paths = analysis.place.paths, .jobs = line.jobs});
  } else if (const int status = DrawGraph(line, analysis, env); status != 0) {
    return status;
  }
  watch.Lap("render");
  if (line.timing) {
    PrintTimes(env, analysis);
  }
  return StatusOf(analysis, env);
}

// Every rule's page as DIR/<name>.md, and the table as DIR/README.md.
static int WritePages(const std::string &folder, const Environment &env) {
  auto write = [&](const std::string &name, llvm::StringRef content) {
    const std::string file = folder + "/" + name + ".md";
    const std::error_code error = env.write_file(AbsolutePath(file, env.cwd), content);
    if (error) {
      *env.err << "error: cannot write `" << file << "`: " << error.message() << '\n';
    }
    return !error;
  };
  for (const Rule *rule : AllRules()) {
    if (!write(rule->meta.name, RulePage(*rule))) {
      return 2;
    }
  }
  return write("README", "# Rules\n\n" + RuleTableMarkdown("")) ? 0 : 2;
}

int RunRule(const CommandLine &line, const Environment &env) {
  if (!line.markdown_dir.empty()) {
    return WritePages(line.markdown_dir, env);
  }
  if (line.subject.empty()) {
    RenderRuleTable(*env.out);
    return 0;
  }
  const Rule *rule = FindRule(line.subject);
  if (!rule) {
    std::vector<llvm::StringRef> known;
    for (const Rule *each : AllRules()) {
      known.push_back(each->meta.code);
      known.push_back(each->meta.name);
    }
    *env.err << "error: unknown rule `" << line.subject << '`' << DidYouMean(line.subject, known)
             << '\n';
    return 2;
  }
  *env.out << RulePage(*rule);
  return 0;
}

} // namespace pydefrag
