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
#include "server/tenant_count.h"
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

absl::Status Damaged() {
  return absl::DataLossError("plans: an entry cannot be read; run dongxi-indexer verify");
}

absl::StatusOr<pb::Plan> Parse(std::string_view bytes) {
  pb::Plan plan;
  if (plan.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return plan;
  return Damaged();
}

absl::StatusOr<KeptPlan> ParseWhole(const std::string& bytes) {
  KeptPlan kept;
  std::string rest;  // what is not the plan's; not all of the bytes, which may be 8 MiB
  const bool whole = kept.plan.ParseFromString(bytes) &&
                     kept.plan.GetReflection()->GetUnknownFields(kept.plan).SerializeToString(&rest) &&
                     kept.pin.ParseFromString(rest);
  if (!whole) return Damaged();
  kept.plan.DiscardUnknownFields();  // the pin's
  return kept;
}

absl::StatusOr<int> CountOfPlans(const CatalogueReader& reader, const std::string& tenant) {
  return TenantCount(reader, Table::kPlans, tenant, kSummaryKey, [&tenant](std::string_view value) {
    const absl::StatusOr<pb::Plan> plan = Parse(value);
    return plan.ok() && plan->tenant() == tenant;
  });
}

absl::Status CheckMayRead(const KeptPlan& kept, const Caller& caller) {
  const storage::PlanScope& scope = kept.pin.scope();
  const int level = kept.pin.has_scope() ? scope.disclosure() : static_cast<int>(Disclosure::kOrganiser);
  if (static_cast<int>(caller.viewer.disclosure_max) >= level &&
      (caller.viewer.all_tenants || !scope.all_tenants()))
    return absl::OkStatus();
  return WithReason(
      absl::PermissionDeniedError(
          kept.plan.name() +
          (kept.pin.has_scope() ? "：制定这份计划的令牌看得到不公开的记录或各单位的记录，这个令牌看不到"
                                : "：这份计划没有记下是用哪一级令牌制定的，要用组织方级的令牌") +
          "；改法：换用可见级别不低于它的令牌，或用这个令牌另做一份计划"),
      "PLAN_DISCLOSURE");
}

}  // namespace

std::string PlanNameOfOperation(const std::string& operation) {
  return kNamePrefix + operation.substr(operation.find('/') + 1);
}

absl::StatusOr<KeptPlan> ReadPlan(const CatalogueReader& reader, const std::string& name,
                                  const Caller& caller) {
  const std::optional<uint64_t> number = NumberOf(name);
  if (!number) return FieldError("name", "“" + name + "”不是计划的名称；改法：写 MakePlan 给的 plans/p-…");
  DX_ASSIGN_OR_RETURN(const std::optional<std::string> bytes,
                      reader.GetTable(Table::kPlans, WholeKey(*number)));
  const auto none = [&] {
    return WithReason(absl::NotFoundError(name + ": no such plan"), "PLAN_NOT_FOUND");
  };
  if (!bytes) return none();
  absl::StatusOr<KeptPlan> kept = ParseWhole(*bytes);
  if (kept.ok() && !Owns(caller, kept->plan)) return none();
  return kept;
}

absl::StatusOr<KeptPlan> OpenPlan(const CatalogueReader& reader, const std::string& name,
                                  const Caller& caller) {
  DX_ASSIGN_OR_RETURN(KeptPlan kept, ReadPlan(reader, name, caller));
  DX_RETURN_IF_ERROR(CheckMayRead(kept, caller));
  return kept;
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

void PutPlan(int64_t now_us, KeptPlan* kept, WriteBatch* batch) {
  pb::Plan* const plan = &kept->plan;
  // Never the same twice, even within a microsecond: the etag is made of it.
  const int64_t time_us =
      plan->has_update_time() ? std::max(now_us, MicrosOf(plan->update_time()) + 1) : now_us;
  EncodeMicros(time_us, plan->mutable_update_time());
  plan->set_etag(Hex(static_cast<uint64_t>(time_us)));
  const uint64_t number = NumberOf(plan->name()).value_or(0);
  batch->puts.push_back({Table::kPlans, SummaryKey(number), WithoutParts(*plan).SerializeAsString()});
  batch->puts.push_back(
      {Table::kPlans, WholeKey(number), plan->SerializeAsString() + kept->pin.SerializeAsString()});
}

absl::Status CheckRoomForPlan(const CatalogueReader& reader, const std::string& tenant) {
  DX_ASSIGN_OR_RETURN(const int plans, CountOfPlans(reader, tenant));
  if (plans < kPlansMax) return absl::OkStatus();
  return WithReason(absl::ResourceExhaustedError("已有 " + std::to_string(plans) + " 份计划，一个单位最多 " +
                                                 std::to_string(kPlansMax) +
                                                 " 份；改法：删除（DeletePlan）不再需要的计划，再做一次"),
                    "TOO_MANY_PLANS");
}

absl::Status AddPlan(const CatalogueReader& reader, int64_t now_us, KeptPlan* kept, WriteBatch* batch) {
  const std::string& tenant = kept->plan.tenant();
  DX_RETURN_IF_ERROR(CheckRoomForPlan(reader, tenant));
  DX_ASSIGN_OR_RETURN(const int plans, CountOfPlans(reader, tenant));
  PutTenantCount(Table::kPlans, tenant, plans + 1, batch);
  PutPlan(now_us, kept, batch);
  return absl::OkStatus();
}

absl::Status RemovePlan(const CatalogueReader& reader, const pb::Plan& plan, WriteBatch* batch) {
  const uint64_t number = NumberOf(plan.name()).value_or(0);
  batch->puts.push_back({Table::kPlans, SummaryKey(number), std::nullopt});
  batch->puts.push_back({Table::kPlans, WholeKey(number), std::nullopt});
  return CountOneLess(reader, Table::kPlans, plan.tenant(), batch);
}

}  // namespace dongxi
