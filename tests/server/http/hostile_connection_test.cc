// What a connection can do to the HTTP door and to the port of the metrics before anybody has asked for its
// token.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <atomic>
#include <functional>
#include <memory>
#include <thread>
#include <utility>

#include "absl/synchronization/notification.h"
#include "server/http/bounded_server.h"
#include "tests/server/http/raw_connection.h"
#include "tests/server/security_fixture.h"

namespace dongxi {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

class HostileConnectionTest : public SecurityTest {
 protected:
  void SetUp() override {
    SecurityTest::SetUp();
    Start();
  }
  int http() const { return running_.server->http_port(); }
  int metrics() const { return running_.server->metrics_port(); }
  httplib::Headers OfOperator() const { return {{"Authorization", "Bearer " + operator_}}; }
  std::string Metrics() const {
    const auto answer = httplib::Client("127.0.0.1", metrics()).Get("/metrics", OfOperator());
    return answer ? answer->body : "";
  }
  // A whole request that would make needs/ID.
  std::string Creating(const std::string& id) const {
    const std::string need = R"({"title": "盐湖提锂", "wanted": "吸附剂", "regionCode": "63"})";
    return "POST /v1/needs?needId=" + id + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " +
           operator_ +
           "\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(need.size()) +
           "\r\n\r\n" + need;
  }
};

TEST_F(HostileConnectionTest, ABodyThatNobodyReadIsNotTheNextRequest) {
  const std::string body = Creating("n-hidden");
  const std::string length = "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n";
  const std::string chunked = "Transfer-Encoding: chunked\r\n\r\n";
  const std::string host = " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer " + operator_ + "\r\n";
  const std::pair<std::string, std::string> heads[] = {
      {"POST /v1/needs" + host + "Origin: https://elsewhere.example\r\n" + length, "HTTP/1.1 403"},
      {"GET /v1/institutions/tj" + host + length, "HTTP/1.1 200"},
      {"OPTIONS /v1/needs" + host + length, "HTTP/1.1 204"},
      {"DELETE /v1/needs/n-none?allowMissing=true" + host + chunked, "HTTP/1.1 200"},
  };
  for (const auto& [head, answered] : heads) {
    SCOPED_TRACE(head);
    RawConnection connection(http());
    connection.Send(head);
    EXPECT_THAT(connection.ReadTo("\r\n\r\n"), StartsWith(answered));
    connection.Send(body);
    (void)connection.ReadToEnd();
    EXPECT_FALSE(connection.open());
    httplib::Client client("127.0.0.1", http());
    const auto absent = client.Get("/v1/needs/n-hidden", OfOperator());
    ASSERT_TRUE(absent);
    EXPECT_EQ(absent->status, 404) << absent->body;
  }
  // Asked by itself, it is a request.
  RawConnection connection(http());
  connection.Send(body);
  EXPECT_THAT(connection.ReadToEnd(), StartsWith("HTTP/1.1 200"));
}

TEST_F(HostileConnectionTest, ALineThatNeverEndsEndsTheConnection) {
  const std::string block(size_t{1} << 20, 'a');
  for (const int port : {http(), metrics()}) {
    for (const std::string& head :
         {std::string(), std::string("GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Long: ")}) {
      SCOPED_TRACE(std::to_string(port) + head);
      RawConnection connection(port);
      connection.Send(head);
      // Some megabytes go into the kernel's buffers. What the server takes: bounded_connection_test.
      for (int i = 0; i < 64 && connection.open(); ++i) connection.Send(block);
      EXPECT_FALSE(connection.open());
    }
  }
  EXPECT_EQ(httplib::Client("127.0.0.1", metrics()).Get("/healthz")->status, 200);
}

// The probe by which the platform judges whether the server lives has four threads at the port.
TEST_F(HostileConnectionTest, ConnectionsThatDripKeepNoProbeWaiting) {
  std::vector<std::unique_ptr<RawConnection>> slow;
  for (int i = 0; i < 8; ++i) {
    slow.push_back(std::make_unique<RawConnection>(metrics()));
    ASSERT_EQ(slow.back()->Send("G"), 1u);
  }
  std::atomic<bool> answered = false;
  std::thread dripping([&] {
    while (!answered) {
      absl::SleepFor(absl::Milliseconds(500));
      for (const auto& connection : slow) connection->Send("E");
    }
  });
  httplib::Client probe("127.0.0.1", metrics());
  probe.set_read_timeout(std::chrono::seconds(3));
  const auto answer = probe.Get("/healthz");
  answered = true;
  dripping.join();
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200);
}

TEST_F(HostileConnectionTest, ABodyThatDripsDoesNotOutlastTheGraceOfAShutdown) {
  RawConnection connection(http());
  connection.Send(
      "POST /v1/match HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
      "Expect: 100-continue\r\nContent-Length: 1000000\r\n\r\n");
  ASSERT_THAT(connection.ReadTo("\r\n\r\n"), StartsWith("HTTP/1.1 100"));
  std::thread dripping([&] {
    for (int i = 0; i < 120 && connection.open(); ++i) {
      connection.Send(" ");
      absl::SleepFor(absl::Milliseconds(500));
    }
  });
  const absl::Time begin = absl::Now();
  Stop();
  EXPECT_LT(absl::Now() - begin, absl::Seconds(40)) << "the grace is five seconds";
  dripping.join();
  EXPECT_FALSE(connection.open());
  EXPECT_THAT(ReadText(data() / "log"), HasSubstr("the catalogue is flushed and closed"));
}

