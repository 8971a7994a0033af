#include "cli/operation_wait.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "cli/table.h"
#include "dongxi/v1/operations.pb.h"
#include "grpcpp/channel.h"

namespace dongxi::cli {
namespace {

namespace lro = google::longrunning;

constexpr int kBarColumns = 24;

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

absl::StatusOr<lro::Operation> WaitForOperation(const Client& client, lro::Operation operation,
                                                const Io& io) {
  const auto stub = lro::Operations::NewStub(client.channel());
  OperationBar bar(io);
  while (!operation.done()) {
    v1::OperationMetadata metadata;
    if (operation.metadata().UnpackTo(&metadata)) bar.Show(metadata);
    lro::WaitOperationRequest request;
    request.set_name(operation.name());
    request.mutable_timeout()->set_seconds(1);
    grpc::ClientContext context;
    client.Prepare(&context);
    const grpc::Status status = stub->WaitOperation(&context, request, &operation);
    if (!status.ok()) return FromGrpc(status, client.context());
  }
  bar.Clear();
  if (!operation.has_error()) return operation;
  const grpc::Status failed(static_cast<grpc::StatusCode>(operation.error().code()),
                            operation.error().message());
  if (failed.error_code() == grpc::StatusCode::CANCELLED)
    return absl::CancelledError("已取消，什么也没有改变");
  return absl::Status(static_cast<absl::StatusCode>(failed.error_code()),
                      "服务没有做完：" + Printable(failed.error_message()));
}

}  // namespace dongxi::cli
