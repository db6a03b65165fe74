package dev.helix.tensor.mesh;

import dev.helix.tensor.program.Place;

/**
 * Knows what a rank is doing: the place in the program and the operation that it has reached.
 * Kernels and collectives announce each launch here. So a failure can name its place, and a launch
 * after another rank has failed stops this rank too.
 *
 * <p>Only the rank's own thread writes it; others read it only to report.
 */
public final class RankScope {
  private final int rank;
  private final Runnable stopIfAnotherFailed;
  private volatile Place place = Place.Outside.START;
  private volatile String operation = "none";

  /**
   * Creates the scope of one rank.
   *
   * @param stopIfAnotherFailed called before every launch; throws if another rank has failed
   */
  public RankScope(int rank, Runnable stopIfAnotherFailed) {
    this.rank = rank;
    this.stopIfAnotherFailed = stopIfAnotherFailed;
  }

  /** Creates the scope of a rank that runs alone, for tests and single-rank uses. */
  public static RankScope alone(int rank) {
    return new RankScope(rank, () -> {});
  }

  public int rank() {
    return rank;
  }

  /** Announces that the launches that follow belong to this part of the program. */
  public void enter(Place part) {
    place = part;
    operation = "none";
  }

  /** Announces that the operation {@code name} is being launched. */
  public void launch(String name) {
    operation = name;
    stopIfAnotherFailed.run();
  }

  /** The part of the program that the rank has entered last. */
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
