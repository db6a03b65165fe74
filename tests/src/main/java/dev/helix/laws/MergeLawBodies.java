package dev.helix.laws;

import dev.helix.attention.merge.MaxSum;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/**
 * The laws, each once. A law compares an implementation's answers with each other; its bound is the
 * sum of the answers' own bounds, and of what rounding the inputs to the implementation's grid does
 * to the true values, which is known to 50 digits. Only PARTITION, BASES, COPIES, CONSTANT_VALUES
 * and ONE_RANK say what an answer is.
 */
final class MergeLawBodies {
  private static final int MOST_BRACKETED = 4;
  private static final int MOST_FOLDED = 6;
  private static final double[] POISON = {
    Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e38
  };

  private MergeLawBodies() {}

  static void check(Law law, Trial trial) {
    switch (law) {
      case ASSOCIATIVE -> associative(trial);
      case COMMUTATIVE -> commutative(trial);
      case EMPTY_IDENTITY -> emptyIdentity(trial);
      case OWNERSHIP -> ownership(trial);
      case FOLD_AND_TREE -> foldAndTree(trial);
      case PARTITION -> partition(trial);
      case TOKEN_PERMUTATION -> tokenPermutation(trial);
      case SHIFT -> shift(trial);
      case COPIES -> copies(trial);
      case CONSTANT_VALUES -> constantValues(trial);
      case LINEAR -> linear(trial);
      case HULL -> hull(trial);
      case WEIGHTS -> weights(trial);
      case LSE_RANGE -> lseRange(trial);
      case BASES -> bases(trial);
      case MAX_SUM -> maxSum(trial);
      case ONE_RANK -> oneRank(trial);
      case NAN_IS_REPORTED -> nanIsReported(trial);
      default -> throw new IllegalArgumentException(law + " is not a law of the merge");
    }
  }

  private static void associative(Trial t) {
    int n = Math.min(MOST_BRACKETED, t.stack().shards);
    Stack stack = t.stack().select(some(t.choices(), t.stack().shards, n));
    List<Supplier<Answer>> all = bracketings(t, stack, 0, n);
    Answer first = all.get(0).get();
    for (int i = 1; i < all.size(); i++) {
      same(
          t,
          "two bracketings of " + n + " shards differ",
          Law.ASSOCIATIVE,
          stack,
          n,
          first,
          all.get(i).get());
    }
  }

  /** The merges of [from, to) in every bracketing. */
  private static List<Supplier<Answer>> bracketings(Trial t, Stack stack, int from, int to) {
    List<Supplier<Answer>> results = new ArrayList<>();
    if (to - from == 1) {
      Stack one = stack.select(from);
      results.add(t.merge(one));
    }
    for (int split = from + 1; split < to; split++) {
      for (Supplier<Answer> left : bracketings(t, stack, from, split)) {
        for (Supplier<Answer> right : bracketings(t, stack, split, to)) {
          results.add(t.merge(Stack.join(List.of(left.get().asStack(), right.get().asStack()))));
        }
      }
    }
    return results;
  }

  private static void commutative(Trial t) {
    int n = t.stack().shards;
    int[] order = shuffled(t.choices(), n);
    Supplier<Answer> forward = t.merge(t.stack());
    Supplier<Answer> backward = t.merge(t.stack().select(reversed(n)));
    Supplier<Answer> mixed = t.merge(t.stack().select(order));
    same(
        t,
        "the shards in reverse give something else",
        Law.COMMUTATIVE,
        t.stack(),
        1,
        forward.get(),
        backward.get());
    same(
        t,
        "the shards in another order give something else",
        Law.COMMUTATIVE,
        t.stack(),
        1,
        forward.get(),
        mixed.get());
  }

