package dev.helix.laws.head;

/**
 * The question to a head under test: the last hidden states of some requests, and the whole weight.
 * Each rank has ⌈V/N⌉ rows of the weight, and the last ranks have fewer. Components of a hidden
 * state are 1 or −1, so that a final norm whose weights are 1 and whose ε is negligible leaves them
 * as they are. Weights are small multiples of 1/8, so that every logit is exact in every order of
 * its sum.
 */
public final class HeadInput {
  private final int ranks;
  private final int hidden;
  private final double[] states;
  private final double[] weight;

  /** Keeps the arrays. */
  HeadInput(int ranks, int hidden, double[] states, double[] weight) {
    this.ranks = ranks;
    this.hidden = hidden;
    this.states = states;
    this.weight = weight;
  }

  /** Number N of ranks. */
  public int ranks() {
    return ranks;
  }

  public int hidden() {
    return hidden;
  }

  /** Number of hidden states. */
  public int rows() {
    return states.length / hidden;
  }

  /** Number V of words of the vocabulary. */
  public int vocabulary() {
    return weight.length / hidden;
  }

  /** Number ⌈V/N⌉ of rows of the weight for which a rank has room. */
  public int share() {
    return (vocabulary() + ranks - 1) / ranks;
  }

  /** The hidden states, {@code [rows, hidden]}, row-major. */
  public double[] states() {
    return states.clone();
  }

  /** The weight, {@code [vocabulary, hidden]}, row-major. */
  public double[] weight() {
    return weight.clone();
  }
}
