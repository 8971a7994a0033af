// The bytes of data/policy/regions.tsv, modes.tsv and channels.tsv of this build. Only word_table.cc reads
// them.
#pragma once

namespace dongxi {

extern const char kRegionsTsv[];
extern const char kModesTsv[];
extern const char kChannelsTsv[];

}  // namespace dongxi
