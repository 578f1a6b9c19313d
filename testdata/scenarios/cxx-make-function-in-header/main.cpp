#include <cstdio>

#include "level.hpp"

int main() { std::printf("%d %d %d\n", clamp_level(-4), clamp_level(12), meter(10)); }
