#include "linkdx/artifact.hpp"
