package dev.helix.runtime.checkpoint;

import dev.helix.runtime.checkpoint.weights.WeightShape;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Describes the checkpoints of one architecture. A further architecture is a further
 * implementation, listed in {@link #of}.
 */
interface ModelFamily {
  /** The name in {@code architectures}, for example {@code "LlamaForCausalLM"}. */
  String architecture();

  /** The name in {@code model_type}, for example {@code "llama"}. */
  String modelType();

  /**
   * The names in {@code model_type} of models that belong to this family but have a name of their
   * own.
   */
  default Set<String> otherModelTypes() {
    return Set.of();
  }

  /** Whether {@code model_type} names this family. */
  default boolean isNamed(String type) {
    return type.equals(modelType()) || otherModelTypes().contains(type);
  }

  /** Reads and checks all of {@code config.json}. */
  ModelConfig config(JsonObject json);

  /**
   * The weights that the model needs. They are made one by one as they are asked for, because a
   * misprinted number of layers must not fill the memory.
   */
  Stream<WeightShape> weights(ModelConfig config);

  /**
   * The name under which the numbers of {@code tensor} are stored, which differs if another tensor
   * stands for it.
   */
  String storedName(ModelConfig config, String tensor);

  /**
   * The family that {@code config.json} names.
   *
   * @throws InvalidInputException if there is none with that name
   */
  static ModelFamily of(JsonObject json) {
    List<ModelFamily> families =
        List.of(
            LlamaFamily.llama(),
            LlamaFamily.mistral(),
            new MixtralFamily(),
            new DeepSeekFamily(DeepSeekFamily.Version.V2),
            new DeepSeekFamily(DeepSeekFamily.Version.V3));
    List<String> architectures =
        json.has("architectures") ? json.texts("architectures") : List.of();
    if (architectures.isEmpty()) {
      return families.stream()
          .filter(family -> family.isNamed(json.text("model_type")))
          .findFirst()
          .orElseThrow(
              () -> json.unexpected("model_type", names(families, ModelFamily::modelType)));
    }
    return families.stream()
        .filter(family -> architectures.contains(family.architecture()))
        .findFirst()
        .orElseThrow(
            () ->
                new InvalidInputException(
                    "%s: architecture %s: expected %s"
                        .formatted(
                            json.file(),
                            JsonObject.oneLine(String.join("+", architectures)),
                            names(families, ModelFamily::architecture))));
  }

  private static String names(List<ModelFamily> families, Function<ModelFamily, String> name) {
    return families.stream().map(name).collect(Collectors.joining(" or "));
  }
}
