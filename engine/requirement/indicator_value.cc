// From a number with its words to the value of an indicator.
#include "engine/requirement/indicator_value.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "engine/requirement/dimension.h"
#include "engine/requirement/scan_text.h"
#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

constexpr double kMilligramALitre = 1e-3;  // kg/m³

// 温差, 控温精度, 温升: degrees between two temperatures.
bool IsDifference(std::u32string_view name) {
  constexpr std::array<std::u32string_view, 14> kDifferences = {U"精度",   U"温差", U"温升", U"温降", U"波动",
                                                                U"误差",   U"偏差", U"梯度", U"均匀", U"分辨",
                                                                U"不确定", U"漂移", U"浮动", U"起伏"};
  return std::any_of(kDifferences.begin(), kDifferences.end(),
                     [&](std::u32string_view word) { return name.find(word) != std::u32string_view::npos; });
}

// A temperature to work at: frost, unless the name is about storing, freezing or a melting point, or any
// beside a word of use.
bool IsEnvironment(const QuantityToken& token, const QuantityName& name) {
  if (!(token.unit.dimension == TemperatureDimension()) || token.symmetric) return false;
  if (IsDifference(name.text)) return false;  // 温升≤20K is no frost
  constexpr double kFreezing = 273.15;
  const bool stored =
      name.text.find(U'存') != std::u32string::npos || name.text.find(U'冻') != std::u32string::npos ||
      name.text.find(U'点') != std::u32string::npos || name.text.find(U"贮") != std::u32string::npos;
  if (token.high <= kFreezing && (!stored || name.text.find(U"不冻") != std::u32string::npos)) return true;
  for (const std::u32string_view word :
       {U"工作", U"运行", U"启动", U"使用", U"作业", U"放电", U"环境", U"耐", U"条件", U"可用", U"有效"}) {
    if (name.text.find(word) != std::u32string::npos) return true;
  }
  return false;
}

// 未达到85%: below it; 不能在-20℃以下: not down to it.
Compare Opposite(Compare compare, Better better) {
  switch (compare) {
    case Compare::kAtMost:
    case Compare::kLessThan:
      return Compare::kMoreThan;
    case Compare::kAtLeast:
    case Compare::kMoreThan:
      return Compare::kLessThan;
    default:
      return better == Better::kLow || better == Better::kReachLow ? Compare::kMoreThan : Compare::kLessThan;
  }
}

// Of a quantity that the table does not have.
bool SmallIsBetter(std::u32string_view name) {
  constexpr std::u32string_view kCosts = U"损耗失误差延费价污废病死漏糙";
  return std::any_of(name.begin(), name.end(),
                     [&](char32_t c) { return kCosts.find(c) != std::u32string_view::npos; });
}

// 抗风30m/s, 最大风速30m/s, 风速30m/s: a wind of the site, which has to be borne. 启动风速, 出口风速 are
// those of a machine: the value itself.
bool IsWindToBear(const QuantityName& name) {
  if (name.quantity != "风速") return false;
  constexpr std::array<std::u32string_view, 11> kOfSite = {
      U"抗", U"耐", U"适应", U"适用", U"承受", U"最大", U"极大", U"极端", U"瞬时", U"阵风", U"环境"};
  return name.text == U"风速" || std::any_of(kOfSite.begin(), kOfSite.end(), [&](std::u32string_view word) {
           return name.text.find(word) != std::u32string_view::npos;
         });
}

// Which end of a value bounds it; at most one of them. Neither: both ends do.
struct Ends {
  bool at_least = false, at_most = false;
};

// What serves a need that writes no comparison. `single`: one number stands there, not a range.
Ends EndsThatServe(Compare compare, bool single, const BeforeNumber& before, int change,
                   const Indicator& indicator) {
  Ends ends;
  const Better better = indicator.name.better;
  if (change != 0) {
    // Against what serves, the need bears at most that much (热效率下降0.3个百分点).
    const bool against = (change < 0 && (better == Better::kHigh || better == Better::kReachHigh)) ||
                         (change > 0 && better == Better::kLow);
    (against ? ends.at_most : ends.at_least) = true;
  } else if (before.to && before.change != 0) {
    (before.change > 0 ? ends.at_least : ends.at_most) = true;
  } else if (better == Better::kHigh || better == Better::kReachHigh ||
             (single && IsWindToBear(indicator.name))) {
    ends.at_least = true;
  } else if (better == Better::kLow || better == Better::kReachLow) {
    ends.at_most = true;
  } else if (compare == Compare::kReach || (indicator.name.quantity.empty() && single)) {
    (SmallIsBetter(indicator.name.text) ? ends.at_most : ends.at_least) = true;
  }
  return ends;
}

