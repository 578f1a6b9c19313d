// Reading a link command.
//
// A linker reads its command from left to right: options such as --whole-archive or -Bstatic hold from their
// place on, and an archive's place decides what it is searched for. A compiler driver hands on what is after
// -Wl, and -Xlinker and adds its own start files and libraries; those are named in the plan, for the replay
// to find.
//
// Sources: the manual of GNU ld (Options), lld/ELF/Driver.cpp (createFiles), gcc/gcc.cc (LINK_COMMAND_SPEC,
// lib spec).

#include <algorithm>
#include <array>
#include <filesystem>

#include "abridged.hpp"
#include "linkdx/language.hpp"
#include "linkdx/link.hpp"
#include "options.hpp"
#include "other_linkers.hpp"

namespace linkdx::link {

namespace {

/// What --push-state saves.
struct PositionState {
  bool whole_archive = false, as_needed = false, static_only = false;
};

std::string_view base_name(std::string_view path) {
  return path.substr(path.find_last_of("/\\") + 1);
}

bool ends_as_linker(std::string_view name) {
  constexpr std::array<std::string_view, 13> linkers = {
      "ld",       "ld.bfd",  "ld.gold", "gold",    "ld.lld", "lld",     "rust-lld",
      "ld64.lld", "ld.mold", "mold",    "ld.wild", "wild",   "collect2"};
  return std::any_of(linkers.begin(), linkers.end(), [&](std::string_view linker) {
    return name == linker || (name.ends_with(linker) && name[name.size() - linker.size() - 1] == '-');
  });
}

/// `ld.lld-19` and `ld.lld.exe` without their endings.
std::string_view program_name(std::string_view path) {
  std::string_view name = base_name(path);
  if (name.ends_with(".exe")) name.remove_suffix(4);
  const std::size_t dash = name.find_last_of('-');
  if (dash != std::string_view::npos && dash + 1 < name.size() &&
      name.find_first_not_of("0123456789.", dash + 1) == std::string_view::npos)
    name = name.substr(0, dash);
  return name;
}

/// Linkers for which an archive serves earlier and later references alike.
bool remembers_archives(std::string_view linker) {
  constexpr std::array<std::string_view, 4> marks = {"lld", "mold", "wild", "ld64"};
  return std::any_of(marks.begin(), marks.end(),
                     [&](std::string_view mark) { return linker.find(mark) != std::string_view::npos; });
}

bool is_cxx_driver(std::string_view name) {
  return name.ends_with("++") || name.ends_with("++-posix");
}

class PlanReader {
 public:
  PlanReader(const std::vector<std::string>& arguments, const std::string& directory,
             std::vector<Skipped>& problems)
      : arguments_(arguments), problems_(problems), directory_(directory) {}

  Plan read() {
    std::size_t first = 0;
    std::string_view program;
    if (!arguments_.empty() && !arguments_.front().starts_with('-') && !arguments_.front().starts_with('@')) {
      program = program_name(arguments_.front());
      first = 1;
    }
    plan_.driver = !ends_as_linker(program);
    if (!plan_.driver) use_linker(program);
    const bool windows = is_windows_linker(program);
    apple_ = !windows && (is_apple_linker(program) || has_apple_words(arguments_));
    if (windows) plan_.driver = false;
    default_libraries_ = start_files_ = plan_.driver;
    cxx_ = is_cxx_driver(program);
    const std::vector<std::string> rest = artifact::expand_response_files(
        {arguments_.begin() + static_cast<std::ptrdiff_t>(first), arguments_.end()}, directory_, problems_);
    if (windows) {
      read_windows_words(rest, plan_);
      return std::move(plan_);
    }
    if (plan_.driver)
      read_driver(rest);
    else if (apple_)
      read_apple_words(rest, plan_);
    else
      read_linker(rest);
    finish();
    return std::move(plan_);
  }

