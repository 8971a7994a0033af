#include "bench/judge/split_files.h"

#include <optional>
#include <system_error>

#include "bench/json_lines.h"
#include "bench/judge/grades.h"
#include "bench/judge/numbered_lines.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "nlohmann/json.hpp"

namespace dongxi::bench {
namespace {

struct Period {
  std::string text;   // as written
  std::string first;  // days that it may mean
  std::string last;
};

// "2026" is any day of 2026.
std::optional<Period> PeriodOf(const std::string& text) {
  const std::string day = text.substr(0, 10);
  if (IsDay(day)) return Period{text, day, day};
  const std::string month = text.substr(0, 7);
  if (text.size() == 7 && IsDay(month + "-01")) return Period{text, month + "-01", month + "-31"};
  if (text.size() == 4 && IsDay(text + "-01-01")) return Period{text, text + "-01-01", text + "-12-31"};
  return std::nullopt;
}

// The latest date of a document; nothing if it has none.
absl::StatusOr<std::optional<Period>> DateOf(const nlohmann::json& object) {
  std::optional<Period> latest;
  for (const char* key : {"date", "published", "created", "year"}) {
    const auto found = object.find(key);
    if (found == object.end() || found->is_null()) continue;
    const std::string text = found->is_string() ? found->get<std::string>() : found->dump();
    if (text.empty()) continue;
    const std::optional<Period> period = PeriodOf(text);
    if (!period) {
      return absl::InvalidArgumentError("\"" + std::string(key) + "\" is " + found->dump() +
                                        "; expected YYYY, YYYY-MM or YYYY-MM-DD, or no such key");
    }
    if (!latest || period->first > latest->first) latest = period;
  }
  return latest;
}

absl::Status AddDocument(const NumberedObject& line, std::string_view before, std::set<std::string>& ids,
                         SplitDocuments& documents) {
  std::string id;
  DX_RETURN_IF_ERROR(ReadWord(line.object, "id", id));
  if (!ids.insert(id).second) return absl::InvalidArgumentError("document id " + id + " stands twice");
  DX_ASSIGN_OR_RETURN(const std::optional<Period> date, DateOf(line.object));
  ++documents.count;
  documents.names.insert(id);
  for (std::string& owner : StringsOf(line.object, "owners")) documents.names.insert(std::move(owner));
  if (date && date->first >= before) {
    documents.late.push_back({id, date->text, line.place});
    return absl::OkStatus();
  }
  documents.undated += date ? 0 : 1;
  documents.unclear += date && date->last >= before ? 1 : 0;
  documents.early_lines += line.line + "\n";
  return absl::OkStatus();
}

std::string QueryLines(const Qrels& qrels, const NeedTexts& needs) {
  std::string lines;
  for (const auto& [need, grades] : qrels) {
    nlohmann::ordered_json query = {{"id", need}};
    const auto found = needs.find(need);
    if (found != needs.end()) {
      query["title"] = found->second.title;
      query["text"] = found->second.text;
    }
    lines += query.dump() + "\n";
  }
  return lines;
}

}  // namespace

absl::StatusOr<NeedTexts> ReadNeedTexts(const std::filesystem::path& file) {
  NeedTexts needs;
  DX_RETURN_IF_ERROR(VisitJsonLines(file, [&](const NumberedObject& line) -> absl::Status {
    std::string id;
    DX_RETURN_IF_ERROR(ReadWord(line.object, "id", id));
    NeedText need{StringOf(line.object, "title"), StringOf(line.object, "text"), line.place};
    if (need.title.empty() && need.text.empty())
      return absl::InvalidArgumentError("need " + id + " has neither \"title\" nor \"text\"; add one");
    if (!needs.emplace(id, std::move(need)).second)
      return absl::InvalidArgumentError("need id " + id + " stands twice; keep one line");
    return absl::OkStatus();
  }));
  return needs;
}

absl::StatusOr<SplitDocuments> ReadSplitDocuments(const std::vector<std::filesystem::path>& files,
                                                  std::string_view before) {
  SplitDocuments documents;
  std::set<std::string> ids;
  for (const std::filesystem::path& file : files) {
    DX_RETURN_IF_ERROR(VisitJsonLines(
        file, [&](const NumberedObject& line) { return AddDocument(line, before, ids, documents); }));
  }
  return documents;
}

absl::Status WriteSplit(const TimeSplit& split, const NeedTexts& needs, const SplitDocuments* documents,
                        const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) return absl::InternalError(folder.string() + ": cannot be made: " + error.message());
  std::string train;
  for (const Engagement& one : split.history) train += one.line + "\n";
  DX_RETURN_IF_ERROR(WriteFileAtomically(folder / "train.jsonl", train));
  DX_RETURN_IF_ERROR(WriteFileAtomically(folder / "queries.jsonl", QueryLines(split.qrels, needs)));
  DX_RETURN_IF_ERROR(WriteFileAtomically(folder / "qrels.txt", QrelsLines(split.qrels)));
  if (documents == nullptr) return absl::OkStatus();
  return WriteFileAtomically(folder / "docs.jsonl", documents->early_lines);
}

}  // namespace dongxi::bench
