#include "linkdx/fix.hpp"
