#include "bench/crash_promises.h"

#include <algorithm>
#include <cstdlib>

#include "absl/strings/str_format.h"
#include "engine/base/crc32c.h"

namespace dongxi::bench {
namespace {

constexpr int kRefusalEvery = 10;

std::string TextOf(const std::string& name, uint64_t version) {
  const std::string body = absl::StrFormat("盐湖提锂吸附剂 %s 第 %d 版", name, version);
  return absl::StrFormat("%s；校验 %08x", body, Crc32c(body));
}

std::string Describe(int group, uint64_t promised, uint64_t sent) {
  return absl::StrFormat("group %d: promised version %d, sent up to %d", group, promised, sent);
}

}  // namespace

std::string CrashResultName(int group, int member) {
  return absl::StrFormat("results/c-%02d-%d", group, member);
}

v1::Result CrashRecord(const std::string& name, uint64_t version) {
  v1::Result result;
  result.set_name(name);
  result.set_title(absl::StrFormat("高镁锂比卤水提锂工艺 第 %d 版", version));
  result.set_abstract(TextOf(result.name(), version));
  result.set_type("technology");
  result.add_owners("institutions/crash");
  result.set_illustrative(true);
  return result;
}

v1::Result CrashResult(int group, int member, uint64_t version) {
  return CrashRecord(CrashResultName(group, member), version);
}

std::optional<uint64_t> VersionOf(const v1::Result& result) {
  const std::string mark = "第 ";
  const size_t at = result.title().find(mark);
  if (at == std::string::npos) return std::nullopt;
  const uint64_t version = std::strtoull(result.title().c_str() + at + mark.size(), nullptr, 10);
  if (result.abstract() != TextOf(result.name(), version) || result.owners_size() != 1) return std::nullopt;
  return version;
}

void RecordPromises::StartFrom(const std::map<std::string, v1::Result>& results) {
  for (int group = 0; group < kCrashGroups; ++group) {
    const auto found = results.find(CrashResultName(group, 0));
    const uint64_t version = found == results.end() ? 0 : VersionOf(found->second).value_or(0);
    groups_[group] = {version, version};
    next_ = std::max(next_, version + 1);
  }
}

uint64_t RecordPromises::Send(int group) { return groups_[group].sent = next_++; }

void RecordPromises::Acknowledge(int group) {
  groups_[group].promised = groups_[group].sent;
  acknowledged_ += kCrashGroupSize;
}

Violations RecordPromises::Check(const std::map<std::string, v1::Result>& results) {
  Violations violations;
  for (auto& [number, group] : groups_) {
    std::set<uint64_t> versions;
    for (int member = 0; member < kCrashGroupSize; ++member) {
      const auto found = results.find(CrashResultName(number, member));
      if (found == results.end()) {
        versions.insert(0);  // Version 0: not there.
        continue;
      }
      const std::optional<uint64_t> version = VersionOf(found->second);
      if (!version) {
        violations.push_back(found->first + ": the parts of the record do not belong together");
        continue;
      }
      versions.insert(*version);
    }
    const std::string known = Describe(number, group.promised, group.sent);
    if (versions.size() != 1) violations.push_back(known + "; one batch shows in several versions");
    const uint64_t found = versions.empty() ? 0 : *versions.begin();
    if (found < group.promised) violations.push_back(known + "; an acknowledged write is lost");
    if (found != group.promised && found != group.sent)
      violations.push_back(known + "; found a version that is neither");
    group.promised = group.sent = found;
  }
  return violations;
}

v1::RecordEngagementRequest EngagementPromises::Send() {
  const uint64_t number = next_++;
  v1::RecordEngagementRequest request;
  v1::Engagement& entry = *request.mutable_engagement();
  entry.set_need(kCrashNeed);
  entry.set_offer(CrashResultName(static_cast<int>(number / 7 % kCrashGroups), 0));
  entry.set_step(number % kRefusalEvery == 0 ? v1::ENGAGEMENT_STEP_REFUSED : v1::ENGAGEMENT_STEP_VIEWED);
  if (entry.step() == v1::ENGAGEMENT_STEP_REFUSED) entry.set_refusal_reason(v1::REFUSAL_REASON_NO_BUDGET);
  entry.set_actor("crash-" + std::to_string(number));
  entry.mutable_event_time()->set_seconds(1'760'000'000 + static_cast<int64_t>(number));
  request.set_request_id(absl::StrFormat("00000000-0000-4000-8000-%012x", number));
  return request;
}

void EngagementPromises::Acknowledge(const v1::Engagement& entry) {
  promised_[entry.name()] = entry.SerializeAsString();
  if (entry.step() == v1::ENGAGEMENT_STEP_REFUSED) refused_.insert(entry.offer());
}

Violations EngagementPromises::Check(const std::vector<v1::Engagement>& ledger) {
  Violations violations;
  std::set<std::string> actors;
  std::set<std::string> names;
  for (const v1::Engagement& entry : ledger) {
    names.insert(entry.name());
    if (!actors.insert(entry.actor()).second)
      violations.push_back(entry.name() + ": the same step was recorded twice");
    const auto promised = promised_.find(entry.name());
    if (promised == promised_.end()) {
      // Sent, written, but killed before the answer: from now on it must stay.
      const uint64_t number = std::strtoull(entry.actor().c_str() + 6, nullptr, 10);
      if (entry.actor().rfind("crash-", 0) != 0 || number >= next_)
        violations.push_back(entry.name() + ": was never sent");
      Acknowledge(entry);
    } else if (promised->second != entry.SerializeAsString()) {
      violations.push_back(entry.name() + ": differs from what was answered");
    }
  }
  for (const auto& [name, bytes] : promised_) {
    if (!names.contains(name)) violations.push_back(name + ": an acknowledged entry is lost");
  }
  return violations;
}

}  // namespace dongxi::bench
