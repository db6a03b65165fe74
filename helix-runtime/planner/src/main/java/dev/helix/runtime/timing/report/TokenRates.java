package dev.helix.runtime.timing.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How fast a user gets tokens. All of it is left out for a step with drafts of unknown acceptance.
 *
 * @param tokensPerStep expected number of tokens that a step gives each request
 * @param microsPerToken time of a token: that of a step over its tokens
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record TokenRates(
    Optional<Double> tokensPerStep,
    Optional<Double> microsPerToken,
    Optional<Double> tokensPerSecondPerUser,
    Optional<Double> tokensPerSecondPerGpu) {
  /** The rates of a step. */
  static TokenRates of(StepTime time, Drafts drafts) {
    OptionalDouble expected = drafts.tokensPerStep();
    if (expected.isEmpty()) {
      return new TokenRates(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }
    double tokens = expected.getAsDouble();
    return new TokenRates(
        Optional.of(tokens),
        Optional.of(time.ttlMicros() / tokens),
        Optional.of(tokens * time.tokensPerSecondPerUser()),
        Optional.of(tokens * time.tokensPerSecondPerGpu()));
  }
}
