// The sample catalogue of the product, for tests that need more than SmallCatalogue.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "engine/policy/policy.h"
#include "engine/record/record.h"
#include "indexer/import/importer.h"

namespace dongxi {

// The sample catalogue with its first `needs_max` needs.
inline std::vector<Record> SampleCatalogue(int needs_max) {
  const auto policy = LoadPolicy("data/policy");
  EXPECT_TRUE(policy.ok()) << policy.status();
  std::vector<Record> records;
  int needs = 0;
  const auto sink = [&](Record record, const SourcePlace&) {
    if (record.kind != RecordKind::kNeed || ++needs <= needs_max) records.push_back(std::move(record));
    return absl::OkStatus();
  };
  for (const char* name : {"institutions", "experts", "results", "evidence", "needs"}) {
    const auto report = ReadRecords({"data/sample/" + std::string(name) + ".jsonl"}, {}, **policy, sink);
    EXPECT_TRUE(report.ok()) << report.status();
  }
  return records;
}

}  // namespace dongxi
