// Apple's objects, libraries, universal files and text stubs, whole and broken.
#include <doctest/doctest.h>

#include "artifact_inputs.hpp"
#include "export_trie.hpp"
#include "linkdx/artifact.hpp"

using namespace linkdx;
using namespace linkdx::artifact;
using linkdx::test::Scratch;

namespace {

constexpr const char* source = R"(
  .section __TEXT,__text,regular,pure_instructions
  .build_version macos, 11, 0
  .globl _caller
_caller:
  callq _missing
  callq _local
  retq
_local:
  retq
  .weak_definition _inline
  .globl _inline
_inline:
  retq
  .private_extern _hidden
_hidden:
  retq
  .weak_reference _perhaps
  .comm _common, 16
  .section __DATA,__data
  .globl _variable
_variable:
  .quad _perhaps
  .linker_option "-lz"
)";

const Symbol* find(const Object& object, std::string_view name) {
  for (const Symbol& symbol : object.symbols())
    if (symbol.name == name) return &symbol;
  return nullptr;
}

/// Names with what they are, as one text.
std::string told(const Object& object) {
  std::string text;
  for (const Symbol& symbol : object.symbols()) {
    if (!text.empty()) text += ' ';
    text += symbol.state == State::Undefined ? "?" : symbol.state == State::Common ? "=" : "";
    if (symbol.binding == Binding::Weak) text += "weak:";
    if (symbol.visibility == Visibility::Hidden) text += "hidden:";
    text += symbol.name;
  }
  return text;
}

}  // namespace

TEST_CASE("a Mach-O object gives symbols with their underscore, functions up to the next symbol, and uses") {
  Scratch scratch;
  auto file = cantFail(open(scratch.assemble("object.o", source, "x86_64-apple-macosx")));
  CHECK(file->kind() == Kind::MachO);
  CHECK(file->problems().empty());
  const Object& object = *file->objects().front();
  CHECK(describe(object.machine()) == "mach-o-x86-64 (x86_64), macos");
  CHECK(told(object) == "_caller hidden:_hidden weak:_inline _variable =_common ?_missing ?weak:_perhaps");
  const std::vector<Function> functions = object.functions();
  REQUIRE(functions.size() == 4);
  CHECK(functions[0].name == "_caller");
  CHECK(functions[0].bytes.size() == 11);
  CHECK(functions[1].name == "_local");
  const std::vector<Use> uses = object.uses(find(object, "_missing")->index);
  REQUIRE(uses.size() == 1);
  CHECK(uses[0].section_name == "__TEXT,__text");
  CHECK(uses[0].function == "_caller");
  CHECK(object.directives() == std::vector<std::string>{"-lz"});
}

TEST_CASE("objects for another platform, another format or arm64e cannot meet") {
  Scratch scratch;
  const auto machine = [&](const char* name, const char* text, const char* triple) {
    return cantFail(open(scratch.assemble(name, text, triple)))->objects().front()->machine();
  };
  const char* function = ".globl _f\n_f:\n ret\n";
  const Machine mac = machine("mac.o", function, "arm64-apple-macosx11");
  const Machine phone = machine("phone.o", function, "arm64-apple-ios14");
  const Machine simulator = machine("simulator.o", function, "arm64-apple-ios14-simulator");
  const Machine authenticated = machine("arm64e.o", function, "arm64e-apple-macosx11");
  const Machine elf = machine("elf.o", function, "aarch64-linux-gnu");
  CHECK(why_incompatible(mac, mac) == std::nullopt);
  CHECK(why_incompatible(phone, simulator) ==
        "different platforms: mach-o-arm64 (aarch64), ios and mach-o-arm64 (aarch64), ios-simulator");
  CHECK(why_incompatible(mac, authenticated) ==
        "different ABIs: mach-o-arm64 (aarch64), macos and mach-o-arm64 (aarch64), arm64e, macos");
  CHECK(why_incompatible(mac, elf) ==
        "different object formats: mach-o-arm64 (aarch64), macos and elf64-littleaarch64 (aarch64)");
}

