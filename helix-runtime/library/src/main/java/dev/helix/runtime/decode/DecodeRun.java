package dev.helix.runtime.decode;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.ranks.RankTransport;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.AttentionRecord;
import dev.helix.runtime.record.CacheRecord;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.TapRecord;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.RankFailure;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Runs a plan over the ranks of a transport, and puts their results together. */
public final class DecodeRun {
  private final RankTransport transport;

  public DecodeRun(RankTransport transport) {
    this.transport = transport;
  }

  /**
   * Decodes all requests of a plan.
   *
   * @throws RankFailure if a rank fails; all ranks have then stopped
   */
  public <T extends Tensor> DecodeResult decode(
      DecodePlan plan, Reading<T> reading, DecodeListener listener) {
    return decode(plan, new RankDecode<>(plan, reading, listener, Optional.empty()));
  }

  /**
   * Decodes in step with another run of the same requests. The tokens are those of the other run,
   * and each part of the decoder starts from the hidden state that the other run had there. So a
   * difference in the records must come from within one part.
   *
   * @param leader the other run, which recorded its taps
   * @throws IllegalArgumentException if the runs' requests differ
   * @throws RankFailure if a rank fails
   */
  public <T extends Tensor> DecodeResult lockstep(
      DecodePlan plan, Reading<T> reading, DecodeListener listener, DecodeResult leader) {
    List<DecodeRequest> forced = new ArrayList<>();
    for (DecodeResult.Request request : leader.requests()) {
      forced.add(
          new DecodeRequest(request.prompt(), request.newTokens().size(), request.newTokens()));
    }
    DecodePlan same = plan.recording(forced);
    return decode(same, new RankDecode<>(same, reading, listener, Optional.of(leader.record())));
  }

  private <T extends Tensor> DecodeResult decode(DecodePlan plan, RankDecode<T> program) {
    List<RankOutcome> outcomes =
        transport.run(plan.strategy().ranks(), program, new RankOutcomeCodec());
    RankOutcome reported = outcomes.get(RankDecode.REPORTER);
    RunRecord record = reported.record();
    Map<QueryToken, double[]> logits = new HashMap<>();
    Optional<TapRecord> taps =
        plan.recording().taps() ? Optional.of(new TapRecord()) : Optional.empty();
    Optional<AttentionRecord> attention =
        plan.recording().attention() ? Optional.of(new AttentionRecord()) : Optional.empty();
    Optional<CacheRecord> cache =
        outcomes.stream()
            .flatMap(outcome -> outcome.record().cache().stream())
            .reduce(DecodeRun::together);
    for (RankOutcome outcome : outcomes) {
      outcome.logits().forEach(row -> logits.put(row.query(), row.values()));
      taps.ifPresent(all -> outcome.record().taps().ifPresent(all::takeAll));
      attention.ifPresent(all -> outcome.record().attention().ifPresent(all::takeAll));
    }
    List<DecodeResult.Request> requests = new ArrayList<>();
    for (int index = 0; index < plan.requests().size(); index++) {
      List<double[]> own = record.sampled(index).stream().map(logits::get).toList();
      requests.add(
          new DecodeResult.Request(
              plan.requests().get(index).prompt(), record.newTokens(index), own));
    }
    return new DecodeResult(
        requests,
        new RunRecord(record.steps(), taps, attention, cache),
        Stream.concat(
                outcomes.stream().flatMap(outcome -> outcome.difference().stream()),
                cache.flatMap(CacheRecord::difference).stream())
            .findFirst(),
        reported.seconds());
  }

  private static CacheRecord together(CacheRecord first, CacheRecord next) {
    first.takeAll(next);
    return first;
  }
}
