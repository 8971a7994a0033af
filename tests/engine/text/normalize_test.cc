#include "engine/text/normalize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unicode/normalizer2.h>
#include <unicode/unistr.h>

#include <random>

namespace dongxi {
namespace {

using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

constexpr uint32_t kSeed = 20260117;

struct NormalizeCase {
  std::string_view name, input, want;
};
constexpr NormalizeCase kNormalizeCases[] = {
    {"EmptyStaysEmpty", "", ""},
    {"UpperBecomesLower", "CRISPR", "crispr"},
    {"FullWidthBecomesAscii", "ＡＩ　芯片", "ai 芯片"},
    {"FullWidthPunctuationBecomesAscii", "（１）！", "(1)!"},
    {"IdeographicPunctuationStays", "盐湖、《钾肥》。", "盐湖、《钾肥》。"},
    {"HalfWidthKatakanaWithMarkBecomesOne", "ｶﾞ", "ガ"},
    {"CircledDigitBecomesDigit", "①", "1"},
    {"UnitBecomesLetters", "5㎎", "5mg"},
    {"SubscriptBecomesDigit", "CO₂", "co2"},
    {"MicroSignBecomesMu", "µm", "μm"},
    {"SharpSBecomesTwo", "Straße", "strasse"},
    {"CombiningAccentIsComposed", "e\xCC\x81", "é"},
    {"LineBreaksAndTabsBecomeSpaces", "锂\r\n电\t池", "锂  电 池"},
    {"LineSeparatorBecomesSpace", "锂\xE2\x80\xA8电", "锂 电"},
    {"NoBreakSpaceBecomesSpace", "锂\xC2\xA0电", "锂 电"},
    {"C1ControlBecomesSpace", "锂\xC2\x85电", "锂 电"},
    {"ZeroWidthSpaceIsDropped", "氢\xE2\x80\x8B能", "氢能"},
    {"ByteOrderMarkIsDropped", "\xEF\xBB\xBF氢能", "氢能"},
    {"TraditionalStays", "鹽湖", "鹽湖"},
    {"CompatibilityIdeographBecomesUnified", "\xEF\xA4\x80", "豈"},
    {"SupplementaryPlaneStays", "\xF0\xA0\xAE\xB7野", "\xF0\xA0\xAE\xB7野"},
    {"StrayByteBecomesReplacement",
     "a\xFF"
     "b",
     "a\xEF\xBF\xBD"
     "b"},
    {"CutSequenceBecomesOneReplacement", "\xE7\x9B", "\xEF\xBF\xBD"},
    {"EncodedSurrogateBecomesReplacements", "\xED\xA0\x80", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD"},
};
TEST(NormalizeTest, Table) {
  for (const NormalizeCase& c : kNormalizeCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(Normalize(c.input), c.want);
    EXPECT_EQ(Normalize(Normalize(c.input)), c.want);
    EXPECT_EQ(EncodeUtf8(NormalizeWithOrigin(c.input).text), c.want);
  }
}

struct OriginCase {
  std::string_view name, input;
  std::vector<uint32_t> want;
};
TEST(NormalizeWithOriginTest, PointsToTheSourceCharacter) {
  const OriginCase cases[] = {
      {"OneToOne", "aＢ盐", {0, 1, 2}},
      {"OneCharacterBecomesTwo", "5㎎盐", {0, 1, 1, 2}},
      {"OneCharacterBecomesFour", "㍿盐", {0, 0, 0, 0, 1}},
      {"ParenthesisedDigit", "⑴锂", {0, 0, 0, 1}},
      {"TwoBecomeOne", "盐e\xCC\x81湖", {0, 1, 3}},
      {"DroppedCharacterLeavesAGap", "氢\xE2\x80\x8B能", {0, 2}},
      {"DroppedAtTheBeginning", "\xEF\xBB\xBF氢", {1}},
      {"MarkThatIsKept", "1\xE2\x83\xA3盐", {0, 1, 2}},
      {"MarkAfterHan", "盐\xCC\x81湖", {0, 1, 2}},
      {"InvalidBytes", "a\xFF\xFF盐", {0, 1, 2, 3}},
  };
  for (const OriginCase& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_THAT(NormalizeWithOrigin(c.input).origin, ElementsAreArray(c.want));
  }
}

// What ICU gives for the whole text at once, with the controls of our contract as spaces.
std::u32string Oracle(const std::string& utf8) {
  UErrorCode error = U_ZERO_ERROR;
  const icu::Normalizer2* normalizer = icu::Normalizer2::getNFKCCasefoldInstance(error);
  const icu::UnicodeString folded = normalizer->normalize(icu::UnicodeString::fromUTF8(utf8), error);
  EXPECT_TRUE(U_SUCCESS(error));
  std::string bytes;
  folded.toUTF8String(bytes);
  std::u32string text = DecodeUtf8(bytes);
  for (char32_t& c : text) {
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029) c = U' ';
  }
  return text;
}

TEST(NormalizeTest, EveryCharacterOfTheBasicPlaneIsAsInIcu) {
  for (char32_t c = 1; c < 0x10000; ++c) {
    if (c >= 0xD800 && c <= 0xDFFF) continue;
    const std::string between = "a" + EncodeUtf8(std::u32string{c}) + "盐";
    ASSERT_EQ(NormalizeToUtf32(between), Oracle(between)) << std::hex << static_cast<uint32_t>(c);
  }
}

std::u32string RandomText(std::mt19937& rng) {
  // Ranges that join, split, vanish or reorder.
  constexpr std::pair<char32_t, char32_t> kRanges[] = {
      {1, 0x7F},        {0x80, 0x17F},    {0x300, 0x345},     {0x1100, 0x11FF},   {0x200B, 0x200F},
      {0x2460, 0x249B}, {0x3000, 0x30FF}, {0x3300, 0x33FF},   {0x4E00, 0x4E20},   {0xAC00, 0xAC40},
      {0xF900, 0xF920}, {0xFF01, 0xFFEE}, {0x1D165, 0x1D170}, {0x1D400, 0x1D420}, {0xF71, 0xF81}};
  std::u32string text;
  for (size_t length = rng() % 12; length > 0; --length) {
    const auto [low, high] = kRanges[rng() % std::size(kRanges)];
    text.push_back(low + static_cast<char32_t>(rng()) % (high - low + 1));
  }
  return text;
}

TEST(NormalizeTest, RandomTextIsAsInIcuAndItsOriginsNeverDecrease) {
  std::mt19937 rng(kSeed);
  for (int round = 0; round < 50'000; ++round) {
    const std::string utf8 = EncodeUtf8(RandomText(rng));
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    const NormalizedText got = NormalizeWithOrigin(utf8);
    ASSERT_EQ(got.text, Oracle(utf8));
    ASSERT_EQ(got.text, NormalizeToUtf32(utf8));
    ASSERT_EQ(got.origin.size(), got.text.size());
    ASSERT_TRUE(std::is_sorted(got.origin.begin(), got.origin.end()));
    ASSERT_TRUE(got.origin.empty() || got.origin.back() < CountCharacters(utf8));
  }
}

TEST(NormalizeTest, RandomBytesGiveValidUtf8OfTheSameLengthOfOrigins) {
  std::mt19937 rng(kSeed);
  for (int round = 0; round < 20'000; ++round) {
    std::string bytes(rng() % 12, '\0');
    for (char& byte : bytes) byte = static_cast<char>(rng());
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round);
    ASSERT_TRUE(IsValidUtf8(Normalize(bytes)));
    ASSERT_EQ(DecodeUtf8(bytes).size(), CountCharacters(bytes));
    ASSERT_EQ(EncodeUtf8(DecodeUtf8(bytes)) == bytes, IsValidUtf8(bytes));
  }
}

struct CutCase {
  std::string_view name, input;
  size_t characters;
  std::string_view want;
};
TEST(CutCharactersTest, Table) {
  constexpr CutCase kCases[] = {
      {"ShorterStays", "盐湖", 3, "盐湖"},
      {"ExactStays", "盐湖", 2, "盐湖"},
      {"LongerIsCutWithEllipsis", "盐湖提锂", 2, "盐湖…"},
      {"ToNothing", "盐湖", 0, "…"},
      {"EmptyStays", "", 0, ""},
      {"InvalidByteIsOneCharacter", "\xFF盐湖", 2, "\xEF\xBF\xBD盐…"},
  };
  for (const CutCase& c : kCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(CutCharacters(c.input, c.characters), c.want);
  }
}

TEST(EncodeUtf8Test, InvalidCharactersBecomeReplacement) {
  EXPECT_EQ(EncodeUtf8(std::u32string{0xD800, 0x110000, U'a'}),
            "\xEF\xBF\xBD\xEF\xBF\xBD"
            "a");
}

TEST(IsHanTest, KnowsIdeographsAndTheirTwoSigns) {
  for (const char32_t c : {U'盐', U'鹽', U'〇', U'々', U'\U00020BB7', U'\u3400'})
    EXPECT_TRUE(IsHan(c)) << uint32_t{c};
  for (const char32_t c : {U'a', U'，', U'ガ', U'한', U'１', U'①'}) EXPECT_FALSE(IsHan(c)) << uint32_t{c};
}

}  // namespace
}  // namespace dongxi
