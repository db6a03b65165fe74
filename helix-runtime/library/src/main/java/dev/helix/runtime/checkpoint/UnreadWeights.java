package dev.helix.runtime.checkpoint;

import dev.helix.tensor.WeightSlice;
import java.util.function.Supplier;

/**
 * The weights of a model of which only the configuration exists. Slices have a name and a size but
 * no numbers, for readings that need shapes alone. Reading a number is an error.
 */
public record UnreadWeights(ModelConfig config) implements WeightSource {
  @Override
  public WeightSlice slice(String tensor, int rowFrom, int rowTo, int columnFrom, int columnTo) {
    if (!WeightSource.isRange(rowFrom, rowTo) || !WeightSource.isRange(columnFrom, columnTo)) {
      throw new IllegalArgumentException(
          "%s[%d:%d,%d:%d] is no block".formatted(tensor, rowFrom, rowTo, columnFrom, columnTo));
    }
    String key = tensor + "[" + rowFrom + ":" + rowTo + "," + columnFrom + ":" + columnTo + "]";
    return WeightBlock.slice(key, rowTo - rowFrom, columnTo - columnFrom, unread(tensor));
  }

  @Override
  public WeightSlice vector(String tensor, int size) {
    return WeightBlock.slice(tensor + "[0:" + size + "]", size, 1, unread(tensor));
  }

  private static Supplier<double[]> unread(String tensor) {
    return () -> {
      throw new IllegalStateException(
          tensor + ": only the model's configuration is there, expected no number to be read");
    };
  }
}
