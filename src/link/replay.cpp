// The link, replayed: every input found and opened, symbols resolved in order, and what is missing explained.
//
// A replay is only as good as its inputs. Whatever cannot be found or read is named, and then the absence of
// a definition proves nothing: `complete` says so.

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "catalogue.hpp"
#include "kept.hpp"
#include "directives.hpp"
#include "linkdx/language.hpp"
#include "linkdx/link.hpp"
#include "reserved.hpp"
#include "resolver.hpp"
#include "search.hpp"

namespace linkdx::link {

namespace {

using artifact::Kind;

/// An input with its file.
struct Opened {
  const artifact::File* file = nullptr;
  Input input;
};

/// The resolver's answers, for as long as somebody asks.
class Settled final : public Outcome {
 public:
  Settled(const Plan& plan, Resolver resolver, std::set<const artifact::Object*> implicit)
      : resolver_(std::move(resolver)), implicit_(std::move(implicit)) {
    if (plan.gc_sections) kept_.emplace(plan, resolver_);
  }
  const artifact::Object* definer(std::string_view name) const override {
    const std::optional<Resolver::Definition> definition = resolver_.definition(name);
    return definition ? definition->object : nullptr;
  }
  bool keeps(const artifact::Object& object, std::uint32_t section) const override {
    return !resolver_.is_discarded(object, section) && (!kept_ || kept_->keeps(object, section));
  }
  bool is_implicit(const artifact::Object& object) const override { return implicit_.contains(&object); }

 private:
  Resolver resolver_;
  std::optional<KeptSections> kept_;
  std::set<const artifact::Object*> implicit_;
};

class Link {
 public:
  Link(const Plan& plan, const std::string& directory, artifact::Store& store)
      : plan_(plan), store_(store), search_(plan, directory, store), resolver_(!plan.archive_order_matters) {}

  Replay run(const SameFamily& same_family) {
    result_.complete = plan_.unknown.empty() && plan_.omitted.empty();
    for (const std::string& name : plan_.wrapped) resolver_.wrap(name);
    decide_machine();
    if (format() == artifact::Format::MachO) resolver_.remember_archives();
    if (plan_.start_files && plan_.output == Output::Executable) add_start_files();
    const std::size_t start_files = resolver_.linked().size();
    for (const std::string& name : plan_.undefined) resolver_.require(name);
    for (const std::string& name : plan_.required) resolver_.require(name);
    for (const std::string& name : plan_.defined) resolver_.define(name);
    std::vector<Opened> inputs;
    for (const Input& input : plan_.inputs) open_input(input, inputs, 0);
    process(inputs);
    if (plan_.objects_name_libraries) add_named_libraries();
    const std::size_t named = resolver_.linked().size();
    add_implicit_libraries();
    resolve_needed_libraries();
    if (plan_.first_copy_by_position) resolver_.keep_first_copies(objects_in_order());
    report(same_family);
    std::set<const artifact::Object*> implicit;
    for (std::size_t i = 0; i < resolver_.linked().size(); ++i)
      if (i < start_files || i >= named) implicit.insert(resolver_.linked()[i]);
    result_.outcome = std::make_shared<Settled>(plan_, std::move(resolver_), std::move(implicit));
    return std::move(result_);
  }

 private:
  /// The first object decides, as it does for a linker without -m.
  void decide_machine() {
    for (const bool archives : {false, true}) {
      for (const Input& input : plan_.inputs) {
        if (input.is_library) continue;
        const Found found = search_.path(input.name);
        if (!found.file || (!artifact::is_relocatable(found.file->kind()) && !archives)) continue;
        if (const artifact::Machine* machine = machine_of(*found.file)) {
          result_.machine = *machine;
          search_.set_machine(*machine);
          resolver_.set_machine(*machine);
          return;
        }
      }
    }
  }

  artifact::Format format() const {
    return result_.machine ? result_.machine->format : artifact::Format::Unknown;
  }

  /// Libraries that objects ask for, again until none asks for more. Those that are not here leave the link
  /// incomplete.
  void add_named_libraries() {
    std::set<std::string> asked;
    for (std::size_t i = 0; i < resolver_.linked().size(); ++i)
      for (const std::string& directive : resolver_.linked()[i]->directives())
        for (const Input& input : inputs_of_directive(directive, plan_)) {
          if (!asked.insert(input.name).second) continue;
          const Found found =
              input.is_library ? search_.find_library(input.name, false) : search_.path(input.name);
          std::vector<Opened> opened;
          if (found.file)
            open_input(input, opened, 0);
          else
            result_.complete = false;
          process(opened);
        }
  }

