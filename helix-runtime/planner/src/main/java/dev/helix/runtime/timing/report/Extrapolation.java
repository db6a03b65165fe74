package dev.helix.runtime.timing.report;

import dev.helix.runtime.timing.cost.AttentionSizes;
import dev.helix.runtime.trace.StepTrace;
import dev.helix.tensor.DType;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import dev.helix.tensor.trace.Transfer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Says in which parts of a step the constants of a fitted preset go beyond any measurement. */
final class Extrapolation {
  private static final String FITTED_GPU = "GB200";

  private Extrapolation() {}

  /** One sentence for each part; none if the preset was not fitted to measurements. */
  static List<String> of(StepTime time) {
    List<String> parts = new ArrayList<>();
    if (time.machine().preset().checkErrors().isEmpty()) {
      return parts;
    }
    String gpu = time.machine().gpu().name();
    if (!gpu.equals(FITTED_GPU)) {
      parts.add("constants fitted on %s are taken for %s".formatted(FITTED_GPU, gpu));
    }
    if (time.trace().kinds().stream().anyMatch(kind -> kind.memory().kv() == DType.FP4)) {
      parts.add("no public time of attention over an FP4 cache; the kernel is that of FP8");
    }
    int rows = rowsOfRequest(time.trace().kinds().get(0));
    if (rows > 1) {
      parts.add("attention of %d rows of a request (measured with one)".formatted(rows));
    }
    parts.addAll(BorrowedConstants.of(time));
    Map<String, Integer> largest = new TreeMap<>();
    for (StepTrace.Kind kind : time.trace().kinds()) {
      for (Operation operation : kind.ranks().operations()) {
        if (operation instanceof Transfer transfer
            && transfer.group().size() > measured(transfer)) {
          largest.merge(words(transfer), transfer.group().size(), Math::max);
        }
      }
    }
    largest.forEach((words, gpus) -> parts.add("%s over %d GPUs".formatted(words, gpus)));
    return parts;
  }

  /** Query rows of a request. The first rank has tokens of every request of its group. */
  private static int rowsOfRequest(StepTrace.Kind first) {
    return first.trace().operations().stream()
        .filter(operation -> operation instanceof Launch)
        .map(Launch.class::cast)
        .filter(AttentionSizes::isAttention)
        .mapToInt(launch -> AttentionSizes.of(launch).rowsOfRequest())
        .max()
        .orElse(0);
  }

  /** The largest group in any measurement of an exchange. */
  private static int measured(Transfer transfer) {
    return switch (transfer.kind()) {
      case ALL_REDUCE, PARTIAL_ALL_REDUCE -> 8;
      case ALL_TO_ALL, ALL_TO_ALL_ROWS -> isOfExperts(transfer) ? 32 : 4;
      case ALL_GATHER, GATHER_BLOCKS, REDUCE_SCATTER -> 4;
      case BROADCAST, POINT_TO_POINT -> 1;
    };
  }

  private static String words(Transfer transfer) {
    int gpus = measured(transfer);
    return gpus == 1
        ? transfer.name() + " (not measured)"
        : "%s (measured up to %d)".formatted(transfer.name(), gpus);
  }

  private static boolean isOfExperts(Transfer transfer) {
    return transfer.phase() == Phase.DISPATCH || transfer.phase() == Phase.COMBINE;
  }
}
