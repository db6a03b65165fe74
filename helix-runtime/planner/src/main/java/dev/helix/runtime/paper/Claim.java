package dev.helix.runtime.paper;

import java.util.OptionalDouble;
import java.util.function.Function;

/** The headline claims (Helix Parallelism, abstract and §3), and how each is read here. */
public enum Claim {
  R1_INTERACTIVITY(
      "deepseek-r1", "best tokens/s/user", 1.5, c -> OptionalDouble.of(c.interactivity())),
  R1_USERS(
      "deepseek-r1",
      "tokens/s/GPU, or users, at the baseline's best TTL",
      32,
      c -> c.throughputAt(1)),
  LLAMA_INTERACTIVITY(
      "llama-405b", "best tokens/s/user", 1.13, c -> OptionalDouble.of(c.interactivity())),
  LLAMA_THROUGHPUT(
      "llama-405b", "tokens/s/GPU at the baseline's best TTL", 4, c -> c.throughputAt(1)),
  LLAMA_BATCH(
      "llama-405b",
      "requests at the baseline's best TTL, on the grid of batches",
      4,
      Comparison::batchAtEqualTtl);

  /** How far off a reproduced claim may be. */
  static final double AIM = 0.10;

  private final String model;
  private final String words;
  private final double published;
  private final Function<Comparison, OptionalDouble> reading;

  Claim(
      String model, String words, double published, Function<Comparison, OptionalDouble> reading) {
    this.model = model;
    this.words = words;
    this.published = published;
    this.reading = reading;
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
    return reading.apply(comparison);
  }

  /** What is compared, in words. */
  @Override
  public String toString() {
    return words;
  }
}
