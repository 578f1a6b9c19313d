// Reads the catalogue that the program carries.
//
// The `.mo` format (GNU gettext manual, "The Format of GNU MO Files"): 32-bit words; word 2 the number of
// texts, words 3 and 4 the offsets of two tables with a length and an offset for each text and each
// translation. Texts are sorted, so that a text is found by bisection. The bytes come from the build itself
// (msgfmt writes the byte order of the machine it runs on, which is asked to be little-endian), never from a
// user: a unit test walks all of them.
#include "catalogue.hpp"

#include <algorithm>

namespace linkdx {
namespace {

constexpr char chinese_bytes[] =
#include "zh.mo.inc"
    ;

constexpr std::size_t count_word = 8, texts_word = 12, translations_word = 16, descriptor_bytes = 8;

}  // namespace

std::size_t Catalogue::word(std::size_t offset) const {
  std::size_t value = 0;
  for (std::size_t byte = 4; byte-- > 0;)
    value = value << 8 | static_cast<unsigned char>(bytes_[offset + byte]);
  return value;
}

std::string_view Catalogue::text_at(std::size_t descriptor) const {
  return bytes_.substr(word(descriptor + 4), word(descriptor));
}

std::size_t Catalogue::size() const {
  return word(count_word);
}

std::pair<std::string_view, std::string_view> Catalogue::entry(std::size_t index) const {
  return {text_at(word(texts_word) + index * descriptor_bytes),
          text_at(word(translations_word) + index * descriptor_bytes)};
}

std::optional<std::string_view> Catalogue::find(std::string_view text) const {
  std::size_t first = 0, last = size();
  while (first < last) {
    const std::size_t middle = first + (last - first) / 2;
    const auto [original, translation] = entry(middle);
    if (original == text) return translation;
    if (original < text)
      first = middle + 1;
    else
      last = middle;
  }
  return std::nullopt;
}

const Catalogue& chinese() {
  static constexpr Catalogue catalogue{std::string_view(chinese_bytes, sizeof chinese_bytes - 1)};
  return catalogue;
}

}  // namespace linkdx
