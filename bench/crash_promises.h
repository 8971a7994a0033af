// What a server has acknowledged, and what it may have done when it was killed in the middle: the yardstick
// of dongxi-bench crash. Written by one thread at a time, checked while nobody writes.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "dongxi/v1/engagement.pb.h"
#include "dongxi/v1/records.pb.h"

namespace dongxi::bench {

inline constexpr int kCrashGroups = 40;  // of records that are written together
inline constexpr int kCrashGroupSize = 5;

// "results/c-<group>-<member>".
std::string CrashResultName(int group, int member);
// The record of a version. Its abstract repeats the version and carries a checksum, so that a mixture shows.
v1::Result CrashRecord(const std::string& name, uint64_t version);
v1::Result CrashResult(int group, int member, uint64_t version);
// The version, if the record is whole and its parts belong together.
std::optional<uint64_t> VersionOf(const v1::Result& result);

// What the checks found wrong, in words; empty if all is well.
using Violations = std::vector<std::string>;

class RecordPromises {
 public:
  // Takes what is there as what is promised.
  void StartFrom(const std::map<std::string, v1::Result>& results);
  // The next version of a group is sent; it may be there after a crash, or not.
  uint64_t Send(int group);
  void Acknowledge(int group);
  // Every group is whole, as new as acknowledged, and nothing that was never sent. What is found becomes what
  // is promised. `results` by name.
  Violations Check(const std::map<std::string, v1::Result>& results);
  uint64_t acknowledged() const { return acknowledged_; }

 private:
  struct Group {
    uint64_t promised = 0, sent = 0;
  };
  std::map<int, Group> groups_;
  uint64_t next_ = 1, acknowledged_ = 0;
};

class EngagementPromises {
 public:
  // The next entry: a step of one of the pairs, every tenth a refusal.
  v1::RecordEngagementRequest Send();
  void Acknowledge(const v1::Engagement& entry);
  // Every acknowledged entry is there and as it was answered; others are entries that were sent.
  Violations Check(const std::vector<v1::Engagement>& ledger);
  uint64_t acknowledged() const { return promised_.size(); }
  // Offers that the need of all entries refuses.
  const std::set<std::string>& refused() const { return refused_; }

 private:
  uint64_t next_ = 0;
  std::map<std::string, std::string> promised_;  // name: the entry's bytes
  std::set<std::string> refused_;
};
inline constexpr char kCrashNeed[] = "needs/n-crash";

}  // namespace dongxi::bench
