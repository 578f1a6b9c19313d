#include "linkdx/build.hpp"
