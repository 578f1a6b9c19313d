// A private directory for what compilers leave behind. mkdtemp makes it for this user alone (mode 0700) under
// a name that nobody can know before; whoever holds the Workspace holds the directory.
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fmt/format.h>

#include "linkdx/language.hpp"
#include "linkdx/verify.hpp"

namespace linkdx::verify {

llvm::Expected<Workspace> Workspace::create() {
  const char* directory = std::getenv("TMPDIR");
  std::string name =
      fmt::format("{}/linkdx-XXXXXX", directory == nullptr || *directory == 0 ? "/tmp" : directory);
  if (::mkdtemp(name.data()) == nullptr) {
    return llvm::createStringError(llvm::inconvertibleErrorCode(),
                                   say("no temporary directory {}: {}", name, system_fault(errno)).c_str());
  }
  return Workspace(name);
}

Workspace::Workspace(Workspace&& other) noexcept
    : path_(std::exchange(other.path_, {})), keep_(other.keep_) {}

Workspace::~Workspace() {
  if (path_.empty() || keep_) return;
  std::error_code ignored;  // nothing to be done about it, and nobody to tell
  std::filesystem::remove_all(path_, ignored);
}

std::string Workspace::file(std::string_view name) const {
  return path_ + "/" + std::string(name);
}

}  // namespace linkdx::verify
