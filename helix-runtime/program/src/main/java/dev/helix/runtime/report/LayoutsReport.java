package dev.helix.runtime.report;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonInclude;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.reading.ExactReading;
import java.util.List;
import java.util.Optional;

/**
 * The runs of the same requests on many layouts, as {@code helix layouts --json} writes them.
 * Component names are the names of the JSON fields.
 *
 * @param question what the user asked
 * @param runs one run for each layout and placement, in the order of the table
 * @param digests number of different digests among the runs
 * @param difference the first logit of the first run that differs from its definition, in words;
 *     left out if none differs or none was compared
 * @param passed whether all runs have one digest, no logit differs from its definition, and all
 *     parts that were compared are within their bounds; left out under a reading whose bits may
 *     depend on the layout
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record LayoutsReport(
    Question question,
    List<Run> runs,
    int digests,
    Optional<String> difference,
    Optional<Boolean> passed) {
  /**
   * The question that the user asked.
   *
   * @param latentEpsilon ε with which compressed queries and latents are normalised; left out for a
   *     model without latent attention
   * @param promptTokens the prompt of each request as token ids
   * @param maxNew the largest number of new tokens of each request
   * @param strategies the strategies whose layouts were run
   * @param kv the number format of the KV cache
   * @param weights the number format to which weights were rounded
   * @param verify whether the first run is compared with the definition, under the exact reading
   * @param shares whether each layout's parts are held against the baseline, too
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Question(
      String model,
      Optional<Double> latentEpsilon,
      List<List<Integer>> promptTokens,
      int maxNew,
      List<String> strategies,
      String reading,
      String kv,
      String weights,
      boolean hopB,
      boolean verify,
      boolean shares) {}

  /**
   * One run.
   *
   * @param logitsSha256 the digest of the logits of all requests in turn, as little-endian doubles
   * @param parts what was found of the layout's parts; left out if that was not asked
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Run(
      LayoutFields layout, double tokensPerSecond, String logitsSha256, Optional<Parts> parts) {
    /** The run of a plan. */
    public static Run of(DecodePlan plan, DecodeResult result, Optional<Parts> parts) {
      return new Run(
          LayoutFields.of(plan.strategy(), plan.checkpoint().config()),
          result.tokensPerSecond(),
          LogitsDigest.ofAll(result),
          parts);
    }
  }

  /**
   * What was found of the parts of one layout, in double precision.
   *
   * @param passed whether every part of every layer is within the bound derived for it
   * @param worstShare the largest share of its bound that any element took
   * @param mostBytesSent bytes that the rank which sent most has sent in the whole run
   */
  public record Parts(boolean passed, double worstShare, long mostBytesSent) {}

  /** Number of layouts with a part beyond its bound. */
  @JsonIgnore
  public long brokenParts() {
    return runs.stream()
        .flatMap(run -> run.parts().stream())
        .filter(parts -> !parts.passed())
        .count();
  }

  /** The report of all runs. */
  public static LayoutsReport of(Question question, List<Run> runs, Optional<String> difference) {
    int digests = (int) runs.stream().map(Run::logitsSha256).distinct().count();
    boolean parts = runs.stream().flatMap(run -> run.parts().stream()).allMatch(Parts::passed);
    boolean passed = digests == 1 && difference.isEmpty() && parts;
    return new LayoutsReport(
        question,
        runs,
        digests,
        difference,
        question.reading().equals(ExactReading.NAME) ? Optional.of(passed) : Optional.empty());
  }
}
