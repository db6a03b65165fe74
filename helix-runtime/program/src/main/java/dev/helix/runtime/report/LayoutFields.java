package dev.helix.runtime.report;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import dev.helix.runtime.checkpoint.ModelConfig;
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
  private static final String PLACEMENT = "placement";
  private static final List<String> WIDTHS =
      List.of("dp", "pp", "microBatches", "kvp", "tpa", "tpf", "ep");

  public LayoutFields {
    choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
  }

  /**
   * The widths and choices by the names of their fields, which stand beside the strategy's name.
   */
  @Override
  @JsonAnyGetter
  public Map<String, Object> choices() {
    return choices;
  }

  /** Whether several ranks share a sequence, so that a placement deals its tokens to them. */
  public boolean sharesSequences() {
    return choices.containsKey(PLACEMENT);
  }

  /** The fields of a strategy for a model. */
  public static LayoutFields of(Strategy strategy, ModelConfig model) {
    Map<String, Object> fields = new LinkedHashMap<>();
    if (strategy instanceof HelixStrategy helix) {
      put(fields, helix.layout());
      put(fields, helix.layout().kvp(), helix.placement());
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
      put(fields, ofGroup(data, model));
      put(fields, data.kvp(), data.placement());
      fields.put("hopB", data.hopB());
      return new LayoutFields("dp-ep", fields);
    }
    if (strategy instanceof MedhaStrategy medha) {
      put(fields, new int[] {medha.kvp(), medha.tpa(), medha.tpf(), medha.ep()});
      put(fields, medha.kvp(), medha.placement());
      return new LayoutFields("medha", fields);
    }
    throw new IllegalArgumentException("expected a strategy with a name, got " + strategy);
  }

  /** The widths alone, for a model that is timed. */
  public static Spread spread(Strategy strategy, ModelConfig model) {
    LayoutFields fields = of(strategy, model);
    Map<String, Integer> widths = new LinkedHashMap<>();
    for (String name : WIDTHS) {
      if (fields.choices.get(name) instanceof Integer width) {
        widths.put(name, width);
      }
    }
    return new Spread(fields.strategy, strategy.ranks(), widths);
  }

  /** All ranks share routed experts; without them each group has an FFN of its own. */
  private static int[] ofGroup(DataParallelStrategy data, ModelConfig model) {
    return model.mixture().isPresent()
        ? new int[] {data.kvp(), data.tpa(), 1, data.ranks()}
        : new int[] {data.kvp(), data.tpa(), data.kvp() * data.tpa(), 1};
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

  /** One shard keeps all tokens under every rule. */
  private static void put(Map<String, Object> fields, int shards, PlacementRule rule) {
    if (shards == 1) {
      return;
    }
    fields.put(PLACEMENT, rule.kind().toString());
    if (rule.kind() == PlacementRule.Kind.ROUND_ROBIN) {
      fields.put("runLength", rule.runLength());
    }
  }
}
