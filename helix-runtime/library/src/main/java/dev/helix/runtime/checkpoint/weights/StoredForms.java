package dev.helix.runtime.checkpoint.weights;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsFile;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Finds out how a matrix is stored, by the tensors that are there. Let W be the name of the weight:
 *
 * <ul>
 *   <li>W in FP8 with {@code W_scale_inv}, one scale for each block of 128 × 128: DeepSeek;
 *   <li>W in FP8 with {@code W_scale}, one scale for all or for each row: ModelOpt and
 *       compressed-tensors;
 *   <li>W in bytes of two FP4 numbers with {@code W_scale} in E4M3, one for each 16, and {@code
 *       W_scale_2}, which multiplies all: ModelOpt's NVFP4;
 *   <li>{@code W_packed} with {@code W_scale} and {@code W_global_scale}, which divides all:
 *       compressed-tensors' NVFP4; without the latter and with scales in E8M0, one for each 32:
 *       MXFP4;
 *   <li>{@code P_blocks} of 16 bytes with {@code P_scales} in E8M0 for all experts of a layer,
 *       where P is the name of {@link PackedExperts}: gpt-oss' MXFP4.
 * </ul>
 */
public final class StoredForms {
  private final WeightFiles files;
  private final WeightShape weight;

  private StoredForms(WeightFiles files, WeightShape weight) {
    this.files = files;
    this.weight = weight;
  }

  /**
   * A matrix as it is stored.
   *
   * @param weight its name, and its sizes as numbers
   * @throws InvalidInputException naming file and tensor, if it is missing or of another shape, or
   *     its scales are
   */
  public static StoredMatrix of(WeightFiles files, WeightShape weight) {
    StoredForms forms = new StoredForms(files, weight);
    Optional<SafetensorsFile> plain = files.holder(weight.name());
    if (plain.isEmpty()) {
      return files
          .holder(weight.name() + "_packed")
          .map(packed -> forms.packed(packed, weight.name() + "_packed", true))
          .or(() -> weight.packed().flatMap(forms::expert))
          .orElseThrow(() -> files.missing(weight, "nothing"));
    }
    SafetensorsFile file = plain.get();
    if (file.isType(weight.name(), "U8")) {
      return forms.packed(file, weight.name(), false);
    }
    forms.requireShape(file, weight.name(), weight.sizes(), "");
    if (!file.isFloat8(weight.name())) {
      file.dtype(weight.name());
      return new PlainMatrix(file, weight.name());
    }
    String perTensorOrRow = weight.name() + "_scale";
    if (files.holder(perTensorOrRow).isPresent()
        && files.holder(BlockScales.name(weight.name())).isEmpty()) {
      return forms.float8(file, files.holder(perTensorOrRow).get(), perTensorOrRow);
    }
    BlockScales.require(files, weight);
    return new BlockScaledMatrix(
        file, files.holder(BlockScales.name(weight.name())).orElseThrow(), weight.name());
  }

  private StoredMatrix float8(SafetensorsFile file, SafetensorsFile scales, String name) {
    long rows = weight.sizes().get(0);
    List<Long> shape = scales.shape(name);
    long count = shape.stream().reduce(1L, (a, b) -> a * b);
    if (count != 1 && !shape.equals(List.of(rows, 1L)) && !shape.equals(List.of(rows))) {
      throw new InvalidInputException(
          "%s: weight %s: expected one scale or shape [%d, 1] for a weight in FP8, got %s"
              .formatted(scales.name(), name, rows, shape));
    }
    double[] numbers = scales.read(name);
    if (count == 1) {
      Scale.positive(scales.name(), name, numbers[0]);
    } else {
      Scale.notNegative(scales.name(), name, numbers);
    }
    return new RowScaledMatrix(file, weight.name(), numbers);
  }

