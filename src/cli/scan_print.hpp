// The renderings of a scan: a table to read, JSON and CSV for programs. See scan_print.cpp.
#pragma once

#include <string>
#include <vector>

#include "linkdx/scan.hpp"

namespace linkdx::cli {

enum class ScanBy { Function, Member, File };

/// One line of the answer: a function, a member or a file.
struct ScanRow {
  std::string file, member, name;  ///< member empty: the file is an object; name empty unless by function
  isa::Arch arch = isa::Arch::Unknown;
  isa::FeatureSet own;         ///< above the baseline, implied ones left out
  isa::FeatureSet with_calls;  ///< the same; equal to own by member and by file
  std::string level;           ///< recommended for with_calls; the baseline's name if nothing is needed
  scan::Reach reach;           ///< by function: whether it always runs
  isa::FeatureSet always,
      unknown;  ///< by member and by file: by code that always runs, and by code of which that is not known
  std::string always_level;                 ///< recommended for always
  std::vector<std::string> declared;        ///< by member and by file: what it says of itself, a line each
  std::vector<std::string> contradictions;  ///< where that is less than what was found
  std::uint64_t functions = 0;              ///< with names, in it
  std::uint64_t size = 0, instructions = 0, undecoded = 0;
  std::uint64_t address = 0;
  struct Reason {
    std::string feature, function;
    std::uint64_t offset = 0;
    std::string disassembly;
  };
  std::vector<Reason> reasons;  ///< for --explain: the first instruction for each feature
};

std::string scan_table(const std::vector<ScanRow>& rows, ScanBy by);
std::string scan_json(const std::vector<ScanRow>& rows, ScanBy by);
std::string scan_csv(const std::vector<ScanRow>& rows, ScanBy by);

}  // namespace linkdx::cli
