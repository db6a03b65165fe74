package dev.helix.tensor.io.foreign;

import dev.helix.tensor.InvalidInputException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of a NumPy array, {@code {'descr': '<f4', 'fortran_order': False, 'shape': (3, 4), }}.
 * It is read as the three fields that it has and not as Python.
 *
 * @param descr the type of the elements; that of an array with fields is the text of its list
 * @param shape sizes from the outermost axis on
 */
record PythonHeader(String descr, boolean fortranOrder, List<Long> shape) {
  private static final int MAX_AXES = 64;
  private static final Pattern KEY = Pattern.compile("\\s*'(\\w{1,20})'\\s*:\\s*");
  private static final Pattern TEXT = Pattern.compile("'([^'\\\\]{0,60})'");
  private static final Pattern TRUTH = Pattern.compile("True|False");
  private static final Pattern TUPLE = Pattern.compile("\\(([0-9L,\\s]{0,2000})\\)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,19})L?");
  private static final Pattern COMMA = Pattern.compile("\\s*,\\s*");
  private static final Pattern END = Pattern.compile("\\s*\\}\\s*");
  private static final Set<String> FIELDS = Set.of("descr", "fortran_order", "shape");

  PythonHeader {
    shape = List.copyOf(shape);
  }

  /** Makes the exception for what was expected and what came. */
  interface Refusal {
    InvalidInputException of(String expected, String came);
  }

  static PythonHeader parse(Refusal refusal, String text) {
    return new Parser(refusal, text).header();
  }

  private static final class Parser {
    private final Refusal refusal;
    private final String text;
    private int at;
    private String descr = "";
    private boolean fortran;
    private List<Long> shape = List.of();

    Parser(Refusal refusal, String text) {
      this.refusal = refusal;
      this.text = text;
    }

    PythonHeader header() {
      if (!text.startsWith("{")) {
        throw expected("a dictionary that begins with {");
      }
      at = 1;
      Set<String> seen = new HashSet<>();
      while (true) {
        Matcher end = matcher(END);
        if (end.lookingAt()) {
          at = end.end();
          break;
        }
        String key = next(KEY, "the name of a field").group(1);
        if (!seen.add(key)) {
          throw expected("the field %s once".formatted(key));
        }
        field(key);
        Matcher comma = matcher(COMMA);
        if (comma.lookingAt()) {
          at = comma.end();
        } else if (!matcher(END).lookingAt()) {
          throw expected("a comma or the end of the dictionary");
        }
      }
      if (at != text.length() || !seen.equals(FIELDS)) {
        throw expected("descr, fortran_order and shape, and then the end");
      }
      return new PythonHeader(descr, fortran, shape);
    }

    private void field(String key) {
      switch (key) {
        case "descr" -> {
          if (text.startsWith("[", at)) {
            throw refusal.of("elements that are plain numbers", "an array with fields");
          }
          descr = next(TEXT, "the type as text").group(1);
        }
        case "fortran_order" -> fortran = next(TRUTH, "True or False").group().equals("True");
        case "shape" -> shape = sizes(next(TUPLE, "a tuple of sizes").group(1));
        default -> throw expected("no field but descr, fortran_order and shape");
      }
    }

    private List<Long> sizes(String items) {
      List<Long> sizes = new ArrayList<>();
      for (String item : items.split(",", -1)) {
        String size = item.strip();
        Matcher digits = SIZE.matcher(size);
        if (!size.isEmpty() && (!digits.matches() || sizes.size() == MAX_AXES)) {
          throw refusal.of(
              "at most %d sizes with commas between them".formatted(MAX_AXES), shown(size));
        }
        if (!size.isEmpty()) {
          sizes.add(size(digits.group(1)));
        }
      }
      return sizes;
    }

    private long size(String digits) {
      try {
        return Long.parseLong(digits);
      } catch (NumberFormatException e) {
        throw refusal.of("sizes below 2^63", digits);
      }
    }

    private Matcher next(Pattern pattern, String what) {
      Matcher matcher = matcher(pattern);
      if (!matcher.lookingAt()) {
        throw expected(what);
      }
      at = matcher.end();
      return matcher;
    }

    private Matcher matcher(Pattern pattern) {
      return pattern.matcher(text).region(at, text.length());
    }

    private InvalidInputException expected(String what) {
      String rest = shown(text.substring(at));
      return refusal.of(what + " at character " + at, rest.isEmpty() ? "nothing" : rest);
    }

    private static String shown(String found) {
      return found.substring(0, Math.min(found.length(), 20)).replaceAll("[^\\x20-\\x7e]", "?");
    }
  }
}
