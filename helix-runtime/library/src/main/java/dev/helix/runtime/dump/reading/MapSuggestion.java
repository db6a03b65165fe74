package dev.helix.runtime.dump.reading;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.dump.dialect.NamedTensor;
import dev.helix.runtime.dump.dialect.PathNumbers;
import dev.helix.tensor.ControlCharacters;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ElementType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Writes a first version of a map, from the names and the shapes of tensors. */
final class MapSuggestion {
  private final Map<String, NamedTensor> first = new LinkedHashMap<>();
  private final Map<String, ObjectNode> entries = new LinkedHashMap<>();

  private MapSuggestion(List<NamedTensor> tensors) {
    boolean folders = tensors.stream().map(tensor -> folder(path(tensor))).distinct().count() > 1;
    for (NamedTensor tensor : tensors) {
      ObjectNode entry = JsonNodeFactory.instance.objectNode();
      String path = path(tensor);
      int name = path.lastIndexOf('/') + 1;
      String end = folders ? folder(path) + path.substring(name) : path.substring(name);
      entry.put("file", pattern(end));
      if (!tensor.data().name().isEmpty()) {
        entry.put("tensor", pattern(tensor.data().name()));
      }
      if (first.putIfAbsent(entry.toString(), tensor) == null) {
        entries.put(entry.toString(), entry);
      }
    }
  }

  private static String path(NamedTensor tensor) {
    return tensor.data().file().replace('\\', '/');
  }

  /** The name of a file's folder with a slash behind it. */
  private static String folder(String path) {
    int name = path.lastIndexOf('/') + 1;
    return path.substring(path.lastIndexOf('/', name - 2) + 1, name);
  }

  /** A pattern that a map can have: of a very long name its beginning. */
  private static String pattern(String name) {
    String pattern = PathNumbers.pattern(name);
    if (pattern.length() <= NamePattern.MAX_CHARS) {
      return pattern;
    }
    String begin = pattern.substring(0, NamePattern.MAX_CHARS / 2);
    boolean cut = begin.lastIndexOf('{') > begin.lastIndexOf('}');
    return (cut ? begin.substring(0, begin.lastIndexOf('{')) : begin) + "*";
  }

  /** A map of tensors, one line for each kind. */
  static String of(List<NamedTensor> tensors) {
    MapSuggestion suggestion = new MapSuggestion(tensors);
    Set<String> lines = new LinkedHashSet<>();
    suggestion.entries.forEach((key, entry) -> lines.add(suggestion.line(key, entry)));
    return lines.stream()
        .collect(Collectors.joining(",\n    ", "{\n  \"tensors\": [\n    ", "\n  ]\n}\n"));
  }

  private String line(String key, ObjectNode entry) {
    NamedTensor tensor = first.get(key);
    Role named = role(tensor).orElse(Role.IGNORED);
    List<DumpAxis> axes = named == Role.IGNORED ? List.of() : axes(tensor.as(named));
    // A name may mean something else: no role of it has as many axes.
    Role role = axes.size() == tensor.data().axes() ? named : Role.IGNORED;
    entry.put("role", role.toString());
    if (role != Role.IGNORED) {
      ArrayNode names = entry.putArray("axes");
      axes.forEach(axis -> names.add(axis.toString()));
      ElementType type = tensor.data().type();
      boolean bytes = role.isCache() && type == ElementType.U8;
      entry.put("dtype", (bytes ? ElementType.F8_E4M3 : type).toString());
    }
    ArrayNode shape = entry.putArray("shape");
    tensor.data().shape().forEach(shape::add);
    String json = entry.toString().replace("\":", "\": ").replace(",\"", ", \"");
    // Not all control characters have to be escaped in JSON, but a terminal obeys all.
    return ControlCharacters.escaped(json);
  }

  private static Optional<Role> role(NamedTensor tensor) {
    return tensor.role().or(() -> RoleNames.of(tensor.name()));
  }

  /** The axes that the other tensors of the same rank leave, or else the most usual ones. */
  private List<DumpAxis> axes(NamedTensor tensor) {
    List<NamedTensor> group = new ArrayList<>();
    group.add(tensor);
    for (NamedTensor other : first.values()) {
      Optional<Role> role = role(other);
      if (role.isPresent() && other.of().equals(tensor.of()) && other.data() != tensor.data()) {
        group.add(other.as(role.get()));
      }
    }
    try {
      return AxisResolution.of(group, 1, 1).get(0).axes();
    } catch (InvalidInputException e) {
      Role role = tensor.role().orElseThrow();
      return RoleAxes.of(role, tensor.data().axes(), true).stream().findFirst().orElse(List.of());
    }
  }
}
