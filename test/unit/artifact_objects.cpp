// Objects and archives, whole and broken.

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <sys/wait.h>

#include <sys/stat.h>
#include <unistd.h>

#include "artifact_inputs.hpp"
#include "linkdx/artifact.hpp"

using namespace linkdx;
using namespace linkdx::artifact;
using linkdx::test::Scratch;

namespace {

constexpr const char* caller = R"(
  .text
  .globl dispatch
  .type dispatch,@function
dispatch:
  call kernel_avx2
  ret
  .size dispatch, . - dispatch
  .weak optional
  call optional
  .comm shared_block,16,8
  .hidden secret
  .globl secret
secret:
  nop
)";

std::string reason_of(const std::string& path) {
  llvm::Expected<std::unique_ptr<File>> file = open(path);
  return file ? "opened" : llvm::toString(file.takeError());
}

const Symbol* find(const Object& object, std::string_view name) {
  for (const Symbol& symbol : object.symbols())
    if (symbol.name == name) return &symbol;
  return nullptr;
}

}  // namespace

TEST_CASE("an object shows its symbols, and where an undefined one is used") {
  Scratch scratch;
  Store store;
  const File* file = store.open(scratch.assemble("a.o", caller));
  REQUIRE(file);
  const Object& object = *file->objects().front();
  CHECK(describe(object.machine()) == "elf64-x86-64 (x86_64)");
  REQUIRE(find(object, "kernel_avx2"));
  CHECK(find(object, "kernel_avx2")->state == State::Undefined);
  CHECK(find(object, "optional")->binding == Binding::Weak);
  CHECK(find(object, "shared_block")->state == State::Common);
  CHECK(find(object, "secret")->visibility == Visibility::Hidden);
  const std::vector<Use> uses = object.uses(find(object, "kernel_avx2")->index);
  REQUIRE(uses.size() == 1);
  CHECK(uses[0].function == "dispatch");
  CHECK(uses[0].section_name == ".text");
  CHECK(uses[0].offset == 1);
  const std::vector<Function> functions = object.functions();
  REQUIRE(functions.size() == 2);
  CHECK(functions[0].name == "dispatch");
  CHECK(functions[0].bytes.size() == 6);
  CHECK(functions[1].name == "secret");  // no size: to the end of its section
  CHECK(functions[1].bytes.size() == 1);
}

