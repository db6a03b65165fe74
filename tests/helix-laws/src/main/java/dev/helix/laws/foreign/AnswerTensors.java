package dev.helix.laws.foreign;

import dev.helix.laws.LawViolation;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.SafetensorsFile;
import java.util.Arrays;
import java.util.List;

/**
 * Reads the tensors of an answer. One that is missing, or that has another shape or dtype, breaks
 * the law that asked.
 */
public final class AnswerTensors {
  private AnswerTensors() {}

  /**
   * Reads numbers.
   *
   * @throws LawViolation if the tensor is not there, or of another shape or dtype
   */
  public static double[] read(SafetensorsFile file, String name, DType dtype, List<Long> shape) {
    requireShape(file, name, shape);
    ElementType type = file.tensor(name).type();
    if (!type.name().equals(dtype.name())) {
      throw wrong(
          "tensor %s has dtype %s, expected %s".formatted(name, type.lowerCaseName(), dtype));
    }
    return file.read(name);
  }

  /**
   * Reads integers of any width.
   *
   * @throws LawViolation if the tensor is not there, of another shape, or not of integers that fit
   *     32 bits
   */
  public static int[] integers(SafetensorsFile file, String name, List<Long> shape) {
    requireShape(file, name, shape);
    FileTensor tensor = file.tensor(name);
    if (!tensor.type().isInteger()) {
      throw wrong("tensor %s has dtype %s, expected integers".formatted(name, tensor.type()));
    }
    long[] integers = tensor.integers();
    for (long integer : integers) {
      if (integer != (int) integer) {
        throw wrong("tensor %s holds %d, expected 32 bits".formatted(name, integer));
      }
    }
    return Arrays.stream(integers).mapToInt(integer -> (int) integer).toArray();
  }

  private static void requireShape(SafetensorsFile file, String name, List<Long> shape) {
    if (!file.has(name)) {
      throw wrong("there is no tensor " + name);
    }
    if (!file.shape(name).equals(shape)) {
      throw wrong("tensor %s has shape %s, expected %s".formatted(name, file.shape(name), shape));
    }
  }

  private static LawViolation wrong(String what) {
    return new LawViolation("the answers are not as asked: " + what);
  }
}
