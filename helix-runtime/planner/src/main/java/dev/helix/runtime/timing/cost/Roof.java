package dev.helix.runtime.timing.cost;

import dev.helix.runtime.timing.machine.Gpu;
import dev.helix.runtime.timing.machine.LaunchCosts;
import dev.helix.tensor.trace.Launch;

/** The limits of a launch, each as a time, by the formula of {@link LaunchCosts}. */
record Roof(Gpu gpu, LaunchCosts costs) {
  /** Time in which memory moves so many bytes. */
  double memoryMicros(double bytes) {
    return bytes / (gpu.hbmBytesPerMicro() * costs.memoryEfficiency().value());
  }

  /** Time of so many FLOPs in the arithmetic of the launch. */
  double arithmeticMicros(Launch launch, double flops) {
    return flops
        / (gpu.flopsPerMicro(costs.computedIn(launch.arithmetic()))
            * costs.computeEfficiency().value());
  }

  /** Time in which one group of processors goes through its part. */
  double partMicros(double partBytes) {
    return partBytes / 1e6 * costs.partTime().value();
  }

  /** Latency that grows with the part, up to the cap. */
  double rampMicros(double partBytes) {
    return Math.min(costs.rampCap().value(), partBytes / 1e6 * costs.rampTime().value());
  }
}
