// A report beside an earlier one: which needs are new, gone, newly matched, and whose lists changed. A need
// whose adequate entries limits of exposure took away is not told as one that found nothing, in either
// report. Where the two did not ask the same, lists that only one asked for and entries that only the longer
// lists have room for are left out, and Comparison.note says so. Any thread.
#pragma once

#include <cstddef>
#include <istream>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "report/model.h"

namespace dongxi::report {

// What a comparison uses of an earlier report.
struct EarlierReport {
  // An adequate entry.
  struct Entry {
    size_t place = 0;  // in its list
    std::string name;
    std::string title;
  };
  struct Need {
    std::string title;
    bool failed = false;                                 // it could not be matched then
    std::map<std::string, std::vector<Entry>> adequate;  // by the keys of the lists: "partners"
    std::set<std::string> emptied;                       // lists that limits emptied, by their keys
  };
  std::string name;                   // how the reader knows it
  std::map<std::string, Need> needs;  // by id
  std::vector<std::string> options;
  std::set<std::string> lists;  // that it asked for, by their keys
  int top = 0;                  // entries that a list may have; 0: not known
};

// `json` is what ReportToJson wrote; it is read an item at a time (ReadReport). `name` is how the reader
// knows it. Errors: InvalidArgument names the file and what is missing in it; Internal if it cannot be read.
absl::StatusOr<EarlierReport> ReadEarlierReport(std::istream& json, const std::string& name);

// Pure.
Comparison Compare(const MatchReport& report, const EarlierReport& earlier);

}  // namespace dongxi::report