 private:
  /// A driver's words; those for the linker are collected in order and read as the linker reads them.
  void read_driver(const std::vector<std::string>& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string& argument = arguments[i];
      if (!argument.starts_with('-') || argument == "-") {
        add_files(argument, [this](std::string file) { to_linker(std::move(file)); });
        continue;
      }
      std::string_view attached;
      const Option* option = find_option(argument, true, attached);
      if (!option)
        continue;  // a compiler option: drivers have hundreds, and those without a value are harmless
      std::string value(attached);
      if (option->value == Value::Separate || (option->value == Value::Either && attached.empty())) {
        if (++i >= arguments.size())
          return fault(argument, say("option without its value at the end of the command"));
        value = arguments[i];
      }
      if (apple_ && argument == "-isysroot") plan_.sysroot = value;
      take_driver(*option, argument, value);
    }
    flush();
  }

  void take_driver(const Option& option, const std::string& argument, const std::string& value) {
    switch (option.effect) {
      case Effect::PassCommaList:
        return pass_comma_list(value);
      case Effect::PassToLinker:
        return to_linker(value);
      case Effect::UseLinker:
        return use_linker(program_name(value));
      case Effect::NoStandardLibraries:
        default_libraries_ = start_files_ = false;
        return;
      case Effect::NoDefaultLibraries:
        default_libraries_ = false;
        return;
      case Effect::NoStartFiles:
        start_files_ = false;
        return;
      case Effect::NoLibc:
        libc_ = false;
        return;
      case Effect::Pthread:
        pthread_ = true;
        return;
      case Effect::OpenMp:
        openmp_ = true;
        return;
      case Effect::RuntimeLibrary:
        compiler_rt_ = value == "compiler-rt";
        return;
      case Effect::StandardLibrary:
        libcxx_ = value == "libc++";
        return;
      case Effect::UnwindLibrary:
        llvm_unwind_ = value == "libunwind";
        return;
      case Effect::Instrument:
        for (std::string& name : instrumented_names(argument)) plan_.runtime_names.push_back(std::move(name));
        return;
      case Effect::Framework:
        plan_.omitted.push_back(argument + " " + value);
        return;
      case Effect::Entry:
        plan_.entry = value;
        return;
      case Effect::ExportDynamic:
        plan_.export_dynamic = true;
        return;
      case Effect::StaticPie:
        plan_.static_link = true;
        return to_linker("-static");
      case Effect::SearchPrefix:
        return;  // where the driver finds its programs and start files
      case Effect::Ignore:
        return;
      case Effect::LibraryPath:
        return to_linker("-L" + value);
      case Effect::Library:
        return to_linker("-l" + value);
      case Effect::Sysroot:
        plan_.sysroot = value;
        return;
      case Effect::Output:
        plan_.output_path = value;
        return;
      case Effect::Undefined:
        plan_.undefined.push_back(value);
        return;
      case Effect::Script:
        return to_linker("-T" + value);
      case Effect::Keyword:
        to_linker("-z");
        return to_linker(value);
      default:
        return to_linker(argument);
    }
  }

  void pass_comma_list(std::string_view list) {
    while (true) {
      const std::size_t comma = list.find(',');
      if (comma != 0 && !list.empty()) to_linker(std::string(list.substr(0, comma)));
      if (comma == std::string_view::npos) return;
      list.remove_prefix(comma + 1);
    }
  }

  /// A word that names a file, or in an abridged command several.
  template <class Take>
  void add_files(const std::string& word, Take take) {
    Abridged named = expand_abridged(word, directory_);
    for (std::string& file : named.files) take(std::move(file));
    std::move(named.omitted.begin(), named.omitted.end(), std::back_inserter(plan_.omitted));
  }

  void to_linker(std::string argument) { pending_.push_back(std::move(argument)); }
  void flush() {
    // A response file may be handed on, as in -Wl,@FILE.
    const std::vector<std::string> words =
        artifact::expand_response_files(std::move(pending_), directory_, problems_);
    if (apple_)
      read_apple_words(words, plan_);
    else
      read_linker(words);
    pending_.clear();
  }

