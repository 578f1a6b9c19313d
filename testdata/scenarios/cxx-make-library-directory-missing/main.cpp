#include <cstdio>

#include "grid.hpp"

int main() { std::printf("cells %d\n", Grid{3, 4}.cells()); }
