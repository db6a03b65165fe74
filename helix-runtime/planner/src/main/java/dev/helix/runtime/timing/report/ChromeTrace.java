package dev.helix.runtime.timing.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.helix.runtime.timing.schedule.GpuStream;
import dev.helix.runtime.timing.schedule.RankSchedule;
import dev.helix.runtime.timing.schedule.Schedule;
import dev.helix.runtime.timing.schedule.Slot;
import dev.helix.tensor.trace.Launch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A schedule in the Trace Event Format of Chrome, which Perfetto opens. Each kind of rank is a
 * process, and each stream is a track in it. Times are in microseconds. A transfer occupies its
 * track while its bytes are sent. The time until it has arrived, latency included, is an
 * asynchronous slice beside the track, because latencies overlap.
 */
public record ChromeTrace(List<Event> traceEvents, String displayTimeUnit) {
  private static final int COMPUTE_TRACK = 1;
  private static final int NETWORK_TRACK = 2;

  /** The events of a schedule. */
  public static ChromeTrace of(Schedule schedule) {
    List<Event> events = new ArrayList<>();
    for (RankSchedule rank : schedule.ranks()) {
      int pid = rank.rank();
      events.add(Event.named("process_name", pid, 0, "rank " + pid + " and those like it"));
      events.add(Event.named("thread_name", pid, COMPUTE_TRACK, "compute"));
      events.add(Event.named("thread_name", pid, NETWORK_TRACK, "network"));
      rank.slots().forEach(slot -> events.addAll(of(pid, slot)));
    }
    return new ChromeTrace(events, "ns");
  }

  private static List<Event> of(int pid, Slot slot) {
    boolean compute = GpuStream.of(slot.operation()) == GpuStream.COMPUTE;
    Map<String, Object> arguments = new LinkedHashMap<>();
    arguments.put("place", slot.operation().place().toString());
    if (slot.operation() instanceof Launch launch) {
      arguments.put("flops", launch.flops());
    }
    arguments.put(compute ? "hbmBytes" : "wireBytes", slot.cost().bytes());
    int track = compute ? COMPUTE_TRACK : NETWORK_TRACK;
    double busy = slot.busyEndMicros() - slot.startMicros();
    List<Event> events = new ArrayList<>();
    events.add(Event.slice(slot, pid, track, busy, arguments));
    if (!compute && slot.endMicros() > slot.startMicros()) {
      events.add(Event.end("b", slot, pid, track, slot.startMicros()));
      events.add(Event.end("e", slot, pid, track, slot.endMicros()));
    }
    return events;
  }

  /**
   * One event of the trace.
   *
   * @param ph its type: X is a slice, b and e are the ends of an asynchronous slice, M is metadata
   * @param ts start, microseconds
   * @param dur duration, microseconds; for slices only
   * @param id for asynchronous slices only
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Event(
      String name,
      String cat,
      String ph,
      double ts,
      Optional<Double> dur,
      int pid,
      int tid,
      Optional<String> id,
      Optional<Map<String, Object>> args) {
    private static Event named(String what, int pid, int tid, String name) {
      return new Event(
          what,
          "__metadata",
          "M",
          0,
          Optional.empty(),
          pid,
          tid,
          Optional.empty(),
          Optional.of(Map.of("name", name)));
    }

    private static Event slice(
        Slot slot, int pid, int tid, double micros, Map<String, Object> arguments) {
      return new Event(
          slot.operation().name(),
          slot.operation().phase().toString(),
          "X",
          slot.startMicros(),
          Optional.of(micros),
          pid,
          tid,
          Optional.empty(),
          Optional.of(arguments));
    }

    private static Event end(String ph, Slot slot, int pid, int tid, double ts) {
      return new Event(
          slot.operation().name(),
          slot.operation().phase().toString(),
          ph,
          ts,
          Optional.empty(),
          pid,
          tid,
          Optional.of(pid + "." + slot.operation().index()),
          Optional.empty());
    }
  }
}
