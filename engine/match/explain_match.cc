// Why one candidate stands where it does, or was left out.
#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "engine/base/status_macros.h"
#include "engine/index/record_text.h"
#include "engine/match/matcher.h"
#include "engine/match/offer_lists.h"
#include "engine/match/page.h"
#include "engine/match/stop.h"

namespace dongxi {
namespace {

constexpr size_t kGapsNamed = 3;

std::string Name(const RecordName& name) { return ResourceName(name.kind, name.id); }

bool IsAsked(const MatchQuestion& question, RecordKind kind) {
  if (kind == RecordKind::kInstitution) return question.partners;
  return kind == RecordKind::kExpert ? question.experts : question.results;
}

std::string PartWord(const std::string& part) {
  static const auto* const kWords = new std::map<std::string, std::string>{
      {"lexical", "用词"},     {"semantic", "语义"},      {"feedback", "相近成果"}, {"learned", "学习排序"},
      {"policy", "政策结对"},  {"mode", "合作方式"},      {"maturity", "成熟度"},   {"condition", "适用条件"},
      {"history", "以往对接"}, {"standing", "可合作状态"}};
  const auto found = kWords->find(part);
  return found == kWords->end() ? part : found->second;
}

class Explainer {
 public:
  Explainer(const MatchContext& context, const MatchQuestion& question, const RecordName& candidate,
            OfferLists& lists)
      : context_(context),
        question_(question),
        candidate_(candidate),
        lists_(lists),
        documents_(*context.generation->offers.documents),
        stop_(StopWhen(question.settings.deadline, question.settings.cancelled)) {
    explanation_.threshold = context.ranking->adequacy_threshold;
  }

  absl::StatusOr<MatchExplanation> Run() {
    const std::optional<DocId> doc = documents_.Find(candidate_.kind, candidate_.id);
    if (!doc.has_value()) return Left(Verdict::kNotIndexed, "服务中的索引还没有这条记录");
    if (const Admission::Standing standing = lists_.admission().StandingOf(*doc);
        standing == Admission::Standing::kHidden) {
      return Left(Verdict::kHidden, "提问者看不到这条记录");
    }
    if (!IsAsked(question_, candidate_.kind)) return Left(Verdict::kNotAsked, "没有要这一类的列表");
    DX_ASSIGN_OR_RETURN(const OrderedList list, lists_.Order(candidate_.kind));
    explanation_.ranked = list.listed.size();
    const auto is_candidate = [&](const RankedCandidate& one) { return one.doc == *doc; };
    const auto listed = std::find_if(list.listed.begin(), list.listed.end(), is_candidate);
    if (listed != list.listed.end()) {
      return Ranked(list, static_cast<size_t>(listed - list.listed.begin()));
    }
    const auto capped = std::find_if(list.capped.begin(), list.capped.end(), is_candidate);
    if (capped != list.capped.end()) return Capped(list, *capped);
    const auto barred = std::find_if(list.barred.begin(), list.barred.end(), is_candidate);
    if (barred != list.barred.end()) return Barred(*barred);
    return NotRanked(*doc);
  }

 private:
  absl::StatusOr<MatchExplanation> Left(Verdict verdict, const std::string& why) {
    explanation_.verdict = verdict;
    explanation_.text = "未列出：" + why + "。";
    return std::move(explanation_);
  }

  RecordName NameOf(DocId doc) const { return {documents_.kind(doc), std::string(documents_.id(doc))}; }

  absl::Status Describe(const RankedCandidate& candidate) {
    const ExplainInput full{
        context_,      context_.generation->offers, question_.need, lists_.explain().terms,
        Detail::kFull, lists_.explain().assessor,   nullptr,        lists_.explain().gate};
    DX_ASSIGN_OR_RETURN(std::vector<MatchEntry> entries, dongxi::Explain(full, std::span(&candidate, 1)));
    if (!entries.empty()) explanation_.entry = std::move(entries.front());
    return absl::OkStatus();
  }

