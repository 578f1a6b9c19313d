// The tables that give symbol versions their names: chains of records, each with the distance to the next, so
// that a broken file can point anywhere. Every record is checked to lie in its section before it is read.
// Source: the LSB, "Symbol Versioning".
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/language.hpp"

namespace linkdx::artifact {

/// SHT_GNU_verdef counts in vd_next, SHT_GNU_verneed in vn_next.
template <class Record>
std::uint64_t next_version(const Record& record) {
  if constexpr (requires { record.vd_next; })
    return record.vd_next;
  else
    return record.vn_next;
}

/// The record at that offset; null when it does not lie within the bytes.
template <class Record>
const Record* version_record(std::string_view bytes, std::uint64_t offset) {
  if (offset > bytes.size() || sizeof(Record) > bytes.size() - offset) return nullptr;
  return reinterpret_cast<const Record*>(bytes.data() + offset);
}

/// Hands each of `count` records with its offset to `take`, which answers whether what it points to was
/// there.
template <class Record, class Take>
void walk_versions(std::string_view bytes, std::uint32_t count, std::vector<std::string>& faults, Take take) {
  std::uint64_t at = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Record* entry = version_record<Record>(bytes, at);
    if (!entry || !take(*entry, at, bytes)) {
      faults.push_back(say("version table ends in the middle of an entry"));
      return;
    }
    const std::uint64_t next = next_version(*entry);
    if (next == 0) return;
    at += next;
  }
}

}  // namespace linkdx::artifact
