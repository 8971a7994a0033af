#include "server/http/web_call.h"

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "server/admission.h"
#include "server/call_gate.h"
#include "server/call_names.h"
#include "server/grpc_status.h"
#include "server/http/http_status.h"
#include "server/http/openai.h"

namespace dongxi {
namespace {

using google::protobuf::Message;
namespace pb = dongxi::v1;

constexpr absl::Duration kUnaryTimeout = absl::Seconds(60);
constexpr absl::Duration kTimeoutMax = absl::Hours(24);
constexpr char kAuthorization[] = "authorization";
constexpr char kRequestId[] = "x-request-id";
constexpr const char* kPassedOn[] = {kAuthorization, "traceparent", "tracestate"};
constexpr char kJson[] = "application/json";
constexpr char kJsonLines[] = "application/x-ndjson";

std::string HeaderOf(const WebRequest& request, const std::string& name) {
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? "" : found->second;
}

// "application/json" of "application/json; charset=utf-8".
std::string MediaTypeOf(const WebRequest& request) {
  std::string type = HeaderOf(request, "content-type");
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  for (char& c : type) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return type;
}

absl::StatusOr<absl::Duration> SecondsOf(const std::string& header, const std::string& text) {
  double seconds = 0;
  if (absl::SimpleAtod(text, &seconds) && seconds > 0 && seconds <= absl::ToDoubleSeconds(kTimeoutMax))
    return absl::Seconds(seconds);
  return FieldError(header, "found '" + text + "', expected seconds, more than 0 and at most a day");
}

// "500m": digits and one of H M S m u n, as gRPC sends it.
absl::StatusOr<absl::Duration> GrpcTimeoutOf(const std::string& text) {
  uint32_t count = 0;
  const std::string digits = text.substr(0, text.empty() ? 0 : text.size() - 1);
  if (digits.size() <= 8 && absl::SimpleAtoi(digits, &count) && count > 0) {
    switch (text.back()) {
      case 'H':
        return std::min(absl::Hours(count), kTimeoutMax);
      case 'M':
        return std::min(absl::Minutes(count), kTimeoutMax);
      case 'S':
        return std::min(absl::Seconds(count), kTimeoutMax);
      case 'm':
        return absl::Milliseconds(count);
      case 'u':
        return absl::Microseconds(count);
      case 'n':
        return absl::Nanoseconds(count);
      default:
        break;
    }
  }
  return FieldError("grpc-timeout", "found '" + text + "', expected such as 5S or 500m");
}

absl::StatusOr<absl::Duration> TimeoutOf(const WebRequest& request, bool stream) {
  if (const std::string text = HeaderOf(request, "x-request-timeout"); !text.empty())
    return SecondsOf("x-request-timeout", text);
  if (const std::string grpc = HeaderOf(request, "grpc-timeout"); !grpc.empty()) return GrpcTimeoutOf(grpc);
  return stream ? absl::InfiniteDuration() : kUnaryTimeout;
}

WebAnswer FailedAnswer(const grpc::Status& status) {
  const HttpError error = HttpErrorOf(status);
  WebAnswer answer;
  answer.code = error.code;
  answer.body = error.body;
  if (!error.retry_after.empty()) answer.headers.emplace_back("Retry-After", error.retry_after);
  if (error.code == 401) answer.headers.emplace_back("WWW-Authenticate", "Bearer");
  return answer;
}

WebAnswer OpenAiFailure(const grpc::Status& status) {
  WebAnswer answer = FailedAnswer(status);
  answer.body = OpenAiError(HttpErrorOf(status));
  return answer;
}

std::string LineOf(const Message& message) {
  const absl::StatusOr<std::string> json = JsonOf(message);
  return json.ok() ? R"({"result":)" + *json + "}\n" : HttpErrorOf(ToGrpc(json.status())).body + "\n";
}

// The messages of a body of a method that takes a stream: a line each.
absl::StatusOr<std::vector<std::unique_ptr<Message>>> MessagesOf(const google::protobuf::Descriptor& type,
                                                                 const std::string& body) {
  std::vector<std::unique_ptr<Message>> messages;
  for (size_t begin = 0, number = 1; begin < body.size(); ++number) {
    const size_t end = std::min(body.find('\n', begin), body.size());
    std::string line = body.substr(begin, end - begin);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    begin = end + 1;
    if (line.empty()) continue;
    absl::StatusOr<std::unique_ptr<Message>> message = MessageOf(type, line);
    if (!message.ok())
      return FieldError("line " + std::to_string(number), std::string(message.status().message()));
    messages.push_back(*std::move(message));
  }
  if (messages.empty())
    return absl::InvalidArgumentError("body: expected one JSON object a line, found none");
  return messages;
}

absl::StatusOr<std::vector<std::unique_ptr<Message>>> RequestsOf(const RouteMatch& match,
                                                                 const WebRequest& request) {
  if (match.route->method->client_streaming())
    return MessagesOf(*match.route->method->input_type(), request.body);
  DX_ASSIGN_OR_RETURN(std::unique_ptr<Message> message, RequestOf(match, request.query, request.body));
  std::vector<std::unique_ptr<Message>> messages;
  messages.push_back(std::move(message));
  return messages;
}

// A call whose answers are lines. `first` is the first of them, already there.
struct LineCall {
  std::unique_ptr<RelayedCall> call;
  std::vector<std::unique_ptr<Message>> requests;
  size_t sent = 0;
  std::unique_ptr<Message> first;

