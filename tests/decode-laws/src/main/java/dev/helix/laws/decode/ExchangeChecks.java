package dev.helix.laws.decode;

import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.ScoreRule;
import dev.helix.laws.decode.DecodeRanks.Seat;
import dev.helix.tensor.Axis;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Group;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.compare.Rounding;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The laws of the exchanges between the ranks of a case. */
final class ExchangeChecks<T extends Tensor> {
  private static final int ROWS = 3;
  private static final int BLOCK = 2;
  private static final int DIM = 2;

  private static final long SIGN_AND_FRACTION = 0x800F_FFFF_FFFF_FFFFL;

  /**
   * The bits that every quiet NaN has. Only quiet ones are sent, since a signalling NaN may become
   * quiet wherever it is loaded.
   */
  private static final long QUIET_NAN = 0x7FF8_0000_0000_0000L;

  /** Tokens that a rank has at most. */
  private static final int TOKENS = 3;

  private final DecodeRanks<T> ranks;
  private final Demands demands;
  private final Group all;
  private final int heads;

  ExchangeChecks(DecodeRanks<T> ranks, Demands demands) {
    this.ranks = ranks;
    this.demands = demands;
    this.all = ranks.given.layout().all();
    this.heads = BLOCK * all.size();
  }

  /**
   * Checks an all-to-all bit for bit: block i of sender r arrives on rank i as block r, and a
   * second all-to-all brings it back.
   */
  void allToAll() {
    List<List<double[]>> exchanged = ranks.run(this::exchanged);
    for (int rank = 0; rank < all.size(); rank++) {
      demands.requireSize("the tensors exchanged once and twice", 4, exchanged.get(rank).size());
      for (int tensor = 0; tensor < 2; tensor++) {
        int width = tensor == 0 ? DIM : 1;
        double[] once = exchanged.get(rank).get(tensor);
        double[] twice = exchanged.get(rank).get(2 + tensor);
        demands.requireSize("what all-to-all delivers", ROWS * heads * width, once.length);
        demands.requireSize("what two of them deliver", ROWS * heads * width, twice.length);
        for (int i = 0; i < once.length; i++) {
          int shard = i / (ROWS * BLOCK * width);
          int at = i;
          int own = rank;
          double sent = number(shard, tensor, i, rank, width);
          demands.same(
              sameBits(once[i], sent),
              new double[] {sent},
              new double[] {once[i]},
              () ->
                  "on rank %d, element %d of shard %d has not the bits of the sender's block %d"
                      .formatted(own, at, shard, own));
          demands.require(
              sameBits(twice[i], number(rank, tensor, i, shard, width)),
              () ->
                  "on rank %d, element %d does not come back when blocks are exchanged twice"
                      .formatted(own, at));
        }
      }
    }
  }

  private static boolean sameBits(double one, double other) {
    return Double.doubleToRawLongBits(one) == Double.doubleToRawLongBits(other);
  }

  private List<double[]> exchanged(Seat<T> seat) {
    List<T> sent =
        List.of(
            seat.constant("outputs", numbers(seat.rank(), 0, ROWS * heads * DIM), outputDims()),
            seat.constant("lses", numbers(seat.rank(), 1, ROWS * heads), lseDims()));
    List<T> once = seat.collectives().allToAll(Phase.ALL_TO_ALL, all, Axis.HEADS, sent);
    List<double[]> results = new ArrayList<>();
    once.forEach(tensor -> results.add(seat.numbers(tensor)));
    seat.collectives()
        .allToAll(Phase.ALL_TO_ALL, all, Axis.SHARDS, once)
        .forEach(tensor -> results.add(seat.numbers(tensor)));
    return results;
  }

  /** The numbers of a tensor {@code [batch, heads, ..]} that a rank sends. */
  private double[] numbers(int rank, int tensor, int count) {
    double[] numbers = new double[count];
    Arrays.setAll(numbers, i -> number(rank, tensor, i));
    return numbers;
  }

  /**
   * Draws a number that may have any bits of a double, also zeros of both signs, subnormals,
   * infinities and NaN, which an exchange must leave as they are.
   */
  private double number(int rank, int tensor, int i) {
    long place = ((rank * 2L + tensor) << 32) + i;
    long bits = new SplittableRandom(ranks.given.seed() ^ place).nextLong();
    // The exact reading has no bits for what is not finite.
    boolean finite = ranks.subject.inBits();
    return switch ((rank + tensor + i) % 9) {
      case 0 -> 0.0;
      case 1 -> -0.0;
      case 2 -> Double.longBitsToDouble((bits & SIGN_AND_FRACTION) | 1);
      case 3 -> finite ? normal(bits) : Double.POSITIVE_INFINITY;
      case 4 -> finite ? normal(bits) : Double.NEGATIVE_INFINITY;
      case 5 -> finite ? normal(bits) : Double.longBitsToDouble(bits | QUIET_NAN);
      default -> normal(bits);
    };
  }

