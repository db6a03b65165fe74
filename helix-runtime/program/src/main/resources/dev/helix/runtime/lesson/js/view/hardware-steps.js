// Steps 9 and 10: what is exchanged, what the ranks do next, what hides what, and when it pays.
import { HEADS, KV_HEADS, LAYERS, readBytes, sentBytes, STATE_BYTES } from "../model/bytes.js";
import { KVPS } from "./state.js";
import { button, choice, decimal, el, filled, table, thousands } from "./dom.js";
import { figure, saving, shutFigure, tableFigure } from "./figure.js";

const TPAS = [1, 2, 4, 8];
const CONTEXTS = [100000, 1000000, 2000000];
const SENTENCES = { attention: "asAttention", ffn: "asFfn", experts: "asExperts" };

/** How many columns of the FFN stand in one row, so that 64 fit a narrow window. */
const ROW = 8;

function widthsOf({ chosen, local }) {
  return { kvp: chosen.kvp, tpa: local.tpa ?? 8 };
}

/** The KV heads of a rank of TPA, in words. */
function keyHeads(rank, tpa) {
  const each = KV_HEADS / tpa;
  return each === 1 ? String(rank) : `${rank * each}–${rank * each + each - 1}`;
}

const listed = (length, each) => Array.from({ length }, (unused, i) => each(i));

/** Rows and columns in which the ranks stand in a phase, and the rank of each place. */
function arranged(phase, { kvp, tpa }) {
  const ranks = kvp * tpa;
  if (phase === "attention") {
    return { across: "TPA", rows: listed(kvp, (k) => ({ name: `KVP ${k}`, ranks: listed(tpa, (t) => t * kvp + k) })) };
  }
  if (phase === "experts") {
    return { across: "TPF", rows: listed(kvp, (e) => ({ name: `EP ${e}`, ranks: listed(tpa, (t) => e * tpa + t) })) };
  }
  const width = Math.min(ranks, ROW);
  return { across: "", rows: listed(ranks / width, (row) => ({
    name: width === 1 ? "TPF 0" : `TPF ${row * width}–${(row + 1) * width - 1}`, ranks: listed(width, (i) => row * width + i) })) };
}

/** The ranks as the grid that they form in a phase, each in the colour of its shard. */
function grid({ words, act }, phase, layout, seen) {
  const { across, rows } = arranged(phase, layout);
  const names = {
    attention: (r) => `KVP ${r % layout.kvp}, TPA ${Math.floor(r / layout.kvp)}`,
    ffn: (r) => `TPF ${r}`,
    experts: (r) => `TPF ${r % layout.tpa}, EP ${Math.floor(r / layout.tpa)}`,
  };
  const columns = rows[0].ranks.length;
  return el("table", { class: "ranks", "aria-label": words.play[phase] },
    across === "" ? null : el("thead", {},
      el("tr", {}, el("td", {}), el("th", { scope: "colgroup", colspan: columns }, across)),
      el("tr", {}, el("td", {}), listed(columns, (i) => el("th", { scope: "col" }, String(i))))),
    el("tbody", {}, rows.map((row) => el("tr", {}, el("th", { scope: "row" }, row.name),
      row.ranks.map((r) => el("td", {}, button("rank" + r, String(r), () => act.local("rank", r),
        { "aria-pressed": seen === r, "aria-label": `${words.rank} ${r}: ${names[phase](r)}`, class: "r" + r % layout.kvp })))))));
}

/** What a rank keeps in a phase. */
function placeOf(words, phase, rank, { kvp, tpa }) {
  const ranks = kvp * tpa;
  const facts = { rank, ranks, tpa, kvp: rank % kvp, keys: keyHeads(Math.floor(rank / kvp), tpa), heads: HEADS / ranks,
    tpf: rank % tpa, tpfs: tpa, ep: Math.floor(rank / tpa), eps: kvp };
  const said = (name, several) => filled(words.play[name][several ? 1 : 0], facts);
  return filled(words.play[SENTENCES[phase]], { ...facts, shares: said("shares", kvp > 1), keyHeads: said("keyHeads", tpa < KV_HEADS),
    after: said("after", kvp > 1) });
}

/** Sentences of step 9, which speak of one rank, head or part in another way than of several. */
function sayings({ words }, { kvp, tpa }) {
  const ranks = kvp * tpa;
  const keys = KV_HEADS / tpa;
  const sent = sentBytes(kvp, tpa);
  const numbers = { kvp, tpa, ranks, keys, heads: HEADS / tpa, state: STATE_BYTES, less: kvp - 1,
    sent: thousands(sent, words), sentAll: thousands(ranks * LAYERS * sent, words),
    one: thousands(readBytes(kvp, tpa, 1e6), words), readAll: thousands(ranks * LAYERS * readBytes(kvp, tpa, 1e6), words),
    ratio: ratio(kvp, tpa, 1e6, words) };
  const said = (name, several) => filled(words.play[name][several ? 1 : 0], numbers);
  return { ...numbers, part: said("part", kvp > 1), each: said("each", keys > 1), exchange: said("exchange", kvp > 1),
    because: said("because", kvp > 1), sends: said("sends", kvp > 1), sums: said("sums", kvp > 1) };
}

/** Bytes of the cache that are read for each byte that is sent. */
function ratio(kvp, tpa, tokens, words) {
  return kvp === 1 ? "–" : thousands(readBytes(kvp, tpa, tokens) / sentBytes(kvp, tpa), words);
}

