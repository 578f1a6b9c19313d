// Redaction: a report that can be handed on without telling whose machine it was.
//
// What is private is recognised by its form (private_text.inc: tokens, home directories, addresses), by name
// (the user and host names of this machine, which the caller knows), and, for hosts in web addresses, by not
// being one of the public ones that every build talks to. All texts of the model go through the same
// replacement, so that a symbol or path keeps one name throughout the report. Redaction is a help, not a
// guarantee: what has no known form stays.
#include <algorithm>
#include <cctype>

#include <llvm/ADT/SmallVector.h>
#include <llvm/Support/Regex.h>

#include "linkdx/report.hpp"

namespace linkdx::report {
namespace {

struct Rule {
  llvm::Regex expression;
  std::string_view replacement;
};

const std::vector<Rule>& rules() {
  static const std::vector<Rule> all = [] {
    std::vector<Rule> rules;
#define PRIVATE_TEXT(expression, replacement, ignore_case)                                                  \
  rules.push_back({llvm::Regex(expression, (ignore_case) ? llvm::Regex::IgnoreCase : llvm::Regex::NoFlags), \
                   replacement});
#include "private_text.inc"
#undef PRIVATE_TEXT
    return rules;
  }();
  return all;
}

/// Hosts that say nothing of who built: the registries and forges of the toolchains.
constexpr std::string_view public_hosts[] = {
    "github.com",       "githubusercontent.com",
    "gitlab.com",       "crates.io",
    "docs.rs",          "rust-lang.org",
    "debian.org",       "ubuntu.com",
    "gnu.org",          "kernel.org",
    "llvm.org",         "docker.io",
    "docker.com",       "ghcr.io",
    "quay.io",          "pypi.org",
    "pythonhosted.org", "npmjs.org",
    "golang.org",       "cmake.org",
    "sourceware.org",
};

bool is_public(std::string_view host) {
  return std::any_of(std::begin(public_hosts), std::end(public_hosts), [host](std::string_view known) {
    return host == known || (host.size() > known.size() && host.ends_with(known) &&
                             host[host.size() - known.size() - 1] == '.');
  });
}

std::string replace_matches(const Rule& rule, std::string_view text) {
  std::string out;
  llvm::SmallVector<llvm::StringRef, 8> groups;
  std::size_t position = 0;
  while (position < text.size()) {
    // One byte of what is done stays in view, so that `^` means the start of the text and nothing else.
    const std::size_t context = position > 0 ? 1 : 0;
    const llvm::StringRef view(text.data() + position - context, text.size() - position + context);
    if (!rule.expression.match(view, &groups)) break;
    const auto start = static_cast<std::size_t>(groups[0].data() - view.data());
    const std::size_t end = start + groups[0].size();
    if (end <= context) break;
    if (start > context) out.append(view.data() + context, start - context);
    for (std::size_t i = 0; i < rule.replacement.size(); ++i) {
      if (rule.replacement[i] != '\\') {
        out += rule.replacement[i];
        continue;
      }
      const auto number = static_cast<std::size_t>(rule.replacement[++i] - '0');
      llvm::StringRef group = groups[number];
      if (group.data() == view.data()) group = group.drop_front(std::min(context, group.size()));
      out.append(group.data(), group.size());
    }
    position += end - context;
  }
  out += text.substr(position);
  return out;
}

bool is_name_character(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
}

/// Replaces a name where it stands alone, not as a part of a longer one.
std::string replace_name(std::string text, std::string_view name, std::string_view replacement) {
  for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name, at)) {
    const std::size_t end = at + name.size();
    const bool alone = (at == 0 || !is_name_character(text[at - 1])) &&
                       (end == text.size() || !is_name_character(text[end]));
    if (alone) text.replace(at, name.size(), replacement);
    at += alone ? replacement.size() : name.size();
  }
  return text;
}

/// `https://build.example.com:8443/x` keeps its scheme and path.
std::string replace_hosts_of_addresses(const std::string& text) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = text.find("://"); at != std::string::npos; at = text.find("://", from)) {
    const std::size_t start = at + 3;
    std::size_t end = start;
    while (end < text.size() && (is_name_character(text[end]) || text[end] == '.')) ++end;
    out += text.substr(from, start - from);
    const std::string host = text.substr(start, end - start);
    out += host.empty() || is_public(host) ? host : "[host]";
    from = end;
  }
  return out + text.substr(from);
}