TEST_CASE("a function without a size ends where another of its start does, or at the next symbol") {
  Scratch scratch;
  Store store;
  const File* file = store.open(scratch.assemble("a.o", R"(
  .text
  .globl asm_sum
  .type asm_sum,@function
asm_sum:
  .globl sum
  .type sum,@function
sum:
  nop
  ret
  .size sum, . - sum
  .p2align 4, 0xcc
  .globl unsized
  .type unsized,@function
unsized:
  nop
  nop
  .globl next
  .type next,@function
next:
  ret
)"));
  REQUIRE(file);
  std::string text;
  for (const Function& function : file->objects().front()->functions())
    text += fmt::format("{} {:#x}+{}{}\n", function.name, function.address, function.bytes.size(),
                        function.sized ? "" : ", no size");
  CHECK(text ==
        "asm_sum 0x0+2\n"
        "sum 0x0+2\n"
        "unsized 0x10+2, no size\n"
        "next 0x12+1, no size\n");
}

TEST_CASE("objects of other machines are described with their ABI") {
  Scratch scratch;
  const auto machine = [&](const char* triple, const char* text = ".globl f\nf:\n") {
    Store store;
    const File* file = store.open(scratch.assemble(std::string(triple) + ".o", text, triple));
    return file ? describe(file->objects().front()->machine()) : std::string("not opened");
  };
  CHECK(machine("i686-linux-gnu") == "elf32-i386 (i386)");
  CHECK(machine("x86_64-linux-gnux32") == "elf32-x86-64 (x86_64), x32");
  CHECK(machine("aarch64-linux-gnu") == "elf64-littleaarch64 (aarch64)");
  CHECK(machine("aarch64_be-linux-gnu") == "elf64-bigaarch64 (aarch64_be)");
  CHECK(machine("arm-linux-gnueabihf", ".eabi_attribute 23, 3\n.eabi_attribute 28, 1\n") ==
        "elf32-littlearm (arm), hard-float");
  CHECK(machine("arm-linux-gnueabi", ".eabi_attribute 23, 3\n.eabi_attribute 28, 0\n") ==
        "elf32-littlearm (arm), soft-float");
  CHECK(machine("powerpc64le-linux-gnu", ".abiversion 2\n") == "elf64-powerpcle (powerpc64le), elfv2");
  CHECK(machine("powerpc64-linux-gnu", ".abiversion 1\n") == "elf64-powerpc (powerpc64), elfv1");
  CHECK(machine("riscv64-linux-gnu") == "elf64-littleriscv (riscv64), lp64");
  CHECK(machine("s390x-linux-gnu") == "elf64-s390 (s390x)");
}

TEST_CASE("objects fit together only when machine and ABI agree") {
  const Machine hard{.arch = "arm", .bits = 32, .elf_machine = 40, .abi = "hard-float"};
  Machine soft = hard, neutral = hard;
  soft.abi = "soft-float";
  neutral.abi = "";
  CHECK(why_incompatible(hard, soft) ==
        "different ABIs: elf32-littlearm (arm), hard-float and elf32-littlearm (arm), soft-float");
  CHECK(!why_incompatible(hard, neutral));
}

TEST_CASE("archives of every dialect give the same members") {
  Scratch scratch;
  scratch.assemble("one.o", ".globl one\none:\n");
  scratch.assemble("a_member_with_a_long_name.o", ".globl two\ntwo:\n");
  for (const char* command :
       {"ar rcs lib.a one.o a_member_with_a_long_name.o", "ar rcsT lib.a one.o a_member_with_a_long_name.o",
        "$(command -v llvm-ar-19 || echo llvm-ar) --format=bsd rcs lib.a one.o a_member_with_a_long_name.o",
        "SYM64_THRESHOLD=0 $(command -v llvm-ar-19 || echo llvm-ar) rcs lib.a one.o "
        "a_member_with_a_long_name.o"}) {
    CAPTURE(command);
    REQUIRE(scratch.run(std::string("rm -f lib.a && ") + command));
    llvm::Expected<std::unique_ptr<File>> file = open(scratch.path("lib.a"));
    REQUIRE(static_cast<bool>(file));
    REQUIRE((*file)->objects().size() == 2);
    CHECK((*file)->objects()[1]->member() == "a_member_with_a_long_name.o");
    CHECK((*file)->problems().empty());
    REQUIRE((*file)->archive_index().size() == 2);
    CHECK((*file)->archive_index()[1].symbol == "two");
    CHECK((*file)->archive_index()[1].object == 1);
  }
}

TEST_CASE("a thin archive made of an archive reaches the members inside it") {
  Scratch scratch;
  scratch.assemble("one.o", ".globl one\none:\n");
  REQUIRE(scratch.run("ar rcs inner.a one.o && ar rcsT outer.a inner.a"));
  llvm::Expected<std::unique_ptr<File>> file = open(scratch.path("outer.a"));
  REQUIRE(static_cast<bool>(file));
  REQUIRE((*file)->problems().empty());
  REQUIRE((*file)->objects().size() == 1);
  CHECK(find(*(*file)->objects()[0], "one"));
}

TEST_CASE("a member that claims more bytes than there are is named, and the next one is read") {
  Scratch scratch;
  scratch.assemble("one.o", ".globl one\none:\n");
  REQUIRE(scratch.run("ar rcS lib.a one.o"));
  std::string bytes = test::read_file(scratch.path("lib.a"));
  const std::string good = bytes.substr(8);
  std::string bad(60, ' ');
  bad.replace(0, 6, "bad.o/");
  bad.replace(48, 10, "9223372036");
  bad.replace(58, 2, "`\n");
  scratch.write("lib.a", "!<arch>\n" + bad + good);
  llvm::Expected<std::unique_ptr<File>> file = open(scratch.path("lib.a"));
  REQUIRE(static_cast<bool>(file));
  REQUIRE((*file)->problems().size() == 1);
  CHECK((*file)->problems()[0].reason.starts_with("member 'bad.o/' at offset 8 claims 9223372036 bytes, "));
  REQUIRE((*file)->objects().size() == 1);
  CHECK((*file)->objects()[0]->member() == "one.o");
}

TEST_CASE("an object cut off anywhere gives an error or a problem, and no crash") {
  Scratch scratch;
  const std::string bytes = test::read_file(scratch.assemble("a.o", caller));
  REQUIRE(bytes.size() > 100);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    CAPTURE(length);
    scratch.write("cut.o", std::string_view(bytes).substr(0, length));
    llvm::Expected<std::unique_ptr<File>> file = open(scratch.path("cut.o"));
    if (!file) {
      CHECK(llvm::toString(file.takeError()).starts_with(scratch.path("cut.o") + ": "));
      continue;
    }
    CHECK(!(*file)->problems().empty());
    for (const auto& object : (*file)->objects()) object->functions();
  }
}

