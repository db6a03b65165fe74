package dev.helix.attention.convention;

/** The base of the logarithm in which log-sum-exps are exported; kernels on exp2 use base 2. */
public enum LogBase {
  E(1.0),
  TWO(0.6931471805599453);

  /** 1 / ln 2, correctly rounded. */
  private static final double LOG2_E = 1.4426950408889634;

  private final double naturalLog;

  LogBase(double naturalLog) {
    this.naturalLog = naturalLog;
  }

  /** ln of the base, correctly rounded: the number of nats in one unit of this logarithm. */
  public double nats() {
    return naturalLog;
  }

  /** Converts a logarithm of this base to a natural one; in base 2 this takes two roundings. */
  public double toNatural(double logarithm) {
    return this == E ? logarithm : logarithm * naturalLog;
  }

  /** Converts a natural logarithm to one of this base; in base 2 this takes two roundings. */
  public double fromNatural(double logarithm) {
    return this == E ? logarithm : logarithm * LOG2_E;
  }
}
