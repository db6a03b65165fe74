package dev.helix.tensor.io.pickle;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.pickle.PickleValue.Entry;
import dev.helix.tensor.io.pickle.PickleValue.Global;
import dev.helix.tensor.io.pickle.PickleValue.Made;
import dev.helix.tensor.io.pickle.PickleValue.Mapping;
import dev.helix.tensor.io.pickle.PickleValue.Opaque;
import dev.helix.tensor.io.pickle.PickleValue.Plain;
import dev.helix.tensor.io.pickle.PickleValue.Sequence;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads a pickle of protocol 2, 3, 4 or 5. These are the instructions that such a pickler writes;
 * those of older protocols, of extension registries and of buffers outside of the pickle are
 * refused by name. Reading takes a time and a memory that are proportional to the pickle's size.
 */
public final class PickleReader {
  private static final int LEAST_PROTOCOL = 2;
  private static final int MOST_PROTOCOL = 5;

  private final PickleBytes in;
  private final PickleObjects objects;
  private final PickleStack stack;
  private final Map<Long, PickleValue> memo = new HashMap<>();

  private PickleReader(String file, byte[] pickle, PickleObjects objects) {
    this.in = new PickleBytes(file, pickle);
    this.objects = objects;
    this.stack = new PickleStack(in);
  }

  /**
   * Reads a pickle.
   *
   * @param file the name of the file in messages
   * @throws InvalidInputException naming the file and the place, if the pickle is damaged or has an
   *     instruction that is not known
   */
  public static PickleValue read(String file, byte[] pickle, PickleObjects objects) {
    return new PickleReader(file, pickle, objects).value();
  }

  private PickleValue value() {
    if (in.unsigned() != PickleCode.PROTO) {
      throw in.refused("a pickle of protocol 2 to 5, which begins with byte 80", "another byte");
    }
    int protocol = in.unsigned();
    if (protocol < LEAST_PROTOCOL || protocol > MOST_PROTOCOL) {
      throw in.refused("protocol 2 to 5", "protocol " + protocol);
    }
    while (true) {
      int code = in.unsigned();
      if (code == PickleCode.STOP) {
        break;
      }
      step(code);
    }
    PickleValue value = stack.pop();
    if (!stack.isEmpty() || !in.atEnd()) {
      throw in.refused("one value and then the end", "more");
    }
    return value;
  }

  private void step(int code) {
    if (!plain(code) && !container(code) && !object(code)) {
      throw in.refused(
          "an instruction of the closed list", PickleCode.name(code) + ", which is not run");
    }
  }

