#include "cli/reason_words.h"

namespace dongxi::cli {
namespace {

struct OfReason {
  std::string_view reason, headline;
};
constexpr OfReason kOfReasons[] = {
    {"SIGNATURE_MISSING", "台账不接受这一步，没有登记：请按下面的说明核对"},
    {"SIGNED_BEFORE_MET", "台账不接受这一步，没有登记：请按下面的说明核对"},
    {"REFUSAL_NOT_CLEARED", "这一对已被拒绝，没有登记：先用 dongxi engage clear 解除拒绝"},
    {"NOT_REFUSED", "这一对没有被拒绝，不必解除"},
    {"ALREADY_CORRECTED",
     "这一条已被更正过：请更正最新的那一条，用 dongxi engage list --whole-ledger 查编号"},
    {"ENGAGEMENT_EXISTS",
     "已经登记过这一步，内容不同，没有再登记：若是更正，用 dongxi engage import 的“编号”和“更正理由”"},
    {"REGISTRATION_NUMBER_TAKEN", "这个登记编号已经登记过，没有再登记：请核对登记编号"},
    {"RECORD_EXISTS", "目录里已经有这个编号，没有再写一遍"},
    {"RECORD_NOT_DELETED", "这条记录没有被删除，不必恢复"},
    {"ENGAGEMENT_NOT_FOUND", "台账里没有这个编号，请用 dongxi engage list 核对"},
    {"MATCH_NOT_FOUND", "没有这次匹配，请核对匹配编号；系统之外促成的不写"},
    {"WATCH_NOT_FOUND", "没有这个订阅，请用 dongxi watch list 核对"},
    {"PLAN_NOT_FOUND", "服务里没有这份计划，请核对名称"},
    {"GENERATION_CHANGED",
     "索引刚换了版本，没有做完。查询请重新运行；回退请先用 dongxi admin generations 看清当前是哪个版本"},
    {"PAIR_TOO_LONG",
     "这一对在台账里的条目已到上限，没有登记：请查清是谁在反复登记；确是新的合作，另立需求再登记"},
    {"LEDGER_TOO_LARGE", "期末之前的台账超过服务一次能统计的条数：请让 --period 止于更早的一年"},
    {"REPORT_NOT_FOUND",
     "服务里没有这份报告，或者它已过期、不属于这个令牌的租户。用 dongxi reports list 查看"},
    {"NO_GENERATION",
     "服务还没有能用的索引：请运行 dongxi admin build（或 dongxi-indexer build），服务一秒内换上，不用重启"},
    {"SERVER_READ_ONLY", "这个服务是只读的副本，没有写入：请用 --server 改连主服务再试"},
    {"STORAGE_FULL", "服务的磁盘或内存不够用，请让管理员腾出空间后再试"},
    {"ATTEMPTS_EXHAUSTED", "服务做这件事时意外退出了多次，不再做了：请管理员看服务日志，带着日志报告问题"},
    {"BUILD_MEMORY",
     "建立索引要的内存超过限额：请管理员调大 --build-memory-max，或在内存更大的机器上用 dongxi-indexer build "
     "建好再拷来"},
    {"REPORT_TOO_LARGE", "报告太大：请减少需求，或减少每个列表的条数，分几份做"},
    {"PLAN_DISCLOSURE",
     "制定这份计划的令牌比这个令牌看得多，不能给出：请换用可见级别不低于它的令牌，或用这个令牌另做一份"},
    {"TOO_MANY_PLANS", "这个单位的计划已到上限，没有再做：请先删除不再需要的计划"},
    {"TOO_MANY_WATCHES", "这个单位的订阅已到上限，没有再订：请先用 dongxi watch delete 删除不再需要的"},
    {"RECORD_WITHOUT_TEXT", "这条记录的文字里没有一个字（只有符号、数字或图形），无从匹配：请补写内容"},
    {"OPERATION_NOT_ENDED", "这件事还没有做完，不能删除：请等它结束，或先取消"},
    {"BUILD_RUNNING", "服务正在建立索引，没有做：请等它建好再试"},
    {"PLAN_CHANGED", "这份计划在此期间被别人改过，没有改动：请重新读取计划，按新的 etag 再做一次"},
    {"ETAG_MISMATCH", "这一条在读取之后被改过，没有写入：请重新读取，按新的 etag 再改一次"},
    {"TOKEN_CHANGED", "这个令牌的权限刚被改过，没有做完：请重新运行；仍不行请问服务的管理员"},
    {"RATE_LIMITED",
     "服务限制这个令牌每秒调用的次数：请稍后再试，或请管理员用 dongxi-server token create 另发一个 "
     "--per-second 更高的令牌"},
};

}  // namespace

std::string HeadlineOfReason(std::string_view reason) {
  for (const OfReason& of : kOfReasons) {
    if (reason == of.reason) return std::string(of.headline);
  }
  return "";
}

}  // namespace dongxi::cli
