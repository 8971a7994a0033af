#include "engine/requirement/mode_names.h"

#include <algorithm>

namespace dongxi::requirement {
namespace {

constexpr size_t kNone = std::string_view::npos;

}  // namespace

const std::vector<NamedMode>& NamedModes() {
  static const auto* const kModes = new std::vector<NamedMode>{
      {"transfer", {"转让", "出让", "买断", "卖断"}},
      {"license", {"许可", "授权使用"}},
      {"equity", {"入股", "参股"}},
      {"conversion", {"成果转化", "落地转化"}},
      {"commissioned_rd",
       {"委托开发", "定制开发", "受托开发", "委托研发", "委托研究", "研发课题", "研发项目", "横向课题"}},
      {"joint_rd",
       {"联合攻关", "联合研发", "联合开发", "合作攻关", "合作研发", "合作开发", "共同研发", "研发课题",
        "科研课题", "研发项目"}},
      {"joint_platform", {"共建平台", "平台共建", "共建实验室", "共建研究院"}},
      {"pilot_platform", {"中试服务", "中试放大", "中试"}},
      {"demonstration", {"示范推广", "共建示范"}},
      {"resource_sharing", {"开放共享", "对外共享", "仪器共享", "设备共享", "数据共享", "外借"}},
      {"park_operation", {"园区运营", "托管园区"}},
      {"industry_transfer", {"产业转移", "整体搬迁", "外迁"}},
      {"offsite_conversion",
       {"异地转化", "省外转化", "外省转化", "区外转化", "外地转化", "跨省转化", "异地实施", "省外实施",
        "异地落地", "省外落地"}},
      {"talent_exchange", {"人才交流", "人员交流"}},
      {"flexible_hiring", {"柔性引进", "柔性聘用", "柔性工作", "柔性服务"}},
      {"dual_appointment", {"双聘", "受聘", "兼职"}},
      {"mutual_secondment", {"挂职", "派驻", "互派"}},
      {"apprenticeship", {"带徒", "收徒", "师带徒"}},
      {"training", {"培训", "授课", "讲课"}},
      {"technical_service", {"技术服务", "科技服务", "技术咨询", "技术指导"}},
      {"counterpart_aid", {"对口帮扶", "帮扶"}},
      {"popularisation", {"科普"}},
  };
  return *kModes;
}

bool HasAny(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != kNone; });
}

bool EndsWithAny(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.ends_with(word); });
}

bool StartsWithAny(std::string_view text, std::span<const std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.starts_with(word); });
}

bool TakeEnds(std::string_view& text, std::span<const std::string_view> ends) {
  const size_t size = text.size();
  for (size_t i = 0; i < ends.size();) {
    const bool stands = text.ends_with(ends[i]);
    if (stands) text.remove_suffix(ends[i].size());
    i = stands ? 0 : i + 1;
  }
  return text.size() < size;
}

bool TakeEnds(std::string_view& text, const std::vector<ModePhrase>& ends) {
  const size_t size = text.size();
  for (size_t i = 0; i < ends.size();) {
    const bool stands = text.ends_with(ends[i].first);
    if (stands) text.remove_suffix(ends[i].first.size());
    i = stands ? 0 : i + 1;
  }
  return text.size() < size;
}

std::string_view LastPart(std::string_view text, std::span<const std::string_view> ends) {
  size_t begin = 0;
  for (const std::string_view end : ends) {
    const size_t at = text.rfind(end);
    if (at != kNone) begin = std::max(begin, at + end.size());
  }
  return text.substr(begin);
}

std::string_view FirstPart(std::string_view text, std::span<const std::string_view> ends) {
  size_t size = text.size();
  for (const std::string_view end : ends) size = std::min(size, text.find(end));
  return text.substr(0, size);
}

std::string_view PartAround(std::string_view text, size_t at, std::span<const std::string_view> ends) {
  const size_t before = LastPart(text.substr(0, at), ends).size();
  return text.substr(at - before, before + FirstPart(text.substr(at), ends).size());
}

size_t PlaceOf(std::string_view text, const ModePhrase& phrase) {
  constexpr size_t kGapMost = 12 * 3;  // bytes of twelve characters
  const std::string_view first = phrase.first;
  if (phrase.rest.empty()) return text.find(first);
  for (size_t at = text.find(first); at != kNone; at = text.find(first, at + first.size())) {
    const size_t end = at + first.size();
    const size_t place = text.find(phrase.rest, end);
    if (place != kNone && place - end <= kGapMost) return at;
  }
  return kNone;
}

size_t FirstOf(std::string_view text, const std::vector<ModePhrase>& phrases) {
  for (const ModePhrase& phrase : phrases) {
    if (const size_t at = PlaceOf(text, phrase); at != kNone) return at;
  }
  return kNone;
}

bool SaysOneOf(std::string_view text, const std::vector<ModePhrase>& phrases) {
  return FirstOf(text, phrases) != kNone;
}

bool SaysNothing(std::string_view clause, const ModePhraseTable& table) {
  return SaysOneOf(clause, table.words(PhraseClass::kOthers)) &&
         !SaysOneOf(clause, table.words(PhraseClass::kOthersNot));
}

bool IsDeniedBefore(std::string_view before, const ModePhraseTable& table) {
  return SaysOneOf(before, table.words(PhraseClass::kDenial)) &&
         !SaysOneOf(before, table.words(PhraseClass::kNoDenial));
}

bool IsGoodsOnly(std::string_view clause, const ModePhraseTable& table) {
  return SaysOneOf(clause, table.words(PhraseClass::kGoods)) &&
         !SaysOneOf(clause, table.words(PhraseClass::kRight));
}

}  // namespace dongxi::requirement
