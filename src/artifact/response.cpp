// Response files: `@FILE` on a command line stands for the words of that file.
//
// A file may name others; one that names itself is left as it stands, and so is an `@word` whose file is not
// there: that is what GCC does too (libiberty/argv.c, expandargv).

#include <algorithm>
#include <filesystem>

#include "linkdx/artifact.hpp"
#include "linkdx/language.hpp"
#include "mapping.hpp"
#include "script.hpp"

namespace linkdx::artifact {

namespace {

constexpr std::size_t most_arguments = 1 << 20;  ///< against files that multiply

class Expander {
 public:
  Expander(const std::string& directory, std::vector<Skipped>& problems)
      : directory_(directory), problems_(problems) {}

  void expand(const std::vector<std::string>& arguments) {
    for (const std::string& argument : arguments) {
      if (result.size() >= most_arguments) return leave(argument, say("too many arguments after expansion"));
      if (argument.size() < 2 || argument.front() != '@')
        result.push_back(argument);
      else
        expand_file(argument);
    }
  }

  std::vector<std::string> result;

 private:
  void leave(const std::string& argument, std::string why) {
    problems_.push_back({argument, std::move(why)});
    result.push_back(argument);
  }

  void expand_file(const std::string& argument) {
    std::filesystem::path path = argument.substr(1);
    if (path.is_relative() && !directory_.empty()) path = directory_ / path;
    llvm::Expected<std::unique_ptr<Mapping>> file = Mapping::open(path.string());
    if (!file) return leave(argument, say("response file not read: {}", llvm::toString(file.takeError())));
    const FileId id = (*file)->id();
    if (std::find(open_.begin(), open_.end(), id) != open_.end())
      return leave(argument, say("response file names itself"));
    if (expanded_bytes_ += (*file)->bytes().size(); expanded_bytes_ > most_bytes)
      return leave(argument, say("response files are too large together"));
    if (!(*file)->bytes().empty() && !is_text((*file)->bytes()))
      return leave(argument, say("response file is no text"));
    open_.push_back(id);
    expand(split_response((*file)->bytes()));
    open_.pop_back();
  }

  static constexpr std::uint64_t most_bytes = 256 << 20;
  std::filesystem::path directory_;
  std::vector<Skipped>& problems_;
  std::vector<FileId> open_;
  std::uint64_t expanded_bytes_ = 0;
};

}  // namespace

std::vector<std::string> expand_response_files(std::vector<std::string> arguments,
                                               const std::string& directory, std::vector<Skipped>& problems) {
  Expander expander(directory, problems);
  expander.expand(arguments);
  return std::move(expander.result);
}

}  // namespace linkdx::artifact
