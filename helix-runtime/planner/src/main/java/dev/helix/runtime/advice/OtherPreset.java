package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.Point;
import java.util.Optional;

/**
 * What another preset says of the best layout.
 *
 * @param preset name of the other preset
 * @param ttlMicros TTL of the layout there
 * @param best what is best there; empty if nothing is fast enough
 * @param same whether that is the same configuration
 */
public record OtherPreset(String preset, double ttlMicros, Optional<Point> best, boolean same) {
  /**
   * Times the best layout under another preset.
   *
   * @param other the same model on a machine with the other preset
   * @param best what is best there; empty if nothing is fast enough
   */
  public static OtherPreset of(Advice advice, Deployment other, Optional<Point> best) {
    Configuration own = advice.best().configuration();
    return new OtherPreset(
        other.machine().preset().name(),
        Bottleneck.time(other, other.machine(), own).ttlMicros(),
        best,
        best.filter(point -> point.configuration().equals(own)).isPresent());
  }
}
