// The JSON rendering: the contract that scripts and other tools read.
//
// testdata/report-v1.schema.json is its schema. Fields may be added, never renamed or removed. Texts are the
// untrusted originals, not the escaped forms of the other renderings, with two exceptions that JSON asks for:
// bytes that are not UTF-8 become U+FFFD, and characters that could harm a terminal are written as \uXXXX.
#include <llvm/Support/JSON.h>
#include <llvm/Support/raw_ostream.h>

#include "escape.hpp"
#include "linkdx/report.hpp"
#include "words.hpp"

namespace linkdx::report {
namespace {

using llvm::json::OStream;

std::string utf8(std::string_view text) {
  return llvm::json::fixUTF8({text.data(), text.size()});
}

void text(OStream& json, std::string_view key, std::string_view value) {
  json.attribute({key.data(), key.size()}, utf8(value));
}

void text_or_null(OStream& json, std::string_view key, std::string_view value) {
  if (value.empty())
    json.attribute({key.data(), key.size()}, nullptr);
  else
    text(json, key, value);
}

void number(OStream& json, std::string_view key, std::uint64_t value) {
  json.attribute({key.data(), key.size()}, static_cast<std::int64_t>(value));
}

template <class Items, class Write>
void list(OStream& json, std::string_view key, const Items& items, Write write) {
  json.attributeArray({key.data(), key.size()}, [&] {
    for (const auto& item : items) write(item);
  });
}

template <class Items, class Write>
void objects(OStream& json, std::string_view key, const Items& items, Write write) {
  list(json, key, items, [&](const auto& item) { json.object([&] { write(item); }); });
}

void texts(OStream& json, std::string_view key, const std::vector<std::string>& items) {
  list(json, key, items, [&](const std::string& item) { json.value(utf8(item)); });
}

void map(OStream& json, std::string_view key, const std::map<std::string, std::string>& entries) {
  json.attributeObject({key.data(), key.size()}, [&] {
    for (const auto& [name, value] : entries) text(json, utf8(name), value);
  });
}

void write_symbol(OStream& json, const diagnose::SymbolFacts& symbol) {
  text(json, "name", symbol.name);
  text_or_null(json, "demangled", symbol.demangled == symbol.name ? "" : symbol.demangled);
  text(json, "status", name_of(symbol.status));
  if (symbol.verdict) text(json, "verdict", link::name_of(*symbol.verdict));
  objects(json, "referenced_by", symbol.referenced_by, [&](const auto& reference) {
    text_or_null(json, "object", reference.object);
    text_or_null(json, "function", reference.function);
    text_or_null(json, "source", reference.source);
  });
  number(json, "more_references", symbol.more_references);
  objects(json, "nearest", symbol.nearest, [&](const auto& near) {
    text(json, "name", near.name);
    text_or_null(json, "where", near.where);
    text(json, "why", near.why);
  });
  if (!symbol.isa) {
    json.attribute("isa", nullptr);
    return;
  }
  json.attributeObject("isa", [&] {
    text(json, "arch", isa::name_of(symbol.isa->features.arch()));
    texts(json, "features", symbol.isa->features.names());
    text_or_null(json, "level", symbol.isa->level);
    text(json, "source", isa::name_of(symbol.isa->source));
    text(json, "confidence", name_of(symbol.isa->confidence));
  });
}

/// Only what the change has: absent means nothing to do.
void write_apply(OStream& json, const fix::Apply& apply) {
  json.attributeObject("apply", [&] {
    if (!apply.env.empty()) map(json, "env", apply.env);
    if (!apply.env_append.empty()) map(json, "env_append", apply.env_append);
    if (!apply.rustflags.empty()) texts(json, "rustflags", apply.rustflags);
    if (!apply.cflags.empty()) texts(json, "cflags", apply.cflags);
    if (!apply.ldflags.empty()) texts(json, "ldflags", apply.ldflags);
    if (!apply.ldlibs.empty()) texts(json, "ldlibs", apply.ldlibs);
    if (!apply.commands.empty()) {
      list(json, "commands", apply.commands, [&](const std::vector<std::string>& command) {
        json.array([&] {
          for (const std::string& argument : command) json.value(utf8(argument));
        });
      });
    }
    if (!apply.packages.empty()) texts(json, "packages", apply.packages);
    if (!apply.edits.empty()) {
      objects(json, "edits", apply.edits, [&](const fix::Apply::Edit& edit) {
        text(json, "path", edit.path);
        text(json, "diff", edit.diff);
      });
    }
    if (!apply.manual.empty()) text(json, "manual", apply.manual);
  });
}

void write_fix(OStream& json, const fix::Fix& fix) {
  text(json, "title", fix.title);
  text(json, "effect", fix::name_of(fix.effect));
  text(json, "confidence", name_of(fix.confidence));
  text(json, "why", fix.why);
  text(json, "price", fix.price);
  objects(json, "snippets", fix.snippets, [&](const fix::Snippet& snippet) {
    text(json, "for", snippet.for_tool);
    text(json, "text", snippet.text);
  });
  if (fix.verified) {
    json.attributeObject("verified", [&] {
      text(json, "command", fix.verified->command);
      text(json, "result", fix.verified->result);
    });
  } else {
    json.attribute("verified", nullptr);
  }
  write_apply(json, fix.apply);
}

void write_located(OStream& json, const Report::Located& located) {
  text(json, "severity", located.severity);
  text(json, "fingerprint", located.fingerprint);
  json.attributeObject("location", [&] {
    text(json, "path", located.path);
    if (located.line != 0) number(json, "line", located.line);
    text_or_null(json, "member", located.member);
    text_or_null(json, "function", located.function);
    if (located.offset)
      number(json, "offset", *located.offset);
    else
      json.attribute("offset", nullptr);
  });
}

void write_graph(OStream& json, const Report::Graph& graph) {
  static constexpr std::string_view kinds[] = {"link", "input", "function", "symbol", "definition", "break"};
  json.attributeObject("graph", [&] {
    objects(json, "nodes", graph.nodes, [&](const Report::Graph::Node& node) {
      text(json, "kind", kinds[static_cast<std::size_t>(node.kind)]);
      text(json, "label", node.label);
      if (!node.names.empty()) texts(json, "names", node.names);
    });
    objects(json, "edges", graph.edges, [&](const Report::Graph::Edge& edge) {
      number(json, "from", edge.from);
      number(json, "to", edge.to);
      text(json, "label", edge.label);
      if (edge.broken) json.attribute("broken", true);
    });
  });
}

void write_matrix(OStream& json, const Report::Context::Matrix& matrix) {
  text(json, "arch", matrix.arch);
  texts(json, "features", matrix.features);
  const auto rows = [&](std::string_view key, const std::vector<Report::Context::Matrix::Row>& all) {
    objects(json, key, all, [&](const Report::Context::Matrix::Row& row) {
      texts(json, "names", row.names);
      // One word: a list would be the longest part of many a report.
      std::string has;
      for (std::size_t i = 0; i < row.has.size(); ++i)
        if (row.has[i]) has += (has.empty() ? "" : " ") + matrix.features[i];
      text(json, "has", has);
    });
  };
  rows("symbols", matrix.symbols);
  rows("levels", matrix.levels);
  rows("cpus", matrix.cpus);
}

/// What the longer renderings show beside the diagnoses.
void write_detail(OStream& json, const Report::Context& context) {
  text_or_null(json, "link_command", context.link_command);
  text_or_null(json, "log_excerpt", context.log_excerpt);
  objects(json, "features", context.features, [&](const Report::Context::FeatureRow& row) {
    text(json, "name", row.feature);
    text_or_null(json, "rustc", row.rustc);
    text_or_null(json, "gcc", row.gcc);
    text_or_null(json, "clang", row.clang);
    texts(json, "cpus", row.cpus);
  });
  objects(json, "matrices", context.matrices,
          [&](const Report::Context::Matrix& matrix) { write_matrix(json, matrix); });
  objects(json, "choices", context.choices, [&](const Report::Context::Choice& choice) {
    text(json, "tool", choice.tool);
    text(json, "flag", choice.flag);
    texts(json, "lacks", choice.lacks);
    number(json, "cpus", choice.cpus.size());
    number(json, "all_cpus", choice.all_cpus);
    text(json, "here", choice.here);
  });
  objects(json, "speeds", context.speeds, [&](const Report::Context::Speed& speed) {
    text(json, "symbol", speed.symbol);
    text(json, "measured_on", speed.measured_on);
    objects(json, "variants", speed.rows, [&](const Report::Context::Speed::Row& row) {
      text(json, "variant", row.variant);
      text(json, "gigabytes_per_second", row.gigabytes_per_second);
      text(json, "times_plain", row.times_plain);
      text_or_null(json, "of_port_limit", row.of_port_limit);
    });
  });
  objects(json, "verify_steps", context.verify_steps, [&](const Report::Context::Step& step) {
    text(json, "what", step.what);
    text_or_null(json, "command", step.command);
  });
}

void write_check(OStream& json, const Report::Check& check) {
  text(json, "arch", check.arch);
  text(json, "baseline", check.baseline);
  number(json, "objects", check.objects);
  number(json, "known", check.known);
  objects(json, "needs", check.needs, [&](const Report::Check::Need& need) {
    text(json, "path", need.path);
    text(json, "level", need.level);
    text(json, "features", need.features);
    text(json, "perhaps", need.perhaps);
    text_or_null(json, "raised_by", need.raised_by);
    text_or_null(json, "instruction", need.instruction);
  });
  objects(json, "suppressed", check.suppressed, [&](const Report::Check::Suppressed& one) {
    text(json, "code", one.code);
    text(json, "place", one.place);
    text(json, "title", one.title);
    text(json, "reason", one.reason);
  });
  texts(json, "unmatched_suppressions", check.unmatched);
}

void write_diagnosis(OStream& json, const Report::Item& item) {
  const diagnose::Diagnosis& diagnosis = item.diagnosis;
  text(json, "code", diagnosis.code);
  text(json, "cause", diagnose::name_of(diagnosis.cause));
  text(json, "confidence", name_of(diagnosis.confidence));
  texts(json, "symbols", diagnosis.symbols);
  text(json, "title", diagnosis.title);
  text(json, "explanation", diagnosis.explanation);
  objects(json, "evidence", diagnosis.evidence, [&](const Evidence& evidence) {
    text(json, "kind", evidence.kind);
    text_or_null(json, "path", evidence.path);
    if (evidence.line == 0)
      json.attribute("line", nullptr);
    else
      number(json, "line", evidence.line);
    text(json, "text", evidence.text);
  });
  objects(json, "missing_evidence", diagnosis.missing_evidence,
          [&](const diagnose::MissingEvidence& missing) {
            text(json, "what", missing.what);
            text_or_null(json, "command", missing.command);
          });
  objects(json, "fixes", item.remedy.fixes, [&](const fix::Fix& fix) { write_fix(json, fix); });
  objects(json, "refuted", item.remedy.refuted, [&](const fix::Refuted& refuted) {
    text(json, "advice", refuted.advice);
    text(json, "why", refuted.why);
    if (!refuted.apply.empty()) write_apply(json, refuted.apply);
  });
  if (item.located) write_located(json, *item.located);
  if (!item.graph.nodes.empty()) write_graph(json, item.graph);
}

}  // namespace

std::string to_json(const Report& report) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  OStream json(stream, 2);
  json.object([&] {
    text(json, "schema", "linkdx-report/1");
    json.attributeObject("tool", [&] {
      text(json, "name", "linkdx");
      text(json, "version", report.version);
    });
    json.attributeObject("input", [&] {
      text(json, "linker", report.linker.empty() ? "unknown" : report.linker);
      text_or_null(json, "target", report.target);
      text_or_null(json, "host", report.host);
      texts(json, "logs", report.logs);
      objects(json, "artifacts", report.artifacts, [&](const Report::Artifact& artifact) {
        text(json, "path", artifact.path);
        text(json, "kind", artifact.kind);
        text_or_null(json, "machine", artifact.machine);
        number(json, "members", artifact.members);
      });
      objects(json, "skipped", report.skipped, [&](const Skipped& skipped) {
        text(json, "path", skipped.path);
        text(json, "reason", skipped.reason);
      });
    });
    objects(json, "symbols", report.symbols,
            [&](const diagnose::SymbolFacts& symbol) { write_symbol(json, symbol); });
    objects(json, "diagnoses", report.diagnoses,
            [&](const Report::Item& item) { write_diagnosis(json, item); });
    if (report.check)
      json.attributeObject("check", [&] { write_check(json, *report.check); });
    else if (!report.diagnoses.empty())
      json.attributeObject("detail", [&] { write_detail(json, report.context); });
  });
  stream << '\n';
  stream.flush();
  return ascii_escape_json(std::move(out));
}

}  // namespace linkdx::report
