package dev.helix.runtime.sweep.report;

import dev.helix.runtime.sweep.Configuration;
import dev.helix.runtime.sweep.Point;
import dev.helix.runtime.sweep.Sweep;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.stream.Collectors;

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
    return sweep.points().parallelStream()
        .map(PointsCsv::line)
        .collect(Collectors.joining("", HEADER, ""));
  }

  private static StringBuilder line(Point point) {
    Configuration one = point.configuration();
    StringBuilder text = new StringBuilder();
    text.append(one.plan().kind()).append(',').append(one.plan().options());
    text.append(',').append(one.plan().gpus()).append(',').append(one.batch());
    text.append(',').append(one.microBatches()).append(',').append(one.hopB().pieces());
    text.append(',').append(one.hopB().isOn() ? one.hopB().accounting() : "");
    text.append(',').append(rounded(point.ttlMicros(), 3));
    text.append(',').append(rounded(point.tokensPerSecondPerUser(), 4));
    text.append(',').append(rounded(point.tokensPerSecondPerGpu(), 5));
    text.append(',').append(point.memoryBytes());
    return text.append(',').append(one.timeOptions()).append('\n');
  }

  /** A number with so many digits behind the point. */
  private static String rounded(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP).toPlainString();
  }
}
