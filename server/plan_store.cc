#include "server/plan_store.h"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <cstdlib>
#include <optional>

#include "absl/time/time.h"
#include "engine/base/status_macros.h"
#include "proto/convert/plan_message.h"
#include "server/engagement_convert.h"
#include "server/grpc_status.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

constexpr char kNamePrefix[] = "plans/p-";
constexpr size_t kPrefixBytes = sizeof(kNamePrefix) - 1;
constexpr size_t kIdDigits = 16;
constexpr char kSummaryKey = 's';  // number, counted down: the newest first
constexpr char kWholeKey = 'w';    // number

std::string Hex(uint64_t number) {
  char text[24];
  std::snprintf(text, sizeof(text), "%016" PRIx64, number);
  return text;
}

// The number in "plans/p-0000…"; none if it is no such name.
std::optional<uint64_t> NumberOf(const std::string& name) {
  if (name.size() != kPrefixBytes + kIdDigits || name.compare(0, kPrefixBytes, kNamePrefix) != 0)
    return std::nullopt;
  const std::string digits = name.substr(kPrefixBytes);
  if (digits.find_first_not_of("0123456789abcdef") != std::string::npos) return std::nullopt;
  return std::strtoull(digits.c_str(), nullptr, 16);
}

std::string SummaryKey(uint64_t number) { return kSummaryKey + Hex(~number); }
std::string WholeKey(uint64_t number) { return kWholeKey + Hex(number); }

bool Owns(const Caller& caller, const pb::Plan& plan) {
  return caller.viewer.all_tenants || plan.tenant() == caller.tenant();
}

absl::StatusOr<pb::Plan> Parse(std::string_view bytes) {
  pb::Plan plan;
  if (plan.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return plan;
  return absl::DataLossError("plans: an entry cannot be read; run dongxi-indexer verify");
}

}  // namespace

std::string PlanNameOfOperation(const std::string& operation) {
  return kNamePrefix + operation.substr(operation.find('/') + 1);
}

absl::StatusOr<pb::Plan> ReadPlan(const CatalogueReader& reader, const std::string& name,
                                  const Caller& caller) {
  const std::optional<uint64_t> number = NumberOf(name);
  if (!number)
    return FieldError("name", "expected \"plans/{plan}\" as MakePlan gave it, found \"" + name + "\"");
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> bytes,
                      reader.GetTable(Table::kPlans, WholeKey(*number)));
  const auto none = [&] {
    return WithReason(absl::NotFoundError(name + ": no such plan"), "PLAN_NOT_FOUND");
  };
  if (!bytes) return none();
  absl::StatusOr<pb::Plan> plan = Parse(*bytes);
  if (plan.ok() && !Owns(caller, *plan)) return none();
  return plan;
}

absl::StatusOr<std::vector<pb::Plan>> ListPlans(const CatalogueReader& reader, const std::string& after,
                                                int limit, const Caller& caller) {
  std::vector<pb::Plan> plans;
  absl::Status damage;
  const std::optional<uint64_t> number = NumberOf(after);
  const std::string last = number ? SummaryKey(*number) : std::string(1, kSummaryKey);
  DX_RETURN_IF_ERROR(reader.ScanTable(Table::kPlans, last, [&](std::string_view key, std::string_view value) {
    if (key.empty() || key.front() != kSummaryKey) return false;
    if (key == last) return true;
    absl::StatusOr<pb::Plan> plan = Parse(value);
    if (!plan.ok()) {
      damage = plan.status();
      return false;
    }
    if (Owns(caller, *plan)) plans.push_back(*std::move(plan));
    return static_cast<int>(plans.size()) < limit;
  }));
  if (!damage.ok()) return damage;
  return plans;
}

absl::Status CheckPlanEtag(const pb::Plan& plan, const std::string& etag) {
  if (etag.empty() || etag == plan.etag()) return absl::OkStatus();
  return WithReason(
      WithField(
          absl::AbortedError(plan.name() + ": 计划在此期间改过了；先用 GetPlan 取新的，再按新的 etag 做一次"),
          "etag"),
      "PLAN_CHANGED");
}

void PutPlan(int64_t now_us, pb::Plan* plan, WriteBatch* batch) {
  // Never the same twice, even within a microsecond: the etag is made of it.
  const int64_t time_us =
      plan->has_update_time() ? std::max(now_us, MicrosOf(plan->update_time()) + 1) : now_us;
  EncodeMicros(time_us, plan->mutable_update_time());
  plan->set_etag(Hex(static_cast<uint64_t>(time_us)));
  const uint64_t number = NumberOf(plan->name()).value_or(0);
  batch->puts.push_back({Table::kPlans, SummaryKey(number), WithoutParts(*plan).SerializeAsString()});
  batch->puts.push_back({Table::kPlans, WholeKey(number), plan->SerializeAsString()});
}

void RemovePlan(const std::string& name, WriteBatch* batch) {
  const uint64_t number = NumberOf(name).value_or(0);
  batch->puts.push_back({Table::kPlans, SummaryKey(number), std::nullopt});
  batch->puts.push_back({Table::kPlans, WholeKey(number), std::nullopt});
}

}  // namespace dongxi
