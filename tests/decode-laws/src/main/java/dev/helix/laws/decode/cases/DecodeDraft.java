package dev.helix.laws.decode.cases;

import dev.helix.attention.AttentionShape;
import dev.helix.attention.LatentShape;
import dev.helix.attention.QueryToken;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.rotary.RotaryPairing;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** A case while it is drawn. It is random where a {@link DecodeHardCase} sets nothing else. */
final class DecodeDraft {
  private static final int HIDDEN = 6;

  /** Wider than any head, as latents are. */
  private static final int LATENT = 6;

  private static final int[][] SHAPES = {
    {8, 2, 4}, {4, 4, 2}, {12, 1, 2}, {8, 4, 2}, {12, 6, 2}, {24, 8, 2}
  };
  private static final int[][] LAYOUTS = {
    {2, 1}, {4, 1}, {2, 2}, {1, 1}, {4, 2}, {3, 1}, {3, 2}, {8, 1}
  };

  /** Tokens at the end of a request that come one by one. */
  private static final int DECODED = 3;

  final SplittableRandom random;
  AttentionShape shape;
  Optional<LatentShape> latent = Optional.empty();
  int kvp;
  int tpa;
  int ep;
  int runLength;

  /** Number of shards by which the ranks are turned, as in {@code TokenDeal#turn()}. */
  int turn;

  List<Integer> lengths = new ArrayList<>();
  Rules rules;
  double scoreFactor = 1;
  boolean hopB;

  /** The length of the window in positions; drawn if it is empty. */
  OptionalInt window = OptionalInt.empty();

  /** The largest ALiBi slope that is drawn. */
  double steepest = 0.5;

  /**
   * The divisor of each request's length that gives the number of tokens for which its cache is
   * opened.
   */
  int pagesFor;

  /**
   * The number of tokens for which each request's cache is opened; if empty, a part of the
   * request's own length.
   */
  OptionalInt capacity = OptionalInt.empty();

  /** Number of last tokens that come in one step; 0 if they come one by one. */
  int speculated;

  /** Whether the last step has tokens of all requests. */
  boolean endsTogether;

  /** Says which rules scores have besides scaled products. */
  record Rules(boolean softCap, boolean window, boolean sinks, boolean alibi) {
    static final Rules PLAIN = new Rules(false, false, false, false);
  }

  DecodeDraft(SplittableRandom random) {
    this.random = random;
    do {
      heads(SHAPES[random.nextInt(SHAPES.length)]);
      layout(LAYOUTS[random.nextInt(LAYOUTS.length)]);
    } while (shape.kvHeads() % tpa != 0 || shape.queryHeads() % (kvp * tpa) != 0);
    runLength = new int[] {1, 2, 3, 16}[random.nextInt(4)];
    int round = Math.min(33, kvp * runLength);
    int requests = 1 + random.nextInt(2);
    for (int request = 0; request < requests; request++) {
      int around = round * (1 + random.nextInt(round < 8 ? 2 : 1));
      lengths.add(Math.max(4, around + random.nextInt(-1, 3) + (request == 0 ? 0 : 1)));
    }
    boolean plain = random.nextBoolean();
    rules =
        plain
            ? Rules.PLAIN
            : new Rules(
                random.nextBoolean(),
                random.nextInt(3) == 0,
                random.nextBoolean(),
                random.nextInt(3) == 0);
    hopB = random.nextInt(3) == 0;
    pagesFor = new int[] {1, 1, 3, Integer.MAX_VALUE}[random.nextInt(4)];
    speculated = random.nextInt(3) == 0 ? 2 + random.nextInt(3) : 0;
  }

  /** Sets the number of query heads, the number of KV heads, and the head size. */
  DecodeDraft heads(int... sizes) {
    shape = new AttentionShape(HIDDEN, sizes[0], sizes[1], sizes[2]);
    return this;
  }

  /** Sets KVP and TPA. EP is drawn from the divisors of their product. */
  DecodeDraft layout(int... widths) {
    kvp = widths[0];
    tpa = widths[1];
    int ranks = kvp * tpa;
    int[] divisors = IntStream.rangeClosed(1, ranks).filter(i -> ranks % i == 0).toArray();
    ep = divisors[random.nextInt(divisors.length)];
    return this;
  }

  /**
   * Makes the attention latent, with the same number of heads and of ranks. All ranks split the
   * sequence.
   */
  DecodeDraft latent() {
    layout(kvp * tpa, 1);
    rules = Rules.PLAIN;
    LatentShape sizes =
        new LatentShape(
            HIDDEN,
            shape.queryHeads(),
            random.nextBoolean() ? OptionalInt.of(4) : OptionalInt.empty(),
            LATENT,
            3,
            2,
            5,
            random.nextBoolean() ? RotaryPairing.INTERLEAVED : RotaryPairing.HALF_SPLIT);
    latent = Optional.of(sizes);
    shape = sizes.absorbed();
    return this;
  }

  DecodeDraft requests(Integer... tokens) {
    lengths = List.of(tokens);
    return this;
  }

  DecodeCase build(Set<DecodeHardCase> hard) {
    return new DecodeCase(
        shape,
        latent,
        new Layout(kvp, tpa, kvp * tpa / ep, ep),
        new TokenDeal(runLength, turn),
        rule(),
        lengths.stream().map(length -> capacity.orElse(Math.max(1, length / pagesFor))).toList(),
        schedule(),
        hopB,
        hard,
        random.nextLong() >>> 1);
  }

  private ScoreRule rule() {
    if (latent.isPresent()) {
      return ScoreRule.ofScale(latent.get().scoreScale(DecodeCase.ROPE));
    }
    int heads = shape.queryHeads();
    ScoreRule rule = ScoreRule.ofScale(shape.scoreScale() * scoreFactor);
    rule = rules.softCap ? rule.withSoftCap(1 + random.nextInt(4)) : rule;
    rule = rules.window ? rule.withWindow(window.orElseGet(() -> 1 + random.nextInt(12))) : rule;
    rule = rules.sinks ? rule.withSinks(random.doubles(heads, -3, 3).boxed().toList()) : rule;
    return rules.alibi ? rule.withAlibi(random.doubles(heads, 0, steepest).boxed().toList()) : rule;
  }

  /** Chunks of random sizes, and then the last tokens of each request one by one, or at once. */
  private List<List<QueryToken>> schedule() {
    List<List<QueryToken>> steps = new ArrayList<>();
    int[] done = new int[lengths.size()];
    int left = lengths.stream().mapToInt(Integer::intValue).sum();
    while (left > 0) {
      List<QueryToken> step = new ArrayList<>();
      for (int request = 0; request < done.length; request++) {
        int open = lengths.get(request) - done[request];
        int chunk = chunk(open);
        if (endsTogether && chunk == open && !isLastStep(done)) {
          chunk = 0;
        }
        for (int i = 0; i < chunk; i++) {
          step.add(new QueryToken(request, done[request]++));
        }
      }
      if (!step.isEmpty()) {
        steps.add(step);
        left -= step.size();
      }
    }
    return steps;
  }

  /** Whether no request has more tokens left than a last step brings. */
  private boolean isLastStep(int... done) {
    return IntStream.range(0, done.length)
        .allMatch(request -> lengths.get(request) - done[request] <= Math.max(1, speculated));
  }

  private int chunk(int left) {
    int end = Math.max(DECODED, speculated);
    if (left > end) {
      // In one step of eight the request waits.
      return random.nextInt(8) == 0 ? 0 : Math.min(left - end, 1 + random.nextInt(left));
    }
    return left <= speculated ? left : Math.min(1, left);
  }
}
