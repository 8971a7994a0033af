// What kind of quantity a number is: length, mass per volume, money per area. A value type; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace dongxi::requirement {

class Dimension {
 public:
  Dimension() = default;  // of plain numbers
  // "ratio", "mass", "mass/length^3", "energy/time", "1/time". InvalidArgument names what is wrong.
  static absl::StatusOr<Dimension> Parse(std::string_view text);

  // Of a unit that the table does not know: comparable with itself alone.
  static Dimension Unknown(const std::string& unit);

  Dimension Times(const Dimension& other, int power = 1) const;
  bool is_ratio() const { return powers_.empty(); }
  size_t bases() const { return powers_.size(); }  // how many base quantities it is made of
  int power(const std::string& base) const;
  bool Has(const std::string& base) const { return powers_.contains(base); }
  // No base quantity but these is in it; those of units that the table does not know do not count.
  bool IsMadeOf(const std::vector<std::string>& bases) const;
  bool IsCount() const;             // of pieces, heads, persons …, nothing that is measured
  Dimension WithoutCounts() const;  // without the pieces, heads, … that it is divided by
  std::string ToString() const;     // "length^-3*mass"
  bool operator==(const Dimension& other) const { return hash_ == other.hash_ && powers_ == other.powers_; }

 private:
  void Set(std::map<std::string, int> powers);

  std::map<std::string, int> powers_;  // without zeros
  size_t hash_ =
      0;  // of powers_: numbers of different kinds are compared all the time, and told apart at once
};

// Of times, temperatures, angles, speeds, mass per volume, pieces and magnetic flux density: parsed
// once.
const Dimension& TimeDimension();
const Dimension& TemperatureDimension();
const Dimension& AngleDimension();
const Dimension& SpeedDimension();
const Dimension& DensityDimension();
const Dimension& ItemDimension();
const Dimension& TeslaDimension();

}  // namespace dongxi::requirement
