// Notes that raise the whole program.
//
// An x86 object may carry a property note, GNU_PROPERTY_X86_ISA_1_NEEDED, that names a level (x86-64 psABI,
// "Program Property"). GNU ld puts the levels of all inputs together, and the loader then refuses the program
// on a machine below: at once, whatever of its code would have run. Assemblers write it under -mx86-used-note
// and compilers under -mneeded.
#include "notes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "findings.hpp"
#include "linkdx/language.hpp"

namespace linkdx::check {
namespace {

using artifact::Declaration;

/// The property's number as it stands in the note, little endian: a quick look before the note is read.
constexpr std::string_view needed_number = "\x02\x80\x00\xc0";

bool may_need(const artifact::Object& object) {
  for (const artifact::Section& section : object.sections()) {
    if (section.name != ".note.gnu.property") continue;
    const std::string_view bytes(reinterpret_cast<const char*>(section.contents.data()),
                                 section.contents.size());
    if (bytes.find(std::string_view(needed_number.data(), 4)) != std::string_view::npos) return true;
  }
  return false;
}

isa::FeatureSet features_of(const std::string& levels, isa::Arch arch) {
  isa::FeatureSet features(arch);
  for (std::size_t begin = 0; begin < levels.size();) {
    const std::size_t end = std::min(levels.find(' ', begin), levels.size());
    if (const std::optional<isa::Level> level = isa::find_level(levels.substr(begin, end - begin), arch))
      features.add(level->features);
    begin = end + 1;
  }
  return features;
}

void look_at(const Scope& scope, const artifact::Object& object, std::vector<Finding>& findings) {
  if (!may_need(object)) return;
  for (const Declaration& said : object.declarations().said) {
    if (said.kind != Declaration::Kind::IsaNeeded) continue;
    const isa::FeatureSet more = features_of(said.value, scope.arch).minus(scope.allowed);
    if (more.empty()) continue;
    const bool linked = object.kind() != artifact::Kind::ElfRelocatable;
    Finding finding =
        make_finding("LDX7006", Severity::Error, linked ? Confidence::Certain : Confidence::Likely,
                     scope.place(object), {});
    finding.diagnosis.title = linked ? say("its property note asks the loader for {}", said.value)
                                     : say("its property note raises the whole program to {}", said.value);
    finding.diagnosis.explanation =
        linked ? say("The loader refuses the file on a machine of {}, whatever of its code would run.",
                     scope.baseline)
               : say("GNU ld puts the notes of all inputs together; the loader then refuses the result on "
                     "a machine of {}, whatever of its code would run. lld leaves the note out.",
                     scope.baseline);
    finding.diagnosis.evidence.push_back(
        {"symbol-table", object.label(), 0, fmt::format("{}: {}: {}", said.where, said.name, said.value)});
    fix::Fix fix;
    fix.title = say("Compile it without the note, or take the note out");
    fix.effect = fix::Effect::Prevents;
    fix.confidence = Confidence::Certain;
    fix.why =
        say("The note is written by -mneeded, by the assembler's -mx86-used-note, or by ld's -z x86-64-vN.");
    fix.price = say(
        "The loader no longer refuses the file where its code cannot run; other findings say where that is.");
    if (scope.place(object).member.empty() && !linked)
      fix.apply.commands.push_back({"objcopy", "--remove-section=.note.gnu.property", object.label()});
    else
      fix.apply.manual = say("Build it without these flags.");
    finding.remedy.fixes.push_back(std::move(fix));
    finding.fingerprint = fingerprint_of(finding);
    findings.push_back(std::move(finding));
  }
}

}  // namespace

void find_notes(const Scope& scope, unsigned threads, std::vector<Finding>& findings) {
  if (scope.arch != isa::Arch::X86_64 && scope.arch != isa::Arch::X86) return;
  std::vector<const artifact::Object*> all = scope.objects;
  all.insert(all.end(), scope.linked_files.begin(), scope.linked_files.end());
  std::vector<std::vector<Finding>> found(all.size());
  for_each(all.size(), threads, [&](std::size_t i) { look_at(scope, *all[i], found[i]); });
  for (std::vector<Finding>& some : found) std::move(some.begin(), some.end(), std::back_inserter(findings));
}

}  // namespace linkdx::check
