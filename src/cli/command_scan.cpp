// `linkdx scan PATH...`: which CPU features each function, member or file needs, proved from its
// instructions.
//
// Without a condition it answers 0, being a list; with --needs or --above it answers 1 when something fits
// the condition.
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include <fmt/format.h>
#include <llvm/Support/FileSystem.h>

#include "arguments.hpp"
#include "commands.hpp"
#include "linkdx/artifact.hpp"
#include "linkdx/language.hpp"
#include "linkdx/scan.hpp"
#include "option_table.hpp"
#include "scan_print.hpp"

namespace linkdx::cli {
namespace {

constexpr std::string_view help = N_(R"(linkdx scan says which CPU features code needs, from its instructions
(x86, AArch64, ARM, RISC-V, PowerPC, LoongArch, z/Architecture, MIPS and
WebAssembly).

Examples
  linkdx scan libx.a                    functions above the baseline
  linkdx scan --by file /usr/lib/*.so   one line a file
  linkdx scan --above x86-64-v2 build/  what a machine of that level cannot run
  linkdx scan --needs avx512vl --explain kernel.o
                                        and the instructions that are the reason

Usage
  linkdx scan PATH... [OPTION]...

A path is an object, an archive, a shared library, a program or a directory.
What a function calls inside its object counts for it too, and is shown apart.

Options
{options}

Exit status: 0 done, or nothing fits the condition; 1 something fits --needs or
--above; 2 unusable input or call.
)");

struct ScanOptions {
  std::vector<std::string> paths;
  ScanBy by = ScanBy::Function;
  std::string needs, above, format = "table", output;
  bool all = false, explain = false, help = false;
  unsigned threads = 0;
};

/// Complains and returns nothing when the arguments make no sense.
std::optional<ScanOptions> parse(const std::vector<std::string>& arguments) {
  const std::optional<Arguments> given = parse_arguments("scan", arguments);
  if (!given) return std::nullopt;
  ScanOptions options;
  options.paths = given->words();
  options.needs = given->text("needs");
  options.above = given->text("above");
  options.format = given->text("format");
  options.output = given->text("output");
  options.all = given->has("all");
  options.explain = given->has("explain");
  options.help = given->has("help");
  options.threads = given->number("threads");
  const std::string by = given->text("by");
  options.by = by == "member" ? ScanBy::Member : by == "file" ? ScanBy::File : ScanBy::Function;
  if (options.paths.empty() && !options.help) {
    complain(say("scan needs a path: an object, an archive, a library or a directory"));
    return std::nullopt;
  }
  return options;
}

constexpr isa::Arch scanned_archs[] = {
    isa::Arch::X86_64,  isa::Arch::X86,         isa::Arch::AArch64, isa::Arch::Arm,     isa::Arch::RiscV64,
    isa::Arch::RiscV32, isa::Arch::PowerPC64,   isa::Arch::PowerPC, isa::Arch::SystemZ, isa::Arch::Mips,
    isa::Arch::Mips64,  isa::Arch::LoongArch64, isa::Arch::Wasm};

/// Whether any architecture knows the feature or level; complains with the nearest name if none does.
bool known_condition(const ScanOptions& options) {
  const auto knows_feature = [&](isa::Arch arch) { return isa::FeatureSet(arch).add(options.needs); };
  const auto knows_level = [&](isa::Arch arch) { return isa::find_level(options.above, arch).has_value(); };
  if (!options.needs.empty() &&
      std::none_of(std::begin(scanned_archs), std::end(scanned_archs), knows_feature)) {
    complain(say("no architecture has a feature `{}`; `linkdx flags` knows how tools spell features",
                 options.needs));
    return false;
  }
  if (!options.above.empty() &&
      std::none_of(std::begin(scanned_archs), std::end(scanned_archs), knows_level)) {
    complain(say("no architecture has a level or CPU `{}`", options.above));
    return false;
  }
  return true;
}

/// How far the work is, on a terminal, once it takes longer than a second.
class Progress {
 public:
  explicit Progress(std::size_t all) : all_(all), terminal_(::isatty(STDERR_FILENO) == 1) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;
  ~Progress() {
    if (shown_) std::fputs("\r\033[K", stderr);
  }
  void show(std::size_t done) {
    if (!terminal_ || done == all_ || std::chrono::steady_clock::now() - start_ < std::chrono::seconds(1))
      return;
    fmt::print(stderr, "\r{}", say("linkdx: {} of {} objects", done, all_));
    std::fflush(stderr);
    shown_ = true;
  }

 private:
  std::size_t all_;
  bool terminal_, shown_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class Scan {
 public:
  explicit Scan(const ScanOptions& options) : options_(options) {}

  int run() {
    open_paths();
    for (const Skipped& problem : store_.problems()) complain(problem.path + ": " + problem.reason);
    std::vector<const artifact::Object*> objects;
    std::vector<const artifact::File*> files;
    for (const artifact::File* file : store_.files()) {
      if (!asked_for(*file)) continue;
      for (const auto& object : file->objects()) {
        if (!has_code(*file, *object)) continue;
        objects.push_back(object.get());
        files.push_back(file);
      }
    }
    if (objects.empty()) {
      complain(say("none of the paths holds an object whose instructions can be read"));
      return Unusable;
    }
    constexpr unsigned most_threads = 64;
    const unsigned threads = std::clamp(
        options_.threads > 0 ? options_.threads : std::thread::hardware_concurrency(), 1u, most_threads);
    scan_in_portions(objects, files, threads);
    if (options_.by == ScanBy::File) rows_ = by_file(rows_);
    std::erase_if(rows_, [this](const ScanRow& row) { return !wanted(row); });
    const std::string text = options_.format == "json" ? scan_json(rows_, options_.by)
                             : options_.format == "csv"
                                 ? scan_csv(rows_, options_.by)
                                 : scan_table(rows_, options_.by) + summary(objects.size());
    if (!write_output(text, options_.output)) return Unusable;
    const bool condition = !options_.needs.empty() || !options_.above.empty();
    return condition && !rows_.empty() ? SomethingFound : NothingWrong;
  }

 private:
  void open_paths() {
    for (const std::string& path : options_.paths)
      if (llvm::sys::fs::is_directory(path))
        store_.add_tree(path);
      else
        store_.open(path);
  }

  /// Opening a linker script or a thin archive opens what it names; only what was asked for is scanned.
  bool asked_for(const artifact::File& file) {
    if (file.objects().empty())
      complain(say("{}: {}, which holds no objects", file.path(), artifact::name_of(file.kind())));
    return !file.objects().empty();
  }

  bool has_code(const artifact::File& file, const artifact::Object& object) {
    if (object.kind() == artifact::Kind::RustMetadata) return false;
    // Members of import libraries hold names and no code, as do text stubs.
    if (object.kind() == artifact::Kind::CoffImport) return false;
    const bool read = artifact::is_relocatable(object.kind()) || artifact::is_linked(object.kind());
    const isa::Arch arch = isa::arch_of_name(object.machine().arch);
    if (read && isa::supported(arch)) return true;
    const std::string reason =
        read ? say("the instructions of {} are not read", artifact::describe(object.machine()))
             : say("{} holds no machine code that is read", artifact::name_of(object.kind()));
    // One line a file: an archive of a foreign machine has as many such members as members.
    if (complained_.empty() || complained_ != file.path() + reason) complain(object.label() + ": " + reason);
    complained_ = file.path() + reason;
    return false;
  }

  /// Some files at a time, so that memory is bounded by a portion and not by the input. Members of an archive
  /// stay together: they call one another.
  void scan_in_portions(const std::vector<const artifact::Object*>& objects,
                        const std::vector<const artifact::File*>& files, unsigned threads) {
    constexpr std::size_t portion = 256;
    Progress progress(objects.size());
    for (std::size_t first = 0; first < objects.size();) {
      std::size_t last = std::min(first + portion, objects.size());
      while (last < objects.size() && files[last] == files[last - 1]) ++last;
      std::vector<scan::ScannedObject> scanned =
          scan::decode(std::span(objects).subspan(first, last - first), threads);
      for (std::size_t begin = 0, end = 0; begin < scanned.size(); begin = end) {
        while (end < scanned.size() && files[first + end] == files[first + begin]) ++end;
        const std::span<scan::ScannedObject> file(scanned.data() + begin, end - begin);
        scan::find_dispatch(file);
        for (const scan::ScannedObject& object : file) add_rows(*files[first + begin], object);
      }
      first = last;
      progress.show(first);
    }
  }

  void add_rows(const artifact::File& file, const scan::ScannedObject& scanned) {
    ScanRow row;
    row.file = file.path();
    row.member = scanned.object->member();
    row.arch = scanned.arch;
    if (options_.by != ScanBy::Function) {
      add_member_row(scanned, std::move(row));
      return;
    }
    for (const scan::ScannedCode& code : scanned.code) {
      ++(code.named ? named_ : unnamed_);
      if (code.is_data()) {
        data_ += code.bytes.size();
        continue;
      }
      row.name = code.name;
      row.own = scan::above_baseline(code.own.features);
      row.with_calls = scan::above_baseline(code.with_calls);
      // Code without a name that needs nothing is padding, or not worth a line.
      if ((!code.named && row.own.empty()) || !wanted(row)) continue;
      row.level = level_of(row.with_calls);
      row.address = code.address;
      row.size = code.bytes.size();
      row.instructions = code.own.instructions;
      row.undecoded = code.own.undecoded;
      row.reach = code.reach;
      row.reasons.clear();
      if (options_.explain) explain(scanned, code, row);
      rows_.push_back(row);
    }
  }

  void add_member_row(const scan::ScannedObject& scanned, ScanRow row) {
    row.own = row.with_calls = scan::above_baseline(scanned.features);
    row.level = level_of_file(row.own);
    const scan::FileNeeds needs = scan::needs_of_file(std::span(&scanned, 1));
    row.always = scan::above_baseline(needs.always);
    row.unknown = scan::above_baseline(needs.unknown.minus(isa::with_implied(needs.always)));
    row.always_level = level_of(row.always);
    isa::FeatureSet runs = needs.always;
    runs.add(needs.unknown);
    scan::Declared declared = scan::declared_by(scanned, runs.minus(scan::facilities_in(runs)));
    for (const std::string& fault : declared.faults) complain(scanned.object->label() + ": " + fault);
    row.declared = std::move(declared.said);
    row.contradictions = std::move(declared.contradictions);
    isa::FeatureSet explained(scanned.arch);
    for (const scan::ScannedCode& code : scanned.code) {
      row.functions += code.named;
      ++(code.named ? named_ : unnamed_);
      row.size += code.bytes.size();
      row.instructions += code.own.instructions;
      row.undecoded += code.own.undecoded;
      if (code.is_data()) {
        data_ += code.bytes.size();
        continue;
      }
      if (!options_.explain) continue;
      for (const isa::Witness& witness : code.own.witnesses)
        if (!explained.has(witness.feature) && row.own.has(witness.feature) && explained.add(witness.feature))
          row.reasons.push_back({witness.feature, code.name, witness.offset, witness.disassembly});
    }
    rows_.push_back(std::move(row));
  }

  /// The first instruction for each feature: the function's own, or that of the nearest function it calls.
  static void explain(const scan::ScannedObject& scanned, const scan::ScannedCode& code, ScanRow& row) {
    for (const std::string& feature : isa::without_implied(row.with_calls).names()) {
      const scan::ScannedCode* bringer = scan::bringer_of(scanned, code, feature);
      for (const isa::Witness& witness : (bringer == nullptr ? code : *bringer).own.witnesses)
        if (witness.feature == feature)
          row.reasons.push_back(
              {feature, bringer == nullptr ? "" : bringer->name, witness.offset, witness.disassembly});
    }
    for (const isa::Witness& witness : code.own.witnesses)
      if (row.own.has(witness.feature) && !row.with_calls.has(witness.feature))
        row.reasons.push_back({witness.feature, "", witness.offset, witness.disassembly});
  }

  static std::string level_of(const isa::FeatureSet& features) {
    const std::optional<isa::Level> level = isa::level_that_runs(features);
    return level ? level->name : say("no level");
  }

  /// Of many functions together: facilities apart, which no level has.
  static std::string level_of_file(const isa::FeatureSet& features) {
    return level_of(features.minus(scan::facilities_in(features)));
  }

  static isa::FeatureSet united(isa::FeatureSet a, const isa::FeatureSet& b) {
    a.add(b);
    return isa::without_implied(a);
  }

  static std::vector<ScanRow> by_file(const std::vector<ScanRow>& members) {
    std::vector<ScanRow> files;
    for (const ScanRow& member : members) {
      if (files.empty() || files.back().file != member.file || files.back().arch != member.arch) {
        files.push_back(member);
        files.back().member.clear();
        continue;
      }
      ScanRow& file = files.back();
      for (const ScanRow::Reason& reason : member.reasons)
        if (!isa::with_implied(file.own).has(reason.feature)) file.reasons.push_back(reason);
      file.own = file.with_calls = united(file.own, member.own);
      file.level = level_of_file(file.own);
      file.always = united(file.always, member.always);
      file.always_level = level_of(file.always);
      file.unknown = united(file.unknown, member.unknown).minus(isa::with_implied(file.always));
      for (const std::string& line : member.declared)
        if (std::find(file.declared.begin(), file.declared.end(), line) == file.declared.end())
          file.declared.push_back(line);
      for (const std::string& line : member.contradictions)
        file.contradictions.push_back(member.member + ": " + line);
      file.functions += member.functions;
      file.size += member.size;
      file.instructions += member.instructions;
      file.undecoded += member.undecoded;
    }
    return files;
  }

  bool wanted(const ScanRow& row) const {
    if (!options_.needs.empty() && !isa::with_implied(row.with_calls).has(options_.needs)) return false;
    if (!options_.above.empty()) {
      const std::optional<isa::Level> level = isa::find_level(options_.above, row.arch);
      if (!level || level->features.contains(isa::with_implied(row.with_calls))) return false;
    }
    const bool condition = !options_.needs.empty() || !options_.above.empty();
    return condition || options_.all || options_.by != ScanBy::Function || !row.with_calls.empty();
  }

  std::string summary(std::size_t objects) const {
    std::string text = rows_.empty() ? "" : "\n";
    const bool condition = !options_.needs.empty() || !options_.above.empty();
    std::uint64_t count = rows_.size();
    if (options_.by == ScanBy::Function && options_.all)
      count = static_cast<std::uint64_t>(std::count_if(
          rows_.begin(), rows_.end(), [](const ScanRow& row) { return !row.with_calls.empty(); }));
    if (options_.by == ScanBy::Function)
      text += condition ? say("{} stretches of code fit the condition; ", count)
                        : say("{} stretches of code need more than the baseline; ", count);
    text += (objects == 1 ? say("{} functions and {} stretches without a symbol read in {} object", named_,
                                unnamed_, objects)
                          : say("{} functions and {} stretches without a symbol read in {} objects", named_,
                                unnamed_, objects)) +
            "\n";
    if (data_ > 0)
      text += say("{} bytes between functions are no code, or partly, and left out", data_) + "\n";
    return text;
  }

  const ScanOptions& options_;
  artifact::Store store_;
  std::vector<ScanRow> rows_;
  std::uint64_t named_ = 0, unnamed_ = 0, data_ = 0;
  std::string complained_;
};

}  // namespace

std::string_view scan_help() {
  return help;
}

int scan_command(const std::vector<std::string>& arguments) {
  const std::optional<ScanOptions> options = parse(arguments);
  if (!options) return Unusable;
  if (options->help) return write_output(help_page("scan", help), "") ? NothingWrong : Unusable;
  if (!known_condition(*options)) return Unusable;
  return Scan(*options).run();
}

}  // namespace linkdx::cli
