// artifact/: objects and archives as tables of symbols, sections and attributes.
//
// A file is mapped, never copied; names and bytes are views into the mapping, which lives as long as the
// File. Nothing here resolves symbols (that is link/) or decodes instructions (that is isa/). A corrupt
// member costs one Skipped entry; the rest of its file is read.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/ADT/SmallVector.h>
#include <llvm/Support/Error.h>

#include "linkdx/base.hpp"

namespace linkdx::artifact {

enum class Kind {
  Unknown,
  ElfRelocatable,
  ElfShared,
  ElfExecutable,
  Archive,
  ThinArchive,
  Bitcode,
  GccLto,
  LinkerScript,  ///< text that stands in for a library: INPUT, GROUP
  ResponseFile,
  MachO,            ///< a relocatable object of Apple's systems
  MachOShared,      ///< a dylib, or the text stub (.tbd) that stands in for one
  MachOExecutable,  ///< a program or bundle
  Coff,             ///< a relocatable object of Windows
  CoffImport,       ///< a short import: one symbol of one DLL, as import libraries hold them
  PeShared,         ///< a DLL
  PeExecutable,
  Wasm,
  Package,       ///< .deb, .rpm, wheel, tarball: holds the objects and libraries of a tree
  RustMetadata,  ///< the lib.rmeta member of an rlib: no object, and no fault
};

/// Objects that the linker lays out; shared libraries that it only refers to; all that a linker has made
/// already.
bool is_relocatable(Kind kind);
bool is_shared_library(Kind kind);
bool is_linked(Kind kind);

/// How the bytes of an object are laid out. Bitcode has that of the objects that it will become.
enum class Format : std::uint8_t { Unknown, Elf, MachO, Coff, Wasm };

/// What an object was made for. Two objects link only when all of it agrees.
struct Machine {
  std::string
      arch{};  ///< LLVM's arch name: `x86_64`, `aarch64`, `arm`, `riscv64`, `powerpc64le`; empty if unknown
  unsigned bits = 0;  ///< 32 or 64
  bool big_endian = false;
  std::uint16_t elf_machine =
      0;  ///< EM_*; of Mach-O and COFF too, where it is the number of the same processor
  std::uint32_t elf_flags = 0;
  std::string abi{};  ///< `hard-float`, `lp64d`, `x32`, `elfv2`...: the part of the flags that must match
  Format format = Format::Unknown;
  std::string
      platform{};  ///< Mach-O: `macos`, `ios`, `ios-simulator`...; empty when it is for several, or not said
  bool operator==(const Machine&) const = default;
};
/// The byte order of its instructions, which is not always that of its data: AArch64's and those of linked
/// ARM BE8 files are little endian.
bool has_big_endian_code(const Machine& machine);
/// `elf64-x86-64 (x86_64)`: for people.
std::string describe(const Machine& machine);
/// Whether both can be in one link, and if not, why not.
std::optional<std::string> why_incompatible(const Machine& a, const Machine& b);

enum class Binding : std::uint8_t { Local, Global, Weak, Unique };
enum class Visibility : std::uint8_t { Default, Protected, Hidden, Internal };
enum class SymbolType : std::uint8_t { None, Object, Function, Tls, Ifunc, Section, File };
enum class State : std::uint8_t { Undefined, Defined, Common, Absolute };

struct Symbol {
  std::string_view name;        ///< without version
  std::string_view version{};   ///< `GLIBC_2.17`, empty when unversioned
  bool default_version = true;  ///< `@@` rather than `@`
  Binding binding = Binding::Global;
  Visibility visibility = Visibility::Default;
  SymbolType type = SymbolType::None;
  State state = State::Undefined;
  std::uint32_t section = 0;  ///< index into the object's sections; 0 when none
  std::uint32_t index = 0;    ///< index in the object's symbol table; from 1 where the format counts from 0
  std::uint64_t value = 0;
  std::uint64_t size = 0;
};

/// One use of a symbol, from a relocation.
struct Use {
  std::uint32_t section = 0;  ///< section that holds the reference
  std::uint64_t offset = 0;   ///< in that section
  std::string_view section_name;
  std::string_view function;  ///< the symbol whose range covers the offset; empty for data without one
};

/// A function's bytes, in the symbol table's bounds.
struct Function {
  std::string_view name;
  std::uint32_t section = 0;
  std::uint64_t address = 0;  ///< offset in its section (objects) or address (linked files)
  std::span<const std::uint8_t> bytes;
  bool thumb = false;  ///< ARM: T32; MIPS: microMIPS or MIPS16
  bool sized = true;   ///< false: its symbol has no size, and it reaches to the next one
};

struct Section {
  std::string_view name;
  std::uint32_t type = 0;   ///< SHT_*, in the words of ELF for all formats
  std::uint64_t flags = 0;  ///< SHF_*, likewise
  std::uint64_t address = 0;
  std::span<const std::uint8_t>
      contents;            ///< empty for SHT_NOBITS and for a section that lies outside the file
  std::uint32_t link = 0;  ///< sh_link: for SHF_LINK_ORDER the section that it belongs to
};

/// One relocation of an object, with the place of its symbol when this object defines it.
struct Relocation {
  std::uint32_t section = 0;             ///< that it patches
  std::uint64_t offset = 0;              ///< in that section
  std::uint32_t type = 0;                ///< R_*, by the machine's numbers; 0 when ELF has none like it
  std::uint32_t symbol = 0;              ///< index in the object's symbol table
  std::uint32_t target_section = 0;      ///< 0 when the symbol is not defined here
  std::uint64_t target_value = 0;        ///< of the symbol: an offset in target_section
  std::optional<std::int64_t> addend{};  ///< nothing where the patched bytes hold it (SHT_REL)
  bool local = false;                    ///< the symbol is local
};

/// What the loader does to a linked file before it runs: it writes the address of a symbol, of a place in the
/// file, or what the function at that place answers (IRELATIVE, how ifuncs are called inside a library).
struct DynamicRelocation {
  enum class Kind : std::uint8_t { Symbol, Relative, Irelative } kind = Kind::Symbol;
  std::uint64_t place = 0;    ///< address that it patches
  std::string_view symbol{};  ///< Kind::Symbol: its name; empty when it cannot be read
  std::uint64_t target = 0;   ///< address written; for a symbol its value, 0 when it is not defined here
  bool call = false;          ///< a slot of the procedure linkage table
};

/// Sections of which a linker keeps one copy over all objects: a COMDAT group, or a .gnu.linkonce section.
struct Comdat {
  std::string_view signature;
  llvm::SmallVector<std::uint32_t, 4> sections;
};

/// One thing an object says of the CPUs it is for. Notes, attributes and flags are written by compilers and
/// assemblers, which know what they were asked for and not what the instructions are.
struct Declaration {
  enum class Kind : std::uint8_t {
    IsaNeeded,      ///< x86 property: levels that the loader must find
    IsaUsed,        ///< x86 property: levels used somewhere, perhaps only where the CPU has them
    Protection,     ///< `ibt`, `shstk`, `bti`, `pac`: what all of the code respects
    Attribute,      ///< a build attribute
    HeaderFlags,    ///< e_flags
    CompilerFlags,  ///< the flags of one compile, as the compiler wrote them down
    TargetCpu,      ///< bitcode: CPU and features that functions are compiled for
    TargetFeatures,
  } kind = Kind::Attribute;
  std::string where;                    ///< section, `e_flags`, or the attribute group of bitcode
  std::string name;                     ///< of the property, attribute or compiler
  std::string value;                    ///< as words
  std::vector<std::string> features{};  ///< LLVM's names (`+neon`, `-d32`) where LLVM tells them from this
  bool operator==(const Declaration&) const = default;
};
struct Declarations {
  std::vector<Declaration> said;    ///< in the order of the file, each once
  std::vector<std::string> faults;  ///< notes and attributes that cannot be read, and why
};

/// One object: a file of its own or a member of an archive.
class Object {
 public:
  virtual ~Object() = default;
  virtual Kind kind() const = 0;
  virtual const Machine& machine() const = 0;
  virtual std::string_view member() const = 0;  ///< empty when the object is a file of its own
  /// `libx.a(foo.o)` or `foo.o`, with the path as it was given.
  virtual std::string label() const = 0;
  /// Symbols that take part in linking (not local), in table order.
  virtual std::span<const Symbol> symbols() const = 0;
  virtual std::vector<Symbol> local_symbols() const = 0;
  /// The same as symbols(), without keeping them: for one pass over very many objects.
  virtual void visit_symbols(llvm::function_ref<void(const Symbol&)> visit) const {
    for (const Symbol& symbol : symbols()) visit(symbol);
  }
  /// Where the symbol of that index is used. Empty for linked files.
  virtual std::vector<Use> uses(std::uint32_t symbol_index) const = 0;
  /// All relocations, section by section. None for linked files.
  virtual void visit_relocations(llvm::function_ref<void(const Relocation&)>) const {}
  virtual std::vector<Function> functions() const = 0;
  /// By their index, which Symbol::section and Use::section are; the first is the null section.
  virtual std::vector<Section> sections() const { return {}; }
  /// The contents of the sections of code, for one pass over very many objects.
  virtual void visit_code(llvm::function_ref<void(std::span<const std::uint8_t>)> visit) const;
  virtual std::vector<Comdat> comdats() const { return {}; }
  virtual std::string_view soname() const { return {}; }
  virtual std::span<const std::string_view> needed() const { return {}; }
  /// What the object tells its linker to add: the words of `.drectve` (`/DEFAULTLIB:libcmt`) and
  /// LC_LINKER_OPTION (`-lz`).
  virtual std::vector<std::string> directives() const { return {}; }
  virtual std::string_view source_file() const { return {}; }  ///< STT_FILE: `kernel_avx2.c`
  /// `.comment`, `.GCC.command.line`, DW_AT_producer: which compiler with which flags, as far as it says.
  virtual std::vector<std::string> producers() const { return {}; }
  /// What it says of the CPUs it is for.
  virtual Declarations declarations() const { return {}; }
};

/// A file on disk, mapped.
class File {
 public:
  virtual ~File() = default;
  virtual const std::string& path() const = 0;
  virtual Kind kind() const = 0;
  /// One object for an object file; the members of an archive in order; none for scripts.
  virtual std::span<const std::unique_ptr<Object>> objects() const = 0;
  /// The archive's own symbol table as it was written: (symbol, index into objects()). Empty if it has none.
  struct IndexEntry {
    std::string_view symbol;
    std::uint32_t object;
  };
  virtual std::span<const IndexEntry> archive_index() const = 0;
  virtual bool has_archive_index() const = 0;
  /// LinkerScript: the inputs it names, in order. `-lfoo` and paths; AS_NEEDED marked.
  struct ScriptInput {
    std::string name;
    bool as_needed = false;
  };
  virtual std::span<const ScriptInput> script_inputs() const = 0;
  virtual std::span<const Skipped> problems() const = 0;
};

/// What the loader will patch in a linked file, table by table. Nothing for other objects.
void visit_dynamic_relocations(const Object& object,
                               llvm::function_ref<void(const DynamicRelocation&)> visit);

/// Ranges of addresses that unwind information describes: a function each, or a part of one. Nothing for
/// other than linked files.
void visit_unwind_ranges(const Object& object,
                         llvm::function_ref<void(std::uint64_t begin, std::uint64_t end)> visit);

/// An archive's index repeats what the members say; whoever reads all members need not read it.
enum class ReadIndex { Yes, No };
/// Opens and recognises one file. Errors name the file and the reason.
llvm::Expected<std::unique_ptr<File>> open(const std::string& path, ReadIndex index = ReadIndex::Yes);

/// Expands `@file` arguments in place (GNU quoting), nested ones too. What cannot be read is left as it
/// stands and named in `problems`.
std::vector<std::string> expand_response_files(std::vector<std::string> arguments,
                                               const std::string& directory, std::vector<Skipped>& problems);

/// All artifacts under the paths (files, directories; links that loop are passed over), each opened once.
class Store {
 public:
  /// Every file once, whatever the number of names it is asked for by. Null, and an entry in problems(), on
  /// failure.
  const File* open(const std::string& path);
  void add_tree(const std::string& directory);
  std::vector<const File*> files() const;  ///< in the order of their paths
  std::span<const Skipped> problems() const { return problems_; }
  Store();
  ~Store();
  Store(Store&&) noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::vector<Skipped> problems_;
};

std::string_view name_of(Kind kind);

}  // namespace linkdx::artifact
