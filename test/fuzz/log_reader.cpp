// Any bytes are a log: no crash, no hang, and the same result however the bytes are cut into pieces.
// Repeated, they are counted as if every line was read: fed line by line, a log is never cut into passages.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "linkdx/log.hpp"

using namespace linkdx::log;

static std::uint64_t sum_of(const Log& log) {
  std::uint64_t sum = log.lines + log.bytes;
  auto add = [&](std::uint64_t value) { sum = sum * 31 + value; };
  for (const Failure& failure : log.failures) {
    add(failure.where.line);
    add(failure.repeated);
    add(failure.command ? failure.command->where.line : 0);
    for (const SymbolError& symbol : failure.symbols)
      add(symbol.where.line + symbol.references.size() + symbol.more_references);
    add(failure.inputs.size() + failure.other.size());
  }
  for (const Command& command : log.commands) add(command.where.line + command.repeated);
  for (const ToolMessage& message : log.messages) add(message.where.line + message.repeated);
  return sum;
}

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  Log whole = read("-", text);
  Reader reader("-");
  std::size_t step = size % 7 + 1;
  for (std::size_t at = 0; at < size; at += step) reader.feed(text.substr(at, step));
  Log pieces = reader.finish();
  if (whole.failures.size() != pieces.failures.size() || whole.messages.size() != pieces.messages.size() ||
      whole.commands.size() != pieces.commands.size() || whole.lines != pieces.lines)
    std::abort();

  std::string many;
  for (int i = 0; i < 5; ++i) many.append(text).append("\n");
  Reader by_line("-");
  for (std::size_t at = 0; at < many.size();) {
    std::size_t end = many.find('\n', at) + 1;
    by_line.feed(std::string_view(many).substr(at, end - at));
    at = end;
  }
  if (sum_of(by_line.finish()) != sum_of(read("-", many))) std::abort();
  split_command(text);
  return 0;
}
