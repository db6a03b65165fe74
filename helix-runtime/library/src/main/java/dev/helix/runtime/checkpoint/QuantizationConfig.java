package dev.helix.runtime.checkpoint;

import dev.helix.runtime.checkpoint.weights.BlockScales;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Checks what {@code config.json} and {@code hf_quant_config.json} say of quantised weights. How a
 * weight is stored is seen from its tensors; this refuses what no tensor shows.
 */
final class QuantizationConfig {
  /** The file that ModelOpt writes beside {@code config.json}. */
  static final String MODEL_OPT = "hf_quant_config.json";

  private static final String FIELD = "quantization_config";

  /** Longer patterns are no names of modules. */
  private static final int LONGEST_PATTERN = 300;

  private static final String REGULAR_EXPRESSION = "re:";

  private QuantizationConfig() {}

  /**
   * Checks the method of {@code config.json}.
   *
   * @throws InvalidInputException naming file and field, if it is one that is not read
   */
  static void require(JsonObject json) {
    if (!json.has(FIELD)) {
      return;
    }
    JsonObject quantization = json.object(FIELD);
    switch (quantization.text("quant_method")) {
      case "fp8" -> requireFp8(quantization);
      case "modelopt" -> requireOneOf(quantization, "quant_algo", List.of("NVFP4", "FP8"));
      case "compressed-tensors" ->
          requireOneOf(
              quantization,
              "format",
              List.of("nvfp4-pack-quantized", "mxfp4-pack-quantized", "float-quantized"));
      case "mxfp4" -> {}
      default ->
          throw quantization.unexpected(
              "quant_method", "fp8, modelopt, compressed-tensors or mxfp4");
    }
  }

  /**
   * Checks that each module that is said not to be quantised exists.
   *
   * @param json {@code config.json}
   * @param tensors the names of all tensors
   */
  static void requireModules(JsonObject json, Set<String> tensors) {
    if (json.has(FIELD)) {
      JsonObject quantization = json.object(FIELD);
      for (String field : List.of("ignore", "exclude_modules", "modules_to_not_convert")) {
        requireModules(quantization, field, tensors);
      }
    }
  }

  /**
   * Checks ModelOpt's own file.
   *
   * @param json {@code hf_quant_config.json}
   */
  static void requireModelOpt(JsonObject json, Set<String> tensors) {
    JsonObject quantization = json.object("quantization");
    requireOneOf(quantization, "quant_algo", List.of("NVFP4", "FP8"));
    if (quantization.has("group_size") && quantization.positive("group_size") != 16) {
      throw quantization.unexpected("group_size", "16");
    }
    requireModules(quantization, "exclude_modules", tensors);
  }

  private static void requireFp8(JsonObject quantization) {
    if (quantization.has("fmt")) {
      requireOneOf(quantization, "fmt", List.of("e4m3"));
    }
    if (quantization.has("weight_block_size")
        && !quantization
            .integers("weight_block_size", 1)
            .equals(List.of(BlockScales.BLOCK, BlockScales.BLOCK))) {
      throw quantization.unexpected("weight_block_size", "[128, 128]");
    }
  }

  private static void requireOneOf(JsonObject json, String field, List<String> values) {
    if (json.has(field) && !values.contains(json.text(field))) {
      throw json.unexpected(field, String.join(" or ", values));
    }
  }

  private static void requireModules(JsonObject json, String field, Set<String> tensors) {
    if (!json.has(field)) {
      return;
    }
    Set<String> modules = modules(tensors);
    for (String pattern : json.texts(field)) {
      if (modules.stream().noneMatch(compiled(json, field, pattern).asMatchPredicate())) {
        throw new InvalidInputException(
            "%s: %s: expected modules of the checkpoint, got '%s', which matches none"
                .formatted(json.file(), field, JsonObject.oneLine(pattern)));
      }
    }
  }

  /** All modules that have a tensor, or a module that has one. */
  private static Set<String> modules(Set<String> tensors) {
    Set<String> modules = new HashSet<>();
    for (String tensor : tensors) {
      for (int dot = tensor.lastIndexOf('.'); dot > 0; dot = tensor.lastIndexOf('.', dot - 1)) {
        if (!modules.add(tensor.substring(0, dot))) {
          break;
        }
      }
    }
    return modules;
  }

  /** A name, in which * stands for anything, or a regular expression behind {@code re:}. */
  private static Pattern compiled(JsonObject json, String field, String pattern) {
    try {
      if (pattern.length() > LONGEST_PATTERN) {
        throw new PatternSyntaxException("too long", pattern, LONGEST_PATTERN);
      }
      return pattern.startsWith(REGULAR_EXPRESSION)
          ? Pattern.compile("(?:" + pattern.substring(REGULAR_EXPRESSION.length()) + ").*")
          : Pattern.compile(Pattern.quote(pattern).replace("*", "\\E.*\\Q"));
    } catch (PatternSyntaxException e) {
      throw new InvalidInputException(
          "%s: %s: expected names of modules, got '%s'"
              .formatted(json.file(), field, JsonObject.oneLine(pattern)));
    }
  }
}
