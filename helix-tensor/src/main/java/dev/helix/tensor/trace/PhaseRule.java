package dev.helix.tensor.trace;

import dev.helix.tensor.Axis;
import dev.helix.tensor.Spec;
import java.util.List;

/**
 * Under which phase the time of an operation is reported. The vocabulary has one {@code linear} for
 * many projections: which one it is, the axes of its operands say. Where they do not, the part of
 * the program or the phase that an operand comes from does. What is not known is an error, not a
 * guess.
 */
final class PhaseRule {
  private PhaseRule() {}

  /**
   * @param place where in the program, as {@link Operation#place} has it
   * @param operands of the operation, in the order of the vocabulary
   * @param origins phases of the operations that wrote the operands, weights left out
   */
  static Phase phase(String name, String place, List<Spec> operands, List<Phase> origins) {
    return switch (name) {
      case "embed" -> Phase.EMBEDDING;
      case "rotaryQkv", "absorbQueries", "rotaryLatent" -> Phase.QKV;
      case "appendKv", "appendEntries", "flashDecode", "flashDecodeLatent" -> Phase.ATTENTION;
      case "allToAll" -> Phase.ALL_TO_ALL;
      case "mergeByLse" -> Phase.MERGE;
      case "expandValues" -> Phase.OUTPUT_PROJECTION;
      case "allReduce" -> Phase.ALL_REDUCE;
      case "swiGlu", "groupedLinear", "weightedSwiGlu", "combineExperts" -> Phase.FFN;
      case "partialAllReduce", "sumShards" -> Phase.COMBINE;
      case "linear" -> projection(name, operands);
      case "partialLinear" -> partialProjection(name, operands);
      // A compressed query is normalised between its two projections.
      case "rmsNorm" -> operands.get(0).has(Axis.QUERY_LATENT) ? Phase.QKV : Phase.NORM;
      // The shared expert's output is added to the mixture's, all else to the residual stream.
      case "add" ->
          !origins.isEmpty() && origins.get(0) == Phase.COMBINE ? Phase.COMBINE : Phase.NORM;
      case "selectRows" -> place.equals("head") ? Phase.HEAD : Phase.DISPATCH;
      case "allGather" -> gather(name, operands);
      default -> throw unknown(name, operands);
    };
  }

  private static Phase projection(String name, List<Spec> operands) {
    return switch (operands.get(1).dims().get(0).axis()) {
      case QKV, QUERY_LATENT, HEADS_BY_DIM, LATENT_ENTRY -> Phase.QKV;
      case GATE_UP -> Phase.FFN;
      case EXPERTS -> Phase.DISPATCH;
      case VOCABULARY -> Phase.HEAD;
      default -> throw unknown(name, operands);
    };
  }

  private static Phase partialProjection(String name, List<Spec> operands) {
    return switch (operands.get(1).dims().get(1).axis()) {
      case HEADS_BY_DIM -> Phase.OUTPUT_PROJECTION;
      case INTERMEDIATE -> Phase.FFN;
      default -> throw unknown(name, operands);
    };
  }

  private static Phase gather(String name, List<Spec> operands) {
    Spec own = operands.get(0);
    if (own.has(Axis.SHARDS)) {
      return Phase.COMBINE;
    }
    return switch (own.dims().get(own.rank() - 1).axis()) {
      case EXPERTS -> Phase.DISPATCH;
      case VOCABULARY -> Phase.HEAD;
      default -> throw unknown(name, operands);
    };
  }

  private static IllegalArgumentException unknown(String name, List<Spec> operands) {
    return new IllegalArgumentException("no phase is known for %s of %s".formatted(name, operands));
  }
}
