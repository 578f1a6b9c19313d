// Writes src/isa/x86_steps.inc: see src/isa/x86_steps.hpp for what the tables mean. Every entry is found by
// asking Zydis about many encodings that share the entry's key. Where all answers agree, that is the entry.
// Where they do not, one set of further bits after the other is tried (`questions`), until the answers agree
// for each value of those bits; they become a decision diagram.
#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "x86_steps_layout.hpp"
#include "x86_zydis.hpp"

using namespace linkdx::isa;

namespace {

namespace c = step_context;

constexpr unsigned field(unsigned at, unsigned width) {
  return ((1u << width) - 1) << at;
}
constexpr unsigned modrm_bits = field(c::rm, 3) | field(c::mod, 2), rxb = field(c::b, 3);
constexpr unsigned vector_register = field(c::vvvv, 4) | field(c::v2, 1);
/// What an entry may depend on, from the most frequent and smallest set of bits.
constexpr unsigned questions[] = {
    0,
    field(c::r, 2) | field(c::address_size, 1) | field(c::v2, 1),
    modrm_bits,
    modrm_bits | rxb,
    field(c::suffix, 8),
    field(c::r, 2) | vector_register,
    field(c::r, 2) | vector_register | modrm_bits | field(c::x, 1) | field(c::b, 1),
    field(c::r, 2) | vector_register | modrm_bits | field(c::x, 1) | field(c::index, 3) |
        field(c::address_size, 1),
    (1u << c::suffix) - 1,
};
/// The order in which a diagram asks: registers that are compared with each other stay close.
constexpr unsigned order[] = {
    c::address_size, c::mod + 1,    c::mod,        c::rm + 2,     c::rm + 1,     c::rm,         c::r2,
    c::v2,           c::r,          c::x,          c::b,          c::vvvv + 3,   c::vvvv + 2,   c::index + 2,
    c::vvvv + 1,     c::index + 1,  c::vvvv,       c::index,      c::suffix + 7, c::suffix + 6, c::suffix + 5,
    c::suffix + 4,   c::suffix + 3, c::suffix + 2, c::suffix + 1, c::suffix};

enum class Encoding { Legacy, Vex, Xop, Evex };

/// The key of one entry: all bits that pick it.
struct Key {
  bool is_64_bit;
  Encoding encoding;
  unsigned map, prefixes, opcode;              // prefixes: pp for all but Legacy
  unsigned lock = 0, address_size = 0, w = 0;  // Legacy has the address size here, the others in the context
  unsigned length = 0, broadcast = 0, zeroing = 0, masked = 0, unused = 0;
  unsigned column = 0;  // ModRM.reg, and 8 where ModRM names a register
};

[[noreturn]] void stop(const char* why) {
  std::fprintf(stderr, "generate-x86-steps: %s\n", why);
  std::exit(1);
}

[[noreturn]] void stop(const Key& key, const char* why) {
  std::fprintf(stderr, "%d-bit, encoding %d, map %u, prefixes %u, opcode %02x, column %u:\n",
               key.is_64_bit ? 64 : 32, static_cast<int>(key.encoding), key.map, key.prefixes, key.opcode,
               key.column);
  stop(why);
}

constexpr unsigned disagree = 0x10000, impossible = 0x10001;

/// SplitMix64 (Steele, Lea and Flood 2014): quick, and the same numbers everywhere.
class Random {
 public:
  std::uint64_t operator()() {
    std::uint64_t word = state_ += 0x9e3779b97f4a7c15;
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9;
    word = (word ^ word >> 27) * 0x94d049bb133111eb;
    return word ^ word >> 31;
  }

 private:
  std::uint64_t state_ = 1;
};

class Generator {
 public:
  std::vector<std::string_view> classes{""};
  std::vector<StepNode> nodes;
  std::map<std::array<unsigned, 16>, unsigned> rows;

