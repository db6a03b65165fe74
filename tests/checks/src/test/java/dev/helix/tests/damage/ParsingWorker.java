package dev.helix.tests.damage;

import dev.helix.runtime.checkpoint.Checkpoint;
import dev.helix.runtime.checkpoint.ModelShape;
import dev.helix.runtime.text.TextCodec;
import dev.helix.runtime.text.TextStream;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsFile;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The process that parses damaged files and may be thrown away: arguments are a folder of its own,
 * the first seed and the number of seeds. It says {@code at SEED} before each file, {@code fault
 * SEED WHAT} after one that was not taken as it should be, and {@code done ACCEPTED} in the end.
 */
final class ParsingWorker {
  /** Of the whole process, in which the heap has at most {@link #HEAP_MEGABYTES}. */
  private static final long MAX_RESIDENT_BYTES = 1L << 30;

  static final int HEAP_MEGABYTES = 256;

  private static final List<String> TEXTS =
      List.of("Where is the lamp ? a b ab", "", "<x>é😀 \u0000 ab<bos>");

  /** Elements that are read of a damaged weight file's tensor. */
  private static final long MAX_ELEMENTS = 4_096;

  private final List<Path> folders = new ArrayList<>();
  private long accepted;

  private ParsingWorker() {}

  public static void main(String[] arguments) throws IOException {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    long first = Long.parseLong(arguments[1]);
    long count = Long.parseLong(arguments[2]);
    ParsingWorker worker = new ParsingWorker();
    List<ModelFiles> models = ModelFiles.all();
    for (int i = 0; i < models.size(); i++) {
      worker.folders.add(Path.of(arguments[0]).resolve("model" + i));
      models.get(i).write(worker.folders.get(i));
    }
    for (long seed = first; seed < first + count; seed++) {
      out.println("at " + seed);
      Optional<String> fault = worker.parse(DamagedFile.of(seed));
      if (fault.isPresent()) {
        out.println("fault " + seed + " " + fault.get());
      }
    }
    out.println("done " + worker.accepted);
  }

  private Optional<String> parse(DamagedFile file) throws IOException {
    if (file.name().equals(ModelFiles.TOKENIZER)) {
      Optional<String> fault =
          LoaderLaw.broken(file.name(), () -> tokenize(file.name(), file.bytes()));
      return fault.isPresent() ? fault : tooMuchMemory();
    }
    if (file.name().endsWith(".safetensors")) {
      return LoaderLaw.broken(file.name(), () -> readNumbers(file.name(), file.bytes()));
    }
    Path folder = folders.get(file.model());
    Path damaged = folder.resolve(file.name());
    Files.write(damaged, file.bytes());
    try {
      return LoaderLaw.broken(folder.toString(), () -> open(folder));
    } finally {
      Files.write(damaged, file.files().bytes(file.name()));
    }
  }

  private void open(Path folder) {
    ModelShape.in(folder);
    try (Checkpoint checkpoint = Checkpoint.open(folder)) {
      checkpoint.read("model.norm.weight");
      checkpoint.read("lm_head.weight");
    }
    accepted++;
  }

  private void tokenize(String name, byte[] json) {
    try (TextCodec codec = TextCodec.of(name, json)) {
      for (String text : TEXTS) {
        int[] tokens = codec.encode(text);
        codec.unknownWords(text);
        codec.decode(tokens);
        TextStream stream = codec.stream(tokens);
        for (int token = 0; token < 5; token++) {
          stream.append(token);
        }
        stream.append(99_999_999);
        stream.finish();
      }
    }
    accepted++;
  }

  private void readNumbers(String name, byte[] bytes) {
    SafetensorsFile file = SafetensorsFile.of(name, ByteBuffer.wrap(bytes));
    file.metadata();
    boolean refused = false;
    for (String tensor : file.names()) {
      List<Long> shape = file.shape(tensor);
      try {
        if (shape.stream().reduce(1L, Math::multiplyExact) <= MAX_ELEMENTS) {
          if (file.isFloat8(tensor)) {
            file.readFloat8(tensor, 0, shape.get(0), 0, shape.get(1));
          } else {
            file.read(tensor);
          }
        }
      } catch (InvalidInputException e) {
        refused = true;
        LoaderLaw.brokenBy(name, e.getMessage())
            .ifPresent(
                fault -> {
                  throw new IllegalStateException(fault);
                });
      }
    }
    accepted += refused ? 0 : 1;
  }

  private static Optional<String> tooMuchMemory() throws IOException {
    OptionalLong most = PeakMemory.residentBytes();
    return most.isPresent() && most.getAsLong() > MAX_RESIDENT_BYTES
        ? Optional.of("the process has taken %d bytes".formatted(most.getAsLong()))
        : Optional.empty();
  }
}
