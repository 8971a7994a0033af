// An embedder behind an OpenAI-compatible /v1/embeddings endpoint (TEI, vLLM, Ollama, Xinference).
// The only part of Dongxi that opens an outbound connection, and only where it is configured. Requests carry
// the trace context of the thread (trace_context.h). Any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "engine/embed/embedder.h"

namespace dongxi {

// Ids of remote models begin with it, those of built-in ones do not.
inline constexpr char kRemoteModelPrefix[] = "remote-";

struct RemoteEmbedderOptions {
  std::string url;    // e.g. http://127.0.0.1:8080/v1/embeddings; http or https
  std::string model;  // sent as "model"
  std::string api_key_env =
      "DONGXI_EMBEDDING_KEY";  // environment variable with the bearer key; unset: no key sent
  int batch_size = 32;         // inputs a request, 1..2048
  int retries_max = 3;         // after 408, 429, 5xx or no connection; other answers are final
  absl::Duration timeout = absl::Seconds(30);  // of one request
  absl::Duration backoff_first =
      absl::Milliseconds(200);  // doubles, with the server's Retry-After if it is longer
  int expected_dim = 0;         // 0: asked from the endpoint once at opening
};

// Embeds one probe text to learn the dimension. Errors: InvalidArgument (url, options), Unauthenticated (401,
// 403), NotFound (404: the remedy names model and path), Unavailable, DeadlineExceeded, Internal (an answer
// that is not as specified, with what was found). The key never appears in a message.
absl::StatusOr<std::unique_ptr<Embedder>> OpenRemoteEmbedder(const RemoteEmbedderOptions& options);

}  // namespace dongxi
