#include "engine/text/letters.h"

#include <gtest/gtest.h>

#include <string>

namespace dongxi {
namespace {

struct LetterCase {
  const char* name;
  const char* text;
  bool want;
};
constexpr LetterCase kLetterCases[] = {
    {"ChineseCharacter", "。盐！", true},
    {"LatinLetter", "5G", true},
    {"FullWidthLetter", "Ａ１", true},
    {"GreekLetter", "β-2", true},
    {"ChineseNumeral", "〇", true},
    {"Empty", "", false},
    {"Spaces", " \t\n\u3000", false},
    {"Punctuation", "，。！？…—《》", false},
    {"Pictures", "🙂🎉", false},
    {"Numbers", "2026-11.5 ①½ ７８", false},
    {"LettersThatNoTermIsMadeOf", "カナ", false},
};

TEST(HasLetterTest, Table) {
  for (const LetterCase& c : kLetterCases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(HasLetter(c.text), c.want);
  }
}

TEST(HasLetterTest, LooksAtTheWholeText) {
  const std::string numbers(10'000, '7');
  EXPECT_FALSE(HasLetter(numbers));
  EXPECT_TRUE(HasLetter(numbers + "盐"));
}

}  // namespace
}  // namespace dongxi
