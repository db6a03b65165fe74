package dev.helix.runtime.cli.console;

import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;

/**
 * Spells text in a charset that lacks some of its characters: {@code x} for ×, {@code us} for µs,
 * {@code 10^-9} for a raised −9. A character without a spelling stays as it is. It then becomes the
 * charset's own replacement, mostly a question mark.
 */
final class PlainSpelling {
  private static final Map<Character, String> SPELLINGS = spellings();
  private static final String RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻";

  private final CharsetEncoder charset;

  PlainSpelling(Charset charset) {
    this.charset = charset.newEncoder();
  }

  /** The text, in which only those characters are replaced that the charset lacks. */
  String of(String text) {
    StringBuilder spelled = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char character = text.charAt(i);
      if (charset.canEncode(character) || !SPELLINGS.containsKey(character)) {
        spelled.append(character);
      } else {
        boolean goesOn = i > 0 && isRaised(character) && isRaised(text.charAt(i - 1));
        String spelling = SPELLINGS.get(character);
        spelled.append(goesOn ? spelling.substring(1) : spelling);
      }
    }
    return spelled.toString();
  }

  private static boolean isRaised(char character) {
    return RAISED.indexOf(character) >= 0;
  }

  private static Map<Character, String> spellings() {
    Map<Character, String> spellings =
        new HashMap<>(
            Map.ofEntries(
                Map.entry('×', "x"),
                Map.entry('·', "*"),
                Map.entry('±', "+-"),
                Map.entry('−', "-"),
                Map.entry('–', "-"),
                Map.entry('≤', "<="),
                Map.entry('≥', ">="),
                Map.entry('→', "->"),
                Map.entry('↔', "<->"),
                Map.entry('…', "..."),
                Map.entry('∞', "inf"),
                Map.entry('√', "sqrt "),
                Map.entry('§', "section "),
                Map.entry('✗', "x"),
                Map.entry('µ', "u"),
                Map.entry('Σ', "sum"),
                Map.entry('θ', "theta"),
                Map.entry('∅', "{}"),
                Map.entry('⊕', "(+)"),
                Map.entry('ᵀ', "^T"),
                Map.entry('ᵢ', "_i")));
    for (int i = 0; i < RAISED.length(); i++) {
      spellings.put(RAISED.charAt(i), "^" + plain(RAISED.charAt(i)));
    }
    for (char lowered = '₀'; lowered <= '₉'; lowered++) {
      spellings.put(lowered, plain(lowered));
    }
    return Map.copyOf(spellings);
  }

  private static String plain(char character) {
    String digit = Normalizer.normalize(String.valueOf(character), Normalizer.Form.NFKC);
    return digit.equals("−") ? "-" : digit;
  }
}
