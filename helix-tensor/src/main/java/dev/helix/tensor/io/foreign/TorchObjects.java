package dev.helix.tensor.io.foreign;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ByteSource;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.FileTensor.Origin;
import dev.helix.tensor.io.JsonObject;
import dev.helix.tensor.io.pickle.PickleObjects;
import dev.helix.tensor.io.pickle.PickleValue;
import dev.helix.tensor.io.pickle.PickleValue.Global;
import dev.helix.tensor.io.pickle.PickleValue.Made;
import dev.helix.tensor.io.pickle.PickleValue.Mapping;
import dev.helix.tensor.io.pickle.PickleValue.Opaque;
import dev.helix.tensor.io.pickle.PickleValue.Plain;
import dev.helix.tensor.io.pickle.PickleValue.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The calls by which PyTorch's {@code torch.save} describes tensors. A storage is a persistent id
 * that names a member of the archive, and a tensor is a call that states offset, sizes and strides.
 * Calls of all other functions stay opaque.
 */
final class TorchObjects implements PickleObjects {
  private static final int MAX_AXES = 64;
  private static final String STORAGE = "Storage";

  private final String file;
  private final Function<String, ByteSource> storages;

  /**
   * Creates the objects of a file.
   *
   * @param file the name of the file in messages
   * @param storages the bytes of a storage by its key
   */
  TorchObjects(String file, Function<String, ByteSource> storages) {
    this.file = file;
    this.storages = storages;
  }

  /**
   * A storage.
   *
   * @param type the type of its elements; empty if the storage is of bytes that have none
   */
  private record Storage(String key, Optional<ElementType> type, ByteSource bytes)
      implements Made {}

  /** A tensor, which has no name yet. */
  record TorchTensor(
      Storage storage, ElementType type, List<Long> sizes, List<Long> strides, long offset)
      implements Made {
    FileTensor named(String file, String name) {
      Origin origin = new Origin(file, name, storage.bytes());
      return FileTensor.strided(origin, type, sizes, strides, offset);
    }
  }

  @Override
  public PickleValue call(Global function, List<PickleValue> arguments) {
    switch (function.path()) {
      case "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2" -> {
        return tensor(function, arguments, Optional.empty());
      }
      case "torch._utils._rebuild_tensor_v3" -> {
        return tensor(function, arguments, Optional.of(dtype(argument(function, arguments, 6))));
      }
      case "torch._utils._rebuild_parameter",
          "torch._utils._rebuild_parameter_with_state",
          "torch.Size",
          "builtins.set",
          "builtins.frozenset",
          "__builtin__.set",
          "__builtin__.frozenset" -> {
        return arguments.isEmpty() ? new Sequence() : arguments.get(0);
      }
      case "torch._tensor._rebuild_from_type_v2" -> {
        return subclass(function, arguments);
      }
      case "torch.device" -> {
        return arguments.isEmpty() ? new Opaque(function.path()) : arguments.get(0);
      }
      case "collections.OrderedDict", "collections.Counter", "collections.defaultdict" -> {
        return new Mapping();
      }
      default -> {
        return new Opaque(function.path());
      }
    }
  }

  /** A tensor of a subclass, or one with attributes: (function, class, arguments, state). */
  private PickleValue subclass(Global function, List<PickleValue> arguments) {
    PickleValue inner = argument(function, arguments, 0);
    PickleValue innerArguments = argument(function, arguments, 2);
    boolean known =
        inner instanceof Global global
            && global.path().startsWith("torch._utils._rebuild_")
            && innerArguments instanceof Sequence;
    return known
        ? call((Global) inner, ((Sequence) innerArguments).items())
        : new Opaque(function.path());
  }

