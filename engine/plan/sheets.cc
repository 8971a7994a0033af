// The sheets of an event and their fields.
#include <cstdlib>

#include "engine/plan/event_tables.h"

namespace dongxi::plan {
namespace {

constexpr FieldSpec kParties[] = {
    {"id", "编号", true, "不重复的编号，别的表用它指这一方", "N-01"},
    {"name", "名称", true, "单位或专家的名称，印在日程上", "青海某盐湖化工有限公司"},
    {"side", "类别", true, "需求方 或 供给方", "需求方"},
    {"title", "题目", false, "需求或专长一句话", "高镁锂比卤水提锂吸附剂"},
    {"region", "地区", false, "从省写起的地名，或行政区划代码", "青海海西"},
    {"protected", "照顾", false, "县域或小单位写 是：保底场次，公平时加倍", "是"},
    {"members", "成员", false, "代表团成员，用顿号分开；同一人写在两方里时两方不会同时会谈", "张工、李工"},
    {"seats", "座位数", false, "会谈时坐几人；不写按成员人数，线上参加的按 1", "2"},
    {"min", "最少会谈", false, "至少几场", "1"},
    {"max", "最多会谈", false, "至多几场；不写不限", "6"},
    {"slots", "可用时段", false, "时段编号，用顿号分开，可写 S1~S4；不写是全部，写 无 是没有", "S1~S6"},
    {"absent", "不在时段", false, "从可用时段里去掉的时段", "S3"},
    {"online", "线上", false, "线上参加写 是，只会排在可线上的桌", "否"},
    {"table", "固定桌", false, "一直坐的桌的编号", ""},
    {"institution", "单位", false, "所属单位，名额按它算；不写就是名称。专家各自成一方时写", ""},
    {"record", "目录名称", false, "在目录里的名称，记结果到台账时用；报告带入时自动填", "needs/n-001"},
};
constexpr FieldSpec kSlots[] = {
    {"id", "编号", true, "时段编号", "S1"},
    {"date", "日期", true, "2026-11-26", "2026-11-26"},
    {"begin", "开始", true, "09:00", "09:00"},
    {"end", "结束", true, "09:25", "09:25"},
    {"kind", "类型", false, "会谈 或 休息；不写是会谈", "会谈"},
};
constexpr FieldSpec kTables[] = {
    {"id", "编号", true, "桌号", "A1"},
    {"name", "名称", false, "桌或房间的名称", "一层 A1"},
    {"seats", "座位数", false, "不写是够坐", "6"},
    {"online", "可线上", false, "有视频设备写 是", "否"},
    {"slots", "可用时段", false, "同参会方", ""},
};
constexpr FieldSpec kPairs[] = {
    {"need", "需求方", true, "参会方编号", "N-01"},
    {"offer", "供给方", true, "参会方编号", "O-01"},
    {"score", "匹配分", true, "0 到 1", "0.82"},
    {"history", "以往", false, "冷却（谈过未成，除非必见不再排）或 延续（在谈，加分）", ""},
    {"reason", "理由", false, "印在日程上的一句话", "同做盐湖卤水吸附提锂"},
    {"match_id", "匹配编号", false, "提出这一对的匹配；报告带入时自动填", ""},
    {"record", "供给目录名称", false, "记结果到台账时写哪个供给，如一项成果；不写按供给方", "results/r-001"},
};
constexpr FieldSpec kRequests[] = {
    {"from", "发起方", true, "参会方编号", "N-01"},
    {"to", "对方", true, "参会方编号", "O-01"},
    {"wish", "意愿", true, "必见、想见 或 不见", "必见"},
    {"by", "提出人", false, "组织方提出的写 组织方；不写是发起方", ""},
};
constexpr FieldSpec kLocks[] = {
    {"need", "需求方", true, "参会方编号", ""},     {"offer", "供给方", true, "参会方编号", ""},
    {"slot", "时段", true, "时段编号", ""},         {"table", "桌", false, "桌号", ""},
    {"held", "已举行", false, "已经谈过写 是", ""},
};
constexpr FieldSpec kSessions[] = {
    {"id", "编号", true, "活动编号", ""},
    {"name", "名称", true, "如 盐湖专题路演", ""},
    {"kind", "类型", false, "路演、小组会 等", ""},
    {"slot", "时段", false, "时段编号；不写由程序选", ""},
    {"table", "地点", false, "占用的桌号；不写不占桌", ""},
    {"participants", "必到方", true, "参会方编号，用顿号分开", ""},
    {"invited", "邀请方", false, "有空就来的参会方", ""},
    {"capacity", "容量", false, "最多几方；不写不限", ""},
};
constexpr FieldSpec kQuotas[] = {
    {"kind", "类别", true, "地区 或 单位", "地区"},
    {"group", "名称", true,
     "地区从省写起，下面的市县都算，如 湖北、青海海西，或代码 42；单位写参会方的单位（没有就是名称）",
     "湖北"},
    {"side", "算哪类", false, "只算 需求方 或 供给方；不写两类合计，一场会谈只算一次", ""},
    {"min", "最少会谈", false, "这一组合计至少几场：尽量排到，排不到的说明原因", ""},
    {"max", "最多会谈", false, "这一组合计至多几场：一定守住", "40"},
};
constexpr FieldSpec kSettings[] = {
    {"key", "项目", true, "活动名称、地点、公平让利上限、每方最多会谈、照顾方保底、最受欢迎方上限、时区",
     "公平让利上限"},
    {"value", "值", true, "", "2%"},
};
constexpr SheetSpec kSheets[] = {
    {"parties", "参会方", "谁参加：需求方与供给方，每方一行", kParties},
    {"slots", "时段", "会谈与休息的时间，每段一行", kSlots},
    {"tables", "桌位", "每张桌一行；不写这张表就不排桌", kTables},
    {"pairs", "配对", "谁和谁可以谈、匹配分是多少；可由报告带入", kPairs},
    {"requests", "请求", "各方与组织方的必见、想见、不见", kRequests},
    {"locks", "锁定", "已经定下时段的会谈", kLocks},
    {"sessions", "活动", "路演、小组会：占用必到方的时段", kSessions},
    {"quotas", "名额", "一个地区、一个单位合计的会谈场数；不写不限", kQuotas},
    {"settings", "设置", "整个活动的设置", kSettings},
};

}  // namespace

std::span<const SheetSpec> Sheets() { return kSheets; }

const SheetSpec& SheetOf(std::string_view key) {
  for (const SheetSpec& sheet : kSheets) {
    if (sheet.key == key) return sheet;
  }
  std::abort();
}

}  // namespace dongxi::plan
