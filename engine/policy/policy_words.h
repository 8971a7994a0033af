// The bytes of data/policy/regions.tsv and modes.tsv of this build. Only word_table.cc reads them.
#pragma once

namespace dongxi {

extern const char kRegionsTsv[];
extern const char kModesTsv[];

}  // namespace dongxi
