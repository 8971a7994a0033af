// Names of the codes of regions, cooperation modes and channels as data/policy had them when the program was
// built, so that no file is needed at run time. Immutable; any thread.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace dongxi {

struct WordTable {
  std::map<std::string, std::string, std::less<>> name_of_code;
  std::map<std::string, std::string, std::less<>> code_of_word;

  // "" if unknown.
  std::string NameOf(std::string_view code) const;
  // Of a word, or of a code itself. "" if unknown.
  std::string CodeOf(std::string_view word) const;
};

const WordTable& RegionWords();
const WordTable& ModeWords();
const WordTable& ChannelWords();

// How much of a region's code has a name: 6, 4 or 2 digits; 0 if not even its province is known.
size_t KnownRegionDigits(std::string_view code);
// 青海海西州 for "6328" and for "632801" (the longest known beginning); 青海 for "63"; "" if the province is
// unknown.
std::string RegionPath(std::string_view code);

}  // namespace dongxi
