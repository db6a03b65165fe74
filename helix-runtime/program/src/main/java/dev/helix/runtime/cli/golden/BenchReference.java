package dev.helix.runtime.cli.golden;

import dev.helix.attention.convention.AxisOrder;
import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.Layout;
import dev.helix.attention.convention.LogBase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The reference of a definition of FlashInfer-Bench: plain PyTorch in double precision. */
final class BenchReference {
  private BenchReference() {}

  /** A merge of this convention. */
  static String ofMerge(Convention convention) {
    Layout layout = convention.layout();
    boolean side = layout.packing() == Layout.Packing.PAIRS;
    String log = convention.base() == LogBase.E ? "log" : "log2";
    String weights =
        convention.pairs()
            ? (side ? "maxima, sums = pairs[..., 0], pairs[..., 1]\n    " : "")
                + "lses = maxima.double() + torch.%s(sums.double())".formatted(log)
            : "# log-sum-exps are given as they are";
    double mark = convention.emptyLse();
    return source("merge_reference.py")
        .replace(
            "{arguments}",
            "outputs, " + (side ? "pairs" : convention.pairs() ? "maxima, sums" : "lses"))
        .replace("{weights}", weights)
        .replace("{output_axes}", numbers(inner(layout.outputs(), layout.shards()), true))
        .replace("{lse_axes}", numbers(inner(layout.lses(), layout.shards()), false))
        .replace("{nats}", String.valueOf(convention.base().nats()))
        .replace("{answered_nats}", String.valueOf(convention.weights().answered().nats()))
        .replace(
            "{finite_mark}",
            Double.isFinite(mark)
                ? " | (lses == %s)".formatted(mark * convention.base().nats())
                : "")
        .replace("{returned}", python(convention.marks().returned().get(0)))
        .replace("{answer_axes}", answer(layout.outputs(), true))
        .replace("{answer_lse_axes}", answer(layout.lses(), false))
        .replace("{answer}", BenchForm.format(convention.formats().answer()));
  }

  /** Partial attention whose states are those of this convention. */
  static String ofAttention(Convention convention) {
    Layout layout = convention.layout();
    return source("attention_reference.py")
        .replace("{empty}", python(convention.emptyLse()))
        .replace("{nats}", String.valueOf(convention.base().nats()))
        .replace("{answer_axes}", answer(layout.outputs(), true))
        .replace("{answer_lse_axes}", answer(layout.lses(), false))
        .replace("{answer}", BenchForm.format(convention.formats().answer()));
  }

  /** The places of shards, tokens and heads in an array. */
  private static List<Integer> inner(AxisOrder order, Layout.ShardAxis shards) {
    List<String> axes =
        new ArrayList<>(order == AxisOrder.TOKENS_FIRST ? List.of("t", "h") : List.of("h", "t"));
    axes.add(shards.place(), "s");
    return List.of(axes.indexOf("s"), axes.indexOf("t"), axes.indexOf("h"));
  }

  private static String numbers(List<Integer> axes, boolean dim) {
    String all = axes.stream().map(String::valueOf).collect(Collectors.joining(", "));
    return dim ? all + ", 3" : all;
  }

  private static String answer(AxisOrder order, boolean dim) {
    return numbers(order == AxisOrder.TOKENS_FIRST ? List.of(0, 1) : List.of(1, 0), false)
        + (dim ? ", 2" : "");
  }

  private static String python(double number) {
    return Double.isInfinite(number) ? (number < 0 ? "-inf" : "inf") : String.valueOf(number);
  }

  private static String source(String name) {
    try (InputStream text = BenchReference.class.getResourceAsStream(name)) {
      if (text == null) {
        throw new IllegalStateException(name + " is not packed with the program");
      }
      return new String(text.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