  /// The entry of a key.
  unsigned entry(const Key& key) {
    if (begins_vector_encoding(key)) return step_invalid;
    for (unsigned mask : questions) {
      std::vector<unsigned> asked;
      for (unsigned bit : order)
        if ((mask & free_bits(key)) >> bit & 1) asked.push_back(bit);
      const std::size_t nodes_before = nodes.size();
      const unsigned answer = build(key, asked, 0, 0);
      if (answer != disagree) return answer;
      drop_nodes(nodes_before);
    }
    stop(key, "no set of bits decides");
  }

  unsigned row(Key key) {
    std::array<unsigned, 16> row;
    for (key.column = 0; key.column < 16; ++key.column) row[key.column] = entry(key);
    return rows.try_emplace(row, static_cast<unsigned>(rows.size())).first->second;
  }

  /// Whether none of many encodings with this opcode is an instruction. Saves asking about each key.
  bool nothing_in_evex(Key key) {
    for (unsigned i = 0; i < 6000; ++i) {
      key.length = draw(4), key.broadcast = draw(2), key.zeroing = draw(4) == 0, key.masked = draw(2),
      key.unused = draw(2);
      key.column = draw(16);
      unsigned context = random_context(key);
      if (draw(2) == 0) context = (context & ~field(c::rm, 3)) | 4;  // with SIB, which gathers want
      if (possible(key, context) && ask(key, context) != step_invalid) return false;
    }
    return true;
  }

 private:
  static bool is_vector(const Key& key) { return key.encoding != Encoding::Legacy; }

  /// POP and XOP share 8f; in 32-bit code LES, LDS and BOUND share their opcodes with VEX and EVEX. ModRM
  /// tells.
  static bool begins_vector_encoding(const Key& key) {
    if (is_vector(key) || key.map != 0) return false;
    return (key.opcode == 0x8f && (key.column & 3) != 0) ||
           (key.column >= 8 && (key.opcode == 0xc4 || key.opcode == 0xc5 || key.opcode == 0x62));
  }

  /// The bits of the context that an encoding has.
  static unsigned free_bits(const Key& key) {
    unsigned bits = modrm_bits | field(c::index, 3) | field(c::suffix, 8);
    if (key.column >= 8) bits &= ~field(c::mod, 2);
    if (key.is_64_bit || key.encoding == Encoding::Xop) bits |= rxb;
    if (is_vector(key))
      bits |= field(c::b, 1) | field(c::address_size, 1) | (key.unused ? 0 : field(c::vvvv, 4));
    if (key.encoding == Encoding::Evex) bits |= field(c::r2, 1) | (key.unused ? 0 : field(c::v2, 1));
    return bits;
  }

  static unsigned get(unsigned context, unsigned at, unsigned width) {
    return context >> at & ((1u << width) - 1);
  }

  /// Whether a context agrees with the key.
  static bool possible(const Key& key, unsigned context) {
    if (key.column < 8 && get(context, c::mod, 2) == 3) return false;
    return !is_vector(key) || key.unused || (context & vector_register) != 0;
  }

  unsigned draw(unsigned below) { return static_cast<unsigned>((random_() >> 32) * below >> 32); }

  /// Any context, in which often two registers are the same, which some instructions forbid, or there is a
  /// SIB byte, which some want.
  unsigned random_context(const Key& key) {
    unsigned context = static_cast<unsigned>(random_());
    auto put = [&](unsigned at, unsigned width, unsigned value) {
      context = (context & ~field(at, width)) | (value & field(0, width)) << at;
    };
    const unsigned reg = get(context, c::r2, 1) << 4 | get(context, c::r, 1) << 3 | (key.column & 7);
    const unsigned second = get(context, c::v2, 1) << 4 | get(context, c::vvvv, 4);
    switch (draw(8)) {
      case 0:
        put(c::vvvv, 4, reg), put(c::v2, 1, reg >> 4);
        break;
      case 1:
        put(c::rm, 3, reg), put(c::b, 1, reg >> 3), put(c::x, 1, reg >> 4);
        break;
      case 2:
        put(c::index, 3, reg), put(c::x, 1, reg >> 3), put(c::v2, 1, reg >> 4), put(c::rm, 3, 4);
        break;
      case 3:
        put(c::index, 3, second), put(c::x, 1, second >> 3), put(c::rm, 3, 4);
        break;
      case 4:
        put(c::rm, 3, second), put(c::b, 1, second >> 3), put(c::x, 1, second >> 4);
        break;
      case 5:
      case 6:
        put(c::rm, 3, 4);
        break;
      default:
        break;
    }
    if (draw(3) == 0)  // VSIB's second register is V' without vvvv
      put(c::vvvv, 4, 0);
    if (key.column >= 8) put(c::mod, 2, 3);
    return context & (free_bits(key) | (key.column >= 8 ? field(c::mod, 2) : 0));
  }

