#include "engine/requirement/after_number.h"

#include <array>
#include <utility>

#include "engine/text/normalize.h"

namespace dongxi::requirement {
namespace {

// 128腔以上, 二十场次以内: what is counted, between a number that has no unit and its bound.
size_t CounterLength(std::u32string_view behind) {
  for (size_t length = 1; length <= 2 && length < behind.size() && IsHan(behind[length - 1]); ++length) {
    const std::u32string_view bound = behind.substr(length, 2);
    if (bound == U"以上" || bound == U"以下" || bound == U"以内") return length;
  }
  return 0;
}

// What befalls a thing where it is no longer of use.
bool BeginsFailure(std::u32string_view text) {
  for (const std::u32string_view word :
       {U"降额",   U"降容", U"线性降额", U"开裂", U"出现开裂", U"测不出", U"不能",   U"无法",
        U"停运",   U"停机", U"停飞",     U"停止", U"停用",     U"分解",   U"失效",   U"失灵",
        U"析出",   U"破坏", U"拒动",     U"崩解", U"软化",     U"变形",   U"凝固",   U"结冰",
        U"冻结",   U"脱落", U"起泡",     U"断裂", U"报废",     U"未通过", U"不通过", U"达不到",
        U"不工作", U"死机", U"截断",     U"沉淀", U"失稳",     U"衰减"}) {
    if (text.starts_with(word)) return true;
  }
  return false;
}

// 不得涂装; 不得低于 is a bound.
bool BeginsBan(std::u32string_view text) {
  constexpr std::u32string_view kBounds = U"低高超少大小多短长迟晚";
  return text.starts_with(U"不得") && text.size() > 2 && kBounds.find(text[2]) == std::u32string_view::npos;
}

bool DeniesUse(std::u32string_view behind) {
  if (BeginsBan(behind)) return true;
  for (const std::u32string_view word :
       {U"不适用", U"不能用",   U"不能使用", U"不宜",     U"无法使用", U"无法工作", U"不能工作", U"失效",
        U"不可用", U"无法启动", U"不能启动", U"启动不了", U"测不出",   U"不可使用", U"不再适用", U"必须停",
        U"须停",   U"无法运行", U"不能运行", U"不能作业", U"需停",     U"禁止"}) {
    if (behind.starts_with(word)) return true;
  }
  // 480℃即开始分解, 2000 m以上需降容, 大于4级时不能作业
  for (const std::u32string_view word : {U"即会", U"就会", U"即须", U"就须", U"即开始", U"就开始", U"便开始",
                                         U"开始", U"即", U"就", U"便", U"时", U"需", U"须", U"则"}) {
    if (!behind.starts_with(word)) continue;
    const std::u32string_view rest = behind.substr(word.size());
    if (BeginsFailure(rest) || BeginsBan(rest)) return true;
  }
  return false;
}

bool BeginsAdjustable(std::u32string_view behind) {
  for (const std::u32string_view word : {U"可调", U"无级可", U"连续可", U"可选", U"可设", U"范围内可调"}) {
    if (behind.starts_with(word)) return true;
  }
  return false;
}

}  // namespace

AfterNumber ReadAfterNumber(const ScanText& scan, size_t at, NumberIs is) {
  using Entry = std::pair<std::u32string_view, Compare>;
  static constexpr std::array kWords = {
      Entry{U"及以上", Compare::kAtLeast},   Entry{U"或以上", Compare::kAtLeast},
      Entry{U"(含)以上", Compare::kAtLeast}, Entry{U"以上", Compare::kAtLeast},
      Entry{U"之上", Compare::kAtLeast},     Entry{U"及以下", Compare::kAtMost},
      Entry{U"或以下", Compare::kAtMost},    Entry{U"(含)以下", Compare::kAtMost},
      Entry{U"以下", Compare::kAtMost},      Entry{U"以内", Compare::kAtMost},
      Entry{U"之内", Compare::kAtMost},      Entry{U"左右", Compare::kAbout},
      Entry{U"上下", Compare::kAbout},       Entry{U"有余", Compare::kAtLeast},
      Entry{U"余", Compare::kAtLeast},       Entry{U"多", Compare::kAtLeast},
      Entry{U"起步", Compare::kAtLeast}};
  const std::u32string_view text = scan.text;
  size_t place = at;
  while (place < text.size() && text[place] == U' ') ++place;
  // 万吨级以上
  if (text.substr(place, 1) == U"级" && place + 1 < text.size() &&
      std::u32string_view(U"及或以(").find(text[place + 1]) != std::u32string_view::npos)
    ++place;
  if (is == NumberIs::kWithoutUnit) place += CounterLength(text.substr(place));
  for (const Entry& entry : kWords) {
    if (!text.substr(place).starts_with(entry.first)) continue;
    const size_t end = place + entry.first.size();
    // 海拔4000m以上不适用
    return {end, DeniesUse(text.substr(end)) ? Denied(entry.second) : entry.second};
  }
  const char32_t next = place + 1 < text.size() ? text[place + 1] : 0;
  // 屠宰率52%起
  if (place < text.size() && text[place] == U'起' && !IsHan(next)) return {place + 1, Compare::kAtLeast};
  // 百分之五内, 两毫米内; a time goes on: 24小时内不复燃.
  const bool inside = place < text.size() && text[place] == U'内' &&
                      (is == NumberIs::kTime ? next != U'蒙' : !IsHan(next) && !IsAsciiLetter(next));
  // 36h内未复燃 lasted that long.
  const bool lasted = inside && place + 1 < text.size() &&
                      std::u32string_view(U"未无没").find(text[place + 1]) != std::u32string_view::npos;
  if (inside) return {place + 1, lasted ? Compare::kAtLeast : Compare::kAtMost};
  return {at, Compare::kNone, BeginsAdjustable(text.substr(place))};
}

bool DeniesUseBehind(const ScanText& scan, size_t at) {
  constexpr size_t kCharacters = 8;  // 半径小于400 m的曲线桥不适用
  const std::u32string_view text = scan.text;
  for (size_t place = at; place < text.size() && place <= at + kCharacters; ++place) {
    if (DeniesUse(text.substr(place))) return true;
    const bool goes_on = IsHan(text[place]) || IsAsciiLetter(text[place]) || text[place] == U' ';
    if (!goes_on) return false;
  }
  return false;
}

}  // namespace dongxi::requirement
