#include "engine/embed/remote_embedder.h"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/embed/remote_answer.h"
#include "engine/embed/remote_http.h"
#include "engine/embed/trace_context.h"

namespace dongxi {
namespace {

constexpr size_t kAnswerBytesMax = size_t{256} << 20;
constexpr size_t kExcerptBytesMax = 200;
constexpr int kBatchSizeMax = 2048;  // of the OpenAI interface
constexpr const char* kProbeText = "东西部科技合作";

bool MayBeRetried(int code) { return code == 408 || code == 429 || (code >= 500 && code <= 599); }

bool IsBlank(const std::string& text) { return text.find_first_not_of(" \t\r\n") == std::string::npos; }

// What stands for an input in the request.
std::string TextOf(const EmbedInput& input) {
  if (IsBlank(input.title)) return input.text;
  if (IsBlank(input.text)) return input.title;
  return input.title + "\n" + input.text;
}

// A service may repeat in its answer what it was sent.
std::string WithoutKey(std::string text, const std::string& key) {
  for (size_t at = 0; !key.empty() && (at = text.find(key, at)) != std::string::npos;)
    text.replace(at, key.size(), "***");
  return text;
}

class RemoteEmbedder : public Embedder {
 public:
  RemoteEmbedder(RemoteEmbedderOptions options, HttpUrl url, std::string key)
      : options_(std::move(options)), url_(std::move(url)), key_(std::move(key)) {
    SetDim(options_.expected_dim);
  }

  // Only before the embedder is handed out.
  void SetDim(int dim) {
    dim_ = dim;
    model_id_ = kRemoteModelPrefix + options_.model + "-" + std::to_string(dim);
  }

  const std::string& model_id() const override { return model_id_; }
  int dim() const override { return dim_; }
  absl::StatusOr<Matrix> Embed(std::span<const EmbedInput> inputs, absl::Time deadline) const override;

  // The vectors of one request, after retries. `dim` as in ParseEmbeddingsAnswer.
  absl::StatusOr<Matrix> EmbedBatch(std::span<const std::string> texts, int dim, absl::Time deadline,
                                    HttpClient& client) const;
  HttpClient NewClient() const { return HttpClient(url_, key_, TraceScope::Traceparent()); }

 private:
  absl::Status Late(const std::string& last_problem) const;
  absl::Status ErrorOf(const HttpAnswer& answer) const;
  std::string Shown(const HttpAnswer& answer, const absl::Status& problem) const;

