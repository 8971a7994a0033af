// Requests about plans, decoded without a server.
#include "server/plan_convert.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>

#include "server/grpc_status.h"

namespace dongxi {
namespace {

constexpr int kNeeds = 400, kOffers = 500;

// Each need with each offer: as many pairs as a plan of the server may have.
plan::Event LargeEvent() {
  plan::Event event;
  event.slots.resize(1);
  event.slots[0].id = "S1";
  for (int p = 0; p < kNeeds + kOffers; ++p) {
    plan::Party& party = event.parties.emplace_back();
    party.id = "P" + std::to_string(p);
    party.side = p < kNeeds ? plan::Side::kNeed : plan::Side::kOffer;
  }
  for (int need = 0; need < kNeeds; ++need) {
    for (int offer = kNeeds; offer < kNeeds + kOffers; ++offer)
      event.pairs.push_back({.need = need, .offer = offer, .score = 0.5});
  }
  return event;
}

void AddLock(const plan::Event& event, const plan::Pair& pair, dongxi::v1::ReplanRequest* request) {
  dongxi::v1::PlanLock& lock = *request->add_locks();
  lock.set_need(event.parties[static_cast<size_t>(pair.need)].id);
  lock.set_offer(event.parties[static_cast<size_t>(pair.offer)].id);
  lock.set_slot("S1");
}

// Each lock was looked for among all pairs: minutes on the thread of a request.
TEST(DecodeIncidentTest, LocksOfAllPairsAreFoundAtOnceAndOneMoreIsRefused) {
  const plan::Event event = LargeEvent();
  ASSERT_EQ(event.pairs.size(), static_cast<size_t>(kServedPairsMax));
  dongxi::v1::ReplanRequest request;
  for (const plan::Pair& pair : event.pairs) AddLock(event, pair, &request);
  const absl::StatusOr<plan::Incident> incident = DecodeIncident(request, event);
  ASSERT_TRUE(incident.ok()) << incident.status();
  ASSERT_EQ(incident->locks.size(), event.pairs.size());
  for (size_t i = 0; i < event.pairs.size(); ++i)
    ASSERT_EQ(incident->locks[i].pair, static_cast<int>(i)) << "they came in the order of the pairs";
  AddLock(event, event.pairs[0], &request);
  EXPECT_EQ(FieldOf(DecodeIncident(request, event).status()), "locks");
}

// P1 in slots S1 to S4.
plan::Event FourSlots() {
  plan::Event event;
  for (int s = 1; s <= 4; ++s) event.slots.emplace_back().id = "S" + std::to_string(s);
  event.parties.emplace_back().id = "P1";
  return event;
}

void AddAbsence(const char* from, const char* to, dongxi::v1::ReplanRequest* request) {
  dongxi::v1::PlanAbsence& absence = *request->add_absences();
  absence.set_party("P1");
  absence.set_from(from);
  absence.set_to(to);
}

TEST(DecodeIncidentTest, WhoSaysWhenItComesIsBackFromThenOn) {
  dongxi::v1::ReplanRequest request;
  request.set_now("S2");
  AddAbsence("", "S4", &request);
  AddAbsence("S3", "S4", &request);
  AddAbsence("S3", "", &request);
  AddAbsence("", "", &request);
  AddAbsence("", "S1", &request);  // it came before anybody said so
  const absl::StatusOr<plan::Incident> incident = DecodeIncident(request, FourSlots());
  ASSERT_TRUE(incident.ok()) << incident.status();
  ASSERT_EQ(incident->away.size(), 5u);
  EXPECT_EQ(incident->away[0].from, 1);
  EXPECT_EQ(incident->away[1].from, 2);
  ASSERT_EQ(incident->back.size(), 3u);
  EXPECT_EQ(incident->back[0].from, 3);
  EXPECT_EQ(incident->back[1].from, 3);
  EXPECT_EQ(incident->back[2].from, 0);
}

TEST(DecodeIncidentTest, AnAbsenceThatEndsBeforeItBeginsIsRefused) {
  dongxi::v1::ReplanRequest request;
  AddAbsence("S4", "S2", &request);
  EXPECT_EQ(FieldOf(DecodeIncident(request, FourSlots()).status()), "absences[0].to");
}

// An organiser reads them, as without a server.
TEST(DecodeIncidentTest, WhatTheEventDoesNotHaveIsSaidInChineseWithTheRemedy) {
  dongxi::v1::ReplanRequest party, slot, lock;
  party.add_absences()->set_party("O-99");
  slot.set_now("S9");
  lock.add_locks()->set_need("P1");
  lock.mutable_locks(0)->set_offer("P1");
  plan::Event event = FourSlots();
  event.parties.emplace_back().id = "P2";
  event.pairs.emplace_back().offer = 1;
  for (const auto& [request, found] :
       {std::pair(party, "“O-99”"), std::pair(slot, "“S9”"), std::pair(lock, "“P1”")}) {
    const absl::Status status = DecodeIncident(request, event).status();
    EXPECT_THAT(std::string(status.message()),
                testing::AllOf(testing::HasSubstr(found), testing::HasSubstr("；改法：")));
  }
}

}  // namespace
}  // namespace dongxi
