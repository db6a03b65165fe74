package dev.helix.laws.attention.files;

import dev.helix.attention.convention.AxisOrder;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Layout;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.Marks;
import dev.helix.attention.convention.Precision;
import dev.helix.attention.convention.Weights;
import dev.helix.laws.SeamTrials;
import dev.helix.laws.attention.AttentionCase;
import dev.helix.laws.attention.AttentionFeature;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.attention.AttentionUnderTest;
import dev.helix.laws.foreign.AnswerTensors;
import dev.helix.laws.foreign.ForeignSeam;
import dev.helix.laws.merge.files.CaseFiles;
import dev.helix.laws.merge.states.Partial;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Questions to a partial attention as a safetensors file, and its answers. A question is one launch
 * over the shards of one or several requests, whose keys and values are in the pages of one cache.
 * Names are those of FlashInfer's paged attention.
 *
 * <p>Of question N the file has {@code N.q} {@code [tokens, heads, keyDim]}, the tokens of all
 * requests; {@code N.qo_indptr} {@code [requests + 1]}, the first token of each request; {@code
 * N.q_positions} {@code [tokens]}; {@code N.k_cache} {@code [pages, pageSize, kvHeads, keyDim]} and
 * {@code N.v_cache} with {@code valueDim}, which is left out if a value is the first components of
 * its key; {@code N.kv_indptr}, {@code N.kv_indices}, {@code N.kv_last_page_len}; {@code
 * N.kv_positions} {@code [pages, pageSize]}, −1 where a slot has no token; scalars {@code
 * N.value_dim}, {@code N.sm_scale}, {@code N.soft_cap}, {@code N.window}, {@code N.k_scale}, {@code
 * N.v_scale}; and if the layer has them {@code N.sinks}, with the scalar {@code N.counts_sink}, and
 * {@code N.alibi_slopes}, {@code [heads]}. Answers are {@code N.output} {@code [tokens, heads,
 * valueDim]} and {@code N.lse} {@code [tokens, heads]}, or with heads first, as the convention
 * says.
 */
