#include "bench/judge/agreement.h"

#include "gtest/gtest.h"

namespace dongxi::bench {
namespace {

GradeTable Table(std::initializer_list<std::initializer_list<int64_t>> rows) {
  GradeTable table = {};
  size_t i = 0;
  for (const auto& row : rows) {
    size_t j = 0;
    for (const int64_t count : row) table[i][j++] = count;
    ++i;
  }
  return table;
}

struct KappaCase {
  const char* name;
  GradeTable table;
  double raw, kappa, weighted;
};

const KappaCase kKappaCases[] = {
    {"Perfect", Table({{3, 0, 0, 0}, {0, 2, 0, 0}, {0, 0, 4, 0}, {0, 0, 0, 1}}), 1, 1, 1},
    // Every cell is the product of its margins: nothing beyond chance.
    {"Chance", Table({{1, 2, 3, 4}, {2, 4, 6, 8}, {1, 2, 3, 4}, {3, 6, 9, 12}}), 20.0 / 70, 0, 0},
    // The usual first example of two readers of 50 proposals: observed 0.7, expected 0.5.
    {"TwentyFiveTenFifteen", Table({{20, 5}, {10, 15}}), 0.7, 0.4, 0.4},
    // Margins 0.5 each, always the other grade.
    {"Opposite", Table({{0, 5}, {5, 0}}), 0, -1, -1},
    // 20 pairs, margins 10 5 5 and 10 6 4. Observed 13/20, expected (100 + 30 + 20) / 400 = 0.375: (0.65 -
    // 0.375) / 0.625 = 0.44. Squares: observed 5 * 1 + 2 * 4 = 13; expected (1 * (60 + 50 + 20 + 30) + 4 *
    // (40 + 50)) / 20 = 26.
    {"ThreeGrades", Table({{7, 2, 1}, {2, 3, 0}, {1, 1, 3}}), 0.65, 0.44, 0.5},
};

TEST(AgreementTest, HandComputedTables) {
  for (const KappaCase& c : kKappaCases) {
    SCOPED_TRACE(c.name);
    EXPECT_NEAR(RawAgreement(c.table), c.raw, 1e-12);
    ASSERT_TRUE(CohenKappa(c.table) && QuadraticKappa(c.table));
    EXPECT_NEAR(*CohenKappa(c.table), c.kappa, 1e-12);
    EXPECT_NEAR(*QuadraticKappa(c.table), c.weighted, 1e-12);
  }
}

TEST(AgreementTest, OneGradeThroughoutHasNoKappa) {
  const GradeTable table = Table({{0, 0}, {0, 9}});
  EXPECT_EQ(RawAgreement(table), 1);
  EXPECT_FALSE(CohenKappa(table));
  EXPECT_FALSE(QuadraticKappa(table));
}

std::vector<DoubleGrade> Grades(size_t needs, size_t pairs_of_need) {
  std::vector<DoubleGrade> grades;
  for (size_t need = 0; need < needs; ++need) {
    for (size_t i = 0; i < pairs_of_need; ++i) {
      const int first = static_cast<int>((need + i) % 4);
      grades.push_back({"N" + std::to_string(need), first, need % 3 == 0 ? (first + 1) % 4 : first});
    }
  }
  return grades;
}

TEST(AgreementTest, IntervalsHoldTheValueAndComeBackTheSame) {
  const Agreement once = MeasureAgreement(Grades(20, 5), {});
  const Agreement again = MeasureAgreement(Grades(20, 5), {});
  EXPECT_EQ(once.pairs, 100u);
  EXPECT_EQ(once.needs, 20u);
  EXPECT_TRUE(once.by_need);
  ASSERT_TRUE(once.kappa && once.kappa_interval);
  EXPECT_LE(once.kappa_interval->first, *once.kappa);
  EXPECT_GE(once.kappa_interval->second, *once.kappa);
  EXPECT_EQ(once.kappa_interval, again.kappa_interval);
  EXPECT_EQ(once.weighted_interval, again.weighted_interval);
}

TEST(AgreementTest, FewNeedsAreDrawnByPair) {
  const Agreement agreement = MeasureAgreement(Grades(2, 30), {});
  EXPECT_FALSE(agreement.by_need);
  ASSERT_TRUE(agreement.raw_interval);
  EXPECT_LT(agreement.raw_interval->first, agreement.raw_interval->second);
}

TEST(AgreementTest, FullAgreementHasAnIntervalOfOnePoint) {
  std::vector<DoubleGrade> grades;
  for (int i = 0; i < 40; ++i) grades.push_back({"N" + std::to_string(i), i % 4, i % 4});
  const Agreement agreement = MeasureAgreement(grades, {});
  ASSERT_TRUE(agreement.kappa_interval);
  EXPECT_EQ(*agreement.kappa_interval, std::pair(1.0, 1.0));
}

}  // namespace
}  // namespace dongxi::bench
