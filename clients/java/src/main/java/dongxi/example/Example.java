// A portal's first calls to Dongxi, in Java. Exit code 0: every step gave what it should.
package dongxi.example;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.BadRequest;
import com.google.rpc.RetryInfo;
import dongxi.v1.Catalogue.ListNeedsRequest;
import dongxi.v1.Catalogue.ListNeedsResponse;
import dongxi.v1.CatalogueServiceGrpc;
import dongxi.v1.CatalogueWrite.CreateNeedRequest;
import dongxi.v1.CatalogueWrite.DeleteNeedRequest;
import dongxi.v1.EngagementOuterClass.Engagement;
import dongxi.v1.EngagementOuterClass.EngagementStep;
import dongxi.v1.EngagementOuterClass.RecordEngagementRequest;
import dongxi.v1.EngagementOuterClass.RecordEngagementResponse;
import dongxi.v1.EngagementServiceGrpc;
import dongxi.v1.Match.MatchEntry;
import dongxi.v1.Match.MatchRequest;
import dongxi.v1.Match.MatchResponse;
import dongxi.v1.Match.MatchView;
import dongxi.v1.MatchServiceGrpc;
import dongxi.v1.Records.Need;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.AbstractBlockingStub;
import io.grpc.stub.MetadataUtils;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

public final class Example {
  private static final int TRIES = 5;

  private Example() {}

  /** What the server says beside code and message (AIP-193): BadRequest, RetryInfo … */
  static <T extends Message> Optional<T> detail(StatusRuntimeException error, Class<T> type) {
    com.google.rpc.Status status = StatusProto.fromThrowable(error);
    if (status == null) return Optional.empty();
    for (Any any : status.getDetailsList()) {
      try {
        if (any.is(type)) return Optional.of(any.unpack(type));
      } catch (InvalidProtocolBufferException broken) {
        throw new IllegalStateException(broken);
      }
    }
    return Optional.empty();
  }

  /**
   * Calls with a deadline. Tries again if the server is away for a moment, waiting twice as long each time, or if it is
   * too busy and says how long to wait (RetryInfo); other errors would be the same the next time.
   */
  static <S extends AbstractBlockingStub<S>, T> T call(S stub, Function<S, T> method) throws InterruptedException {
    long waitMs = 100;
    for (int attempt = 1; ; ++attempt, waitMs *= 2) {
      try {
        return method.apply(stub.withDeadlineAfter(10, TimeUnit.SECONDS));
      } catch (StatusRuntimeException error) {
        Optional<RetryInfo> retry = detail(error, RetryInfo.class);
        boolean away = error.getStatus().getCode() == Status.Code.UNAVAILABLE;
        if ((retry.isEmpty() && !away) || attempt == TRIES) throw error;
        long backoffMs = (long) (waitMs * ThreadLocalRandom.current().nextDouble(0.5, 1.5));
        Thread.sleep(retry
            .map(info -> info.getRetryDelay().getSeconds() * 1000 + info.getRetryDelay().getNanos() / 1_000_000)
            .orElse(backoffMs));
      }
    }
  }

  static StatusRuntimeException failure(Runnable call) {
    try {
      call.run();
    } catch (StatusRuntimeException error) {
      return error;
    }
    throw new IllegalStateException("expected an error");
  }

  static void check(boolean holds, String what) {
    if (!holds) throw new IllegalStateException("not so: " + what);
  }