// 分辨率不低于0.1 mm, 定位精度不低于0.5 m: at least that fine.
bool IsFineness(const Indicator& indicator) {
  const std::u32string_view name = indicator.name.text;
  const bool named = name.ends_with(U"分辨率") || name.ends_with(U"分辨力") || name.ends_with(U"精度");
  const Dimension& dimension = indicator.dimension;
  return named && dimension.bases() == 1 &&
         (dimension.power("length") == 1 || dimension.power("time") == 1 || dimension.Has("temperature") ||
          dimension.power("mass") == 1);
}

bool EndsInOneOf(std::u32string_view name, std::initializer_list<std::u32string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::u32string_view word) { return name.ends_with(word); });
}

// 耐温上限为150℃, 采样率最高300点/s, 含水反升到84%, 每亩须喷4 L: of an offer one number, and a bound.
void BoundByName(const BeforeNumber& before, Indicator& indicator) {
  const std::u32string_view name = indicator.name.text;
  const bool against = before.against && before.to;
  indicator.explicit_low = (against && before.change > 0) || before.must || name.find(U'须') != name.npos ||
                           EndsInOneOf(name, {U"下限", U"最低", U"最小", U"最短", U"最低也", U"最小的"});
  indicator.explicit_high =
      (against && before.change < 0) ||
      EndsInOneOf(name, {U"上限", U"最高", U"最大", U"最长", U"最快", U"最远", U"最深", U"最高只"});
}

// The bounds by the words (`both_ends`: by signs on both sides), and for a need without such words by what
// serves it.
void Bound(Compare compare, double low, double high, bool both_ends, const BeforeNumber& before, int change,
           Side side, Indicator& indicator) {
  const bool need = side == Side::kNeed;
  Ends ends{.at_least = compare == Compare::kAtLeast || compare == Compare::kMoreThan,
            .at_most = compare == Compare::kAtMost || compare == Compare::kLessThan};
  const bool said = ends.at_least || ends.at_most;
  // -40~60℃ and 量程 must be covered, both ends.
  const bool cover = (indicator.dimension.Has("temperature") || indicator.covers) && low < high;
  // 粗糙度 1.3±0.2: the tolerance is all that is allowed, but for what is better higher or lower anyway.
  const Better better = indicator.name.better;
  const bool exact = indicator.tolerance > 0 && better != Better::kHigh && better != Better::kLow;
  if (!said && need && !cover && !exact && !both_ends)
    ends = EndsThatServe(compare, low == high, before, change, indicator);
  indicator.low = ends.at_most ? -kUnbounded : low;
  indicator.high = ends.at_least ? kUnbounded : high;
  // A range that is compared (6000~8000亩以上) keeps its easier end.
  if (ends.at_most) indicator.high = high;
  if (ends.at_least) indicator.low = low;
  indicator.explicit_low = said && ends.at_least;
  indicator.explicit_high = said && ends.at_most;
  indicator.range = need && !said && !exact && low < high;
  if (!need && !said) BoundByName(before, indicator);
  indicator.open_low = compare == Compare::kMoreThan;
  indicator.open_high = compare == Compare::kLessThan;
  if (indicator.change && ends.at_most) indicator.low = need ? -kUnbounded : 0;
}

// 铅0.12 mg/kg, Fe 0.35%: what holds it is not said, but it can only be a content.
bool IsSubstanceAlone(const QuantityToken& token, const QuantityName& name) {
  const bool share = token.has_unit && token.unit.dimension.is_ratio() && token.unit.factor <= 0.01;
  return name.substance && (share || token.unit.dimension == DensityDimension());
}

// 2000吨/年示范线: the text names the plant, and its output is what the unit says.
bool IsOutputOfLine(const QuantityToken& token, const QuantityName& name) {
  const Dimension& dimension = token.unit.dimension;
  if (dimension.power("mass") != 1 || dimension.power("time") != -1) return false;
  for (const std::u32string_view plant : {U"生产线", U"示范线", U"产线", U"中试线", U"装置", U"工厂"}) {
    if (name.text.ends_with(plant)) return true;
  }
  return false;
}