  private static void emptyIdentity(Trial t) {
    SplittableRandom random = t.choices();
    Stack x = t.stack().select(random.nextInt(t.stack().shards));
    Stack none = x.emptyShard(POISON[random.nextInt(POISON.length)]);
    Supplier<Answer> right = t.merge(Stack.join(List.of(x, none)));
    Supplier<Answer> left = t.merge(Stack.join(List.of(none, x)));
    Supplier<Answer> many = t.merge(Stack.join(List.of(none, none, x, none)));
    Supplier<Answer> nothing = t.merge(Stack.join(List.of(none, none)));
    is(t, "x ⊕ ∅ is not x", x, 1, right.get());
    is(t, "∅ ⊕ x is not x", x, 1, left.get());
    is(t, "∅ ⊕ ∅ ⊕ x ⊕ ∅ is not x", x, 1, many.get());
    is(t, "∅ ⊕ ∅ is not ∅", none, 1, nothing.get());
  }

  private static void ownership(Trial t) {
    Stack stack = t.stack();
    double[] clean = stack.outputs();
    double[] poisoned = stack.outputs();
    SplittableRandom random = t.choices();
    for (int i = 0; i < clean.length; i++) {
      int at = i / stack.dim;
      if (!stack.living(at / stack.rows(), at % stack.rows())) {
        clean[i] = 0;
        poisoned[i] = POISON[random.nextInt(POISON.length)];
      }
    }
    Supplier<Answer> expected = t.merge(stack.withOutputs(clean));
    Supplier<Answer> got = t.merge(stack.withOutputs(poisoned));
    t.require(
        expected.get().sameBits(got.get()),
        () -> "NaN, infinity or 1e38 in place of 0 in a shard without tokens changed the result");
  }

  private static void foldAndTree(Trial t) {
    Stack stack = t.stack();
    int n = stack.shards;
    int step = (n + MOST_FOLDED - 1) / MOST_FOLDED;
    Supplier<Answer> all = t.merge(stack);
    List<Supplier<Answer>> blocks = new ArrayList<>();
    for (int from = 0; from < n; from += step) {
      blocks.add(t.merge(stack.select(range(from, Math.min(n, from + step)))));
    }
    Stack seed = stack.emptyShard(0);
    Supplier<Answer> fold = t.merge(Stack.join(List.of(seed, blocks.get(0).get().asStack())));
    for (Supplier<Answer> block : blocks.subList(1, blocks.size())) {
      fold = t.merge(Stack.join(List.of(fold.get().asStack(), block.get().asStack())));
    }
    List<Supplier<Answer>> level = blocks;
    while (level.size() > 1) {
      List<Supplier<Answer>> next = new ArrayList<>();
      for (int i = 0; i < level.size(); i += 2) {
        next.add(
            i + 1 == level.size()
                ? level.get(i)
                : t.merge(
                    Stack.join(
                        List.of(level.get(i).get().asStack(), level.get(i + 1).get().asStack()))));
      }
      level = next;
    }
    int depth = blocks.size() + 2;
    same(
        t,
        "the fold from ∅ is not the merge of n",
        Law.FOLD_AND_TREE,
        stack,
        depth,
        all.get(),
        fold.get());
    same(
        t,
        "the tree is not the merge of n",
        Law.FOLD_AND_TREE,
        stack,
        depth,
        all.get(),
        level.get(0).get());
  }

  /**
   * The case's shards are the tokens: each a shard of its own, then dealt to fewer shards, some of
   * which get none.
   */
  private static void partition(Trial t) {
    Stack dealt = dealt(t.stack(), t.choices());
    Supplier<Answer> finest = t.merge(t.stack());
    Supplier<Answer> got = t.merge(dealt);
    for (int row = 0; row < dealt.rows(); row++) {
      MergeReference whole = MergeReference.of(t.stack(), row);
      against(t, "a shard for each token gives something else", whole, whole, row, 1, finest.get());
      MergeReference parts = MergeReference.of(dealt, row);
      against(
          t, "the parts do not give the attention of all tokens", whole, parts, row, 1, got.get());
    }
  }

