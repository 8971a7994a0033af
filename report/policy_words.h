// The bytes of data/policy/regions.tsv and modes.tsv of this build. Only words.cc reads them.
#pragma once

namespace dongxi::report {

extern const char kRegionsTsv[];
extern const char kModesTsv[];

}  // namespace dongxi::report
