#include "tree.hpp"

int tree::branch_weight(int depth) {
  int weight = 0;
  for (int i = 0; i < (1 << depth); ++i) weight += leaf_weight(i);
  return weight;
}
