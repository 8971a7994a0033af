#include "engine/index/document_table.h"

#include <algorithm>
#include <climits>
#include <cstring>
#include <tuple>
#include <unordered_map>

#include "absl/time/civil_time.h"
#include "engine/base/status_macros.h"
#include "engine/text/normalize.h"

namespace dongxi {

// docs/format/documents.md: header, rows, owners (u32 each), heap. Offsets point into the heap; offset 0 is
// the empty string and the empty list.
struct DocumentTable::Row {
  uint32_t id;
  uint32_t region;
  uint32_t type;
  uint32_t institution;
  uint32_t names;
  uint32_t modes;
  uint32_t conditions;
  uint32_t fields;
  uint32_t owners_begin;  // index into the owners
  uint32_t owners_count;
  int32_t valid_until_day;
  uint16_t year;
  uint8_t kind;
  uint8_t maturity;
  uint8_t illustrative;
  uint8_t disclosure;
  uint8_t reserved[2];
};

namespace {

constexpr char kMagic[4] = {'D', 'X', 'D', '1'};
struct Header {
  char magic[4];
  uint32_t documents;
  uint64_t owners;
  uint64_t heap_bytes;
};
static_assert(sizeof(Header) == 24);
constexpr size_t kRowBytes = 52;

template <typename T>
std::string_view BytesOf(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof(value)};
}

uint16_t ReadU16(std::string_view bytes, size_t at) {
  uint16_t value = 0;
  std::memcpy(&value, bytes.data() + at, sizeof(value));
  return value;
}

// True if a length-prefixed string stands at `at` inside `heap`; `end` is set behind it.
bool StringFits(std::string_view heap, size_t at, size_t* end) {
  if (at + sizeof(uint16_t) > heap.size()) return false;
  *end = at + sizeof(uint16_t) + ReadU16(heap, at);
  return *end <= heap.size();
}

bool ListFits(std::string_view heap, size_t at) {
  if (at + sizeof(uint16_t) > heap.size()) return false;
  const uint16_t count = ReadU16(heap, at);
  size_t next = at + sizeof(uint16_t);
  for (uint16_t i = 0; i < count; ++i) {
    if (!StringFits(heap, next, &next)) return false;
  }
  return true;
}

// Strings and lists of the heap, each stored once.
class Heap {
 public:
  Heap() : bytes_(sizeof(uint16_t), '\0') {}

  absl::StatusOr<uint32_t> Add(std::string_view text) {
    DX_ASSIGN_OR_RETURN(const std::string encoded, Encode(text));
    return Place(encoded);
  }
  absl::StatusOr<uint32_t> AddList(const std::vector<std::string>& items) {
    const auto count = static_cast<uint16_t>(items.size());
    std::string encoded(BytesOf(count));
    for (const std::string& item : items) {
      DX_ASSIGN_OR_RETURN(const std::string one, Encode(item));
      encoded += one;
    }
    return Place(encoded);
  }
  const std::string& bytes() const { return bytes_; }

 private:
  static absl::StatusOr<std::string> Encode(std::string_view text) {
    if (text.size() > UINT16_MAX)
      return absl::InvalidArgumentError("an attribute of a record is longer than 65,535 bytes");
    const auto length = static_cast<uint16_t>(text.size());
    std::string encoded(BytesOf(length));
    encoded += text;
    return encoded;
  }
  absl::StatusOr<uint32_t> Place(const std::string& encoded) {
    if (encoded == std::string_view("\0\0", 2)) return uint32_t{0};
    const auto [found, added] = places_.try_emplace(encoded, static_cast<uint32_t>(bytes_.size()));
    if (added) bytes_ += encoded;
    if (bytes_.size() > UINT32_MAX)
      return absl::ResourceExhaustedError("the ordinal table is larger than 4 GiB");
    return found->second;
  }
  std::string bytes_;
  std::unordered_map<std::string, uint32_t> places_;
};

}  // namespace

