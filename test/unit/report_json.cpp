// The JSON contract: field by field here, and against testdata/report-v1.schema.json where python3-jsonschema
// is installed.
#include <cstdio>
#include <cstdlib>
#include <string>

#include <doctest/doctest.h>
#include <llvm/Support/JSON.h>

#include "report_sample.hpp"

using namespace linkdx;
using namespace linkdx::report;

namespace {

/// 0 valid, 3 no validator here.
int validate(const std::string& json) {
  static constexpr const char* program =
      "python3 -c '\n"
      "import sys, json\n"
      "try: import jsonschema\n"
      "except ImportError: sys.exit(3)\n"
      "jsonschema.validate(json.load(sys.stdin), json.load(open(\"" TESTDATA "/report-v1.schema.json\")))'";
  FILE* pipe = popen(program, "w");
  if (pipe == nullptr) return 3;
  std::fwrite(json.data(), 1, json.size(), pipe);
  const int status = pclose(pipe);
  return status == -1 || WEXITSTATUS(status) == 127 ? 3 : WEXITSTATUS(status);
}

void check_valid(const Report& report) {
  const int status = validate(to_json(report));
  if (status == 3)
    MESSAGE("skipped: python3-jsonschema is not installed");
  else
    CHECK(status == 0);
}

llvm::json::Object parsed(const Report& report) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(to_json(report));
  REQUIRE(static_cast<bool>(value));
  return std::move(*value->getAsObject());
}

}  // namespace

TEST_CASE("an empty report is valid") {
  Report report;
  report.version = "0.1.0";
  CHECK(to_json(report) == R"({
  "schema": "linkdx-report/1",
  "tool": {
    "name": "linkdx",
    "version": "0.1.0"
  },
  "input": {
    "linker": "unknown",
    "target": null,
    "host": null,
    "logs": [],
    "artifacts": [],
    "skipped": []
  },
  "symbols": [],
  "diagnoses": []
}
)");
  check_valid(report);
}

TEST_CASE("a full report is valid and says what the model holds") {
  check_valid(sample());
  const llvm::json::Object report = parsed(sample());
  const llvm::json::Object& diagnosis = *(*report.getArray("diagnoses"))[0].getAsObject();
  CHECK(diagnosis.getString("confidence") == "certain");
  const llvm::json::Object& fix = *(*diagnosis.getArray("fixes"))[0].getAsObject();
  CHECK(*fix.getObject("apply") ==
        llvm::json::Object{
            {"env", llvm::json::Object{{"CFLAGS_x86_64_unknown_linux_gnu", "-march=x86-64"}}},
            {"commands", llvm::json::Array{llvm::json::Array{"cargo", "clean", "-p", "vecmath"}}}});
  CHECK(*fix.get("verified") == nullptr);
  const llvm::json::Object& refuted = *(*diagnosis.getArray("refuted"))[0].getAsObject();
  CHECK(*refuted.getObject("apply") ==
        llvm::json::Object{{"rustflags", llvm::json::Array{"-C", "target-cpu=generic"}}});
  const llvm::json::Object& symbol = *(*report.getArray("symbols"))[0].getAsObject();
  CHECK(symbol.getString("verdict") == "defined-nowhere");
  CHECK(symbol.getInteger("more_references") == 2);
  CHECK(symbol.getObject("isa")->getString("level") == "x86-64-v4");
}

TEST_CASE("a verified fix says what was run") {
  Report report = sample();
  report.diagnoses[0].remedy.fixes[0].verified = {"cargo build", "it links"};
  check_valid(report);
}

TEST_CASE("names that are not UTF-8 or hold controls stay valid JSON") {
  Report report = sample();
  report.symbols[0].name = "a\x1b\xff\u202e\"\\";
  check_valid(report);
  const std::string json = to_json(report);
  CHECK(json.find("\"a\\u001b\ufffd\\u202e\\\"\\\\\"") != std::string::npos);
  CHECK(json.find('\x1b') == std::string::npos);
}