  static Channel withToken(Channel channel, String token) {
    if (token == null || token.isEmpty()) return channel;
    Metadata headers = new Metadata();
    headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  static void matchWithReasons(MatchServiceGrpc.MatchServiceBlockingStub match) throws InterruptedException {
    Need need = Need.newBuilder().setTitle("高镁锂比盐湖卤水提锂吸附剂").setWanted("低溶损的提锂吸附剂和工艺")
        .setRegionCode("63").build();
    MatchRequest request = MatchRequest.newBuilder().setNeed(need).setPageSize(3)
        .setView(MatchView.MATCH_VIEW_FULL).build();
    MatchResponse answer = call(match, stub -> stub.match(request));
    System.out.println("match " + answer.getMatchId());
    for (MatchEntry entry : answer.getPartners().getEntriesList()) {
      System.out.printf("  %.3f %s：%s%n", entry.getScore(), entry.getTitle(), String.join("；", entry.getReasonsList()));
    }
    check(answer.getPartners().getEntriesCount() > 0 && answer.getPartners().getEntries(0).getReasonsCount() > 0,
        "a match says why");
  }

  static void listAllNeeds(CatalogueServiceGrpc.CatalogueServiceBlockingStub catalogue) throws InterruptedException {
    Set<String> names = new HashSet<>();
    int count = 0;
    String token = "";
    do {
      ListNeedsRequest request = ListNeedsRequest.newBuilder().setPageSize(20).setPageToken(token).build();
      ListNeedsResponse page = call(catalogue, stub -> stub.listNeeds(request));
      for (Need need : page.getNeedsList()) names.add(need.getName());
      count += page.getNeedsCount();
      token = page.getNextPageToken();
    } while (!token.isEmpty());
    System.out.println("needs " + count);
    check(count > 20 && names.size() == count, "every page was new");
  }

  static Need createOnce(CatalogueServiceGrpc.CatalogueServiceBlockingStub catalogue) throws InterruptedException {
    Need need = Need.newBuilder().setTitle("高镁锂比盐湖卤水提锂吸附剂").setWanted("低溶损的提锂吸附剂和工艺")
        .setRegionCode("63").build();
    // The same request_id is the same request: a repeat after a lost answer has no second effect.
    CreateNeedRequest request = CreateNeedRequest.newBuilder().setNeed(need)
        .setRequestId(UUID.randomUUID().toString()).build();
    Need created = call(catalogue, stub -> stub.createNeed(request));
    Need again = call(catalogue, stub -> stub.createNeed(request));
    System.out.println("created " + created.getName());
    check(again.getName().equals(created.getName()) && again.getEtag().equals(created.getEtag()), "created once");
    return created;
  }

  /** A write that was answered is matched at once. What came of the match is recorded under its match_id. */
  static void recordEngagement(MatchServiceGrpc.MatchServiceBlockingStub match,
      EngagementServiceGrpc.EngagementServiceBlockingStub engagements, String need) throws InterruptedException {
    MatchRequest request = MatchRequest.newBuilder().setNeedName(need).setPageSize(1).build();
    MatchResponse answer = call(match, stub -> stub.match(request));
    Engagement engagement = Engagement.newBuilder().setMatchId(answer.getMatchId()).setNeed(need)
        .setOffer(answer.getResults().getEntries(0).getName()).setStep(EngagementStep.ENGAGEMENT_STEP_INTERESTED).build();
    RecordEngagementRequest record = RecordEngagementRequest.newBuilder().setEngagement(engagement)
        .setRequestId(UUID.randomUUID().toString()).build();
    RecordEngagementResponse recorded = call(engagements, stub -> stub.recordEngagement(record));
    System.out.println("recorded " + recorded.getEngagement().getName() + " " + engagement.getOffer());
    check(recorded.getEngagement().getName().startsWith("engagements/"), "it has a name");
  }

  static void readErrors(MatchServiceGrpc.MatchServiceBlockingStub match) {
    MatchRequest wrong = MatchRequest.newBuilder().setText("锂").setPageSize(-1).build();
    StatusRuntimeException error = failure(() -> match.withDeadlineAfter(10, TimeUnit.SECONDS).match(wrong));
    BadRequest.FieldViolation violation = detail(error, BadRequest.class).orElseThrow().getFieldViolations(0);
    System.out.println("error " + error.getStatus().getCode() + " " + violation.getField() + " - "
        + violation.getDescription());
    check(violation.getField().equals("page_size"), "the error names the field");

    MatchRequest request = MatchRequest.newBuilder().setText("锂").build();
    StatusRuntimeException late = failure(() -> match.withDeadlineAfter(1, TimeUnit.NANOSECONDS).match(request));
    System.out.println("deadline " + late.getStatus().getCode());
    check(late.getStatus().getCode() == Status.Code.DEADLINE_EXCEEDED, "the deadline passed");
  }

  public static void main(String[] arguments) throws Exception {
    String address = System.getenv().getOrDefault("DONGXI_ADDRESS", "127.0.0.1:7878");
    // For TLS: TlsChannelCredentials.create()
    ManagedChannel channel = Grpc.newChannelBuilder(address, InsecureChannelCredentials.create()).build();
    try {
      Channel authorised = withToken(channel, System.getenv("DONGXI_TOKEN"));
      matchWithReasons(MatchServiceGrpc.newBlockingStub(authorised));
      listAllNeeds(CatalogueServiceGrpc.newBlockingStub(authorised));
      var catalogue = CatalogueServiceGrpc.newBlockingStub(authorised);
      Need created = createOnce(catalogue);
      recordEngagement(MatchServiceGrpc.newBlockingStub(authorised),
          EngagementServiceGrpc.newBlockingStub(authorised), created.getName());
      call(catalogue, stub -> stub.deleteNeed(DeleteNeedRequest.newBuilder().setName(created.getName()).build()));
      readErrors(MatchServiceGrpc.newBlockingStub(authorised));
    } finally {
      channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }
  }
}
