package dev.helix.runtime.timing.validation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The loads of experts under which the public tables measured kernels of DeepSeek-R1's 256 experts,
 * 8 of them for each token. The collector of ai-dynamo/aiconfigurator, {@code collector/helper.py},
 * states them:
 *
 * <ul>
 *   <li>{@code balanced}: token t asks for the experts t + 32·j, for j from 0 to 7; fewer than 32
 *       tokens are spread over the 32.
 *   <li>{@code power_law_1.01}: the number of tokens of each expert is drawn with density x^−1.01
 *       between 1 and 0.8·T, or between 0.01 and 2 if there are no more assignments than experts,
 *       and is scaled and rounded to 8·T assignments; what is then missing goes to the experts with
 *       the most. The rank with the most assignments is measured.
 * </ul>
 *
 * <p>The router that the kernel runs then applies R1's own rule: it keeps the 4 of 8 groups whose
 * two best experts add up to most. An expert that was asked for and is in no kept group is replaced
 * by the first experts of the kept ones, because all that nobody asked for are equally good. So a
 * balanced load leaves 128 experts active and gives the first ones nearly all tokens.
 */
final class MeasuredRouting {
  static final int EXPERTS = 256;
  static final int TOP_K = 8;

  private static final int GROUPS = 8;
  private static final int KEPT_GROUPS = 4;
  private static final int GROUP = EXPERTS / GROUPS;
  private static final double EXPONENT = 1.01;
  private static final int DRAWS = 8;

  private MeasuredRouting() {}

  /**
   * Numbers of rows of each of the measured rank's experts, one list for each draw.
   *
   * @param ranks number of ranks over which the experts are split
   */
  static List<int[]> loads(boolean balanced, int tokens, int ranks) {
    Random random = new Random(1);
    return IntStream.range(0, balanced ? 1 : DRAWS)
        .mapToObj(draw -> balanced ? balanced(tokens) : powerLaw(tokens, ranks, random))
        .map(asked -> firstRank(asked, ranks))
        .toList();
  }

  private static int[] firstRank(List<List<Integer>> asked, int ranks) {
    int[] counts = new int[EXPERTS];
    asked.forEach(experts -> routed(experts).forEach(expert -> counts[expert]++));
    return Arrays.copyOf(counts, EXPERTS / ranks);
  }

  /** The experts of one token after R1's rule, from those that the token asks for. */
  private static List<Integer> routed(List<Integer> asked) {
    int[] best = new int[GROUPS];
    asked.forEach(expert -> best[expert / GROUP] = Math.min(2, best[expert / GROUP] + 1));
    Set<Integer> kept =
        IntStream.range(0, GROUPS)
            .boxed()
            .sorted(Comparator.comparingInt(group -> -best[group]))
            .limit(KEPT_GROUPS)
            .collect(Collectors.toSet());
    Set<Integer> routed = new LinkedHashSet<>(asked);
    routed.removeIf(expert -> !kept.contains(expert / GROUP));
    for (int expert = 0; routed.size() < TOP_K; expert++) {
      if (kept.contains(expert / GROUP)) {
        routed.add(expert);
      }
    }
    return List.copyOf(routed);
  }

  private static List<List<Integer>> balanced(int tokens) {
    int stride = EXPERTS / TOP_K;
    List<List<Integer>> asked = new ArrayList<>();
    for (int token = 0; token < tokens; token++) {
      int first = tokens >= stride ? token : token * stride / tokens;
      asked.add(IntStream.range(0, TOP_K).mapToObj(j -> (first + j * stride) % EXPERTS).toList());
    }
    return asked;
  }

  private static List<List<Integer>> powerLaw(int tokens, int ranks, Random random) {
    int[] counts = drawn(tokens, random);
    busiestFirst(counts, EXPERTS / ranks);
    List<Integer> assignments = new ArrayList<>();
    for (int expert : byLoad(counts)) {
      assignments.addAll(Collections.nCopies(counts[expert], expert));
    }
    // The assignments of an expert go to successive tokens, so that none gets it twice.
    return IntStream.range(0, tokens)
        .mapToObj(
            token ->
                IntStream.range(0, TOP_K)
                    .mapToObj(j -> assignments.get(j * tokens + token))
                    .toList())
        .toList();
  }

  private static int[] drawn(int tokens, Random random) {
    int wanted = tokens * TOP_K;
    double least = wanted > EXPERTS ? 1 : 0.01;
    double most = wanted > EXPERTS ? 0.8 * tokens : 2;
    double inverse = 1 - EXPONENT;
    double low = Math.pow(least, inverse);
    double high = Math.pow(most, inverse);
    double[] shares =
        random.doubles(EXPERTS).map(u -> Math.pow((high - low) * u + low, 1 / inverse)).toArray();
    double sum = Arrays.stream(shares).sum();
    int[] counts =
        Arrays.stream(shares)
            .mapToInt(share -> (int) Math.min(tokens, Math.rint(share / sum * wanted)))
            .toArray();
    correct(counts, wanted, tokens);
    return counts;
  }

  /**
   * Adds what is missing to the experts with the most, and takes what is too much from the least.
   */
  private static void correct(int[] counts, int wanted, int most) {
    int missing = wanted - Arrays.stream(counts).sum();
    int[] order = byLoad(counts);
    for (int i = 0; missing != 0; i++) {
      int place = i % EXPERTS;
      if (missing > 0 && counts[order[place]] < most) {
        counts[order[place]]++;
        missing--;
      } else if (missing < 0 && counts[order[EXPERTS - 1 - place]] > 0) {
        counts[order[EXPERTS - 1 - place]]--;
        missing++;
      }
    }
  }

  private static int[] byLoad(int[] counts) {
    return IntStream.range(0, EXPERTS)
        .boxed()
        .sorted(Comparator.comparingInt(expert -> -counts[expert]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /** Exchanges the experts of the busiest rank with those of the first one. */
  private static void busiestFirst(int[] counts, int local) {
    int busiest =
        IntStream.range(0, EXPERTS / local)
            .boxed()
            .max(
                Comparator.comparingInt(
                    rank -> Arrays.stream(counts, rank * local, (rank + 1) * local).sum()))
            .orElseThrow();
    for (int i = 0; i < local; i++) {
      int first = counts[i];
      counts[i] = counts[busiest * local + i];
      counts[busiest * local + i] = first;
    }
  }
}
