// Symbols known only from a log, looked up in what is at hand.

#include <algorithm>

#include "catalogue.hpp"
#include "linkdx/link.hpp"

namespace linkdx::link {

struct Finder::State {
  Catalogue catalogue;
  SameFamily same_family;
  bool complete = false;  ///< everything at hand could be read: absence means something
};

Finder::Finder(artifact::Store& store, SameFamily same_family,
               const std::function<bool(const artifact::File&)>& leave_out)
    : state_(std::make_unique<State>()) {
  state_->same_family = std::move(same_family);
  for (const artifact::File* file : store.files())
    if (!leave_out || !leave_out(*file)) state_->catalogue.add(*file);
  state_->complete = store.problems().empty();
}
Finder::~Finder() = default;
Finder::Finder(Finder&&) noexcept = default;

Undefined Finder::locate(std::string_view printed, const std::optional<artifact::Machine>& machine) const {
  // A linker prints versions with the name.
  const std::size_t at = printed.find('@', 1);
  const std::string_view name = printed.substr(0, at);
  std::string_view version = printed.substr(std::min(at, printed.size()));
  version.remove_prefix(std::min(version.find_first_not_of('@'), version.size()));

  Undefined result{.name = std::string(printed)};
  std::vector<const Mention*> references = state_->catalogue.references(name);
  std::optional<artifact::Machine> wanted = machine;
  if (wanted) {
    // Objects of another machine refer to it in another link.
    std::erase_if(references, [&](const Mention* mention) {
      return artifact::why_incompatible(*wanted, mention->object->machine()).has_value();
    });
  } else if (!references.empty()) {
    const artifact::Machine& first = references.front()->object->machine();
    const bool agree = std::all_of(references.begin(), references.end(), [&](const Mention* mention) {
      return !artifact::why_incompatible(first, mention->object->machine());
    });
    if (agree) wanted = first;
  }
  result.weak =
      !references.empty() && std::all_of(references.begin(), references.end(), [](const Mention* mention) {
        return mention->binding == artifact::Binding::Weak;
      });
  result.referrers = referrers_of(references);
  result.nearest =
      state_->catalogue.nearest({.name = name, .version = version, .machine = wanted}, state_->same_family);
  const bool elsewhere =
      std::any_of(result.nearest.begin(), result.nearest.end(),
                  [](const Nearest& nearest) { return nearest.why == Nearest::Why::SameNameElsewhere; });
  result.verdict = elsewhere                                 ? Verdict::DefinedElsewhere
                   : references.empty() || !state_->complete ? Verdict::Unknown
                                                             : Verdict::DefinedNowhere;
  return result;
}

Undefined locate(std::string_view name, artifact::Store& store, const SameFamily& same_family) {
  return Finder(store, same_family).locate(name);
}

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::DefinedNowhere:
      return "defined-nowhere";
    case Verdict::DefinedNotReached:
      return "defined-not-reached";
    case Verdict::DefinedElsewhere:
      return "defined-elsewhere";
    case Verdict::Unknown:
      return "unknown";
  }
  return "unknown";
}

}  // namespace linkdx::link
