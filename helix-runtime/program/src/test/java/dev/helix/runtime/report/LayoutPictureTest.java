package dev.helix.runtime.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionShape;
import dev.helix.ffn.FfnShape;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.mesh.Layout;
import java.util.List;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

final class LayoutPictureTest {
  private static final AttentionShape ATTENTION = new AttentionShape(128, 24, 4, 32);
  private static final FfnShape FFN = new FfnShape(128, 384);

  @Test
  void twoByTwoRanksWithFortyTokens() {
    assertEquals(
        """
        attention: KVP 2 x TPA 2. KV heads: cached here; partial: query heads attended over this
        rank's tokens; own: query heads that are whole here after the all-to-all
                kvp  tpa  KV heads  partial   own       tokens of request 3: 40, dealt in runs of 16
        rank 0  0    0    0-1       0-11      0-5       |################................########|
        rank 1  1    0    0-1       0-11      6-11      |................################........|
        rank 2  0    1    2-3       12-23     12-17     |################................########|
        rank 3  1    1    2-3       12-23     18-23     |................################........|

        FFN: the same ranks as TPF 4 x EP 1
                tpf  ep   columns                       384 columns
        rank 0  0    0    0-95                          |################................................................|
        rank 1  1    0    96-191                        |................################................................|
        rank 2  2    0    192-287                       |................................################................|
        rank 3  3    0    288-383                       |................................................################|
        """,
        draw(Layout.dense(2, 2), PlacementRule.roundRobin(16), 40));
  }

  @Test
  void contiguousPartsLieBehindEachOther() {
    List<String> lines = draw(Layout.dense(3, 1), PlacementRule.contiguous(), 7).lines().toList();
    assertTrue(lines.get(2).endsWith("tokens of request 3: 7, contiguous"), lines.get(2));
    assertEquals(List.of("###....", "...###.", "......#"), strips(lines.subList(3, 6)));
  }

  @Test
  void theColumnsOfTheFfnAreConsecutive() {
    List<String> lines = draw(Layout.dense(4, 1), PlacementRule.roundRobin(16), 5).lines().toList();
    String own = "#".repeat(16);
    String other = ".".repeat(16);
    assertEquals(
        List.of(
            own + other + other + other,
            other + own + other + other,
            other + other + own + other,
            other + other + other + own),
        strips(lines.subList(10, 14)));
    assertTrue(lines.get(13).startsWith("rank 3  3    0    288-383 "), lines.get(13));
  }

  @Test
  void aPlaceThatIsCoarserThanTheTokensIsShared() {
    // 128 tokens in 64 places of 2: runs of 1 share every place, runs of 2 none.
    List<String> shared =
        draw(Layout.dense(2, 1), PlacementRule.roundRobin(1), 128).lines().toList();
    assertEquals(List.of("+".repeat(64), "+".repeat(64)), strips(shared.subList(3, 5)));
    List<String> apart =
        draw(Layout.dense(2, 1), PlacementRule.roundRobin(2), 128).lines().toList();
    assertEquals(List.of("#.".repeat(32), ".#".repeat(32)), strips(apart.subList(3, 5)));
  }

  @Test
  void aRequestWithoutTokensHasAnEmptyStrip() {
    List<String> lines = draw(Layout.dense(2, 1), PlacementRule.roundRobin(16), 0).lines().toList();
    assertEquals(List.of("", ""), strips(lines.subList(3, 5)));
  }

  /** Each place of a strip belongs to one rank of the KVP group, or is shared by several. */
  @Property(seed = "20250230", tries = 300)
  void inEveryPlaceThereIsOneOwnerOrSeveralSharers(
      @ForAll("layouts") Layout layout,
      @ForAll("rules") PlacementRule rule,
      @ForAll @IntRange(max = 300) int tokens) {
    List<String> lines = draw(layout, rule, tokens).lines().toList();
    List<String> attention = strips(lines.subList(3, 3 + layout.ranks()));
    List<String> ffn = strips(lines.subList(lines.size() - layout.ranks(), lines.size()));
    for (int rank = 0; rank < layout.ranks(); rank++) {
      List<String> group = layout.kvpGroup(rank).ranks().stream().map(attention::get).toList();
      assertOneOwnerOrSharers(group, Math.min(tokens, 64), tokens <= 64);
    }
    assertOneOwnerOrSharers(ffn, 64, false);
  }

  @Test
  void thePictureDoesNotDependOnTheLocale() {
    Locale before = Locale.getDefault();
    String expected = draw(Layout.dense(2, 2), PlacementRule.roundRobin(16), 40);
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertEquals(expected, draw(Layout.dense(2, 2), PlacementRule.roundRobin(16), 40));
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aLayoutThatDoesNotDivideTheModelIsNotDrawn() {
    assertThrows(
        InvalidInputException.class,
        () -> draw(Layout.dense(1, 3), PlacementRule.roundRobin(16), 40));
  }

  private static String draw(Layout layout, PlacementRule rule, int tokens) {
    return LayoutPicture.draw(ATTENTION, FFN, layout, rule, 3, tokens, Math.max(1, tokens));
  }

  private static List<String> strips(List<String> lines) {
    return lines.stream()
        .map(line -> line.substring(line.indexOf('|') + 1, line.lastIndexOf('|')))
        .toList();
  }

  private static void assertOneOwnerOrSharers(List<String> group, int width, boolean apart) {
    for (String strip : group) {
      assertEquals(width, strip.length());
    }
    for (int at = 0; at < width; at++) {
      int cell = at;
      long owners = group.stream().filter(strip -> strip.charAt(cell) == '#').count();
      long sharers = group.stream().filter(strip -> strip.charAt(cell) == '+').count();
      boolean owned = owners == 1 && sharers == 0;
      boolean shared = owners == 0 && sharers > 1;
      assertTrue(apart ? owned : owned || shared, () -> "place " + cell + " of " + group);
    }
  }

  /** What divides 4 KV heads, 24 query heads and 384 columns. */
  @Provide
  Arbitrary<Layout> layouts() {
    return Arbitraries.of(
        Layout.dense(1, 1),
        Layout.dense(1, 4),
        Layout.dense(2, 2),
        Layout.dense(3, 1),
        Layout.dense(3, 4),
        Layout.dense(6, 2),
        Layout.dense(8, 1),
        Layout.dense(24, 1));
  }

  @Provide
  Arbitrary<PlacementRule> rules() {
    return Arbitraries.of(
        PlacementRule.roundRobin(1),
        PlacementRule.roundRobin(3),
        PlacementRule.roundRobin(16),
        PlacementRule.contiguous());
  }
}
