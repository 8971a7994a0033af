#include "server/call_gate.h"

#include <exception>
#include <optional>
#include <string_view>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "engine/embed/trace_context.h"
#include "server/access.h"
#include "server/admission.h"
#include "server/call_names.h"
#include "server/call_note.h"
#include "server/deadline.h"
#include "server/decode_guard.h"
#include "server/grpc_status.h"
#include "server/own_fault.h"

namespace dongxi {
namespace {

constexpr char kAuthorization[] = "authorization";

absl::Status DeadlinePassed() {
  return absl::DeadlineExceededError("the caller's deadline passed; nothing is returned");
}

// The token came into force between the look at the door and this one; what was sent is not there any more.
absl::Status TurnedAway() {
  return WithReason(absl::AbortedError("what this token may do was changed during this call; call again"),
                    "TOKEN_CHANGED");
}

absl::Status TellsOfAllTenants(const std::string& method) {
  return WithReason(
      absl::PermissionDeniedError(method + " tells of all tenants, and this token is one tenant's"),
      "OPERATOR_ONLY");
}

// Empty if the key was not sent. A value of a key sent twice is none: who stands between us and the caller
// could have added one.
std::string_view Metadata(const grpc::ServerContextBase& context, const char* key) {
  const auto found = context.client_metadata().find(key);
  if (found == context.client_metadata().end() || context.client_metadata().count(key) > 1) return {};
  return {found->second.data(), found->second.size()};
}

// An administrator of no tenant.
bool IsOperator(const Token& token) { return token.Has(Permission::kAdmin) && token.tenant.empty(); }

// Libraries below us can throw, std::bad_alloc for one.
absl::Status Guarded(absl::FunctionRef<absl::Status()> step) {
  try {
    return step();
  } catch (const std::exception& error) {
    return absl::InternalError(std::string("unexpected: ") + error.what());
  }
}

// What a call sees and may do is settled when it begins.
bool MayTheSame(const Token* before, const Token* now) {
  if (before == nullptr || now == nullptr) return before == now;
  return now->tenant == before->tenant && now->disclosure == before->disclosure &&
         now->permissions == before->permissions;
}

Viewer ViewerOf(const Token& token) {
  return {.disclosure_max = token.disclosure, .tenant = token.tenant, .all_tenants = IsOperator(token)};
}

}  // namespace

// One call on its way through the gate.
struct CallGate::Call {
  std::string method;
  const Access& access;
  std::string request_id;
  std::string traceparent;
  std::shared_ptr<const Token> token;  // null: anonymous
  absl::Time start;

  std::string token_id() const { return token == nullptr ? "" : token->id; }
  std::string tenant() const { return token == nullptr ? "" : token->tenant; }
};

class CallGate::Control final : public CallControl {
 public:
  // All outlive it.
  Control(const CallGate& gate, grpc::ServerContextBase& context, const Call& call)
      : gate_(gate),
        context_(context),
        call_(call),
        left_(call.access.cost == Cost::kBatch ? kStallsOfABatch * gate.parts_.stall_max
                                               : absl::InfiniteDuration()) {}

  absl::Status StillAdmitted() const override {
    DX_ASSIGN_OR_RETURN(const std::shared_ptr<const Token> token,
                        gate_.Authenticate(Metadata(context_, kAuthorization)));
    DX_RETURN_IF_ERROR(gate_.CheckAccess(token.get(), call_.method));
    if (MayTheSame(call_.token.get(), token.get())) return absl::OkStatus();
    return WithReason(absl::AbortedError("what this token may see was changed; call again"), "TOKEN_CHANGED");
  }

  bool AwaitPeer(absl::FunctionRef<bool()> wait) override {
    const absl::Time begin = absl::Now();
    const StallWatch::Wait watched(gate_.stalls_.get(), std::min(gate_.parts_.stall_max, left_),
                                   [this] { context_.TryCancel(); });
    const bool done = wait();
    left_ -= absl::Now() - begin;
    was_cut_ = was_cut_ || watched.was_cut();
    return done && !was_cut_;
  }

