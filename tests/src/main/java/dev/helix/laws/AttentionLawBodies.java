package dev.helix.laws;

import dev.helix.tensor.DType;
import dev.helix.tensor.compare.Ulps;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Supplier;

/** The laws of partial attention, each once; one object checks one case. */
final class AttentionLawBodies {
  private static final double[] POISON = {Double.NaN, Double.POSITIVE_INFINITY, 1e30, 0.5};

  private final Law law;
  private final AttentionUnderTest subject;
  private final AttentionCase given;
  private double worstShare;
  private int calls;

  private AttentionLawBodies(Law law, AttentionUnderTest subject, AttentionCase given) {
    this.law = law;
    this.subject = subject;
    this.given = given;
  }

  static AttentionCase next(
      SplittableRandom random, Precision precision, Set<AttentionFeature> features) {
    return new AttentionCase(random, precision, features);
  }

  /** Runs one law on random cases of a seed until one fails. */
  static LawOutcome run(Law law, AttentionUnderTest subject, long seed, int count) {
    SplittableRandom random = new SplittableRandom(seed);
    double worst = 0;
    int calls = 0;
    for (int i = 0; i < count; i++) {
      AttentionCase given = next(random, subject.convention().precision(), subject.features());
      AttentionLawBodies trial = new AttentionLawBodies(law, subject, given);
      try {
        trial.check();
      } catch (LawViolation e) {
        return new LawOutcome(
            law,
            i + 1,
            calls + trial.calls,
            worst,
            Optional.of(LawSuite.named(law, e)),
            e instanceof LawViolation.Refusal);
      }
      worst = Math.max(worst, trial.worstShare);
      calls += trial.calls;
    }
    return new LawOutcome(law, count, calls, worst, Optional.empty());
  }

  /**
   * Checks one law on one case.
   *
   * @throws LawViolation if it does not hold
   */
  static void check(Law law, AttentionUnderTest subject, AttentionCase given) {
    new AttentionLawBodies(law, subject, given).check();
  }

  private void check() {
    double poison = POISON[(int) (given.seed() % POISON.length)];
    switch (law) {
      case ATTENTION_DEFINITION -> {
        for (int shard = 0; shard < given.shards(); shard++) {
          definition(given.shard(shard, poison));
        }
      }
      case ATTENTION_EMPTY -> empty(poison);
      case ATTENTION_PADDING -> {
        Answer clean = attend(given.shard(0, 0));
        Answer poisoned = attend(given.shard(0, poison));
        require(clean.sameBits(poisoned), () -> "padding of " + poison + " changed the result");
      }
      case ATTENTION_PARTITION -> partition(poison);
      case ATTENTION_CONSTANT_VALUES -> constantValues();
      default -> throw new IllegalArgumentException(law + " is not a law of partial attention");
    }
  }

  private void definition(AttentionInput input) {
    Answer got = attend(input);
    for (int row = 0; row < rows(); row++) {
      MergeReference expected = reference(input, row);
      if (expected.isEmpty()) {
        requireEmpty(row, got);
        continue;
      }
      for (int i = 0; i < given.valueDim(); i++) {
        double value = expected.output(i).doubleValue();
        within(
            output(row, i),
            value,
            got.output(row, i),
            expected.outputBound(i, 1) + Math.ulp(value));
      }
      double lse = expected.lseInBase();
      within(lse(row), lse, got.lse(row), expected.lseBound(1) + Math.ulp(lse));
    }
  }

  private void empty(double poison) {
    Answer got = attend(given.nothing(poison));
    for (int row = 0; row < rows(); row++) {
      requireEmpty(row, got);
    }
  }

  private void requireEmpty(int row, Answer got) {
    for (int i = 0; i < given.valueDim(); i++) {
      within("with nothing to see, the " + output(row, i), 0, got.output(row, i), 0);
    }
    within("with nothing to see, the " + lse(row), Double.NEGATIVE_INFINITY, got.lse(row), 0);
  }

