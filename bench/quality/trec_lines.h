// The lines of TREC's text files as words. Pure; any thread.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"

namespace dongxi::bench {

// Words between ASCII white space; views of the line.
using TrecWords = std::vector<std::string_view>;

// Calls `visit` with the words and number (from 1) of every line that has a word; a byte order mark in front
// of the file is passed over. Errors start with "file:line: ": those of `visit`, InvalidArgument for a line
// that is not UTF-8.
absl::Status VisitTrecLines(std::string_view file_name, std::string_view content,
                            const std::function<absl::Status(const TrecWords& words, size_t line)>& visit);

// "5 fields, expected 4: query 0 document grade", with the beginning of the line for recognition.
std::string WrongFields(const TrecWords& words, std::string_view expected);

// A word for a message, quoted and cut if it is long.
std::string Quoted(std::string_view word);

}  // namespace dongxi::bench
