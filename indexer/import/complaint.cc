#include "indexer/import/complaint.h"

#include "absl/strings/cord.h"
#include "absl/types/optional.h"

namespace dongxi {
namespace {

constexpr const char* kFound = "dongxi.import/found";
constexpr const char* kExpected = "dongxi.import/expected";
constexpr const char* kRemedy = "dongxi.import/remedy";

std::string Part(const absl::Status& status, const char* name) {
  const absl::optional<absl::Cord> part = status.GetPayload(name);
  return part.has_value() ? std::string(*part) : std::string();
}

}  // namespace

absl::Status ToStatus(const Complaint& complaint) {
  absl::Status status = absl::InvalidArgumentError(complaint.found + "；应为：" + complaint.expected +
                                                   "；办法：" + complaint.remedy);
  status.SetPayload(kFound, absl::Cord(complaint.found));
  status.SetPayload(kExpected, absl::Cord(complaint.expected));
  status.SetPayload(kRemedy, absl::Cord(complaint.remedy));
  return status;
}

Complaint ToComplaint(const absl::Status& status) {
  if (status.GetPayload(kFound).has_value()) {
    return {Part(status, kFound), Part(status, kExpected), Part(status, kRemedy)};
  }
  const absl::string_view message = status.message();
  return {std::string(message.data(), message.size()), "可以读取的文件", "检查文件是否存在、是否有读取权限"};
}

}  // namespace dongxi