  /**
   * States off by δOᵢ and Dᵢ in their log-sum-exps, D the largest, merge exactly to within e^2D·Σ
   * pᵢ·δOᵢ + (e^2D − 1)·Σ pᵢ·|Oᵢ − O|, and D in the log-sum-exp.
   */
  private void partition(double poison) {
    List<Stack> answers = new ArrayList<>();
    List<AttentionInput> inputs = new ArrayList<>();
    for (int shard = 0; shard < given.shards(); shard++) {
      inputs.add(given.shard(shard, poison));
      answers.add(attend(inputs.get(shard)).asStack());
    }
    Stack stack = Stack.join(answers);
    AttentionInput whole = given.whole();
    for (int row = 0; row < rows(); row++) {
      int at = row;
      for (int shard = 0; shard < stack.shards; shard++) {
        double lse = stack.lse(shard, row);
        require(
            !Double.isNaN(lse) && lse != Double.POSITIVE_INFINITY,
            () -> "the %s of a shard is %s".formatted(lse(at), lse));
        for (int i = 0; i < given.valueDim() && stack.living(shard, row); i++) {
          double output = stack.output(shard, row, i);
          require(Double.isFinite(output), () -> "an output of a shard is " + output);
        }
      }
      MergeReference merged = MergeReference.of(stack, row);
      MergeReference expected = reference(whole, row);
      require(
          merged.isEmpty() == expected.isEmpty(),
          () -> "the shards together are empty, or all tokens are, but not both");
      if (!expected.isEmpty()) {
        merge(row, inputs, merged, expected);
      }
    }
  }

  private void merge(
      int row, List<AttentionInput> inputs, MergeReference merged, MergeReference expected) {
    double nats = subject.convention().base().nats();
    double largest = 0;
    List<MergeReference> shards = new ArrayList<>();
    for (AttentionInput input : inputs) {
      MergeReference shard = reference(input, row);
      shards.add(shard);
      if (!shard.isEmpty()) {
        largest = Math.max(largest, shard.lseBound(1) * nats);
      }
    }
    double change = Math.expm1(2 * largest);
    for (int i = 0; i < given.valueDim(); i++) {
      double whole = expected.output(i).doubleValue();
      double bound = Math.ulp(whole);
      for (MergeReference shard : shards) {
        if (!shard.isEmpty()) {
          double weight = Math.exp(shard.lse().subtract(expected.lse()).doubleValue());
          double distance = Math.abs(shard.output(i).doubleValue() - whole);
          bound += weight * ((1 + change) * shard.outputBound(i, 1) + change * distance);
        }
      }
      within("merged " + output(row, i), whole, merged.output(i).doubleValue(), bound);
    }
    double lse = expected.lseInBase();
    within("merged " + lse(row), lse, merged.lseInBase(), largest / nats + 2 * Math.ulp(lse));
  }

  private void constantValues() {
    SplittableRandom random = new SplittableRandom(given.seed());
    DType format = subject.convention().precision().output();
    double[] value = random.doubles(given.valueDim(), -3, 3).map(format::round).toArray();
    AttentionInput input = given.constant(value);
    Answer got = attend(input);
    for (int row = 0; row < rows(); row++) {
      MergeReference bound = reference(input, row);
      for (int i = 0; i < value.length && !bound.isEmpty(); i++) {
        double expected = value[i] * given.valueScale();
        within(output(row, i), expected, got.output(row, i), bound.outputBound(i, 1));
      }
    }
  }

  private MergeReference reference(AttentionInput input, int row) {
    return AttentionReference.of(
        subject.convention(), input, row / given.heads(), row % given.heads());
  }

  private int rows() {
    return given.tokens() * given.heads();
  }

  private Answer attend(AttentionInput input) {
    calls++;
    double[] zeros = new double[rows() * given.valueDim()];
    int[] shape = {1, given.tokens(), given.heads(), given.valueDim()};
    Stack asked = Stack.of(subject.convention(), shape, zeros, new double[rows()]);
    try {
      return Answer.read(asked, subject.attend(input));
    } catch (RuntimeException e) {
      throw new LawViolation.Refusal("the attention threw " + e + ". Input: " + input);
    }
  }

  private String output(int row, int i) {
    return "output of token %d, head %d, component %d"
        .formatted(row / given.heads(), row % given.heads(), i);
  }

  private String lse(int row) {
    return "LSE of token %d, head %d".formatted(row / given.heads(), row % given.heads());
  }

  private void within(String where, double expected, double got, double bound) {
    if (expected == got) {
      return;
    }
    double error = Math.abs(got - expected);
    require(
        error <= bound,
        () ->
            String.format(
                Locale.ROOT,
                "%s: expected %s, got %s: off by %.3g, %d double ulps, %.3g times the bound of"
                    + " %.3g",
                where,
                expected,
                got,
                error,
                Ulps.distance(expected, got),
                error / bound,
                bound));
    worstShare = Math.max(worstShare, error / bound);
  }

  private void require(boolean holds, Supplier<String> what) {
    if (!holds) {
      throw new LawViolation(
          "law %s (%s): %s. Input: %s, queries %s"
              .formatted(
                  law,
                  law.sentence(),
                  what.get(),
                  given,
                  given.queries().length > 16 ? "…" : Arrays.toString(given.queries())));
    }
  }
}