  private static void tokenPermutation(Trial t) {
    SplittableRandom random = t.choices();
    Stack one = dealt(t.stack(), random);
    Stack other = dealt(t.stack().select(shuffled(random, t.stack().shards)), random);
    Supplier<Answer> first = t.merge(one);
    Supplier<Answer> second = t.merge(other);
    for (int row = 0; row < one.rows(); row++) {
      related(
          t,
          "the same tokens dealt in another order give something else",
          MergeReference.of(one, row),
          MergeReference.of(other, row),
          row,
          first.get(),
          second.get(),
          BigDecimal.ZERO);
    }
  }

  private static void shift(Trial t) {
    Stack stack = t.stack();
    double[] shifts = {1, -3.5, 50, -1000, 1000, 20000};
    double c = shifts[t.choices().nextInt(shifts.length)];
    Stack moved = stack.withLses(Arrays.stream(stack.lses()).map(x -> x + c).toArray());
    Supplier<Answer> before = t.merge(stack);
    Supplier<Answer> after = t.merge(moved);
    for (int row = 0; row < stack.rows(); row++) {
      related(
          t,
          "after a shift of all LSEs by " + c,
          MergeReference.of(stack, row),
          MergeReference.of(moved, row),
          row,
          before.get(),
          after.get(),
          new BigDecimal(c));
    }
  }

  private static void copies(Trial t) {
    SplittableRandom random = t.choices();
    Stack x = t.stack().select(random.nextInt(t.stack().shards));
    int k = 2 + random.nextInt(6);
    Stack copies = x.select(new int[k]);
    Supplier<Answer> got = t.merge(copies);
    for (int row = 0; row < x.rows(); row++) {
      MergeReference bound = MergeReference.of(copies, row);
      for (int i = 0; i < x.dim && !bound.isEmpty(); i++) {
        t.output(
            k + " copies of x do not have x's output",
            row,
            i,
            x.output(0, row, i),
            got.get().output(row, i),
            bound.outputBound(i, 1));
      }
      empty(t, row, bound, got.get());
      if (!bound.isEmpty()) {
        t.lse(
            k + " copies of x do not have LSE + ln " + k,
            row,
            bound.lseInBase(),
            got.get().lse(row),
            bound.lseBound(1));
      }
    }
  }

  private static void constantValues(Trial t) {
    Stack stack = t.stack();
    SplittableRandom random = t.choices();
    double[] constants =
        random.doubles(stack.dim, -3, 3).map(t.convention().precision().output()::round).toArray();
    double[] outputs = stack.outputs();
    for (int i = 0; i < outputs.length; i++) {
      int at = i / stack.dim;
      outputs[i] =
          stack.living(at / stack.rows(), at % stack.rows())
              ? constants[i % stack.dim]
              : outputs[i];
    }
    Stack constant = stack.withOutputs(outputs);
    Supplier<Answer> got = t.merge(constant);
    for (int row = 0; row < stack.rows(); row++) {
      MergeReference bound = MergeReference.of(constant, row);
      empty(t, row, bound, got.get());
      for (int i = 0; i < stack.dim && !bound.isEmpty(); i++) {
        t.output(
            "all values are the same, the output is another",
            row,
            i,
            constants[i],
            got.get().output(row, i),
            bound.outputBound(i, 1));
      }
    }
  }

