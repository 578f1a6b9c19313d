// The inputs of link tests: assembly made into objects and archives, and a replay of a command over them.
#pragma once

#include <string>
#include <vector>

#include "artifact_inputs.hpp"
#include "linkdx/link.hpp"

namespace linkdx::test {

inline std::vector<std::string> words(const std::string& text) {
  std::vector<std::string> result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) result.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return result;
}

/// `NAME: VERDICT` a line; for duplicates `NAME: defined twice`.
inline std::string resolve(const Scratch& scratch, const std::string& command) {
  std::vector<Skipped> problems;
  const link::Plan plan = link::plan_from_command(words(command), scratch.directory(), problems);
  artifact::Store store;
  store.add_tree(scratch.directory());
  const link::Replay replay = link::replay(plan, scratch.directory(), store, {});
  std::string text;
  for (const link::Undefined& one : replay.undefined)
    text += one.name + ": " + std::string(link::name_of(one.verdict)) + "\n";
  for (const link::Duplicate& one : replay.duplicates)
    text += one.name + (one.identical ? ": defined twice, alike\n" : ": defined twice\n");
  for (const link::Unusable& one : replay.unusable)
    text += "unusable " + one.name +
            (one.not_found       ? ": not found\n"
             : one.wrong_machine ? ": wrong machine\n"
                                 : "\n");
  return text;
}

}  // namespace linkdx::test