  /// As they stand on the command line, archives' members in the order of the archive.
  std::vector<const artifact::Object*> objects_in_order() const {
    std::vector<const artifact::Object*> result;
    for (const artifact::File* file : result_.inputs)
      for (const std::unique_ptr<artifact::Object>& object : file->objects()) result.push_back(object.get());
    return result;
  }

  void unusable(const Input& input, const Found& found) {
    // A file for another machine was read, and gives nothing. In place of a library another one is missing.
    if (!found.wrong_machine || input.is_library) result_.complete = false;
    Unusable entry{.name = input.is_library ? "-l" + input.name : input.name,
                   .reason = found.rejected_reason,
                   .candidates = found.candidates,
                   .not_found = found.rejected_reason.empty(),
                   .wrong_machine = found.wrong_machine};
    if (entry.not_found)
      entry.reason = input.is_library ? say("not found in any search directory") : say("no such file");
    result_.unusable.push_back(std::move(entry));
  }

  void open_input(const Input& input, std::vector<Opened>& opened, int depth) {
    if (depth > 8) return unusable(input, {.rejected_reason = say("linker scripts that name each other")});
    const Found found =
        input.is_library ? search_.find_library(input.name, input.static_only) : search_.path(input.name);
    if (!found.file) return unusable(input, found);
    if (!found.file->problems().empty()) {
      result_.complete = false;
      result_.unusable.push_back(
          {.name = found.file->path(), .reason = found.file->problems().front().reason, .candidates = {}});
    }
    if (found.file->kind() != Kind::LinkerScript) {
      opened.push_back({found.file, input});
      return;
    }
    // The inputs of a script's GROUP are a group; INPUT's are few enough to be treated alike.
    Input inner = input;
    if (inner.group < 0) inner.group = script_group_--;
    for (const artifact::File::ScriptInput& named : found.file->script_inputs()) {
      inner.is_library = named.name.starts_with("-l");
      inner.name = inner.is_library ? named.name.substr(2) : named.name;
      inner.as_needed = input.as_needed || named.as_needed;
      open_input(inner, opened, depth + 1);
    }
  }

  void process(const std::vector<Opened>& inputs) {
    for (std::size_t i = 0; i < inputs.size();) {
      std::size_t end = i + 1;
      const int group = inputs[i].input.group;
      while (group != -1 && end < inputs.size() && inputs[end].input.group == group) ++end;
      // A group is searched until it gives nothing more; an input of its own is a group of one.
      bool again = true;
      for (bool first = true; again; first = false) {
        again = false;
        for (std::size_t at = i; at < end; ++at) again |= add(inputs[at], first);
        again &= group != -1;
      }
      i = end;
    }
  }

  /// Returns whether the link grew.
  bool add(const Opened& opened, bool first) {
    const artifact::File& file = *opened.file;
    const std::size_t before = resolver_.linked().size();
    if (first && inputs_.insert(&file).second) result_.inputs.push_back(&file);
    switch (file.kind()) {
      case Kind::Archive:
      case Kind::ThinArchive:
        if (first && !check_archive(file)) break;
        if (opened.input.whole_archive) {
          for (const std::unique_ptr<artifact::Object>& member : file.objects())
            if (is_linkable(*member)) resolver_.add_object(*member);
        } else if (!without_index_.contains(&file)) {
          resolver_.add_archive(file);
        }
        break;
      case Kind::ElfShared:
      case Kind::MachOShared:
      case Kind::PeShared:
        resolver_.add_shared(object_for_machine(file), opened.input.as_needed);
        break;
      case Kind::ElfRelocatable:
      case Kind::MachO:
      case Kind::Coff:
      case Kind::CoffImport:
      case Kind::Bitcode:
      case Kind::GccLto:
      case Kind::Wasm: {
        const artifact::Object& object = object_for_machine(file);
        if (first && !same_machine(object)) break;
        if (opened.input.lazy)
          resolver_.add_lazy_object(object);
        else
          resolver_.add_object(object);
        break;
      }
      default:
        if (first) fault(file, say("a {} is no input of a link", artifact::name_of(file.kind())));
        break;
    }
    return resolver_.linked().size() != before;
  }

