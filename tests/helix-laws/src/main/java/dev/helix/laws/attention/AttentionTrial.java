package dev.helix.laws.attention;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Precision;
import dev.helix.laws.Inquiry;
import dev.helix.laws.Law;
import dev.helix.laws.LawViolation;
import dev.helix.laws.Trial;
import dev.helix.laws.attention.AttentionReference.Row;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.states.Partial;
import dev.helix.laws.merge.states.Stack;
import dev.helix.laws.reference.FiftyDigits;
import dev.helix.laws.reference.MergeReference;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The trial of one law of partial attention, against one implementation, on one case. */
final class AttentionTrial extends Trial {
  private final AttentionUnderTest subject;
  private final Convention convention;
  private final Precision precision;
  private final AttentionCase given;
  private final List<Inquiry> inquiries = new ArrayList<>();
  private final Map<AttentionInput, AttentionReference> references = new HashMap<>();

  AttentionTrial(Law law, AttentionUnderTest subject, AttentionCase given) {
    super(law);
    this.subject = subject;
    this.convention = subject.convention();
    this.precision = convention.precision();
    this.given = given;
  }

  @Override
  protected String input() {
    return given.toString();
  }

  @Override
  protected void hold() {
    switch (law()) {
      case ATTENTION_DEFINITION -> different().forEach(shard -> definition(given.shard(shard)));
      case ATTENTION_EMPTY -> empty();
      case ATTENTION_PADDING -> padding();
      case ATTENTION_PARTITION -> partition();
      case ATTENTION_CONSTANT_VALUES -> constantValues();
      case ATTENTION_NEEDLE -> new NeedleInTokens(given).hold(this);
      case ATTENTION_BATCH -> batch();
      case ATTENTION_POSITIONS -> positions();
      case ATTENTION_NAN_IS_REPORTED -> new NanInTokens(this, given).hold();
      default -> throw new IllegalArgumentException(law() + " is not a law of partial attention");
    }
  }

  /**
   * Shards that an implementation can tell apart: those without tokens are all one input, but for
   * shard 0, which may bring sinks.
   */
  private List<Integer> different() {
    List<Integer> different = new ArrayList<>();
    boolean empty = false;
    for (int shard = 0; shard < given.shards(); shard++) {
      boolean likeAnother = shard > 0 && isEmpty(shard);
      if (!likeAnother || !empty) {
        different.add(shard);
      }
      empty |= likeAnother;
    }
    return different;
  }

  private boolean isEmpty(int shard) {
    return given.owners().positions(shard).length == 0;
  }

  private void definition(AttentionInput input) {
    definition("", input, attend(input));
  }

  /**
   * An answer is what the definition says.
   *
   * @param of whose, with a space behind it
   */
  void definition(String of, AttentionInput input, Answer got) {
    for (int row = 0; row < input.given.rows(); row++) {
      Row expected = reference(input, row);
      if (expected.isEmpty()) {
        requireEmpty(row, got);
        continue;
      }
      for (int i = 0; i < given.valueDim(); i++) {
        double value = expected.output(i);
        output(
            of + "the output",
            row,
            i,
            value,
            got.output(row, i),
            expected.outputBound(i) + Math.ulp(value));
      }
      double lse = expected.lseInBase();
      lse(of + "the LSE", row, lse, got.lse(row), expected.lseBound() + Math.ulp(lse));
    }
  }

  /**
   * Launches requests with one and with two others, and checks that each gets what it gets alone.
   */
  private void batch() {
    List<AttentionCase> requests = new BatchMates(given).around();
    for (int shard : different()) {
      List<AttentionInput> three = requests.stream().map(one -> one.shard(shard)).toList();
      for (List<AttentionInput> inputs : BatchMates.launches(three)) {
        List<Answer> answers = attend(inputs);
        for (int request = 0; request < inputs.size(); request++) {
          String whose = "in a launch of %d, request %d: ".formatted(inputs.size(), request);
          definition(whose, inputs.get(request), answers.get(request));
        }
      }
    }
  }

