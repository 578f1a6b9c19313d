// Reads a log and prints what it says of each failed link: the library's rooms are as usable as the program.
#include <cstdio>
#include <fstream>
#include <sstream>

#include "linkdx/diagnose.hpp"
#include "linkdx/isa.hpp"

int main(int count, char** arguments) {
  using namespace linkdx;
  if (count != 2) return 2;
  std::ifstream file(arguments[1], std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  diagnose::Question question;
  question.logs.push_back(log::read(arguments[1], text.str()));
  for (const log::Failure& failure : question.logs.front().failures)
    for (const log::SymbolError& error : failure.symbols) {
      const auto hint = isa::from_name(error.name, isa::arch_of_triple(failure.target));
      std::printf("%s%s%s\n", error.name.c_str(), hint ? ": " : "", hint ? hint->token.c_str() : "");
    }
}
