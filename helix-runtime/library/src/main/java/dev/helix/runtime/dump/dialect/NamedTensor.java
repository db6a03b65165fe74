package dev.helix.runtime.dump.dialect;

import dev.helix.runtime.dump.Coordinates;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.Role;
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
public record NamedTensor(
    String name,
    Coordinates of,
    FileTensor data,
    Optional<Role> role,
    Optional<List<DumpAxis>> axes) {
  /** A tensor of which only the name tells what it is. */
  NamedTensor(String name, Coordinates of, FileTensor data) {
    this(name, of, data, Optional.empty(), Optional.empty());
  }

  /** The tensor with a role. */
  public NamedTensor as(Role stated) {
    return new NamedTensor(name, of, data, Optional.of(stated), axes);
  }

  /** The tensor with axes. */
  public NamedTensor with(List<DumpAxis> stated) {
    return new NamedTensor(name, of, data, role, Optional.of(stated));
  }

  /** The tensor with other coordinates. */
  public NamedTensor at(Coordinates coordinates) {
    return new NamedTensor(name, coordinates, data, role, axes);
  }

  /** The tensor with other elements. */
  public NamedTensor with(FileTensor other) {
    return new NamedTensor(name, of, other, role, axes);
  }
}
