package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Adjustment;
import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.Sweep;
import java.util.List;
import java.util.Optional;

/**
 * What another preset says of the best layout.
 *
 * @param preset name of the other preset
 * @param ttlMicros TTL of the layout there
 * @param best what is best there; empty if nothing is fast enough
 * @param nearest the layout of the shortest TTL there; empty if something is fast enough
 * @param same whether the best there is the same configuration
 */
public record OtherPreset(
    String preset, double ttlMicros, Optional<Point> best, Optional<Point> nearest, boolean same) {
  /**
   * Times the best layout under another preset, and searches the best there.
   *
   * @param other the same model on a machine with the other preset
   * @param gpus the most GPUs of an instance
   */
  public static OtherPreset of(
      Advice advice, Deployment other, int gpus, Wish wish, Sweep.Progress progress) {
    Selection selection = new Selection(wish);
    List<Point> coarse =
        Sweep.of(other, selection.space(gpus, SearchSpace.COARSE_BATCHES), progress).points();
    Optional<Point> best =
        selection.best(
            Sweep.varied(
                    other,
                    selection.space(gpus, SearchSpace.ALL_BATCHES),
                    selection.plans(coarse, Advice.CANDIDATES),
                    List.of(Adjustment.NONE),
                    (done, all) -> {})
                .get(0)
                .points());
    // The memory is the same under both presets, so that something is served here too.
    Optional<Point> nearest =
        best.isPresent()
            ? Optional.empty()
            : Optional.of(Selection.fastest(selection.served(coarse)));
    Configuration own = advice.best().configuration();
    return new OtherPreset(
        other.machine().preset().name(),
        Bottleneck.time(other, other.machine(), own).ttlMicros(),
        best,
        nearest,
        best.filter(point -> point.configuration().equals(own)).isPresent());
  }
}