  /// Universal files and text stubs hold one object for each machine; the others hold one.
  const artifact::Object& object_for_machine(const artifact::File& file) const {
    if (result_.machine)
      for (const std::unique_ptr<artifact::Object>& object : file.objects())
        if (!artifact::why_incompatible(*result_.machine, object->machine())) return *object;
    return *file.objects().front();
  }

  static bool is_linkable(const artifact::Object& object) {
    return artifact::is_relocatable(object.kind()) || object.kind() == Kind::Bitcode ||
           object.kind() == Kind::GccLto || object.kind() == Kind::CoffImport;
  }

  void fault(const artifact::File& file, std::string reason) {
    result_.complete = false;
    result_.unusable.push_back({.name = file.path(), .reason = std::move(reason), .candidates = {}});
  }

  bool same_machine(const artifact::Object& object) {
    if (!result_.machine) return true;
    const std::optional<std::string> why = artifact::why_incompatible(*result_.machine, object.machine());
    if (!why) return true;
    result_.unusable.push_back(
        {.name = object.label(), .reason = *why, .candidates = {}, .wrong_machine = true});
    return false;
  }

  /// GNU ld searches an archive through its index only. The others read the members.
  bool check_archive(const artifact::File& file) {
    if (!plan_.archive_order_matters || file.has_archive_index() || file.objects().empty()) return true;
    const bool offers = std::any_of(file.objects().begin(), file.objects().end(), [](const auto& member) {
      bool defines = false;
      member->visit_symbols(
          [&](const artifact::Symbol& symbol) { defines |= symbol.state != artifact::State::Undefined; });
      return defines;
    });
    if (!offers) return true;
    without_index_.insert(&file);
    result_.unusable.push_back(
        {.name = file.path(),
         .reason = say("archive has no index (made by ranlib or ar s), so GNU ld does not search it"),
         .candidates = {}});
    return true;
  }

  void add_start_files() {
    const bool fixed = plan_.static_link;
    if (format() == artifact::Format::MachO) return;  // since macOS 10.8 there are none
    if (format() == artifact::Format::Coff) {
      for (const char* name : {"crt2.o", "crtbegin.o", "crtend.o"}) {
        const Found found = search_.standard_file(name);
        if (found.file && found.file->kind() == Kind::Coff)
          resolver_.add_object(*found.file->objects().front());
      }
      return;
    }
    for (const char* name : {fixed ? "crt1.o" : "Scrt1.o", "crti.o", fixed ? "crtbeginT.o" : "crtbeginS.o",
                             "crtend.o", "crtn.o"}) {
      const Found found = search_.standard_file(name);
      if (found.file && !found.file->objects().empty() && found.file->kind() == Kind::ElfRelocatable)
        resolver_.add_object(*found.file->objects().front());
    }
  }

  /// MinGW's C library is in several, and comes with Windows' own. Source: the specs of GCC, `gcc -dumpspecs`
  /// (*libgcc, *lib).
  std::vector<std::string> implicit_libraries() const {
    std::vector<std::string> libraries = plan_.implicit_libraries;
    if (format() != artifact::Format::Coff || libraries.empty()) return libraries;
    std::erase(libraries, "gcc_s");
    std::erase(libraries, "c");
    for (const char* name :
         {"gcc_eh", "mingw32", "moldname", "mingwex", "msvcrt", "advapi32", "shell32", "user32", "kernel32"})
      libraries.emplace_back(name);
    return libraries;
  }

  /// GCC and clang end the command with these, libgcc and libc in a group when static; a group is right for
  /// both.
  void add_implicit_libraries() {
    std::vector<Opened> libraries;
    for (const std::string& name : implicit_libraries()) {
      const Input input{.name = name,
                        .is_library = true,
                        .as_needed = true,
                        .static_only = plan_.static_link,
                        .group = 1 << 30};
      // The command does not name it, so it is no fault of the command that it is not here.
      if (search_.find_library(name, plan_.static_link).file)
        open_input(input, libraries, 0);
      else
        result_.complete = false;
    }
    for (Opened& opened : libraries) opened.input.group = 1 << 30;
    process(libraries);
  }

