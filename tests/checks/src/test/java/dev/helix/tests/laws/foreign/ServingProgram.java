package dev.helix.tests.laws.foreign;

import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/** A program that speaks the protocol of {@code helix laws --exec --serve}, right or wrong. */
public final class ServingProgram {
  private ServingProgram() {}

  static String command(String mode) {
    return JavaProgram.command(ServingProgram.class, mode);
  }

  /**
   * Argument: right, nan, dtype, shape, count, capless, or midway: it ends with half of its
   * answers.
   */
  public static void main(String[] arguments) throws IOException {
    BufferedReader lines =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      String[] names = line.split("\t", -1);
      answer(arguments[0], Path.of(names[0]), Path.of(names[1]));
      if (arguments[0].equals("midway")) {
        System.err.println("no memory left");
        System.exit(7);
      }
      System.out.println("done");
      System.out.flush();
    }
  }

  private static void answer(String mode, Path asked, Path answered) {
    SafetensorsWriter answers = new SafetensorsWriter();
    try (SafetensorsFile file = SafetensorsFile.open(asked)) {
      int cases = Integer.parseInt(file.metadata().get("cases"));
      for (int number = 0; number < answered(mode, cases); number++) {
        switch (file.metadata().get("seam")) {
          case "attention" -> new Attention(file, number, mode).answer(answers);
          case "placement" -> place(file, number + ".", mode, answers);
          default -> route(file, number + ".", mode, answers);
        }
      }
    }
    answers.write(answered);
  }

  private static int answered(String mode, int cases) {
    return switch (mode) {
      case "count" -> cases - 1;
      case "midway" -> cases / 2;
      default -> cases;
    };
  }

  private static int[] integers(SafetensorsFile file, String name) {
    return Arrays.stream(file.tensor(name).integers()).mapToInt(Math::toIntExact).toArray();
  }

  /** A launch over pages, answered by the textbook formula. */
  private static final class Attention {
    private final SafetensorsFile file;
    private final String name;
    private final String mode;
    private final int heads;
    private final int dim;
    private final int kvHeads;
    private final int valueDim;
    private final double[] q;
    private final double[] k;
    private final double[] v;
    private final int[] positions;

    Attention(SafetensorsFile file, int number, String mode) {
      this.file = file;
      this.name = number + ".";
      this.mode = mode;
      List<Long> shape = file.shape(name + "q");
      this.heads = Math.toIntExact(shape.get(1));
      this.dim = Math.toIntExact(shape.get(2));
      this.kvHeads = Math.toIntExact(file.shape(name + "k_cache").get(2));
      this.valueDim = integers(file, name + "value_dim")[0];
      this.q = file.read(name + "q");
      this.k = file.read(name + "k_cache");
      this.v = file.has(name + "v_cache") ? file.read(name + "v_cache") : k;
      this.positions = integers(file, name + "kv_positions");
    }

    void answer(SafetensorsWriter answers) {
      int[] starts = integers(file, name + "qo_indptr");
      int tokens = starts[starts.length - 1];
      double[] output = new double[tokens * heads * valueDim];
      double[] lse = new double[tokens * heads];
      for (int request = 0; request + 1 < starts.length; request++) {
        int[] slots = slots(request);
        for (int row = starts[request] * heads; row < starts[request + 1] * heads; row++) {
          lse[row] = attend(row, slots, output);
        }
      }
      if (mode.equals("nan")) {
        Arrays.fill(output, Double.NaN);
      }
      answers.tensor(
          name + "output",
          mode.equals("dtype") ? DType.F32 : file.dtype(name + "q"),
          mode.equals("shape")
              ? List.of(tokens * heads, valueDim)
              : List.of(tokens, heads, valueDim),
          output);
      answers.tensor(name + "lse", DType.F64, List.of(tokens, heads), lse);
    }

    /** The slots of a request's tokens, in their order. */
    private int[] slots(int request) {
      int pageSlots = Math.toIntExact(file.shape(name + "k_cache").get(1));
      int from = integers(file, name + "kv_indptr")[request];
      int to = integers(file, name + "kv_indptr")[request + 1];
      int last = integers(file, name + "kv_last_page_len")[request];
      int[] pages = integers(file, name + "kv_indices");
      int tokens = to == from ? 0 : (to - from - 1) * pageSlots + last;
      return IntStream.range(0, tokens)
          .map(t -> pages[from + t / pageSlots] * pageSlots + t % pageSlots)
          .toArray();
    }

    private double attend(int row, int[] slots, double[] output) {
      int query = integers(file, name + "q_positions")[row / heads];
      int window = integers(file, name + "window")[0];
      int head = row % heads;
      int[] seen =
          Arrays.stream(slots)
              .filter(s -> positions[s] <= query && (window == 0 || positions[s] > query - window))
              .toArray();
      double[] scores = Arrays.stream(seen).mapToDouble(s -> score(row, query, s)).toArray();
      boolean sink = file.has(name + "sinks") && integers(file, name + "counts_sink")[0] == 1;
      double ofSink = sink ? file.read(name + "sinks")[head] : Double.NEGATIVE_INFINITY;
      double top = Math.max(ofSink, Arrays.stream(scores).reduce(ofSink, Math::max));
      if (top == Double.NEGATIVE_INFINITY) {
        return top;
      }
      double sum = Math.exp(ofSink - top);
      int width = v.length / positions.length / kvHeads;
      for (int at = 0; at < seen.length; at++) {
        double weight = Math.exp(scores[at] - top);
        sum += weight;
        for (int i = 0; i < valueDim; i++) {
          output[row * valueDim + i] += weight * v[(seen[at] * kvHeads + kvHead(head)) * width + i];
        }
      }
      for (int i = 0; i < valueDim; i++) {
        output[row * valueDim + i] *= number("v_scale") / sum;
      }
      return top + Math.log(sum);
    }

    private double score(int row, int query, int slot) {
      int head = row % heads;
      double dot = 0;
      for (int i = 0; i < dim; i++) {
        dot += q[row * dim + i] * k[(slot * kvHeads + kvHead(head)) * dim + i];
      }
      double score = dot * number("sm_scale") * number("k_scale");
      double cap = mode.equals("capless") ? 0 : number("soft_cap");
      score = cap == 0 ? score : cap * Math.tanh(score / cap);
      return file.has(name + "alibi_slopes")
          ? score - file.read(name + "alibi_slopes")[head] * (query - positions[slot])
          : score;
    }

    private int kvHead(int head) {
      return head / (heads / kvHeads);
    }

    private double number(String scalar) {
      return file.read(name + scalar)[0];
    }
  }

  /** Round robin from shard 0; with the mode "nan" each local length is one too large. */
  private static void place(
      SafetensorsFile file, String name, String mode, SafetensorsWriter answers) {
    int shards = integers(file, name + "shards")[0];
    long run = integers(file, name + "run_length")[0];
    int[] positions = integers(file, name + "positions");
    int[] places = integers(file, name + "places");
    int tokens = Arrays.stream(integers(file, name + "steps")).sum();
    int count = positions.length;
    long[] owners = new long[count];
    long[] slots = new long[count];
    long[] back = new long[count];
    long[] lengths = new long[(count + 1) * shards];
    for (int at = 0; at <= count; at++) {
      long before = at < count ? positions[at] : tokens;
      for (int shard = 0; shard < shards; shard++) {
        long rest = before % (run * shards) - shard * run;
        lengths[at * shards + shard] =
            before / (run * shards) * run
                + Math.max(0, Math.min(run, rest))
                + (mode.equals("nan") ? 1 : 0);
      }
    }
    for (int at = 0; at < count; at++) {
      long position = positions[at];
      owners[at] = position / run % shards;
      slots[at] = position / (run * shards) * run + position % run;
      long slot = places[2 * at + 1];
      back[at] = (slot / run * shards + places[2 * at]) * run + slot % run;
    }
    answers
        .integers(name + "owners", List.of(count), owners)
        .integers(name + "slots", List.of(count), slots)
        .integers(name + "lengths", List.of(count + 1, shards), lengths)
        .integers(name + "back", List.of(count), back);
  }

  /** Softmax over all experts without groups; with the mode "nan" weights are not renormalised. */
  private static void route(
      SafetensorsFile file, String name, String mode, SafetensorsWriter answers) {
    int tokens = Math.toIntExact(file.shape(name + "logits").get(0));
    int experts = Math.toIntExact(file.shape(name + "logits").get(1));
    int topK = integers(file, name + "top_k")[0];
    double[] logits = file.read(name + "logits");
    double[] bias = file.read(name + "bias");
    boolean renormalised = integers(file, name + "renormalised")[0] == 1 && !mode.equals("nan");
    long[] chosen = new long[tokens * topK];
    double[] weights = new double[tokens * topK];
    for (int token = 0; token < tokens; token++) {
      double[] own = Arrays.copyOfRange(logits, token * experts, (token + 1) * experts);
      double top = Arrays.stream(own).max().orElseThrow();
      double[] scores = Arrays.stream(own).map(z -> Math.exp(z - top)).toArray();
      double all = Arrays.stream(scores).sum();
      int[] best =
          IntStream.range(0, experts)
              .boxed()
              .sorted(
                  (a, b) -> Double.compare(scores[b] / all + bias[b], scores[a] / all + bias[a]))
              .mapToInt(Integer::intValue)
              .limit(topK)
              .toArray();
      double sum = Arrays.stream(best).mapToDouble(e -> scores[e]).sum();
      for (int at = 0; at < topK; at++) {
        chosen[token * topK + at] = best[at];
        weights[token * topK + at] =
            scores[best[at]] / (renormalised ? sum : all) * file.read(name + "scale")[0];
      }
    }
    answers
        .integers(name + "experts", List.of(tokens, topK), chosen)
        .tensor(name + "weights", DType.F64, List.of(tokens, topK), weights);
  }
}
