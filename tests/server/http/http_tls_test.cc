// The HTTP door under TLS: the files of gRPC's listener, client certificates, certificates replaced while it
// runs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>
#include <openssl/bio.h>
#include <openssl/ssl.h>
#include <sys/stat.h>

#include <array>
#include <fstream>
#include <memory>

#include "absl/time/clock.h"
#include "tests/server/certificates.h"
#include "tests/server/http/leaving_reader.h"
#include "tests/server/server_testing.h"

namespace dongxi {
namespace {

constexpr char kToken[] = "0123456789abcdef";

class HttpTlsTest : public testing::Test {
 protected:
  std::string Put(const std::string& name, const std::string& text) {
    const std::filesystem::path file = folder_.path() / name, next = folder_.path() / (name + ".next");
    std::ofstream(next) << text;
    ::chmod(next.c_str(), 0600);
    std::filesystem::rename(next, file);
    return file;
  }
  ServerOptions Options(const Certificate& certificate) {
    ServerOptions options = OptionsFor(folder_.path() / "data");
    options.token = kToken;
    options.tls.certificate = Put("cert.pem", certificate.pem);
    options.tls.key = Put("key.pem", certificate.key_pem);
    options.http.listen = "127.0.0.1:0";
    options.http.threads = 2;
    return options;
  }
  // The code of an answer to a client that trusts `root`; 0: no connection.
  int Ask(const Server& server, const Certificate& root, const Certificate* own = nullptr) {
    const std::string key = own == nullptr ? "" : Put("own-key.pem", own->key_pem);
    const std::string shown = own == nullptr ? "" : Put("own.pem", own->pem);
    httplib::SSLClient client("localhost", server.http_port(), shown, key);
    client.set_ca_cert_path(Put("root.pem", root.pem).c_str());
    client.enable_server_certificate_verification(true);
    const auto result =
        client.Get("/v1/needs", httplib::Headers{{"Authorization", "Bearer " + std::string(kToken)}});
    return result ? result->status : 0;
  }

