#include "cli/error_text.h"

#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/table.h"
#include "google/rpc/error_details.pb.h"

namespace dongxi::cli {
namespace {

// Reason of the server for a full disk (server/own_fault.h).
constexpr char kStorageFull[] = "STORAGE_FULL";
// In gRPC's own words, of a message above the limit of either side (kAnswerBytesMax in client.cc).
constexpr std::string_view kTooLarge = "message larger than max";
constexpr char kNoGeneration[] = "NO_GENERATION";  // server/serving_state.cc: there is no index yet

struct Details {
  bool given = false;  // the server itself spoke, not the network
  std::string fields;  // a line each
  std::string reason;
  std::string request_id;
};

Details ReadDetails(const grpc::Status& status) {
  Details details;
  google::rpc::Status rich;
  if (status.error_details().empty() || !rich.ParseFromString(status.error_details())) return details;
  for (const google::protobuf::Any& any : rich.details()) {
    google::rpc::BadRequest bad;
    google::rpc::ErrorInfo info;
    google::rpc::RequestInfo request;
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
    }
    details.given = true;
  }
  return details;
}

std::string NotReachable(const CallContext& context) {
  std::string text =
      absl::StrCat("连不上服务 ", context.server,
                   "。请先运行 ./run serve 启动服务，或用 --server 主机:端口 指定已在运行的服务");
  if (context.tls) {
    text += "。非本机地址使用 TLS：私有证书用 --ca-file 指定根证书；只在可信网络里才用 --insecure-plaintext";
  }
  return text;
}

// Errors whose reason says more than their code.
struct OfReason {
  std::string_view reason, headline;
};
constexpr OfReason kOfReasons[] = {
    {"SIGNATURE_MISSING", "台账不接受这一步，没有登记：请按下面的说明核对"},
    {"SIGNED_BEFORE_MET", "台账不接受这一步，没有登记：请按下面的说明核对"},
    {"REFUSAL_NOT_CLEARED", "这一对已被拒绝，没有登记：先用 dongxi engage clear 解除拒绝"},
    {"NOT_REFUSED", "这一对没有被拒绝，不必解除"},
    {"ALREADY_CORRECTED",
     "这一条已被更正过：请更正最新的那一条，用 dongxi engage list --whole-ledger 查编号"},
    {"ENGAGEMENT_EXISTS",
     "已经登记过这一步，内容不同，没有再登记：若是更正，用 dongxi engage import 的“编号”和“更正理由”"},
    {"REGISTRATION_NUMBER_TAKEN", "这个登记编号已经登记过，没有再登记：请核对登记编号"},
    {"RECORD_EXISTS", "目录里已经有这个编号，没有再写一遍"},
    {"RECORD_NOT_DELETED", "这条记录没有被删除，不必恢复"},
    {"ENGAGEMENT_NOT_FOUND", "台账里没有这个编号，请用 dongxi engage list 核对"},
    {"MATCH_NOT_FOUND", "没有这次匹配，请核对匹配编号；系统之外促成的不写"},
    {"WATCH_NOT_FOUND", "没有这个订阅，请用 dongxi watch list 核对"},
    {"PLAN_NOT_FOUND", "服务里没有这份计划，请核对名称"},
    {"LEDGER_TOO_LARGE", "期末之前的台账超过服务一次能统计的条数：请让 --period 止于更早的一年"},
    {"REPORT_NOT_FOUND",
     "服务里没有这份报告，或者它已过期、不属于这个令牌的租户。用 dongxi reports list 查看"},
};

// What happened and what to do, for codes where the answer is always the same. The server's own words follow.
std::string Headline(const grpc::Status& status, const Details& details, const CallContext& context) {
  for (const OfReason& of : kOfReasons) {
    if (details.reason == of.reason) return std::string(of.headline);
  }
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
      if (!details.reason.empty() && details.reason != kNoGeneration) return "现在不能这样做，原因见下";
      return "服务现在还不能回答。若还没有索引，请先运行 dongxi-indexer build 再重新启动服务";
    case grpc::StatusCode::UNAUTHENTICATED:
      return context.has_token ? "令牌不对或已失效，请核对 --token-file 指定的文件"
                               : "服务要求令牌，请用 --token-file 文件 提供";
    case grpc::StatusCode::PERMISSION_DENIED:
      return "这个令牌没有权限，请联系服务的管理员";
    case grpc::StatusCode::ABORTED:
      return "数据刚换了版本，请重新运行一次";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      if (details.reason == kStorageFull) return "服务的磁盘或内存不够用，请让管理员腾出空间后再试";
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
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), text);
}

bool ConcernsEveryCall(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kOutOfRange:
    case absl::StatusCode::kInternal:
    case absl::StatusCode::kDataLoss:
    case absl::StatusCode::kUnknown:
    case absl::StatusCode::kResourceExhausted:
      return false;
    default:
      return !status.ok();
  }
}

}  // namespace dongxi::cli
