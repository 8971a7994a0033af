// A word of liveness.tsv where it stands in a record's text, and what its clause and its sentence say around
// it: what the rules of rights, experts and institutions (liveness_rules.h) are made of. Private to
// engine/requirement. Pure functions; any thread.
#pragma once

#include <string_view>

#include "engine/requirement/clause_text.h"
#include "engine/requirement/requirement_tables.h"

namespace dongxi::requirement {

struct LivenessPlace {
  std::u32string_view text, title;   // of the record, as FoldAscii has them
  size_t begin = 0, end = 0;         // the word
  const LivenessRow* row = nullptr;  // of the word
  const RequirementTables* tables = nullptr;

  std::u32string_view word() const { return text.substr(begin, end - begin); }
  // What its clause says before and behind it, and the clause. Clauses end as ClaimOf cuts them.
  std::u32string_view before() const { return text.substr(clause_begin(), begin - clause_begin()); }
  std::u32string_view behind() const { return text.substr(end, clause_end() - end); }
  std::u32string_view clause() const { return text.substr(clause_begin(), clause_end() - clause_begin()); }
  // What its sentence says before it (from a semicolon on) and behind it (over semicolons).
  std::u32string_view sentence_before() const;
  std::u32string_view sentence_behind() const;
  std::u32string_view rest() const { return text.substr(end); }

  size_t clause_begin() const;
  size_t clause_end() const;
};

// One of the words stands in [from, to) of the text, stated (ClaimOf), and its clause has none of
// `unless_before` before it.
bool StatesAny(const LivenessPlace& at, size_t from, size_t to, WordList words, WordList unless_before = {});

// The row that has the word; null if the table has it no more.
const LivenessRow* RowWith(std::u32string_view word, const RequirementTables& tables);
// The row that is put in a heavier one's place; null: the table has none.
const LivenessRow* RowInPlace(std::string_view scope, const RequirementTables& tables);

// 曾独占许可给甲公司, 曾出国访学: so it was.
bool WasOnce(const LivenessPlace& at);
// Another clause tells of a later year than the word's own: 2019年赴美访学, 2021年主持课题.
bool HappenedSince(const LivenessPlace& at);
int LatestYear(std::u32string_view text);  // 0: names none
// A word that begins with 年, 月 or 日 counts behind a date alone: 2024年12月退休, not 再过5年退休.
bool IsDated(const LivenessPlace& at);
bool LacksItsDate(const LivenessPlace& at);
// 质押情况：无, 是否涉诉：否.
bool IsAnsweredNo(const LivenessPlace& at);
// 无转让、许可、质押、诉讼等情形: further than ClaimOf looks.
bool IsDeniedInList(const LivenessPlace& at);
// 已退休的老工程师, 已关停盐田: how something else stands. It is said of the record itself where nothing
// follows the word, or a date, a place, what came next, or one of `own`.
bool SaysHowAnotherStands(const LivenessPlace& at, WordList own);
// 已, 年, 去年 … shortly before a plain verb (停业, 退休) tell that it happened.
bool IsSignedAsDone(const LivenessPlace& at);
// 须经所在单位批准: one of `givers` has to consent, and 已获批准 does not follow.
bool NeedsConsent(const LivenessPlace& at, WordList givers);
bool IsConsentGiven(const LivenessPlace& at);
// 明年6月结题后可承接, 春节后起可预约: it can be had, but not now.
bool ComesLater(const LivenessPlace& at);

}  // namespace dongxi::requirement