/// Names too short or too common to be told from ordinary words.
bool is_telling(std::string_view name) {
  static constexpr std::string_view common[] = {"root",   "user",   "build",  "builder", "runner",   "ubuntu",
                                                "debian", "docker", "nobody", "admin",   "localhost"};
  return name.size() >= 3 && std::find(std::begin(common), std::end(common), name) == std::end(common);
}

template <class Each>
void for_each_text(fix::Apply& change, const Each& each) {
  for (auto* values : {&change.env, &change.env_append}) {
    for (auto& [name, value] : *values) each(value);
  }
  for (auto* list : {&change.rustflags, &change.cflags, &change.ldflags, &change.ldlibs, &change.packages}) {
    for (std::string& text : *list) each(text);
  }
  for (auto& command : change.commands) {
    for (std::string& text : command) each(text);
  }
  for (auto& edit : change.edits) {
    each(edit.path);
    each(edit.diff);
  }
  each(change.manual);
}

template <class Each>
void for_each_text(Report::Item& item, const Each& each) {
  for (std::string& name : item.diagnosis.symbols) each(name);
  each(item.diagnosis.title);
  each(item.diagnosis.explanation);
  for (Evidence& fact : item.diagnosis.evidence) {
    each(fact.path);
    each(fact.text);
  }
  for (diagnose::MissingEvidence& missing : item.diagnosis.missing_evidence) {
    each(missing.what);
    each(missing.command);
  }
  for (fix::Fix& fix : item.remedy.fixes) {
    each(fix.title);
    each(fix.why);
    each(fix.price);
    for (fix::Snippet& snippet : fix.snippets) each(snippet.text);
    for_each_text(fix.apply, each);
    if (!fix.verified) continue;
    each(fix.verified->command);
    each(fix.verified->result);
  }
  for (fix::Refuted& refuted : item.remedy.refuted) {
    each(refuted.advice);
    each(refuted.why);
    for_each_text(refuted.apply, each);
  }
  for (Report::Graph::Node& node : item.graph.nodes) {
    each(node.label);
    for (std::string& name : node.names) each(name);
  }
  if (!item.located) return;
  for (std::string* text : {&item.located->path, &item.located->member, &item.located->function}) each(*text);
}

template <class Each>
void for_each_text(Report& report, const Each& each) {
  for (std::string& log : report.logs) each(log);
  for (Report::Artifact& artifact : report.artifacts) each(artifact.path);
  for (Skipped& skipped : report.skipped) {
    each(skipped.path);
    each(skipped.reason);
  }
  for (diagnose::SymbolFacts& symbol : report.symbols) {
    each(symbol.name);
    each(symbol.demangled);
    for (auto& reference : symbol.referenced_by) {
      each(reference.object);
      each(reference.function);
      each(reference.source);
    }
    for (auto& near : symbol.nearest) {
      each(near.name);
      each(near.where);
      each(near.why);
    }
  }
  for (Report::Item& item : report.diagnoses) for_each_text(item, each);
  each(report.context.link_command);
  each(report.context.log_excerpt);
  for (auto& step : report.context.verify_steps) {
    each(step.what);
    each(step.command);
  }
  for (std::string& searched : report.context.searched) each(searched);
  for (auto& matrix : report.context.matrices)
    for (auto& row : matrix.symbols)
      for (std::string& name : row.names) each(name);
  for (auto& choice : report.context.choices) {
    each(choice.flag);
    each(choice.here);
  }
  for (auto& speed : report.context.speeds) each(speed.symbol);
}

}  // namespace

std::string redact_text(std::string_view original, const Private& names) {
  std::string text(original);
  if (names.home.size() > 1) {
    // Only at the end of a path component: /home/al is not a part of /home/alice.
    std::string home = names.home;
    while (home.ends_with('/')) home.pop_back();
    if (home.size() > 1) text = replace_name(std::move(text), home, "~");
  }
  for (const Rule& rule : rules()) text = replace_matches(rule, text);
  text = replace_hosts_of_addresses(text);
  for (const std::string& host : names.hosts) {
    if (is_telling(host)) text = replace_name(std::move(text), host, "[host]");
  }
  for (const std::string& user : names.users) {
    if (is_telling(user)) text = replace_name(std::move(text), user, "[user]");
  }
  return text;
}

void redact(Report& report, const Private& names) {
  for_each_text(report, [&names](std::string& text) { text = redact_text(text, names); });
}

}  // namespace linkdx::report
