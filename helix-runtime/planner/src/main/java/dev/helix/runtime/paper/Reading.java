package dev.helix.runtime.paper;

import java.util.ArrayList;
import java.util.List;

/**
 * One way to read the paper's comparison.
 *
 * @param helix what Helix is, in words
 * @param baseline what it is compared with, in words
 */
public record Reading(String helix, String baseline, Comparison comparison) {
  /** Helix alone or with its data parallel groups, against each baseline. */
  static List<Reading> byBaseline(ModelStudy study, boolean groups) {
    List<Reading> readings = new ArrayList<>();
    for (Baselines baselines : Baselines.values()) {
      readings.add(
          new Reading(
              groups ? "Helix with data parallel groups of Helix" : "Helix",
              baselines.toString(),
              new Comparison(
                  study.helix(ModelStudy.Overlap.IDEALISED, groups), study.baseline(baselines))));
    }
    return readings;
  }

  /** Helix under each way to count HOP-B, against the binding baseline and against all rivals. */
  static List<Reading> byOverlap(ModelStudy study) {
    List<Reading> readings = new ArrayList<>();
    for (ModelStudy.Overlap overlap : ModelStudy.Overlap.values()) {
      readings.add(byOverlap(study, overlap, Baselines.MEDHA_AS_TPA, "the binding baseline"));
      readings.add(byOverlap(study, overlap, Baselines.EVERYTHING, "all rivals"));
    }
    return readings;
  }

  private static Reading byOverlap(
      ModelStudy study, ModelStudy.Overlap overlap, Baselines baselines, String words) {
    return new Reading(
        overlap.toString(),
        words,
        new Comparison(study.helix(overlap, false), study.baseline(baselines)));
  }
}
