#include "tree.hpp"

int tree::leaf_count(int depth) { return 1 << depth; }
