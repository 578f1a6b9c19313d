// See gcc_lto.hpp for the format.

#include "gcc_lto.hpp"

#include <array>

#include <llvm/Support/Endian.h>

namespace linkdx::artifact {

namespace {

struct LtoKind {
  State state;
  Binding binding;
};

/// By the number in the table: enum ld_plugin_symbol_kind of plugin-api.h.
constexpr std::array lto_kinds = {
    LtoKind{State::Defined, Binding::Global},   LtoKind{State::Defined, Binding::Weak},
    LtoKind{State::Undefined, Binding::Global}, LtoKind{State::Undefined, Binding::Weak},
    LtoKind{State::Common, Binding::Global},
};

/// enum ld_plugin_symbol_visibility
constexpr std::array lto_visibilities = {Visibility::Default, Visibility::Protected, Visibility::Internal,
                                         Visibility::Hidden};

}  // namespace

bool is_slim_lto(std::string_view section) {
  // int16 major_version, int16 minor_version, unsigned char slim_object
  return section.size() >= 5 && section[4] != 0;
}

void read_gcc_lto_symbols(std::string_view table, bool big_endian, std::vector<Symbol>& symbols) {
  constexpr std::size_t fixed_size = 1 + 1 + 8 + 4;
  while (!table.empty()) {
    const std::size_t name_end = table.find('\0');
    if (name_end == std::string_view::npos) return;
    const std::size_t comdat_end = table.find('\0', name_end + 1);
    if (comdat_end == std::string_view::npos || table.size() - comdat_end - 1 < fixed_size) return;
    const char* fixed = table.data() + comdat_end + 1;
    const auto kind = static_cast<unsigned char>(fixed[0]);
    const auto visibility = static_cast<unsigned char>(fixed[1]);
    if (kind >= lto_kinds.size() || visibility >= lto_visibilities.size()) return;
    Symbol symbol{.name = table.substr(0, name_end)};
    symbol.state = lto_kinds[kind].state;
    symbol.binding = lto_kinds[kind].binding;
    symbol.visibility = lto_visibilities[visibility];
    symbol.size = llvm::support::endian::read<std::uint64_t>(
        fixed + 2, big_endian ? llvm::endianness::big : llvm::endianness::little);
    symbols.push_back(symbol);
    table.remove_prefix(comdat_end + 1 + fixed_size);
  }
}

}  // namespace linkdx::artifact
