package dev.helix.runtime.timing.validation;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The family that a row of the public tables counts in.
 *
 * @param kind what was measured, as {@link ModelledTime} knows it
 * @param limit the error that the {@code silicon} preset promises, as a fraction; empty where it
 *     promises nothing
 */
record TableFamily(String name, String kind, OptionalDouble limit) {
  /** The family of a row, from the words by which the table names it. */
  static TableFamily of(String words) {
    List<String> word = List.of(words.replace("m=1 ", "").split(" "));
    String last = word.get(word.size() - 1);
    return switch (word.get(0)) {
      case "gemm" -> gemm(words, "GEMM %s, %s".formatted(format(word.get(1)), program(last)));
      case "gqa" -> new TableFamily("GQA, " + program(last), "gqa", promisedOfGqa(last));
      // One set of constants stands for both frameworks, whose kernels are the same.
      case "mla" -> promising(0.10, "MLA", "mla");
      case "nccl" -> promising(0.15, "NCCL " + exchange(last), "nccl " + exchange(last));
      case "custom" -> promising(0.10, "all-reduce", "allReduce");
      case "NVLinkOneSided" -> promising(0.15, "expert " + last, last);
      case "NVLinkTwoSided" ->
          new TableFamily("expert " + last + ", two-sided", last, OptionalDouble.empty());
      case "moe" -> new TableFamily("experts, " + program(last), "experts", OptionalDouble.empty());
      default ->
          throw new IllegalArgumentException("rows of '%s' are of no family".formatted(words));
    };
  }

  /**
   * With one row, vLLM takes another FP8 kernel than with several; no constants were fitted to it.
   */
  private static TableFamily gemm(String words, String name) {
    return words.equals("gemm m=1 fp8 vllm")
        ? new TableFamily(name + ", one row", "gemm", OptionalDouble.empty())
        : promising(0.20, name, "gemm");
  }

  /** The constants stand for the kernel as TensorRT-LLM calls it. */
  private static OptionalDouble promisedOfGqa(String program) {
    return program.equals("trtllm") ? OptionalDouble.of(0.10) : OptionalDouble.empty();
  }

  private static TableFamily promising(double limit, String name, String kind) {
    return new TableFamily(name, kind, OptionalDouble.of(limit));
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
