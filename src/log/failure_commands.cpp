// Commands in the stream of lines: which line is one, and which lines go on with it. A shell's backslash says
// so; a mail or a comment wraps at its width between words and says nothing, so that only what the next line
// begins with tells that it is the rest of a command.
#include "commands.hpp"
#include "failures.hpp"
#include "places.hpp"
#include "text.hpp"

namespace linkdx::log {

constexpr std::size_t kMostWrapped = 4096;  // lines of one command

bool Assembler::start_command(Stream& stream, const Line& line) {
  // ninja prints a link that CMake wrote as ": && command && :". When the end is missing, the lines were
  // wrapped.
  if (line.text.starts_with(": && ") && !line.text.ends_with("&& :") && line.raw_length <= 200) {
    stream.wrapped.assign(1, std::string(line.text));
    stream.wrapped_at = line.number;
    return true;
  }
  // Every command of interest has an option, or is an archiver's.
  if (!contains(line.text, " -") && !contains(line.text, "\"-") && !contains(line.text, " qc ") &&
      !contains(line.text, "rcs ") && !contains(line.text, " @"))
    return false;
  std::string_view text = without_progress(line.text);
  std::optional<Command> command = read_command(text);
  if (!command) return false;
  command->where = Excerpt{line.number, std::string(text.substr(0, kLongestExcerpt))};
  // A later line may go on with it when the shell said so or the text was wrapped.
  keep_command(stream, std::move(*command),
               line.text.ends_with("\\") || line.raw_length <= 100 ? line.raw_length : 0);
  return true;
}

/// A line inside ": && ... && :". True when it belongs to the command.
bool Assembler::continue_wrapped(Stream& stream, const Line& line) {
  bool message = linker_prefix(line.text) || says_error(line.text) || line.text.starts_with("ninja:") ||
                 line.text.starts_with("FAILED:");
  if (message || line.text.empty() || stream.wrapped.size() >= kMostWrapped) {
    finish_wrapped(stream);
    return false;
  }
  stream.wrapped.emplace_back(line.text.substr(0, kLongestExcerpt));
  if (line.text.ends_with("&& :") || line.text == ":") finish_wrapped(stream);
  return true;
}

/// Puts the lines together: without a blank when all but the last were cut at the same column, which breaks
/// words.
void Assembler::finish_wrapped(Stream& stream) {
  std::vector<std::string> lines = std::move(stream.wrapped);
  stream.wrapped.clear();
  bool cut = lines.size() > 2;
  for (std::size_t i = 0; i + 1 < lines.size(); ++i) cut &= lines[i].size() == lines[0].size();
  std::string text;
  for (const std::string& line : lines) {
    if (!text.empty() && !cut) text += ' ';
    text += line;
  }
  std::optional<Command> command = read_command(text);
  if (!command) return;
  command->where = Excerpt{stream.wrapped_at, text.substr(0, kLongestExcerpt)};
  keep_command(stream, std::move(*command), 0);
}

bool Assembler::continue_command(Stream& stream, const Line& line) {
  Command* command = stream.compile >= 0 ? &log_.commands[static_cast<std::size_t>(stream.compile)]
                     : stream.command    ? &*stream.command
                                         : nullptr;
  std::size_t length = stream.command_length;
  stream.command_length = 0;
  if (!command) return false;
  bool backslash = !command->arguments.empty() && command->where.text.ends_with("\\");
  std::vector<std::string> words = split_command(line.text);
  if (words.empty() || line.text.ends_with(":")) return false;
  const std::string& first = words[0];
  bool argument = (first[0] == '-' && first.size() > 1 && first != "--") || looks_like_object(first) ||
                  first.ends_with(".c") || first.ends_with(".cc") || first.ends_with(".cpp") ||
                  first.ends_with(".S") || first.ends_with(".c.o");
  // The value of an option that the wrapping parted from it.
  const std::string& last = command->arguments.empty() ? first : command->arguments.back();
  argument |= last == "-o" || last == "-L" || last == "-I";
  if (!backslash && !(argument && length >= 20 && length <= 100)) return false;
  // A compiler's or linker's message may begin with an object, but goes on with a colon.
  if (!backslash && contains(line.text, ": ")) return false;
  if (backslash && !command->arguments.empty() && command->arguments.back() == "\\")
    command->arguments.pop_back();
  for (std::string& word : words) {
    if (word == "&&") break;
    command->arguments.push_back(std::move(word));
  }
  if (command->where.text.size() < kLongestExcerpt) {
    command->where.text += " ";
    command->where.text += line.text.substr(0, kLongestExcerpt);
  }
  // A link command is kept with its failure alone. The blank that joins the lines is text too.
  if (stream.compile >= 0) kept_commands_ += line.text.size() + 1;
  command->role = role_of(command->arguments);
  stream.command_length = line.raw_length;
  return true;
}

}  // namespace linkdx::log
