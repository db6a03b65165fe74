package dev.helix.runtime.dump.reading;

import dev.helix.runtime.dump.Coordinates;
import dev.helix.runtime.dump.DumpAxis;
import dev.helix.runtime.dump.Role;
import dev.helix.runtime.dump.dialect.NamedTensor;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** An entry of a map: which tensors it is about, and what they are. */
final class MapEntry {
  private static final Set<String> FIELDS =
      Set.of("file", "tensor", "role", "axes", "dtype", "rank", "step", "layer", "shape");

  private final JsonObject entry;
  private final Optional<NamePattern> file;
  private final NamePattern tensor;
  private final Role role;
  private final Optional<List<DumpAxis>> axes;
  private final Optional<ElementType> dtype;
  private final Coordinates stated;

  /**
   * Reads an entry.
   *
   * @throws InvalidInputException naming the map and the field
   */
  MapEntry(JsonObject entry) {
    this.entry = entry;
    for (String field : entry.names()) {
      if (!FIELDS.contains(field)) {
        throw entry.unexpected(field, "one of the fields " + String.join(", ", sorted()));
      }
    }
    this.file = entry.has("file") ? Optional.of(pattern("file")) : Optional.empty();
    this.tensor = entry.has("tensor") ? pattern("tensor") : NamePattern.of("").orElseThrow();
    this.role =
        Role.named(entry.text("role"))
            .orElseThrow(() -> entry.unexpected("role", "one of " + Role.allNames()));
    this.axes = entry.has("axes") ? Optional.of(readAxes()) : Optional.empty();
    this.dtype = entry.has("dtype") ? Optional.of(readType()) : Optional.empty();
    this.stated = new Coordinates(number("rank"), number("step"), number("layer"));
  }

  private static List<String> sorted() {
    return FIELDS.stream().sorted().toList();
  }

  private NamePattern pattern(String field) {
    return NamePattern.of(entry.text(field))
        .orElseThrow(
            () ->
                entry.unexpected(
                    field,
                    "at most 500 characters, with {rank}, {step} and {layer} once each and at most"
                        + " 3 stars"));
  }

  private List<DumpAxis> readAxes() {
    List<DumpAxis> read = new ArrayList<>();
    for (String name : entry.texts("axes")) {
      read.add(
          DumpAxis.named(name)
              .orElseThrow(() -> entry.unexpected("axes", "names among " + DumpAxis.allNames())));
    }
    if (new HashSet<>(read).size() != read.size()) {
      throw entry.unexpected("axes", "each axis once");
    }
    return read;
  }

  private ElementType readType() {
    String name = entry.text("dtype");
    return ElementType.named(name)
        .or(() -> ElementType.ofTorch(name))
        .orElseThrow(() -> entry.unexpected("dtype", "one of " + ElementType.allNames()));
  }

  private OptionalInt number(String field) {
    return entry.has(field) ? OptionalInt.of(entry.integer(field, 0)) : OptionalInt.empty();
  }

  /** The tensor as the entry says what it is; empty if the entry is about others. */
  Optional<NamedTensor> apply(NamedTensor found) {
    FileTensor data = found.data();
    Optional<Coordinates> ofFile =
        file.isPresent()
            ? file.get().matchEnd(data.file().replace('\\', '/'))
            : Optional.of(Coordinates.NONE);
    Optional<Coordinates> ofTensor = tensor.match(data.name());
    if (ofFile.isEmpty() || ofTensor.isEmpty()) {
      return Optional.empty();
    }
    Coordinates of = stated.or(ofTensor.get()).or(ofFile.get()).or(found.of());
    FileTensor typed = dtype.isPresent() ? data.as(dtype.get()) : data;
    if (axes.isPresent() && axes.get().size() != data.axes() && role != Role.IGNORED) {
      throw entry.unexpected(
          "axes", "as many as %s of %s has".formatted(data.shape(), data.described()));
    }
    NamedTensor known = found.at(of).with(typed).as(role);
    return Optional.of(axes.isPresent() ? known.with(axes.get()) : known);
  }

  /** The exception for an entry that is about no tensor of the dump. */
  InvalidInputException absent() {
    return entry.unexpected(
        entry.has("tensor") ? "tensor" : "file", "the name of a tensor that is in the dump");
  }
}
