// What programs and run-time systems print when a library cannot be loaded. None of these texts was recorded:
// they are written after the sources of the programs that print them (glibc's and musl's loaders, bionic,
// dyld, Java, Node.js, Perl, Ruby, PHP, .NET) and after public logs.
#include <doctest/doctest.h>

#include "log_told.hpp"

using namespace linkdx::log;

TEST_CASE("glibc: a version that the library lacks, and who asks for it") {
  CHECK(
      told("./app: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by ./app)\n") ==
      "loader \n  version missing | /lib/x86_64-linux-gnu/libc.so.6 | GLIBC_2.38 | ./app\n");
  CHECK(told("Error: /lib/libc.so.6: version `GLIBC_2.38' not found (required by /app/x.node)\n    at "
             "Module.load\n") == "loader \n  version missing | /lib/libc.so.6 | GLIBC_2.38 | /app/x.node\n");
}

TEST_CASE("glibc: the file that is not there, and not the words behind it") {
  CHECK(told("./app: error while loading shared libraries: libfoo.so.2: cannot open shared object file: No "
             "such file or "
             "directory\n") == "loader \n  file not found | libfoo.so.2\n");
  CHECK(told("ImportError: libfoo.so.2: cannot open shared object file: No such file or directory\n") ==
        "loader \n  file not found | libfoo.so.2\n");
  CHECK(told("`require': libfoo.so.1: cannot open shared object file: No such file or directory - /x/foo.so "
             "(LoadError)\n") == "loader \n  file not found | libfoo.so.1\n");
}

TEST_CASE("glibc: CPU levels") {
  CHECK(
      told(
          "./app: error while loading shared libraries: libfoo.so: CPU ISA level is lower than required\n") ==
      "loader \n  cpu level | libfoo.so\n");
  CHECK(told("Fatal glibc error: CPU does not support x86-64-v2\n") == "loader \n  cpu level | x86-64-v2\n");
  CHECK(told("Illegal instruction (core dumped)\n") == "loader \n  cpu level\n");
}

TEST_CASE("glibc: files of another machine or of none") {
  CHECK(told("./app: error while loading shared libraries: libfoo.so: wrong ELF class: ELFCLASS32\n") ==
        "loader \n  incompatible | libfoo.so | ELFCLASS32\n");
  CHECK(told("Error: /app/x.node: invalid ELF header\n    at Module._extensions..node\n") ==
        "loader \n  wrong format | /app/x.node\n");
  CHECK(told("ImportError: /x/libgomp.so.1: cannot allocate memory in static TLS block\n") ==
        "loader \n  other | /x/libgomp.so.1\n");
}

TEST_CASE("Java: HotSpot says why the loader's words mislead") {
  CHECK(told("java.lang.UnsatisfiedLinkError: /tmp/x.so: /tmp/x.so: cannot open shared object file: No such "
             "file or "
             "directory (Possible cause: can't load AMD 64 .so on a AARCH64 platform)\n") ==
        "loader \n  incompatible | /tmp/x.so | AARCH64 | AMD 64\n");
  CHECK(told("java.lang.UnsatisfiedLinkError: no x in java.library.path: /usr/lib\n") ==
        "loader \n  library not found | x\n");
  CHECK(told("java.lang.UnsatisfiedLinkError: 'int com.x.Foo.sum(int)'\n") ==
        "loader \n  undefined at run time int com.x.Foo.sum(int)\n");
}

TEST_CASE("macOS: the module that dlopen was given, and slices that lack the machine") {
  CHECK(told("ImportError: dlopen(/x/_c.so, 0x0002): symbol not found in flat namespace '_sum_neon'\n") ==
        "loader \n  undefined at run time _sum_neon\n    /x/_c.so - - -\n");
  CHECK(told("dlopen(/x/l.jnilib, 0x0001): tried: '/x/l.jnilib' (fat file, but missing compatible "
             "architecture (have "
             "'i386,x86_64', need 'arm64e'))\n") ==
        "loader \n  incompatible | /x/l.jnilib | arm64e | i386,x86_64\n");
  CHECK(told("dyld[1]: Library not loaded: /opt/libz.dylib\n  Referenced from: /x/app\n  Reason: tried: "
             "'/opt/libz.dylib' "
             "(mach-o file, but is an incompatible architecture (have 'arm64', need 'x86_64'))\n") ==
        "loader \n  file not found | /opt/libz.dylib\n  incompatible | /opt/libz.dylib | x86_64 | arm64\n");
}

TEST_CASE("musl: what is missing, and for whom") {
  CHECK(told("Error loading shared library libx.so: Exec format error (needed by ./app)\n") ==
        "loader \n  wrong format | libx.so | ./app\n");
}

TEST_CASE("Windows") {
  CHECK(told("ImportError: DLL load failed while importing _c: The specified module could not be found.\n") ==
        "loader \n  file not found | _c\n");
  CHECK(told("OSError: [WinError 193] %1 is not a valid Win32 application\n") == "loader \n  wrong format\n");
  CHECK(told("Unable to find an entry point named 'sum_avx2' in DLL 'foo'.\n") ==
        "loader \n  undefined at run time sum_avx2 in foo\n");
}

TEST_CASE("plug-ins and the programs that load them") {
  CHECK(told("Error: The module '/x/y.node'\nwas compiled against a different Node.js version using\n"
             "NODE_MODULE_VERSION 108. This version of Node.js requires\nNODE_MODULE_VERSION 115. Please "
             "try\n") == "loader \n  host version | 108\n");
  CHECK(told("PHP Warning:  PHP Startup: Unable to load dynamic library 'foo.so' (tried: /usr/lib/php/foo.so "
             "(/usr/lib/php/foo.so: undefined symbol: zend_new_interned), /usr/lib/php/foo.so.so "
             "(/usr/lib/php/foo.so.so: cannot open shared object file: No such file or directory)) in "
             "Unknown\n") ==
        "loader \n  undefined at run time zend_new_interned\n    /usr/lib/php/foo.so - - -\n");
  CHECK(told("ImportError: dynamic module does not define module export function (PyInit__c)\n") ==
        "loader \n  undefined at run time PyInit__c\n");
}

TEST_CASE("Solaris and FreeBSD") {
  CHECK(
      told(
          "ld.so.1: app: fatal: relocation error: file libx.so: symbol sum: referenced symbol not found\n") ==
      "loader \n  undefined at run time sum\n    libx.so - - -\n");
  CHECK(told("ld-elf.so.1: Shared object \"libfoo.so.3\" not found, required by \"app\"\n") ==
        "loader \n  file not found | libfoo.so.3 | app\n");
}
