// Encoding of the consortium and of the owner's question.
#include "server/convert_parts.h"

namespace dongxi {
namespace {

pb::ConsortiumElement::Kind KindToProto(requirement::ElementKind kind) {
  return static_cast<pb::ConsortiumElement::Kind>(kind);  // the same numbers
}

void EncodeConsortium(const MatchConsortium& consortium, pb::Consortium* out) {
  for (const ConsortiumElement& element : consortium.elements) {
    pb::ConsortiumElement* message = out->add_elements();
    message->set_kind(KindToProto(element.kind));
    message->set_text(element.text);
    for (const RecordName& name : element.covered_by)
      message->add_covered_by(ResourceName(name.kind, name.id));
  }
  for (const ConsortiumMember& member : consortium.members) {
    pb::ConsortiumMember* message = out->add_members();
    message->set_name(ResourceName(member.name.kind, member.name.id));
    message->set_kind(dongxi::KindToProto(member.name.kind));
    message->set_title(member.title);
    message->set_illustrative(member.illustrative);
    for (const size_t place : member.elements) message->add_elements(static_cast<int32_t>(place));
  }
  out->set_open_count(static_cast<int32_t>(consortium.open));
  out->set_cost(consortium.cost);
  out->set_lower_bound(consortium.lower_bound);
  out->set_exact(consortium.exact);
}

}  // namespace

void EncodeConsortium(const MatchAnswer& answer, pb::MatchResponse* out) {
  if (answer.consortium) EncodeConsortium(*answer.consortium, out->mutable_consortium());
  if (!answer.owner_question) return;
  out->mutable_owner_question()->set_text(answer.owner_question->text);
  out->mutable_owner_question()->set_bits(answer.owner_question->bits);
}

}  // namespace dongxi
