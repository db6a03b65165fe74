package dev.helix.laws.cli;

import dev.helix.runtime.cli.CommandSource;
import java.io.PrintStream;

/** Adds {@code helix laws} to the program. */
public final class LawsCommandSource implements CommandSource {
  @Override
  public String name() {
    return "laws";
  }

  @Override
  public Object command(PrintStream out, PrintStream err) {
    return new LawsCommand(out, err);
  }
}
