// Which cells lead to which, read from what the steps of a figure paint: that is the record, drawn.

import { FAR, cellsOf, corner, say } from "./player_figure.js";

const OF_CHANNELS = {
  input: "input channel {number}", output: "output channel {number}", kernel: "kernel of channel {number}",
  "kernel's gradient": "kernel's gradient, plane {number}", "output's gradient": "output's gradient, plane {number}",
  "input's gradient": "input's gradient, plane {number}",
};
const READ = ["canvas", "input"];
const USED_BY = ["{cell} is used by no output", "{cell} is used by {count} output", "{cell} is used by {count} outputs"];
const USED_IN = [
  "{cell} is used by no cell of the {made}", "{cell} is used by {count} cell of the {made}", "{cell} is used by {count} cells of the {made}",
];

/** A part is one side of one step (of a comparison, else all of it), or a panel at rest: its taps, and the cells they make. */
export class Relations {
  constructor(figure) {
    const { data } = (this.figure = figure);
    this.laid = data.laid ?? [];
    this.kernels = new Set(this.laid.flat().map(([grid]) => grid));
    this.grids = data.grids.map((grid) => {
      const [, side = "", name, number = ""] = /^(?:(\d+)\.)?(.*?)(?:\s(\d+))?$/.exec(grid.name);
      const at = [...new Set(grid.start)].map((role) => data.roles[role]);
      const isPanel = at.some(({ is, tap, made }) => made || (tap && is !== "kernel"));
      return { side, name, number, isPanel, makes: at.some(({ made }) => made) };
    });
    this.grids.forEach((grid) => { // the panels show the same cells again and again: the first one's stand for all
      grid.first = grid.isPanel ? this.grids.findIndex(({ side, name }) => side === grid.side && name === grid.name) : this.grids.indexOf(grid);
    });
    const lit = data.steps.map(([, , , passing]) => passing.filter(([kind]) => kind === "p").map(([, grid, runs, role]) => [grid, runs, data.roles[role]]));
    for (const [grid, , role] of lit.flat()) if (role.made) this.grids[grid].makes = true;
    this.users = new Map();
    this.makers = new Map();
    this.weights = new Map(); // the same for the weights that lie in a kernel's cells, now in these and now in others
    lit.forEach((paints, step) => {
      for (const side of new Set(paints.map(([grid]) => this.grids[grid].side))) {
        this.#add(step, side, paints.filter(([grid]) => this.grids[grid].side === side));
      }
    });
    for (const panel of new Set(this.grids.filter(({ isPanel }) => isPanel).map(({ side, number }) => `${side} ${number}`))) {
      const inside = data.grids.flatMap((grid, at) => {
        const { isPanel, side, number } = this.grids[at];
        return isPanel && `${side} ${number}` === panel ? [...grid.start].map((role, cell) => [at, [cell, 1], data.roles[role]]) : [];
      });
      this.#add(0, panel.split(" ")[0], inside);
    }
    this.used = new Set([...this.users.keys(), ...this.makers.keys()].map((key) => Math.floor(key / FAR)));
  }

