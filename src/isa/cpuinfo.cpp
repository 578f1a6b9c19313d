// Linux's /proc/cpuinfo, which tells what the machine has and the kernel lets programs use. Each architecture
// has a line of its own for it, after a colon: words (`flags : fpu sse`, `Features : fp asimd`) or RISC-V's
// ISA string
// (`isa : rv64imafdc_zba_zbb`), whose single letters and `_`-separated names are the words. The first
// processor is read; mixed cores differ little in what Linux shows. Source: Linux, show_cpuinfo of
// arch/*/kernel.
#include <algorithm>

#include "catalogue.hpp"

namespace linkdx::isa {
namespace {

struct Key {
  std::string_view key;
  bool isa_string;
};
constexpr Key keys[] = {
    {"flags", false},             // x86
    {"Features", false},          // ARM, AArch64, LoongArch
    {"features", false},          // s390x
    {"ASEs implemented", false},  // MIPS
    {"isa", true},                // RISC-V
};

std::string_view trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t\r") - begin + 1);
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> words;
  for (std::size_t at = 0; (at = text.find_first_not_of(separators, at)) != text.npos;) {
    const std::size_t end = std::min(text.find_first_of(separators, at), text.size());
    words.emplace_back(text.substr(at, end - at));
    at = end;
  }
  return words;
}

/// `rv64imafdc_zba` is i m a f d c zba.
std::vector<std::string> isa_string_words(std::string_view text) {
  std::vector<std::string> words = split(text, "_");
  if (words.empty() || !words[0].starts_with("rv")) return words;
  std::vector<std::string> letters;
  for (char letter : words[0].substr(std::min(words[0].find_first_not_of("rv0123456789"), words[0].size())))
    letters.emplace_back(1, letter);
  letters.insert(letters.end(), words.begin() + 1, words.end());
  return letters;
}

}  // namespace

std::optional<std::vector<std::string>> words_of_cpuinfo(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    const std::string_view key = trimmed(line.substr(0, colon)), value = trimmed(line.substr(colon + 1));
    for (const Key& row : keys)
      if (row.key == key) return row.isa_string ? isa_string_words(value) : split(value, " \t");
  }
  return std::nullopt;
}

}  // namespace linkdx::isa
