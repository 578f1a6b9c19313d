#include "targets.hpp"

#include <algorithm>
#include <vector>

#include "places.hpp"
#include "text.hpp"

namespace linkdx::log {
namespace {

// First parts of triples, from LLVM's TargetParser/Triple.cpp (parseArch) and GNU config.sub; a
// sub-architecture may follow (`armv7l`, `i686`, `mips64el`).
constexpr std::string_view kArchitectures[] = {
    "x86_64",    "i386",        "i486",    "i586",    "i686",    "aarch64", "arm64",
    "armv",      "arm",         "armeb",   "thumb",   "riscv32", "riscv64", "powerpc",
    "powerpc64", "powerpc64le", "ppc64",   "ppc64le", "ppc",     "mips",    "mipsel",
    "mips64",    "mips64el",    "mipsisa", "sparc",   "sparc64", "sparcv9", "s390x",
    "s390",      "loongarch64", "wasm32",  "wasm64",  "avr",     "hppa",    "alpha",
    "ia64",      "m68k",        "sh4",     "sh",      "xtensa",  "msp430",  "microblaze",
    "or1k",      "nios2",       "arc",     "csky",    "hexagon", "bpf",     "nvptx64",
};

// Linkers' words for machines. Sources: binutils ld/emulparams, bfd target names; lld/ELF/Driver.cpp
// (parseEmulation) and InputFiles.cpp; mold's target names; Apple's -arch.
struct MachineWord {
  std::string_view word, triple;
};
constexpr MachineWord kMachines[] = {
    {"elf_x86_64", "x86_64-unknown-linux-gnu"},
    {"elf64-x86-64", "x86_64-unknown-linux-gnu"},
    {"elf_i386", "i386-unknown-linux-gnu"},
    {"elf32-i386", "i386-unknown-linux-gnu"},
    {"elf32_x86_64", "x86_64-unknown-linux-gnux32"},
    {"aarch64linux", "aarch64-unknown-linux-gnu"},
    {"aarch64elf", "aarch64-unknown-none-elf"},
    {"elf64-littleaarch64", "aarch64-unknown-linux-gnu"},
    {"armelf_linux_eabi", "arm-unknown-linux-gnueabi"},
    {"armelf", "arm-none-eabi"},
    {"elf32-littlearm", "arm-unknown-linux-gnueabi"},
    {"elf64lriscv", "riscv64-unknown-linux-gnu"},
    {"elf64-littleriscv", "riscv64-unknown-linux-gnu"},
    {"elf32lriscv", "riscv32-unknown-linux-gnu"},
    {"elf32-littleriscv", "riscv32-unknown-linux-gnu"},
    {"elf64lppc", "powerpc64le-unknown-linux-gnu"},
    {"elf64-powerpcle", "powerpc64le-unknown-linux-gnu"},
    {"elf64ppc", "powerpc64-unknown-linux-gnu"},
    {"elf64-powerpc", "powerpc64-unknown-linux-gnu"},
    {"elf32ppc", "powerpc-unknown-linux-gnu"},
    {"elf32ppclinux", "powerpc-unknown-linux-gnu"},
    {"elf64_s390", "s390x-unknown-linux-gnu"},
    {"elf64-s390", "s390x-unknown-linux-gnu"},
    {"elf32btsmip", "mips-unknown-linux-gnu"},
    {"elf32ltsmip", "mipsel-unknown-linux-gnu"},
    {"elf64ltsmip", "mips64el-unknown-linux-gnuabi64"},
    {"elf64loongarch", "loongarch64-unknown-linux-gnu"},
    {"elf64_sparc", "sparc64-unknown-linux-gnu"},
    {"elf32_sparc", "sparc-unknown-linux-gnu"},
    {"i386pep", "x86_64-w64-windows-gnu"},
    {"i386pe", "i686-w64-windows-gnu"},
    {"arm64pe", "aarch64-w64-windows-gnu"},
    {"thumb2pe", "armv7-w64-windows-gnu"},
};

constexpr MachineWord kAppleArchitectures[] = {
    {"arm64", "arm64-apple-darwin"}, {"arm64e", "arm64e-apple-darwin"}, {"x86_64", "x86_64-apple-darwin"},
    {"i386", "i386-apple-darwin"},   {"armv7", "armv7-apple-darwin"},
};

bool is_architecture(std::string_view word) {
  for (std::string_view architecture : kArchitectures) {
    if (word == architecture) return true;
    if (architecture == "armv" && word.starts_with("armv") && word.size() > 4 && is_digit(word[4]))
      return true;
    // `riscv64gc`, `mipsisa32r6el`, `armv7l`.
    if (word.starts_with("riscv64") || word.starts_with("riscv32") || word.starts_with("mipsisa"))
      return true;
  }
  return false;
}

std::vector<std::string_view> parts_of(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    std::size_t at = text.find(separator);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) return parts;
    text.remove_prefix(at + 1);
  }
}

constexpr std::size_t kLongestTriple = 128;

