// isa/: which CPU features code needs, told from a name or proved from its instructions, and how each
// toolchain says it. Knows nothing of files: bytes and names in, features out.
#pragma once

#include <bitset>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/base.hpp"

namespace linkdx::isa {

enum class Arch {
  Unknown,
  X86,
  X86_64,
  AArch64,
  Arm,
  RiscV32,
  RiscV64,
  PowerPC,
  PowerPC64,
  SystemZ,
  Mips,
  Mips64,
  LoongArch64,
  Wasm,
};
Arch arch_of_triple(std::string_view triple);
Arch arch_of_name(std::string_view llvm_arch_name);
std::string_view name_of(Arch arch);

/// A set of features of one architecture. The canonical name of a feature is LLVM's.
class FeatureSet {
 public:
  FeatureSet() = default;
  explicit FeatureSet(Arch arch) : arch_(arch) {}
  /// Unknown names are ignored and reported by returning false.
  bool add(std::string_view llvm_name);
  void add(const FeatureSet& other);
  bool has(std::string_view llvm_name) const;
  bool contains(const FeatureSet& other) const;
  bool empty() const { return bits_.none(); }
  FeatureSet minus(const FeatureSet& other) const;
  Arch arch() const { return arch_; }
  std::vector<std::string> names() const;  ///< in the catalogue's order: older first
  bool operator==(const FeatureSet&) const = default;