  /// A diagram over the bits `asked[level]` and following, those before it being `fixed`; or `disagree`.
  unsigned build(const Key& key, const std::vector<unsigned>& asked, std::size_t level, unsigned fixed) {
    // Where many answers agree no more is asked; at the last level they must.
    const std::span<const unsigned> known(asked.data(), level);
    const bool rare =
        !asked.empty() && asked.back() == c::suffix;  // 24 of 256 suffixes are instructions: each is asked
    const bool try_to_agree = asked.empty() || (level > 0 && !rare) || level == asked.size();
    const unsigned agreed = try_to_agree ? agreed_answer(key, known, fixed, level == asked.size()) : disagree;
    if (agreed != disagree || level == asked.size()) return agreed;
    const unsigned zero = build(key, asked, level + 1, fixed);
    if (zero == disagree) return disagree;
    const unsigned one = build(key, asked, level + 1, fixed | 1u << asked[level]);
    if (one == disagree || zero == one || zero == impossible) return one;
    if (one == impossible) return zero;
    const auto [found, is_new] =
        numbers_.try_emplace({asked[level], zero, one}, static_cast<unsigned>(nodes.size()));
    if (is_new)
      nodes.push_back({static_cast<std::uint8_t>(asked[level]), static_cast<std::uint16_t>(zero),
                       static_cast<std::uint16_t>(one)});
    return step_is_node | found->second;
  }

  unsigned agreed_answer(const Key& key, std::span<const unsigned> asked, unsigned fixed, bool last) {
    unsigned mask = 0;
    for (unsigned bit : asked) mask |= 1u << bit;
    // As long as no bit of ModRM is asked, every ModRM byte with every REX is; then fewer.
    const bool every_modrm = (mask & modrm_bits) == 0 && !is_vector(key);
    const unsigned count = every_modrm ? 256 : asked.empty() ? 96 : last ? 48 : 64;
    unsigned answer = impossible;
    for (unsigned i = 0, tries = 0; i < count && tries < 4 * count; ++tries) {
      unsigned context = random_context(key);
      if (every_modrm) context = (context & ~0xffu) | i;
      context = (context & ~mask) | fixed;
      if (key.column >= 8) context |= field(c::mod, 2);
      if (key.encoding == Encoding::Legacy && !key.is_64_bit) context &= ~rxb;
      if (!possible(key, context)) {
        i += every_modrm;
        continue;
      }
      ++i;
      const unsigned one = ask(key, context);
      if (one == impossible) continue;
      if (answer != impossible && one != answer) return disagree;
      answer = one;
    }
    return answer;
  }

  void drop_nodes(std::size_t count) {
    while (nodes.size() > count) {
      const StepNode& last = nodes.back();
      numbers_.erase({last.bit, last.zero, last.one});
      nodes.pop_back();
    }
  }

  unsigned class_of(std::string_view words) {
    const auto number =
        static_cast<unsigned>(std::find(classes.begin(), classes.end(), words) - classes.begin());
    if (number == classes.size()) classes.push_back(words);
    if (number > 255) stop("too many classes");
    return number;
  }

