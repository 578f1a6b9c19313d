#include "linkdx/verify.hpp"