  #add(step, side, paints) {
    const part = { step, side, taps: [], made: [] };
    const lit = new Map();
    for (const [grid, runs, role] of paints) {
      if ((!role.made && !role.tap) || this.kernels.has(grid)) continue;
      if (!lit.has(grid)) lit.set(grid, []);
      for (const cell of cellsOf(runs)) {
        lit.get(grid).push(cell);
        if (role.made) part.made.push(grid * FAR + cell);
        else if (!this.grids[grid].makes) part.taps.push([grid * FAR + cell, null]); // else it lies in the padding of an output
      }
    }
    for (const [key, { grid, weight, at, count }] of this.#held(step)) {
      if (this.grids[grid].side !== side) continue;
      const stamp = [...lit].find(([made, cells]) => this.grids[made].makes && cells.length === count); // a cell for each weight
      const only = stamp ? stamp[0] * FAR + stamp[1].sort((one, other) => one - other)[at] : null;
      part.taps.push([key, only]);
      note(this.weights, weight, [part, only]);
    }
    for (const [key, only] of part.taps) if (!this.kernels.has(Math.floor(key / FAR))) note(this.users, this.same(key), [part, only]);
    for (const key of part.made) note(this.makers, this.same(key), part);
  }

  /** The weights that lie in kernels' cells at a step, by these cells' numbers. */
  #held(step) {
    const held = new Map();
    for (const [grid, runs, places, plane, filter] of this.laid[this.figure.data.steps[step][4]] ?? []) {
      [...cellsOf(runs)].forEach((cell, at) => {
        const weight = `${this.grids[grid].side} ${plane} ${places[at]}`;
        held.set(grid * FAR + cell, { grid, at, place: places[at], filter, weight, count: places.length });
      });
    }
    return held;
  }

  /** The weight that a kernel's cell holds in the picture that is shown. */
  #weight(grid, cell) {
    const { step } = this.figure;
    if (this.now?.step !== step) this.now = { step, held: this.#held(step) };
    return this.now.held.get(grid * FAR + cell);
  }

  /** The number that a cell has in all panels. */
  same(key) {
    return this.grids[Math.floor(key / FAR)].first * FAR + (key % FAR);
  }

  /** Whether a cell is of a kernel, and holds no weight in the picture that is shown. */
  isEmpty(grid, cell) {
    return this.kernels.has(grid) && !this.#weight(grid, cell);
  }

  /** Whether a cell can be pointed at: those of its grid take part in some step, and a kernel's now. */
  isUsed(grid, cell) {
    return this.kernels.has(grid) ? !this.isEmpty(grid, cell) : this.used.has(this.grids[grid].first);
  }

  /** A cell to begin with: one that a step makes. */
  start(step) {
    const part = [...this.makers.values()].flat().find((each) => each.step === step) ?? [...this.makers.values()][0]?.[0];
    return part ? [Math.floor(part.made[0] / FAR), part.made[0] % FAR] : null;
  }

  /** The nearest cell of another grid, seen from a cell in a direction. */
  beyond(grid, cell, down, right) {
    const { grids } = this.figure.data;
    const middle = (at, one) => corner(grids[at], Math.floor(one / grids[at].columns) + 0.5, (one % grids[at].columns) + 0.5);
    const [x, y] = middle(grid, cell);
    let best = null;
    let least = Infinity;
    grids.forEach((other, at) => {
      if (at === grid) return;
      for (let one = 0; one < other.start.length; one += 1) {
        if (!this.isUsed(at, one)) continue;
        const [dx, dy] = middle(at, one).map((value, axis) => value - [x, y][axis]);
        const ahead = dx * right + dy * down;
        const far = ahead + 2 * Math.abs(dx * down + dy * right);
        if (ahead > 0 && far < least) [best, least] = [[at, one], far];
      }
    });
    return best;
  }

  /** What a cell leads to: the cells to mark, the step whose picture explains it (null: the one shown), and how that is said. */
  of(grid, cell) {
    const key = grid * FAR + cell;
    const marks = new Set([key]);
    const own = this.same(key);
    if (this.grids[grid].makes) {
      const parts = this.makers.get(own) ?? [];
      const taps = parts.map((part) => part.taps.filter(([, only]) => only === null || this.same(only) === own).map(([tap]) => tap));
      taps.flat().forEach((tap) => marks.add(tap));
      const areAlike = taps.every((some) => some.join() === taps[0].join());
      const part = areAlike ? parts.find(({ step }) => step === this.figure.step) ?? parts[0] : parts.at(-1);
      for (const each of parts) for (const made of each.made) if (this.same(made) === own) marks.add(made);
      return { marks, picture: part ? part.step : null, said: this.#made(grid, cell, part, areAlike, new Set(taps.flat())) };
    }
    const held = this.#weight(grid, cell);
    const users = (held ? this.weights.get(held.weight) : this.users.get(own)) ?? [];
    const made = new Set();
    for (const [part, only] of users) for (const result of part.made) if (only === null || result === only) made.add(result);
    made.forEach((result) => marks.add(result));
    if (!held) for (const [{ taps }] of users) for (const [tap] of taps) if (this.same(tap) === own) marks.add(tap); // in each panel
    const counted = new Set([...made].map((result) => this.same(result)).filter((result) => this.grids[Math.floor(result / FAR)].name !== "y"));
    const called = this.#called(grid, ({ name }) => name === "output");
    const template = (called ? USED_IN : USED_BY)[Math.min(counted.size, 2)];
    const isOne = users.length && users.every(([{ step }]) => step === users[0][0].step);
    const picture = held ? this.figure.step : isOne ? users[0][0].step : null;
    const said = this.say(template, { cell: this.name(grid, cell), count: counted.size, made: called && this.say(called) });
    return { marks, picture, said };
  }

  /** What the cells of the first such grid are called, of those on the side of another, where that is not its name. */
  #called(grid, isSuch) {
    const at = this.grids.findIndex((other) => other.side === this.grids[grid].side && isSuch(other));
    return this.figure.data.grids[at]?.said;
  }

  #made(grid, cell, part, isWhole, taps) {
    const name = this.name(grid, cell);
    if (!part) return this.say("{cell}: no step makes it", { cell: name });
    const sum = isWhole ? this.#sum(part) : "";
    if (sum) return /[=≈]/.test(sum) ? `${name} = ${sum}` : this.say("{cell}: {made}", { cell: name, made: sum });
    const kinds = [...taps].map((tap) => [Math.floor(tap / FAR), tap % FAR])
      .filter(([at]) => READ.includes(this.grids[at].name)).map(([at, one]) => this.#kind(at, one));
    const read = this.say(this.#called(grid, (other) => READ.includes(other.name)) ?? "input");
    const counted = (kind, singular, plural) => {
      const count = kinds.filter((each) => each === kind).length;
      return count || !kind ? [this.say(count === 1 ? singular : plural, { count, name: read })] : [];
    };
    const parts = [
      ...counted("", "{count} cell of the {name}", "{count} cells of the {name}"),
      ...counted("zero", "{count} inserted zero", "{count} inserted zeros"),
      ...counted("padding", "{count} of padding", "{count} of padding"),
    ];
    return this.say("{cell}: {made}", { cell: name, made: parts.join(this.say(", ")) });
  }

  /** The sum of a part in the figure's own words: as it is written below, or of what stands in the cells. */
  #sum({ step, side, taps, made }) {
    const { data } = this.figure;
    const lines = [];
    const texts = new Map();
    let here = "";
    for (const item of [...data.rest, ...data.steps.slice(0, step + 1).flatMap(([, , lasting]) => lasting), ...data.steps[step][3]]) {
      if (item[0] === "p") here = this.grids[item[1]].side;
      if (item[0] !== "t") continue;
      if (here === side && item[7].includes("s")) lines.push(item[3]);
      const [grid, cell] = item[8] ?? [-1];
      if (grid >= 0) texts.set(2 * (grid * FAR + cell) + item[4], item[3]);
    }
    if (lines.length) return lines.join(" ");
    const held = (text) => (text.startsWith("−") ? `(${text})` : text);
    const noted = taps.map(([tap]) => tap).filter((tap) => texts.has(2 * tap + 1)).sort((one, other) => one - other);
    const terms = noted.map((tap) => `${held(texts.get(2 * tap) ?? "0")}·${held(texts.get(2 * tap + 1).slice(1))}`);
    const result = texts.get(2 * made[0]);
    if (!terms.length || result === undefined || made.length > 1) return "";
    return `${terms.join(" + ")} ${[...terms, result].some((term) => /[./e]/.test(term)) ? "≈" : "="} ${result}`;
  }

  #kind(grid, cell) {
    const { is = "" } = this.figure.data.roles[this.figure.data.grids[grid].start[cell]];
    return is === "padding" || is === "zero" ? is : "";
  }

  /** A cell in words, counted from 0: of a canvas, the cell of the input that lies there; of a kernel, the weight. */
  name(grid, cell) {
    const { name, number, isPanel } = this.grids[grid];
    const { columns, rows, shape, said } = this.figure.data.grids[grid];
    const { place = cell, filter } = this.#weight(grid, cell) ?? {};
    const isHole = (at) => !this.kernels.has(grid)
      && (this.#kind(grid, at) === "padding" || (this.#kind(grid, at) === "zero" && !this.grids[grid].makes));
    let [row, column] = [Math.floor(place / columns), place % columns];
    let kind = said ?? { canvas: "input", given: "kernel", layer: "layer {number}" }[name] ?? name;
    if (number && !isPanel) kind = filter && !said ? "kernel of channel {number}, filter {filter}" : OF_CHANNELS[kind] ?? kind;
    if (isHole(cell)) kind = this.#kind(grid, cell) === "zero" ? "inserted zero" : "padding";
    else { // counted without the rows and columns that hold nothing
      const upTo = (end) => [...Array(end).keys()];
      row -= upTo(row).filter((r) => upTo(columns).every((c) => isHole(r * columns + c))).length;
      column -= upTo(column).filter((c) => upTo(rows).every((r) => isHole(r * columns + c))).length;
    }
    return this.say("{name} ({place})", { name: this.say(kind, { number: (said && filter) || number, filter }), place: shape.length === 1 || name === "x" ? column : name === "y" ? row : `${row}, ${column}` });
  }

  say(template, values = {}) {
    return say(this.figure.data, template, values);
  }
}

function note(map, key, what) {
  if (!map.has(key)) map.set(key, []);
  map.get(key).push(what);
}
