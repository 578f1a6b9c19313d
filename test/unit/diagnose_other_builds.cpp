// What an earlier build left in cargo's target directory is no part of the failed one.

#include <doctest/doctest.h>

#include "facts.hpp"

using namespace linkdx;
using namespace linkdx::diagnose;

namespace {

bool left_over(const std::string& path, const std::vector<std::string>& link) {
  log::Failure failure;
  failure.command.emplace();
  failure.command->arguments = link;
  Case facts;
  facts.failure = &failure;
  return is_of_another_build(facts, path);
}

}  // namespace

TEST_CASE("a package that the link names under another hash was built for another configuration") {
  const std::vector<std::string> link = {
      "cc", "/t/debug/deps/{librows-72d5fa013b0e09e5,libgain-d749674f7bb3de12}.rlib", "-L",
      "/t/debug/build/rows-291edd4d52186aea/out"};
  CHECK(left_over("/t/debug/build/rows-9e62f612df70ff82/out/librows_avx2.a(sum.o)", link));
  CHECK(left_over("/t/debug/deps/librows-5d93c25f807ff4a6.rlib(sum.o)", link));
  CHECK(!left_over("/t/debug/build/rows-291edd4d52186aea/out/librows_avx2.a", link));
  CHECK(!left_over("/t/debug/deps/librows-72d5fa013b0e09e5.rlib", link));
  CHECK(!left_over("/t/debug/build/other-9e62f612df70ff82/out/libother.a",
                   link));  // the link says nothing of it
  CHECK(!left_over("/usr/lib/libz.a", link));
  // A build script's run has a hash of its own: the package's program under another says nothing of it.
  CHECK(!left_over("/t/debug/build/app-9e62f612df70ff82/out/libpack.a",
                   {"cc", "-o", "/t/debug/deps/app-72d5fa013b0e09e5"}));
}
