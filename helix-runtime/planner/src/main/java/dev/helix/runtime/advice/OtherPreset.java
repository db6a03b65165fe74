package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Adjustment;
import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Plan;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.timing.report.StepTime;
import java.util.List;
import java.util.Optional;

/**
 * What another preset says of the best layout.
 *
 * @param preset name of the other preset
 * @param own what the layout is there
 * @param best what is best there; empty if nothing is fast enough
 * @param nearest the layout of the shortest TTL there; empty if something is fast enough
 * @param same whether the best there is the same configuration
 */
public record OtherPreset(
    String preset, Own own, Optional<Point> best, Optional<Point> nearest, boolean same) {
  /**
   * The best layout under the other preset.
   *
   * @param ttlMicros its TTL there
   * @param lackingBytes how much more memory it needs there than a GPU may fill; 0 if it fits.
   *     Presets that count scales of blocks have larger weights and caches.
   */
  public record Own(double ttlMicros, long lackingBytes) {}

  /**
   * Times the best layout under another preset, and searches the best there.
   *
   * @param search the same model on a machine with the other preset
   */
  public static OtherPreset of(Advice advice, Search search) {
    Deployment other = search.deployment();
    Selection selection = search.selection();
    List<Plan> plans = selection.plans(search.coarse(), Advice.CANDIDATES);
    Optional<Point> best =
        selection.best(search.around(plans, List.of(Adjustment.NONE)).get(0).points());
    // What needs the least memory has room under both presets, so that something is served here
    // too.
    Optional<Point> nearest =
        best.isPresent()
            ? Optional.empty()
            : Optional.of(Selection.fastest(selection.served(search.coarse())));
    Configuration own = advice.best().configuration();
    return new OtherPreset(
        other.machine().preset().name(),
        of(own, other),
        best,
        nearest,
        best.filter(point -> point.configuration().equals(own)).isPresent());
  }

  private static Own of(Configuration configuration, Deployment other) {
    StepTime step = new WholeSteps(other).of(configuration);
    long lacking = step.memory().fullest().totalBytes() - other.usableBytes();
    return new Own(step.ttlMicros(), Math.max(0, lacking));
  }
}
