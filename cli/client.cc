#include "cli/client.h"

#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>

#include <chrono>
#include <cmath>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "cli/arguments.h"
#include "engine/base/files.h"

namespace dongxi::cli {
namespace {

constexpr size_t kTokenBytesMax = 16 << 10;
constexpr size_t kCertificateBytesMax = 4 << 20;
constexpr int kAnswerBytesMax = 256 << 20;
constexpr int kReconnectMsMax = 5'000;  // between attempts, which gRPC makes rarer up to two minutes

absl::StatusOr<std::string> ReadOption(const char* option, const std::string& file, size_t bytes_max) {
  absl::StatusOr<std::string> bytes = ReadFile(file, bytes_max);
  if (bytes.ok()) return bytes;
  return absl::Status(bytes.status().code(),
                      absl::StrCat("读不了 ", option, " 指定的文件：", bytes.status().message()));
}

// The token without the white space around it. A header value holds visible ASCII only.
absl::StatusOr<std::string> ReadToken(const std::string& file) {
  absl::StatusOr<std::string> text = ReadOption("--token-file", file, kTokenBytesMax);
  if (!text.ok()) return text.status();
  const size_t first = text->find_first_not_of(" \t\r\n");
  if (first == std::string::npos)
    return absl::InvalidArgumentError("--token-file 指定的文件 " + file + " 是空的");
  const std::string token = text->substr(first, text->find_last_not_of(" \t\r\n") - first + 1);
  for (const char c : token) {
    if (c > ' ' && c < 0x7F) continue;
    return absl::InvalidArgumentError("--token-file 指定的文件 " + file +
                                      " 里应当只有一行令牌（可见的 ASCII 字符）");
  }
  return token;
}

// On loopback too if a root is named: a server with TLS speaks nothing else.
bool NeedsTls(const ConnectionOptions& options) {
  return !options.plaintext && (!IsLoopback(options.server) || !options.ca_file.empty());
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> Credentials(const ConnectionOptions& options) {
  if (!NeedsTls(options)) return grpc::InsecureChannelCredentials();
  grpc::SslCredentialsOptions ssl;
  if (!options.ca_file.empty()) {
    absl::StatusOr<std::string> pem = ReadOption("--ca-file", options.ca_file, kCertificateBytesMax);
    if (!pem.ok()) return pem.status();
    ssl.pem_root_certs = *std::move(pem);
  }
  return grpc::SslCredentials(ssl);
}

}  // namespace

absl::Status CheckConnection(const ConnectionOptions& options) {
  if (absl::Status status = CheckServerAddress(options.server); !status.ok()) return status;
  if (!(options.timeout_s > 0) || options.timeout_s > kTimeoutSecondsMax) {
    return absl::InvalidArgumentError(absl::StrFormat("--timeout 的值“%g”不对：应为大于 0、不超过 %g 的秒数",
                                                      options.timeout_s, kTimeoutSecondsMax));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::unique_ptr<Client>> Client::Open(const ConnectionOptions& options) {
  if (absl::Status status = CheckConnection(options); !status.ok()) return status;
  std::string token;
  if (!options.token_file.empty()) {
    absl::StatusOr<std::string> read = ReadToken(options.token_file);
    if (!read.ok()) return read.status();
    token = *std::move(read);
  }
  absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> credentials = Credentials(options);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(kAnswerBytesMax);
  // A web proxy of the environment is not meant for this server, least of all for one on loopback.
  arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
  arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, kReconnectMsMax);
  // "dns:///" keeps a host from being read as a URI scheme.
  auto channel = grpc::CreateCustomChannel("dns:///" + options.server, *credentials, arguments);
  return std::unique_ptr<Client>(
      new Client(options, std::move(token), std::move(channel), NeedsTls(options)));
}

Client::Client(const ConnectionOptions& options, std::string token, std::shared_ptr<grpc::Channel> channel,
               bool tls)
    : token_(std::move(token)),
      context_{options.server, options.timeout_s, tls, !token_.empty()},
      channel_(channel),
      match_(v1::MatchService::NewStub(channel)),
      search_(v1::SearchService::NewStub(channel)),
      catalogue_(v1::CatalogueService::NewStub(channel)),
      engagements_(v1::EngagementService::NewStub(channel)),
      watches_(v1::WatchService::NewStub(channel)),
      health_(v1::HealthService::NewStub(channel)) {}

void Client::Prepare(grpc::ClientContext* context) const {
  context->set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(static_cast<int64_t>(
                                                               std::ceil(context_.timeout_s * 1000))));
  if (!token_.empty()) context->AddMetadata("authorization", "Bearer " + token_);
}

template <typename Response, typename Stub, typename Request>
absl::StatusOr<Response> Client::Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&,
                                                                   Response*),
                                      const std::unique_ptr<Stub>& stub, const Request& request) const {
  grpc::ClientContext context;
  Prepare(&context);
  Response response;
  const grpc::Status status = ((*stub).*method)(&context, request, &response);
  if (!status.ok()) return FromGrpc(status, context_);
  return response;
}

