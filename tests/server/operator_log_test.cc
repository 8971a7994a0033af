// Lines of calls in the server's log, read back from a file.
#include "server/operator_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <sstream>
#include <vector>

namespace dongxi {
namespace {

using testing::HasSubstr;
using testing::Not;

class OperatorLogTest : public testing::Test {
 protected:
  std::vector<std::string> Lines() {
    std::string text(static_cast<size_t>(std::ftell(file_.get())), '\0');
    std::rewind(file_.get());
    EXPECT_EQ(std::fread(text.data(), 1, text.size(), file_.get()), text.size());
    std::istringstream in(text);
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
  }

  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_{std::tmpfile(), &std::fclose};
  const OperatorLog log_{file_.get()};
  const absl::Time now_ = absl::FromUnixSeconds(1'800'000'000);
};

CallLine Ended(std::string_view code) { return {.method = "MatchService.Match", .code = code}; }

TEST_F(OperatorLogTest, RefusalsAreBoundedASecondAndTheNextSecondSaysHowManyWereLeftOut) {
  for (int i = 0; i < 100; ++i) log_.Call(Ended("RESOURCE_EXHAUSTED"), now_ + absl::Milliseconds(i));
  log_.Call(Ended("RESOURCE_EXHAUSTED"), now_ + absl::Seconds(3));
  log_.Call(Ended("RESOURCE_EXHAUSTED"), now_ + absl::Seconds(3));
  const std::vector<std::string> lines = Lines();
  ASSERT_EQ(lines.size(), size_t{kRefusalLinesASecond} + 2);
  for (int i = 0; i < kRefusalLinesASecond; ++i) EXPECT_THAT(lines[i], Not(HasSubstr("skipped")));
  EXPECT_THAT(lines[kRefusalLinesASecond],
              HasSubstr(" skipped=" + std::to_string(100 - kRefusalLinesASecond)));
  EXPECT_THAT(lines.back(), Not(HasSubstr("skipped")));
}

TEST_F(OperatorLogTest, StrangersAreBoundedASecondAndTakeNoLineOfThoseWhoWereTurnedAway) {
  for (int i = 0; i < 1'000; ++i) log_.Call(Ended("UNAUTHENTICATED"), now_ + absl::Milliseconds(i));
  log_.Call(Ended("RESOURCE_EXHAUSTED"), now_);
  log_.Call(Ended("UNAUTHENTICATED"), now_ + absl::Seconds(1));
  const std::vector<std::string> lines = Lines();
  ASSERT_EQ(lines.size(), size_t{kRefusalLinesASecond} + 2);
  EXPECT_THAT(lines[kRefusalLinesASecond], HasSubstr("code=RESOURCE_EXHAUSTED"));
  EXPECT_THAT(lines[kRefusalLinesASecond], Not(HasSubstr("skipped")));
  EXPECT_THAT(lines.back(), HasSubstr(" skipped=" + std::to_string(1'000 - kRefusalLinesASecond)));
}

TEST_F(OperatorLogTest, EveryOtherCallHasItsLine) {
  for (int i = 0; i < 50; ++i) log_.Call(Ended("RESOURCE_EXHAUSTED"), now_);
  for (int i = 0; i < 50; ++i) log_.Call(Ended(i % 2 == 0 ? "OK" : "UNAVAILABLE"), now_);
  const std::vector<std::string> lines = Lines();
  EXPECT_EQ(lines.size(), size_t{kRefusalLinesASecond} + 50);
}

TEST_F(OperatorLogTest, WhatCallersChooseCannotBreakTheLine) {
  CallLine line = Ended("OK");
  line.request_id = "a b\"\n\x1b[2J";
  log_.Call(line, now_);
  const std::vector<std::string> lines = Lines();
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], HasSubstr("request=\"a b\\\"\\n [2J\""));
}

}  // namespace
}  // namespace dongxi
