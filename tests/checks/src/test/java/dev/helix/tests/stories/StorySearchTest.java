package dev.helix.tests.stories;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.helix.attention.faults.cache.CacheFaults;
import dev.helix.attention.faults.merge.MergeFaults;
import dev.helix.attention.faults.merge.TileFaults;
import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.fault.SwitchableFaults;
import dev.helix.tensor.faults.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The kept table of what shipped faults do to the text of stories. The whole search takes about an
 * hour, so that a build repeats a small part of it. With {@code -Dhelix.stories.update=true} the
 * faults that the table lacks are added to it; to write it anew, empty its list first.
 */
class StorySearchTest {
  private static final int STORIES = 50;

  private static final Set<String> OF_A_BATCH =
      Set.of(
          SwitchableFaults.key(CacheFaults.START_PHASE_IGNORED),
          SwitchableFaults.key(CacheFaults.IDLE_WITHOUT_NEW_TOKEN),
          SwitchableFaults.key(MergeFaults.TRANSPOSED_LSE),
          SwitchableFaults.key(TileFaults.TOKENS_BEYOND_A_TILE));

  /** The whole table is repeated at night; what it does not have of it is not compared. */
  @Test
  @EnabledIfSystemProperty(named = "helix.nightly", matches = "true")
  void theKeptTableIsWhatTheSearchFinds() throws IOException {
    List<FaultOnStories> kept = StoryTable.read().faults();
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      StorySearch search = new StorySearch(new ToldStories(checkpoint, STORIES));
      if (Boolean.getBoolean("helix.stories.update")) {
        update(kept, search);
      } else {
        for (FaultOnStories row : kept) {
          FaultOnStories found = search.of(SwitchableFaults.named(row.fault().key()).orElseThrow());
          assertEquals(row, row.contiguous().runs() == 0 ? found.with(row.contiguous()) : found);
        }
      }
    }
  }

  /** Searches what the table lacks, and writes it after each fault. */
  private static void update(List<FaultOnStories> kept, StorySearch search) throws IOException {
    List<FaultOnStories> rows = new ArrayList<>(kept);
    for (Fault fault : SwitchableFaults.all().subList(kept.size(), SwitchableFaults.all().size())) {
      rows.add(search.of(fault));
      write(rows);
    }
    for (int i = 0; i < kept.size(); i++) {
      FaultOnStories row = rows.get(i);
      if (row.contiguous().runs() == 0) {
        Fault fault = SwitchableFaults.named(row.fault().key()).orElseThrow();
        rows.set(i, row.with(search.texts(fault, StorySearch.contiguous())));
        write(rows);
      }
    }
  }

  private static void write(List<FaultOnStories> found) throws IOException {
    DefaultIndenter lines = new DefaultIndenter("  ", "\n");
    DefaultPrettyPrinter printer =
        new DefaultPrettyPrinter().withObjectIndenter(lines).withArrayIndenter(lines);
    Files.writeString(
        StoryTable.FILE,
        new ObjectMapper()
                .registerModule(new Jdk8Module())
                .writer(printer)
                .writeValueAsString(found)
            + "\n");
  }

  /**
   * Every third of the examples, on the layout that the table names. The story is told alone here,
   * so that faults are left out which show beside other requests only.
   */
  @Test
  void anExampleOfTheTableIsRepeated() throws IOException {
    List<Kept> shown =
        StoryTable.read().faults().stream()
            .filter(row -> !OF_A_BATCH.contains(row.fault().key()))
            .flatMap(
                row ->
                    Stream.of(row.roundRobin(), row.contiguous())
                        .flatMap(texts -> texts.example().stream())
                        .map(example -> new Kept(row.fault().key(), example)))
            .toList();
    assertFalse(shown.isEmpty());
    try (Checkpoint checkpoint = Checkpoint.embedded("recall-gqa")) {
      StorySearch search = new StorySearch(new ToldStories(checkpoint, STORIES));
      for (int i = 0; i < shown.size(); i += 3) {
        Kept kept = shown.get(i);
        assertEquals(
            Optional.of(kept.example()), search.repeated(kept.key(), kept.example()), kept.key());
      }
    }
  }

  private record Kept(String key, StoryTexts.Example example) {}

  /** The lesson and the manual say how many stories and layouts were searched. */
  @Test
  void everyFaultIsSearchedOnAllStoriesAndLayouts() throws IOException {
    for (FaultOnStories row : StoryTable.read().faults()) {
      String name = row.fault().name();
      assertEquals(STORIES * 15, row.roundRobin().runs(), name);
      assertEquals(STORIES * 6, row.contiguous().runs(), name);
    }
    assertEquals(15, StorySearch.roundRobin().size());
    assertEquals(6, StorySearch.contiguous().size());
  }

  /** The first of all faults are searched, up to one. */
  @Test
  void theTableHasTheFirstFaultsThatCanBeSwitchedOn() throws IOException {
    List<Fault> searched = StoryTable.read().searched();
    assertEquals(SwitchableFaults.all().subList(0, searched.size()), searched);
  }
}
