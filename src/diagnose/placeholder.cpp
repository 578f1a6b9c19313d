#include "linkdx/diagnose.hpp"
