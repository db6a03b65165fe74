package dev.helix.runtime.text;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Refuses the faults of a {@code tokenizer.json} that the native library does not refuse: it reads
 * such a file, and later ends the whole process (a panic that may not cross into Java is an abort)
 * or returns lists of different lengths. These faults were found by mutating files, in tokenizers
 * 0.21. A part of the file is recognised by its fields, since the library does not insist on {@code
 * type}.
 */
final class TokenizerFaults {
  /** The largest number of groups; published tokenizers have about 20. */
  private static final int MAX_GROUPS = 500;

  /**
   * The largest depth of nesting. The library gives up at 128, in some places by ending the
   * process; published tokenizers have a depth of about 8.
   */
  private static final int MAX_DEPTH = 100;

  /** Texts at whose ends and inside which an expression may match nothing. */
  private static final List<String> PROBES = List.of("", "a", " a b ", "\u00e91.\n");

  private TokenizerFaults() {}

  /**
   * Checks the parts of a tokenizer on which the library aborts.
   *
   * @return the largest id that the post-processor puts around a text, if it names any
   * @throws InvalidInputException naming the file, the field and what was expected
   */
  static OptionalInt refuse(JsonObject tokenizer) {
    if (tokenizer.depth() > MAX_DEPTH) {
      throw new InvalidInputException(
          "%s: expected objects and lists of at most %d inside each other, got %d"
              .formatted(tokenizer.file(), MAX_DEPTH, tokenizer.depth()));
    }
    for (String part : List.of("normalizer", "pre_tokenizer", "decoder")) {
      tokenizer.optionalObject(part).ifPresent(TokenizerFaults::patterns);
    }
    tokenizer.optionalObject("normalizer").ifPresent(TokenizerFaults::normalizer);
    tokenizer.optionalObject("pre_tokenizer").ifPresent(TokenizerFaults::preTokenizer);
    tokenizer.optionalObject("decoder").ifPresent(TokenizerFaults::decoder);
    merges(tokenizer.object("model"));
    int largest =
        tokenizer.optionalObject("post_processor").map(TokenizerFaults::postProcessor).orElse(-1);
    return largest < 0 ? OptionalInt.empty() : OptionalInt.of(largest);
  }

  /**
   * Checks merges, because the library cuts the prefix off the second part of each merge without
   * looking.
   */
  private static void merges(JsonObject model) {
    if (!model.has("continuing_subword_prefix") || !model.has("merges")) {
      return;
    }
    String prefix = model.text("continuing_subword_prefix");
    for (List<String> merge : model.textLists("merges")) {
      if (merge.size() == 2 && !merge.get(1).startsWith(prefix)) {
        throw model.unexpected(
            "continuing_subword_prefix",
            "the beginning of the second part of each merge, as of %s"
                .formatted(JsonObject.oneLine(String.join(" ", merge))));
      }
    }
  }

  /**
   * Checks patterns, because the library's regular expressions recurse for each level and overflow
   * the native stack.
   */
  private static void patterns(JsonObject part) {
    for (String list : List.of("normalizers", "pretokenizers", "decoders")) {
      parts(part, list).forEach(TokenizerFaults::patterns);
    }
    if (part.isObject("pattern") && part.object("pattern").has("Regex")) {
      JsonObject pattern = part.object("pattern");
      String regex = pattern.text("Regex");
      if (regex.chars().filter(c -> c == '(' || c == '[').count() > MAX_GROUPS) {
        throw pattern.unexpected("Regex", "at most %d groups".formatted(MAX_GROUPS));
      }
    }
  }

