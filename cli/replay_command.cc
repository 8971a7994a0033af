// dongxi replay: an answer that was given earlier, made again from what it was made from.
#include <CLI/CLI.hpp>

#include "cli/call_service.h"
#include "cli/commands.h"
#include "cli/match_table.h"
#include "dongxi/v1/replay.grpc.pb.h"
#include "report/json.h"

namespace dongxi::cli {
namespace {

constexpr char kMatchPrefix[] = "matches/";
constexpr char kExamples[] =
    "例：\n"
    "  dongxi replay m-0006403a7d1c0000           # 编号在 dongxi match 的最后一行，和报告、台账里\n"
    "  dongxi replay m-0006403a7d1c0000 --json\n"
    "退出码：0 和当时的回答逐字相同，1 不同，或不能重放（当时的索引版本、政策表或排序参数已经不在）。";

std::string FullName(const std::string& id) { return id.starts_with(kMatchPrefix) ? id : kMatchPrefix + id; }

report::Json JsonOf(const v1::ReplayMatchResponse& replay) {
  report::Json json;
  if (replay.has_match()) {
    json = report::MatchToJson(replay.match());
    AddMatchExtras(replay.match(), &json);
  } else if (replay.has_reverse_match()) {
    json = report::ReverseMatchToJson(replay.reverse_match());
  } else if (replay.has_search()) {
    json = report::SearchToJson(replay.search());
  }
  json["identical"] = replay.identical();
  return json;
}

void Print(const v1::ReplayMatchResponse& replay, const Io& io) {
  if (replay.has_match()) {
    PrintMatch(replay.record().match(), replay.match(), io);
  } else if (replay.has_reverse_match()) {
    PrintReverseMatch(replay.reverse_match(), io);
  } else if (replay.has_search()) {
    PrintSearch(replay.search(), io);
  }
}

}  // namespace

CLI::App* AddReplayCommand(CLI::App& app, ReplayOptions& options) {
  CLI::App* replay = app.add_subcommand("replay", "把以前的一次匹配或查找照当时的数据重做一遍，看是否相同");
  replay->add_option("MATCH", options.match, "那次回答的编号，如 m-0006403a7d1c0000")->required();
  replay->add_flag("--json", options.json, "输出一个 JSON 对象，内容最全");
  replay->footer(kExamples);
  return replay;
}

int RunReplay(const ConnectionOptions& connection, const ReplayOptions& options, const Io& io) {
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  v1::ReplayMatchRequest request;
  request.set_name(FullName(options.match));
  const absl::StatusOr<v1::ReplayMatchResponse> replay =
      CallService<v1::ReplayService>(**client, &v1::ReplayService::Stub::ReplayMatch, request);
  if (!replay.ok()) return Fail(replay.status(), kExitFailed, io);
  if (options.json) {
    io.out << report::JsonText(JsonOf(*replay));
  } else {
    Print(*replay, io);
  }
  if (replay->identical()) {
    io.err << "重放：和当时的回答逐字相同\n";
    return kExitOk;
  }
  io.err << "重放：和当时的回答不同。当时列出的记录，这个令牌现在可能不能看（不属于租户的管理令牌能看全部）；"
            "用外部向量服务的，也可能是它的结果变了\n";
  return kExitFailed;
}

}  // namespace dongxi::cli
