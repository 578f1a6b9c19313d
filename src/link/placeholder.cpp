#include "linkdx/link.hpp"
