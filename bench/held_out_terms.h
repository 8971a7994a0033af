// The policy as it would be without what only one need could have taught it. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace dongxi::bench {

// For each line of a topics table (header, comments and empty lines included): the place in `texts` of the
// only text that holds its term, or kSeveral, or kNowhere. Terms and texts are compared normalised.
inline constexpr int kSeveral = -1;
inline constexpr int kNowhere = -2;
std::vector<int> OnlyTextOfTerms(std::string_view topics, const std::vector<std::string>& texts);

// The table without the lines whose term occurs in text `text` only. `only` is what OnlyTextOfTerms gave.
std::string WithoutTermsOnlyIn(std::string_view topics, const std::vector<int>& only, int text);

}  // namespace dongxi::bench
