// Engagements as people read them: Chinese words, tables, CSV. Pure functions; any thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/io.h"
#include "dongxi/v1/engagement.pb.h"

namespace dongxi::cli {

// Of a code ("signed") or a Chinese name (签约).
std::optional<v1::EngagementStep> StepOfWord(const std::string& word);
std::optional<v1::RefusalReason> RefusalReasonOfWord(const std::string& word);
// 成熟度不足、效益不明确 ….
std::string RefusalReasonWords();

// The code of a channel by its name (科技入滇) or its code; "none" also by 无对应通道. Any other word as it
// is: the tables of the server may be newer than this program's, and it names those it has.
std::string ChannelOfWord(const std::string& word);

// 签约; 更正：签约, 撤回：签约, 解除拒绝 for entries of other kinds.
std::string ChineseStep(const v1::Engagement& entry);
std::string ChineseReason(v1::RefusalReason reason);
// The day in China, 2025-03-12.
std::string DayOf(const v1::Engagement& entry);

void PrintEngagements(const std::vector<v1::Engagement>& entries, const Io& io);

// Lines of CSV (RFC 4180, CRLF); the header begins with a byte order mark, by which spreadsheets know UTF-8.
// A cell that a spreadsheet would take for a formula has a ' before it.
std::string CsvHeader();
std::string CsvRow(const v1::Engagement& entry);

// A line of JSON as `dongxi-bench split` and `train-ranker --engagements` read it: need, candidate (ids as
// import files have them), step, time in China, of a refusal reason. No position: no call tells where a
// candidate stood when it was shown.
std::string JsonLine(const v1::Engagement& entry);

}  // namespace dongxi::cli
