package dev.helix.attention.helix;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.attention.QueryToken;
import dev.helix.attention.baseline.BaselineAttention;
import dev.helix.attention.bounds.StepErrorBound;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the six steps of either kind of attention compute, over several ranks. */
interface DecodeContract {
  DecodeProblem problem();

  /** Layouts of one rank and of several. */
  List<Layout> layouts();

  @Test
  default void everyRankHasTheUnshardedAttentionWithinTheBoundOfRounding() {
    for (Layout layout : layouts()) {
      for (boolean hopB : new boolean[] {false, true}) {
        List<List<double[]>> outputs = problem().decode(RankReading::fp64, layout, hopB);
        for (List<double[]> ofRank : outputs) {
          assertBaseline(ofRank, layout);
        }
      }
    }
  }

  @Test
  default void noLayoutAndNoSplittingOfTheBatchChangesABitOfTheExactReading() {
    List<double[]> alone = problem().decode(RankReading::exact, layouts().get(0), false).get(0);
    assertBaseline(alone, layouts().get(0));
    for (Layout layout : layouts()) {
      for (boolean hopB : new boolean[] {false, true}) {
        for (List<double[]> ofRank : problem().decode(RankReading::exact, layout, hopB)) {
          for (int step = 0; step < DecodeProblem.STEPS; step++) {
            assertArrayEquals(alone.get(step), ofRank.get(step), 0.0);
          }
        }
      }
    }
  }

  private void assertBaseline(List<double[]> outputs, Layout layout) {
    List<BaselineAttention> baselines = new ArrayList<>();
    List<StepErrorBound> bounds = new ArrayList<>();
    for (int request = 0; request < 2; request++) {
      baselines.add(problem().unsharded());
      bounds.add(StepErrorBound.beside(baselines.get(request), layout.kvp()));
    }
    int hidden = DecodeProblem.HIDDEN;
    for (int step = 0; step < DecodeProblem.STEPS; step++) {
      List<QueryToken> rows = DecodeProblem.step(step);
      for (int row = 0; row < rows.size(); row++) {
        double[] x = DecodeProblem.input(rows.get(row));
        int request = rows.get(row).request();
        double[] expected = baselines.get(request).step(x);
        double[] bound = bounds.get(request).step(x, new double[hidden]);
        for (int i = 0; i < hidden; i++) {
          assertEquals(expected[i], outputs.get(step)[row * hidden + i], bound[i]);
        }
      }
    }
  }
}
