#include "indexer/import/text_encoding.h"

#include <gtest/gtest.h>

#include "indexer/import/complaint.h"

namespace dongxi {
namespace {

// 编号,名称 in the encodings of Chinese spreadsheets.
constexpr std::string_view kUtf8 = "编号,名称";
constexpr std::string_view kGbk = "\xB1\xE0\xBA\xC5,\xC3\xFB\xB3\xC6";
const std::string kUtf16Le("\xFF\xFE\x16\x7F\xF7\x53,\0\x0D\x54\xF0\x79", 12);
const std::string kUtf16Be("\xFE\xFF\x7F\x16\x53\xF7\0,\x54\x0D\x79\xF0", 12);

struct EncodingCase {
  std::string_view name;
  std::string bytes;
  TextEncoding encoding;
};
const EncodingCase kEncodingCases[] = {
    {"Utf8", std::string(kUtf8), TextEncoding::kUtf8},
    {"Utf8WithMark", "\xEF\xBB\xBF" + std::string(kUtf8), TextEncoding::kUtf8},
    {"Utf16Le", kUtf16Le, TextEncoding::kUtf16Le},
    {"Utf16Be", kUtf16Be, TextEncoding::kUtf16Be},
    {"Gbk", std::string(kGbk), TextEncoding::kGb18030},
};

TEST(TextEncodingTest, RecognisesWhatSpreadsheetsWrite) {
  for (const EncodingCase& c : kEncodingCases) {
    SCOPED_TRACE(c.name);
    const auto decoded = DecodeText(c.bytes);
    ASSERT_TRUE(decoded.ok()) << decoded.status();
    EXPECT_EQ(decoded->text(), kUtf8);
    EXPECT_EQ(decoded->encoding(), c.encoding);
  }
}

TEST(TextEncodingTest, FourByteGb18030AndLongTextsSurviveTheBuffers) {
  // U+20000 (CJK Extension B) is 95 32 82 36 in GB18030 and a surrogate pair in UTF-16.
  std::string bytes, want;
  for (int i = 0; i < 20'000; ++i) {
    bytes += i % 3 == 0 ? "x\x95\x32\x82\x36" : "\xB1\xE0\x95\x32\x82\x36";
    want += i % 3 == 0 ? "x\U00020000" : "编\U00020000";
  }
  const auto decoded = DecodeText(bytes, TextEncoding::kGb18030);
  ASSERT_TRUE(decoded.ok()) << decoded.status();
  EXPECT_EQ(decoded->text(), want);
}

TEST(TextEncodingTest, NeitherEncodingNamesTheLineAndTheRemedy) {
  const auto decoded = DecodeText("a,b\nc,d\n\xFF\xFF\xFF,e\n");
  ASSERT_FALSE(decoded.ok());
  const Complaint complaint = ToComplaint(decoded.status());
  EXPECT_NE(complaint.found.find("第 3 行"), std::string::npos) << complaint.found;
  EXPECT_NE(complaint.remedy.find("另存为"), std::string::npos);
}

TEST(TextEncodingTest, DamagedUtf8IsNotTakenForGb18030) {
  const auto decoded = DecodeText("盐湖提锂技术中试研究\n甲,\xE4\xB8\n");
  ASSERT_FALSE(decoded.ok());
  EXPECT_NE(ToComplaint(decoded.status()).found.find("第 2 行"), std::string::npos);
}

TEST(TextEncodingTest, ForcedEncodingIsObeyed) {
  EXPECT_FALSE(DecodeText(kGbk, TextEncoding::kUtf8).ok());
  EXPECT_TRUE(DecodeText(kGbk, TextEncoding::kGb18030).ok());
}

TEST(TextEncodingTest, BinaryAndHalfUtf16AreRefused) {
  EXPECT_FALSE(DecodeText(std::string_view("a\0b\0", 4)).ok());
  EXPECT_FALSE(DecodeText(std::string_view("\xFF\xFE\x16", 3)).ok());
  EXPECT_FALSE(DecodeText(std::string_view("\xFF\xFE\x00\xD8\x41\x00", 6)).ok());  // lone surrogate
}

TEST(TextEncodingTest, NamesLeadBack) {
  for (const TextEncoding encoding :
       {TextEncoding::kUtf8, TextEncoding::kUtf16Le, TextEncoding::kUtf16Be, TextEncoding::kGb18030}) {
    EXPECT_EQ(EncodingOf(NameOf(encoding)), encoding);
  }
  EXPECT_EQ(EncodingOf("gbk"), TextEncoding::kGb18030);
  EXPECT_EQ(EncodingOf("latin1"), std::nullopt);
}

}  // namespace
}  // namespace dongxi
