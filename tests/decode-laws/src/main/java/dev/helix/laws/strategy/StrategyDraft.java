package dev.helix.laws.strategy;

import dev.helix.ffn.helix.MoeExchange;
import dev.helix.laws.strategy.StrategyModel.Kind;
import dev.helix.runtime.decode.DecodeRequest;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.Strategy;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.mesh.Layout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/** Draws a case. Parts of it may be given. */
final class StrategyDraft {
  private static final List<Kind> KINDS = List.of(Kind.values());
  private static final int MOST_RANKS = 8;
  private static final int MOST_REQUESTS = 4;
  private static final int MOST_PROMPT = 5;
  private static final int MOST_NEW = 3;
  private static final int STRATEGIES = 5;

  private final SplittableRandom random;
  private StrategyModel model;
  private CacheFormat cache = CacheFormat.FP64;
  private List<Integer> prompts = List.of();

  StrategyDraft(SplittableRandom random) {
    this.random = random;
    int heads = random.nextInt(4) == 0 ? 12 : 8;
    Kind kind = KINDS.get(random.nextInt(KINDS.size()));
    model(kind, 2 + random.nextInt(2), heads, 1 << random.nextInt(3));
    if (kind == Kind.WIDE || random.nextInt(4) == 0) {
      cache(drawnCache());
    }
  }

  /** A format of which any head is a multiple of blocks, or any if heads are wide. */
  private CacheFormat drawnCache() {
    List<CacheFormat> formats =
        model.kind() == Kind.WIDE
            ? List.of(CacheFormat.NVFP4, CacheFormat.MXFP4, CacheFormat.MXFP8, CacheFormat.FP8)
            : List.of(CacheFormat.BF16, CacheFormat.FP8);
    return formats.get(random.nextInt(formats.size()));
  }

  /** Gives the number format of the KV cache. */
  StrategyDraft cache(CacheFormat format) {
    cache = format;
    return this;
  }

  StrategyDraft model(Kind kind, int layers, int heads, int kvHeads) {
    int kv = kind == Kind.LATENT ? 1 : kvHeads;
    model = new StrategyModel(kind, layers, heads, kv, random.nextLong() >>> 1);
    cache = CacheFormat.FP64;
    return this;
  }

  /** Gives the lengths of the prompts. */
  StrategyDraft prompts(Integer... tokens) {
    prompts = List.of(tokens);
    return this;
  }

  /** The case under a given strategy. */
  StrategyCase build(Strategy strategy, StrategyHardCase hard) {
    return new StrategyCase(model, strategy, requests(), cache, Set.of(hard));
  }

  /** The case under a strategy that is drawn. */
  StrategyCase build() {
    List<DecodeRequest> requests = requests();
    while (true) {
      Optional<StrategyCase> drawn =
          strategy().map(strategy -> new StrategyCase(model, strategy, requests, cache, Set.of()));
      if (drawn.filter(StrategyCase::isLegal).isPresent()) {
        return drawn.get();
      }
    }
  }

  private List<DecodeRequest> requests() {
    if (prompts.isEmpty()) {
      prompts = random.ints(1 + random.nextInt(MOST_REQUESTS), 1, MOST_PROMPT + 1).boxed().toList();
    }
    List<DecodeRequest> requests = new ArrayList<>();
    for (int prompt : prompts) {
      List<Integer> forced = tokens(1 + random.nextInt(MOST_NEW));
      requests.add(new DecodeRequest(tokens(prompt), forced.size(), forced));
    }
    return requests;
  }

  private List<Integer> tokens(int count) {
    return random.ints(count, 0, StrategyModel.VOCABULARY).boxed().toList();
  }

  /** A strategy of drawn widths; empty if they do not fit each other. */
  private Optional<Strategy> strategy() {
    int kvp = width();
    int tpa = width();
    int ep = model.hasExperts() ? width() : 1;
    try {
      Strategy drawn =
          switch (random.nextInt(STRATEGIES)) {
            case 0 -> helix(kvp, tpa, ep);
            case 1 -> new TensorParallelStrategy(stage(tpa, ep));
            case 2 ->
                new PipelineStrategy(
                    1 + random.nextInt(model.layers()),
                    stage(tpa, ep),
                    1 + random.nextInt(MOST_REQUESTS));
            case 3 ->
                new DataParallelStrategy(
                    1 + random.nextInt(MOST_REQUESTS), kvp, tpa, placement(), random.nextBoolean());
            default -> new MedhaStrategy(kvp, tpa, width(), ep, placement());
          };
      return drawn.ranks() <= MOST_RANKS ? Optional.of(drawn) : Optional.empty();
    } catch (InvalidInputException e) {
      // These widths break a rule of the strategy.
      return Optional.empty();
    }
  }

  private HelixStrategy helix(int kvp, int tpa, int ep) {
    Layout layout = new Layout(kvp, tpa, Math.max(1, kvp * tpa / ep), ep);
    MoeExchange exchange =
        new MoeExchange(
            random.nextBoolean() ? MoeExchange.Router.REPLICATED : MoeExchange.Router.SPLIT,
            random.nextBoolean() ? MoeExchange.Reduction.ONE : MoeExchange.Reduction.BY_GROUP);
    return new HelixStrategy(layout, placement(), random.nextBoolean(), exchange);
  }

  private static Layout stage(int tpa, int ep) {
    return new Layout(1, tpa, Math.max(1, tpa / ep), ep);
  }

  private PlacementRule placement() {
    return random.nextInt(4) == 0
        ? PlacementRule.contiguous()
        : PlacementRule.roundRobin(1 + random.nextInt(3));
  }

  /** 1 to 8, the small ones more often. */
  private int width() {
    return 1 + random.nextInt(1 + random.nextInt(MOST_RANKS));
  }
}
