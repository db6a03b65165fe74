package dev.helix.tensor;

import java.util.List;
import java.util.Optional;

/**
 * How many rows one member of a group gives to each member in an uneven all-to-all, and gets from
 * each, itself included; both in the order of the group. What member i sends to member j is what j
 * receives from i.
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

  /** Rows that are sent in all. */
  public int allSent() {
    return sent.stream().reduce(0, Math::addExact);
  }

  /** Rows that are received in all. */
  public int allReceived() {
    return received.stream().reduce(0, Math::addExact);
  }

  /**
   * Why these are no counts for an exchange, if there is a reason.
   *
   * @param rows {@code [batch, ..]}: what is sent
   * @param members of the group
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
