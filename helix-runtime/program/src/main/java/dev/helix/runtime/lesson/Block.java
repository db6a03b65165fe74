package dev.helix.runtime.lesson;

import dev.helix.runtime.timing.schedule.GpuStream;
import dev.helix.runtime.timing.schedule.Slot;
import dev.helix.tensor.program.Phase;
import java.util.ArrayList;
import java.util.List;

/**
 * Operations of one phase that follow each other on a timeline without a gap, each of them once.
 * The pieces of HOP-B are blocks of their own.
 *
 * @param slots when the operations run
 * @param line where times lie on the drawing
 */
record Block(List<Slot> slots, Line line) {
  /** The line of time: where its begin lies, in pixels, and how long a microsecond is. */
  record Line(double left, double startMicros, double scale) {
    double x(double micros) {
      return left + (micros - startMicros) * scale;
    }
  }

  /** The blocks of a layer, stream by stream. */
  static List<Block> of(LayerTime layer, double left, double scale) {
    Line line = new Line(left, layer.startMicros(), scale);
    List<Block> blocks = new ArrayList<>();
    for (GpuStream stream : GpuStream.values()) {
      List<Slot> open = new ArrayList<>();
      for (Slot slot : layer.slots()) {
        if (GpuStream.of(slot.operation()) == stream) {
          if (!open.isEmpty() && !continues(open, slot)) {
            blocks.add(new Block(List.copyOf(open), line));
            open.clear();
          }
          open.add(slot);
        }
      }
      if (!open.isEmpty()) {
        blocks.add(new Block(List.copyOf(open), line));
      }
    }
    return blocks;
  }

  private static boolean continues(List<Slot> open, Slot slot) {
    Slot last = open.get(open.size() - 1);
    return last.endMicros() >= slot.startMicros()
        && last.operation().phase() == slot.operation().phase()
        && open.stream().noneMatch(one -> one.operation().name().equals(slot.operation().name()));
  }

  Phase phase() {
    return slots.get(0).operation().phase();
  }

  boolean computes() {
    return GpuStream.of(slots.get(0).operation()) == GpuStream.COMPUTE;
  }

  double from() {
    return x(slots.get(0));
  }

  double to() {
    return line.x(slots.get(slots.size() - 1).endMicros());
  }

  double x(Slot slot) {
    return line.x(slot.startMicros());
  }

  double width(Slot slot) {
    return slot.micros() * line.scale();
  }
}
