package dev.helix.laws.routing.files;

import dev.helix.laws.SeamTrials;
import dev.helix.laws.foreign.AnswerTensors;
import dev.helix.laws.foreign.ForeignSeam;
import dev.helix.laws.routing.Routed;
import dev.helix.laws.routing.RoutingCase;
import dev.helix.laws.routing.RoutingInput;
import dev.helix.laws.routing.RoutingRule;
import dev.helix.laws.routing.RoutingRule.GroupScore;
import dev.helix.laws.routing.RoutingRule.Scoring;
import dev.helix.laws.routing.RoutingUnderTest;
import dev.helix.tensor.DType;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Questions to a router as a safetensors file, and its answers.
 *
 * <p>Of question N the file has {@code N.logits} {@code [tokens, experts]}, {@code N.bias} {@code
 * [experts]}, and the scalars {@code N.top_k}, {@code N.groups}, {@code N.kept_groups}, {@code
 * N.renormalised} (0 or 1) and {@code N.scale}. The metadata have {@code N.scoring}, {@code
 * sigmoid} or {@code softmax}, and {@code N.group_score}, {@code best} or {@code best-two}. Answers
 * are {@code N.experts}, integers {@code [tokens, topK]}, and {@code N.weights} of the same shape.
 */
public final class RoutingFiles implements ForeignSeam<RoutingCase, RoutingInput, Routed> {
  private static final List<Integer> SCALAR = List.of();

  private final RouterDeclaration declared;

  /** Prepares files for a router with this declaration. */
  public RoutingFiles(RouterDeclaration declared) {
    this.declared = declared;
  }

  @Override
  public SeamTrials<RoutingCase> laws(Function<RoutingInput, Supplier<Routed>> program) {
    RoutingUnderTest router =
        new RoutingUnderTest() {
          @Override
          public DType format() {
            return declared.format();
          }

          @Override
          public Set<Scoring> scorings() {
            return declared.scorings();
          }

          @Override
          public Set<GroupScore> groupScores() {
            return declared.groupScores();
          }

          @Override
          public Routed route(RoutingInput input) {
            return program.apply(input).get();
          }
        };
    return router.laws();
  }

  @Override
  public void add(List<RoutingInput> questions, SafetensorsWriter writer) {
    for (int number = 0; number < questions.size(); number++) {
      add(number + ".", questions.get(number), writer);
    }
    writer.metadata("seam", "routing").metadata("cases", String.valueOf(questions.size()));
  }

  private void add(String name, RoutingInput input, SafetensorsWriter writer) {
    RoutingRule rule = input.rule();
    writer
        .metadata(name + "scoring", label(rule.scoring()))
        .metadata(name + "group_score", label(rule.groups().score()))
        .tensor(
            name + "logits",
            declared.format(),
            List.of(input.tokens(), rule.experts()),
            input.logits())
        .tensor(name + "bias", declared.format(), List.of(rule.experts()), input.bias())
        .tensor(name + "scale", DType.F64, SCALAR, new double[] {rule.weighting().scale()})
        .integers(name + "top_k", SCALAR, new long[] {rule.topK()})
        .integers(name + "groups", SCALAR, new long[] {rule.groups().count()})
        .integers(name + "kept_groups", SCALAR, new long[] {rule.groups().kept()})
        .integers(
            name + "renormalised", SCALAR, new long[] {rule.weighting().renormalised() ? 1 : 0});
  }

  private static String label(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  @Override
  public Routed read(SafetensorsFile file, int number, RoutingInput question) {
    List<Long> shape = List.of((long) question.tokens(), (long) question.rule().topK());
    return new Routed(
        AnswerTensors.integers(file, number + ".experts", shape),
        AnswerTensors.read(file, number + ".weights", declared.format(), shape));
  }

  /** The first experts, with equal weights. */
  @Override
  public Optional<Routed> anyAnswer(RoutingInput question) {
    int topK = question.rule().topK();
    int[] experts = new int[question.tokens() * topK];
    Arrays.setAll(experts, at -> at % topK);
    return Optional.of(new Routed(experts, new double[experts.length]));
  }

  @Override
  public long size(RoutingInput question) {
    return (long) question.tokens() * question.rule().experts() + question.rule().experts() + 20;
  }
}
