// What a number is about: the quantity, of what, and in which respect. Private to engine/requirement. Pure
// functions; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

struct QuantityName {
  std::u32string text;    // as it stands in the text, without particles
  std::string quantity;   // of quantities.tsv; empty: not in the table
  Complement complement;  // the half of a whole that it is
  Better better = Better::kNone;
  bool generic = false;   // says nothing without what it is of
  int direction = 0;      // -1: the name itself says that the quantity falls (节水), +1: rises (增产)
  std::u32string rest;    // of the name, lower case: of what
  std::u32string head;    // the word of the table, lower case
  std::u32string object;  // the characters right before a generic head: 红景天苷 of 红景天苷含量
  // Pairs of Chinese characters and whole Latin words, as numbers, ascending; what NameLikeness compares.
  std::vector<uint64_t> text_grams, rest_grams, object_grams;
  std::map<std::string, std::set<std::string>> qualifiers;  // class → values
  std::vector<OppositeWord> opposites;                      // of opposites.tsv, ascending, each once
  std::vector<std::u32string> codes;  // Latin and Greek designations that no table knows, lower case: d90, β
  bool substance = false;             // the whole name is a substance: 铅, Fe
  std::vector<size_t> denominators;   // rows of the units that the name implies: 亩产 is per 亩
};

// `before` stands before the number, `after` behind it up to the end of the clause (20座冷库); either may be
// empty.
QuantityName ReadQuantityName(std::u32string_view before, std::u32string_view after,
                              const RequirementTables& tables);

// `text` without the particles and blanks that say nothing of what it names.
std::u32string WithoutParticles(std::u32string_view text);

}  // namespace dongxi::requirement
