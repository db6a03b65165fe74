package dev.helix.runtime.sharded.stages;

import dev.helix.attention.bounds.KernelErrorBound;
import dev.helix.attention.convention.KernelRoundings;
import dev.helix.runtime.sharded.RankStep;
import dev.helix.runtime.sharded.ShardedStep;
import dev.helix.runtime.sharded.StepFacts;
import dev.helix.runtime.sharded.StepTensor;
import dev.helix.runtime.sharded.reference.Digits;
import dev.helix.runtime.sharded.reference.LocalReading;
import dev.helix.runtime.sharded.reference.PartialReference;
import dev.helix.runtime.sharded.reference.RowStates;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * The states of ranks that attend as the placement says, computed once for the stages that need
 * them.
 */
public final class RightStates {
  private final ShardedStep step;
  private final PartialReference reference;
  private final Digits digits;
  private final LongConsumer progress;
  private final Map<Integer, RowStates> whole;

  /**
   * Creates the states of a step.
   *
   * @param progress is told how many tokens of caches were read
   */
  public RightStates(ShardedStep step, Digits digits, LongConsumer progress) {
    this(
        step,
        new PartialReference(step.facts(), digits, progress),
        digits,
        progress,
        new HashMap<>());
  }

  private RightStates(
      ShardedStep step,
      PartialReference reference,
      Digits digits,
      LongConsumer progress,
      Map<Integer, RowStates> whole) {
    this.step = step;
    this.reference = reference;
    this.digits = digits;
    this.progress = progress;
    this.whole = whole;
  }

  /**
   * The same states of a step whose numbers are read under another convention, which shares what
   * was computed.
   *
   * @throws IllegalArgumentException if the kernel or the cache is another one
   */
  public RightStates under(ShardedStep other) {
    StepFacts.Forms forms = other.facts().forms();
    StepFacts.Forms own = step.facts().forms();
    if (!forms.kernel().equals(own.kernel()) || !forms.cache().equals(own.cache())) {
      throw new IllegalArgumentException("expected %s, got %s".formatted(own, forms));
    }
    return new RightStates(other, reference, digits, progress, whole);
  }

  /** The same states with the bounds of a kernel that rounds in another way. */
  public RightStates under(KernelRoundings kernel) {
    StepFacts facts = step.facts();
    StepFacts.Forms forms = facts.forms();
    ShardedStep other =
        step.under(facts.with(new StepFacts.Forms(kernel, forms.convention(), forms.cache())));
    RightStates changed = new RightStates(other, digits, progress);
    KernelErrorBound bound = new KernelErrorBound(kernel, facts.shape().keyDim());
    whole.forEach((rank, states) -> changed.whole.put(rank, states.under(bound)));
    return changed;
  }

  /** The step. */
  public ShardedStep step() {
    return step;
  }

  /** With how many digits the states are computed. */
  public Digits digits() {
    return digits;
  }

  /** What computes states that are not right. */
  PartialReference reference() {
    return reference;
  }

  /** The states of a rank; rows of tokens that a scope does not have are empty. */
  RowStates of(RankStep rank, Scope scope) {
    LocalReading right = LocalReading.of(step.facts());
    return scope.tokens().isEmpty()
        ? whole.computeIfAbsent(rank.rank(), index -> reference.of(rank, right))
        : reference.of(rank, right, scope::hasToken);
  }

  /** Whether a rank says that it keeps as many tokens as the placement gives it. */
  boolean areDumped(RankStep rank) {
    if (!rank.has(StepTensor.LOCAL_LENGTHS)) {
      return true;
    }
    double[] said = rank.get(StepTensor.LOCAL_LENGTHS);
    for (int request = 0; request < said.length; request++) {
      if (said[request] != step.facts().owners().localLength(request, rank.rank())) {
        return false;
      }
    }
    return true;
  }
}
