// Opening a file: what it is is told by its first bytes, never by its name.
//
// An archive's members are recognised the same way, each by itself, so that one broken member or one in
// another format costs nothing but itself.

#include <algorithm>
#include <array>
#include <deque>
#include <filesystem>
#include <map>

#include <fmt/format.h>
#include <llvm/BinaryFormat/Magic.h>

#include "archive.hpp"
#include "bitcode.hpp"
#include "coff.hpp"
#include "elf_object.hpp"
#include "linkdx/artifact.hpp"
#include "linkdx/language.hpp"
#include "macho.hpp"
#include "mapping.hpp"
#include "package.hpp"
#include "script.hpp"
#include "tbd.hpp"
#include "wasm.hpp"

namespace linkdx::artifact {

namespace {

/// A member without symbols: Rust metadata, and what is no object.
class OpaqueObject final : public Object {
 public:
  OpaqueObject(const Origin& origin, Kind kind) : origin_(origin), kind_(kind) {}
  Kind kind() const override { return kind_; }
  const Machine& machine() const override { return machine_; }
  std::string_view member() const override { return origin_.member; }
  std::string label() const override { return label_of(origin_); }
  std::span<const Symbol> symbols() const override { return {}; }
  std::vector<Symbol> local_symbols() const override { return {}; }
  std::vector<Use> uses(std::uint32_t) const override { return {}; }
  std::vector<Function> functions() const override { return {}; }

 private:
  Origin origin_;
  Kind kind_;
  Machine machine_;
};

/// One of the formats whose objects are read; Kind::Unknown for everything else. ELF and PE files say in
/// their headers which of several kinds they are.
Kind kind_by_magic(std::string_view bytes) {
  if (is_elf(bytes)) return Kind::ElfRelocatable;
  if (is_macho(bytes)) return Kind::MachO;
  if (is_pe(bytes)) return Kind::PeExecutable;
  const llvm::file_magic magic = llvm::identify_magic({bytes.data(), bytes.size()});
  if (magic == llvm::file_magic::bitcode) return Kind::Bitcode;
  if (magic == llvm::file_magic::wasm_object) return Kind::Wasm;
  if (is_coff_import(bytes)) return Kind::CoffImport;
  if (is_coff_object(bytes)) return Kind::Coff;
  return Kind::Unknown;
}

class OpenedFile final : public File {
 public:
  OpenedFile(std::string path, ReadIndex index) : path_(std::move(path)), read_index_(index) {}

  llvm::Error read() {
    llvm::Expected<std::unique_ptr<Mapping>> mapping = Mapping::open(path_);
    if (!mapping) return prefixed(mapping.takeError());
    mappings_.push_back(std::move(*mapping));
    const std::string_view bytes = mappings_.front()->bytes();
    if (bytes.empty()) return reason(say("{}: empty file", path_));
    if (is_package(bytes)) return read_package_members(bytes);
    if (is_archive(bytes)) {
      read_members(bytes);
      return llvm::Error::success();
    }
    kind_ = kind_by_magic(bytes);
    if (kind_ != Kind::Unknown) {
      add_object({&path_, {}, bytes});
      if (objects_.empty()) return reason(fmt::format("{}: {}", path_, problems_.back().reason));
      kind_ = objects_.front()->kind();
      return llvm::Error::success();
    }
    if (is_universal(bytes)) return read_slices(bytes);
    if (is_tbd(bytes)) return read_stub(bytes);
    if (std::optional<Script> script = read_script(bytes)) {
      kind_ = Kind::LinkerScript;
      script_inputs_ = std::move(script->inputs);
      for (std::string& fault : script->faults) problems_.push_back({path_, std::move(fault)});
      return llvm::Error::success();
    }
    if (looks_like_arguments(bytes)) {
      kind_ = Kind::ResponseFile;
      return llvm::Error::success();
    }
    return reason(say("{}: neither an object, an archive, a linker script nor a response file", path_));
  }

  const std::string& path() const override { return path_; }
  Kind kind() const override { return kind_; }
  std::span<const std::unique_ptr<Object>> objects() const override { return objects_; }
  std::span<const IndexEntry> archive_index() const override { return index_; }
  bool has_archive_index() const override { return has_index_; }
  std::span<const ScriptInput> script_inputs() const override { return script_inputs_; }
  std::span<const Skipped> problems() const override { return problems_; }

 private:
  llvm::Error prefixed(llvm::Error error) const {
    return reason(fmt::format("{}: {}", path_, llvm::toString(std::move(error))));
  }

