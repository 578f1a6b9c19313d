// A compiled catalogue of gettext (`.mo`): texts and their translations. See catalogue.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <utility>

namespace linkdx {

class Catalogue {
 public:
  /// `bytes` must outlive the catalogue.
  explicit constexpr Catalogue(std::string_view bytes) : bytes_(bytes) {}

  /// How many texts it holds, the header among them.
  std::size_t size() const;
  /// Text and translation number `index`, in the order of the texts' bytes; the empty text is the header.
  std::pair<std::string_view, std::string_view> entry(std::size_t index) const;
  std::optional<std::string_view> find(std::string_view text) const;

 private:
  std::size_t word(std::size_t offset) const;
  std::string_view text_at(std::size_t descriptor) const;

  std::string_view bytes_;
};

/// The Chinese catalogue, which the program carries.
const Catalogue& chinese();

}  // namespace linkdx
