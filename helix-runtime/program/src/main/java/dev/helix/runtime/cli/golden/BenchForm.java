package dev.helix.runtime.cli.golden;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.helix.attention.convention.AxisOrder;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Layout;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.merge.states.Stack;
import dev.helix.tensor.DType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Cases in the form of FlashInfer-Bench: definitions by their constant axes, and workloads that
 * read tensors of {@code cases.safetensors}. Cases that it has no words for are left out: formats
 * that it does not know, weights packed behind outputs, lengths, and whatever partial attention
 * adds to a plain decode of one token that sees all.
 *
 * @see <a href="https://bench.flashinfer.ai/docs/flashinfer-trace">The schemas</a>
 */
final class BenchForm {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  /** Names of formats that FlashInfer-Bench knows. */
  private static final Map<DType, String> FORMATS =
      Map.of(DType.F32, "float32", DType.BF16, "bfloat16", DType.F16, "float16");

  private final Convention convention;
  private final Map<String, String> files = new TreeMap<>();

  /** Prepares the form of cases of a convention. */
  BenchForm(Convention convention) {
    this.convention = convention;
  }

  /** The text of each file, by its path. */
  Map<String, String> files() {
    return files;
  }

  /** Adds a merge, if it can be expressed. */
  void add(int number, Stack asked) {
    Layout layout = convention.layout();
    if (!knowsFormats()
        || convention.marks().byLength()
        || layout.packing() == Layout.Packing.BEHIND_OUTPUT
        || !layout.padding().equals(Layout.Padding.NONE)) {
      return;
    }
    BenchDefinition definition =
        new BenchDefinition(
                "merge_states",
                "merge_states_h%d_d%d".formatted(asked.heads(), asked.dim()),
                BenchReference.ofMerge(convention))
            .axis("num_heads", asked.heads())
            .axis("head_dim", asked.dim())
            .variable("num_shards", asked.shards())
            .variable("num_tokens", asked.tokens());
    List<String> lses = axes(layout.lses(), layout.shards());
    List<String> outputs = with(axes(layout.outputs(), layout.shards()), "head_dim");
    definition.input("outputs", outputs, format(convention.formats().partial()));
    String weights = format(convention.formats().lse());
    if (layout.packing() == Layout.Packing.PAIRS) {
      definition.axis("pair", 2).input("pairs", with(lses, "pair"), weights);
    } else if (convention.pairs()) {
      definition.input("maxima", lses, weights).input("sums", lses, weights);
    } else {
      definition.input("lses", lses, weights);
    }
    definition
        .output(
            "outputs",
            with(pair(layout.outputs()), "head_dim"),
            format(convention.formats().answer()))
        .output("lses", pair(layout.lses()), weights);
    add(number, definition);
  }

  /** Adds one shard of a request, if it is plain grouped-query attention of one token. */
  void add(int number, List<AttentionInput> launch) {
    AttentionInput asked = launch.get(0);
    int query = asked.queryPositions()[0];
    int tokens = (int) Arrays.stream(asked.slotPositions()).filter(p -> p >= 0).count();
    boolean plain =
        launch.size() == 1
            && asked.tokens() == 1
            && !asked.valuesInKeys()
            && asked.valueDim() == asked.keyDim()
            && asked.softCap() == 0
            && asked.window() == 0
            && asked.sinks().length == 0
            && asked.alibiSlopes().length == 0
            && asked.keyScale() == 1
            && asked.valueScale() == 1
            && Arrays.stream(asked.slotPositions()).allMatch(p -> p <= query);
    if (!plain || !knowsFormats()) {
      return;
    }
    int pages = (tokens + asked.pageSlots() - 1) / asked.pageSlots();
    String format = format(convention.formats().partial());
    List<String> cache = List.of("num_pages", "page_size", "num_kv_heads", "head_dim");
    Layout layout = convention.layout();
    BenchDefinition definition =
        new BenchDefinition(
                "gqa_paged",
                "gqa_paged_decode_h%d_kv%d_d%d_ps%d"
                    .formatted(asked.heads(), asked.kvHeads(), asked.keyDim(), asked.pageSlots()),
                BenchReference.ofAttention(convention))
            .axis("num_qo_heads", asked.heads())
            .axis("num_kv_heads", asked.kvHeads())
            .axis("head_dim", asked.keyDim())
            .axis("page_size", asked.pageSlots())
            .variable("batch_size", 1)
            .variable("num_pages", pages + 1)
            .variable("len_indptr", 2)
            .variable("num_kv_indices", pages)
            .input("q", List.of("batch_size", "num_qo_heads", "head_dim"), format)
            .input("k_cache", cache, format)
            .input("v_cache", cache, format)
            .input("kv_indptr", List.of("len_indptr"), "int64")
            .input("kv_indices", List.of("num_kv_indices"), "int64")
            .input("kv_last_page_len", List.of("batch_size"), "int64")
            .scalar("sm_scale", asked.scale())
            .output("output", with(ofQueries(layout.outputs()), "head_dim"), format)
            .output("lse", ofQueries(layout.lses()), format(convention.formats().lse()));
    add(number, definition);
  }

  private void add(int number, BenchDefinition definition) {
    files.putIfAbsent(
        "definitions/%s/%s.json".formatted(definition.opType(), definition.name()),
        definition.json().toPrettyString() + "\n");
    ObjectNode line = JSON.objectNode().put("definition", definition.name());
    line.set("workload", definition.workload(number, convention.origin().name()));
    line.putNull("solution").putNull("evaluation");
    files.merge(
        "workloads/%s/%s.jsonl".formatted(definition.opType(), definition.name()),
        line + "\n",
        String::concat);
  }

  private boolean knowsFormats() {
    return FORMATS.containsKey(convention.formats().partial())
        && FORMATS.containsKey(convention.formats().lse())
        && FORMATS.containsKey(convention.formats().answer());
  }

  static String format(DType dtype) {
    return FORMATS.get(dtype);
  }

  private static List<String> axes(AxisOrder order, Layout.ShardAxis shards) {
    List<String> axes = new ArrayList<>(pair(order));
    axes.add(shards.place(), "num_shards");
    return axes;
  }

  private static List<String> pair(AxisOrder order) {
    return order == AxisOrder.TOKENS_FIRST
        ? List.of("num_tokens", "num_heads")
        : List.of("num_heads", "num_tokens");
  }

  private static List<String> ofQueries(AxisOrder order) {
    return order == AxisOrder.TOKENS_FIRST
        ? List.of("batch_size", "num_qo_heads")
        : List.of("num_qo_heads", "batch_size");
  }

  private static List<String> with(List<String> axes, String last) {
    List<String> all = new ArrayList<>(axes);
    all.add(last);
    return all;
  }
}
