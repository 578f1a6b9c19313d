// What comes again is kept once. A build that is tried again prints the same failure, the same warnings and
// the same commands, a CI log may hold thousands of them, and a reader wants each once with its count. Two
// things are the same when all of their text is, but for the line of the log. Hashes find the candidate, the
// texts decide.
#include <algorithm>

#include <llvm/ADT/StringRef.h>
#include <llvm/Support/xxhash.h>

#include "commands.hpp"
#include "failures.hpp"
#include "linkdx/language.hpp"
#include "text.hpp"

namespace linkdx::log {
namespace {

std::uint64_t hash_of(std::string_view text) {
  return llvm::xxh3_64bits(llvm::StringRef(text.data(), text.size()));
}

/// All of a failure that makes it differ from another, as text.
std::string text_of(const Failure& failure) {
  std::string text;
  auto put = [&](std::string_view part) {
    text += part;
    text += '\0';
  };
  auto number = [&](std::uint64_t value) { put(std::to_string(value)); };
  for (const std::string* part : {&failure.linker_path, &failure.target, &failure.output, &failure.unit})
    put(*part);
  number(static_cast<std::uint64_t>(failure.linker));
  if (failure.command) put(failure.command->where.text);
  for (const SymbolError& symbol : failure.symbols) {
    number(static_cast<std::uint64_t>(symbol.kind));
    for (const std::string* part : {&symbol.name, &symbol.provider, &symbol.version, &symbol.did_you_mean})
      put(*part);
    number(symbol.more_references * 2 + symbol.more_follow);
    for (const Reference& reference : symbol.references) {
      for (const std::string* part :
           {&reference.object, &reference.function, &reference.source, &reference.section})
        put(*part);
      number(reference.source_line);
    }
  }
  for (const InputError& input : failure.inputs) {
    number(static_cast<std::uint64_t>(input.kind));
    for (const std::string* part : {&input.path, &input.subject, &input.expected, &input.found}) put(*part);
  }
  for (const Excerpt& other : failure.other) put(other.text);
  return text;
}

}  // namespace

/// The failure that was closed last goes when it is the same as an earlier one. One that is not the last of
/// the log, because steps are interleaved, stays: others are known by their index. One that differs is
/// compared again when the build tool has given it its name.
void Assembler::fold_failure(Stream& stream) {
  if (stream.folds_left == 0 || log_.failures.empty()) return;
  --stream.folds_left;
  std::size_t last = log_.failures.size() - 1;
  if (static_cast<std::size_t>(stream.last_failure) != last) return;
  std::string text = text_of(log_.failures[last]);
  auto [entry, is_new] = known_failures_.try_emplace(hash_of(text), last);
  if (is_new || entry->second == last) {
    stream.folds_left = 0;
    return;
  }
  std::size_t known = entry->second;
  if (known > last || stream_of_failure_[known] != stream_of_failure_[last] ||
      text_of(log_.failures[known]) != text)
    return;
  repeat(Repetition::What::Failure, known);
  kept_ = std::min(kept_, stream.kept_before);
  log_.failures.pop_back();
  stream_of_failure_.pop_back();
  stream.last_failure = static_cast<std::ptrdiff_t>(known);
  stream.folded = true;
  stream.folds_left = 0;
}

void Assembler::repeat(Repetition::What what, std::size_t index) {
  Repetition repetition{what, static_cast<std::uint32_t>(index)};
  if (noting_) noted_.push_back(repetition);
  noting_ &= noted_.size() < kMostNoted;
  count({repetition});
}

void Assembler::count(const std::vector<Repetition>& repetitions) {
  for (const Repetition& repetition : repetitions) {
    switch (repetition.what) {
      case Repetition::What::Failure:
        ++log_.failures[repetition.index].repeated;
        break;
      case Repetition::What::Message:
        ++log_.messages[repetition.index].repeated;
        break;
      case Repetition::What::Command:
        ++log_.commands[repetition.index].repeated;
        break;
    }
  }
}

/// Whether the open failure holds this very line already.
bool Assembler::is_repeated(Stream& stream, std::string_view text) {
  return !stream.lines_kept.insert(hash_of(text)).second;
}

void Assembler::keep_message(ToolMessage message, std::string_view text, std::uint64_t number) {
  auto same = [&](const ToolMessage& other) {
    return other.kind == message.kind && other.subject == message.subject &&
           other.message == message.message && other.where.text == text.substr(0, kLongestExcerpt);
  };
  std::uint64_t key = hash_of(text) + static_cast<std::uint64_t>(message.kind);
  auto entry = known_messages_.find(key);
  if (entry != known_messages_.end() && same(log_.messages[entry->second])) {
    repeat(Repetition::What::Message, entry->second);
    return;
  }
  if (messages_full_) return;
  if (log_.messages.size() >= kMostMessages || kept_messages_ > kMostMessageText) {
    messages_full_ = true;
    log_.problems.push_back(
        {log_.name,
         say("so many messages of compilers and build tools that those after line {} were not kept; "
             "linkers' errors were",
             number)});
    return;
  }
  message.where = Excerpt{number, std::string(text.substr(0, kLongestExcerpt))};
  kept_messages_ += message.where.text.size() + message.message.size() + sizeof(ToolMessage);
  known_messages_.try_emplace(key, log_.messages.size());
  log_.messages.push_back(std::move(message));
}

/// Whether the line is a command that is known already, word for word, and needs no splitting. Most of a
/// large log is such lines.
bool Assembler::seen_command(Stream& stream, std::string_view text, std::uint64_t number) {
  if (text.size() > kLongestExcerpt || (known_commands_.empty() && known_links_.empty())) return false;
  std::uint64_t key = hash_of(text);
  if (auto link = known_links_.find(key); link != known_links_.end() && link->second.where.text == text) {
    Command command = link->second;
    command.where.line = number;
    keep_command(stream, std::move(command), 0);
    return true;
  }
  auto entry = known_commands_.find(key);
  if (entry == known_commands_.end()) return false;
  const Command& known = log_.commands[entry->second];
  // A line that changes the directory says itself where it runs.
  if (known.where.text != text || (known.directory != stream.directory && !contains(text, "cd ")))
    return false;
  repeat(Repetition::What::Command, entry->second);
  stream.compile = static_cast<std::ptrdiff_t>(entry->second);
  return true;
}

/// Keeps a command: a link until its failure comes, any other in the log. The next line may go on
/// with it when `length`, that of its last line, is not 0.
void Assembler::keep_command(Stream& stream, Command command, std::size_t length) {
  stream.compile = -1;
  stream.command_length = length;
  if (command.role == Command::Role::Link) {
    close(stream);
    if (length == 0 && known_links_.size() < kMostKnownLinks)
      known_links_.try_emplace(hash_of(command.where.text), command);
    if (command.directory.empty()) command.directory = stream.directory;
    stream.command = std::move(command);
    return;
  }
  if (command.directory.empty()) command.directory = stream.directory;
  if (!commands_full_ && (log_.commands.size() >= kMostCommands || kept_commands_ > kMostMessageText)) {
    commands_full_ = true;
    log_.problems.push_back(
        {log_.name, say("so many compile commands that those after line {} were not kept; link "
                        "commands and errors were",
                        command.where.line)});
  }
  if (commands_full_) {
    stream.command_length = 0;
    return;
  }
  kept_commands_ += command.where.text.size();
  // Only a line that is complete by itself is compared; what ends here may go on in another way the next
  // time.
  if (length == 0) known_commands_.try_emplace(hash_of(command.where.text), log_.commands.size());
  log_.commands.push_back(std::move(command));
  stream.compile = static_cast<std::ptrdiff_t>(log_.commands.size()) - 1;
}

/// The next line did not go on with the command. One that is known goes.
void Assembler::complete_command(Stream& stream) {
  stream.command_length = 0;
  if (stream.compile < 0 || static_cast<std::size_t>(stream.compile) + 1 != log_.commands.size()) return;
  const Command& command = log_.commands.back();
  std::size_t last = log_.commands.size() - 1;
  auto [entry, is_new] = known_short_commands_.try_emplace(hash_of(command.where.text), last);
  std::size_t known = entry->second;
  if (is_new || known >= last) return;
  const Command& other = log_.commands[known];
  if (other.where.text != command.where.text || other.arguments != command.arguments ||
      other.directory != command.directory)
    return;
  kept_commands_ -= std::min(kept_commands_, command.where.text.size());
  log_.commands.pop_back();
  stream.compile = static_cast<std::ptrdiff_t>(known);
  repeat(Repetition::What::Command, known);
}

}  // namespace linkdx::log
