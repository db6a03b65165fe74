package dev.helix.runtime.trace;

import dev.helix.ffn.Dispatch;
import dev.helix.ffn.RouterRule;
import dev.helix.ffn.expertparallel.ExpertParallelSharding;
import dev.helix.ffn.expertparallel.Sending;
import dev.helix.ffn.expertparallel.TokenShares;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The expected uniform load, or for a while a load of stated size, whatever the tokens are. With it
 * traces show how the sizes of a step depend on the load alone. It remembers which loads a step has
 * asked for.
 */
public final class StatedLoad implements LoadModel {
  private final LoadModel expected;
  private final Set<Question> asked = new LinkedHashSet<>();
  private boolean sent;
  private boolean isStated;
  private int assignments;
  private int active;

  /**
   * Begins with the expected load.
   *
   * @param expected the expected load, whose chances steps of several strategies share
   */
  public StatedLoad(UniformExpectation expected) {
    this.expected = expected;
  }

  /**
   * From now on states a load.
   *
   * @param newAssignments number of assignments of every expert group
   * @param newActive number of its experts that are read
   */
  public void state(int newAssignments, int newActive) {
    isStated = true;
    assignments = newAssignments;
    active = newActive;
    asked.clear();
  }

  /** From now on gives the expected load. */
  public void expect() {
    isStated = false;
  }

  /**
   * What the load of an expert group follows from.
   *
   * @param local number of experts of the group
   * @param tokens number of rows of the step
   */
  public record Question(RouterRule rule, int local, int tokens) {
    /** The expected number of assignments to the group, rounded up. */
    public int assignments() {
      return SpreadLoad.assignments(rule, local, tokens);
    }

    /** The expected number of its experts that are read, a fraction. */
    public double active() {
      return SpreadLoad.active(rule, local, tokens);
    }
  }

  /**
   * The one question that was asked since a load was stated, on all ranks and in all layers. Empty
   * if there was none or several, or if a step sends tokens between ranks.
   */
  public Optional<Question> question() {
    return sent || asked.size() != 1 ? Optional.empty() : asked.stream().findFirst();
  }

  /** Whether a step has sent tokens between ranks, which no stated load changes. */
  public boolean hasSent() {
    return sent;
  }

  @Override
  public Dispatch load(int layer, RouterRule rule, int local, int tokens) {
    asked.add(new Question(rule, local, tokens));
    return isStated
        ? SpreadLoad.spread(assignments, local, tokens, active)
        : expected.load(layer, rule, local, tokens);
  }

  @Override
  public Sending send(
      int layer, RouterRule rule, ExpertParallelSharding sharding, TokenShares shares) {
    sent = true;
    return expected.send(layer, rule, sharding, shares);
  }

  @Override
  public Dispatch dispatch(
      int layer, RouterRule rule, ExpertParallelSharding sharding, TokenShares shares) {
    sent = true;
    return expected.dispatch(layer, rule, sharding, shares);
  }

  @Override
  public boolean sameOnEveryRank() {
    return expected.sameOnEveryRank();
  }

  @Override
  public boolean sameInEveryLayer() {
    return expected.sameInEveryLayer();
  }
}
