package dev.helix.tests.damage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Damage that knows JSON: fields that are dropped, said twice, renamed or of another type, sections
 * that change places, extreme numbers and strings, and depth.
 */
final class JsonDamage {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Children of one container that can be damaged; a vocabulary has more, all alike. */
  private static final int CHILDREN = 40;

  /** Levels that are looked into; a first change may have nested a thousand more. */
  private static final int DEEPEST = 64;

  private final SplittableRandom random;

  /** What no tree can hold, by the string that stands for it there. */
  private final Map<String, String> literal = new LinkedHashMap<>();

  JsonDamage(SplittableRandom random) {
    this.random = random;
  }

  /** A field or an element: {@code field} of an object, else {@code index} of an array. */
  private record Place(JsonNode parent, String field, int index) {
    JsonNode value() {
      return parent.isObject() ? parent.get(field) : parent.get(index);
    }

    void put(JsonNode value) {
      if (parent instanceof ObjectNode object) {
        object.set(field, value);
      } else if (index < parent.size()) {
        ((ArrayNode) parent).set(index, value);
      }
    }

    void remove() {
      if (parent instanceof ObjectNode object) {
        object.remove(field);
      } else {
        ((ArrayNode) parent).remove(index);
      }
    }
  }

  /** The text of an object with one to three changes. */
  String of(JsonNode original) {
    JsonNode root = original.deepCopy();
    int changes = random.nextInt(5) < 3 ? 1 : 2 + random.nextInt(2);
    for (int i = 0; i < changes; i++) {
      List<Place> places = new ArrayList<>();
      collect(root, places, DEEPEST);
      if (!places.isEmpty()) {
        change(any(places), places);
      }
    }
    String text = root.toString();
    for (Map.Entry<String, String> entry : literal.entrySet()) {
      text = text.replace("\"" + entry.getKey() + "\"", entry.getValue());
    }
    return text;
  }

  private void collect(JsonNode node, List<Place> places, int levels) {
    if (levels == 0) {
      return;
    }
    int first = node.size() <= CHILDREN ? 0 : random.nextInt(node.size() - CHILDREN);
    if (node.isObject()) {
      List<String> names = new ArrayList<>();
      node.fieldNames().forEachRemaining(names::add);
      for (String name : names.subList(first, Math.min(names.size(), first + CHILDREN))) {
        places.add(new Place(node, name, 0));
        collect(node.get(name), places, levels - 1);
      }
    } else if (node.isArray()) {
      for (int i = first; i < Math.min(node.size(), first + CHILDREN); i++) {
        places.add(new Place(node, "", i));
        collect(node.get(i), places, levels - 1);
      }
    }
  }

  private void change(Place place, List<Place> places) {
    JsonNode old = place.value();
    switch (random.nextInt(13)) {
      case 12 -> section(places).put(ExtremeValues.component(random));
      case 0, 1 -> place.remove();
      case 2, 3, 4 -> place.put(extreme());
      case 5 -> place.put(literal(ExtremeValues.literal(random)));
      case 6 -> place.put(near(old));
      case 7 -> place.put(retyped(old));
      case 8 -> rename(place, any(places));
      case 9 -> place.put(any(places).value().deepCopy());
      case 10 -> swap(place, any(places));
      default -> repeat(place);
    }
  }

  /** A place where a whole part can stand, if a few tries find one. */
  private Place section(List<Place> places) {
    Place place = any(places);
    for (int tries = 0; tries < 8 && place.value().isValueNode(); tries++) {
      place = any(places);
    }
    return place;
  }

  private JsonNode extreme() {
    JsonNode value = ExtremeValues.node(random);
    return random.nextInt(20) == 0 ? JSON.textNode(ExtremeValues.text(random)) : value;
  }

  private JsonNode literal(String text) {
    String name = "@" + literal.size() + "@";
    literal.put(name, text);
    return JSON.textNode(name);
  }

  private JsonNode near(JsonNode old) {
    if (!old.isNumber()) {
      return extreme();
    }
    BigDecimal number = old.decimalValue();
    return JSON.numberNode(
        switch (random.nextInt(8)) {
          case 0 -> number.add(BigDecimal.ONE);
          case 1 -> number.subtract(BigDecimal.ONE);
          case 2 -> number.negate();
          case 3 -> number.multiply(BigDecimal.valueOf(2));
          case 4 -> number.add(BigDecimal.valueOf(1L << 31));
          case 5 -> number.add(BigDecimal.valueOf(1L << 32));
          case 6 -> number.multiply(BigDecimal.valueOf(1L << 40));
          default -> number.divide(BigDecimal.valueOf(2));
        });
  }

  private JsonNode retyped(JsonNode old) {
    return switch (random.nextInt(4)) {
      case 0 -> JSON.arrayNode().add(old.deepCopy());
      case 1 -> JSON.objectNode().set("type", old.deepCopy());
      case 2 -> JSON.textNode(old.asText());
      default -> old.isTextual() ? literal(old.asText().isEmpty() ? "0" : "1e3") : JSON.nullNode();
    };
  }

  private void rename(Place place, Place other) {
    if (place.parent() instanceof ObjectNode object) {
      JsonNode value = object.remove(place.field());
      String name =
          switch (random.nextInt(4)) {
            case 0 -> place.field() + "x";
            case 1 -> "";
            case 2 -> ExtremeValues.text(random);
            default -> other.field();
          };
      object.set(name, value);
    } else {
      place.remove();
    }
  }

  private static void swap(Place one, Place other) {
    JsonNode first = one.value().deepCopy();
    one.put(other.value().deepCopy());
    other.put(first);
  }

  /** An element twice, or a field of one name twice, which no tree can hold. */
  private void repeat(Place place) {
    if (place.parent() instanceof ObjectNode object) {
      String name = "@" + literal.size() + "@";
      literal.put(name, JSON.textNode(place.field()).toString());
      object.set(name, random.nextBoolean() ? place.value().deepCopy() : extreme());
    } else {
      ArrayNode array = (ArrayNode) place.parent();
      int times = random.nextInt(10) == 0 ? 1_000 : 1;
      for (int i = 0; i < times; i++) {
        array.add(array.get(place.index()).deepCopy());
      }
    }
  }

  private Place any(List<Place> places) {
    return places.get(random.nextInt(places.size()));
  }
}
