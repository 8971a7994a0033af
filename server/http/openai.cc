#include "server/http/openai.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <nlohmann/json.hpp>

#include "absl/strings/escaping.h"
#include "server/grpc_status.h"

namespace dongxi {
namespace {

using Json = nlohmann::json;
namespace pb = dongxi::v1;

// Commas and opening brackets of a body, those within its texts among them: each may be a value that takes 80
// bytes. Far more than texts may be sent.
constexpr int64_t kSignsMax = 1'000'000;

int64_t SignsIn(std::string_view body) {
  return std::count_if(body.begin(), body.end(), [](char c) { return c == ',' || c == '[' || c == '{'; });
}

std::string Dump(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

std::string Found(const Json& json) { return std::string("found ") + json.type_name(); }

absl::Status ReadInput(const Json& input, pb::EmbedRequest* request) {
  constexpr char kExpected[] = ", expected a text or an array of texts (token arrays are not taken)";
  if (input.is_string()) {
    request->add_texts(input.get<std::string>());
    return absl::OkStatus();
  }
  if (!input.is_array()) return FieldError("input", Found(input) + kExpected);
  for (const Json& text : input) {
    if (!text.is_string()) return FieldError("input", Found(text) + " in the array" + kExpected);
    request->add_texts(text.get<std::string>());
  }
  return absl::OkStatus();
}

void AppendFloats(const pb::Embedding& embedding, std::string* out) {
  *out += '[';
  char digits[32];
  for (int i = 0; i < embedding.values_size(); ++i) {
    if (i > 0) *out += ',';
    const auto end = std::to_chars(digits, digits + sizeof digits, embedding.values(i)).ptr;
    out->append(digits, end);
  }
  *out += ']';
}

void AppendBase64(const pb::Embedding& embedding, std::string* out) {
  static_assert(std::endian::native == std::endian::little, "the form is little-endian");
  std::string bytes(static_cast<size_t>(embedding.values_size()) * sizeof(float), '\0');
  if (!bytes.empty()) std::memcpy(bytes.data(), embedding.values().data(), bytes.size());
  *out += '"' + absl::Base64Escape(bytes) + '"';
}

std::string CodeOf(const HttpError& error) {
  std::string code = error.reason.empty() ? error.status : error.reason;
  for (char& c : code) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return code;
}

std::string TypeOf(int code) {
  if (code == 401) return "authentication_error";
  if (code == 403) return "permission_error";
  if (code == 429) return "rate_limit_error";
  return code >= 400 && code < 500 ? "invalid_request_error" : "server_error";
}

}  // namespace

absl::StatusOr<EmbeddingsCall> EmbeddingsCallOf(std::string_view body) {
  if (SignsIn(body) > kSignsMax)
    return WithReason(FieldError("input", "too many values; send them in pieces"), "REQUEST_TOO_LARGE");
  const Json json = Json::parse(body, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object())
    return absl::InvalidArgumentError("body: expected a JSON object with the field 'input'");
  EmbeddingsCall call;
  for (const auto& [key, value] : json.items()) {
    if (key == "input") {
      if (absl::Status status = ReadInput(value, &call.request); !status.ok()) return status;
    } else if (key == "model") {
      if (!value.is_string()) return FieldError(key, Found(value) + ", expected the id of a model");
      call.request.set_model(value.get<std::string>());
    } else if (key == "encoding_format") {
      if (value != "float" && value != "base64") return FieldError(key, "expected \"float\" or \"base64\"");
      call.base64 = value == "base64";
    } else if (key == "dimensions") {
      if (!value.is_number_unsigned() || value.get<uint64_t>() < 1 || value.get<uint64_t>() > 1'000'000)
        return FieldError(key, "expected the number of dimensions of the model");
      call.request.set_dimensions(value.get<int>());
    } else if (key != "user") {
      return FieldError(key, "no such field");
    }
  }
  if (!json.contains("input")) return FieldError("input", "missing; expected a text or an array of texts");
  return call;
}

std::string EmbeddingsAnswer(const pb::EmbedResponse& response, bool base64) {
  std::string text = R"({"object":"list","data":[)";
  for (int i = 0; i < response.embeddings_size(); ++i) {
    if (i > 0) text += ',';
    text += R"({"object":"embedding","index":)" + std::to_string(i) + R"(,"embedding":)";
    (base64 ? AppendBase64 : AppendFloats)(response.embeddings(i), &text);
    text += '}';
  }
  const std::string characters = std::to_string(response.character_count());
  return text + R"(],"model":)" + Dump(response.model().id()) + R"(,"usage":{"prompt_tokens":)" + characters +
         R"(,"total_tokens":)" + characters + "}}";
}

std::string ModelsAnswer(const pb::EmbeddingModel& model) {
  return Dump(
      {{"object", "list"},
       {"data",
        Json::array({{{"id", model.id()}, {"object", "model"}, {"created", 0}, {"owned_by", "dongxi"}}})}});
}

std::string OpenAiError(const HttpError& error) {
  std::string param = error.field;
  if (param.starts_with("texts")) param = "input" + param.substr(5);  // what the OpenAI form calls it
  return Dump({{"error",
                {{"message", error.message},
                 {"type", TypeOf(error.code)},
                 {"param", param.empty() ? Json(nullptr) : Json(param)},
                 {"code", CodeOf(error)}}}});
}

}  // namespace dongxi
