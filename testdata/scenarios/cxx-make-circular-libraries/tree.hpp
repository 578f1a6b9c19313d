#pragma once

namespace tree {
int leaf_count(int depth);
int leaf_weight(int index);
int branch_weight(int depth);
}  // namespace tree
