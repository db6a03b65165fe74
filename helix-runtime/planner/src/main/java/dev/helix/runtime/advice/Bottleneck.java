package dev.helix.runtime.advice;

import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Deployment;
import dev.helix.runtime.sweep.HopB;
import dev.helix.runtime.timing.machine.Gpu;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.runtime.timing.report.StepTime;
import dev.helix.runtime.timing.schedule.Accounting;
import dev.helix.runtime.trace.LoadModel;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.runtime.trace.StepTracer;
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
  public static Bottleneck of(Deployment deployment, Configuration one) {
    Machine machine = deployment.machine();
    StepTime step = time(deployment, machine, one);
    StepTrace trace = step.trace();
    int rows = one.batch();
    Map<String, Double> shares = new LinkedHashMap<>();
    Gpu gpu = machine.gpu();
    shares.put("memory bandwidth", saved(step, one, gpu.faster(new Gpu.Speedup(2, 1, 1))));
    shares.put("link", saved(step, one, gpu.faster(new Gpu.Speedup(1, 2, 1))));
    shares.put("arithmetic", saved(step, one, gpu.faster(new Gpu.Speedup(1, 1, 2))));
    double left = 1 - 2 * saved(step, one, gpu.faster(new Gpu.Speedup(2, 2, 2)));
    shares.put("latency and overhead", Math.max(0, left / 2));
    Machine light = new Machine(gpu, Machine.named("gb200", "sol").preset());
    double lightMicros = StepTime.of(light, trace, rows, one.hopB().accounting()).ttlMicros();
    Map<String, Double> overlap = new LinkedHashMap<>();
    if (one.hopB().isOn()) {
      Configuration off = new Configuration(one.plan(), rows, HopB.OFF, one.microBatches());
      overlap.put("off", time(deployment, machine, off).ttlMicros());
      for (Accounting accounting : Accounting.values()) {
        double micros = StepTime.of(machine, trace, rows, accounting).ttlMicros();
        overlap.put(accounting.toString(), micros);
      }
    }
    return new Bottleneck(step, shares, lightMicros, overlap);
  }

  /** The time of a configuration on some machine, with all layers and micro-batches. */
  static StepTime time(Deployment deployment, Machine machine, Configuration one) {
    StepTrace trace =
        StepTracer.trace(
            deployment.model(),
            one.strategy(),
            one.batch(),
            deployment.context(),
            deployment.precision(),
            new LoadModel.UniformExpectation());
    return StepTime.of(machine, trace, one.batch(), one.hopB().accounting());
  }

  private static double saved(StepTime step, Configuration one, Gpu better) {
    Machine machine = new Machine(better, step.machine().preset());
    double ttl =
        StepTime.of(machine, step.trace(), step.batch(), one.hopB().accounting()).ttlMicros();
    return 1 - ttl / step.ttlMicros();
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
