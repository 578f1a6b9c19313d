// Calls the 4-bit distance-table sum under the name KERNEL from C++.
#include <algorithm>
#include <array>
#include <iostream>

#include "expected_sums.h"

extern "C" void KERNEL(const std::uint8_t* codes, std::size_t length, const std::uint8_t* dist_table,
                       std::uint16_t* dists);

int main() {
  std::array<std::uint8_t, code_length> codes, dist_table;
  std::array<std::uint16_t, 32> expected, dists;
  fill_and_sum(codes.data(), dist_table.data(), expected.data());
  KERNEL(codes.data(), codes.size(), dist_table.data(), dists.data());
  std::cout << (dists == expected ? "right" : "wrong") << '\n';
}
