// A whole server with tokens, an audit log, a log and every door open: what the tests of security share.
#pragma once

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "dongxi/v1/catalogue.grpc.pb.h"
#include "server/audit_trail.h"
#include "server/token.h"
#include "server/token_file.h"
#include "tests/server/server_testing.h"
#include "tests/server/tenant_tokens.h"

namespace dongxi {

inline constexpr char kAuditKey[] = "audit-key-of-the-test";

inline std::string ReadText(const std::filesystem::path& file) {
  std::ifstream stream(file);
  return std::string((std::istreambuf_iterator<char>(stream)), {});
}

class SecurityTest : public testing::Test {
 protected:
  void SetUp() override {
    std::vector<Record> records = SmallCatalogue();
    Record mine = records.front();
    mine.id = "of-portal";
    mine.tenant = "portal";
    records.push_back(mine);
    WriteCatalogue(data(), records);
    operator_ = Create("admin", [](Token* token) { token->disclosure = Disclosure::kOrganiser; });
  }

  const std::filesystem::path& data() const { return folder_.path(); }

  std::string Create(const std::string& permissions, const std::function<void(Token*)>& change = {}) {
    Token wanted;
    wanted.permissions = *ParsePermissions(permissions);
    wanted.create_time = absl::UnixEpoch();
    if (change) change(&wanted);
    const NewTokenResult made = NewToken(wanted);
    EXPECT_TRUE(ChangeTokens(data() / kTokenFileName, [&](std::vector<Token>* tokens) {
                  tokens->push_back(made.token);
                  return absl::OkStatus();
                }).ok());
    return made.text;
  }

  std::string OfTenant(const std::string& tenant, const std::string& permissions) {
    return Create(permissions, [&](Token* token) { token->tenant = tenant; });
  }
  std::string Expired(const std::string& permissions) {
    return Create(permissions, [](Token* token) { token->expire_time = absl::UnixEpoch(); });
  }
  std::string Revoked(const std::string& permissions) {
    return Create(permissions, [](Token* token) { token->revoke_time = absl::UnixEpoch(); });
  }

  void Start() {
    log_ = std::fopen((data() / "log").c_str(), "w");
    ServerOptions options = OptionsFor(data());
    options.log = log_;
    options.audit_key = kAuditKey;
    options.metrics_listen = "127.0.0.1:0";
    options.metrics_token = true;
    options.http.listen = "127.0.0.1:0";
    running_ = StartServer(options);
    ASSERT_NE(running_.server, nullptr);
  }
  // Ends the server; then its log and its audit log are whole.
  void Stop() {
    running_.channel.reset();
    EXPECT_TRUE(running_.server->Shutdown(absl::Seconds(5)).ok());
    running_.server.reset();
    std::fclose(log_);
    log_ = nullptr;
  }
  ~SecurityTest() override {
    running_.server.reset();
    if (log_ != nullptr) std::fclose(log_);
  }

  std::string AuditText() const {
    std::string text;
    for (const auto& entry : std::filesystem::directory_iterator(data() / kAuditFolderName))
      text += ReadText(entry.path());
    return text;
  }
  grpc::Status GetInstitution(const std::string& id, const std::string& token) {
    grpc::ClientContext context;
    context.AddMetadata("authorization", "Bearer " + token);
    pb::GetInstitutionRequest request;
    request.set_name("institutions/" + id);
    pb::Institution response;
    return pb::CatalogueService::NewStub(running_.channel)->GetInstitution(&context, request, &response);
  }
  // A running server looks at the tokens' file at most four times a second: until it has taken a new token,
  // or let go of one that was revoked.
  void AwaitAdmitted(const std::string& token) { AwaitAdmission(token, true); }
  void AwaitRefused(const std::string& token) { AwaitAdmission(token, false); }

  std::string operator_;
  TemporaryFolder folder_;
  Running running_;
  std::FILE* log_ = nullptr;

 private:
  void AwaitAdmission(const std::string& token, bool admitted) {
    const absl::Time patience = absl::Now() + absl::Minutes(1);
    while (GetInstitution("tj", token).ok() != admitted)
      ASSERT_LT(absl::Now(), patience) << "the server does not see the change";
  }
};

}  // namespace dongxi
