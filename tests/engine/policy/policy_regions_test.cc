// Names and codes of regions, groups, and words of cooperation modes, on the product's tables.
#include <gtest/gtest.h>

#include "engine/policy/policy.h"

namespace dongxi {
namespace {

const Policy& ProductPolicy() {
  static const auto policy = LoadPolicy("data/policy");
  EXPECT_TRUE(policy.ok()) << policy.status();
  return **policy;
}

struct CodeCase {
  std::string_view word, code;
};

TEST(PolicyRegionsTest, CodesOfNames) {
  constexpr CodeCase kCases[] = {
      // 海南 the province and 海南 the prefecture.
      {"海南", "46"},
      {"海南省", "46"},
      {"海南州", "6325"},
      {"海南藏族自治州", "6325"},
      {"青海海南", "6325"},
      {"青海省海南藏族自治州", "6325"},
      {"青海省海南州", "6325"},
      {"青海省海南州贵德县", "6325"},
      {"海南州贵德县", "6325"},
      {"海南省海口市", "4601"},
      {"海南贵德县", ""},
      // The other points of the compass.
      {"海西", "6328"},
      {"海西州", "6328"},
      {"海西蒙古族藏族自治州", "6328"},
      {"海北", "6322"},
      {"海北藏族自治州", "6322"},
      {"海东", "6302"},
      {"海东市", "6302"},
      {"黄南州", "6323"},
      // Provinces with and without their kind.
      {"青海", "63"},
      {"青海省", "63"},
      {"内蒙古", "15"},
      {"内蒙古自治区", "15"},
      {"新疆", "65"},
      {"新疆维吾尔自治区", "65"},
      {"新疆生产建设兵团", "65"},
      {"北京", "11"},
      {"北京市", "11"},
      {"香港特别行政区", "81"},
      {"台湾省", "71"},
      {"澳门", "82"},
      // Cities, with their province, with a county, with spaces and full-width forms.
      {"拉萨", "5401"},
      {"贵阳市", "5201"},
      {"昆明", "5301"},
      {"楚雄", "5323"},
      {"楚雄州", "5323"},
      {"云南省楚雄彝族自治州", "5323"},
      {"兰州", "6201"},
      {"白银", "6204"},
      {"临沧市", "5309"},
      {"深圳", "4403"},
      {"东营市", "3705"},
      {"苏州", "3205"},
      {"鄂尔多斯", "1506"},
      {"锡林郭勒盟", "1525"},
      {"阿克苏地区", "6529"},
      {"伊犁州", "6540"},
      {"石河子", "659001"},
      {"北京市海淀区", "11"},
      {"青海省格尔木市", "63"},
      {" 青 海 ", "63"},
      {"甘肃 兰州", "6201"},
      {"青海　海西州", "6328"},
      // Unknown, contradictory, not a name.
      {"", ""},
      {"火星", ""},
      {"江苏省杭州市", ""},
      {"青海的盐湖企业", ""},
      {"市", ""},
  };
  for (const CodeCase& c : kCases) EXPECT_EQ(ProductPolicy().RegionCode(c.word), c.code) << c.word;
}

TEST(PolicyRegionsTest, ALongRowOfNamesIsNoNameAndReturnsAtOnce) {
  std::string name;
  for (int i = 0; i < 20; ++i) name += "青海海南";
  EXPECT_EQ(ProductPolicy().RegionCode(name + "某"), "");
  EXPECT_EQ(ProductPolicy().RegionCode(std::string(1'000'000, 'x')), "");
}

TEST(PolicyRegionsTest, NamesOfCodesByTheLongestKnownPrefix) {
  constexpr CodeCase kCases[] = {
      {"青海", "63"},     {"海西州", "6328"}, {"海南州", "6325"}, {"海南州", "632523"},
      {"海南", "46"},     {"青海", "6399"},   {"北京", "110108"}, {"楚雄州", "5323"},
      {"拉萨", "540102"}, {"99", "99"},       {"", ""},           {"6", "6"},
  };
  for (const CodeCase& c : kCases) EXPECT_EQ(ProductPolicy().RegionName(c.code), c.word) << c.code;
}

TEST(PolicyRegionsTest, Groups) {
  struct GroupCase {
    std::string_view group, code;
    bool in;
  };
  constexpr GroupCase kCases[] = {
      {"东部", "12", true},     {"东部", "4403", true},    {"东部", "46", true},   {"东部", "6325", false},
      {"东部", "21", false},    {"沿黄河", "63", true},    {"沿黄河", "37", true}, {"沿黄河", "32", false},
      {"长江流域", "32", true}, {"长江流域", "62", false}, {"西部", "45", true},   {"西部", "6325", true},
      {"西部", "46", false},    {"南部", "44", false},     {"东部", "", false},
  };
  for (const GroupCase& c : kCases)
    EXPECT_EQ(ProductPolicy().InGroup(c.group, c.code), c.in) << c.group << c.code;
}

TEST(PolicyRegionsTest, EveryNameLeadsBackToItsCode) {
  for (const Channel& channel : ProductPolicy().channels()) {
    EXPECT_EQ(ProductPolicy().RegionCode(ProductPolicy().RegionName(channel.region)), channel.region);
  }
  for (const Pairing& pairing : ProductPolicy().pairings()) {
    EXPECT_EQ(ProductPolicy().RegionCode(ProductPolicy().RegionName(pairing.west)), pairing.west);
  }
}

TEST(PolicyModesTest, CodesOfWords) {
  constexpr CodeCase kCases[] = {
      {"转让", "transfer"},
      {"技术转让", "transfer"},
      {"transfer", "transfer"},
      {"TRANSFER", "transfer"},
      {"专利许可", "license"},
      {"技术入股", "equity"},
      {"合作开发", "joint_rd"},
      {"联合攻关", "joint_rd"},
      {"技术咨询", "technical_service"},
      {"揭榜挂帅", "commissioned_rd"},
      {"共建实验室", "joint_platform"},
      {"飞地", "enclave_park"},
      {"人才飞地", "talent_enclave"},
      {"整体外包", "park_operation"},
      {"特许经营", "park_operation"},
      {"双聘", "dual_appointment"},
      {"现代学徒制", "apprenticeship"},
      {"师带徒", "apprenticeship"},
      {"平台共建", "joint_platform"},
      {"互派挂职", "mutual_secondment"},
      {"研发+制造", "offsite_conversion"},
      {"研发＋制造", "offsite_conversion"},
      {"互派", "mutual_secondment"},
      {"", ""},
      {"随便", ""},
  };
  for (const CodeCase& c : kCases) EXPECT_EQ(ProductPolicy().ModeCode(c.word), c.code) << c.word;
}

TEST(PolicyModesTest, TheFirstWordIsPrinted) {
  EXPECT_EQ(ProductPolicy().ModeName("transfer"), "转让");
  EXPECT_EQ(ProductPolicy().ModeName("park_operation"), "园区委托运营");
  EXPECT_EQ(ProductPolicy().ModeName("no_such_mode"), "no_such_mode");
  for (const CooperationMode& mode : ProductPolicy().modes()) {
    EXPECT_EQ(ProductPolicy().ModeCode(ProductPolicy().ModeName(mode.code)), mode.code);
  }
}

}  // namespace
}  // namespace dongxi
