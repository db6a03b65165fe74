package dev.helix.tests.laws.placement;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.helix.laws.Law;
import dev.helix.laws.LawOutcome;
import dev.helix.laws.LawSuite;
import dev.helix.laws.Seam;
import dev.helix.laws.museum.Museum;
import dev.helix.laws.placement.PlacedRequest;
import dev.helix.laws.placement.PlacementKind;
import dev.helix.laws.placement.PlacementRule;
import dev.helix.laws.placement.PlacementStep;
import dev.helix.laws.placement.PlacementUnderTest;
import dev.helix.laws.placement.TokenPlacement;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each law of placement can be broken, also by faults that are in no museum. */
class PlacementLawSensitivityTest {
  private static final PlacementUnderTest RIGHT =
      (PlacementUnderTest) Museum.originals().get("placement");

  /** One line that says how it contradicts itself, though nobody knows its rule. */
  @Test
  void aPlacementOfItsOwnThatContradictsItselfIsToldSoInOneLine() {
    String violation =
        killed(
            Law.PLACEMENT_LENGTHS,
            new Changed() {
              @Override
              public Set<PlacementKind> rules() {
                return EnumSet.of(PlacementKind.OWN);
              }

              @Override
              int localLength(TokenPlacement right, int shard, int tokens) {
                return tokens / 2;
              }
            });
    assertEquals(1, violation.lines().count());
    assertTrue(violation.contains("its local length goes from"), violation);
  }

  @Test
  void anOwnerThatIsNoShardIsNamed() {
    String violation =
        killed(
            Law.PLACEMENT_OWNERS,
            new Changed() {
              @Override
              int owner(Asked asked) {
                return asked.rule().shards();
              }
            });
    assertTrue(violation.contains("expected a shard below"), violation);
  }

  /** The words are those of the files that a program reads. */
  @Test
  void aRuleIsToldInWords() {
    assertEquals(
        List.of(
            "the rule round-robin, 4 shards, runs of 1",
            "the rule round-robin-from-a-phase, 4 shards, runs of 16, phase 3",
            "the rule contiguous, 2 shards, capacity 100",
            "the rule by-cache-slot, 2 shards",
            "the rule restarted-by-steps, 4 shards, runs of 1",
            "the rule virtual-pages, 2 shards, runs of 4, pages of 8 slots",
            "the rule own, 3 shards"),
        Stream.of(
                new PlacementRule.RoundRobin(4, 1, 0),
                new PlacementRule.RoundRobin(4, 16, 3),
                new PlacementRule.Contiguous(2, 100),
                new PlacementRule.ByCacheSlot(2),
                new PlacementRule.Restarted(4, 1, true),
                new PlacementRule.VirtualPages(2, 4, 8),
                new PlacementRule.Own(3))
            .map(Object::toString)
            .toList());
  }

  @Test
  void aRankThatGoesByAnotherRunLengthIsFound() {
    killed(
        Law.PLACEMENT_OWNERS,
        new Changed() {
          @Override
          public Set<PlacementKind> rules() {
            return EnumSet.of(PlacementKind.ROUND_ROBIN);
          }

          @Override
          int owner(Asked asked) {
            int right = ((PlacementRule.RoundRobin) asked.rule()).runLength();
            int run = right + (asked.rank() == 1 ? 1 : 0);
            return asked.position() / run % asked.rule().shards();
          }
        });
  }

  /** Lengths as if the turns of every request began with shard 0. */
  @Test
  void aPhaseThatLengthsForgetIsFound() {
    killed(
        Law.PLACEMENT_LENGTHS,
        new Changed() {
          @Override
          public Set<PlacementKind> rules() {
            return EnumSet.of(PlacementKind.ROUND_ROBIN_FROM_A_PHASE);
          }

          @Override
          public TokenPlacement placed(PlacementRule rule, PlacedRequest request, int rank) {
            PlacementRule.RoundRobin turns = (PlacementRule.RoundRobin) rule;
            PlacementRule atOnce =
                new PlacementRule.RoundRobin(turns.shards(), turns.runLength(), 0);
            TokenPlacement lengths = RIGHT.placed(atOnce, request, rank);
            return new Forwarding(RIGHT.placed(rule, request, rank)) {
              @Override
              public int localLength(int shard, int tokens) {
                return lengths.localLength(shard, tokens);
              }
            };
          }
        });
  }

