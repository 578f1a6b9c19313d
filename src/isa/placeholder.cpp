#include "linkdx/isa.hpp"