  private static void linear(Trial t) {
    Stack x = t.stack();
    SplittableRandom random = t.choices();
    double[] outputs = x.outputs();
    double[] others = new double[outputs.length];
    double[] sums = new double[outputs.length];
    for (int i = 0; i < outputs.length; i++) {
      int at = i / x.dim;
      boolean living = x.living(at / x.rows(), at % x.rows());
      others[i] =
          living
              ? t.convention().precision().output().round(random.nextDouble() * 4 - 2)
              : outputs[i];
      sums[i] = living ? 2 * outputs[i] - 0.5 * others[i] : outputs[i];
    }
    Stack y = x.withOutputs(others);
    Stack sum = x.withOutputs(sums);
    Supplier<Answer> ofX = t.merge(x);
    Supplier<Answer> ofY = t.merge(y);
    Supplier<Answer> ofSum = t.merge(sum);
    for (int row = 0; row < x.rows(); row++) {
      MergeReference rx = MergeReference.of(x, row);
      MergeReference ry = MergeReference.of(y, row);
      MergeReference rs = MergeReference.of(sum, row);
      for (int i = 0; i < x.dim && !rx.isEmpty(); i++) {
        BigDecimal rounded =
            rx.output(i)
                .multiply(BigDecimal.valueOf(2))
                .subtract(ry.output(i).multiply(new BigDecimal("0.5")))
                .subtract(rs.output(i));
        double bound =
            2 * rx.outputBound(i, 1)
                + 0.5 * ry.outputBound(i, 1)
                + rs.outputBound(i, 1)
                + rounded.abs().doubleValue();
        double expected = 2 * ofX.get().output(row, i) - 0.5 * ofY.get().output(row, i);
        t.output(
            "merge(2x − y/2) is not 2·merge(x) − merge(y)/2",
            row,
            i,
            expected,
            ofSum.get().output(row, i),
            bound + 4 * Math.ulp(expected));
      }
    }
  }

  private static void hull(Trial t) {
    Stack stack = t.stack();
    Supplier<Answer> got = t.merge(stack);
    for (int row = 0; row < stack.rows(); row++) {
      MergeReference bound = MergeReference.of(stack, row);
      for (int i = 0; i < stack.dim && !bound.isEmpty(); i++) {
        double least = Double.POSITIVE_INFINITY;
        double most = Double.NEGATIVE_INFINITY;
        for (int shard = 0; shard < stack.shards; shard++) {
          if (stack.living(shard, row)) {
            least = Math.min(least, stack.output(shard, row, i));
            most = Math.max(most, stack.output(shard, row, i));
          }
        }
        double output = got.get().output(row, i);
        double nearest = Double.isNaN(output) ? least : Math.max(least, Math.min(most, output));
        t.output(
            "the output is not between the least and the greatest part",
            row,
            i,
            nearest,
            output,
            bound.outputBound(i, 1));
      }
    }
  }

  /** Parts whose outputs are the unit vectors: the merged output is then the list of weights. */
  private static void weights(Trial t) {
    int n = Math.min(8, t.stack().shards);
    Stack some = t.stack().select(some(t.choices(), t.stack().shards, n));
    double[] unit = new double[n * some.rows() * n];
    for (int shard = 0; shard < n; shard++) {
      for (int row = 0; row < some.rows(); row++) {
        unit[(shard * some.rows() + row) * n + shard] = 1;
      }
    }
    Stack asked =
        Stack.of(t.convention(), new int[] {n, some.tokens, some.heads, n}, unit, some.lses());
    Supplier<Answer> got = t.merge(asked);
    for (int row = 0; row < some.rows(); row++) {
      MergeReference bound = MergeReference.of(asked, row);
      if (bound.isEmpty()) {
        continue;
      }
      double sum = 0;
      double sumBound = 0;
      for (int i = 0; i < n; i++) {
        double weight = got.get().output(row, i);
        int shard = i;
        t.require(weight >= 0, () -> "the weight of shard %d is %s".formatted(shard, weight));
        sum += weight;
        sumBound += bound.outputBound(i, 1);
      }
      t.output("the weights do not sum to 1", row, 0, 1, sum, sumBound + n * Math.ulp(1.0));
    }
  }

