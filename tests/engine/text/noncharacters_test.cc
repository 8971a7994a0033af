#include "engine/text/noncharacters.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <ios>

namespace dongxi {
namespace {

TEST(NoncharactersTest, AreTheLastTwoOfEachPlaneAndThoseOfTheArabicBlock) {
  int count = 0;
  for (char32_t c = 0; c <= 0x10FFFF; ++c) count += IsNoncharacter(c) ? 1 : 0;
  EXPECT_EQ(count, 17 * 2 + 32) << "as many as Unicode has";
  for (const char32_t c : {U'\uFDD0', U'\uFDEF', U'\uFFFE', U'\uFFFF', U'\U0001FFFE', U'\U0010FFFF'})
    EXPECT_TRUE(IsNoncharacter(c)) << std::hex << static_cast<uint32_t>(c);
  for (const char32_t c : {U'\uFDCF', U'\uFDF0', U'\uFFFD', U'\U00010000', U'\U0001FFFD', U'\u4E00'})
    EXPECT_FALSE(IsNoncharacter(c)) << std::hex << static_cast<uint32_t>(c);
}

TEST(NoncharactersTest, AreReplacedAndTheRestStays) {
  EXPECT_EQ(ReplaceNoncharacters("盐湖\uFFFF提锂\uFDD0😀\U0001FFFE"), "盐湖\uFFFD提锂\uFFFD😀\uFFFD");
  EXPECT_EQ(ReplaceNoncharacters("盐湖 a\n\uFFFD"), "盐湖 a\n\uFFFD");
  EXPECT_EQ(ReplaceNoncharacters("a\xFFz"), "a\uFFFDz") << "what is no UTF-8";
  EXPECT_EQ(ReplaceNoncharacters(""), "");
}

}  // namespace
}  // namespace dongxi
