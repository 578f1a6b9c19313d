#pragma once

int verbosity;
int talk(int words);
