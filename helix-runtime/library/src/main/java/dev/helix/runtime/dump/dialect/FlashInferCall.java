package dev.helix.runtime.dump.dialect;

import dev.helix.tensor.InvalidInputException;
import dev.helix.tensor.io.ElementType;
import dev.helix.tensor.io.FileTensor;
import dev.helix.tensor.io.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One call that FlashInfer's API log has dumped: the last line of its {@code metadata.jsonl}, and
 * its tensors under the names of the parameters.
 */
final class FlashInferCall {
  static final String METADATA = "metadata.jsonl";
  private static final Pattern ARGUMENT = Pattern.compile("arg_(\\d{1,3})(__.*)?");
  private static final Pattern KEYWORD = Pattern.compile("kwarg_(.*)");
  private static final int MAX_PARAMETERS = 1_000;

  private final JsonObject metadata;
  private final List<String> parameters;
  private final Map<String, FileTensor> tensors = new LinkedHashMap<>();

  private FlashInferCall(JsonObject metadata) {
    this.metadata = metadata;
    this.parameters = parameters(metadata.text("function_signature"));
  }

  /**
   * Reads a call.
   *
   * @param folder the files of the call's folder
   */
  static FlashInferCall read(DumpFile metadata, List<DumpFile> folder, Collected collected) {
    String name = metadata.path().toString();
    FlashInferCall call =
        new FlashInferCall(JsonObject.parse(name, lastLine(name, metadata.bytes())));
    for (DumpFile file : folder) {
      boolean named = file.nameStem().equals("inputs") || file.nameStem().equals("outputs");
      if (named && file.isOfTensors()) {
        collected
            .open(file)
            .tensors()
            .forEach((key, tensor) -> call.tensors.put(call.parameter(key), tensor));
      }
    }
    call.requireDetails();
    return call;
  }

  private static byte[] lastLine(String name, byte[] bytes) {
    int end = bytes.length;
    while (end > 0 && Character.isWhitespace(bytes[end - 1])) {
      end--;
    }
    int begin = end;
    while (begin > 0 && bytes[begin - 1] != '\n') {
      begin--;
    }
    if (begin == end) {
      throw new InvalidInputException(name + ": expected a line of JSON, got none");
    }
    return Arrays.copyOfRange(bytes, begin, end);
  }

  /** The names of the parameters in a signature as Python prints it. */
  private static List<String> parameters(String signature) {
    List<String> names = new ArrayList<>();
    int depth = 0;
    StringBuilder parameter = new StringBuilder();
    for (int i = 0; i < signature.length() && names.size() < MAX_PARAMETERS; i++) {
      char c = signature.charAt(i);
      depth += c == '(' || c == '[' || c == '{' ? 1 : c == ')' || c == ']' || c == '}' ? -1 : 0;
      boolean ends = depth == 0 || (depth == 1 && c == ',');
      if (ends) {
        String name = parameter.toString().strip().split("[:=\\s]", 2)[0];
        if (!name.isEmpty() && !name.equals("*") && !name.equals("/")) {
          names.add(name);
        }
        parameter.setLength(0);
        if (depth == 0) {
          break;
        }
      } else if (!(depth == 1 && c == '(')) {
        parameter.append(c);
      }
    }
    return names;
  }

  /** The name of the parameter that a key stands for; keys of results stay as they are. */
  private String parameter(String key) {
    Matcher keyword = KEYWORD.matcher(key);
    if (keyword.matches()) {
      return keyword.group(1);
    }
    Matcher argument = ARGUMENT.matcher(key);
    if (argument.matches()) {
      int index = Integer.parseInt(argument.group(1));
      String rest = argument.group(2) == null ? "" : argument.group(2);
      return index < parameters.size() ? parameters.get(index) + rest : key;
    }
    return key;
  }

  /** Checks the tensors against what the metadata say of them. */
  private void requireDetails() {
    if (!metadata.has("tensor_details") || tensors.isEmpty()) {
      return;
    }
    JsonObject details = metadata.object("tensor_details");
    for (String key : details.names()) {
      JsonObject detail = details.object(key);
      FileTensor tensor = tensors.get(parameter(key));
      if (tensor == null) {
        throw details.unexpected(key, "a tensor that is in the folder");
      }
      if (!detail.sizes("shape").equals(tensor.shape())) {
        throw detail.unexpected("shape", "%s, as the file has it".formatted(tensor.shape()));
      }
      Optional<ElementType> type = ElementType.ofTorch(detail.text("dtype"));
      if (!type.equals(Optional.of(tensor.type()))) {
        throw detail.unexpected("dtype", "%s, as the file has it".formatted(tensor.type()));
      }
    }
  }

  /** The function, with its class before it if it is a method: {@code "Wrapper.run"}. */
  String function() {
    return metadata.text("function_name");
  }

  /** The process, which is one rank's. */
  int process() {
    return metadata.integer("process_id", 0);
  }

  /** The place of the call among those of the same function in its process. */
  int sequence() {
    return metadata.integer("call_sequence", 0);
  }

  /** When the call began, in a form that sorts. */
  String time() {
    return metadata.text("timestamp");
  }

  /** The object whose method was called, as text; empty for a function. */
  String self() {
    return metadata.has("self_id") ? metadata.plainText("self_id") : "";
  }

  /** Whether the tensors of the call's results were dumped. */
  boolean isWhole() {
    return tensors.keySet().stream().anyMatch(name -> name.startsWith("result"));
  }

  /** The tensors by the names of parameters; those of results are called {@code result…}. */
  Map<String, FileTensor> tensors() {
    return tensors;
  }

  /** The integer that was passed for a parameter, from 0 up. */
  OptionalInt integer(String parameter) {
    for (String key : metadata.object("input_metadata").names()) {
      if (parameter(key).equals(parameter)) {
        return OptionalInt.of(metadata.object("input_metadata").integer(key, 0));
      }
    }
    return OptionalInt.empty();
  }

  /** The number that was passed for a parameter; empty if it was none. */
  OptionalDouble number(String parameter) {
    JsonObject passed = metadata.object("input_metadata");
    for (String key : passed.names()) {
      if (parameter(key).equals(parameter) && passed.isNumber(key)) {
        return OptionalDouble.of(passed.number(key));
      }
    }
    return OptionalDouble.empty();
  }

  /** The file of the metadata, for messages. */
  String file() {
    return metadata.file();
  }
}
