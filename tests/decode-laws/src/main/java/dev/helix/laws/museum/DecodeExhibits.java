package dev.helix.laws.museum;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.KvPage;
import dev.helix.attention.KvView;
import dev.helix.attention.QueryToken;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.placement.RoundRobinPlacement;
import dev.helix.ffn.ExpertRouter;
import dev.helix.ffn.RouterRule;
import dev.helix.laws.Law;
import dev.helix.laws.decode.DecodeUnderTest;
import dev.helix.laws.decode.DecodeVariant;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.fp64.Fp64Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/** Faults around the kernels: placement, lengths, pages, positions, routing. */
final class DecodeExhibits {
  private static final List<Law> UNSHARDED = List.of(Law.DECODE_UNSHARDED);

  private DecodeExhibits() {}

  static List<Exhibit> all() {
    return List.of(
        new Exhibit(
            "attention sink counted once per rank",
            "ROCm/rocm-libraries#12229",
            "Every rank adds exp(sink) to its own sum; merged, the sink weighs N times. At N = 1 it"
                + " is right. Caught by the unsharded pass.",
            UNSHARDED,
            new DecodeUnderTest() {
              @Override
              public AttentionKernels<Fp64Tensor> kernels(
                  Place place, AttentionKernels<Fp64Tensor> correct) {
                List<Double> sinks = place.groupRule().sinks();
                return new FaultyFlashDecode(correct, launch -> KernelFaults.sinks(launch, sinks));
              }
            }),
        new Exhibit(
            "all-to-all blocks taken in another order",
            "deepspeedai/DeepSpeed#5664, deepspeedai/DeepSpeed#5808",
            "The exchange delivers blocks by sender, and they are reshaped as if rows came first."
                + " Sizes fit, and with one row it is the same. Caught by exchanging blocks of"
                + " several rows, and by the unsharded pass.",
            List.of(Law.DECODE_ALL_TO_ALL, Law.DECODE_UNSHARDED),
            new DecodeUnderTest() {
              @Override
              public Collectives<Fp64Tensor> collectives(
                  Place place, Collectives<Fp64Tensor> correct) {
                return FaultyCollectives.rowsBeforeShards(correct);
              }
            }),
        new Exhibit(
            "every rank sums the all-reduce in its own order",
            "pytorch/pytorch#129501",
            "Ranks read their peers round robin, to spread the load, and add in that order. Each"
                + " sum is right within rounding, and differs between ranks in the last bit: they"
                + " then choose different tokens or experts, and wait for each other for ever. Two"
                + " ranks agree, as a + b = b + a. Caught only by comparing the ranks' bits.",
            List.of(Law.DECODE_RANKS_AGREE),
            new DecodeUnderTest() {
              @Override
              public Collectives<Fp64Tensor> collectives(
                  Place place, Collectives<Fp64Tensor> correct) {
                return FaultyCollectives.ownOrder(place.rank(), correct);
              }
            }),
        kernels(
            "local page table built from global lengths",
            "vllm-project/vllm#48003",
            "Each rank sizes its page table by the request's global length and reads on: through"
                + " the rest of its last page and into pages of other requests. On a fresh server"
                + " those are empty or zero. Caught by the unsharded pass: by the poison behind the"
                + " last token, and where pages are full by what the other requests have written.",
            (place, correct) ->
                new FaultyKernels(place, correct) {
                  @Override
                  KvView<Fp64Tensor> seen(QueryToken token, int first, KvView<Fp64Tensor> view) {
                    List<KvPage<Fp64Tensor>> table = new ArrayList<>(needed(view));
                    table.addAll(foreignPages(token.request()));
                    return of(view, table, token.position() + 1);
                  }
                }),
        kernels(
            "chunk start phase ignored in the local length",
            "vllm-project/vllm#28526",
            "The local length of a chunk of prefill is computed as if each chunk began with rank"
                + " 0's turn. Chunks that are multiples of N·I, which schedulers like, hide it."
                + " Caught by the unsharded pass, with chunks of odd sizes.",
            (place, correct) ->
                new FaultyKernels(place, correct) {
                  @Override
                  KvView<Fp64Tensor> seen(QueryToken token, int first, KvView<Fp64Tensor> view) {
                    int before = place.placement().localLength(place.kvpIndex(), first);
                    int chunk =
                        place
                            .placement()
                            .localLength(place.kvpIndex(), token.position() + 1 - first);
                    return of(view, before + chunk);
                  }
                }),
        kernels(
            "run length > 1 mishandled in the local length",
            "LMCache/LMCache#4936",
            "Tokens are dealt in runs of I, lengths computed as if singly. They agree at multiples"
                + " of N·I and for I = 1. Caught by the unsharded pass, at lengths around the ends"
                + " of runs.",
            (place, correct) ->
                new FaultyKernels(place, correct) {
                  @Override
                  KvView<Fp64Tensor> seen(QueryToken token, int first, KvView<Fp64Tensor> view) {
                    RoundRobinPlacement singly =
                        new RoundRobinPlacement(place.placement().shards(), 1);
                    return of(view, singly.localLength(place.kvpIndex(), token.position() + 1));
                  }
                }),
        new Exhibit(
            "ranks disagree on the run length",
            "LMCache/LMCache#4936",
            "One rank is configured with another run length: tokens have two owners, or none."
                + " Nothing crashes, and each rank is right by itself. Caught by the placement law"
                + " over all ranks, and by the unsharded pass.",
            List.of(Law.DECODE_PLACEMENT, Law.DECODE_UNSHARDED),
            new DecodeUnderTest() {
              @Override
              public KvPlacement placement(Place place) {
                RoundRobinPlacement right = place.placement();
                return place.kvpIndex() == 0
                    ? right
                    : new RoundRobinPlacement(right.shards(), right.runLength() + 1);
              }
            }),
        kernels(
            "a rank that owns no new token drops its query",
            "vllm-project/vllm#50095",
            "A rank with nothing to append skips the step, and with it its attention over the"
                + " tokens that it keeps. With a prompt of one chunk every rank owns something."
                + " Caught by the unsharded pass from the first decoded token on.",
            (place, correct) ->
                new FaultyKernels(place, correct) {
                  @Override
                  boolean attends(boolean ownsNewTokens) {
                    return ownsNewTokens;
                  }
                }),
        kernels(
            "the new position is repeated",
            "NVIDIA/TensorRT-LLM#17811",
            "A step is prepared before the one before it has advanced the counter that positions"
                + " are made of: they run L, L, L + 1, and K and Q are rotated by the position"
                + " before. The first decoded token is right, and tests decode one. Caught by"
                + " decoding step by step against one teacher-forced pass.",
            (place, correct) ->
                new FaultyKernels(place, correct) {
                  private final Set<Integer> decoding = new HashSet<>();

                  @Override
                  List<QueryToken> turned(List<QueryToken> step) {
                    Map<Integer, Long> rows =
                        step.stream().collect(groupingBy(QueryToken::request, counting()));
                    List<QueryToken> late = new ArrayList<>();
                    for (QueryToken token : step) {
                      boolean decoded = token.position() > 0 && rows.get(token.request()) == 1;
                      late.add(decoded && !decoding.add(token.request()) ? before(token) : token);
                    }
                    return late;
                  }
                }),
        kernels(
            "length 7 over 2 ranks treated as 6",
            "NVIDIA/TransformerEngine#1930",
            "Lengths are divided by the number of ranks, rounding down; the tokens left over are"
                + " seen by nobody. Tests use lengths that divide. Caught by the unsharded pass at"
                + " every other length.",
            (place, correct) ->
                new FaultyKernels(place, correct) {
                  @Override
                  KvView<Fp64Tensor> seen(QueryToken token, int first, KvView<Fp64Tensor> view) {
                    int shards = place.placement().shards();
                    int even = (token.position() + 1) / shards * shards;
                    return of(view, place.placement().localLength(place.kvpIndex(), even));
                  }
                }),
        new Exhibit(
            "shared expert's output all-reduced twice",
            "vllm-project/vllm#49122",
            "The shared expert sums its parts over the ranks, and the layer sums what it returns"
                + " once more: it weighs N times. On one rank both sums are the identity. Caught by"
                + " the law of projections on a mixture with a shared expert.",
            List.of(Law.DECODE_PROJECTIONS),
            new DecodeUnderTest() {
              @Override
              public Collectives<Fp64Tensor> sharedExpertCollectives(
                  Place place, Collectives<Fp64Tensor> correct) {
                return FaultyCollectives.reducedTwice(correct);
              }
            }),
        new Exhibit(
            "ranks break top-k ties differently",
            "ROCm/ATOM#1832",
            "Each rank selects experts for itself, with a sort that is not stable across shapes."
                + " Among equal scores, ranks send a token to different experts, and the sum of"
                + " their parts is of neither. Random logits never tie; quantised ones do. Caught"
                + " by a layer of experts whose router cannot decide, on all ranks.",
            List.of(Law.DECODE_ROUTING),
            new DecodeUnderTest() {
              @Override
              public ExpertRouter router(Place place, RouterRule rule, double[] bias) {
                return new ExpertRouter(rule, place.rank() % 2 == 0 ? bias : lastOfEquals(bias));
              }
            }));
  }

  /** By which the last of equal experts is the best. */
  private static double[] lastOfEquals(double[] bias) {
    double[] rising = new double[bias.length];
    Arrays.setAll(rising, expert -> bias[expert] + expert * 1e-10);
    return rising;
  }

  private static QueryToken before(QueryToken token) {
    return new QueryToken(token.request(), token.position() - 1);
  }

  private static Exhibit kernels(
      String name,
      String seenIn,
      String story,
      BiFunction<DecodeVariant.Place, AttentionKernels<Fp64Tensor>, AttentionKernels<Fp64Tensor>>
          fault) {
    return new Exhibit(
        name,
        seenIn,
        story,
        UNSHARDED,
        new DecodeUnderTest() {
          @Override
          public AttentionKernels<Fp64Tensor> kernels(
              Place place, AttentionKernels<Fp64Tensor> correct) {
            return fault.apply(place, correct);
          }
        });
  }
}
