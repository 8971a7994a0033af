#include "engine/text/terms.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>

namespace dongxi {
namespace {

using ::testing::ElementsAreArray;

constexpr uint32_t kSeed = 20260117;

std::shared_ptr<const Lexicon> SmallLexicon() {
  return *ParseLexicon("test.tsv", "电渗析\tED\tCOVID\n盐湖\n盐湖提锂\n");
}

// "term@begin-end" of each occurrence.
std::vector<std::string> Terms(std::string_view text, const Lexicon& lexicon) {
  std::vector<std::string> terms;
  for (const TermOccurrence& term : ExtractTerms(text, lexicon)) {
    terms.push_back(term.term + "@" + std::to_string(term.begin) + "-" + std::to_string(term.end));
  }
  return terms;
}

TEST(ExtractTermsTest, Table) {
  struct Case {
    std::string_view name, text;
    std::vector<std::string> want;
  };
  const Case cases[] = {
      {"Empty", "", {}},
      {"PunctuationOnly", "，。 - + . !", {}},
      {"CharactersAndBigrams", "锂电池", {"锂@0-1", "锂电@0-2", "电@1-2", "电池@1-3", "池@2-3"}},
      {"BigramsDoNotCrossPunctuation", "锂，电", {"锂@0-1", "电@2-3"}},
      {"BigramsDoNotCrossLatin", "锂a电", {"锂@0-1", "a@1-2", "电@2-3"}},
      {"LatinWordsAreWhole", "CO2 LiFePO4 PM2.5", {"co2@0-3", "lifepo4@4-11", "pm2.5@12-17"}},
      {"DotOnlyBetweenDigits", "3.5 a.b .5 5.", {"3.5@0-3", "a@4-5", "b@6-7", "5@9-10", "5@11-12"}},
      {"JoinedWordGivesItsParts", "Al-Mg+x", {"al-mg+x@0-7", "al@0-2", "mg@3-5", "x@6-7"}},
      {"RangeIsTwoNumbers", "200-300", {"200@0-3", "300@4-7"}},
      {"TrailingJoinerIsOutside", "Na+、c++", {"na@0-2", "c@4-5"}},
      {"GreekLettersAreWords", "β-淀粉 μm", {"β@0-1", "淀@2-3", "淀粉@2-4", "粉@3-4", "μm@5-7"}},
      {"AccentedWordsAreWhole", "Müller", {"müller@0-6"}},
      {"ConceptFirst", "盐湖", {"#盐湖@0-2", "盐@0-1", "盐湖@0-2", "湖@1-2"}},
      {"ConceptBySynonym", "用ED", {"用@0-1", "#电渗析@1-3", "ed@1-3"}},
      {"ConceptInsideJoinedWord", "covid-19", {"#电渗析@0-5", "covid-19@0-8", "covid@0-5", "19@6-8"}},
      {"OneSourceCharacterForSeveral", "5㎎", {"5mg@0-2"}},
      {"SeveralTermsInOneSourceCharacter",
       "㍿",
       {"株@0-1", "式@0-1", "会@0-1", "社@0-1", "株式@0-1", "式会@0-1", "会社@0-1"}},
      {"CombiningMarkGoesWithItsLetter", "盐cafe\xCC\x81", {"盐@0-1", "café@1-6"}},
      {"DroppedCharacterIsCovered", "氢\xE2\x80\x8B能", {"氢@0-2", "氢能@0-3", "能@2-3"}},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_THAT(Terms(c.text, *SmallLexicon()), ElementsAreArray(c.want));
  }
}

TEST(ExtractTermsTest, LongWordIsCutTo64Characters) {
  const auto terms = ExtractTerms(std::string(100, 'x') + " y", *EmptyLexicon());
  ASSERT_EQ(terms.size(), 2u);
  EXPECT_EQ(terms[0].term, std::string(64, 'x'));
  EXPECT_EQ(terms[0].end, 64u);
  EXPECT_EQ(terms[1].begin, 101u);
}

TEST(ExtractTermsTest, ClassesAreTold) {
  const auto terms = ExtractTerms("盐湖x", *SmallLexicon());
  std::vector<TermClass> classes;
  for (const TermOccurrence& term : terms) classes.push_back(term.term_class);
  EXPECT_THAT(classes, ElementsAreArray({TermClass::kLexicon, TermClass::kCharacter, TermClass::kBigram,
                                         TermClass::kCharacter, TermClass::kLatin}));
}

std::string RandomText(std::mt19937& rng) {
  constexpr std::string_view kPieces[] = {"盐",    "湖", "提", "锂",        "电", "渗", "析",   "ED",
                                          "covid", "-",  "+",  ".",         " ",  "1",  "25",   "Ｘ",
                                          "㎎",    "①",  "é",  "e\xCC\x81", "，", "\n", "\xFF", "㍿"};
  std::string text;
  for (size_t pieces = rng() % 40; pieces > 0; --pieces) text += kPieces[rng() % std::size(kPieces)];
  return text;
}

std::map<std::string, uint32_t> Sum(const std::vector<TermCount>& counts) {
  std::map<std::string, uint32_t> sums;
  for (const auto& [term, count] : counts) EXPECT_TRUE(sums.emplace(term, count).second) << "twice: " << term;
  return sums;
}

TEST(CountTermsTest, EqualsCountingTheOccurrences) {
  std::mt19937 rng(kSeed);
  for (int round = 0; round < 5'000; ++round) {
    const std::string title = RandomText(rng);
    const std::string text = RandomText(rng);
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round << ": " << title << " | "
                                    << text);
    const auto lexicon = round % 2 == 0 ? EmptyLexicon() : SmallLexicon();
    std::map<std::string, uint32_t> want;
    for (const TermOccurrence& term : ExtractTerms(text, *lexicon)) ++want[term.term];
    ASSERT_EQ(Sum(CountTerms(text, *lexicon)), want);
    for (const TermOccurrence& term : ExtractTerms(title, *lexicon)) want[term.term] += 2;
    const CountedText both[] = {{title, 2}, {text, 1}};
    ASSERT_EQ(Sum(CountTerms(both, *lexicon)), want);
  }
}

TEST(ExtractTermsTest, OccurrencesAreOrderedAndInsideTheInput) {
  std::mt19937 rng(kSeed);
  for (int round = 0; round < 5'000; ++round) {
    const std::string text = RandomText(rng);
    SCOPED_TRACE(testing::Message() << "seed " << kSeed << " round " << round << ": " << text);
    uint32_t last = 0;
    for (const TermOccurrence& term : ExtractTerms(text, *SmallLexicon())) {
      ASSERT_LE(last, term.begin);
      ASSERT_LT(term.begin, term.end);
      ASSERT_LE(term.end, CountCharacters(text));
      last = term.begin;
    }
  }
}

TEST(ExtractWordsTest, AreTheWordsAndConceptsOfAllTerms) {
  const auto lexicon = ParseLexicon("test", "电渗析\tED\n盐湖\n");
  ASSERT_TRUE(lexicon.ok());
  for (const char* text : {"", "盐湖卤水 ED 膜, LiFePO4 电渗析", "Al-Mg 合金 pm2.5", "ＥＤ㎎盐湖"}) {
    std::vector<TermOccurrence> wanted;
    for (TermOccurrence& term : ExtractTerms(text, **lexicon)) {
      if (term.term_class == TermClass::kLatin || term.term_class == TermClass::kLexicon)
        wanted.push_back(term);
    }
    const std::vector<TermOccurrence> words = ExtractWords(text, **lexicon);
    ASSERT_EQ(words.size(), wanted.size()) << text;
    for (size_t i = 0; i < words.size(); ++i) {
      EXPECT_EQ(words[i].term, wanted[i].term);
      EXPECT_EQ(words[i].begin, wanted[i].begin);
      EXPECT_EQ(words[i].end, wanted[i].end);
    }
  }
}

}  // namespace
}  // namespace dongxi
