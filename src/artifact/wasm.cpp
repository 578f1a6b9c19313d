// See wasm.hpp.
#include "wasm.hpp"

#include <algorithm>
#include <deque>
#include <map>

#include <fmt/format.h>
#include <llvm/BinaryFormat/ELF.h>
#include <llvm/BinaryFormat/Wasm.h>

#include "linkdx/language.hpp"

namespace linkdx::artifact {

namespace {

namespace wasm = llvm::wasm;

/// Numbers and names out of bytes. After the first that is not there all others fail, and give 0 or nothing.
class Reader {
 public:
  Reader() = default;
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}
  bool ok() const { return ok_; }
  bool at_end() const { return !ok_ || at_ >= bytes_.size(); }
  std::size_t at() const { return at_; }
  std::string_view rest() const { return ok_ ? bytes_.substr(at_) : std::string_view(); }

  std::uint8_t byte() {
    if (at_ >= bytes_.size()) ok_ = false;
    return ok_ ? static_cast<std::uint8_t>(bytes_[at_++]) : std::uint8_t{0};
  }
  /// LEB128.
  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0; shift < 70; shift += 7) {
      const std::uint8_t part = byte();
      if (shift < 64) value |= std::uint64_t{part & 0x7fu} << shift;
      if ((part & 0x80) == 0) return value;
    }
    ok_ = false;
    return 0;
  }
  std::string_view take(std::uint64_t size) {
    if (!ok_ || size > bytes_.size() - at_) {
      ok_ = false;
      return {};
    }
    at_ += size;
    return bytes_.substr(at_ - size, size);
  }
  std::string_view name() { return take(number()); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

constexpr std::string_view section_names[] = {"custom", "TYPE",   "IMPORT",    "FUNCTION", "TABLE",
                                              "MEMORY", "GLOBAL", "EXPORT",    "START",    "ELEM",
                                              "CODE",   "DATA",   "DATACOUNT", "TAG"};

class WasmObject final : public Object {
 public:
  explicit WasmObject(const Origin& origin) : origin_(origin) {
    machine_ = {.arch = "wasm32", .bits = 32, .format = Format::Wasm};
    sections_.push_back({});
  }
  Kind kind() const override { return Kind::Wasm; }
  const Machine& machine() const override { return machine_; }
  std::string_view member() const override { return origin_.member; }
  std::string label() const override { return label_of(origin_); }
  std::span<const Symbol> symbols() const override { return symbols_; }
  std::vector<Symbol> local_symbols() const override { return local_symbols_; }
  std::vector<Section> sections() const override { return sections_; }
  std::vector<std::string> producers() const override { return producers_; }

  /// A function's bytes begin with the size of its body, so that functions follow each other without a gap.
  std::vector<Function> functions() const override {
    std::vector<Function> functions;
    for (const Body& body : bodies_)
      functions.push_back({.name = body.name,
                           .section = code_section_,
                           .address = body.begin,
                           .bytes = sections_[code_section_].contents.subspan(body.begin, body.size)});
    return functions;
  }

  std::vector<Use> uses(std::uint32_t symbol_index) const override {
    std::vector<Use> uses;
    visit_relocations([&](const Relocation& relocation) {
      if (relocation.symbol != symbol_index) return;
      Use use{.section = relocation.section,
              .offset = relocation.offset,
              .section_name = sections_[relocation.section].name,
              .function = {}};
      if (relocation.section == code_section_) use.function = function_at(relocation.offset);
      uses.push_back(use);
    });
    return uses;
  }

  void visit_relocations(llvm::function_ref<void(const Relocation&)> visit) const override {
    for (const std::string_view table : relocation_tables_) {
      Reader reader(table);
      const std::uint64_t patched = reader.number(), count = reader.number();
      if (!reader.ok() || patched >= places_.size()) continue;
      const std::uint32_t section = places_[patched];
      for (std::uint64_t i = 0; i < count; ++i) {
        const std::uint8_t type = reader.byte();
        const std::uint64_t offset = reader.number(), symbol = reader.number();
        const bool has_addend = wasm::relocTypeHasAddend(type);
        const std::uint64_t addend = has_addend ? reader.number() : 0;
        if (!reader.ok()) break;
        if (type == wasm::R_WASM_TYPE_INDEX_LEB || symbol > UINT32_MAX)
          continue;  // its number is no symbol's
        // Offsets count from the section's content, of which the code section's Section leaves out the number
        // of functions.
        const std::uint64_t skipped = section == code_section_ ? code_skipped_ : 0;
        visit({.section = section,
               .offset = offset - std::min(offset, skipped),
               .type = type,
               .symbol = static_cast<std::uint32_t>(symbol),
               .addend = static_cast<std::int64_t>(addend)});
      }
    }
  }

  Declarations declarations() const override {
    Declarations result;
    if (!target_features_.empty()) result.said.push_back(target_features_.front());
    return result;
  }

  void load(std::vector<std::string>& faults) {
    Reader file(origin_.bytes);
    file.take(8);  // magic and version
    while (!file.at_end()) {
      const std::size_t at = file.at();
      const std::uint8_t id = file.byte();
      const std::string_view content = file.name();  // a size and as many bytes
      if (!file.ok()) {
        faults.push_back(say("section at offset {:#x} lies outside the file", at));
        break;
      }
      if (!read_section(id, content))
        faults.push_back(say("section {} at offset {:#x} cannot be read", title(id), at));
    }
    name_functions();
  }

 private:
  struct Body {
    std::string_view name;
    std::uint64_t begin = 0, size = 0;
  };

  static std::string title(std::uint8_t id) {
    return id < std::size(section_names) ? std::string(section_names[id]) : say("with id {}", id);
  }

  static std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
  }

  bool read_section(std::uint8_t id, std::string_view content) {
    Section section{.name = id < std::size(section_names) ? section_names[id] : "unknown",
                    .contents = bytes_of(content)};
    Reader reader(content);
    if (id == wasm::WASM_SEC_CUSTOM) {
      section.name = reader.name();
      content = reader.rest();
      section.contents = bytes_of(content);
    }
    places_.push_back(static_cast<std::uint32_t>(sections_.size()));
    sections_.push_back(section);
    switch (id) {
      case wasm::WASM_SEC_CUSTOM:
        return reader.ok() && read_custom(section.name, Reader(content), content);
      case wasm::WASM_SEC_IMPORT:
        return read_imports(reader);
      case wasm::WASM_SEC_MEMORY:
        return read_memories(reader);
      case wasm::WASM_SEC_EXPORT:
        return read_exports(reader);
      case wasm::WASM_SEC_CODE:
        return read_code(reader, content);
      default:
        return true;
    }
  }

  bool read_custom(std::string_view name, Reader reader, std::string_view content) {
    if (name == "linking") return read_linking(reader);
    if (name == "name") return read_names(reader);
    if (name == "producers") return read_producers(reader);
    if (name == "target_features") return read_target_features(reader);
    if (name.starts_with("reloc.")) relocation_tables_.push_back(content);
    return true;
  }

  void note_limits(Reader& reader) {
    const std::uint8_t flags = reader.byte();
    reader.number();
    if ((flags & wasm::WASM_LIMITS_FLAG_HAS_MAX) != 0) reader.number();
    if ((flags & wasm::WASM_LIMITS_FLAG_IS_64) == 0) return;
    machine_.arch = "wasm64";
    machine_.bits = 64;
  }

  /// A value or reference type: one byte, or two forms with a heap type behind.
  static void skip_type(Reader& reader) {
    const std::uint8_t type = reader.byte();
    if (type == 0x63 || type == 0x64) reader.number();
  }

  bool read_imports(Reader& reader) {
    for (std::uint64_t left = reader.number(); left > 0 && reader.ok(); --left) {
      reader.name();  // the module
      const std::string_view field = reader.name();
      const std::uint8_t kind = reader.byte();
      switch (kind) {
        case wasm::WASM_EXTERNAL_FUNCTION:
          reader.number();
          break;
        case wasm::WASM_EXTERNAL_TABLE: {
          skip_type(reader);
          const std::uint8_t flags = reader.byte();
          reader.number();
          if ((flags & wasm::WASM_LIMITS_FLAG_HAS_MAX) != 0) reader.number();
          break;
        }
        case wasm::WASM_EXTERNAL_MEMORY:
          note_limits(reader);
          break;
        case wasm::WASM_EXTERNAL_GLOBAL:
          skip_type(reader);
          reader.byte();
          break;
        case wasm::WASM_EXTERNAL_TAG:
          reader.byte();
          reader.number();
          break;
        default:
          return false;
      }
      if (reader.ok()) imports_[kind].push_back(field);
    }
    return reader.ok();
  }

  bool read_memories(Reader& reader) {
    for (std::uint64_t left = reader.number(); left > 0 && reader.ok(); --left) note_limits(reader);
    return reader.ok();
  }

  bool read_exports(Reader& reader) {
    for (std::uint64_t left = reader.number(); left > 0 && reader.ok(); --left) {
      const std::string_view name = reader.name();
      const std::uint8_t kind = reader.byte();
      const std::uint64_t index = reader.number();
      if (reader.ok() && kind == wasm::WASM_EXTERNAL_FUNCTION) exported_.try_emplace(index, name);
    }
    return reader.ok();
  }

  bool read_code(Reader& reader, std::string_view content) {
    std::uint64_t left = reader.number();
    code_skipped_ = reader.at();
    code_section_ = static_cast<std::uint32_t>(sections_.size() - 1);
    Section& section = sections_.back();
    section.contents = bytes_of(content.substr(reader.at()));
    section.type = llvm::ELF::SHT_PROGBITS;  // in the words of ELF, which the other rooms know
    section.flags = llvm::ELF::SHF_ALLOC | llvm::ELF::SHF_EXECINSTR;
    for (; left > 0 && reader.ok(); --left) {
      const std::size_t begin = reader.at();
      reader.name();  // the body: a size and as many bytes
      if (reader.ok())
        bodies_.push_back({.name = {}, .begin = begin - code_skipped_, .size = reader.at() - begin});
    }
    return reader.ok();
  }

  bool read_linking(Reader& reader) {
    reader.number();  // version of the conventions
    while (!reader.at_end()) {
      const std::uint8_t kind = reader.byte();
      Reader part(reader.name());
      if (!reader.ok()) return false;
      if (kind == wasm::WASM_SYMBOL_TABLE && !read_symbols(part)) return false;
    }
    return reader.ok();
  }

  bool read_symbols(Reader& reader) {
    const std::uint64_t count = reader.number();
    for (std::uint64_t i = 0; i < count && reader.ok(); ++i) {
      Symbol symbol{.name = {}, .index = static_cast<std::uint32_t>(i)};
      const std::uint8_t kind = reader.byte();
      const std::uint64_t flags = reader.number();
      const bool undefined = (flags & wasm::WASM_SYMBOL_UNDEFINED) != 0;
      symbol.state = undefined ? State::Undefined : State::Defined;
      switch (kind) {
        case wasm::WASM_SYMBOL_TYPE_FUNCTION:
        case wasm::WASM_SYMBOL_TYPE_GLOBAL:
        case wasm::WASM_SYMBOL_TYPE_TAG:
        case wasm::WASM_SYMBOL_TYPE_TABLE: {
          const std::uint64_t index = reader.number();
          if (!undefined || (flags & wasm::WASM_SYMBOL_EXPLICIT_NAME) != 0)
            symbol.name = reader.name();
          else
            symbol.name = imported(kind, index);
          if (kind == wasm::WASM_SYMBOL_TYPE_FUNCTION) {
            symbol.type = SymbolType::Function;
            if (!undefined && reader.ok()) symbol_of_function_.try_emplace(index, symbol);
          }
          break;
        }
        case wasm::WASM_SYMBOL_TYPE_DATA:
          symbol.name = reader.name();
          symbol.type = (flags & wasm::WASM_SYMBOL_TLS) != 0 ? SymbolType::Tls : SymbolType::Object;
          if (!undefined) {
            reader.number();  // segment
            symbol.value = reader.number();
            symbol.size = reader.number();
          }
          break;
        case wasm::WASM_SYMBOL_TYPE_SECTION:
          reader.number();
          continue;
        default:
          return false;
      }
      if (!reader.ok()) return false;
      const std::uint64_t binding = flags & wasm::WASM_SYMBOL_BINDING_MASK;
      symbol.binding = binding == wasm::WASM_SYMBOL_BINDING_WEAK    ? Binding::Weak
                       : binding == wasm::WASM_SYMBOL_BINDING_LOCAL ? Binding::Local
                                                                    : Binding::Global;
      if ((flags & wasm::WASM_SYMBOL_VISIBILITY_HIDDEN) != 0) symbol.visibility = Visibility::Hidden;
      if ((flags & wasm::WASM_SYMBOL_ABSOLUTE) != 0 && !undefined) symbol.state = State::Absolute;
      if (symbol.name.empty()) continue;
      (symbol.binding == Binding::Local ? local_symbols_ : symbols_).push_back(symbol);
    }
    return reader.ok();
  }

  std::string_view imported(std::uint8_t symbol_kind, std::uint64_t index) const {
    const std::uint8_t kind = symbol_kind == wasm::WASM_SYMBOL_TYPE_FUNCTION ? wasm::WASM_EXTERNAL_FUNCTION
                              : symbol_kind == wasm::WASM_SYMBOL_TYPE_GLOBAL ? wasm::WASM_EXTERNAL_GLOBAL
                              : symbol_kind == wasm::WASM_SYMBOL_TYPE_TABLE  ? wasm::WASM_EXTERNAL_TABLE
                                                                             : wasm::WASM_EXTERNAL_TAG;
    const auto found = imports_.find(kind);
    return found != imports_.end() && index < found->second.size() ? found->second[index]
                                                                   : std::string_view();
  }

  bool read_names(Reader& reader) {
    while (!reader.at_end()) {
      const std::uint8_t kind = reader.byte();
      Reader part(reader.name());
      if (!reader.ok()) return false;
      if (kind != wasm::WASM_NAMES_FUNCTION) continue;
      for (std::uint64_t left = part.number(); left > 0 && part.ok(); --left) {
        const std::uint64_t index = part.number();
        const std::string_view name = part.name();
        if (part.ok()) named_.try_emplace(index, name);
      }
      if (!part.ok()) return false;
    }
    return reader.ok();
  }

  bool read_producers(Reader& reader) {
    for (std::uint64_t fields = reader.number(); fields > 0 && reader.ok(); --fields) {
      const bool tool = reader.name() == "processed-by";
      for (std::uint64_t values = reader.number(); values > 0 && reader.ok(); --values) {
        const std::string_view name = reader.name(), version = reader.name();
        if (reader.ok() && tool) producers_.push_back(fmt::format("{} version {}", name, version));
      }
    }
    return reader.ok();
  }

  /// tool-conventions, Linking.md, "Target Features Section": `+` used, `-` must not be used by anything
  /// linked with it, `=` required.
  bool read_target_features(Reader& reader) {
    Declaration declaration{.kind = Declaration::Kind::TargetFeatures,
                            .where = "target_features",
                            .name = "features",
                            .value = {}};
    for (std::uint64_t left = reader.number(); left > 0 && reader.ok(); --left) {
      const char prefix = static_cast<char>(reader.byte());
      const std::string_view feature = reader.name();
      if (!reader.ok()) break;
      const std::string word = (prefix == '-' ? "-" : "+") + std::string(feature);
      declaration.value += (declaration.value.empty() ? "" : ",") + word;
      declaration.features.push_back(word);
    }
    if (!declaration.features.empty()) target_features_.push_back(std::move(declaration));
    return reader.ok();
  }

  /// The best name for each body: the symbol's, the name section's, the export's. Their order in the file
  /// varies.
  void name_functions() {
    const auto imports = imports_.find(wasm::WASM_EXTERNAL_FUNCTION);
    const std::uint64_t first = imports == imports_.end() ? 0 : imports->second.size();
    for (std::size_t i = 0; i < bodies_.size(); ++i) {
      const std::uint64_t index = first + i;
      if (const auto symbol = symbol_of_function_.find(index); symbol != symbol_of_function_.end()) {
        bodies_[i].name = symbol->second.name;
        place_[symbol->second.index] = i;
      } else if (const auto name = named_.find(index); name != named_.end()) {
        bodies_[i].name = name->second;
      } else if (const auto name = exported_.find(index); name != exported_.end()) {
        bodies_[i].name = name->second;
      }
    }
    for (std::vector<Symbol>* list : {&symbols_, &local_symbols_})
      for (Symbol& symbol : *list)
        if (const auto body = place_.find(symbol.index); body != place_.end()) {
          symbol.section = code_section_;
          symbol.value = bodies_[body->second].begin;
          symbol.size = bodies_[body->second].size;
        }
    for (std::size_t i = 0; i < bodies_.size(); ++i)
      if (bodies_[i].name.empty())
        bodies_[i].name = made_names_.emplace_back(fmt::format("function {}", first + i));
  }

  std::string_view function_at(std::uint64_t offset) const {
    const auto after =
        std::upper_bound(bodies_.begin(), bodies_.end(), offset,
                         [](std::uint64_t wanted, const Body& body) { return wanted < body.begin; });
    return after == bodies_.begin() ? std::string_view()
                                    : std::prev(after)->name;  // bodies follow each other
  }

  Origin origin_;
  Machine machine_;
  std::vector<Section> sections_;
  std::vector<std::uint32_t> places_;  ///< by the number that relocations have for a section
  std::uint32_t code_section_ = 0;
  std::uint64_t code_skipped_ = 0;
  std::vector<Body> bodies_;
  std::deque<std::string> made_names_;  ///< of functions that nothing names: their number
  std::vector<Symbol> symbols_, local_symbols_;
  std::map<std::uint8_t, std::vector<std::string_view>> imports_;
  std::map<std::uint64_t, std::string_view> exported_, named_;
  std::map<std::uint64_t, Symbol> symbol_of_function_;
  std::map<std::uint32_t, std::size_t> place_;  ///< symbol to body
  std::vector<std::string_view> relocation_tables_;
  std::vector<std::string> producers_;
  std::vector<Declaration> target_features_;
};

}  // namespace

std::unique_ptr<Object> open_wasm(const Origin& origin, std::vector<std::string>& faults) {
  auto object = std::make_unique<WasmObject>(origin);
  object->load(faults);
  return object;
}

}  // namespace linkdx::artifact
