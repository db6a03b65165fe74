package dev.helix.tensor.io.foreign;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.foreign.TorchObjects.TorchTensor;
import dev.helix.tensor.io.pickle.PickleValue;
import dev.helix.tensor.io.pickle.PickleValue.Entry;
import dev.helix.tensor.io.pickle.PickleValue.Global;
import dev.helix.tensor.io.pickle.PickleValue.Mapping;
import dev.helix.tensor.io.pickle.PickleValue.Opaque;
import dev.helix.tensor.io.pickle.PickleValue.Plain;
import dev.helix.tensor.io.pickle.PickleValue.Sequence;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Gives names to the tensors inside of a pickled value: keys of dictionaries and places in lists,
 * with dots between them. A list that is shared, and so has several names, is read under each; the
 * number of all values is bounded by the size of the pickle, which a list that is shared many times
 * over would exceed.
 */
final class PickledNames {
  private static final int MAX_DEPTH = 64;
  private static final int MAX_NAME_CHARS = 500;
  private static final int MAX_FACT_CHARS = 200;

  private final String file;
  private final Map<String, FileTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> facts = new LinkedHashMap<>();
  private final IdentityHashMap<PickleValue, Boolean> around = new IdentityHashMap<>();
  private long charsLeft;

  private PickledNames(String file, long pickleBytes) {
    this.file = file;
    this.charsLeft = 1_000 + 16 * pickleBytes;
  }

  /** The tensors of a value and the facts beside them, by name. */
  record Named(Map<String, FileTensor> tensors, Map<String, String> facts) {}

  /**
   * Names the tensors of a value.
   *
   * @param file the name of the file in messages
   * @param pickleBytes size of the pickle
   * @throws InvalidInputException if the value contains itself, or is nested too deeply
   */
  static Named of(String file, PickleValue value, long pickleBytes) {
    PickledNames names = new PickledNames(file, pickleBytes);
    names.visit("", value);
    return new Named(names.tensors, names.facts);
  }

  private void visit(String name, PickleValue value) {
    charsLeft -= name.length() + 1L;
    if (name.length() > MAX_NAME_CHARS || charsLeft < 0) {
      throw refused(
          "names of at most %d characters, and of few values that are shared"
              .formatted(MAX_NAME_CHARS),
          "more");
    }
    if (value instanceof TorchTensor tensor) {
      tensors.put(name, tensor.named(file, name));
    } else if (value instanceof Plain plain) {
      fact(name, plain.text());
    } else if (value instanceof Global global) {
      fact(name, global.path());
    } else if (value instanceof Opaque opaque) {
      fact(name, "(" + opaque.what() + ", not read)");
    } else if (value instanceof Mapping mapping) {
      enter(value);
      for (Entry entry : mapping.entries()) {
        visit(inside(name, key(entry.key())), entry.value());
      }
      around.remove(value);
    } else if (value instanceof Sequence sequence) {
      enter(value);
      int index = 0;
      for (PickleValue item : sequence.items()) {
        visit(inside(name, String.valueOf(index++)), item);
      }
      around.remove(value);
    }
  }

  private void enter(PickleValue container) {
    if (around.put(container, true) != null) {
      throw refused("containers inside each other", "one that contains itself");
    }
    if (around.size() > MAX_DEPTH) {
      throw refused("at most %d containers inside each other".formatted(MAX_DEPTH), "more");
    }
  }

  private void fact(String name, String text) {
    if (text.length() <= MAX_FACT_CHARS) {
      charsLeft -= text.length();
      facts.put(name, text);
    }
  }

  private static String inside(String name, String key) {
    return name.isEmpty() ? key : name + "." + key;
  }

  private static String key(PickleValue key) {
    if (key instanceof Plain plain) {
      return plain.text();
    }
    if (key instanceof Sequence parts) {
      StringBuilder joined = new StringBuilder();
      for (PickleValue part : parts.items()) {
        joined.append(joined.length() == 0 ? "" : ".");
        joined.append(part instanceof Plain plain ? plain.text() : "?");
        if (joined.length() > MAX_NAME_CHARS) {
          break;
        }
      }
      return joined.toString();
    }
    return "?";
  }

  private InvalidInputException refused(String expected, String came) {
    return new InvalidInputException(
        "%s: pickle: expected %s, got %s".formatted(file, expected, came));
  }
}
