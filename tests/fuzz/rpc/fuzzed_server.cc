#include "tests/fuzz/rpc/fuzzed_server.h"

#include <utility>

#include "absl/time/clock.h"
#include "engine/base/status_macros.h"
#include "grpcpp/generic/generic_stub.h"
#include "server/token_file.h"

namespace dongxi::fuzz {
namespace {

namespace fs = std::filesystem;

constexpr char kTenant[] = "park", kOtherTenant[] = "other";

// The small catalogue of the server's tests, and records of two tenants, some shared, some not for all eyes.
std::vector<Record> CatalogueOfTenants() {
  std::vector<Record> records = SmallCatalogue();
  const std::vector<Record> common = records;
  for (const char* const tenant : {kTenant, kOtherTenant}) {
    for (size_t i = 0; i < common.size(); i += 2) {
      Record record = common[i];
      record.id += std::string("-") + tenant;
      record.tenant = tenant;
      record.shared = i % 4 == 0;
      record.disclosure = static_cast<Disclosure>(i / 2 % 3);
      records.push_back(std::move(record));
    }
  }
  return records;
}

std::string TextOf(const grpc::ByteBuffer& bytes) {
  std::vector<grpc::Slice> slices;
  std::string text;
  if (!bytes.Valid() || !bytes.Dump(&slices).ok()) return text;
  for (const grpc::Slice& slice : slices)
    text.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  return text;
}

}  // namespace

absl::StatusOr<std::unique_ptr<FuzzedServer>> FuzzedServer::Start() {
  std::unique_ptr<FuzzedServer> made(new FuzzedServer());
  const fs::path data = made->folder_.path() / "begin";
  fs::create_directories(data);
  WriteCatalogue(data, CatalogueOfTenants());
  if (Build(data).empty())
    return absl::InternalError("no generation could be built; is this the root of the repository?");
  made->AddCaller("admin", "", Disclosure::kOrganiser);
  made->AddCaller("write", kTenant, Disclosure::kRegistered);
  made->AddCaller("admin", kTenant, Disclosure::kOrganiser);
  made->AddCaller("write", kOtherTenant, Disclosure::kPublic);
  made->AddCaller("read", "", Disclosure::kPublic);
  DX_RETURN_IF_ERROR(made->Open(data));
  return made;
}

FuzzedServer::~FuzzedServer() { (void)Close(); }

void FuzzedServer::AddCaller(const std::string& permissions, const std::string& tenant,
                             Disclosure disclosure) {
  Token wanted;
  wanted.permissions = *ParsePermissions(permissions);
  wanted.tenant = tenant;
  wanted.disclosure = disclosure;
  wanted.create_time = absl::UnixEpoch();
  const NewTokenResult made = NewToken(wanted);
  const absl::Status written =
      ChangeTokens(folder_.path() / "begin" / kTokenFileName, [&](std::vector<Token>* tokens) {
        tokens->push_back(made.token);
        return absl::OkStatus();
      });
  // Without its token every call of this caller would be UNAUTHENTICATED, which is a finding.
  if (!written.ok()) std::fprintf(stderr, "tokens: %s\n", written.ToString().c_str());
  const bool all_tenants = wanted.Has(Permission::kAdmin) && tenant.empty();
  callers_.push_back({made.text, {disclosure, tenant, all_tenants}});
}

absl::Status FuzzedServer::Open(const fs::path& data) {
  ServerOptions options = OptionsFor(data);
  options.build.lexicon_directory = "data/lexicon";
  options.build.dim = 8;
  options.build.threads = 1;
  // On a busy machine a build of idle priority would keep Restart waiting.
  options.build.idle_priority = false;
  DX_ASSIGN_OR_RETURN(server_, Server::Start(options));
  channel_ = server_->InProcessChannel();
  return absl::OkStatus();
}

absl::Status FuzzedServer::Close() {
  channel_.reset();
  if (server_ == nullptr) return absl::OkStatus();
  const absl::Status closed = server_->Shutdown(absl::Seconds(10));
  server_.reset();
  return closed;
}

absl::Status FuzzedServer::Restart() {
  DX_RETURN_IF_ERROR(Close());
  const fs::path begin = folder_.path() / "begin", now = folder_.path() / "now";
  std::error_code error;
  fs::remove_all(now, error);
  fs::copy(begin, now, fs::copy_options::recursive, error);
  if (error) return absl::InternalError(now.string() + ": cannot be written: " + error.message());
  return Open(now);
}

Answer FuzzedServer::Call(const Method& method, const std::string& request, const FuzzedCaller& caller,
                          absl::Duration timeout) const {
  grpc::GenericStub stub(channel_);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + timeout));
  context.AddMetadata("authorization", "Bearer " + caller.token);
  const grpc::Slice slice(request);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, PathOf(method), grpc::ByteBuffer(&slice, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer response;
  Answer answer;
  call->Finish(&response, &answer.status, &queue);
  void* tag = nullptr;
  bool ok = false;
  queue.Next(&tag, &ok);
  if (answer.status.ok()) answer.bytes = TextOf(response);
  return answer;
}

}  // namespace dongxi::fuzz