  // Sends the next request, if there is one: a method that takes a stream answers each in turn.
  void SendNext() {
    if (sent < requests.size() && !call->Write(*requests[sent])) sent = requests.size();
    if (sent < requests.size() && ++sent == requests.size()) call->WritesDone();
  }
  std::unique_ptr<Message> Next(const std::function<bool()>& wanted) {
    SendNext();
    return call->Read(wanted);
  }
  void WriteLines(const LineSink& sink) {
    for (std::unique_ptr<Message> answer = std::move(first); answer != nullptr;
         answer = Next(sink.reader_is_there)) {
      if (!sink.write(LineOf(*answer))) return call->Cancel();
    }
    const grpc::Status status = call->Finish();
    if (!status.ok() && sink.reader_is_there()) sink.write(HttpErrorOf(status).body + "\n");
  }
};

WebAnswer StreamAnswer(std::unique_ptr<RelayedCall> call, std::vector<std::unique_ptr<Message>> requests) {
  auto lines = std::make_shared<LineCall>();
  lines->call = std::move(call);
  lines->requests = std::move(requests);
  lines->first = lines->Next([] { return true; });
  WebAnswer answer;
  if (lines->first == nullptr) {
    // What fails before the first line has an honest code.
    const grpc::Status status = lines->call->Finish();
    if (!status.ok()) answer = FailedAnswer(status);
    answer.content_type = status.ok() ? kJsonLines : kJson;
    return answer;
  }
  answer.content_type = kJsonLines;
  answer.lines = [lines](const LineSink& sink) { lines->WriteLines(sink); };
  return answer;
}

// The caller's, or a new one.
std::string RequestIdOf(const WebRequest& request) {
  const std::string id = HeaderOf(request, kRequestId);
  return IsRequestId(id) ? id : NewRequestId();
}

// "MatchService.Match".
std::string NameOf(const google::protobuf::MethodDescriptor& method) {
  return method.service()->name() + "." + method.name();
}

// The one answer of a call, or why there is none.
grpc::Status Unary(RelayedCall* call, const Message& request, std::unique_ptr<Message>* answer) {
  if (call->Write(request)) call->WritesDone();
  *answer = call->Read();
  const grpc::Status status = call->Finish();
  if (status.ok() && *answer == nullptr)
    return {grpc::StatusCode::INTERNAL, "the call ended without an answer"};
  return status;
}

constexpr char kEmbed[] = "dongxi.v1.EmbeddingService.Embed";

bool IsEmbeddings(const WebRequest& request) {
  return request.path == "/v1/embeddings" && request.verb == "POST";
}

const google::protobuf::MethodDescriptor& MethodOf(const char* name) {
  return *google::protobuf::DescriptorPool::generated_pool()->FindMethodByName(name);
}

}  // namespace

WebAnswer ErrorAnswer(const absl::Status& status, int code) {
  const HttpError error = HttpErrorOf(ToGrpc(status), code);
  WebAnswer answer;
  answer.code = error.code;
  answer.body = error.body;
  return answer;
}

WebCalls::WebCalls(std::shared_ptr<grpc::Channel> channel, RouteTable routes, std::string secret,
                   Doorkeeper keeper)
    : channel_(std::move(channel)),
      routes_(std::move(routes)),
      secret_(std::move(secret)),
      keeper_(std::move(keeper)) {}

bool WebCalls::Admits(const WebRequest& request) const {
  if (!keeper_.admits) return true;
  const std::string authorization = HeaderOf(request, kAuthorization);
  if (IsEmbeddings(request)) return keeper_.admits(authorization, NameOf(MethodOf(kEmbed)));
  const absl::StatusOr<RouteMatch> match = routes_.Find(request.verb, request.path);
  return !match.ok() || keeper_.admits(authorization, NameOf(*match->route->method));
}

WebAnswer WebCalls::Refusal(const google::protobuf::MethodDescriptor& method, const std::string& request_id,
                            const absl::Status& status, int code) const {
  if (keeper_.refused) keeper_.refused(NameOf(method), request_id, status);
  return ErrorAnswer(status, code);
}

absl::StatusOr<RelayOptions> WebCalls::OptionsOf(const WebRequest& request, const std::string& request_id,
                                                 bool stream) const {
  RelayOptions options;
  options.metadata.emplace_back(kRequestId, request_id);
  if (request.turned_away) options.metadata.emplace_back(kTurnedAwayKey, "1");
  for (const char* name : kPassedOn) {
    const std::string value = HeaderOf(request, name);
    if (!IsMetadataValue(value)) return FieldError(name, "expected visible ASCII characters");
    if (!value.empty()) options.metadata.emplace_back(name, value);
  }
  const std::string peer = secret_ + " " + request.peer;
  if (!request.peer.empty() && IsMetadataValue(peer)) options.metadata.emplace_back(kPeerKey, peer);
  DX_ASSIGN_OR_RETURN(const absl::Duration timeout, TimeoutOf(request, stream));
  options.deadline = absl::Now() + timeout;
  return options;
}

WebAnswer WebCalls::Answer(const WebRequest& request) const {
  const std::string request_id = RequestIdOf(request);
  WebAnswer answer;
  if (IsEmbeddings(request)) {
    answer = Embeddings(request, request_id);
  } else if (request.path == "/v1/models" && request.verb == "GET") {
    answer = Models(request, request_id);
  } else {
    answer = Transcoded(request, request_id);
  }
  answer.headers.emplace_back("X-Request-Id", request_id);
  return answer;
}

absl::StatusOr<std::vector<std::unique_ptr<Message>>> WebCalls::MessagesOf(const RouteMatch& match,
                                                                           const WebRequest& request) const {
  if (!request.turned_away) return RequestsOf(match, request);
  std::vector<std::unique_ptr<Message>> none;
  DX_ASSIGN_OR_RETURN(std::unique_ptr<Message> message, MessageOf(*match.route->method->input_type(), ""));
  none.push_back(std::move(message));
  return none;
}

WebAnswer WebCalls::Transcoded(const WebRequest& request, const std::string& request_id) const {
  const absl::StatusOr<RouteMatch> match = routes_.Find(request.verb, request.path);
  if (!match.ok()) {
    WebAnswer answer = ErrorAnswer(match.status(), absl::IsUnimplemented(match.status()) ? 405 : 404);
    if (answer.code == 405) answer.headers.emplace_back("Allow", routes_.VerbsOf(request.path));
    return answer;
  }
  const google::protobuf::MethodDescriptor& method = *match->route->method;
  const char* const media_type = method.client_streaming() ? kJsonLines : kJson;
  if ((!request.body.empty() || request.body_unread) && MediaTypeOf(request) != media_type) {
    const absl::Status status = FieldError("Content-Type", std::string("expected ") + media_type);
    return Refusal(method, request_id, status, 415);
  }
  const bool stream = method.client_streaming() || method.server_streaming();
  const absl::StatusOr<RelayOptions> options = OptionsOf(request, request_id, stream);
  if (!options.ok()) return Refusal(method, request_id, options.status());
  absl::StatusOr<std::vector<std::unique_ptr<Message>>> messages = MessagesOf(*match, request);
  if (!messages.ok()) return Refusal(method, request_id, messages.status());
  auto call = std::make_unique<RelayedCall>(channel_, method, *options);
  if (stream) return StreamAnswer(std::move(call), *std::move(messages));
  std::unique_ptr<Message> response;
  const grpc::Status status = Unary(call.get(), *messages->front(), &response);
  if (!status.ok()) return FailedAnswer(status);
  absl::StatusOr<std::string> json = JsonOf(*response);
  if (!json.ok()) return ErrorAnswer(json.status());
  WebAnswer answer;
  answer.body = *std::move(json);
  return answer;
}

WebAnswer WebCalls::Embeddings(const WebRequest& request, const std::string& request_id) const {
  const google::protobuf::MethodDescriptor& method = MethodOf(kEmbed);
  const auto refusal = [&](const absl::Status& status) {
    if (keeper_.refused) keeper_.refused(NameOf(method), request_id, status);
    return OpenAiFailure(ToGrpc(status));
  };
  if (!request.turned_away && MediaTypeOf(request) != kJson) {
    WebAnswer answer = refusal(FieldError("Content-Type", "expected application/json"));
    answer.code = 415;
    return answer;
  }
  const absl::StatusOr<RelayOptions> options = OptionsOf(request, request_id, /*stream=*/false);
  if (!options.ok()) return refusal(options.status());
  const absl::StatusOr<EmbeddingsCall> embeddings =
      request.turned_away ? EmbeddingsCall() : EmbeddingsCallOf(request.body);
  if (!embeddings.ok()) return refusal(embeddings.status());
  RelayedCall call(channel_, method, *options);
  std::unique_ptr<Message> response;
  const grpc::Status status = Unary(&call, embeddings->request, &response);
  if (!status.ok()) return OpenAiFailure(status);
  WebAnswer answer;
  answer.body = EmbeddingsAnswer(static_cast<const pb::EmbedResponse&>(*response), embeddings->base64);
  return answer;
}

WebAnswer WebCalls::Models(const WebRequest& request, const std::string& request_id) const {
  const absl::StatusOr<RelayOptions> options = OptionsOf(request, request_id, /*stream=*/false);
  if (!options.ok()) return OpenAiFailure(ToGrpc(options.status()));
  RelayedCall call(channel_, MethodOf("dongxi.v1.EmbeddingService.GetEmbeddingModel"), *options);
  std::unique_ptr<Message> response;
  const grpc::Status status = Unary(&call, pb::GetEmbeddingModelRequest(), &response);
  if (!status.ok()) return OpenAiFailure(status);
  WebAnswer answer;
  answer.body = ModelsAnswer(static_cast<const pb::EmbeddingModel&>(*response));
  return answer;
}

}  // namespace dongxi
