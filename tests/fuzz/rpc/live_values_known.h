// Texts that matter to Dongxi beside what a catalogue holds, and which fields mean the same. Pure functions.
#pragma once

#include <string>
#include <vector>

namespace dongxi::fuzz {

class LiveValues;

// Filters, codes, dates, questions, request ids.
void AddKnownValues(LiveValues* values);

// Names of the fields whose texts may stand in a field of that name, the name itself first: a page token
// comes from a next_page_token.
std::vector<std::string> FieldsLike(const std::string& field);

}  // namespace dongxi::fuzz
