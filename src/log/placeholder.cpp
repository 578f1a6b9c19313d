#include "linkdx/log.hpp"
