package dev.helix.laws.attention;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.convention.Precision;
import dev.helix.laws.attention.AttentionCover.EmptyShard;
import dev.helix.laws.attention.AttentionCover.Layout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Every two choices of the cover stand together in a case, as the case itself shows. */
class AttentionCoverTest {
  private static final Set<AttentionFeature> ALL = EnumSet.allOf(AttentionFeature.class);

  private static List<AttentionCase> cases(Set<AttentionFeature> features) {
    AttentionDrawing of = new AttentionDrawing(new SplittableRandom(3), Precision.FP64, features);
    AttentionHardCase hard = AttentionHardCase.COVERED_PAIRS;
    return IntStream.range(0, hard.variants(features)).mapToObj(v -> hard.make(of, v)).toList();
  }

  /** In the words of the case: what is asked for, which shard is empty, how long, which heads. */
  private static List<String> choices(AttentionCase given) {
    List<Integer> lengths =
        IntStream.range(0, 3).map(s -> given.owners().positions(s).length).boxed().toList();
    int round = 3 * (given.context() > 12 ? 80 : 2);
    boolean latent =
        given.kvHeads() == 1
            && given.keyDim() > given.valueDim()
            && given.keys()[0] == given.values()[0];
    return List.of(
        "window " + (given.window() > 0 && given.window() < round),
        "sinks " + (given.sinks().length > 0),
        "cap " + (given.softCap() > 0),
        "slopes " + (given.alibiSlopes().length > 0),
        "empty " + (lengths.contains(0) ? lengths.indexOf(0) : "none"),
        "beyond a tile " + (lengths.stream().max(Integer::compare).orElseThrow() > 64),
        given.heads() == 1 ? "one head" : latent ? "latent" : "grouped");
  }

  private static Set<String> pairs(List<AttentionCase> cases) {
    Set<String> pairs = new TreeSet<>();
    for (AttentionCase given : cases) {
      List<String> choices = choices(given);
      for (int i = 0; i < choices.size(); i++) {
        for (int j = i + 1; j < choices.size(); j++) {
          pairs.add(choices.get(i) + " + " + choices.get(j));
        }
      }
    }
    return pairs;
  }

  /** Two of each of four rules and of lengths, four of empty shards, three of heads: 122 pairs. */
  @Test
  void everyTwoChoicesStandTogetherInSomeCase() {
    List<AttentionCase> cases = cases(ALL);
    Set<String> pairs = pairs(cases);
    int[] levels = {2, 2, 2, 2, EmptyShard.values().length, 2, Layout.values().length};
    int expected = 0;
    for (int i = 0; i < levels.length; i++) {
      for (int j = i + 1; j < levels.length; j++) {
        expected += levels[i] * levels[j];
      }
    }
    assertEquals(expected, pairs.size(), pairs::toString);
    assertTrue(cases.size() <= 16, () -> cases.size() + " cases");
  }

  /** Without a feature its column is gone, and the others are covered all the same. */
  @Test
  void anImplementationWithoutAFeatureHasTheOtherPairs() {
    Set<AttentionFeature> some = EnumSet.copyOf(ALL);
    some.removeAll(List.of(AttentionFeature.ALIBI, AttentionFeature.VALUE_WIDTH));
    List<String> pairs = new ArrayList<>(pairs(cases(some)));
    assertTrue(pairs.stream().noneMatch(p -> p.contains("slopes true") || p.contains("latent")));
    for (String each : Arrays.asList("window true + sinks true", "sinks true + cap true")) {
      assertTrue(pairs.contains(each), pairs::toString);
    }
    // Three rules of two, one of one, four, two and two.
    assertEquals(3 * 4 + 6 + 24 + 12 + 12 + 4 + 2 + 2 + 8 + 8 + 4, pairs.size(), pairs::toString);
  }
}
