package dev.helix.tests.stories;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.tensor.faults.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The kept table of what shipped faults do to the text of stories, which the lesson shows too. */
public record StoryTable(List<FaultOnStories> faults) {
  static final Path FILE =
      Path.of(
          "../../helix-runtime/program/src/main/resources/dev/helix/runtime/lesson/faults-and-text.json");

  /** Reads the table. */
  public static StoryTable read() throws IOException {
    return new StoryTable(
        new ObjectMapper()
            .registerModule(new Jdk8Module())
            .readValue(Files.readString(FILE), new TypeReference<List<FaultOnStories>>() {}));
  }

  /** The faults that the table has. */
  List<Fault> searched() {
    return faults.stream()
        .map(row -> SwitchableFaults.named(row.fault().key()).orElseThrow())
        .toList();
  }

  /** The sums that the page's sentence is made of. */
  public String sentence() {
    long unchanged = faults.stream().filter(FaultOnStories::isSilent).count();
    long found = faults.stream().filter(row -> row.isSilent() && !row.verified()).count();
    long killed = faults.stream().filter(row -> !row.laws().isEmpty()).count();
    return "**%d of %d shipped faults leave every story's text unchanged; the laws kill %d.**"
            .formatted(unchanged, faults.size(), killed)
        + " Of these %d the verification of `decode` finds %d in the same runs. The other %d have nothing to act on in this model, these stories and these layouts."
            .formatted(unchanged, found, unchanged - found)
        + placements();
  }

  private String placements() {
    long contiguous = faults.stream().filter(row -> row.contiguous().runs() > 0).count();
    return contiguous == faults.size()
        ? ""
        : " Contiguous placement was searched for %d of the faults.".formatted(contiguous);
  }
}
