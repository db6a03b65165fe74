package dev.helix.laws.foreign;

import dev.helix.laws.LawViolation;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsFile;
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
    if (file.dtype(name) != dtype) {
      throw wrong("tensor %s has dtype %s, expected %s".formatted(name, file.dtype(name), dtype));
    }
    return file.read(name);
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
