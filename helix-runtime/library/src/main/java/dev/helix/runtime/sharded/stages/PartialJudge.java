package dev.helix.runtime.sharded.stages;

import dev.helix.attention.QueryToken;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.KernelRoundings;
import dev.helix.attention.convention.Marks;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowStates;
import dev.helix.runtime.sharded.reference.SlotRange;
import dev.helix.runtime.sharded.tally.Element;
import dev.helix.runtime.sharded.tally.Place;
import dev.helix.runtime.sharded.tally.Stage;
import dev.helix.runtime.sharded.tally.Tally;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoublePredicate;

/**
 * Judges each rank's partial output and log-sum-exp by its own query, keys and values. Where the
 * rank has dumped its local lengths, they are taken as they are: whether they are right is the
 * question of {@link OwnershipJudge}.
 */
public final class PartialJudge implements Judge {
  private final ShardedStep step;
  private final RightStates right;
  private final PartialReference reference;

  /** Creates the judge. */
  public PartialJudge(ShardedStep step, RightStates right) {
    this.step = step;
    this.right = right;
    this.reference = right.reference();
  }

  @Override
  public Stage stage() {
    return Stage.PARTIAL;
  }

  @Override
  public Optional<String> lacking() {
    if (!step.has(StepTensor.PARTIAL_LSE) && !step.has(StepTensor.PARTIAL_OUTPUT)) {
      return Optional.of("partial outputs and LSEs");
    }
    if (!step.hasCaches()) {
      return Optional.of("keys and values");
    }
    return step.has(StepTensor.QUERY) ? Optional.empty() : Optional.of("queries");
  }

  /** The right way to attend, over as many tokens as the ranks say that they keep. */
  public LocalReading reading() {
    return LocalReading.of(step.facts()).withRanges(this::dumped);
  }

  /** Kernels that round more than the facts say are no other references, but have other bounds. */
  private void roundings(List<Suspect> all) {
    StepFacts.Forms forms = step.facts().forms();
    KernelRoundings kernel = forms.kernel();
    if (kernel.weights() != DType.BF16) {
      KernelRoundings rounding =
          new KernelRoundings(
              kernel.sums(),
              DType.BF16,
              kernel.output(),
              kernel.functionUlps(),
              kernel.longestSum());
      all.add(rounded("weights rounded to BF16 before they multiply values", rounding));
    }
    if (kernel.output() != DType.BF16) {
      KernelRoundings rounding =
          new KernelRoundings(
              kernel.sums(),
              kernel.weights(),
              DType.BF16,
              kernel.functionUlps(),
              kernel.longestSum());
      all.add(rounded("partial outputs rounded to BF16", rounding));
    }
  }

  private Suspect rounded(String name, KernelRoundings kernel) {
    StepFacts.Forms forms = step.facts().forms();
    PartialReference other =
        new PartialReference(
            step.facts().with(new StepFacts.Forms(kernel, forms.convention(), forms.cache())),
            read -> {});
    LocalReading reading = reading();
    return new Suspect(
        name,
        (scope, tally) -> compare(scope, (rank, wanted) -> other.of(rank, reading, wanted), tally));
  }

  /** The slots that a query sees if its rank keeps as many tokens as it says. */
  private SlotRange dumped(int rank, QueryToken token, SlotRange range) {
    if (!step.has(StepTensor.LOCAL_LENGTHS)) {
      return range;
    }
    // Of several tokens of a request, the last sees all of them, and others as many fewer as the
    // placement says.
    int request = token.request();
    int kept = step.facts().owners().localLength(request, rank);
    int said = (int) step.ranks().get(rank).get(StepTensor.LOCAL_LENGTHS)[request];
    return new SlotRange(range.from(), Math.max(0, range.to() + said - kept));
  }

  @Override
  public void compare(Scope scope, Tally tally) {
    LocalReading reading = reading();
    compare(
        scope,
        (rank, wanted) ->
            right.areDumped(rank) ? right.of(rank, scope) : reference.of(rank, reading, wanted),
        tally);
  }

