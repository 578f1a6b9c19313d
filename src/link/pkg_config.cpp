// pkg-config's files: texts in DIR/pkgconfig that name a library's flags.
//
//     libdir=/usr/lib/x86_64-linux-gnu
//     Libs: -L${libdir} -lz
//
// Source: pc(5) of pkgconf.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "linkdx/libraries.hpp"

namespace linkdx::link {

namespace fs = std::filesystem;

std::vector<PkgConfigModule> pkg_config_modules(const std::string& library,
                                                const std::vector<std::string>& directories,
                                                const std::string& share_directory) {
  std::vector<fs::path> places;
  for (const std::string& directory : directories) places.push_back(fs::path(directory) / "pkgconfig");
  places.push_back(fs::path(share_directory) / "pkgconfig");
  std::vector<PkgConfigModule> result;
  for (const fs::path& place : places) {
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator at(place, error), end; !error && at != end; at.increment(error))
      if (at->path().extension() == ".pc" && at->is_regular_file(error)) files.push_back(at->path());
    std::sort(files.begin(), files.end());
    for (const fs::path& path : files) {
      std::ifstream file(path);
      std::string line;
      while (std::getline(file, line)) {
        if (!line.starts_with("Libs:")) continue;
        std::istringstream words(line.substr(5));
        for (std::string word; words >> word;)
          if (word == "-l" + library) result.push_back({path.stem().string(), path.string()});
        break;
      }
    }
  }
  return result;
}

}  // namespace linkdx::link
