#include "server/operations_service.h"

#include <algorithm>
#include <cctype>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "server/convert.h"
#include "server/deadline.h"
#include "server/grpc_status.h"
#include "server/page_token.h"

namespace dongxi {
namespace {

namespace lro = google::longrunning;

constexpr size_t kFilterBytesMax = 1'000;
constexpr absl::Duration kWaitMax = absl::Seconds(60);
// Answer that much before the caller's deadline, or the answer would come too late.
constexpr absl::Duration kBeforeDeadline = absl::Milliseconds(50);
constexpr char kCollection[] = "operations";

// Reads a filter from its front. Positions count characters of ASCII from 1.
class FilterReader {
 public:
  explicit FilterReader(const std::string& text) : text_(text) {}

  // A word, a quoted text without its quotes, or one sign.
  std::string Next() {
    SkipSpace();
    begin_ = at_;
    if (at_ == text_.size()) return "";
    if (text_[at_] == '"') return Quoted();
    while (at_ < text_.size() && (std::isalnum(static_cast<unsigned char>(text_[at_])) || text_[at_] == '_'))
      ++at_;
    if (at_ == begin_) ++at_;
    return text_.substr(begin_, at_ - begin_);
  }
  bool AtEnd() {
    SkipSpace();
    return at_ == text_.size();
  }
  // About what Next gave last.
  absl::Status Wrong(const std::string& expected) const {
    return FieldError("filter", "position " + std::to_string(begin_ + 1) + ": expected " + expected);
  }

 private:
  void SkipSpace() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_]))) ++at_;
  }
  std::string Quoted() {
    const size_t end = text_.find('"', at_ + 1);
    const std::string value = text_.substr(at_ + 1, end == std::string::npos ? end : end - at_ - 1);
    at_ = end == std::string::npos ? text_.size() : end + 1;
    return value;
  }

  const std::string& text_;
  size_t at_ = 0;
  size_t begin_ = 0;
};

absl::Status CheckCollection(const std::string& name) {
  if (name.empty() || name == kCollection) return absl::OkStatus();
  return FieldError("name", "expected \"operations\", found \"" + name + "\"");
}

}  // namespace

absl::StatusOr<OperationFilter> OperationFilter::Parse(const std::string& text) {
  if (text.size() > kFilterBytesMax) {
    return FieldError("filter", "longer than " + std::to_string(kFilterBytesMax) + " bytes");
  }
  OperationFilter filter;
  FilterReader reader(text);
  while (!reader.AtEnd()) {
    const std::string field = reader.Next();
    if (field != "done" && field != "kind") return reader.Wrong("done or kind");
    if (reader.Next() != "=") return reader.Wrong("=");
    const std::string value = reader.Next();
    if (field == "kind") {
      if (value.empty()) return reader.Wrong("a kind such as \"build\"");
      filter.kinds_.push_back(value);
    } else {
      if (value != "true" && value != "false") return reader.Wrong("true or false");
      filter.done_.push_back(value == "true");
    }
    if (reader.AtEnd()) break;
    if (reader.Next() != "AND" || reader.AtEnd()) return reader.Wrong("AND and another condition");
  }
  return filter;
}

bool OperationFilter::Takes(const v1::OperationMetadata& metadata) const {
  const bool is_done =
      metadata.state() != v1::OperationMetadata::QUEUED && metadata.state() != v1::OperationMetadata::RUNNING;
  return std::all_of(done_.begin(), done_.end(), [&](bool done) { return done == is_done; }) &&
         std::all_of(kinds_.begin(), kinds_.end(),
                     [&](const std::string& kind) { return kind == metadata.kind(); });
}

grpc::Status OperationsService::ListOperations(grpc::ServerContext* context,
                                               const lro::ListOperationsRequest* request,
                                               lro::ListOperationsResponse* response) {
  return gate_->Run(*context, "Operations.ListOperations", [&](const Caller& caller) -> absl::Status {
    DX_RETURN_IF_ERROR(CheckCollection(request->name()));
    DX_ASSIGN_OR_RETURN(const int page_size, DecodePageSize(request->page_size(), kListPageSize));
    DX_ASSIGN_OR_RETURN(const OperationFilter filter, OperationFilter::Parse(request->filter()));
    PageToken token;
    token.request_hash = HashBytes(request->filter(), HashBytes(kCollection));
    if (!request->page_token().empty()) {
      DX_ASSIGN_OR_RETURN(token, DecodePageToken(request->page_token(), token.request_hash));
    }
    bool more = false;
    DX_ASSIGN_OR_RETURN(
        std::vector<lro::Operation> operations,
        runner_->List([&](const v1::OperationMetadata& metadata) { return filter.Takes(metadata); },
                      token.after, static_cast<size_t>(page_size), caller, &more));
    for (lro::Operation& operation : operations) *response->add_operations() = std::move(operation);
    if (more && !operations.empty()) {
      const std::string& last = response->operations(response->operations_size() - 1).name();
      token.after = last.substr(last.find('/') + 1);
      response->set_next_page_token(EncodePageToken(token));
    }
    return absl::OkStatus();
  });
}

grpc::Status OperationsService::GetOperation(grpc::ServerContext* context,
                                             const lro::GetOperationRequest* request,
                                             lro::Operation* response) {
  return gate_->Run(*context, "Operations.GetOperation", [&](const Caller& caller) -> absl::Status {
    DX_ASSIGN_OR_RETURN(*response, runner_->Get(request->name(), caller));
    return absl::OkStatus();
  });
}

grpc::Status OperationsService::DeleteOperation(grpc::ServerContext* context,
                                                const lro::DeleteOperationRequest* request,
                                                google::protobuf::Empty*) {
  return gate_->Run(*context, "Operations.DeleteOperation", [&](const Caller& caller) -> absl::Status {
    DX_RETURN_IF_ERROR(runner_->Delete(request->name(), caller));
    caller.Touched(request->name());
    return absl::OkStatus();
  });
}

grpc::Status OperationsService::CancelOperation(grpc::ServerContext* context,
                                                const lro::CancelOperationRequest* request,
                                                google::protobuf::Empty*) {
  return gate_->Run(*context, "Operations.CancelOperation", [&](const Caller& caller) -> absl::Status {
    DX_RETURN_IF_ERROR(runner_->Cancel(request->name(), caller));
    caller.Touched(request->name());
    return absl::OkStatus();
  });
}

grpc::Status OperationsService::WaitOperation(grpc::ServerContext* context,
                                              const lro::WaitOperationRequest* request,
                                              lro::Operation* response) {
  return gate_->Run(*context, "Operations.WaitOperation", [&](const Caller& caller) -> absl::Status {
    absl::Duration timeout = kWaitMax;
    if (request->has_timeout()) {
      timeout = absl::Seconds(request->timeout().seconds()) + absl::Nanoseconds(request->timeout().nanos());
      if (timeout < absl::ZeroDuration()) return FieldError("timeout", "negative");
    }
    const absl::Time deadline =
        std::min(absl::Now() + std::min(timeout, kWaitMax), DeadlineOf(*context) - kBeforeDeadline);
    const auto gone = [&] { return context->IsCancelled() || !caller.StillAdmitted().ok(); };
    DX_ASSIGN_OR_RETURN(*response, runner_->Wait(request->name(), deadline, gone, caller));
    return caller.StillAdmitted();
  });
}

}  // namespace dongxi
