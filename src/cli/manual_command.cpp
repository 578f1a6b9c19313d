// `linkdx manual`: the manual page, in the man macros, from the help of all commands and the table of
// options. `linkdx manual | man -l -` shows it where it is not installed. Source: man(7), groff_man(7).
#include <fmt/format.h>

#include "commands.hpp"
#include "linkdx/language.hpp"
#include "option_table.hpp"

namespace linkdx::cli {
namespace {

/// Text that roff takes as it is.
std::string escaped(std::string_view text) {
  std::string result = text.starts_with('.') || text.starts_with('\'') ? "\\&" : "";
  for (char c : text) {
    if (c == '\\')
      result += "\\e";
    else if (c == '-')
      result += "\\-";
    else if (c == '`')
      result += "\\(ga";
    else if (c == '\'')
      result += "\\(aq";
    else
      result += c;
  }
  return result;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string options_text(std::string_view command) {
  std::string text;
  for (const Option* option : options_of(command)) {
    text += ".TP\n";
    if (option->letter != 0) text += fmt::format("\\fB\\-{}\\fR, ", option->letter);
    text += fmt::format("\\fB\\-\\-{}\\fR", escaped(option->name));
    if (!option->is_switch()) text += fmt::format(" \\fI{}\\fR", escaped(option->value_name()));
    text += "\n" + escaped(description(*option)) + "\n";
  }
  return text;
}

/// The help of a command: paragraphs; headings, which stand alone before indented lines; indented lines,
/// which stay as they are.
std::string page_text(std::string_view command, std::string_view help, bool top) {
  std::string text;
  bool literal = false, paragraph = true;
  const auto close = [&] {
    if (literal) text += ".EE\n.RE\n";
    literal = false;
  };
  const std::vector<std::string_view> lines = lines_of(help);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::string_view line = lines[i];
    const bool before_indented =
        i + 1 < lines.size() && (lines[i + 1].starts_with(' ') || lines[i + 1] == "{options}");
    if (line.empty()) {
      close();
      paragraph = true;
    } else if (line == "{options}") {
      text += options_text(command);
    } else if (line.starts_with(' ')) {
      // Only `@FILE` stands below the table of options.
      if (!literal) text += ".RS 4\n.EX\n";
      literal = true;
      text += escaped(line.substr(2)) + "\n";
    } else if (before_indented && !line.ends_with('.')) {
      close();
      text += top ? fmt::format(".SH {}\n", escaped(line)) : fmt::format(".PP\n\\fB{}\\fR\n", escaped(line));
    } else {
      close();
      if (paragraph) text += ".PP\n";
      paragraph = false;
      text += escaped(line) + "\n";
    }
  }
  close();
  return text;
}

std::string upper(std::string text) {
  for (std::size_t at = text.find(".SH "); at != std::string::npos; at = text.find(".SH ", at + 1))
    for (std::size_t i = at + 4; i < text.size() && text[i] != '\n'; ++i)
      if (text[i] >= 'a' && text[i] <= 'z') text[i] = static_cast<char>(text[i] - 'a' + 'A');
  return text;
}

constexpr std::string_view closing = R"(.SH FILES
.TP
\fI.linkdx.toml\fR
In the working directory: defaults of options, under [options] for every command and under [options.check] and the like for one, and
the suppressions of \fBlinkdx check\fR, each a [[suppress]]. Options that start programs or name files to write or read are for the
command line only.
.SH ENVIRONMENT
.TP
\fBNO_COLOR\fR
When it is not empty, no colours are used unless \-\-color=always asks for them.
.TP
\fBLANGUAGE\fR, \fBLC_ALL\fR, \fBLC_MESSAGES\fR, \fBLANG\fR
Without \-\-lang, the language of what is said: the first of the last three that is set is the locale; unless that is C, LANGUAGE outranks it.
.TP
\fBLINKDX_REPORT\fR
Where \fBlinkdx wrap\fR, \fBlinkdx\-hook\fR and \fBcargo linkdx\fR write their reports.
.TP
\fBXDG_CACHE_HOME\fR
\-\-system keeps the names of this machine\(aqs libraries in its directory \fIlinkdx\fR; \fI~/.cache\fR when it is not set.
.SH SEE ALSO
.BR ld (1),
.BR nm (1),
.BR readelf (1)
)";

}  // namespace

int manual_command(const std::vector<std::string>& arguments) {
  speak(Language::English);
  if (!arguments.empty()) {
    const bool help = arguments.size() == 1 && (arguments.front() == "--help" || arguments.front() == "-h");
    if (help)
      return write_output("linkdx manual prints the manual page: `linkdx manual | man -l -`\n", "")
                 ? NothingWrong
                 : Unusable;
    complain("manual takes no arguments: `linkdx manual | man -l -`");
    return Unusable;
  }
  std::string text = fmt::format(
      ".TH LINKDX 1 \"\" \"linkdx {}\" \"User Commands\"\n.SH NAME\n"
      "linkdx, linkdx\\-hook, cargo\\-linkdx \\- diagnose link failures\n.SH DESCRIPTION\n",
      LINKDX_VERSION);
  text += upper(page_text("diagnose", main_help(), true));
  text += ".SH COMMANDS\n";
  for (const Command& command : all_commands()) {
    text += fmt::format(".SS linkdx {}\n", command.name);
    if (command.help != nullptr)
      text += page_text(command.name, command.help(), false);
    else
      text += fmt::format(".PP\n{}\n", escaped(command.summary));
  }
  text += ".SS cargo linkdx\n" + page_text("cargo", cargo_help(), false);
  text +=
      ".SS linkdx\\-hook\n.PP\nGNU ld and lld call it by "
      "\\fB\\-\\-error\\-handling\\-script=linkdx\\-hook\\fR for each undefined symbol "
      "and missing library.\nOne report of all follows when the linker has ended.\n";
  text += closing;
  return write_output(text, "") ? NothingWrong : Unusable;
}

}  // namespace linkdx::cli
