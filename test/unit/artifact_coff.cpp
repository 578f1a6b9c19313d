// Objects, import libraries and DLLs of Windows, whole and broken.
#include <doctest/doctest.h>

#include "artifact_inputs.hpp"
#include "linkdx/artifact.hpp"

using namespace linkdx;
using namespace linkdx::artifact;
using linkdx::test::Scratch;

namespace {

constexpr const char* triple = "x86_64-pc-windows-msvc";
constexpr const char* source = R"(
  .text
  .globl caller
caller:
  callq missing
  callq *__imp_imported(%rip)
  retq
  .section .text$inline,"xr",discard,inline
  .globl inline
inline:
  retq
  .weak fallback
fallback:
  retq
  .data
  .globl variable
variable:
  .quad caller
  .comm common, 8
  .section .drectve,"yn"
  .ascii " /DEFAULTLIB:libcmt.lib "
)";

const Symbol* find(const Object& object, std::string_view name) {
  for (const Symbol& symbol : object.symbols())
    if (symbol.name == name) return &symbol;
  return nullptr;
}

}  // namespace

TEST_CASE("a COFF object gives symbols, COMDATs, functions, uses and what it tells the linker") {
  Scratch scratch;
  auto file = cantFail(open(scratch.assemble("object.obj", source, triple)));
  CHECK(file->kind() == Kind::Coff);
  CHECK(file->problems().empty());
  const Object& object = *file->objects().front();
  CHECK(describe(object.machine()) == "pe-x86-64 (x86_64)");
  CHECK(find(object, "caller")->type == SymbolType::Function);
  CHECK(find(object, "variable")->type == SymbolType::Object);
  CHECK(find(object, "missing")->state == State::Undefined);
  CHECK(find(object, "common")->state == State::Common);
  CHECK(find(object, "common")->size == 8);
  CHECK(find(object, "fallback")->binding == Binding::Weak);
  CHECK(find(object, "fallback")->state == State::Defined);
  REQUIRE(object.comdats().size() == 1);
  CHECK(object.comdats()[0].signature == "inline");
  CHECK(object.sections()[object.comdats()[0].sections[0]].name == ".text$inline");
  const std::vector<Use> uses = object.uses(find(object, "__imp_imported")->index);
  REQUIRE(uses.size() == 1);
  CHECK(uses[0].function == "caller");
  CHECK(uses[0].section_name == ".text");
  bool found = false;
  for (const Function& function : object.functions())
    if (function.name == "caller") found = function.bytes.size() == 12;
  CHECK(found);
  CHECK(object.directives() == std::vector<std::string>{" /DEFAULTLIB:libcmt.lib"});
}

TEST_CASE("an object of more than 65279 sections, /bigobj, is read like any other") {
  Scratch scratch;
  std::string text;
  for (int i = 0; i < 66000; ++i) {
    const std::string name = "f" + std::to_string(i);
    text += ".section .text$" + name + ",\"xr\",discard," + name + "\n.globl " + name + "\n" + name +
            ":\n retq\n";
  }
  auto file = cantFail(open(scratch.assemble("big.obj", text, triple)));
  CHECK(file->kind() == Kind::Coff);
  CHECK(file->problems().empty());
  CHECK(file->objects().front()->symbols().size() == 66000);
  CHECK(file->objects().front()->comdats().size() == 66000);
}

TEST_CASE("a short import defines the symbol and the pointer to it, of data the pointer only") {
  Scratch scratch;
  scratch.write("foo.def", "LIBRARY foo.dll\nEXPORTS\n function\n variable DATA\n");
  REQUIRE(
      scratch.run("$(command -v llvm-dlltool-19 || echo llvm-dlltool) -m i386:x86-64 -d foo.def -l foo.lib"));
  auto file = cantFail(open(scratch.path("foo.lib")));
  CHECK(file->kind() == Kind::Archive);
  CHECK(file->problems().empty());
  std::string told;
  for (const auto& object : file->objects()) {
    if (object->kind() != Kind::CoffImport) continue;
    CHECK(object->needed()[0] == "foo.dll");
    for (const Symbol& symbol : object->symbols()) told += std::string(symbol.name) + " ";
  }
  CHECK(told == "__imp_function function __imp_variable ");
}

TEST_CASE("a DLL's interface is its export table") {
  Scratch scratch;
  scratch.assemble("dll.obj", ".globl f\nf:\n retq\n.globl _DllMainCRTStartup\n_DllMainCRTStartup:\n retq\n",
                   triple);
  REQUIRE(scratch.run("$(command -v lld-link-19 || echo lld-link) /dll /export:f /out:foo.dll dll.obj"));
  auto file = cantFail(open(scratch.path("foo.dll")));
  CHECK(file->kind() == Kind::PeShared);
  const Object& object = *file->objects().front();
  CHECK(object.soname() == "foo.dll");
  REQUIRE(object.symbols().size() == 1);
  CHECK(object.symbols()[0].name == "f");
  CHECK(object.symbols()[0].type == SymbolType::Function);
  REQUIRE(object.functions().size() == 1);
  CHECK(object.functions()[0].bytes[0] == 0xc3);
}

TEST_CASE("a COFF object that is cut short keeps what can be read and says what cannot") {
  Scratch scratch;
  const std::string bytes = test::read_file(scratch.assemble("object.obj", source, triple));
  auto tail = cantFail(open(scratch.write("tail.obj", std::string_view(bytes).substr(0, bytes.size() - 1))));
  REQUIRE_FALSE(tail->problems().empty());
  CHECK(tail->problems()[0].reason == "string table lies outside the file");
  // So short that its symbol table is not there, it is no COFF object at all: two bytes of machine number
  // prove nothing.
  CHECK(toString(open(scratch.write("stump.obj", std::string_view(bytes).substr(0, 100))).takeError()) ==
        scratch.path("stump.obj") + ": neither an object, an archive, a linker script nor a response file");
}

TEST_CASE("what cl.exe makes under /GL is called by its name") {
  Scratch scratch;
  std::string bytes("\0\0\xff\xff\1\0\x64\x86\0\0\0\0", 12);
  bytes += std::string("\x38\xfe\xb3\x0c\xa5\xd9\xab\x4d\xac\x9b\xd6\xb6\x22\x26\x53\xc2", 16) +
           std::string(64, '\0');
  CHECK(toString(open(scratch.write("gl.obj", bytes)).takeError()) ==
        scratch.path("gl.obj") +
            ": made by cl.exe with /GL (or /clr): code that only link.exe can finish, whose "
            "symbols are not written in a public format");
}