TEST_CASE("an archive cut off anywhere keeps the members that are whole") {
  Scratch scratch;
  scratch.assemble("one.o", ".globl one\none:\n");
  scratch.assemble("two.o", ".globl two\ntwo:\n");
  REQUIRE(scratch.run("ar rcs lib.a one.o two.o"));
  const std::string bytes = test::read_file(scratch.path("lib.a"));
  for (std::size_t length = 8; length < bytes.size(); length += 13) {
    CAPTURE(length);
    scratch.write("cut.a", std::string_view(bytes).substr(0, length));
    llvm::Expected<std::unique_ptr<File>> file = open(scratch.path("cut.a"));
    REQUIRE(static_cast<bool>(file));
    if (length > 8) CHECK(!(*file)->problems().empty());
  }
}

TEST_CASE("section headers and string tables that point outside the file are problems") {
  Scratch scratch;
  const std::string bytes = test::read_file(scratch.assemble("a.o", caller));
  std::string far = bytes;
  far.replace(0x28, 8, std::string("\xff\xff\xff\xff\xff\xff\xff\x7f", 8));  // e_shoff
  Store store;
  const File* file = store.open(scratch.write("far.o", far));
  CHECK((!file || !file->problems().empty()));
  std::string many = bytes;
  many.replace(0x3c, 2, "\xff\xfe");  // e_shnum
  file = store.open(scratch.write("many.o", many));
  CHECK((!file || !file->problems().empty()));
  CHECK(store.problems().size() >= 2);
}

TEST_CASE("what is no artifact is refused with the reason") {
  Scratch scratch;
  CHECK(reason_of(scratch.write("empty.o", "")) == scratch.path("empty.o") + ": empty file");
  CHECK(reason_of(scratch.path("gone.o")) == scratch.path("gone.o") + ": No such file or directory");
  CHECK(reason_of(scratch.directory()) == scratch.directory() + ": is a directory");
  REQUIRE(mkfifo(scratch.path("fifo.o").c_str(), 0600) == 0);
  CHECK(reason_of(scratch.path("fifo.o")) == scratch.path("fifo.o") + ": is a FIFO, not a regular file");
  CHECK(reason_of("/dev/zero") == "/dev/zero: is a device, not a regular file");
  CHECK(reason_of(scratch.write("note.txt", "hello\n")) ==
        scratch.path("note.txt") + ": neither an object, an archive, a linker script nor a response file");
}

