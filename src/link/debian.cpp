// What dpkg and apt have written down: which package a file is of, which symbols a library has had since
// when.
//
// Sources: dpkg(1) on /var/lib/dpkg/info (PACKAGE.list, PACKAGE:ARCH.list); deb-symbols(5); deb-control(5)
// for the stanzas of apt's lists, /var/lib/apt/lists/*_Packages. Debian Policy 8.4: the development package,
// NAME-dev, has the link without a version and depends on the very same build of the library's package.

#include <algorithm>
#include <filesystem>
#include <fstream>

#include "linkdx/libraries.hpp"

namespace linkdx::link {

namespace fs = std::filesystem;

namespace {

std::string whole(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<fs::path> files_ending(const fs::path& directory, std::string_view ending) {
  std::vector<fs::path> result;
  std::error_code error;
  for (fs::directory_iterator at(directory, error), end; !error && at != end; at.increment(error))
    if (at->path().filename().string().ends_with(ending)) result.push_back(at->path());
  std::sort(result.begin(), result.end());
  return result;
}

/// `zlib1g` of zlib1g:amd64.list.
std::string package_of_file(const fs::path& path) {
  const std::string name = path.stem().string();
  return name.substr(0, name.find(':'));
}

/// Calls `take` with each line; it answers whether to go on.
template <class Take>
void each_line(std::string_view text, Take take) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    if (!take(text.substr(0, end))) return;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

}  // namespace

std::string DebianRecords::owner_of(const std::string& path) const {
  std::error_code error;
  const std::string real = fs::weakly_canonical(path, error).string();
  // Packages may name /lib/x for what is /usr/lib/x now.
  std::vector<std::string> names = {path, real};
  for (const std::string& name : {path, real})
    if (name.starts_with("/usr/lib")) names.push_back(name.substr(4));
  for (const fs::path& list : files_ending(fs::path(root_) / "var/lib/dpkg/info", ".list")) {
    const std::string text = whole(list);
    for (const std::string& name : names) {
      const std::size_t at = text.find("\n" + name + "\n");
      if (!name.empty() && at != std::string::npos) return package_of_file(list);
    }
  }
  return {};
}

std::string DebianRecords::development_package_of(const std::string& package) const {
  if (package.empty() || package.ends_with("-dev")) return {};
  std::vector<std::string> found;
  const std::string exactly = package + " (= ";
  for (const fs::path& list : files_ending(fs::path(root_) / "var/lib/apt/lists", "_Packages")) {
    std::ifstream file(list, std::ios::binary);
    std::string line, name;
    while (std::getline(file, line)) {
      if (line.starts_with("Package: ")) name = line.substr(9);
      if (!line.starts_with("Depends: ") || !name.ends_with("-dev")) continue;
      const std::size_t at = line.find(exactly);
      // The name must begin there: `libz1 (= ` is no `xlibz1 (= `.
      if (at == std::string::npos || line[at - 1] != ' ') continue;
      if (std::find(found.begin(), found.end(), name) == found.end()) found.push_back(name);
    }
  }
  return found.size() == 1 ? found.front() : std::string();
}

std::vector<DebianRecords::Record> DebianRecords::records_of(const std::string& symbol) const {
  std::vector<Record> result;
  for (const fs::path& file : files_ending(fs::path(root_) / "var/lib/dpkg/info", ".symbols")) {
    const std::string text = whole(file);
    if (text.find(" " + symbol + "@") == std::string::npos) continue;
    std::string library, package;
    each_line(text, [&](std::string_view line) {
      if (line.starts_with(' ')) {
        if (line.substr(1).starts_with(symbol + "@"))
          result.push_back({library, package, file.string(), std::string(line.substr(1))});
      } else if (!line.empty() && line[0] != '*' && line[0] != '|') {
        const std::size_t space = std::min(line.find(' '), line.size());
        library = line.substr(0, space);
        const std::string_view rest = line.substr(std::min(space + 1, line.size()));
        package = rest.substr(0, rest.find(' '));
      }
      return true;
    });
  }
  return result;
}

}  // namespace linkdx::link
