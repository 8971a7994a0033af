#include "server/listen_address.h"

#include <gtest/gtest.h>

namespace dongxi {
namespace {

struct AddressCase {
  const char* text;
  const char* host;
  int port;
  bool loopback;
};

TEST(ParseListenAddressTest, Table) {
  const AddressCase cases[] = {
      {"127.0.0.1:7878", "127.0.0.1", 7878, true},
      {"127.9.9.9:1", "127.9.9.9", 1, true},
      {"localhost:0", "localhost", 0, true},
      {"[::1]:7878", "::1", 7878, true},
      {"0.0.0.0:7878", "0.0.0.0", 7878, false},
      {"[::]:7878", "::", 7878, false},
      {"192.168.1.5:65535", "192.168.1.5", 65535, false},
      {"localhost.example.com:1", "localhost.example.com", 1, false},
      {"127.0.0.1.example.com:1", "127.0.0.1.example.com", 1, false},
  };
  for (const AddressCase& c : cases) {
    SCOPED_TRACE(c.text);
    const auto address = ParseListenAddress(c.text);
    ASSERT_TRUE(address.ok()) << address.status();
    EXPECT_EQ(address->host, c.host);
    EXPECT_EQ(address->port, c.port);
    EXPECT_EQ(address->loopback, c.loopback);
  }
}

TEST(ParseListenAddressTest, WrongAddressesAreRefusedWithAnExample) {
  for (const char* text : {"", ":", ":7878", "7878", "localhost", "localhost:", "localhost:x",
                           "localhost:70000", "localhost:-1", "::1:7878", "[::1]", "[]:1", "[localhost]:1"}) {
    const auto address = ParseListenAddress(text);
    EXPECT_TRUE(absl::IsInvalidArgument(address.status())) << text;
    EXPECT_NE(std::string(address.status().message()).find("127.0.0.1:7878"), std::string::npos);
  }
}

TEST(CheckPlaintextTest, BeyondThisMachineOnlyWithTokenAndConsent) {
  const ListenAddress outside = *ParseListenAddress("0.0.0.0:7878");
  EXPECT_TRUE(CheckPlaintext(*ParseListenAddress("127.0.0.1:7878"), false, false).ok());
  EXPECT_TRUE(CheckPlaintext(outside, true, true).ok());
  for (const auto& [token, consent] :
       {std::pair(false, false), std::pair(true, false), std::pair(false, true)}) {
    const absl::Status status = CheckPlaintext(outside, token, consent);
    EXPECT_TRUE(absl::IsFailedPrecondition(status));
    EXPECT_NE(std::string(status.message()).find("--tls-cert"), std::string::npos);
  }
}

}  // namespace
}  // namespace dongxi
