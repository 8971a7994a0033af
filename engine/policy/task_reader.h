// Reads the task of a need from its words: the channel comes from the region, and inside the channel each
// task collects the weights of its terms. Immutable; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "engine/policy/tables.h"

namespace dongxi {

class TaskReader {
 public:
  explicit TaskReader(const PolicyTables& tables);

  // As Policy::Read says.
  PolicyReading Read(std::string_view region, std::string_view declared_task, std::string_view title,
                     std::string_view text, absl::CivilDay today) const;

 private:
  static constexpr int kNone = -1;

  // The terms of one channel: a trie over characters, so that a text is read once whatever the number of
  // terms.
  struct Posting {
    int task = kNone;  // place in ChannelTerms::tasks, kNone for topics that speak against all
    double weight = 0;
    Validity valid;
  };
  struct ChannelTerms {
    Channel channel;
    std::vector<Task> tasks;
    absl::flat_hash_map<uint64_t, int> edges;    // (node, character) -> node
    std::vector<std::vector<Posting>> postings;  // by node; 0 is the root
  };
  struct Scores {
    std::vector<double> tasks;
    double none = 0;
  };

  static void AddTerm(ChannelTerms& terms, std::u32string_view term, const Posting& posting);
  // Adds the terms found in `text`. `seen` counts, by node, how often a term was met in this need.
  static void Score(const ChannelTerms& terms, std::u32string_view text, double factor, absl::CivilDay today,
                    std::vector<uint8_t>& seen, Scores& scores);
  static std::vector<TaskProbability> Probabilities(const ChannelTerms& terms, const Scores& scores,
                                                    std::string_view declared_task, absl::CivilDay today);
  const ChannelTerms* ChannelOf(std::string_view region, absl::CivilDay today) const;

  std::vector<ChannelTerms> channels_;
};

}  // namespace dongxi