  private static void lseRange(Trial t) {
    Stack stack = t.stack();
    Supplier<Answer> got = t.merge(stack);
    for (int row = 0; row < stack.rows(); row++) {
      MergeReference bound = MergeReference.of(stack, row);
      if (bound.isEmpty()) {
        continue;
      }
      double greatest = Double.NEGATIVE_INFINITY;
      for (int shard = 0; shard < stack.shards; shard++) {
        greatest = Math.max(greatest, stack.lse(shard, row));
      }
      double most = greatest + t.convention().base().fromNatural(Math.log(bound.living()));
      double lse = got.get().lse(row);
      double nearest = Double.isNaN(lse) ? greatest : Math.max(greatest, Math.min(most, lse));
      t.lse(
          "the merged LSE is not in [max, max + log n]",
          row,
          nearest,
          lse,
          bound.lseBound(1) + Math.ulp(most));
    }
  }

  /** Parts of l tokens that all score m: the weights are known without any exponential. */
  private static void bases(Trial t) {
    Stack stack = t.stack();
    SplittableRandom random = t.choices();
    int n = Math.min(8, stack.shards);
    double m = new double[] {0, 1, -20, 60}[random.nextInt(4)];
    int[] counts = new int[n];
    double[] lses = new double[n];
    double[] outputs = random.doubles(n, -2, 2).toArray();
    for (int i = 0; i < n; i++) {
      counts[i] = 1 + random.nextInt(random.nextBoolean() ? 4 : 5000);
      lses[i] =
          t.convention().base().fromNatural(m)
              + t.convention().base().fromNatural(Math.log(counts[i]));
    }
    Stack asked = Stack.of(t.convention(), new int[] {n, 1, 1, 1}, outputs, lses);
    MergeReference rounded = MergeReference.of(asked, 0);
    BigDecimal total = BigDecimal.valueOf(Arrays.stream(counts).sum());
    BigDecimal mean = BigDecimal.ZERO;
    for (int i = 0; i < n; i++) {
      mean =
          mean.add(new BigDecimal(asked.output(i, 0, 0)).multiply(BigDecimal.valueOf(counts[i])));
    }
    mean = mean.divide(total, MergeReference.DIGITS);
    BigDecimal lse = new BigDecimal(m).add(FiftyDigits.log(total));
    Answer got = t.merge(asked).get();
    String claim = "%s tokens of score %s on %d shards".formatted(Arrays.toString(counts), m, n);
    double input = mean.subtract(rounded.output(0)).abs().doubleValue();
    t.output(claim, 0, 0, mean.doubleValue(), got.output(0, 0), rounded.outputBound(0, 1) + input);
    double inputLse = rounded.inBase(lse.subtract(rounded.lse())).abs().doubleValue();
    double expected = rounded.inBase(lse).doubleValue();
    t.lse(claim, 0, expected, got.lse(0), rounded.lseBound(1) + inputLse + Math.ulp(expected));
  }

  private static void maxSum(Trial t) {
    Stack stack = t.stack();
    SplittableRandom random = t.choices();
    double[] moved = t.given().lses().clone();
    for (int i = 0; i < moved.length; i++) {
      if (moved[i] != Double.NEGATIVE_INFINITY) {
        double reference = moved[i] - random.nextDouble(-30, 30);
        MaxSum pair = new MaxSum(moved[i], 1).at(reference);
        moved[i] = pair.lse(t.convention().base());
      }
    }
    Stack other = stack.withLses(moved);
    Supplier<Answer> one = t.merge(stack);
    Supplier<Answer> two = t.merge(other);
    for (int row = 0; row < stack.rows(); row++) {
      related(
          t,
          "the same weights, from (max, sum) pairs at other references, give something else",
          MergeReference.of(stack, row),
          MergeReference.of(other, row),
          row,
          one.get(),
          two.get(),
          BigDecimal.ZERO);
    }
  }

