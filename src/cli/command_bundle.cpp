// `linkdx bundle -o FILE LOG... PATH...`: what somebody else needs to see the same. Log, report, and of the
// files that were read those that the report speaks of: the inputs of the link that the log names, the
// objects that define or use a symbol of the report, the files that its evidence cites. Sources are packed
// only when they are cited. Every file that goes in is listed, because it is handed on.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "arguments.hpp"
#include "bundle.hpp"
#include "commands.hpp"
#include "inputs.hpp"
#include "linkdx/artifact.hpp"
#include "linkdx/diagnose.hpp"
#include "linkdx/language.hpp"
#include "linkdx/report.hpp"
#include "model.hpp"
#include "option_table.hpp"
#include "private_names.hpp"
#include "tar.hpp"

namespace linkdx::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view help =
    N_(R"(linkdx bundle packs the log of a failed build, the objects concerned and the
report into a tarball that somebody else can diagnose.

Examples
  linkdx bundle -o failed.tar.gz build.log target/
  linkdx bundle -o failed.tar.gz --redact build.log target/
  linkdx failed.tar.gz                  reads it back

Usage
  linkdx bundle -o FILE [OPTION]... LOG... [PATH]...

Of the files that were read, those go in that the report speaks of: inputs of
the link, objects that define or use one of its symbols, files that its evidence
cites. They are listed. Objects hold names of directories in their debugging
information; with --redact those that name something private are left out.

Options
{options}

Exit status: 0 packed, 2 unusable input or call.
)");

constexpr std::uintmax_t largest_file = std::uintmax_t{1} << 29;  ///< what reading it back takes

struct Bundle {
  std::map<std::string, std::string> files;  ///< absolute path to bytes
  std::vector<std::string> left_out;
};

std::string absolute(const std::string& path) {
  std::error_code error;
  return fs::absolute(path, error).lexically_normal().string();
}

void add(Bundle& bundle, const std::string& path) {
  std::error_code error;
  const std::string name = absolute(path);
  if (bundle.files.contains(name) || !fs::is_regular_file(name, error)) return;
  if (fs::file_size(name, error) > largest_file || error) {
    bundle.left_out.push_back(say("{}: larger than {} MB", path, largest_file >> 20));
    return;
  }
  std::ifstream file(name, std::ios::binary);
  std::ostringstream bytes;
  bytes << file.rdbuf();
  if (file)
    bundle.files[name] = std::move(bytes).str();
  else
    bundle.left_out.push_back(say("{}: cannot be read", path));
}

bool concerns(const artifact::File& file, const std::set<std::string_view>& symbols) {
  for (const auto& object : file.objects()) {
    bool found = false;
    object->visit_symbols(
        [&](const artifact::Symbol& symbol) { found = found || symbols.contains(symbol.name); });
    if (found) return true;
  }
  return false;
}

bool lies_below(const std::string& path, const std::string& directory) {
  return path.starts_with(directory.ends_with('/') ? directory : directory + "/");
}

/// Files that the log alone led to were inputs of the link. The system's are the same elsewhere.
bool is_input_of_link(const std::string& path, const std::vector<std::string>& given) {
  for (const char* system : {"/usr", "/lib", "/lib32", "/lib64", "/libx32"})
    if (lies_below(path, system)) return false;
  return std::none_of(given.begin(), given.end(),
                      [&](const std::string& one) { return lies_below(path, absolute(one)); });
}

Bundle collect(const diagnose::Investigation& investigation, const report::Report& report,
               const std::vector<std::string>& words) {
  Bundle bundle;
  for (const std::string& word : words) add(bundle, word);
  std::set<std::string_view> symbols;
  for (const diagnose::SymbolFacts& symbol : report.symbols) symbols.insert(symbol.name);
  for (const artifact::File* file : investigation.artifacts.files())
    if (is_input_of_link(absolute(file->path()), words) || concerns(*file, symbols))
      add(bundle, file->path());
  for (const report::Report::Item& item : report.diagnoses)
    for (const Evidence& evidence : item.diagnosis.evidence) add(bundle, evidence.path);
  return bundle;
}

bool is_text(std::string_view bytes) {
  return bytes.find('\0') == std::string_view::npos;
}

/// Redacted paths begin with `~`, which is no directory: in a bundle it is this one.
std::string redacted(const std::string& text, const report::Private& names) {
  std::string result = report::redact_text(text, names);
  for (std::size_t at = result.find('~'); at != std::string::npos; at = result.find('~', at + 1)) {
    const bool begins =
        at == 0 || std::string_view(" \t\n\"'=:(`").find(result[at - 1]) != std::string_view::npos;
    const bool ends = at + 1 == result.size() || result[at + 1] == '/';
    if (begins && ends) result.replace(at, 1, "/home/redacted");
  }
  return result;
}

