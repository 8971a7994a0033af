// dongxi watch: standing queries: add, list, update, delete, poll, stream.
#include <CLI/CLI.hpp>

#include "absl/strings/str_format.h"
#include "cli/arguments.h"
#include "cli/call_service.h"
#include "cli/commands.h"
#include "cli/table.h"
#include "engine/base/status_macros.h"

namespace dongxi::cli {
namespace {

constexpr char kExamples[] =
    "例：\n"
    "  dongxi watch add --need n-c-001 --title 盐湖提锂\n"
    "  dongxi watch add --offer results/r-c-001 --filter 'region = \"63\"'\n"
    "  dongxi watch list\n"
    "  dongxi watch update watches/w-0006403a7d1c0000 --title 盐湖 --filter 'maturity >= 6'\n"
    "  dongxi watch update watches/w-0006403a7d1c0000 --filter '' --default-adequacy   # 去掉筛选和下限\n"
    "  dongxi watch delete watches/w-0006403a7d1c0000\n"
    "  dongxi watch poll watches/w-0006403a7d1c0000 --cursor 上次输出的游标\n"
    "  dongxi watch stream watches/w-0006403a7d1c0000\n"
    "游标记下看到了哪里；不给 --cursor 是全部合适的候选。同一条可能来两次，按“标识”去重。";

absl::StatusOr<v1::CreateWatchRequest> AddRequest(const WatchOptions& options) {
  const int given = !options.need.empty() + !options.offer.empty() + !options.text.empty();
  if (given != 1)
    return absl::InvalidArgumentError("--need、--offer、--text 要给且只给一个，现在给了 " +
                                      std::to_string(given) + " 个");
  v1::CreateWatchRequest request;
  v1::Watch& watch = *request.mutable_watch();
  if (!options.need.empty()) {
    DX_ASSIGN_OR_RETURN(*watch.mutable_need(), NeedName("--need", options.need));
  } else if (!options.offer.empty()) {
    DX_ASSIGN_OR_RETURN(*watch.mutable_offer(), OfferName(options.offer));
  } else {
    watch.mutable_request()->set_text(options.text);
  }
  DX_ASSIGN_OR_RETURN(const std::vector<v1::RecordKind> kinds, ParseMatchKinds(options.kinds));
  for (const v1::RecordKind kind : kinds) watch.add_kinds(kind);
  watch.set_title(options.title);
  watch.set_filter(options.filter);
  if (options.min_adequacy) watch.set_min_adequacy(*options.min_adequacy);
  return request;
}

// Only what an option was given for is changed.
absl::StatusOr<v1::UpdateWatchRequest> UpdateRequest(const WatchOptions& options) {
  if (options.min_adequacy && options.default_adequacy)
    return absl::InvalidArgumentError("--min-adequacy 和 --default-adequacy 只能给一个");
  v1::UpdateWatchRequest request;
  v1::Watch& watch = *request.mutable_watch();
  watch.set_name(options.name);
  const auto change = [&](const char* option, const char* path) {
    if (options.update->count(option) > 0) request.mutable_update_mask()->add_paths(path);
  };
  change("--title", "title");
  watch.set_title(options.title);
  change("--filter", "filter");
  watch.set_filter(options.filter);
  change("--kinds", "kinds");
  DX_ASSIGN_OR_RETURN(const std::vector<v1::RecordKind> kinds, ParseMatchKinds(options.kinds));
  for (const v1::RecordKind kind : kinds) watch.add_kinds(kind);
  if (options.min_adequacy || options.default_adequacy)
    request.mutable_update_mask()->add_paths("min_adequacy");
  if (options.min_adequacy) watch.set_min_adequacy(*options.min_adequacy);
  if (!request.update_mask().paths().empty()) return request;
  return absl::InvalidArgumentError(
      "没有写要改什么：给 --title、--kinds、--filter、--min-adequacy 或 --default-adequacy；"
      "关注的需求或供给方不能改，要另设一个");
}

std::string TargetOf(const v1::Watch& watch) {
  if (!watch.need().empty()) return watch.need();
  if (!watch.offer().empty()) return watch.offer();
  return "“" + watch.request().text() + "”";
}

void PrintNews(const v1::PollWatchResponse& news, const Io& io) {
  if (news.items().empty()) {
    io.out << "没有新的合适候选。\n";
  } else {
    Table table({{"名称", 44}, {"编号", 36}, {"地区", 12}, {"匹配", 6, Align::kRight}, {"标识", 0}});
    for (const v1::WatchItem& item : news.items()) {
      const v1::MatchEntry& entry = item.entry();
      table.AddRow({(entry.illustrative() ? "[示例数据]" : "") + entry.title(), entry.name(),
                    entry.region_name(), absl::StrFormat("%.0f%%", 100 * entry.adequacy()), item.id()});
    }
    table.Print(io.out, io.columns);
  }
  io.out << "游标 " << Printable(news.next_cursor()) << (news.more() ? "  （还有更多，请接着查）" : "")
         << "\n";
  io.out.flush();
}

int Add(const Client& client, const v1::CreateWatchRequest& request, const Io& io) {
  const absl::StatusOr<v1::Watch> watch = client.CreateWatch(request);
  if (!watch.ok()) return Fail(watch.status(), kExitFailed, io);
  io.out << "已设置 " << Printable(watch->name()) << "\n从现在起只看新的：--cursor "
         << Printable(watch->creation_cursor()) << "\n";
  return kExitOk;
}

int List(const Client& client, const Io& io) {
  Table table({{"编号", 30}, {"标题", 30}, {"关注", 40}, {"筛选", 0}});
  v1::ListWatchesRequest request;
  int watches = 0;
  do {
    const absl::StatusOr<v1::ListWatchesResponse> page = client.ListWatches(request);
    if (!page.ok()) return Fail(page.status(), kExitFailed, io);
    for (const v1::Watch& watch : page->watches()) {
      table.AddRow({watch.name(), watch.title(), TargetOf(watch), watch.filter()});
      ++watches;
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  if (watches == 0) {
    io.out << "还没有关注；用 dongxi watch add 设置。\n";
  } else {
    table.Print(io.out, io.columns);
  }
  return kExitOk;
}

int Update(const Client& client, const v1::UpdateWatchRequest& request, const Io& io) {
  const absl::StatusOr<v1::Watch> watch =
      CallService<v1::WatchService>(client, &v1::WatchService::Stub::UpdateWatch, request);
  if (!watch.ok()) return Fail(watch.status(), kExitFailed, io);
  io.out << "已改 " << Printable(watch->name()) << "  " << Printable(watch->title()) << "\n";
  return kExitOk;
}

int Delete(const Client& client, const std::string& name, const Io& io) {
  v1::DeleteWatchRequest request;
  request.set_name(name);
  const absl::StatusOr<v1::DeleteWatchResponse> deleted =
      CallService<v1::WatchService>(client, &v1::WatchService::Stub::DeleteWatch, request);
  if (!deleted.ok()) return Fail(deleted.status(), kExitFailed, io);
  io.out << "已取消关注 " << Printable(name) << "\n";
  return kExitOk;
}

int Poll(const Client& client, const WatchOptions& options, const Io& io) {
  if (absl::Status status = CheckTop(options.top); !status.ok()) return Fail(status, kExitUsage, io);
  v1::PollWatchRequest request;
  request.set_name(options.name);
  request.set_cursor(options.cursor);
  request.set_page_size(options.top);
  const absl::StatusOr<v1::PollWatchResponse> news = client.PollWatch(request);
  if (!news.ok()) return Fail(news.status(), kExitFailed, io);
  PrintNews(*news, io);
  return kExitOk;
}

// What `add` sets and `update` changes.
void AddSettings(CLI::App* command, WatchOptions& options) {
  command->add_option("--title", options.title, "标题")->type_name("TEXT");
  command->add_option("--kinds", options.kinds, "partners,experts,results；不写是全部")
      ->type_name("KINDS")
      ->delimiter(',');
  command->add_option("--filter", options.filter, "筛选候选，如 'maturity >= 6'")->type_name("EXPR");
  command->add_option("--min-adequacy", options.min_adequacy, "合适的下限，0 至 1；不写按系统的门槛")
      ->type_name("X");
}

}  // namespace

CLI::App* AddWatchCommand(CLI::App& app, WatchOptions& options) {
  CLI::App* watch = app.add_subcommand("watch", "关注一条需求或一个供给方，有新的合适候选就告知");
  watch->require_subcommand(1);
  watch->footer(kExamples);
  options.add = watch->add_subcommand("add", "设置关注");
  options.list = watch->add_subcommand("list", "列出关注");
  options.update = watch->add_subcommand("update", "改关注的标题、类别、筛选或下限；没有写的不变");
  options.remove = watch->add_subcommand("delete", "取消关注");
  options.poll = watch->add_subcommand("poll", "查一次：游标之后新的合适候选");
  options.stream = watch->add_subcommand("stream", "一直等着，有新的就输出；用 Ctrl-C 结束");
  options.add->add_option("--need", options.need, "关注的需求编号")->type_name("ID");
  options.add->add_option("--offer", options.offer, "关注的 institutions/、experts/、results/ 编号")
      ->type_name("NAME");
  options.add->add_option("--text", options.text, "关注一段文字写的需求")->type_name("TEXT");
  for (CLI::App* command : {options.add, options.update}) AddSettings(command, options);
  options.update->add_flag("--default-adequacy", options.default_adequacy, "下限改回系统的门槛");
  for (CLI::App* command : {options.update, options.remove, options.poll, options.stream})
    command->add_option("WATCH", options.name, "watches/编号")->required();
  for (CLI::App* command : {options.poll, options.stream}) {
    command->add_option("--cursor", options.cursor, "上次输出的游标；不写是全部")->type_name("CURSOR");
  }
  options.poll->add_option("--top", options.top, "最多几条，1 至 1000；不写是 50")->type_name("N");
  for (CLI::App* command :
       {options.add, options.list, options.update, options.remove, options.poll, options.stream}) {
    command->group("命令");
    command->set_help_flag("-h,--help", "显示用法");
    command->fallthrough();
  }
  return watch;
}

int RunWatch(const ConnectionOptions& connection, const WatchOptions& options, const Io& io) {
  const absl::StatusOr<std::unique_ptr<Client>> client = Client::Open(connection);
  if (!client.ok()) return Fail(client.status(), kExitFailed, io);
  if (options.add->parsed()) {
    const auto request = AddRequest(options);
    return request.ok() ? Add(**client, *request, io) : Fail(request.status(), kExitUsage, io);
  }
  if (options.list->parsed()) return List(**client, io);
  if (options.update->parsed()) {
    const auto request = UpdateRequest(options);
    return request.ok() ? Update(**client, *request, io) : Fail(request.status(), kExitUsage, io);
  }
  if (options.remove->parsed()) return Delete(**client, options.name, io);
  if (options.poll->parsed()) return Poll(**client, options, io);
  v1::StreamWatchRequest request;
  request.set_name(options.name);
  request.set_cursor(options.cursor);
  const absl::Status status =
      (*client)->StreamWatch(request, [&](const v1::PollWatchResponse& news) { PrintNews(news, io); });
  return status.ok() ? kExitOk : Fail(status, kExitFailed, io);
}

}  // namespace dongxi::cli
