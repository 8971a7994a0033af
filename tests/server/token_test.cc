#include "server/token.h"

#include <gtest/gtest.h>

#include "server/digest.h"

namespace dongxi {
namespace {

TEST(DigestTest, KnownAnswers) {
  EXPECT_EQ(Sha256Hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  // RFC 4231, test case 2.
  EXPECT_EQ(HmacSha256Hex("Jefe", "what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST(TokenTest, OnlyItsOwnSecretFits) {
  const NewTokenResult made = NewToken({}), other = NewToken({});
  std::string_view id, secret;
  ASSERT_TRUE(SplitTokenText(made.text, &id, &secret));
  EXPECT_EQ(id, made.token.id);
  EXPECT_TRUE(IsSecretOf(made.token, secret));
  EXPECT_FALSE(IsSecretOf(other.token, secret));
  EXPECT_NE(made.text, other.text);
}

TEST(TokenTest, TheSecretIsNotKept) {
  const NewTokenResult made = NewToken({});
  std::string_view id, secret;
  ASSERT_TRUE(SplitTokenText(made.text, &id, &secret));
  EXPECT_NE(made.token.hash, secret);
  EXPECT_NE(made.token.hash, Sha256Hex(secret)) << "unsalted";
}

TEST(TokenTest, TextsOfAnotherFormAreRefused) {
  const std::string text = NewToken({}).text;
  std::string_view id, secret;
  for (const std::string& wrong : {std::string(), text + "0", text.substr(1), "dy" + text.substr(2),
                                   text.substr(0, text.size() - 1) + "G"}) {
    EXPECT_FALSE(SplitTokenText(wrong, &id, &secret)) << wrong;
  }
}

TEST(GlobTest, Table) {
  struct Case {
    const char *glob, *text;
    bool fits;
  };
  for (const Case& c : {Case{"*", "", true},
                        {"", "", true},
                        {"", "a", false},
                        {"MatchService.*", "MatchService.Match", true},
                        {"MatchService.*", "SearchService.Search", false},
                        {"*.Get*", "CatalogueService.GetNeed", true},
                        {"*.Get*", "CatalogueService.ListNeeds", false},
                        {"*a*b", "xaybzb", true},
                        {"*a*b", "xaybz", false},
                        {"M?tch", "Match", true},
                        {"M?tch", "Mtch", false},
                        {"Match", "Matching", false}}) {
    EXPECT_EQ(MatchesGlob(c.glob, c.text), c.fits) << c.glob << " " << c.text;
  }
}

TEST(PermissionsTest, TheGreaterHasTheLesser) {
  Token writer, reader;
  writer.permissions = *ParsePermissions("write");
  reader.permissions = *ParsePermissions("read");
  EXPECT_TRUE(writer.Has(Permission::kRead));
  EXPECT_FALSE(writer.Has(Permission::kAdmin));
  EXPECT_FALSE(reader.Has(Permission::kWrite));
  EXPECT_FALSE(ParsePermissions("").ok());
  EXPECT_FALSE(ParsePermissions("read,all").ok());
}

}  // namespace
}  // namespace dongxi