  /// References of shared libraries are met by the libraries that those name themselves, and by theirs.
  void resolve_needed_libraries() {
    std::vector<const artifact::Object*> queue;
    for (const artifact::Object* object : resolver_.linked())
      if (object->kind() == Kind::ElfShared) queue.push_back(object);
    std::set<const artifact::Object*> seen(queue.begin(), queue.end());
    for (std::size_t i = 0; i < queue.size(); ++i) {
      for (const std::string_view name : queue[i]->needed()) {
        const auto is_linked = [&](const artifact::Object* object) { return object->soname() == name; };
        if (std::any_of(queue.begin(), queue.end(), is_linked)) continue;
        const Found found = search_.needed(std::string(name));
        if (!found.file || found.file->kind() != Kind::ElfShared) {
          needed_missing_ = true;
          continue;
        }
        const artifact::Object* library = found.file->objects().front().get();
        if (!seen.insert(library).second) continue;
        resolver_.add_indirect(*library);
        queue.push_back(library);
      }
    }
  }

  void report(const SameFamily& same_family) {
    result_.linked = resolver_.linked();
    for (const artifact::Object* object : resolver_.foreign())
      result_.unusable.push_back({.name = object->label(),
                                  .reason = *artifact::why_incompatible(*result_.machine, object->machine()),
                                  .candidates = {},
                                  .wrong_machine = true});
    result_.duplicates = resolver_.duplicates();
    std::sort(result_.duplicates.begin(), result_.duplicates.end(),
              [](const Duplicate& a, const Duplicate& b) { return a.name < b.name; });
    std::set<const artifact::Object*> input_objects;
    for (const artifact::File* file : inputs_)
      for (const std::unique_ptr<artifact::Object>& object : file->objects())
        input_objects.insert(object.get());
    for (const Input& input : plan_.inputs) add_unreached(input);
    std::vector<Resolver::Missing> missing = resolver_.missing();
    std::erase_if(missing, [this](const Resolver::Missing& one) { return !is_error(one); });
    if (missing.empty()) return;
    drop_unused_references(missing);
    if (missing.empty()) return;
    Catalogue catalogue;
    for (const artifact::File* file : store_.files()) catalogue.add(*file);
    for (const Resolver::Missing& one : missing)
      result_.undefined.push_back(explain(one, catalogue, input_objects, same_family));
    std::sort(result_.undefined.begin(), result_.undefined.end(),
              [](const Undefined& a, const Undefined& b) { return a.name < b.name; });
  }

  void add_unreached(const Input& input) {
    const Found found =
        input.is_library ? search_.find_library(input.name, input.static_only) : search_.path(input.name);
    if (!found.file || !inputs_.contains(found.file) || !listed_.insert(found.file).second) return;
    for (const std::unique_ptr<artifact::Object>& object : found.file->objects())
      if (object->kind() != Kind::RustMetadata && !resolver_.is_linked(*object))
        result_.unreached.push_back(object.get());
  }

  /// A linker misses a symbol where a relocation needs its address: not when the symbol table alone names it,
  /// when another object's copy of the COMDAT group was taken, or when --gc-sections discards the section.
  void drop_unused_references(std::vector<Resolver::Missing>& missing) const {
    std::optional<KeptSections> kept;
    if (plan_.gc_sections) kept.emplace(plan_, resolver_);
    const auto is_used = [&](const std::pair<const artifact::Object*, std::uint32_t>& reference) {
      const auto& [object, index] = reference;
      if (!artifact::is_relocatable(object->kind()) || object->kind() == Kind::Wasm) return true;
      const std::vector<artifact::Use> uses = object->uses(index);
      return std::any_of(uses.begin(), uses.end(), [&](const artifact::Use& use) {
        return !resolver_.is_discarded(*object, use.section) && (!kept || kept->keeps(*object, use.section));
      });
    };
    std::erase_if(missing, [&](const Resolver::Missing& one) {
      const std::string_view section = bounded_section(one.name);
      return !section.empty() && has_section(section, kept);
    });
    for (Resolver::Missing& one : missing)
      std::erase_if(one.references, [&](const auto& reference) { return !is_used(reference); });
    std::erase_if(missing, [this](const Resolver::Missing& one) {
      return one.references.empty() &&
             std::find(plan_.required.begin(), plan_.required.end(), one.name) == plan_.required.end();
    });
  }

