#include <algorithm>
#include <filesystem>

#include "absl/container/flat_hash_map.h"
#include "engine/base/crc32c.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/text/characters.h"
#include "engine/text/terms.h"

namespace dongxi {
namespace {

constexpr size_t kLexiconFileBytesMax = size_t{64} << 20;
constexpr uint32_t kNoConcept = UINT32_MAX;
constexpr char32_t kFirstCharacters = 0x10000;  // those that nearly all names begin with
constexpr char kBroaderMarker = '<';
constexpr char kRelatedMarker = '~';

// A trie whose edges are one hash map from (node, character) to node.
class TrieLexicon : public Lexicon {
 public:
  size_t size() const override { return names_.size(); }
  const std::string& name(uint32_t concept_id) const override { return names_[concept_id].front(); }
  std::span<const std::string> names(uint32_t concept_id) const override { return names_[concept_id]; }
  uint32_t crc32c() const override { return crc_; }

  std::span<const uint32_t> broader(uint32_t concept_id) const override { return broader_[concept_id]; }
  std::span<const uint32_t> related(uint32_t concept_id) const override { return related_[concept_id]; }

  std::vector<Hit> Find(std::u32string_view text) const override {
    std::vector<Hit> hits;
    for (size_t i = 0; i < text.size();) {
      const Hit hit = LongestAt(text, i);
      if (hit.concept_id != kNoConcept) hits.push_back(hit);
      i = hit.concept_id != kNoConcept ? hit.end : i + 1;
    }
    return hits;
  }

  uint32_t AddConcept(std::string name) {
    names_.push_back({std::move(name)});
    broader_.emplace_back();
    related_.emplace_back();
    return static_cast<uint32_t>(names_.size() - 1);
  }

  // The concept that has the name already, or kNoConcept after adding it to `concept_id`.
  uint32_t AddName(uint32_t concept_id, std::u32string_view name) {
    uint32_t node = 0;
    if (!name.empty() && name[0] < kFirstCharacters) {
      if (begins_.empty()) begins_.resize(kFirstCharacters);
      begins_[name[0]] = true;
    }
    for (const char32_t c : name) {
      const auto [edge, is_new] =
          edges_.try_emplace(Edge(node, c), static_cast<uint32_t>(concept_of_.size()));
      if (is_new) concept_of_.push_back(kNoConcept);
      node = edge->second;
    }
    if (concept_of_[node] != kNoConcept) return concept_of_[node];
    concept_of_[node] = concept_id;
    if (std::string utf8 = EncodeUtf8(name); utf8 != names_[concept_id].front()) {
      names_[concept_id].push_back(std::move(utf8));
    }
    crc_ = Crc32c(std::to_string(concept_id) + "\t" + EncodeUtf8(name) + "\n", crc_);
    return kNoConcept;
  }

  // The concept with exactly this name, or kNoConcept.
  uint32_t ConceptOf(std::u32string_view name) const {
    uint32_t node = 0;
    for (const char32_t c : name) {
      const auto edge = edges_.find(Edge(node, c));
      if (edge == edges_.end()) return kNoConcept;
      node = edge->second;
    }
    return concept_of_[node];
  }

  void AddRelation(char marker, uint32_t from, uint32_t to) {
    (marker == kBroaderMarker ? broader_ : related_)[from].push_back(to);
    crc_ = Crc32c(std::to_string(from) + marker + std::to_string(to) + "\n", crc_);
  }

 private:
  static uint64_t Edge(uint32_t node, char32_t c) { return (uint64_t{node} << 32) | c; }

  Hit LongestAt(std::u32string_view text, size_t begin) const {
    Hit best{kNoConcept, static_cast<uint32_t>(begin), 0};
    if (begin > 0 && IsWordCharacter(text[begin]) && IsWordCharacter(text[begin - 1])) return best;
    // No name begins with most characters of a text.
    if (text[begin] < kFirstCharacters && (begins_.empty() || !begins_[text[begin]])) return best;
    uint32_t node = 0;
    for (size_t i = begin; i < text.size(); ++i) {
      const auto edge = edges_.find(Edge(node, text[i]));
      if (edge == edges_.end()) break;
      node = edge->second;
      if (concept_of_[node] == kNoConcept) continue;
      const bool inside_word =
          i + 1 < text.size() && IsWordCharacter(text[i]) && IsWordCharacter(text[i + 1]);
      if (inside_word) continue;
      best.concept_id = concept_of_[node];
      best.end = static_cast<uint32_t>(i + 1);
    }
    return best;
  }

