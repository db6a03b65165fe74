package dev.helix.tensor.mesh;

import dev.helix.tensor.program.Place;

/**
 * Where a rank's program stands: the place and the operation that it is in. Kernels and collectives
 * announce each launch here, so that a failure can name its place, and a launch after another rank
 * has failed stops this rank too.
 *
 * <p>Written by the rank's own thread; read by others only to report.
 */
public final class RankScope {
  private final int rank;
  private final Runnable stopIfAnotherFailed;
  private volatile Place place = Place.Outside.START;
  private volatile String operation = "none";

  /**
   * @param stopIfAnotherFailed called before every launch; throws if another rank has failed
   */
  public RankScope(int rank, Runnable stopIfAnotherFailed) {
    this.rank = rank;
    this.stopIfAnotherFailed = stopIfAnotherFailed;
  }

  /** A scope of a rank that runs alone, for tests and single-rank uses. */
  public static RankScope alone(int rank) {
    return new RankScope(rank, () -> {});
  }

  public int rank() {
    return rank;
  }

  /** Says that what follows belongs to a part of the program. */
  public void enter(Place part) {
    place = part;
    operation = "none";
  }

  /** Says that {@code name} is being launched. */
  public void launch(String name) {
    operation = name;
    stopIfAnotherFailed.run();
  }

  /** The part of the program that was entered last. */
  public Place place() {
    return place;
  }

  public String operation() {
    return operation;
  }

  @Override
  public String toString() {
    return "rank " + rank + ", " + place + ", " + operation;
  }
}
