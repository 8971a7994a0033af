// What one connection reads of a request, and for how long: over a pair of sockets, without a server.
#include "server/http/bounded_connection.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>
#include <thread>

#include "absl/time/clock.h"

namespace dongxi {
namespace {

constexpr char kHead[] = "POST / HTTP/1.1\r\nHost: localhost\r\n\r\n";

class BoundedConnectionTest : public testing::Test {
 protected:
  void SetUp() override {
    std::array<int, 2> ends{};
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
    ours_ = ends[0];
    theirs_ = ends[1];
  }
  ~BoundedConnectionTest() override { Leave(); }

  // Of the end that BoundedConnection takes over.
  int ours() const { return ours_; }
  bool Send(const std::string& bytes) const {
    return ::send(theirs_, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(bytes.size());
  }
  void Leave() {
    if (theirs_ >= 0) ::close(theirs_);
    theirs_ = -1;
  }
  // As the library reads lines: byte by byte, until none comes or `bytes_max` have come.
  static size_t ReadBytes(BoundedConnection* connection, size_t bytes_max = size_t{1} << 20) {
    char byte = 0;
    size_t count = 0;
    while (count < bytes_max && connection->read(&byte, 1) == 1) ++count;
    return count;
  }

 private:
  int ours_ = -1, theirs_ = -1;
};

ConnectionBounds Bounds() { return {.read_time = absl::Seconds(60), .body_bytes_max = 100'000}; }

TEST_F(BoundedConnectionTest, AHeadWithoutAnEndIsGivenUp) {
  BoundedConnection connection(ours(), nullptr, Bounds(), absl::Now() + absl::Seconds(60));
  ASSERT_TRUE(Send(std::string(40'000, 'a')));
  EXPECT_EQ(ReadBytes(&connection), kHeadBytesMax);
}

TEST_F(BoundedConnectionTest, ShortLinesWithoutABlankOneAreNoEnd) {
  BoundedConnection connection(ours(), nullptr, Bounds(), absl::Now() + absl::Seconds(60));
  std::string lines;
  while (lines.size() < 40'000) lines += "a: b\r\n\r\r\nc\n";
  ASSERT_TRUE(Send(lines));
  EXPECT_EQ(ReadBytes(&connection), kHeadBytesMax);
}

TEST_F(BoundedConnectionTest, ABodyIsReadInBlocksAndToItsBound) {
  ConnectionBounds bounds = Bounds();
  bounds.body_bytes_max = 10;
  BoundedConnection connection(ours(), nullptr, bounds, absl::Now() + absl::Seconds(60));
  ASSERT_TRUE(Send(std::string(kHead) + "0123456789"));
  ASSERT_EQ(ReadBytes(&connection, sizeof(kHead) - 1), sizeof(kHead) - 1);
  std::array<char, 100> body{};
  EXPECT_EQ(connection.read(body.data(), body.size()), 10);
  EXPECT_EQ(std::string(body.data(), 10), "0123456789");
  ASSERT_TRUE(Send("x"));
  EXPECT_EQ(connection.read(body.data(), body.size()), -1);
}

TEST_F(BoundedConnectionTest, ALineBetweenChunksIsBoundedToo) {
  BoundedConnection connection(ours(), nullptr, Bounds(), absl::Now() + absl::Seconds(60));
  ASSERT_TRUE(Send(kHead + std::string(40'000, '1')));
  ASSERT_EQ(ReadBytes(&connection, sizeof(kHead) - 1), sizeof(kHead) - 1);
  EXPECT_EQ(ReadBytes(&connection), kHeadBytesMax);
}

TEST_F(BoundedConnectionTest, AfterItsTimeAHeadIsReadAsFarAsItIsThere) {
  BoundedConnection connection(ours(), nullptr, Bounds(), absl::Now() - absl::Seconds(1));
  ASSERT_TRUE(Send("GET / HT"));
  const absl::Time begin = absl::Now();
  EXPECT_EQ(ReadBytes(&connection), 8u);
  EXPECT_LT(absl::Now() - begin, absl::Seconds(30)) << "it waited for more";
}

TEST_F(BoundedConnectionTest, AHeadThatDripsIsGivenUpAtItsTime) {
  BoundedConnection connection(ours(), nullptr, Bounds(), absl::Now() + absl::Milliseconds(300));
  std::thread caller([this] {
    for (int i = 0; i < 100 && Send("a"); ++i) absl::SleepFor(absl::Milliseconds(20));
  });
  EXPECT_LT(ReadBytes(&connection), 100u);
  caller.join();
}

TEST_F(BoundedConnectionTest, WhoHasClosedIsNotThere) {
  BoundedConnection connection(ours(), nullptr, Bounds(), absl::Now() + absl::Seconds(60));
  EXPECT_TRUE(connection.is_writable());
  ASSERT_TRUE(Send("left unread"));
  EXPECT_TRUE(connection.is_writable());
  Leave();
  EXPECT_FALSE(connection.is_writable());
}

}  // namespace
}  // namespace dongxi
