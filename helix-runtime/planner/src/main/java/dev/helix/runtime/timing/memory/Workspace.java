package dev.helix.runtime.timing.memory;

import dev.helix.runtime.timing.cost.AttentionSizes;
import dev.helix.runtime.timing.machine.Machine;
import dev.helix.tensor.Axis;
import dev.helix.tensor.DType;
import dev.helix.tensor.Spec;
import dev.helix.tensor.program.CostFamily;
import dev.helix.tensor.program.Phase;
import dev.helix.tensor.program.Place;
import dev.helix.tensor.trace.Launch;
import dev.helix.tensor.trace.Operation;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The scratch of a step's launches, of which no trace says anything. These are assumptions about
 * kernels; launches follow each other on one stream, so the one that needs most decides.
 *
 * <p>Attention splits the tokens of a request over processors, and every part has an output and an
 * LSE in FP32 before they are merged. There are as many parts as the GPU has processors, and one
 * more for each request and KV head, as in FlashMLA's schedule. A GEMM splits its inner axis while
 * processors are idle, and has a tile of FP32 for each of them. In 8 and 4 bits a matrix is
 * multiplied with inputs of its own format, which are a copy.
 */
final class Workspace {
  /** Rows and columns of the result that one processor computes at a time. */
  private static final int TILE = 128;

  private final Machine machine;
  private final long processors;

  /** The attention of a layer, whose pieces under HOP-B have their parts at the same time. */
  private final Map<Split, Parts> pieces = new HashMap<>();

  private long most;

  private Workspace(Machine machine) {
    this.machine = machine;
    this.processors = (long) machine.gpu().processors().value();
  }

  /** The bytes of scratch that the launches of a rank need. */
  static long bytes(Machine machine, List<Operation> operations) {
    Workspace workspace = new Workspace(machine);
    for (Operation operation : operations) {
      if (operation instanceof Launch launch) {
        workspace.add(launch);
      }
    }
    workspace
        .pieces
        .values()
        .forEach(parts -> workspace.atLeast(parts.bytes(workspace.processors)));
    return workspace.most;
  }

  private void add(Launch launch) {
    CostFamily family = launch.kind().family();
    switch (family) {
      case GQA_ATTENTION, MLA_ATTENTION -> addAttention(launch);
      case GEMM -> atLeast(Math.addExact(quantised(launch), splitSums(launch)));
      case EXPERTS -> atLeast(quantised(launch));
      case ELEMENTWISE -> {}
    }
  }

  private void addAttention(Launch launch) {
    Parts parts = Parts.of(launch);
    if (launch.piece().isWhole()) {
      atLeast(parts.bytes(processors));
    } else {
      pieces.merge(new Split(launch.place(), launch.phase()), parts, Parts::with);
    }
  }

  private void atLeast(long bytes) {
    most = Math.max(most, bytes);
  }

  /** The inputs in the format of the weights, if that is narrower. */
  private long quantised(Launch launch) {
    DType narrow = launch.arithmetic();
    for (Spec input : launch.reads()) {
      if (input.has(Axis.BATCH)) {
        return narrow.bits() < input.dtype().bits() ? machine.bytes(narrow, input.elements()) : 0;
      }
    }
    return 0;
  }

  private long splitSums(Launch launch) {
    Spec result = launch.writes().get(0);
    long rows = result.has(Axis.BATCH) ? result.size(Axis.BATCH) : 1;
    long columns = rows == 0 ? 0 : result.elements() / rows;
    long tiles = ((rows + TILE - 1) / TILE) * ((columns + TILE - 1) / TILE);
    return tiles == 0 || tiles >= processors
        ? 0
        : processors * Math.min(rows, TILE) * TILE * (DType.F32.bits() / Byte.SIZE);
  }

  /** What the pieces of a layer's attention have in common. */
  private record Split(Place place, Phase phase) {}

  /**
   * The elements of parts of attention.
   *
   * @param ofRequests elements of one part of each request and KV head
   * @param ofProcessor elements of one more part, where most queries see the same KV head
   */
  private record Parts(long ofRequests, long ofProcessor) {
    static Parts of(Launch launch) {
      AttentionSizes sizes = AttentionSizes.of(launch);
      long width = sizes.width() + 1L;
      return new Parts(
          Math.multiplyExact((long) sizes.rows(), sizes.heads() * width),
          sizes.queriesOfKvHead() * width);
    }

    Parts with(Parts other) {
      return new Parts(
          Math.addExact(ofRequests, other.ofRequests), Math.max(ofProcessor, other.ofProcessor));
    }

    long bytes(long processors) {
      long elements = Math.addExact(ofRequests, processors * ofProcessor);
      return Math.multiplyExact(elements, (long) DType.F32.bits() / Byte.SIZE);
    }
  }
}
