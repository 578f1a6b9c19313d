// The words in which the renderings for people say what the model holds. See words.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "linkdx/report.hpp"

namespace linkdx::report {

std::string_view name_of(Confidence confidence);
std::string_view name_of(diagnose::SymbolFacts::Status status);

/// The same in the spoken language.
std::string_view said(Confidence confidence);
std::string_view said(diagnose::SymbolFacts::Status status);
/// What kind of evidence it is, in the spoken language.
std::string_view said_kind(std::string_view kind);

/// The title with its doubt in front: a guess is never a bare statement.
std::string headline(const diagnose::Diagnosis& diagnosis);
/// Words that the diagnosis is about, the most telling first: the part of a long line in which one stands is
/// the part to show.
std::vector<std::string> focus_of(const diagnose::Diagnosis& diagnosis);
/// What the confidence of the cause rests on, in words.
std::string_view meaning_of(const diagnose::Diagnosis& diagnosis);

/// `resolves the failure`.
std::string_view phrase(fix::Effect effect);
/// `predicted to work; not tried`, or what was run and what came of it.
std::string tried(const fix::Fix& fix);
/// How a feature set is known: `shown by the instructions`.
std::string_view phrase(isa::Source source);
std::string_view phrase(link::Verdict verdict);

/// The features, architecture and level in words; names stand in backticks.
std::string features_of(const diagnose::SymbolFacts::Isa& isa);

/// `1 symbol`, `3 symbols`: one of two texts of the catalogue, in which `{}` stands for the number.
std::string counted(std::size_t count, std::string_view one, std::string_view many);
/// The first `shown` of the items and `and 37 more`.
struct Capped {
  std::vector<std::string> items;
  std::size_t more = 0;
};
Capped capped(const std::vector<std::string>& items, std::size_t shown);
/// `a, b and 37 more`
std::string listed(const Capped& list);
std::string listed(const std::vector<std::string>& items);
/// What stands behind a label: `: `
std::string_view colon();

/// The snippet that a terminal shows: the one for a shell where there is one. Null when the fix has none.
const fix::Snippet* best_snippet(const fix::Fix& fix);
/// Lines that say what the machine form does, for a fix without snippets. What a person has to do is prose,
/// and not among them.
std::vector<std::string> steps_of(const fix::Apply& apply);

/// The symbol's entry in the report, or null.
const diagnose::SymbolFacts* find_symbol(const Report& report, std::string_view name);

/// The text up to the end of its first sentence.
std::string first_sentence(std::string_view text);
/// Paragraphs of plain text: split at blank lines, line ends inside become spaces.
std::vector<std::string> paragraphs(std::string_view text);
std::vector<std::string_view> lines_of(std::string_view text);

/// A diagnosis in a few lines of plain text, for tools that have no other place for it: what, why, which
/// symbols, what mends it and what does not.
std::string account_of(const Report::Item& item);

/// With a full stop at its end where it has none.
std::string as_sentence(std::string_view text);

}  // namespace linkdx::report
