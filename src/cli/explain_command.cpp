// `linkdx explain CODE`: the page behind a diagnostic code; without a code, the list of all.
#include <algorithm>
#include <cctype>

#include "commands.hpp"
#include "linkdx/diagnose.hpp"
#include "linkdx/language.hpp"
#include "option_table.hpp"

namespace linkdx::cli {
namespace {

std::string upper(std::string word) {
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return word;
}

}  // namespace

int explain_command(const Options& options) {
  if (options.words.size() > 1) {
    complain(say("explain takes one code, such as LDX0101"));
    return Unusable;
  }
  std::string text;
  if (options.words.empty()) {
    for (const diagnose::RuleInfo& rule : diagnose::rules()) {
      text += std::string(rule.code) + "  " + say(rule.title) + "\n";
    }
    return write_output(text, options.output) ? NothingWrong : Unusable;
  }
  const std::string code = upper(options.words.front());
  std::vector<std::string_view> codes;
  for (const diagnose::RuleInfo& rule : diagnose::rules()) {
    codes.push_back(rule.code);
    if (rule.code != code) continue;
    text = say("{}: {}", code, translated(rule.title)) + "\n" +
           say("cause: {}", diagnose::name_of(rule.cause)) + "\n\n" + page_of(rule.page);
    if (!text.ends_with('\n')) text += '\n';
    return write_output(text, options.output) ? NothingWrong : Unusable;
  }
  const std::string_view near = nearest(code, codes);
  complain(say("there is no code `{}`{}", options.words.front(),
               near.empty() ? "" : say("; did you mean `{}`?", near)));
  complain(say("`linkdx explain` lists all codes"));
  return Unusable;
}

}  // namespace linkdx::cli
