// The command line: what may be said, and what is answered to what may not.
//
// The table of options says which there are (options.inc). Response files (`@file`, as compilers and linkers
// take them) are expanded before. Help leads with examples, because that is what one looks for there.
#include "options.hpp"

#include "arguments.hpp"
#include "commands.hpp"
#include "linkdx/artifact.hpp"
#include "linkdx/language.hpp"
#include "option_table.hpp"

namespace linkdx::cli {
namespace {

template <class Value>
struct Named {
  std::string_view name;
  Value value;
};
constexpr Named<Format> formats[] = {{"terminal", Format::Terminal}, {"markdown", Format::Markdown},
                                     {"json", Format::Json},         {"sarif", Format::Sarif},
                                     {"github", Format::Github},     {"html", Format::Html}};
constexpr Named<Color> colors[] = {{"auto", Color::Auto}, {"always", Color::Always}, {"never", Color::Never}};

/// The table of options lets no other words through.
template <class Value, std::size_t Count>
Value chosen(const std::string& word, const Named<Value> (&choices)[Count]) {
  for (const Named<Value>& choice : choices)
    if (choice.name == word) return choice.value;
  return choices[0].value;
}

constexpr std::string_view help =
    N_(R"(linkdx says why a link failed, which CPU features the missing code needs, and
what fixes it.

Examples
  cargo build 2>&1 | linkdx             diagnose what a build prints
  linkdx build.log target/              the same from a log, with the build tree
  linkdx build.log build/ --format markdown -o FIX.md
                                        a report to hand on (or html)
  linkdx build.log --format json        for scripts
  linkdx explain LDX0101                the page behind a code
  linkdx flags avx512bw                 what each tool calls it, and who has it
  linkdx check --baseline x86-64-v2 build/
                                        will it link, and run on that level
  linkdx scan libx.a                    which CPU features its functions need
  linkdx shim -o libfix.a SYMBOL        an archive with a reference kernel
  linkdx verify --cc CC                 whether a toolchain makes kernels right
  linkdx wrap -- gcc a.o -o a           a link, diagnosed if it fails

Usage
  linkdx [diagnose] [LOG|-]... [PATH]... [OPTION]...
  linkdx explain [CODE]
  linkdx check PATH... | -- COMMAND     (`linkdx check --help`)
  linkdx scan PATH... [OPTION]...       (`linkdx scan --help`)
  linkdx flags WORD... [OPTION]...      (`linkdx flags --help`)
  linkdx shim -o LIB.a SYMBOL...        (`linkdx shim --help`)
  linkdx verify [OPTION]...             (`linkdx verify --help`)
  linkdx wrap -- LINKER ARGUMENT...     (`linkdx wrap --help`)
  linkdx bundle -o FILE LOG [PATH]...   (`linkdx bundle --help`)
  linkdx completions bash|zsh|fish
  linkdx manual

Logs and paths stand in any order. A directory, an object or an archive is a
path; any other file is a log, and so is `-` or a pipe. With the build tree,
linkdx can show what a log alone cannot. It reads only: it starts no program,
opens no network and writes nothing but the report (and --system its cache,
which is safe to delete). Only shim, verify, wrap and --verify start programs:
the compiler or linker named, and the test program that was made.

Options
{options}
  @FILE                 more arguments, from FILE

Exit status: 0 nothing wrong, 1 something found, 2 unusable input or call.
)");

}  // namespace

std::string_view main_help() {
  return help;
}

std::optional<Options> parse_options(const std::vector<std::string>& given_arguments) {
  std::vector<Skipped> problems;
  const std::vector<std::string> arguments = artifact::expand_response_files(given_arguments, ".", problems);
  if (!problems.empty()) {
    complain(problems.front().path + ": " + problems.front().reason);
    complain(say("`linkdx{} --help` shows how it is called", ""));
    return std::nullopt;
  }
  const std::optional<Arguments> given = parse_arguments("diagnose", arguments);
  if (!given) return std::nullopt;
  Options options;
  options.format = chosen(given->text("format"), formats);
  options.color = chosen(given->text("color"), colors);
  options.output = given->text("output");
  options.target = given->text("target");
  options.root = given->text("root");
  options.system = given->has("system");
  options.redact = given->has("redact");
  options.verify = given->has("verify");
  options.compiler = given->text("cc");
  if (!options.compiler.empty() && !options.verify) {
    complain(say("--cc is for --verify: without it no compiler is run"));
    complain(say("`linkdx{} --help` shows how it is called", ""));
    return std::nullopt;
  }
  options.help = given->has("help");
  options.version = given->has("version");
  options.words = given->words();
  return options;
}

}  // namespace linkdx::cli