namespace {

/// reason_of, asked by a process without privileges: root may read everything.
std::string reason_for_nobody(const std::string& path) {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t child = fork();
  if (child == 0) {
    constexpr uid_t nobody = 65534;
    const bool dropped = geteuid() != 0 || (setgid(nobody) == 0 && setuid(nobody) == 0);
    const std::string text = dropped ? reason_of(path) : "privileges not dropped";
    _exit(write(ends[1], text.data(), text.size()) == static_cast<ssize_t>(text.size()) ? 0 : 1);
  }
  close(ends[1]);
  std::string text(4096, '\0');
  text.resize(static_cast<std::size_t>(std::max<ssize_t>(0, read(ends[0], text.data(), text.size()))));
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return text;
}

}  // namespace

TEST_CASE("a file without read permission is named") {
  Scratch scratch;
  REQUIRE(chmod(scratch.directory().c_str(), 0755) == 0);
  const std::string path = scratch.write("secret.o", "x");
  REQUIRE(chmod(path.c_str(), 0) == 0);
  CHECK(reason_for_nobody(path) == path + ": Permission denied");
}

TEST_CASE("a tree with a link to itself is walked once, and each file opened once") {
  Scratch scratch;
  scratch.assemble("one.o", ".globl one\none:\n");
  REQUIRE(
      scratch.run("mkdir sub && ln -s .. sub/up && ln -s ../one.o sub/again.o && echo text > sub/readme"));
  Store store;
  store.add_tree(scratch.directory());
  REQUIRE(store.files().size() == 1);
  CHECK(store.files()[0]->path() == scratch.path("one.o"));
  CHECK(store.problems().empty());
}

TEST_CASE("a linker script names its inputs in order") {
  Scratch scratch;
  llvm::Expected<std::unique_ptr<File>> file = open(scratch.write("libc.so", R"(/* GNU ld script */
OUTPUT_FORMAT(elf64-x86-64)
GROUP ( /lib/libc.so.6 "/usr/lib/libc nonshared.a" AS_NEEDED ( ld-linux-x86-64.so.2 -lm ) -lpthread )
)"));
  REQUIRE(static_cast<bool>(file));
  CHECK((*file)->kind() == Kind::LinkerScript);
  std::string text;
  for (const File::ScriptInput& input : (*file)->script_inputs())
    text += input.name + (input.as_needed ? " (as needed)\n" : "\n");
  CHECK(text ==
        "/lib/libc.so.6\n/usr/lib/libc nonshared.a\nld-linux-x86-64.so.2 (as needed)\n-lm (as "
        "needed)\n-lpthread\n");
}

TEST_CASE("response files are expanded in place, and one that names itself is left") {
  Scratch scratch;
  scratch.write("inner.rsp", "'two words.o' back\\ slash.o");
  scratch.write("outer.rsp", "first.o @inner.rsp\n\"@outer.rsp\" @gone.rsp");
  std::vector<Skipped> problems;
  CHECK(expand_response_files({"ld", "@outer.rsp", "last.o"}, scratch.directory(), problems) ==
        std::vector<std::string>{"ld", "first.o", "two words.o", "back slash.o", "@outer.rsp", "@gone.rsp",
                                 "last.o"});
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].reason == "response file names itself");
  CHECK(problems[1].reason == "response file not read: No such file or directory");
}

TEST_CASE("a symbol carries the version that .symver gives it") {
  Scratch scratch;
  Store store;
  const File* file =
      store.open(scratch.assemble("v.o", ".globl f1\nf1:\n.symver f1, f@@V2\n.symver g1, g@V1\ncall g1\n"));
  REQUIRE(file);
  const Object& object = *file->objects().front();
  REQUIRE(find(object, "f"));
  CHECK(find(object, "f")->version == "V2");
  CHECK(find(object, "f")->default_version);
  REQUIRE(find(object, "g"));
  CHECK(find(object, "g")->version == "V1");
  CHECK(!find(object, "g")->default_version);
}
