// Import through a running server; the only file of the program that includes gRPC headers.
#include <grpcpp/grpcpp.h>

#include <utility>

#include "dongxi/v1/catalogue.grpc.pb.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/record/field_schema.h"
#include "indexer/command/import_target.h"
#include "store/record_codec.h"

namespace dongxi {
namespace {

constexpr size_t kRecordsPerMessage = 1000;  // catalogue.proto: ImportRecordsRequest.records
constexpr size_t kBytesPerMessage = (size_t{4} << 20) - (size_t{64} << 10);  // 4 MiB, less room for framing
constexpr size_t kTokenBytesMax = size_t{16} << 10;
constexpr size_t kCertificatesBytesMax = size_t{1} << 20;

absl::Status FromGrpc(const grpc::Status& status, const std::string& address) {
  std::string message = "服务器 " + address + "：" + status.error_message();
  if (status.error_code() == grpc::StatusCode::UNAVAILABLE) message += "；请确认服务器在运行，地址和端口正确";
  if (status.error_code() == grpc::StatusCode::UNAUTHENTICATED)
    message += "；请用 --token-file 给出有效的令牌";
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()), message);
}

bool IsLoopback(const std::string& address) {
  for (const char* prefix : {"127.", "localhost:", "[::1]:", "unix:"}) {
    if (address.rfind(prefix, 0) == 0) return true;
  }
  return false;
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsFor(const ServerConnection& connection) {
  if (IsLoopback(connection.address) && connection.ca_file.empty()) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions options;
  if (!connection.ca_file.empty()) {
    DX_ASSIGN_OR_RETURN(options.pem_root_certs, ReadFile(connection.ca_file, kCertificatesBytesMax));
  }
  return grpc::SslCredentials(options);
}

absl::StatusOr<std::string> ReadToken(const std::string& file) {
  if (file.empty()) return std::string();
  DX_ASSIGN_OR_RETURN(std::string token, ReadFile(file, kTokenBytesMax));
  const auto is_space = [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; };
  while (!token.empty() && is_space(token.back())) token.pop_back();
  if (token.empty()) return absl::InvalidArgumentError(file + "：令牌文件是空的；应为一行令牌");
  return token;
}

// The first Chinese header of a field, as people know it; the name itself if there is none.
std::string HeaderOf(RecordKind kind, const std::string& field) {
  const FieldSpec* spec = FindField(kind, field);
  return std::string(spec == nullptr || spec->headers.empty() ? field : spec->headers.front());
}

RecordOutcome OutcomeOf(const pb::ImportOutcome& message, RecordKind kind) {
  RecordOutcome outcome;
  switch (message.state()) {
    case pb::ImportOutcome::CREATED:
      outcome.state = UpsertState::kCreated;
      break;
    case pb::ImportOutcome::UPDATED:
      outcome.state = UpsertState::kUpdated;
      break;
    case pb::ImportOutcome::UNCHANGED:
      outcome.state = UpsertState::kUnchanged;
      break;
    default:
      outcome.refused = true;
  }
  for (const pb::FieldProblem& problem : message.problems()) {
    outcome.problems.push_back(
        {HeaderOf(kind, problem.field()), {problem.found(), problem.expected(), problem.remedy()}});
  }
  if (outcome.refused && outcome.problems.empty()) {
    outcome.problems.push_back({"", {"服务器没有接受这一行，也没有说明原因", "", "查看服务器日志"}});
  }
  return outcome;
}

class ServerTarget : public ImportTarget {
 public:
  ServerTarget(std::string address, const std::shared_ptr<grpc::Channel>& channel, const std::string& token,
               bool validate_only)
      : address_(std::move(address)),
        validate_only_(validate_only),
        stub_(pb::CatalogueService::NewStub(channel)) {
    if (!token.empty()) context_.AddMetadata("authorization", "Bearer " + token);
    stream_ = stub_->ImportRecords(&context_);
  }
  ~ServerTarget() override {
    if (finished_) return;
    context_.TryCancel();
    (void)stream_->Finish();
  }

  absl::StatusOr<std::vector<RecordOutcome>> Write(const std::vector<Record>& records) override {
    std::vector<RecordOutcome> outcomes;
    for (size_t begin = 0; begin < records.size();) {
      pb::ImportRecordsRequest request;
      request.set_validate_only(validate_only_);
      size_t end = begin;
      for (size_t bytes = 0; end < records.size() && end - begin < kRecordsPerMessage; ++end) {
        pb::Record message;
        ToProto(records[end], &message);
        bytes += message.ByteSizeLong() + 8;
        if (bytes > kBytesPerMessage && end > begin) break;
        request.add_records()->Swap(&message);
      }
      DX_RETURN_IF_ERROR(Exchange(request, records, begin, outcomes));
      begin = end;
    }
    return outcomes;
  }

  absl::StatusOr<std::vector<RecordOutcome>> WriteAllOrNothing(std::vector<Record>) override {
    return absl::UnimplementedError("--all-or-nothing 不能与 --server 一起用：服务器按批写入");
  }

  absl::Status Finish() override {
    if (finished_) return absl::OkStatus();
    finished_ = true;
    stream_->WritesDone();
    const grpc::Status status = stream_->Finish();
    return status.ok() ? absl::OkStatus() : FromGrpc(status, address_);
  }

 private:
  absl::Status Exchange(const pb::ImportRecordsRequest& request, const std::vector<Record>& records,
                        size_t begin, std::vector<RecordOutcome>& outcomes) {
    pb::ImportRecordsResponse response;
    if (!stream_->Write(request) || !stream_->Read(&response)) {
      const absl::Status status = Finish();
      return status.ok() ? absl::UnavailableError("服务器 " + address_ + "：提前结束了导入；请稍后重试")
                         : status;
    }
    if (response.outcomes_size() != request.records_size()) {
      return absl::InternalError("服务器 " + address_ + "：" + std::to_string(request.records_size()) +
                                 " 条记录得到 " + std::to_string(response.outcomes_size()) +
                                 " 个结果；请使用同一版本的程序");
    }
    for (int i = 0; i < response.outcomes_size(); ++i) {
      outcomes.push_back(OutcomeOf(response.outcomes(i), records[begin + static_cast<size_t>(i)].kind));
    }
    return absl::OkStatus();
  }

  const std::string address_;
  const bool validate_only_;
  const std::unique_ptr<pb::CatalogueService::Stub> stub_;
  grpc::ClientContext context_;
  std::unique_ptr<grpc::ClientReaderWriter<pb::ImportRecordsRequest, pb::ImportRecordsResponse>> stream_;
  bool finished_ = false;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ImportTarget>> OpenServerTarget(const ServerConnection& connection,
                                                               bool validate_only) {
  DX_ASSIGN_OR_RETURN(const std::string token, ReadToken(connection.token_file));
  DX_ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ChannelCredentials> credentials,
                      CredentialsFor(connection));
  const std::shared_ptr<grpc::Channel> channel = grpc::CreateChannel(connection.address, credentials);
  return std::unique_ptr<ImportTarget>(
      std::make_unique<ServerTarget>(connection.address, channel, token, validate_only));
}

}  // namespace dongxi
