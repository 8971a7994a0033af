#include "server/plan_codes.h"

#include <algorithm>

#include "engine/statistics/group_key.h"
#include "engine/text/normalize.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

constexpr size_t kShownCharacters = 40;  // of a code that is none

template <typename Row>
bool IsKnown(const std::string& code, const std::vector<Row>& rows) {
  return code.empty() || code == kNoGroup ||
         std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.id == code; });
}

}  // namespace

absl::Status CheckTaskCode(const std::string& field, const std::string& code, const Policy& policy) {
  if (IsKnown(code, policy.tasks())) return absl::OkStatus();
  std::string all;
  for (const Task& task : policy.tasks()) all += task.id + "、";
  return WithReason(FieldError(field, "方案里没有任务“" + CutCharacters(code, kShownCharacters) +
                                          "”：应为任务编号 " + all + "或 none（不属于各项任务）"),
                    "TASK_UNKNOWN");
}

absl::Status CheckChannelCode(const std::string& field, const std::string& code, const Policy& policy) {
  if (IsKnown(code, policy.channels())) return absl::OkStatus();
  std::string all;
  for (const Channel& channel : policy.channels()) all += channel.id + "（" + channel.name + "）、";
  return WithReason(FieldError(field, "方案里没有通道“" + CutCharacters(code, kShownCharacters) +
                                          "”：应为通道代码 " + all + "或 none（无对应通道）"),
                    "CHANNEL_UNKNOWN");
}

}  // namespace dongxi
