package dev.helix.tests.laws.decode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionShape;
import dev.helix.attention.CacheSlot;
import dev.helix.attention.KvView;
import dev.helix.attention.PartialAttention;
import dev.helix.attention.QueryToken;
import dev.helix.attention.RotatedQkv;
import dev.helix.attention.ScoreRule;
import dev.helix.attention.faults.ForwardingAttentionKernels;
import dev.helix.attention.faults.Views;
import dev.helix.attention.placement.KvPlacement;
import dev.helix.attention.rotary.RotaryEmbedding;
import dev.helix.laws.Law;
import dev.helix.laws.LawSuite;
import dev.helix.laws.decode.DecodeUnderTest;
import dev.helix.laws.decode.DecodeVariant.Place;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.tensor.fp64.Fp64Tensor;
import dev.helix.tensor.program.Piece;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** What goes wrong with drafts, with their rollback, and with numbers that come again. */
class DraftSensitivityTest {
  /** Tokens of a case; longer ones show no more and take longer. */
  private static final int SHORT = 40;

  /** The slots of tokens that were taken back count as taken: what comes in their place is lost. */
  @Test
  void aRollbackThatLeavesRejectedTokensInTheCacheBreaksTheLawsOfDraftsAlone() {
    assertEquals(
        EnumSet.of(Law.DECODE_DRAFTS, Law.DECODE_REUSED),
        broken(decode(WritesOnce::new), given -> true));
  }

  /** Where no request has two tokens of its own in a step, drafts alone show a missing mask. */
  @Test
  void rowsThatSeeLaterDraftsBreakTheLawsOfDraftsAlone() {
    assertEquals(
        EnumSet.of(Law.DECODE_DRAFTS, Law.DECODE_REUSED),
        broken(decode(SeesLaterRows::new), DraftSensitivityTest::hasTokensOneByOne));
  }

  private static boolean hasTokensOneByOne(DecodeCase given) {
    return given.steps().stream()
        .allMatch(step -> step.stream().map(QueryToken::request).distinct().count() == step.size());
  }

  @Test
  void aNumberThatKeepsItsOldLengthBreaksTheLawOfNumbersThatComeAgainAlone() {
    assertEquals(EnumSet.of(Law.DECODE_REUSED), broken(decode(KeepsOldLength::new), given -> true));
  }

  /** Neither drafts nor former requests by themselves show it. */
  @Test
  void draftsThatStayWhereTheNumberHadARequestBeforeAreFoundOut() {
    DecodeUnderTest faulty = decode(ForgetsToRollBack::new);
    assertEquals(EnumSet.of(Law.DECODE_REUSED), broken(faulty, given -> true));
    String violation = DecodeLawSensitivityTest.violation(Law.DECODE_REUSED, faulty);
    assertTrue(
        violation.contains("output beside drafts, after former requests: request"), violation);
  }

  private static DecodeUnderTest decode(
      BiFunction<Place, AttentionKernels<Fp64Tensor>, AttentionKernels<Fp64Tensor>> kernels) {
    return new DecodeUnderTest() {
      @Override
      public AttentionKernels<Fp64Tensor> kernels(
          Place place, AttentionKernels<Fp64Tensor> correct) {
        return kernels.apply(place, correct);
      }
    };
  }

  /** The laws of tokens that fall in some cases; grouped heads alone have these kernels. */
  private static Set<Law> broken(DecodeUnderTest faulty, Predicate<DecodeCase> tried) {
    List<DecodeCase> cases =
        faulty.laws().cases(1, 1).stream()
            .filter(given -> given.latent().isEmpty() && given.tokens().size() <= SHORT)
            .filter(tried)
            .toList();
    Set<Law> broken =
        EnumSet.of(
            Law.DECODE_UNSHARDED, Law.DECODE_RELABELLED, Law.DECODE_DRAFTS, Law.DECODE_REUSED);
    broken.removeIf(
        law -> cases.stream().allMatch(given -> LawSuite.once(law, faulty.laws(), given).holds()));
    return broken;
  }

  private static final class WritesOnce extends ForwardingAttentionKernels<Fp64Tensor> {
    /** Page and slot. */
    private record Written(Object page, int slot) {}

    private final Set<Written> written = new HashSet<>();

    WritesOnce(Place place, AttentionKernels<Fp64Tensor> correct) {
      super(correct);
    }

