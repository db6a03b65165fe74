package dev.helix.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.From;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafetensorsWriterTest {
  /** Those that are stored without scales. */
  private static final Set<DType> STORED = EnumSet.complementOf(EnumSet.of(DType.FP8, DType.FP4));

  @Property(seed = "7305")
  void whatIsReadIsWhatWasWrittenRoundedOnce(
      @ForAll @Size(max = 40) List<@From("nastyDoubles") Double> values,
      @ForAll("storedTypes") DType dtype,
      @ForAll @NotEmpty String name,
      @ForAll String text) {
    Assume.that(isUnicode(name) && isUnicode(text) && !name.equals("__metadata__"));
    double[] numbers = values.stream().mapToDouble(Double::doubleValue).toArray();
    SafetensorsWriter writer =
        new SafetensorsWriter()
            .metadata(name, text)
            .tensor(name, dtype, List.of(numbers.length), numbers)
            .tensor(name + "2", DType.F64, List.of(1, numbers.length), numbers);
    SafetensorsFile file = SafetensorsFile.of("f", ByteBuffer.wrap(bytes(writer)));
    assertArrayEquals(Arrays.stream(numbers).map(dtype::round).toArray(), file.read(name));
    assertArrayEquals(bits(numbers), bits(file.read(name + "2")));
    assertEquals(text, file.metadata().get(name));
    assertEquals(dtype, file.dtype(name));
  }

  @Provide
  Arbitrary<DType> storedTypes() {
    return Arbitraries.of(STORED);
  }

  @Property(seed = "7306")
  void anyBlockOfAMatrixIsThatPartOfIt(
      @ForAll @IntRange(min = 1, max = 9) int rows,
      @ForAll @IntRange(min = 1, max = 9) int columns,
      @ForAll Random random) {
    double[] numbers = random.doubles((long) rows * columns).toArray();
    SafetensorsFile file =
        SafetensorsFile.of(
            "f",
            ByteBuffer.wrap(
                bytes(
                    new SafetensorsWriter()
                        .tensor("m", DType.F64, List.of(rows, columns), numbers)
                        .tensor("v", DType.F64, List.of(rows * columns), numbers))));
    int rowTo = random.nextInt(rows + 1);
    int rowFrom = random.nextInt(rowTo + 1);
    int columnTo = random.nextInt(columns + 1);
    int columnFrom = random.nextInt(columnTo + 1);
    double[] expected = new double[(rowTo - rowFrom) * (columnTo - columnFrom)];
    for (int i = 0; i < expected.length; i++) {
      int width = columnTo - columnFrom;
      expected[i] = numbers[(rowFrom + i / width) * columns + columnFrom + i % width];
    }
    assertArrayEquals(expected, file.read("m", rowFrom, rowTo, columnFrom, columnTo));
    assertArrayEquals(
        Arrays.copyOfRange(numbers, rowFrom, rowTo), file.readRows("v", rowFrom, rowTo));
  }

  @Example
  void theSameTensorsGiveTheSameBytesInAnyOrder() {
    double[] one = {1};
    SafetensorsWriter forward =
        new SafetensorsWriter()
            .metadata("a", "1")
            .metadata("b", "2")
            .tensor("x", DType.BF16, List.of(1), one)
            .tensor("y", DType.F64, List.of(), one)
            .tensor("w", DType.F64, List.of(1, 1), one);
    SafetensorsWriter backward =
        new SafetensorsWriter()
            .tensor("w", DType.F64, List.of(1, 1), one)
            .tensor("y", DType.F64, List.of(), one)
            .tensor("x", DType.BF16, List.of(1), one)
            .metadata("b", "2")
            .metadata("a", "1");
    assertArrayEquals(bytes(forward), bytes(backward));
    String json =
        "{\"__metadata__\":{\"a\":\"1\",\"b\":\"2\"},"
            + "\"w\":{\"dtype\":\"F64\",\"shape\":[1,1],\"data_offsets\":[0,8]},"
            + "\"y\":{\"dtype\":\"F64\",\"shape\":[],\"data_offsets\":[8,16]},"
            + "\"x\":{\"dtype\":\"BF16\",\"shape\":[1],\"data_offsets\":[16,18]}}";
    byte[] bytes = bytes(forward);
    assertEquals(json, new String(bytes, 8, json.length(), StandardCharsets.UTF_8));
    assertEquals(0, (bytes.length - 18) % 8);
  }

  @Example
  void manyElementsPassThroughTheChunks() {
    double[] numbers = new double[100_001];
    Arrays.setAll(numbers, i -> i % 251);
    SafetensorsWriter writer = new SafetensorsWriter();
    for (DType dtype : STORED) {
      writer.tensor(dtype.name(), dtype, List.of(numbers.length), numbers);
    }
    SafetensorsFile file = SafetensorsFile.of("f", ByteBuffer.wrap(bytes(writer)));
    for (DType dtype : STORED) {
      assertArrayEquals(numbers, file.read(dtype.name()));
    }
  }

  @Example
  void precisionsThatNeedScalesAreRefused() {
    assertEquals(
        "tensor a: expected dtype F64, F32, BF16, F16, got FP4",
        assertThrows(
                IllegalArgumentException.class,
                () -> new SafetensorsWriter().tensor("a", DType.FP4, List.of(1), new double[] {1}))
            .getMessage());
  }

  @Example
  void shapeAndNumbersMustAgreeAndNamesBeFree() {
    SafetensorsWriter writer = new SafetensorsWriter();
    assertEquals(
        "tensor a: expected as many numbers as shape [2, 3] has, got 5",
        assertThrows(
                IllegalArgumentException.class,
                () -> writer.tensor("a", DType.F32, List.of(2, 3), new double[5]))
            .getMessage());
    List<Integer> huge = List.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);
    assertThrows(
        IllegalArgumentException.class, () -> writer.tensor("a", DType.F32, huge, new double[1]));
    assertThrows(
        IllegalArgumentException.class,
        () -> writer.tensor("a", DType.F32, List.of(-1, -1), new double[1]));
    writer.tensor("a", DType.F32, List.of(0), new double[0]);
    for (String taken : List.of("a", "__metadata__", "\ud800")) {
      assertThrows(
          IllegalArgumentException.class,
          () -> writer.tensor(taken, DType.F32, List.of(0), new double[0]));
    }
  }

  @Test
  void aFileIsReplacedWholeAndNothingElseIsLeft(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("m.safetensors");
    Files.writeString(file, "old");
    new SafetensorsWriter().tensor("a", DType.F32, List.of(1), new double[] {7}).write(file);
    assertEquals(List.of(file), list(directory));
    try (SafetensorsFile read = SafetensorsFile.open(file)) {
      assertArrayEquals(new double[] {7}, read.read("a"));
    }
  }

  @Test
  void afterAFailureNoPartOfAFileIsLeft(@TempDir Path directory) throws IOException {
    Path occupied = Files.createDirectories(directory.resolve("taken"));
    SafetensorsWriter writer =
        new SafetensorsWriter().tensor("a", DType.F32, List.of(1), new double[1]);
    InvalidInputException e =
        assertThrows(InvalidInputException.class, () -> writer.write(occupied));
    assertTrue(e.getMessage().startsWith(occupied + ": cannot be written: "), e.getMessage());
    assertEquals(List.of(occupied), list(directory));

    Path nowhere = directory.resolve("absent").resolve("m.safetensors");
    assertEquals(
        nowhere + ": cannot be written: no such directory",
        assertThrows(InvalidInputException.class, () -> writer.write(nowhere)).getMessage());
    assertEquals(List.of(occupied), list(directory));
  }

  @Provide
  Arbitrary<Double> nastyDoubles() {
    Arbitrary<Double> anyBits =
        Arbitraries.longs()
            .withDistribution(RandomDistribution.uniform())
            .map(Double::longBitsToDouble);
    Arbitrary<Double> special =
        Arbitraries.of(
            0.0,
            -0.0,
            Double.MIN_VALUE,
            Double.NaN,
            Double.NEGATIVE_INFINITY,
            0x1.01p0,
            65520.0,
            0x1p-25,
            0x1.8p-149,
            0x1p-133,
            Double.longBitsToDouble(0xfff4000000000001L));
    return Arbitraries.oneOf(anyBits, special);
  }

  private static long[] bits(double[] numbers) {
    return Arrays.stream(numbers).mapToLong(Double::doubleToRawLongBits).toArray();
  }

  private static boolean isUnicode(String text) {
    return StandardCharsets.UTF_8.newEncoder().canEncode(text);
  }

  private static byte[] bytes(SafetensorsWriter writer) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      writer.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
