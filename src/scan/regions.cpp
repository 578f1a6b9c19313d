// Stretches of code: what a scanner decodes in one sweep.
//
// A symbol gives a function its bounds, and so does unwind information, which a stripped library keeps. What
// lies between functions is padding, a table, or code without symbols: hand-written assembly, or nearly
// everything in a stripped library. It is decoded too, and cut where padding ends at a multiple of 16,
// because that is where compilers begin functions (GCC and clang: -falign-functions=16 on x86-64); otherwise
// one table would leave all code behind it in doubt.
#include <algorithm>
#include <map>

#include <fmt/format.h>
#include <llvm/BinaryFormat/ELF.h>

#include "linkdx/scan.hpp"
#include "mapping.hpp"

namespace linkdx::scan {
namespace {

namespace elf = llvm::ELF;
using Bytes = std::span<const std::uint8_t>;

/// How padding ends: the no-operations of several bytes that assemblers fill with (Intel SDM, NOP, table
/// 4-12), A64's nop, and int3 and the short nops where a return stands before them: alone they are too often
/// the end of an instruction.
constexpr std::string_view padding_ends[] = {
    std::string_view("\xc3\xcc", 2),
    std::string_view("\xcc\xcc", 2),
    std::string_view("\xc3\x90", 2),
    std::string_view("\xc3\x66\x90", 3),
    std::string_view("\x0f\x1f\x00", 3),
    std::string_view("\x0f\x1f\x40\x00", 4),
    std::string_view("\x0f\x1f\x44\x00\x00", 5),
    std::string_view("\x0f\x1f\x80\x00\x00\x00\x00", 7),
    std::string_view("\x0f\x1f\x84\x00\x00\x00\x00\x00", 8),
    std::string_view("\x1f\x20\x03\xd5", 4),
};

bool ends_with_padding(Bytes bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  return std::any_of(std::begin(padding_ends), std::end(padding_ends),
                     [text](std::string_view end) { return text.ends_with(end); });
}

class Regions {
 public:
  explicit Regions(const artifact::Object& object) : sections_(object.sections()) {
    std::vector<artifact::Function> functions = object.functions();
    std::stable_sort(functions.begin(), functions.end(),
                     [](const artifact::Function& a, const artifact::Function& b) {
                       return std::tuple(a.section, a.address) < std::tuple(b.section, b.address);
                     });
    bound_by_namesakes(functions);
    std::size_t next = 0;
    const bool linked = artifact::is_linked(object.kind());
    artifact::visit_unwind_ranges(
        object, [this](std::uint64_t begin, std::uint64_t end) { unwind_.emplace(begin, end); });
    for (std::uint32_t index = 0; index < sections_.size(); ++index) {
      const artifact::Section& section = sections_[index];
      constexpr std::uint64_t code_flags = elf::SHF_ALLOC | elf::SHF_EXECINSTR;
      const bool is_code = (section.flags & code_flags) == code_flags && !section.contents.empty();
      std::uint64_t covered = linked ? section.address : 0;
      const std::uint64_t start = covered;
      for (; next < functions.size() && functions[next].section <= index; ++next) {
        const artifact::Function& function = functions[next];
        if (!is_code || function.section != index || function.address < start) continue;
        add_unnamed(index, start, covered, function.address);
        add_function(function);
        // Where few symbols are left, one without a size would reach over all the code that lost its own.
        if (linked && !function.sized) {
          const std::uint64_t cut =
              end_of_stretch(section, start, function.address, function.address + function.bytes.size());
          code_.back().bytes = function.bytes.first(cut - function.address);
        }
        covered = std::max(covered, function.address + code_.back().bytes.size());
      }
      if (is_code) add_unnamed(index, start, covered, start + section.contents.size());
    }
  }

  std::vector<ScannedCode> take() { return std::move(code_); }

 private:
  /// Of two names for one function, hand-written assembly may give a size to one only.
  static void bound_by_namesakes(std::vector<artifact::Function>& functions) {
    for (std::size_t i = 0; i < functions.size(); ++i) {
      if (!functions[i].sized) continue;
      const auto bound = [&](artifact::Function& other) {
        if (other.section != functions[i].section || other.address != functions[i].address) return false;
        if (!other.sized && other.bytes.size() > functions[i].bytes.size()) other.bytes = functions[i].bytes;
        return true;
      };
      for (std::size_t other = i; other-- > 0 && bound(functions[other]);) {
      }
      for (std::size_t other = i + 1; other < functions.size() && bound(functions[other]); ++other) {
      }
    }
  }

  void add_function(const artifact::Function& function) {
    ScannedCode code;
    code.name = function.name;
    code.named = true;
    code.section = function.section;
    code.address = function.address;
    code.bytes = function.bytes;
    code.thumb = thumb_ = function.thumb;
    code_.push_back(std::move(code));
  }

  /// Where the stretch ends that begins at `begin`, `end` at the latest.
  std::uint64_t end_of_stretch(const artifact::Section& section, std::uint64_t start, std::uint64_t begin,
                               std::uint64_t end) const {
    const auto next = unwind_.upper_bound(begin);
    const std::uint64_t following = next == unwind_.end() ? end : std::min(end, next->first);
    if (const auto known = unwind_.find(begin); known != unwind_.end()) {
      // Padding behind it goes with it.
      const std::uint64_t cut = std::min(known->second, following);
      return following - cut < 16 ? following : cut;
    }
    std::uint64_t cut = begin + 1;
    for (cut += (16 - cut % 16) % 16; cut < following; cut += 16)
      if (ends_with_padding(section.contents.subspan(begin - start, cut - begin))) break;
    return std::min(cut, following);
  }

  void add_unnamed(std::uint32_t index, std::uint64_t start, std::uint64_t begin, std::uint64_t end) {
    const artifact::Section& section = sections_[index];
    end = std::min(end, start + section.contents.size());
    while (begin < end) {
      const std::uint64_t cut = end_of_stretch(section, start, begin, end);
      ScannedCode code;
      code.bounded = unwind_.contains(begin);
      code.name = fmt::format("{}+{:#x}", section.name, begin - start);
      code.section = index;
      code.address = begin;
      code.bytes = section.contents.subspan(begin - start, cut - begin);
      code.thumb = thumb_;
      code_.push_back(std::move(code));
      begin = cut;
    }
  }

  std::vector<artifact::Section> sections_;
  bool thumb_ = false;                             ///< of the function before
  std::map<std::uint64_t, std::uint64_t> unwind_;  ///< begin and end of what unwind information describes
  std::vector<ScannedCode> code_;
};

}  // namespace

std::vector<ScannedCode> code_of(const artifact::Object& object) {
  std::vector<ScannedCode> code = Regions(object).take();
  const MappingSymbols mapping(object);
  for (ScannedCode& each : code) mapping.cut(each, each.thumb);
  return code;
}

}  // namespace linkdx::scan