int32_t DayNumber(std::string_view iso_date) {
  absl::CivilDay day;
  if (iso_date.empty() || !absl::ParseCivilTime(std::string(iso_date), &day)) return INT32_MAX;
  return static_cast<int32_t>(day - absl::CivilDay(1970, 1, 1));
}

absl::StatusOr<std::unique_ptr<DocumentTable>> DocumentTable::Open(const std::filesystem::path& file) {
  static_assert(sizeof(Row) == kRowBytes);
  const auto damaged = [&](const std::string& what) {
    return absl::DataLossError(file.string() + ": " + what + "; rebuild with dongxi-indexer build");
  };
  auto table = std::make_unique<DocumentTable>();
  DX_ASSIGN_OR_RETURN(table->mapped_, MappedFile::Open(file));
  const std::string_view bytes = table->mapped_->bytes();
  Header header;
  if (bytes.size() < sizeof(header)) return damaged("shorter than its header");
  std::memcpy(&header, bytes.data(), sizeof(header));
  if (std::memcmp(header.magic, kMagic, sizeof(kMagic)) != 0)
    return damaged("not a document table of version 1");
  const uint64_t body = bytes.size() - sizeof(header);
  if (header.owners > body / sizeof(DocId) || header.heap_bytes > body ||
      body != header.documents * kRowBytes + header.owners * sizeof(DocId) + header.heap_bytes) {
    return damaged("length does not fit its header");
  }
  table->size_ = header.documents;
  table->rows_ = bytes.data() + sizeof(header);
  table->heap_ = bytes.substr(bytes.size() - header.heap_bytes);
  const char* owners = table->rows_ + table->size_ * kRowBytes;
  for (uint64_t i = 0; i < header.owners; ++i) {
    DocId owner = 0;
    std::memcpy(&owner, owners + i * sizeof(DocId), sizeof(owner));
    if (owner >= header.documents) return damaged("owner outside the table");
  }
  for (size_t i = 0; i < table->size_; ++i) {
    if (const absl::Status row = table->CheckRow(i); !row.ok()) return damaged(std::string(row.message()));
    const Row& r = table->row(static_cast<DocId>(i));
    if (uint64_t{r.owners_begin} + r.owners_count > header.owners) return damaged("owners out of range");
  }
  return table;
}

absl::Status DocumentTable::CheckRow(size_t index) const {
  const Row& r = row(static_cast<DocId>(index));
  size_t end = 0;
  for (const uint32_t offset : {r.id, r.region, r.type, r.institution}) {
    if (!StringFits(heap_, offset, &end)) return absl::DataLossError("text out of range");
  }
  for (const uint32_t offset : {r.names, r.modes, r.conditions, r.fields}) {
    if (!ListFits(heap_, offset)) return absl::DataLossError("list out of range");
  }
  if (r.kind < 1 || r.kind > 5 || r.disclosure > 2) return absl::DataLossError("unknown kind or disclosure");
  if (index > 0) {
    const Row& before = row(static_cast<DocId>(index - 1));
    if (std::tuple(before.kind, String(before.id)) >= std::tuple(r.kind, String(r.id))) {
      return absl::DataLossError("documents out of order");
    }
  }
  return absl::OkStatus();
}

const DocumentTable::Row& DocumentTable::row(DocId doc) const {
  return *reinterpret_cast<const Row*>(rows_ + size_t{doc} * kRowBytes);
}

std::string_view DocumentTable::String(uint32_t offset) const {
  return heap_.substr(offset + sizeof(uint16_t), ReadU16(heap_, offset));
}

std::vector<std::string_view> DocumentTable::Strings(uint32_t offset) const {
  std::vector<std::string_view> items(ReadU16(heap_, offset));
  auto next = static_cast<uint32_t>(offset + sizeof(uint16_t));
  for (std::string_view& item : items) {
    item = String(next);
    next += static_cast<uint32_t>(sizeof(uint16_t) + item.size());
  }
  return items;
}

