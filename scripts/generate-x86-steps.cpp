// Writes src/isa/x86_steps.inc: see src/isa/x86_steps.hpp for what the tables mean. Every entry is found by asking Zydis about many
// encodings that share the entry's key; where the answers differ in anything, the entry says "ask the full decoder".
#include <Zydis/Zydis.h>

#include <array>
#include <cstdio>
#include <map>
#include <string>
#include <vector>

#include "code_x86.hpp"

using namespace linkdx::isa;

namespace {

constexpr unsigned unsure = 255, has_modrm = 1u << 12, is_branch = 1u << 13;
using Row = std::array<unsigned, 16>;

struct Generator {
  ZydisDecoder decoder;
  std::map<std::string, unsigned> classes{{"", 0}};
  std::map<Row, unsigned> rows;

  Generator() { ZydisDecoderInit(&decoder, ZYDIS_MACHINE_MODE_LONG_64, ZYDIS_STACK_WIDTH_64); }

  /// The entry that this one encoding asks for.
  unsigned ask(const std::vector<std::uint8_t>& header, unsigned modrm, unsigned filler) {
    std::array<std::uint8_t, 32> bytes;
    for (std::size_t i = 0; i < bytes.size(); ++i)
      bytes[i] = static_cast<std::uint8_t>(filler + 0x35 * i * (filler & 1));
    std::copy(header.begin(), header.end(), bytes.begin());
    bytes[header.size()] = static_cast<std::uint8_t>(modrm);
    ZydisDecodedInstruction instruction;
    if (!ZYAN_SUCCESS(ZydisDecoderDecodeInstruction(&decoder, nullptr, bytes.data(), bytes.size(), &instruction)))
      return unsure;
    std::size_t length = header.size();
    unsigned entry = 0;
    if (instruction.attributes & ZYDIS_ATTRIB_HAS_MODRM) {
      entry |= has_modrm;
      ++length;
      unsigned mod = modrm >> 6, rm = modrm & 7;
      bool sib = mod != 3 && rm == 4;
      length += sib;
      if (mod == 1)
        length += 1;
      else if (mod == 2 || (mod == 0 && (rm == 5 || (sib && (bytes[header.size() + 1] & 7) == 5))))
        length += 4;
    }
    if (instruction.length < length || instruction.length - length > 8)
      return unsure;
    if (instruction.raw.imm[0].is_relative)
      entry |= is_branch;
    std::string features;
    for (const std::string& name : needs_of_zydis(Arch::X86_64, instruction).names())
      features += (features.empty() ? "" : " ") + name;
    unsigned number = classes.try_emplace(features, static_cast<unsigned>(classes.size())).first->second;
    return entry | number | static_cast<unsigned>(instruction.length - length) << 8;
  }

  /// The row for encodings that begin with any of `headers`.
  unsigned row(const std::vector<std::vector<std::uint8_t>>& headers) {
    Row row;
    for (unsigned key = 0; key < 16; ++key) {
      unsigned answer = 0;
      bool first = true, same = true;
      for (const auto& header : headers)
        for (unsigned mod = key < 8 ? 0 : 3; same && mod < (key < 8 ? 3u : 4u); ++mod)
          for (unsigned rm = 0; same && rm < 8; ++rm)
            for (unsigned filler : {0x00u, 0x25u, 0xffu, 0x94u}) {
              unsigned one = ask(header, mod << 6 | (key & 7) << 3 | rm, filler);
              same = (first || one == answer) && one != unsure;
              answer = one;
              first = false;
              if (!same)
                break;
            }
      row[key] = same ? answer : unsure;
    }
    return rows.try_emplace(row, static_cast<unsigned>(rows.size())).first->second;
  }
};

/// EVEX has too many bits to try all: 96 encodings of each key, drawn by a fixed rule. Gathers and scatters depend on which registers
/// are equal, so they are left to the full decoder.
struct EvexKey { unsigned map, pp, w, opcode, length, broadcast, mask, unused; };

unsigned evex_entry(Generator& generator, const EvexKey& key, unsigned row_key, std::uint32_t& random) {
  auto draw = [&](unsigned below) { return ((random = random * 1664525 + 1013904223) >> 16) % below; };
  bool indexed = key.map == 2 && ((key.opcode >= 0x90 && key.opcode < 0x94) || (key.opcode >= 0xa0 && key.opcode < 0xa4) ||
                                  key.opcode == 0xc6 || key.opcode == 0xc7);
  unsigned answer = unsure;
  for (unsigned i = 0; !indexed && i < 96; ++i) {
    unsigned rxb = draw(16), vvvv = key.unused ? 31 : draw(31), aaa = key.mask == 0 ? 0 : 1 + draw(7);
    unsigned modrm = (row_key < 8 ? draw(3) : 3) << 6 | (row_key & 7) << 3 | draw(8);
    if (i % 8 == 0)   // equal registers, which some instructions forbid
      rxb = 15, vvvv = key.unused ? 31 : 31 - (row_key & 7) == 31 ? 30 : 31 - (row_key & 7), modrm = (modrm & 0xf8) | (row_key & 7);
    std::vector<std::uint8_t> header = {
      0x62, static_cast<std::uint8_t>(rxb << 4 | key.map), static_cast<std::uint8_t>(key.w << 7 | (vvvv & 15) << 3 | 4 | key.pp),
      static_cast<std::uint8_t>((key.mask == 2) << 7 | key.length << 5 | key.broadcast << 4 | (vvvv >> 4) << 3 | aaa),
      static_cast<std::uint8_t>(key.opcode)};
    unsigned one = generator.ask(header, modrm, i % 2 == 0 ? 0x25 : 0xff);
    if (one == unsure || (i > 0 && one != answer))
      return unsure;
    answer = one;
  }
  return answer;
}

void add_evex(Generator& generator, std::vector<unsigned>& groups, std::vector<unsigned>& rows) {
  std::map<std::vector<unsigned>, unsigned> blocks;
  std::uint32_t random = 1;
  for (unsigned map : {1u, 2u, 3u, 5u, 6u})
    for (unsigned pp = 0; pp < 4; ++pp)
      for (unsigned w = 0; w < 2; ++w)
        for (unsigned opcode = 0; opcode < 256; ++opcode) {
          std::vector<unsigned> block;
          for (unsigned form = 0; form < 48; ++form) {
            Row row;
            for (unsigned key = 0; key < 16; ++key)
              row[key] = evex_entry(generator, {map, pp, w, opcode, form / 12, form / 6 % 2, form / 2 % 3, form % 2}, key, random);
            block.push_back(generator.rows.try_emplace(row, static_cast<unsigned>(generator.rows.size())).first->second);
          }
          auto [found, is_new] = blocks.try_emplace(block, static_cast<unsigned>(blocks.size()));
          if (is_new)
            rows.insert(rows.end(), block.begin(), block.end());
          groups.push_back(found->second);
        }
}

void print(const char* name, const std::vector<unsigned>& numbers) {
  std::printf("inline constexpr std::uint16_t %s[] = {", name);
  for (std::size_t i = 0; i < numbers.size(); ++i)
    std::printf("%s%u,", i % 32 == 0 ? "\n" : "", numbers[i]);
  std::printf("\n};\n");
}

}  // namespace

