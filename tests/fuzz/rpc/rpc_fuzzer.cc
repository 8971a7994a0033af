#include "tests/fuzz/rpc/rpc_fuzzer.h"

#include <iterator>
#include <utility>

#include "absl/strings/str_cat.h"
#include "engine/base/status_macros.h"
#include "google/protobuf/stubs/logging.h"
#include "google/protobuf/text_format.h"
#include "tests/fuzz/rpc/call_sequence.h"
#include "tests/fuzz/rpc/request_maker.h"
#include "tests/fuzz/rpc/warm_up.h"

namespace dongxi::fuzz {
namespace {

using google::protobuf::Message;

constexpr absl::Duration kTimeout = absl::Seconds(5);
// Of methods that wait for something by their nature: the fuzzer has better things to do.
constexpr absl::Duration kWaitTimeout = absl::Milliseconds(100);
constexpr absl::Duration kImpatient = absl::Milliseconds(1);

std::unique_ptr<Message> NewOf(const google::protobuf::Descriptor* type) {
  return std::unique_ptr<Message>(
      google::protobuf::MessageFactory::generated_factory()->GetPrototype(type)->New());
}

// What a call's byte of options says.
bool IsImpatient(uint8_t options) { return options % 32 == 30; }
bool IsBroken(uint8_t options) { return options % 32 == 31; }
bool IsCareful(uint8_t options) { return options % 4 < 2; }

// The operator more often than others, who may do less.
constexpr size_t kCallers[] = {0, 0, 0, 0, 1, 1, 2, 2, 3, 4};

bool Waits(const Method& method) { return method.input_type()->FindFieldByName("timeout") != nullptr; }

// The bytes of the request, of which one is another or the last are missing.
std::string Broken(std::string bytes, ByteSource* source) {
  if (bytes.empty()) return std::string(source->Take(8));
  const size_t at = source->Take16() % bytes.size();
  const uint8_t change = source->Take8();
  if (change == 0) {
    bytes.resize(at);
  } else {
    bytes[at] = static_cast<char>(bytes[at] ^ change);
  }
  return bytes;
}

std::string Cut(std::string text) {
  constexpr size_t kBytesMax = 2'000;
  if (text.size() > kBytesMax) text = text.substr(0, kBytesMax) + absl::StrCat("… (", text.size(), " bytes)");
  return text;
}

}  // namespace

absl::StatusOr<std::unique_ptr<RpcFuzzer>> RpcFuzzer::Start(const RpcFuzzerOptions& options) {
  google::protobuf::SetLogHandler(nullptr);
  std::unique_ptr<RpcFuzzer> fuzzer(new RpcFuzzer(options));
  DX_ASSIGN_OR_RETURN(fuzzer->server_, FuzzedServer::Start());
  DX_ASSIGN_OR_RETURN(fuzzer->methods_, UnaryMethods(fuzzer->server_->services()));
  DX_RETURN_IF_ERROR(fuzzer->WarmUp());
  fuzzer->counts_ = std::make_unique<CallCounts>(fuzzer->methods_);
  DX_RETURN_IF_ERROR(fuzzer->server_->Restart());
  return fuzzer;
}

absl::Status RpcFuzzer::WarmUp() {
  for (const WarmUpCall& call : kWarmUpCalls) {
    const std::string wrong = WarmUpBy(std::string(call.method), std::string(call.request), call.caller);
    if (!wrong.empty()) {
      return absl::InternalError(
          absl::StrCat("tests/fuzz/rpc/warm_up.h: ", std::string(call.method), ": ", wrong));
    }
  }
  return absl::OkStatus();
}

std::string RpcFuzzer::WarmUpBy(const std::string& name, std::string request, size_t caller) {
  // "$match_id" stands for the newest text of that field or collection.
  if (const size_t begin = request.find('$'); begin != std::string::npos) {
    const size_t end = request.find('\'', begin);
    request.replace(begin, end - begin, values_.NewestText(request.substr(begin + 1, end - begin - 1)));
  }
  for (const Method* const method : methods_) {
    if (GateNameOf(*method) != name) continue;
    const std::unique_ptr<Message> message = NewOf(method->input_type()),
                                   response = NewOf(method->output_type());
    if (!google::protobuf::TextFormat::ParseFromString(request, message.get()))
      return "no request of the method";
    const FuzzedCaller& who = server_->callers()[caller];
    const Answer answer = server_->Call(*method, message->SerializeAsString(), who, absl::Minutes(1));
    if (!answer.status.ok()) return answer.status.error_message();
    const std::string wrong = WhatIsWrong(*method, who.viewer, *message, answer, response.get());
    values_.Learn(*message);
    values_.Learn(*response);
    return wrong;
  }
  return "the server has no such method";
}

std::string RpcFuzzer::Run(std::string_view input) {
  if (inputs_ >= options_.inputs_a_server) {
    inputs_ = 0;
    if (const absl::Status restarted = server_->Restart(); !restarted.ok()) {
      return "the server does not start again: " + restarted.ToString();
    }
  }
  ++inputs_;
  values_.StartSequence();
  made_.clear();
  for (const std::string& call : SplitCalls(input)) {
    const std::string wrong = RunCall(call);
    if (!wrong.empty()) return wrong + "\n" + Describe();
  }
  return "";
}

std::string RpcFuzzer::RunCall(std::string_view call) {
  ByteSource source(call);
  const Method* const method = PickMethod(methods_, source.Take16());
  const FuzzedCaller& caller = server_->callers()[kCallers[source.Take8() % std::size(kCallers)]];
  const uint8_t options = source.Take8();
  made_.push_back({method, RequestMaker(&values_, method, &source, IsCareful(options)).Make(), "running"});
  Made& made = made_.back();
  std::string bytes = made.request->SerializeAsString();
  if (IsBroken(options)) bytes = Broken(std::move(bytes), &source);
  const bool readable = NewOf(method->input_type())->ParseFromString(bytes);
  if (options_.trace != nullptr) {
    std::fprintf(options_.trace, "call %s", Describe().c_str());
    std::fflush(options_.trace);
  }
  const absl::Duration timeout = IsImpatient(options) ? kImpatient : Waits(*method) ? kWaitTimeout : kTimeout;
  const Answer answer = server_->Call(*method, bytes, caller, timeout);
  made.outcome = absl::StrCat(answer.status.error_code(), " ", answer.status.error_message());
  if (!readable) {
    // gRPC itself refuses what is no message, with a code and without details of its own.
    counts_->AddUnreadable(*method);
    return answer.status.ok() ? "a request that cannot be read was answered" : "";
  }
  counts_->Add(*method, answer.status.error_code());
  const std::unique_ptr<Message> response = NewOf(method->output_type());
  std::string wrong = WhatIsWrong(*method, caller.viewer, *made.request, answer, response.get());
  if (options_.trace != nullptr) std::fprintf(options_.trace, "  -> %s\n", made.outcome.c_str());
  values_.Learn(*made.request);
  values_.Learn(*response);
  return wrong;
}

std::string RpcFuzzer::Describe() const {
  std::string text;
  for (const Made& made : made_) {
    absl::StrAppend(&text, GateNameOf(*made.method), " {", Cut(made.request->ShortDebugString()), "} -> ",
                    made.outcome, "\n");
  }
  return text;
}

}  // namespace dongxi::fuzz
