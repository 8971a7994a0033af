// A connection to one server: credentials, deadline, errors in Chinese.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "cli/error_text.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/health.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/search.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"

namespace dongxi::cli {

inline constexpr char kDefaultServer[] = "127.0.0.1:7878";
inline constexpr double kDefaultTimeoutSeconds = 30;
inline constexpr double kTimeoutSecondsMax = 86'400;

struct ConnectionOptions {
  std::string server = kDefaultServer;  // "host:port"
  std::string token_file;               // its text is sent as `authorization: Bearer …`; empty: no token
  double timeout_s = kDefaultTimeoutSeconds;  // of each call
  std::string ca_file;                        // PEM roots: TLS, on loopback too; empty: the system's
  // No TLS although the server is not on loopback: the user's consent, as the server wants its operator's. A
  // token then travels in plaintext.
  bool plaintext = false;
};

// InvalidArgument if an option is out of range. Opens no file.
absl::Status CheckConnection(const ConnectionOptions& options);

// Any thread. Each call waits at most `timeout_s`; a server that cannot be reached fails at once. Errors are
// those of FromGrpc. Answers may have up to 256 MiB.
class Client {
 public:
  // Reads the token and the certificates; does not connect. Errors: those of CheckConnection, and of the
  // files.
  static absl::StatusOr<std::unique_ptr<Client>> Open(const ConnectionOptions& options);

  // With as many entries as there are up to the page size, in several calls where one page would be too long;
  // each waits at most `timeout_s`. The first call's answer has all else. The same of ReverseMatch.
  absl::StatusOr<v1::MatchResponse> Match(const v1::MatchRequest& request) const;
  absl::StatusOr<v1::ReverseMatchResponse> ReverseMatch(const v1::ReverseMatchRequest& request) const;
  absl::StatusOr<v1::SearchResponse> Search(const v1::SearchRequest& request) const;
  absl::StatusOr<v1::ExplainMatchResponse> ExplainMatch(const v1::ExplainMatchRequest& request) const;
  absl::StatusOr<v1::SimilarNeedsResponse> SimilarNeeds(const v1::SimilarNeedsRequest& request) const;
  absl::StatusOr<v1::SimilarResultsResponse> SimilarResults(const v1::SimilarResultsRequest& request) const;
  absl::StatusOr<v1::Need> GetNeed(const v1::GetNeedRequest& request) const;
  absl::StatusOr<v1::ListNeedsResponse> ListNeeds(const v1::ListNeedsRequest& request) const;
  absl::StatusOr<v1::Institution> GetInstitution(const v1::GetInstitutionRequest& request) const;
  absl::StatusOr<v1::ListResultsResponse> ListResults(const v1::ListResultsRequest& request) const;
  absl::StatusOr<v1::ServerStatus> GetServerStatus() const;

  // For services without a method here: a stub on channel(), calls prepared with token and deadline, errors
  // by FromGrpc with context().
  const std::shared_ptr<grpc::Channel>& channel() const { return channel_; }
  void Prepare(grpc::ClientContext* context) const;
  const CallContext& context() const { return context_; }

  absl::StatusOr<v1::RecordEngagementResponse> RecordEngagement(
      const v1::RecordEngagementRequest& request) const;
  absl::StatusOr<v1::RecordEngagementResponse> ClearRefusal(const v1::ClearRefusalRequest& request) const;
  // With all pages of the history, each of which waits at most `timeout_s`.
  absl::StatusOr<v1::Pair> GetPair(v1::GetPairRequest request) const;
  // Every part as it comes; the whole waits at most `timeout_s`.
  absl::Status ExportEngagements(
      const v1::EngagementFilter& filter,
      const std::function<void(const v1::ExportEngagementsResponse&)>& visit) const;

  absl::StatusOr<v1::Watch> CreateWatch(const v1::CreateWatchRequest& request) const;
  absl::StatusOr<v1::ListWatchesResponse> ListWatches(const v1::ListWatchesRequest& request) const;
  absl::StatusOr<v1::PollWatchResponse> PollWatch(const v1::PollWatchRequest& request) const;
  // Without end: returns when the server or the network ends it.
  absl::Status StreamWatch(const v1::StreamWatchRequest& request,
                           const std::function<void(const v1::PollWatchResponse&)>& visit) const;

 private:
  Client(const ConnectionOptions& options, std::string token, std::shared_ptr<grpc::Channel> channel,
         bool tls);

  template <typename Response, typename Stub, typename Request>
  absl::StatusOr<Response> Call(grpc::Status (Stub::*method)(grpc::ClientContext*, const Request&, Response*),
                                const std::unique_ptr<Stub>& stub, const Request& request) const;

  const std::string token_;
  const CallContext context_;
  const std::shared_ptr<grpc::Channel> channel_;
  const std::unique_ptr<v1::MatchService::Stub> match_;
  const std::unique_ptr<v1::SearchService::Stub> search_;
  const std::unique_ptr<v1::CatalogueService::Stub> catalogue_;
  const std::unique_ptr<v1::EngagementService::Stub> engagements_;
  const std::unique_ptr<v1::WatchService::Stub> watches_;
  const std::unique_ptr<v1::HealthService::Stub> health_;
};

}  // namespace dongxi::cli
