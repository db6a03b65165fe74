package dev.helix.laws.merge.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Partial results to be merged, independent of any implementation's format. Immutable.
 *
 * <p>The laws about tokens read it as tokens, with one score and one value for each shard.
 */
public final class MergeCase {
  private final int shards;
  private final int tokens;
  private final int heads;
  private final int dim;
  private final double[] outputs;
  private final double[] lses;
  private final Set<HardCase> hard;
  private final long seed;

  /** Keeps the arrays. */
  MergeCase(int[] shape, double[] outputs, double[] lses, Set<HardCase> hard, long seed) {
    this.shards = shape[0];
    this.tokens = shape[1];
    this.heads = shape[2];
    this.dim = shape[3];
    this.outputs = outputs;
    this.lses = lses;
    this.hard = hard.isEmpty() ? Set.of() : EnumSet.copyOf(hard);
    this.seed = seed;
    if (outputs.length != lses.length * dim || lses.length != shards * tokens * heads) {
      throw new IllegalArgumentException("arrays do not fit the shape " + Arrays.toString(shape));
    }
  }

  /**
   * A case that was read from a file.
   *
   * @param shape shards, tokens, heads, components of a value
   * @param outputs {@code [shards, tokens, heads, dim]}
   * @param lses {@code [shards, tokens, heads]} in nats; −∞ where the shard has no tokens
   * @param seed seed of the choices that a law makes on this case
   * @throws IllegalArgumentException if the arrays do not fit the shape
   */
  public static MergeCase of(
      List<Integer> shape, double[] outputs, double[] lses, Set<HardCase> hard, long seed) {
    int[] sizes = shape.stream().mapToInt(Integer::intValue).toArray();
    return new MergeCase(sizes, outputs.clone(), lses.clone(), hard, seed);
  }

  public int shards() {
    return shards;
  }

  public int tokens() {
    return tokens;
  }

  public int heads() {
    return heads;
  }

  public int dim() {
    return dim;
  }

  /**
   * The outputs, {@code [shards, tokens, heads, dim]}, which are finite where the shard has tokens.
   */
  public double[] outputs() {
    return outputs;
  }

  /**
   * The log-sum-exps in nats, {@code [shards, tokens, heads]}; −∞ where the shard has no tokens.
   */
  public double[] lses() {
    return lses;
  }

  /** The documented hard cases that this case is one of. */
  public Set<HardCase> hard() {
    return hard;
  }

  /**
   * The seed of the choices that a law makes on this case, such as a permutation or a bracketing.
   */
  public long seed() {
    return seed;
  }

  /** The length of each axis, by its name. */
  public Map<String, Integer> sizes() {
    Map<String, Integer> sizes = new LinkedHashMap<>();
    sizes.put("shards", shards);
    sizes.put("tokens", tokens);
    sizes.put("heads", heads);
    sizes.put("components", dim);
    return sizes;
  }

  /** How much there is to read in the case; a simpler case has less. */
  int size() {
    return outputs.length + lses.length;
  }

  /** Number of numbers that are neither 0 nor 1 nor absent. */
  int complexity() {
    return (int)
        (Arrays.stream(lses).filter(x -> !simple(x)).count()
            + Arrays.stream(outputs).filter(x -> !simple(x)).count());
  }

  private static boolean simple(double x) {
    return x == 0 || x == 1 || x == Double.NEGATIVE_INFINITY;
  }

  /**
   * Whether an axis is as long as the tiles of kernels, a shard stands for many tokens, or rows are
   * many.
   */
  public boolean isLong() {
    return hard.contains(HardCase.TILE_EDGE) || isWhole();
  }

  /** Whether nothing can be left out of the case. */
  private boolean isWhole() {
    return hard.contains(HardCase.NEEDLE) || hard.contains(HardCase.MANY_ROWS);
  }

