#include "cli/error_text.h"

#include <string_view>

#include "absl/strings/cord.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/reason_words.h"
#include "cli/table.h"
#include "google/rpc/error_details.pb.h"

namespace dongxi::cli {
namespace {

// Reason of the server for a full disk (server/own_fault.h).
constexpr char kStorageFull[] = "STORAGE_FULL";
// In gRPC's own words, of a message above the limit of either side (kAnswerBytesMax in client.cc).
constexpr std::string_view kTooLarge = "message larger than max";
constexpr char kRetryPayload[] = "dongxi/retry-microseconds";  // of a status: in decimal

struct Details {
  bool given = false;  // the server itself spoke, not the network
  std::string fields;  // a line each
  std::string reason;
  std::string request_id;
  absl::Duration retry;
};

Details ReadDetails(const grpc::Status& status) {
  Details details;
  google::rpc::Status rich;
  if (status.error_details().empty() || !rich.ParseFromString(status.error_details())) return details;
  for (const google::protobuf::Any& any : rich.details()) {
    google::rpc::BadRequest bad;
    google::rpc::ErrorInfo info;
    google::rpc::RequestInfo request;
    google::rpc::RetryInfo retry;
    if (any.UnpackTo(&bad)) {
      for (const auto& violation : bad.field_violations()) {
        if (violation.description() == status.error_message()) continue;  // it names the field already
        absl::StrAppend(&details.fields, "\n  字段 ", Printable(violation.field()), "：",
                        Printable(violation.description()));
      }
    } else if (any.UnpackTo(&info)) {
      details.reason = Printable(info.reason());
    } else if (any.UnpackTo(&request)) {
      details.request_id = Printable(request.request_id());
    } else if (any.UnpackTo(&retry)) {
      details.retry =
          absl::Seconds(retry.retry_delay().seconds()) + absl::Nanoseconds(retry.retry_delay().nanos());
    }
    details.given = true;
  }
  return details;
}

std::string NotReachable(const CallContext& context) {
  std::string text =
      absl::StrCat("连不上服务 ", context.server,
                   "。请先运行 ./run serve 启动服务，或用 --server 主机:端口 指定已在运行的服务");
  text +=
      context.tls
          ? "。非本机地址使用 TLS：私有证书用 --ca-file 指定根证书；只在可信网络里才用 --insecure-plaintext"
          : "；服务开了 TLS 的，用 --ca-file 指定根证书";
  return text;
}

// What happened and what to do, for codes where the answer is always the same. The server's own words follow.
std::string Headline(const grpc::Status& status, const Details& details, const CallContext& context) {
  if (std::string headline = HeadlineOfReason(details.reason); !headline.empty()) return headline;
  switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
      return details.given ? "服务暂时不可用，请稍后再试" : NotReachable(context);
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return absl::StrFormat("服务 %s 在 %g 秒内没有答复。可用 --timeout 秒数 延长，或缩小 --top",
                             context.server, context.timeout_s);
    case grpc::StatusCode::INVALID_ARGUMENT:
      return "服务不接受这个请求，请按下面的说明改正";
    case grpc::StatusCode::NOT_FOUND:
      return "目录里没有这条记录，请核对编号（可用 dongxi search 查找）";
    case grpc::StatusCode::ALREADY_EXISTS:
      return "已经有了，没有再写一遍";
    case grpc::StatusCode::FAILED_PRECONDITION:
      if (!details.reason.empty()) return "现在不能这样做，原因见下";
      return "服务现在还不能回答。若还没有索引，请运行 dongxi admin build（或 dongxi-indexer "
             "build），服务一秒内换上，不用重启";
    case grpc::StatusCode::UNAUTHENTICATED:
      return context.has_token ? "令牌不对或已失效，请核对 --token-file 指定的文件"
                               : "服务要求令牌，请用 --token-file 文件 提供";
    case grpc::StatusCode::PERMISSION_DENIED:
      return "这个令牌没有权限，请联系服务的管理员";
    case grpc::StatusCode::ABORTED:
      return "数据刚换了版本，请重新运行一次";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      if (!details.given && status.error_message().find(kTooLarge) != std::string::npos) {
        return "请求或答复超过一次能传的大小。统计请缩短 --period，或用 --region 只看一个省区；"
               "其他命令请缩小 --top，或分几次做";
      }
      return "请求或答复太大，或服务过忙。请缩小 --top，或稍后再试";
    case grpc::StatusCode::UNIMPLEMENTED:
      return "服务没有这项功能，请核对 --server 指向的是否为同一版本的 dongxi-server";
    case grpc::StatusCode::DATA_LOSS:
      return "服务的数据损坏，请让管理员运行 dongxi-indexer verify";
    default:
      return absl::StrCat("服务出错（代码 ", static_cast<int>(status.error_code()), "），请查看服务日志");
  }
}

// Where the operator finds what the server does not tell callers.
std::string InTheLog(const grpc::Status& status, const Details& details) {
  switch (status.error_code()) {
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
    case grpc::StatusCode::DATA_LOSS:
      break;
    default:
      if (details.reason != kStorageFull) return "";
  }
  if (details.request_id.empty()) return "";
  return absl::StrCat("\n  请求号：", details.request_id, "，管理员按它在服务日志里找原因");
}

}  // namespace

std::string ReasonOf(const grpc::Status& status) { return ReadDetails(status).reason; }

absl::Status FromGrpc(const grpc::Status& status, const CallContext& context) {
  if (status.ok()) return absl::OkStatus();
  const Details details = ReadDetails(status);
  std::string text = Headline(status, details, context);
  if (!status.error_message().empty()) absl::StrAppend(&text, "\n  ", Printable(status.error_message()));
  text += details.fields;
  if (!details.reason.empty()) absl::StrAppend(&text, "\n  原因代码：", details.reason);
  text += InTheLog(status, details);
  // Canonical codes have the same numbers on both sides.
  absl::Status error(static_cast<absl::StatusCode>(status.error_code()), text);
  if (details.retry > absl::ZeroDuration())
    error.SetPayload(kRetryPayload, absl::Cord(absl::StrCat(absl::ToInt64Microseconds(details.retry))));
  return error;
}

absl::Duration RetryDelayOf(const absl::Status& error) {
  const auto payload = error.GetPayload(kRetryPayload);
  int64_t microseconds = 0;
  if (!payload || !absl::SimpleAtoi(std::string(*payload), &microseconds)) return absl::ZeroDuration();
  return absl::Microseconds(microseconds);
}

bool ConcernsEveryCall(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnknown:
      return false;
    case absl::StatusCode::kResourceExhausted:
      return RetryDelayOf(status) > absl::ZeroDuration();
    default:
      return !status.ok();
  }
}

}  // namespace dongxi::cli
