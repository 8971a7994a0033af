// One HTTP request and its answer without any HTTP library: what the door does between reading and writing
// bytes. Any thread.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "grpcpp/channel.h"
#include "server/http/doorkeeper.h"
#include "server/http/relay.h"
#include "server/http/routes.h"
#include "server/http/transcode.h"

namespace dongxi {

struct WebRequest {
  std::string verb;
  std::string path;  // decoded, without the query
  QueryFields query;
  std::map<std::string, std::string> headers;  // names in lower case; of one given twice the first
  std::string body;
  bool body_unread = false;  // there is one, in parts (multipart/form-data), which no method takes
  bool turned_away = false;  // the body was not kept: WebCalls::Admits said no
  std::string peer;          // who asks, for the audit log: "http:127.0.0.1:50000"
};

// Where the lines of a stream go.
struct LineSink {
  std::function<bool(const std::string& line)> write;  // false: the reader went away
  std::function<bool()> reader_is_there;               // asked while there is nothing to write
};

struct WebAnswer {
  int code = 200;
  std::string content_type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  // Set for a stream instead of `body`: writes all lines and returns. Call once, or never.
  std::function<void(const LineSink&)> lines;
};

class WebCalls {
 public:
  // `channel` leads to the server that answers. `secret` makes it believe the peer of a request.
  WebCalls(std::shared_ptr<grpc::Channel> channel, RouteTable routes, std::string secret, Doorkeeper keeper);

  // Whether the body of `request`, which is not there yet, is to be read; true where no RPC is asked for.
  bool Admits(const WebRequest& request) const;
  WebAnswer Answer(const WebRequest& request) const;

  // No RPC begins from now on: who asks for one is told UNAVAILABLE. Those that have begun go on.
  void Close() { channel_.Close(); }

 private:
  WebAnswer Transcoded(const WebRequest& request, const std::string& request_id) const;
  WebAnswer Embeddings(const WebRequest& request, const std::string& request_id) const;
  WebAnswer Models(const WebRequest& request, const std::string& request_id) const;
  // The messages of a request; one empty one for who was turned away: the gate says why.
  absl::StatusOr<std::vector<std::unique_ptr<google::protobuf::Message>>> MessagesOf(
      const RouteMatch& match, const WebRequest& request) const;
  // The answer to a request that the door refuses by itself.
  WebAnswer Refusal(const google::protobuf::MethodDescriptor& method, const std::string& request_id,
                    const absl::Status& status, int code = 0) const;
  // What the RPC of a request is called with. InvalidArgument names the header.
  absl::StatusOr<RelayOptions> OptionsOf(const WebRequest& request, const std::string& request_id,
                                         bool stream) const;

  RelayChannel channel_;
  const RouteTable routes_;
  const std::string secret_;
  const Doorkeeper keeper_;
};

// The answer to a request that never reaches a service. `code` 0: the one that belongs to the status.
WebAnswer ErrorAnswer(const absl::Status& status, int code = 0);

}  // namespace dongxi
