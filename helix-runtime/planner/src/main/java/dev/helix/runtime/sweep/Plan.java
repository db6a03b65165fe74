package dev.helix.runtime.sweep;

import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import java.util.Locale;

/**
 * A strategy with all its widths.
 *
 * @param kind the strategy
 * @param strategy its widths, without HOP-B
 */
public record Plan(StrategyKind kind, Strategy strategy) {
  /** N, the number of GPUs. */
  public int gpus() {
    return strategy.ranks();
  }

  /** Number of data parallel groups, among which the requests are divided. */
  public int groups() {
    return strategy instanceof DataParallelStrategy parallel ? parallel.dp() : 1;
  }

  /** Number of stages of a pipeline. */
  public int stages() {
    return strategy instanceof PipelineStrategy pipeline ? pipeline.pp() : 1;
  }

  /** KVP of each group of ranks. */
  public int kvp() {
    return strategy.attentionParts();
  }

  /** How many ranks run the FFN of a token: the fixed group under Medha, else all of a stage. */
  public int ffnWidth() {
    return strategy instanceof MedhaStrategy medha ? medha.tpf() * medha.ep() : gpus() / stages();
  }

  /** Tensor parallel width of attention. */
  public int tpa() {
    return gpus() / (groups() * stages() * kvp());
  }

  /** The same plan with HOP-B, if the strategy has it and there is an exchange to hide. */
  public Strategy withHopB() {
    if (strategy instanceof HelixStrategy helix) {
      return new HelixStrategy(helix.layout(), helix.placement(), true, helix.moe());
    }
    if (strategy instanceof DataParallelStrategy parallel) {
      return new DataParallelStrategy(
          parallel.dp(), parallel.kvp(), parallel.tpa(), parallel.placement(), true);
    }
    return strategy;
  }

  /**
   * Whether ranks do the same under another plan, whatever it is called: without KVP, groups and
   * stages Helix is tensor parallelism.
   */
  public boolean isLike(Plan other) {
    return equals(other)
        || (isTensorParallel()
            && other.isTensorParallel()
            && options().replace("--kvp 1 ", "").equals(other.options().replace("--kvp 1 ", "")));
  }

  private boolean isTensorParallel() {
    return kvp() == 1 && groups() == 1 && stages() == 1;
  }

  boolean hasHopB() {
    return kind.isHelix() && kvp() > 1;
  }

  /** The widths, as {@code helix time} takes them. */
  public String options() {
    if (strategy instanceof HelixStrategy helix) {
      return attention() + ffn(helix.layout().tpf(), helix.layout().ep());
    }
    if (strategy instanceof TensorParallelStrategy tensor) {
      return "--tpa " + tpa() + ffn(tensor.layout().tpf(), tensor.layout().ep());
    }
    if (strategy instanceof PipelineStrategy pipeline) {
      return "--pp "
          + stages()
          + " --tpa "
          + tpa()
          + ffn(pipeline.stage().tpf(), pipeline.stage().ep());
    }
    if (strategy instanceof MedhaStrategy medha) {
      return attention() + ffn(medha.tpf(), medha.ep());
    }
    return "--dp " + groups() + " " + attention();
  }

  private String attention() {
    return "--kvp " + kvp() + " --tpa " + tpa();
  }

  private static String ffn(int tpf, int ep) {
    return " --tpf " + tpf + " --ep " + ep;
  }

  /** The widths in words: "KVP 8 TPA 8 TPF 64 EP 1". */
  public String words() {
    return options().replace("--", "").toUpperCase(Locale.ROOT);
  }
}
