#include <cstdio>

#include "greet.hpp"

int main() { std::puts(greeting("link").c_str()); }