  /// The entry that one encoding asks for: the key and context as bytes, the rest drawn.
  unsigned ask(const Key& key, unsigned context) {
    std::array<std::uint8_t, 32> bytes;
    for (std::size_t i = 0; i < bytes.size(); i += 8) {
      const std::uint64_t word = random_();
      std::memcpy(&bytes[i], &word, 8);
    }
    std::size_t at = 0;
    auto put = [&](unsigned byte) { bytes[at++] = static_cast<std::uint8_t>(byte); };
    const bool short_address =
        !key.is_64_bit && (key.address_size != 0 || get(context, c::address_size, 1) != 0);
    encode(key, context, put);
    const std::size_t modrm_at = at;
    put(get(context, c::mod, 2) << 6 | (key.column & 7) << 3 | get(context, c::rm, 3));
    const bool sib = !short_address && get(context, c::mod, 2) != 3 && get(context, c::rm, 3) == 4;
    if (sib)
      bytes[at] = static_cast<std::uint8_t>((bytes[at] & 0xc0) | get(context, c::index, 3) << 3 |
                                            (draw(3) == 0 ? 5 : bytes[at] & 7));
    const unsigned modrm_length = length_from_modrm(&bytes[modrm_at], short_address);
    bytes[modrm_at + modrm_length] = static_cast<std::uint8_t>(get(context, c::suffix, 8));
    const Mode& mode = modes_[key.is_64_bit ? 1 : 0];
    ZydisDecodedInstruction instruction;
    const ZyanStatus status =
        ZydisDecoderDecodeInstruction(&mode.decoder, nullptr, bytes.data(), bytes.size(), &instruction);
    if (status == ZYDIS_STATUS_INSTRUCTION_TOO_LONG)  // the steps see to that themselves
      return impossible;
    if (!ZYAN_SUCCESS(status) || only_knights_corner(instruction.meta.isa_set)) return step_invalid;
    unsigned entry = 0;
    std::size_t length = modrm_at;
    // Moves to and from control and debug registers take any ModRM.mod for 3 (Intel SDM vol. 2, MOV): ModRM
    // is one byte after the opcode.
    const bool always_register =
        key.encoding == Encoding::Legacy && key.map == 1 && (key.opcode & 0xf8) == 0x20;
    if ((instruction.attributes & ZYDIS_ATTRIB_HAS_MODRM) && !always_register) {
      entry |= step_has_modrm;
      length += modrm_length;
    }
    if (instruction.length < length || instruction.length - length > 15)
      stop(key, "a length that does not fit");
    if (branch_width(instruction) != 0) entry |= step_is_branch;
    return entry | class_of(mode.words.of(instruction)) |
           static_cast<unsigned>(instruction.length - length) << 8;
  }

  void encode(const Key& key, unsigned context, auto&& put) {
    if (key.encoding == Encoding::Legacy) {
      static constexpr std::array<std::array<unsigned, 2>, 6> prefixes{
          {{0, 0}, {0x66, 0}, {0xf3, 0}, {0xf2, 0}, {0x66, 0xf3}, {0x66, 0xf2}}};
      if (key.lock) put(0xf0);
      if (key.address_size) put(0x67);
      for (unsigned byte : prefixes[key.prefixes])
        if (byte != 0) put(byte);
      const unsigned rex = get(context, c::b, 3) | key.w << 3;
      if (rex != 0 || (key.is_64_bit && draw(4) == 0)) put(0x40 | rex);
      if (key.map > 0) put(0x0f);
      if (key.map > 1) put(key.map == 2 ? 0x38 : 0x3a);
      put(key.opcode);
      return;
    }
    if (get(context, c::address_size, 1)) put(0x67);
    const unsigned inverted = ~context & rxb;  // R, X and B stand in bits 7 to 5, as in the payload
    const unsigned vvvv = ~get(context, c::vvvv, 4) & 15;
    if (key.encoding != Encoding::Evex) {
      put(key.encoding == Encoding::Vex ? 0xc4 : 0x8f);
      put(inverted | key.map);
      put(key.w << 7 | vvvv << 3 | key.length << 2 | key.prefixes);
    } else {
      put(0x62);
      put(inverted | (get(context, c::r2, 1) ^ 1) << 4 | key.map);
      put(key.w << 7 | vvvv << 3 | 4 | key.prefixes);
      put(key.zeroing << 7 | key.length << 5 | key.broadcast << 4 | (get(context, c::v2, 1) ^ 1) << 3 |
          (key.masked ? 1 + draw(7) : 0));
    }
    put(key.opcode);
  }

