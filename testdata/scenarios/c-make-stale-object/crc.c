unsigned crc_step(unsigned state, unsigned char byte) { return (state << 1) ^ byte; }