int main() {
  Generator generator;
  std::vector<unsigned> legacy, vex;
  const std::vector<std::vector<std::uint8_t>> escapes = {{}, {0x0f}, {0x0f, 0x38}, {0x0f, 0x3a}};
  const std::vector<std::vector<std::uint8_t>> prefixes = {{}, {0x66}, {0xf3}, {0xf2}};
  for (const auto& escape : escapes)
    for (const auto& prefix : prefixes)
      for (unsigned w = 0; w < 2; ++w)
        for (unsigned opcode = 0; opcode < 256; ++opcode) {
          std::vector<std::vector<std::uint8_t>> headers;
          for (unsigned rex = w == 0 ? 0x3f : 0x48; rex < (w == 0 ? 0x48u : 0x50u); ++rex) {
            std::vector<std::uint8_t> header = prefix;
            if (rex >= 0x40)
              header.push_back(static_cast<std::uint8_t>(rex));
            header.insert(header.end(), escape.begin(), escape.end());
            header.push_back(static_cast<std::uint8_t>(opcode));
            headers.push_back(header);
          }
          legacy.push_back(generator.row(headers));
        }
  for (unsigned map = 1; map < 4; ++map)
    for (unsigned pp = 0; pp < 4; ++pp)
      for (unsigned w = 0; w < 2; ++w)
        for (unsigned length = 0; length < 2; ++length)
          for (unsigned unused = 0; unused < 2; ++unused)
            for (unsigned opcode = 0; opcode < 256; ++opcode) {
              std::vector<std::vector<std::uint8_t>> headers;
              for (unsigned rxb = 0; rxb < 8; ++rxb)
                for (unsigned vvvv = unused ? 15 : 0; vvvv < (unused ? 16u : 15u); ++vvvv)
                  headers.push_back({0xc4, static_cast<std::uint8_t>(rxb << 5 | map),
                                     static_cast<std::uint8_t>(w << 7 | vvvv << 3 | length << 2 | pp),
                                     static_cast<std::uint8_t>(opcode)});
              vex.push_back(generator.row(headers));
            }
  std::vector<unsigned> evex_groups, evex_rows;
  add_evex(generator, evex_groups, evex_rows);
  std::vector<unsigned> entries(generator.rows.size() * 16);
  for (const auto& [row, number] : generator.rows)
    std::copy(row.begin(), row.end(), entries.begin() + number * 16);
  std::vector<std::string> words(generator.classes.size());
  for (const auto& [features, number] : generator.classes)
    words[number] = features;
  std::printf("// Written by scripts/generate-x86-steps from Zydis %u.%u.%u; see x86_steps.hpp.\n",
              static_cast<unsigned>(ZYDIS_VERSION_MAJOR(ZydisGetVersion())), static_cast<unsigned>(ZYDIS_VERSION_MINOR(ZydisGetVersion())),
              static_cast<unsigned>(ZYDIS_VERSION_PATCH(ZydisGetVersion())));
  std::printf("inline constexpr std::string_view step_classes[] = {\n");
  for (const std::string& one : words)
    std::printf("  \"%s\",\n", one.c_str());
  std::printf("};\n");
  print("step_entries", entries);
  print("legacy_rows", legacy);
  print("vex_rows", vex);
  print("evex_groups", evex_groups);
  print("evex_rows", evex_rows);
}