  struct Mode {
    ZydisDecoder decoder;
    ZydisWords words;
    explicit Mode(Arch arch) : decoder(zydis_decoder(arch)), words(arch) {}
  };
  std::array<Mode, 2> modes_{Mode(Arch::X86), Mode(Arch::X86_64)};
  Random random_;
  std::map<std::tuple<unsigned, unsigned, unsigned>, unsigned> numbers_;  ///< of nodes
};

/// Equal blocks of rows are kept once.
class Blocks {
 public:
  std::vector<unsigned> rows;

  unsigned add(const std::vector<unsigned>& block) {
    const auto [found, is_new] = numbers_.try_emplace(block, static_cast<unsigned>(numbers_.size()));
    if (is_new) rows.insert(rows.end(), block.begin(), block.end());
    return found->second;
  }

 private:
  std::map<std::vector<unsigned>, unsigned> numbers_;
};

std::vector<unsigned> legacy_blocks(Generator& generator, Blocks& blocks, bool is_64_bit) {
  std::vector<unsigned> numbers;
  for (unsigned map = 0; map < 4; ++map)
    for (unsigned prefixes = 0; prefixes < 6; ++prefixes)
      for (unsigned lock = 0; lock < 2; ++lock)
        for (unsigned address_size = 0; address_size < 2; ++address_size)
          for (unsigned w = 0; w < 2; ++w) {
            if (w > 0 && !is_64_bit) {  // never looked up
              numbers.push_back(numbers.back());
              continue;
            }
            std::vector<unsigned> block;
            for (unsigned opcode = 0; opcode < 256; ++opcode) {
              // Prefixes and escapes never get here as opcodes, POP and XOP share 8f, LES, LDS and BOUND what
              // begins VEX and EVEX.
              Key key{is_64_bit, Encoding::Legacy, map, prefixes, opcode, lock, address_size, w};
              const bool other =
                  map == 0 &&
                  (opcode == 0x0f || prefix_kinds_of(is_64_bit)[opcode] == PrefixKind::Segment ||
                   opcode == 0x66 || opcode == 0x67 || opcode == 0xf0 || opcode == 0xf2 || opcode == 0xf3 ||
                   (is_64_bit &&
                    ((opcode & 0xf0) == 0x40 || opcode == 0xc4 || opcode == 0xc5 || opcode == 0x62)));
              const bool escape = map == 1 && (opcode == 0x38 || opcode == 0x3a);
              block.push_back(other || escape ? 0 : generator.row(key));
            }
            numbers.push_back(blocks.add(block));
          }
  return numbers;
}

std::vector<unsigned> vex_blocks(Generator& generator, Blocks& blocks, bool is_64_bit) {
  std::vector<unsigned> numbers;
  for (unsigned map = 0; map < 6; ++map)
    for (unsigned pp = 0; pp < 4; ++pp)
      for (unsigned bits = 0; bits < 8; ++bits) {
        std::vector<unsigned> block;
        for (unsigned opcode = 0; opcode < 256; ++opcode) {
          Key key{is_64_bit, map < 3 ? Encoding::Vex : Encoding::Xop, map < 3 ? map + 1 : map + 5, pp,
                  opcode};
          key.w = bits >> 2, key.length = bits >> 1 & 1, key.unused = bits & 1;
          block.push_back(generator.row(key));
        }
        numbers.push_back(blocks.add(block));
      }
  return numbers;
}

std::vector<unsigned> evex_groups(Generator& generator, Blocks& groups, bool is_64_bit) {
  std::vector<unsigned> numbers;
  std::array<unsigned, 16> invalid;
  invalid.fill(step_invalid);
  const std::vector<unsigned> nothing(
      64, generator.rows.try_emplace(invalid, static_cast<unsigned>(generator.rows.size())).first->second);
  for (unsigned map : {1u, 2u, 3u, 5u, 6u})
    for (unsigned pp = 0; pp < 4; ++pp)
      for (unsigned w = 0; w < 2; ++w)
        for (unsigned opcode = 0; opcode < 256; ++opcode) {
          Key key{is_64_bit, Encoding::Evex, map, pp, opcode};
          key.w = w;
          if (generator.nothing_in_evex(key)) {
            numbers.push_back(groups.add(nothing));
            continue;
          }
          std::vector<unsigned> group;
          for (unsigned form = 0; form < 64; ++form) {
            key.length = form >> 4, key.broadcast = form >> 3 & 1, key.zeroing = form >> 2 & 1,
            key.masked = form >> 1 & 1, key.unused = form & 1;
            group.push_back(generator.row(key));
          }
          numbers.push_back(groups.add(group));
        }
  return numbers;
}

void print(const char* name, const std::vector<unsigned>& numbers) {
  std::printf("inline constexpr std::uint16_t %s[] = {", name);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (numbers[i] > 0xffff) stop("a table that outgrew its numbers");
    std::printf("%s%u,", i % 16 == 0 ? "\n" : "", numbers[i]);
  }
  std::printf("\n};\n");
}

}  // namespace

