// Names and codes of regions, and which group a region is in. Immutable; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/policy/tables.h"

namespace dongxi {

class RegionNames {
 public:
  explicit RegionNames(const PolicyTables& tables);
  // As Policy::RegionName, RegionCode and InGroup say.
  std::string Name(std::string_view code) const;
  std::string Code(std::string_view name) const;
  bool InGroup(std::string_view group, std::string_view code) const;

 private:
  std::string CodeOfNormal(std::string_view name, int levels) const;

  std::unordered_map<std::string, std::string> name_of_code_;
  std::unordered_map<std::string, std::string> code_of_word_;  // normalised words
  std::map<std::string, std::vector<std::string>, std::less<>> groups_;
  size_t word_bytes_max_ = 0;
};

}  // namespace dongxi
