// What the assembler remembers between two lines when nothing is open: no failure, no heading, no line that
// waits for its other half. That is little: the last link command, directories, names of steps. It is written
// out as text, so that two places of a log can be compared: with the same text before them, the same lines
// have the same effect.
#include "failures.hpp"

namespace linkdx::log {
namespace {

constexpr std::size_t kMostStreams = 64;

}  // namespace

std::optional<std::string> Assembler::settled_state(std::uint64_t number) const {
  if (full_ || streams_.size() > kMostStreams) return std::nullopt;
  std::string state;
  auto put = [&](std::string_view part) {
    state += std::to_string(part.size());
    state += ':';
    state += part;
  };
  auto put_number = [&](std::uint64_t value) {
    state += std::to_string(value);
    state += ',';
  };
  for (std::uint64_t value :
       {kept_, kept_messages_, kept_commands_, std::size_t{messages_full_}, std::size_t{commands_full_},
        known_failures_.size(), known_messages_.size(), known_commands_.size(), known_short_commands_.size(),
        known_links_.size(), streams_.size()})
    put_number(value);
  for (std::size_t value :
       {log_.failures.size(), log_.messages.size(), log_.commands.size(), log_.problems.size(), changes_})
    put_number(value);
  for (const auto& [name, stream] : streams_) {
    bool open = stream.failure >= 0 || stream.folds_left != 0 || stream.block != Block::None ||
                !stream.heading.object.empty() || !stream.heading.function.empty() ||
                !stream.held.text.empty() || stream.command_length != 0 || !stream.wrapped.empty() ||
                !stream.compiler_variable.empty() || stream.second_line_of_lld;
    if (open) return std::nullopt;
    for (const std::string* part : {&name, &stream.unit, &stream.step, &stream.directory}) put(*part);
    put_number(static_cast<std::uint64_t>(stream.last_failure + 1));
    put_number(stream.folded);
    if (!stream.command) continue;
    const Command& command = *stream.command;
    // How far back the command stands, not where: the same distance gives the same line later.
    put_number(number - command.where.line);
    put(command.where.text);
    put(command.directory);
    put_number(static_cast<std::uint64_t>(command.role) * 2 + command.abridged);
    for (const std::string& word : command.environment) put(word);
    for (const std::string& word : command.arguments) put(word);
  }
  return state;
}

std::shared_ptr<const Assembler::Settled> Assembler::save(std::uint64_t number) const {
  auto saved = std::make_shared<Settled>();
  saved->streams = streams_;
  // Of the failure that was closed; the next one begins with none.
  for (auto& [name, stream] : saved->streams) {
    stream.symbols.clear();
    stream.lines_kept.clear();
  }
  saved->kept = kept_;
  saved->kept_commands = kept_commands_;
  saved->number = number;
  return saved;
}

void Assembler::restore(const Settled& saved, std::uint64_t number) {
  streams_ = saved.streams;
  for (auto& [name, stream] : streams_)
    if (stream.command) stream.command->where.line = number - (saved.number - stream.command->where.line);
  kept_ = saved.kept;
  kept_commands_ = saved.kept_commands;
}

void Assembler::begin_noting() {
  noting_ = true;
  noting_from_ = sizes();
  noted_.clear();
}

std::optional<std::vector<Repetition>> Assembler::noted() const {
  if (!noting_ || !(sizes() == noting_from_)) return std::nullopt;
  return noted_;
}

}  // namespace linkdx::log