  /// Code that is still to be generated, from bitcode, may bring any section.
  bool has_section(std::string_view name, const std::optional<KeptSections>& kept) const {
    return std::any_of(resolver_.linked().begin(), resolver_.linked().end(),
                       [&](const artifact::Object* object) {
                         if (object->kind() == Kind::Bitcode || object->kind() == Kind::GccLto) return true;
                         if (object->kind() != Kind::ElfRelocatable) return false;
                         const std::vector<artifact::Section> sections = object->sections();
                         for (std::uint32_t i = 1; i < sections.size(); ++i)
                           if (sections[i].name == name && (!kept || kept->keeps(*object, i))) return true;
                         return false;
                       });
  }

  /// Defined by a run-time library that the driver adds for one of its flags.
  bool is_runtime_name(std::string_view name) const {
    return std::any_of(plan_.runtime_names.begin(), plan_.runtime_names.end(), [&](std::string_view known) {
      return known.ends_with('*') ? name.starts_with(known.substr(0, known.size() - 1)) : name == known;
    });
  }

  /// PE: the pointer `__imp_f` to a function of the same link, and data that only an import's pointer leads
  /// to (MinGW's auto-import). Source: lld/COFF/SymbolTable.cpp (handleMinGWAutomaticImport,
  /// loadMinGWSymbols), ld's manual on --enable-auto-import.
  bool is_made_by_linker(std::string_view name) const {
    if (format() == artifact::Format::MachO) return is_reserved_by(name, macho_reserved_names);
    if (format() != artifact::Format::Coff) return false;
    constexpr std::string_view pointer = "__imp_";
    if (is_reserved_by(name, coff_reserved_names)) return true;
    if (name.starts_with(pointer)) return resolver_.is_defined(name.substr(pointer.size()));
    return !plan_.objects_name_libraries && resolver_.is_defined(std::string(pointer) + std::string(name));
  }

  bool is_error(const Resolver::Missing& missing) const {
    if (is_runtime_name(missing.name) || is_made_by_linker(missing.name)) return false;
    if (missing.from_library)
      return plan_.output == Output::Executable && !needed_missing_ && !plan_.allow_undefined;
    return !plan_.allow_undefined || missing.hidden;
  }

  Undefined explain(const Resolver::Missing& missing, const Catalogue& catalogue,
                    const std::set<const artifact::Object*>& inputs, const SameFamily& same_family) const {
    Undefined result{.name = missing.name};
    std::vector<Mention> mentions;
    for (const auto& [object, index] : missing.references)
      mentions.push_back({.object = object, .index = index});
    std::vector<const Mention*> references;
    for (const Mention& mention : mentions) references.push_back(&mention);
    result.referrers = referrers_of(references);
    const std::size_t at = missing.name.find('@', 1);
    const std::string_view name = std::string_view(missing.name).substr(0, at);
    const std::string_view version =
        at == std::string::npos ? std::string_view() : std::string_view(missing.name).substr(at + 1);
    result.nearest = catalogue.nearest(
        {.name = name, .version = version, .machine = result_.machine, .inputs = &inputs}, same_family);
    const auto any = [&](Nearest::Why why) {
      return std::any_of(result.nearest.begin(), result.nearest.end(),
                         [&](const Nearest& nearest) { return nearest.why == why; });
    };
    result.verdict = any(Nearest::Why::SameNameNotReached)  ? Verdict::DefinedNotReached
                     : any(Nearest::Why::SameNameElsewhere) ? Verdict::DefinedElsewhere
                     : result_.complete                     ? Verdict::DefinedNowhere
                                                            : Verdict::Unknown;
    return result;
  }

  const Plan& plan_;
  artifact::Store& store_;
  Search search_;
  Resolver resolver_;
  Replay result_;
  std::set<const artifact::File*> inputs_, without_index_, listed_;
  bool needed_missing_ = false;
  int script_group_ = -2;
};

}  // namespace

std::vector<Mentioned> mentions_in_order(const Replay& replay, std::string_view name) {
  std::vector<Mentioned> result;
  for (std::size_t input = 0; input < replay.inputs.size(); ++input)
    for (const std::unique_ptr<artifact::Object>& object : replay.inputs[input]->objects())
      object->visit_symbols([&](const artifact::Symbol& symbol) {
        if (symbol.name != name) return;
        result.push_back({.input = input,
                          .object = object.get(),
                          .defines = symbol.state != artifact::State::Undefined,
                          .weak = symbol.binding == artifact::Binding::Weak});
      });
  return result;
}

Replay replay(const Plan& plan, const std::string& directory, artifact::Store& store,
              const SameFamily& same_family) {
  return Link(plan, directory, store).run(same_family);
}

}  // namespace linkdx::link