  void read_linker(const std::vector<std::string>& arguments) {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      const std::string& argument = arguments[i];
      if (argument == "(" || argument == ")") {
        group(argument == "(");
        continue;
      }
      if (!argument.starts_with('-') || argument == "-") {
        add_files(argument, [this](const std::string& file) { add_input(file, false); });
        continue;
      }
      std::string_view attached;
      const Option* option = find_option(argument, false, attached);
      if (!option) {
        if (!is_harmless(argument)) plan_.unknown.push_back(argument);
        continue;
      }
      std::string value(attached);
      const bool equals_missing = option->value == Value::Equals && argument.find('=') == std::string::npos;
      if (option->value == Value::Separate || (option->value == Value::Either && attached.empty()) ||
          equals_missing) {
        if (++i >= arguments.size())
          return fault(argument, say("option without its value at the end of the command"));
        value = arguments[i];
      }
      take_linker(*option, argument, value);
    }
  }

  /// An option with its value behind `=` cannot swallow an input; only a lone unknown word could.
  static bool is_harmless(std::string_view argument) { return argument.find('=') != std::string_view::npos; }

  void take_linker(const Option& option, const std::string& argument, const std::string& value) {
    switch (option.effect) {
      case Effect::Library:
        return add_input(value, true);
      case Effect::LibraryPath:
        plan_.search_directories.push_back(value);
        return;
      case Effect::Output:
        plan_.output_path = value;
        return;
      case Effect::Undefined:
        plan_.undefined.push_back(value);
        return;
      case Effect::RequireDefined:
        plan_.required.push_back(value);
        return;
      case Effect::Sysroot:
        plan_.sysroot = value;
        return;
      case Effect::Script:
        return add_input(value, false);
      case Effect::StaticLibraries:
        position_.static_only = true;
        return;
      case Effect::StaticLink:
        plan_.static_link = position_.static_only = true;
        return;
      case Effect::SharedLibraries:
        position_.static_only = false;
        return;
      case Effect::Shared:
        plan_.output = Output::Shared;
        return;
      case Effect::Relocatable:
        plan_.output = Output::Relocatable;
        return;
      case Effect::GroupStart:
        return group(true);
      case Effect::GroupEnd:
        return group(false);
      case Effect::WholeArchive:
        position_.whole_archive = true;
        return;
      case Effect::NoWholeArchive:
        position_.whole_archive = false;
        return;
      case Effect::AsNeeded:
        position_.as_needed = true;
        return;
      case Effect::NoAsNeeded:
        position_.as_needed = false;
        return;
      case Effect::PushState:
        saved_.push_back(position_);
        return;
      case Effect::PopState:
        if (saved_.empty()) return fault(argument, say("--pop-state without --push-state"));
        position_ = saved_.back();
        saved_.pop_back();
        return;
      case Effect::GcSections:
        plan_.gc_sections = true;
        return;
      case Effect::NoGcSections:
        plan_.gc_sections = false;
        return;
      case Effect::AllowMultiple:
        plan_.allow_multiple_definition = true;
        return;
      case Effect::AllowUndefined:
        unresolved_ = true;
        return;
      case Effect::NoUndefined:
        no_undefined_ = true;
        return;
      case Effect::UnresolvedSymbols:
        unresolved_ = value == "ignore-all" || value == "ignore-in-object-files";
        return;
      case Effect::Keyword:
        return keyword(value);
      case Effect::Defsym:
        plan_.defined.push_back(value.substr(0, value.find('=')));
        return;
      case Effect::Wrap:
        plan_.wrapped.push_back(value);
        return;
      case Effect::DenyMultiple:
        plan_.allow_multiple_definition = false;
        return;
      case Effect::Entry:
        plan_.entry = value;
        return;
      case Effect::ExportDynamic:
        plan_.export_dynamic = true;
        return;
      case Effect::NoExportDynamic:
        plan_.export_dynamic = false;
        return;
      case Effect::LibraryObjects:
        lazy_ = true;
        return;
      case Effect::EndLibraryObjects:
        lazy_ = false;
        return;
      case Effect::Flavour:
        return use_linker("lld");
      case Effect::InputFormat:
        if (value == "binary") plan_.unknown.push_back(argument);
        return;
      default:
        return;
    }
  }