  /// A text whose first word is an option or a file that linkers take.
  static bool looks_like_arguments(std::string_view bytes) {
    if (!is_text(bytes)) return false;
    const std::vector<std::string> words = split_response(bytes.substr(0, 65536));
    if (words.empty()) return false;
    constexpr std::array<std::string_view, 7> endings = {".o",   ".a",   ".so",   ".rlib",
                                                         ".obj", ".lib", ".dylib"};
    const std::string& first = words.front();
    return first.starts_with('-') || std::any_of(endings.begin(), endings.end(),
                                                 [&](std::string_view end) { return first.ends_with(end); });
  }

  void add_object(const Origin& origin) {
    std::vector<std::string> faults;
    objects_.push_back(nullptr);  // stays null only until the end of this function
    if (origin.bytes.empty())
      faults.push_back(say("empty file"));
    else
      objects_.back() = recognise(origin, faults);
    for (std::string& fault : faults) problems_.push_back({label_of(origin), std::move(fault)});
    if (objects_.back()) return;
    // The index of an archive counts its members, so a member that cannot be read keeps its place.
    if (origin.member.empty())
      objects_.pop_back();
    else
      objects_.back() = std::make_unique<OpaqueObject>(origin, Kind::Unknown);
  }

  static std::unique_ptr<Object> recognise(const Origin& origin, std::vector<std::string>& faults) {
    switch (kind_by_magic(origin.bytes)) {
      case Kind::ElfRelocatable:
        return take(open_elf(origin, faults), faults);
      case Kind::Bitcode:
        return open_bitcode(origin, faults);
      case Kind::Wasm:
        return open_wasm(origin, faults);
      case Kind::MachO:
        return open_macho(origin, faults);
      case Kind::PeExecutable:
        return open_pe(origin, faults);
      case Kind::Coff:
        return open_coff(origin, faults);
      case Kind::CoffImport:
        return open_coff_import(origin, faults);
      default:
        break;
    }
    if (origin.member.starts_with("lib.rmeta"))
      return std::make_unique<OpaqueObject>(origin, Kind::RustMetadata);
    faults.push_back(is_archive(origin.bytes)
                         ? say("an archive inside an archive: linkers do not look into it")
                         : say("not an object file"));
    return nullptr;
  }

  static std::unique_ptr<Object> take(llvm::Expected<std::unique_ptr<Object>> object,
                                      std::vector<std::string>& faults) {
    if (object) return std::move(*object);
    faults.push_back(llvm::toString(object.takeError()));
    return nullptr;
  }

  /// A universal file: one object for each architecture, or the members of one archive for each.
  llvm::Error read_slices(std::string_view bytes) {
    std::vector<std::string> faults;
    for (const Slice& slice : slices_of(bytes, faults)) {
      if (!is_archive(slice.bytes)) {
        add_object({&path_, own(slice.name), slice.bytes});
        if (kind_ == Kind::Unknown) kind_ = objects_.back()->kind();
        continue;
      }
      kind_ = Kind::Archive;
      const ArchiveListing listing = read_archive(slice.bytes, ReadIndex::No);
      has_index_ |= listing.has_index;
      for (const std::string& fault : listing.faults)
        problems_.push_back({path_, say("slice {}: {}", slice.name, fault)});
      for (const Member& member : listing.members)
        add_object({&path_, own(fmt::format("{}:{}", slice.name, member.name)), member.bytes});
    }
    for (std::string& fault : faults) problems_.push_back({path_, std::move(fault)});
    if (objects_.empty())
      return reason(
          fmt::format("{}: {}", path_, problems_.empty() ? say("no slices") : problems_.front().reason));
    return llvm::Error::success();
  }

  /// Members of archives in the package are named `usr/lib/libz.a(adler32.o)`.
  llvm::Error read_package_members(std::string_view bytes) {
    PackageContents contents = read_package(bytes);
    kind_ = Kind::Package;
    for (std::string& fault : contents.faults) problems_.push_back({path_, std::move(fault)});
    for (PackageMember& member : contents.members) {
      const std::string_view inner = own(std::move(member.bytes));
      if (is_archive(inner)) {
        const ArchiveListing listing = read_archive(inner, ReadIndex::No);
        for (const std::string& fault : listing.faults)
          problems_.push_back({path_, fmt::format("{}: {}", member.path, fault)});
        if (listing.thin) continue;  // its members are elsewhere
        for (const Member& object : listing.members)
          add_object({&path_, own(fmt::format("{}({})", member.path, object.name)), object.bytes});
      } else if (is_universal(inner)) {
        std::vector<std::string> faults;
        for (const Slice& slice : slices_of(inner, faults))
          if (!is_archive(slice.bytes))
            add_object({&path_, own(fmt::format("{}({})", member.path, slice.name)), slice.bytes});
        for (std::string& fault : faults)
          problems_.push_back({path_, fmt::format("{}: {}", member.path, fault)});
      } else if (kind_by_magic(inner) != Kind::Unknown) {
        add_object({&path_, own(std::move(member.path)), inner});
      }
    }
    if (objects_.empty())
      return reason(fmt::format(
          "{}: {}", path_,
          problems_.empty() ? say("a package without objects or libraries") : problems_.front().reason));
    return llvm::Error::success();
  }

