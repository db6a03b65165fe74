package dev.helix.laws.strategy;

import dev.helix.ffn.helix.MoeExchange;
import dev.helix.laws.strategy.StrategyModel.Kind;
import dev.helix.runtime.strategy.PlacementRule;
import dev.helix.runtime.strategy.dataparallel.DataParallelStrategy;
import dev.helix.runtime.strategy.helix.HelixStrategy;
import dev.helix.runtime.strategy.medha.MedhaStrategy;
import dev.helix.runtime.strategy.pipeline.PipelineStrategy;
import dev.helix.runtime.strategy.tensorparallel.TensorParallelStrategy;
import dev.helix.tensor.formats.CacheFormat;
import dev.helix.tensor.mesh.Layout;
import java.util.SplittableRandom;

/** Widths, models and batches at which one of the strategies has something of its own to do. */
enum StrategyHardCase {
  /** Values of two blocks each, and ranks that take turns in keeping tokens. */
  NVFP4_CACHE,
  /** A constant scale of keys and another one of values, on two ranks for each KV head. */
  FP8_CACHE_OF_DUPLICATED_KV_HEADS,
  /** Several tokens of a request on one rank. */
  MXFP8_CACHE_UNDER_MEDHA,
  /** Each KV head stands on two ranks. */
  TP_OF_DUPLICATED_KV_HEADS,
  TP_OF_SPLIT_KV_HEADS,
  /** Heads are split, and every rank has all latents. */
  TP_OF_LATENTS,
  /** Two stages, and each micro-batch has another number of requests and another length. */
  STAGES_WITH_MICRO_BATCHES,
  /** Three layers in two stages of several ranks. */
  UNEVEN_STAGES_OF_EXPERTS,
  /** Groups consist of single ranks and have different numbers of requests. */
  UNEVEN_GROUPS_OF_EXPERTS,
  DENSE_GROUPS,
  /** Groups of Helix, whose ranks share the sending of their tokens. */
  GROUPS_OF_HELIX_WITH_EXPERTS,
  /**
   * There are more ranks than some step has rows, so that a rank sends no token and still serves
   * others.
   */
  RANKS_WITHOUT_TOKENS,
  MEDHA_WITH_A_NARROW_GROUP,
  /** Two members of each KVP group are in the fixed group. */
  MEDHA_WITH_A_WIDER_GROUP,
  MEDHA_OF_LATENTS_AND_EXPERTS,
  MEDHA_ON_ALL_RANKS,
  HELIX_WITH_EXPERT_GROUPS,
  HELIX_IN_THE_PAPERS_WORDING,
  ONE_RANK,
  /** Two micro-batches of one shape, so that the state of one fits in the place of the other. */
  EQUAL_MICRO_BATCHES;

  private static final PlacementRule EACH_TURN = PlacementRule.roundRobin(1);