  /** Plain values, and instructions that only move values. */
  private boolean plain(int code) {
    switch (code) {
      case PickleCode.NONE -> stack.push(new Plain("None"));
      case PickleCode.NEWTRUE -> stack.push(new Plain(true));
      case PickleCode.NEWFALSE -> stack.push(new Plain(false));
      case PickleCode.BININT -> stack.push(new Plain((long) in.int32()));
      case PickleCode.BININT1 -> stack.push(new Plain((long) in.unsigned()));
      case PickleCode.BININT2 -> stack.push(new Plain((long) in.unsigned16()));
      case PickleCode.LONG1 -> stack.push(new Plain(in.integer(in.unsigned())));
      case PickleCode.LONG4 -> stack.push(new Plain(in.integer(in.int32())));
      case PickleCode.BINFLOAT -> stack.push(new Plain(in.float64()));
      case PickleCode.SHORT_BINUNICODE -> stack.push(new Plain(in.text(in.unsigned())));
      case PickleCode.BINUNICODE -> stack.push(new Plain(in.text(in.unsigned32())));
      case PickleCode.BINUNICODE8 -> stack.push(new Plain(in.text(in.int64())));
      case PickleCode.SHORT_BINBYTES -> bytes(in.unsigned());
      case PickleCode.BINBYTES -> bytes(in.unsigned32());
      case PickleCode.BINBYTES8, PickleCode.BYTEARRAY8 -> bytes(in.int64());
      case PickleCode.FRAME -> in.frame();
      case PickleCode.POP -> stack.discard();
      case PickleCode.POP_MARK -> stack.popMark();
      case PickleCode.DUP -> stack.push(stack.peek());
      case PickleCode.MARK -> stack.mark();
      case PickleCode.BINPUT -> memo.put((long) in.unsigned(), stack.peek());
      case PickleCode.LONG_BINPUT -> memo.put(in.unsigned32(), stack.peek());
      case PickleCode.MEMOIZE -> memo.put((long) memo.size(), stack.peek());
      case PickleCode.BINGET -> stack.push(remembered(in.unsigned()));
      case PickleCode.LONG_BINGET -> stack.push(remembered(in.unsigned32()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean container(int code) {
    switch (code) {
      case PickleCode.EMPTY_TUPLE, PickleCode.EMPTY_LIST, PickleCode.EMPTY_SET ->
          stack.push(new Sequence());
      case PickleCode.TUPLE1 -> stack.push(sequence(stack.pop(1)));
      case PickleCode.TUPLE2 -> stack.push(sequence(stack.pop(2)));
      case PickleCode.TUPLE3 -> stack.push(sequence(stack.pop(3)));
      case PickleCode.TUPLE, PickleCode.FROZENSET -> stack.push(sequence(stack.popMark()));
      case PickleCode.EMPTY_DICT -> stack.push(new Mapping());
      case PickleCode.APPEND -> append(stack.pop(1));
      case PickleCode.APPENDS, PickleCode.ADDITEMS -> append(stack.popMark());
      case PickleCode.SETITEM -> put(stack.pop(2));
      case PickleCode.SETITEMS -> put(stack.popMark());
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean object(int code) {
    switch (code) {
      case PickleCode.GLOBAL -> stack.push(new Global(in.line(), in.line()));
      case PickleCode.STACK_GLOBAL -> {
        List<PickleValue> names = stack.pop(2);
        stack.push(new Global(text(names.get(0)), text(names.get(1))));
      }
      case PickleCode.REDUCE, PickleCode.NEWOBJ -> {
        List<PickleValue> call = stack.pop(2);
        stack.push(called(call.get(0), call.get(1)));
      }
      case PickleCode.NEWOBJ_EX -> {
        List<PickleValue> call = stack.pop(3);
        stack.push(new Opaque(described(call.get(0))));
      }
      case PickleCode.BUILD -> build();
      case PickleCode.BINPERSID -> stack.push(objects.persistent(stack.pop()));
      default -> {
        return false;
      }
    }
    return true;
  }

  private PickleValue called(PickleValue function, PickleValue arguments) {
    if (function instanceof Global global && arguments instanceof Sequence sequence) {
      return objects.call(global, sequence.items());
    }
    return new Opaque(described(function));
  }

  /** The attributes of an object are dropped: it stays what it is without them. */
  private void build() {
    stack.pop();
    PickleValue object = stack.peek();
    if (!(object instanceof Opaque || object instanceof Mapping || object instanceof Made)) {
      throw in.refused("attributes of an object", "attributes of " + described(object));
    }
  }

  private void append(List<PickleValue> items) {
    PickleValue target = stack.peek();
    if (target instanceof Sequence sequence) {
      sequence.items().addAll(items);
    } else if (!(target instanceof Opaque)) {
      throw in.refused("items of a list or a set", "items of " + described(target));
    }
  }

  private void put(List<PickleValue> keysAndValues) {
    PickleValue target = stack.peek();
    if (keysAndValues.size() % 2 != 0) {
      throw in.refused("keys and values in pairs", keysAndValues.size() + " of them");
    }
    if (target instanceof Mapping mapping) {
      for (int i = 0; i < keysAndValues.size(); i += 2) {
        mapping.entries().add(new Entry(keysAndValues.get(i), keysAndValues.get(i + 1)));
      }
    } else if (!(target instanceof Opaque)) {
      throw in.refused("entries of a dictionary", "entries of " + described(target));
    }
  }

  private void bytes(long length) {
    in.skip(length);
    stack.push(new Opaque("bytes"));
  }

  private PickleValue remembered(long index) {
    PickleValue value = memo.get(index);
    if (value == null) {
      throw in.refused("a value that was memoized before", "number " + index);
    }
    return value;
  }

  private String text(PickleValue name) {
    if (name instanceof Plain plain && plain.value() instanceof String text) {
      return text;
    }
    throw in.refused("the name of a class", described(name));
  }

  private static Sequence sequence(List<PickleValue> items) {
    Sequence sequence = new Sequence();
    sequence.items().addAll(items);
    return sequence;
  }

  private static String described(PickleValue value) {
    if (value instanceof Global global) {
      return global.path();
    }
    if (value instanceof Opaque opaque) {
      return opaque.what();
    }
    return value instanceof Plain
        ? "a plain value"
        : value instanceof Made ? "a tensor" : "a container";
  }
}