// 效价1:64 is the dilution that still works: 64.
bool IsTitre(const QuantityToken& token, const QuantityName& name) {
  return name.quantity == "效价" && !token.has_unit && token.low > 0 && token.high < 1;
}

// 航速8节; 8节 of anything else are pieces.
bool IsKnots(const QuantityToken& token, const QuantityName& name) {
  return token.has_unit && token.unit.text == "节" && name.quantity == "速度";
}

bool IsRoughness(std::u32string_view name) {
  return name.find(U"粗糙度") != std::u32string_view::npos || name.ends_with(U"Ra") || name.ends_with(U"Rz");
}

// 剩磁1.42 T; T of anything else is a tonne.
bool IsTesla(const QuantityToken& token, const QuantityName& name) {
  return token.has_unit && token.unit.text == "T" &&
         (name.quantity == "剩磁" || name.quantity == "磁感应强度");
}

bool FindsLeast(std::u32string_view name) {
  for (const std::u32string_view word : {U"最小可", U"可检最小", U"可测最小", U"可识别最小", U"可检出最小"}) {
    if (name.find(word) != std::u32string_view::npos) return true;
  }
  return false;
}

}  // namespace

void NameByUnit(const QuantityToken& token, QuantityName& name) {
  if (token.unit.dimension.Has("energy") && name.quantity == "能耗" &&
      (token.unit.text.starts_with("度") || FoldAscii(DecodeUtf8(token.unit.text)).starts_with(U"kwh") ||
       token.unit.text.starts_with("千瓦时")))
    name.quantity = "电耗";
  // 几何精度 0.1 mm is an error, 识别精度 95 % is not.
  if (name.quantity == "预测精度" && !token.unit.dimension.is_ratio()) name.better = Better::kLow;
  // 综合精度0.1%FS is an error, 最小可检缺陷0.1 mm how little is found.
  if (token.unit.text == "%FS" || FindsLeast(name.text)) name.better = Better::kLow;
  if (token.unit.dimension.Has("money") && token.unit.dimension.ToString() != "money") name.generic = false;
  if (token.unit.dimension.Has("wind_class")) {
    name.quantity = "风速";
    name.better = Better::kHigh;
  }
  if (IsOutputOfLine(token, name)) {
    name.quantity = "产能";
    name.better = Better::kHigh;
    name.generic = false;
  }
  // 在-30℃下连续工作 is no time.
  if (token.unit.dimension == TemperatureDimension() && name.quantity == "运行时间") name.quantity.clear();
  if (!name.quantity.empty()) return;
  if (token.unit.dimension.Has("case")) {
    name.quantity = "样本量";
    name.better = Better::kHigh;
  }
  if (IsSubstanceAlone(token, name)) {
    name.quantity = "含量";
    name.generic = true;
    name.object = FoldAscii(name.text);
  }
  if (!IsEnvironment(token, name)) return;
  name.quantity = "环境温度";
  constexpr double kHeat = 273.15 + 40;  // 环境五十度
  name.better = token.low >= kHeat ? Better::kReachHigh : Better::kReachLow;
}

void SetUnit(const QuantityToken& token, const BeforeNumber& before, const RequirementTables& tables,
             Indicator& indicator) {
  indicator.dimension = token.unit.dimension;
  indicator.unit = token.has_unit ? token.unit.text : "";
  // COD≤50 is in mg/L.
  const std::string& quantity = indicator.name.quantity;
  if (!token.has_unit &&
      (quantity == "cod" || quantity == "氨氮" || quantity == "总氮" || quantity == "总磷")) {
    indicator.dimension = DensityDimension();
    indicator.unit = "mg/L";
    indicator.factor = kMilligramALitre;
    return;
  }
  // 粗糙度Ra≤0.8 is in μm.
  if (!token.has_unit && IsRoughness(indicator.name.text)) {
    constexpr double kMicrometre = 1e-6;
    static const Dimension& length = *new Dimension(*Dimension::Parse("length"));
    indicator.dimension = length;
    indicator.unit = "μm";
    indicator.factor = kMicrometre;
    return;
  }
  indicator.factor = token.has_unit ? token.unit.factor : 1;
  if (IsKnots(token, indicator.name)) {
    constexpr double kKnot = 1852.0 / 3600;  // m/s
    indicator.dimension = SpeedDimension();
    indicator.factor = kKnot;
    return;
  }
  if (IsTesla(token, indicator.name)) {
    indicator.dimension = TeslaDimension();
    indicator.factor = 1;
    return;
  }
  indicator.offset = IsDifference(indicator.name.text) ? 0 : token.unit.offset;
  indicator.points = token.unit.dimension.Has("point");
  std::vector<size_t>& per = indicator.name.denominators;
  if (before.per.has_value()) per.push_back(*before.per);
  // 每块成本 says of what by its denominator.
  if (!per.empty() && quantity == "成本") indicator.name.generic = false;
  for (const size_t unit : per)
    DivideBy(tables.units()[unit].dimension, tables.units()[unit].factor, indicator);
}

