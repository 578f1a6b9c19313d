// Finding the files that a link names: -lfoo in the search directories, and a driver's own libraries.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "linkdx/link.hpp"

namespace linkdx::link {

/// Where a name led.
struct Found {
  const artifact::File* file = nullptr;
  std::string rejected_reason{};  ///< of a file that was found and passed over: another machine, unreadable
  bool wrong_machine = false;
  std::vector<std::string> candidates{};  ///< files that come near
};

class Search {
 public:
  Search(const Plan& plan, const std::string& directory, artifact::Store& store)
      : plan_(plan), directory_(directory), store_(store) {}

  /// Files for another machine are passed over, as linkers do.
  void set_machine(const artifact::Machine& machine) { machine_ = machine; }

  Found path(const std::string& name);
  /// `foo` of -lfoo, or `:file`.
  Found find_library(const std::string& name, bool static_only);
  /// A file by its name in the standard directories of the machine: crt1.o, libgcc.a.
  Found standard_file(const std::string& name);
  /// A shared library by its DT_NEEDED name.
  Found needed(const std::string& name);
  const std::vector<std::string>& standard_directories();
  /// The directories of -L, as they are on this machine.
  std::vector<std::string> command_directories() const;

 private:
  bool usable(const artifact::File& file, Found& found) const;
  bool try_file(const std::string& path, Found& found);
  Found library_in(const std::vector<std::string>& directories, const std::string& name, bool static_only);
  Found compiler_runtime(const std::string& name);
  void add_candidates(const std::vector<std::string>& directories, const std::string& name,
                      Found& found) const;
  std::vector<std::string> all_directories();
  std::vector<std::string> names_of(const std::string& name, bool static_only) const;
  artifact::Format format() const;
  std::string in_directory(const std::string& path) const;

  const Plan& plan_;
  std::string directory_;
  artifact::Store& store_;
  std::optional<artifact::Machine> machine_;
  std::optional<std::vector<std::string>> standard_;
};

/// The machine that decides the output: of the first object that the file holds.
const artifact::Machine* machine_of(const artifact::File& file);

}  // namespace linkdx::link
