package dev.helix.runtime.advice;

import java.util.OptionalInt;

/**
 * What is wanted.
 *
 * @param ttlMillis the longest token-to-token latency that is good enough
 * @param batch how many requests have to be served; empty for as many as pay
 */
public record Wish(double ttlMillis, OptionalInt batch) {
  double ttlMicros() {
    return 1000 * ttlMillis;
  }
}