    @Override
    public void appendKv(Fp64Tensor keys, Fp64Tensor values, List<CacheSlot<Fp64Tensor>> slots) {
      super.appendKv(
          keys,
          values,
          slots.stream()
              .filter(slot -> written.add(new Written(slot.page(), slot.slot())))
              .toList());
    }
  }

  /** Kernels that know the step whose rows attend. */
  private abstract static class OfSteps extends ForwardingAttentionKernels<Fp64Tensor> {
    private final Place place;
    private List<QueryToken> step = List.of();
    private int attended;

    OfSteps(Place place, AttentionKernels<Fp64Tensor> correct) {
      super(correct);
      this.place = place;
    }

    /** A step begins. */
    void begins(Map<Integer, List<Integer>> positions) {}

    /**
     * For how many tokens of its request a row takes the cache.
     *
     * @param last position of the request in the step
     */
    abstract int length(QueryToken token, int last);

    @Override
    public final RotatedQkv<Fp64Tensor> rotaryQkv(
        Fp64Tensor qkv, AttentionShape shape, RotaryEmbedding rotary, List<QueryToken> tokens) {
      step = tokens;
      attended = 0;
      Map<Integer, List<Integer>> positions = new HashMap<>();
      for (QueryToken token : tokens) {
        positions.computeIfAbsent(token.request(), none -> new ArrayList<>()).add(token.position());
      }
      begins(positions);
      return super.rotaryQkv(qkv, shape, rotary, tokens);
    }

    @Override
    public final PartialAttention<Fp64Tensor> flashDecode(
        Piece piece,
        Fp64Tensor queries,
        List<KvView<Fp64Tensor>> views,
        ScoreRule rule,
        int valueDim) {
      List<KvView<Fp64Tensor>> seen = new ArrayList<>();
      for (KvView<Fp64Tensor> view : views) {
        QueryToken token = step.get(attended++);
        int last =
            step.stream()
                .filter(other -> other.request() == token.request())
                .mapToInt(QueryToken::position)
                .max()
                .orElseThrow();
        KvPlacement placement = place.placement();
        int end = placement.localLength(place.kvpIndex(), length(token, last));
        seen.add(Views.endingAt(view, end));
      }
      return super.flashDecode(piece, queries, seen, rule, valueDim);
    }
  }

  private static final class SeesLaterRows extends OfSteps {
    SeesLaterRows(Place place, AttentionKernels<Fp64Tensor> correct) {
      super(place, correct);
    }

    @Override
    int length(QueryToken token, int last) {
      return last + 1;
    }
  }

  private static final class KeepsOldLength extends OfSteps {
    private final Map<Integer, Integer> lengths = new HashMap<>();
    private final Map<Integer, Integer> old = new HashMap<>();

    KeepsOldLength(Place place, AttentionKernels<Fp64Tensor> correct) {
      super(place, correct);
    }

    @Override
    void begins(Map<Integer, List<Integer>> positions) {
      positions.forEach(
          (request, brought) -> {
            if (brought.get(0) == 0) {
              old.put(request, lengths.getOrDefault(request, 0));
            }
            lengths.put(request, brought.get(0) + brought.size());
          });
    }

    @Override
    int length(QueryToken token, int last) {
      return old.get(token.request()) + token.position() + 1;
    }
  }

  /** A request that is not the first of its number goes on behind the drafts that it had. */
  private static final class ForgetsToRollBack extends OfSteps {
    private final Map<Integer, Integer> lengths = new HashMap<>();
    private final Map<Integer, Integer> begun = new HashMap<>();
    private final Map<Integer, Integer> stayed = new HashMap<>();

    ForgetsToRollBack(Place place, AttentionKernels<Fp64Tensor> correct) {
      super(place, correct);
    }

    @Override
    void begins(Map<Integer, List<Integer>> positions) {
      positions.forEach(
          (request, brought) -> {
            int first = brought.get(0);
            if (first == 0) {
              begun.merge(request, 1, Integer::sum);
              stayed.put(request, 0);
            } else if (begun.get(request) > 1) {
              stayed.merge(request, lengths.get(request) - first, Integer::sum);
            }
            lengths.put(request, first + brought.size());
          });
    }

    @Override
    int length(QueryToken token, int last) {
      return token.position() + 1 + stayed.get(token.request());
    }
  }
}
