// Redaction: what is taken out of a report, and what stays.
#include <doctest/doctest.h>

#include "report_sample.hpp"

using namespace linkdx::report;

namespace {
const Private names{"/srv/people/alice", {"alice"}, {"buildbox7"}};
std::string redacted(std::string_view text) {
  return redact_text(text, names);
}
}  // namespace

TEST_CASE("home directories become ~") {
  CHECK(redacted("/home/bob/src/x.c") == "~/src/x.c");
  CHECK(redacted("-L/home/bob/lib -I/Users/bob/include") == "-L~/lib -I~/include");
  CHECK(redacted("C:\\Users\\bob\\x.obj") == "~\\x.obj");
  CHECK(redacted("/srv/people/alice/x.o /srv/people/alicent/x.o") == "~/x.o /srv/people/alicent/x.o");
  CHECK(redacted("target/home/x.o") == "target/home/x.o");
}

TEST_CASE("tokens and passwords are taken out") {
  CHECK(redacted("https://bob:hunter2@github.com/x.git") == "https://github.com/x.git");
  CHECK(redacted("TOKEN ghp_0123456789abcdefghijABCDEFGHIJ012345") == "TOKEN [token]");
  CHECK(redacted("CARGO_REGISTRY_TOKEN=abcdefgh cargo build") == "CARGO_REGISTRY_TOKEN=[secret] cargo build");
  CHECK(redacted("Authorization: Bearer abc.def-123") == "Authorization: Bearer [token]");
  CHECK(redacted("AKIAIOSFODNN7EXAMPLE") == "[token]");
}

TEST_CASE("user and host names are taken out, public hosts stay") {
  CHECK(redacted("alice on buildbox7 built malice") == "[user] on [host] built malice");
  CHECK(redacted("https://nexus.firm.example/repo https://static.crates.io/x") ==
        "https://[host]/repo https://static.crates.io/x");
  CHECK(redacted("ci@git.firm.example 10.1.2.3 ns.corp") == "[user]@[host] [host] [host]");
}

TEST_CASE("symbols, versions and flags stay") {
  for (std::string_view text : {"_ZN3foo3barEv", "memcpy@@GLIBC_2.14", "-C target-feature=+avx512bw",
                                "1.0.73", "libfoo.so.1.2.3.4", "/usr/lib/x86_64-linux-gnu/libc.so",
                                "foo.c:12:3: error: x", "vpaddd zmm0, zmm1, zmm2", "tokenizer_avx2"}) {
    CHECK(redacted(text) == text);
  }
}

TEST_CASE("every text of a report is redacted") {
  Report report = sample();
  report.diagnoses[0].diagnosis.evidence[0].path = "/home/bob/output";
  report.diagnoses[0].remedy.fixes[0].snippets[0].text = "cd /home/bob";
  report.symbols[0].referenced_by[0].source = "/home/bob/lib.rs";
  report.skipped[0].path = "/home/bob/x.a";
  report.context.link_command = "cc -L/home/bob/lib";
  redact(report, names);
  CHECK(to_json(report).find("bob") == std::string::npos);
  CHECK(to_markdown(report).find("bob") == std::string::npos);
  CHECK(to_terminal(report, {}).find("bob") == std::string::npos);
}
