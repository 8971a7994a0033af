// The files around a split by time: needs and documents in, the test collection out. Any thread.
#pragma once

#include <cstddef>
#include <filesystem>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "bench/judge/leaks.h"
#include "bench/judge/time_split.h"

namespace dongxi::bench {

// Lines of id, title, text; other keys are ignored. InvalidArgument, with file and line: no id, an id twice,
// neither title nor text.
absl::StatusOr<NeedTexts> ReadNeedTexts(const std::filesystem::path& file);

struct SplitDocuments {
  std::vector<LateDocument> late;
  std::string early_lines;                   // all documents that are not late, as they stand in the files
  std::set<std::string, std::less<>> names;  // ids and owners
  size_t count = 0;
  size_t undated = 0;
  size_t unclear = 0;  // a year or month in which the day of the split lies
};

// A document's date is the latest of its keys date, published, created and year: YYYY, YYYY-MM or YYYY-MM-DD
// with whatever follows. Late is what cannot be of before the day. InvalidArgument, with file and line: no
// id, an id twice, a date of another form.
absl::StatusOr<SplitDocuments> ReadSplitDocuments(const std::vector<std::filesystem::path>& files,
                                                  std::string_view before);

// Writes train.jsonl (the history as it stood in the file), queries.jsonl (id, and title and text if known),
// qrels.txt and, unless `documents` is null, docs.jsonl without the late ones.
absl::Status WriteSplit(const TimeSplit& split, const NeedTexts& needs, const SplitDocuments* documents,
                        const std::filesystem::path& folder);

}  // namespace dongxi::bench