TEST_F(HostileConnectionTest, ARequestThatIsWholeOnlyAfterTheStopIsToldSo) {
  const std::string request = Creating("n-late");
  const size_t head = request.find("\r\n\r\n") + 2;
  RawConnection connection(http());
  connection.Send(request.substr(0, head) + "Expect: 100-continue\r\n\r\n");
  ASSERT_THAT(connection.ReadTo("\r\n\r\n"), StartsWith("HTTP/1.1 100"));
  std::thread stopping([&] { EXPECT_TRUE(running_.server->Shutdown(absl::Seconds(30)).ok()); });
  // gRPC's own door closes after the stop of this one.
  while (GetInstitution("tj", operator_).ok()) absl::SleepFor(absl::Milliseconds(20));
  connection.Send(request.substr(head + 2));
  EXPECT_THAT(connection.ReadToEnd(), StartsWith("HTTP/1.1 503"));
  stopping.join();
}

// Counts the connections that wait for a thread or have one.
class CountingQueue : public httplib::TaskQueue {
 public:
  CountingQueue(httplib::TaskQueue* queue, std::atomic<int>* taken) : queue_(queue), taken_(taken) {}
  void enqueue(std::function<void()> task) override {
    queue_->enqueue(std::move(task));
    ++*taken_;
  }
  void shutdown() override { queue_->shutdown(); }

 private:
  const std::unique_ptr<httplib::TaskQueue> queue_;
  std::atomic<int>* const taken_;
};

TEST(BoundedServerTest, WhoWaitsForAThreadWhenItStopsIsAnswered) {
  BoundedServerOptions options;
  options.bounds = {.head_time = absl::Seconds(30), .write_time = absl::Seconds(30), .body_bytes_max = 1'000};
  const std::unique_ptr<httplib::Server> server = NewBoundedServer(options);
  std::atomic<int> taken = 0;
  server->new_task_queue = [&taken, make = server->new_task_queue] {
    return new CountingQueue(make(), &taken);
  };
  absl::Notification running, go_on;
  server->Get("/one", [&](const httplib::Request&, httplib::Response& response) {
    running.Notify();
    go_on.WaitForNotification();
    response.set_content("first", "text/plain");
  });
  server->Get("/two", [](const httplib::Request&, httplib::Response& response) {
    response.set_content("second", "text/plain");
  });
  const int port = server->bind_to_any_port("127.0.0.1");
  ASSERT_GT(port, 0);
  std::thread listener([&] { server->listen_after_bind(); });
  RawConnection one(port);
  one.Send("GET /one HTTP/1.1\r\nHost: localhost\r\n\r\n");
  running.WaitForNotification();
  RawConnection two(port);
  two.Send("GET /two HTTP/1.1\r\nHost: localhost\r\n\r\n");
  while (taken < 2) std::this_thread::yield();
  server->stop();
  go_on.Notify();
  EXPECT_THAT(one.ReadToEnd(), HasSubstr("first"));
  EXPECT_THAT(two.ReadToEnd(), HasSubstr("second"));
  listener.join();
}

TEST_F(HostileConnectionTest, ABodyInPartsIsAMediaTypeThatNoMethodTakes) {
  const std::string body = "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nx\r\n--b--\r\n";
  const auto asked = [&](const std::string& path, const std::string& headers) {
    RawConnection connection(http());
    connection.Send("POST " + path + " HTTP/1.1\r\nHost: localhost\r\n" + headers +
                    "Content-Type: multipart/form-data; boundary=b\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
    return connection.ReadToEnd();
  };
  const std::string token = "Authorization: Bearer " + operator_ + "\r\n";
  EXPECT_THAT(asked("/v1/match", token + "X-Request-Id: in-parts-1\r\n"), StartsWith("HTTP/1.1 415"));
  EXPECT_THAT(asked("/v1/embeddings", token), StartsWith("HTTP/1.1 415"));
  EXPECT_THAT(asked("/v1/match", ""), StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(Metrics(),
              HasSubstr("dongxi_rpcs_total{code=\"INVALID_ARGUMENT\",method=\"MatchService.Match\"} 1"));
  Stop();
  const std::string log = ReadText(data() / "log");
  EXPECT_THAT(log, HasSubstr("call=MatchService.Match code=INVALID_ARGUMENT"));
  EXPECT_THAT(log, HasSubstr("request=in-parts-1"));
}

// The socket that listens on a port of this process.
int ListenerOf(int port) {
  for (int socket = 3; socket < 4'096; ++socket) {
    int listens = 0;
    socklen_t size = sizeof listens;
    if (::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &listens, &size) != 0 || listens == 0) continue;
    sockaddr_in address{};
    size = sizeof address;
    if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) == 0 &&
        address.sin_family == AF_INET && ntohs(address.sin_port) == port)
      return socket;
  }
  return -1;
}

TEST_F(HostileConnectionTest, ADoorThatTakesNoConnectionMoreIsNotReady) {
  httplib::Client probe("127.0.0.1", metrics());
  EXPECT_EQ(probe.Get("/readyz")->status, 200);
  const int listener = ListenerOf(http());
  ASSERT_GE(listener, 0);
  ASSERT_EQ(::shutdown(listener, SHUT_RDWR), 0) << "accept fails from now on";
  const absl::Time patience = absl::Now() + absl::Minutes(1);
  while (probe.Get("/readyz")->status == 200) {
    ASSERT_LT(absl::Now(), patience);
    absl::SleepFor(absl::Milliseconds(20));
  }
  EXPECT_EQ(probe.Get("/readyz")->status, 503);
  EXPECT_EQ(probe.Get("/healthz")->status, 200);
  Stop();
  EXPECT_THAT(ReadText(data() / "log"), HasSubstr("level=error msg=\"HTTP takes no connection any more"));
}

}  // namespace
}  // namespace dongxi
