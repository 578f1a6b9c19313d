// From an investigation to the report's model: the only place that knows all rooms.
//
// Rendering computes nothing, so what it shows is worked out here: the diagnoses and remedies of every case,
// the symbols of all of them once, the words of each toolchain for the features in question, the lines of the
// log that matter, and the steps by which the reader can check a fix.
#include "model.hpp"

#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include <llvm/ADT/StringExtras.h>
#include <llvm/Support/xxhash.h>

#include "commands.hpp"
#include "detail.hpp"
#include "linkdx/artifact.hpp"
#include "linkdx/fix.hpp"
#include "linkdx/isa.hpp"
#include "linkdx/language.hpp"
#include "linkdx/log.hpp"

namespace linkdx::cli {
namespace {

constexpr std::size_t excerpt_lines = 12;
constexpr std::size_t excerpt_columns = 400;
constexpr std::size_t command_head = 600,
                      command_tail = 200;  ///< bytes of a long link command that are shown

/// The text with its middle taken out, cut between words.
std::string shortened(const std::string& text) {
  if (text.size() <= command_head + command_tail + 40) return text;
  const std::size_t head = text.rfind(' ', command_head);
  const std::size_t tail = text.find(' ', text.size() - command_tail);
  if (head == std::string::npos || tail == std::string::npos) return text.substr(0, command_head) + " [...]";
  return text.substr(0, head) + " " + say("[{} bytes not shown]", tail - head) + text.substr(tail);
}

std::string cut(const std::string& text, std::size_t most) {
  return text.size() <= most ? text : text.substr(0, most) + " [...]";
}

report::Report::Artifact describe(const artifact::File& file) {
  report::Report::Artifact described{file.path(), std::string(artifact::name_of(file.kind())), "", 0};
  described.members = file.objects().size();
  for (const auto& object : file.objects()) {
    if (object->machine().arch.empty()) continue;
    described.machine = artifact::describe(object->machine());
    break;
  }
  return described;
}

/// A symbol that two links miss is one symbol of the report.
void add_symbols(const std::vector<diagnose::SymbolFacts>& from, std::vector<diagnose::SymbolFacts>& to,
                 std::map<std::pair<std::string, int>, std::size_t>& known) {
  for (const diagnose::SymbolFacts& symbol : from) {
    const auto [place, is_new] = known.try_emplace({symbol.name, static_cast<int>(symbol.status)}, to.size());
    if (is_new) {
      to.push_back(symbol);
      continue;
    }
    diagnose::SymbolFacts& first = to[place->second];
    for (const auto& reference : symbol.referenced_by) {
      const bool listed =
          std::any_of(first.referenced_by.begin(), first.referenced_by.end(), [&](const auto& other) {
            return other.object == reference.object && other.function == reference.function &&
                   other.source == reference.source;
          });
      if (!listed) first.referenced_by.push_back(reference);
    }
  }
}

/// The lines that say how this link failed, in the order of the log.
void add_excerpt(const log::Failure& failure, std::vector<Excerpt>& lines) {
  for (const log::SymbolError& symbol : failure.symbols) {
    lines.push_back(symbol.where);
    if (!symbol.references.empty()) lines.push_back(symbol.references.front().where);
  }
  for (const log::InputError& input : failure.inputs) lines.push_back(input.where);
  lines.insert(lines.end(), failure.other.begin(), failure.other.end());
  if (failure.symbols.empty() && failure.inputs.empty() && failure.other.empty())
    lines.push_back(failure.where);
}

std::string excerpt_of(const diagnose::Investigation& investigation) {
  std::string text;
  std::size_t shown = 0, all = 0;
  for (const log::Log& log : investigation.logs) {
    std::vector<Excerpt> lines;
    for (const log::Failure& failure : log.failures) add_excerpt(failure, lines);
    std::stable_sort(lines.begin(), lines.end(), [](const Excerpt& a, const Excerpt& b) {
      return std::tie(a.line, a.text) < std::tie(b.line, b.text);
    });
    std::string last;
    for (const Excerpt& line : lines) {
      if (line.text.empty() || line.text == last) continue;
      last = line.text;
      if (++all > excerpt_lines) continue;
      ++shown;
      text += cut(line.text, excerpt_columns) + "\n";
    }
  }
  if (all > shown) text += say("[{} more lines]", all - shown) + "\n";
  return text;
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

/// One row for each feature that any symbol needs, in the words of each toolchain.
std::vector<report::Report::Context::FeatureRow> feature_rows(
    const std::vector<diagnose::SymbolFacts>& symbols) {
  std::vector<report::Report::Context::FeatureRow> rows;
  std::vector<std::pair<isa::Arch, std::string>> seen;
  for (const diagnose::SymbolFacts& symbol : symbols) {
    if (!symbol.isa) continue;
    const isa::Arch arch = symbol.isa->features.arch();
    for (const std::string& name : symbol.isa->features.names()) {
      const std::pair<isa::Arch, std::string> key{arch, name};
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) continue;
      seen.push_back(key);
      isa::FeatureSet one(arch);
      one.add(name);
      rows.push_back({name, joined(isa::flags_for(one, isa::Tool::Rustc).arguments),
                      joined(isa::flags_for(one, isa::Tool::Gcc).arguments),
                      joined(isa::flags_for(one, isa::Tool::Clang).arguments), isa::cpus_with(one)});
    }
  }
  return rows;
}

/// A path below the working directory without what leads there, as the user would type it.
std::string from_here(const std::string& path) {
  std::error_code error;
  const std::filesystem::path near =
      std::filesystem::path(path).lexically_proximate(std::filesystem::current_path(error));
  return error || near.empty() || *near.begin() == ".." ? path : near.string();
}

/// The same for every path in running text. Commands keep whole paths: they may run elsewhere.
void name_from_here(std::string& text, const std::string& here) {
  for (std::size_t at = text.find(here); at != std::string::npos; at = text.find(here, at)) {
    // A Chinese text has no space there: any byte of a character beyond ASCII.
    const bool begins = at == 0 || static_cast<unsigned char>(text[at - 1]) >= 0x80 ||
                        std::string_view(" `'\"(").find(text[at - 1]) != std::string_view::npos;
    if (begins)
      text.erase(at, here.size());
    else
      at += here.size();
  }
}

void name_from_here(report::Report::Item& item) {
  std::error_code error;
  const std::string here = std::filesystem::current_path(error).string() + "/";
  if (error || here == "//") return;
  std::vector<std::string*> texts = {&item.diagnosis.title, &item.diagnosis.explanation};
  for (fix::Fix& fix : item.remedy.fixes) {
    texts.insert(texts.end(), {&fix.title, &fix.why, &fix.price, &fix.apply.manual});
  }
  for (fix::Refuted& refuted : item.remedy.refuted)
    texts.insert(texts.end(), {&refuted.advice, &refuted.why});
  for (std::string* text : texts) name_from_here(*text, here);
}

/// Without the hashes that rustc puts into names, which change with its version: `17h0123456789abcdefE`.
std::string without_hashes(std::string name) {
  constexpr std::size_t digits = 16;
  for (std::size_t at = name.find("17h"); at != std::string::npos; at = name.find("17h", at + 1)) {
    const std::string_view hash = std::string_view(name).substr(at + 3, digits);
    if (hash.size() == digits && hash.find_first_not_of("0123456789abcdef") == std::string_view::npos)
      name.erase(at, 3 + digits);
  }
  return name;
}

/// Where the reader should look first, for tools that show findings in files, and what stays the same from
/// run to run: the code and the symbols, or what it is about; neither lines nor paths, which move.
report::Report::Located located(const diagnose::Diagnosis& diagnosis) {
  report::Report::Located located;
  located.severity = diagnosis.cause == diagnose::Cause::IsaLeak ? "warning" : "error";
  for (const Evidence& fact : diagnosis.evidence) {
    if (fact.path.empty() || fact.path == "-") continue;
    located.path = fact.path;
    located.line = fact.line;
    break;
  }
  std::vector<std::string> names = diagnosis.symbols;
  std::sort(names.begin(), names.end());
  std::string text = diagnosis.code;
  for (const std::string& name : names) text += "\n" + without_hashes(name);
  if (names.empty()) text += "\n" + diagnosis.title;
  located.fingerprint = llvm::utohexstr(llvm::xxh3_64bits(text), /*LowerCase=*/true);
  located.fingerprint.insert(0, 16 - located.fingerprint.size(), '0');
  return located;
}

/// The command that builds again, as far as the build tree shows it.
std::string build_command(const diagnose::Investigation& investigation) {
  if (!investigation.build.cargo.empty()) {
    std::vector<std::string> command = {"cargo", "build"};
    const auto& scripts = investigation.build.cargo.front().scripts;
    // With --target, cargo puts the tree under the triple; a native build has no such directory.
    for (const build::BuildScriptRun& script : scripts) {
      if (script.target.empty() || script.directory.find("/" + script.target + "/") == std::string::npos)
        continue;
      command.insert(command.end(), {"--target", script.target});
      break;
    }
    return report::shell_command(command);
  }
  if (!investigation.build.cmake.empty()) {
    return report::shell_command(
        {"cmake", "--build", from_here(investigation.build.cmake.front().directory)});
  }
  return {};
}

/// The failed link itself, to be tried again without the rest of the build. Nothing where the log left
/// arguments out, or where it links what the build has thrown away since (rustc's temporary objects).
std::string link_again(const diagnose::Investigation& investigation) {
  constexpr std::size_t longest = 2000;
  for (const diagnose::Case& one : investigation.cases) {
    if (one.failure == nullptr || !one.failure->command || one.failure->command->abridged) continue;
    const log::Command& command = *one.failure->command;
    const std::string line = report::shell_command(command.arguments);
    if (command.arguments.empty() || line.size() > longest || line.find("/rustc") != std::string::npos)
      continue;
    if (command.directory.empty()) return line;
    return "(" + report::shell_command({"cd", command.directory}) + " && " + line + ")";
  }
  return {};
}

std::vector<report::Report::Context::Step> verify_steps(const diagnose::Investigation& investigation,
                                                        const std::vector<std::string>& paths) {
  const std::string build = build_command(investigation);
  std::vector<report::Report::Context::Step> steps;
  steps.push_back({say("Apply the first fix of each diagnosis."), ""});
  steps.push_back({say("Build again and keep what the build prints."),
                   build.empty() ? "" : build + " 2>&1 | tee rebuild.log"});
  const std::string link = link_again(investigation);
  if (build.empty() && !link.empty())
    steps.push_back({say("Or try the failed link alone, with what the fix adds to it: it ended with an "
                         "error, and now ends "
                         "without."),
                     link});
  std::vector<std::string> command = {"linkdx", "rebuild.log"};
  command.insert(command.end(), paths.begin(), paths.end());
  steps.push_back(
      {say("Ask linkdx about the new log, here named `rebuild.log`: it finds no link failure and its exit "
           "status is 0."),
       report::shell_command(command)});
  for (const diagnose::Case& one : investigation.cases) {
    if (one.failure == nullptr || one.failure->output.empty()) continue;
    const auto undefined = std::find_if(one.symbols.begin(), one.symbols.end(), [](const auto& symbol) {
      return symbol.status == diagnose::SymbolFacts::Status::Undefined;
    });
    if (undefined == one.symbols.end()) continue;
    const std::string& name = undefined->linker_name.empty() ? undefined->name : undefined->linker_name;
    steps.push_back({say("See that the output no longer asks for `{}`: this prints a line with `T`, `t`, `W` "
                         "or the like, "
                         "and none with `U`; or nothing when the output is stripped.",
                         undefined->name),
                     report::shell_command({"nm", one.failure->output}) + " | " +
                         report::shell_command({"grep", "-F", "--", name})});
    break;
  }
  return steps;
}

std::vector<std::string> searched(const diagnose::Investigation& investigation) {
  std::vector<std::string> read;
  for (const log::Log& log : investigation.logs) {
    const std::string name = log.name == "-" ? say("standard input") : log.name;
    read.push_back(log.lines == 1 ? say("{} ({} line)", name, log.lines)
                                  : say("{} ({} lines)", name, log.lines));
  }
  const std::size_t files = investigation.artifacts.files().size();
  if (files > 0) read.push_back(files == 1 ? say("{} artifact", files) : say("{} artifacts", files));
  return read;
}

}  // namespace

report::Report build_report(const diagnose::Investigation& investigation,
                            const std::vector<std::string>& paths, const TryFixes& try_fixes) {
  report::Report report;
  report.version = LINKDX_VERSION;
  for (const log::Log& log : investigation.logs) report.logs.push_back(log.name);
  for (const artifact::File* file : investigation.artifacts.files())
    report.artifacts.push_back(describe(*file));
  report.skipped = investigation.skipped;

  std::map<std::pair<std::string, int>, std::size_t> known;
  for (const diagnose::Case& one : investigation.cases) {
    if (report.target.empty()) report.target = one.target;
    if (report.host.empty()) report.host = one.host;
    if (one.failure != nullptr) {
      if (report.linker.empty() && one.failure->linker != log::Linker::Unknown) {
        report.linker = log::name_of(one.failure->linker);
      }
      if (report.context.link_command.empty() && one.failure->command) {
        report.context.link_command = shortened(report::shell_command(one.failure->command->arguments));
      }
    }
    add_symbols(one.symbols, report.symbols, known);
    for (diagnose::Diagnosis& diagnosis : diagnose::diagnose(one)) {
      fix::Remedy remedy = fix::remedies(diagnosis, one);
      if (try_fixes) try_fixes(remedy, diagnosis, one);
      report.diagnoses.push_back({std::move(diagnosis), std::move(remedy)});
      report::Report::Item& item = report.diagnoses.back();
      name_from_here(item);
      item.located = located(item.diagnosis);
      item.graph = graph_of(item.diagnosis, one);
      if (report.context.choices.empty()) report.context.choices = choices_of(item, one);
    }
  }
  if (report.linker.empty()) report.linker = log::name_of(log::Linker::Unknown);

  report.context.log_excerpt = excerpt_of(investigation);
  report.context.features = feature_rows(report.symbols);
  report.context.matrices = matrices_of(report.symbols);
  report.context.speeds = speeds_of(report.symbols);
  report.context.verify_steps = verify_steps(investigation, paths);
  report.context.searched = searched(investigation);
  return report;
}

report::Report report_with_fixes_tried(const diagnose::Investigation& investigation,
                                       const std::vector<std::string>& paths,
                                       const verify::TryRequest& request) {
  return build_report(
      investigation, paths,
      [&](fix::Remedy& remedy, const diagnose::Diagnosis& diagnosis, const diagnose::Case& facts) {
        llvm::Expected<std::vector<Skipped>> left_alone =
            verify::try_fixes(remedy, diagnosis, facts, request);
        if (!left_alone)
          complain(llvm::toString(left_alone.takeError()));
        else
          for (const Skipped& one : *left_alone) complain(say("not tried: {}: {}", one.path, one.reason));
      });
}

}  // namespace linkdx::cli
