#include "bench/papers.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <span>

#include "bench/json_lines.h"
#include "engine/base/files.h"
#include "engine/base/status_macros.h"
#include "engine/record/record.h"
#include "engine/text/normalize.h"

namespace dongxi::bench {
namespace {

constexpr char kSource[] = "ChinaXiv, CC BY 4.0; for measurements only";

// Types of ours for the kinds of the gazetteer. The graduate school is not here: it signs with half of all
// institutes and is no partner.
const char* TypeOfKind(const std::string& kind) {
  if (kind == "university") return "university";
  if (kind == "institute") return "research_institute";
  if (kind == "company") return "enterprise";
  if (kind == "agency") return "government";
  if (kind == "hospital") return "hospital";
  return nullptr;
}

// The source's text was read from scans; import refuses the replacement characters that some of it holds.
std::string Clean(const std::string& text) {
  std::u32string characters = DecodeUtf8(text);
  std::erase(characters, U'\uFFFD');
  return EncodeUtf8(characters);
}

std::vector<std::string> ShortItems(std::vector<std::string> items) {
  for (std::string& item : items) item = Clean(item);
  std::erase_if(items, [](const std::string& item) {
    return item.empty() || CountCharacters(item) > kListItemCharactersMax;
  });
  if (items.size() > kListItemsMax) items.resize(kListItemsMax);
  return items;
}

nlohmann::ordered_json InstitutionRow(const nlohmann::json& source) {
  return {{"id", StringOf(source, "id")},
          {"name", StringOf(source, "name")},
          {"aliases", ShortItems(StringsOf(source, "aliases"))},
          {"type", TypeOfKind(StringOf(source, "kind"))},
          {"region", StringOf(source, "province_adcode")},
          {"source", kSource}};
}

bool IsSentenceEnd(char32_t c) { return c == U'。' || c == U'！' || c == U'？' || c == U';' || c == U'；'; }

// A number below `bound` that is the same with every standard library.
size_t Below(std::mt19937_64& random, size_t bound) { return static_cast<size_t>(random() % bound); }

void ReplaceNumbers(std::u32string& text, std::mt19937_64& random) {
  bool inside = false;
  for (char32_t& c : text) {
    const bool digit = c >= U'0' && c <= U'9';
    // The first digit of a number is never 0, so a number keeps its length.
    if (digit)
      c = inside ? U'0' + static_cast<char32_t>(Below(random, 10))
                 : U'1' + static_cast<char32_t>(Below(random, 9));
    inside = digit;
  }
}

std::vector<std::u32string> Sentences(const std::u32string& text) {
  std::vector<std::u32string> sentences(1);
  for (const char32_t c : text) {
    sentences.back() += c;
    if (IsSentenceEnd(c)) sentences.emplace_back();
  }
  if (sentences.back().empty()) sentences.pop_back();
  return sentences;
}

absl::Status WriteRows(const std::filesystem::path& file, size_t count,
                       const std::function<nlohmann::ordered_json(size_t)>& row) {
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<FileWriter> writer, FileWriter::Create(file));
  for (size_t i = 0; i < count; ++i) DX_RETURN_IF_ERROR(writer->Append(row(i).dump() + "\n"));
  return writer->Close().status();
}

// Adds the authors of papers as experts, one for each name and institution.
class Authors {
 public:
  // The resource name of the author, "" if the name cannot be part of an id.
  std::string NameOf(const std::string& author, const nlohmann::ordered_json& institution) {
    const std::string home = institution["id"];
    std::string id = "x-" + home + "-" + author;
    if (!IsValidRecordId(id)) return "";
    if (ids_.insert(id).second) {
      rows_.push_back({{"id", id},
                       {"name", author},
                       {"institution", home},
                       {"region", institution["region"]},
                       {"source", kSource}});
    }
    return "experts/" + id;
  }
  std::vector<nlohmann::ordered_json> Rows() && { return std::move(rows_); }

 private:
  std::set<std::string> ids_;
  std::vector<nlohmann::ordered_json> rows_;
};

// Resource names of the institutions and authors of a paper, without repeats.
std::vector<std::string> OwnersOf(const nlohmann::json& paper, const std::vector<std::string>& homes,
                                  const nlohmann::ordered_json& first_home, Authors& authors) {
  std::vector<std::string> owners;
  std::set<std::string> seen;
  const auto add = [&](const std::string& owner) {
    if (!owner.empty() && seen.insert(owner).second) owners.push_back(owner);
  };
  for (const std::string& id : homes) add("institutions/" + id);
  for (const std::string& author : StringsOf(paper, "authors")) add(authors.NameOf(author, first_home));
  return owners;
}

// Texts read by OCR hold replacement characters here and there, which import refuses with good reason.
std::string WithoutDamage(std::string text) {
  constexpr std::string_view kReplacement = "\xEF\xBF\xBD";
  for (size_t at = text.find(kReplacement); at != std::string::npos; at = text.find(kReplacement, at)) {
    text.erase(at, kReplacement.size());
  }
  return text;
}

nlohmann::ordered_json PaperRow(const nlohmann::json& source, const std::vector<std::string>& owners) {
  return {{"id", StringOf(source, "id")},
          {"title", CutCharacters(WithoutDamage(StringOf(source, "title")), kTitleCharactersMax - 1)},
          {"abstract", WithoutDamage(StringOf(source, "abstract"))},
          {"type", "publication"},
          {"owners", ShortItems(owners)},
          {"keywords", ShortItems(StringsOf(source, "keywords"))},
          {"year", source.value("year", 0)},
          {"source", kSource}};
}

absl::Status MakeFolder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  return error ? absl::InternalError(folder.string() + ": cannot be made: " + error.message())
               : absl::OkStatus();
}

