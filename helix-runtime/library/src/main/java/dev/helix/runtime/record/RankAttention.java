package dev.helix.runtime.record;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The states that one rank held inside of the attention of one layer for one token.
 *
 * @param projected the rank's queries, keys and values; empty if the strategy shows none
 * @param partial the state of the rank's partial heads over its own tokens, before the exchange
 * @param arrived what the exchange brought for the heads that the rank owns: one part from each
 *     member of its group, in the group's order
 * @param merged {@code [heads, headDim]}, the whole attention of the heads that the rank owns; in
 *     latent attention it is still over latents; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // The numbers of a record are read and never compared.
public record RankAttention(
    Optional<ProjectedRow> projected,
    PartialRow partial,
    List<PartialRow> arrived,
    double[] merged) {
  public RankAttention {
    arrived = List.copyOf(arrived);
  }

  void write(DataOutput out) throws IOException {
    out.writeBoolean(projected.isPresent());
    if (projected.isPresent()) {
      projected.get().write(out);
    }
    partial.write(out);
    out.writeInt(arrived.size());
    for (PartialRow part : arrived) {
      part.write(out);
    }
    Wired.writeDoubles(merged, out);
  }

  static RankAttention read(DataInput in) throws IOException {
    Optional<ProjectedRow> projected =
        in.readBoolean() ? Optional.of(ProjectedRow.read(in)) : Optional.empty();
    PartialRow partial = PartialRow.read(in);
    List<PartialRow> arrived = new ArrayList<>();
    for (int left = in.readInt(); left > 0; left--) {
      arrived.add(PartialRow.read(in));
    }
    return new RankAttention(projected, partial, arrived, Wired.readDoubles(in));
  }
}