  absl::StatusOr<MatchExplanation> Ranked(const OrderedList& list, size_t place) {
    const RankedCandidate& candidate = list.listed[place];
    const auto page_end =
        static_cast<size_t>(question_.settings.offset) + static_cast<size_t>(question_.settings.limit);
    const bool on_page = place >= static_cast<size_t>(question_.settings.offset) && place < page_end;
    explanation_.verdict = on_page ? Verdict::kListed : Verdict::kBelowPage;
    explanation_.rank = place + 1;
    const auto by_score = std::find(list.by_score.begin(), list.by_score.end(), candidate.doc);
    explanation_.rank_by_score =
        list.by_score.empty() ? place + 1 : static_cast<size_t>(by_score - list.by_score.begin()) + 1;
    DX_RETURN_IF_ERROR(Describe(candidate));
    std::string text = absl::StrFormat("%s：第 %d 位（到本页为止评了 %d 位），得分 %.3f；",
                                       on_page ? "已列出" : "排在本页之后", place + 1, list.listed.size(),
                                       candidate.total());
    absl::StrAppend(&text, candidate.barred() ? BarText() : AdequacyText(candidate.adequacy));
    if (explanation_.rank_by_score != explanation_.rank)
      absl::StrAppend(&text, "只按得分排在第 ", explanation_.rank_by_score, " 位，因多样性调整。");
    if (candidate.step > 0) {
      explanation_.broadened = list.steps[static_cast<size_t>(candidate.step) - 1].words;
      absl::StrAppend(&text, "放宽筛选后才列入：", explanation_.broadened, "。");
    }
    if (place > 0) {
      const std::string compared = Compare(list.listed[place - 1], candidate);
      // A barred candidate stands behind the one before it whatever their scores.
      if (list.listed[place - 1].barred() == candidate.barred()) absl::StrAppend(&text, compared);
    }
    explanation_.text = std::move(text);
    return std::move(explanation_);
  }

  // Without its end.
  std::string WhyBarred() const {
    const std::string why = explanation_.entry ? explanation_.entry->barred : "";
    return absl::StrCat("不宜推荐，排在所有可推荐的之后，不算合适：", why);
  }
  std::string BarText() const { return absl::StrCat(WhyBarred(), "。"); }

  std::string AdequacyText(double adequacy) const {
    return absl::StrFormat("合适程度 %.2f，%s门槛 %.2f。", adequacy,
                           adequacy >= explanation_.threshold ? "达到" : "未达到", explanation_.threshold);
  }

  std::string Compare(const RankedCandidate& better, const RankedCandidate& mine) {
    explanation_.better = NameOf(better.doc);
    explanation_.better_score = better.total();
    std::map<std::string, PartGap> gaps;
    for (const ScorePart& part : PartsOf(mine, *context_.ranking)) gaps[part.part].mine = part.contribution;
    for (const ScorePart& part : PartsOf(better, *context_.ranking))
      gaps[part.part].theirs = part.contribution;
    for (auto& [part, gap] : gaps) {
      gap.part = part;
      explanation_.gaps.push_back(gap);
    }
    std::stable_sort(
        explanation_.gaps.begin(), explanation_.gaps.end(),
        [](const PartGap& a, const PartGap& b) { return a.theirs - a.mine > b.theirs - b.mine; });
    std::string more;
    for (size_t i = 0; i < std::min(kGapsNamed, explanation_.gaps.size()); ++i) {
      const PartGap& gap = explanation_.gaps[i];
      if (gap.theirs <= gap.mine) break;
      absl::StrAppend(&more, more.empty() ? "" : "、", PartWord(gap.part),
                      absl::StrFormat("（高 %.3f）", gap.theirs - gap.mine));
    }
    const std::string front = absl::StrCat("前一位 ", Name(*explanation_.better));
    return more.empty() ? front + " 各项得分都不高于它。" : front + " 多在：" + more + "。";
  }

  absl::StatusOr<MatchExplanation> Barred(const RankedCandidate& candidate) {
    explanation_.verdict = Verdict::kBelowPage;
    DX_RETURN_IF_ERROR(Describe(candidate));
    explanation_.text = "排在本页之后：" + BarText();
    return std::move(explanation_);
  }

  absl::StatusOr<MatchExplanation> Capped(const OrderedList& list, const RankedCandidate& candidate) {
    const std::optional<DocId> institution = InstitutionOf(documents_, candidate.doc);
    std::string names;
    for (const RankedCandidate& one : list.listed) {
      if (InstitutionOf(documents_, one.doc) != institution) continue;
      explanation_.ahead.push_back(NameOf(one.doc));
      absl::StrAppend(&names, names.empty() ? "" : "、", Name(explanation_.ahead.back()));
    }
    DX_RETURN_IF_ERROR(Describe(candidate));
    return Left(Verdict::kInstitutionCap,
                absl::StrCat("同一机构最多列 ", question_.settings.per_institution_max, " 项，已有 ", names,
                             " 排在它前面"));
  }

  // The open documents that speak for the candidate; a result for itself.
  absl::StatusOr<DocSet> EvidenceOf(DocId doc) {
    if (candidate_.kind == RecordKind::kResult) return DocSet{{doc}};
    DocSet evidence;
    for (DocId other = 0; other < documents_.size(); ++other) {
      if (other % kDocumentsAStop == 0) DX_RETURN_IF_ERROR(CheckStop(stop_));
      const std::span<const DocId> owners = documents_.owners(other);
      if (std::find(owners.begin(), owners.end(), doc) == owners.end()) continue;
      if (lists_.admission().IsOpen(other)) evidence.docs.push_back(other);
    }
    return evidence;
  }

