// Which library has it: a search by symbol over the libraries of some directories.
//
// A link that lacks one library fails with the names that the library defines. The dynamic symbols of shared
// libraries and the indexes of archives tell which it is; Debian's own records tell the package, and
// pkg-config's files the module. Reading the tables of a whole system takes a moment, so a cache may keep,
// for each file, the hashes of the names that it defines. A hash only leads to a file: what is answered has
// been read in the file itself.
#pragma once

#include <string>
#include <vector>

#include "linkdx/artifact.hpp"
#include "linkdx/base.hpp"
#include "linkdx/link.hpp"

namespace linkdx::link {

/// A library that defines some of the names.
struct Provider {
  std::string path;  ///< of the file whose table shows it, by its shortest name
  std::string name;  ///< `z` of -lz
  bool shared = false;
  bool linkable = false;  ///< `-lNAME` finds it: libNAME.so or libNAME.a is in the directory
  std::string soname{};
  std::vector<std::string> symbols;   ///< those of the question, in its order
  std::vector<std::string> places{};  ///< for each symbol: the label of the object that defines it
};

struct LibraryQuestion {
  std::vector<std::string> symbols;
  std::vector<std::string> directories;  ///< not their subdirectories
  artifact::Machine machine{};           ///< libraries for others are passed over
  std::string
      cache{};  ///< file that keeps the hashes; empty: none is read or written. A bad one is made anew
};
struct LibraryAnswer {
  std::vector<Provider> providers;  ///< those with most of the symbols first, then by path
  std::size_t files = 0;            ///< that were searched
  std::size_t read = 0;             ///< of them those that were not in the cache
  std::vector<Skipped> problems;
};
LibraryAnswer find_providers(const LibraryQuestion& question);

/// Files of the directories that -lNAME may have meant: libNAME.so.2, libNAME.a; sorted within a directory.
std::vector<std::string> files_of_library(const std::string& name,
                                          const std::vector<std::string>& directories);

/// The directories where the toolchain's linker looks without being told, for that machine: those that exist.
std::vector<std::string> standard_directories(const artifact::Machine& machine, const std::string& sysroot);

/// The -L directories of a link that ran in `directory`, those that exist, each once.
std::vector<std::string> command_directories(const Plan& plan, const std::string& directory);

/// What pkg-config's files call the library `-lNAME`: modules whose `Libs:` has that word. From DIR/pkgconfig
/// of the directories and from `share_directory`.
struct PkgConfigModule {
  std::string name;  ///< `zlib` of zlib.pc
  std::string path;
};
std::vector<PkgConfigModule> pkg_config_modules(const std::string& library,
                                                const std::vector<std::string>& directories,
                                                const std::string& share_directory = "/usr/share");

/// What dpkg knows on a machine of Debian's kind. Everything is empty elsewhere.
class DebianRecords {
 public:
  explicit DebianRecords(std::string root = "/") : root_(std::move(root)) {}
  /// The package that installed the file: `zlib1g`, with its architecture if it is another one.
  std::string owner_of(const std::string& path) const;
  /// The one package of the lists of apt that has the library's link for the linker: a `-dev` package that
  /// depends on exactly this build of `package`. Empty when there is none or more than one.
  std::string development_package_of(const std::string& package) const;
  /// Who defines the symbol by the `symbols` files of the installed packages.
  struct Record {
    std::string library;  ///< `libz.so.1`
    std::string package;
    std::string path;  ///< of the symbols file
    std::string text;  ///< its line
  };
  std::vector<Record> records_of(const std::string& symbol) const;

 private:
  std::string root_;
};

}  // namespace linkdx::link
