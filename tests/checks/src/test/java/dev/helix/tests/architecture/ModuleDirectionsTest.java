package dev.helix.tests.architecture;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleNameEndingWith;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the folder listing promises, held against the compiled classes. */
@AnalyzeClasses(packages = "dev.helix", importOptions = DoNotIncludeTests.class)
class ModuleDirectionsTest {
  @ArchTest
  static final ArchRule tensorKnowsNoOtherModule =
      noClasses()
          .that()
          .resideInAPackage("dev.helix.tensor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.helix.attention..", "dev.helix.ffn..", "dev.helix.runtime..");

  @ArchTest
  static final ArchRule attentionAndFfnNeverSeeEachOther =
      slices().matching("dev.helix.(attention|ffn)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule attentionAndFfnDoNotSeeTheRuntime =
      noClasses()
          .that()
          .resideInAnyPackage("dev.helix.attention..", "dev.helix.ffn..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.helix.runtime..");

  /** A shared program cannot reveal an error that it shares. */
  @ArchTest
  static final ArchRule theBaselineKnowsNoKernelsNoRanksAndNoMerge =
      noClasses()
          .that()
          .resideInAPackage("dev.helix..baseline..")
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(
                      "dev.helix.tensor.mesh..",
                      "dev.helix..fp64..",
                      "dev.helix..scalar..",
                      "dev.helix.attention.cache..",
                      "dev.helix.attention.placement..",
                      "dev.helix.runtime.decode..",
                      "dev.helix.runtime.loading..",
                      "dev.helix.runtime.model..",
                      "dev.helix.runtime.ranks..",
                      "dev.helix.runtime.reading..",
                      "dev.helix.runtime.record..",
                      "dev.helix.runtime.strategy..")
                  .or(simpleNameEndingWith("Kernels"))
                  .or(simpleName("Collectives"))
                  .or(simpleName("PartialAttention"))
                  .or(simpleName("RotaryEmbedding")));

  /** The reading's own package, and the one that is there for callers who have ND4J arrays. */
  @ArchTest
  static final ArchRule nd4jStaysInsideTheReadingThatUsesIt =
      noClasses()
          .that()
          .resideOutsideOfPackages("dev.helix.tensor.fp64..", "dev.helix.attention.nd4j..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("org.nd4j..", "org.bytedeco..");

  /** Who attends without ND4J arrays need not load what is there for them. */
  @ArchTest
  static final ArchRule nothingIsBuiltOnTheFacadeForNd4jArrays =
      noClasses()
          .that()
          .resideOutsideOfPackage("dev.helix.attention.nd4j..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.helix.attention.nd4j..");

  @ArchTest
  static final ArchRule attentionAndFfnDoNotAssumeThreads =
      noClasses()
          .that()
          .resideInAnyPackage("dev.helix.attention..", "dev.helix.ffn..")
          .should()
          .dependOnClassesThat()
          .areAssignableTo(Thread.class);

  /** From the laws' own words over merge, attention and decode to the museum and the command. */
  @ArchTest
  static final ArchRule thePackagesOfTheLawsHaveOneDirection =
      slices().matching("dev.helix.(laws..)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule lawsDoNotKnowTheFaultsThatTheyAreTriedOn =
      noClasses()
          .that()
          .resideInAnyPackage(
              "dev.helix.laws",
              "dev.helix.laws.merge",
              "dev.helix.laws.attention",
              "dev.helix.laws.decode")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.helix.laws.museum..", "dev.helix.runtime.cli.laws..");
}
