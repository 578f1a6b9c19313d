// Code that asks what the CPU has.
//
// It holds CPUID or reads an identification register, or uses a name of cpu_questions.inc. The answer lies in
// variables, so what such code writes is followed: code that reads these variables asks too. So does a caller
// of code that does nothing else than to read them (`if (has_avx2())`).
#include "questions.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "linkdx/language.hpp"

namespace linkdx::scan {
namespace {

struct Question {
  std::string_view name;
  enum class Form {
    Variable,  ///< holds what the CPU has
    Mixed,     ///< holds that and other things: whoever reads it may not ask at all
    Function,
  } form;
};
constexpr Question questions[] = {
#define QUESTION(name, form, source) {name, Question::Form::form},
#include "cpu_questions.inc"
#undef QUESTION
};

/// Asked of every name of a link: the size and the last letter tell nearly all apart.
const Question* question_named(std::string_view name) {
  const auto found = std::find_if(std::begin(questions), std::end(questions), [name](const Question& row) {
    return row.name.size() == name.size() && row.name.back() == name.back() && row.name == name;
  });
  return found == std::end(questions) ? nullptr : found;
}

bool needs_something(const ScannedCode& code) {
  return !code.is_data() && !above_baseline(code.own.features).empty();
}

}  // namespace

namespace {

/// The bytes of CPUID (0f a2) or XGETBV (0f 01 d0). Their last bytes are rare in code; 0f is not.
bool holds_question(std::span<const std::uint8_t> bytes) {
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  for (const std::string_view instruction :
       {std::string_view("\x0f\xa2"), std::string_view("\x0f\x01\xd0", 3)})
    for (std::size_t at = text.find(instruction.back()); at != std::string_view::npos;
         at = text.find(instruction.back(), at + 1))
      if (text.substr(0, at + 1).ends_with(instruction)) return true;
  return false;
}

}  // namespace

bool may_ask(const artifact::Object& object) {
  const isa::Arch arch = isa::arch_of_name(object.machine().arch);
  bool asks = false;
  if (arch == isa::Arch::X86_64 || arch == isa::Arch::X86)
    object.visit_code([&asks](std::span<const std::uint8_t> code) { asks = asks || holds_question(code); });
  if (!asks)
    object.visit_symbols(
        [&asks](const artifact::Symbol& symbol) { asks = asks || question_named(symbol.name) != nullptr; });
  return asks;
}

Questions::Questions(Program& program) : program_(program), nodes_(program.nodes()) {
  const std::size_t count = nodes_.size();
  direct_.resize(count);
  asks_.resize(count);
  told_.resize(count);
  how_.resize(count);
  at_.resize(count);
  answer_.resize(program_.data().size());
  ask_directly();
  ask_through_callees();
  find_answers();
  read_answers();
  ask_through_leaves();
}

void Questions::ask(std::uint32_t node, std::uint64_t at, std::string how) {
  if (!how_[node].empty() && at_[node] <= at) return;
  how_[node] = std::move(how);
  at_[node] = at;
}

void Questions::ask_directly() {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    const ScannedCode& code = *nodes_[i].code;
    if (code.asks_cpu) {
      direct_[i] = asks_[i] = true;
      ask(i, *code.asks_cpu, say("asks the CPU at {:#x}", *code.asks_cpu));
    }
    if (const Question* named = question_named(code.name);
        named != nullptr && named->form == Question::Form::Function)
      direct_[i] = asks_[i] = true;
    for (const Node::Name& outside : nodes_[i].outside) {
      const Question* row = question_named(outside.name);
      if (row == nullptr) continue;
      ask(i, outside.at,
          row->form == Question::Form::Function ? say("calls `{}`", outside.name)
                                                : say("reads `{}`", outside.name));
      if (row->form == Question::Form::Variable) told_[i] = true;
      if (row->form == Question::Form::Function) asks_[i] = true;
    }
  }
}

void Questions::ask_through_callees() {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i)
    for (const Use& call : nodes_[i].calls)
      // One that takes addresses makes the choice itself, and answers nothing.
      if (direct_[call.index] && call.index != i && nodes_[call.index].takes.empty()) {
        asks_[i] = true;
        ask(i, call.at, say("calls `{}`, which asks the CPU", nodes_[call.index].code->name));
      }
}

void Questions::find_answers() {
  const std::vector<Data>& data = program_.data();
  std::vector<std::uint32_t> answered;
  const auto leaves = [&](std::uint32_t variable, std::uint32_t from) {
    if (data[variable].called_through || !data[variable].holds.empty() || !answer_[variable].empty()) return;
    answer_[variable] = nodes_[from].code->name;
    answered.push_back(variable);
  };
  for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
    if (!asks_[i]) continue;
    for (const Use& write : nodes_[i].writes) leaves(write.index, i);
    // A caller passes the address of the variable to the code that asks.
    if (!direct_[i] && nodes_[i].takes.empty())
      for (const Use& read : nodes_[i].reads) leaves(read.index, i);
  }
  // The answer of CPUID is four words; in a stripped library each has an address of its own, and some are
  // written through pointers.
  constexpr std::uint64_t words = 16;
  std::map<std::pair<std::size_t, Place>, std::uint32_t> by_place;
  for (std::uint32_t i = 0; i < data.size(); ++i)
    if (data[i].name.empty()) by_place.emplace(std::pair(data[i].object, data[i].place), i);
  for (const std::uint32_t first : answered) {
    const std::size_t object = data[first].object;
    const Place place = data[first].place;
    for (auto at = by_place.lower_bound({object, place});
         at != by_place.end() && at->first.first == object && at->first.second.section == place.section &&
         at->first.second.offset - place.offset < words;
         ++at)
      if (answer_[at->second].empty() && !data[at->second].called_through && data[at->second].holds.empty())
        answer_[at->second] = answer_[first];
  }
  for (std::uint32_t i = 0; i < data.size(); ++i)
    if (question_named(data[i].name) != nullptr) answer_[i] = data[i].name;
}

void Questions::read_answers() {
  for (std::uint32_t i = 0; i < nodes_.size(); ++i)
    for (const Use& read : nodes_[i].reads) {
      if (answer_[read.index].empty()) continue;
      const std::string_view name = program_.data()[read.index].name;
      const Question* row = question_named(name);
      told_[i] = told_[i] || row == nullptr || row->form == Question::Form::Variable;
      ask(i, read.at,
          name.empty() ? say("reads what `{}` wrote of the CPU", answer_[read.index])
                       : say("reads `{}`, which holds what the CPU has", name));
    }
}

/// `return variable & bit;`: it answers its caller.
void Questions::ask_through_leaves() {
  std::vector<bool> leaf(nodes_.size());
  for (std::uint32_t i = 0; i < nodes_.size(); ++i)
    leaf[i] = told_[i] && nodes_[i].calls.empty() && nodes_[i].takes.empty() && nodes_[i].writes.empty() &&
              nodes_[i].outside.size() <= 1 && !needs_something(*nodes_[i].code);
  for (std::uint32_t i = 0; i < nodes_.size(); ++i)
    for (const Use& call : nodes_[i].calls)
      if (leaf[call.index] && call.index != i)
        ask(i, call.at, say("calls `{}`, which {}", nodes_[call.index].code->name, how_[call.index]));
}

}  // namespace linkdx::scan
