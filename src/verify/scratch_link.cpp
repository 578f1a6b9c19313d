// A link run again with nothing of it in the user's tree.
//
// Linkers write more than their output: maps, import libraries, dependency files, crash archives. Each such
// option is known here by name and gets a file of the workspace for its value; a command that asks for files
// of names that cannot be chosen
// (-save-temps) is not run. Options that a compiler driver passes on (-Wl,A,B and -Xlinker A) are seen as
// what they are to the linker. Sources: the manuals of GNU ld 2.40, lld 19 (ELF, COFF, Mach-O), GCC 12, and
// link.exe.
#include "scratch_link.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "linkdx/artifact.hpp"
#include "linkdx/language.hpp"
#include "linkdx/log.hpp"

namespace linkdx::verify {
namespace {

/// Options whose value is a file that is written: `-Map FILE`, `-Map=FILE`.
constexpr std::string_view writes[] = {"-o",
                                       "--output",
                                       "-Map",
                                       "--Map",
                                       "-map",
                                       "--out-implib",
                                       "-out-implib",
                                       "--output-def",
                                       "--dependency-file",
                                       "-dependency-file",
                                       "-dependency_info",
                                       "--reproduce",
                                       "--lto-obj-path",
                                       "-object_path_lto",
                                       "--time-trace",
                                       "-MF"};
/// The same for link.exe, after `/` or `-`, in any case, with a colon.
constexpr std::string_view windows_writes[] = {
    "out:", "implib:", "pdb:", "map:", "pgd:", "manifestfile:", "pdbstripped:", "winmdfile:"};
/// Options that write files whose names they choose.
constexpr std::string_view writes_around[] = {
    "-save-temps", "--save-temps", "-plugin-opt=save-temps", "--plugin-opt=save-temps",
    "/linkrepro",  "-linkrepro"};

/// One word as the linker or the driver sees it.
struct Word {
  std::string text;
  bool passed_on = false;  ///< by -Wl or -Xlinker
};

std::vector<Word> words_of(const std::vector<std::string>& arguments) {
  std::vector<Word> words;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    std::string_view argument = arguments[i];
    if (argument == "-Xlinker" && i + 1 < arguments.size()) {
      words.push_back({arguments[++i], true});
    } else if (argument.starts_with("-Wl,")) {
      argument.remove_prefix(4);
      while (true) {
        const std::size_t comma = argument.find(',');
        words.push_back({std::string(argument.substr(0, comma)), true});
        if (comma == std::string_view::npos) break;
        argument.remove_prefix(comma + 1);
      }
    } else {
      words.push_back({std::string(argument)});
    }
  }
  return words;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

/// How many bytes of the word stand before the file's name; 0 when it is no such option, its size when the
/// name is the next word.
std::size_t before_file(std::string_view word) {
  for (const std::string_view name : writes) {
    if (word == name) return word.size();
    if (name != "-o" && word.starts_with(name) && word.size() > name.size() && word[name.size()] == '=')
      return name.size() + 1;
  }
  if (word.starts_with("-o") && word != "-omagic") return 2;
  if (word.starts_with("/") || word.starts_with("-"))
    for (const std::string_view name : windows_writes)
      if (word.size() > name.size() + 1 && lower(word.substr(1, name.size())) == name) return name.size() + 1;
  return 0;
}

constexpr std::size_t longest_command = 100'000;  ///< bytes; Linux takes 128 KiB a word and 2 MiB in all

/// Puts the arguments of a long command in a response file, as GCC's libiberty and LLVM read it.
llvm::Error shorten(std::vector<std::string>& command, const Workspace& workspace) {
  std::size_t bytes = 0;
  for (const std::string& argument : command) bytes += argument.size() + 1;
  if (bytes <= longest_command) return llvm::Error::success();
  const std::string path = workspace.file("link.rsp");
  std::ofstream file(path, std::ios::binary);
  for (std::size_t i = 1; i < command.size(); ++i) {
    file << '"';
    for (const char c : command[i]) {
      if (c == '"' || c == '\\') file << '\\';
      file << c;
    }
    file << "\"\n";
  }
  if (!file.flush())
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   say("{}: cannot be written", path).c_str());
  command = {command.front(), "@" + path};
  return llvm::Error::success();
}

bool is_output(std::string_view option) {
  return option == "-o" || option.starts_with("--output") || lower(option).substr(1, 4) == "out:";
}

}  // namespace

llvm::Expected<ScratchLink> scratch_link(const log::Command& link, const std::vector<std::string>& before,
                                         const std::vector<std::string>& after, const Workspace& workspace) {
  auto error = [](const std::string& text) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(), text.c_str());
  };
  if (link.arguments.empty()) return error(say("no link command"));
  std::vector<Skipped> problems;
  std::vector<Word> words =
      words_of(artifact::expand_response_files(link.arguments, link.directory, problems));
  if (!problems.empty()) return error(problems.front().path + ": " + problems.front().reason);

  ScratchLink result;
  unsigned count = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string& text = words[i].text;
    for (const std::string_view name : writes_around)
      if (lower(text).starts_with(name)) return error(say("`{}` writes files beside the output", text));
    const std::size_t at = before_file(text);
    if (at == 0) continue;
    const std::string option = text.substr(0, at);
    const std::string file =
        workspace.file(is_output(option) ? "linked" : fmt::format("written-{}", count++));
    if (is_output(option)) result.output = file;
    if (at < text.size())
      text = option + file;
    else if (i + 1 < words.size())
      words[++i].text = file;
  }
  result.command.push_back(link.arguments.front());
  result.command.insert(result.command.end(), before.begin(), before.end());
  for (const Word& word : words) {
    if (word.passed_on) result.command.emplace_back("-Xlinker");
    result.command.push_back(word.text);
  }
  if (result.output.empty()) {
    result.output = workspace.file("linked");
    result.command.insert(result.command.end(), {"-o", result.output});
  }
  result.command.insert(result.command.end(), after.begin(), after.end());
  if (llvm::Error failed = shorten(result.command, workspace)) return failed;
  return result;
}

}  // namespace linkdx::verify
