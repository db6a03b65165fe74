package dev.helix.runtime.lesson;

import java.util.List;

/** Where the console, the source, the laws and the paper show what a step shows. */
final class LessonSteps {
  private static final String DECODE =
      "java -jar helix.jar decode --kvp {kvp} --tpa 1 --run-length {run}";

  private LessonSteps() {}

  /** One entry for each of the ten steps. */
  static List<StepSource> all() {
    return List.of(
        StepSource.of(
            "definition/AttentionDefinition.java",
            "private static double score(",
            "attention-definition",
            "§2.1",
            "java -jar helix.jar decode --kvp 1 --tpa 1"),
        StepSource.of(
            "placement/RoundRobinPlacement.java",
            "public int owner(",
            "placement-owners",
            "§2.1",
            DECODE),
        StepSource.of(
            "definition/AttentionDefinition.java",
            "public static Dyadic weight(",
            "attention-partition",
            "§2.1",
            ""),
        StepSource.of(
            "faults/merge/RowMerge.java", "static double[] correct(", "partition", "§2.1", DECODE),
        StepSource.of(
            "faults/merge/RowMerge.java", "static double[] finished(", "shift", "§2.1", DECODE),
        StepSource.of(
            "merge/ExactMerge.java",
            "public double[] merge(",
            "commutative, associative",
            "§2.1",
            "java -jar helix.jar layouts"),
        StepSource.of(
            "faults/merge/MergeFaults.java",
            "private static double[] rawGap(",
            "bases, partition, commutative",
            "§2.1",
            "java -jar helix.jar decode --kvp {kvp} --tpa 1 --fault base-2-lse-merged-as-base-e"),
        StepSource.of(
            "faults/merge/MergeFaults.java",
            "private static double[] convertedNaturalLogs(",
            "needle",
            "§2.1",
            "java -jar helix.jar museum"),
        StepSource.of(
            "helix/HelixAttention.java",
            "public T attend(",
            "decode-all-to-all",
            "§2.1, §2.2",
            "java -jar helix.jar time --kvp {kvp} --tpa {tpa} --batch 1 --context 1M"),
        StepSource.of(
            "helix/BatchPiece.java",
            "static List<BatchPiece> of(",
            "decode-unsharded, with HOP-B",
            "§2.3",
            LayerTime.command()));
  }
}
