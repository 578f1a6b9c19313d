// Configure steps that look for an assembler of their own (nasm, yasm, gas-preprocessor) say in words of
// their own that it is not there or too old:
//
//     Minimum version is nasm-2.13
//     nasm/yasm not found or too old. Use --disable-x86asm for a crippled build.
//     Neither yasm nor nasm have been found.
//     SIMD extensions disabled: could not find NASM compiler.
//
// What they have in common is read: the name of the assembler, and one of the phrases of absence, in one
// sentence. The phrases are those of the configure scripts of x264, FFmpeg, libvpx, libaom, libjpeg-turbo,
// ISA-L, OpenSSL and dav1d.
#pragma once

#include <string_view>

namespace linkdx::log {

/// The assembler that a line says is missing or too old, as `nasm`; empty when it says no such thing.
std::string_view missing_assembler(std::string_view text);

}  // namespace linkdx::log
