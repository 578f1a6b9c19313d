// See scope.hpp.
#include "scope.hpp"

#include <atomic>
#include <filesystem>
#include <thread>

#include <fmt/format.h>

#include "linkdx/language.hpp"

namespace linkdx::check {

using artifact::Kind;

isa::FeatureSet Scope::above(const isa::FeatureSet& features) const {
  if (features.empty()) return features;
  return isa::without_implied(features.minus(allowed).minus(scan::facilities_in(features)));
}

Place Scope::place(const artifact::Object& object) const {
  Place place;
  const auto file = files.find(&object);
  place.path = file == files.end() ? object.label() : file->second->path();
  place.member = object.member();
  return place;
}

void for_each(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads && i < count; ++i) others.emplace_back(run);
  run();
  for (std::thread& other : others) other.join();
}

namespace {

void add_object(Scope& scope, const artifact::Object& object) {
  switch (object.kind()) {
    case Kind::ElfRelocatable:
      scope.objects.push_back(&object);
      break;
    case Kind::ElfShared:
    case Kind::ElfExecutable:
      scope.linked_files.push_back(&object);
      break;
    case Kind::Bitcode:
    case Kind::GccLto:
      scope.intermediate.push_back(&object);
      break;
    default:
      break;
  }
}

/// The same code twice is one finding: a build tree holds an object and the archive that it went into.
void drop_copies(Scope& scope) {
  std::set<std::pair<std::size_t, std::uint64_t>> seen;
  std::erase_if(scope.objects, [&seen](const artifact::Object* object) {
    std::size_t bytes = 0;
    std::uint64_t hash = 0;
    for (const artifact::Section& section : object->sections()) {
      bytes += section.contents.size();
      const std::string_view text(reinterpret_cast<const char*>(section.contents.data()),
                                  section.contents.size());
      hash = hash * 1099511628211U + std::hash<std::string_view>()(text);
    }
    return bytes > 0 && !seen.emplace(bytes, hash).second;
  });
}

/// What a path of the user's leads to, as the store knows it.
std::string real_path(const std::string& path) {
  std::error_code error;
  const std::filesystem::path real = std::filesystem::weakly_canonical(path, error);
  return error ? path : real.string();
}

std::string open_paths(const Request& request, Scope& scope) {
  auto investigation = std::make_shared<diagnose::Investigation>();
  scope.investigation = investigation;
  artifact::Store& store = investigation->artifacts;
  std::set<const artifact::File*> asked;
  for (const std::string& path : request.paths) {
    std::error_code error;
    if (std::filesystem::is_directory(path, error)) {
      store.add_tree(path);
      scope.roots.push_back(real_path(path));
      const std::string below = scope.roots.back() + "/";
      for (const artifact::File* file : store.files())
        if (real_path(file->path()).starts_with(below)) asked.insert(file);
    } else if (const artifact::File* file = store.open(path)) {
      asked.insert(file);
    }
  }
  const auto problems = store.problems();
  scope.skipped.insert(scope.skipped.end(), problems.begin(), problems.end());
  for (const artifact::File* file : store.files()) {
    if (!asked.contains(file)) continue;
    for (const auto& object : file->objects()) {
      scope.files.emplace(object.get(), file);
      add_object(scope, *object);
    }
  }
  if (scope.objects.empty() && scope.linked_files.empty() && scope.intermediate.empty())
    return say("none of the paths holds an object, an archive, a library or a program that can be read");
  return {};
}

std::string open_link(const Request& request, Scope& scope) {
  diagnose::Question question;
  question.target = request.target;
  question.root = request.directory.empty() ? "." : request.directory;
  question.paths = {question.root};
  scope.investigation = diagnose::investigate_link(request.command, request.directory, std::move(question));
  const diagnose::Case& facts = scope.investigation->cases.front();
  scope.plan = &*facts.plan;
  scope.replay = &*facts.replay;
  scope.skipped = scope.investigation->skipped;
  for (const artifact::File* file : scope.replay->inputs)
    for (const auto& object : file->objects()) scope.files.emplace(object.get(), file);
  for (const artifact::Object* object : scope.replay->linked)
    if (!scope.replay->outcome->is_implicit(*object)) add_object(scope, *object);
  if (scope.objects.empty() && scope.linked_files.empty() && scope.intermediate.empty())
    return scope.plan->inputs.empty() ? say("the link command names no input")
                                      : say("none of the inputs that the link command names could be read");
  return {};
}

/// The machine of --target, of the link, or of most objects.
isa::Arch arch_of(const Request& request, const Scope& scope) {
  if (!request.target.empty()) return isa::arch_of_triple(request.target);
  if (scope.replay != nullptr && scope.replay->machine) return isa::arch_of_name(scope.replay->machine->arch);
  std::map<isa::Arch, std::size_t> counts;
  for (const auto* list : {&scope.objects, &scope.linked_files, &scope.intermediate})
    for (const artifact::Object* object : *list) ++counts[isa::arch_of_name(object->machine().arch)];
  counts.erase(isa::Arch::Unknown);
  isa::Arch most = isa::Arch::Unknown;
  for (const auto& [arch, count] : counts)
    if (most == isa::Arch::Unknown || count > counts[most]) most = arch;
  return most;
}

/// Objects for other machines are no part of the answer; how many there are is said.
void drop_other_machines(Scope& scope) {
  for (auto* list : {&scope.objects, &scope.linked_files, &scope.intermediate}) {
    std::map<std::string, std::pair<std::string, std::size_t>> others;
    std::erase_if(*list, [&](const artifact::Object* object) {
      const isa::Arch arch = isa::arch_of_name(object->machine().arch);
      if (arch == scope.arch || arch == isa::Arch::Unknown) return false;
      auto& other = others[std::string(isa::name_of(arch))];
      if (other.second++ == 0) other.first = object->label();
      return true;
    });
    for (const auto& [arch, other] : others)
      scope.skipped.push_back(
          {other.first, other.second > 1
                            ? say("made for {}, not {}, and {} more: not checked", arch,
                                  isa::name_of(scope.arch), other.second - 1)
                            : say("made for {}, not {}: not checked", arch, isa::name_of(scope.arch))});
  }
}

/// What build systems leave at the top of a tree that they build in.
constexpr std::string_view tree_marks[] = {
    "CMakeCache.txt",  // CMake
    "meson-info",      // Meson
    "config.status",   // Autoconf
    ".cargo-lock",     // Cargo, one a profile: target/debug, target/release
};

/// Finds the outermost build tree around a file, below the paths that were given: what a build fetches and
/// builds inside itself is linked with it.
class Trees {
 public:
  explicit Trees(const std::vector<std::string>& roots) : roots_(roots) {}

