"""A portal's first calls to Dongxi, in Python. Exit code 0: every step gave what it should.

The stubs are made from proto/ before:
  python -m grpc_tools.protoc -I proto --python_out=OUT --grpc_python_out=OUT proto/dongxi/v1/*.proto \
      proto/google/rpc/error_details.proto proto/google/longrunning/*.proto
and OUT is on PYTHONPATH.
"""

import os
import random
import sys
import time
import uuid

import grpc
from dongxi.v1 import catalogue_pb2, catalogue_pb2_grpc, catalogue_write_pb2, engagement_pb2, engagement_pb2_grpc
from dongxi.v1 import match_pb2, match_pb2_grpc, records_pb2
from google.rpc import error_details_pb2

ADDRESS = os.environ.get("DONGXI_ADDRESS", "127.0.0.1:7878")
TOKEN = os.environ.get("DONGXI_TOKEN", "")
METADATA = [("authorization", "Bearer " + TOKEN)] if TOKEN else []


def details(error):
    """What the server says beside code and message (AIP-193): ErrorInfo, BadRequest, RetryInfo by name."""
    found = {}
    for key, value in error.trailing_metadata() or []:
        if key != "grpc-status-details-bin":
            continue
        for detail in error_details_pb2.Status.FromString(value).details:
            name = detail.type_url.rsplit(".", 1)[-1]
            message = getattr(error_details_pb2, name)()
            detail.Unpack(message)
            found[name] = message
    return found


def call(method, request, timeout=10.0, tries=5):
    """Calls with a deadline. Tries again if the server is away for a moment, waiting twice as long each time, or if it
    is too busy and says how long to wait (RetryInfo); other errors would be the same the next time."""
    wait = 0.1
    for attempt in range(tries):
        try:
            return method(request, timeout=timeout, metadata=METADATA)
        except grpc.RpcError as error:
            info = details(error).get("RetryInfo")
            away = error.code() == grpc.StatusCode.UNAVAILABLE
            if not (info or away) or attempt + 1 == tries:
                raise
            pause = info.retry_delay.ToTimedelta().total_seconds() if info else wait * random.uniform(0.5, 1.5)
            time.sleep(pause)
            wait *= 2
    raise AssertionError("unreachable")


def failure(method, request, timeout=10.0):
    """The error of a call that has to fail."""
    try:
        method(request, timeout=timeout, metadata=METADATA)
    except grpc.RpcError as error:
        return error
    raise SystemExit("expected an error")


def main():
    # For TLS: grpc.secure_channel(ADDRESS, grpc.ssl_channel_credentials())
    with grpc.insecure_channel(ADDRESS) as channel:
        match = match_pb2_grpc.MatchServiceStub(channel)
        catalogue = catalogue_pb2_grpc.CatalogueServiceStub(channel)

        need = records_pb2.Need(title="高镁锂比盐湖卤水提锂吸附剂", wanted="低溶损的提锂吸附剂和工艺", region_code="63")
        answer = call(match.Match, match_pb2.MatchRequest(need=need, page_size=3, view=match_pb2.MATCH_VIEW_FULL))
        print("match", answer.match_id)
        for entry in answer.partners.entries:
            print(f"  {entry.score:.3f} {entry.title}：{'；'.join(entry.reasons)}")
        assert answer.partners.entries and answer.partners.entries[0].reasons, "a match says why"

        names, token = [], ""
        while True:
            page = call(catalogue.ListNeeds, catalogue_pb2.ListNeedsRequest(page_size=20, page_token=token))
            names += [item.name for item in page.needs]
            token = page.next_page_token
            if not token:
                break
        print("needs", len(names))
        assert len(names) == len(set(names)) and len(names) > 20, "every page was new"

        # The same request_id is the same request: a repeat after a lost answer has no second effect.
        create = catalogue_write_pb2.CreateNeedRequest(need=need, request_id=str(uuid.uuid4()))
        created = call(catalogue.CreateNeed, create)
        again = call(catalogue.CreateNeed, create)
        print("created", created.name)
        assert again.name == created.name and again.etag == created.etag, "created once"

        # A write that was answered is matched at once. What came of the match is recorded under its match_id.
        answer = call(match.Match, match_pb2.MatchRequest(need_name=created.name, page_size=1))
        offer = answer.results.entries[0].name
        engagement = engagement_pb2.Engagement(
            match_id=answer.match_id, need=created.name, offer=offer, step=engagement_pb2.ENGAGEMENT_STEP_INTERESTED)
        engagements = engagement_pb2_grpc.EngagementServiceStub(channel)
        recorded = call(engagements.RecordEngagement, engagement_pb2.RecordEngagementRequest(
            engagement=engagement, request_id=str(uuid.uuid4())))
        print("recorded", recorded.engagement.name, offer)
        assert recorded.engagement.name.startswith("engagements/")
        call(catalogue.DeleteNeed, catalogue_write_pb2.DeleteNeedRequest(name=created.name))

        error = failure(match.Match, match_pb2.MatchRequest(text="锂", page_size=-1))
        violation = details(error)["BadRequest"].field_violations[0]
        print("error", error.code().name, violation.field, "-", violation.description)
        assert error.code() == grpc.StatusCode.INVALID_ARGUMENT and violation.field == "page_size"

        error = failure(match.Match, match_pb2.MatchRequest(text="锂"), timeout=0.000001)
        print("deadline", error.code().name)
        assert error.code() == grpc.StatusCode.DEADLINE_EXCEEDED
    return 0


if __name__ == "__main__":
    sys.exit(main())
