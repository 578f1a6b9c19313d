// A tarball is a row of files, each behind a header of 512 bytes and filled up to a multiple of that; two
// empty blocks end it. The header has room for a name of 100 bytes; a longer one stands before it, in a block
// of attributes. Source: POSIX.1-2017, pax, "ustar Interchange Format" and "pax Interchange Format". Reading
// is libarchive's (artifact/package.hpp).
#include "tar.hpp"

#include <cstring>

#include <fmt/format.h>
#include <zlib.h>

namespace linkdx::cli {
namespace {

constexpr std::size_t block = 512;
constexpr std::size_t name_room = 100;

void fill_up(std::string& out) {
  out.append((block - out.size() % block) % block, '\0');
}

void put(std::string& header, std::size_t at, std::string_view text) {
  std::memcpy(&header[at], text.data(), text.size());
}

void add_file(std::string& out, char type, std::string_view name, std::string_view bytes) {
  std::string header(block, '\0');
  put(header, 0, name.substr(0, name_room));
  put(header, 100, "0000644");
  put(header, 108, "0000000");
  put(header, 116, "0000000");
  put(header, 124, fmt::format("{:011o}", bytes.size()));
  put(header, 136, "00000000000");
  put(header, 148, "        ");  // the sum counts as blanks
  header[156] = type;
  put(header, 257, std::string_view("ustar\00000", 8));
  unsigned sum = 0;
  for (char c : header) sum += static_cast<unsigned char>(c);
  put(header, 148, fmt::format("{:06o}", sum));
  header[154] = '\0';
  out += header;
  out += bytes;
  fill_up(out);
}

/// `LENGTH path=NAME\n`, in which the length counts its own digits.
std::string path_attribute(std::string_view path) {
  const std::string rest = fmt::format(" path={}\n", path);
  std::size_t length = rest.size() + 1;
  while (std::to_string(length).size() + rest.size() != length) ++length;
  return std::to_string(length) + rest;
}

}  // namespace

std::string tarball(const std::vector<PackedFile>& files) {
  std::string out;
  for (const PackedFile& file : files) {
    if (file.path.size() > name_room) add_file(out, 'x', "path", path_attribute(file.path));
    add_file(out, '0', file.path, file.bytes);
  }
  return out.append(2 * block, '\0');
}

std::optional<std::string> gzipped(std::string_view bytes) {
  z_stream stream = {};
  constexpr int gzip_window = 15 + 16, memory_level = 8;
  if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, gzip_window, memory_level, Z_DEFAULT_STRATEGY) !=
      Z_OK)
    return std::nullopt;
  std::string out;
  std::string piece(std::size_t{256} << 10, '\0');
  constexpr std::size_t most_at_once = std::size_t{1} << 30;  // zlib counts in 32 bits
  int status = Z_OK;
  while (status == Z_OK) {
    if (stream.avail_in == 0) {
      const std::string_view next = bytes.substr(0, most_at_once);
      stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(next.data()));
      stream.avail_in = static_cast<uInt>(next.size());
      bytes.remove_prefix(next.size());
    }
    stream.next_out = reinterpret_cast<Bytef*>(piece.data());
    stream.avail_out = static_cast<uInt>(piece.size());
    status = deflate(&stream, bytes.empty() ? Z_FINISH : Z_NO_FLUSH);
    out.append(piece, 0, piece.size() - stream.avail_out);
  }
  deflateEnd(&stream);
  if (status != Z_STREAM_END) return std::nullopt;
  return out;
}

}  // namespace linkdx::cli
