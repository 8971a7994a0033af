#include "server/page_token.h"

#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "server/grpc_status.h"

namespace dongxi {
namespace {

constexpr uint64_t kRequest = 0x1122334455667788;

std::string RandomBytes(std::mt19937& rng, size_t size) {
  std::string bytes;
  for (size_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(rng() & 0xFF));
  return bytes;
}

TEST(PageTokenTest, RoundTrip) {
  const PageToken tokens[] = {
      {.request_hash = kRequest, .offset = 20, .generation = "g-7-1a2b3c4d"},
      {.request_hash = kRequest, .after = "示例-成果-1"},
      {.request_hash = kRequest, .offset = 1, .generation = "g-7-1a2b3c4d", .match_id = "m-0123456789abcdef"},
      {.request_hash = kRequest,
       .offset = UINT64_MAX,
       .generation = std::string(255, 'g'),
       .after = std::string(255, 'a'),
       .match_id = std::string(255, 'm')},
      {.request_hash = kRequest},
  };
  for (const PageToken& token : tokens) {
    const std::string text = EncodePageToken(token);
    EXPECT_EQ(text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"),
              std::string::npos);
    const auto decoded = DecodePageToken(text, kRequest);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(*decoded, token);
  }
}

TEST(PageTokenTest, TokenOfAnotherRequestIsRefused) {
  const auto decoded =
      DecodePageToken(EncodePageToken({.request_hash = kRequest, .offset = 10}), kRequest + 1);
  EXPECT_TRUE(absl::IsInvalidArgument(decoded.status()));
  EXPECT_EQ(FieldOf(decoded.status()), "page_token");
  EXPECT_EQ(ReasonOf(decoded.status()), "PAGE_TOKEN_OF_OTHER_REQUEST");
}

TEST(PageTokenTest, EveryChangedByteIsRefused) {
  const std::string text =
      EncodePageToken({.request_hash = kRequest, .offset = 10, .generation = "g-7-1a2b3c4d"});
  for (size_t i = 0; i < text.size(); ++i) {
    std::string changed = text;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    const auto decoded = DecodePageToken(changed, kRequest);
    EXPECT_TRUE(absl::IsInvalidArgument(decoded.status())) << i;
    EXPECT_EQ(FieldOf(decoded.status()), "page_token");
  }
}

TEST(PageTokenTest, EveryCutTokenIsRefused) {
  const std::string text =
      EncodePageToken({.request_hash = kRequest, .offset = 10, .generation = "g-7-1a2b3c4d"});
  for (size_t size = 0; size < text.size(); ++size) {
    EXPECT_FALSE(DecodePageToken(text.substr(0, size), kRequest).ok()) << size;
  }
  EXPECT_FALSE(DecodePageToken(text + "A", kRequest).ok());
  EXPECT_FALSE(DecodePageToken(text + "=", kRequest).ok());
}

TEST(PageTokenTest, RandomBytesAreRefusedWithoutHarm) {
  std::mt19937 rng(7);
  for (int round = 0; round < 20'000; ++round) {
    const std::string bytes = RandomBytes(rng, rng() % 200);
    const auto decoded = DecodePageToken(bytes, kRequest);
    ASSERT_TRUE(absl::IsInvalidArgument(decoded.status())) << "seed 7 round " << round;
  }
  EXPECT_FALSE(DecodePageToken(RandomBytes(rng, 1 << 20), kRequest).ok());
}

TEST(PageTokenTest, ASignatureIsOfEverythingElseInTheTokenAndOfTheKey) {
  const PageToken token = {.request_hash = kRequest, .offset = 10, .generation = "g-1", .match_id = "m-1"};
  PageToken mine = token;
  mine.signature = PageTokenSignature(token, "key");
  EXPECT_EQ(mine.signature.size(), 32u);
  EXPECT_TRUE(IsSignedPageToken(EncodePageToken(mine), "key"));
  EXPECT_EQ(*DecodePageToken(EncodePageToken(mine), kRequest), mine);
  EXPECT_FALSE(IsSignedPageToken(EncodePageToken(mine), "another key"));
  EXPECT_FALSE(IsSignedPageToken(EncodePageToken(token), "key"));
  EXPECT_FALSE(IsSignedPageToken("", "key"));
  const std::function<void(PageToken*)> changes[] = {
      [](PageToken* t) { t->request_hash += 1; }, [](PageToken* t) { t->offset += 1; },
      [](PageToken* t) { t->generation = "g-2"; }, [](PageToken* t) { t->after = "x"; },
      [](PageToken* t) { t->match_id = "m-2"; }};
  for (const auto& change : changes) {
    PageToken forged = mine;
    change(&forged);
    EXPECT_FALSE(IsSignedPageToken(EncodePageToken(forged), "key"));
  }
}

// Cursors of watches are kept by clients for long: tokens without a signature stay what they were.
TEST(PageTokenTest, ATokenWithoutSignatureIsAsBeforeThereWereSignatures) {
  EXPECT_EQ(
      EncodePageToken({.request_hash = 1, .offset = 2, .generation = "g", .after = "a", .match_id = "m"}),
      "AgEAAAAAAAAAAgAAAAAAAAABZwFhAW3Eo2mg");
}

TEST(HashBytesTest, IsFnv1a) {
  // Test vectors of the FNV reference code.
  EXPECT_EQ(HashBytes(""), 0xcbf29ce484222325u);
  EXPECT_EQ(HashBytes("a"), 0xaf63dc4c8601ec8cu);
  EXPECT_EQ(HashBytes("foobar"), 0x85944171f73967e8u);
  EXPECT_EQ(HashBytes("bar", HashBytes("foo")), HashBytes("foobar"));
}

}  // namespace
}  // namespace dongxi
