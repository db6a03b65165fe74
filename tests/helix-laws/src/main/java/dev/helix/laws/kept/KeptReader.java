package dev.helix.laws.kept;

import dev.helix.attention.convention.Convention;
import dev.helix.attention.convention.ConventionSpelling;
import dev.helix.laws.Law;
import dev.helix.laws.Origin;
import dev.helix.laws.Seam;
import dev.helix.laws.merge.Declaration;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsFile;
import dev.helix.tensor.io.SafetensorsWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/** Reads a {@link KeptFile}. It checks the version first and then the digest. */
final class KeptReader implements AutoCloseable {
  private final SafetensorsFile file;
  private final Map<String, String> metadata;

  private KeptReader(SafetensorsFile file) {
    this.file = file;
    this.metadata = file.metadata();
  }

  static KeptReader open(Path path) {
    return new KeptReader(SafetensorsFile.open(path));
  }

  KeptFile read() {
    String version = metadata.getOrDefault("kept", "none");
    if (!version.equals(KeptFile.VERSION)) {
      throw wrong("a kept case of version " + KeptFile.VERSION, "version " + version);
    }
    boolean merge = file.has("case.outputs") && file.has("case.lses");
    double[] outputs = merge ? file.read("case.outputs") : new double[0];
    double[] lses = merge ? file.read("case.lses") : new double[0];
    if (!digest().equals(metadata.get(KeptFile.DIGEST))) {
      throw wrong("a file as it was written", "one with another digest");
    }
    Law law = oneOf(Law.values(), Law::label, "law");
    if (merge != (law.seam() == Seam.MERGE)) {
      throw wrong("a case of the law " + law, "none");
    }
    KeptCase kept =
        new KeptCase(text("implementation"), law, drawn(), text("input"), text("violation"));
    return new KeptFile(
        kept,
        merge ? Optional.of(new KeptMerge(declared(), given(outputs, lses))) : Optional.empty());
  }

  /** The digest of the file without its own digest, computed by writing the same content again. */
  private String digest() {
    SafetensorsWriter writer = new SafetensorsWriter();
    metadata.forEach(
        (key, value) -> {
          if (!key.equals(KeptFile.DIGEST)) {
            writer.metadata(key, value);
          }
        });
    for (String name : file.names()) {
      List<Integer> shape = file.shape(name).stream().map(Long::intValue).toList();
      writer.tensor(name, file.dtype(name), shape, file.read(name));
    }
    return KeptFile.digest(writer);
  }

  private KeptCase.Drawn drawn() {
    List<Integer> steps =
        Arrays.stream(text("case").split(", ", -1)).map(step -> whole("case", step)).toList();
    return new KeptCase.Drawn(
        number("seed"),
        whole("count", text("count")),
        new Origin(steps.get(0), steps.subList(1, steps.size())));
  }

  private Declaration declared() {
    Convention convention = convention();
    Declaration declared = Declaration.of(convention);
    declared = is("returns-lse", "true") ? declared : declared.withoutLse();
    return declared.sized(size("heads"), size("dim"));
  }

  private Convention convention() {
    try {
      return ConventionSpelling.read(text("convention"));
    } catch (InvalidInputException e) {
      throw wrong("a convention as 'convention'", e.getMessage());
    }
  }

  private boolean is(String key, String value) {
    return text(key).equals(value);
  }

  private OptionalInt size(String key) {
    return is(key, KeptFile.ANY) ? OptionalInt.empty() : OptionalInt.of(whole(key, text(key)));
  }

  private MergeCase given(double[] outputs, double[] lses) {
    Set<HardCase> hard = EnumSet.noneOf(HardCase.class);
    for (String name : text("hard").split(",", -1)) {
      Arrays.stream(HardCase.values()).filter(h -> h.name().equals(name)).forEach(hard::add);
    }
    List<Integer> shape = file.shape("case.outputs").stream().map(Long::intValue).toList();
    try {
      return MergeCase.of(shape, outputs, lses, hard, number("choices"));
    } catch (IllegalArgumentException e) {
      throw wrong("a case of four axes", e.getMessage());
    }
  }

  private String text(String key) {
    return Optional.ofNullable(metadata.get(key))
        .orElseThrow(() -> wrong("'" + key + "' in the metadata", "nothing"));
  }

  private long number(String key) {
    try {
      return Long.parseLong(text(key));
    } catch (NumberFormatException e) {
      throw wrong("a whole number as '" + key + "'", "'" + text(key) + "'");
    }
  }

  private int whole(String key, String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw wrong("a whole number as '" + key + "'", "'" + text + "'");
    }
  }

  private <T> T oneOf(T[] all, Function<T, String> name, String key) {
    return Arrays.stream(all)
        .filter(one -> name.apply(one).equals(text(key)))
        .findFirst()
        .orElseThrow(() -> wrong("a known '" + key + "'", "'" + text(key) + "'"));
  }

  private InvalidInputException wrong(String expected, String got) {
    return new InvalidInputException(
        "%s: expected %s, got %s".formatted(file.name(), expected, got));
  }

  @Override
  public void close() {
    file.close();
  }
}
