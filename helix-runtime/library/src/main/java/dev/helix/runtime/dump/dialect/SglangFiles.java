package dev.helix.runtime.dump.dialect;

import dev.helix.runtime.dump.Coordinates;
import dev.helix.runtime.dump.Role;
import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.JsonObject;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * SGLang's two dialects. Its dumper (srt/debug_utils/dumper.py, as of November 2026) writes one
 * tensor to a file, whose name has tags: {@code step=1___rank=0___name=q___layer_id=3.pt}. Its
 * debug tensor dump (tensor_dump_forward_hook.py) writes one dictionary for each forward pass of a
 * process, {@code TP0_PP0_Rank0_pid77/Pass00002.pt}: the outputs of modules that contain no others.
 *
 * <p>In the second dialect the rank is that of tensor parallelism, since processes of other stages
 * of a pipeline have other layers. The module of attention is {@code attn}, in latent attention
 * {@code attn_mqa} for decode and {@code attn_mha} for prompts; {@code attn_mqa_for_dcp_decode}
 * gives the partial output and the LSE of a rank (models/deepseek_v2.py).
 */
final class SglangFiles {
  private static final String BETWEEN_TAGS = "___";
  private static final String VALUE = "value";
  private static final Pattern PASS =
      Pattern.compile("(?:.*/)?TP(\\d{1,9})_PP\\d+_Rank\\d+_pid\\d+/Pass(\\d{1,9})");

  /** A module of attention, and the place of a tensor among several outputs. */
  private static final Pattern ATTENTION =
      Pattern.compile("(.*\\.)?(attn|attn_mqa|attn_mha|attn_mqa_for_dcp_decode)(\\.[01])?");

  /** Towers for pictures and sound, whose attention has no cache. */
  private static final Pattern TOWER = Pattern.compile("(.*\\.)?(visual|vision|audio)[^.]*\\..*");

  private SglangFiles() {}

  /** Whether the files are of the dumper. */
  static boolean areTagged(List<DumpFile> files) {
    return files.stream().anyMatch(file -> tags(file).containsKey("name"));
  }

  /** Whether the files are of the debug tensor dump. */
  static boolean arePasses(List<DumpFile> files) {
    return files.stream().anyMatch(file -> PASS.matcher(file.stem()).matches());
  }

  /** Reads the dumper's files. */
  static Collected tagged(List<DumpFile> files) {
    return Collected.by("SGLang's dumper", files, SglangFiles::tagged);
  }

  private static void tagged(DumpFile file, Collected into) {
    Map<String, String> tags = tags(file);
    if (!tags.containsKey("name")) {
      into.remark("%s has no name among its tags".formatted(file.path()));
      return;
    }
    Coordinates of =
        new Coordinates(
            number(file, tags, "rank"),
            number(file, tags, tags.containsKey("step") ? "step" : "forward_pass_id"),
            number(file, tags, "layer_id"));
    for (Map.Entry<String, FileTensor> entry : into.open(file).tensors().entrySet()) {
      String key = entry.getKey();
      if (key.equals(VALUE) || key.isEmpty()) {
        into.add(new NamedTensor(tags.get("name"), of, entry.getValue()));
      } else if (key.startsWith(VALUE + ".")) {
        String inside = key.substring(VALUE.length());
        into.add(new NamedTensor(tags.get("name") + inside, of, entry.getValue()));
      }
    }
  }

  private static Map<String, String> tags(DumpFile file) {
    Map<String, String> tags = new HashMap<>();
    String[] parts = file.nameStem().split(BETWEEN_TAGS, -1);
    if (parts.length > 1) {
      for (String part : parts) {
        int at = part.indexOf('=');
        if (at > 0) {
          tags.put(part.substring(0, at), part.substring(at + 1));
        }
      }
    }
    return tags;
  }

  private static OptionalInt number(DumpFile file, Map<String, String> tags, String tag) {
    String text = tags.get(tag);
    if (text == null || text.equals("None")) {
      return OptionalInt.empty();
    }
    if (!text.matches("\\d{1,9}")) {
      throw new InvalidInputException(
          "%s: %s: expected a number of at most 9 digits, got %s"
              .formatted(file.path(), tag, JsonObject.oneLine(text)));
    }
    return OptionalInt.of(Integer.parseInt(text));
  }

  /** Reads the passes of the debug tensor dump. */
  static Collected passes(List<DumpFile> files) {
    return Collected.by("SGLang's debug tensor dump", files, SglangFiles::pass);
  }

  private static void pass(DumpFile file, Collected into) {
    Matcher matcher = PASS.matcher(file.stem());
    if (!matcher.matches()) {
      into.remark("%s is no file of a pass".formatted(file.path()));
      return;
    }
    Coordinates of =
        new Coordinates(
            OptionalInt.of(Integer.parseInt(matcher.group(1))),
            OptionalInt.of(Integer.parseInt(matcher.group(2))),
            OptionalInt.empty());
    Map<String, FileTensor> tensors = into.open(file).tensors();
    tensors.forEach(
        (name, data) -> {
          NamedTensor tensor = new NamedTensor(name, PathNumbers.of(name).or(of), data);
          into.add(attention(name, tensors.keySet()).map(tensor::as).orElse(tensor));
        });
  }

  /** The role of a module's output, if the module is attention. */
  private static Optional<Role> attention(String name, Set<String> all) {
    Matcher module = ATTENTION.matcher(name);
    if (!module.matches() || TOWER.matcher(name).matches()) {
      return Optional.empty();
    }
    String place = module.group(3) == null ? "" : module.group(3);
    switch (module.group(2)) {
      case "attn_mqa_for_dcp_decode" -> {
        return Optional.of(place.equals(".1") ? Role.LSE : Role.PARTIAL_OUTPUT);
      }
      case "attn_mha" -> {
        // Where a pass has both, prompts and decoded tokens are mixed, and this is of prompts.
        boolean alone = !all.contains(name.replace("attn_mha", "attn_mqa"));
        return alone ? Optional.of(Role.MERGED_OUTPUT) : Optional.of(Role.IGNORED);
      }
      default -> {
        return Optional.of(place.equals(".1") ? Role.MERGED_LSE : Role.MERGED_OUTPUT);
      }
    }
  }
}
