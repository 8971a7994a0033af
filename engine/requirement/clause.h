// The clause around a number: what stands before it, with the place of each character and what stands in
// brackets, and the noun behind it. Private to engine/requirement. Pure functions; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "engine/requirement/quantity_scan.h"
#include "engine/requirement/scan_text.h"

namespace dongxi::requirement {

// Of a name before a number: what stands farther away is not read as part of it.
inline constexpr size_t kNameCharactersMax = 40;

bool IsSentenceEnd(char32_t c);
// Commas, colons, brackets, quotes and the like, and every end of a sentence.
bool IsSeparator(char32_t c);

// The part of a clause before a number, without what stands in brackets.
struct Clause {
  std::u32string text;
  std::vector<size_t> places;  // of each character in the scanned text, ascending
  size_t begin = 0;
  bool after_token = false;  // it begins where the number before ends
  std::u32string aside;      // what stands in its brackets: 选择性（C5+）
};

// The clauses of one scanned text. `tokens` are its quantities in order; `i` and `j` are places in them.
// Keeps references to all arguments, which must live longer.
class ClauseReader {
 public:
  ClauseReader(const ScanText& scan, const std::vector<QuantityToken>& tokens,
               const RequirementTables& tables)
      : scan_(scan), tokens_(tokens), tables_(tables) {}

  // Characters [begin, end) of the text. REQUIRES: begin <= the text's size.
  std::u32string_view View(size_t begin, size_t end) const;
  // From `begin` to token `j`; empty if the token begins before. REQUIRES: j < tokens.size().
  std::u32string_view ViewUpTo(size_t begin, size_t j) const;
  // Between the end of token `i` and the begin of token `j`.
  std::u32string_view Gap(size_t i, size_t j) const { return ViewUpTo(tokens_[i].end, j); }

  // From the separator or number before to token `i`. One colon, or bar of a table, right before the number
  // or before its words of comparison is passed over (收率：≥85%, 收率 | 不低于85%), and so is a bracket
  // with numbers of its own (短绒率（15 mm以下）不大于10%). `through_lists`: 铅、镉、砷均 is one clause. At
  // most 4 * kNameCharactersMax characters.
  Clause Before(size_t i, bool through_lists) const;

  // No separator stands between the two tokens; signs of comparison do not count. False if there is no `j`.
  bool SameClause(size_t i, size_t j) const;
  // The next token stands in the same sentence and not farther than a name is long.
  bool NextInSentence(size_t i) const;

  // Token `i` stands alone in brackets and asks for nothing: 出苗率（3‰盐分）≥85% says when the number behind
  // holds, 膻味评分≤2（5分制）on which scale, 短绒率（15 mm以下）不大于10% of which.
  bool IsAside(size_t i) const;
  // What stands before that bracket; empty where a number stands between. REQUIRES: IsAside(i).
  std::u32string_view NameOfAside(size_t i) const;

  // The noun behind token `i` from character `from` on, up to the end of the clause: 20座冷库. Empty where
  // the clause goes on with the next token; cut off after 16 characters.
  std::u32string NameBehind(size_t i, size_t from) const;

 private:
  size_t OpeningBracket(size_t close) const;
  bool IsBlank(size_t begin, size_t end) const;
  bool NamesNothing(size_t begin, size_t end) const;
  bool StandsBeforeNumber(size_t i, size_t close) const;

  const ScanText& scan_;
  const std::vector<QuantityToken>& tokens_;
  const RequirementTables& tables_;
};

}  // namespace dongxi::requirement
