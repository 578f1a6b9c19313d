#include "talk.h"

int talk(int words) { return words < verbosity ? words : verbosity; }
