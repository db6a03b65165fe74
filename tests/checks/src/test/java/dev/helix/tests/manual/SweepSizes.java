package dev.helix.tests.manual;

import dev.helix.runtime.checkpoint.ModelConfig;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.sweep.SearchSpace;
import dev.helix.runtime.sweep.StrategyKind;
import java.util.ArrayList;
import java.util.List;

/** How many configurations a sweep of each model tries if nothing else is said. */
final class SweepSizes {
  private static final int GPUS = 64;

  private SweepSizes() {}

  static String table() {
    List<String> head = new ArrayList<>(List.of("model"));
    for (StrategyKind kind : StrategyKind.values()) {
      head.add(kind.toString());
    }
    head.add("all");
    MarkdownTable table = new MarkdownTable(head.toArray(String[]::new));
    for (String model : ModelShape.NAMES) {
      ModelConfig config = ModelShape.of(model).config();
      List<String> row = new ArrayList<>(List.of(model));
      int all = 0;
      for (StrategyKind kind : StrategyKind.values()) {
        int size =
            new SearchSpace(GPUS, List.of(kind), SearchSpace.ALL_BATCHES, SearchSpace.Pieces.ALL)
                .size(config);
        row.add(Integer.toString(size));
        all += size;
      }
      row.add(Integer.toString(all));
      table.row(row.toArray(String[]::new));
    }
    return table.toString();
  }
}
