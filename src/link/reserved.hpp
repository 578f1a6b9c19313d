// Names that a linker defines by itself when something refers to them.
//
// Sources: lld/ELF/Writer.cpp (addReservedSymbols, addStartEndSymbols, addStartStopSymbols), `ld --verbose`,
// and the psABI supplements for the names that belong to one machine.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>

namespace linkdx::link {

inline constexpr std::array<std::string_view, 52> reserved_names = {
    "_GLOBAL_OFFSET_TABLE_",
    "_PROCEDURE_LINKAGE_TABLE_",
    "_DYNAMIC",
    "_TLS_MODULE_BASE_",
    "__ehdr_start",
    "__executable_start",
    "__dso_handle",
    "__TMC_END__",
    "__GNU_EH_FRAME_HDR",
    "__etext",
    "_etext",
    "etext",
    "__edata",
    "_edata",
    "edata",
    "__end",
    "_end",
    "end",
    "__bss_start",
    "__bss_start__",
    "__bss_end__",
    "_bss_end__",
    "__end__",
    "__data_start",
    "data_start",
    "__init_array_start",
    "__init_array_end",
    "__fini_array_start",
    "__fini_array_end",
    "__preinit_array_start",
    "__preinit_array_end",
    "__rel_iplt_start",
    "__rel_iplt_end",
    "__rela_iplt_start",
    "__rela_iplt_end",
    "__relro_start",
    "__CTOR_LIST__",
    "__DTOR_LIST__",
    "__exidx_start",
    "__exidx_end",
    "__extab_start",
    "__extab_end",        // ARM EHABI
    "__global_pointer$",  // RISC-V
    ".TOC.",
    "__tls_get_addr_opt",
    "_SDA_BASE_",
    "_SDA2_BASE_",  // PowerPC
    "_gp",
    "_gp_disp",
    "__gnu_local_gp",
    "__RLD_MAP",  // MIPS
    "_fbss",
};

/// The same for Apple's ld and for PE; a trailing `*` stands for any end. Sources: lld/MachO/Driver.cpp
/// (createSyntheticSymbols, handleSectionAndSegmentSymbols, ObjCStubsSection); lld/COFF/Driver.cpp
/// (addAbsolute, addSynthetic); ld's PE script and options (pep.em, definfo).
inline constexpr std::array<std::string_view, 7> macho_reserved_names = {
    "___dso_handle",   "__mh_*",        "section$start$*", "section$end$*",
    "segment$start$*", "segment$end$*", "_objc_msgSend$*"};
inline constexpr std::array<std::string_view, 40> coff_reserved_names = {
    "__ImageBase",
    "___ImageBase",
    "__image_base__",
    "___image_base__",
    "__RUNTIME_PSEUDO_RELOC_LIST__",
    "__RUNTIME_PSEUDO_RELOC_LIST_END__",
    "___RUNTIME_PSEUDO_RELOC_LIST__",
    "___RUNTIME_PSEUDO_RELOC_LIST_END__",
    "__CTOR_LIST__",
    "___CTOR_LIST__",
    "__DTOR_LIST__",
    "___DTOR_LIST__",
    "__guard_*",
    "___guard_*",
    "__safe_se_handler_*",
    "___safe_se_handler_*",
    "__enclave_config",
    "___enclave_config",
    "__crt_*",
    "__end__",
    "__bss_*",
    "___bss_*",
    "__data_*",
    "___data_*",
    "__rt_psrelocs_*",
    "___rt_psrelocs_*",
    "__major_*",
    "___major_*",
    "__minor_*",
    "___minor_*",
    "__section_alignment__",
    "__file_alignment__",
    "__subsystem__",
    "__dll__",
    "__size_of_*",
    "__loader_flags__",
    "__arm64x_*",
    "__hybrid_*",
    "__x64_*",
    "__dll_characteristics__",
};

template <std::size_t Count>
bool is_reserved_by(std::string_view name, const std::array<std::string_view, Count>& names) {
  return std::any_of(names.begin(), names.end(), [name](std::string_view known) {
    return known.ends_with('*') ? name.starts_with(known.substr(0, known.size() - 1)) : name == known;
  });
}

/// `NAME` of `__start_NAME` and `__stop_NAME`, the bounds that a linker defines for a section when there is
/// one; else empty.
inline std::string_view bounded_section(std::string_view name) {
  for (const std::string_view bound : {"__start_", "__stop_"})
    if (name.starts_with(bound)) return name.substr(bound.size());
  return {};
}

inline bool is_reserved(std::string_view name) {
  return std::find(reserved_names.begin(), reserved_names.end(), name) != reserved_names.end();
}

}  // namespace linkdx::link
