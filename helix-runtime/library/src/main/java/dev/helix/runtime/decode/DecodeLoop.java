package dev.helix.runtime.decode;

import dev.helix.runtime.decode.RankDecode.RankRecording;
import dev.helix.runtime.model.Decoder;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.StepRecord;
import dev.helix.runtime.record.StepRow;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of a run on one rank, until every request is done. Here, and nowhere else, the next
 * token is chosen; all ranks choose the same ones from the same logits.
 */
final class DecodeLoop<T extends Tensor> {
  private static final Logger LOG = LoggerFactory.getLogger(DecodeLoop.class);

  private final DecodePlan plan;
  private final Kernels<T> kernels;
  private final Decoder<T> decoder;
  private final RankRecording recording;
  private final DecodeListener listener;
  private final DecodeBatch batch;
  private final List<StepRecord> steps = new ArrayList<>();
  private final List<List<double[]>> logits = new ArrayList<>();

  /**
   * @param listener hears of the run, if this rank reports
   */
  DecodeLoop(
      DecodePlan plan,
      Kernels<T> kernels,
      Decoder<T> decoder,
      RankRecording recording,
      DecodeListener listener) {
    this.plan = plan;
    this.kernels = kernels;
    this.decoder = decoder;
    this.recording = recording;
    this.listener = listener;
    this.batch = new DecodeBatch(plan.requests(), Set.copyOf(plan.model().endTokens()));
  }

  RankOutcome run() {
    long start = System.nanoTime();
    for (int request = 0; request < plan.requests().size(); request++) {
      int capacity = plan.requests().get(request).capacity();
      decoder.open(request, plan.placement().place(plan.layout().kvp(), capacity), capacity);
    }
    for (List<StepRow> rows = batch.next(); !rows.isEmpty(); rows = batch.next()) {
      step(rows);
      if (plan.recording().taps()) {
        recording.agreement().compare(steps.size() - 1);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    RunRecord record = new RunRecord(steps, recording.taps(), recording.attention());
    return new RankOutcome(record, logits, recording.agreement().firstDifference(), seconds);
  }

  private void step(List<StepRow> rows) {
    long start = System.nanoTime();
    double[] padded = kernels.toHost(decoder.step(rows));
    List<StepRow> sampled = rows.stream().filter(StepRow::sampled).toList();
    listener.step(rows.size());
    long micros = (System.nanoTime() - start) / 1000;
    if (kernels.rank() == RankDecode.REPORTER) {
      LOG.info("step of {} tokens, {} sampled: {} µs", rows.size(), sampled.size(), micros);
    }
    List<double[]> own = new ArrayList<>();
    List<Integer> chosen = new ArrayList<>();
    for (int row = 0; row < sampled.size(); row++) {
      own.add(unpadded(padded, row, sampled.size()));
      chosen.add(choose(sampled.get(row).query().request(), own.get(row)));
    }
    logits.add(own);
    steps.add(new StepRecord(rows, chosen));
  }

  /** Chooses a request's next token and lets it into the batch. */
  private int choose(int request, double[] logits) {
    int token = plan.requests().get(request).choose(batch.newTokens(request).size(), logits);
    boolean done = batch.accept(request, token);
    if (done) {
      decoder.close(request);
    }
    listener.token(request, token, done);
    return token;
  }

  /** One row of logits without the padding of the vocabulary. */
  private double[] unpadded(double[] padded, int row, int rows) {
    int width = padded.length / rows;
    int from = row * width;
    return Arrays.copyOfRange(padded, from, from + plan.model().vocabularySize());
  }
}
