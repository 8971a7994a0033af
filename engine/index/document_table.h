// The ordinal table of one collection of a generation: what filters, votes and lists need to know of each
// document without reading its record (file format: docs/format/documents.md), of a file alone or with a
// delta over it. Immutable; any thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/base/files.h"
#include "engine/index/delta.h"
#include "engine/index/document_row.h"
#include "engine/index/types.h"
#include "engine/record/record.h"

namespace dongxi {

class DocumentTable {
 public:
  // Maps and checks structure: magic, version, bounds of every reference, order. DataLoss names what is
  // wrong.
  static absl::StatusOr<std::unique_ptr<DocumentTable>> Open(const std::filesystem::path& file);

  // `base` (a table of a file) as `delta` changes it. Keeps both.
  static std::unique_ptr<DocumentTable> WithDelta(std::shared_ptr<const DocumentTable> base,
                                                  std::shared_ptr<const CollectionDelta> delta);

  size_t size() const { return size_; }
  // All documents of `kind`, ascending; deleted ones are among them.
  std::vector<DocId> DocsOf(RecordKind kind) const;
  // Documents that not every viewer sees on every day: deleted, of a tenant that does not share them, of a
  // disclosure above public, or with a last valid day. Everybody always sees the others. Ascending.
  std::vector<DocId> Restricted() const;
  // The document of that name; none if it was deleted.
  std::optional<DocId> Find(RecordKind kind, std::string_view id) const;
  // As Find, but a deleted document keeps its place.
  std::optional<DocId> FindPlace(RecordKind kind, std::string_view id) const;

  // The record was deleted: its document is never listed and never votes.
  bool gone(DocId doc) const;
  std::string_view tenant(DocId doc) const;  // empty: common to all
  bool shared(DocId doc) const;

  RecordKind kind(DocId doc) const;
  std::string_view id(DocId doc) const;
  // Of a result, evidence or expert without one: that of the first owner that has one and that everybody sees
  // who sees the document (openness.h). Empty if unknown.
  std::string_view region(DocId doc) const;
  std::string_view type(DocId doc) const;
  int maturity(DocId doc) const;
  int year(DocId doc) const;
  bool illustrative(DocId doc) const;
  Disclosure disclosure(DocId doc) const;
  int32_t valid_until_day(
      DocId doc) const;  // days since 1970-01-01 of the last valid day; INT32_MAX without end
  // How the record stands by its own words and type, whatever the day (requirement::StandingOn).
  requirement::StandingMark standing(DocId doc) const;
  int open_matches_max(DocId doc) const;  // of an expert, as in Record; 0: not said
  // Institutions and experts the document votes for, as documents of this table: an institution itself; an
  // expert itself and his institution; a result or evidence its owners and the institutions of owning
  // experts. Empty for needs.
  std::span<const DocId> owners(DocId doc) const;
  std::string_view institution_id(DocId doc) const;  // owner of a need, institution of an expert; else empty
  std::vector<std::string_view> names(
      DocId doc) const;  // of an institution: its name, then its aliases; else empty
  std::vector<std::string_view> modes(DocId doc) const;       // codes
  std::vector<std::string_view> conditions(DocId doc) const;  // codes
  std::vector<std::string_view> fields(DocId doc) const;      // normalised

 private:
  struct Place {
    const DocumentRow& row;
    std::string_view heap;
  };
  Place At(DocId doc) const;
  const DocumentRow& base_row(DocId doc) const;
  // Documents of the file stand in order of kind, then id: those of one kind are a range [first, second).
  std::pair<DocId, DocId> BaseRangeOf(RecordKind kind) const;
  std::optional<DocId> FindInBase(RecordKind kind, std::string_view id) const;
  absl::Status CheckRow(size_t index) const;
  bool IsRestricted(DocId doc) const;

  std::shared_ptr<const MappedFile> mapped_;
  size_t base_size_ = 0;
  size_t size_ = 0;
  const char* rows_ = nullptr;
  std::string_view heap_;
  std::shared_ptr<const std::vector<DocId>> restricted_;  // of the file
  std::shared_ptr<const CollectionDelta> delta_;          // null: none
};

// Collects documents and writes the table. Not thread-safe.
class DocumentTableBuilder {
 public:
  // Records must come in order of kind, then id; Write refuses others. Owners that are not among them are
  // counted as missing.
  void Add(const Record& record);
  // Same records, same bytes.
  absl::StatusOr<FileWriter::Summary> Write(const std::filesystem::path& file);
  // After Write: references to owners or institutions that are not in the table, with the first 20 as
  // "results/r-1 → experts/x".
  uint64_t missing_owners() const { return missing_; }
  const std::vector<std::string>& missing_examples() const { return missing_examples_; }

 private:
  std::optional<DocId> Find(RecordKind kind, std::string_view id) const;
  std::vector<DocId> ResolveOwners(const DocumentFields& document, DocId self);
  void Missing(const DocumentFields& document, RecordKind kind, const std::string& id);

  std::vector<DocumentFields> documents_;
  uint64_t missing_ = 0;
  std::vector<std::string> missing_examples_;
};

}  // namespace dongxi
