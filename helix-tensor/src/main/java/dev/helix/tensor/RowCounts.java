package dev.helix.tensor;

import java.util.List;
import java.util.Optional;

/**
 * How many rows one member of a group sends to each member in an uneven all-to-all, and how many it
 * receives from each. Both lists are in the order of the group and include the member itself. What
 * member i sends to member j is what j receives from i.
 *
 * @param sent rows that go to each member, at least 0
 * @param received rows that come from each member, at least 0
 */
public record RowCounts(List<Integer> sent, List<Integer> received) {
  public RowCounts {
    sent = List.copyOf(sent);
    received = List.copyOf(received);
    if (sent.size() != received.size()) {
      throw new IllegalArgumentException(
          "rows for %d members and of %d, expected as many"
              .formatted(sent.size(), received.size()));
    }
    requireCounts("sent", sent);
    requireCounts("received", received);
  }

  /** The counts of the exchange that sends all rows back. */
  public RowCounts reversed() {
    return new RowCounts(received, sent);
  }

  /** Number of rows that this member sends to all members together. */
  public int allSent() {
    return sent.stream().reduce(0, Math::addExact);
  }

  /** Number of rows that this member receives from all members together. */
  public int allReceived() {
    return received.stream().reduce(0, Math::addExact);
  }

  /**
   * The reason why an exchange cannot use these counts; empty if it can.
   *
   * @param rows {@code [batch, ..]}: what is sent
   * @param members number of members of the group
   */
  public Optional<String> mismatch(Spec rows, int members) {
    if (sent.size() != members) {
      return Optional.of("counts for %d members, expected %d".formatted(sent.size(), members));
    }
    if (rows.axisCount() == 0 || rows.dims().get(0).axis() != Axis.BATCH) {
      return Optional.of("expected [batch, ..], got " + rows);
    }
    return rows.size(Axis.BATCH) == allSent()
        ? Optional.empty()
        : Optional.of(
            "expected %d rows, as %s are to be sent, got %s".formatted(allSent(), sent, rows));
  }

  private static void requireCounts(String what, List<Integer> counts) {
    for (int count : counts) {
      if (count < 0) {
        throw new IllegalArgumentException(what + " rows " + counts + ", expected none below 0");
      }
    }
  }
}
