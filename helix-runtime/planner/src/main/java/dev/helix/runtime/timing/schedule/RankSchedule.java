package dev.helix.runtime.timing.schedule;

import java.util.List;

/**
 * When the operations of one kind of rank run.
 *
 * @param rank a rank of this kind
 * @param slots the times of its operations, in the order of the program
 */
public record RankSchedule(int rank, List<Slot> slots) {
  public RankSchedule {
    slots = List.copyOf(slots);
  }
}
