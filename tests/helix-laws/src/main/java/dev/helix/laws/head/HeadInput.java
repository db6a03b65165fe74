package dev.helix.laws.head;

/**
 * What a head under test is given: the last hidden states of some requests, and the whole weight,
 * of which each rank has ⌈V/N⌉ rows, the last ones fewer. Components of a hidden state are 1 or −1,
 * so that a final norm whose weights are 1 and whose ε is negligible leaves them as they are.
 * Weights are small multiples of 1/8: every logit is exact in every order of its sum.
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

  /** N. */
  public int ranks() {
    return ranks;
  }

  public int hidden() {
    return hidden;
  }

  /** Hidden states. */
  public int rows() {
    return states.length / hidden;
  }

  /** V, the words of the vocabulary. */
  public int vocabulary() {
    return weight.length / hidden;
  }

  /** ⌈V/N⌉, the rows of the weight that a rank has room for. */
  public int share() {
    return (vocabulary() + ranks - 1) / ranks;
  }

  /** {@code [rows, hidden]}, row-major. */
  public double[] states() {
    return states.clone();
  }

  /** {@code [vocabulary, hidden]}. */
  public double[] weight() {
    return weight.clone();
  }
}
