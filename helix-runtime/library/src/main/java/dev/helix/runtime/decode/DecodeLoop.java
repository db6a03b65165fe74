package dev.helix.runtime.decode;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.decode.RankDecode.RankRecording;
import dev.helix.runtime.model.Decoder;
import dev.helix.runtime.model.HeldRows;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.StepRecord;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.mesh.Communicator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the steps of a decode on one rank, until every request is done. The next token is chosen
 * here and nowhere else, by each rank that has the logits.
 */
final class DecodeLoop<T extends Tensor> {
  private static final Logger LOG = LoggerFactory.getLogger(DecodeLoop.class);

  private final DecodePlan plan;
  private final Kernels<T> kernels;
  private final Decoder<T> decoder;
  private final RankRecording recording;
  private final DecodeListener listener;
  private final ChosenTokens chosenTokens;
  private final DecodeBatch batch;
  private final List<StepRecord> steps = new ArrayList<>();
  private final List<SampledLogits> logits = new ArrayList<>();

  /**
   * Prepares the loop of one rank.
   *
   * @param listener observes the run, if this rank reports
   */
  DecodeLoop(
      DecodePlan plan,
      Communicator communicator,
      Kernels<T> kernels,
      Decoder<T> decoder,
      RankRecording recording,
      DecodeListener listener) {
    this.plan = plan;
    this.kernels = kernels;
    this.decoder = decoder;
    this.recording = recording;
    this.listener = listener;
    this.chosenTokens = new ChosenTokens(communicator, decoder.logitsHeld());
    this.batch = new DecodeBatch(plan.requests(), Set.copyOf(plan.model().endTokens()));
  }

  RankOutcome run() {
    long start = System.nanoTime();
    for (int request = 0; request < plan.requests().size(); request++) {
      decoder.open(request, plan.requests().get(request).capacity());
    }
    for (List<StepRow> rows = batch.next(); !rows.isEmpty(); rows = batch.next()) {
      step(rows);
      if (plan.recording().taps()) {
        recording.agreement().compare(steps.size() - 1);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    RunRecord record =
        new RunRecord(steps, recording.taps(), recording.attention(), recording.cache());
    return new RankOutcome(record, logits, recording.agreement().firstDifference(), seconds);
  }

  private void step(List<StepRow> rows) {
    long start = System.nanoTime();
    Map<QueryToken, Integer> own = new LinkedHashMap<>();
    for (HeldRows<T> held : decoder.step(rows)) {
      if (!held.isEmpty()) {
        own.putAll(choose(held.rows(), kernels.toHost(held.values())));
      }
    }
    List<StepRow> sampled = rows.stream().filter(StepRow::sampled).toList();
    listener.step(rows.size());
    if (kernels.rank() == RankDecode.REPORTER) {
      long micros = (System.nanoTime() - start) / 1000;
      LOG.info("step of {} tokens, {} sampled: {} µs", rows.size(), sampled.size(), micros);
    }
    Map<QueryToken, Integer> tokens = chosenTokens.everywhere(own);
    List<Integer> chosen = new ArrayList<>();
    for (StepRow row : sampled) {
      int token = tokens.get(row.query());
      accept(row.query().request(), token);
      chosen.add(token);
    }
    steps.add(new StepRecord(rows, chosen));
  }

  /** The next tokens of the rows whose logits this rank has. */
  private Map<QueryToken, Integer> choose(List<QueryToken> rows, double[] padded) {
    Map<QueryToken, Integer> own = new LinkedHashMap<>();
    GatheredLogits gathered =
        new GatheredLogits(padded, rows.size(), plan.model().vocabularySize());
    for (int row = 0; row < rows.size(); row++) {
      QueryToken query = rows.get(row);
      double[] values = gathered.row(row);
      int taken = batch.newTokens(query.request()).size();
      own.put(query, plan.requests().get(query.request()).choose(taken, values));
      if (bringsHomeLogits()) {
        logits.add(new SampledLogits(query, values));
      }
    }
    return own;
  }

  /**
   * Whether this rank brings home the logits: of ranks that have the same logits, the first does.
   */
  private boolean bringsHomeLogits() {
    return decoder.logitsHeld().copies(kernels.rank()).ranks().get(0) == kernels.rank();
  }

  /** Adds a request's next token to the batch. */
  private void accept(int request, int token) {
    boolean done = batch.accept(request, token);
    if (done) {
      decoder.close(request);
    }
    listener.token(request, token, done);
  }
}
