// Who refers to what, and where the chain breaks: the output of the link, the inputs that refer to a symbol,
// the functions in them, the symbol, and in the place of its definition what was found there.
//
// Forty symbols that the same functions refer to are one node, as they are one diagnosis. What does not fit
// is counted.
#include "detail.hpp"
#include "linkdx/language.hpp"

#include <algorithm>
#include <filesystem>
#include <map>

namespace linkdx::cli {
namespace {

using Graph = report::Report::Graph;
using Kind = Graph::Kind;

constexpr std::size_t groups_shown = 4;
constexpr std::size_t references_shown = 4;  ///< of one group of symbols
constexpr std::size_t names_shown = 6;

class Builder {
 public:
  /// The node of that kind and label, made if there is none.
  std::size_t node(Kind kind, const std::string& label, std::vector<std::string> names = {}) {
    for (std::size_t i = 0; i < graph.nodes.size(); ++i)
      if (graph.nodes[i].kind == kind && graph.nodes[i].label == label && graph.nodes[i].names == names)
        return i;
    graph.nodes.push_back({kind, label, std::move(names)});
    return graph.nodes.size() - 1;
  }
  void edge(std::size_t from, std::size_t to, const std::string& label, bool broken = false) {
    const auto same = [&](const Graph::Edge& other) { return other.from == from && other.to == to; };
    if (std::none_of(graph.edges.begin(), graph.edges.end(), same))
      graph.edges.push_back({from, to, label, broken});
  }
  Graph graph;
};

/// Without its directory and, of an archive's member, without the member.
std::string file_name(const std::string& path) {
  const std::string file = path.substr(0, path.find('('));
  const std::string name = std::filesystem::path(file).filename().string();
  return name.empty() ? path : name;
}
/// The member, of an archive's member.
std::vector<std::string> members_of(const std::string& path) {
  const std::size_t bracket = path.find('(');
  if (bracket == std::string::npos || !path.ends_with(')')) return {};
  return {path.substr(bracket + 1, path.size() - bracket - 2)};
}

/// Symbols that the same places refer to.
struct Group {
  const diagnose::SymbolFacts* first = nullptr;
  std::vector<std::string> names;
};
std::vector<Group> groups_of(const diagnose::Diagnosis& diagnosis, const diagnose::Case& facts) {
  std::vector<Group> groups;
  std::map<std::string, std::size_t> known;
  for (const std::string& name : diagnosis.symbols) {
    const auto symbol = std::find_if(facts.symbols.begin(), facts.symbols.end(),
                                     [&](const auto& one) { return one.name == name; });
    if (symbol == facts.symbols.end()) continue;
    std::string key = std::to_string(static_cast<int>(symbol->status));
    for (const auto& reference : symbol->referenced_by)
      key +=
          '\n' + (reference.object.empty() ? reference.source : reference.object) + '\n' + reference.function;
    if (!symbol->nearest.empty()) key += "\n" + symbol->nearest.front().where;
    const auto [place, is_new] = known.try_emplace(key, groups.size());
    if (is_new) groups.push_back({&*symbol, {}});
    groups[place->second].names.push_back(name);
  }
  return groups;
}

std::vector<std::string> first_names(const std::vector<std::string>& all) {
  if (all.size() <= names_shown) return all;
  std::vector<std::string> names(all.begin(), all.begin() + names_shown);
  names.push_back(say("and {} more", all.size() - names_shown));
  return names;
}

std::size_t symbol_node(const Group& group, Builder& builder) {
  if (group.names.size() == 1) return builder.node(Kind::Symbol, group.names.front());
  return builder.node(Kind::Symbol, say("{} symbols", group.names.size()), first_names(group.names));
}

/// What there is in the place of the definition.
void add_end(const Group& group, std::size_t symbol, const diagnose::Diagnosis& diagnosis, Builder& builder) {
  const std::string cause(diagnose::name_of(diagnosis.cause));
  const diagnose::SymbolFacts& facts = *group.first;
  const std::string what = facts.verdict == link::Verdict::DefinedNotReached ? say("definition not reached")
                           : facts.verdict == link::Verdict::DefinedElsewhere
                               ? say("definition not part of the link")
                               : say("no definition found");
  const std::size_t end = builder.node(Kind::Break, what, {cause});
  builder.edge(symbol, end, say("breaks here"), true);
  if (facts.nearest.empty()) return;
  const diagnose::SymbolFacts::Near& near = facts.nearest.front();
  const bool same = near.name == facts.name || near.name == facts.linker_name;
  const std::string file = near.where.empty() ? "" : file_name(near.where);
  if (group.names.size() > 1) {
    // The nearest of one symbol says nothing of the others, except for the file that has them all.
    if (same && !file.empty()) builder.edge(end, builder.node(Kind::Definition, file), say("defined in"));
    return;
  }
  std::vector<std::string> names;
  if (!file.empty()) names.push_back(file);
  builder.edge(end, builder.node(Kind::Definition, near.name, std::move(names)),
               same ? say("defined in") : say("nearest name"));
}

void add_references(const Group& group, std::size_t link, std::size_t symbol, Builder& builder) {
  const diagnose::SymbolFacts& facts = *group.first;
  const bool duplicate = facts.status == diagnose::SymbolFacts::Status::Duplicate;
  std::size_t shown = 0;
  for (const auto& reference : facts.referenced_by) {
    const std::string& file = reference.object.empty() ? reference.source : reference.object;
    if (file.empty() && reference.function.empty()) continue;
    if (shown++ == references_shown) break;
    std::size_t from = link;
    if (!file.empty()) {
      const std::size_t input = builder.node(Kind::Input, file_name(file), members_of(file));
      builder.edge(from, input, say("takes"));
      from = input;
    }
    if (!duplicate && !reference.function.empty()) {
      const std::size_t function = builder.node(Kind::Function, reference.function);
      builder.edge(from, function, say("holds"));
      from = function;
    }
    // The second definition is one too many.
    builder.edge(from, symbol, duplicate ? say("defines") : say("refers to"), duplicate && shown > 1);
  }
  if (shown == 0) builder.edge(link, symbol, duplicate ? say("defines") : say("refers to"));
  const std::uint64_t more =
      facts.more_references +
      (facts.referenced_by.size() > references_shown ? facts.referenced_by.size() - references_shown : 0);
  if (more == 0) return;
  const std::size_t others = builder.node(Kind::Input, say("{} more places", more));
  builder.edge(link, others, say("takes"));
  builder.edge(others, symbol, duplicate ? say("define") : say("refer to"), duplicate);
}

/// The file that a diagnosis without symbols is about.
struct SubjectOf {
  std::string operator()(const diagnose::WrongMachine& found) const { return file_name(found.path); }
  std::string operator()(const diagnose::LibraryMissing& found) const {
    return found.name.empty() ? file_name(found.path) : "-l" + found.name;
  }
  std::string operator()(const diagnose::ObjectToRemake& found) const { return file_name(found.path); }
  std::string operator()(const diagnose::NotPositionIndependent& found) const {
    return file_name(found.object);
  }
  std::string operator()(const diagnose::IntermediateCode& found) const { return file_name(found.path); }
  std::string operator()(const diagnose::OlderLibrary& found) const { return found.library; }
  template <class Other>
  std::string operator()(const Other&) const {
    return {};
  }
};

}  // namespace

Graph graph_of(const diagnose::Diagnosis& diagnosis, const diagnose::Case& facts) {
  Builder builder;
  const std::string output = facts.failure == nullptr ? "" : facts.failure->output;
  const std::size_t link = builder.node(Kind::Link, output.empty() ? say("the link") : file_name(output));
  const std::vector<Group> groups = groups_of(diagnosis, facts);
  if (groups.empty()) {
    const std::string subject = std::visit(SubjectOf{}, diagnosis.finding);
    if (subject.empty()) return {};
    const std::size_t input = builder.node(Kind::Input, subject);
    builder.edge(link, input, say("takes"));
    builder.edge(input, builder.node(Kind::Break, std::string(diagnose::name_of(diagnosis.cause))),
                 say("breaks here"), true);
    return std::move(builder.graph);
  }
  std::size_t shown = 0;
  Group rest;
  for (const Group& group : groups) {
    if (shown == groups_shown && groups.size() > shown + 1) {
      if (rest.first == nullptr) rest.first = group.first;
      rest.names.insert(rest.names.end(), group.names.begin(), group.names.end());
      continue;
    }
    ++shown;
    const std::size_t symbol = symbol_node(group, builder);
    add_references(group, link, symbol, builder);
    if (group.first->status != diagnose::SymbolFacts::Status::Duplicate)
      add_end(group, symbol, diagnosis, builder);
  }
  if (rest.first != nullptr) {
    const std::size_t others =
        builder.node(Kind::Symbol, say("{} more symbols", rest.names.size()), first_names(rest.names));
    builder.edge(link, others, say("refers to"));
    builder.edge(others, builder.node(Kind::Break, std::string(diagnose::name_of(diagnosis.cause))),
                 say("breaks here"), true);
  }
  return std::move(builder.graph);
}

}  // namespace linkdx::cli
