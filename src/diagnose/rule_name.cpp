// What a name suggests when nothing better is known: hidden definitions, CPU kernels, vtables; and the
// honest end of the list, for what no rule can explain.
#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "facts.hpp"
#include "linkdx/pattern.hpp"
#include "rule.hpp"
#include "sources.hpp"

namespace linkdx::diagnose {

namespace {

/// Words in names that mark code of one architecture or of an assembler, without naming a feature. Weaker
/// than the marks of isa/: libraries also use them as prefixes.
constexpr std::string_view architecture_words[] = {
    "asm",    "simd",   "ppc",     "ppc64",  "powerpc", "vpmsum", "altivec", "s390x", "arm",   "armv7",
    "armv8",  "arm64",  "aarch64", "x86",    "x64",     "amd64",  "riscv",   "rvv",   "mips",  "loongarch",
    "intrin", "fxsave", "xsave",   "xsavec", "i386",    "i686",   "ia32",    "sse",   "vpaes", "bsaes",
    "mmx",    "mmxext", "3dnow",   "msa",    "dspr2",   "vmx",    "cpuid"};

/// `aes_hw_encrypt`, `sha256_block_data_order_hw`: what BoringSSL and its kin call code for the instructions
/// of a CPU.
bool is_for_crypto_hardware(std::string_view symbol) {
  for (std::string_view pattern : {"*aes*_hw*", "*sha*_hw*", "*gcm*_hw*", "*ghash*_hw*", "*crc32*_hw*"})
    if (fits_pattern(pattern, symbol)) return true;
  return false;
}

bool has_architecture_word(std::string_view symbol) {
  if (is_for_crypto_hardware(symbol)) return true;
  std::string word;
  auto known = [&] {
    return std::find(std::begin(architecture_words), std::end(architecture_words), word) !=
           std::end(architecture_words);
  };
  for (std::size_t i = 0; i < symbol.size(); ++i) {
    unsigned char c = static_cast<unsigned char>(symbol[i]);
    if (std::isalnum(c)) {
      word += static_cast<char>(std::tolower(c));
      continue;
    }
    if (known()) return true;
    word.clear();
  }
  if (known()) return true;
  // `GetAarch64Info`: words told by capitals. The short ones (`Arm`, `Sse`) are also words of other kinds
  // there.
  for (std::size_t i = 0; i <= symbol.size(); ++i) {
    unsigned char c = i < symbol.size() ? static_cast<unsigned char>(symbol[i]) : '_';
    bool ends = !std::isalnum(c) ||
                (std::isupper(c) && i > 0 && std::islower(static_cast<unsigned char>(symbol[i - 1]))) ||
                (std::isupper(c) && i > 0 && std::isdigit(static_cast<unsigned char>(symbol[i - 1])));
    if (ends && word.size() >= 5 && known()) return true;
    if (ends) word.clear();
    if (std::isalnum(c)) word += static_cast<char>(std::tolower(c));
  }
  return false;
}

/// A kernel of another machine than the one that is linked for: `dot_neon` in a program for x86.
bool marks_other_machine(const Case& facts, std::string_view symbol) {
  if (facts.arch == isa::Arch::Unknown) return false;
  std::optional<isa::NameHint> hint = isa::from_name(bare_name(symbol), isa::Arch::Unknown);
  return hint && hint->token.size() >= 3 && hint->features.arch() != facts.arch;
}

/// The file of the object, without its directory and endings, marks the same kernel: `sum_avx2.c.o` of
/// `sum_row_avx2`.
bool from_its_own_kind(const SymbolFacts& symbol) {
  std::vector<std::string> objects = referrers_of(symbol);
  if (objects.empty() || !symbol.isa) return false;
  return std::all_of(objects.begin(), objects.end(), [&](const std::string& object) {
    std::string_view member = object;
    if (std::size_t open = member.find('('); open != std::string_view::npos && member.ends_with(")"))
      member = member.substr(open + 1, member.size() - open - 2);
    std::string_view name = file_name(member);
    std::optional<isa::NameHint> hint =
        isa::from_name(name.substr(0, name.find('.')), symbol.isa->features.arch());
    return hint && hint->features == symbol.isa->features;
  });
}

/// The warning by which GCC announces that an inline function will be missed.
const log::ToolMessage* inline_warning(const Case& facts, std::string_view symbol) {
  if (facts.log)
    for (const log::ToolMessage& message : facts.log->messages)
      if (message.kind == log::ToolMessage::Kind::InlineUndefined && message.subject == symbol)
        return &message;
  return nullptr;
}

bool is_header(std::string_view source) {
  source = source.substr(0, source.find(':'));
  return source.ends_with(".h") || source.ends_with(".hpp") || source.ends_with(".hh") ||
         source.ends_with(".inc") || source.ends_with(".inl");
}

/// All references come from inline functions of headers, into objects that lie outside the header's
/// directory.
bool through_foreign_headers(const SymbolFacts& symbol) {
  if (symbol.referenced_by.empty()) return false;
  return std::all_of(symbol.referenced_by.begin(), symbol.referenced_by.end(),
                     [](const SymbolFacts::ReferencedBy& reference) {
                       if (!is_header(reference.source)) return false;
                       std::size_t slash = reference.source.find('/');
                       if (slash == std::string::npos) return false;
                       std::string directory = reference.source.substr(0, slash + 1);
                       return reference.object.find('(') == std::string::npos && !reference.object.empty() &&
                              reference.object.find(directory) == std::string::npos;
                     });
}

bool import_library_on_line(const Case& facts) {
  if (!facts.failure || !facts.failure->command) return false;
  const std::vector<std::string>& words = facts.failure->command->arguments;
  return std::any_of(words.begin(), words.end(),
                     [](const std::string& word) { return word.ends_with(".dll.a"); });
}

/// Unmarked symbols missing from the very objects that also miss a kernel: then the kernel's features are not
/// the reason.
bool unmarked_companions(const Context& context, const SymbolFacts& symbol) {
  std::vector<std::string> objects = referrers_of(symbol);
  for (const SymbolFacts& other : context.facts.symbols) {
    if (other.isa || other.status != SymbolFacts::Status::Undefined || has_architecture_word(other.name))
      continue;
    for (const std::string& object : referrers_of(other))
      if (std::find(objects.begin(), objects.end(), object) != objects.end()) return true;
  }
  return false;
}

void state_visibility(Context& context, Confidence confidence, const std::vector<std::string>& names,
                      std::string title, std::string explanation, MissingEvidence missing) {
  Diagnosis diagnosis = make("LDX1102", confidence, names);
  diagnosis.title = std::move(title);
  diagnosis.explanation = std::move(explanation);
  diagnosis.evidence.push_back(context.log_line(names.front()));
  if (!missing.what.empty()) diagnosis.missing_evidence.push_back(std::move(missing));
  context.state(std::move(diagnosis));
}

/// The name itself says that it is a kernel; features told from instructions say nothing of a name.
bool marked(const SymbolFacts& symbol) {
  return symbol.isa && (symbol.isa->source == isa::Source::NameStandard ||
                        symbol.isa->source == isa::Source::NameConvention);
}

std::string features_text(const SymbolFacts::Isa& isa) {
  std::string text;
  for (const std::string& feature : isa.features.names()) text += (text.empty() ? "" : say(", ")) + feature;
  return text;
}

/// Asks for what was not looked at; what was, and shows no definition, speaks against a source of this build.
void weigh_what_was_read(const Context& context, Diagnosis& diagnosis) {
  const std::string name = plain_function_name(diagnosis.symbols.front());
  const build::Facts* build = context.facts.build;
  const bool tree =
      build != nullptr && !(build->cargo.empty() && build->cmake.empty() && build->configured.empty());
  const std::vector<std::string> sources = source_directories(context.facts);
  if (!tree) {
    diagnosis.missing_evidence.push_back(
        {say("the build tree: what was compiled, what was skipped and why"), context.with_tree()});
  } else {
    diagnosis.explanation += say(" The build tree was read, and no step of it that is known explains this.");
  }
  if (!tree || sources.empty() || !find_definitions(context.facts, diagnosis.symbols.front()).empty()) {
    diagnosis.missing_evidence.push_back(
        {say("the source that defines it"), fmt::format("grep -rnw {} SOURCES", name)});
    return;
  }
  diagnosis.confidence = Confidence::Possible;
  diagnosis.explanation += say(
      " No C, C++ or assembly source below {} defines `{}`: it may come from a library that is not part of "
      "this build.",
      list_names(sources), name);
  diagnosis.missing_evidence.push_back(
      {say("where it is defined"),
       fmt::format("grep -rnw {} OTHER_SOURCES; {}", name, context.with_system())});
}

}  // namespace

void rule_visibility(Context& context) {
  using Kind = log::SymbolError::Kind;
  std::map<Kind, std::vector<std::string>> hidden;
  std::vector<std::string> promoted, companions, imported;
  for (const SymbolFacts* symbol : context.open()) {
    const log::SymbolError* error = context.error_of(symbol->name);
    const link::Undefined* located = context.located(symbol->name);
    bool hidden_definition = located && !located->nearest.empty() &&
                             located->nearest.front().why == link::Nearest::Why::SameNameHidden;
    if (hidden_definition) {
      Diagnosis diagnosis = make("LDX1102", Confidence::Certain, {symbol->name});
      diagnosis.title = say("`{}` is defined and not visible", symbol->name);
      diagnosis.explanation =
          located->nearest.front().detail.empty()
              ? say("`{}` defines it as a hidden or local symbol, which other files cannot use.",
                    located->nearest.front().where)
              : located->nearest.front().detail;
      diagnosis.evidence.push_back(
          {"symbol-table", located->nearest.front().where, 0, say("defines it, hidden or local")});
      diagnosis.evidence.push_back(context.log_line(symbol->name));
      NotVisible found;
      found.symbol = symbol->name;
      found.where = located->nearest.front().where;
      const artifact::Object* object = located->nearest.front().object;
      found.is_static = object && artifact::is_relocatable(object->kind());
      for (const SourceDefinition& definition : find_definitions(context.facts, symbol->linker_name)) {
        found.source = definition.path;
        found.source_line = definition.line;
        diagnosis.evidence.push_back({"source", definition.path, definition.line, definition.text});
        break;
      }
      diagnosis.finding = std::move(found);
      context.state(std::move(diagnosis));
    } else if (symbol->name.find(".llvm.") != std::string::npos)
      promoted.push_back(symbol->name);
    else if (error && error->kind == Kind::HiddenReferenced)
      hidden[Kind::HiddenReferenced].push_back(symbol->name);
    else if (error && error->kind == Kind::UndefinedHidden && !symbol->isa &&
             !has_architecture_word(symbol->name))
      hidden[Kind::UndefinedHidden].push_back(symbol->name);
    else if (through_foreign_headers(*symbol))
      companions.push_back(symbol->name);
    else if (import_library_on_line(context.facts) && !symbol->isa)
      imported.push_back(symbol->name);
  }
  if (!promoted.empty())
    state_visibility(
        context, Confidence::Likely, promoted,
        say("{} was renamed by link-time optimisation, and its definition is gone", list_names(promoted)),
        say("The suffix `.llvm.N` is how ThinLTO names a function that was local to its file when "
            "it moves the caller to another. The unit that should "
            "define it under that name did not: it was optimised apart, comes from a stale object, "
            "or is not part of this link."),
        {say("whether the link passes without link-time optimisation"), say("build once with -fno-lto")});
  if (!hidden[Kind::HiddenReferenced].empty())
    state_visibility(
        context, Confidence::Likely, hidden[Kind::HiddenReferenced],
        say("{} is hidden, and a shared library refers to it", list_names(hidden[Kind::HiddenReferenced])),
        say("The definition has hidden visibility, so it cannot serve a shared library. The linker "
            "names both sides."),
        {say("which library was meant to define it for the shared library"),
         fmt::format("nm -D LIBRARY | grep {}", hidden[Kind::HiddenReferenced].front())});
  if (!hidden[Kind::UndefinedHidden].empty())
    state_visibility(context, Confidence::Possible, hidden[Kind::UndefinedHidden],
                     say("{} is referred to as hidden, and nothing in the link defines it",
                         list_names(hidden[Kind::UndefinedHidden])),
                     say("A hidden reference must be resolved inside the output itself; a shared library "
                         "cannot. The object "
                         "that should define it is not part of the link, or its definition was dropped."),
                     {say("where it is defined"), context.with_tree()});
  if (!companions.empty())
    state_visibility(
        context, Confidence::Possible, companions,
        say("inline functions of a header refer to {}, which the library may not export",
            list_names(companions)),
        say("Every reference comes from an inline function in a header, compiled into an object "
            "outside that header's directory. If the header is an internal one, the "
            "symbols are there inside the library and not exported from it. Marks of CPU features "
            "in the names are then beside the point."),
        {say("whether the library has the symbols and hides them"),
         fmt::format("nm LIBRARY | grep {}; nm -D LIBRARY | grep {}", companions.front(),
                     companions.front())});
  if (!imported.empty())
    state_visibility(
        context, Confidence::Possible, imported,
        say("{} may not be exported from a DLL", list_names(imported)),
        say("The link takes libraries through import libraries (.dll.a). As soon as one symbol of a "
            "DLL is exported explicitly, only such symbols are in its import library."),
        {say("whether the DLL exports it"),
         fmt::format("x86_64-w64-mingw32-nm IMPORT_LIBRARY.dll.a | grep {}", imported.front())});
}

namespace {

/// The function that asks for the symbol, where the names of all that are known mark code for some CPU
/// features; empty where one does not.
std::string marked_caller(const Case& facts, const SymbolFacts& symbol) {
  std::string caller;
  for (const SymbolFacts::ReferencedBy& reference : symbol.referenced_by) {
    if (reference.function.empty()) continue;
    if (!isa::from_name(bare_name(reference.function), facts.arch) &&
        !has_architecture_word(reference.function))
      return {};
    if (caller.empty()) caller = reference.function;
  }
  return caller;
}

}  // namespace

void rule_kernel_by_name(Context& context) {
  std::vector<std::string> with_siblings, by_name, by_word, by_caller;
  std::string callers;
  std::vector<Evidence> siblings;
  const SymbolFacts* first = nullptr;
  bool doubtful = false, own_kind = true;
  for (const SymbolFacts* symbol : context.open())
    if (const log::ToolMessage* warning = inline_warning(context.facts, bare_name(symbol->name))) {
      Diagnosis diagnosis = make("LDX1506", Confidence::Likely, {symbol->name});
      diagnosis.title = say("`{}` is an inline function without a definition of its own", symbol->name);
      diagnosis.explanation = say(
          "The compiler said that the function is declared inline and not defined. In C99 such a function "
          "has no definition for calls that are not inlined, as in a build without optimisation.");
      diagnosis.evidence = {context.log_line(warning->where), context.log_line(symbol->name)};
      diagnosis.missing_evidence.push_back(
          {say("the declaration"), fmt::format("grep -rnw {} SOURCES", plain_function_name(symbol->name))});
      context.state(std::move(diagnosis));
    }
  for (const SymbolFacts* symbol : context.open()) {
    const link::Undefined* located = context.located(symbol->name);
    bool sibling = located && located->verdict == link::Verdict::DefinedNowhere &&
                   !located->nearest.empty() && located->nearest.front().why == link::Nearest::Why::Sibling;
    if (sibling && marked(*symbol)) {
      with_siblings.push_back(symbol->name);
      for (const link::Nearest& nearest : located->nearest)
        if (siblings.size() < 4)
          siblings.push_back(
              {"symbol-table", nearest.where, 0, say("defines its sibling `{}`", nearest.name)});
    } else if (marked(*symbol)) {
      by_name.push_back(symbol->name);
      own_kind = own_kind && from_its_own_kind(*symbol);
      doubtful = doubtful || unmarked_companions(context, *symbol);
    } else if (has_architecture_word(symbol->name) || marks_other_machine(context.facts, symbol->name)) {
      by_word.push_back(symbol->name);
      continue;
    } else if (std::string caller = marked_caller(context.facts, *symbol); !caller.empty()) {
      by_caller.push_back(symbol->name);
      if (callers.empty()) callers = caller;
      continue;
    } else {
      continue;
    }
    if (!first) first = symbol;
  }
  auto finish = [&](Diagnosis diagnosis, const SymbolFacts* symbol) {
    KernelNotBuilt found;
    if (symbol && symbol->isa) found.features = symbol->isa->features;
    weigh_what_was_read(context, diagnosis);
    diagnosis.finding = std::move(found);
    context.state(std::move(diagnosis));
  };
  if (!with_siblings.empty()) {
    bool complete = context.facts.replay && context.facts.replay->complete;
    Diagnosis diagnosis = make("LDX0104", Confidence::Likely, with_siblings);
    diagnosis.title =
        siblings.size() == 1
            ? say("no object defines {}, though its sibling is there", list_names(with_siblings))
            : say("no object defines {}, though its siblings are there", list_names(with_siblings));
    diagnosis.explanation = complete ? say("No input of the link defines it, and kernels of the same family "
                                           "for other features are there.")
                                     : say("No artifact at hand of the link defines it, and kernels of the "
                                           "same family for other features are there.");
    diagnosis.explanation +=
        say(" The source for these features was left out of the build, or its compile failed.");
    diagnosis.evidence = siblings;
    diagnosis.evidence.push_back(context.log_line(with_siblings.front()));
    finish(std::move(diagnosis), first);
  }
  if (!by_name.empty()) {
    Diagnosis diagnosis =
        make("LDX0105", doubtful || own_kind ? Confidence::Possible : Confidence::Likely, by_name);
    const SymbolFacts* symbol = nullptr;
    for (const SymbolFacts& candidate : context.facts.symbols)
      if (candidate.name == by_name.front()) symbol = &candidate;
    diagnosis.title = say("the object with {} was not built", list_names(by_name));
    diagnosis.explanation = symbol && symbol->isa && !symbol->isa->features.empty()
                                ? say("The name marks a kernel for {}.", features_text(*symbol->isa))
                                : say("The name marks a kernel for some CPU features.");
    diagnosis.explanation +=
        say(" Such code has a source file of its own, which is left out when its "
            "compiler flag, assembler or configure check fails, while the caller is compiled in.");
    if (is_cargo_build(context.facts)) {
      diagnosis.explanation += say(
          " In a cargo build that file is compiled by a build script. When the compile fails the script may "
          "only warn, and cargo hides the warnings of dependencies; they stand in "
          "target/**/build/PACKAGE-*/output.");
      if (!context.facts.build || context.facts.build->cargo.empty())
        diagnosis.missing_evidence.push_back(
            {say("what the build scripts said"), "grep -rE 'warning=|error' --include=output target/"});
    }
    if (own_kind)
      diagnosis.explanation += say(
          " But the very objects that ask for it are of the same kind, so such sources are compiled: another "
          "file of the family may be left out, or it is an inline function of C99 that a build without "
          "optimisation does not inline (`static inline` mends that).");
    if (doubtful)
      diagnosis.explanation += say(
          " But symbols without such a mark are missing from the same objects, so the features may not be "
          "the reason: the whole library may be missing or hide them.");
    diagnosis.evidence.push_back(context.log_line(by_name.front()));
    finish(std::move(diagnosis), symbol);
  }
  if (!by_word.empty()) {
    Diagnosis diagnosis = make("LDX0105", Confidence::Possible, by_word);
    diagnosis.title = say("the object with {} was not built", list_names(by_word));
    diagnosis.explanation =
        marks_other_machine(context.facts, by_word.front())
            ? say("The name marks a kernel for another machine than the one that is linked "
                  "for. Its source was rightly left out; what "
                  "calls it was not, because its condition was true for this machine too: "
                  "one configure step for several machines, or "
                  "a condition about the machine that builds.")
            : say("The name carries the word of an architecture or of assembly. Such code "
                  "has a source file of its "
                  "own, which is left out when the build is configured without it.");
    diagnosis.evidence.push_back(context.log_line(by_word.front()));
    finish(std::move(diagnosis), nullptr);
  }
  if (!by_caller.empty()) {
    Diagnosis diagnosis = make("LDX0105", Confidence::Possible, by_caller);
    diagnosis.title = say("the object with {} was not built", list_names(by_caller));
    diagnosis.explanation = say(
        "It is asked for by `{}`, whose name marks code for some CPU features or one architecture. Such code "
        "is "
        "mostly spread over several files, some of them in assembly, and the build may have left out the one "
        "that defines it: its condition differs from that of the caller, or its compile failed.",
        callers);
    diagnosis.evidence.push_back(context.log_line(by_caller.front()));
    finish(std::move(diagnosis), nullptr);
  }
}

void rule_relocation(Context& context) {
  if (!context.facts.failure) return;
  std::vector<std::string> names;
  for (const SymbolFacts* symbol : context.open())
    if (const log::SymbolError* error = context.error_of(symbol->name);
        error && error->kind == log::SymbolError::Kind::Relocation &&
        error->where.text.find("undefined") == std::string::npos)
      names.push_back(symbol->name);
  const auto is_out_of_reach = [](const std::string& text) {
    return text.find("truncated to fit") != std::string::npos ||
           text.find("out of range") != std::string::npos;
  };
  // Linkers name the flag even where they translate the rest: "recompile with -fPIC".
  std::vector<const Excerpt*> lines, far_lines;
  std::string object;
  for (const log::SymbolError& error : context.facts.failure->symbols) {
    if (!is_against_section(error)) continue;
    (is_out_of_reach(error.where.text) ? far_lines : lines).push_back(&error.where);
    for (const log::Reference& reference : error.references)
      if (object.empty() && !is_out_of_reach(error.where.text)) object = reference.object;
  }
  for (const Excerpt& line : context.facts.failure->other)
    for (std::string_view words : {"-fPIC", "-fPIE", "has text relocations", "dynamic relocations"})
      if (line.text.find(words) != std::string::npos) {
        lines.push_back(&line);
        break;
      }
  std::vector<std::string> far;
  std::erase_if(names, [&](const std::string& name) {
    const bool out_of_reach = is_out_of_reach(context.error_of(name)->where.text);
    if (out_of_reach) far.push_back(name);
    return out_of_reach;
  });
  if (!far.empty() || !far_lines.empty()) {
    Diagnosis diagnosis = make("LDX1509", Confidence::Likely, far);
    diagnosis.title =
        far.empty() ? say("a section lies out of reach of the instruction that refers to it")
        : far.size() == 1
            ? say("{} lies out of reach of the instruction that refers to it", list_names(far))
            : say("{} lie out of reach of the instruction that refers to them", list_names(far));
    diagnosis.explanation = say(
        "What is called or read lies further away than the instruction can reach: the output is larger than "
        "its code "
        "model allows, or a linker script puts the sections too far apart.");
    diagnosis.evidence.push_back(far.empty() ? context.log_line(*far_lines.front())
                                             : context.log_line(far.front()));
    diagnosis.missing_evidence.push_back(
        {say("how large the sections are"), say("size -A OBJECTS, or the linker's map (-Wl,-Map)")});
    context.state(std::move(diagnosis));
  }
  if (names.empty() && lines.empty()) return;
  NotPositionIndependent found;
  found.object = object;
  for (const std::string& name : names)
    if (found.object.empty())
      for (const log::Reference& reference : context.error_of(name)->references)
        if (!reference.object.empty()) found.object = reference.object;
  Diagnosis diagnosis = make("LDX1501", Confidence::Likely, names);
  diagnosis.missing_evidence.push_back(
      {say("how the object was compiled"),
       say("the command that compiled it: look for -fno-pic, or for -fPIC missing")});
  for (const std::string& name : names)
    if (diagnosis.evidence.size() < 3) diagnosis.evidence.push_back(context.log_line(name));
  for (const Excerpt* line : lines)
    if (diagnosis.evidence.size() < 3) diagnosis.evidence.push_back(context.log_line(*line));
  bool shared = false;
  if (context.facts.failure->command)
    for (const std::string& word : context.facts.failure->command->arguments)
      shared = shared || word == "-shared";
  for (const Evidence& evidence : diagnosis.evidence)
    shared = shared || evidence.text.find("-fPIC") != std::string::npos ||
             evidence.text.find("has text relocations") != std::string::npos;
  found.flag = shared ? "-fPIC" : "-fPIE";
  diagnosis.title = say("an object was not compiled for a position-independent output");
  diagnosis.explanation =
      say("The linker refuses a relocation that works only at a fixed address.") +
      (found.object.empty() ? say(" The object that it names was compiled without {}, or belongs to a static "
                                  "library that was not meant for this output.",
                                  found.flag)
                            : say(" `{}` was compiled without {}, or belongs to a static library that was "
                                  "not meant for this output.",
                                  found.object, found.flag));
  diagnosis.finding = std::move(found);
  context.state(std::move(diagnosis));
}

void rule_other(Context& context) {
  std::vector<std::string> tables, rest;
  for (const SymbolFacts* symbol : context.open()) {
    std::string readable = symbol->demangled.empty() ? symbol->name : symbol->demangled;
    bool table = readable.find("vtable for ") != std::string::npos ||
                 readable.find("typeinfo for ") != std::string::npos ||
                 readable.find("VTT for ") != std::string::npos;
    (table ? tables : rest).push_back(symbol->name);
  }
  // Names that carry the string or the namespace of one C++ library: the definition may carry the other's.
  struct Flavour {
    std::string_view mark, what;
    /// What was linked before the new string says nothing by it: only a loader, which found the library,
    /// does.
    bool at_start = false;
  };
  constexpr Flavour flavours[] = {
      {"std::string", N_("libstdc++'s old std::string (_GLIBCXX_USE_CXX11_ABI=0)"), true},
      {"std::__cxx11::", N_("libstdc++'s new std::string (GCC 5 and later)")},
      {"[abi:cxx11]", N_("libstdc++'s new std::string (GCC 5 and later)")},
      {"std::__1::", N_("LLVM's libc++")},
      {"std::__ndk1::", N_("the Android NDK's libc++")}};
  for (const Flavour& flavour : flavours) {
    std::vector<std::string> names;
    for (const SymbolFacts* symbol : context.open()) {
      const std::string& readable = symbol->demangled.empty() ? symbol->name : symbol->demangled;
      const link::Undefined* located = context.located(symbol->name);
      const log::SymbolError* error = context.error_of(symbol->name);
      if (flavour.at_start && !(error && error->kind == log::SymbolError::Kind::UndefinedAtRuntime)) continue;
      if (readable.find(flavour.mark) != std::string::npos &&
          (!located || located->verdict == link::Verdict::Unknown))
        names.push_back(symbol->name);
    }
    if (names.empty()) continue;
    std::erase_if(rest, [&](const std::string& name) {
      return std::find(names.begin(), names.end(), name) != names.end();
    });
    Diagnosis diagnosis = make("LDX0801", Confidence::Possible, names);
    diagnosis.title = say("{} may exist under the name of another C++ library", list_names(names));
    diagnosis.explanation =
        say("The name carries the types of {}. A library that was compiled against another one has the same "
            "function under another name. It may as well not be linked at all; the log cannot tell.",
            translated(flavour.what));
    diagnosis.evidence.push_back(context.log_line(names.front()));
    diagnosis.missing_evidence.push_back(
        {say("the names that the library has"),
         fmt::format("nm -C LIBRARY | grep {}", plain_function_name(names.front()))});
    context.state(std::move(diagnosis));
  }
  if (!tables.empty()) {
    Diagnosis diagnosis = make("LDX1503", Confidence::Possible, tables);
    diagnosis.title = tables.size() == 1 ? say("{} is missing", list_names(tables))
                                         : say("{} are missing", list_names(tables));
    diagnosis.explanation = say(
        "A class's vtable and typeinfo are emitted where its first non-inline virtual function is defined. "
        "That function was declared and never defined, its file is not part of "
        "the link, or the class is switched off and something (such as -fsanitize=undefined or dynamic_cast) "
        "still asks for it.");
    diagnosis.evidence.push_back(context.log_line(tables.front()));
    diagnosis.missing_evidence.push_back(
        {say("the file that defines the class's first virtual function"), context.with_tree()});
    context.state(std::move(diagnosis));
  }
  if (!rest.empty()) {
    // An archive member that misses symbols asks for another library; an object of the program may as well
    // lack a source file.
    bool from_archives = true;
    std::set<std::string> archives;
    for (const SymbolFacts& symbol : context.facts.symbols)
      if (std::find(rest.begin(), rest.end(), symbol.name) != rest.end()) {
        std::vector<std::string> objects = referrers_of(symbol);
        from_archives = from_archives && !objects.empty();
        for (const std::string& object : objects) {
          if (object.find(".a(") == std::string::npos)
            from_archives = false;
          else
            archives.insert(std::string(file_name(std::string_view(object).substr(0, object.find('(')))));
        }
      }
    bool searched = std::any_of(rest.begin(), rest.end(), [&](const std::string& name) {
      const link::Undefined* located = context.located(name);
      return located && located->verdict == link::Verdict::DefinedNowhere;
    });
    Diagnosis diagnosis = make(from_archives ? "LDX0605" : "LDX1599", Confidence::Possible, rest);
    if (from_archives) {
      diagnosis.title = say("`{}` needs {}, from a library that is not linked or stands before it",
                            *archives.begin(), list_names(rest));
      diagnosis.explanation =
          say("Only members of static libraries ask for these symbols. A static library does not bring the "
              "libraries that it needs; the link has to name them, after it.");
    } else {
      diagnosis.title = rest.size() == 1
                            ? say("{} is undefined, and nothing here shows why", list_names(rest))
                            : say("{} are undefined, and nothing here shows why", list_names(rest));
      diagnosis.explanation =
          searched
              ? say("No artifact that was given defines them. The source file or library that does is not "
                    "among them.")
              : say("The log alone does not show where they should come from: a source file that is not "
                    "part of the link, a library that is not named, or a definition under another name.");
    }
    diagnosis.evidence.push_back(context.log_line(rest.front()));
    diagnosis.missing_evidence.push_back({say("the objects and libraries of the link"), context.with_tree()});
    diagnosis.missing_evidence.push_back(
        {say("the source that defines it"),
         fmt::format("grep -rnw {} SOURCES", plain_function_name(rest.front()))});
    if (!context.facts.libraries || !context.facts.libraries->system)
      diagnosis.missing_evidence.push_back(
          {say("whether a library of this machine defines it"), context.with_system()});
    context.state(std::move(diagnosis));
  }
  bool nothing_said = context.open().empty() && context.facts.symbols.empty();
  if (!nothing_said || context.stated()) return;
  // A failure without a symbol that any rule knows: the linker's own lines are all there is.
  Diagnosis diagnosis = make("LDX1599", Confidence::Possible, {});
  diagnosis.title = say("the build failed for a reason that linkdx does not know");
  diagnosis.explanation =
      say("The lines below are what the log says. None of them is an error that linkdx can explain.");
  if (context.facts.failure)
    for (const Excerpt& line : context.facts.failure->other)
      if (diagnosis.evidence.size() < 6) diagnosis.evidence.push_back(context.log_line(line));
  if (context.facts.log)
    for (const log::ToolMessage& message : context.facts.log->messages)
      if (message.error && diagnosis.evidence.size() < 6)
        diagnosis.evidence.push_back(context.log_line(message.where));
  if (diagnosis.evidence.empty() && context.facts.failure)
    diagnosis.evidence.push_back(context.log_line(context.facts.failure->where));
  diagnosis.missing_evidence.push_back(
      {say("the whole log, with the link command"),
       say("make V=1 (or ninja -v, cargo build -v), and give linkdx the whole output")});
  context.state(std::move(diagnosis));
}

}  // namespace linkdx::diagnose
