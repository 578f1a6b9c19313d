// Archives: a magic line, then members, each a 60-byte text header and its bytes.
//
// ar(5) is older than every object format and has three dialects that matter here. GNU and System V archives
// keep long names in a member `//` and the symbol index in `/` (32-bit offsets) or `/SYM64/`. BSD archives
// put a long name in front of the bytes (`#1/LENGTH`) and the index in `__.SYMDEF`. A thin archive (GNU,
// magic `!<thin>`) has headers only; its members are paths relative to the archive, and one that came out of
// another archive is written `/NAME:OFFSET`, the offset being that of its header there.
//
// Source: ar(5) of FreeBSD, bfd/archive.c of binutils, lib/Object/Archive.cpp of LLVM. This reader exists
// beside LLVM's because that one gives up an archive at its first fault, and here the rest is still wanted.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/artifact.hpp"

namespace linkdx::artifact {

struct Member {
  std::string_view name;
  std::uint64_t header_offset = 0;
  std::string_view bytes;    ///< empty for members of thin archives
  std::uint64_t origin = 0;  ///< thin: header offset inside the archive `name`; 0 when it is a file
};

struct ArchiveListing {
  bool thin = false;
  bool has_index = false;
  std::vector<Member> members;  ///< without the index and the name table
  struct IndexEntry {
    std::string_view symbol;
    std::uint64_t header_offset;
  };
  std::vector<IndexEntry> index;
  std::vector<std::string> faults;  ///< what is wrong and where, in words
};

bool is_archive(std::string_view bytes);
ArchiveListing read_archive(std::string_view bytes, ReadIndex index);

}  // namespace linkdx::artifact
