package dev.helix.runtime.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.decode.DecodePlan;
import dev.helix.runtime.decode.DecodeResult;
import dev.helix.runtime.fault.SwitchedOn;
import dev.helix.runtime.record.TapPoint;
import dev.helix.runtime.timing.report.DeployedStep;
import dev.helix.runtime.timing.report.QuantityCosts;
import dev.helix.runtime.timing.report.Spread;
import dev.helix.runtime.verify.Comparison;
import dev.helix.runtime.verify.FormatEffect;
import dev.helix.runtime.verify.OracleComparison;
import dev.helix.runtime.verify.RoutingCheck;
import dev.helix.runtime.verify.Verification;
import dev.helix.tensor.faults.FaultStory;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * The report of a run, as {@code helix decode --json} writes it. Component names are the names of
 * the JSON fields.
 *
 * @param model name or directory of the checkpoint
 * @param latentEpsilon ε with which compressed queries and latents are normalised; left out for a
 *     model without latent attention
 * @param kv the number format of the KV cache
 * @param weights the number format to which weights were rounded
 * @param fault the shipped fault that was switched on; left out if none was
 * @param verification left out if the run was not verified
 * @param formatEffect how far the formats of cache and weights take the model; left out if neither
 *     is rounded or the run was not verified
 * @param as the step of a deployed model; left out if none was asked for
 * @param oracle left out if the run was not compared with the oracle
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
public record RunReport(
    String model,
    Optional<Double> latentEpsilon,
    LayoutFields layout,
    String reading,
    String kv,
    String weights,
    Optional<FaultFields> fault,
    List<RequestFields> requests,
    Optional<VerificationFields> verification,
    Optional<FormatFields> formatEffect,
    Optional<DeployedFields> as,
    Optional<OracleFields> oracle,
    double tokensPerSecond) {

  /**
   * The fault that was switched on in a run, the results of all checks of it, and the step of a
   * deployed model beside it.
   *
   * @param fault a shipped fault
   * @param verification the comparison with the unsharded baseline
   * @param formats how far the formats of cache and weights take the model
   * @param as a step of a deployed model
   * @param oracle the comparison with 50-digit numbers
   */
  public record Checks(
      Optional<SwitchedOn> fault,
      Optional<CostedVerification> verification,
      Optional<FormatEffect> formats,
      Optional<DeployedStep> as,
      Optional<OracleComparison> oracle) {}

  /**
   * A shipped fault that was switched on.
   *
   * @param rank the only rank that had it; left out if all had it
   * @param layer the only layer that had it; left out if all had it
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record FaultFields(String name, String seenIn, OptionalInt rank, OptionalInt layer) {
    static FaultFields of(SwitchedOn on) {
      FaultStory story = on.fault().story();
      return new FaultFields(story.name(), story.seenIn(), on.site().rank(), on.site().layer());
    }
  }

  /**
   * The prompt of one request, and what was decoded for it.
   *
   * @param text left out for a model without a tokenizer
   * @param logitsSha256 the digest of the logits of every decoded step, {@code [newTokens,
   *     vocabulary]}, as little-endian doubles
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record RequestFields(
      List<Integer> promptTokens,
      List<Integer> newTokens,
      Optional<String> text,
      String logitsSha256) {
    static RequestFields of(DecodeResult.Request request, Optional<String> text) {
      return new RequestFields(
          request.prompt(), request.newTokens(), text, LogitsDigest.sha256(request.logits()));
    }
  }

  /**
   * The comparison with the unsharded baseline.
   *
   * @param routing the choices of experts by layer; left out for a model without experts
   */
  public record VerificationFields(
      boolean passed,
      List<ComparisonFields> comparisons,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<RoutingCheck.Layer> routing,
      List<String> failures) {
    static VerificationFields of(CostedVerification costed) {
      Verification verification = costed.verification();
      return new VerificationFields(
          verification.passed(),
          verification.comparisons().stream()
              .map(comparison -> ComparisonFields.of(comparison, costed.cost(comparison)))
              .toList(),
          verification.routing().layers(),
          verification.failures());
    }
  }

  /**
   * The effect of the formats of cache and weights on the model, compared with the same model with
   * its weights as they are stored and a cache in FP64.
   *
   * @param largestLogitDifference the largest difference of a logit
   * @param tokens how many tokens were chosen
   * @param otherTokens how many of them the other model would not have chosen
   * @param saturated how many numbers were beyond the largest that the cache can store; left out if
   *     the cache is not quantised
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record FormatFields(
      double largestLogitDifference, int tokens, int otherTokens, OptionalLong saturated) {
    static FormatFields of(FormatEffect effect) {
      return new FormatFields(
          effect.largestDifference(), effect.tokens(), effect.otherTokens(), effect.saturated());
    }
  }

  /**
   * The cost of one step of a deployed model.
   *
   * @param spread strategy and widths, as fields of the step
   * @param quantities the costs of the quantities, with all layers added up
   */
  public record DeployedFields(
      String model,
      @JsonUnwrapped Spread spread,
      int context,
      int batch,
      String preset,
      List<QuantityFields> quantities) {
    static DeployedFields of(DeployedStep step) {
      return new DeployedFields(
          step.model(),
          step.spread(),
          step.context(),
          step.batch(),
          step.preset(),
          step.costs().byQuantity().entrySet().stream()
              .map(sum -> new QuantityFields(sum.getKey().toString(), sum.getValue()))
              .toList());
    }
  }

  /** The cost of a quantity: {@code launches}, {@code flops}, {@code bytes}, {@code micros}. */
  public record QuantityFields(String what, @JsonUnwrapped QuantityCosts.Sum cost) {}

  /**
   * The comparison with 50-digit numbers.
   *
   * @param otherExperts number of choices of experts in which the oracle differs
   */
  public record OracleFields(
      boolean passed, List<OracleComparisonFields> comparisons, int otherExperts) {
    static OracleFields of(OracleComparison oracle) {
      return new OracleFields(
          oracle.passed(),
          oracle.rows().stream().map(OracleComparisonFields::of).toList(),
          oracle.otherExperts());
    }
  }

  /**
   * One comparison with 50-digit numbers.
   *
   * @param multipleOfF32 the largest error in units of the largest error of the same formulas in
   *     single precision; left out where these did not err
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record OracleComparisonFields(
      @JsonUnwrapped ComparisonFields comparison, Optional<Double> multipleOfF32) {
    static OracleComparisonFields of(OracleComparison.Row row) {
      return new OracleComparisonFields(
          ComparisonFields.of(row.comparison()), ComparisonFields.finite(row.multiple()));
    }
  }

  /**
   * One comparison. A number that is not finite is left out, and {@code passed} is then false.
   *
   * @param layer index of the layer; left out for quantities outside of the layers
   * @param estimated whether the bound is an estimate and not derived
   * @param nonFinite number of elements that are infinite or NaN on either side
   * @param bound the largest bound of any element
   * @param worstShare largest error of an element as a share of that element's own bound; at most 1
   *     if the comparison passed
   * @param cost the cost of the quantity on one rank, over all steps of the run; left out for
   *     estimated comparisons, and where an earlier comparison has it
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record ComparisonFields(
      Optional<Integer> layer,
      String what,
      boolean passed,
      boolean estimated,
      long elements,
      long nonFinite,
      Optional<Double> maxAbs,
      Optional<Double> maxRelative,
      Optional<Double> maxUlp,
      Optional<Double> bound,
      Optional<Double> worstShare,
      Optional<QuantityCosts.Sum> cost) {
    static ComparisonFields of(Comparison comparison) {
      return of(comparison, Optional.empty());
    }

    static ComparisonFields of(Comparison comparison, Optional<QuantityCosts.Sum> cost) {
      int layer = comparison.place().layer();
      return new ComparisonFields(
          layer == TapPoint.OUTSIDE ? Optional.empty() : Optional.of(layer),
          comparison.what(),
          comparison.report().passed(),
          comparison.estimated(),
          comparison.report().count(),
          comparison.report().nonFinite(),
          finite(comparison.report().maxAbs()),
          finite(comparison.report().maxRelative()),
          finite(comparison.report().maxUlp()),
          finite(comparison.report().largestBound()),
          finite(comparison.report().worstShare()),
          cost);
    }

    /** The number; empty if it is not finite, because JSON has no infinity and no NaN. */
    private static Optional<Double> finite(double number) {
      return Double.isFinite(number) ? Optional.of(number) : Optional.empty();
    }
  }

  /**
   * The report of a run.
   *
   * @param texts the decoded text of each request, in order; empty for a model without a tokenizer
   */
  public static RunReport of(
      String model,
      DecodePlan plan,
      String reading,
      DecodeResult result,
      List<Optional<String>> texts,
      Checks checks) {
    List<RequestFields> requests = new ArrayList<>();
    for (int index = 0; index < texts.size(); index++) {
      requests.add(RequestFields.of(result.requests().get(index), texts.get(index)));
    }
    ModelConfig config = plan.checkpoint().config();
    return new RunReport(
        model,
        config.latent().map(latent -> config.latentNormEpsilon()),
        LayoutFields.of(plan.strategy(), plan.checkpoint().config()),
        reading,
        plan.cache().toString(),
        plan.checkpoint().weightFormat().toString(),
        checks.fault().map(FaultFields::of),
        requests,
        checks.verification().map(VerificationFields::of),
        checks.formats().map(FormatFields::of),
        checks.as().map(DeployedFields::of),
        checks.oracle().map(OracleFields::of),
        result.tokensPerSecond());
  }
}
