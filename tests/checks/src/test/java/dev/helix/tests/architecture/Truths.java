package dev.helix.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.util.Set;

/**
 * Baseline and definition are truths apart: a shared program cannot reveal an error that it shares.
 * Each may use what is listed here and nothing else, so that a new package is forbidden to both
 * from its first day: kernels, ranks, caches, merges, the exact sums of the reading, each other.
 */
final class Truths {
  /** Sizes and rules of a model: what it is, not how it is computed. */
  private static final Set<String> MODEL =
      Set.of(
          "dev.helix.attention.AttentionShape",
          "dev.helix.attention.LatentShape",
          "dev.helix.attention.ScoreRule",
          "dev.helix.attention.rotary.RopeParameters",
          "dev.helix.attention.rotary.RotaryPairing",
          "dev.helix.attention.rotary.YarnScaling",
          "dev.helix.ffn.MoeShape",
          "dev.helix.ffn.RouterRule",
          "dev.helix.tensor.InvalidInputException",
          "dev.helix.tensor.Sizes",
          "dev.helix.tensor.formats.CacheFormat");

  @ArchTest
  static final ArchRule theBaselineIsATextbookFormulaAndItsBounds =
      classes()
          .that()
          .resideInAPackage("dev.helix..baseline..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "java..",
                      "dev.helix..baseline..",
                      "dev.helix..bounds..",
                      "dev.helix.tensor.compare..")
                  .or(isOneOf(MODEL)));

  /** A bound says how far any implementation may be off, so it knows none of ours. */
  @ArchTest
  static final ArchRule boundsAreDerivedFromTheFormulaAndTheFormatAlone =
      classes()
          .that()
          .resideInAPackage("dev.helix..bounds..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "java..",
                      "dev.helix..baseline..",
                      "dev.helix..bounds..",
                      "dev.helix.attention.convention..",
                      "dev.helix.tensor.compare..")
                  .or(isOneOf(MODEL))
                  .or(isOneOf(Set.of("dev.helix.tensor.DType"))));

  /** Angles are those of the readings: the digest of a definition is that of the exact reading. */
  @ArchTest
  static final ArchRule theDefinitionIsPlainJavaOverACheckpoint =
      classes()
          .that()
          .resideInAPackage("dev.helix..definition..")
          .should()
          .onlyDependOnClassesThat(
              resideInAnyPackage(
                      "java..", "dev.helix..definition..", "dev.helix.runtime.checkpoint")
                  .or(isOneOf(MODEL))
                  .or(isOneOf(Set.of("dev.helix.attention.rotary.RotaryEmbedding"))));

  private static DescribedPredicate<JavaClass> isOneOf(Set<String> names) {
    return describe(
        "are one of " + names,
        type -> {
          JavaClass element = type.getBaseComponentType();
          return element.isPrimitive() || names.contains(element.getName().replaceAll("\\$.*", ""));
        });
  }
}
