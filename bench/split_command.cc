// dongxi-bench split: a test collection out of engagements, history before a day and queries after it.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <set>

#include "bench/command.h"
#include "bench/judge/split_files.h"
#include "bench/judge/time_split.h"
#include "bench/report.h"
#include "engine/base/status_macros.h"

namespace dongxi::bench {
namespace {

struct SplitOptions {
  std::string engagements, before, out, needs, json;
  std::vector<std::filesystem::path> docs;
  bool allow_leaks = false;
};

struct SplitTexts {
  NeedTexts needs;
  SplitDocuments documents;
};

// Every query needs its text where texts are given; history needs without one are only counted.
absl::Status CheckNeeds(const TimeSplit& split, const SplitTexts& texts, const SplitOptions& options) {
  if (options.needs.empty()) return absl::OkStatus();
  for (const Engagement& one : split.after) {
    if (texts.needs.contains(one.need)) continue;
    return absl::InvalidArgumentError(one.place + ": need " + one.need + " is not in " + options.needs +
                                      "; expected every need from " + options.before + " on; add its line");
  }
  return absl::OkStatus();
}

const char* NameOf(LeakKind kind) {
  if (kind == LeakKind::kPair) return "leaks: pairs with history";
  return kind == LeakKind::kNeed ? "leaks: needs known before" : "leaks: documents of later";
}

void AddLeaks(const TimeSplit& split, Report& report) {
  report.Section("Leaks");
  std::map<LeakKind, double> counts;
  report.details()["leaks"] = nlohmann::ordered_json::array();
  for (const Leak& leak : split.leaks) {
    ++counts[leak.kind];
    report.details()["leaks"].push_back(leak.text);
  }
  for (const LeakKind kind : {LeakKind::kPair, LeakKind::kNeed, LeakKind::kDocument})
    report.Add({NameOf(kind), counts[kind], "", {}, ""});
}

void AddHistory(const TimeSplit& split, const SplitTexts& texts, const SplitOptions& options,
                Report& report) {
  std::set<std::string> needs, unknown;
  for (const Engagement& one : split.history) {
    needs.insert(one.need);
    if (!texts.needs.contains(one.need)) unknown.insert(one.need);
  }
  report.Section("History");
  report.Add({"engagements before", static_cast<double>(split.history.size()), "", {}, "train.jsonl"});
  report.Add({"their needs", static_cast<double>(needs.size()), "", {}, ""});
  report.Add({"their needs without a text",
              static_cast<double>(unknown.size()),
              "",
              {},
              options.needs.empty() ? "no --needs: queries are ids only, likeness is not checked"
                                    : "likeness is not checked"});
  if (options.docs.empty()) return;
  const SplitDocuments& documents = texts.documents;
  report.Section("Documents");
  report.Add(
      {"documents", static_cast<double>(documents.count), "", {}, "docs.jsonl has those not of later"});
  report.Add({"of later", static_cast<double>(documents.late.size()), "", {}, ""});
  report.Add({"undated", static_cast<double>(documents.undated), "", {}, "not checked"});
  report.Add({"dated too roughly to tell",
              static_cast<double>(documents.unclear),
              "",
              {},
              "a year or month around the day"});
}

void AddCollection(const TimeSplit& split, const SplitTexts& texts, const SplitOptions& options,
                   Report& report) {
  std::map<int, double> of_grade;
  std::set<std::string> absent;
  double hopeless = 0;
  for (const auto& [need, grades] : split.qrels) {
    int best = 0;
    for (const auto& [candidate, grade] : grades) {
      ++of_grade[grade];
      best = std::max(best, grade);
      if (!texts.documents.names.contains(candidate)) absent.insert(candidate);
    }
    hopeless += best == 0 ? 1 : 0;
  }
  report.Section("Test collection");
  report.Add({"engagements from the day on", static_cast<double>(split.after.size()), "", {}, ""});
  report.Add({"queries", static_cast<double>(split.qrels.size()), "", {}, "queries.jsonl"});
  report.Add({"queries without a grade above 0", hopeless, "", {}, "every system gets 0 there"});
  const char* steps[] = {"shown, viewed, refused", "interested", "met", "signed, registered, delivered"};
  for (int grade = 0; grade < 4; ++grade)
    report.Add({"pairs of grade " + std::to_string(grade), of_grade[grade], "", {}, steps[grade]});
  if (!options.docs.empty())
    report.Add({"candidates that no document names", static_cast<double>(absent.size()), "", {}, ""});
}

Report::Arguments ArgumentsOf(const SplitOptions& options) {
  std::string docs;
  for (const std::filesystem::path& file : options.docs) docs += (docs.empty() ? "" : " ") + file.string();
  return {{"engagements", options.engagements},
          {"before", options.before},
          {"needs", options.needs},
          {"docs", docs},
          {"allow-leaks", options.allow_leaks ? "yes" : "no"}};
}

absl::StatusOr<SplitTexts> ReadTexts(const SplitOptions& options) {
  SplitTexts texts;
  if (!options.needs.empty()) {
    DX_ASSIGN_OR_RETURN(texts.needs, ReadNeedTexts(options.needs));
  }
  DX_ASSIGN_OR_RETURN(texts.documents, ReadSplitDocuments(options.docs, options.before));
  return texts;
}

// An error that lists the leaks, or they are dropped with a warning.
absl::Status HandleLeaks(const SplitOptions& options, TimeSplit& split, Report& report) {
  if (split.leaks.empty()) return absl::OkStatus();
  const std::string places = std::to_string(split.leaks.size()) + " places:" + LeakLines(split.leaks) + "\n";
  if (!options.allow_leaks) {
    report.Print();
    DX_RETURN_IF_ERROR(report.Write(options.json));
    return absl::FailedPreconditionError("the test side leaks at " + places +
                                         "Mend the data, or drop the leaking queries with --allow-leaks");
  }
  std::cerr << "Warning: the test side leaks at " << places;
  DX_ASSIGN_OR_RETURN(const std::set<std::string> dropped, DropLeakingQueries(split));
  report.Add({"queries dropped", static_cast<double>(dropped.size()), "", {}, ""});
  report.details()["dropped"] = dropped;
  return absl::OkStatus();
}

absl::Status RunSplit(const SplitOptions& options) {
  if (!IsDay(options.before))
    return absl::InvalidArgumentError("--before " + options.before + ": no such day; expected YYYY-MM-DD");
  Report report("Which test collection do these engagements make?", ArgumentsOf(options));
  DX_ASSIGN_OR_RETURN(std::vector<Engagement> engagements, ReadEngagements(options.engagements));
  DX_ASSIGN_OR_RETURN(const SplitTexts texts, ReadTexts(options));
  DX_ASSIGN_OR_RETURN(TimeSplit split,
                      SplitByTime(std::move(engagements), options.before, texts.needs, texts.documents.late));
  DX_RETURN_IF_ERROR(CheckNeeds(split, texts, options));
  AddHistory(split, texts, options, report);
  AddLeaks(split, report);
  DX_RETURN_IF_ERROR(HandleLeaks(options, split, report));
  AddCollection(split, texts, options, report);
  report.Print();
  const SplitDocuments* documents = options.docs.empty() ? nullptr : &texts.documents;
  DX_RETURN_IF_ERROR(WriteSplit(split, texts.needs, documents, options.out));
  std::cout << "\nWrote train.jsonl, queries.jsonl, qrels.txt" << (documents == nullptr ? "" : ", docs.jsonl")
            << " to " << options.out << "\n";
  return report.Write(options.json);
}

}  // namespace

void AddSplitCommand(CLI::App& app, Outcome& outcome) {
  const auto options = std::make_shared<SplitOptions>();
  CLI::App* command = app.add_subcommand("split", "Make a test collection from engagements, split at a day");
  command
      ->add_option("--engagements", options->engagements, "JSON Lines: need, candidate, step, time, reason")
      ->required();
  command
      ->add_option("--before", options->before,
                   "The day, YYYY-MM-DD: history is before it, the test from it on")
      ->required();
  command->add_option("--out", options->out, "Folder to write to, made if missing")->required();
  command->add_option("--needs", options->needs, "JSON Lines: id, title, text; the queries' texts");
  command->add_option("--docs", options->docs,
                      "JSON Lines: id and date, published, created or year; one or more files");
  command->add_flag("--allow-leaks", options->allow_leaks, "Warn of leaks and drop the leaking queries");
  AddJsonOption(*command, options->json);
  command->footer(
      "Grades: shown, viewed, refused 0; interested 1; met 2; signed, registered, delivered 3; the highest "
      "of a pair counts.\n"
      "Example: dongxi-bench split --engagements eng.jsonl --needs needs.jsonl --docs docs.jsonl --before "
      "2026-01-01 --out test");
  command->callback([options, &outcome] { outcome.status = RunSplit(*options); });
}

}  // namespace dongxi::bench
