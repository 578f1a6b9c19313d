// Link commands, read.

#include <doctest/doctest.h>

#include "link_inputs.hpp"

using namespace linkdx;
using namespace linkdx::link;

namespace {

/// One input a line with the options in force.
std::string inputs_of(const std::string& command) {
  std::vector<Skipped> problems;
  const Plan plan = plan_from_command(test::words(command), "", problems);
  std::string text;
  for (const Input& input : plan.inputs) {
    text += (input.is_library ? "-l" : "") + input.name;
    if (input.whole_archive) text += " whole";
    if (input.as_needed) text += " as-needed";
    if (input.static_only) text += " static";
    if (input.group >= 0) text += " group" + std::to_string(input.group);
    text += "\n";
  }
  for (const std::string& unknown : plan.unknown) text += "unknown " + unknown + "\n";
  for (const Skipped& problem : problems) text += problem.path + ": " + problem.reason + "\n";
  return text;
}

}  // namespace

TEST_CASE("options hold from their place on") {
  CHECK(inputs_of("gcc a.o -Wl,-Bstatic -lfoo -Wl,-Bdynamic -Wl,--as-needed -lbar -Wl,--no-as-needed -l baz "
                  "-Wl,--whole-archive,libw.a,--no-whole-archive") ==
        "a.o\n-lfoo static\n-lbar as-needed\n-lbaz\nlibw.a whole\n");
  CHECK(inputs_of(
            "ld --push-state --as-needed -la --pop-state -lb --start-group c.a -ld --end-group -( e.a -)") ==
        "-la as-needed\n-lb\nc.a group0\n-ld group0\ne.a group1\n");
}

TEST_CASE("values of options are not inputs") {
  CHECK(inputs_of("gcc -o out -T script.ld -u need -z now -Xlinker -rpath -Xlinker /lib -MF a.d -isystem inc "
                  "-x c --param k=1 a.o") == "script.ld\na.o\n");
  CHECK(inputs_of("ld -m elf_x86_64 -dynamic-linker /lib/ld.so -plugin p.so -plugin-opt=x -soname s "
                  "-rpath-link /r -Map m --version-script v a.o") == "a.o\n");
  CHECK(inputs_of("ld --sysroot=/s -rpath=/x -z relro -e main -Ttext 0x1000 -hash-style=gnu --build-id -pie "
                  "-l:exact.a") == "-l:exact.a\n");
}

TEST_CASE("an option at the end without its value is named") {
  CHECK(inputs_of("ld a.o -o") == "a.o\n-o: option without its value at the end of the command\n");
  CHECK(inputs_of("ld --pop-state") == "--pop-state: --pop-state without --push-state\n");
}

TEST_CASE("the linker decides whether the order of archives matters") {
  const auto order_matters = [](const std::string& command) {
    std::vector<Skipped> problems;
    return plan_from_command(test::words(command), "", problems).archive_order_matters;
  };
  CHECK(order_matters("/usr/bin/aarch64-linux-gnu-ld.bfd"));
  CHECK(order_matters("cc"));
  CHECK(order_matters("g++ -fuse-ld=gold"));
  CHECK(!order_matters("clang -fuse-ld=lld"));
  CHECK(!order_matters("/opt/llvm/bin/ld.lld-19"));
  CHECK(!order_matters("rust-lld -flavor gnu"));
  CHECK(!order_matters("cc -fuse-ld=mold"));
}

TEST_CASE("a driver adds its libraries unless told not to") {
  const auto added = [](const std::string& command) {
    std::vector<Skipped> problems;
    std::string text;
    for (const std::string& library :
         plan_from_command(test::words(command), "", problems).implicit_libraries)
      text += library + " ";
    return text;
  };
  CHECK(added("gcc a.o") == "gcc gcc_s c ");
  CHECK(added("x86_64-linux-gnu-g++-12 -pthread a.o") == "stdc++ m pthread gcc gcc_s c ");
  CHECK(added("gcc -static a.o") == "gcc gcc_eh c ");
  CHECK(added("cc -nodefaultlibs a.o") == "");
  CHECK(added("ld a.o") == "");
  CHECK(added("gcc -r a.o") == "");
}

TEST_CASE("rustc's abridged words become the files that exist") {
  test::Scratch scratch;
  scratch.write("deps/liba-1.rlib", "x");
  scratch.write("lib/libstd-0123.rlib", "x");
  scratch.write("lib/libtwo-1.rlib", "x");
  scratch.write("lib/libtwo-2.rlib", "x");
  std::vector<Skipped> problems;
  const Plan plan = plan_from_command({"ld", "<2 object files omitted>", "deps/{liba-1,libb-2}.rlib",
                                       "lib/{libstd-*,libtwo-*}.rlib", "<sysroot>/lib/{libcore-*}.rlib"},
                                      scratch.directory(), problems);
  std::string text;
  for (const Input& input : plan.inputs) text += input.name + "\n";
  for (const std::string& omitted : plan.omitted) text += "omitted " + omitted + "\n";
  CHECK(text ==
        "deps/liba-1.rlib\ndeps/libb-2.rlib\nlib/libstd-0123.rlib\n"
        "omitted <2 object files omitted>\nomitted lib/libtwo-*.rlib\nomitted "
        "<sysroot>/lib/{libcore-*}.rlib\n");
}

TEST_CASE("every word that gcc, clang and rustc write is known") {
  const char* gcc =
      "/usr/lib/gcc/x86_64-linux-gnu/12/collect2 -plugin liblto_plugin.so -plugin-opt=-pass-through=-lgcc "
      "--build-id --eh-frame-hdr "
      "-m elf_x86_64 --hash-style=gnu -dynamic-linker /lib64/ld-linux-x86-64.so.2 -pie -o a.out a.o "
      "--push-state --no-as-needed -lasan --pop-state";
  CHECK(inputs_of(gcc) == "a.o\n-lasan\n");
  const char* clang =
      "ld.lld --hash-style=gnu --build-id -m elf_x86_64 -static -pie --no-dynamic-linker -z text -o a.out "
      "a.o --start-group -lc --end-group "
      "--dynamic-list=a.syms --icf=all --threads=2 -mllvm -x --thinlto-jobs=2 --undefined-version";
  CHECK(inputs_of(clang) == "a.o static\n-lc static group0\n");
  const char* rustc =
      "cc -m64 a.o -Wl,--as-needed -Wl,-Bstatic liba.rlib -Wl,-Bdynamic -lgcc_s -B/gcc-ld -fuse-ld=lld "
      "-Wl,-znostart-stop-gc -Wl,--eh-frame-hdr "
      "-Wl,-z,noexecstack -L/lib -o out -Wl,--gc-sections -pie -Wl,-z,relro,-z,now -Wl,-O1 -Wl,--strip-debug "
      "-nodefaultlibs";
  CHECK(inputs_of(rustc) == "a.o\nliba.rlib as-needed static\n-lgcc_s as-needed\n");
  CHECK(inputs_of("g++ -fsanitize=address,undefined --coverage -stdlib=libc++ -rtlib=compiler-rt "
                  "-unwindlib=libunwind a.o") == "a.o\n");
}

TEST_CASE("a lone word that no linker knows is kept for the report") {
  CHECK(inputs_of("ld --no-such-option a.o") == "a.o\nunknown --no-such-option\n");
}