  @Override
  public PickleValue persistent(PickleValue id) {
    List<PickleValue> parts = id instanceof Sequence sequence ? sequence.items() : List.of();
    if (parts.size() != 5 || !(parts.get(1) instanceof Global type)) {
      throw refused("persistent id", "('storage', type, key, device, size)", "another id");
    }
    Object key = parts.get(2) instanceof Plain plain ? plain.value() : "";
    if (!(key instanceof String text) || text.isEmpty()) {
      throw refused("storage", "its key as text", "another value");
    }
    long size = integer("storage " + JsonObject.oneLine(text), parts.get(4));
    String named = type.name();
    boolean untyped = named.equals("UntypedStorage");
    Optional<ElementType> elements =
        untyped ? Optional.empty() : Optional.of(storageType(text, type));
    ByteSource bytes = storages.apply(text);
    long width = elements.map(found -> found.bits() / Byte.SIZE).orElse(1);
    if (size > bytes.size() / width || size * width != bytes.size()) {
      throw refused(
          "storage " + JsonObject.oneLine(text),
          "%d elements of %d bytes".formatted(size, width),
          bytes.size() + " bytes");
    }
    return new Storage(text, elements, bytes);
  }

  private ElementType storageType(String key, Global type) {
    String name = type.name();
    String element =
        name.endsWith(STORAGE) ? name.substring(0, name.length() - STORAGE.length()) : "";
    Optional<ElementType> found =
        Optional.ofNullable(
            switch (element) {
              case "Double" -> ElementType.F64;
              case "Float" -> ElementType.F32;
              case "Half" -> ElementType.F16;
              case "BFloat16" -> ElementType.BF16;
              case "Long" -> ElementType.I64;
              case "Int" -> ElementType.I32;
              case "Short" -> ElementType.I16;
              case "Char" -> ElementType.I8;
              case "Byte" -> ElementType.U8;
              case "Bool" -> ElementType.BOOL;
              case "ComplexFloat" -> ElementType.C64;
              default -> null;
            });
    return found.orElseThrow(
        () ->
            refused(
                "storage " + JsonObject.oneLine(key),
                "a storage of numbers that are known",
                JsonObject.oneLine(type.path())));
  }

  private PickleValue tensor(
      Global function, List<PickleValue> arguments, Optional<ElementType> stated) {
    if (!(argument(function, arguments, 0) instanceof Storage storage)) {
      return new Opaque("a tensor without a storage");
    }
    String field = "tensor on storage " + JsonObject.oneLine(storage.key());
    long offset = integer(field, argument(function, arguments, 1));
    List<Long> sizes = integers(field, argument(function, arguments, 2));
    List<Long> strides = integers(field, argument(function, arguments, 3));
    ElementType type =
        stated
            .or(storage::type)
            .orElseThrow(() -> refused(field, "the type of its elements", "none"));
    TorchTensor tensor = new TorchTensor(storage, type, sizes, strides, offset);
    tensor.named(file, storage.key());
    return tensor;
  }

  private ElementType dtype(PickleValue value) {
    String path = value instanceof Global global ? global.path() : "another value";
    return ElementType.ofTorch(path)
        .filter(type -> path.startsWith("torch."))
        .orElseThrow(() -> refused("dtype", "one that is known", JsonObject.oneLine(path)));
  }

  private PickleValue argument(Global function, List<PickleValue> arguments, int index) {
    if (index >= arguments.size()) {
      throw refused(
          function.path(),
          "at least %d arguments".formatted(index + 1),
          arguments.size() + " of them");
    }
    return arguments.get(index);
  }

  private List<Long> integers(String field, PickleValue value) {
    if (!(value instanceof Sequence sequence) || sequence.items().size() > MAX_AXES) {
      throw refused(field, "at most %d sizes and strides".formatted(MAX_AXES), "another value");
    }
    List<Long> integers = new ArrayList<>();
    for (PickleValue item : sequence.items()) {
      integers.add(integer(field, item));
    }
    return integers;
  }

  private long integer(String field, PickleValue value) {
    if (value instanceof Plain plain && plain.value() instanceof Long integer && integer >= 0) {
      return integer;
    }
    throw refused(field, "an integer from 0 to 2^63 - 1", "another value");
  }

  private InvalidInputException refused(String field, String expected, String came) {
    return new InvalidInputException(
        "%s: %s: expected %s, got %s".formatted(file, field, expected, came));
  }
}
