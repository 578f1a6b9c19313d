// The command line: what may be said, and what is answered to what may not.
//
// Boost.Program_options does the parsing, with its guessing of abbreviated names switched off: a script that relies
// on `--form` breaks on the day another option begins like that. Response files (`@file`, as compilers and linkers take
// them) are expanded before. Help leads with examples, because that is what one looks for there.
#include "options.hpp"

#include <boost/program_options.hpp>

#include "commands.hpp"
#include "linkdx/artifact.hpp"

namespace linkdx::cli {
namespace {

namespace po = boost::program_options;

template <class Value>
struct Named {
  std::string_view name;
  Value value;
};
constexpr Named<Format> formats[] = {
    {"terminal", Format::Terminal}, {"markdown", Format::Markdown}, {"json", Format::Json}};
constexpr Named<Color> colors[] = {{"auto", Color::Auto}, {"always", Color::Always}, {"never", Color::Never}};

po::options_description described_options() {
  po::options_description all("Options", 80, 40);
  all.add_options()("format,f", po::value<std::string>()->value_name("FORMAT"), "terminal, markdown or json")(
      "output,o", po::value<std::string>()->value_name("FILE"), "write the report to FILE")(
      "target", po::value<std::string>()->value_name("TRIPLE"),
      "what was built for; told from the log or the objects when left out")(
      "root", po::value<std::string>()->value_name("DIR"), "where the paths that a log names are looked up")(
      "system", po::bool_switch(), "search this machine's libraries for what is missing")(
      "color", po::value<std::string>()->value_name("WHEN"), "auto, always or never; NO_COLOR is heeded")(
      "verify", po::bool_switch(), "try the fixes that can be tried")(
      "cc", po::value<std::string>()->value_name("COMMAND"), "with --verify: the C compiler of the build")(
      "redact", po::bool_switch(),
      "take home directories, user names, tokens and host names out of the report")(
      "help,h", po::bool_switch(), "this text")("version,V", po::bool_switch(), "the version of linkdx");
  return all;
}

llvm::Error error(const std::string& text) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
}

std::string did_you_mean(std::string_view word, const std::vector<std::string_view>& candidates) {
  const std::string_view near = nearest(word, candidates);
  return near.empty() ? "" : "; did you mean `" + std::string(near) + "`?";
}

template <class Value, std::size_t Count>
llvm::Error choose(const po::variables_map& given, const char* option, const Named<Value> (&choices)[Count],
                   Value& chosen) {
  if (given.count(option) == 0) return llvm::Error::success();
  const std::string& word = given[option].as<std::string>();
  std::string known;
  std::vector<std::string_view> names;
  for (const Named<Value>& choice : choices) {
    if (choice.name == word) {
      chosen = choice.value;
      return llvm::Error::success();
    }
    names.push_back(choice.name);
    known += (known.empty() ? "" : ", ") + std::string(choice.name);
  }
  return error("--" + std::string(option) + " knows " + known + ", and not `" + word + "`" +
               did_you_mean(word, names));
}

std::string text_of(const po::variables_map& given, const char* option) {
  return given.count(option) == 0 ? std::string() : given[option].as<std::string>();
}

}  // namespace

llvm::Expected<Options> parse_options(const std::vector<std::string>& given_arguments) {
  std::vector<Skipped> problems;
  const std::vector<std::string> arguments = artifact::expand_response_files(given_arguments, ".", problems);
  if (!problems.empty()) return error(problems.front().path + ": " + problems.front().reason);

  const po::options_description visible = described_options();
  po::options_description all;
  all.add(visible).add_options()("word", po::value<std::vector<std::string>>());
  po::positional_options_description positions;
  positions.add("word", -1);

  po::variables_map given;
  try {
    const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
    po::store(po::command_line_parser(arguments).options(all).positional(positions).style(style).run(),
              given);
  } catch (const po::unknown_option& unknown) {
    std::vector<std::string> names;
    for (const auto& option : visible.options()) names.push_back("--" + option->long_name());
    const std::vector<std::string_view> candidates(names.begin(), names.end());
    const std::string name = unknown.get_option_name();
    return error("there is no option `" + name + "`" + did_you_mean(name, candidates));
  } catch (const po::error& wrong) {
    return error(wrong.what());
  }

  Options options;
  if (llvm::Error wrong = choose(given, "format", formats, options.format)) return wrong;
  if (llvm::Error wrong = choose(given, "color", colors, options.color)) return wrong;
  options.output = text_of(given, "output");
  options.target = text_of(given, "target");
  options.root = text_of(given, "root");
  options.system = given["system"].as<bool>();
  options.redact = given["redact"].as<bool>();
  options.verify = given["verify"].as<bool>();
  options.compiler = text_of(given, "cc");
  if (!options.compiler.empty() && !options.verify)
    return error("--cc is for --verify: without it no compiler is run");
  options.help = given["help"].as<bool>();
  options.version = given["version"].as<bool>();
  if (given.count("word") != 0) options.words = given["word"].as<std::vector<std::string>>();
  return options;
}

std::string help_text() {
  return R"(linkdx says why a link failed, which CPU features the missing code needs, and
what fixes it.

Examples
  cargo build 2>&1 | linkdx             diagnose what a build prints
  linkdx build.log target/              the same from a log, with the build tree
  linkdx build.log build/ --format markdown -o FIX.md
                                        a report to hand on
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

Logs and paths stand in any order. A directory, an object or an archive is a
path; any other file is a log, and so is `-` or a pipe. With the build tree,
linkdx can show what a log alone cannot. It reads only: it starts no program,
opens no network and writes nothing but the report (and --system its cache,
which is safe to delete). Only shim, verify, wrap and --verify start programs:
the compiler or linker named, and the test program that was made.

Options
  -f, --format FORMAT   terminal (default), markdown or json
  -o, --output FILE     write the report to FILE
      --target TRIPLE   what was built for; told from the log or the objects
                        when left out
      --root DIR        where the paths that a log names are looked up
      --system          search this machine's libraries for the missing symbols,
                        and keep their names in $XDG_CACHE_HOME/linkdx
      --color WHEN      auto (default), always or never; NO_COLOR is heeded
      --redact          take home directories, user names, tokens and host
                        names out of the report
      --verify          try the fixes that can be tried, in a private directory
      --cc COMMAND      with --verify: the C compiler of the build
  -h, --help            this text
  -V, --version         the version of linkdx
  @FILE                 more arguments, from FILE

Exit status: 0 nothing wrong, 1 something found, 2 unusable input or call.
)";
}

}  // namespace linkdx::cli
