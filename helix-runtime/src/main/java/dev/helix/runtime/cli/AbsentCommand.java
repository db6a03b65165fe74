package dev.helix.runtime.cli;

import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Unmatched;

/** {@code helix laws} where the law suite is not there. */
@Command(
    name = "laws",
    description = "Holds merges of partial attention against their laws (not built here).")
final class AbsentCommand implements Callable<Integer> {
  @Unmatched private final List<String> ignored = new ArrayList<>();

  @Override
  public Integer call() {
    throw new InvalidInputException(
        "laws: the law suite, tests/target/helix-tests-0.1.0.jar, is not beside this program: mvn"
            + " package builds it, then run java -jar helix-runtime/target/helix.jar laws"
            + (ignored.isEmpty() ? "" : " " + String.join(" ", ignored)));
  }
}
