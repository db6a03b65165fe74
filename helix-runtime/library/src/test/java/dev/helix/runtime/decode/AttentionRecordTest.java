package dev.helix.runtime.decode;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.helix.attention.QueryToken;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.Fp64Reading;
import dev.helix.runtime.record.AttentionRecord;
import dev.helix.runtime.record.PartialRow;
import dev.helix.runtime.record.RankAttention;
import dev.helix.runtime.record.Recording;
import dev.helix.runtime.record.RunRecord;
import dev.helix.runtime.record.StepRecord;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.tensor.Group;
import dev.helix.tensor.mesh.Layout;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What each rank held inside of attention is in the record, and fits together. */
class AttentionRecordTest {
  private static final List<DecodeRequest> REQUESTS =
      List.of(new DecodeRequest(List.of(1, 2, 3, 4, 5), 3), new DecodeRequest(List.of(6, 7), 2));

  @ParameterizedTest
  @CsvSource({"recall-gqa, 4, 2, false", "recall-gqa, 2, 2, true", "recall-mla, 4, 1, true"})
  void whatArrivesIsWhatTheOthersHadAndItsMergeIsWhatIsMerged(
      String model, int kvp, int tpa, boolean hopB) {
    Layout layout = Layout.dense(kvp, tpa);
    RunRecord record = decode(model, layout, hopB, Recording.ATTENTION).record();
    AttentionRecord attention = record.attention().orElseThrow();
    for (StepRecord step : record.steps()) {
      for (QueryToken token : step.queries()) {
        for (int layer = 0; layer < 4; layer++) {
          for (int rank = 0; rank < layout.ranks(); rank++) {
            RankAttention held = attention.of(rank, layer, token);
            assertArrived(attention, layout, rank, layer, token, held.arrived());
            assertArrayEquals(merge(held.arrived()), held.merged(), 1e-12);
          }
        }
      }
    }
  }

  /** A rank gets, from each member of its group, that member's state of the heads it owns. */
  private static void assertArrived(
      AttentionRecord attention,
      Layout layout,
      int rank,
      int layer,
      QueryToken token,
      List<PartialRow> arrived) {
    Group group = layout.kvpGroup(rank);
    assertEquals(group.size(), arrived.size());
    int block = group.indexOf(rank);
    for (int member = 0; member < group.size(); member++) {
      PartialRow theirs = attention.of(group.ranks().get(member), layer, token).partial();
      PartialRow here = arrived.get(member);
      assertArrayEquals(block(theirs.output(), block, group.size()), here.output());
      assertArrayEquals(block(theirs.lse(), block, group.size()), here.lse());
    }
  }

  private static double[] block(double[] values, int index, int blocks) {
    int width = values.length / blocks;
    return Arrays.copyOfRange(values, index * width, (index + 1) * width);
  }

  /** The textbook's weighted mean. */
  private static double[] merge(List<PartialRow> parts) {
    int heads = parts.get(0).lse().length;
    int dim = parts.get(0).output().length / heads;
    double[] merged = new double[heads * dim];
    for (int head = 0; head < heads; head++) {
      int h = head;
      double most = parts.stream().mapToDouble(part -> part.lse()[h]).max().orElseThrow();
      double sum = parts.stream().mapToDouble(part -> Math.exp(part.lse()[h] - most)).sum();
      for (PartialRow part : parts) {
        double weight = Math.exp(part.lse()[head] - most) / sum;
        for (int i = 0; i < dim; i++) {
          merged[head * dim + i] += weight * part.output()[head * dim + i];
        }
      }
    }
    return merged;
  }

  @Test
  void recordingChangesNoNumber() {
    Layout layout = Layout.dense(4, 2);
    DecodeResult plain = decode("recall-gqa", layout, false, Recording.STEPS);
    DecodeResult recorded = decode("recall-gqa", layout, false, Recording.ATTENTION);
    for (int request = 0; request < REQUESTS.size(); request++) {
      List<double[]> expected = plain.requests().get(request).logits();
      List<double[]> actual = recorded.requests().get(request).logits();
      assertEquals(expected.size(), actual.size());
      for (int token = 0; token < expected.size(); token++) {
        assertArrayEquals(expected.get(token), actual.get(token));
      }
    }
    assertEquals(plain.record().steps(), recorded.record().steps());
  }

  @Test
  void whatWasNotRecordedCannotBeRead() {
    RunRecord record =
        decode("recall-gqa", Layout.dense(2, 1), false, Recording.ATTENTION).record();
    assertEquals(
        "nothing was recorded of attention on rank 2 in layer 0 for " + new QueryToken(0, 0),
        assertThrows(
                IllegalArgumentException.class,
                () -> record.attention().orElseThrow().of(2, 0, new QueryToken(0, 0)))
            .getMessage());
    assertEquals(
        java.util.Optional.empty(),
        decode("recall-gqa", Layout.dense(2, 1), false, Recording.TAPS).record().attention());
  }

  private static DecodeResult decode(
      String model, Layout layout, boolean hopB, Recording recording) {
    try (Checkpoint checkpoint = Checkpoint.embedded(model)) {
      HelixStrategy strategy = new HelixStrategy(layout, PlacementRule.roundRobin(1), hopB);
      DecodePlan plan = new DecodePlan(checkpoint, strategy, REQUESTS, recording);
      return new DecodeRun(new ThreadRanks())
          .decode(plan, new Fp64Reading(), new DecodeListener() {});
    }
  }
}
