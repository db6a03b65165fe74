package dev.helix.tests.dumps;

import dev.helix.attention.faults.cache.CacheFaults;
import dev.helix.attention.faults.kernel.KernelFaults;
import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.attention.faults.merge.TileFaults;
import dev.helix.attention.faults.quantized.StorageFaults;
import dev.helix.attention.faults.rotary.RotaryFaults;
import dev.helix.tensor.faults.ExchangeFaults;
import dev.helix.tensor.faults.Fault;
import java.util.LinkedHashMap;
import java.util.Map;

/** The faults that a dump of these runs cannot show in any convention, and why. */
final class WithoutPlace {
  private static final String TURNED = "queries and keys are dumped as they were turned";
  private static final String STORED = "a dump has what was stored, and not what was rounded";

  private WithoutPlace() {}

  /** The reasons, in the order of the museum. */
  static Map<Fault, String> reasons() {
    Map<Fault, String> reasons = new LinkedHashMap<>();
    reasons.put(MergeFaults.TWO_EMPTY_PARTIALS, "each row has a token on some rank");
    reasons.put(MergeFaults.SEEDED_FOLD, "rank 0 keeps the first token, and is never empty first");
    reasons.put(MergeFaults.RAW_GAP, "no gap of log-sum-exps comes near 709");
    reasons.put(MergeFaults.FINITE_SENTINEL, "no score is below −100,000");
    reasons.put(TileFaults.SHARDS_BEYOND_A_TILE, "the models have 8 heads, for at most 8 ranks");
    reasons.put(TileFaults.HEADS_BEYOND_A_TILE, "the models have 8 heads");
    reasons.put(TileFaults.WIDTH_BEYOND_A_TILE, "outputs have 32 or 64 components");
    reasons.put(KernelFaults.CAP_AFTER_MASK, "the models have no soft cap");
    reasons.put(KernelFaults.UNCAPPED, "the models have no soft cap");
    reasons.put(KernelFaults.SINK_NEVER_COUNTED, "the models have no sinks");
    reasons.put(KernelFaults.SINK_ON_EVERY_RANK, "the models have no sinks");
    reasons.put(KernelFaults.WINDOW_SHORT, "the models have no window");
    reasons.put(CacheFaults.POSITION_REPEATED, TURNED);
    reasons.put(RotaryFaults.POSITIONS_IN_BF16, TURNED);
    reasons.put(RotaryFaults.TABLE_ENDS, TURNED);
    reasons.put(CacheFaults.REJECTED_DRAFTS_COUNTED, "a decode has no drafts");
    reasons.put(StorageFaults.SCALE_OF_A_PAGE, STORED);
    reasons.put(StorageFaults.TWICE, STORED);
    reasons.put(ExchangeFaults.OWN_ORDER, "the all-reduce comes after what is dumped");
    return reasons;
  }
}
