// A report.json read an item of `needs` at a time: of a thousand needs with all their evidence the whole
// takes a gigabyte. Knows neither wire types nor what its readers keep. Any thread, a stream each.
#pragma once

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <istream>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "absl/status/statusor.h"

namespace dongxi::report {

// The keys that a reader wants, by where they stand. Others are passed over with all that they hold.
struct ReportKeys {
  using Keys = std::set<std::string>;
  Keys report;  // of the report, besides needs: "options"
  Keys item;    // of an item of needs: "need", "partners"
  Keys inner;   // of an object in an item, such as its need: "title"
  Keys entry;   // of an object in a list of an item: "adequate"; what these hold is kept whole
};

// Takes an item of `needs`, of whatever type it is; `place` counts from 0.
using TakeItem = std::function<void(size_t place, nlohmann::json item)>;

// The file, for ReadReport. Errors, which name the file: NotFound; OutOfRange if it is larger than 4 GiB;
// Internal.
absl::StatusOr<std::ifstream> OpenReport(const std::filesystem::path& file);

// Gives `take` the items of `needs` in their order, each before the next is read, and returns the rest: the
// report with `needs` empty (of another type than a list it is as it was). Like Json::parse without
// exceptions it returns a discarded value where the text is no JSON; items before that place were taken then.
// Errors: Internal if the stream cannot be read to its end.
absl::StatusOr<nlohmann::json> ReadReport(std::istream& in, const ReportKeys& keys, const TakeItem& take);

}  // namespace dongxi::report