  absl::Duration Charge(int count) override {
    if (call_.token == nullptr || gate_.parts_.rates == nullptr) return absl::ZeroDuration();
    return gate_.parts_.rates->Charge(call_.token->id, call_.token->rate, count, absl::Now());
  }

  bool was_cut() const { return was_cut_; }

 private:
  const CallGate& gate_;
  grpc::ServerContextBase& context_;
  const Call& call_;
  absl::Duration left_;  // to wait for the peer
  bool was_cut_ = false;
};

// The common name of the client's certificate, if there was one, beside the address. Who comes by HTTP
// reaches us from this process: the door says who it is. Others who claim to be the door do not know its
// secret.
std::string CallGate::PeerOf(const grpc::ServerContextBase& context) const {
  const std::string_view told = Metadata(context, kPeerKey);
  const size_t secret = parts_.door_secret.size();
  if (secret > 0 && told.size() > secret && told.substr(0, secret) == parts_.door_secret &&
      told[secret] == ' ')
    return std::string(told.substr(secret + 1));
  std::string peer = context.peer();
  const auto names = context.auth_context()->FindPropertyValues("x509_common_name");
  if (!names.empty()) peer += " CN=" + std::string(names.front().data(), names.front().size());
  return peer;
}

absl::StatusOr<std::shared_ptr<const Token>> CallGate::Authenticate(std::string_view authorization) const {
  return Admission(parts_).Authenticate(authorization);
}

absl::StatusOr<LoadControl::Permit> CallGate::Enter(const grpc::ServerContextBase& context,
                                                    const std::string& method) const {
  std::shared_ptr<const Token> token;
  const absl::Status admitted = LetIn(Metadata(context, kAuthorization), method, &token);
  if (!admitted.ok()) {
    TellRefusal(method, token.get(), admitted);
    return admitted;
  }
  const Cost cost = AccessOf(method).cost;
  if (parts_.load == nullptr) return LoadControl::Permit(nullptr, cost, absl::Now());
  absl::StatusOr<LoadControl::Permit> permit =
      parts_.load->Enter(cost, DeadlineOf(context), token == nullptr ? "" : token->id);
  if (!permit.ok()) TellRefusal(method, token.get(), permit.status());
  return permit;
}

bool CallGate::Admits(const grpc::ServerContextBase& context, const std::string& method) const {
  return Admission(parts_).Admits(Metadata(context, kAuthorization), method);
}

absl::Status CallGate::Admit(std::string_view authorization, const std::string& method) const {
  std::shared_ptr<const Token> token;
  absl::Status admitted = LetIn(authorization, method, &token);
  if (admitted.ok() && token != nullptr && !token->tenant.empty()) admitted = TellsOfAllTenants(method);
  if (!admitted.ok()) TellRefusal(method, token.get(), admitted);
  return admitted;
}

absl::Status CallGate::LetIn(std::string_view authorization, const std::string& method,
                             std::shared_ptr<const Token>* token) const {
  DX_ASSIGN_OR_RETURN(*token, Authenticate(authorization));
  DX_RETURN_IF_ERROR(CheckAccess(token->get(), method));
  return CheckRate(token->get());
}

void CallGate::TellRefusal(const std::string& method, const Token* token, const absl::Status& status) const {
  const std::string code = absl::StatusCodeToString(status.code());
  const std::string token_id = token == nullptr ? "" : token->id;
  const std::string tenant = token == nullptr ? "" : token->tenant;
  parts_.log->Call({method, code, "", token_id, tenant, "", absl::ZeroDuration(), ""});
  if (parts_.metrics == nullptr) return;
  parts_.metrics->RpcDone(method, code, 0);
  CountRefusal(status);
}

absl::Status CallGate::CheckRate(const Token* token) const {
  if (token == nullptr || parts_.rates == nullptr) return absl::OkStatus();
  const absl::Duration wait = parts_.rates->Take(token->id, token->rate, absl::Now());
  if (wait <= absl::ZeroDuration()) return absl::OkStatus();
  return WithRetry(WithReason(absl::ResourceExhaustedError("more calls a second than this token may make"),
                              "RATE_LIMITED"),
                   wait);
}

absl::Status CallGate::CheckAccess(const Token* token, const std::string& method) const {
  return Admission(parts_).CheckAccess(token, method);
}

Caller CallGate::CallerOf(const Call& call) {
  Caller caller;
  if (call.token != nullptr) {
    caller.viewer = ViewerOf(*call.token);
    caller.may_write = call.token->Has(Permission::kWrite);
    caller.may_admin = IsOperator(*call.token);
  }
  caller.token_id = call.token_id();
  caller.request_id = call.request_id;
  caller.traceparent = call.traceparent;
  return caller;
}

AuditEvent CallGate::EventOf(const Call& call, std::string peer) {
  AuditEvent event;
  event.token_id = call.token_id();
  event.tenant = call.tenant();
  event.peer = std::move(peer);
  event.method = call.method;
  event.request_id = call.request_id;
  return event;
}

CallGate::Call CallGate::Begin(grpc::ServerContextBase& context, const std::string& method) const {
  Call call = {method, AccessOf(method), "", "", nullptr, absl::Now()};
  const std::string_view request_id = Metadata(context, kRequestIdKey);
  call.request_id = IsRequestId(request_id) ? std::string(request_id) : NewRequestId();
  const std::string_view traceparent = Metadata(context, kTraceparentKey);
  if (IsTraceparent(traceparent)) call.traceparent = traceparent;
  context.AddInitialMetadata(kRequestIdKey, call.request_id);
  if (parts_.metrics != nullptr) parts_.metrics->Add(Metrics::Gauge::kRpcsRunning, 1);
  return call;
}

absl::Status CallGate::Check(const grpc::ServerContextBase& context, Call& call) const {
  DX_ASSIGN_OR_RETURN(call.token, Authenticate(Metadata(context, kAuthorization)));
  DX_RETURN_IF_ERROR(CheckAccess(call.token.get(), call.method));
  if (WasTurnedAway(context) || !Metadata(context, kTurnedAwayKey).empty()) return TurnedAway();
  DX_RETURN_IF_ERROR(CheckRate(call.token.get()));
  DX_RETURN_IF_ERROR(SizeError(context));
  if (absl::Now() >= DeadlineOf(context)) return DeadlinePassed();
  const bool writes = call.access.permission != Permission::kRead;
  if (!writes || parts_.audit == nullptr) return absl::OkStatus();
  const absl::Status ready = parts_.audit->Ready(call.start);
  if (ready.ok() || absl::IsResourceExhausted(ready)) return AuditFailure(ready);
  return AuditFailure(absl::UnavailableError(ready.message()));
}

absl::Status CallGate::Handle(grpc::ServerContextBase& context, const Call& call,
                              absl::FunctionRef<absl::Status(const Caller&)> handler) const {
  if (parts_.metrics != nullptr && call.access.cost == Cost::kHeavy)
    parts_.metrics->QueueWaited(absl::ToDoubleSeconds(absl::Now() - call.start));
  const bool writes = call.access.permission != Permission::kRead;
  AuditedNote note(parts_.audit, EventOf(call, PeerOf(context)), /*always=*/writes);
  Caller caller = CallerOf(call);
  caller.note = &note;
  caller.stages = parts_.metrics;
  caller.log = parts_.log;
  Control control(*this, context, call);
  caller.control = &control;
  const TraceScope trace(call.traceparent);
  // Here, so that what it wrote before it threw is in the audit log too.
  absl::Status status = Guarded([&] { return handler(caller); });
  // The caller himself sees a cancelled call: nothing can be sent to who does not take.
  if (control.was_cut()) {
    status = WithReason(absl::DeadlineExceededError("the caller neither sent nor took anything for too long"),
                        "STREAM_STALLED");
  }
  DX_RETURN_IF_ERROR(note.Finish(status));
  return status;
}

grpc::Status CallGate::End(const grpc::ServerContextBase& context, const Call& call, absl::Status status,
                           bool quiet) const {
  // gRPC cancels a call at its deadline, so the engine may see the one before the other.
  if (absl::IsCancelled(status) && absl::Now() >= DeadlineOf(context)) status = DeadlinePassed();
  Report(call, status, absl::Now() - call.start, quiet);
  if (ReasonOf(status) == kAuditFailed) status = AuditFailureForCallers(status);
  // The operator's methods say what is damaged: only he may call them.
  const bool to_operator = call.access.permission == Permission::kAdmin;
  return ToGrpc(to_operator ? status : ForCallers(status, call.request_id), call.request_id);
}

absl::Status CallGate::Work(grpc::ServerContextBase& context, Call& call,
                            absl::FunctionRef<absl::Status(const Caller&)> handler) const {
  DX_RETURN_IF_ERROR(Check(context, call));
  if (parts_.load == nullptr) return Handle(context, call, handler);
  DX_ASSIGN_OR_RETURN(const LoadControl::Permit permit,
                      parts_.load->Enter(call.access.cost, DeadlineOf(context), call.token_id()));
  return Handle(context, call, handler);
}

grpc::Status CallGate::Guard(grpc::ServerContext& context, const std::string& method, bool quiet,
                             absl::FunctionRef<absl::Status(const Caller&)> handler) const {
  Call call = Begin(context, method);
  return End(context, call, Guarded([&] { return Work(context, call, handler); }), quiet);
}

// A call on its way through RunQueued.
struct CallGate::Queued {
  grpc::CallbackServerContext& context;
  Call call;
  Handler handler;
  Finish finish;
};

void CallGate::RunQueued(grpc::CallbackServerContext& context, const std::string& method, Handler handler,
                         Finish finish) const {
  auto queued = std::make_unique<Queued>(
      Queued{context, Begin(context, method), std::move(handler), std::move(finish)});
  const auto end = [this](Queued& one, const absl::Status& status) {
    one.finish(End(one.context, one.call, status, /*quiet=*/false));
  };
  const absl::Status checked = Guarded([&] { return Check(context, queued->call); });
  if (!checked.ok()) return end(*queued, checked);
  const auto work = [this, end](Queued& one, std::optional<LoadControl::Permit> permit) {
    const auto handler = [&one](const Caller& caller) { return one.handler(caller); };
    const absl::Status status = Guarded([&] { return Handle(one.context, one.call, handler); });
    permit.reset();  // before the answer is sent
    end(one, status);
  };
  if (parts_.load == nullptr) return work(*queued, std::nullopt);
  const absl::Time deadline = DeadlineOf(context);
  parts_.load->EnterLater(deadline, [this, end, work, queued = std::move(queued)](
                                        absl::StatusOr<LoadControl::Permit> permit) mutable {
    if (!permit.ok()) return end(*queued, permit.status());
    parts_.workers->Give(
        [work, queued = std::move(queued), permit = std::make_optional(*std::move(permit))]() mutable {
          work(*queued, std::move(permit));
        });
  });
}

void CallGate::Report(const Call& call, const absl::Status& status, absl::Duration duration,
                      bool quiet) const {
  const std::string code = absl::StatusCodeToString(status.code());
  if (!quiet || !status.ok()) {
    const std::string token_id = call.token_id(), tenant = call.tenant();
    const bool is_fault = IsOwnFault(status) || ReasonOf(status) == kAuditFailed;
    const std::string error = is_fault ? std::string(status.message()) : "";
    parts_.log->Call(
        {call.method, code, call.request_id, token_id, tenant, call.traceparent, duration, error});
  }
  if (parts_.metrics == nullptr) return;
  parts_.metrics->Add(Metrics::Gauge::kRpcsRunning, -1);
  parts_.metrics->RpcDone(call.method, code, absl::ToDoubleSeconds(duration));
  CountRefusal(status);
}

void CallGate::CountRefusal(const absl::Status& status) const {
  if (absl::IsResourceExhausted(status)) parts_.metrics->Rejected(ReasonOf(status));
  if (absl::IsUnauthenticated(status)) parts_.metrics->AuthenticationFailed(ReasonOf(status));
}

}  // namespace dongxi