  std::vector<std::vector<std::string>> names_;           // by concept; the first is its name
  std::vector<std::vector<uint32_t>> broader_, related_;  // by concept
  std::vector<uint32_t> concept_of_ = {kNoConcept};       // by node; node 0 is the root
  absl::flat_hash_map<uint64_t, uint32_t> edges_;
  std::vector<bool> begins_;  // by character below kFirstCharacters: a name begins with it
  uint32_t crc_ = 0;
};

std::u32string Trim(std::u32string text) {
  const size_t begin = text.find_first_not_of(U' ');
  if (begin == std::u32string::npos) return {};
  return text.substr(begin, text.find_last_not_of(U' ') - begin + 1);
}

// The next field up to `separator`, taken off the front of `rest`.
std::string_view TakeUntil(char separator, std::string_view* rest) {
  const size_t end = std::min(rest->find(separator), rest->size());
  const std::string_view field = rest->substr(0, end);
  rest->remove_prefix(std::min(end + 1, rest->size()));
  return field;
}

std::string Quoted(std::u32string_view name) { return std::string("'").append(EncodeUtf8(name)).append("'"); }

// A relation as it stands in a file; its target may come later, so all are resolved at the end.
struct Relation {
  std::string place;  // file:line
  char marker = kRelatedMarker;
  uint32_t from = 0;
  std::u32string target;
};

absl::Status Resolve(const std::vector<Relation>& relations, TrieLexicon* lexicon) {
  for (const Relation& relation : relations) {
    const uint32_t target = lexicon->ConceptOf(relation.target);
    if (target == kNoConcept || target == relation.from) {
      return absl::InvalidArgumentError(relation.place + ": relation to " + Quoted(relation.target) +
                                        (target == kNoConcept
                                             ? ", which no concept is called; correct the name"
                                             : ", the concept itself; remove it"));
    }
    lexicon->AddRelation(relation.marker, relation.from, target);
  }
  return absl::OkStatus();
}

// Adds the concept of one line. `place` is file:line.
absl::Status AddLine(const std::string& place, std::string_view line, std::vector<Relation>* relations,
                     TrieLexicon* lexicon) {
  if (!IsValidUtf8(line)) {
    return absl::InvalidArgumentError(place + ": not valid UTF-8; save the file as UTF-8");
  }
  uint32_t concept_id = kNoConcept;
  for (bool more = true; more;) {
    more = line.find('\t') != std::string_view::npos;
    std::string_view field = TakeUntil('\t', &line);
    const char marker = field.empty() ? '\0' : field.front();
    const bool is_relation =
        concept_id != kNoConcept && (marker == kBroaderMarker || marker == kRelatedMarker);
    if (is_relation) field.remove_prefix(1);
    const std::u32string name = Trim(NormalizeToUtf32(field));
    if (name.empty()) {
      return absl::InvalidArgumentError(place +
                                        ": empty name; write one name between two tabs, none at the end");
    }
    if (is_relation) {
      relations->push_back({place, marker, concept_id, name});
      continue;
    }
    if (concept_id == kNoConcept) concept_id = lexicon->AddConcept(EncodeUtf8(name));
    const uint32_t owner = lexicon->AddName(concept_id, name);
    if (owner != kNoConcept && owner != concept_id) {
      return absl::InvalidArgumentError(place + ": name " + Quoted(name) + " belongs to concept '" +
                                        lexicon->name(owner) + "' already; keep it in one of the two");
    }
  }
  return absl::OkStatus();
}

absl::Status AddFile(const std::string& file_name, std::string_view content, std::vector<Relation>* relations,
                     TrieLexicon* lexicon) {
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (content.starts_with(kByteOrderMark)) content.remove_prefix(kByteOrderMark.size());
  for (size_t number = 1; !content.empty(); ++number) {
    std::string_view line = TakeUntil('\n', &content);
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with('#') || line.find_first_not_of(" \t") == std::string_view::npos) continue;
    DX_RETURN_IF_ERROR(AddLine(file_name + ":" + std::to_string(number), line, relations, lexicon));
  }
  return absl::OkStatus();
}

}  // namespace

std::shared_ptr<const Lexicon> EmptyLexicon() { return std::make_shared<TrieLexicon>(); }

absl::StatusOr<std::shared_ptr<const Lexicon>> ParseLexicon(std::string_view file_name,
                                                            std::string_view content) {
  auto lexicon = std::make_shared<TrieLexicon>();
  std::vector<Relation> relations;
  DX_RETURN_IF_ERROR(AddFile(std::string(file_name), content, &relations, lexicon.get()));
  DX_RETURN_IF_ERROR(Resolve(relations, lexicon.get()));
  return std::shared_ptr<const Lexicon>(std::move(lexicon));
}

absl::StatusOr<std::shared_ptr<const Lexicon>> LoadLexicon(const std::string& directory) {
  std::error_code error;
  std::vector<std::filesystem::path> files;
  std::filesystem::directory_iterator entries(directory, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    if (entries->path().extension() == ".tsv") files.push_back(entries->path());
  }
  if (error) return absl::NotFoundError(directory + ": cannot read the lexicon folder: " + error.message());
  if (files.empty()) return absl::NotFoundError(directory + ": no *.tsv here; expected the lexicon's files");
  std::sort(files.begin(), files.end());
  auto lexicon = std::make_shared<TrieLexicon>();
  std::vector<Relation> relations;
  for (const std::filesystem::path& file : files) {
    DX_ASSIGN_OR_RETURN(const std::string content, ReadFile(file, kLexiconFileBytesMax));
    DX_RETURN_IF_ERROR(AddFile(file.string(), content, &relations, lexicon.get()));
  }
  DX_RETURN_IF_ERROR(Resolve(relations, lexicon.get()));
  return std::shared_ptr<const Lexicon>(std::move(lexicon));
}

}  // namespace dongxi
