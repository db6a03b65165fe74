package dev.helix.runtime.report;

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
 * @param passed whether all runs have one digest and no logit differs from its definition; left out
 *     under a reading whose bits may depend on the layout
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
   * @param verify whether the first run is compared with the definition, under the exact reading
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
      boolean hopB,
      boolean verify) {}

  /**
   * One run.
   *
   * @param logitsSha256 the digest of the logits of all requests in turn, as little-endian doubles
   */
  public record Run(LayoutFields layout, double tokensPerSecond, String logitsSha256) {
    /** The run of a plan. */
    public static Run of(DecodePlan plan, DecodeResult result) {
      return new Run(
          LayoutFields.of(plan.strategy()), result.tokensPerSecond(), LogitsDigest.ofAll(result));
    }
  }

  /** The report of all runs. */
  public static LayoutsReport of(Question question, List<Run> runs, Optional<String> difference) {
    int digests = (int) runs.stream().map(Run::logitsSha256).distinct().count();
    boolean passed = digests == 1 && difference.isEmpty();
    return new LayoutsReport(
        question,
        runs,
        digests,
        difference,
        question.reading().equals(ExactReading.NAME) ? Optional.of(passed) : Optional.empty());
  }
}
