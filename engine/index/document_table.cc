#include "engine/index/document_table.h"

#include <algorithm>
#include <climits>
#include <cstring>
#include <tuple>

#include "engine/base/status_macros.h"
#include "engine/index/openness.h"

namespace dongxi {

namespace {

constexpr char kMagic[4] = {'D', 'X', 'D', '3'};
struct Header {
  char magic[4];
  uint32_t documents;
  uint64_t owners;
  uint64_t heap_bytes;
};
static_assert(sizeof(Header) == 24);
constexpr size_t kRowBytes = sizeof(DocumentRow);

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

std::string_view StringAt(std::string_view heap, uint32_t offset) {
  return heap.substr(offset + sizeof(uint16_t), ReadU16(heap, offset));
}

std::vector<std::string_view> StringsAt(std::string_view heap, uint32_t offset) {
  std::vector<std::string_view> items(ReadU16(heap, offset));
  auto next = static_cast<uint32_t>(offset + sizeof(uint16_t));
  for (std::string_view& item : items) {
    item = StringAt(heap, next);
    next += static_cast<uint32_t>(sizeof(uint16_t) + item.size());
  }
  return items;
}

}  // namespace

absl::StatusOr<std::unique_ptr<DocumentTable>> DocumentTable::Open(const std::filesystem::path& file) {
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
    return damaged("not a document table of version 3");
  const uint64_t body = bytes.size() - sizeof(header);
  if (header.owners > body / sizeof(DocId) || header.heap_bytes > body ||
      body != header.documents * kRowBytes + header.owners * sizeof(DocId) + header.heap_bytes) {
    return damaged("length does not fit its header");
  }
  table->size_ = table->base_size_ = header.documents;
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
    const DocumentRow& r = table->base_row(static_cast<DocId>(i));
    if (uint64_t{r.owners_begin} + r.owners_count > header.owners) return damaged("owners out of range");
  }
  std::vector<DocId> restricted;
  for (DocId doc = 0; doc < table->size_; ++doc) {
    if (table->IsRestricted(doc)) restricted.push_back(doc);
  }
  table->restricted_ = std::make_shared<const std::vector<DocId>>(std::move(restricted));
  return table;
}

absl::Status DocumentTable::CheckRow(size_t index) const {
  const DocumentRow& r = base_row(static_cast<DocId>(index));
  size_t end = 0;
  for (const uint32_t offset : {r.id, r.region, r.type, r.institution, r.tenant}) {
    if (!StringFits(heap_, offset, &end)) return absl::DataLossError("text out of range");
  }
  for (const uint32_t offset : {r.names, r.modes, r.conditions, r.fields}) {
    if (!ListFits(heap_, offset)) return absl::DataLossError("list out of range");
  }
  if (r.kind < 1 || r.kind > 5 || r.disclosure > 2 || r.shared > 1 || r.gone != 0)
    return absl::DataLossError("unknown kind or disclosure");
  if (r.standing > static_cast<uint8_t>(requirement::Standing::kBlocked))
    return absl::DataLossError("unknown standing");
  const bool expert = r.kind == static_cast<uint8_t>(RecordKind::kExpert);
  if (r.open_matches_max > (expert ? kOpenMatchesMax : 0))
    return absl::DataLossError("number of open matches out of range");
  if (index > 0) {
    const DocumentRow& before = base_row(static_cast<DocId>(index - 1));
    if (std::tuple(before.kind, StringAt(heap_, before.id)) >= std::tuple(r.kind, StringAt(heap_, r.id))) {
      return absl::DataLossError("documents out of order");
    }
  }
  return absl::OkStatus();
}

std::unique_ptr<DocumentTable> DocumentTable::WithDelta(std::shared_ptr<const DocumentTable> base,
                                                        std::shared_ptr<const CollectionDelta> delta) {
  auto table = std::make_unique<DocumentTable>(*base);  // the map is shared
  table->size_ = delta->size;
  table->delta_ = std::move(delta);
  return table;
}

const DocumentRow& DocumentTable::base_row(DocId doc) const {
  return *reinterpret_cast<const DocumentRow*>(rows_ + size_t{doc} * kRowBytes);
}

