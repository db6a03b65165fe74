package dev.helix.laws.kept;

import dev.helix.attention.convention.ArrayIndex;
import dev.helix.attention.convention.Convention;
import dev.helix.laws.Inquiry;
import dev.helix.laws.merge.Answer;
import dev.helix.laws.merge.MergeInquiry;
import dev.helix.laws.merge.cases.HardCase;
import dev.helix.laws.merge.cases.MergeCase;
import dev.helix.laws.merge.files.CaseFiles;
import dev.helix.tensor.DType;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.SafetensorsWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A kept case as a safetensors file of version {@value #VERSION}.
 *
 * <p>Metadata: {@code kept}, the version; {@code implementation}, {@code law}, {@code input} and
 * {@code violation}; {@code seed}, {@code count} and {@code case}, from which the case is drawn;
 * {@code digest}, the SHA-256 of the whole file without this entry.
 *
 * <p>A case of the merge also has the metadata by which questions are read, as {@link CaseFiles}
 * documents them; {@code returns-lse}, {@code heads} and {@code dim}, which the implementation
 * declares; and {@code hard} and {@code choices} of the case. Its tensors are the case, {@code
 * case.outputs} and {@code case.lses}, in FP64 and nats; the questions, {@code N.outputs} and so
 * on; and the answers, {@code answer.N.outputs} and {@code answer.N.lses}. A program under test can
 * be given such a file as its cases.
 */
public final class KeptFile {
  static final String VERSION = "3";
  static final String ANY = "any";

  static final String DIGEST = "digest";

  private final KeptCase kept;
  private final Optional<KeptMerge> merge;

  KeptFile(KeptCase kept, Optional<KeptMerge> merge) {
    this.kept = kept;
    this.merge = merge;
  }

  /** The case as it was kept. */
  public KeptCase kept() {
    return kept;
  }

  /**
   * The case of a merge and what the implementation declared; empty if the law is not one of the
   * merge.
   */
  public Optional<KeptMerge> merge() {
    return merge;
  }

  /**
   * Reads a file.
   *
   * @throws InvalidInputException naming the file, if it is damaged or of another version
   */
  public static KeptFile read(Path file) {
    try (KeptReader reader = KeptReader.open(file)) {
      return reader.read();
    }
  }

  /**
   * Writes a case without its numbers; it is drawn again when the file is run.
   *
   * @throws InvalidInputException naming the file, if it cannot be written
   */
  public static void write(KeptCase kept, Path file) {
    SafetensorsWriter writer = new SafetensorsWriter();
    finish(writer, described(kept), file);
  }

  /**
   * Writes a case of the merge with its numbers, the questions and the answers.
   *
   * @throws InvalidInputException naming the file, if it cannot be written
   */
  public static void write(KeptCase kept, KeptMerge merge, List<Inquiry> asked, Path file) {
    SafetensorsWriter writer = new SafetensorsWriter();
    MergeCase given = merge.given();
    Map<String, String> metadata = described(kept);
    metadata.put("returns-lse", String.valueOf(merge.declared().returnsLse()));
    metadata.put("heads", size(merge.declared().heads()));
    metadata.put("dim", size(merge.declared().dim()));
    metadata.put(
        "hard", given.hard().stream().map(HardCase::name).collect(Collectors.joining(",")));
    metadata.put("choices", String.valueOf(given.seed()));
    List<Integer> rows = List.of(given.shards(), given.tokens(), given.heads());
    List<Integer> shape = List.of(given.shards(), given.tokens(), given.heads(), given.dim());
    writer.tensor("case.outputs", DType.F64, shape, given.outputs());
    writer.tensor("case.lses", DType.F64, rows, given.lses());
    add(merge, asked, writer);
    finish(writer, metadata, file);
  }

  private static Map<String, String> described(KeptCase kept) {
    Map<String, String> metadata = new TreeMap<>();
    metadata.put("kept", VERSION);
    metadata.put("implementation", kept.implementation());
    metadata.put("law", kept.law().label());
    metadata.put("input", kept.input());
    metadata.put("violation", kept.violation());
    metadata.put("seed", String.valueOf(kept.drawn().seed()));
    metadata.put("count", String.valueOf(kept.drawn().count()));
    metadata.put("case", kept.drawn().origin().toString());
    return metadata;
  }

  private static String size(OptionalInt only) {
    return only.isPresent() ? String.valueOf(only.getAsInt()) : ANY;
  }

  /** Questions that were answered, and the answers. */
  private static void add(KeptMerge merge, List<Inquiry> asked, SafetensorsWriter writer) {
    List<MergeInquiry> answered =
        asked.stream()
            .filter(MergeInquiry.class::isInstance)
            .map(MergeInquiry.class::cast)
            .filter(inquiry -> inquiry.answered().isPresent())
            .toList();
    new CaseFiles(merge.declared())
        .add(answered.stream().map(MergeInquiry::asked).toList(), writer);
    Convention convention = merge.declared().convention();
    for (int number = 0; number < answered.size(); number++) {
      Answer answer = answered.get(number).answered().orElseThrow();
      ArrayIndex arrays = answered.get(number).asked().arrays();
      String name = "answer." + number;
      writer.tensor(
          name + ".outputs",
          convention.precision().output(),
          arrays.answerShape(),
          answer.declaredOutputs());
      if (merge.declared().returnsLse()) {
        writer.tensor(
            name + ".lses",
            convention.precision().lse(),
            arrays.answerWeightShape(),
            answer.declaredLses());
      }
    }
  }

  private static void finish(SafetensorsWriter writer, Map<String, String> metadata, Path file) {
    metadata.forEach(writer::metadata);
    writer.metadata(DIGEST, digest(writer)).write(file);
  }

  /**
   * The SHA-256 of the file that would be written now, with all metadata and all tensors so far.
   */
  static String digest(SafetensorsWriter writer) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      writer.writeTo(new DigestOutputStream(OutputStream.nullOutputStream(), digest));
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
