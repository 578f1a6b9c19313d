// artifact/: all that a package or tarball holds, objects or not. What only wants the objects opens it as any
// other artifact.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace linkdx::artifact {

/// Bounded, since a few bytes can unpack to any number.
struct Unpacked {
  struct Member {
    std::string path;  ///< as it is written, which may be anything: `../../etc/passwd`
    std::string bytes;
  };
  std::vector<Member> members;
  std::vector<std::string> faults;
};
Unpacked unpack(std::string_view bytes);
/// The name of the first file in it; empty when it is no package.
std::string first_in_package(std::string_view bytes);

}  // namespace linkdx::artifact