bool is_triple(std::string_view word) {
  if (word.size() > kLongestTriple) return false;
  std::vector<std::string_view> parts = parts_of(word, '-');
  if (parts.size() < 2 || parts.size() > 4 || !is_architecture(parts[0])) return false;
  for (std::string_view part : parts)
    if (part.empty() || !std::all_of(part.begin(), part.end(),
                                     [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.'; }))
      return false;
  if (parts.size() >= 3) return true;
  static constexpr std::string_view kTwoPart[] = {"elf",  "none",    "linux", "wasi",
                                                  "musl", "mingw32", "eabi",  "windows"};
  return std::find(std::begin(kTwoPart), std::end(kTwoPart), parts[1]) != std::end(kTwoPart);
}

// `x86_64-linux-gnu-ld.bfd`: the longest run of leading parts that is a triple, with a program behind it.
std::string_view triple_before_program(std::string_view name) {
  std::string_view best;
  for (std::size_t dash = name.find('-'); dash < kLongestTriple; dash = name.find('-', dash + 1)) {
    std::string_view head = name.substr(0, dash);
    if (is_triple(head)) best = head;
  }
  return best;
}

}  // namespace

std::optional<TargetFound> target_of_path(std::string_view path) {
  std::vector<std::string_view> parts = parts_of(path, '/');
  if (std::string_view triple = triple_before_program(parts.back()); !triple.empty())
    return TargetFound{std::string(triple), std::string(parts.back())};
  // From the end: in `host/x86_64/.../lib/gcc/arm-linux/5/ld` what is nearest to the program counts.
  for (std::size_t i = parts.size(); i-- > 0;) {
    if (!is_triple(parts[i])) continue;
    bool gcc = i >= 1 && (parts[i - 1] == "gcc" || parts[i - 1] == "gcc-cross");
    bool cargo = i >= 1 && i + 1 < parts.size() && parts[i - 1] == "target";
    bool build = i + 1 < parts.size() &&
                 (parts[i + 1] == "bin" || parts[i + 1] == "lib" || parts[i + 1] == "release" ||
                  parts[i + 1] == "debug" || parts[i + 1] == "sysroot");
    if (gcc || cargo || build) {
      std::string source = (i >= 1 ? std::string(parts[i - 1]) + "/" : "") + std::string(parts[i]);
      if (i + 1 < parts.size()) source += "/" + std::string(parts[i + 1]);
      return TargetFound{std::string(parts[i]), source};
    }
  }
  return std::nullopt;
}

std::string_view triple_of_machine(std::string_view word) {
  for (const MachineWord& machine : kMachines)
    if (machine.word == word) return machine.triple;
  return {};
}

std::optional<TargetFound> target_of_command(const Command& command) {
  const std::vector<std::string>& arguments = command.arguments;
  if (arguments.empty()) return std::nullopt;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    std::string_view value = arguments[i];
    bool next = i + 1 < arguments.size();
    if (drop_prefix(value, "--target=") && !value.empty())
      return TargetFound{std::string(value), arguments[i]};
    if ((arguments[i] == "-target" || arguments[i] == "--target") && next)
      return TargetFound{arguments[i + 1], arguments[i] + " " + arguments[i + 1]};
  }
  if (std::string_view triple = triple_before_program(base_name(arguments[0])); !triple.empty())
    return TargetFound{std::string(triple), std::string(base_name(arguments[0]))};
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    std::string_view value = arguments[i];
    bool next = i + 1 < arguments.size();
    if (arguments[i] == "-m" && next)
      if (std::string_view triple = triple_of_machine(arguments[i + 1]); !triple.empty())
        return TargetFound{std::string(triple), "-m " + arguments[i + 1]};
    if (drop_prefix(value, "-m") || drop_prefix(value, "-Wl,-m,") || drop_prefix(value, "-Wl,-m"))
      if (std::string_view triple = triple_of_machine(value); !triple.empty())
        return TargetFound{std::string(triple), arguments[i]};
    if (arguments[i] == "-arch" && next)
      for (const MachineWord& apple : kAppleArchitectures)
        if (apple.word == arguments[i + 1])
          return TargetFound{std::string(apple.triple), "-arch " + arguments[i + 1]};
  }
  if (std::optional<TargetFound> found = target_of_path(arguments[0])) return found;
  for (const std::string& argument : arguments)
    if (contains(argument, "/target/"))
      if (std::optional<TargetFound> found = target_of_path(argument)) return found;
  return std::nullopt;
}

void find_target(Failure& failure) {
  auto take = [&](const std::optional<TargetFound>& found) {
    if (!found || !failure.target.empty()) return;
    failure.target = found->triple;
    failure.target_source = found->source;
  };
  if (!failure.target.empty()) return;
  if (failure.command) take(target_of_command(*failure.command));
  if (!failure.linker_path.empty()) take(target_of_path(failure.linker_path));
  if (!failure.target.empty()) return;
  for (const InputError& input : failure.inputs)
    if (contains(input.path, "target/") && contains(input.path, "/deps/")) take(target_of_path(input.path));
  for (const InputError& input : failure.inputs) {
    std::string_view triple = triple_of_machine(input.expected);
    if (!triple.empty()) take(TargetFound{std::string(triple), input.where.text});
  }
  for (const SymbolError& symbol : failure.symbols)
    for (const Reference& reference : symbol.references)
      if (failure.target.empty() && contains(reference.object, "target/"))
        take(target_of_path(reference.object));
  if (!failure.output.empty()) take(target_of_path(failure.output));
  if (failure.linker == Linker::WasmLd) take(TargetFound{"wasm32-unknown-unknown", "wasm-ld"});
}

}  // namespace linkdx::log
