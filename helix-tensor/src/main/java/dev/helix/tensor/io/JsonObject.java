package dev.helix.tensor.io;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.helix.tensor.ControlCharacters;
import dev.helix.tensor.InvalidInputException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A JSON object of a file that the user gave. The program asks for each field by name and kind.
 * Whatever is wrong with a field is an {@link InvalidInputException} with a message of the form
 * {@code FILE: FIELD: expected WHAT, got VALUE}.
 *
 * <p>JSON is read strictly: the text is UTF-8, no name is twice in an object, no escape is half of
 * a surrogate pair, and nothing follows the end. A field whose value is {@code null} counts as
 * absent.
 */
public final class JsonObject {
  private static final long MAX_FILE_BYTES = 100_000_000;
  private static final int MAX_QUOTED_CHARS = 80;
  private static final Pattern PLAIN_NAME = Pattern.compile("[\\w.-]+");
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String file;
  private final String path;
  private final JsonNode node;

  private JsonObject(String file, String path, JsonNode node) {
    this.file = file;
    this.path = path;
    this.node = node;
  }

  /** Reads a file that holds one object. */
  public static JsonObject read(Path file) {
    return parse(file.toString(), InputFile.bytes(file, MAX_FILE_BYTES));
  }

  /**
   * Parses a text that holds one object.
   *
   * @param file the name of the source in messages
   * @param utf8 the text of one object, in UTF-8
   */
  public static JsonObject parse(String file, byte[] utf8) {
    String text = decode(file, utf8);
    JsonNode node;
    try {
      node = MAPPER.readTree(text);
    } catch (JsonProcessingException e) {
      throw new InvalidInputException(file + ": " + JsonSyntaxError.words(e), e);
    }
    if (!node.isObject()) {
      throw new InvalidInputException(file + ": expected a JSON object, got " + quoted(node));
    }
    SoundJson.require(file, text, node);
    return new JsonObject(file, "", node);
  }

  /** The name of the source in messages. */
  public String file() {
    return file;
  }

  /** The names of all fields, in the file's order. */
  public List<String> names() {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }

  /** Whether {@code field} is there and not {@code null}. */
  public boolean has(String field) {
    return node.hasNonNull(field);
  }

  /** The count in {@code field}, from 1 to the largest {@code int}. */
  public int positive(String field) {
    return integer(field, 1);
  }

  /** The integer in {@code field}, from {@code least} to the largest {@code int}. */
  public int integer(String field, int least) {
    return value(field, integerFrom(least), n -> isInt(n, least)).intValue();
  }

  /**
   * The integers in {@code field}, which holds one integer or a list of them; none if there is no
   * such field.
   */
  public List<Integer> integers(String field, int least) {
    if (!has(field)) {
      return List.of();
    }
    String expected = integerFrom(least) + " or a list of them";
    JsonNode found =
        value(field, expected, n -> isInt(n, least) || isListOf(n, e -> isInt(e, least)));
    return found.isArray() ? list(found, JsonNode::intValue) : List.of(found.intValue());
  }

  /** The finite number in {@code field}. */
  public double number(String field) {
    return value(field, "a finite number", n -> n.isNumber() && Double.isFinite(n.doubleValue()))
        .doubleValue();
  }

  /**
   * The {@code true} or {@code false} in {@code field}; {@code absent} if there is no such field.
   */
  public boolean flag(String field, boolean absent) {
    return has(field) ? value(field, "true or false", JsonNode::isBoolean).booleanValue() : absent;
  }

  public String text(String field) {
    return value(field, "a string", JsonNode::isTextual).textValue();
  }

  public List<String> texts(String field) {
    return list(
        value(field, "a list of strings", n -> isListOf(n, JsonNode::isTextual)),
        JsonNode::textValue);
  }

  /**
   * The list of lists of strings in {@code field}. A plain string in the outer list stands for the
   * list of its words, between single spaces.
   */
  public List<List<String>> textLists(String field) {
    return list(
        value(
            field,
            "a list of strings, or of lists of them",
            n -> isListOf(n, e -> e.isTextual() || isListOf(e, JsonNode::isTextual))),
        e -> e.isTextual() ? List.of(e.textValue().split(" ", -1)) : list(e, JsonNode::textValue));
  }

  /** The list of integers from 0 up in {@code field}, such as a shape. */
  public List<Long> sizes(String field) {
    return list(
        value(field, "a list of integers from 0 up", n -> isListOf(n, JsonObject::isSize)),
        JsonNode::longValue);
  }

