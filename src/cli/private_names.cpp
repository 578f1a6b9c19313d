// What is private by its name, as this process sees it: its environment's user and home directory, and the
// host. What is private by its form wherever it comes from, src/report/private_text.inc knows.
#include "private_names.hpp"

#include <cstdlib>

#include <unistd.h>

namespace linkdx::cli {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

}  // namespace

report::Private private_names() {
  report::Private names;
  names.home = environment("HOME");
  names.users = {environment("USER"), environment("LOGNAME")};
  char host[256] = {};
  if (::gethostname(host, sizeof host - 1) == 0) {
    names.hosts.emplace_back(host);
    const std::string full = host;
    if (full.find('.') != std::string::npos) names.hosts.push_back(full.substr(0, full.find('.')));
  }
  return names;
}

}  // namespace linkdx::cli
