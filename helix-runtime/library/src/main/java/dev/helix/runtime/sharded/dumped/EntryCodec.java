package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.cache.quantized.QuantizedTokens;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.BlockFormat;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.formats.MlaEntry;
import dev.helix.tensor.io.FileTensor;
import java.util.Arrays;
import java.util.Optional;

/**
 * Decodes the entries of a cache, each of which is the bytes of one token and one KV head. A scale
 * of a whole tensor is not part of them.
 *
 * @param format the codec
 * @param bytes number of bytes of an entry
 * @param numbers number of components that they stand for
 */
record EntryCodec(BlockFormat format, int bytes, int numbers) {
  /**
   * The codec of a format.
   *
   * @param stated the format that the dump states, by its name in {@code --kv}; without it, entries
   *     are DeepSeek's of 656 bytes
   * @param bytes number of bytes of an entry
   * @param entries the tensor, for messages
   * @throws InvalidInputException if no number of components has so many bytes
   */
  static EntryCodec of(Optional<String> stated, long bytes, FileTensor entries) {
    CacheFormat format =
        Arrays.stream(CacheFormat.values())
            .filter(CacheFormat::quantizes)
            .filter(one -> stated.equals(Optional.of(one.toString())))
            .findFirst()
            .orElse(CacheFormat.FP8_DS_MLA);
    BlockFormat codec = QuantizedTokens.codec(format, 1);
    if (format == CacheFormat.FP8_DS_MLA && bytes == MlaEntry.BYTES) {
      return new EntryCodec(codec, MlaEntry.BYTES, MlaEntry.SIZE);
    }
    long blocks = format == CacheFormat.FP8_DS_MLA ? 0 : bytes / codec.bytes(format.block());
    if (blocks < 1 || bytes % codec.bytes(format.block()) != 0 || bytes > Integer.MAX_VALUE) {
      throw new InvalidInputException(
          "%s: entries of %s: expected %s bytes, got %d"
              .formatted(
                  entries.described(),
                  format,
                  format == CacheFormat.FP8_DS_MLA
                      ? String.valueOf(MlaEntry.BYTES)
                      : "a multiple of " + codec.bytes(format.block()),
                  bytes));
    }
    return new EntryCodec(codec, (int) bytes, (int) blocks * format.block());
  }

  /** Number of bytes that hold two numbers each. */
  int packedBytes() {
    return scalesFrom() < numbers ? scalesFrom() : 0;
  }

  /** Where the scales of blocks begin, which lie behind the numbers; the end if there are none. */
  int scalesFrom() {
    // Entries of 656 bytes have scales and rotary keys in places of their own.
    if (bytes >= 2 * numbers || format instanceof MlaEntry) {
      return bytes;
    }
    return bytes < numbers ? numbers / 2 : numbers;
  }

  /**
   * Decodes the first components of an entry.
   *
   * @throws InvalidInputException if it has fewer
   */
  void decode(byte[] entry, double[] into) {
    if (into.length > numbers) {
      throw new InvalidInputException(
          "entries of the cache: expected %d components, got %d of %d bytes"
              .formatted(into.length, numbers, bytes));
    }
    System.arraycopy(format.decode(entry, numbers), 0, into, 0, into.length);
  }
}
