package dev.helix.runtime.dump.dialect;

import dev.helix.runtime.dump.DumpAxis;
import dev.helix.tensor.io.FileTensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The axes of a tensor, as a file of this project's own states them in its metadata: {@code
 * axes.layer0.lse = heads batch}. A text that names no axes, or not as many as the tensor has, says
 * nothing.
 */
public final class StatedAxes {
  private static final String PREFIX = "axes.";

  private StatedAxes() {}

  /** The key of a tensor's axes in the metadata of its file. */
  public static String key(String tensor) {
    return PREFIX + tensor;
  }

  /** Axes as a text. */
  public static String text(List<DumpAxis> axes) {
    return axes.stream().map(DumpAxis::toString).collect(Collectors.joining(" "));
  }

  /** The axes that a file states of a tensor. */
  static Optional<List<DumpAxis>> of(String tensor, FileTensor data, Map<String, String> metadata) {
    String text = metadata.get(key(tensor));
    if (text == null) {
      return Optional.empty();
    }
    List<DumpAxis> axes = new ArrayList<>();
    for (String word : text.split(" ", -1)) {
      DumpAxis.named(word).ifPresent(axes::add);
    }
    boolean distinct = axes.stream().distinct().count() == axes.size();
    return distinct && axes.size() == data.axes() ? Optional.of(axes) : Optional.empty();
  }
}
