#include "prefilter.hpp"

#include <array>
#include <cstring>
#include <vector>

namespace linkdx::log {
namespace {

// `anchor` is where the word's rarest three bytes begin. The order gives the bits; words may share one, for a
// bit only says that a pattern is worth trying.
struct Word {
  std::string_view text;
  std::size_t anchor;
};

constexpr Word kWords[] = {
    {"rror", 0},         {"RROR", 0},       {"ymbol", 0},
    {"ndefined", 2},     {"efinition", 0},  {"efined here", 6},
    {"n function", 0},   {">>>", 0},        {"ld:", 0},
    {"ld :", 1},         {"arning", 1},     {"ot find", 0},
    {"ot found", 3},     {"ompatible", 2},  {"ecognized", 1},
    {"FAILED", 0},       {"inking ", 1},    {" -o", 0},
    {" -c", 0},          {"\"-o\"", 0},     {"\"-c\"", 0},
    {"eferenced", 0},    {"No such", 1},    {"LNK", 0},
    {"built for", 3},    {"ailed", 1},      {"oes not", 3},
    {"VFP", 0},          {"reason\":", 6},  {"Entering", 4},
    {"issing", 2},       {"nning", 1},      {"upport", 0},
    {"mismatch", 1},     {"mpty", 0},       {"equire", 0},
    {"alid", 1},         {"*** ", 0},       {".. no", 1},
    {"nresolved", 3},    {"nknown", 1},     {"recompile", 4},
    {"with -f", 3},      {"HOST", 0},       {"rendered\":", 8},
    {" > [", 0},         {"lready", 0},     {"previous", 2},
    {"elocation", 0},    {"nable to", 2},   {"plugin", 1},
    {"file not ", 4},    {"RUN ", 0},       {"exit st", 0},
    {"such in", 0},      {"nstruct", 2},    {"not an obj", 4},
    {"ould not o", 6},   {"ndex; run", 3},  {"mplicit", 1},
    {"r function", 0},   {"too short", 4},  {"conflicts", 3},
    {"d value", 2},      {"ecognised", 5},  {"feature", 1},
    {"e found", 1},      {"e_shoff", 0},    {"wrong ELF", 5},
    {"past the", 1},     {"cannot ", 1},    {"undeclared", 4},
    {"different fl", 8}, {" qc ", 1},       {" rcs ", 1},
    {":(.", 0},          {"The CMAKE_", 4}, {"not a full path", 6},
    {": && ", 1},        {"nasm", 0},       {"yasm", 0},
    {"NASM", 0},         {"YASM", 0},       {"Nasm", 0},
    {"Yasm", 0},         {"gas-prepro", 3}, {"xpected in", 0},
    {"never defin", 6},  {"not loaded", 4}, {"'t load", 0},
    {"ntry point", 3},   {"ory refer", 3},  {"map file", 0},
};
constexpr std::size_t kWordCount = std::size(kWords);
constexpr std::size_t kWordBits = 60;

// Bits of classes of bytes rather than of words.
constexpr std::uint64_t kBacktick = std::uint64_t{1} << 62;
constexpr std::uint64_t kNonAscii = std::uint64_t{1} << 63;

bool is_class_byte(unsigned char byte) {
  return byte == '`' || byte >= 0x80;
}

struct Tables {
  std::array<std::uint64_t, 1024> pairs{};              // one bit a pair
  std::array<std::vector<std::uint16_t>, 256> by_pair;  // word * 2 + alignment, by a hash of the pair

  static unsigned pair_at(const char* text) {
    std::uint16_t pair;
    std::memcpy(&pair, text, 2);
    return pair;
  }
  static unsigned hash(unsigned pair) { return (pair * 0x9E37u >> 5) & 255; }
  void mark(unsigned pair) { pairs[pair >> 6] |= std::uint64_t{1} << (pair & 63); }
  bool marked(unsigned pair) const { return pairs[pair >> 6] >> (pair & 63) & 1; }

  Tables() {
    for (std::size_t word = 0; word < kWordCount; ++word)
      for (std::size_t alignment = 0; alignment < 2; ++alignment) {
        unsigned pair = pair_at(kWords[word].text.data() + kWords[word].anchor + alignment);
        mark(pair);
        by_pair[hash(pair)].push_back(static_cast<std::uint16_t>(word * 2 + alignment));
      }
    for (unsigned pair = 0; pair < 65536; ++pair)
      if (is_class_byte(pair & 255) || is_class_byte(pair >> 8)) mark(pair);
  }

  /// The words and classes of bytes at a position that the table marks.
  std::uint64_t words_at(std::string_view text, std::size_t position, std::size_t* begin = nullptr) const {
    std::uint64_t found = 0;
    for (std::size_t i = position; i < position + 2; ++i) {
      unsigned char byte = static_cast<unsigned char>(text[i]);
      if (byte >= 0x80) found |= kNonAscii;
      if (byte == '`') found |= kBacktick;
    }
    if (begin) *begin = position;
    for (std::uint16_t entry : by_pair[hash(pair_at(text.data() + position))]) {
      const Word& word = kWords[entry >> 1];
      std::size_t offset = word.anchor + (entry & 1);
      if (position < offset || text.size() - (position - offset) < word.text.size()) continue;
      if (std::memcmp(text.data() + position - offset, word.text.data(), word.text.size()) != 0) continue;
      found |= std::uint64_t{1} << ((entry >> 1) % kWordBits);
      if (begin) *begin = position - offset;
    }
    return found;
  }
};

const Tables& tables() {
  static const Tables instance;
  return instance;
}

}  // namespace

std::size_t find_word(std::string_view text, std::size_t from) {
  const Tables& table = tables();
  std::size_t i = from;
  for (; i + 8 <= text.size(); i += 8) {
    const char* at = text.data() + i;
    bool any = table.marked(Tables::pair_at(at)) | table.marked(Tables::pair_at(at + 2)) |
               table.marked(Tables::pair_at(at + 4)) | table.marked(Tables::pair_at(at + 6));
    if (!any) continue;
    for (std::size_t k = 0; k < 8; k += 2)
      if (table.marked(Tables::pair_at(at + k)) && table.words_at(text, i + k)) return i + k;
  }
  for (; i + 2 <= text.size(); ++i)
    if (table.marked(Tables::pair_at(text.data() + i)) && table.words_at(text, i)) return i;
  return std::string_view::npos;
}

std::uint64_t scan_words(std::string_view text) {
  const Tables& table = tables();
  std::uint64_t found = 0;
  for (std::size_t i = 0; i + 2 <= text.size(); i += 2)
    if (table.marked(Tables::pair_at(text.data() + i))) found |= table.words_at(text, i);
  if (text.size() % 2 == 1 && text.size() >= 2) found |= table.words_at(text, text.size() - 2);
  return found;
}

std::uint64_t words_of(std::string_view literal) {
  std::uint64_t found = scan_words(literal);
  for (char c : literal)
    if (is_class_byte(static_cast<unsigned char>(c))) found |= c == '`' ? kBacktick : kNonAscii;
  return found;
}

}  // namespace linkdx::log