TEST_CASE("a universal file is one object for each architecture, a universal archive the members of each") {
  Scratch scratch;
  scratch.assemble("arm64.o", ".globl _f\n_f:\n ret\n", "arm64-apple-macosx11");
  scratch.assemble("x86_64.o", ".globl _f\n_f:\n ret\n", "x86_64-apple-macosx11");
  const std::string tools =
      "ar=$(command -v llvm-ar-19 || echo llvm-ar); lipo=$(command -v llvm-lipo-19 || echo llvm-lipo); ";
  REQUIRE(
      scratch.run(tools +
                  "$lipo -create arm64.o x86_64.o -output both.o && $ar rc a.a arm64.o && $ar rc x.a x86_64.o"
                  " && $lipo -create a.a x.a -output both.a"));
  auto object = cantFail(open(scratch.path("both.o")));
  CHECK(object->kind() == Kind::MachO);
  REQUIRE(object->objects().size() == 2);
  CHECK(object->objects()[0]->member() == "x86_64");
  CHECK(object->objects()[1]->member() == "arm64");
  auto archive = cantFail(open(scratch.path("both.a")));
  CHECK(archive->kind() == Kind::Archive);
  REQUIRE(archive->objects().size() == 2);
  CHECK(archive->objects()[1]->member() == "arm64:arm64.o");
  CHECK(archive->objects()[1]->machine().arch == "aarch64");

  const std::string bytes = test::read_file(scratch.path("both.o"));
  auto cut = cantFail(open(scratch.write("cut.o", std::string_view(bytes).substr(0, bytes.size() - 8))));
  REQUIRE(cut->problems().size() == 1);
  CHECK(cut->problems()[0].reason == "slice 2 of 2 (arm64) lies outside the file");
  CHECK(cut->objects().size() == 1);
}