  private static double normal(long bits) {
    long exponent = 1 + ((bits >>> 52) & 0x7FF) % 0x7FE;
    return Double.longBitsToDouble((bits & SIGN_AND_FRACTION) | (exponent << 52));
  }

  /**
   * The number that index i of a stack of blocks should have, where the blocks are this sender's.
   */
  private double number(int sender, int tensor, int i, int block, int width) {
    int within = i % (ROWS * BLOCK * width);
    int row = within / (BLOCK * width);
    int at = (row * all.size() + block) * BLOCK * width + within % (BLOCK * width);
    return number(sender, tensor, at);
  }

  /**
   * Computes the attention of a rank's heads in three ways, from states of a few tokens or of none:
   * by all-to-all and merge; by all-gather, merge and slice; and by rescaling and all-reduce. The
   * first two merge the same states in the same order, so that their bits are equal. The third adds
   * weights exp(LSEᵢ − M) and weighted outputs in the collective.
   *
   * <p>The bound of the third way: both ways start from the same LSEᵢ, M and differences. The
   * exponential errs by one ulp, the product by u, sums over n ranks by γ_n, and the quotient by u.
   * So each way errs by at most γ_{2n+8}·Σwᵢ|Oᵢ|/Σwᵢ.
   */
  void threeWays() {
    List<Ways> ways = ranks.run(this::ways);
    double rounding = 2 * Rounding.gamma(2L * all.size() + 8) * Rounding.SLACK;
    for (int rank = 0; rank < all.size(); rank++) {
      Ways own = ways.get(rank);
      demands.requireSize("all-to-all + merge", ROWS * BLOCK * DIM, own.exchanged.length);
      for (int i = 0; i < own.exchanged.length; i++) {
        int of = rank;
        int at = i;
        Supplier<String> where = () -> "rank %d, element %d".formatted(of, at);
        double exchanged = own.exchanged[i];
        double gathered = own.gathered[i];
        demands.require(
            sameBits(exchanged, gathered),
            () ->
                "all-to-all + merge and all-gather + merge + slice differ: %s: %s and %s"
                    .formatted(where.get(), exchanged, gathered));
        double bound = rounding * own.magnitudes[i] + (all.size() + 2) * Double.MIN_VALUE;
        demands.within(
            "all-to-all + merge differs from rescale + all-reduce",
            where,
            own.reduced[i],
            exchanged,
            ranks.subject.inBits() ? 0 : bound);
      }
    }
  }

  /** A rank's own heads, {@code [batch, heads=BLOCK, headDim]}. */
  private static final class Ways {
    final double[] exchanged;
    final double[] gathered;
    final double[] reduced;

    /** Σwᵢ|Oᵢ|/Σwᵢ. */
    final double[] magnitudes;

    Ways(double[] exchanged, double[] gathered, double[] reduced, double[] magnitudes) {
      this.exchanged = exchanged;
      this.gathered = gathered;
      this.reduced = reduced;
      this.magnitudes = magnitudes;
    }
  }

  private Ways ways(Seat<T> seat) {
    List<T> state = state(seat);
    double[] exchanged =
        merged(seat, seat.collectives().allToAll(Phase.ALL_TO_ALL, all, Axis.HEADS, state));
    List<T> stacks =
        stackOfOne(seat, state).stream()
            .map(tensor -> seat.collectives().allGather(Phase.COMBINE, all, Axis.SHARDS, tensor))
            .toList();
    double[] gathered = own(seat, merged(seat, stacks));
    if (ranks.subject.inBits()) {
      // Exact states stand at absolute exponents: there is nothing to rescale.
      List<T> sums =
          state.stream()
              .map(tensor -> seat.collectives().partialAllReduce(Phase.COMBINE, all, tensor))
              .toList();
      double[] reduced = own(seat, merged(seat, stackOfOne(seat, sums)));
      return new Ways(exchanged, gathered, reduced, new double[reduced.length]);
    }
    double[] outputs = seat.numbers(state.get(0));
    double[] lses = seat.numbers(state.get(1));
    double[] allLses = seat.numbers(stacks.get(1));
    double[] weights = new double[lses.length];
    for (int i = 0; i < weights.length; i++) {
      double greatest = Double.NEGATIVE_INFINITY;
      for (int at = i; at < allLses.length; at += weights.length) {
        greatest = Math.max(greatest, allLses[at]);
      }
      weights[i] = lses[i] == Double.NEGATIVE_INFINITY ? 0 : StrictMath.exp(lses[i] - greatest);
    }
    double[] weighted = new double[outputs.length];
    double[] sizes = new double[outputs.length];
    for (int i = 0; i < weighted.length; i++) {
      weighted[i] = weights[i / DIM] == 0 ? 0 : weights[i / DIM] * outputs[i];
      sizes[i] = Math.abs(weighted[i]);
    }
    Collectives<T> correct = seat.operations().collectives();
    double[] total = sum(seat, seat.collectives(), "weights", weights, lseDims());
    double[] sums = sum(seat, seat.collectives(), "weighted", weighted, outputDims());
    double[] magnitudes = sum(seat, correct, "sizes", sizes, outputDims());
    for (int i = 0; i < sums.length; i++) {
      sums[i] = total[i / DIM] == 0 ? 0 : sums[i] / total[i / DIM];
      magnitudes[i] = total[i / DIM] == 0 ? 0 : magnitudes[i] / total[i / DIM];
    }
    return new Ways(exchanged, gathered, own(seat, sums), own(seat, magnitudes));
  }

