package dev.helix.tensor.scalar;

import static dev.helix.tensor.Axis.BATCH;
import static dev.helix.tensor.Axis.HEADS;
import static dev.helix.tensor.Axis.HEADS_BY_DIM;
import static dev.helix.tensor.Axis.HEAD_DIM;
import static dev.helix.tensor.Axis.HIDDEN;
import static dev.helix.tensor.Axis.INTERMEDIATE;
import static dev.helix.tensor.Axis.VOCABULARY;
import static dev.helix.tensor.DType.BF16;
import static dev.helix.tensor.DType.F32;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.helix.tensor.Dim;
import dev.helix.tensor.Kernels;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What every numeric reading's kernels keep exactly, and what they refuse. */
interface KernelsContract<T extends Tensor> {
  Spec X = Spec.of(BF16, BATCH, 2, HIDDEN, 3);
  Spec WEIGHT = Spec.of(F32, INTERMEDIATE, 4, HIDDEN, 3);

  /** A new run of the reading. */
  Run<T> run();

  @Property(tries = 30, seed = "1")
  default void constantsComeBackUnchanged(
      @ForAll @IntRange(max = 4) int rows, @ForAll @IntRange(max = 5) int hidden) {
    Run<T> run = run();
    double[] numbers = Run.numbers(new SplittableRandom(rows), rows * hidden);
    T x = run.tensor(Spec.of(BF16, BATCH, rows, HIDDEN, hidden), numbers);
    assertArrayEquals(numbers, run.host(x));
  }

  @Property(tries = 30, seed = "2")
  default void embeddingAndSelectionCopyRows(
      @ForAll @IntRange(min = 1, max = 5) int rows,
      @ForAll @IntRange(max = 4) int width,
      @ForAll @IntRange(max = 6) int picks,
      @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] numbers = Run.numbers(random, rows * width);
    int[] indices = random.ints(picks, 0, rows).toArray();
    double[] expected = new double[picks * width];
    for (int i = 0; i < picks; i++) {
      System.arraycopy(numbers, indices[i] * width, expected, i * width, width);
    }
    Run<T> run = run();
    Kernels<T> kernels = run.kernels().apply(0);

    T embedded =
        kernels.embed(run.tensor(Spec.of(BF16, VOCABULARY, rows, HIDDEN, width), numbers), indices);
    T selected =
        kernels.selectRows(
            Phase.DISPATCH,
            run.tensor(Spec.of(BF16, BATCH, rows, HIDDEN, width), numbers),
            indices);