std::set<std::string> OwnersAmong(const PaperCorpus& corpus, size_t papers) {
  std::set<std::string> owners;
  for (size_t i = 0; i < papers; ++i) {
    const nlohmann::ordered_json row = corpus.Evidence(i);  // outlives the loop over its owners
    for (const nlohmann::ordered_json& owner : row["owners"]) owners.insert(owner.get<std::string>());
  }
  return owners;
}

std::vector<nlohmann::ordered_json> RowsNamed(const std::vector<nlohmann::ordered_json>& rows,
                                              const std::string& collection,
                                              const std::set<std::string>& names) {
  std::vector<nlohmann::ordered_json> named;
  for (const nlohmann::ordered_json& row : rows) {
    if (names.contains(collection + row["id"].get<std::string>())) named.push_back(row);
  }
  return named;
}

}  // namespace

std::string EditedCopy(const std::string& text, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<std::u32string> sentences = Sentences(DecodeUtf8(text));
  for (size_t i = sentences.size(); i > 1; --i) std::swap(sentences[i - 1], sentences[Below(random, i)]);
  std::u32string copy;
  for (const std::u32string& sentence : sentences) copy += sentence;
  ReplaceNumbers(copy, random);
  return EncodeUtf8(copy);
}

absl::StatusOr<PaperCorpus> PaperCorpus::Read(const std::filesystem::path& directory) {
  PaperCorpus corpus;
  std::map<std::string, nlohmann::ordered_json> known;
  DX_RETURN_IF_ERROR(ReadJsonLines(directory / "institutions.jsonl", [&](const nlohmann::json& source) {
    if (TypeOfKind(StringOf(source, "kind")) != nullptr)
      known[StringOf(source, "id")] = InstitutionRow(source);
    return absl::OkStatus();
  }));
  std::set<std::string> owning;
  Authors authors;
  DX_RETURN_IF_ERROR(ReadJsonLines(directory / "records.jsonl", [&](const nlohmann::json& source) {
    std::vector<std::string> homes = StringsOf(source, "institution_ids");
    std::erase_if(homes, [&](const std::string& id) { return !known.contains(id); });
    if (homes.empty()) {
      ++corpus.left_out_;
      return absl::OkStatus();
    }
    owning.insert(homes.begin(), homes.end());
    // The source does not say who works where; the first institution is the usual one.
    corpus.papers_.push_back(PaperRow(source, OwnersOf(source, homes, known[homes[0]], authors)));
    return absl::OkStatus();
  }));
  if (corpus.papers_.empty())
    return absl::InvalidArgumentError(directory.string() + ": no paper with an institution");
  for (const std::string& id : owning) corpus.institutions_.push_back(known[id]);
  corpus.experts_ = std::move(authors).Rows();
  return corpus;
}

nlohmann::ordered_json PaperCorpus::Evidence(size_t i) const {
  nlohmann::ordered_json row = papers_[i % papers_.size()];
  const size_t edition = i / papers_.size();
  if (edition == 0) return row;
  row["id"] = row["id"].get<std::string>() + "-e" + std::to_string(edition);
  row["abstract"] = EditedCopy(row["abstract"].get<std::string>(), i);
  return row;
}

std::vector<nlohmann::ordered_json> PaperCorpus::HoldOutEvery(size_t nth) {
  std::vector<nlohmann::ordered_json> kept, held_out;
  for (size_t i = 0; i < papers_.size(); ++i) {
    ((i + 1) % nth == 0 ? held_out : kept).push_back(std::move(papers_[i]));
  }
  papers_ = std::move(kept);
  return held_out;
}

absl::StatusOr<Converted> WritePapers(const PaperCorpus& corpus, size_t size,
                                      const std::filesystem::path& out) {
  DX_RETURN_IF_ERROR(MakeFolder(out));
  const size_t evidence = size == 0 ? corpus.papers() : size;
  const std::set<std::string> owners = OwnersAmong(corpus, std::min(evidence, corpus.papers()));
  const std::vector<nlohmann::ordered_json> institutions =
      RowsNamed(corpus.institutions(), "institutions/", owners);
  const std::vector<nlohmann::ordered_json> experts = RowsNamed(corpus.experts(), "experts/", owners);
  DX_RETURN_IF_ERROR(
      WriteRows(out / "institutions.jsonl", institutions.size(), [&](size_t i) { return institutions[i]; }));
  DX_RETURN_IF_ERROR(WriteRows(out / "experts.jsonl", experts.size(), [&](size_t i) { return experts[i]; }));
  DX_RETURN_IF_ERROR(
      WriteRows(out / "evidence.jsonl", evidence, [&](size_t i) { return corpus.Evidence(i); }));
  return Converted{.institutions = institutions.size(), .experts = experts.size(), .evidence = evidence};
}

absl::StatusOr<size_t> WriteResults(const std::filesystem::path& results, const std::filesystem::path& out) {
  DX_RETURN_IF_ERROR(MakeFolder(out));
  std::vector<nlohmann::ordered_json> rows;
  DX_RETURN_IF_ERROR(ReadJsonLines(results, [&](const nlohmann::json& source) {
    rows.push_back({{"id", StringOf(source, "id")},
                    {"title", CutCharacters(Clean(StringOf(source, "title")), kTitleCharactersMax - 1)},
                    {"source", "need-result; for measurements only"}});
    if (source.contains("abstract")) rows.back()["abstract"] = WithoutDamage(StringOf(source, "abstract"));
    return absl::OkStatus();
  }));
  DX_RETURN_IF_ERROR(WriteRows(out / "results.jsonl", rows.size(), [&](size_t i) { return rows[i]; }));
  return rows.size();
}

}  // namespace dongxi::bench
