package dev.helix.tests.damage;

import java.util.Arrays;
import java.util.SplittableRandom;

/** Damage that knows nothing of the format: what disks, transfers and editors do to bytes. */
final class ByteDamage {
  private final SplittableRandom random;

  ByteDamage(SplittableRandom random) {
    this.random = random;
  }

  /** One to four changes among the first {@code within} bytes, all bytes behind them kept. */
  byte[] of(byte[] bytes, int within) {
    byte[] damaged = bytes.clone();
    int end = Math.min(within, bytes.length);
    for (int changes = 1 + random.nextInt(4); changes > 0 && end > 0; changes--) {
      int before = damaged.length;
      damaged = change(damaged, end);
      end += damaged.length - before;
    }
    return damaged;
  }

  private byte[] change(byte[] bytes, int end) {
    int at = random.nextInt(end);
    int length = Math.min(end - at, 1 + random.nextInt(random.nextInt(10) == 0 ? 1_000 : 8));
    switch (random.nextInt(7)) {
      case 0 -> bytes[at] ^= (byte) (1 << random.nextInt(Byte.SIZE));
      case 1 -> bytes[at] = (byte) random.nextInt(256);
      case 2 -> Arrays.fill(bytes, at, at + length, (byte) (random.nextBoolean() ? 0 : 0xff));
      case 3 -> {
        return spliced(bytes, at, at + length, new byte[0]);
      }
      case 4 -> {
        return spliced(bytes, at, at, Arrays.copyOfRange(bytes, at, at + length));
      }
      case 5 -> {
        byte[] noise = new byte[length];
        random.nextBytes(noise);
        return spliced(bytes, at, at, noise);
      }
      default -> {
        return Arrays.copyOf(bytes, at);
      }
    }
    return bytes;
  }

  private static byte[] spliced(byte[] bytes, int from, int to, byte[] between) {
    byte[] whole = Arrays.copyOf(bytes, bytes.length - (to - from) + between.length);
    System.arraycopy(between, 0, whole, from, between.length);
    System.arraycopy(bytes, to, whole, from + between.length, bytes.length - to);
    return whole;
  }
}
