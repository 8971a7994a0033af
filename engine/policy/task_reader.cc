#include "engine/policy/task_reader.h"

#include <algorithm>
#include <array>

#include "engine/text/normalize.h"

namespace dongxi {
namespace {

// A title says what the need is about, the text also how things stand.
constexpr double kTitleFactor = 2.0;
// What the second and third mention of a term add to the first; further ones add nothing.
constexpr std::array<double, 3> kMentionFactors = {1.0, 0.3, 0.2};
// The score at which a single task is as probable as none. Set on the sample needs, as is the exponent below.
constexpr double kNoneScore = 3.0;
constexpr double kDeclaredProbabilityMin = 0.9;
constexpr std::string_view kNoChannelName = "无对应通道";

uint64_t EdgeKey(int node, char32_t c) { return static_cast<uint64_t>(node) << 32 | c; }

// Softmax over 3 ln(score): what counts is how many times heavier one task is, in short and in long texts
// alike. Only multiplications, so the same bits on every machine (exp differs with the CPU's fused
// multiply-add).
double Odds(double score) { return score * score * score; }

void Declare(std::vector<TaskProbability>& tasks, std::string_view declared) {
  const auto at = std::find_if(tasks.begin(), tasks.end(),
                               [declared](const TaskProbability& entry) { return entry.task == declared; });
  if (declared.empty() || at == tasks.end() || at->probability >= kDeclaredProbabilityMin) return;
  const double scale = (1 - kDeclaredProbabilityMin) / (1 - at->probability);
  for (TaskProbability& entry : tasks) entry.probability *= scale;
  at->probability = kDeclaredProbabilityMin;
}

PolicyReading NoChannel() {
  return {.channel = std::string(kNoTask), .channel_name = std::string(kNoChannelName), .tasks = {{"", 1.0}}};
}

}  // namespace

TaskReader::TaskReader(const PolicyTables& tables) {
  for (const auto& lined : tables.channels) {
    ChannelTerms& terms = channels_.emplace_back();
    terms.channel = lined.row;
    terms.postings.resize(1);
    for (const auto& task : tables.tasks) {
      if (task.row.channel == terms.channel.id) terms.tasks.push_back(task.row);
    }
    for (const auto& topic : tables.topics) {
      const TopicRow& row = topic.row;
      const std::u32string term = DecodeUtf8(row.term);
      Posting posting{.task = kNone, .weight = row.weight, .valid = row.valid};
      if (row.task == kNoTask) AddTerm(terms, term, posting);
      for (size_t i = 0; i < terms.tasks.size(); ++i) {
        posting.task = static_cast<int>(i);
        if (terms.tasks[i].id == row.task) AddTerm(terms, term, posting);
      }
    }
  }
}

void TaskReader::AddTerm(ChannelTerms& terms, std::u32string_view term, const Posting& posting) {
  int node = 0;
  for (char32_t c : term) {
    const auto [edge, fresh] =
        terms.edges.try_emplace(EdgeKey(node, c), static_cast<int>(terms.postings.size()));
    node = edge->second;
    if (fresh) terms.postings.emplace_back();
  }
  terms.postings[node].push_back(posting);
}

void TaskReader::Score(const ChannelTerms& terms, std::u32string_view text, double factor,
                       absl::CivilDay today, std::vector<uint8_t>& seen, Scores& scores) {
  for (size_t begin = 0; begin < text.size();) {
    // The longest term here; shorter ones inside it say nothing of their own (锂 in 锂电池).
    int found = 0;
    size_t end = begin + 1;
    int node = 0;
    for (size_t at = begin; at < text.size(); ++at) {
      const auto edge = terms.edges.find(EdgeKey(node, text[at]));
      if (edge == terms.edges.end()) break;
      node = edge->second;
      const std::vector<Posting>& here = terms.postings[node];
      if (std::any_of(here.begin(), here.end(),
                      [today](const Posting& p) { return p.valid.Contains(today); })) {
        found = node;
        end = at + 1;
      }
    }
    begin = end;
    if (found == 0 || seen[found] == kMentionFactors.size()) continue;
    const double weight = factor * kMentionFactors[seen[found]++];
    for (const Posting& posting : terms.postings[found]) {
      if (!posting.valid.Contains(today)) continue;
      (posting.task == kNone ? scores.none : scores.tasks[posting.task]) += weight * posting.weight;
    }
  }
}

std::vector<TaskProbability> TaskReader::Probabilities(const ChannelTerms& terms, const Scores& scores,
                                                       std::string_view declared_task, absl::CivilDay today) {
  std::vector<TaskProbability> tasks;
  double total = 0;
  const auto add = [&tasks, &total](std::string_view task, double odds) {
    tasks.push_back({std::string(task), odds});
    total += odds;
  };
  for (size_t i = 0; i < terms.tasks.size(); ++i) {
    if (terms.tasks[i].valid.Contains(today)) add(terms.tasks[i].id, Odds(scores.tasks[i]));
  }
  add("", Odds(kNoneScore + scores.none));
  for (TaskProbability& entry : tasks) entry.probability /= total;
  Declare(tasks, declared_task);
  std::stable_sort(tasks.begin(), tasks.end(), [](const TaskProbability& a, const TaskProbability& b) {
    return a.probability > b.probability;
  });
  return tasks;
}

const TaskReader::ChannelTerms* TaskReader::ChannelOf(std::string_view region, absl::CivilDay today) const {
  for (const ChannelTerms& terms : channels_) {
    if (region.starts_with(terms.channel.region) && terms.channel.valid.Contains(today)) return &terms;
  }
  return nullptr;
}

PolicyReading TaskReader::Read(std::string_view region, std::string_view declared_task,
                               std::string_view title, std::string_view text, absl::CivilDay today) const {
  const ChannelTerms* terms = ChannelOf(region, today);
  if (terms == nullptr) return NoChannel();
  Scores scores{.tasks = std::vector<double>(terms->tasks.size()), .none = 0};
  std::vector<uint8_t> seen(terms->postings.size());
  Score(*terms, DecodeUtf8(Normalize(title)), kTitleFactor, today, seen, scores);
  Score(*terms, DecodeUtf8(Normalize(text)), 1.0, today, seen, scores);
  return {.channel = terms->channel.id,
          .channel_name = terms->channel.name,
          .tasks = Probabilities(*terms, scores, declared_task, today)};
}

}  // namespace dongxi
