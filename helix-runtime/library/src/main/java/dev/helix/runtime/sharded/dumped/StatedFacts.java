package dev.helix.runtime.sharded.dumped;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.LogBase;
import dev.helix.attention.convention.NamedConventions;
import dev.helix.runtime.dump.DumpFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * The facts of a step that are given, and where they are not, those that the dump states beside its
 * tensors, as a dump of this project's own does. A statement that makes no sense says nothing.
 */
final class StatedFacts {
  private final GivenFacts given;
  private final DumpFacts dumped;
  private final List<String> taken = new ArrayList<>();

  StatedFacts(GivenFacts given, DumpFacts dumped) {
    this.given = given;
    this.dumped = dumped;
  }

  /** All that is known. */
  GivenFacts all() {
    return given.with(sharding()).with(scores()).with(forms());
  }

  /** What was taken from the dump, in one sentence or none. */
  List<String> remarks() {
    return taken.isEmpty() ? List.of() : List.of("as the dump states, " + String.join(", ", taken));
  }

  private GivenFacts.Sharding sharding() {
    GivenFacts.Sharding sharding = given.sharding();
    OptionalInt kvp = sharding.kvp();
    if (kvp.isEmpty()) {
      kvp = count("kvp");
      kvp.ifPresent(count -> taken.add("KVP is " + count));
    }
    boolean open =
        sharding.rule() == GivenFacts.Rule.ROUND_ROBIN
            && sharding.runLength().isEmpty()
            && sharding.phase() == 0;
    OptionalInt run = sharding.runLength();
    String stated = dumped.stated("placement").orElse("");
    if (open && stated.equals(GivenFacts.Rule.ROUND_ROBIN.toString())) {
      run = count("run_length");
      run.ifPresent(length -> taken.add("runs are of " + length));
    }
    return new GivenFacts.Sharding(kvp, sharding.rule(), run, sharding.phase(), sharding.prompts());
  }

  private GivenFacts.Scores scores() {
    GivenFacts.Scores scores = given.scores();
    OptionalInt window = scores.window();
    if (window.isEmpty()) {
      window = count("window");
      window.ifPresent(size -> taken.add("the window is of " + size));
    }
    return new GivenFacts.Scores(scores.scale(), scores.softCap(), window);
  }

  private GivenFacts.Forms forms() {
    GivenFacts.Forms forms = given.forms();
    Optional<Convention> convention = forms.convention();
    Optional<LogBase> base = forms.base();
    boolean open = convention.isEmpty() && base.isEmpty();
    if (open) {
      convention = named();
      convention.ifPresent(one -> taken.add("the convention is " + one.origin().name()));
      boolean natural = dumped.stated("lse_base").equals(Optional.of("e"));
      if (convention.isEmpty() && natural) {
        base = Optional.of(LogBase.E);
        taken.add("LSEs are in base e");
      }
    }
    return new GivenFacts.Forms(convention, base, forms.longestSum(), forms.readAs());
  }

  private Optional<Convention> named() {
    return dumped
        .stated("convention")
        .flatMap(
            name ->
                NamedConventions.all().stream()
                    .filter(one -> one.origin().name().equals(name))
                    .findFirst());
  }

  private OptionalInt count(String name) {
    String text = dumped.stated(name).orElse("");
    boolean count = text.matches("[1-9][0-9]{0,8}");
    return count ? OptionalInt.of(Integer.parseInt(text)) : OptionalInt.empty();
  }
}