  private void compare(Scope scope, StateComparison.Source states, Tally tally) {
    for (RankStep rank : step.ranks()) {
      if (scope.hasRank(rank.rank())) {
        compare(rank, states.of(rank, scope::hasToken), scope, tally);
      }
    }
  }

  private void live(List<Suspect> all, String name, DoublePredicate reported) {
    all.add(new Suspect(name, (scope, tally) -> compareLive(scope, reported, tally)));
  }

  /** Compares with ranks whose LSE of a row without tokens can be any such number. */
  private void compareLive(Scope scope, DoublePredicate reported, Tally tally) {
    LocalReading reading = reading();
    for (RankStep rank : step.ranks()) {
      if (scope.hasRank(rank.rank())) {
        RowStates states = reference.of(rank, reading, scope::hasToken);
        RankStep marked = rank.has(StepTensor.PARTIAL_LSE) ? marked(rank, states, reported) : rank;
        compare(marked, states, scope, tally);
      }
    }
  }

  /** The rank with marks in place of such LSEs of rows without tokens. */
  private RankStep marked(RankStep rank, RowStates states, DoublePredicate reported) {
    double[] dead = rank.get(StepTensor.PARTIAL_LSE).clone();
    for (int row = 0; row < dead.length; row++) {
      boolean live = states.isEmpty(row) && reported.test(dead[row]);
      dead[row] = live ? step.facts().forms().convention().emptyLse() : dead[row];
    }
    return rank.with(StepTensor.PARTIAL_LSE, dead);
  }

  private void compare(RankStep rank, RowStates expected, Scope scope, Tally tally) {
    StepFacts facts = step.facts();
    int heads = facts.shape().heads();
    for (int row = 0; row < expected.rows(); row++) {
      if (scope.hasToken(row / heads)) {
        compare(rank, expected, row, new Place(rank.rank(), row / heads, row % heads), tally);
      }
    }
  }

  private void compare(RankStep rank, RowStates expected, int row, Place place, Tally tally) {
    Convention convention = step.facts().forms().convention();
    boolean empty = expected.isEmpty(row);
    // A fault that leaves nothing of a row makes zeros of it, and explains no other numbers.
    boolean marked = empty && isRightlyEmpty(rank, place);
    if (rank.has(StepTensor.PARTIAL_LSE)) {
      double got = rank.get(StepTensor.PARTIAL_LSE)[row];
      double right = empty ? mark(convention, got) : inBase(convention, expected.lse(row));
      double bound = empty ? 0 : expected.lseBound(row) / convention.base().nats();
      tally.add(new Element(place, "LSE", got, right, bound));
      marked = empty && convention.marks().mayBeRead(got);
    }
    // The output of a row without tokens may be anything, if its LSE says that it has none.
    if (rank.has(StepTensor.PARTIAL_OUTPUT) && !marked) {
      int dim = expected.dim();
      double[] all = rank.get(StepTensor.PARTIAL_OUTPUT);
      double[] got = Arrays.copyOfRange(all, row * dim, (row + 1) * dim);
      tally.addAll(
          place, i -> "output[" + i + "]", got, expected.output(row), expected.outputBounds(row));
    }
  }

  private boolean isRightlyEmpty(RankStep rank, Place place) {
    return reading().isEmpty(rank, step.facts().tokens().get(place.token()), place.head());
  }

  /**
   * The mark that a row without tokens has to have: any that the merge takes for "no tokens",
   * whichever kernel is usual there.
   */
  static double mark(Convention convention, double got) {
    Marks marks = convention.marks();
    return marks.mayBeRead(got) ? got : marks.given(0);
  }

  private static double inBase(Convention convention, double nats) {
    return convention.base().fromNatural(nats);
  }

  @Override
  public List<Suspect> suspects() {
    List<Suspect> all = new ArrayList<>();
    live(all, "an empty shard reports a live LSE", Double::isFinite);
    live(all, "an empty shard reports LSE = +inf", lse -> lse == Double.POSITIVE_INFINITY);
    live(all, "an empty shard reports LSE = NaN", Double::isNaN);
    all.addAll(new PartialSuspects(step, reading(), reference, this::compare).all());
    roundings(all);
    return List.copyOf(all);
  }
}
