package dev.helix.laws.museum;

import dev.helix.attention.faults.cache.CacheFaults;
import dev.helix.attention.faults.kernel.KernelFaults;
import dev.helix.ffn.faults.FfnFaults;
import dev.helix.laws.Law;
import dev.helix.laws.routing.RoutingRule;
import dev.helix.tensor.faults.ExchangeFaults;
import dev.helix.tensor.faults.Fault;
import java.util.List;

/** Faults around the kernels: placement, lengths, pages, positions, exchanges, routing. */
final class DecodeExhibits {
  private static final List<Law> UNSHARDED = List.of(Law.DECODE_UNSHARDED);

  private DecodeExhibits() {}

  static List<Exhibit> all() {
    return List.of(
        exhibit(KernelFaults.SINK_ON_EVERY_RANK, "Caught by the unsharded pass.", UNSHARDED),
        exhibit(
            ExchangeFaults.ROWS_BEFORE_SHARDS,
            "Caught by exchanging blocks of several rows, and by the unsharded pass.",
            List.of(Law.DECODE_ALL_TO_ALL, Law.DECODE_UNSHARDED)),
        exhibit(
            ExchangeFaults.OWN_ORDER,
            "Caught only by comparing the ranks' bits.",
            List.of(Law.DECODE_RANKS_AGREE)),
        exhibit(
            CacheFaults.GLOBAL_PAGE_TABLE,
            "Caught by the unsharded pass: by the poison behind the last token, and where "
                + "pages are full by what the other requests have written.",
            UNSHARDED),
        exhibit(
            CacheFaults.START_PHASE_IGNORED,
            "Caught by the unsharded pass, with chunks of odd sizes.",
            UNSHARDED),
        exhibit(
            CacheFaults.RUN_LENGTH_IGNORED,
            "Caught by the unsharded pass, at lengths around the ends of runs.",
            UNSHARDED),
        exhibit(
            CacheFaults.RUN_LENGTHS_DIFFER,
            "Caught by the placement law over all ranks, and by the unsharded pass.",
            List.of(Law.DECODE_PLACEMENT, Law.DECODE_UNSHARDED)),
        exhibit(
            CacheFaults.IDLE_WITHOUT_NEW_TOKEN,
            "Caught by the unsharded pass from the first decoded token on.",
            UNSHARDED),
        exhibit(
            CacheFaults.POSITION_REPEATED,
            "Caught by decoding step by step against one teacher-forced pass.",
            UNSHARDED),
        exhibit(
            CacheFaults.LENGTH_ROUNDED_DOWN,
            "Caught by the unsharded pass at every other length.",
            UNSHARDED),
        exhibit(
            FfnFaults.SHARED_EXPERT_TWICE,
            "Caught by the law of projections on a mixture with a shared expert.",
            List.of(Law.DECODE_PROJECTIONS)),
        exhibit(
            FfnFaults.TIES_BROKEN_DIFFERENTLY,
            "Caught by a layer of experts whose router cannot decide, on all ranks.",
            List.of(Law.DECODE_ROUTING)),
        new Exhibit(
            FfnFaults.ROUTED_SCALE_TWICE,
            "Caught by a mixture whose scale is not 1, and by the weights of its router.",
            List.of(Law.DECODE_PROJECTIONS, Law.ROUTING_WEIGHTS),
            List.of(
                new FaultyDecode(FfnFaults.ROUTED_SCALE_TWICE),
                new PlainRouting() {
                  @Override
                  double scaled(RoutingRule rule, double weight) {
                    return super.scaled(rule, super.scaled(rule, weight));
                  }
                })),
        exhibit(
            FfnFaults.SHARED_EXPERT_DIVIDED,
            "Caught by a mixture with a shared expert whose scale is not 1.",
            List.of(Law.DECODE_PROJECTIONS)));
  }

  private static Exhibit exhibit(Fault fault, String caught, List<Law> killers) {
    return new Exhibit(fault, caught, killers, new FaultyDecode(fault));
  }
}