export const EXCHANGE = {
  controls: [],
  choices: () => ({ tpa: TPAS, as: Object.keys(SENTENCES), rank: listed(KVPS[KVPS.length - 1] * KV_HEADS, (rank) => rank) }),
  fixed: ["tpa"],
  facts: (context) => sayings(context, widthsOf(context)),
  play: () => [],
  picture: (context) => {
    const { words, local, act, open } = context;
    const layout = widthsOf(context);
    const { kvp, tpa } = layout;
    const ranks = kvp * tpa;
    const as = local.as ?? "attention";
    const rank = Math.min(local.rank ?? 0, ranks - 1);
    return [
      el("div", { class: "controls", role: "group", "aria-label": words.controls },
        choice("kvp", "KVP", KVPS.map((n) => [n, n]), kvp, (v) => act.choose("kvp", Number(v))),
        choice("tpa", "TPA", TPAS.map((n) => [n, n]), tpa, (v) => act.local("tpa", Number(v)))),
      el("div", { class: "row" }, Object.keys(SENTENCES).map((one) =>
        button(one, words.play[one], () => act.local("as", one), { "aria-pressed": as === one }))),
      figure("grid", filled(words.play.grids[as], { ranks, kvp, tpa }), words, grid(context, as, layout, rank)),
      el("p", { "aria-live": "polite" }, placeOf(words, as, rank, layout)),
      el("p", { class: "hint" }, words.play.grown),
      tableFigure("bytes", filled(words.play.bytes, layout), words, [words.play.context, words.play.read, words.play.sent, words.play.ratio],
        CONTEXTS.map((s) => [thousands(s, words), thousands(readBytes(kvp, tpa, s), words),
          ...(open ? [thousands(sentBytes(kvp, tpa), words), ratio(kvp, tpa, s, words)] : ["?", "?"])])),
      kvp === 1 ? null : el("p", { class: "hint" }, words.play.averaged),
    ];
  },
};

/** How the names of drawings end, by the class of the windows that they are made for. */
const WIDTHS = { "wide-window": "", "narrow-window": "-narrow" };

/** A drawing that Java has made for wide and for narrow windows, with buttons that save it as it is. */
function drawing({ words, data, chosen }, name, title) {
  return Object.entries(WIDTHS).map(([window, suffix]) => {
    const own = name + suffix;
    const svg = data.charts[chosen.lang][own];
    const scroll = el("div", { id: "drawing-" + own, class: "drawing", tabindex: "0", role: "region", "aria-label": title });
    scroll.innerHTML = svg;
    return el("figure", { class: "figure drawn " + window, id: "figure-" + own }, scroll, saving(own, title, words, () => svg));
  });
}

/** Where Helix does not win. @param {Object<string, number[]>} unbeaten tokens for a user by line */
function rivals(words, unbeaten) {
  const list = (all) => [all.slice(0, -1).join(", "), all[all.length - 1]].filter((part) => part !== "").join(words.play.and);
  const named = Object.entries(unbeaten).filter(([, users]) => users.length > 0)
    .map(([line, users]) => filled(words.play.rival, { line: words.charts[line], users: list(users.map(String)) }));
  return named.length === 0 ? words.play.noRival : filled(words.play.unbeaten, { rivals: list(named) });
}

/** The marks of a chart as tables, for who has no pointer that could rest on them. */
function layouts({ words, data }, plane) {
  const { charts, play } = words;
  const titles = new Map(["off", "idealised", "perPiece"].map((name) => [name, filled(charts.timeline, { name: charts[name] })]));
  const marks = Object.entries(data.charted[plane]).map(([line, points]) => {
    const region = table(titles.get(line) ?? charts[line], [play.layout, play.perUser, play.perGpu],
      points.map(({ layout, perUser, perGpu }) => [layout, decimal(perUser.toFixed(1)), decimal(perGpu.toFixed(2))]));
    region.id = "layouts-" + line;
    return region;
  });
  return el("details", { id: "layouts" }, el("summary", {}, play.layouts), el("p", {}, play.marks), marks);
}

export const HIDING = {
  controls: [],
  choices: (data) => ({ model: Object.keys(data.models), context: data.contexts }),
  facts: ({ data, words }) => {
    const facts = { batches: data.batches.join(", "), gpus: data.gpus };
    for (const [name, micros] of Object.entries(data.times)) {
      facts[name] = micros < 1000 ? decimal(micros.toFixed(data.digits)) : thousands(micros, words);
    }
    return facts;
  },
  play: () => [],
  picture: (context) => {
    const { words, local, act, data, open } = context;
    if (!open) {
      return [...drawing(context, "hop-b-off", words.charts.layer), shutFigure("pareto", words.play.pareto, words)];
    }
    const model = local.model ?? Object.keys(data.models)[0];
    const tokens = local.context ?? data.contexts[data.contexts.length - 1];
    const plane = `pareto-${model}-${tokens}`;
    return [
      ...drawing(context, "hop-b", words.charts.layer),
      el("p", { class: "hint" }, words.play.rows),
      el("h3", {}, words.play.pareto),
      el("div", { class: "controls", role: "group", "aria-label": words.play.pareto },
        choice("model", words.play.model, Object.entries(data.models), model, (v) => act.local("model", v)),
        choice("context", words.play.context, data.contexts.map((t) => [t, thousands(t, words)]), tokens, (v) => act.local("context", Number(v)))),
      ...drawing(context, plane, words.play.pareto),
      layouts(context, plane),
      el("p", { class: "hint" }, rivals(words, data.unbeaten[plane])),
      el("p", { class: "hint" }, filled(data.gains[plane].gaining === 0 ? words.play.noGain : words.play.gains, data.gains[plane])),
    ];
  },
};