  /** Draws a case of this kind. */
  StrategyCase make(SplittableRandom random) {
    StrategyDraft draft = new StrategyDraft(random);
    return switch (this) {
      case TP_OF_DUPLICATED_KV_HEADS ->
          draft
              .model(Kind.DENSE, 2, 8, 4)
              .prompts(3, 1)
              .build(new TensorParallelStrategy(Layout.dense(1, 8)), this);
      case TP_OF_SPLIT_KV_HEADS ->
          draft
              .model(Kind.MIXTURE, 2, 12, 6)
              .build(new TensorParallelStrategy(new Layout(1, 6, 2, 3)), this);
      case TP_OF_LATENTS ->
          draft
              .model(Kind.LATENT, 2, 8, 1)
              .build(new TensorParallelStrategy(new Layout(1, 4, 2, 2)), this);
      case STAGES_WITH_MICRO_BATCHES ->
          draft
              .model(Kind.DENSE, 2, 8, 2)
              .prompts(3, 3, 2, 3)
              .build(new PipelineStrategy(2, Layout.dense(1, 2), 2), this);
      case UNEVEN_STAGES_OF_EXPERTS ->
          draft
              .model(Kind.LATENT, 3, 8, 1)
              .prompts(2, 4, 1)
              .build(new PipelineStrategy(2, new Layout(1, 4, 2, 2), 3), this);
      case UNEVEN_GROUPS_OF_EXPERTS ->
          draft
              .model(Kind.LATENT, 2, 8, 1)
              .prompts(4, 3, 2, 3, 2)
              .build(new DataParallelStrategy(4, 1, 1, EACH_TURN, false), this);
      case DENSE_GROUPS ->
          draft
              .model(Kind.DENSE, 2, 12, 4)
              .prompts(5, 1, 2, 1)
              .build(new DataParallelStrategy(3, 1, 2, EACH_TURN, true), this);
      case GROUPS_OF_HELIX_WITH_EXPERTS ->
          draft
              .model(Kind.MIXTURE, 2, 8, 2)
              .prompts(5, 3, 1)
              .build(new DataParallelStrategy(2, 2, 2, EACH_TURN, false), this);
      case RANKS_WITHOUT_TOKENS ->
          draft
              .model(Kind.LATENT, 2, 8, 1)
              .prompts(1)
              .build(new DataParallelStrategy(1, 8, 1, EACH_TURN, true), this);
      case MEDHA_WITH_A_NARROW_GROUP ->
          draft
              .model(Kind.DENSE, 2, 8, 2)
              .prompts(6, 2)
              .build(new MedhaStrategy(4, 2, 2, 1, EACH_TURN), this);
      case MEDHA_WITH_A_WIDER_GROUP ->
          draft
              .model(Kind.DENSE, 2, 8, 2)
              .prompts(6, 2)
              .build(new MedhaStrategy(4, 2, 4, 1, EACH_TURN), this);
      case MEDHA_OF_LATENTS_AND_EXPERTS ->
          draft
              .model(Kind.LATENT, 2, 8, 1)
              .prompts(5, 3)
              .build(new MedhaStrategy(4, 2, 2, 2, PlacementRule.roundRobin(2)), this);
      case MEDHA_ON_ALL_RANKS ->
          draft
              .model(Kind.MIXTURE, 2, 8, 4)
              .prompts(5, 3)
              .build(new MedhaStrategy(2, 2, 2, 2, EACH_TURN), this);
      case HELIX_WITH_EXPERT_GROUPS ->
          draft
              .model(Kind.MIXTURE, 2, 8, 4)
              .prompts(5, 3)
              .build(new HelixStrategy(new Layout(2, 4, 2, 4), EACH_TURN, true), this);
      case HELIX_IN_THE_PAPERS_WORDING ->
          draft
              .model(Kind.LATENT, 2, 8, 1)
              .prompts(5, 2)
              .build(
                  new HelixStrategy(
                      new Layout(4, 1, 2, 2),
                      PlacementRule.roundRobin(2),
                      false,
                      new MoeExchange(MoeExchange.Router.SPLIT, MoeExchange.Reduction.BY_GROUP)),
                  this);
      case NVFP4_CACHE ->
          draft
              .model(Kind.WIDE, 2, 8, 2)
              .cache(CacheFormat.NVFP4)
              .prompts(5, 2)
              .build(new HelixStrategy(Layout.dense(2, 2), EACH_TURN), this);
      case FP8_CACHE_OF_DUPLICATED_KV_HEADS ->
          draft
              .model(Kind.DENSE, 2, 8, 2)
              .cache(CacheFormat.FP8)
              .prompts(5, 1)
              .build(new TensorParallelStrategy(Layout.dense(1, 4)), this);
      case MXFP8_CACHE_UNDER_MEDHA ->
          draft
              .model(Kind.WIDE, 2, 8, 2)
              .cache(CacheFormat.MXFP8)
              .prompts(6, 3)
              .build(new MedhaStrategy(2, 1, 1, 1, EACH_TURN), this);
      case EQUAL_MICRO_BATCHES ->
          draft
              .model(Kind.DENSE, 2, 8, 2)
              .prompts(3, 3)
              .build(new PipelineStrategy(2, Layout.dense(1, 2), 2), this);
      case ONE_RANK ->
          draft
              .model(Kind.LATENT, 2, 8, 1)
              .prompts(2, 3)
              .build(new DataParallelStrategy(1, 1, 1, EACH_TURN, false), this);
    };
  }
}
