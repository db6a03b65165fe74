package dev.helix.runtime.timing.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The drafts that a step verifies (speculative decoding), and how many tokens the step then gives
 * each request. What proposes the drafts, and the choice between them, takes no time here.
 *
 * @param drafts how many drafts each request has in a step
 * @param acceptance chance that a draft is accepted if all before it are; left out if it was not
 *     given
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record Drafts(int drafts, Optional<Double> acceptance) {
  /** A step without drafts, which gives each request one token. */
  public static final Drafts NONE = new Drafts(0, Optional.empty());

  /**
   * The expected number of tokens that a step gives a request: 1 + a + … + a^D for D drafts of
   * acceptance a, as each is accepted only if all before it are, and the model's own token follows
   * the last accepted one (Leviathan et al., Fast Inference from Transformers via Speculative
   * Decoding, 2023, equation 1). It is one without drafts, and empty if the acceptance is not
   * known.
   */
  @JsonIgnore
  public OptionalDouble tokensPerStep() {
    if (drafts == 0) {
      return OptionalDouble.of(1);
    }
    if (acceptance.isEmpty()) {
      return OptionalDouble.empty();
    }
    double tokens = 0;
    double reached = 1;
    for (int draft = 0; draft <= drafts; draft++) {
      tokens += reached;
      reached *= acceptance.get();
    }
    return OptionalDouble.of(tokens);
  }

  /** The drafts as a part of the question's line; empty if there are none. */
  String words() {
    if (drafts == 0) {
      return "";
    }
    String each = drafts == 1 ? " with 1 draft each" : " with %d drafts each".formatted(drafts);
    return each
        + acceptance.map(rate -> String.format(Locale.ROOT, ", accepted at %s", rate)).orElse("");
  }
}
