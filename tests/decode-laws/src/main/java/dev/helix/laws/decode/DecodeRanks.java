package dev.helix.laws.decode;

import dev.helix.attention.AttentionKernels;
import dev.helix.attention.AttentionOperations;
import dev.helix.attention.LatentKernels;
import dev.helix.attention.ScoreRule;
import dev.helix.laws.LawViolation;
import dev.helix.laws.decode.DecodeVariant.Place;
import dev.helix.laws.decode.cases.DecodeCase;
import dev.helix.runtime.ranks.RankProgram;
import dev.helix.runtime.ranks.threads.ThreadRanks;
import dev.helix.runtime.reading.RankOperations;
import dev.helix.runtime.reading.Reading;
import dev.helix.tensor.Collectives;
import dev.helix.tensor.DType;
import dev.helix.tensor.Dim;
import dev.helix.tensor.Spec;
import dev.helix.tensor.Tensor;
import dev.helix.tensor.WeightSlice;
import dev.helix.tensor.mesh.RankFailure;
import java.util.List;

/** The ranks of a case, each of which runs the decode with the parts that the variant replaces. */
final class DecodeRanks<T extends Tensor> {
  final DecodeVariant<T> subject;
  final DecodeCase given;
  private final List<Integer> parts;

  private DecodeRanks(DecodeVariant<T> subject, DecodeCase given, List<Integer> parts) {
    this.subject = subject;
    this.given = given;
    this.parts = parts;
  }

  /** The ranks, each of which keeps the part of the tokens that the case gives to it. */
  static <T extends Tensor> DecodeRanks<T> of(DecodeVariant<T> subject, DecodeCase given) {
    return new DecodeRanks<>(subject, given, given.shards());
  }

  /**
   * The same ranks with other parts of the tokens.
   *
   * @param others the part that each KVP index keeps, a permutation
   */
  DecodeRanks<T> relabelled(List<Integer> others) {
    return new DecodeRanks<>(subject, given, others);
  }

  /** The scope, the operations and the place of one rank. */
  record Seat<T extends Tensor>(
      Place place,
      RankOperations<T> operations,
      AttentionKernels<T> attention,
      LatentKernels<T> latent,
      Collectives<T> collectives) {
    int rank() {
      return place.rank();
    }

    /** The operations that run the attention of this rank. */
    AttentionOperations<T> attentionOperations() {
      return new AttentionOperations<>(operations.kernels(), attention, collectives);
    }

    /** A tensor of numbers that only this rank has. */
    T constant(String name, double[] values, Dim... dims) {
      return operations
          .kernels()
          .constant(
              Spec.of(DType.F64, dims), new WeightSlice(name + " of rank " + rank(), () -> values));
    }

    double[] numbers(T tensor) {
      return operations.kernels().toHost(tensor);
    }
  }

  /** A program that one rank runs. */
  interface Program<T extends Tensor, R> {
    R run(Seat<T> seat);
  }

  /**
   * Runs a program on all ranks.
   *
   * @throws LawViolation.Refusal if one of them fails
   */
  <R> List<R> run(Program<T, R> program) {
    Reading<T> reading = subject.reading();
    RankProgram<R> onRank =
        communicator -> {
          Place place = place(communicator.rank());
          RankOperations<T> operations = reading.on(communicator);
          RankOperations<T> own = subject.operations(place, operations);
          return program.run(
              new Seat<>(
                  place,
                  operations,
                  subject.kernels(place, own.attention()),
                  subject.latentKernels(place, own.latent().orElseThrow()),
                  subject.collectives(place, own.collectives())));
        };
    try {
      return ThreadRanks.inOneJvm(given.layout().ranks(), onRank);
    } catch (RankFailure e) {
      throw new LawViolation.Refusal("the ranks stopped: " + e.getMessage());
    }
  }

  /** The place of a rank that keeps this shard. */
  Place keeping(int shard) {
    return place(parts.indexOf(shard));
  }

  Place place(int rank) {
    int kvpIndex = given.layout().kvpIndex(rank);
    ScoreRule groupRule = given.sharding().partialScore(given.rule(), rank - kvpIndex);
    return new Place(rank, parts.get(kvpIndex), given.placement(), groupRule);
  }

  /** Runs the attention. Returns the output {@code [batch, hidden]} of each step for each rank. */
  List<List<double[]>> decode() {
    return decode(Company.NONE);
  }

  /**
   * Runs the attention together with other tokens that must leave no trace. Returns only the rows
   * of the case itself.
   */
  List<List<double[]>> decode(Company company) {
    DecodeWeights weights = DecodeWeights.of(given);
    return run(seat -> new DecodeInCompany<>(seat, this, weights, company).outputs());
  }
}
