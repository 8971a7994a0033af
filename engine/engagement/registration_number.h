// When two registration numbers (技术合同登记编号) are the same one. Pure function; any thread.
#pragma once

#include <string>
#include <string_view>

namespace dongxi {

// What is left of a number when its writing is taken away: NFKC and case folded, without spaces, dashes and
// invisible characters. Two numbers are the same if their keys are. A number of nothing else keeps its own
// text, so that the key is empty only for the empty number.
std::string RegistrationNumberKey(std::string_view number);

}  // namespace dongxi
