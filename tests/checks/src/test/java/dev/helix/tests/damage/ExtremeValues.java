package dev.helix.tests.damage;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Values at the ends of their types, and of the wrong types. */
final class ExtremeValues {
  private static final List<JsonNode> NODES =
      List.of(
              "null",
              "0",
              "-1",
              "1",
              "2",
              "3",
              "true",
              "false",
              "2147483647",
              "2147483648",
              "-2147483648",
              "4294967295",
              "4294967296",
              "9223372036854775807",
              "9223372036854775808",
              "18446744073709551616",
              "0.5",
              "-1.5",
              "1e-320",
              "1e308",
              "1e19",
              "\"\"",
              "\"a\"",
              "\"A\"",
              "\"<x>\"",
              "\" \"",
              "\"\\\\\"",
              "\"(\"",
              "\"0\"",
              "\"▁\"",
              "\"é\"",
              "\"😀\"",
              "\"..\"",
              "\"/\"",
              "\".\"",
              "\"model.safetensors\"",
              "\"bfloat16\"",
              "\"F8_E4M3\"",
              "\"F4\"",
              "\"U8\"",
              "\"F64\"",
              "\"BF16\"",
              "\"MistralForCausalLM\"",
              "\"MixtralForCausalLM\"",
              "\"DeepseekV2ForCausalLM\"",
              "\"yarn\"",
              "\"llama3\"",
              "[]",
              "{}",
              "[[]]",
              "[0]",
              "[-1,-1]",
              "[0,0]",
              "[4294967295]",
              "[\"a\",1]",
              "[0,4294967295]",
              "[2147483647,2147483647]",
              "[9223372036854775807,2]",
              "{\"Regex\":\"(\"}",
              "{\"Regex\":\"(a*)*b\"}",
              "{\"String\":\"\"}",
              "{\"type\":\"yarn\",\"factor\":0}",
              "{\"a\":null}")
          .stream()
          .map(ExtremeValues::parsed)
          .toList();

  /** Parts of tokenizers, each well formed: with others, and with odd numbers in them. */
  private static final List<JsonNode> COMPONENTS = components();

  private static final List<String> TEXTS =
      List.of(
          "\n",
          "\r\n\t",
          "\u0000",
          "\u001b[31m",
          "\u2028",
          "\u202e",
          "\ufffd",
          "%s%n",
          "../x",
          "a/../../b",
          "nul",
          "{}",
          "\"",
          "'",
          "é",
          "😀",
          " ",
          "-",
          "id",
          "type",
          "dtype",
          "__metadata__",
          "vocab",
          "merges",
          "lm_head.weight",
          "model.norm.weight");

  private ExtremeValues() {}

  static JsonNode node(SplittableRandom random) {
    return NODES.get(random.nextInt(NODES.size()));
  }

  /** A part of a tokenizer. */
  static JsonNode component(SplittableRandom random) {
    return COMPONENTS.get(random.nextInt(COMPONENTS.size())).deepCopy();
  }

  /** A string of a kind that breaks lines, paths, formats or limits. */
  static String text(SplittableRandom random) {
    if (random.nextInt(8) > 0) {
      return TEXTS.get(random.nextInt(TEXTS.size()));
    }
    String part = TEXTS.get(random.nextInt(TEXTS.size()));
    return part.repeat(1 << random.nextInt(16));
  }

  /** JSON text, or what looks like it, that no tree can hold. */
  static String literal(SplittableRandom random) {
    int depth = 1 << random.nextInt(14);
    return switch (random.nextInt(11)) {
      case 0 -> "[".repeat(depth) + "]".repeat(depth);
      case 1 -> "{\"type\":".repeat(depth) + "0" + "}".repeat(depth);
      case 2 -> "[".repeat(depth);
      case 3 -> "NaN";
      case 4 -> "-Infinity";
      case 5 -> "1e999999999";
      case 6 -> "1".repeat(depth);
      case 7 -> "0." + "0".repeat(depth) + "1";
      case 8 -> "\"\\ud800\"";
      case 9 -> "\"" + "x".repeat(depth) + "\"";
      default -> "\"(" + "(".repeat(depth) + "\"";
    };
  }

  private static List<JsonNode> components() {
    try (InputStream in = ExtremeValues.class.getResourceAsStream("components.json")) {
      List<JsonNode> components = new ArrayList<>();
      new ObjectMapper().readTree(in).elements().forEachRemaining(components::add);
      return components;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode parsed(String json) {
    try {
      return new ObjectMapper().readTree(json);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(json, e);
    }
  }
}