  private static void oneRank(Trial t) {
    Stack x = t.stack().select(t.choices().nextInt(t.stack().shards));
    Answer got = t.merge(x).get();
    for (int row = 0; row < x.rows(); row++) {
      MergeReference reference = MergeReference.of(x, row);
      empty(t, row, reference, got);
      if (!reference.isEmpty()) {
        for (int i = 0; i < x.dim; i++) {
          t.output(
              "the merge of one shard is not that shard",
              row,
              i,
              x.output(0, row, i),
              got.output(row, i),
              0);
        }
        t.lse("the merge of one shard is not that shard", row, x.lse(0, row), got.lse(row), 0);
      }
    }
  }

  private static void nanIsReported(Trial t) {
    Stack stack = t.stack();
    SplittableRandom random = t.choices();
    int[] living =
        IntStream.range(0, stack.shards * stack.rows())
            .filter(at -> hasNormalWeight(stack, at / stack.rows(), at % stack.rows()))
            .toArray();
    if (living.length == 0) {
      return;
    }
    int at = living[random.nextInt(living.length)];
    int component = random.nextInt(stack.dim);
    double[] outputs = stack.outputs();
    outputs[at * stack.dim + component] = Double.NaN;
    double got;
    try {
      got = t.merge(stack.withOutputs(outputs)).get().output(at % stack.rows(), component);
    } catch (LawViolation.Refusal refusal) {
      // To refuse NaN is to report it.
      return;
    }
    t.require(
        Double.isNaN(got),
        () ->
            "NaN in component %d of shard %d, which has tokens, came out as %s"
                .formatted(component, at / stack.rows(), got));
  }

  /** Whether exp(LSEᵢ − LSE) is a normal number of both formats, with a rounding to spare. */
  private static boolean hasNormalWeight(Stack stack, int shard, int row) {
    if (!stack.living(shard, row)) {
      return false;
    }
    Precision precision = stack.convention.precision();
    double gap = stack.lse(shard, row) - MergeReference.lseOf(stack, row);
    double least =
        Math.max(Precision.normal(precision.output()), Precision.normal(precision.lse()));
    return Math.exp(stack.convention.base().toNatural(gap)) >= 2 * least;
  }

  /** The tokens dealt at random to shards, each shard's state in 50 digits, rounded to the grid. */
  private static Stack dealt(Stack tokens, SplittableRandom random) {
    int parts = 1 + random.nextInt(Math.min(8, tokens.shards + 2));
    int[] owners = random.ints(tokens.shards, 0, parts).toArray();
    double[] outputs = new double[parts * tokens.rows() * tokens.dim];
    double[] lses = new double[parts * tokens.rows()];
    for (int part = 0; part < parts; part++) {
      int owner = part;
      int[] own = IntStream.range(0, tokens.shards).filter(s -> owners[s] == owner).toArray();
      Stack share = tokens.select(own);
      for (int row = 0; row < tokens.rows(); row++) {
        MergeReference state = MergeReference.of(share, row);
        int at = part * tokens.rows() + row;
        lses[at] = state.lseInBase();
        for (int i = 0; i < tokens.dim; i++) {
          outputs[at * tokens.dim + i] =
              state.isEmpty() ? Double.NaN : state.output(i).doubleValue();
        }
      }
    }
    return Stack.of(
        tokens.convention,
        new int[] {parts, tokens.tokens, tokens.heads, tokens.dim},
        outputs,
        lses);
  }

  /** Two answers to the same question, the second after up to {@code depth} merges. */
  private static void same(
      Trial t, String claim, Law law, Stack stack, int depth, Answer one, Answer two) {
    if (t.convention().inBits().contains(law)) {
      t.require(one.sameBits(two), () -> claim + " in some bits");
    }
    for (int row = 0; row < stack.rows(); row++) {
      MergeReference reference = MergeReference.of(stack, row);
      empty(t, row, reference, one);
      empty(t, row, reference, two);
      if (!reference.isEmpty()) {
        for (int i = 0; i < stack.dim; i++) {
          t.output(
              claim,
              row,
              i,
              one.output(row, i),
              two.output(row, i),
              reference.outputBound(i, 1) + reference.outputBound(i, depth));
        }
        t.lse(
            claim,
            row,
            one.lse(row),
            two.lse(row),
            reference.lseBound(1) + reference.lseBound(depth));
      }
    }
  }

