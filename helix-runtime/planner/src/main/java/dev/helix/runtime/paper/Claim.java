package dev.helix.runtime.paper;

import java.util.OptionalDouble;

/** The headline claims (Helix Parallelism, abstract and §3), and how each is read here. */
public enum Claim {
  R1_INTERACTIVITY("deepseek-r1", "best tokens/s/user", 1.5),
  R1_USERS("deepseek-r1", "tokens/s/GPU, or users, at the baseline's best TTL", 32),
  LLAMA_INTERACTIVITY("llama-405b", "best tokens/s/user", 1.13),
  LLAMA_THROUGHPUT("llama-405b", "tokens/s/GPU at the baseline's best TTL", 4),
  LLAMA_BATCH("llama-405b", "requests at the baseline's best TTL, on the grid of batches", 4);

  /** How far off a reproduced claim may be. */
  static final double AIM = 0.10;

  private final String model;
  private final String words;
  private final double published;

  Claim(String model, String words, double published) {
    this.model = model;
    this.words = words;
    this.published = published;
  }

  /** The model that the claim is about. */
  public String model() {
    return model;
  }

  /** The published factor. */
  public double published() {
    return published;
  }

  /** Our factor; empty if Helix does not reach the baseline's best TTL. */
  public OptionalDouble of(Comparison comparison) {
    return switch (this) {
      case R1_INTERACTIVITY, LLAMA_INTERACTIVITY -> OptionalDouble.of(comparison.interactivity());
      case R1_USERS, LLAMA_THROUGHPUT -> comparison.throughputAt(1);
      case LLAMA_BATCH -> comparison.batchAtEqualTtl();
    };
  }

  /** What is compared, in words. */
  @Override
  public String toString() {
    return words;
  }
}
