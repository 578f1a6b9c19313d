// The command line as a structure. See options.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <llvm/Support/Error.h>

namespace linkdx::cli {

enum class Format { Terminal, Markdown, Json };
enum class Color { Auto, Always, Never };

struct Options {
  std::vector<std::string> words;  ///< what is no option: a command, logs, paths, in order
  Format format = Format::Terminal;
  Color color = Color::Auto;
  std::string output;  ///< -o; empty: standard output
  std::string target;
  std::string root;
  bool system = false;  ///< search this machine's libraries
  bool redact = false;
  bool verify = false;   ///< try the fixes
  std::string compiler;  ///< --cc, for --verify
  bool help = false;
  bool version = false;
};

/// Errors are sentences for the user, and name the nearest option for a mistyped one.
llvm::Expected<Options> parse_options(const std::vector<std::string>& arguments);

/// The text of --help.
std::string help_text();

}  // namespace linkdx::cli
