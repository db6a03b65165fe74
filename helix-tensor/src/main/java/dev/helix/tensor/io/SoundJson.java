package dev.helix.tensor.io;

import com.fasterxml.jackson.databind.JsonNode;
import dev.helix.tensor.InvalidInputException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Refuses what JSON's grammar allows but no reader can represent: halves of surrogate pairs, and
 * numbers beyond the largest double. Other readers of the same file, native ones among them, fail
 * on them.
 */
final class SoundJson {
  private static final Pattern SURROGATE_ESCAPE = Pattern.compile("(?i)\\\\ud[89a-f]");

  private SoundJson() {}

  /**
   * Checks a whole file.
   *
   * @throws InvalidInputException naming the file and what was expected
   */
  static void require(String file, String text, JsonNode root) {
    // UTF-8 has no halves of surrogate pairs, so only an escape can make one.
    if (SURROGATE_ESCAPE.matcher(text).find()
        && !StandardCharsets.UTF_8.newEncoder().canEncode(root.toString())) {
      throw new InvalidInputException(
          file + ": not strict JSON: expected escapes of whole characters, got half of one");
    }
    requireFinite(file, "", root);
  }

  private static void requireFinite(String file, String path, JsonNode node) {
    if (node.isObject()) {
      for (Map.Entry<String, JsonNode> field : node.properties()) {
        String before = path.isEmpty() ? "" : path + ".";
        JsonNode value = field.getValue();
        if (value.isContainerNode() || value.isNumber()) {
          requireFinite(file, before + JsonObject.oneLine(field.getKey()), value);
        }
      }
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        if (node.get(i).isContainerNode() || node.get(i).isNumber()) {
          requireFinite(file, path + "[" + i + "]", node.get(i));
        }
      }
    } else if (!Double.isFinite(node.doubleValue())) {
      throw new InvalidInputException(
          "%s: %s: expected a finite number, got one beyond the largest double"
              .formatted(file, JsonSyntaxError.shortened(path)));
    }
  }
}
