#include <cstdio>

#include "tree.hpp"

int main() { std::printf("weight %d\n", tree::branch_weight(2) * 3 + tree::leaf_count(0) - 1); }