  /** FP4 in bytes. */
  private StoredMatrix packed(SafetensorsFile file, String name, boolean compressedTensors) {
    long rows = weight.sizes().get(0);
    long columns = weight.sizes().get(1);
    String scaleName = weight.name() + "_scale";
    SafetensorsFile scales =
        files
            .holder(scaleName)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "%s: weight %s: expected scales %s of a weight in FP4, got nothing"
                            .formatted(files.name(), weight.name(), scaleName)));
    boolean nvfp4 = scales.isFloat8(scaleName);
    if (!nvfp4 && !scales.isType(scaleName, "U8") && !scales.isType(scaleName, "F8_E8M0")) {
      throw new InvalidInputException(
          "%s: scale %s: expected type F8_E4M3 (NVFP4), or U8 or F8_E8M0 (MXFP4)"
              .formatted(scales.name(), scaleName));
    }
    int block = nvfp4 ? 16 : 32;
    if (columns % block != 0) {
      throw new InvalidInputException(
          "%s: weight %s: expected rows that blocks of %d divide, got %d numbers"
              .formatted(file.name(), name, block, columns));
    }
    requireShape(file, name, List.of(rows, columns / 2), " for a weight in FP4");
    requireShape(scales, scaleName, List.of(rows, columns / block), " for a weight in FP4");
    double tensorScale = nvfp4 ? tensorScale(compressedTensors) : 1;
    return new Fp4Matrix(
        new Fp4Matrix.Part(file, name),
        new Fp4Matrix.Part(scales, scaleName),
        new Fp4Matrix.Rows(0, 1, columns),
        nvfp4,
        new Fp4Matrix.TensorScale(tensorScale, compressedTensors));
  }

  /** One expert's matrix in MXFP4, if the experts of its layer are stored in one tensor. */
  private Optional<StoredMatrix> expert(PackedExperts packed) {
    String blocks = packed.name() + "_blocks";
    String scales = packed.name() + "_scales";
    if (files.holder(blocks).isEmpty() && files.holder(scales).isEmpty()) {
      return Optional.empty();
    }
    files
        .holder(packed.name() + "_bias")
        .ifPresent(
            file -> {
              throw new InvalidInputException(
                  "%s: weight %s_bias: expected experts without biases, which are not computed"
                      .formatted(file.name(), packed.name()));
            });
    long rows = weight.sizes().get(0);
    long columns = weight.sizes().get(1);
    if (columns % 32 != 0) {
      throw new InvalidInputException(
          "%s: weight %s: expected rows that blocks of 32 divide, got %d numbers"
              .formatted(files.name(), blocks, columns));
    }
    List<Long> shape = List.of(packed.experts(), packed.stride() * rows, columns / 32);
    List<Long> bytes = Stream.concat(shape.stream(), Stream.of(16L)).toList();
    Fp4Matrix.Part elements = part(blocks, bytes, List.of("U8"));
    return Optional.of(
        new Fp4Matrix(
            elements,
            part(scales, shape, List.of("U8", "F8_E8M0")),
            new Fp4Matrix.Rows(packed.firstRow(rows), packed.stride(), columns),
            false,
            new Fp4Matrix.TensorScale(1, false)));
  }

  /** One tensor of all experts in MXFP4, which is of one of these types. */
  private Fp4Matrix.Part part(String name, List<Long> shape, List<String> types) {
    SafetensorsFile file =
        files
            .holder(name)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "%s: weight %s: expected shape %s for experts in MXFP4, got nothing"
                            .formatted(files.name(), name, shape)));
    if (types.stream().noneMatch(type -> file.isType(name, type))) {
      throw new InvalidInputException(
          "%s: weight %s: expected type %s for experts in MXFP4"
              .formatted(file.name(), name, String.join(" or ", types)));
    }
    requireShape(file, name, shape, " for experts in MXFP4");
    return new Fp4Matrix.Part(file, name);
  }

  private double tensorScale(boolean compressedTensors) {
    String name = weight.name() + (compressedTensors ? "_global_scale" : "_scale_2");
    SafetensorsFile file =
        files
            .holder(name)
            .orElseThrow(
                () ->
                    new InvalidInputException(
                        "%s: weight %s: expected a scale %s of a weight in NVFP4, got nothing"
                            .formatted(files.name(), weight.name(), name)));
    double[] scale = file.read(name);
    if (scale.length != 1) {
      throw new InvalidInputException(
          "%s: scale %s: expected one number, got shape %s"
              .formatted(file.name(), name, file.shape(name)));
    }
    return Scale.positive(file.name(), name, scale[0]);
  }

  private void requireShape(SafetensorsFile file, String name, List<Long> expected, String why) {
    List<Long> found = file.shape(name);
    if (!found.equals(expected)) {
      throw new InvalidInputException(
          "%s: weight %s: expected shape %s%s, got %s"
              .formatted(file.name(), name, expected, why, found));
    }
  }
}
