#include "cli/operation_wait.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "cli/reason_words.h"
#include "cli/table.h"
#include "dongxi/v1/operations.pb.h"
#include "grpcpp/channel.h"

namespace dongxi::cli {
namespace {

namespace lro = google::longrunning;

constexpr int kBarColumns = 24;
constexpr absl::Duration kOutageMax = absl::Minutes(10);  // more than a server takes to stop and to start
constexpr absl::Duration kPause = absl::Milliseconds(500), kPauseMax = absl::Seconds(5);

std::string Translated(const std::map<std::string, std::string>& words, const std::string& word) {
  const auto found = words.find(word);
  return found == words.end() ? Printable(word) : found->second;
}

// Draws over its own line on a terminal; elsewhere prints a line whenever the stage changes.
class OperationBar {
 public:
  explicit OperationBar(const Io& io) : io_(io) {}
  ~OperationBar() { Clear(); }
  OperationBar(const OperationBar&) = delete;
  OperationBar& operator=(const OperationBar&) = delete;

  void Show(const v1::OperationMetadata& metadata) {
    const bool waits = metadata.state() == v1::OperationMetadata::QUEUED;
    const std::string stage = waits ? "排队等候" : StageText(metadata.stage());
    const int percent = static_cast<int>(metadata.progress() * 100);
    if (io_.err_is_terminal) {
      const int filled = percent * kBarColumns / 100;
      const std::string line =
          absl::StrFormat("%s [%s%s] %d%%  %s", KindText(metadata.kind()), std::string(filled, '#'),
                          std::string(kBarColumns - filled, '-'), percent, stage);
      io_.err << "\r\x1b[K" << line << std::flush;
      drawn_ = true;
    } else if (stage != stage_) {
      io_.err << KindText(metadata.kind()) << " " << percent << "% " << stage << "\n" << std::flush;
    }
    stage_ = stage;
  }
  void Clear() {
    if (drawn_) io_.err << "\r\x1b[K" << std::flush;
    drawn_ = false;
  }

 private:
  const Io& io_;
  std::string stage_;
  bool drawn_ = false;
};

// How long the server has not answered.
class Outage {
 public:
  explicit Outage(const Io& io) : io_(io) {}

  // Waits after a failed call; false if that is not worth it, or has lasted too long.
  bool WaitsAfter(const absl::Status& error) {
    const absl::Duration asked = RetryDelayOf(error);
    const bool passes =
        absl::IsUnavailable(error) || absl::IsCancelled(error) || asked > absl::ZeroDuration();
    if (!passes || waited_ > kOutageMax) return false;
    if (waited_ == absl::ZeroDuration())
      io_.err << "服务暂时没有答复，作业在服务里继续；至多再等 " << absl::ToInt64Minutes(kOutageMax)
              << " 分钟\n"
              << std::flush;
    const absl::Duration pause = std::clamp(std::max(asked, waited_ / 4), kPause, kPauseMax);
    absl::SleepFor(pause);
    waited_ += pause;
    return true;
  }
  void End() { waited_ = absl::ZeroDuration(); }

 private:
  const Io& io_;
  absl::Duration waited_;  // since the last answer
};

}  // namespace

std::string StageText(const std::string& stage) {
  static const auto& words = *new std::map<std::string, std::string>{{"", "开始"},
                                                                     {"read", "读取记录"},
                                                                     {"terms", "提取词项"},
                                                                     {"train", "训练模型"},
                                                                     {"embed", "生成向量"},
                                                                     {"graph", "写入索引"},
                                                                     {"verify", "检查文件"},
                                                                     {"publish", "发布版本"},
                                                                     {"copy", "复制文件"},
                                                                     {"checkpoint", "固定目录"},
                                                                     {"catalogue", "检查目录"},
                                                                     {"generations", "检查版本"},
                                                                     {"files", "检查其他文件"},
                                                                     {"plan", "规划会谈"},
                                                                     {"match", "匹配需求"},
                                                                     {"write", "写出文件"},
                                                                     {"choose", "选配对"},
                                                                     {"place", "排时段"},
                                                                     {"improve", "改进"},
                                                                     {"prove", "求界"},
                                                                     {"explain", "找原因"},
                                                                     {"check", "复核"}};
  return Translated(words, stage);
}

std::string KindText(const std::string& kind) {
  static const auto& words = *new std::map<std::string, std::string>{
      {"build", "建立索引"},         {"backup", "备份"},
      {"verify", "全面检查"},        {"verify-generation", "检查版本"},
      {"verify-backup", "检查备份"}, {"report", "生成报告"},
      {"plan", "规划会谈"}};
  return Translated(words, kind);
}

std::string ReasonOfFailure(const google::rpc::Status& error) {
  return ReasonOf(
      grpc::Status(static_cast<grpc::StatusCode>(error.code()), error.message(), error.SerializeAsString()));
}

std::string FailureText(const google::rpc::Status& error) {
  const std::string reason = ReasonOfFailure(error);
  const std::string headline = HeadlineOfReason(reason);
  std::string text = headline.empty() ? "" : absl::StrCat(headline, "\n  ");
  text += Printable(error.message());
  if (!reason.empty()) absl::StrAppend(&text, "\n  原因代码：", reason);
  return text;
}

absl::StatusOr<lro::Operation> WaitForOperation(const Client& client, lro::Operation operation,
                                                const Io& io) {
  const auto stub = lro::Operations::NewStub(client.channel());
  OperationBar bar(io);
  Outage outage(io);
  while (!operation.done()) {
    v1::OperationMetadata metadata;
    if (operation.metadata().UnpackTo(&metadata)) bar.Show(metadata);
    lro::WaitOperationRequest request;
    request.set_name(operation.name());
    request.mutable_timeout()->set_seconds(1);
    grpc::ClientContext context;
    client.Prepare(&context);
    lro::Operation answer;
    const grpc::Status status = stub->WaitOperation(&context, request, &answer);
    if (status.ok()) {
      operation = std::move(answer);
      outage.End();
      continue;
    }
    bar.Clear();
    const absl::Status error = FromGrpc(status, client.context());
    if (!outage.WaitsAfter(error)) return error;
  }
  bar.Clear();
  if (!operation.has_error()) return operation;
  const auto code = static_cast<absl::StatusCode>(operation.error().code());
  if (code == absl::StatusCode::kCancelled) return absl::CancelledError("已取消，什么也没有改变");
  return absl::Status(code, "服务没有做完：" + FailureText(operation.error()));
}

}  // namespace dongxi::cli
