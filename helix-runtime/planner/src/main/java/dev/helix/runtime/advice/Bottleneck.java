package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.HopB;
import dev.helix.runtime.timing.machine.Gpu;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.tensor.program.Phase;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What holds up a configuration, found by timing it again on better hardware.
 *
 * @param step the time of its step
 * @param shares for each resource, the share of the TTL that doubling it would save; what doubling
 *     of all of them leaves is latency and overhead
 * @param speedOfLightMicros TTL of the same step if every peak is reached and nothing has overhead
 * @param overlapMicros TTL without HOP-B and with each way to count it; empty if it is off
 */
public record Bottleneck(
    StepTime step,
    Map<String, Double> shares,
    double speedOfLightMicros,
    Map<String, Double> overlapMicros) {
  /** Finds out what holds up a configuration whose pieces of HOP-B are requests. */
  static Bottleneck of(WholeSteps steps, Configuration one) {
    StepTime step = steps.of(one);
    Map<String, Double> shares = new LinkedHashMap<>();
    shares.put("memory bandwidth", saved(step, new Gpu.Speedup(2, 1, 1)));
    shares.put("link", saved(step, new Gpu.Speedup(1, 2, 1)));
    shares.put("arithmetic", saved(step, new Gpu.Speedup(1, 1, 2)));
    double left = 1 - 2 * saved(step, new Gpu.Speedup(2, 2, 2));
    shares.put("latency and overhead", Math.max(0, left / 2));
    Machine machine = step.machine();
    Machine light = new Machine(machine.gpu(), Machine.named("gb200", "sol").preset());
    double lightMicros = step.on(light, step.accounting()).ttlMicros();
    Map<String, Double> overlap = new LinkedHashMap<>();
    if (one.hopB().isOn()) {
      Configuration off = new Configuration(one.plan(), one.batch(), HopB.OFF, one.microBatches());
      overlap.put("off", steps.of(off).ttlMicros());
      for (Accounting accounting : Accounting.values()) {
        overlap.put(accounting.toString(), step.on(machine, accounting).ttlMicros());
      }
    }
    return new Bottleneck(step, shares, lightMicros, overlap);
  }

  private static double saved(StepTime step, Gpu.Speedup speedup) {
    Machine machine = step.machine();
    Machine better = new Machine(machine.gpu().faster(speedup), machine.preset());
    return 1 - step.on(better, step.accounting()).ttlMicros() / step.ttlMicros();
  }

  /** The resource whose doubling saves most. */
  public String worst() {
    return shares.entrySet().stream().max(Map.Entry.comparingByValue()).orElseThrow().getKey();
  }

  /** The part of the TTL that each phase takes where nothing hides it. */
  public Map<Phase, Double> exposed() {
    return step.schedule().exposedMicros();
  }
}
