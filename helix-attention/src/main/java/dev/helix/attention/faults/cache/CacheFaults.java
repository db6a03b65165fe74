package dev.helix.attention.faults.cache;

import dev.helix.attention.faults.AttentionFault;
import dev.helix.tensor.faults.FaultSeam;
import dev.helix.tensor.faults.FaultStory;
import java.util.List;

/** The faults in what a rank assumes about its tokens: placement, lengths, pages, positions. */
public final class CacheFaults {
  public static final AttentionFault GLOBAL_PAGE_TABLE =
      new StepFault(
          new FaultStory(
              "local page table built from global lengths",
              "vllm-project/vllm#48003",
              "Each rank sizes its page table by the request's global length and reads on: "
                  + "through the rest of its last page and into pages of other requests.",
              "On a fresh server those are empty or zero."),
          FaultSeam.CACHE,
          StepChanges::globalPageTable);

  public static final AttentionFault START_PHASE_IGNORED =
      new StepFault(
          new FaultStory(
              "chunk start phase ignored in the local length",
              "vllm-project/vllm#28526",
              "The local length of a chunk of prefill is computed as if each chunk began with "
                  + "rank 0's turn.",
              "Chunks that are multiples of N·I, which schedulers like, hide it."),
          FaultSeam.CACHE,
          StepChanges::startPhaseIgnored);

  public static final AttentionFault RUN_LENGTH_IGNORED =
      new StepFault(
          new FaultStory(
              "run length > 1 mishandled in the local length",
              "LMCache/LMCache#4936",
              "Tokens are dealt in runs of I, but lengths are computed as if one by one.",
              "They agree at multiples of N·I and for I = 1."),
          FaultSeam.CACHE,
          StepChanges::runLengthIgnored);

  public static final AttentionFault RUN_LENGTHS_DIFFER =
      new PlacementFault(
          new FaultStory(
              "ranks disagree on the run length",
              "LMCache/LMCache#4936",
              "One rank is configured with another run length: tokens have two owners, or "
                  + "none.",
              "Nothing crashes, and each rank is right by itself."),
          StepChanges::longerRuns);

  public static final AttentionFault IDLE_WITHOUT_NEW_TOKEN =
      new StepFault(
          new FaultStory(
              "a rank that owns no new token drops its query",
              "vllm-project/vllm#50095",
              "A rank with nothing to append skips the step, and with it its attention over "
                  + "the tokens that it keeps.",
              "With a prompt of one chunk every rank owns something."),
          FaultSeam.CACHE,
          StepChanges::idleWithoutNewToken);

  public static final AttentionFault POSITION_REPEATED =
      new StepFault(
          new FaultStory(
              "the new position is repeated",
              "NVIDIA/TensorRT-LLM#17811",
              "A step is prepared before the one before it has advanced the counter that "
                  + "positions are made of: they run L, L, L + 1, and K and Q are rotated by the "
                  + "position before.",
              "The first decoded token is right, and tests decode one."),
          FaultSeam.POSITIONS,
          StepChanges::positionRepeated);

  public static final AttentionFault LENGTH_ROUNDED_DOWN =
      new StepFault(
          new FaultStory(
              "length 7 over 2 ranks treated as 6",
              "NVIDIA/TransformerEngine#1930",
              "Lengths are divided by the number of ranks, rounding down; the tokens left "
                  + "over are seen by nobody.",
              "Tests use lengths that divide."),
          FaultSeam.CACHE,
          StepChanges::lengthRoundedDown);

  public static final AttentionFault REJECTED_DRAFTS_COUNTED =
      new StepFault(
          new FaultStory(
              "lengths of rejected drafts not rolled back",
              "vllm-project/vllm#50391",
              "A verification step adds all its drafts to the length of a request. When some are"
                  + " rejected, the next token is written in the right place, but the length by"
                  + " which queries read still counts what was rejected.",
              "While all drafts are accepted nothing is wrong."),
          FaultSeam.CACHE,
          StepChanges::rejectedDraftsCounted);

  private CacheFaults() {}

  /** All faults of the cache. */
  public static List<AttentionFault> all() {
    return List.of(
        GLOBAL_PAGE_TABLE,
        START_PHASE_IGNORED,
        RUN_LENGTH_IGNORED,
        RUN_LENGTHS_DIFFER,
        IDLE_WITHOUT_NEW_TOKEN,
        POSITION_REPEATED,
        LENGTH_ROUNDED_DOWN,
        REJECTED_DRAFTS_COUNTED);
  }
}
