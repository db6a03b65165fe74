package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;
import dev.helix.attention.TokenStore.Part;
import dev.helix.attention.cache.quantized.StoredTokens;
import dev.helix.tensor.formats.BlockFormat.Quantized;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The bits that the quantised caches of a run have stored, for each layer, token and KV head. Who
 * computes the run again in another way has to start from these bits: next to a midpoint, rounding
 * decides between two codes.
 */
public final class CacheRecord {
  private static final List<Part> PARTS = List.of(Part.values());

  private final Map<At, Stored> stored = new HashMap<>();
  private Optional<String> difference = Optional.empty();

  /** Takes in what the caches of a layer store on one rank. */
  public StoredTokens ofLayer(int layer) {
    return (token, part, kvHead, quantized) -> keep(new At(layer, token, part, kvHead), quantized);
  }

  /**
   * The same bits, for a run that follows this one. It must store what this one has stored.
   *
   * @throws IllegalArgumentException as soon as the run stores what this one has not
   */
  public StoredTokens ledLayer(int layer) {
    return new StoredTokens() {
      @Override
      public void keep(QueryToken token, Part part, int kvHead, Quantized quantized) {
        throw new IllegalStateException("the bits of " + token + " are given");
      }

      @Override
      public Optional<byte[]> given(QueryToken token, Part part, int kvHead) {
        Optional<byte[]> bits = bits(layer, token, part, kvHead);
        if (bits.isEmpty()) {
          throw new IllegalArgumentException(
              new At(layer, token, part, kvHead) + ": no rank of the other run has stored it");
        }
        return bits;
      }
    };
  }

  private void keep(At at, Quantized quantized) {
    if (stored.putIfAbsent(at, new Stored(quantized.bytes(), quantized.saturated())) != null) {
      throw new IllegalStateException(at + " was stored twice");
    }
  }

  /**
   * The bits of a token and a KV head, not to be changed; empty if no rank has stored them.
   *
   * @param kvHead the head, counted in the layer
   */
  public Optional<byte[]> bits(int layer, QueryToken token, Part part, int kvHead) {
    return Optional.ofNullable(stored.get(new At(layer, token, part, kvHead))).map(Stored::bytes);
  }

  /** How many numbers were beyond the largest that could be stored. */
  public long saturated() {
    return stored.values().stream().mapToLong(Stored::saturated).sum();
  }

  /** The first bits, in words, that two ranks have stored differently. */
  public Optional<String> difference() {
    return difference;
  }

  /**
   * Adds what another rank has stored. Where both have stored the same head, the bits must agree.
   */
  public void takeAll(CacheRecord other) {
    other.stored.forEach(
        (at, bits) -> {
          Stored before = stored.putIfAbsent(at, bits);
          if (before != null
              && !Arrays.equals(before.bytes(), bits.bytes())
              && difference.isEmpty()) {
            difference = Optional.of("two ranks have stored different bits of " + at);
          }
        });
  }

  /** Writes the whole record, for {@link #read}. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(stored.size());
    for (Map.Entry<At, Stored> entry : stored.entrySet()) {
      At at = entry.getKey();
      out.writeInt(at.layer());
      Wired.writeToken(at.token(), out);
      out.writeByte(PARTS.indexOf(at.part()));
      out.writeInt(at.kvHead());
      out.writeInt(entry.getValue().bytes().length);
      out.write(entry.getValue().bytes());
      out.writeInt(entry.getValue().saturated());
    }
  }

  /** Reads what {@link #write} has written. */
  public static CacheRecord read(DataInput in) throws IOException {
    CacheRecord record = new CacheRecord();
    for (int left = in.readInt(); left > 0; left--) {
      At at = new At(in.readInt(), Wired.readToken(in), PARTS.get(in.readByte()), in.readInt());
      byte[] bytes = new byte[in.readInt()];
      in.readFully(bytes);
      record.stored.put(at, new Stored(bytes, in.readInt()));
    }
    return record;
  }

  private record At(int layer, QueryToken token, Part part, int kvHead) {
    @Override
    public String toString() {
      return "layer %d, %s of KV head %d, %s"
          .formatted(layer, part.name().toLowerCase(java.util.Locale.ROOT), kvHead, token);
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // The bytes are compared by their contents.
  private record Stored(byte[] bytes, int saturated) {}
}
