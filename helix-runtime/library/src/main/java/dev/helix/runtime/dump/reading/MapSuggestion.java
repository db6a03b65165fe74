package dev.helix.runtime.dump.reading;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.dump.dialect.NamedTensor;
import dev.helix.runtime.dump.dialect.PathNumbers;
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
    for (NamedTensor tensor : tensors) {
      ObjectNode entry = JsonNodeFactory.instance.objectNode();
      entry.put("file", PathNumbers.pattern(end(tensor.data().file().replace('\\', '/'))));
      if (!tensor.data().name().isEmpty()) {
        entry.put("tensor", PathNumbers.pattern(tensor.data().name()));
      }
      if (first.putIfAbsent(entry.toString(), tensor) == null) {
        entries.put(entry.toString(), entry);
      }
    }
  }

  /** The name of a file, with that of its folder if the folder is a rank's. */
  private static String end(String path) {
    int name = path.lastIndexOf('/') + 1;
    int folder = path.lastIndexOf('/', name - 2) + 1;
    boolean ofRank =
        name > 0 && PathNumbers.of(path.substring(folder, name - 1)).rank().isPresent();
    return path.substring(ofRank ? folder : name);
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
    Role role = role(tensor).orElse(Role.IGNORED);
    entry.put("role", role.toString());
    if (role != Role.IGNORED) {
      List<DumpAxis> axes = axes(tensor.as(role));
      ArrayNode names = entry.putArray("axes");
      axes.forEach(axis -> names.add(axis.toString()));
      ElementType type = tensor.data().type();
      boolean bytes = role.isCache() && type == ElementType.U8;
      entry.put("dtype", (bytes ? ElementType.F8_E4M3 : type).toString());
    }
    ArrayNode shape = entry.putArray("shape");
    tensor.data().shape().forEach(shape::add);
    return entry.toString().replace("\":", "\": ").replace(",\"", ", \"");
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