public final class AttentionFiles
    implements ForeignSeam<AttentionCase, List<AttentionInput>, List<Partial>> {
  private static final List<Integer> SCALAR = List.of();

  private final Convention convention;
  private final Set<AttentionFeature> features;

  /**
   * Prepares files for an attention with these features.
   *
   * @param convention that of the merge that the states go to
   */
  public AttentionFiles(Convention convention, Set<AttentionFeature> features) {
    this.convention = ofStates(convention);
    this.features = Set.copyOf(features);
  }

  /**
   * The convention of the states that are given to a merge: dense arrays, in the format, the base
   * and the order of axes in which the merge is given them.
   */
  public static Convention ofStates(Convention merge) {
    DType format = merge.formats().partial();
    Precision precision =
        Arrays.stream(Precision.values())
            .filter(p -> p.output() == format && p.lse() == merge.formats().lse())
            .findFirst()
            .orElse(merge.precision());
    List<Double> marks = merge.marks().given();
    return Convention.of(precision)
        .functionUlps(merge.functionUlps())
        .with(
            Weights.of(merge.base())
                .marked(new Marks(marks, List.of(), marks, merge.marks().byLength())))
        .with(Layout.dense(merge.layout().outputs(), merge.layout().lses()));
  }

  @Override
  public SeamTrials<AttentionCase> laws(
      Function<List<AttentionInput>, Supplier<List<Partial>>> program) {
    return asked(program).laws();
  }

  private AttentionUnderTest asked(
      Function<List<AttentionInput>, Supplier<List<Partial>>> program) {
    return new AttentionUnderTest() {
      @Override
      public Convention convention() {
        return convention;
      }

      @Override
      public Set<AttentionFeature> features() {
        return features;
      }

      @Override
      public Partial attend(AttentionInput shard) {
        return attend(List.of(shard)).get(0);
      }

      @Override
      public List<Partial> attend(List<AttentionInput> requests) {
        return program.apply(List.copyOf(requests)).get();
      }
    };
  }

  @Override
  public void add(List<List<AttentionInput>> questions, SafetensorsWriter writer) {
    for (int number = 0; number < questions.size(); number++) {
      add(number + ".", questions.get(number), writer);
    }
    writer
        .metadata("seam", "attention")
        .metadata("cases", String.valueOf(questions.size()))
        .metadata("base", convention.base() == LogBase.E ? "e" : "2")
        .metadata("empty", CaseFiles.mark(convention.emptyLse()))
        .metadata("layout", name(convention.layout().outputs()))
        .metadata("lse_layout", name(convention.layout().lses()));
  }

  private void add(String name, List<AttentionInput> requests, SafetensorsWriter writer) {
    AttentionInput one = requests.get(0);
    DType format = convention.precision().output();
    DType scores = convention.precision().lse();
    int tokens = tokens(requests);
    PagedCache cache = new PagedCache(requests);
    writer
        .tensor(
            name + "q",
            format,
            List.of(tokens, one.heads(), one.keyDim()),
            requests.stream()
                .map(AttentionInput::queries)
                .flatMapToDouble(Arrays::stream)
                .toArray())
        .integers(name + "qo_indptr", List.of(requests.size() + 1), starts(requests))
        .integers(
            name + "q_positions",
            List.of(tokens),
            requests.stream()
                .map(AttentionInput::queryPositions)
                .flatMapToInt(Arrays::stream)
                .asLongStream()
                .toArray())
        .tensor(
            name + "k_cache",
            format,
            List.of(cache.pages(), cache.pageSlots(), one.kvHeads(), one.keyDim()),
            cache.filled(AttentionInput::keys, one.keyDim()))
        .integers(name + "kv_indptr", List.of(requests.size() + 1), cache.indptr())
        .integers(name + "kv_indices", List.of(cache.pages() - 1), cache.indices())
        .integers(name + "kv_last_page_len", List.of(requests.size()), cache.lastPageLengths())
        .integers(
            name + "kv_positions", List.of(cache.pages(), cache.pageSlots()), cache.positions());
    if (!one.valuesInKeys()) {
      writer.tensor(
          name + "v_cache",
          format,
          List.of(cache.pages(), cache.pageSlots(), one.kvHeads(), one.valueDim()),
          cache.filled(AttentionInput::values, one.valueDim()));
    }
    writer
        .integers(name + "value_dim", SCALAR, new long[] {one.valueDim()})
        .integers(name + "window", SCALAR, new long[] {one.window()});
    number(writer, name + "sm_scale", one.scale());
    number(writer, name + "soft_cap", one.softCap());
    number(writer, name + "k_scale", one.keyScale());
    number(writer, name + "v_scale", one.valueScale());
    if (one.sinks().length > 0) {
      writer
          .tensor(name + "sinks", scores, List.of(one.heads()), one.sinks())
          .integers(name + "counts_sink", SCALAR, new long[] {one.countsSink() ? 1 : 0});
    }
    if (one.alibiSlopes().length > 0) {
      writer.tensor(name + "alibi_slopes", scores, List.of(one.heads()), one.alibiSlopes());
    }
  }

  private static void number(SafetensorsWriter writer, String name, double value) {
    writer.tensor(name, DType.F64, SCALAR, new double[] {value});
  }

  private static long[] starts(List<AttentionInput> requests) {
    long[] starts = new long[requests.size() + 1];
    for (int request = 0; request < requests.size(); request++) {
      starts[request + 1] = starts[request] + requests.get(request).tokens();
    }
    return starts;
  }

  private static int tokens(List<AttentionInput> requests) {
    return requests.stream().mapToInt(AttentionInput::tokens).sum();
  }

  private static String name(AxisOrder order) {
    return order == AxisOrder.TOKENS_FIRST ? "tokens-first" : "heads-first";
  }

  @Override
  public List<Partial> read(SafetensorsFile file, int number, List<AttentionInput> requests) {
    int dim = requests.get(0).valueDim();
    AxisOrder ofOutputs = convention.layout().outputs();
    AxisOrder ofLses = convention.layout().lses();
    List<Long> shape = new ArrayList<>(rows(ofOutputs, requests));
    shape.add((long) dim);
    double[] output =
        AnswerTensors.read(file, number + ".output", convention.precision().output(), shape);
    double[] lse =
        AnswerTensors.read(
            file, number + ".lse", convention.precision().lse(), rows(ofLses, requests));
    List<Partial> partials = new ArrayList<>();
    int first = 0;
    for (AttentionInput request : requests) {
      Rows own = new Rows(tokens(requests), request.heads(), first, request.tokens());
      partials.add(new Partial(own.of(output, dim, ofOutputs), own.of(lse, 1, ofLses)));
      first += request.tokens();
    }
    return List.copyOf(partials);
  }

  private static List<Long> rows(AxisOrder order, List<AttentionInput> requests) {
    long heads = requests.get(0).heads();
    long tokens = tokens(requests);
    return order == AxisOrder.TOKENS_FIRST ? List.of(tokens, heads) : List.of(heads, tokens);
  }

  /**
   * The rows of one request among those of all.
   *
   * @param tokens number of tokens of all requests
   * @param from the request's first token
   * @param count number of its tokens
   */
  private record Rows(int tokens, int heads, int from, int count) {
    /** Their elements, in the order of axes of the whole. */
    double[] of(double[] all, int width, AxisOrder order) {
      double[] own = new double[count * heads * width];
      for (int token = 0; token < count; token++) {
        for (int head = 0; head < heads; head++) {
          int at = order.index(token, head, count, heads);
          int whole = order.index(from + token, head, tokens, heads);
          System.arraycopy(all, whole * width, own, at * width, width);
        }
      }
      return own;
    }
  }

  /** An answer that any program could give: the states of no tokens. */
  @Override
  public Optional<List<Partial>> anyAnswer(List<AttentionInput> question) {
    return Optional.of(
        question.stream()
            .map(
                request -> {
                  int rows = request.tokens() * request.heads();
                  double[] lses = new double[rows];
                  Arrays.fill(lses, convention.emptyLse());
                  return new Partial(new double[rows * request.valueDim()], lses);
                })
            .toList());
  }

  @Override
  public long size(List<AttentionInput> question) {
    long size = 0;
    for (AttentionInput request : question) {
      long width = (long) request.keyDim() + (request.valuesInKeys() ? 0 : request.valueDim());
      size += (long) request.tokens() * request.heads() * request.keyDim();
      size += (request.slots() + 2L * request.pageSlots()) * request.kvHeads() * width;
    }
    return size;
  }
}
