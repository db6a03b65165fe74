package dev.helix.runtime.timing.machine;

import dev.helix.tensor.ControlCharacters;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Reads the fields of one object of a machine file. Every field is asked for once; {@link #close}
 * refuses fields that nobody asked for.
 */
final class ConstantFields implements AutoCloseable {
  private static final Pattern DATE = Pattern.compile("\\d{4}(-\\d{2}(-\\d{2})?)?");
  private static final List<String> FIELDS = List.of("value", "unit", "source", "date");

  /**
   * The least value of a constant. No constant of a real machine is beyond the limits, and no time
   * that is computed from constants within them overflows.
   */
  private static final double LEAST = 1e-9;

  private static final double GREATEST = 1e12;

  private final JsonObject json;
  private final Set<String> known = new HashSet<>();

  ConstantFields(JsonObject json) {
    this.json = json;
  }

  String text(String field) {
    known.add(field);
    String text = json.text(field);
    if (text.isBlank()) {
      throw json.unexpected(field, "words");
    }
    if (ControlCharacters.in(text)) {
      throw json.unexpected(field, "words without control characters");
    }
    return text;
  }

  ConstantFields object(String field) {
    known.add(field);
    return new ConstantFields(json.object(field));
  }

  Constant positive(String field, Unit unit) {
    return constant(field, unit, "a number from 1e-9 to 1e12", LEAST, GREATEST);
  }

  /** A field that holds a positive whole number. */
  Constant count(String field, Unit unit) {
    Constant count = constant(field, unit, "a whole number from 1 to 1e12", 1, GREATEST);
    if (count.value() != Math.rint(count.value())) {
      throw json.object(field).unexpected("value", "a whole number from 1 to 1e12");
    }
    return count;
  }

  Constant atLeastZero(String field, Unit unit) {
    return constant(field, unit, "a number from 0 to 1e12", 0, GREATEST);
  }

  /** A field that may be absent, which means 0. */
  Constant atLeastZeroOrAbsent(String field, Unit unit) {
    known.add(field);
    return json.has(field)
        ? atLeastZero(field, unit)
        : new Constant(0, unit, "absent: no such cost", "2026-11-28");
  }

  /** An object that may be absent. */
  Optional<ConstantFields> objectOrAbsent(String field) {
    known.add(field);
    return json.has(field) ? Optional.of(object(field)) : Optional.empty();
  }

  Constant fraction(String field) {
    return constant(field, Unit.FRACTION, "a number above 0, at most 1", Math.ulp(0.0), 1);
  }

  private Constant constant(
      String field, Unit unit, String expected, double least, double greatest) {
    known.add(field);
    JsonObject constant = json.object(field);
    for (String name : constant.names()) {
      if (!FIELDS.contains(name)) {
        throw constant.unexpected(name, "no field but " + String.join(", ", FIELDS));
      }
    }
    double value = constant.number("value");
    if (!(value >= least && value <= greatest)) {
      throw constant.unexpected("value", expected);
    }
    if (!constant.text("unit").equals(unit.toString())) {
      throw constant.unexpected("unit", "\"" + unit + "\"");
    }
    String source = constant.text("source");
    if (source.isBlank()) {
      throw constant.unexpected("source", "words that say where the value comes from");
    }
    String date = constant.text("date");
    if (!DATE.matcher(date).matches()) {
      throw constant.unexpected("date", "\"YYYY\", \"YYYY-MM\" or \"YYYY-MM-DD\"");
    }
    return new Constant(value, unit, source, date);
  }

  /**
   * Checks that the object has no other fields than those that were asked for.
   *
   * @throws InvalidInputException naming a field that nobody asked for
   */
  @Override
  public void close() {
    for (String name : json.names()) {
      if (!known.contains(name)) {
        List<String> fields = new ArrayList<>(known);
        fields.sort(null);
        throw json.unexpected(name, "no field but " + String.join(", ", fields));
      }
    }
  }
}