void redact(Bundle& bundle, const report::Private& names) {
  std::map<std::string, std::string> files;
  for (auto& [path, bytes] : bundle.files) {
    if (is_text(bytes)) {
      files[redacted(path, names)] = redacted(bytes, names);
    } else if (report::redact_text(bytes, names) == bytes) {
      files[redacted(path, names)] = std::move(bytes);
    } else {
      bundle.left_out.push_back(say("{}: names something private", redacted(path, names)));
    }
  }
  bundle.files = std::move(files);
}

std::string manifest(const std::vector<std::string>& words, const std::string& directory,
                     const std::string& target) {
  llvm::json::Array list;
  for (const std::string& word : words) list.push_back(llvm::json::fixUTF8(word));
  std::string text;
  llvm::raw_string_ostream out(text);
  out << llvm::formatv("{0:2}",
                       llvm::json::Value(llvm::json::Object{{"linkdx_bundle", 1},
                                                            {"version", LINKDX_VERSION},
                                                            {"directory", llvm::json::fixUTF8(directory)},
                                                            {"target", llvm::json::fixUTF8(target)},
                                                            {"words", std::move(list)}}))
      << "\n";
  return text;
}

}  // namespace

std::string_view bundle_help() {
  return help;
}

int bundle_command(const std::vector<std::string>& arguments) {
  const std::optional<Arguments> given = parse_arguments("bundle", arguments);
  if (!given) return Unusable;
  if (given->has("help")) return write_output(help_page("bundle", help), "") ? NothingWrong : Unusable;
  const std::string output = given->text("output");
  std::vector<std::string> words = given->words();
  if (output.empty() || words.empty()) {
    complain(output.empty() ? say("bundle needs -o: the tarball to write")
                            : say("bundle needs a log, and paths if there are any"));
    return Unusable;
  }
  for (const std::string& word : words) {
    if (word != "-" && absolute(word) != absolute(output)) continue;
    complain(word == "-" ? say("bundle needs the log as a file: a pipe can be read only once")
                         : say("{}: is an input; the bundle would replace it", output));
    return Unusable;
  }
  Inputs inputs = read_inputs(words);
  for (const Skipped& one : inputs.unusable) complain(one.path + ": " + one.reason);
  if (inputs.logs.empty() && inputs.paths.empty()) return Unusable;

  // What is packed is for somebody else, and in English.
  const Language messages = spoken();
  speak(Language::English);
  diagnose::Question question;
  question.logs = std::move(inputs.logs);
  question.paths = inputs.paths;
  question.target = given->text("target");
  question.root = given->text("root");
  const std::unique_ptr<diagnose::Investigation> investigation = diagnose::investigate(std::move(question));
  report::Report report = build_report(*investigation, inputs.paths);
  Bundle bundle = collect(*investigation, report, words);
  std::string directory = absolute(".");
  while (directory.size() > 1 && directory.ends_with('/')) directory.pop_back();
  if (given->has("redact")) {
    const report::Private names = private_names();
    report::redact(report, names);
    redact(bundle, names);
    directory = redacted(directory, names);
    for (std::string& word : words) word = redacted(word, names);
  }

  std::vector<PackedFile> packed = {{bundle_manifest, manifest(words, directory, given->text("target"))},
                                    {"report.json", report::to_json(report)},
                                    {"report.md", report::to_markdown(report)}};
  speak(messages);
  std::string said;
  for (auto& [path, bytes] : bundle.files) {
    said += "  " + say("{} ({} bytes)", report::escape_terminal(path), bytes.size()) + "\n";
    packed.push_back({bundle_files + path, std::move(bytes)});
  }
  for (const std::string& one : bundle.left_out)
    said += "  " + say("left out: {}", report::escape_terminal(one)) + "\n";
  std::optional<std::string> bytes = tarball(packed);
  if (output.ends_with(".gz") || output.ends_with(".tgz")) bytes = gzipped(*bytes);
  if (!bytes) {
    complain(say("{}: cannot be compressed", output));
    return Unusable;
  }
  if (!write_output(*bytes, output)) return Unusable;
  const std::string shown = report::escape_terminal(output);
  const std::size_t files = packed.size() - 3;
  said =
      (files == 1 ? say("{}: report.md, report.json and {} file, {} bytes", shown, files, bytes->size())
                  : say("{}: report.md, report.json and {} files, {} bytes", shown, files, bytes->size())) +
      "\n" + said;
  return write_output(said, "") ? NothingWrong : Unusable;
}

}  // namespace linkdx::cli
