package dev.helix.runtime.record;

import dev.helix.attention.QueryToken;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/** The record of what each rank held inside of attention, for each layer and token. */
public final class AttentionRecord {
  private final Map<At, RankAttention> held = new HashMap<>();

  void keep(int rank, int layer, QueryToken token, RankAttention attention) {
    if (held.putIfAbsent(new At(rank, layer, token), attention) != null) {
      throw new IllegalStateException(
          "attention of rank %d, layer %d, of %s was recorded twice".formatted(rank, layer, token));
    }
  }

  /**
   * Returns what a rank held inside of attention.
   *
   * @throws IllegalArgumentException if that was not recorded
   */
  public RankAttention of(int rank, int layer, QueryToken token) {
    RankAttention attention = held.get(new At(rank, layer, token));
    if (attention == null) {
      throw new IllegalArgumentException(
          "nothing was recorded of attention on rank %d in layer %d for %s"
              .formatted(rank, layer, token));
    }
    return attention;
  }

  /** Adds what another rank has recorded. */
  public void takeAll(AttentionRecord other) {
    other.held.forEach((at, attention) -> keep(at.rank(), at.layer(), at.token(), attention));
  }

  /** Writes the whole record, for {@link #read}. */
  public void write(DataOutput out) throws IOException {
    out.writeInt(held.size());
    for (Map.Entry<At, RankAttention> entry : held.entrySet()) {
      out.writeInt(entry.getKey().rank());
      out.writeInt(entry.getKey().layer());
      Wired.writeToken(entry.getKey().token(), out);
      entry.getValue().write(out);
    }
  }

  /** Reads what {@link #write} has written. */
  public static AttentionRecord read(DataInput in) throws IOException {
    AttentionRecord record = new AttentionRecord();
    for (int left = in.readInt(); left > 0; left--) {
      At at = new At(in.readInt(), in.readInt(), Wired.readToken(in));
      record.held.put(at, RankAttention.read(in));
    }
    return record;
  }

  private record At(int rank, int layer, QueryToken token) {}
}
