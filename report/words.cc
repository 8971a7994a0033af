#include "report/words.h"

#include "absl/time/time.h"
#include "engine/policy/word_table.h"

namespace dongxi::report {
namespace {

constexpr char kUnknownRegion[] = "未注明地区";
constexpr char kNoChannelCode[] = "none";
constexpr char kNoChannel[] = "无对应通道";

}  // namespace

std::string RegionName(std::string_view code) {
  return RegionWords().NameOf(code.substr(0, KnownRegionDigits(code)));
}

std::string FullRegionName(std::string_view code) {
  if (code.empty()) return kUnknownRegion;
  const std::string path = RegionPath(code);
  return path.empty() ? std::string(code) : path;
}

std::string ProvinceName(std::string_view code) {
  if (code.empty()) return kUnknownRegion;
  const std::string name = RegionName(code.substr(0, 2));
  return name.empty() ? std::string(code) : name;
}

std::string RegionCodeOf(std::string_view name) { return RegionWords().CodeOf(name); }

std::string ModeName(std::string_view code) {
  const std::string name = ModeWords().NameOf(code);
  return name.empty() ? std::string(code) : name;
}

std::string ModeCodeOf(std::string_view word) { return ModeWords().CodeOf(word); }

std::string ChannelName(std::string_view code) {
  if (code == kNoChannelCode) return kNoChannel;
  const std::string name = ChannelWords().NameOf(code);
  return name.empty() ? std::string(code) : name;
}

std::string ChannelCodeOf(std::string_view word) {
  return word == kNoChannel || word == kNoChannelCode ? kNoChannelCode : ChannelWords().CodeOf(word);
}

std::string ScorePartName(std::string_view part) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"lexical", "词语"},     {"feedback", "同类佐证"},   {"learned", "学习排序"}, {"semantic", "语义"},
      {"policy", "政策"},      {"mode", "合作方式"},       {"maturity", "成熟度"},  {"condition", "适用条件"},
      {"history", "以往对接"}, {"standing", "可合作状态"},
  };
  for (const auto& [code, name] : kNames) {
    if (code == part) return std::string(name);
  }
  return std::string(part);
}

std::string StrengthName(v1::PairingStrength strength) {
  switch (strength) {
    case v1::NAMED:
      return "方案点名";
    case v1::GROUP:
      return "方案所指地区";
    case v1::INFERRED:
      return "由方案推断";
    default:
      return "";
  }
}

std::string AdequacyWord(const v1::MatchEntry& entry) {
  if (!entry.barred().empty()) return "不宜推荐";
  return entry.adequate() ? "合适" : "接近";
}

std::string KindName(v1::RecordKind kind) {
  switch (kind) {
    case v1::INSTITUTION:
      return "机构";
    case v1::EXPERT:
      return "专家";
    case v1::RESULT:
      return "成果";
    case v1::NEED:
      return "需求";
    case v1::EVIDENCE:
      return "佐证";
    default:
      return "";
  }
}

std::string BeijingTime(const google::protobuf::Timestamp& time) {
  // Seconds of the years 1 to 9999, the range of the message; 0 stands for "not set".
  if (time.seconds() == 0 || time.seconds() < -62135596800 || time.seconds() > 253402300799) return "";
  // China has had one time zone without daylight saving since 1991: no zone database is needed.
  return absl::FormatTime("%Y-%m-%d %H:%M", absl::FromUnixSeconds(time.seconds()),
                          absl::FixedTimeZone(8 * 3600));
}

}  // namespace dongxi::report
