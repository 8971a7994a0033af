#include "report/words.h"

#include <gtest/gtest.h>

#include <fstream>

namespace dongxi::report {
namespace {

TEST(WordsTest, NamesRegionsByTheLongestKnownBeginning) {
  EXPECT_EQ(RegionName("63"), "青海");
  EXPECT_EQ(FullRegionName("6328").rfind("青海海西", 0), 0u) << FullRegionName("6328");
  EXPECT_EQ(FullRegionName("632801"), FullRegionName("6328"));
  EXPECT_EQ(FullRegionName("63"), "青海");
  EXPECT_EQ(ProvinceName("632801"), "青海");
  EXPECT_EQ(FullRegionName("99"), "99");
  EXPECT_EQ(FullRegionName(""), "未注明地区");
}

TEST(WordsTest, HainanPrefectureIsNotHainanProvince) {
  EXPECT_EQ(ProvinceName("6325"), "青海");
  EXPECT_EQ(RegionCodeOf("海南"), "46");
  EXPECT_EQ(RegionCodeOf("海南省"), "46");
}

TEST(WordsTest, ModesGoBothWays) {
  EXPECT_EQ(ModeName("transfer"), "转让");
  EXPECT_EQ(ModeCodeOf("转让"), "transfer");
  EXPECT_EQ(ModeCodeOf("技术转让"), "transfer");
  EXPECT_EQ(ModeCodeOf("transfer"), "transfer");
  EXPECT_EQ(ModeCodeOf("没有这种方式"), "");
  EXPECT_EQ(ModeName("unknown_mode"), "unknown_mode");
}

TEST(WordsTest, ChannelsOfTheTableGoBothWays) {
  std::ifstream table("data/policy/channels.tsv");
  int channels = 0;
  for (std::string line; std::getline(table, line);) {
    if (line.empty() || line[0] == '#' || line.rfind("id\t", 0) == 0) continue;
    const size_t tab = line.find('\t');
    const std::string code = line.substr(0, tab);
    const std::string name = line.substr(tab + 1, line.find('\t', tab + 1) - tab - 1);
    EXPECT_EQ(ChannelName(code), name);
    EXPECT_EQ(ChannelCodeOf(name), code);
    EXPECT_EQ(ChannelCodeOf(code), code);
    ++channels;
  }
  EXPECT_GE(channels, 8);
  EXPECT_EQ(ChannelName("none"), "无对应通道");
  EXPECT_EQ(ChannelCodeOf("无对应通道"), "none");
  EXPECT_EQ(ChannelCodeOf("none"), "none");
  EXPECT_EQ(ChannelCodeOf("科技"), "");
  EXPECT_EQ(ChannelCodeOf("id"), "") << "the head of the table";
  EXPECT_EQ(ChannelName("of-later-tables"), "of-later-tables");
}

TEST(WordsTest, TimesAreBeijingTimes) {
  google::protobuf::Timestamp time;
  EXPECT_EQ(BeijingTime(time), "");
  time.set_seconds(1763883600);
  EXPECT_EQ(BeijingTime(time), "2025-11-23 15:40");
  time.set_seconds(INT64_MAX);
  EXPECT_EQ(BeijingTime(time), "");
}

TEST(AdequacyWordTest, ABarredEntryIsNeitherAdequateNorNear) {
  v1::MatchEntry entry;
  EXPECT_EQ(AdequacyWord(entry), "接近");
  entry.set_adequate(true);
  EXPECT_EQ(AdequacyWord(entry), "合适");
  entry.set_adequate(false);
  entry.set_barred("知识产权已失效");
  EXPECT_EQ(AdequacyWord(entry), "不宜推荐");
}

}  // namespace
}  // namespace dongxi::report
