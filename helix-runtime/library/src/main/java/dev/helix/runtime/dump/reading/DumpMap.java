package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.dialect.NamedTensor;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A file in which the user says what the tensors of a dump are. Tensors that it does not name take
 * no part.
 */
final class DumpMap {
  private final String file;
  private final List<MapEntry> entries;

  private DumpMap(JsonObject map) {
    this.file = map.file();
    for (String field : map.names()) {
      if (!field.equals("tensors")) {
        throw map.unexpected(field, "no field but tensors");
      }
    }
    this.entries = map.objects("tensors").stream().map(MapEntry::new).toList();
  }

  /**
   * Reads a map.
   *
   * @throws InvalidInputException naming the file and the field
   */
  static DumpMap of(JsonObject map) {
    return new DumpMap(map);
  }

  /**
   * What the map says of tensors.
   *
   * @throws InvalidInputException if an entry is about no tensor, or a tensor has two entries
   */
  List<NamedTensor> apply(List<NamedTensor> tensors) {
    boolean[] used = new boolean[entries.size()];
    List<NamedTensor> known = new ArrayList<>();
    for (NamedTensor tensor : tensors) {
      int before = -1;
      for (int i = 0; i < entries.size(); i++) {
        Optional<NamedTensor> said = entries.get(i).apply(tensor);
        if (said.isPresent() && before >= 0) {
          throw new InvalidInputException(
              "%s: tensors: expected one entry for %s, got entries %d and %d"
                  .formatted(file, tensor.data().described(), before, i));
        }
        if (said.isPresent()) {
          before = i;
          used[i] = true;
          known.add(said.get());
        }
      }
    }
    for (int i = 0; i < used.length; i++) {
      if (!used[i]) {
        throw entries.get(i).absent();
      }
    }
    return known;
  }
}
