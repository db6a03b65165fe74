package dev.helix.laws.golden;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.Convention;
import dev.helix.laws.Law;
import dev.helix.laws.attention.AttentionCase;
import dev.helix.laws.attention.AttentionFeature;
import dev.helix.laws.attention.AttentionInput;
import dev.helix.laws.attention.TrueAttention;
import dev.helix.laws.attention.files.AttentionFiles;
import dev.helix.laws.merge.states.Partial;
import dev.helix.tensor.io.SafetensorsWriter;
import java.util.List;
import java.util.Set;

/** Shards of requests with the true answers of partial attention. */
public final class GoldenAttention
    extends GoldenSeam<AttentionCase, List<AttentionInput>, List<Partial>> {
  /** Shards of a case that are kept. */
  private static final int MOST_SHARDS = 3;

  private final Convention convention;

  /**
   * Draws cases.
   *
   * @param count number of cases, each of up to {@value #MOST_SHARDS} shards
   * @param features the features that cases ask for
   */
  public GoldenAttention(
      Convention convention, Set<AttentionFeature> features, long seed, int count) {
    super(
        new AttentionFiles(convention, features),
        Law.ATTENTION_DEFINITION,
        seed,
        count,
        MOST_SHARDS);
    this.convention = AttentionFiles.ofStates(convention);
  }

  @Override
  void addExpected(String name, List<AttentionInput> launch, SafetensorsWriter writer) {
    AttentionInput asked = launch.get(0);
    int tokens = asked.tokens();
    int heads = asked.heads();
    ArrayIndex arrays = new ArrayIndex(convention.layout(), 1, tokens, heads, asked.valueDim());
    Expected lses = new Expected(arrays.answerWeightShape());
    Expected outputs = new Expected(arrays.answerShape());
    TrueAttention truth = new TrueAttention(convention, asked);
    for (int row = 0; row < truth.rows(); row++) {
      int output = arrays.output(0, row / heads, row % heads) * asked.valueDim();
      int weight = arrays.weight(0, row / heads, row % heads);
      boolean empty = truth.isEmpty(row);
      for (int i = 0; i < asked.valueDim(); i++) {
        outputs.put(
            output + i, empty ? 0 : truth.output(row, i), empty ? 0 : truth.outputBound(row, i));
      }
      lses.put(
          weight, empty ? convention.emptyLse() : truth.lse(row), empty ? 0 : truth.lseBound(row));
    }
    outputs.add(name + "output", writer);
    lses.add(name + "lse", writer);
  }
}