  TemporaryFolder folder_;
};

TEST_F(HttpTlsTest, SpeaksTlsWithTheFilesOfGrpcAndNothingElse) {
  const Certificate certificate = MakeCertificate("localhost");
  const auto server = Server::Start(Options(certificate));
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_EQ(Ask(**server, certificate), 200);
  EXPECT_EQ(Ask(**server, MakeCertificate("localhost")), 0) << "another root";
  httplib::Client plain("127.0.0.1", (*server)->http_port());
  EXPECT_FALSE(plain.Get("/v1/needs"));
}

TEST_F(HttpTlsTest, AReplacedCertificateIsShownToTheNextConnection) {
  const auto server = Server::Start(Options(MakeCertificate("localhost")));
  ASSERT_TRUE(server.ok()) << server.status();
  const Certificate next = MakeCertificate("localhost");
  EXPECT_EQ(Ask(**server, next), 0);
  Put("key.pem", next.key_pem);
  Put("cert.pem", next.pem);
  EXPECT_EQ(Ask(**server, next), 200);
}

TEST_F(HttpTlsTest, AsksForTheClientsCertificate) {
  const Certificate certificate = MakeCertificate("localhost");
  const Certificate authority = MakeCertificate("clients");
  ServerOptions options = Options(certificate);
  options.tls.client_ca = Put("clients.pem", authority.pem);
  const auto server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  EXPECT_EQ(Ask(**server, certificate), 0);
  const Certificate stranger = MakeCertificate("portal", &certificate);
  EXPECT_EQ(Ask(**server, certificate, &stranger), 0) << "of another authority";
  const Certificate late = MakeCertificate("portal", &authority, CertificateLife::kExpired);
  EXPECT_EQ(Ask(**server, certificate, &late), 0);
  const Certificate own = MakeCertificate("portal", &authority);
  EXPECT_EQ(Ask(**server, certificate, &own), 200);
}

TEST_F(HttpTlsTest, AReplacedClientAuthorityHoldsForTheNextConnection) {
  const Certificate certificate = MakeCertificate("localhost");
  const Certificate before = MakeCertificate("clients"), after = MakeCertificate("clients of next year");
  ServerOptions options = Options(certificate);
  options.tls.client_ca = Put("clients.pem", before.pem);
  const auto server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  const Certificate old_client = MakeCertificate("portal", &before);
  const Certificate new_client = MakeCertificate("portal", &after);
  EXPECT_EQ(Ask(**server, certificate, &old_client), 200);
  EXPECT_EQ(Ask(**server, certificate, &new_client), 0);
  Put("clients.pem", after.pem);
  EXPECT_EQ(Ask(**server, certificate, &new_client), 200);
  EXPECT_EQ(Ask(**server, certificate, &old_client), 0);
  Put("clients.pem", "no certificate");
  EXPECT_EQ(Ask(**server, certificate, &new_client), 0) << "nobody is let in by a file that does not load";
}

// The answer over a connection that takes up `session`, if there is one. The connection's own goes there.
std::string AskOver(SSL_CTX* context, int port, SSL_SESSION** session) {
  const std::unique_ptr<BIO, decltype(&BIO_free_all)> bio(BIO_new_ssl_connect(context), &BIO_free_all);
  const std::string peer = "127.0.0.1:" + std::to_string(port);
  BIO_set_conn_hostname(bio.get(), peer.c_str());
  SSL* ssl = nullptr;
  BIO_get_ssl(bio.get(), &ssl);
  if (*session != nullptr) SSL_set_session(ssl, *session);
  const std::string request = "GET /v1/needs HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
                              std::string(kToken) + "\r\n\r\n";
  std::string answer;
  std::array<char, 4'096> bytes{};
  int size = BIO_write(bio.get(), request.data(), static_cast<int>(request.size()));
  while (size > 0) {
    size = BIO_read(bio.get(), bytes.data(), static_cast<int>(bytes.size()));
    if (size > 0) answer.append(bytes.data(), static_cast<size_t>(size));
  }
  SSL_SESSION_free(*session);
  *session = SSL_get1_session(ssl);
  return answer;
}

// Each answer ends its connection, so clients come often; OpenSSL turns those away who bring a session to a
// server that asks for certificates and says nothing of sessions.
TEST_F(HttpTlsTest, AClientWithACertificateMayComeAgain) {
  const Certificate certificate = MakeCertificate("localhost");
  const Certificate authority = MakeCertificate("clients");
  ServerOptions options = Options(certificate);
  options.tls.client_ca = Put("clients.pem", authority.pem);
  const auto server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  const Certificate own = MakeCertificate("portal", &authority);
  const std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context(SSL_CTX_new(TLS_client_method()),
                                                                  &SSL_CTX_free);
  ASSERT_EQ(SSL_CTX_use_certificate_file(context.get(), Put("own.pem", own.pem).c_str(), SSL_FILETYPE_PEM),
            1);
  ASSERT_EQ(
      SSL_CTX_use_PrivateKey_file(context.get(), Put("own-key.pem", own.key_pem).c_str(), SSL_FILETYPE_PEM),
      1);
  SSL_SESSION* session = nullptr;
  for (int i = 0; i < 3; ++i)
    EXPECT_EQ(AskOver(context.get(), (*server)->http_port(), &session).substr(0, 12), "HTTP/1.1 200") << i;
  SSL_SESSION_free(session);
}

// With 16 threads one watch may be streamed: the second reader is let in only once the first is known to be
// gone. What a TLS peer says on closing must not be taken for a sign of life.
TEST_F(HttpTlsTest, AReaderWhoLeavesGivesHisStreamBack) {
  const Certificate certificate = MakeCertificate("localhost");
  ServerOptions options = Options(certificate);
  WriteCatalogue(options.data, SmallCatalogue());
  Build(options.data);
  options.threads = 16;
  options.http.threads = 4;
  const auto server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  const std::string root = Put("root.pem", certificate.pem);
  const httplib::Headers headers = {{"Authorization", "Bearer " + std::string(kToken)}};
  const auto connect = [&] {
    auto client = std::make_unique<httplib::SSLClient>("localhost", (*server)->http_port());
    client->set_ca_cert_path(root.c_str());
    client->enable_server_certificate_verification(true);
    return client;
  };
  const auto made =
      connect()->Post("/v1/watches", headers, R"({"need": "needs/n-goji"})", "application/json");
  ASSERT_TRUE(made);
  ASSERT_EQ(made->status, 200) << made->body;
  const size_t at = made->body.find("watches/");
  ASSERT_NE(at, std::string::npos) << made->body;
  const std::string name = made->body.substr(at, made->body.find('"', at) - at);
  const auto read_and_leave = [&] { return ReadAndLeave(*connect(), "/v1/" + name + ":stream", headers); };
  const Piece first = read_and_leave();
  ASSERT_EQ(first.status, 200) << first.text;
  EXPECT_NE(first.text.find("nextCursor"), std::string::npos) << first.text;
  const Piece next = ReadOnceLetIn(read_and_leave);
  EXPECT_EQ(next.status, 200) << next.text;
}

TEST_F(HttpTlsTest, TheAuditLogNamesTheClientsCertificate) {
  const Certificate certificate = MakeCertificate("localhost");
  const Certificate authority = MakeCertificate("clients");
  ServerOptions options = Options(certificate);
  options.tls.client_ca = Put("clients.pem", authority.pem);
  const auto server = Server::Start(options);
  ASSERT_TRUE(server.ok()) << server.status();
  const Certificate own = MakeCertificate("portal", &authority);
  httplib::SSLClient client("localhost", (*server)->http_port(), Put("own.pem", own.pem),
                            Put("own-key.pem", own.key_pem));
  client.set_ca_cert_path(Put("root.pem", certificate.pem).c_str());
  const auto created = client.Post(
      "/v1/needs?needId=n-1", httplib::Headers{{"Authorization", "Bearer " + std::string(kToken)}},
      R"({"title": "盐湖提锂", "wanted": "吸附剂", "regionCode": "63"})", "application/json");
  ASSERT_TRUE(created);
  ASSERT_EQ(created->status, 200) << created->body;
  std::ifstream audit(folder_.path() / "data" / "audit" / "audit-000000000001.jsonl");
  const std::string log{std::istreambuf_iterator<char>(audit), {}};
  EXPECT_NE(log.find("\"peer\":\"http:127.0.0.1:"), std::string::npos) << log;
  EXPECT_NE(log.find(" CN=portal\""), std::string::npos) << log;
}

}  // namespace
}  // namespace dongxi