  absl::StatusOr<MatchExplanation> NotRanked(DocId doc) {
    const Admission& admission = lists_.admission();
    const Admission::Standing standing = admission.StandingOf(doc);
    if (standing == Admission::Standing::kExpired) return Left(Verdict::kExpired, "已过有效期");
    if (standing == Admission::Standing::kOwnInstitution)
      return Left(Verdict::kOwnInstitution, "属于需求方自己的机构");
    if (admission.IsExcluded(doc)) return Left(Verdict::kExcluded, "这一对已被拒绝，不再推荐");
    DX_ASSIGN_OR_RETURN(DocSet evidence, EvidenceOf(doc));
    std::optional<std::vector<std::string>> failed;  // the fewest
    std::erase_if(evidence.docs, [&](DocId one) {
      std::vector<std::string> conditions = admission.FailedConditions(doc, one);
      const bool fails = !conditions.empty();
      if (fails && (!failed.has_value() || conditions.size() < failed->size()))
        failed = std::move(conditions);
      return fails;
    });
    if (evidence.docs.empty()) return Filtered(failed.value_or(std::vector<std::string>()));
    DX_ASSIGN_OR_RETURN(const std::vector<DocumentScore> scores, lists_.ScoresOf(evidence, candidate_.kind));
    return OutsidePool(doc, scores.front());
  }

  // Not ranked, so the gate has not seen it yet: what is barred is so here too. The score stays one without
  // boosts, what standing costs among them.
  absl::StatusOr<MatchExplanation> OutsidePool(DocId doc, const DocumentScore& best) {
    RankedCandidate scored = OwnScores({best}).front();
    scored.doc = doc;
    DX_ASSIGN_OR_RETURN(const GateAnswer gate, lists_.gate().For(doc, best.doc));
    scored.boosts.bar = gate.bar;
    if (scored.barred()) scored.adequacy = 0;
    DX_RETURN_IF_ERROR(Describe(scored));
    const std::string fit = scored.barred() ? WhyBarred() : absl::StrFormat("合适程度 %.2f", scored.adequacy);
    return Left(Verdict::kOutsidePool,
                absl::StrFormat("用词和语义都离需求太远，没有与本页候选一起评分，往后翻页才可能列出"
                                "（最接近的佐证得分 %.3f，%s）",
                                scored.base, fit));
  }

  absl::StatusOr<MatchExplanation> Filtered(std::vector<std::string> failed) {
    std::string conditions;
    for (const std::string& one : failed) absl::StrAppend(&conditions, conditions.empty() ? "" : "、", one);
    explanation_.failed_conditions = std::move(failed);
    const bool by_evidence = candidate_.kind != RecordKind::kResult;
    return Left(Verdict::kFiltered,
                absl::StrCat(
                    by_evidence ? "它和它的佐证没有一项满足筛选条件，最接近的一项不满足 " : "不满足筛选条件 ",
                    conditions));
  }

  const MatchContext& context_;
  const MatchQuestion& question_;
  const RecordName& candidate_;
  OfferLists& lists_;
  const DocumentTable& documents_;
  const std::function<bool()> stop_;
  MatchExplanation explanation_;
};

absl::StatusOr<MatchExplanation> ExplainOnce(const MatchContext& context, const MatchQuestion& question,
                                             const RecordName& candidate) {
  const MatchSettings& settings = question.settings;
  const EmbedInput text = TextOf(question.need);
  DX_RETURN_IF_ERROR(CheckTopic(text));
  DX_ASSIGN_OR_RETURN(const Query query, MakeQuery(text, *context.generation, *context.ranking,
                                                   settings.deadline, settings.degraded));
  const PolicyReading reading =
      context.policy->Read(question.need.region, question.need.task, text.title, text.text, settings.today);
  OfferLists lists(context, question, query, reading);
  DX_ASSIGN_OR_RETURN(MatchExplanation explanation, Explainer(context, question, candidate, lists).Run());
  explanation.degraded = query.degraded;
  return explanation;
}

}  // namespace

absl::StatusOr<MatchExplanation> ExplainMatch(const MatchContext& context, const MatchQuestion& question,
                                              const RecordName& candidate) {
  if (candidate.kind == RecordKind::kNeed || candidate.kind == RecordKind::kEvidence) {
    return absl::InvalidArgumentError("candidate must be an institution, an expert or a result");
  }
  DX_RETURN_IF_ERROR(CheckSettings(question.settings));
  absl::StatusOr<MatchExplanation> explanation = ExplainOnce(context, question, candidate);
  if (!explanation.ok()) return StopReason(explanation.status(), question.settings.deadline);
  return explanation;
}

}  // namespace dongxi
