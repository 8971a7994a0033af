// Chinese words for the codes of the API, for people who read reports and tables. Names of regions,
// cooperation modes and channels are those of data/policy at the time of the build, so that no file is needed
// at run time. Pure functions; any thread.
#pragma once

#include <string>
#include <string_view>

#include "dongxi/v1/match.pb.h"
#include "dongxi/v1/records.pb.h"

namespace dongxi::report {

// 青海 for "63", 海西州 for "6328" and for "632801" (the longest known beginning); "" if the province is
// unknown.
std::string RegionName(std::string_view code);
// 青海海西州 for "6328"; 青海 for "63"; the code itself if unknown; 未注明地区 if empty.
std::string FullRegionName(std::string_view code);
// 青海 for every code that starts with 63; the code itself if unknown; 未注明地区 if empty.
std::string ProvinceName(std::string_view code);
// "63" for 青海 and 青海省; "" if unknown.
std::string RegionCodeOf(std::string_view name);

// 转让 for "transfer"; the code itself if unknown.
std::string ModeName(std::string_view code);
// "transfer" for 转让, 技术转让 and transfer; "" if unknown.
std::string ModeCodeOf(std::string_view word);

// 科技援青 for "keji-yuanqing", 无对应通道 for "none"; the code itself if unknown.
std::string ChannelName(std::string_view code);
// "keji-yuanqing" for 科技援青 and for itself, "none" for 无对应通道; "" if unknown.
std::string ChannelCodeOf(std::string_view word);

// 词语 for "lexical"; the code itself if unknown.
std::string ScorePartName(std::string_view part);
// 合适 for an adequate entry, 不宜推荐 for a barred one, else 接近.
std::string AdequacyWord(const v1::MatchEntry& entry);
// 方案点名, 方案所指地区, 由方案推断; "" if unspecified.
std::string StrengthName(v1::PairingStrength strength);
// 机构, 专家, 成果, 需求, 佐证; "" if unspecified.
std::string KindName(v1::RecordKind kind);

// 2025-11-23 15:40 in Beijing time; "" if the message is not set to a time that can be shown.
std::string BeijingTime(const google::protobuf::Timestamp& time);

}  // namespace dongxi::report
