// Numbers as offices write them.
#include "engine/engagement/registration_number.h"

#include <gtest/gtest.h>

namespace dongxi {
namespace {

TEST(RegistrationNumberTest, TheSameNumberInAnotherWritingHasTheSameKey) {
  const std::string key = RegistrationNumberKey("2025-63-A0001");
  for (const char* writing : {"２０２５－６３－Ａ０００１", " 2025 63 a0001 ", "202563A0001", "2025—63—A0001",
                              "2025\u201063\u2212A0001", "2025\u300063\u200BA0001"}) {
    EXPECT_EQ(RegistrationNumberKey(writing), key) << writing;
  }
}

TEST(RegistrationNumberTest, OtherNumbersHaveOtherKeys) {
  for (const char* other : {"2025-63-A0002", "2025-63-0001", "2025/63/A0001", "2025-63-B0001"})
    EXPECT_NE(RegistrationNumberKey(other), RegistrationNumberKey("2025-63-A0001")) << other;
}

TEST(RegistrationNumberTest, OnlyTheEmptyNumberHasAnEmptyKey) {
  EXPECT_EQ(RegistrationNumberKey(""), "");
  EXPECT_NE(RegistrationNumberKey("--"), "");
  EXPECT_NE(RegistrationNumberKey(" "), "");
}

}  // namespace
}  // namespace dongxi
