// Any bytes as a sequence of calls of any unary RPC, on a real server (see rpc/rpc_fuzzer.h). Environment:
//   DONGXI_RPC_TRACE=1        prints each call before it is made
//   DONGXI_RPC_FRESH=1        a new server for each input: does a finding need what came before?
//   DONGXI_RPC_JOURNAL=FILE   keeps the inputs of the running server there …
//   DONGXI_RPC_REPLAY=FILE    … and makes them again before anything else
//   DONGXI_RPC_TABLE=FILE     the calls by RPC, written now and then; they are printed at the end in any case
#include <stdio.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include "tests/fuzz/rpc/call_sequence.h"
#include "tests/fuzz/rpc/rpc_fuzzer.h"

extern "C" size_t LLVMFuzzerMutate(uint8_t* data, size_t size, size_t size_max);

namespace {

using dongxi::fuzz::RpcFuzzer;
using dongxi::fuzz::RpcFuzzerOptions;

constexpr int kInputsAServer = 500;
constexpr int kInputsATable = 1'000;

const char* Setting(const char* name) {
  const char* const value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// Everything of this process; never freed before its end, when AtTheEnd runs.
struct Target {
  std::unique_ptr<RpcFuzzer> fuzzer;
  std::FILE* journal = nullptr;
  uint64_t inputs = 0;
};
Target* target = nullptr;

void WriteTable() {
  const std::string file = Setting("DONGXI_RPC_TABLE");
  if (!file.empty()) std::ofstream(file) << target->fuzzer->counts().Table();
}

void AtTheEnd() {
  std::fputs(target->fuzzer->counts().Table().c_str(), stderr);
  WriteTable();
  delete target;  // stops the server, removes its folder
}

// Length (u32) and bytes, one input after the other since the server started.
void NoteInJournal(std::string_view input) {
  if (target->journal == nullptr) return;
  if (target->inputs % kInputsAServer == 0) {
    std::rewind(target->journal);
    if (::ftruncate(::fileno(target->journal), 0) != 0) return;
  }
  const auto size = static_cast<uint32_t>(input.size());
  std::fwrite(&size, sizeof(size), 1, target->journal);
  std::fwrite(input.data(), 1, input.size(), target->journal);
  std::fflush(target->journal);
}

void RunOne(std::string_view input) {
  NoteInJournal(input);
  ++target->inputs;
  const std::string wrong = target->fuzzer->Run(input);
  if (wrong.empty()) return;
  std::fprintf(stderr, "FINDING: %s\n", wrong.c_str());
  std::abort();
}

void Replay(const std::string& file) {
  std::ifstream stream(file, std::ios::binary);
  const std::string journal((std::istreambuf_iterator<char>(stream)), {});
  uint32_t size = 0;
  for (size_t at = 0; at + sizeof(size) <= journal.size(); at += size) {
    std::memcpy(&size, journal.data() + at, sizeof(size));
    at += sizeof(size);
    RunOne(std::string_view(journal).substr(at, size));
  }
}

size_t CopyOut(const std::string& input, uint8_t* data) {
  std::memcpy(data, input.data(), input.size());
  return input.size();
}

std::string_view View(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

}  // namespace

// The server's threads and singletons live to the end of the process; leaks are looked for by the preset
// asan.
extern "C" const char* __asan_default_options() { return "detect_leaks=0"; }

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  RpcFuzzerOptions options;
  options.inputs_a_server = *Setting("DONGXI_RPC_FRESH") != '\0' ? 1 : kInputsAServer;
  if (*Setting("DONGXI_RPC_TRACE") != '\0') options.trace = stderr;
  auto fuzzer = RpcFuzzer::Start(options);
  if (!fuzzer.ok()) {
    std::fprintf(stderr, "rpc_fuzz: %s\n", fuzzer.status().ToString().c_str());
    std::exit(1);
  }
  target = new Target{*std::move(fuzzer)};
  if (*Setting("DONGXI_RPC_REPLAY") != '\0') Replay(Setting("DONGXI_RPC_REPLAY"));
  if (*Setting("DONGXI_RPC_JOURNAL") != '\0')
    target->journal = std::fopen(Setting("DONGXI_RPC_JOURNAL"), "wb");
  std::atexit(&AtTheEnd);
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  RunOne(View(data, size));
  if (target->inputs % kInputsATable == 0) WriteTable();
  return 0;
}

extern "C" size_t LLVMFuzzerCustomMutator(uint8_t* data, size_t size, size_t size_max, unsigned int seed) {
  std::mt19937 random(seed);
  const auto mutate = [](std::string* bytes, size_t bytes_max) {
    const size_t before = bytes->size();
    bytes->resize(bytes_max);
    bytes->resize(LLVMFuzzerMutate(reinterpret_cast<uint8_t*>(bytes->data()), before, bytes_max));
  };
  return CopyOut(dongxi::fuzz::MutateCalls(View(data, size), size_max, random, mutate), data);
}

extern "C" size_t LLVMFuzzerCustomCrossOver(const uint8_t* first, size_t first_size, const uint8_t* second,
                                            size_t second_size, uint8_t* out, size_t size_max,
                                            unsigned int seed) {
  std::mt19937 random(seed);
  return CopyOut(
      dongxi::fuzz::CrossCalls(View(first, first_size), View(second, second_size), size_max, random), out);
}
