package dev.helix.runtime.sweep.report;

import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.Sweep;
import java.util.Locale;

/**
 * All points of a sweep as comma-separated values. The last column has the options with which
 * {@code helix time} shows the step.
 */
public final class PointsCsv {
  private static final String HEADER =
      "strategy,options,gpus,batch,microBatches,hopBPieces,accounting,ttlMicros,"
          + "tokensPerSecondPerUser,tokensPerSecondPerGpu,memoryBytes,time\n";

  private PointsCsv() {}

  /** One line for each configuration that fits, below the names of the columns. */
  public static String of(Sweep sweep) {
    StringBuilder text = new StringBuilder(HEADER);
    for (Point point : sweep.points()) {
      Configuration one = point.configuration();
      text.append(one.plan().kind()).append(',').append(one.plan().options());
      text.append(',').append(one.plan().gpus()).append(',').append(one.batch());
      text.append(',').append(one.microBatches()).append(',').append(one.hopB().pieces());
      text.append(',').append(one.hopB().isOn() ? one.hopB().accounting() : "");
      text.append(
          String.format(
              Locale.ROOT,
              ",%.3f,%.4f,%.5f,%d,%s%n",
              point.ttlMicros(),
              point.tokensPerSecondPerUser(),
              point.tokensPerSecondPerGpu(),
              point.memoryBytes(),
              one.timeOptions()));
    }
    return text.toString().replace(System.lineSeparator(), "\n");
  }
}
