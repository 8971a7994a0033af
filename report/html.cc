#include "report/html.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "report/emptied.h"
#include "report/html_parts.h"
#include "report/html_text.h"

namespace dongxi::report {
namespace {

constexpr char kDefaultTitle[] = "供需匹配报告";

void AppendRow(const char* label, const std::string& value, std::string* out) {
  if (value.empty()) return;
  absl::StrAppend(out, "<div><dt>", label, "</dt><dd>", EscapeHtml(value), "</dd></div>\n");
}

void AppendProvenance(const MatchReport& report, const Overview& overview, std::string* out) {
  *out += "<dl class=\"facts\">\n";
  AppendRow("匹配时间", MatchTimes(report), out);
  for (const v1::Provenance& provenance : overview.provenances) {
    AppendRow("数据",
              absl::StrCat(provenance.generation(), "（目录序号 ", provenance.catalogue_sequence(), "）"),
              out);
    AppendRow("模型", provenance.model(), out);
    AppendRow("政策表", provenance.policy(), out);
  }
  for (const std::string& option : report.options) AppendRow("匹配选项", option, out);
  *out += "</dl>\n";
  if (overview.provenances.size() > 1) {
    *out += "<p class=\"note\">匹配期间数据换了版本，各需求所用的版本见其页末。</p>\n";
  }
}

void AppendHead(const std::string& title, bool brief, std::string* out) {
  // The policy forbids loading anything, whatever the texts of the report say.
  absl::StrAppend(out, "<!DOCTYPE html>\n<html lang=\"zh-CN\"", brief ? " class=\"brief\"" : "",
                  ">\n<head>\n<meta charset=\"utf-8\"/>\n"
                  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                  "style-src 'unsafe-inline'; script-src 'unsafe-inline'\"/>\n"
                  "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>",
                  EscapeHtml(title), "</title>\n<style>");
  out->append(kStyle);
  *out += "</style>\n</head>\n";
}

void AppendReadingAid(const MatchReport& report, std::string* out) {
  std::vector<std::string> lists;
  for (const AnswerList& one : AskedLists(report)) lists.push_back(ListName(one.kind));
  absl::StrAppend(out, "<section class=\"aid\"><h2>读法</h2>\n<p>每条需求的列表（",
                  absl::StrJoin(lists, "、"), "）按得分从高到低排列；");
  *out +=
      "得分只在同一条需求的同一列表内可比。“需求覆盖度”是候选的材料谈到了需求内容的多大一部分，达到标准的记为"
      "<b "
      "class=\"ok\">合适</b>，"
      "未达到的记为<b "
      "class=\"near\">接近</b>，仅供人工研判；知识产权失效、专家已离任、机构已停止活动，或不是需求要的那一类"
      "对方的，记为<b "
      "class=\"near\">不宜推荐</b>，一律排在最后，理由写在第一条。<mark>底色文字</"
      "mark>是需求与候选材料共有的词语。"
      "政策得分来自《“十四五”东西部科技合作实施方案》所列的结对关系，按需求属于该任务的概率计。</p></"
      "section>\n";
}

}  // namespace

std::string RenderHtml(const MatchReport& report, const std::function<bool()>& stop) {
  const Overview overview = Summarise(report);
  const std::string title = report.title.empty() ? kDefaultTitle : report.title;
  std::string out;
  AppendHead(title, report.brief, &out);
  absl::StrAppend(&out,
                  "<body>\n<header class=\"cover\"><p class=\"kicker\">东西部科技合作 · 供需匹配</p>\n<h1>",
                  EscapeHtml(title), "</h1>\n");
  AppendProvenance(report, overview, &out);
  if (overview.illustrative) {
    out +=
        "<p class=\"note\">本报告含有<span "
        "class=\"badge\">示例数据</span>，仅用于演示，不代表真实的机构、成果或需求。</p>\n";
  }
  out +=
      "</header>\n<div id=\"tools\" hidden=\"hidden\"><label for=\"find\">查找</label>"
      "<input id=\"find\" type=\"search\" placeholder=\"词语、地区、机构；多个词用空格隔开\"/>"
      "<span id=\"found\" role=\"status\"></span></div>\n<main>\n";
  AppendOverview(report, overview, &out);
  AppendReadingAid(report, &out);
  AppendContents(report, &out);
  for (size_t index = 0; index < report.needs.size(); ++index) {
    if (stop && stop()) return "";
    AppendNeed(report, index, &out);
  }
  AppendIdleOffers(report, &out);
  out +=
      "</main>\n<footer class=\"end\">由 Dongxi "
      "生成。匹配结果是推荐，不构成任何承诺；联系请通过组织方。</footer>\n<script>";
  out.append(kScript);
  out += "</script>\n</body>\n</html>\n";
  return out;
}

}  // namespace dongxi::report
