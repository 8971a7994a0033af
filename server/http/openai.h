// The OpenAI-compatible form of the EmbeddingService: requests, answers and errors. Pure functions; any
// thread.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "dongxi/v1/embedding.pb.h"
#include "server/http/http_status.h"

namespace dongxi {

struct EmbeddingsCall {
  dongxi::v1::EmbedRequest request;
  bool base64 = false;  // vectors as base64 of little-endian float32
};

// {"input": text | [texts], "model": …, "encoding_format": "float" | "base64", "dimensions": …}; `user` is
// ignored. InvalidArgument names the field; token arrays are not taken.
absl::StatusOr<EmbeddingsCall> EmbeddingsCallOf(std::string_view body);

// {"object": "list", "data": [{"object": "embedding", "index": 0, "embedding": …}], "model": …, "usage": …}.
// Numbers are the shortest that read back as the same float. A usage of n means n characters.
std::string EmbeddingsAnswer(const dongxi::v1::EmbedResponse& response, bool base64);
// {"object": "list", "data": [{"id": …, "object": "model", "created": 0, "owned_by": "dongxi"}]}
std::string ModelsAnswer(const dongxi::v1::EmbeddingModel& model);
// {"error": {"message": …, "type": "invalid_request_error", "param": "model", "code": "model_not_found"}}
std::string OpenAiError(const HttpError& error);

}  // namespace dongxi