  /**
   * Checks the normalizer, because the library indexes a compiled map of characters without
   * looking, and fails behind the end of a text if something is to be put there in place of
   * nothing.
   */
  private static void normalizer(JsonObject normalizer) {
    parts(normalizer, "normalizers").forEach(TokenizerFaults::normalizer);
    boolean precompiled = normalizer.has("type") && normalizer.text("type").equals("Precompiled");
    if (precompiled || normalizer.has("precompiled_charsmap")) {
      throw normalizer.unexpected(
          "precompiled_charsmap",
          "neither one nor a part of this type (the tokenizer library ends the process if it is"
              + " damaged)");
    }
    if (normalizer.has("content") && normalizer.isObject("pattern")) {
      JsonObject pattern = normalizer.object("pattern");
      for (String kind : List.of("String", "Regex")) {
        if (pattern.has(kind) && canMatchNothing(pattern.text(kind), kind.equals("Regex"))) {
          throw pattern.unexpected(
              kind,
              "a pattern of at least one character, in place of which" + " something can be put");
        }
      }
    }
  }

  /**
   * Whether a pattern matches the empty text, as Java understands it. An expression that Java does
   * not understand is left to the library.
   */
  private static boolean canMatchNothing(String pattern, boolean regex) {
    if (!regex) {
      return pattern.isEmpty();
    }
    try {
      Pattern compiled = Pattern.compile(pattern);
      return PROBES.stream()
          .anyMatch(probe -> compiled.matcher(probe).results().anyMatch(m -> m.start() == m.end()));
    } catch (PatternSyntaxException e) {
      return false;
    }
  }

  /** Checks the pre-tokenizer, because the library divides a text by the length of its pieces. */
  private static void preTokenizer(JsonObject preTokenizer) {
    parts(preTokenizer, "pretokenizers").forEach(TokenizerFaults::preTokenizer);
    if (preTokenizer.has("length")) {
      preTokenizer.positive("length");
    }
  }

  /** The parts of a sequence; none of a part that is no sequence. */
  private static List<JsonObject> parts(JsonObject part, String list) {
    return part.lengthOfList(list).isPresent() ? part.objects(list) : List.of();
  }

  /**
   * Checks the decoder, because a token shorter than the characters that Strip takes from its end
   * is an index below 0.
   */
  private static void decoder(JsonObject decoder) {
    if (decoder.has("decoders")) {
      decoder.objects("decoders").forEach(TokenizerFaults::decoder);
    }
    if (decoder.has("stop") && decoder.integer("stop", 0) != 0) {
      throw decoder.unexpected(
          "stop", "0 (the tokenizer library ends the process at a token that is shorter)");
    }
  }

  private static int postProcessor(JsonObject processor) {
    int largest = -1;
    if (processor.has("processors")) {
      for (JsonObject part : processor.objects("processors")) {
        largest = Math.max(largest, postProcessor(part));
      }
    }
    return processor.has("single") ? Math.max(largest, template(processor)) : largest;
  }

  /**
   * Checks a template, because the library looks up each special token of it when it encodes, and
   * must find it.
   */
  private static int template(JsonObject template) {
    JsonObject specialTokens = template.object("special_tokens");
    int largest = -1;
    for (String name : specialTokens.names()) {
      JsonObject token = specialTokens.object(name);
      List<Integer> ids = token.integers("ids", 0);
      if (token.texts("tokens").size() != ids.size()) {
        throw token.unexpected("tokens", "%d tokens, one for each of ids".formatted(ids.size()));
      }
      for (int id : ids) {
        if (id == Integer.MAX_VALUE) {
          throw token.unexpected("ids", "ids below %d".formatted(Integer.MAX_VALUE));
        }
        largest = Math.max(largest, id);
      }
    }
    for (JsonObject piece : template.objects("single")) {
      if (piece.has("Sequence") && !piece.object("Sequence").text("id").equals("A")) {
        throw piece.object("Sequence").unexpected("id", "\"A\", since a single text has no other");
      }
    }
    for (String field : List.of("single", "pair")) {
      for (JsonObject piece : template.objects(field)) {
        if (piece.has("SpecialToken")) {
          JsonObject special = piece.object("SpecialToken");
          if (!specialTokens.has(special.text("id"))) {
            throw special.unexpected("id", "a token that special_tokens has");
          }
        }
      }
    }
    return largest;
  }
}
