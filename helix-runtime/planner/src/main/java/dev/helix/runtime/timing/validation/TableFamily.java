package dev.helix.runtime.timing.validation;

import java.util.List;

/**
 * The family that a row of the public tables counts in. Each operation of each program is a family
 * by itself, whatever the number of its rows, heads or GPUs. What the tables tell apart by program,
 * such as attention, is not joined, and what they measure of one program, such as its GEMMs of one
 * row and of several, is not parted.
 *
 * @param kind what was measured, as {@link ModelledTime} knows it
 * @param limit the error of rows of the check part that was asked of the preset {@code silicon}
 *     before it was fitted, as a fraction
 */
record TableFamily(String name, String kind, double limit) {
  private static final double ATTENTION_AND_ALL_REDUCE = 0.10;
  private static final double EXCHANGES_AND_EXPERTS = 0.15;
  private static final double GEMMS = 0.20;

  /** The family of a row, from the words by which the table names it. */
  static TableFamily of(String words) {
    List<String> word = List.of(words.replace("m=1 ", "").split(" "));
    String last = word.get(word.size() - 1);
    return switch (word.get(0)) {
      case "gemm" ->
          new TableFamily(
              "GEMM %s, %s".formatted(format(word.get(1)), program(last)), "gemm", GEMMS);
      case "gqa" -> new TableFamily("GQA, " + program(last), "gqa", ATTENTION_AND_ALL_REDUCE);
      case "mla" -> new TableFamily("MLA, " + program(last), "mla", ATTENTION_AND_ALL_REDUCE);
      case "nccl" ->
          new TableFamily(
              "NCCL " + exchange(last), "nccl " + exchange(last), EXCHANGES_AND_EXPERTS);
      case "custom" -> new TableFamily("all-reduce", "allReduce", ATTENTION_AND_ALL_REDUCE);
      case "NVLinkOneSided" ->
          new TableFamily("expert " + last + ", one-sided", last, EXCHANGES_AND_EXPERTS);
      case "NVLinkTwoSided" ->
          new TableFamily(
              "expert " + last + ", two-sided", "twoSided " + last, EXCHANGES_AND_EXPERTS);
      case "moe" -> new TableFamily("experts, " + program(last), "experts", EXCHANGES_AND_EXPERTS);
      default ->
          throw new IllegalArgumentException("rows of '%s' are of no family".formatted(words));
    };
  }

  private static String format(String dtype) {
    return dtype.equals("bfloat16") ? "BF16" : dtype.toUpperCase(java.util.Locale.ROOT);
  }

  private static String exchange(String word) {
    return word.equals("alltoall") ? "all-to-all" : word.replace('_', '-');
  }

  private static String program(String word) {
    return switch (word) {
      case "sglang" -> "SGLang";
      case "vllm" -> "vLLM";
      default -> "TensorRT-LLM";
    };
  }
}