  /** The answer is what a stack of one shard is. */
  private static void is(Trial t, String claim, Stack x, int depth, Answer got) {
    for (int row = 0; row < x.rows(); row++) {
      MergeReference reference = MergeReference.of(x, row);
      empty(t, row, reference, got);
      if (!reference.isEmpty()) {
        for (int i = 0; i < x.dim; i++) {
          t.output(
              claim,
              row,
              i,
              x.output(0, row, i),
              got.output(row, i),
              reference.outputBound(i, depth));
        }
        t.lse(claim, row, x.lse(0, row), got.lse(row), reference.lseBound(depth));
      }
    }
  }

  /** The answer is the true value of {@code whole}, asked in the rounded form of {@code parts}. */
  private static void against(
      Trial t,
      String claim,
      MergeReference whole,
      MergeReference parts,
      int row,
      int depth,
      Answer got) {
    empty(t, row, whole, got);
    if (whole.isEmpty()) {
      return;
    }
    for (int i = 0; i < t.stack().dim; i++) {
      double input = whole.output(i).subtract(parts.output(i)).abs().doubleValue();
      double expected = whole.output(i).doubleValue();
      t.output(
          claim,
          row,
          i,
          expected,
          got.output(row, i),
          parts.outputBound(i, depth) + input + Math.ulp(expected));
    }
    double input = whole.inBase(whole.lse().subtract(parts.lse())).abs().doubleValue();
    t.lse(
        claim,
        row,
        whole.lseInBase(),
        got.lse(row),
        parts.lseBound(depth) + input + Math.ulp(whole.lseInBase()));
  }

  /** The second answer is the first, its log-sum-exp moved by {@code shift} in the given base. */
  private static void related(
      Trial t,
      String claim,
      MergeReference one,
      MergeReference two,
      int row,
      Answer first,
      Answer second,
      BigDecimal shift) {
    empty(t, row, one, first);
    empty(t, row, two, second);
    if (one.isEmpty()) {
      return;
    }
    for (int i = 0; i < t.stack().dim; i++) {
      double input = one.output(i).subtract(two.output(i)).abs().doubleValue();
      t.output(
          claim,
          row,
          i,
          first.output(row, i),
          second.output(row, i),
          one.outputBound(i, 1) + two.outputBound(i, 1) + input);
    }
    double input = one.inBase(two.lse().subtract(one.lse())).subtract(shift).abs().doubleValue();
    double expected = first.lse(row) + shift.doubleValue();
    t.lse(
        claim,
        row,
        expected,
        second.lse(row),
        one.lseBound(1) + two.lseBound(1) + input + 2 * Math.ulp(expected));
  }

  /** No tokens: the output is 0 and the log-sum-exp is the declared mark. */
  private static void empty(Trial t, int row, MergeReference reference, Answer got) {
    if (!reference.isEmpty()) {
      return;
    }
    for (int i = 0; i < t.stack().dim; i++) {
      t.output("a row without tokens is not 0", row, i, 0, got.output(row, i), 0);
    }
    t.lse(
        "a row without tokens is not marked as empty",
        row,
        Double.NEGATIVE_INFINITY,
        got.lse(row),
        0);
  }

  private static int[] some(SplittableRandom random, int of, int count) {
    return Arrays.copyOf(shuffled(random, of), count);
  }

  private static int[] shuffled(SplittableRandom random, int count) {
    int[] order = range(0, count);
    for (int i = count - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int kept = order[i];
      order[i] = order[j];
      order[j] = kept;
    }
    return order;
  }

  private static int[] reversed(int count) {
    return IntStream.range(0, count).map(i -> count - 1 - i).toArray();
  }

  private static int[] range(int from, int to) {
    return IntStream.range(from, to).toArray();
  }
}
