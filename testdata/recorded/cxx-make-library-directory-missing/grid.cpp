#include "grid.hpp"

int Grid::cells() const { return rows * columns; }
