package dev.helix.runtime.text;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;

/** Small tokenizers of the kinds that models come with. */
final class Tokenizers {
  private Tokenizers() {}

  /**
   * A byte-level BPE without merges: id b is the byte b, as Llama 3's vocabulary begins, so that
   * every character beyond ASCII takes several tokens.
   */
  static byte[] bytes() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("version", "1.0");
    for (String part : new String[] {"pre_tokenizer", "decoder"}) {
      json.putObject(part)
          .put("type", "ByteLevel")
          .put("add_prefix_space", false)
          .put("trim_offsets", true)
          .put("use_regex", false);
    }
    json.putArray("added_tokens");
    ObjectNode model = json.putObject("model").put("type", "BPE");
    model.putArray("merges");
    ObjectNode vocabulary = model.putObject("vocab");
    int shifted = 256;
    for (int b = 0; b < 256; b++) {
      boolean printable = (b > ' ' && b < 127) || (b > 160 && b != 173);
      int character = printable ? b : shifted++;
      vocabulary.put(Character.toString(character), b);
    }
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Words split at spaces, whose unknown word is {@code <unk>}; nothing is put around a text. */
  static byte[] words() {
    return """
    {"version": "1.0", "pre_tokenizer": {"type": "WhitespaceSplit"},
     "added_tokens": [{"id": 9, "content": "<end>", "single_word": false, "lstrip": false,
       "rstrip": false, "normalized": false, "special": true}],
     "model": {"type": "WordLevel", "unk_token": "<unk>", "vocab": {"<unk>": 0, "a": 1, "b": 2}}}
    """
        .getBytes(StandardCharsets.UTF_8);
  }

  static byte[] unigram() {
    return """
    {"version": "1.0", "added_tokens": [], "pre_tokenizer": {"type": "WhitespaceSplit"},
     "model": {"type": "Unigram", "unk_id": 1, "vocab": [["a", -1.0], ["<unk>", 0.0], ["b", -2.0]]}}
    """
        .getBytes(StandardCharsets.UTF_8);
  }
}
