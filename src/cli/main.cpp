#include "commands.hpp"

int main(int argc, char** argv) {
  return linkdx::cli::run({argv + 1, argv + argc});
}