  llvm::Error read_stub(std::string_view bytes) {
    std::vector<std::string> faults;
    kind_ = Kind::MachOShared;
    objects_ = open_tbd({&path_, {}, bytes}, faults);
    if (objects_.empty()) return reason(fmt::format("{}: {}", path_, faults.front()));
    for (std::string& fault : faults) problems_.push_back({path_, std::move(fault)});
    return llvm::Error::success();
  }

  std::string_view own(std::string text) { return names_.emplace_back(std::move(text)); }

  void read_members(std::string_view bytes) {
    const ArchiveListing listing = read_archive(bytes, read_index_);
    kind_ = listing.thin ? Kind::ThinArchive : Kind::Archive;
    has_index_ = listing.has_index;
    for (const std::string& fault : listing.faults) problems_.push_back({path_, fault});
    objects_.reserve(listing.members.size());
    for (const Member& member : listing.members)
      add_object({&path_, member.name, listing.thin ? thin_member(member) : member.bytes});
    index_.reserve(listing.index.size());
    std::uint64_t astray = 0;
    for (const ArchiveListing::IndexEntry& entry : listing.index) {
      const auto at = std::lower_bound(
          listing.members.begin(), listing.members.end(), entry.header_offset,
          [](const Member& member, std::uint64_t offset) { return member.header_offset < offset; });
      if (at == listing.members.end() || at->header_offset != entry.header_offset)
        ++astray;
      else
        index_.push_back({entry.symbol, static_cast<std::uint32_t>(at - listing.members.begin())});
    }
    if (astray != 0)
      problems_.push_back({path_, say("archive index: {} symbols point at no member", astray)});
  }

  /// The bytes of a thin archive's member; empty, with a problem named, when they cannot be had.
  std::string_view thin_member(const Member& member) {
    std::filesystem::path path = std::string(member.name);
    if (path.is_relative()) path = std::filesystem::path(path_).parent_path() / path;
    const Mapping* mapping = map(path.string());
    if (!mapping) return {};
    if (member.origin == 0) return mapping->bytes();
    auto [nested, is_new] = nested_.try_emplace(path.string());
    if (is_new) nested->second = read_archive(mapping->bytes(), ReadIndex::No);
    const std::vector<Member>& members = nested->second.members;
    const auto at = std::lower_bound(
        members.begin(), members.end(), member.origin,
        [](const Member& inner, std::uint64_t offset) { return inner.header_offset < offset; });
    if (at != members.end() && at->header_offset == member.origin) return at->bytes;
    problems_.push_back({path_, say("no member at offset {} of {}", member.origin, path.string())});
    return {};
  }

  const Mapping* map(const std::string& path) {
    const auto [place, is_new] = by_path_.try_emplace(path, nullptr);
    if (!is_new) return place->second;
    llvm::Expected<std::unique_ptr<Mapping>> mapping = Mapping::open(path);
    if (!mapping) {
      problems_.push_back(
          {path, say("member of the thin archive {}: {}", path_, llvm::toString(mapping.takeError()))});
      return nullptr;
    }
    mappings_.push_back(std::move(*mapping));
    return place->second = mappings_.back().get();
  }

  std::string path_;
  ReadIndex read_index_;
  Kind kind_ = Kind::Unknown;
  std::vector<std::unique_ptr<Mapping>> mappings_;  ///< the file itself first, then what a thin archive names
  std::map<std::string, const Mapping*> by_path_;
  std::map<std::string, ArchiveListing> nested_;
  std::deque<std::string> names_;  ///< of members, where no file has them in one piece
  std::vector<std::unique_ptr<Object>> objects_;
  std::vector<IndexEntry> index_;
  bool has_index_ = false;
  std::vector<ScriptInput> script_inputs_;
  std::vector<Skipped> problems_;
};

}  // namespace

llvm::Expected<std::unique_ptr<File>> open(const std::string& path, ReadIndex index) {
  auto file = std::make_unique<OpenedFile>(path, index);
  if (llvm::Error error = file->read()) return error;
  return file;
}

}  // namespace linkdx::artifact
