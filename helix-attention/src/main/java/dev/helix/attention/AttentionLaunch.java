package dev.helix.attention;

import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.PhasedLaunch;

/** The launches of {@link AttentionKernels} and {@link LatentKernels}. */
public enum AttentionLaunch implements PhasedLaunch {
  ROTARY_QKV("rotaryQkv", CostFamily.ELEMENTWISE, Phase.QKV),
  APPEND_KV("appendKv", CostFamily.ELEMENTWISE, Phase.ATTENTION),
  FLASH_DECODE("flashDecode", CostFamily.GQA_ATTENTION, Phase.ATTENTION),
  MERGE_BY_LSE("mergeByLse", CostFamily.ELEMENTWISE, Phase.MERGE),
  ABSORB_QUERIES("absorbQueries", CostFamily.GEMM, Phase.QKV),
  ROTARY_LATENT("rotaryLatent", CostFamily.ELEMENTWISE, Phase.QKV),
  APPEND_ENTRIES("appendEntries", CostFamily.ELEMENTWISE, Phase.ATTENTION),
  FLASH_DECODE_LATENT("flashDecodeLatent", CostFamily.MLA_ATTENTION, Phase.ATTENTION),
  EXPAND_VALUES("expandValues", CostFamily.GEMM, Phase.OUTPUT_PROJECTION);

  private final String operation;
  private final CostFamily family;
  private final Phase phase;

  AttentionLaunch(String operation, CostFamily family, Phase phase) {
    this.operation = operation;
    this.family = family;
    this.phase = phase;
  }

  @Override
  public String operation() {
    return operation;
  }

  @Override
  public CostFamily family() {
    return family;
  }

  @Override
  public Phase phase() {
    return phase;
  }

  @Override
  public String toString() {
    return operation;
  }
}
