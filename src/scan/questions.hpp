// Which code asks what the CPU has, and where in it. See questions.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "program.hpp"

namespace linkdx::scan {

class Questions {
 public:
  explicit Questions(Program& program);

  bool asked_by(std::uint32_t node) const { return !how_[node].empty(); }
  /// How it asks, to stand behind "which": `reads ...`, `calls ...`.
  const std::string& how(std::uint32_t node) const { return how_[node]; }
  /// Offset in the code of the first question.
  std::uint64_t at(std::uint32_t node) const { return at_[node]; }

 private:
  void ask(std::uint32_t node, std::uint64_t at, std::string how);
  void ask_directly();
  void ask_through_callees();
  void find_answers();
  void read_answers();
  void ask_through_leaves();

  const Program& program_;
  const std::vector<Node>& nodes_;
  std::vector<bool> direct_, asks_;
  std::vector<bool> told_;           ///< reads a variable that holds nothing but what the CPU has
  std::vector<std::string> answer_;  ///< of each variable: whose answer it holds; empty for others
  std::vector<std::string> how_;
  std::vector<std::uint64_t> at_;
};

}  // namespace linkdx::scan