void DivideBy(const Dimension& per, double size, Indicator& indicator) {
  if (indicator.dimension.is_ratio() || indicator.points || indicator.offset != 0) return;
  for (const char* base : {"length", "time", "mass", "animal", "person", "household", "energy", "item"}) {
    if (per.Has(base) && indicator.dimension.Has(base) && indicator.dimension.power(base) < 0) return;
  }
  // 每批288小时 is a time, as 年运行时间 is.
  if (indicator.dimension == TimeDimension() && (per == TimeDimension() || per.IsCount())) return;
  indicator.dimension = indicator.dimension.Times(per, -1);
  indicator.factor /= size;
}

void SetRange(const QuantityToken& token, const BeforeNumber& before, const AfterNumber& after, Side side,
              Indicator& indicator) {
  // The name's denominator has changed the factor since the token was read.
  const double scale = indicator.factor / (token.has_unit ? token.unit.factor : 1);
  // A symmetric value has no offset in it.
  const double dropped = token.symmetric ? 0 : token.unit.offset - indicator.offset;
  double low = (token.low - dropped) * scale, high = (token.high - dropped) * scale;
  indicator.tolerance = token.tolerance * scale;
  // 1.6 times as much is 60 % more.
  if (before.multiple) {
    low -= 1;
    high -= 1;
  }
  if (IsTitre(token, indicator.name)) {
    std::swap(low, high);
    low = 1 / low;
    high = 1 / high;
  }
  Compare compare = before.compare;
  if (compare == Compare::kNone || compare == Compare::kReach || compare == Compare::kAbout)
    compare = after.compare == Compare::kNone ? compare : after.compare;
  if (compare == Compare::kAtLeast && IsFineness(indicator)) compare = Compare::kAtMost;
  int change = before.to ? 0 : before.change;
  if (change == 0 && !before.to && indicator.name.direction != 0) change = indicator.name.direction;
  indicator.change = change != 0;
  // 转速0~220 r/min: from rest up to there, wherever between it is asked for.
  const bool from_rest = side == Side::kNeed && token.range && token.low == 0 && token.high > 0 &&
                         !token.unit.dimension.is_ratio() && compare == Compare::kNone;
  indicator.covers = before.covers || from_rest || (after.adjustable && token.range);
  if (token.symmetric) {
    // ±2 ℃ of error at most, ±20 % of adjustment at least.
    const bool reaches =
        before.covers || before.compare == Compare::kAtLeast || before.compare == Compare::kMoreThan;
    low = reaches ? high : 0;
    compare = reaches ? Compare::kAtLeast : Compare::kAtMost;
    indicator.offset = 0;
  }
  if (indicator.change && indicator.offset != 0) {
    low -= indicator.offset;
    high -= indicator.offset;
    indicator.offset = 0;
  }
  indicator.negated = before.negated;
  if (before.negated) compare = Opposite(compare, indicator.name.better);
  Bound(compare, low, high, token.both_ends, before, change, side, indicator);
  // 井深2500 m左右 asks for no more exactness than it says.
  constexpr double kAboutShare = 0.05;
  if (compare == Compare::kAbout && side == Side::kNeed && indicator.low == indicator.high) {
    indicator.low -= std::abs(low) * kAboutShare;
    indicator.high += std::abs(high) * kAboutShare;
  }
  if (change < 0) {
    std::swap(indicator.low, indicator.high);
    std::swap(indicator.explicit_low, indicator.explicit_high);
    std::swap(indicator.open_low, indicator.open_high);
    indicator.low = -indicator.low;
    indicator.high = -indicator.high;
  }
}

}  // namespace dongxi::requirement
