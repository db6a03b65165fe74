package dev.helix.runtime.decode;

import dev.helix.attention.cache.quantized.StoredTokens;
import dev.helix.runtime.loading.CheckpointRouters;
import dev.helix.runtime.loading.QuantizedCaches;
import dev.helix.runtime.loading.RankCaches;
import dev.helix.runtime.loading.RankLoading;
import dev.helix.runtime.loading.RankWeights;
import dev.helix.runtime.model.Decoder;
import dev.helix.runtime.ranks.RankProgram;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.AttentionRecord;
import dev.helix.runtime.record.CacheRecord;
import dev.helix.runtime.record.LockstepTap;
import dev.helix.runtime.record.RankAgreement;
import dev.helix.runtime.record.RecordingTap;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.StepTap;
import dev.helix.runtime.record.TapRecord;
import dev.helix.runtime.strategy.DecoderLoader;
import dev.helix.tensor.Group;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Communicator;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * The program that every rank runs, from loading its weights to the last token. All ranks run the
 * same program, and only rank 0 reports.
 */
final class RankDecode<T extends Tensor> implements RankProgram<RankOutcome> {
  /** The rank that reports the progress of the run, and brings home its steps. */
  static final int REPORTER = 0;

  private final DecodePlan plan;
  private final Reading<T> reading;
  private final DecodeListener listener;
  private final Optional<RunRecord> leader;

  /**
   * Prepares the program.
   *
   * @param leader the record of another run of the same tokens, with its taps, if this run is to
   *     keep in step
   */
  RankDecode(
      DecodePlan plan, Reading<T> reading, DecodeListener listener, Optional<RunRecord> leader) {
    this.plan = plan;
    this.reading = reading;
    this.listener = listener;
    this.leader = leader;
  }

  @Override
  public RankOutcome run(Communicator communicator) {
    RankOperations<T> operations = reading.on(communicator);
    DecodeListener told = communicator.rank() == REPORTER ? listener : new DecodeListener() {};
    // Among ranks that have copies of one hidden state, the first keeps the record.
    Group copies = plan.strategy().hidden(communicator.rank()).copies(communicator.rank());
    boolean first = copies.ranks().get(0) == communicator.rank();
    RankRecording recording =
        new RankRecording(
            new RankAgreement(communicator, copies),
            given(first && plan.recording().taps(), new TapRecord()),
            given(plan.recording().attention(), new AttentionRecord()),
            given(plan.cache().quantizes() && leader.isEmpty(), new CacheRecord()));
    RankLoading<T> loading =
        new RankLoading<>(
            operations,
            new RankWeights<>(plan.checkpoint(), operations.kernels(), plan.precision()),
            new CheckpointRouters<>(plan.checkpoint(), operations),
            caches(recording));
    Decoder<T> decoder =
        new DecoderLoader<>(
                plan.strategy(), loading, tap(operations, recording, told), told::loadedLayer)
            .load();
    told.loaded();
    RankOutcome outcome =
        new DecodeLoop<>(plan, communicator, operations.kernels(), decoder, recording, told).run();
    return communicator.rank() == REPORTER ? outcome : outcome.withoutSteps();
  }

  private RankCaches caches(RankRecording recording) {
    return plan.cache().quantizes()
        ? new QuantizedCaches(plan.cache(), plan.checkpoint()::kvScales, stored(recording))
        : RankCaches.UNQUANTIZED;
  }

  private IntFunction<StoredTokens> stored(RankRecording recording) {
    return leader
        .flatMap(RunRecord::cache)
        .<IntFunction<StoredTokens>>map(record -> record::ledLayer)
        .orElseGet(() -> layer -> recording.cache().orElseThrow().ofLayer(layer));
  }

  private StepTap<T> tap(
      RankOperations<T> operations, RankRecording recording, DecodeListener told) {
    if (!plan.recording().taps()) {
      return StepTap.none();
    }
    StepTap<T> seeing =
        new RecordingTap<>(
            operations.kernels(), recording.agreement(), recording.taps(), recording.attention());
    return leader
        .flatMap(RunRecord::taps)
        .<StepTap<T>>map(
            other -> new LockstepTap<>(operations.kernels(), seeing, other, told::layer))
        .orElse(seeing);
  }

  private static <V> Optional<V> given(boolean wanted, V value) {
    return wanted ? Optional.of(value) : Optional.empty();
  }

  /** The records into which one rank writes what it computes. */
  record RankRecording(
      RankAgreement agreement,
      Optional<TapRecord> taps,
      Optional<AttentionRecord> attention,
      Optional<CacheRecord> cache) {}
}
