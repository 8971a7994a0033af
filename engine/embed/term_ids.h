// From a term to its number, where the terms themselves lie in a mapped file: four bytes a slot instead of a
// string. Immutable after construction; any thread. Private to engine/embed/*.cc.
#pragma once

#include <bit>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace dongxi {

class TermIds {
 public:
  TermIds() = default;
  // `term_of(id)` gives the terms 0 .. count - 1, all different.
  template <typename TermOf>
  TermIds(uint32_t count, const TermOf& term_of) : slots_(std::bit_ceil(uint64_t{count} * 2 + 1), kEmpty) {
    for (uint32_t id = 0; id < count; ++id) {
      size_t slot = Hash(term_of(id)) & (slots_.size() - 1);
      while (slots_[slot] != kEmpty) slot = (slot + 1) & (slots_.size() - 1);
      slots_[slot] = id;
    }
  }

  template <typename TermOf>
  std::optional<uint32_t> Find(std::string_view term, const TermOf& term_of) const {
    if (slots_.empty()) return std::nullopt;
    for (size_t slot = Hash(term) & (slots_.size() - 1); slots_[slot] != kEmpty;
         slot = (slot + 1) & (slots_.size() - 1)) {
      if (term_of(slots_[slot]) == term) return slots_[slot];
    }
    return std::nullopt;
  }

 private:
  static constexpr uint32_t kEmpty = UINT32_MAX;

  // FNV-1a, with its high bits mixed into the low ones that choose the slot.
  static uint64_t Hash(std::string_view term) {
    uint64_t hash = 0xCBF29CE484222325;
    for (const char c : term) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
    return hash ^ (hash >> 32);
  }

  std::vector<uint32_t> slots_;
};

}  // namespace dongxi
