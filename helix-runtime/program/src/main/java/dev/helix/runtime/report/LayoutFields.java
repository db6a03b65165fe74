package dev.helix.runtime.report;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.runtime.timing.report.Spread;
import dev.helix.tensor.mesh.Layout;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How a model is spread over ranks, as reports write it: the strategy's name, as {@code --strategy}
 * takes it, and the widths and choices that the strategy has, each by the name of its field.
 */
public record LayoutFields(String strategy, Map<String, Object> choices) {
  private static final List<String> WIDTHS =
      List.of("dp", "pp", "microBatches", "kvp", "tpa", "tpf", "ep");

  public LayoutFields {
    choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
  }

  /** The widths and choices, which become fields beside the name. */
  @Override
  @JsonAnyGetter
  public Map<String, Object> choices() {
    return choices;
  }

  /** The fields of a strategy. */
  public static LayoutFields of(Strategy strategy) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (strategy instanceof HelixStrategy helix) {
      put(fields, helix.layout());
      put(fields, helix.placement());
      fields.put("hopB", helix.hopB());
      return new LayoutFields("helix", fields);
    }
    if (strategy instanceof TensorParallelStrategy tensor) {
      put(fields, tensor.layout());
      return new LayoutFields("tp", fields);
    }
    if (strategy instanceof PipelineStrategy pipeline) {
      fields.put("pp", pipeline.pp());
      fields.put("microBatches", pipeline.microBatches());
      put(fields, pipeline.stage());
      return new LayoutFields("tp-pp", fields);
    }
    if (strategy instanceof DataParallelStrategy data) {
      fields.put("dp", data.dp());
      put(fields, new int[] {data.kvp(), data.tpa(), 1, data.ranks()});
      put(fields, data.placement());
      fields.put("hopB", data.hopB());
      return new LayoutFields("dp-ep", fields);
    }
    if (strategy instanceof MedhaStrategy medha) {
      put(fields, new int[] {medha.kvp(), medha.tpa(), medha.tpf(), medha.ep()});
      put(fields, medha.placement());
      return new LayoutFields("medha", fields);
    }
    throw new IllegalArgumentException("expected a strategy with a name, got " + strategy);
  }

  /** The widths alone, for a model that is timed. */
  public static Spread spread(Strategy strategy) {
    LayoutFields fields = of(strategy);
    Map<String, Integer> widths = new LinkedHashMap<>();
    for (String name : WIDTHS) {
      if (fields.choices.get(name) instanceof Integer width) {
        widths.put(name, width);
      }
    }
    return new Spread(fields.strategy, strategy.ranks(), widths);
  }

  private static void put(Map<String, Object> fields, Layout layout) {
    put(fields, new int[] {layout.kvp(), layout.tpa(), layout.tpf(), layout.ep()});
  }

  private static void put(Map<String, Object> fields, int[] widths) {
    String[] names = {"kvp", "tpa", "tpf", "ep"};
    for (int i = 0; i < names.length; i++) {
      fields.put(names[i], widths[i]);
    }
  }

  private static void put(Map<String, Object> fields, PlacementRule rule) {
    fields.put("placement", rule.kind().toString());
    fields.put("runLength", rule.runLength());
  }
}