  private double[] sum(
      Seat<T> seat, Collectives<T> collectives, String name, double[] values, Dim... dims) {
    return seat.numbers(
        collectives.allReduce(Phase.ALL_REDUCE, all, seat.constant(name, values, dims)));
  }

  private double[] merged(Seat<T> seat, List<T> stacks) {
    return seat.numbers(
        seat.attention().mergeByLse(new PartialAttention<>(stacks.get(0), stacks.get(1))));
  }

  /** Adds an axis of one shard, by an exchange of a rank with itself. */
  private List<T> stackOfOne(Seat<T> seat, List<T> tensors) {
    Group self = new Group("self[" + seat.rank() + "]", List.of(seat.rank()));
    return seat.operations().collectives().allToAll(Phase.ALL_TO_ALL, self, Axis.HEADS, tensors);
  }

  /** The heads that a rank has after the all-to-all, of {@code [batch, heads, headDim]}. */
  private double[] own(Seat<T> seat, double[] ofAllHeads) {
    int run = BLOCK * DIM;
    double[] own = new double[ROWS * run];
    for (int row = 0; row < ROWS; row++) {
      int from = (row * all.size() + seat.rank()) * run;
      System.arraycopy(ofAllHeads, from, own, row * run, run);
    }
    return own;
  }

  /**
   * The state of a few tokens of this rank, seen by each row up to another one: scores of tens of
   * nats, so that ranks weigh unequally, and NaN where floating point has an output of no tokens.
   */
  private List<T> state(Seat<T> seat) {
    SplittableRandom random = new SplittableRandom(ranks.given.seed() + seat.rank());
    Dim one = new Dim(Axis.KV_HEADS, 1);
    Dim dim = new Dim(Axis.HEAD_DIM, DIM);
    Dim slots = new Dim(Axis.SLOTS, TOKENS + 1);
    Dim tokens = new Dim(Axis.BATCH, TOKENS);
    Spec page = Spec.of(DType.F64, one, slots, dim);
    KvPage<T> kept =
        new KvPage<>(
            seat.operations().attention().allocatePage(page),
            seat.operations().attention().allocatePage(page));
    double spread = new double[] {1, 5, 30}[random.nextInt(3)];
    double[] keys = random.doubles((long) TOKENS * DIM, -spread, spread).toArray();
    double[] values = random.doubles((long) TOKENS * DIM, -3, 3).toArray();
    double[] queries = random.doubles((long) ROWS * heads * DIM, -1, 1).toArray();
    seat.operations()
        .attention()
        .appendKv(
            seat.constant("keys", keys, tokens, one, dim),
            seat.constant("values", values, tokens, one, dim),
            IntStream.range(0, TOKENS).mapToObj(i -> new CacheSlot<>(i, kept, i)).toList());
    List<KvView<T>> views =
        random.ints(ROWS, 0, TOKENS + 1).mapToObj(n -> new KvView<>(List.of(kept), n)).toList();
    PartialAttention<T> state =
        seat.operations()
            .attention()
            .flashDecode(
                seat.constant("queries", queries, outputDims()), views, ScoreRule.ofScale(1));
    if (ranks.subject.inBits()) {
      return List.of(state.output(), state.lse());
    }
    double[] outputs = seat.numbers(state.output());
    double[] lses = seat.numbers(state.lse());
    Arrays.setAll(
        outputs, i -> lses[i / DIM] == Double.NEGATIVE_INFINITY ? Double.NaN : outputs[i]);
    return List.of(seat.constant("poisoned", outputs, outputDims()), state.lse());
  }

  private Dim[] outputDims() {
    return new Dim[] {
      new Dim(Axis.BATCH, ROWS), new Dim(Axis.HEADS, heads), new Dim(Axis.HEAD_DIM, DIM)
    };
  }

  private Dim[] lseDims() {
    return new Dim[] {new Dim(Axis.BATCH, ROWS), new Dim(Axis.HEADS, heads)};
  }
}