std::pair<DocId, DocId> DocumentTable::RangeOf(RecordKind kind) const {
  const auto first_not_before = [&](int value) {
    DocId low = 0;
    auto high = static_cast<DocId>(size_);
    while (low < high) {
      const DocId middle = low + (high - low) / 2;
      if (row(middle).kind < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  return {first_not_before(static_cast<int>(kind)), first_not_before(static_cast<int>(kind) + 1)};
}

std::optional<DocId> DocumentTable::Find(RecordKind kind, std::string_view id) const {
  auto [low, high] = RangeOf(kind);
  while (low < high) {
    const DocId middle = low + (high - low) / 2;
    const std::string_view there = String(row(middle).id);
    if (there == id) return middle;
    if (there < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

RecordKind DocumentTable::kind(DocId doc) const { return static_cast<RecordKind>(row(doc).kind); }
std::string_view DocumentTable::id(DocId doc) const { return String(row(doc).id); }
std::string_view DocumentTable::region(DocId doc) const { return String(row(doc).region); }
std::string_view DocumentTable::type(DocId doc) const { return String(row(doc).type); }
int DocumentTable::maturity(DocId doc) const { return row(doc).maturity; }
int DocumentTable::year(DocId doc) const { return row(doc).year; }
bool DocumentTable::illustrative(DocId doc) const { return row(doc).illustrative != 0; }
Disclosure DocumentTable::disclosure(DocId doc) const { return static_cast<Disclosure>(row(doc).disclosure); }
int32_t DocumentTable::valid_until_day(DocId doc) const { return row(doc).valid_until_day; }
std::string_view DocumentTable::institution_id(DocId doc) const { return String(row(doc).institution); }
std::vector<std::string_view> DocumentTable::names(DocId doc) const { return Strings(row(doc).names); }
std::vector<std::string_view> DocumentTable::modes(DocId doc) const { return Strings(row(doc).modes); }
std::vector<std::string_view> DocumentTable::conditions(DocId doc) const {
  return Strings(row(doc).conditions);
}
std::vector<std::string_view> DocumentTable::fields(DocId doc) const { return Strings(row(doc).fields); }

std::span<const DocId> DocumentTable::owners(DocId doc) const {
  const auto* all = reinterpret_cast<const DocId*>(rows_ + size_ * kRowBytes);
  return {all + row(doc).owners_begin, row(doc).owners_count};
}

void DocumentTableBuilder::Add(const Record& record) {
  Pending pending{.kind = record.kind,
                  .id = record.id,
                  .region = record.region,
                  .type = record.type,
                  .institution = record.institution,
                  .owners = record.owners,
                  .names = {},
                  .modes = record.modes,
                  .conditions = record.conditions,
                  .fields = {},
                  .maturity = record.maturity,
                  .year = record.year,
                  .illustrative = record.illustrative,
                  .disclosure = record.disclosure,
                  .valid_until_day = DayNumber(record.valid_until)};
  if (record.kind == RecordKind::kInstitution) {
    pending.names.push_back(record.title);
    pending.names.insert(pending.names.end(), record.aliases.begin(), record.aliases.end());
  }
  if (record.kind == RecordKind::kExpert) pending.modes = record.availability;
  for (const std::string& field : record.fields) pending.fields.push_back(Normalize(field));
  documents_.push_back(std::move(pending));
}

std::optional<DocId> DocumentTableBuilder::Find(RecordKind kind, std::string_view id) const {
  const auto key = [](const Pending& d) { return std::tuple(d.kind, std::string_view(d.id)); };
  const auto at = std::lower_bound(documents_.begin(), documents_.end(), std::tuple(kind, id),
                                   [&](const Pending& d, const auto& wanted) { return key(d) < wanted; });
  if (at == documents_.end() || key(*at) != std::tuple(kind, id)) return std::nullopt;
  return static_cast<DocId>(at - documents_.begin());
}

void DocumentTableBuilder::Missing(const Pending& document, RecordKind kind, const std::string& id) {
  constexpr size_t kExamplesMax = 20;
  ++missing_;
  if (missing_examples_.size() < kExamplesMax) {
    missing_examples_.push_back(ResourceName(document.kind, document.id) + " → " + ResourceName(kind, id));
  }
}

std::vector<DocId> DocumentTableBuilder::ResolveOwners(const Pending& document, DocId self) {
  std::vector<DocId> owners;
  const auto add = [&](RecordKind kind, const std::string& id) {
    const std::optional<DocId> found = Find(kind, id);
    if (!found.has_value()) return Missing(document, kind, id);
    if (std::find(owners.begin(), owners.end(), *found) == owners.end()) owners.push_back(*found);
  };
  switch (document.kind) {
    case RecordKind::kInstitution:
      return {self};
    case RecordKind::kExpert:
      owners.push_back(self);
      if (!document.institution.empty()) add(RecordKind::kInstitution, document.institution);
      return owners;
    case RecordKind::kNeed:
      return {};
    case RecordKind::kResult:
    case RecordKind::kEvidence:
      break;
  }
  for (const RecordName& owner : document.owners) add(owner.kind, owner.id);
  const std::vector<DocId> named = owners;
  for (const DocId owner : named) {
    const Pending& expert = documents_[owner];
    if (expert.kind == RecordKind::kExpert && !expert.institution.empty()) {
      add(RecordKind::kInstitution, expert.institution);
    }
  }
  return owners;
}

absl::StatusOr<FileWriter::Summary> DocumentTableBuilder::Write(const std::filesystem::path& file) {
  Heap heap;
  std::string rows;
  std::vector<DocId> owners;
  for (size_t i = 0; i < documents_.size(); ++i) {
    const Pending& d = documents_[i];
    if (i > 0 && std::tuple(documents_[i - 1].kind, documents_[i - 1].id) >= std::tuple(d.kind, d.id)) {
      return absl::InvalidArgumentError("records out of order at " + ResourceName(d.kind, d.id));
    }
    const std::vector<DocId> own = ResolveOwners(d, static_cast<DocId>(i));
    std::string region = d.region;
    for (size_t o = 0; region.empty() && o < own.size(); ++o) region = documents_[own[o]].region;
    DocumentTable::Row row{};
    DX_ASSIGN_OR_RETURN(row.id, heap.Add(d.id));
    DX_ASSIGN_OR_RETURN(row.region, heap.Add(region));
    DX_ASSIGN_OR_RETURN(row.type, heap.Add(d.type));
    DX_ASSIGN_OR_RETURN(row.institution, heap.Add(d.institution));
    DX_ASSIGN_OR_RETURN(row.names, heap.AddList(d.names));
    DX_ASSIGN_OR_RETURN(row.modes, heap.AddList(d.modes));
    DX_ASSIGN_OR_RETURN(row.conditions, heap.AddList(d.conditions));
    DX_ASSIGN_OR_RETURN(row.fields, heap.AddList(d.fields));
    row.owners_begin = static_cast<uint32_t>(owners.size());
    row.owners_count = static_cast<uint32_t>(own.size());
    row.valid_until_day = d.valid_until_day;
    row.year = static_cast<uint16_t>(d.year);
    row.kind = static_cast<uint8_t>(d.kind);
    row.maturity = static_cast<uint8_t>(d.maturity);
    row.illustrative = d.illustrative ? 1 : 0;
    row.disclosure = static_cast<uint8_t>(d.disclosure);
    rows += BytesOf(row);
    owners.insert(owners.end(), own.begin(), own.end());
  }
  Header header{{}, static_cast<uint32_t>(documents_.size()), owners.size(), heap.bytes().size()};
  std::memcpy(header.magic, kMagic, sizeof(kMagic));
  DX_ASSIGN_OR_RETURN(const std::unique_ptr<FileWriter> writer, FileWriter::Create(file));
  DX_RETURN_IF_ERROR(writer->Append(BytesOf(header)));
  DX_RETURN_IF_ERROR(writer->Append(rows));
  DX_RETURN_IF_ERROR(
      writer->Append({reinterpret_cast<const char*>(owners.data()), owners.size() * sizeof(DocId)}));
  DX_RETURN_IF_ERROR(writer->Append(heap.bytes()));
  return writer->Close();
}

}  // namespace dongxi
