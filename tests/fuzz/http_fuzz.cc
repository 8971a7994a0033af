// Any bytes as an HTTP request: a line "VERB PATH", lines "FIELD=VALUE" of the query up to an empty one, then
// the body. A request that is taken has a JSON form that reads back as the same; every refusal has a JSON
// body.
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "dongxi/v1/admin.grpc.pb.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "dongxi/v1/engagement.grpc.pb.h"
#include "dongxi/v1/match.grpc.pb.h"
#include "dongxi/v1/search.grpc.pb.h"
#include "dongxi/v1/watch.grpc.pb.h"
#include "google/protobuf/stubs/logging.h"
#include "server/http/openai.h"
#include "server/http/web_call.h"

namespace {

// The services are found through their descriptors, which are there once something refers to their files.
const dongxi::RouteTable& Routes() {
  static const auto& routes = *new dongxi::RouteTable([] {
    (void)dongxi::v1::AdminService::service_full_name();
    (void)dongxi::v1::CatalogueService::service_full_name();
    (void)dongxi::v1::PollWatchRequest::descriptor();
    (void)dongxi::v1::MatchRequest::descriptor();
    (void)dongxi::v1::SearchRequest::descriptor();
    (void)dongxi::v1::Engagement::descriptor();
    (void)dongxi::v1::Generation::descriptor();
    (void)dongxi::v1::GetNeedRequest::descriptor();
    google::protobuf::SetLogHandler(nullptr);
    return dongxi::RoutesOf(dongxi::LinkedApiServices());
  }());
  return routes;
}

std::string_view TakeLine(std::string_view* text) {
  const size_t end = text->find('\n');
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(end == std::string_view::npos ? text->size() : end + 1);
  return line;
}

void CheckRefusal(const absl::Status& status) {
  const nlohmann::json body = nlohmann::json::parse(dongxi::ErrorAnswer(status).body, nullptr, false);
  if (!body.is_object()) std::abort();
}

void CheckRoundTrip(const google::protobuf::Message& message) {
  const auto json = dongxi::JsonOf(message);
  if (!json.ok()) return;  // a path of a field mask that JSON cannot spell
  const auto again = dongxi::MessageOf(*message.GetDescriptor(), *json);
  if (!again.ok()) std::abort();
  const auto json_again = dongxi::JsonOf(**again);
  if (!json_again.ok() || *json_again != *json) std::abort();
}

void Transcode(std::string_view text) {
  const std::string_view line = TakeLine(&text);
  const size_t space = std::min(line.find(' '), line.size());
  const std::string_view path = line.substr(std::min(space + 1, line.size()));
  const auto match = Routes().Find(line.substr(0, space), path);
  if (!match.ok()) {
    (void)Routes().VerbsOf(path);
    return CheckRefusal(match.status());
  }
  dongxi::QueryFields query;
  for (std::string_view field = TakeLine(&text); !field.empty(); field = TakeLine(&text)) {
    const size_t equals = std::min(field.find('='), field.size());
    query.emplace_back(field.substr(0, equals), field.substr(std::min(equals + 1, field.size())));
  }
  const auto request = dongxi::RequestOf(*match, query, text);
  if (!request.ok()) return CheckRefusal(request.status());
  CheckRoundTrip(**request);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (Routes().routes().size() < 50) std::abort();
  Transcode(text);
  if (const auto call = dongxi::EmbeddingsCallOf(text); call.ok()) CheckRoundTrip(call->request);
  return 0;
}