int main() {
  Generator generator;
  Blocks blocks, groups;
  const std::vector<unsigned> legacy_64 = legacy_blocks(generator, blocks, true),
                              legacy_32 = legacy_blocks(generator, blocks, false);
  std::fprintf(stderr, "legacy: %zu rows, %zu nodes\n", generator.rows.size(), generator.nodes.size());
  const std::vector<unsigned> vex_64 = vex_blocks(generator, blocks, true),
                              vex_32 = vex_blocks(generator, blocks, false);
  std::fprintf(stderr, "vex: %zu rows, %zu nodes\n", generator.rows.size(), generator.nodes.size());
  const std::vector<unsigned> evex_64 = evex_groups(generator, groups, true);
  std::fprintf(stderr, "evex, 64 bits: %zu rows, %zu nodes\n", generator.rows.size(), generator.nodes.size());
  const std::vector<unsigned> evex_32 = evex_groups(generator, groups, false);
  std::fprintf(stderr, "evex: %zu rows, %zu nodes\n", generator.rows.size(), generator.nodes.size());
  if (generator.nodes.size() >= step_is_node) stop("too many nodes");

  std::vector<unsigned> entries(generator.rows.size() * 16);
  for (const auto& [row, number] : generator.rows)
    std::copy(row.begin(), row.end(), entries.begin() + number * 16);
  const auto version = ZydisGetVersion();
  std::printf("// Written by scripts/generate-x86-steps from Zydis %u.%u.%u; see x86_steps.hpp.\n",
              static_cast<unsigned>(ZYDIS_VERSION_MAJOR(version)),
              static_cast<unsigned>(ZYDIS_VERSION_MINOR(version)),
              static_cast<unsigned>(ZYDIS_VERSION_PATCH(version)));
  std::printf("inline constexpr std::string_view step_classes[] = {\n");
  for (std::string_view one : generator.classes)
    std::printf("  \"%.*s\",\n", static_cast<int>(one.size()), one.data());
  std::printf("};\n");
  print("step_entries", entries);
  std::printf("inline constexpr StepNode step_nodes[] = {");
  for (std::size_t i = 0; i < generator.nodes.size(); ++i) {
    const StepNode& node = generator.nodes[i];
    std::printf("%s{%u,%u,%u},", i % 6 == 0 ? "\n" : "", node.bit, node.zero, node.one);
  }
  std::printf("\n};\n");
  print("opcode_rows", blocks.rows);
  print("evex_rows", groups.rows);
  print("legacy_blocks_64", legacy_64);
  print("legacy_blocks_32", legacy_32);
  print("vex_blocks_64", vex_64);
  print("vex_blocks_32", vex_32);
  print("evex_groups_64", evex_64);
  print("evex_groups_32", evex_32);
}
