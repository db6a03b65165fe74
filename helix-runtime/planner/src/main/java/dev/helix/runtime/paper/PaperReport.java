package dev.helix.runtime.paper;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * The claims and their readings as {@code helix paper --json} writes them. Component names are the
 * names of the JSON fields.
 *
 * @param context number of tokens to which each request attends
 * @param gpus the most GPUs of an instance
 * @param preset the time model's constants
 */
public record PaperReport(int context, int gpus, String preset, List<OfModel> models) {
  /** The report of the studies. */
  public static PaperReport of(List<OfModel> models) {
    return new PaperReport(ModelStudy.CONTEXT, ModelStudy.GPUS, "paper", models);
  }

  /**
   * One model.
   *
   * @param claims its headline claims, in the reading that the aim binds
   * @param withoutHopB what it loses without HOP-B
   * @param readings every reading
   * @param changes how the comparison with TP moves with what the paper does not say; left out if
   *     it was not asked for
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record OfModel(
      String model,
      List<Claimed> claims,
      Loss withoutHopB,
      Readings readings,
      Optional<List<Changed>> changes) {
    /** The report of a study. */
    public static OfModel of(ModelStudy study, Optional<List<Sensitivity.Row>> rows) {
      return new OfModel(
          study.model(),
          Arrays.stream(Claim.values())
              .filter(claim -> claim.model().equals(study.model()))
              .map(claim -> Claimed.of(claim, study.binding()))
              .toList(),
          Loss.of(HopBLoss.of(study)),
          Readings.of(study),
          rows.map(all -> all.stream().map(Changed::of).toList()));
    }
  }

  /**
   * A claim.
   *
   * @param ours our factor; left out if Helix does not reach the baseline's best TTL
   * @param ratio ours over the published one; left out likewise
   * @param reproduced whether ours is within a tenth of it
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Claimed(
      String claim,
      double published,
      Optional<Double> ours,
      Optional<Double> ratio,
      boolean reproduced) {
    static Claimed of(Claim claim, Comparison comparison) {
      Optional<Double> ours = boxed(claim.of(comparison));
      return new Claimed(
          claim.toString(),
          claim.published(),
          ours,
          ours.map(own -> own / claim.published()),
          ours.filter(own -> Math.abs(own / claim.published() - 1) <= Claim.AIM).isPresent());
    }
  }

  /**
   * A share of tokens/s/user that is lost without HOP-B.
   *
   * @param ours the greatest share at equal tokens/s/GPU
   * @param ratio ours over the published one
   * @param reproduced whether ours is within a tenth of it
   * @param atEqualLayout the greatest share at the same layout and batch
   */
  public record Loss(
      double published, double ours, double ratio, boolean reproduced, double atEqualLayout) {
    static Loss of(HopBLoss loss) {
      return new Loss(
          loss.published(), loss.ours(), loss.ratio(), loss.isReproduced(), loss.atEqualLayout());
    }
  }

  /**
   * All readings of a model.
   *
   * @param comparisons one for each reading
   * @param atEqualBatch TTL of the binding baseline over that of Helix at the batches that both
   *     frontiers have; left out if there is none
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Readings(List<Compared> comparisons, Optional<AtEqualBatch> atEqualBatch) {
    static Readings of(ModelStudy study) {
      Comparison binding = study.binding();
      return new Readings(
          Stream.of(
                  Reading.byBaseline(study, false),
                  Reading.byBaseline(study, true),
                  Reading.byOverlap(study))
              .flatMap(List::stream)
              .map(Compared::of)
              .toList(),
          binding.most().map(most -> new AtEqualBatch(binding.least().orElseThrow(), most)));
    }
  }

  /** The least and the greatest gain. */
  public record AtEqualBatch(Comparison.AtBatch least, Comparison.AtBatch most) {}

  /**
   * One reading.
   *
   * @param figures the comparison, as fields of the object
   */
  public record Compared(String helix, String baseline, @JsonUnwrapped Figures figures) {
    static Compared of(Reading reading) {
      return new Compared(reading.helix(), reading.baseline(), Figures.of(reading.comparison()));
    }
  }

  /**
   * One change of the setting.
   *
   * @param figures Helix against TP, as fields of the object
   */
  public record Changed(String change, @JsonUnwrapped Figures figures) {
    static Changed of(Sensitivity.Row row) {
      return new Changed(row.change(), Figures.of(row.comparison()));
    }
  }

  /**
   * Helix against a baseline.
   *
   * @param user best tokens/s/user of Helix over that of the baseline; left out if nothing fits
   * @param batch requests of Helix over those of the baseline at its best TTL, on the grid; left
   *     out if Helix is not as fast
   * @param curve tokens/s/GPU of Helix over that of the baseline
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Figures(Optional<Double> user, Optional<Double> batch, List<AtShare> curve) {
    static Figures of(Comparison comparison) {
      if (comparison.helix().isEmpty() || comparison.baseline().isEmpty()) {
        return new Figures(Optional.empty(), Optional.empty(), List.of());
      }
      return new Figures(
          Optional.of(comparison.interactivity()),
          boxed(comparison.batchAtEqualTtl()),
          PaperTable.SHARES.stream()
              .map(share -> new AtShare(share, boxed(comparison.throughputAt(share))))
              .toList());
    }
  }

  /**
   * A point of the curve.
   *
   * @param share of the baseline's best tokens/s/user
   * @param perGpu ratio of tokens/s/GPU there; left out where Helix is not as fast
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record AtShare(double share, Optional<Double> perGpu) {}

  private static Optional<Double> boxed(OptionalDouble value) {
    return value.stream().boxed().findFirst();
  }
}
