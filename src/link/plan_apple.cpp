// See other_linkers.hpp.

#include "other_linkers.hpp"

#include <algorithm>
#include <array>
#include <fstream>

namespace linkdx::link {

namespace {

enum class Effect {
  Ignore,
  Output,
  Sysroot,
  Dylib,
  Relocatable,
  Entry,
  Undefined,
  WholeArchive,
  AllArchivesWhole,
  Library,      ///< the rest of the word
  LibraryPath,  ///< the rest of the word, or the next one
  File,         ///< the next word is an input
  FileList,     ///< the next word names a file with an input a line
  UndefinedTreatment,
  Framework,
};

struct Option {
  std::string_view name;
  unsigned values;
  Effect effect;
};

/// Options with values, and those that matter here. All others are words of their own.
constexpr std::array options = {
    Option{"-o", 1, Effect::Output},
    Option{"-syslibroot", 1, Effect::Sysroot},
    Option{"-dylib", 0, Effect::Dylib},
    Option{"-dynamiclib", 0, Effect::Dylib},
    Option{"-bundle", 0, Effect::Dylib},
    Option{"-r", 0, Effect::Relocatable},
    Option{"-e", 1, Effect::Entry},
    Option{"-u", 1, Effect::Undefined},
    Option{"-force_load", 1, Effect::WholeArchive},
    Option{"-load_hidden", 1, Effect::File},
    Option{"-all_load", 0, Effect::AllArchivesWhole},
    Option{"-weak_library", 1, Effect::File},
    Option{"-reexport_library", 1, Effect::File},
    Option{"-upward_library", 1, Effect::File},
    Option{"-needed_library", 1, Effect::File},
    Option{"-filelist", 1, Effect::FileList},
    Option{"-undefined", 1, Effect::UndefinedTreatment},
    Option{"-framework", 1, Effect::Framework},
    Option{"-weak_framework", 1, Effect::Framework},
    Option{"-needed_framework", 1, Effect::Framework},
    Option{"-reexport_framework", 1, Effect::Framework},
    Option{"-bundle_loader", 1, Effect::Framework},  // its symbols resolve too
    Option{"-arch", 1, Effect::Ignore},
    Option{"-platform_version", 3, Effect::Ignore},
    Option{"-macosx_version_min", 1, Effect::Ignore},
    Option{"-macos_version_min", 1, Effect::Ignore},
    Option{"-ios_version_min", 1, Effect::Ignore},
    Option{"-iphoneos_version_min", 1, Effect::Ignore},
    Option{"-ios_simulator_version_min", 1, Effect::Ignore},
    Option{"-sdk_version", 1, Effect::Ignore},
    Option{"-install_name", 1, Effect::Ignore},
    Option{"-dylib_install_name", 1, Effect::Ignore},
    Option{"-current_version", 1, Effect::Ignore},
    Option{"-compatibility_version", 1, Effect::Ignore},
    Option{"-exported_symbols_list", 1, Effect::Ignore},
    Option{"-exported_symbol", 1, Effect::Ignore},
    Option{"-unexported_symbols_list", 1, Effect::Ignore},
    Option{"-unexported_symbol", 1, Effect::Ignore},
    Option{"-order_file", 1, Effect::Ignore},
    Option{"-rpath", 1, Effect::Ignore},
    Option{"-map", 1, Effect::Ignore},
    Option{"-mllvm", 1, Effect::Ignore},
    Option{"-lto_library", 1, Effect::Ignore},
    Option{"-object_path_lto", 1, Effect::Ignore},
    Option{"-cache_path_lto", 1, Effect::Ignore},
    Option{"-dependency_info", 1, Effect::Ignore},
    Option{"-pagezero_size", 1, Effect::Ignore},
    Option{"-stack_size", 1, Effect::Ignore},
    Option{"-headerpad", 1, Effect::Ignore},
    Option{"-image_base", 1, Effect::Ignore},
    Option{"-umbrella", 1, Effect::Ignore},
    Option{"-sub_library", 1, Effect::Ignore},
    Option{"-sub_umbrella", 1, Effect::Ignore},
    Option{"-client_name", 1, Effect::Ignore},
    Option{"-allowable_client", 1, Effect::Ignore},
    Option{"-segprot", 3, Effect::Ignore},
    Option{"-sectcreate", 3, Effect::Ignore},
    Option{"-segaddr", 2, Effect::Ignore},
    Option{"-section_order", 2, Effect::Ignore},
    Option{"-rename_section", 4, Effect::Ignore},
    Option{"-rename_segment", 2, Effect::Ignore},
    Option{"-alias", 2, Effect::Ignore},
    Option{"-oso_prefix", 1, Effect::Ignore},
};

/// Longest first: `-L` begins several words.
constexpr std::array prefixes = {
    Option{"-weak-l", 0, Effect::Library},   Option{"-needed-l", 0, Effect::Library},
    Option{"-hidden-l", 0, Effect::Library}, Option{"-reexport-l", 0, Effect::Library},
    Option{"-upward-l", 0, Effect::Library}, Option{"-l", 0, Effect::Library},
    Option{"-L", 0, Effect::LibraryPath},
};

class Reader {
 public:
  Reader(const std::vector<std::string>& words, Plan& plan) : words_(words), plan_(plan) {}

