package dev.helix.runtime.decode;

import dev.helix.runtime.loading.CheckpointRouters;
import dev.helix.runtime.loading.DeployedPrecision;
import dev.helix.runtime.model.Decoder;
import dev.helix.runtime.ranks.RankProgram;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.LockstepTap;
import dev.helix.runtime.record.RankAgreement;
import dev.helix.runtime.record.RecordingTap;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.StepRow;
import dev.helix.runtime.record.StepTap;
import dev.helix.runtime.strategy.DecoderLoader;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Communicator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The program that every rank runs, from its weights to the last token. All ranks run it alike and
 * choose the same tokens from the same logits; rank 0 alone reports.
 */
final class RankDecode<T extends Tensor> implements RankProgram<RankDecode.Outcome> {
  private static final Logger LOG = LoggerFactory.getLogger(RankDecode.class);

  private final DecodePlan plan;
  private final Reading<T> reading;
  private final DecodeListener listener;
  private final Optional<RunRecord> leader;

  /**
   * @param leader what another run of the same tokens has computed, if this one is to keep in step
   */
  RankDecode(
      DecodePlan plan, Reading<T> reading, DecodeListener listener, Optional<RunRecord> leader) {
    this.plan = plan;
    this.reading = reading;
    this.listener = listener;
    this.leader = leader;
  }

  @Override
  public Outcome run(Communicator communicator) {
    RankOperations<T> operations = reading.on(communicator);
    boolean reports = communicator.rank() == 0;
    RunRecord record = new RunRecord();
    RankAgreement agreement = new RankAgreement();
    StepTap<T> tap =
        tap(operations.kernels(), agreement, reports ? Optional.of(record) : Optional.empty());
    Decoder<T> decoder =
        new DecoderLoader<>(
                plan.sharded(),
                plan.checkpoint(),
                DeployedPrecision.uniform(plan.model().activations()),
                operations,
                new CheckpointRouters<>(plan.checkpoint(), operations.kernels()),
                tap,
                reports ? listener::loadedLayer : () -> {})
            .load();
    if (reports) {
      listener.loaded();
    }
    long start = System.nanoTime();
    List<List<double[]>> logits = decode(operations, decoder, reports);
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Outcome(
        logits, agreement, reports ? Optional.of(record) : Optional.empty(), seconds);
  }

  private StepTap<T> tap(Kernels<T> kernels, RankAgreement agreement, Optional<RunRecord> record) {
    if (!plan.recorded()) {
      return StepTap.none();
    }
    StepTap<T> recording = new RecordingTap<>(kernels, agreement, record);
    return leader
        .<StepTap<T>>map(
            other ->
                new LockstepTap<>(
                    kernels, recording, other, record.isPresent() ? listener::layer : rows -> {}))
        .orElse(recording);
  }

  private List<List<double[]>> decode(
      RankOperations<T> operations, Decoder<T> decoder, boolean reports) {
    List<DecodeRequest> requests = plan.requests();
    DecodeBatch batch = new DecodeBatch(requests, Set.copyOf(plan.model().endTokens()));
    List<List<double[]>> logits = new ArrayList<>();
    for (int request = 0; request < requests.size(); request++) {
      int capacity = requests.get(request).capacity();
      decoder.open(request, plan.placement().place(plan.layout().kvp(), capacity), capacity);
      logits.add(new ArrayList<>());
    }
    for (List<StepRow> rows = batch.next(); !rows.isEmpty(); rows = batch.next()) {
      long start = System.nanoTime();
      double[] stepLogits = operations.kernels().toHost(decoder.step(rows));
      List<StepRow> sampled = rows.stream().filter(StepRow::sampled).toList();
      if (reports) {
        listener.step(rows.size());
        long micros = (System.nanoTime() - start) / 1000;
        LOG.info("step of {} tokens, {} sampled: {} µs", rows.size(), sampled.size(), micros);
      }
      for (int i = 0; i < sampled.size(); i++) {
        int request = sampled.get(i).place().request();
        double[] own = unpadded(stepLogits, i, sampled.size());
        int token = requests.get(request).choose(logits.get(request).size(), own);
        boolean done = batch.accept(request, token);
        logits.get(request).add(own);
        if (done) {
          decoder.close(request);
        }
        if (reports) {
          listener.token(request, token, done);
        }
      }
    }
    return logits;
  }

  /** One row of logits without the padding of the vocabulary. */
  private double[] unpadded(double[] logits, int row, int rows) {
    int padded = logits.length / rows;
    int from = row * padded;
    return Arrays.copyOfRange(logits, from, from + plan.model().vocabularySize());
  }

  /**
   * What one rank brings home.
   *
   * @param logits for each request, for each new token, {@code [vocabulary]}; the tokens follow
   *     from them
   */
  record Outcome(
      List<List<double[]>> logits,
      RankAgreement agreement,
      Optional<RunRecord> record,
      double seconds) {}
}
