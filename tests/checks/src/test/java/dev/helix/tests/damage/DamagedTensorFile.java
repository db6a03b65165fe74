package dev.helix.tests.damage;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * A file of tensors that is damaged in a few places: in any byte, in the pickle of an archive that
 * is whole around it, in the header of an array, or in the numbers of an archive's directory. A
 * seed always makes the same.
 */
final class DamagedTensorFile {
  private static final Map<TensorFormat, List<byte[]>> FILES =
      SmallTensorFiles.all().stream().collect(Collectors.groupingBy(TensorFormat::of));
  private static final String INSTRUCTIONS =
      "(.012GJKMNQRXabcehjqrst)]}u\u0080\u0081\u0082\u0085\u0086\u0087\u0088\u0089\u008a\u008b"
          + "\u008c\u008d\u0093\u0094\u0095BCFIPSdgilop";
  private static final long[] EXTREMES = {
    0, 1, -1, 0x7f, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0xffffffffL, Long.MAX_VALUE, Long.MIN_VALUE
  };
  private static final List<String> WORDS =
      List.of(
          "(",
          ")",
          "{",
          "}",
          "'",
          ",",
          "True",
          "L",
          "-1",
          "9223372036854775807",
          "<f8",
          "|O",
          "'shape'",
          "[('x', '<f4')]",
          "é",
          "\u0000",
          "4294967296",
          "1000000");

  /** Controls of a terminal, as JSON may write them and as it may hold them. */
  private static final List<String> STEERING =
      List.of("\\u001b[2J", "\\r\\u0008", "\\u009b31m", "\u009b2J", "\u2028", "\u007f");

  private DamagedTensorFile() {}

  static byte[] of(TensorFormat format, SplittableRandom random) {
    List<byte[]> files = FILES.get(format);
    byte[] file = files.get(random.nextInt(files.size()));
    boolean archive = format == TensorFormat.NPZ || format == TensorFormat.TORCH;
    boolean array = format == TensorFormat.NPY;
    switch (random.nextInt(6)) {
      case 0 -> {
        return new ByteDamage(random).of(file, file.length);
      }
      case 1 -> {
        return new ByteDamage(random).of(file, Math.min(file.length, 400));
      }
      case 2 -> {
        return numbers(file, random, archive ? tail(file) : 0);
      }
      default -> {
        return archive ? inside(file, random) : array ? header(file, random) : front(file, random);
      }
    }
  }

  private static int tail(byte[] file) {
    return Math.max(0, file.length - 700);
  }

  private static byte[] front(byte[] file, SplittableRandom random) {
    if (random.nextInt(3) == 0) {
      return named(file, random);
    }
    return new ByteDamage(random).of(file, Math.min(file.length, 60));
  }

  /**
   * A string of the header of safetensors steers a terminal, and the header has its true length.
   */
  private static byte[] named(byte[] file, SplittableRandom random) {
    int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt();
    String text = new String(file, Long.BYTES, length, StandardCharsets.UTF_8);
    int at = text.indexOf('"', random.nextInt(text.lastIndexOf('"')));
    String steering = STEERING.get(random.nextInt(STEERING.size()));
    byte[] header =
        (text.substring(0, at + 1) + steering + text.substring(at + 1))
            .getBytes(StandardCharsets.UTF_8);
    int data = file.length - Long.BYTES - length;
    return ByteBuffer.allocate(Long.BYTES + header.length + data)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(header.length)
        .put(header)
        .put(file, Long.BYTES + length, data)
        .array();
  }

  /** Numbers of two, four or eight bytes behind a place become extreme. */
  private static byte[] numbers(byte[] file, SplittableRandom random, int from) {
    byte[] damaged = file.clone();
    ByteBuffer bytes = ByteBuffer.wrap(damaged).order(ByteOrder.LITTLE_ENDIAN);
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = from + random.nextInt(Math.min(700, file.length - from - Long.BYTES));
      long extreme = EXTREMES[random.nextInt(EXTREMES.length)] + random.nextInt(3) - 1;
      switch (random.nextInt(3)) {
        case 0 -> bytes.putShort(at, (short) extreme);
        case 1 -> bytes.putInt(at, (int) extreme);
        default -> bytes.putLong(at, extreme);
      }
    }
    return damaged;
  }

  /** Damage in a member that says what the others are, in an archive that is whole again. */
  private static byte[] inside(byte[] file, SplittableRandom random) {
    Map<String, byte[]> members = SmallTensorFiles.members(file);
    List<String> telling =
        members.keySet().stream()
            .filter(name -> name.endsWith(SmallTensorFiles.PICKLE) || name.endsWith(".npy"))
            .toList();
    String name = telling.get(random.nextInt(telling.size()));
    Map<String, byte[]> changed = new LinkedHashMap<>(members);
    byte[] member = members.get(name);
    boolean steers = random.nextInt(8) == 0;
    if (steers) {
      changed.remove(name);
    }
    changed.put(
        steers ? name.substring(0, 1) + "\u001b[2J" + name.substring(1) : name,
        name.endsWith(".npy")
            ? header(member, random)
            : random.nextInt(4) == 0
                ? new ByteDamage(random).of(member, member.length)
                : instructions(member, random));
    return SmallTensorFiles.archive(changed, random.nextInt(4) == 0);
  }

  /** Instructions of a pickle are put in, replaced, dropped or said again. */
  private static byte[] instructions(byte[] pickle, SplittableRandom random) {
    StringBuilder text = new StringBuilder(new String(pickle, StandardCharsets.ISO_8859_1));
    for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
      int at = random.nextInt(text.length());
      char code = INSTRUCTIONS.charAt(random.nextInt(INSTRUCTIONS.length()));
      int end = Math.min(text.length(), at + 1 + random.nextInt(40));
      switch (random.nextInt(5)) {
        case 0 -> text.insert(at, code);
        case 1 -> text.setCharAt(at, code);
        case 2 -> text.delete(at, end);
        case 3 -> text.insert(at, text.substring(at, end).repeat(1 + random.nextInt(200)));
        default -> text.setCharAt(at, (char) random.nextInt(256));
      }
    }
    return text.toString().getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Words of an array's header are put in or replaced, and the header has its true length. */
  private static byte[] header(byte[] array, SplittableRandom random) {
    int length = (array[8] & 0xff) | ((array[9] & 0xff) << 8);
    StringBuilder text =
        new StringBuilder(new String(array, 10, length, StandardCharsets.ISO_8859_1));
    for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
      int at = random.nextInt(Math.min(text.length(), 75));
      String word = WORDS.get(random.nextInt(WORDS.size()));
      int end = random.nextBoolean() ? at : Math.min(text.length(), at + word.length());
      text.replace(at, end, word);
      if (random.nextInt(6) == 0) {
        text.insert(at, word.repeat(1 + random.nextInt(1_000)));
      }
    }
    byte[] words = text.toString().getBytes(StandardCharsets.ISO_8859_1);
    byte[] damaged = new byte[10 + words.length + array.length - 10 - length];
    System.arraycopy(array, 0, damaged, 0, 10);
    damaged[8] = (byte) words.length;
    damaged[9] = (byte) (words.length >> 8);
    System.arraycopy(words, 0, damaged, 10, words.length);
    System.arraycopy(array, 10 + length, damaged, 10 + words.length, array.length - 10 - length);
    return damaged;
  }
}
