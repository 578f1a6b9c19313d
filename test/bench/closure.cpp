// The closure of the files on the command line, for measuring: closure THREADS FILE...

#include <cstdio>
#include <cstdlib>

#include "linkdx/link.hpp"

int main(int count, char** arguments) {
  if (count < 3) return 2;
  const std::vector<std::string> paths(arguments + 2, arguments + count);
  const linkdx::link::Closure result =
      linkdx::link::closure(paths, static_cast<unsigned>(std::atoi(arguments[1])));
  std::printf(
      "%llu objects, %llu definitions, %llu references, %zu names undefined, %zu problems\n",
      static_cast<unsigned long long>(result.objects), static_cast<unsigned long long>(result.definitions),
      static_cast<unsigned long long>(result.references), result.undefined.size(), result.problems.size());
}
