// Packages and tarballs: files that hold whole trees, looked into without unpacking them to the disk.
//
// `.deb` is an ar archive of two tarballs, `.rpm` a compressed cpio archive behind headers, a Python wheel a
// zip file; what linkers leave for a bug report (`--reproduce`, `/LINKREPRO`) are tarballs. libarchive reads
// them all. Only members that are objects or libraries are kept, and what they may weigh is bounded, since a
// few bytes can unpack to any number (a "bomb").
//
// Sources: deb(5); libarchive-formats(5).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linkdx::artifact {

struct PackageMember {
  std::string path;  ///< in the package, without a leading `./`
  std::string bytes;
};

struct PackageContents {
  std::vector<PackageMember> members;
  std::vector<std::string> faults;  ///< what could not be read, and why
};

/// Told by the first bytes: compressed, zip, tar, cpio, RPM, or an ar archive that begins as Debian's
/// packages do.
bool is_package(std::string_view bytes);
PackageContents read_package(std::string_view bytes);

}  // namespace linkdx::artifact
