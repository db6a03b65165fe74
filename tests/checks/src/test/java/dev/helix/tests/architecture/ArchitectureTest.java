package dev.helix.tests.architecture;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.junit.ArchTests;

/** All rules in one class, so that the classes of the project are read once. */
@AnalyzeClasses(packages = "dev.helix", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest static final ArchTests directions = ArchTests.in(ModuleDirections.class);

  @ArchTest static final ArchTests truths = ArchTests.in(Truths.class);
}
