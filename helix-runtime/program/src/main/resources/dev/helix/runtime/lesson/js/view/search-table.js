// What shipped faults did to the texts of stories: the kept table of a search, and its examples.
import { button, el, filled, table } from "./dom.js";
import { lettered } from "./said.js";

/** Faults that change numbers and no text first, then those that show, then those that cannot act. */
function ordered(rows) {
  const place = (row) => (row.verified ? 2 : changes(row) === 0 ? 0 : 1);
  return [0, 1, 2].flatMap((at) => rows.filter((row) => place(row) === at));
}

function changes({ roundRobin, contiguous }) {
  return roundRobin.other + roundRobin.stopped + contiguous.other + contiguous.stopped;
}

function exampleOf({ roundRobin, contiguous }) {
  return roundRobin.example ?? contiguous.example;
}

/** Options of the command line that the page has too; on one shard the length of a run says nothing. */
function layoutOf(example) {
  const number = (name, absent) => Number(new RegExp(`--${name} (\\d+)`).exec(example.layout)?.[1] ?? absent);
  return { kvp: number("kvp", 1), run: number("run-length", 16) };
}

function commandOf({ fault }, example) {
  const format = fault.kv === "fp64" ? "" : ` --kv ${fault.kv}`;
  return `java -jar helix.jar decode ${example.layout}${format} --max-new 5 --fault ${fault.key} --prompt "${example.story}"`;
}

/** A fault's name: that of the merge everywhere on the page, if it is one. @param {Map<string, string>} letters */
function nameOf({ fault }, words, letters) {
  return lettered(letters, fault.key, words.merges[fault.key] ?? fault.name);
}

function exampleCell(row, i, { words, act }, letters) {
  const example = exampleOf(row);
  if (!example) {
    return changes(row) > 0 ? words.play.stops : "–";
  }
  const told = { ...layoutOf(example), story: example.story, m: "right", moved: new Map() };
  return [filled(words.play.becomes, example), " ", button("tell" + i, words.play.tell, () => {
    act.local("told", row.fault.key);
    act.show(told);
  }, { "aria-label": `${words.play.tell}: ${nameOf(row, words, letters)}` })];
}

/** What the example does that the page tells now, until the learner tells something else. */
function told(rows, { words, local, chosen }, letters) {
  const row = rows.find(({ fault }) => fault.key === local.told);
  const example = row && exampleOf(row);
  if (!example || example.story !== chosen.story) {
    return null;
  }
  return el("div", { role: "status" },
    el("p", {}, filled(words.play.told, { ...example, ...layoutOf(example), fault: nameOf(row, words, letters), at: example.newToken + 1 })),
    el("pre", { tabindex: "0" }, commandOf(row, example)));
}

/** The table, folded away until it is asked for. @param {Map<string, string>} letters of the merges that have one */
export function searchTable(context, letters) {
  const { words, data } = context;
  const rows = ordered(data.faults.rows);
  return el("details", { id: "search" }, el("summary", {}, words.play.search),
    told(rows, context, letters),
    table(words.play.search, [words.play.fault, filled(words.play.changes, { runs: rows[0].roundRobin.runs + rows[0].contiguous.runs }), words.play.example, words.play.broken],
      rows.map((row, i) => [nameOf(row, words, letters),
        row.verified ? words.play.idle : String(changes(row)),
        exampleCell(row, i, context, letters), row.laws.join(", ")])));
}
