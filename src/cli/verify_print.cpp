// The matrix of `verify` in three forms: configurations by steps, then what a reader needs besides: failures
// with their meaning, and why steps were not run.
#include "verify_print.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <llvm/Support/FormatVariadic.h>
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "linkdx/language.hpp"
#include "linkdx/report.hpp"

namespace linkdx::cli {
namespace {

using verify::Outcome;

/// A cell of the matrix: the step may not have been reached.
std::string_view cell(const verify::Configuration& configuration, std::size_t step) {
  if (step >= configuration.steps.size()) return "-";
  switch (configuration.steps[step].outcome) {
    case Outcome::Passed:
      return translated(N_("ok"));
    case Outcome::Failed:
      return translated(N_("FAILED"));
    case Outcome::NotRun:
      break;
  }
  return translated(N_("not run"));
}

/// Wide enough for the step's name and any cell.
std::size_t column(std::string_view step) {
  return std::max(step.size(), report::display_width(translated(N_("not run")))) + 1;
}

/// What a reader needs besides the matrix: failures with their meaning, and why steps were not run. The same
/// thing is said once, of all configurations that it holds for.
std::vector<std::string> notes(const verify::Matrix& matrix) {
  struct Note {
    std::vector<std::string> configurations;
    const verify::Step* step;
  };
  std::vector<Note> all;
  for (const verify::Configuration& configuration : matrix.configurations) {
    for (const verify::Step& step : configuration.steps) {
      if (step.outcome == Outcome::Passed) continue;
      auto same = std::find_if(all.begin(), all.end(), [&](const Note& note) {
        return note.step->name == step.name && note.step->outcome == step.outcome &&
               note.step->detail == step.detail;
      });
      if (same == all.end()) same = all.insert(all.end(), {{}, &step});
      same->configurations.push_back(configuration.name);
    }
  }
  std::vector<std::string> lines;
  for (const Note& note : all) {
    lines.push_back(
        say("{}: {}: {}", fmt::join(note.configurations, ", "), note.step->name, note.step->detail));
    if (!note.step->meaning.empty()) lines.push_back("  " + say("that means: {}", note.step->meaning));
  }
  return lines;
}

/// Each tool with the target it was asked for.
std::vector<std::string> tools_of(const verify::Matrix& matrix) {
  std::vector<std::string> tools = {say("{} for {}", matrix.compiler.version, matrix.compiler.target)};
  if (matrix.cxx) tools.push_back(say("{} for {}", matrix.cxx->version, matrix.cxx->target));
  if (matrix.rustc) tools.push_back(say("{} for {}", matrix.rustc->version, matrix.rustc->target));
  return tools;
}

llvm::json::Object tool_as_json(const verify::Compiler& tool) {
  llvm::json::Array command;
  for (const std::string& word : tool.command) command.push_back(llvm::json::fixUTF8(word));
  return llvm::json::Object{{"command", std::move(command)},
                            {"version", llvm::json::fixUTF8(tool.version)},
                            {"target", llvm::json::fixUTF8(tool.target)}};
}

}  // namespace

std::string matrix_for_terminal(const verify::Matrix& matrix) {
  const std::string title = say("config");
  std::size_t width = report::display_width(title);
  for (const verify::Configuration& each : matrix.configurations) width = std::max(width, each.name.size());
  std::string text;
  for (const std::string& tool : tools_of(matrix)) text += report::escape_terminal(tool) + "\n";
  text += report::escape_terminal(say("run by: {}", matrix.runner.empty() ? say("nothing") : matrix.runner)) +
          "\n\n";
  text += fmt::format("{:<{}}", title, width);
  for (std::string_view step : verify::step_names()) text += fmt::format(" {:<{}}", step, column(step));
  while (text.ends_with(' ')) text.pop_back();
  text += "\n";
  for (const verify::Configuration& each : matrix.configurations) {
    text += fmt::format("{:<{}}", report::escape_terminal(each.name), width);
    for (std::size_t step = 0; step < verify::step_names().size(); ++step)
      text += fmt::format(" {:<{}}", cell(each, step), column(verify::step_names()[step]));
    while (text.ends_with(' ')) text.pop_back();
    text += "\n";
  }
  bool first = true;
  for (const std::string& line : notes(matrix)) {
    text += (first ? "\n" : "") + report::escape_terminal(line) + "\n";
    first = false;
  }
  if (!matrix.workspace.empty())
    text += "\n" + say("kept: {}", report::escape_terminal(matrix.workspace)) + "\n";
  return text;
}

std::string matrix_as_markdown(const verify::Matrix& matrix) {
  const auto escape = [](const std::string& text) { return report::escape_markdown(text); };
  std::string text = "## " + say("Configurations tried") + "\n\n";
  for (const std::string& tool : tools_of(matrix)) text += "- " + escape(tool) + "\n";
  text += "- " + say("run by: {}", matrix.runner.empty() ? say("nothing") : escape(matrix.runner)) + "\n\n" +
          fmt::format("| {} | {} | {} |", say("configuration"), say("flags given"), say("variant"));
  for (std::string_view step : verify::step_names()) text += fmt::format(" {} |", step);
  text += "\n|---|---|---|";
  for (std::size_t step = 0; step < verify::step_names().size(); ++step) text += "---|";
  text += "\n";
  for (const verify::Configuration& each : matrix.configurations) {
    text += fmt::format("| {} | {} | {} |", escape(each.name),
                        escape(fmt::format("{}", fmt::join(each.flags, " "))), each.variant);
    for (std::size_t step = 0; step < verify::step_names().size(); ++step)
      text += fmt::format(" {} |", cell(each, step));
    text += "\n";
  }
  text += "\n";
  for (const std::string& line : notes(matrix))
    text += (line.starts_with(' ') ? "  " : "- ") + escape(line) + "\n";
  return text;
}

std::string matrix_as_json(const verify::Matrix& matrix) {
  llvm::json::Array configurations;
  for (const verify::Configuration& each : matrix.configurations) {
    llvm::json::Array steps;
    for (const verify::Step& step : each.steps) {
      llvm::json::Object row{{"name", step.name},
                             {"outcome", std::string(verify::name_of(step.outcome))},
                             {"detail", llvm::json::fixUTF8(step.detail)}};
      if (!step.meaning.empty()) row["meaning"] = step.meaning;
      steps.push_back(std::move(row));
    }
    llvm::json::Object row{{"name", llvm::json::fixUTF8(each.name)},
                           {"flags", llvm::json::Array(each.flags)},
                           {"variant", each.variant},
                           {"proved", each.proved()},
                           {"steps", std::move(steps)}};
    if (matrix.rustc) row["rustflags"] = llvm::json::Array(each.rustflags);
    configurations.push_back(std::move(row));
  }
  llvm::json::Object all{{"compiler", tool_as_json(matrix.compiler)},
                         {"runner", llvm::json::fixUTF8(matrix.runner)},
                         {"configurations", std::move(configurations)}};
  if (matrix.cxx) all["cxx"] = tool_as_json(*matrix.cxx);
  if (matrix.rustc) all["rustc"] = tool_as_json(*matrix.rustc);
  std::string text;
  llvm::raw_string_ostream stream(text);
  stream << llvm::formatv("{0:2}", llvm::json::Value(std::move(all))) << "\n";
  return text;
}

}  // namespace linkdx::cli
