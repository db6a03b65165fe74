package dev.helix.runtime.timing.machine;

import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.Spec;
import dev.helix.tensor.io.JsonObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * A GPU together with a preset, which says how well software uses it. Together with an operation's
 * record, this determines the cost of the operation.
 */
public record Machine(Gpu gpu, Preset preset) {
  /** The names of the known GPUs. */
  public static final List<String> GPUS = List.of("gb200", "gb300", "b200", "h200");

  /**
   * The known GPUs that the preset {@code silicon} is taken for. It was fitted on the first; the
   * second has the same launches and links. Nothing of the others was measured.
   */
  private static final List<String> FITTED_GPUS = List.of("gb200", "gb300");

  /** The names of the known presets; {@code sol} is the speed of light. */
  public static final List<String> PRESETS = List.of("paper", "silicon", "sol");

  /**
   * A known GPU under a known preset.
   *
   * @throws InvalidInputException if a name is not known, or if the preset was fitted to
   *     measurements and there are none of the GPU
   */
  public static Machine named(String gpu, String preset) {
    if (preset.equals("silicon") && GPUS.contains(gpu) && !FITTED_GPUS.contains(gpu)) {
      throw new InvalidInputException(
          "preset 'silicon': it was fitted to measurements on GB200 and there are none of %s behind it: expected one of paper, sol"
              .formatted(gpu.toUpperCase(Locale.ROOT)));
    }
    return new Machine(
        Gpu.read(new ConstantFields(resource("GPU", gpu, GPUS))),
        Preset.read(new ConstantFields(resource("preset", preset, PRESETS))));
  }

  /**
   * Reads a machine of the user's own. The file holds an object with {@code gpu} and {@code
   * preset}, each with all fields that the known ones have.
   *
   * @throws InvalidInputException naming the file and the first field that is missing, unknown, not
   *     a number, out of range, or in another unit than the field's
   */
  public static Machine read(Path file) {
    return read(JsonObject.read(file));
  }

  static Machine read(JsonObject json) {
    try (ConstantFields fields = new ConstantFields(json)) {
      return new Machine(Gpu.read(fields.object("gpu")), Preset.read(fields.object("preset")));
    }
  }

  /** The same machine with the GEMMs of a serving program. */
  public Machine under(Framework program) {
    return new Machine(gpu, preset.under(program));
  }

  /** The bytes of a tensor in memory and on the wire, with the scales of its blocks. */
  public long bytes(Spec spec) {
    return bytes(spec.dtype(), spec.elements());
  }

  /**
   * The bytes of {@code elements} elements in memory and on the wire, with the scales of their
   * blocks.
   */
  public long bytes(DType dtype, long elements) {
    return (long) Math.ceil(elements * preset.bytesPerElement().get(dtype).value());
  }

  /** The bytes of several tensors together. */
  public long bytes(List<Spec> specs) {
    long bytes = 0;
    for (Spec spec : specs) {
      bytes = Math.addExact(bytes, bytes(spec));
    }
    return bytes;
  }

  private static JsonObject resource(String what, String name, List<String> known) {
    if (!known.contains(name)) {
      throw new InvalidInputException(
          "%s '%s': expected one of %s".formatted(what, name, String.join(", ", known)));
    }
    try (InputStream in = Machine.class.getResourceAsStream(name + ".json")) {
      if (in == null) {
        throw new IllegalStateException("the program was built without " + name + ".json");
      }
      return JsonObject.parse(name, in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + name + ".json", e);
    }
  }
}