TEST_CASE("a text stub is one library for each target; Objective-C's classes become symbols") {
  Scratch scratch;
  auto file = cantFail(open(scratch.write("libfoo.tbd", R"(--- !tapi-tbd
tbd-version:     4
targets:         [ x86_64-macos, arm64-ios-simulator ]
install-name:    '/usr/lib/libfoo.dylib'
exports:
  - targets:         [ x86_64-macos ]
    symbols:         [ _foo ]
    weak-symbols:    [ _weak ]
    objc-classes:    [ Thing ]
  - targets:         [ arm64-ios-simulator ]
    symbols:         [ _foo ]
...
)")));
  CHECK(file->kind() == Kind::MachOShared);
  REQUIRE(file->objects().size() == 2);
  const Object& mac = *file->objects()[0];
  CHECK(mac.member() == "x86_64-macos");
  CHECK(mac.soname() == "/usr/lib/libfoo.dylib");
  CHECK(told(mac) == "_foo weak:_weak _OBJC_CLASS_$_Thing _OBJC_METACLASS_$_Thing");
  CHECK(told(*file->objects()[1]) == "_foo");

  const std::string nested = "{ \"tapi_tbd_version\": 5, \"main_library\": " + std::string(100, '[');
  CHECK(toString(open(scratch.write("deep.tbd", nested)).takeError()) ==
        scratch.path("deep.tbd") + ": text stub: nested too deeply");
  CHECK(toString(open(scratch.write("empty.tbd", "--- !tapi-tbd\ntbd-version: 4\n")).takeError()) ==
        scratch.path("empty.tbd") + ": text stub: no targets");
}

TEST_CASE("older and newer stubs say the same in other words; what is re-exported in the same file counts") {
  Scratch scratch;
  auto old = cantFail(open(scratch.write("old.tbd", R"(--- !tapi-tbd-v2
archs:           [ armv7, arm64 ]
platform:        ios
install-name:    /usr/lib/libfoo.dylib
exports:
  - archs:           [ armv7,
                       arm64 ]
    symbols:         [ _foo,
                       '_quoted, with comma' ]
    objc-classes:    [ _Thing ]
  - archs: [ armv7 ]
    weak-def-symbols: [ _weak ]
...
)")));
  REQUIRE(old->objects().size() == 2);
  CHECK(told(*old->objects()[0]) ==
        "_foo _quoted, with comma _OBJC_CLASS_$_Thing _OBJC_METACLASS_$_Thing weak:_weak");
  CHECK(told(*old->objects()[1]) == "_foo _quoted, with comma _OBJC_CLASS_$_Thing _OBJC_METACLASS_$_Thing");
  CHECK(old->objects()[1]->machine().platform.empty());
  auto umbrella = cantFail(open(scratch.write("umbrella.tbd", R"(--- !tapi-tbd
tbd-version: 4
targets: [ arm64-macos ]
install-name: '/usr/lib/libSystem.B.dylib'
reexported-libraries:
  - targets: [ arm64-macos ]
    libraries: [ '/usr/lib/system/libsystem_c.dylib' ]
--- !tapi-tbd
tbd-version: 4
targets: [ arm64-macos ]
install-name: '/usr/lib/system/libsystem_c.dylib'
exports:
  - targets: [ arm64-macos ]
    symbols: [ _printf ]
...
)")));
  REQUIRE(umbrella->objects().size() == 1);
  CHECK(umbrella->objects()[0]->soname() == "/usr/lib/libSystem.B.dylib");
  CHECK(told(*umbrella->objects()[0]) == "_printf");
  auto json = cantFail(open(scratch.write("json.tbd", R"({ "tapi_tbd_version": 5, "main_library": {
    "target_info": [ { "target": "arm64-macos" }, { "target": "x86_64-macos" } ],
    "install_names": [ { "name": "/usr/lib/libfoo.dylib" } ],
    "exported_symbols": [ { "targets": [ "x86_64-macos" ], "data": { "global": [ "_a" ] } },
                          { "text": { "global": [ "_b" ], "weak": [ "_w" ] } } ] } })")));
  REQUIRE(json->objects().size() == 2);
  CHECK(told(*json->objects()[0]) == "_b weak:_w");
  CHECK(told(*json->objects()[1]) == "_a _b weak:_w");
}

TEST_CASE("an export trie gives its names; one that leads in circles is left") {
  // root -> "_ab" (flags 0, address 16) -> "c" (weak, address 32)
  const std::string_view good("\0\1_ab\0\7\2\0\x10\1c\0\x0e\2\4\x20\0", 18);
  const ExportTrie trie = read_export_trie(good);
  CHECK(trie.fault.empty());
  REQUIRE(trie.entries.size() == 2);
  CHECK(trie.entries[0].name == "_ab");
  CHECK(trie.entries[0].address == 16);
  CHECK(trie.entries[1].name == "_abc");
  CHECK(trie.entries[1].weak);
  CHECK(read_export_trie(std::string_view("\0\1a\0\0", 5)).fault == "node at offset 0x0: is reached twice");
  CHECK(read_export_trie(std::string_view("\0\1a\0\x7f", 5)).fault == "node at offset 0x7f: lies outside");
}

TEST_CASE("a Mach-O object that is cut short keeps what can be read and says what cannot") {
  Scratch scratch;
  const std::string bytes = test::read_file(scratch.assemble("object.o", source, "x86_64-apple-macosx"));
  auto tail = cantFail(open(scratch.write("tail.o", std::string_view(bytes).substr(0, bytes.size() - 1))));
  REQUIRE(tail->problems().size() == 1 + 1);
  CHECK(tail->problems()[0].reason == "string table lies outside the file");
  auto head = cantFail(open(scratch.write("head.o", std::string_view(bytes).substr(0, 64))));
  REQUIRE_FALSE(head->problems().empty());
  CHECK(head->problems()[0].reason ==
        "load command 0 of 5 at offset 0x20 lies outside the file's load commands");
  CHECK(toString(open(scratch.write("stump.o", std::string_view(bytes).substr(0, 16))).takeError()) ==
        scratch.path("stump.o") + ": truncated Mach-O header");
}
