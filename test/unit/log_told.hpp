// A log as the reader told it, as text: so that a test shows the whole result.
#pragma once

#include <string>
#include <string_view>

#include "linkdx/log.hpp"

inline std::string told(const linkdx::log::Log& log) {
  static constexpr const char* kKinds[] = {
      "undefined",         "undefined hidden", "dso missing",           "duplicate",
      "hidden referenced", "relocation",       "undefined at run time", "thread-local mismatch"};
  static constexpr const char* kInputs[] = {
      "library not found", "file not found", "wrong format",     "skipped",
      "incompatible",      "abi mismatch",   "malformed",        "too new",
      "no index",          "needs plugin",   "feature mismatch", "version missing",
      "indirect only",     "cpu level",      "host version",     "other"};
  using namespace linkdx::log;
  std::string out;
  for (const Failure& failure : log.failures) {
    out += std::string(name_of(failure.linker)) + " " + failure.linker_path + "\n";
    for (const SymbolError& symbol : failure.symbols) {
      out += "  " + std::string(kKinds[static_cast<int>(symbol.kind)]) + " " + symbol.name;
      if (!symbol.provider.empty()) out += " in " + symbol.provider;
      if (!symbol.version.empty()) out += " version " + symbol.version;
      if (!symbol.did_you_mean.empty()) out += " or " + symbol.did_you_mean;
      if (symbol.more_references) out += " and " + std::to_string(symbol.more_references) + " more";
      if (symbol.more_follow) out += " and more";
      out += "\n";
      for (const Reference& reference : symbol.references) {
        out += "    ";
        for (const std::string& part : {reference.object, reference.function, reference.source})
          out += (part.empty() ? "-" : part) + " ";
        out += reference.source_line       ? std::to_string(reference.source_line)
               : reference.section.empty() ? "-"
                                           : reference.section;
        out += "\n";
      }
    }
    for (const InputError& input : failure.inputs) {
      out += "  " + std::string(kInputs[static_cast<int>(input.kind)]);
      for (const std::string& part :
           {input.path, input.subject, input.expected, input.found, input.needed_by})
        if (!part.empty()) out += " | " + part;
      out += "\n";
    }
    for (const linkdx::Excerpt& other : failure.other) out += "  other: " + other.text + "\n";
  }
  return out;
}

inline std::string told(std::string_view text) {
  return told(linkdx::log::read("-", text));
}