  std::string around(const std::string& file) {
    const std::string real = real_path(file);
    std::string outermost;
    for (const std::string& root : roots_) {
      if (!real.starts_with(root + "/")) continue;
      for (std::size_t slash = root.size(); slash != std::string::npos; slash = real.find('/', slash + 1)) {
        const std::string directory = real.substr(0, slash);
        if (!is_tree(directory)) continue;
        if (outermost.empty() || directory.size() < outermost.size()) outermost = directory;
        break;
      }
    }
    return outermost;
  }

 private:
  bool is_tree(const std::string& directory) {
    const auto [found, is_new] = known_.try_emplace(directory, false);
    if (is_new)
      for (const std::string_view mark : tree_marks) {
        std::error_code error;
        found->second = found->second || std::filesystem::exists(directory + "/" + std::string(mark), error);
      }
    return found->second;
  }

  const std::vector<std::string>& roots_;
  std::map<std::string, bool> known_;
};

}  // namespace

std::vector<Scope> units_of(const Scope& scope) {
  if (scope.roots.empty()) return {scope};
  Trees trees(scope.roots);
  std::map<std::string, std::vector<const artifact::Object*>> by_tree;
  for (const artifact::Object* object : scope.objects)
    by_tree[trees.around(scope.files.at(object)->path())].push_back(object);
  std::vector<Scope> units;
  for (auto& [tree, objects] : by_tree) {
    units.push_back(scope);
    units.back().objects = std::move(objects);
    drop_copies(units.back());
    if (units.size() > 1) units.back().linked_files.clear();
  }
  if (units.empty()) units.push_back(scope);
  return units;
}

std::string open_scope(const Request& request, Scope& scope) {
  std::string fault = request.command.empty() ? open_paths(request, scope) : open_link(request, scope);
  if (!fault.empty()) return fault;
  scope.arch = arch_of(request, scope);
  if (scope.arch == isa::Arch::Unknown)
    return request.target.empty() ? say("cannot tell for which machine the objects are; --target says it")
                                  : say("the target `{}` is of no machine that is known", request.target);
  scope.allowed = isa::baseline(scope.arch);
  scope.baseline = isa::name_of(scope.arch);
  if (!request.baseline.empty()) {
    const std::optional<isa::Level> level = isa::find_level(request.baseline, scope.arch);
    if (!level) return say("{} has no level or CPU `{}`", isa::name_of(scope.arch), request.baseline);
    scope.baseline = request.baseline;
    scope.allowed.add(level->features);
  }
  scope.allowed = isa::with_implied(scope.allowed);
  drop_other_machines(scope);
  return {};
}

}  // namespace linkdx::check