  /**
   * Simpler cases of the same kind: fewer of everything, then rounder numbers. A needle has no
   * simpler cases, because every other number changes its closed form; nor has the case of many
   * rows, whose mean needs them all.
   */
  public List<MergeCase> simpler() {
    if (isWhole()) {
      return List.of();
    }
    List<MergeCase> simpler = new ArrayList<>();
    if (shards > 2) {
      simpler.add(
          kept(IntStream.range(0, shards / 2).toArray(), all(tokens), all(heads), all(dim)));
      simpler.add(
          kept(IntStream.range(shards / 2, shards).toArray(), all(tokens), all(heads), all(dim)));
    }
    for (int drop = 0; drop < Math.min(shards, 8) && shards > 1; drop++) {
      simpler.add(kept(without(shards, drop), all(tokens), all(heads), all(dim)));
    }
    for (int token = 0; token < Math.min(tokens, 4) && tokens > 1; token++) {
      simpler.add(kept(all(shards), new int[] {token}, all(heads), all(dim)));
    }
    for (int head = 0; head < Math.min(heads, 4) && heads > 1; head++) {
      simpler.add(kept(all(shards), all(tokens), new int[] {head}, all(dim)));
    }
    if (tokens > 2) {
      simpler.add(kept(all(shards), all(2), all(heads), all(dim)));
    }
    if (heads > 2) {
      simpler.add(kept(all(shards), all(tokens), all(2), all(dim)));
    }
    halves(simpler, tokens, some -> kept(all(shards), some, all(heads), all(dim)));
    halves(simpler, heads, some -> kept(all(shards), all(tokens), some, all(dim)));
    halves(simpler, dim, some -> kept(all(shards), all(tokens), all(heads), some));
    for (int i = 0; i < Math.min(dim, 4) && dim > 1; i++) {
      simpler.add(kept(all(shards), all(tokens), all(heads), new int[] {i}));
    }
    for (int i = 0; i < Math.min(lses.length, 16); i++) {
      if (!simple(lses[i])) {
        simpler.add(withLse(i, 0));
        if (lses[i] != Math.rint(lses[i])) {
          simpler.add(withLse(i, Math.rint(lses[i])));
        }
      }
    }
    for (int i = 0; i < Math.min(outputs.length, 16); i++) {
      if (!simple(outputs[i])) {
        simpler.add(withOutput(i, 0));
        simpler.add(withOutput(i, 1));
      }
    }
    return simpler.stream().filter(MergeCase::isSimplerInItself).toList();
  }

  /** The halves of a long axis, and all of it but the last. */
  private static void halves(
      List<MergeCase> simpler, int count, Function<int[], MergeCase> keeping) {
    if (count > 4) {
      simpler.add(keeping.apply(IntStream.range(0, count / 2).toArray()));
      simpler.add(keeping.apply(IntStream.range(count / 2, count).toArray()));
      simpler.add(keeping.apply(all(count - 1)));
    }
  }

  private static boolean isSimplerInItself(MergeCase candidate) {
    return candidate.size() > 0;
  }

  private MergeCase kept(int[] someShards, int[] someTokens, int[] someHeads, int[] someDims) {
    int[] shape = {someShards.length, someTokens.length, someHeads.length, someDims.length};
    double[] fewerLses = new double[shape[0] * shape[1] * shape[2]];
    double[] fewerOutputs = new double[fewerLses.length * shape[3]];
    int at = 0;
    for (int shard : someShards) {
      for (int token : someTokens) {
        for (int head : someHeads) {
          int from = (shard * tokens + token) * heads + head;
          fewerLses[at] = lses[from];
          for (int i = 0; i < someDims.length; i++) {
            fewerOutputs[at * shape[3] + i] = outputs[from * dim + someDims[i]];
          }
          at++;
        }
      }
    }
    return new MergeCase(shape, fewerOutputs, fewerLses, hard, seed);
  }

  private MergeCase withLse(int index, double lse) {
    double[] changed = lses.clone();
    changed[index] = lse;
    return new MergeCase(shape(), outputs, changed, hard, seed);
  }

  private MergeCase withOutput(int index, double output) {
    double[] changed = outputs.clone();
    changed[index] = output;
    return new MergeCase(shape(), changed, lses, hard, seed);
  }

  private int[] shape() {
    return new int[] {shards, tokens, heads, dim};
  }

  private static int[] all(int count) {
    return IntStream.range(0, count).toArray();
  }

  private static int[] without(int count, int dropped) {
    return IntStream.range(0, count).filter(i -> i != dropped).toArray();
  }

  @Override
  public String toString() {
    String size =
        "%d shards, %d tokens, %d heads, %d components %s, choices %d"
            .formatted(shards, tokens, heads, dim, hard, seed);
    return outputs.length > 48
        ? size
        : size + ", LSEs " + Arrays.toString(lses) + ", outputs " + Arrays.toString(outputs);
  }
}
