// The command line as a structure. See options.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace linkdx::cli {

enum class Format { Terminal, Markdown, Json, Sarif, Github, Html };
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
  std::string bundle;    ///< where the bundle is unpacked that the words come from; it holds no other
  bool help = false;
  bool version = false;
};

/// Nothing after complaining.
std::optional<Options> parse_options(const std::vector<std::string>& arguments);

/// The text of --help, in which `{options}` stands for the table of options.
std::string_view main_help();

}  // namespace linkdx::cli
