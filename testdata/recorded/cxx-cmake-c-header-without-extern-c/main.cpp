#include <cstdio>
#include <cstring>

#include "adler.h"

int main() {
  const char *text = "Wikipedia";
  std::printf("%08x\n", adler_update(1, reinterpret_cast<const uint8_t *>(text), std::strlen(text)));
}