  void use_linker(std::string_view program) {
    plan_.archive_order_matters = !remembers_archives(program);
    const auto is = [&](std::string_view name) { return program.find(name) != std::string_view::npos; };
    plan_.first_copy_by_position = is("mold");
    plan_.bounded_sections = is("lld")    ? BoundedSections::None
                             : is("mold") ? BoundedSections::All
                                          : BoundedSections::Referenced;
  }

  void keyword(const std::string& value) {
    if (value == "start-stop-gc") plan_.bounded_sections = BoundedSections::None;
    if (value == "nostart-stop-gc") plan_.bounded_sections = BoundedSections::Referenced;
    if (value == "defs") no_undefined_ = true;
    if (value == "undefs") unresolved_ = true;
    if (value == "muldefs") plan_.allow_multiple_definition = true;
  }

  void group(bool start) {
    if (start && group_ < 0) group_ = groups_++;
    if (!start) group_ = -1;
  }

  void add_input(const std::string& name, bool library) {
    if (name.empty()) return;
    plan_.inputs.push_back({.name = name,
                            .is_library = library,
                            .whole_archive = position_.whole_archive,
                            .as_needed = position_.as_needed,
                            .static_only = position_.static_only,
                            .group = group_,
                            .lazy = lazy_ && !library});
  }

  void fault(const std::string& argument, std::string why) {
    problems_.push_back({argument, std::move(why)});
  }

  void finish() {
    // A library of ELF may leave references for its users to define; a program may not, nor may Apple's
    // libraries.
    if (!apple_)
      plan_.allow_undefined = unresolved_ || plan_.output == Output::Relocatable ||
                              (plan_.output == Output::Shared && !no_undefined_);
    if (plan_.output == Output::Relocatable) default_libraries_ = start_files_ = false;
    plan_.start_files = start_files_;
    if (!default_libraries_) return;
    std::vector<std::string>& libraries = plan_.implicit_libraries;
    if (apple_) {
      if (cxx_) libraries.push_back("c++");
      libraries.push_back("System");
      return;
    }
    if (cxx_) libraries.insert(libraries.end(), {libcxx_ ? "c++" : "stdc++", "m"});
    if (openmp_) libraries.push_back("gomp");
    if (pthread_) libraries.push_back("pthread");
    libraries.push_back(compiler_rt_ ? "clang_rt.builtins" : "gcc");
    libraries.push_back(llvm_unwind_ ? "unwind" : plan_.static_link ? "gcc_eh" : "gcc_s");
    if (libc_) libraries.push_back("c");
  }

  const std::vector<std::string>& arguments_;
  std::vector<Skipped>& problems_;
  std::string directory_;
  Plan plan_;
  std::vector<std::string> pending_;
  PositionState position_;
  std::vector<PositionState> saved_;
  int group_ = -1, groups_ = 0;
  bool apple_ = false;
  bool default_libraries_ = false, start_files_ = false, libc_ = true, cxx_ = false;
  bool pthread_ = false, openmp_ = false, compiler_rt_ = false, libcxx_ = false, llvm_unwind_ = false,
       lazy_ = false;
  bool unresolved_ = false, no_undefined_ = false;
};

}  // namespace

Plan plan_from_command(const std::vector<std::string>& arguments, const std::string& directory,
                       std::vector<Skipped>& problems) {
  return PlanReader(arguments, directory, problems).read();
}

}  // namespace linkdx::link