    assertEquals(Spec.of(BF16, BATCH, picks, HIDDEN, width), embedded.spec());
    assertEquals(embedded.spec(), selected.spec());
    assertArrayEquals(expected, run.host(embedded));
    assertArrayEquals(expected, run.host(selected));
  }

  @Property(tries = 60, seed = "8")
  default void rowsTakenApartStackToTheBatch(
      @ForAll @IntRange(max = 5) int rows,
      @ForAll @IntRange(max = 3) int heads,
      @ForAll @IntRange(min = 1, max = 3) int dim,
      @ForAll List<@IntRange(max = 5) Integer> cuts) {
    double[] numbers = Run.numbers(new SplittableRandom(rows), rows * heads * dim);
    Run<T> run = run();
    Kernels<T> kernels = run.kernels().apply(0);
    Spec spec = Spec.of(BF16, new Dim(BATCH, rows), new Dim(HEADS, heads), new Dim(HEAD_DIM, dim));
    T whole = run.tensor(spec, numbers);
    List<T> parts = new ArrayList<>();
    int from = 0;
    for (int cut : cuts.stream().filter(cut -> cut <= rows).sorted().toList()) {
      parts.add(kernels.rows(whole, from, cut));
      from = cut;
    }
    T last = kernels.rows(whole, from, rows);
    parts.add(last);

    assertEquals(spec.resized(BATCH, rows - from), last.spec());
    assertArrayEquals(
        Arrays.copyOfRange(numbers, from * heads * dim, numbers.length), run.host(last));
    T stacked = kernels.stackRows(parts);
    assertEquals(spec, stacked.spec());
    assertEquals(0, stacked.owner());
    assertArrayEquals(numbers, run.host(stacked));
  }

  /** Exact sums of a row stay the sums that they are: a second stacking changes nothing. */
  @Test
  default void rowsOfPartialSumsAreRowsOfPartialSums() {
    Run<T> run = run();
    Kernels<T> kernels = run.kernels().apply(0);
    T x = run.tensor(Spec.of(BF16, BATCH, 3, HIDDEN, 2), 1, 10, 2, 20, 3, 30);
    T sums =
        kernels.partialLinear(
            Phase.FFN, x, run.tensor(Spec.of(F32, INTERMEDIATE, 2, HIDDEN, 2), 1, 1, 1, -1));
    T parts = kernels.stackRows(List.of(kernels.rows(sums, 1, 3), kernels.rows(sums, 0, 1)));
    assertArrayEquals(new double[] {22, -18, 33, -27, 11, -9}, run.host(parts));
  }

  @Test
  default void rowsThatAreNotThereOrDoNotFitAreRefused() {
    Run<T> run = run();
    Kernels<T> kernels = run.kernels().apply(0);
    T x = run.tensor(X, 1, 2, 3, 4, 5, 6);
    T foreign = run.tensor(3, X, 1, 2, 3, 4, 5, 6);
    T weight = run.tensor(WEIGHT, new double[12]);
    T wider = run.tensor(Spec.of(BF16, BATCH, 1, HIDDEN, 4), 1, 2, 3, 4);
    Refusal.naming(() -> kernels.rows(x, 1, 3), "rows", "[0, 2)", "[1, 3)");
    Refusal.naming(() -> kernels.rows(x, -1, 1), "rows", "[0, 2)", "[-1, 1)");
    Refusal.naming(() -> kernels.rows(x, 2, 1), "rows", "[2, 1)");
    Refusal.naming(() -> kernels.rows(weight, 0, 1), "rows", "[batch, ..]", "intermediate=4");
    Refusal.naming(() -> kernels.rows(foreign, 0, 1), "rows", "rank 0", "rank 3");
    Refusal.naming(() -> kernels.stackRows(List.of()), "stackRows", "none");
    Refusal.naming(() -> kernels.stackRows(List.of(x, wider)), "stackRows", "hidden=3", "hidden=4");
    Refusal.naming(() -> kernels.stackRows(List.of(weight)), "stackRows", "[batch, ..]");
    Refusal.naming(() -> kernels.stackRows(List.of(x, foreign)), "stackRows", "rank 0", "rank 3");
  }

  @Property(tries = 30, seed = "3")
  default void sumsThatNeedNoRoundingAreExact(
      @ForAll @IntRange(max = 9) int count, @ForAll long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[] a = new double[count];
    double[] b = new double[count];
    double[] expected = new double[count];
    for (int i = 0; i < count; i++) {
      a[i] = random.nextInt(-1000, 1000) / 16.0;
      b[i] = random.nextInt(-1000, 1000) * 16.0;
      expected[i] = a[i] + b[i];
    }
    Run<T> run = run();
    Spec spec = Spec.of(BF16, BATCH, 1, HIDDEN, count);
    T sum = run.kernels().apply(0).add(Phase.NORM, run.tensor(spec, a), run.tensor(spec, b));
    assertArrayEquals(expected, run.host(sum));
  }

  @Property(tries = 30, seed = "4")
  default void theIdentityWeightChangesNothing(
      @ForAll @IntRange(max = 4) int rows, @ForAll @IntRange(max = 6) int size, @ForAll long seed) {
    double[] numbers = Run.numbers(new SplittableRandom(seed), rows * size);
    double[] identity = new double[size * size];
    for (int i = 0; i < size; i++) {
      identity[i * size + i] = 1;
    }
    Run<T> run = run();
    Kernels<T> kernels = run.kernels().apply(0);
    T x = run.tensor(Spec.of(BF16, BATCH, rows, HIDDEN, size), numbers);
    T weight = run.tensor(Spec.of(F32, INTERMEDIATE, size, HIDDEN, size), identity);
    assertArrayEquals(numbers, run.host(kernels.linear(Phase.FFN, x, weight)));
    assertArrayEquals(numbers, run.host(kernels.partialLinear(Phase.FFN, x, weight)));
  }

  @Test
  default void aWeightOfOutByInIsReadByRows() {
    Run<T> run = run();
    T x = run.tensor(Spec.of(BF16, BATCH, 2, HIDDEN, 3), 1, 10, 100, 2, 20, 200);
    T weight = run.tensor(Spec.of(F32, INTERMEDIATE, 2, HIDDEN, 3), 1, 2, 3, 4, 5, 6);
    double[] expected = {321, 654, 642, 1308};
    assertArrayEquals(expected, run.host(run.kernels().apply(0).linear(Phase.FFN, x, weight)));
  }

  @Test
  default void severalInnerAxesAreReadAsOne() {
    Run<T> run = run();
    Spec heads = Spec.of(BF16, new Dim(BATCH, 1), new Dim(HEADS, 2), new Dim(HEAD_DIM, 2));
    T x = run.tensor(heads, 1, 10, 100, 1000);
    T weight = run.tensor(Spec.of(F32, HIDDEN, 1, HEADS_BY_DIM, 4), 4, 3, 2, 1);
    T product = run.kernels().apply(0).partialLinear(Phase.FFN, x, weight);
    assertEquals(Spec.of(BF16, BATCH, 1, HIDDEN, 1), product.spec());
    assertArrayEquals(new double[] {1234}, run.host(product));
  }

  @Test
  default void aProductOverNothingIsZero() {
    Run<T> run = run();
    T x = run.tensor(Spec.of(BF16, BATCH, 2, HIDDEN, 0));
    T weight = run.tensor(Spec.of(F32, INTERMEDIATE, 3, HIDDEN, 0));
    assertArrayEquals(new double[6], run.host(run.kernels().apply(0).linear(Phase.FFN, x, weight)));
  }

  @Test
  default void resultsHaveTheDtypeOfTheActivations() {
    Run<T> run = run();
    Kernels<T> kernels = run.kernels().apply(0);
    T x = run.tensor(X, 1, 2, 3, 4, 5, 6);
    T weight = run.tensor(WEIGHT, new double[12]);
    T norm = run.tensor(Spec.of(F32, HIDDEN, 3), 1, 1, 1);
    assertEquals(
        Spec.of(BF16, BATCH, 2, INTERMEDIATE, 4), kernels.linear(Phase.FFN, x, weight).spec());
    assertEquals(X, kernels.rmsNorm(Phase.NORM, x, norm, 1e-5).spec());
    assertEquals(
        X,
        kernels
            .add(Phase.NORM, x, run.tensor(Spec.of(F32, BATCH, 2, HIDDEN, 3), 1, 2, 3, 4, 5, 6))
            .spec());
  }

  @Test
  default void aSliceIsReadOnceForAllRanks() {
    Run<T> run = run();
    AtomicInteger reads = new AtomicInteger();
    WeightSlice slice =
        new WeightSlice(
            "w",
            () -> {
              reads.incrementAndGet();
              return new double[] {1, 2, 3};
            });
    Spec spec = Spec.of(F32, HIDDEN, 3);
    T first = run.kernels().apply(0).constant(spec, slice);
    T second = run.kernels().apply(1).constant(spec, slice);
    assertEquals(1, reads.get());
    assertEquals(0, first.owner());
    assertEquals(1, second.owner());
    assertArrayEquals(run.host(first), run.host(second));
  }

  @Test
  default void aSliceOfAnotherSizeIsRefused() {
    Run<T> run = run();
    Refusal.naming(() -> run.tensor(X, 1, 2), "[1.0, 2.0]", "2 elements", "expected 6", "hidden=3");
    run.tensor(Spec.of(F32, HIDDEN, 2), 1, 2);
    Refusal.naming(() -> run.tensor(X, 1, 2), "[1.0, 2.0]", "2 elements", "expected 6", "hidden=3");
  }

  @Test
  default void tensorsOfAnotherRankAreRefused() {
    Run<T> run = run();
    Kernels<T> kernels = run.kernels().apply(0);
    T own = run.tensor(0, X, 1, 2, 3, 4, 5, 6);
    T foreign = run.tensor(3, X, 1, 2, 3, 4, 5, 6);
    T weight = run.tensor(0, WEIGHT, new double[12]);
    T foreignWeight = run.tensor(3, WEIGHT, new double[12]);
    T norm = run.tensor(0, Spec.of(F32, HIDDEN, 3), 1, 1, 1);
    T foreignNorm = run.tensor(3, Spec.of(F32, HIDDEN, 3), 1, 1, 1);
    T foreignTable = run.tensor(3, Spec.of(F32, VOCABULARY, 1, HIDDEN, 3), 1, 1, 1);
    int[] first = {0};

    Refusal.naming(() -> kernels.embed(foreignTable, first), "embed", "rank 0", "rank 3");
    Refusal.naming(
        () -> kernels.selectRows(Phase.DISPATCH, foreign, first), "selectRows", "rank 0", "rank 3");
    Refusal.naming(
        () -> kernels.rmsNorm(Phase.NORM, foreign, norm, 0), "rmsNorm", "rank 0", "rank 3");
    Refusal.naming(
        () -> kernels.rmsNorm(Phase.NORM, own, foreignNorm, 0), "rmsNorm", "rank 0", "rank 3");
    Refusal.naming(() -> kernels.linear(Phase.FFN, foreign, weight), "linear", "rank 0", "rank 3");
    Refusal.naming(
        () -> kernels.linear(Phase.FFN, own, foreignWeight), "linear", "rank 0", "rank 3");
    Refusal.naming(
        () -> kernels.partialLinear(Phase.FFN, own, foreignWeight),
        "partialLinear",
        "rank 0",
        "rank 3");
    Refusal.naming(() -> kernels.add(Phase.NORM, foreign, own), "add", "rank 0", "rank 3");
    Refusal.naming(() -> kernels.add(Phase.NORM, own, foreign), "add", "rank 0", "rank 3");
    Refusal.naming(() -> kernels.toHost(foreign), "toHost", "rank 0", "rank 3");
  }

  @Test
  default void shapesThatDoNotFitAreRefused() {
    Run<T> run = run();
    Kernels<T> kernels = run.kernels().apply(0);
    Function<Spec, T> zeros = spec -> run.tensor(spec, new double[(int) spec.elements()]);
    T x = zeros.apply(X);
    T turned = zeros.apply(Spec.of(BF16, HIDDEN, 3, BATCH, 2));
    T wide = zeros.apply(Spec.of(F32, INTERMEDIATE, 4, HIDDEN, 5));
    T vector = zeros.apply(Spec.of(F32, HIDDEN, 4));

    Refusal.naming(
        () -> kernels.embed(x, new int[1]), "embed", "[vocabulary, hidden]", "batch=2, hidden=3");
    Refusal.naming(
        () -> kernels.selectRows(Phase.DISPATCH, turned, new int[1]),
        "selectRows",
        "[batch, hidden]",
        "hidden=3, batch=2");
    Refusal.naming(
        () -> kernels.rmsNorm(Phase.NORM, turned, vector, 0),
        "rmsNorm",
        "[batch, hidden]",
        "hidden=3, batch=2");
    Refusal.naming(
        () -> kernels.rmsNorm(Phase.NORM, x, x, 0), "rmsNorm", "[hidden]", "batch=2, hidden=3");
    Refusal.naming(
        () -> kernels.rmsNorm(Phase.NORM, x, vector, 0), "rmsNorm", "weight", "3", "got 4");
    Refusal.naming(
        () -> kernels.linear(Phase.FFN, turned, zeros.apply(WEIGHT)),
        "linear",
        "expected [batch",
        "hidden=3, batch=2",
        "intermediate=4, hidden=3");
    Refusal.naming(
        () -> kernels.linear(Phase.FFN, x, zeros.apply(Spec.of(F32, HIDDEN, 3))),
        "linear",
        "expected [batch",
        "batch=2, hidden=3",
        "f32[hidden=3]");
    Refusal.naming(
        () -> kernels.linear(Phase.FFN, x, wide), "linear", "contracted axes", "3", "got 5");
    Refusal.naming(
        () -> kernels.partialLinear(Phase.FFN, x, wide),
        "partialLinear",
        "contracted axes",
        "3",
        "got 5");
    Refusal.naming(
        () ->
            kernels.partialLinear(
                Phase.FFN, x, zeros.apply(Spec.of(F32, HIDDEN, 4, HEADS_BY_DIM, 3))),
        "partialLinear",
        "expected [batch",
        "headsByDim=3");
    Refusal.naming(
        () -> kernels.add(Phase.NORM, x, turned), "add", "batch=2, hidden=3", "hidden=3, batch=2");
  }

  @Test
  default void indicesOutsideOfTheAxisAreRefused() {
    Run<T> run = run();
    Kernels<T> kernels = run.kernels().apply(0);
    T x = run.tensor(X, 1, 2, 3, 4, 5, 6);
    T table = run.tensor(Spec.of(BF16, VOCABULARY, 2, HIDDEN, 3), 1, 2, 3, 4, 5, 6);
    Refusal.naming(
        () -> kernels.embed(table, new int[] {0, 2}), "embed", "vocabulary", "[0, 2)", "2");
    Refusal.naming(
        () -> kernels.embed(table, new int[] {-1}), "embed", "vocabulary", "[0, 2)", "-1");
    Refusal.naming(
        () -> kernels.selectRows(Phase.DISPATCH, x, new int[] {7}),
        "selectRows",
        "batch",
        "[0, 2)",
        "7");
  }
}
