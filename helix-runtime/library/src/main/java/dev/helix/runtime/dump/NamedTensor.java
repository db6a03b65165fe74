package dev.helix.runtime.dump;

import dev.helix.tensor.io.FileTensor;
import java.util.List;
import java.util.Optional;

/**
 * A tensor of a dump as its dialect has found it, before its role is known.
 *
 * @param name the name that says the role, without what the dialect puts around it
 * @param role the role, where the dialect or a map states it
 * @param axes the axes, where the dialect or a map states them
 */
record NamedTensor(
    String name,
    Coordinates of,
    FileTensor data,
    Optional<Role> role,
    Optional<List<DumpAxis>> axes) {
  NamedTensor(String name, Coordinates of, FileTensor data) {
    this(name, of, data, Optional.empty(), Optional.empty());
  }

  NamedTensor as(Role stated) {
    return new NamedTensor(name, of, data, Optional.of(stated), axes);
  }

  NamedTensor with(List<DumpAxis> stated) {
    return new NamedTensor(name, of, data, role, Optional.of(stated));
  }

  NamedTensor at(Coordinates coordinates) {
    return new NamedTensor(name, coordinates, data, role, axes);
  }

  NamedTensor with(FileTensor other) {
    return new NamedTensor(name, of, other, role, axes);
  }
}