  /** Each rank is right about itself. */
  @Test
  void aRankThatIsWrongAboutTheLengthsOfOthersIsFound() {
    String violation =
        killed(
            Law.PLACEMENT_LENGTHS,
            new Changed() {
              @Override
              public TokenPlacement placed(PlacementRule rule, PlacedRequest request, int rank) {
                return new Forwarding(RIGHT.placed(rule, request, rank)) {
                  @Override
                  public int localLength(int shard, int tokens) {
                    return shard == rank ? super.localLength(shard, tokens) : -17;
                  }
                };
              }
            });
    assertTrue(violation.contains("by itself, -17 by rank"), violation);
  }

  /** Each rank is right about its own slots. */
  @Test
  void aRankThatIsWrongAboutThePositionsOfOthersIsFound() {
    killed(
        Law.PLACEMENT_BIJECTION,
        new Changed() {
          @Override
          public TokenPlacement placed(PlacementRule rule, PlacedRequest request, int rank) {
            return new Forwarding(RIGHT.placed(rule, request, rank)) {
              @Override
              public int position(int shard, int slot) {
                return shard == rank ? super.position(shard, slot) : -17;
              }
            };
          }
        });
  }

  /** From 2¹⁹ tokens on, shard 0 has 4096 more than its own, and shard 1 as many fewer. */
  @Test
  void longRequestsWhoseLengthsAreShiftedAreFound() {
    PlacementUnderTest shifted =
        new Changed() {
          @Override
          public Set<PlacementKind> rules() {
            return EnumSet.of(PlacementKind.ROUND_ROBIN);
          }

          @Override
          public TokenPlacement placed(PlacementRule rule, PlacedRequest request, int rank) {
            return new Forwarding(RIGHT.placed(rule, request, rank)) {
              private int shift(int shard, int tokens) {
                boolean far = tokens >= 1 << 19 && rule.shards() > 1 && shard < 2;
                return far ? 4096 - 8192 * shard : 0;
              }

              @Override
              public int slot(int position) {
                return super.slot(position) + shift(owner(position), position);
              }

              @Override
              public int position(int shard, int slot) {
                int far = slot < 1 << 14 ? 0 : 1 << 19;
                return super.position(shard, slot - shift(shard, far));
              }

              @Override
              public int localLength(int shard, int tokens) {
                return super.localLength(shard, tokens) + shift(shard, tokens);
              }
            };
          }
        };
    killed(Law.PLACEMENT_LENGTHS, shifted);
    killed(Law.PLACEMENT_BIJECTION, shifted);
  }

  /** The right owner and the right length, and slots in falling order. */
  @Test
  void slotsThatFallAreFound() {
    killed(
        Law.PLACEMENT_BIJECTION,
        new Changed() {
          @Override
          public TokenPlacement placed(PlacementRule rule, PlacedRequest request, int rank) {
            TokenPlacement right = RIGHT.placed(rule, request, rank);
            return new Forwarding(right) {
              @Override
              public int slot(int position) {
                int all = right.localLength(right.owner(position), request.tokens());
                return all - 1 - right.slot(position);
              }

              @Override
              public int position(int shard, int slot) {
                return right.position(shard, right.localLength(shard, request.tokens()) - 1 - slot);
              }
            };
          }
        });
  }

  /** Parts of ⌈S/N⌉ for S tokens that are there now: each step deals anew. */
  @Test
  void tokensThatMoveAsARequestGrowsAreFound() {
    killed(
        Law.PLACEMENT_GROWTH,
        new Changed() {
          @Override
          public Set<PlacementKind> rules() {
            return EnumSet.of(PlacementKind.OWN);
          }

          @Override
          public TokenPlacement placed(PlacementRule rule, PlacedRequest request, int rank) {
            int capacity = Math.max(1, request.tokens());
            return RIGHT.placed(
                new PlacementRule.Contiguous(rule.shards(), capacity), request, rank);
          }
        });
  }

