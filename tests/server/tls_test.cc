// TLS of the whole server: who may connect, what is refused at the start, certificates replaced while it
// runs.
#include "server/tls.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "cli/client.h"
#include "dongxi/v1/health.grpc.pb.h"
#include "tests/server/certificates.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;

constexpr char kToken[] = "0123456789abcdef";
constexpr std::chrono::seconds kConnectMax{20};
constexpr std::chrono::milliseconds kRefusedAfter{700};

class TlsTest : public testing::Test {
 protected:
  // Replaced as a careful operator does it: the new file takes the old one's name.
  void Put(const std::string& name, const std::string& text) {
    const std::filesystem::path file = folder_.path() / name, next = folder_.path() / (name + ".next");
    std::ofstream(next) << text;
    ::chmod(next.c_str(), 0600);
    std::filesystem::rename(next, file);
  }
  void Put(const Certificate& certificate) {
    Put("key.pem", certificate.key_pem);
    Put("cert.pem", certificate.pem);
  }
  TlsFiles files() const {
    return {.certificate = folder_.path() / "cert.pem", .key = folder_.path() / "key.pem"};
  }
  std::unique_ptr<Server> StartTls(const TlsFiles& tls, const std::string& listen = "127.0.0.1:0") {
    ServerOptions options = OptionsFor(folder_.path() / "data");
    options.listen = listen;
    options.tls = tls;
    options.token = kToken;
    auto server = Server::Start(options);
    EXPECT_TRUE(server.ok()) << server.status();
    return server.ok() ? *std::move(server) : nullptr;
  }
  // A new connection of its own, that trusts `root` and shows `own` if there is one.
  static std::shared_ptr<grpc::Channel> Connect(const Server& server, const Certificate& root,
                                                const Certificate* own = nullptr) {
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs = root.pem;
    if (own != nullptr) {
      ssl.pem_cert_chain = own->pem;
      ssl.pem_private_key = own->key_pem;
    }
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel("localhost:" + std::to_string(server.port()), grpc::SslCredentials(ssl),
                                     arguments);
  }
  template <typename Duration>
  static bool Connects(const std::shared_ptr<grpc::Channel>& channel, Duration within) {
    return channel->WaitForConnected(std::chrono::system_clock::now() + within);
  }
  static grpc::Status Ask(const std::shared_ptr<grpc::Channel>& channel) {
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + kConnectMax);
    context.AddMetadata("authorization", std::string("Bearer ") + kToken);
    dongxi::v1::ServerStatus status;
    return dongxi::v1::HealthService::NewStub(channel)->GetServerStatus(&context, {}, &status);
  }

  TemporaryFolder folder_;
};

TEST_F(TlsTest, ServesBeyondLoopbackWithTlsOnly) {
  const Certificate certificate = MakeCertificate("server"), stranger = MakeCertificate("stranger");
  Put(certificate);
  const auto server = StartTls(files(), "0.0.0.0:0");
  ASSERT_NE(server, nullptr);
  const grpc::Status status = Ask(Connect(*server, certificate));
  EXPECT_TRUE(status.ok()) << status.error_message();
  EXPECT_FALSE(Connects(Connect(*server, stranger), kRefusedAfter));
  const auto plain =
      grpc::CreateChannel("localhost:" + std::to_string(server->port()), grpc::InsecureChannelCredentials());
  EXPECT_FALSE(Ask(plain).ok());
}

// An operator's commands on the server's own machine, where plaintext is the rule otherwise.
TEST_F(TlsTest, TheCommandLineSpeaksTlsOnLoopbackIfARootIsNamed) {
  const Certificate certificate = MakeCertificate("server");
  Put(certificate);
  Put("token", kToken);
  const auto server = StartTls(files());
  ASSERT_NE(server, nullptr);
  cli::ConnectionOptions options;
  options.server = "localhost:" + std::to_string(server->port());
  options.token_file = (folder_.path() / "token").string();
  options.ca_file = (folder_.path() / "cert.pem").string();
  const auto client = cli::Client::Open(options);
  ASSERT_TRUE(client.ok()) << client.status();
  EXPECT_TRUE((*client)->GetServerStatus().ok()) << (*client)->GetServerStatus().status();
  options.ca_file.clear();
  const auto plain = cli::Client::Open(options);
  ASSERT_TRUE(plain.ok()) << plain.status();
  EXPECT_FALSE((*plain)->GetServerStatus().ok());
}

TEST_F(TlsTest, ReplacedFilesAreUsedForNewConnections) {
  const Certificate first = MakeCertificate("first"), second = MakeCertificate("second");
  Put(first);
  const auto server = StartTls(files());
  ASSERT_NE(server, nullptr);
  const auto old_connection = Connect(*server, first);
  ASSERT_TRUE(Ask(old_connection).ok());
  Put(second);
  // The channel tries again until the server shows the certificate that it trusts.
  const auto new_connection = Connect(*server, second);
  ASSERT_TRUE(Connects(new_connection, kConnectMax));
  EXPECT_TRUE(Ask(new_connection).ok());
  EXPECT_TRUE(Ask(old_connection).ok()) << "running connections go on";
  EXPECT_FALSE(Connects(Connect(*server, first), kRefusedAfter));
}

TEST_F(TlsTest, WithAClientCaOnlyItsCertificatesConnect) {
  const Certificate certificate = MakeCertificate("server"), ca = MakeCertificate("clients");
  const Certificate client = MakeCertificate("portal", &ca), stranger = MakeCertificate("stranger");
  Put(certificate);
  Put("ca.pem", ca.pem);
  TlsFiles tls = files();
  tls.client_ca = folder_.path() / "ca.pem";
  const auto server = StartTls(tls);
  ASSERT_NE(server, nullptr);
  EXPECT_TRUE(Ask(Connect(*server, certificate, &client)).ok());
  // In TLS 1.3 the client learns of the refusal with the first call only.
  EXPECT_FALSE(Ask(Connect(*server, certificate)).ok());
  EXPECT_FALSE(Ask(Connect(*server, certificate, &stranger)).ok());
}

TEST_F(TlsTest, MistakesAreSeenAtTheStart) {
  Put(MakeCertificate("server"));
  EXPECT_TRUE(CheckTlsFiles({}).ok());
  EXPECT_TRUE(CheckTlsFiles(files()).ok());
  TlsFiles wrong = files();
  wrong.key.clear();
  EXPECT_THAT(std::string(CheckTlsFiles(wrong).message()), HasSubstr("--tls-key"));
  wrong = files();
  wrong.certificate = folder_.path() / "absent.pem";
  EXPECT_THAT(std::string(CheckTlsFiles(wrong).message()), HasSubstr("absent.pem"));
  wrong = files();
  wrong.client_ca = wrong.key;  // A key is no certificate.
  EXPECT_THAT(std::string(CheckTlsFiles(wrong).message()), HasSubstr("--tls-client-ca"));
  Put("key.pem", MakeCertificate("other").key_pem);
  EXPECT_THAT(std::string(CheckTlsFiles(files()).message()), HasSubstr("not the key of the certificate"));
  Put(MakeCertificate("server", nullptr, CertificateLife::kExpired));
  EXPECT_THAT(std::string(CheckTlsFiles(files()).message()), HasSubstr("expired"));
  Put(MakeCertificate("server"));
  ::chmod((folder_.path() / "key.pem").c_str(), 0644);
  EXPECT_THAT(std::string(CheckTlsFiles(files()).message()), HasSubstr("chmod"));
}

}  // namespace
}  // namespace dongxi