DocumentTable::Place DocumentTable::At(DocId doc) const {
  if (delta_ != nullptr) {
    if (const DeltaDocument* changed = delta_->RowOf(doc))
      return {changed->encoded.row, changed->encoded.heap};
  }
  return {base_row(doc), heap_};
}

std::pair<DocId, DocId> DocumentTable::BaseRangeOf(RecordKind kind) const {
  const auto first_not_before = [&](int value) {
    DocId low = 0;
    auto high = static_cast<DocId>(base_size_);
    while (low < high) {
      const DocId middle = low + (high - low) / 2;
      if (base_row(middle).kind < value) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  };
  return {first_not_before(static_cast<int>(kind)), first_not_before(static_cast<int>(kind) + 1)};
}

std::vector<DocId> DocumentTable::DocsOf(RecordKind kind) const {
  std::vector<DocId> docs;
  const auto [begin, end] = BaseRangeOf(kind);
  docs.reserve(end - begin);
  for (DocId doc = begin; doc < end; ++doc) docs.push_back(doc);
  for (auto doc = static_cast<DocId>(base_size_); doc < size_; ++doc) {
    if (this->kind(doc) == kind) docs.push_back(doc);
  }
  return docs;
}

bool DocumentTable::IsRestricted(DocId doc) const {
  return gone(doc) || disclosure(doc) != Disclosure::kPublic || (!tenant(doc).empty() && !shared(doc)) ||
         valid_until_day(doc) != INT32_MAX;
}

std::vector<DocId> DocumentTable::Restricted() const {
  if (delta_ == nullptr) return *restricted_;
  std::vector<DocId> docs;
  for (const DocId doc : *restricted_) {
    if (delta_->pages.Find(doc) == nullptr) docs.push_back(doc);
  }
  const auto of_file = static_cast<std::ptrdiff_t>(docs.size());
  delta_->pages.ForEach([&](DocId doc, const DeltaDocument&) {
    if (doc < size_ && IsRestricted(doc)) docs.push_back(doc);
  });
  std::inplace_merge(docs.begin(), docs.begin() + of_file, docs.end());
  return docs;
}

std::optional<DocId> DocumentTable::FindInBase(RecordKind kind, std::string_view id) const {
  auto [low, high] = BaseRangeOf(kind);
  while (low < high) {
    const DocId middle = low + (high - low) / 2;
    const std::string_view there = StringAt(heap_, base_row(middle).id);
    if (there == id) return middle;
    if (there < id) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return std::nullopt;
}

std::optional<DocId> DocumentTable::FindPlace(RecordKind kind, std::string_view id) const {
  const std::optional<DocId> in_base = FindInBase(kind, id);
  if (in_base.has_value() || delta_ == nullptr) return in_base;
  const DocId doc = delta_->names->Find(kind, id);
  return doc < size_ ? std::optional(doc) : std::nullopt;
}

std::optional<DocId> DocumentTable::Find(RecordKind kind, std::string_view id) const {
  const std::optional<DocId> place = FindPlace(kind, id);
  return place.has_value() && !gone(*place) ? place : std::nullopt;
}

RecordKind DocumentTable::kind(DocId doc) const { return static_cast<RecordKind>(At(doc).row.kind); }
int DocumentTable::maturity(DocId doc) const { return At(doc).row.maturity; }
int DocumentTable::year(DocId doc) const { return At(doc).row.year; }
bool DocumentTable::illustrative(DocId doc) const { return At(doc).row.illustrative != 0; }
Disclosure DocumentTable::disclosure(DocId doc) const {
  return static_cast<Disclosure>(At(doc).row.disclosure);
}
bool DocumentTable::shared(DocId doc) const { return At(doc).row.shared != 0; }
bool DocumentTable::gone(DocId doc) const { return At(doc).row.gone != 0; }
requirement::StandingMark DocumentTable::standing(DocId doc) const {
  const DocumentRow& row = At(doc).row;
  return {static_cast<requirement::Standing>(row.standing), row.term_years};
}
int DocumentTable::open_matches_max(DocId doc) const { return At(doc).row.open_matches_max; }
int32_t DocumentTable::valid_until_day(DocId doc) const { return At(doc).row.valid_until_day; }
std::string_view DocumentTable::id(DocId doc) const {
  const Place at = At(doc);
  return StringAt(at.heap, at.row.id);
}
std::string_view DocumentTable::region(DocId doc) const {
  const Place at = At(doc);
  return StringAt(at.heap, at.row.region);
}
std::string_view DocumentTable::type(DocId doc) const {
  const Place at = At(doc);
  return StringAt(at.heap, at.row.type);
}
std::string_view DocumentTable::institution_id(DocId doc) const {
  const Place at = At(doc);
  return StringAt(at.heap, at.row.institution);
}
std::string_view DocumentTable::tenant(DocId doc) const {
  const Place at = At(doc);
  return StringAt(at.heap, at.row.tenant);
}
std::vector<std::string_view> DocumentTable::names(DocId doc) const {
  const Place at = At(doc);
  return StringsAt(at.heap, at.row.names);
}
std::vector<std::string_view> DocumentTable::modes(DocId doc) const {
  const Place at = At(doc);
  return StringsAt(at.heap, at.row.modes);
}
std::vector<std::string_view> DocumentTable::conditions(DocId doc) const {
  const Place at = At(doc);
  return StringsAt(at.heap, at.row.conditions);
}
std::vector<std::string_view> DocumentTable::fields(DocId doc) const {
  const Place at = At(doc);
  return StringsAt(at.heap, at.row.fields);
}

std::span<const DocId> DocumentTable::owners(DocId doc) const {
  if (delta_ != nullptr) {
    if (const DeltaDocument* changed = delta_->RowOf(doc)) return changed->encoded.owners;
  }
  const auto* all = reinterpret_cast<const DocId*>(rows_ + base_size_ * kRowBytes);
  return {all + base_row(doc).owners_begin, base_row(doc).owners_count};
}

void DocumentTableBuilder::Add(const Record& record) { documents_.push_back(FieldsOf(record)); }

std::optional<DocId> DocumentTableBuilder::Find(RecordKind kind, std::string_view id) const {
  const auto key = [](const DocumentFields& d) { return std::tuple(d.kind, std::string_view(d.id)); };
  const auto at =
      std::lower_bound(documents_.begin(), documents_.end(), std::tuple(kind, id),
                       [&](const DocumentFields& d, const auto& wanted) { return key(d) < wanted; });
  if (at == documents_.end() || key(*at) != std::tuple(kind, id)) return std::nullopt;
  return static_cast<DocId>(at - documents_.begin());
}

void DocumentTableBuilder::Missing(const DocumentFields& document, RecordKind kind, const std::string& id) {
  constexpr size_t kExamplesMax = 20;
  ++missing_;
  if (missing_examples_.size() < kExamplesMax) {
    missing_examples_.push_back(ResourceName(document.kind, document.id) + " → " + ResourceName(kind, id));
  }
}

std::vector<DocId> DocumentTableBuilder::ResolveOwners(const DocumentFields& document, DocId self) {
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
    const DocumentFields& expert = documents_[owner];
    if (expert.kind == RecordKind::kExpert && !expert.institution.empty()) {
      add(RecordKind::kInstitution, expert.institution);
    }
  }
  return owners;
}

absl::StatusOr<FileWriter::Summary> DocumentTableBuilder::Write(const std::filesystem::path& file) {
  DocumentHeap heap;
  std::string rows;
  std::vector<DocId> owners;
  for (size_t i = 0; i < documents_.size(); ++i) {
    const DocumentFields& d = documents_[i];
    if (i > 0 && std::tuple(documents_[i - 1].kind, documents_[i - 1].id) >= std::tuple(d.kind, d.id)) {
      return absl::InvalidArgumentError("records out of order at " + ResourceName(d.kind, d.id));
    }
    const std::vector<DocId> own = ResolveOwners(d, static_cast<DocId>(i));
    std::string_view region;
    for (size_t o = 0; region.empty() && o < own.size(); ++o) {
      const DocumentFields& owner = documents_[own[o]];
      if (IsSeenByAllWhoSee(OpennessOf(owner), OpennessOf(d))) region = owner.region;
    }
    DX_ASSIGN_OR_RETURN(DocumentRow row, EncodeRow(d, region, heap));
    row.owners_begin = static_cast<uint32_t>(owners.size());
    row.owners_count = static_cast<uint32_t>(own.size());
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
