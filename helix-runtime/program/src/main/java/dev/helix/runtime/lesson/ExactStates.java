package dev.helix.runtime.lesson;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.decode.DecodeListener;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.decode.DecodeRun;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.ExactReading;
import dev.helix.runtime.reading.Reading;
import dev.helix.runtime.record.AttentionRecord;
import dev.helix.runtime.record.RankAttention;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;

/**
 * What ranks hold in the exact reading when they attend with the last token of a story: the numbers
 * that the page computes again, bit for bit.
 */
final class ExactStates {
  private static final List<Integer> KVPS = List.of(1, 2, 4, 8);

  private final Checkpoint checkpoint;
  private final List<Integer> story;

  ExactStates(Checkpoint checkpoint, List<Integer> story) {
    this.checkpoint = checkpoint;
    this.story = story;
  }

  /**
   * One layer, as base64 of doubles.
   *
   * @param queries of the last token, {@code [heads, headDim]}
   * @param keys {@code [tokens, kvHeads, headDim]}
   * @param values {@code [tokens, kvHeads, headDim]}
   * @param merged {@code [heads, headDim]}, the same for every layout
   */
  record Layer(
      String queries, String keys, String values, String merged, List<PartialStates> layouts) {}

  /**
   * The partial states of one layout.
   *
   * @param run how many tokens in a row a rank gets
   * @param partial Σ p·v, rounded once, {@code [kvp, heads, headDim]}
   * @param weights Σ p, rounded once, {@code [kvp, heads]}
   */
  record PartialStates(int kvp, int run, String partial, String weights) {}

  /** All layers. */
  List<Layer> layers() {
    int layers = checkpoint.config().layers();
    SeenAttention<?> seen = new SeenAttention<>(new ExactReading(), layers);
    record(1, seen);
    List<SeenAttention.Input> inputs = seen.inputs();
    List<AttentionRecord> records =
        KVPS.stream().map(kvp -> record(kvp, new ExactReading())).toList();
    List<Layer> all = new ArrayList<>();
    for (int layer = 0; layer < layers; layer++) {
      List<PartialStates> layouts = new ArrayList<>();
      for (int i = 0; i < KVPS.size(); i++) {
        layouts.add(states(KVPS.get(i), records.get(i), layer));
      }
      SeenAttention.Input input = inputs.get(layer);
      all.add(
          new Layer(
              Base64Doubles.of(input.queries()),
              Base64Doubles.of(input.keys()),
              Base64Doubles.of(input.values()),
              Base64Doubles.of(of(records.get(0), 0, layer).merged()),
              layouts));
    }
    return all;
  }

  private PartialStates states(int kvp, AttentionRecord record, int layer) {
    List<double[]> partial = new ArrayList<>();
    List<double[]> weights = new ArrayList<>();
    for (int rank = 0; rank < kvp; rank++) {
      RankAttention held = of(record, rank, layer);
      partial.add(held.partial().output());
      weights.add(held.partial().lse());
    }
    return new PartialStates(
        kvp, PlacementRule.PAPER_RUN_LENGTH, Base64Doubles.of(partial), Base64Doubles.of(weights));
  }

  private RankAttention of(AttentionRecord record, int rank, int layer) {
    return record.of(rank, layer, new QueryToken(0, story.size() - 1));
  }

  private AttentionRecord record(int kvp, Reading<?> reading) {
    DecodePlan plan =
        new DecodePlan(
            checkpoint,
            new HelixStrategy(
                Layout.dense(kvp, 1), PlacementRule.roundRobin(PlacementRule.PAPER_RUN_LENGTH)),
            List.of(new DecodeRequest(story, 1)),
            Recording.ATTENTION);
    DecodeResult result =
        new DecodeRun(new ThreadRanks()).decode(plan, reading, new DecodeListener() {});
    return result.record().attention().orElseThrow();
  }
}