  const RemoteEmbedderOptions options_;
  const HttpUrl url_;
  const std::string key_;
  int dim_ = 0;
  std::string model_id_;
};

absl::Status RemoteEmbedder::Late(const std::string& last_problem) const {
  return absl::DeadlineExceededError(url_.shown + ": no embeddings before the deadline" +
                                     (last_problem.empty() ? "" : "; last problem: " + last_problem));
}

absl::Status RemoteEmbedder::ErrorOf(const HttpAnswer& answer) const {
  const std::string message = url_.shown + ": HTTP " + std::to_string(answer.code);
  if (answer.code == 401 || answer.code == 403) {
    return absl::UnauthenticatedError(message + "; put a valid key into the environment variable " +
                                      options_.api_key_env);
  }
  if (answer.code == 404) {
    return absl::NotFoundError(
        message +
        "; check the path of the url (usually /v1/embeddings) and that the service has the model '" +
        options_.model + "'");
  }
  if (MayBeRetried(answer.code)) return absl::UnavailableError(message);
  // The key is taken out of the whole answer: a cut could leave part of it.
  return absl::InternalError(message +
                             ", expected 200: " + WithoutKey(answer.body, key_).substr(0, kExcerptBytesMax));
}

// What is wrong with an answer; an excerpt of it may hold part of the key if the answer holds all of it.
std::string RemoteEmbedder::Shown(const HttpAnswer& answer, const absl::Status& problem) const {
  const bool has_key = !key_.empty() && answer.body.find(key_) != std::string::npos;
  return has_key ? "the answer is not an embeddings object; it is not shown because it repeats the key"
                 : std::string(problem.message());
}

absl::StatusOr<Matrix> RemoteEmbedder::EmbedBatch(std::span<const std::string> texts, int dim,
                                                  absl::Time deadline, HttpClient& client) const {
  const std::string request = EmbeddingsRequest(options_.model, texts);
  absl::Duration backoff = options_.backoff_first;
  absl::Status problem;
  for (int attempt = 0;; ++attempt) {
    const absl::Duration left = deadline - absl::Now();
    if (left <= absl::ZeroDuration()) return Late(std::string(problem.message()));
    const absl::StatusOr<HttpAnswer> answer =
        client.Post(request, std::min(left, options_.timeout), kAnswerBytesMax);
    if (answer.ok() && answer->code == 200) {
      absl::StatusOr<Matrix> matrix = ParseEmbeddingsAnswer(answer->body, texts.size(), dim);
      if (matrix.ok()) return matrix;
      return absl::InternalError(url_.shown + ": model '" + options_.model +
                                 "': " + Shown(*answer, matrix.status()));
    }
    problem = answer.ok() ? ErrorOf(*answer) : answer.status();
    if (!absl::IsUnavailable(problem)) return problem;
    const absl::Duration wait = std::max(backoff, answer.ok() ? answer->retry_after : absl::ZeroDuration());
    if (absl::Now() >= deadline) return Late(std::string(problem.message()));
    if (attempt == options_.retries_max) {
      return absl::UnavailableError(std::string(problem.message()) + "; gave up after " +
                                    std::to_string(attempt + 1) + " attempts");
    }
    if (absl::Now() + wait >= deadline) return Late(std::string(problem.message()));
    absl::SleepFor(wait);
    backoff *= 2;
  }
}

absl::StatusOr<Matrix> RemoteEmbedder::Embed(std::span<const EmbedInput> inputs, absl::Time deadline) const {
  Matrix all;
  all.dim = dim_;
  all.values.resize(inputs.size() * static_cast<size_t>(dim_));
  std::vector<size_t> rows;  // an input without text keeps its zero vector; services refuse empty texts
  for (size_t i = 0; i < inputs.size(); ++i) {
    if (!IsBlank(TextOf(inputs[i]))) rows.push_back(i);
  }
  HttpClient client = NewClient();
  const auto batch_size = static_cast<size_t>(options_.batch_size);
  for (size_t begin = 0; begin < rows.size(); begin += batch_size) {
    const size_t end = std::min(begin + batch_size, rows.size());
    std::vector<std::string> texts;
    for (size_t i = begin; i < end; ++i) texts.push_back(TextOf(inputs[rows[i]]));
    DX_ASSIGN_OR_RETURN(const Matrix batch, EmbedBatch(texts, dim_, deadline, client));
    for (size_t i = begin; i < end; ++i) std::ranges::copy(batch.row(i - begin), all.row(rows[i]).begin());
  }
  return all;
}

absl::Status CheckOptions(const RemoteEmbedderOptions& options) {
  const auto refuse = [](const std::string& field, const std::string& expected) {
    return absl::InvalidArgumentError("embedding " + field + ": expected " + expected);
  };
  if (options.model.empty()) return refuse("model", "the name of a model that the service has");
  if (options.batch_size < 1 || options.batch_size > kBatchSizeMax) {
    return refuse("batch_size", "1 to " + std::to_string(kBatchSizeMax));
  }
  if (options.retries_max < 0 || options.retries_max > 20) return refuse("retries_max", "0 to 20");
  if (options.timeout <= absl::ZeroDuration()) return refuse("timeout", "more than 0");
  if (options.backoff_first < absl::ZeroDuration()) return refuse("backoff_first", "0 or more");
  if (options.expected_dim < 0 || options.expected_dim > kEmbeddingDimMax) {
    return refuse("expected_dim", "0 to " + std::to_string(kEmbeddingDimMax));
  }
  return absl::OkStatus();
}

// The bearer key from the environment; empty if there is none.
absl::StatusOr<std::string> ReadKey(const RemoteEmbedderOptions& options, const HttpUrl& url) {
  const char* value = options.api_key_env.empty() ? nullptr : std::getenv(options.api_key_env.c_str());
  const std::string key = value == nullptr ? "" : value;
  const auto is_plain = [](char c) { return c > ' ' && c <= '~'; };
  if (!std::all_of(key.begin(), key.end(), is_plain)) {
    return absl::InvalidArgumentError(
        "environment variable " + options.api_key_env +
        ": expected a key of visible ASCII characters, without spaces or line ends");
  }
  if (!key.empty() && !url.encrypted && !url.loopback) {
    return absl::InvalidArgumentError("embedding url " + url.shown +
                                      ": the key would travel unencrypted; use https, or unset " +
                                      options.api_key_env + " if the service needs no key");
  }
  return key;
}

}  // namespace

absl::StatusOr<std::unique_ptr<Embedder>> OpenRemoteEmbedder(const RemoteEmbedderOptions& options) {
  DX_RETURN_IF_ERROR(CheckOptions(options));
  DX_ASSIGN_OR_RETURN(HttpUrl url, ParseHttpUrl(options.url));
  DX_ASSIGN_OR_RETURN(std::string key, ReadKey(options, url));
  auto embedder = std::make_unique<RemoteEmbedder>(options, std::move(url), std::move(key));
  if (options.expected_dim == 0) {
    HttpClient client = embedder->NewClient();
    const std::string probe[] = {kProbeText};
    const absl::Time deadline = absl::Now() + options.timeout * (options.retries_max + 1);
    DX_ASSIGN_OR_RETURN(const Matrix answer, embedder->EmbedBatch(probe, 0, deadline, client));
    embedder->SetDim(answer.dim);
  }
  return embedder;
}

}  // namespace dongxi