  /**
   * Moves a plain case to one of the offsets, and one that is about positions to each. A case with
   * a rotary rule is tried only where its bounds tell the turns from none.
   */
  private void positions() {
    List<Integer> offsets = AttentionHardCase.OFFSETS;
    boolean all = given.offset() > 0 || given.rotary().isPresent();
    for (int offset : offsets) {
      if (all || offset == offsets.get((int) (given.seed() % offsets.size()))) {
        AttentionCase moved = given.at(offset);
        for (int shard : different()) {
          AttentionInput input = moved.shard(shard);
          if (given.rotary().isPresent() && !tellsTurns(input)) {
            continue;
          }
          definition("from position %d on: ".formatted(offset), input, attend(input));
        }
      }
    }
  }

  private boolean tellsTurns(AttentionInput input) {
    return IntStream.range(0, rows())
        .anyMatch(row -> reference(input).tellsTurns(row / given.heads(), row % given.heads()));
  }

  private void padding() {
    for (int shard : different()) {
      Answer clean = attend(given.shard(shard, 0));
      Answer poisoned = attend(given.shard(shard));
      require(
          clean.sameBits(poisoned), () -> "padding of " + given.poison() + " changed the result");
    }
  }

  private void empty() {
    Answer got = attend(given.nothing());
    for (int row = 0; row < rows(); row++) {
      requireEmpty(row, got);
    }
  }

  private void requireEmpty(int row, Answer got) {
    for (int i = 0; i < given.valueDim(); i++) {
      output("something comes of nothing to see", row, i, 0, got.output(row, i), 0);
    }
    lse("something comes of nothing to see", row, Double.NEGATIVE_INFINITY, got.lse(row), 0);
  }

  private void partition() {
    List<Answer> answers = new ArrayList<>();
    List<AttentionInput> inputs = new ArrayList<>();
    Optional<Answer> empty = Optional.empty();
    for (int shard = 0; shard < given.shards(); shard++) {
      boolean likeAnother = shard > 0 && isEmpty(shard);
      inputs.add(given.shard(shard));
      Answer answer = likeAnother && empty.isPresent() ? empty.get() : attend(inputs.get(shard));
      answers.add(answer);
      empty = likeAnother ? Optional.of(answer) : empty;
    }
    partition(answers, inputs, given.whole());
  }

  /**
   * The states of the shards are merged. Those off by δOᵢ and Dᵢ in their log-sum-exps, D the
   * largest, merge exactly to within e^2D·Σ pᵢ·δOᵢ + (e^2D − 1)·Σ pᵢ·|Oᵢ − O|, and D in the
   * log-sum-exp.
   */
  void partition(List<Answer> answers, List<AttentionInput> inputs, AttentionInput whole) {
    Stack stack = Stack.join(answers.stream().map(Answer::asStack).toList());
    for (int row = 0; row < rows(); row++) {
      int at = row;
      for (int shard = 0; shard < stack.shards(); shard++) {
        double lse = stack.lse(shard, row);
        require(
            !Double.isNaN(lse) && lse != Double.POSITIVE_INFINITY,
            () -> "the LSE of a shard is %s, of %s".formatted(lse, place(at)));
        for (int i = 0; i < given.valueDim() && stack.living(shard, row); i++) {
          double output = stack.output(shard, row, i);
          require(Double.isFinite(output), () -> "an output of a shard is " + output);
        }
      }
      MergeReference merged = stack.reference(row);
      Row expected = reference(whole, row);
      require(
          merged.isEmpty() == expected.isEmpty(),
          () -> "the shards together are empty, or all tokens are, but not both");
      if (!expected.isEmpty()) {
        merge(row, inputs, merged, expected);
      }
    }
  }

  private void merge(int row, List<AttentionInput> inputs, MergeReference merged, Row expected) {
    double nats = convention.base().nats();
    double largest = 0;
    List<Row> shards = new ArrayList<>();
    for (AttentionInput input : inputs) {
      Row shard = reference(input, row);
      shards.add(shard);
      if (!shard.isEmpty()) {
        largest = Math.max(largest, shard.lseBound() * nats);
      }
    }
    double change = Math.expm1(2 * largest);
    for (int i = 0; i < given.valueDim(); i++) {
      double whole = expected.output(i);
      double bound = Math.ulp(whole);
      for (Row shard : shards) {
        if (!shard.isEmpty()) {
          double weight = Math.exp(FiftyDigits.doubleValue(shard.lse().subtract(expected.lse())));
          double distance = Math.abs(shard.output(i) - whole);
          bound += weight * ((1 + change) * shard.outputBound(i) + change * distance);
        }
      }
      output("the shards, merged", row, i, whole, merged.nearestOutput(i), bound);
    }
    double lse = expected.lseInBase();
    lse("the shards, merged", row, lse, merged.lseInBase(), largest / nats + 2 * Math.ulp(lse));
  }

