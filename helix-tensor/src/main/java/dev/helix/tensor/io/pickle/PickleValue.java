package dev.helix.tensor.io.pickle;

import java.util.ArrayList;
import java.util.List;

/** A value that a pickle describes. */
public interface PickleValue {
  /** A text, an integer, a floating-point number, a truth value or None. */
  record Plain(Object value) implements PickleValue {
    /** The value as text: Python's {@code None} is {@code "None"}. */
    public String text() {
      return String.valueOf(value);
    }
  }

  /** A tuple, a list or a set. It may contain itself. */
  final class Sequence implements PickleValue {
    private final List<PickleValue> items = new ArrayList<>();

    /** The items, in order; the list is the sequence's own. */
    public List<PickleValue> items() {
      return items;
    }
  }

  /** A dictionary. It may contain itself. */
  final class Mapping implements PickleValue {
    private final List<Entry> entries = new ArrayList<>();

    /** The entries in the order in which they were put; the list is the dictionary's own. */
    public List<Entry> entries() {
      return entries;
    }
  }

  /** An entry of a dictionary. */
  record Entry(PickleValue key, PickleValue value) {}

  /** A function or a class that the pickle names. */
  record Global(String module, String name) implements PickleValue {
    /** The name with its module: {@code "torch._utils._rebuild_tensor_v2"}. */
    public String path() {
      return module + "." + name;
    }
  }

  /**
   * A value of which only a description is known.
   *
   * @param what for messages: the name of its class
   */
  record Opaque(String what) implements PickleValue {}

  /** A value that a {@link PickleObjects} has made. */
  interface Made extends PickleValue {}
}