  /** −1 for another rank's token, taken modulo the slots that there are. */
  @Test
  void aTokenOfAnotherRankThatGetsTheLastSlotIsFound() {
    killed(
        Law.PLACEMENT_STEPS,
        new Changed() {
          @Override
          public int[] slots(PlacementRule rule, PlacementStep step, int rank) {
            int[] slots = RIGHT.slots(rule, step, rank);
            for (int row = 0; row < slots.length; row++) {
              slots[row] = Math.floorMod(slots[row], 16);
            }
            return slots;
          }
        });
  }

  /** A waiting request is left out of the step, and those behind it are counted from it. */
  @Test
  void slotsThatCountAWaitingRequestAsARowAreFound() {
    killed(
        Law.PLACEMENT_STEPS,
        new Changed() {
          @Override
          public int[] slots(PlacementRule rule, PlacementStep step, int rank) {
            int[] slots = RIGHT.slots(rule, step, rank);
            int waiting = 0;
            for (int request = 0; request < step.requests().size(); request++) {
              waiting += step.brought(request) == 0 ? 1 : 0;
            }
            int[] moved = new int[slots.length];
            for (int row = 0; row < slots.length; row++) {
              moved[row] = slots[(row + waiting) % slots.length];
            }
            return moved;
          }
        });
  }

  /** The museum's original keeps all laws under every rule; so does one that knows only one. */
  @Test
  void aRightPlacementOfEachRuleAloneIsNeverConvicted() {
    for (PlacementKind kind : PlacementKind.values()) {
      PlacementUnderTest one =
          new Changed() {
            @Override
            public Set<PlacementKind> rules() {
              return EnumSet.of(kind);
            }
          };
      for (Law law : Law.at(Seam.PLACEMENT)) {
        LawOutcome outcome = LawSuite.run(law, one, 5, 0);
        assertTrue(outcome.holds() && outcome.checked(), () -> kind + ": " + outcome.violation());
      }
    }
  }

  private static String killed(Law law, PlacementUnderTest faulty) {
    for (long seed = 1; seed <= 3; seed++) {
      assertFalse(LawSuite.verdict(law, faulty, seed, 60).holds(), "seed " + seed);
    }
    LawOutcome outcome = LawSuite.run(law, faulty, 1, 60);
    assertFalse(outcome.refused(), () -> outcome.violation().orElseThrow());
    return outcome.violation().orElseThrow();
  }

  /** Who owns a token, asked of a rank that would know it. */
  private record Asked(TokenPlacement right, PlacementRule rule, int rank, int position) {}

  /** The museum's original with some answers changed. */
  private abstract static class Changed implements PlacementUnderTest {
    @Override
    public Set<PlacementKind> rules() {
      return RIGHT.rules();
    }

    @Override
    public TokenPlacement placed(PlacementRule rule, PlacedRequest request, int rank) {
      TokenPlacement right = RIGHT.placed(rule, request, rank);
      return new Forwarding(right) {
        @Override
        public int owner(int position) {
          return Changed.this.owner(new Asked(right, rule, rank, position));
        }

        @Override
        public int localLength(int shard, int tokens) {
          return Changed.this.localLength(right, shard, tokens);
        }
      };
    }

    int owner(Asked asked) {
      return asked.right().owner(asked.position());
    }

    int localLength(TokenPlacement right, int shard, int tokens) {
      return right.localLength(shard, tokens);
    }
  }

  private static class Forwarding implements TokenPlacement {
    private final TokenPlacement right;

    Forwarding(TokenPlacement right) {
      this.right = right;
    }

    @Override
    public int owner(int position) {
      return right.owner(position);
    }

    @Override
    public int slot(int position) {
      return right.slot(position);
    }

    @Override
    public int position(int shard, int slot) {
      return right.position(shard, slot);
    }

    @Override
    public int localLength(int shard, int tokens) {
      return right.localLength(shard, tokens);
    }
  }
}
