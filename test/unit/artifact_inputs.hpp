// Inputs made from text: assembly through llvm-mc, archives through ar, in a directory of their own.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <string_view>

#include <unistd.h>

namespace linkdx::test {

namespace fs = std::filesystem;

/// Removed with all that is in it when the test ends.
class Scratch {
 public:
  Scratch() {
    std::string name = (fs::temp_directory_path() / "linkdx-test-XXXXXX").string();
    directory_ = mkdtemp(name.data());
  }
  ~Scratch() {
    std::error_code ignored;
    fs::remove_all(directory_, ignored);
  }
  std::string path(std::string_view name) const { return (fs::path(directory_) / name).string(); }
  const std::string& directory() const { return directory_; }

  std::string write(std::string_view name, std::string_view text) const {
    fs::create_directories(fs::path(path(name)).parent_path());
    std::ofstream(path(name), std::ios::binary) << text;
    return path(name);
  }
  std::string assemble(std::string_view name, std::string_view text,
                       std::string_view triple = "x86_64-linux-gnu") const {
    write("input.s", text);
    run("$(command -v llvm-mc-19 || echo llvm-mc) -filetype=obj -triple=" + std::string(triple) +
        " input.s -o " + std::string(name));
    return path(name);
  }
  /// In the scratch directory.
  bool run(const std::string& command) const {
    return std::system(("cd " + directory_ + " && " + command).c_str()) == 0;
  }

 private:
  std::string directory_;
};

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace linkdx::test
