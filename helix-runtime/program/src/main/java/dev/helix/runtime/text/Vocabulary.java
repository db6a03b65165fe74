package dev.helix.runtime.text;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.JsonObject;
import java.util.OptionalInt;

/**
 * The facts about the tokens of a {@code tokenizer.json} that the library does not tell.
 *
 * @param size one more than the largest id
 * @param unknown the id that stands for every word that the tokenizer does not know, if it has one
 */
record Vocabulary(int size, OptionalInt unknown) {
  /**
   * Reads {@code model}, {@code added_tokens} and what the post-processor adds.
   *
   * @throws InvalidInputException naming the file and the field
   */
  static Vocabulary of(JsonObject tokenizer) {
    JsonObject model = tokenizer.object("model");
    int largest = TokenizerFaults.refuse(tokenizer).orElse(-1);
    if (tokenizer.has("added_tokens")) {
      for (JsonObject token : tokenizer.objects("added_tokens")) {
        largest = Math.max(largest, id(token, "id"));
      }
    }
    OptionalInt list = model.lengthOfList("vocab");
    if (list
        .isPresent()) { // A unigram model has pairs of token and score, whose indices are the ids.
      OptionalInt unknown =
          model.has("unk_id") ? OptionalInt.of(model.integer("unk_id", 0)) : OptionalInt.empty();
      return new Vocabulary(Math.max(largest + 1, list.getAsInt()), unknown);
    }
    JsonObject ids = model.object("vocab");
    for (String token : ids.names()) {
      largest = Math.max(largest, id(ids, token));
    }
    OptionalInt unknown =
        model.has("unk_token") && ids.has(model.text("unk_token"))
            ? OptionalInt.of(ids.integer(model.text("unk_token"), 0))
            : OptionalInt.empty();
    return new Vocabulary(largest + 1, unknown);
  }

  /** An id below the largest {@code int}, so that the number of ids is an {@code int} as well. */
  private static int id(JsonObject object, String field) {
    int id = object.integer(field, 0);
    if (id == Integer.MAX_VALUE) {
      throw object.unexpected(field, "an id below %d".formatted(Integer.MAX_VALUE));
    }
    return id;
  }
}
