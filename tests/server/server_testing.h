// What the tests of server/ share: temporary folders, a small catalogue, generations of it, and a running
// server.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "engine/embed/embedder.h"
#include "engine/record/field_schema.h"
#include "engine/record/record.h"
#include "google/rpc/error_details.pb.h"
#include "grpcpp/grpcpp.h"
#include "server/server.h"
#include "store/catalogue.h"
#include "store/record_codec.h"

namespace dongxi {

// A new empty folder, removed with everything in it at the end.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// Knows 青海 and 转让.
class FewWords : public ImportVocabulary {
 public:
  std::string RegionCode(std::string_view name) const override { return name == "青海" ? "63" : ""; }
  std::string ModeCode(std::string_view word) const override {
    return word == "转让" || word == "transfer" ? "transfer" : "";
  }
};

// Needs of 青海 and 宁夏, institutions, experts and results of 天津 and 江苏; "results/secret" is for the
// organiser only.
std::vector<Record> SmallCatalogue();

// Writes records into DIR/catalogue, which no server may hold; from every call a new sequence number.
void WriteCatalogue(const std::filesystem::path& data, const std::vector<Record>& records);
// Builds DIR/generations from DIR/catalogue and publishes; the generation's name.
std::string Build(const std::filesystem::path& data, std::shared_ptr<const Embedder> remote = nullptr);
// Turns one byte of a file of the generation.
void Damage(const std::filesystem::path& data, const std::string& generation);

// Options for a server of the folder on a free port of loopback, with the repository's policy and ranking.
ServerOptions OptionsFor(const std::filesystem::path& data);

// A running server and a channel to it.
struct Running {
  std::unique_ptr<Server> server;
  std::shared_ptr<grpc::Channel> channel;
};
Running StartServer(const ServerOptions& options);

// The details of AIP-193 that came with an error.
struct ErrorDetails {
  std::string reason, domain;
  std::string field;         // of the first violation; empty if there is none
  double retry_seconds = 0;  // of RetryInfo; 0 if there is none
  std::string request_id;    // of RequestInfo
};
ErrorDetails DetailsOf(const grpc::Status& status);

}  // namespace dongxi