 private:
  Arch arch_ = Arch::Unknown;
  std::bitset<512> bits_;
  friend struct Catalogue;
};
/// With everything that the members imply (`avx512bw` brings `avx512f`, `avx2`, ...).
FeatureSet with_implied(const FeatureSet& features);
/// Without the members that another member implies: what has to be said.
FeatureSet without_implied(const FeatureSet& features);

/// What the evidence for a set of features is, best first.
enum class Source { Instructions, NameStandard, Sibling, NameConvention };

/// What a name says. A hint: instructions are proof.
struct NameHint {
  FeatureSet features;  ///< what code of that name needs in practice, implied ones left out
  Source source = Source::NameConvention;
  Confidence confidence = Confidence::Likely;
  std::string token;         ///< the part that says it: `avx512`, `arch_x86_64_v3`
  std::string family;        ///< the name with that part taken out: the same for all kernels of one family
  bool upper_bound = false;  ///< a micro-architecture suffix: the body may need less
};
/// `arch` Unknown: any architecture whose marks fit; the answer's features say which.
std::optional<NameHint> from_name(std::string_view symbol, Arch arch);
/// The name with every ISA word taken out: `sum` for `sum_avx512`, `sum_neon`, `sum_c` and `sum`. A key to
/// join siblings by.
std::string family_of(std::string_view symbol);
/// Two names of one family for different features: `f_avx2` and `f_avx512`, or `f_neon` and `f`.
bool same_family(std::string_view a, std::string_view b);

/// An instruction that forces a feature.
struct Witness {
  std::string feature;
  std::uint64_t offset = 0;
  std::string disassembly;
};
struct CodeNeeds {
  FeatureSet features;
  std::uint64_t instructions = 0;
  std::uint64_t undecoded = 0;     ///< bytes that are no instruction the decoder knows
  std::vector<Witness> witnesses;  ///< the first instruction for each feature
};
/// A call, jump or branch that may lead out of the bytes it stands in.
struct Branch {
  std::uint64_t field =
      0;  ///< offset in the bytes of the distance: where an object's relocation for it would be
  std::uint64_t target = 0;  ///< address, as the bytes say it; a relocation overrules it
};
/// What bytes do not say about how they are to be read.
struct CodeMode {
  bool big_endian = false;  ///< the order of the bytes of an instruction, which need not be that of data
  bool thumb = false;       ///< ARM: T32, not A32; MIPS: microMIPS or MIPS16
  FeatureSet declared =
      {};  ///< what the object says it was made for: settles encodings that several extensions share
};
/// Decodes the bytes in a linear sweep. `supported` tells for which architectures. `branches` receives those
/// that leave the bytes or whose distance a relocation may have to fill in.
CodeNeeds from_code(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address = 0,
                    std::vector<Branch>* branches = nullptr, const CodeMode& mode = {});
bool supported(Arch arch);
/// Several times faster than from_code: whether a sweep over the bytes meets nothing but instructions that
/// `features`, implied ones included, have. `false` where it cannot be told as fast (x86 only), or where a
/// byte is no instruction.
bool surely_within(Arch arch, std::span<const std::uint8_t> bytes, const FeatureSet& features);

/// A place that code names by its address.
struct Reference {
  enum class Use : std::uint8_t {
    Address,  ///< the address itself is taken
    Read,     ///< a number is read from there, or compared with what is there
    Write,
    WriteThrough,  ///< the pointer that is there is loaded, here, and later written to where it leads
    Call,          ///< called or jumped to through the pointer that is there
  } use = Use::Address;
  std::uint64_t field = 0;   ///< offset in the bytes, where an object's relocation for it would be
  std::uint64_t target = 0;  ///< address, as the bytes say it; a relocation overrules it
};
/// What code does besides computing.
struct CodeReferences {
  std::vector<Reference> places;
  std::optional<std::uint64_t> asks_cpu;  ///< offset of the first instruction that asks the CPU what it has
  std::vector<std::uint64_t> conditions;  ///< offsets of conditional branches
};
/// Reads the places that code names relative to itself. x86-64 and AArch64; nothing for others, where
/// relocations alone tell.
CodeReferences references_of(Arch arch, std::span<const std::uint8_t> bytes, std::uint64_t address = 0);

/// A named set of features: `x86-64-v3`, `armv8.2-a`, or a CPU such as `znver4`.
struct Level {
  std::string name;
  FeatureSet features;  ///< implied ones included
  bool is_cpu = false;
};
/// Level, CPU or architecture version by its LLVM name (and `x86-64-v2` style aliases); nothing if unknown.
std::optional<Level> find_level(std::string_view name, Arch arch);
/// The smallest architecture level that has all of them; nothing if no level has.
std::optional<Level> smallest_level(const FeatureSet& features);
/// The CPU with the fewest features that has all of them; nothing if LLVM knows none.
std::optional<Level> smallest_cpu(const FeatureSet& features);
/// What to recommend to someone who has to build or run such code: the smallest level, or where no level has
/// them all
/// (`sha`, `avx512vbmi`) the smallest CPU.
std::optional<Level> recommended_level(const FeatureSet& features);
/// The same, and where compilers turn a feature on for no CPU (`rtm`) a CPU that runs it: nothing to give to
/// a compiler.
std::optional<Level> level_that_runs(const FeatureSet& features);
/// CPUs (LLVM names) that have all of them, oldest first as the table has them.
std::vector<std::string> cpus_with(const FeatureSet& features);
/// The architectures whose features are in the catalogue.
std::vector<Arch> catalogued_architectures();
/// The architecture's levels, smallest first.
std::vector<Level> architecture_levels(Arch arch);
/// The feature of that name in any tool or in /proc/cpuinfo; nothing if nobody calls one so.
std::optional<FeatureSet> features_named(std::string_view name, Arch arch);
/// Every name that features_named and find_level take.
std::vector<std::string> known_names(Arch arch);
/// The words of Linux's /proc/cpuinfo for features; those it has no word for are left out.
std::vector<std::string> cpuinfo_words(const FeatureSet& features);
/// The features that such words stand for. A word may stand for several (`sse4_2`).
FeatureSet features_of_cpuinfo(std::span<const std::string> words, Arch arch);
/// Those of the features that /proc/cpuinfo has a word for.
FeatureSet told_by_cpuinfo(const FeatureSet& features);
/// The words of a /proc/cpuinfo that name features; nothing if no line of it does.
std::optional<std::vector<std::string>> words_of_cpuinfo(std::string_view text);
/// The bits of Linux's auxiliary vector (`HWCAP2_SVE2`) for features; those that have none are left out.
std::vector<std::string> hwcap_words(const FeatureSet& features);
/// What tools beside C compilers and rustc call something: {`go`, `GOAMD64=v3`}, {`docker`,
/// `linux/amd64/v3`}.
struct ToolWord {
  std::string tool, word;
  bool exact = true;  ///< false: the tool has no name for just this; the word is the smallest that has it all
  std::string since;  ///< the first release that takes it; empty: not known, or any in use
};
std::vector<ToolWord> level_words(std::string_view level, Arch arch);
std::vector<ToolWord> words_elsewhere(const FeatureSet& features);
/// What Microsoft's /arch:VALUE turns on; nothing if there is no such value.
std::optional<FeatureSet> features_of_msvc_arch(std::string_view value, Arch arch);
/// Machine families of clouds whose documented processors have all of them, `AWS c7g m7g r7g`, one text a
/// provider.
std::vector<std::string> cloud_families_with(const FeatureSet& features);
/// The features that every CPU of the architecture has.
FeatureSet baseline(Arch arch);

enum class Tool { Gcc, Clang, Rustc };
/// The flags by which `tool` turns on exactly these: {`-mavx512bw`}, {`-C`, `target-feature=+avx512bw`}.
/// Features that the tool cannot name are returned in `unnamed`.
struct Flags {
  std::vector<std::string> arguments;
  std::vector<std::string> unnamed;
};
Flags flags_for(const FeatureSet& features, Tool tool);
/// The releases of a compiler that take something: from `first` on, and no more from `gone` on. Empty: any in
/// use.
struct Releases {
  std::string first, gone;
};
/// For the switches of features.
Releases releases_of(const FeatureSet& features, Tool tool);
/// For a level's or CPU's name.
Releases releases_of_level(std::string_view level, Arch arch, Tool tool);
bool takes(const Releases& releases, std::string_view version);
/// `1.9` is older than `1.10`, and nothing than `1`.
bool is_older(std::string_view version, std::string_view than);
/// The flag for a level or CPU: `-march=x86-64-v3`, `-C target-cpu=x86-64-v3`.
std::vector<std::string> flags_for_level(std::string_view level, Arch arch, Tool tool);

/// What the flags of a compile command turn on, as far as they are known; `-march=native` sets `native`.
struct FlagEffect {
  FeatureSet features;
  bool native = false;
  std::vector<std::string> flags;
};
FlagEffect features_of_flags(std::span<const std::string> arguments, Arch arch);

std::string_view name_of(Source source);

}  // namespace linkdx::isa