namespace {

// Of an answer to a question for one list.
const v1::MatchList& OnlyList(const v1::MatchResponse& answer) {
  return answer.has_partners()  ? answer.partners()
         : answer.has_experts() ? answer.experts()
                                : answer.results();
}
const v1::MatchList& OnlyList(const v1::ReverseMatchResponse& answer) { return answer.needs(); }

// Reads on behind `list` until it has as many entries as `request` asks for: a page that would be too long
// ends before. With `same_size`, which broadening needs, there may be more than that then.
template <typename Request, typename Ask>
absl::Status ReadOn(Request request, bool same_size, const Ask& ask, v1::MatchList* list) {
  const int wanted = request.page_size();
  while (list->entries_size() < wanted && !list->next_page_token().empty()) {
    if (!same_size) request.set_page_size(wanted - list->entries_size());
    request.set_page_token(list->next_page_token());
    const auto page = ask(request);
    if (!page.ok()) return page.status();
    list->mutable_entries()->MergeFrom(OnlyList(*page).entries());
    list->set_next_page_token(OnlyList(*page).next_page_token());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::MatchResponse> Client::Match(const v1::MatchRequest& request) const {
  const auto ask = [this](const v1::MatchRequest& page) {
    return Call(&v1::MatchService::Stub::Match, match_, page);
  };
  absl::StatusOr<v1::MatchResponse> answer = ask(request);
  if (!answer.ok()) return answer;
  const std::pair<v1::RecordKind, v1::MatchList*> lists[] = {
      {v1::INSTITUTION, answer->has_partners() ? answer->mutable_partners() : nullptr},
      {v1::EXPERT, answer->has_experts() ? answer->mutable_experts() : nullptr},
      {v1::RESULT, answer->has_results() ? answer->mutable_results() : nullptr}};
  for (const auto& [kind, list] : lists) {
    if (list == nullptr) continue;
    v1::MatchRequest of_list = request;
    of_list.clear_kinds();
    of_list.add_kinds(kind);
    const absl::Status read = ReadOn(std::move(of_list), request.enable_broadening(), ask, list);
    if (!read.ok()) return read;
  }
  return answer;
}
absl::StatusOr<v1::ReverseMatchResponse> Client::ReverseMatch(const v1::ReverseMatchRequest& request) const {
  const auto ask = [this](const v1::ReverseMatchRequest& page) {
    return Call(&v1::MatchService::Stub::ReverseMatch, match_, page);
  };
  absl::StatusOr<v1::ReverseMatchResponse> answer = ask(request);
  if (!answer.ok()) return answer;
  const absl::Status read = ReadOn(request, /*same_size=*/false, ask, answer->mutable_needs());
  if (!read.ok()) return read;
  return answer;
}
absl::StatusOr<v1::SearchResponse> Client::Search(const v1::SearchRequest& request) const {
  return Call(&v1::SearchService::Stub::Search, search_, request);
}
absl::StatusOr<v1::ExplainMatchResponse> Client::ExplainMatch(const v1::ExplainMatchRequest& request) const {
  return Call(&v1::MatchService::Stub::ExplainMatch, match_, request);
}
absl::StatusOr<v1::SimilarNeedsResponse> Client::SimilarNeeds(const v1::SimilarNeedsRequest& request) const {
  return Call(&v1::SearchService::Stub::SimilarNeeds, search_, request);
}
absl::StatusOr<v1::SimilarResultsResponse> Client::SimilarResults(
    const v1::SimilarResultsRequest& request) const {
  return Call(&v1::SearchService::Stub::SimilarResults, search_, request);
}
absl::StatusOr<v1::Need> Client::GetNeed(const v1::GetNeedRequest& request) const {
  return Call(&v1::CatalogueService::Stub::GetNeed, catalogue_, request);
}
absl::StatusOr<v1::ListNeedsResponse> Client::ListNeeds(const v1::ListNeedsRequest& request) const {
  return Call(&v1::CatalogueService::Stub::ListNeeds, catalogue_, request);
}
absl::StatusOr<v1::Institution> Client::GetInstitution(const v1::GetInstitutionRequest& request) const {
  return Call(&v1::CatalogueService::Stub::GetInstitution, catalogue_, request);
}
absl::StatusOr<v1::ListResultsResponse> Client::ListResults(const v1::ListResultsRequest& request) const {
  return Call(&v1::CatalogueService::Stub::ListResults, catalogue_, request);
}
absl::StatusOr<v1::ServerStatus> Client::GetServerStatus() const {
  return Call(&v1::HealthService::Stub::GetServerStatus, health_, v1::GetServerStatusRequest());
}

absl::StatusOr<v1::RecordEngagementResponse> Client::RecordEngagement(
    const v1::RecordEngagementRequest& request) const {
  return Call(&v1::EngagementService::Stub::RecordEngagement, engagements_, request);
}
absl::StatusOr<v1::RecordEngagementResponse> Client::ClearRefusal(
    const v1::ClearRefusalRequest& request) const {
  return Call(&v1::EngagementService::Stub::ClearRefusal, engagements_, request);
}
absl::StatusOr<v1::Pair> Client::GetPair(v1::GetPairRequest request) const {
  absl::StatusOr<v1::Pair> pair = Call(&v1::EngagementService::Stub::GetPair, engagements_, request);
  while (pair.ok() && !pair->next_page_token().empty()) {
    request.set_page_token(pair->next_page_token());
    absl::StatusOr<v1::Pair> next = Call(&v1::EngagementService::Stub::GetPair, engagements_, request);
    if (!next.ok()) return next;
    pair->mutable_history()->MergeFrom(next->history());
    pair->set_next_page_token(next->next_page_token());
  }
  return pair;
}
absl::StatusOr<v1::Watch> Client::CreateWatch(const v1::CreateWatchRequest& request) const {
  return Call(&v1::WatchService::Stub::CreateWatch, watches_, request);
}
absl::StatusOr<v1::ListWatchesResponse> Client::ListWatches(const v1::ListWatchesRequest& request) const {
  return Call(&v1::WatchService::Stub::ListWatches, watches_, request);
}
absl::StatusOr<v1::PollWatchResponse> Client::PollWatch(const v1::PollWatchRequest& request) const {
  return Call(&v1::WatchService::Stub::PollWatch, watches_, request);
}

absl::Status Client::ExportEngagements(
    const v1::EngagementFilter& filter,
    const std::function<void(const v1::ExportEngagementsResponse&)>& visit) const {
  grpc::ClientContext context;
  Prepare(&context);
  v1::ExportEngagementsRequest request;
  *request.mutable_filter() = filter;
  const auto reader = engagements_->ExportEngagements(&context, request);
  v1::ExportEngagementsResponse response;
  while (reader->Read(&response)) visit(response);
  return FromGrpc(reader->Finish(), context_);
}

absl::Status Client::StreamWatch(const v1::StreamWatchRequest& request,
                                 const std::function<void(const v1::PollWatchResponse&)>& visit) const {
  grpc::ClientContext context;
  if (!token_.empty()) context.AddMetadata("authorization", "Bearer " + token_);
  const auto reader = watches_->StreamWatch(&context, request);
  v1::PollWatchResponse response;
  while (reader->Read(&response)) visit(response);
  return FromGrpc(reader->Finish(), context_);
}

}  // namespace dongxi::cli
