// A figure's data at one of its steps, and where its cells lie. The first part of the player.

/** Of all grids' cells, each has one number: its grid's times this, and its own. */
export const FAR = 2 ** 20;

/** The role of every cell, the texts and lines that stay, and those that pass. */
export class Figure {
  constructor(data) {
    this.data = data;
    this.step = -1;
    this.applied = 0; // how many steps were gone through, to see that few are
    for (const grid of data.grids) {
      [grid.rows, grid.columns] = grid.shape.length === 2 ? grid.shape : [1, grid.shape[0]];
      grid.start = Uint16Array.from(grid.roles.flatMap(([role, count]) => Array(count).fill(role)));
    }
    this.#looks = new Map();
    this.#every = Math.max(16, Math.ceil(Math.sqrt(data.steps.length)));
    this.#snapshots = [data.grids.map((grid) => grid.start)];
    this.#at = -1;
    this.#lasting = this.#snapshots[0].map((roles) => roles.slice());
    this.kept = { t: data.rest.filter(([kind]) => kind === "t"), l: data.rest.filter(([kind]) => kind === "l") };
    const counts = { t: this.kept.t.length, l: this.kept.l.length };
    this.#counts = data.steps.map(([, , lasting]) => {
      for (const item of lasting) {
        if (item[0] === "p") continue;
        this.kept[item[0]].push(item);
        counts[item[0]] += 1;
      }
      return { ...counts };
    });
  }

  #looks;
  #every;
  #snapshots; // the roles before step 0, `every`, 2·`every` …
  #lasting;
  #at;
  #counts;

  get last() {
    return this.data.steps.length - 1;
  }

  /** How many of the kept texts and lines are there by now. */
  get counts() {
    return this.#counts[this.step];
  }

  /** Go to a step, from the last snapshot before it or from where it is. */
  show(step) {
    const near = Math.min(Math.floor(step / this.#every), this.#snapshots.length - 1);
    if (step < this.#at || near * this.#every > this.#at + 1) {
      this.#at = near * this.#every - 1;
      this.#lasting = this.#snapshots[near].map((roles) => roles.slice());
    }
    while (this.#at < step) {
      this.#at += 1;
      if (this.#at === this.#snapshots.length * this.#every) this.#snapshots.push(this.#lasting.map((roles) => roles.slice()));
      for (const item of this.data.steps[this.#at][2]) if (item[0] === "p") paint(this.#lasting[item[1]], item);
      this.applied += 1;
    }
    this.step = step;
    this.shown = this.#lasting.map((roles) => roles.slice());
    this.passing = { t: [], l: [] };
    for (const item of this.data.steps[step][3]) {
      if (item[0] === "p") paint(this.shown[item[1]], item);
      else this.passing[item[0]].push(item);
    }
  }

  /** How a cell is shown: its role's colours, in its shade where it has one. */
  look(grid, cell) {
    const number = this.shown[grid][cell];
    const shade = this.data.grids[grid].shades?.[cell] ?? -1;
    const key = number * 257 + shade;
    if (!this.#looks.has(key)) {
      const role = this.data.roles[number];
      const look = { line: "s", o: this.data.outline, ...role, ...(shade >= 0 && role.shades ? role.shades[shade] : {}) };
      look.darkness = [1, 3, 5].reduce((sum, at) => sum + parseInt(look.o.slice(at, at + 2), 16), look.line === "s" ? 0 : 1000);
      this.#looks.set(key, look);
    }
    return this.#looks.get(key);
  }
}

function paint(roles, [, , runs, role]) {
  for (let at = 0; at < runs.length; at += 2) roles.fill(role, runs[at], runs[at] + runs[at + 1]);
}

export function* cellsOf(runs) {
  for (let at = 0; at < runs.length; at += 2) for (let cell = runs[at]; cell < runs[at] + runs[at + 1]; cell += 1) yield cell;
}

export function corner(grid, row, column) {
  return [
    grid.origin[0] + column * grid.across[0] + row * grid.down[0],
    grid.origin[1] + column * grid.across[1] + row * grid.down[1],
  ];
}

/** Where a point lies on a grid, in rows and columns. */
export function placeOn({ origin, across, down }, x, y) {
  const area = across[0] * down[1] - across[1] * down[0];
  const [dx, dy] = [x - origin[0], y - origin[1]];
  return [(across[0] * dy - across[1] * dx) / area, (dx * down[1] - dy * down[0]) / area];
}

/** A text of the player's own, in the language of a figure. */
export function say(data, template, values = {}) {
  return (data?.words?.[template] ?? template).replace(/\{(\w+)\}/g, (_, name) => values[name]);
}
