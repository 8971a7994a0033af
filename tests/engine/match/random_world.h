// Records, needs and questions at random, for the laws of matching: many ties, owners shared, some expired,
// some hidden.
#pragma once

#include <random>
#include <string>
#include <vector>

#include "tests/engine/match/small_world.h"

namespace dongxi::testing_world {

inline constexpr const char* kTopics[] = {"盐湖提锂吸附剂", "枸杞低温干燥",   "牦牛冻精人工授精",
                                          "光伏组件清洗",   "马铃薯脱毒种薯", "草原退化遥感",
                                          "中藏药材种植",   "冷链果蔬保鲜"};

class Dice {
 public:
  explicit Dice(unsigned seed) : random_(seed) {}
  int Below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool OneIn(int n) { return Below(n) == 0; }
  template <typename T, size_t n>
  T Pick(const T (&items)[n]) {
    return items[Below(static_cast<int>(n))];
  }
  std::string Text() { return std::string(Pick(kTopics)) + "与" + Pick(kTopics); }

 private:
  std::mt19937 random_;
};

inline std::vector<RecordName> RandomOwners(Dice& dice, int institutions, int experts) {
  std::vector<RecordName> owners;
  if (!dice.OneIn(5)) owners.push_back(OfInstitution("i" + std::to_string(dice.Below(institutions))));
  if (dice.OneIn(2)) owners.push_back(OfExpert("x" + std::to_string(dice.Below(experts))));
  return owners;
}

inline std::vector<Record> RandomRecords(unsigned seed, int institutions, int experts, int results) {
  constexpr const char* kRegions[] = {"12", "1201", "3205", "320506", "44", "6328", ""};
  constexpr const char* kModes[] = {"transfer", "joint_rd", "license"};
  Dice dice(seed);
  std::vector<Record> all;
  for (int i = 0; i < institutions; ++i) {
    Record record = Institution("i" + std::to_string(i), "示例单位" + std::to_string(i), dice.Pick(kRegions),
                                dice.Text());
    record.type = dice.OneIn(2) ? "university" : "company";
    record.fields = {dice.Pick(kTopics)};
    all.push_back(record);
  }
  for (int i = 0; i < experts; ++i) {
    all.push_back({.kind = RecordKind::kExpert,
                   .id = "x" + std::to_string(i),
                   .title = "示例专家" + std::to_string(i),
                   .text = dice.Text(),
                   .institution = "i" + std::to_string(dice.Below(institutions))});
  }
  for (int i = 0; i < results; ++i) {
    Record record =
        Result("r" + std::to_string(i), dice.Text(), dice.Text(), RandomOwners(dice, institutions, experts));
    record.region = dice.Pick(kRegions);
    record.maturity = dice.Below(10);
    record.year = dice.OneIn(4) ? 0 : 2015 + dice.Below(10);
    record.fields = {dice.Pick(kTopics), dice.Pick(kTopics)};
    if (!dice.OneIn(3)) record.modes = {dice.Pick(kModes)};
    if (dice.OneIn(10)) record.valid_until = "2020-01-01";
    if (dice.OneIn(10)) record.disclosure = Disclosure::kOrganiser;
    all.push_back(record);
  }
  for (int i = 0; i < 6; ++i) {
    all.push_back({.kind = RecordKind::kNeed,
                   .id = "n" + std::to_string(i),
                   .title = kTopics[i],
                   .text = dice.Text(),
                   .region = "6328",
                   .institution = "i" + std::to_string(dice.Below(institutions)),
                   .modes = {dice.Pick(kModes)},
                   .maturity = 6});
  }
  return all;
}

}  // namespace dongxi::testing_world
