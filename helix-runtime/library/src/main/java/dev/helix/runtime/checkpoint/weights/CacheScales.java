package dev.helix.runtime.checkpoint.weights;

import dev.helix.attention.cache.quantized.KvScales;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsFile;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Reads the constant scales of KV caches that a checkpoint may have: {@code self_attn.k_scale} and
 * {@code v_scale}, or {@code k_proj.k_scale} and {@code v_proj.v_scale}. Each is one number, or one
 * for each KV head.
 */
public final class CacheScales {
  private static final List<Float> ONE = List.of(1f);

  private CacheScales() {}

  /**
   * The scales of a layer; 1 where the checkpoint has none.
   *
   * @param kvHeads number of KV heads of the layer
   * @throws InvalidInputException if a scale is not a positive finite number, or there are neither
   *     one nor as many as KV heads
   */
  public static KvScales of(WeightFiles files, int layer, int kvHeads) {
    String attention = "model.layers." + layer + ".self_attn.";
    return new KvScales(
        read(files, kvHeads, attention + "k_scale", attention + "k_proj.k_scale"),
        read(files, kvHeads, attention + "v_scale", attention + "v_proj.v_scale"));
  }

  /** The names and sizes of scales that a checkpoint of random weights has: one of each kind. */
  public static Stream<WeightShape> shapes(int layers) {
    return IntStream.range(0, layers)
        .mapToObj(layer -> "model.layers." + layer + ".self_attn.")
        .flatMap(attention -> Stream.of(attention + "k_scale", attention + "v_scale"))
        .map(name -> WeightShape.of(name, 1));
  }

  private static List<Float> read(WeightFiles files, int kvHeads, String... names) {
    Optional<String> name =
        Stream.of(names).filter(one -> files.holder(one).isPresent()).findFirst();
    return name.map(found -> read(files.holder(found).orElseThrow(), found, kvHeads)).orElse(ONE);
  }

  private static List<Float> read(SafetensorsFile file, String name, int kvHeads) {
    file.dtype(name);
    long count = file.shape(name).stream().reduce(1L, (a, b) -> a * b);
    if (count != 1 && count != kvHeads) {
      throw new InvalidInputException(
          "%s: scale %s: expected 1 number or %d, one for each KV head, got shape %s"
              .formatted(file.name(), name, kvHeads, file.shape(name)));
    }
    double[] numbers = file.read(name);
    for (double number : numbers) {
      if (!(number > 0 && (float) number < Float.POSITIVE_INFINITY && (float) number > 0)) {
        throw new InvalidInputException(
            "%s: scale %s: expected positive finite numbers, got %s"
                .formatted(file.name(), name, number));
      }
    }
    return java.util.Arrays.stream(numbers).mapToObj(number -> (float) number).toList();
  }
}
