package dev.helix.runtime.lesson;

import java.util.List;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Value;

/** The modules of the page that compute, in an engine of JavaScript without a browser. */
final class LessonScript {
  private static final String NAMES =
      "exp, log, fma, dyadic, nearest, nearestQuotient, weightOf, logOfSum, exactTerms, exactState,"
          + " exactMerge, exactOutput, MERGES, bf16, brokenLaws, owner, compareHead, bytesOf,"
          + " doublesOf, bitLength, readAddress, addressOf, startOf, readOwn, ownAddress,"
          + " needleShards, needleCounts, needleHolder, readBytes, sentBytes, farthest, takenApart,"
          + " apartInWords, SUSPECTS, LAWS";

  private final Value functions;

  private LessonScript(Value functions) {
    this.functions = functions;
  }

  /** Loads the modules, as the page has them. */
  static LessonScript load() {
    // Nothing compiles JavaScript to machine code here, and the engine need not warn of it.
    Context context =
        Context.newBuilder("js").option("engine.WarnInterpreterOnly", "false").build();
    String modules =
        ScriptModules.of(
            List.of(
                "model/reference.js",
                "model/merges.js",
                "model/laws.js",
                "model/needle.js",
                "model/bytes.js",
                "model/difference.js",
                "arithmetic/split-exponential.js",
                "view/picture.js",
                "view/state.js",
                "view/suspects-step.js"));
    return new LessonScript(
        context.eval("js", "(() => {" + modules + "\nreturn {" + NAMES + "};})()"));
  }

  Value of(String name) {
    return functions.getMember(name);
  }

  /** The value of an expression in which the names of the modules are known. */
  Value evaluated(String expression) {
    return functions
        .getContext()
        .eval("js", "(({" + NAMES + "}) => (" + expression + "))")
        .execute(functions);
  }

  double number(String name, Object... arguments) {
    return of(name).execute(arguments).asDouble();
  }
}