  void read() {
    plan_.archive_order_matters = false;
    plan_.objects_name_libraries = true;
    bool all_whole = false;
    for (at_ = 0; at_ < words_.size(); ++at_) {
      const std::string& word = words_[at_];
      if (!word.starts_with('-')) {
        add(word);
        continue;
      }
      const auto option =
          std::find_if(options.begin(), options.end(), [&](const Option& row) { return row.name == word; });
      if (option != options.end()) {
        const std::string value =
            option->values != 0 && at_ + 1 < words_.size() ? words_[at_ + 1] : std::string();
        at_ += option->values;
        all_whole |= option->effect == Effect::AllArchivesWhole;
        take(option->effect, word, value);
        continue;
      }
      for (const Option& prefix : prefixes) {
        if (!word.starts_with(prefix.name)) continue;
        std::string rest = word.substr(prefix.name.size());
        if (rest.empty() && at_ + 1 < words_.size()) rest = words_[++at_];
        take(prefix.effect, word, rest);
        break;
      }
    }
    if (all_whole)
      for (Input& input : plan_.inputs) input.whole_archive = true;
  }

 private:
  void add(const std::string& file, bool library = false, bool whole = false) {
    if (!file.empty()) plan_.inputs.push_back({.name = file, .is_library = library, .whole_archive = whole});
  }

  void take(Effect effect, const std::string& word, const std::string& value) {
    switch (effect) {
      case Effect::Output:
        plan_.output_path = value;
        return;
      case Effect::Sysroot:
        plan_.sysroot = value;
        return;
      case Effect::Dylib:
        plan_.output = Output::Shared;
        return;
      case Effect::Relocatable:
        plan_.output = Output::Relocatable;
        plan_.allow_undefined = true;
        return;
      case Effect::Entry:
        plan_.entry = value;
        return;
      case Effect::Undefined:
        plan_.required.push_back(value);
        return;
      case Effect::WholeArchive:
        return add(value, false, true);
      case Effect::Library:
        return add(value, true);
      case Effect::LibraryPath:
        plan_.search_directories.push_back(value);
        return;
      case Effect::File:
        return add(value);
      case Effect::FileList:
        return read_list(value);
      case Effect::UndefinedTreatment:
        plan_.allow_undefined = value == "dynamic_lookup" || value == "suppress" || value == "warning";
        return;
      case Effect::Framework:
        plan_.omitted.push_back(word + " " + value);
        return;
      case Effect::Ignore:
      case Effect::AllArchivesWhole:
        return;
    }
  }

  /// `FILE[,DIRECTORY]`: an input a line, in that directory.
  void read_list(const std::string& value) {
    const std::size_t comma = value.find(',');
    std::ifstream list(value.substr(0, comma));
    if (!list) {
      plan_.omitted.push_back("-filelist " + value);
      return;
    }
    std::string line;
    while (std::getline(list, line))
      if (!line.empty()) add(comma == std::string::npos ? line : value.substr(comma + 1) + "/" + line);
  }

  const std::vector<std::string>& words_;
  Plan& plan_;
  std::size_t at_ = 0;
};

}  // namespace

bool is_apple_linker(std::string_view program) {
  return program == "ld64" || program == "ld64.lld" || program == "ld-classic" || program == "ld-prime";
}

bool has_apple_words(const std::vector<std::string>& arguments) {
  constexpr std::array<std::string_view, 8> words = {
      "-platform_version", "-syslibroot",      "-macosx_version_min",   "-macos_version_min",
      "-dynamiclib",       "-ios_version_min", "-iphoneos_version_min", "-dead_strip"};
  return std::any_of(arguments.begin(), arguments.end(), [&](const std::string& argument) {
    return std::find(words.begin(), words.end(), argument) != words.end() ||
           argument.starts_with("-mmacosx-version-min") || argument.starts_with("-miphoneos-version-min") ||
           argument.starts_with("-Wl,-dead_strip") || argument.find("-apple-") != std::string::npos;
  });
}

void read_apple_words(const std::vector<std::string>& words, Plan& plan) {
  Reader(words, plan).read();
}

}  // namespace linkdx::link