  /** The object in {@code field}. Messages call its own fields {@code field.name}. */
  public JsonObject object(String field) {
    return object(field, oneLine(field) + ".");
  }

  /** The object in {@code field}. Messages put {@code label} before the names of its fields. */
  JsonObject object(String field, String label) {
    return new JsonObject(file, path + label, value(field, "an object", JsonNode::isObject));
  }

  /** The objects in a list. Messages call their fields {@code field[i].name}. */
  public List<JsonObject> objects(String field) {
    JsonNode list = value(field, "a list of objects", n -> isListOf(n, JsonNode::isObject));
    List<JsonObject> objects = new ArrayList<>();
    for (JsonNode element : list) {
      objects.add(new JsonObject(file, path + field + "[" + objects.size() + "].", element));
    }
    return objects;
  }

  /**
   * The depth of nesting: how many objects and lists are inside each other at the deepest point,
   * this one included.
   */
  public int depth() {
    return depth(node);
  }

  /** Whether {@code field} is a number. */
  public boolean isNumber(String field) {
    return node.path(field).isNumber();
  }

  /** The text or the number in {@code field}, as text. */
  public String plainText(String field) {
    return value(field, "a string or a number", n -> n.isTextual() || n.isNumber()).asText();
  }

  /** Whether {@code field} is an object. */
  public boolean isObject(String field) {
    return node.path(field).isObject();
  }

  /** The length of the list in {@code field}; empty if the field holds something else. */
  public OptionalInt lengthOfList(String field) {
    JsonNode found = node.path(field);
    return found.isArray() ? OptionalInt.of(found.size()) : OptionalInt.empty();
  }

  /** The object in {@code field}; empty if the field is absent. */
  public Optional<JsonObject> optionalObject(String field) {
    return has(field) ? Optional.of(object(field)) : Optional.empty();
  }

  /**
   * Creates the exception for a field whose value is not as expected; the caller throws it. Its
   * message names the file, the field and the value found.
   */
  public InvalidInputException unexpected(String field, String expected) {
    return new InvalidInputException(
        "%s: %s: expected %s, got %s"
            .formatted(
                file,
                JsonSyntaxError.shortened(path + oneLine(field)),
                expected,
                quoted(node.path(field))));
  }

  /**
   * The name as it is if it is short and fits on one line, and otherwise as JSON writes it, cut to
   * a limit. A name in a file can be anything.
   */
  public static String oneLine(String name) {
    return name.length() <= MAX_QUOTED_CHARS && PLAIN_NAME.matcher(name).matches()
        ? name
        : quoted(name);
  }

  /** A name as JSON writes it: one line, whatever is in it. */
  static String quoted(String name) {
    return quoted(TextNode.valueOf(name));
  }

  private JsonNode value(String field, String expected, Predicate<JsonNode> valid) {
    JsonNode found = node.path(field);
    if (!valid.test(found)) {
      throw unexpected(field, expected);
    }
    return found;
  }

  private static String quoted(JsonNode value) {
    if (value instanceof MissingNode) {
      return "nothing";
    }
    String json = value.toString();
    // JSON escapes no control character beyond U+001F. Escapes are longer than what they stand for,
    // so of a long value no more than its start is needed.
    String start = json.substring(0, Math.min(json.length(), MAX_QUOTED_CHARS + 1));
    String line = ControlCharacters.escaped(start);
    return line.length() <= MAX_QUOTED_CHARS ? line : line.substring(0, MAX_QUOTED_CHARS) + "…";
  }

  private static int depth(JsonNode node) {
    return node.isContainerNode()
        ? 1 + node.valueStream().mapToInt(JsonObject::depth).max().orElse(0)
        : 0;
  }

  private static String integerFrom(int least) {
    return "an integer from %d to %d".formatted(least, Integer.MAX_VALUE);
  }

  private static boolean isInt(JsonNode node, int least) {
    return node.isIntegralNumber() && node.canConvertToInt() && node.intValue() >= least;
  }

  private static boolean isSize(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0;
  }

  private static boolean isListOf(JsonNode node, Predicate<JsonNode> valid) {
    return node.isArray() && node.valueStream().allMatch(valid);
  }

  private static <E> List<E> list(JsonNode array, Function<JsonNode, E> value) {
    return array.valueStream().map(value).toList();
  }

  private static String decode(String file, byte[] utf8) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
    } catch (CharacterCodingException e) {
      throw new InvalidInputException(file + ": expected JSON in UTF-8, got other bytes", e);
    }
  }
}
