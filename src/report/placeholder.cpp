#include "linkdx/report.hpp"
