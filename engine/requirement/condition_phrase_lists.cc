// Phrases that say something of a condition without its name.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/requirement/condition_phrases.h"

namespace dongxi::requirement {
namespace {

struct ConditionPhrase {
  std::string_view code;
  std::u32string_view word;
};

constexpr ConditionPhrase kExclusions[] = {
    {"high_altitude", U"平原机型"},
    {"high_altitude", U"仅供平原"},
    {"high_altitude", U"只供平原"},
    {"high_altitude", U"只配平原"},
    {"high_altitude", U"仅限平原"},
    {"high_altitude", U"只限平原"},
    {"high_altitude", U"上不了高原"},
    {"high_altitude", U"不能上高原"},
    {"high_altitude", U"平原专用"},
    {"high_altitude", U"平原地区专用"},
    {"high_altitude", U"仅适用于平原"},
    {"high_altitude", U"只适用于平原"},
    {"high_altitude", U"仅适合平原"},
    {"high_altitude", U"只适合平原"},
    {"high_altitude", U"只能在平原"},
    {"high_altitude", U"只能用于平原"},
    {"high_altitude", U"只宜平原"},
    {"high_altitude", U"低海拔专用"},
    {"high_altitude", U"低海拔地区专用"},
    {"high_altitude", U"仅适用于低海拔"},
    {"high_altitude", U"只适用于低海拔"},
    {"high_altitude", U"仅限低海拔"},
    {"high_altitude", U"只限低海拔"},
    {"high_altitude", U"只能在低海拔"},
    {"cold", U"冬季须停用"},
    {"cold", U"冬季停用"},
    {"cold", U"入冬前要拆"},
    {"cold", U"入冬前拆"},
    {"cold", U"不耐冻"},
    {"cold", U"怕冻"},
    {"cold", U"冬季要收起"},
    {"cold", U"冬季不能"},
    {"cold", U"冬天不能"},
    {"cold", U"冬季禁用"},
    {"cold", U"冬季不宜"},
    {"cold", U"结冰后无法"},
    {"cold", U"冬季无法"},
    {"cold", U"冬天无法"},
    {"cold", U"冬季用不了"},
    {"cold", U"冬天用不了"},
    {"cold", U"冬季须停机"},
    {"cold", U"冬季须停运"},
    {"cold", U"冬季须拆"},
    {"cold", U"冬季须收"},
    {"cold", U"入冬须停"},
    {"cold", U"入冬即停"},
    {"cold", U"上冻后不能"},
    {"cold", U"上冻后无法"},
    {"cold", U"不抗冻"},
    {"cold", U"不耐低温"},
    {"cold", U"仅限夏季"},
    {"cold", U"只限夏季"},
    {"cold", U"只能夏季"},
    {"arid", U"须有灌溉条件"},
    {"arid", U"需有灌溉条件"},
    {"arid", U"须具备灌溉条件"},
    {"arid", U"需具备灌溉条件"},
    {"arid", U"必须灌溉"},
    {"arid", U"须保证灌溉"},
    {"arid", U"仅限水浇地"},
    {"arid", U"只限水浇地"},
    {"arid", U"仅适用于水浇地"},
    {"arid", U"只适用于水浇地"},
    {"arid", U"只能种在水浇地"},
    {"arid", U"不抗旱"},
    {"saline", U"不耐盐"},
    {"saline", U"不抗盐"},
    {"saline", U"忌盐碱"},
    {"saline", U"只能用淡水"},
    {"weak_grid", U"要求电网坚强"},
    {"weak_grid", U"离了市电就"},
    {"weak_grid", U"离开市电就"},
    {"weak_grid", U"离了市电转不"},
    {"sand", U"怕沙"},
    {"sand", U"不防沙"},
    {"sand", U"怕风沙"},
    {"remote", U"须专人值守"},
    {"remote", U"须有人值守"},
    {"strong_uv", U"不耐紫外"},
    {"strong_uv", U"只宜室内"},
    {"strong_uv", U"仅宜室内"},
    {"strong_uv", U"仅限室内"},
    {"strong_uv", U"只限室内"},
    {"strong_uv", U"只能室内"},
    {"strong_uv", U"只能在室内"},
    {"strong_uv", U"仅供室内"},
    {"strong_uv", U"只供室内"},
    {"strong_uv", U"仅适用于室内"},
    {"strong_uv", U"只适用于室内"},
    {"strong_uv", U"不宜户外"},
    {"strong_uv", U"不宜室外"},
    {"strong_uv", U"不能用于户外"},
    {"strong_uv", U"不得用于户外"},
    {"strong_uv", U"不适用于户外"},
    {"strong_uv", U"不耐晒"},
};

constexpr ConditionPhrase kTrials[] = {{"strong_uv", U"氙灯老化"},
                                       {"strong_uv", U"紫外老化箱"},
                                       {"strong_uv", U"紫外老化试验"},
                                       {"strong_uv", U"紫外加速老化"},
                                       {"strong_uv", U"人工加速老化"},
                                       {"sand", U"吹沙试验"},
                                       {"sand", U"吹砂试验"},
                                       {"sand", U"沙尘箱"},
                                       {"sand", U"砂尘箱"},
                                       {"sand", U"砂尘试验"},
                                       {"saline", U"浇盐水"},
                                       {"humid_heat", U"恒定湿热"},
                                       {"humid_heat", U"交变湿热"},
                                       {"humid_heat", U"湿热老化"},
                                       {"humid_heat", U"湿热循环"},
                                       {"humid_heat", U"湿热试验箱"},
                                       {"humid_heat", U"湿热箱"},
                                       {"humid_heat", U"高温高湿试验箱"},
                                       {"humid_heat", U"高温高湿老化"},
                                       {"cold", U"高低温循环"},
                                       {"cold", U"高低温交变"},
                                       {"cold", U"高低温试验箱"},
                                       {"arid", U"人工模拟干旱"},
                                       {"arid", U"聚乙二醇模拟"},
                                       {"weak_grid", U"电网模拟器"},
                                       {"weak_grid", U"模拟电网电源"}};

// An offer that names one was there; as a need's word it would ask for too much.
constexpr ConditionPhrase kSites[] = {{"high_altitude", U"那曲"},
                                      {"high_altitude", U"唐古拉"},
                                      {"high_altitude", U"昆仑山口"},
                                      {"high_altitude", U"沱沱河"},
                                      {"high_altitude", U"五道梁"},
                                      {"high_altitude", U"珠峰"},
                                      {"high_altitude", U"雪线"},
                                      {"cold", U"根河"},
                                      {"cold", U"北极村"},
                                      {"arid", U"旱坡地"},
                                      {"arid", U"旱作"},
                                      {"arid", U"旱田"},
                                      {"arid", U"大旱"},
                                      {"arid", U"特旱"},
                                      {"arid", U"伏旱"},
                                      {"arid", U"春旱"},
                                      {"arid", U"卡脖旱"},
                                      {"saline", U"返盐"},
                                      {"sand", U"半固定沙"},
                                      {"sand", U"流动沙"},
                                      {"weak_grid", U"不接市电"},
                                      {"weak_grid", U"无需市电"},
                                      {"weak_grid", U"不需市电"},
                                      {"weak_grid", U"不用市电"},
                                      {"weak_grid", U"不依赖市电"},
                                      {"weak_grid", U"不接电网"},
                                      {"weak_grid", U"不依赖电网"},
                                      {"weak_grid", U"不依赖大电网"},
                                      {"weak_grid", U"与大电网断开"},
                                      {"weak_grid", U"脱离大电网"},
                                      {"remote", U"人背马驮"},
                                      {"remote", U"马驮"},
                                      {"remote", U"牧点"},
                                      {"humid_heat", U"雨林"},
                                      {"humid_heat", U"热带地区"},
                                      {"karst", U"落水洞"},
                                      {"karst", U"天坑"},
                                      {"karst", U"暗河"},
                                      {"karst", U"溶腔"},
                                      {"karst", U"溶沟"},
                                      {"karst", U"石芽"}};

WordFinder FinderOf(std::span<const ConditionPhrase> phrases) {
  WordFinder finder;
  for (size_t i = 0; i < phrases.size(); ++i) finder.Add(std::u32string(phrases[i].word), i);
  return finder;
}

std::vector<PhraseHit> Find(std::u32string_view text, std::span<const ConditionPhrase> phrases,
                            const WordFinder& finder) {
  std::vector<PhraseHit> hits;
  for (const WordFinder::Hit& hit : finder.FindAll(text))
    hits.push_back({phrases[hit.id].code, hit.begin, hit.end});
  return hits;
}

}  // namespace

std::vector<PhraseHit> ExclusionsIn(std::u32string_view text) {
  static const WordFinder& kFinder = *new WordFinder(FinderOf(kExclusions));
  return Find(text, kExclusions, kFinder);
}

std::vector<PhraseHit> TrialsIn(std::u32string_view text) {
  static const WordFinder& kFinder = *new WordFinder(FinderOf(kTrials));
  return Find(text, kTrials, kFinder);
}

std::vector<PhraseHit> SitesIn(std::u32string_view text) {
  static const WordFinder& kFinder = *new WordFinder(FinderOf(kSites));
  return Find(text, kSites, kFinder);
}

}  // namespace dongxi::requirement
