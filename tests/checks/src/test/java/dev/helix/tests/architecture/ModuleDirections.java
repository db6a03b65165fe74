package dev.helix.tests.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the folder listing promises, held against the compiled classes. */
final class ModuleDirections {
  private static final String[] PLANNER = {
    "dev.helix.runtime.advice..",
    "dev.helix.runtime.chart..",
    "dev.helix.runtime.paper..",
    "dev.helix.runtime.sweep..",
    "dev.helix.runtime.timing.."
  };
  private static final String[] PROGRAM = {
    "dev.helix.runtime.cli..",
    "dev.helix.runtime.lesson..",
    "dev.helix.runtime.report..",
    "dev.helix.runtime.text.."
  };
  private static final String[] LAW_LIBRARY = {
    "dev.helix.laws",
    "dev.helix.laws.algebra..",
    "dev.helix.laws.merge..",
    "dev.helix.laws.reference..",
    "dev.helix.laws.attention..",
    "dev.helix.laws.placement..",
    "dev.helix.laws.cache..",
    "dev.helix.laws.routing..",
    "dev.helix.laws.head..",
    "dev.helix.laws.tokens.."
  };

  @ArchTest
  static final ArchRule packagesKnowEachOtherInOneDirection =
      slices().matching("dev.helix.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule tensorKnowsNoOtherModule =
      noClasses()
          .that()
          .resideInAPackage("dev.helix.tensor..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.helix.attention..",
              "dev.helix.ffn..",
              "dev.helix.runtime..",
              "dev.helix.laws..");

  @ArchTest
  static final ArchRule attentionAndFfnNeverSeeEachOther =
      slices().matching("dev.helix.(attention|ffn)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule attentionAndFfnSeeNeitherRuntimeNorLaws =
      noClasses()
          .that()
          .resideInAnyPackage("dev.helix.attention..", "dev.helix.ffn..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.helix.runtime..", "dev.helix.laws..");

  /** Token ids in, token ids out: whoever decodes needs neither times nor a tokenizer. */
  @ArchTest
  static final ArchRule theLibraryKnowsNeitherThePlannerNorTheProgram =
      noClasses()
          .that(
              resideInAPackage("dev.helix.runtime..")
                  .and(not(resideInAnyPackage(PLANNER)))
                  .and(not(resideInAnyPackage(PROGRAM))))
          .should()
          .dependOnClassesThat(
              resideInAnyPackage(PLANNER)
                  .or(resideInAnyPackage(PROGRAM))
                  .or(resideInAnyPackage("ai.djl..", "picocli..")));

  @ArchTest
  static final ArchRule thePlannerKnowsNoProgram =
      noClasses()
          .that()
          .resideInAnyPackage(PLANNER)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(PROGRAM);

  @ArchTest
  static final ArchRule theCommandsOfLawsAloneSeeTheLaws =
      noClasses()
          .that()
          .resideInAPackage("dev.helix.runtime..")
          .and()
          .resideOutsideOfPackages("dev.helix.runtime.cli.laws..", "dev.helix.runtime.cli.golden..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("dev.helix.laws..");

  /** Who tests a merge has neither our runtime nor ND4J. */
  @ArchTest
  static final ArchRule theLawLibraryKnowsNoRuntimeAndNothingOnNd4j =
      noClasses()
          .that()
          .resideInAnyPackage(LAW_LIBRARY)
          .or()
          .resideInAPackage("dev.helix.laws.diagnosis..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.helix.runtime..",
              "dev.helix.ffn..",
              "dev.helix..fp64..",
              "dev.helix.attention.nd4j..",
              "dev.helix.laws.readings..",
              "dev.helix.laws.decode..",
              "dev.helix.laws.strategy..",
              "dev.helix.laws.museum..");

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

  /** Ranks may be processes. */
  @ArchTest
  static final ArchRule attentionAndFfnDoNotAssumeThreads =
      noClasses()
          .that()
          .resideInAnyPackage("dev.helix.attention..", "dev.helix.ffn..")
          .should()
          .dependOnClassesThat(
              assignableTo(Thread.class)
                  .or(assignableTo(ThreadLocal.class))
                  .or(resideInAPackage("java.util.concurrent..")));

  /** Those that answers are compared with after a law is broken are found as a service. */
  @ArchTest
  static final ArchRule lawsDoNotKnowTheFaultsThatTheyAreTriedOn =
      noClasses()
          .that()
          .resideInAnyPackage(LAW_LIBRARY)
          .or()
          .resideInAnyPackage("dev.helix.laws.decode..", "dev.helix.laws.strategy")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.helix.laws.museum..", "dev.helix.laws.diagnosis..", "dev.helix..faults..");
}