  private void constantValues() {
    SplittableRandom random = new SplittableRandom(given.seed());
    DType format = precision.output();
    double[] value = random.doubles(given.valueDim(), -3, 3).map(format::round).toArray();
    AttentionCase constant = given.constant(value);
    constantValues(value, constant.whole());
    for (int shard : different()) {
      constantValues(value, constant.shard(shard));
    }
  }

  private void constantValues(double[] value, AttentionInput input) {
    Answer got = attend(input);
    for (int row = 0; row < rows(); row++) {
      Row bound = reference(input, row);
      for (int i = 0; i < value.length && !bound.isEmpty(); i++) {
        double expected = value[i] * given.valueScale();
        output(
            "all values are the same, the output is another",
            row,
            i,
            expected,
            got.output(row, i),
            bound.outputBound(i));
      }
    }
  }

  Row reference(AttentionInput input, int row) {
    return reference(input).row(row / given.heads(), row % given.heads());
  }

  /** Notes the reference of an input whose true values are known already. */
  void know(AttentionInput input, AttentionReference reference) {
    references.put(input, reference);
  }

  private AttentionReference reference(AttentionInput input) {
    return references.computeIfAbsent(
        input, asked -> asked.reference(convention, subject.angles()));
  }

  Convention convention() {
    return convention;
  }

  int rows() {
    return given.rows();
  }

  Answer attend(AttentionInput input) {
    return answers(List.of(input), () -> List.of(subject.attend(input))).get(0);
  }

  private List<Answer> attend(List<AttentionInput> requests) {
    return answers(requests, () -> subject.attend(requests));
  }

  private List<Answer> answers(List<AttentionInput> asked, Supplier<List<Partial>> attention) {
    called();
    List<Answer> answers = new ArrayList<>();
    try {
      List<Partial> partials = attention.get();
      require(
          partials.size() == asked.size(),
          () -> "%d requests have %d answers".formatted(asked.size(), partials.size()));
      for (AttentionInput input : asked) {
        answers.add(answer(input.given, partials.get(answers.size())));
      }
      return answers;
    } catch (RuntimeException e) {
      throw new LawViolation.Refusal("the attention threw " + e);
    } finally {
      for (int request = 0; request < asked.size(); request++) {
        Optional<Answer> answer =
            request < answers.size() ? Optional.of(answers.get(request)) : Optional.empty();
        AttentionInput input = asked.get(request);
        inquiries.add(new AttentionInquiry(convention, input, () -> reference(input), answer));
      }
    }
  }

  private Answer answer(AttentionCase to, Partial partial) {
    int[] shape = {1, to.tokens(), to.heads(), to.valueDim()};
    double[] zeros = new double[to.rows() * to.valueDim()];
    Stack asked = Stack.of(convention, shape, zeros, new double[to.rows()]);
    return Answer.read(asked, partial);
  }

  @Override
  public List<Inquiry> inquiries() {
    return List.copyOf(inquiries);
  }

  /** Calls {@link #require} for the laws that are in classes of their own. */
  void demand(boolean holds, Supplier<String> what) {
    require(holds, what);
  }

  /** Whether exp(nats) is a normal number of both formats, with a rounding to spare. */
  boolean isNormalWeight(double nats) {
    double least =
        Math.max(Precision.normal(precision.output()), Precision.normal(precision.lse()));
    return Math.exp(nats) >= 2 * least;
  }

  private void output(String claim, int row, int i, double expected, double got, double bound) {
    DType format = precision.output();
    within(
        () ->
            shown(
                claim,
                "output of %s, component %d".formatted(place(row), i),
                format,
                expected,
                got),
        expected,
        got,
        bound);
  }

  private void lse(String claim, int row, double expected, double got, double bound) {
    DType format = precision.lse();
    within(() -> shown(claim, "LSE of " + place(row), format, expected, got), expected, got, bound);
  }

  private static Shown shown(
      String claim, String where, DType format, double expected, double got) {
    return new Shown(claim, where, format, String.valueOf(expected), String.valueOf(got), false);
  }

  String place(int row) {
    return "token %d, head %d".formatted(row / given.heads(), row % given.heads());
  }
}
