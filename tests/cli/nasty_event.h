// An event of one meeting whose texts try to be more than text: formulas, markup, lines of a calendar, 300
// characters, emoji, text from right to left, noncharacters.
#pragma once

#include <string>

#include "engine/plan/event_tables.h"

namespace dongxi::cli {

inline constexpr char kFormulaName[] = "=HYPERLINK(\"http://x\",\"点\")";
// What each output must not obey.
inline constexpr char kMarkup[] = "<script>alert(1)</script>\"><b>粗</b>&amp;";
inline constexpr char kCalendarLines[] = "甲,乙;丙\\丁\nBEGIN:VALARM\nTRIGGER:-PT5M\nEND:VEVENT";

inline plan::EventTables NastyEvent() {
  std::string title = kMarkup;
  for (int i = 0; i < 300; ++i) title += "长";
  const std::string name = std::string(kCalendarLines) + " 😀 مرحبا بالعالم \u202E反 שלום\uFFFF\uFDD0";
  plan::EventTables tables;
  tables["settings"] = {{{}, {{"key", "活动名称"}, {"value", kCalendarLines}}},
                        {{}, {{"key", "地点"}, {"value", kCalendarLines}}}};
  tables["slots"] = {{{}, {{"id", "S1"}, {"date", "2026-11-26"}, {"begin", "09:00"}, {"end", "09:25"}}}};
  tables["tables"] = {{{}, {{"id", "=A1"}, {"name", "+B1,;"}}}};
  tables["parties"] = {{{}, {{"id", "=1+1"}, {"name", kFormulaName}, {"side", "需求方"}, {"title", title}}},
                       {{}, {{"id", "@o/../x"}, {"name", name}, {"side", "供给方"}, {"title", "-2+3"}}}};
  tables["pairs"] = {{{}, {{"need", "=1+1"}, {"offer", "@o/../x"}, {"score", "0.9"}, {"reason", "+1"}}}};
  return tables;
}

}  // namespace dongxi::cli
