package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** Draws the weights of a model as double-precision numbers. */
public final class RandomWeights {
  /** Standard deviation of a product of a row with inputs of standard deviation 1. */
  private static final double GAIN = 2;

  private RandomWeights() {}

  /**
   * Draws every weight. Matrices are Gaussian, and scaled so that numbers keep their size through
   * the layers. Weights of norms and biases are between 1/2 and 3/2.
   *
   * @param name what messages call the file
   * @param weights names and sizes of the weights that the model needs
   */
  public static SafetensorsFile of(String name, Stream<WeightShape> weights, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    SafetensorsWriter writer = new SafetensorsWriter();
    weights.forEach(
        weight -> {
          List<Integer> sizes = weight.sizes().stream().map(Math::toIntExact).toList();
          writer.tensor(weight.name(), DType.F64, sizes, numbers(sizes, random));
        });
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writer.writeTo(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException("writing to memory", e);
    }
    return SafetensorsFile.of(name, ByteBuffer.wrap(bytes.toByteArray()));
  }

  private static double[] numbers(List<Integer> sizes, SplittableRandom random) {
    double[] numbers = new double[sizes.stream().reduce(1, Math::multiplyExact)];
    int columns = sizes.get(sizes.size() - 1);
    Arrays.setAll(
        numbers,
        i ->
            sizes.size() == 1
                ? random.nextDouble(0.5, 1.5)
                : GAIN * random.nextGaussian() / Math.sqrt(columns));
    return numbers;
  }
}
