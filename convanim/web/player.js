// <conv-anim>: a figure drawn on a canvas, with a player bar, the keyboard and a text that says which step is shown.
// Its data, JSON in a script element inside it, comes from convanim: what lies where, in which colour, step by step.

const LABELS = {
  play: "Play", pause: "Pause", back: "Step back", forward: "Step forward", scrub: "Step", speed: "Speed",
};
const SPEEDS = [0.25, 0.5, 1, 2, 4];
const FACE = '"DejaVu Sans", Verdana, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif';
const STYLE = `
  :host { display: block; max-width: 100%; --bar: #1a689e; }
  :host([hidden]) { display: none; }
  canvas { display: block; max-width: 100%; margin: 0 auto; }
  .bar { display: flex; align-items: center; gap: .35rem; margin: .6rem auto 0; max-width: 34rem; font: .9rem/1.2 system-ui, sans-serif; }
  button, select { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 6px;
    min-width: 2.4rem; min-height: 2.4rem; padding: 0 .4rem; cursor: pointer; }
  button:hover, select:hover { border-color: currentColor; }
  button svg { display: block; margin: auto; width: 1.1rem; height: 1.1rem; fill: currentColor; }
  select option { color: #000; background: #fff; }
  input { flex: 1; min-width: 4rem; accent-color: var(--bar); height: 2.4rem; margin: 0; }
  output { min-width: 4.6em; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  :focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (prefers-color-scheme: dark) { :host { --bar: #6cb8ee; } }
  @media print { .bar { display: none; } }
`;
const ICONS = {
  play: "M3 1.5v13l11-6.5z",
  pause: "M3 1.5h3.6v13H3zM9.4 1.5H13v13H9.4z",
  back: "M2.5 1.5h2.2v13H2.5zM14 1.5v13L5.4 8z",
  forward: "M11.3 1.5h2.2v13h-2.2zM2 1.5v13L10.6 8z",
};

/** A figure at one of its steps: the role of every cell, the texts and lines that stay, and those that pass. */
export class Figure {
  constructor(data) {
    this.data = data;
    this.step = -1;
    for (const grid of data.grids) {
      [grid.rows, grid.columns] = grid.shape.length === 2 ? grid.shape : [1, grid.shape[0]];
      grid.start = grid.roles.flatMap(([role, count]) => Array(count).fill(role));
    }
    this.#rest();
  }

  get last() {
    return this.data.steps.length - 1;
  }

  /** Go to a step; forwards what lasts is added, backwards all is laid out anew. */
  show(step) {
    if (step < this.step) this.#rest();
    while (this.step < step) {
      this.step += 1;
      for (const item of this.data.steps[this.step][2]) this.#keep(item);
    }
    this.shown = this.lasting.map((roles) => roles.slice());
    this.items = [...this.kept];
    for (const item of this.data.steps[step][3]) {
      if (item[0] === "p") paint(this.shown[item[1]], item);
      else this.items.push(item);
    }
  }

  /** The role of a cell, as it is shown: its colours, in its shade where it has one. */
  look(grid, cell) {
    const role = this.data.roles[this.shown[grid][cell]];
    const shades = this.data.grids[grid].shades;
    const colours = shades && role.shades ? role.shades[shades[cell]] : role;
    return { ...role, ...colours };
  }

  #rest() {
    this.step = -1;
    this.lasting = this.data.grids.map((grid) => grid.start.slice());
    this.kept = [...this.data.rest];
  }

  #keep(item) {
    if (item[0] === "p") paint(this.lasting[item[1]], item);
    else this.kept.push(item);
  }
}

function paint(roles, [, , runs, role]) {
  for (let at = 0; at < runs.length; at += 2) roles.fill(role, runs[at], runs[at] + runs[at + 1]);
}

/** Draw a figure on a canvas' context, in its own units. */
export function draw(context, figure) {
  const { data } = figure;
  const [width, height] = data.size;
  context.clearRect(0, 0, width, height);
  if (data.ground) {
    context.fillStyle = data.ground;
    context.fillRect(0, 0, width, height);
  }
  data.grids.forEach((grid, number) => drawGrid(context, figure, grid, number));
  for (const item of figure.items) if (item[0] === "l") drawLine(context, figure, item);
  for (const item of figure.items) if (item[0] === "t") drawText(context, figure, item);
}

function corner(grid, row, column) {
  return [
    grid.origin[0] + column * grid.across[0] + row * grid.down[0],
    grid.origin[1] + column * grid.across[1] + row * grid.down[1],
  ];
}

function trace(path, grid, row, column, rows = 1, columns = 1) {
  path.moveTo(...corner(grid, row, column));
  path.lineTo(...corner(grid, row, column + columns));
  path.lineTo(...corner(grid, row + rows, column + columns));
  path.lineTo(...corner(grid, row + rows, column));
  path.closePath();
}

function drawGrid(context, figure, grid, number) {
  const looks = grid.start.map((_, cell) => figure.look(number, cell));
  const fills = new Map();
  looks.forEach((look, cell) => {
    if (look.bare) return;
    if (!fills.has(look.f)) fills.set(look.f, new Path2D());
    trace(fills.get(look.f), grid, Math.floor(cell / grid.columns), cell % grid.columns);
  });
  for (const [colour, path] of fills) {
    context.fillStyle = colour;
    context.fill(path);
    if (grid.stroke <= 0) { // or the ground would show between cells that only touch
      context.strokeStyle = colour;
      context.lineWidth = 0.3;
      context.stroke(path);
    }
  }
  if (grid.patterns) looks.forEach((look, cell) => drawPattern(context, grid, look, cell));
  drawBorders(context, grid, looks, figure.data.outline);
}

function drawPattern(context, grid, look, cell) {
  const pattern = look.h && grid.patterns[look.hatch];
  if (!pattern) return;
  const [row, column] = [Math.floor(cell / grid.columns), cell % grid.columns];
  const [x, y] = corner(grid, row, column);
  const area = new Path2D();
  trace(area, grid, row, column);
  context.save();
  context.clip(area);
  context.translate(x, y);
  context.strokeStyle = context.fillStyle = look.h;
  context.lineWidth = pattern.width;
  context.beginPath();
  for (const [fromX, fromY, toX, toY] of pattern.lines) {
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
  }
  context.stroke();
  for (const [dotX, dotY] of pattern.dots) {
    context.beginPath();
    context.arc(dotX, dotY, pattern.radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}

/** Between two cells lies the line of the one that shows more: solid before dashed, of two inks the darker. */
function between(one, other) {
  const drawn = [one, other].filter((look) => look && look.line);
  const darkness = (look) => [1, 3, 5].reduce((sum, at) => sum + parseInt(look.o.slice(at, at + 2), 16), 0);
  const order = (look) => (look.line === "s" ? 0 : 1000) + darkness(look);
  return drawn.length ? drawn.reduce((best, look) => (order(look) < order(best) ? look : best)) : null;
}

function drawBorders(context, grid, looks, outline) {
  if (grid.stroke <= 0) {
    const rim = new Path2D();
    trace(rim, grid, 0, 0, grid.rows, grid.columns);
    Object.assign(context, { strokeStyle: outline, lineWidth: 1 });
    context.stroke(rim);
    return;
  }
  const at = (row, column) =>
    row >= 0 && row < grid.rows && column >= 0 && column < grid.columns ? looks[row * grid.columns + column] : null;
  const paths = new Map();
  const add = (look, side, from, to) => {
    if (!look) return;
    const key = `${look.line}${side}${look.o}`;
    if (!paths.has(key)) paths.set(key, { look, side, path: new Path2D() });
    const { path } = paths.get(key);
    path.moveTo(...from);
    path.lineTo(...to);
  };
  for (let row = 0; row <= grid.rows; row += 1) {
    for (let column = 0; column <= grid.columns; column += 1) {
      const start = corner(grid, row, column);
      if (column < grid.columns) add(between(at(row - 1, column), at(row, column)), 0, start, corner(grid, row, column + 1));
      if (row < grid.rows) add(between(at(row, column - 1), at(row, column)), 1, start, corner(grid, row + 1, column));
    }
  }
  const ordered = [...paths.values()].sort((one, other) => (one.look.line < other.look.line ? -1 : 1)); // dashed ones below
  for (const { look, side, path } of ordered) {
    const isDashed = look.line === "d";
    Object.assign(context, { strokeStyle: look.o, lineWidth: grid.stroke, lineCap: isDashed ? "butt" : "square" });
    context.setLineDash(isDashed ? grid.dashes[side] : []);
    context.lineDashOffset = isDashed ? grid.dashes[side][0] / 2 : 0;
    context.stroke(path);
  }
  context.setLineDash([]);
}

function drawLine(context, figure, [, x, y, endX, endY, ink, width, behind]) {
  context.save();
  if (behind.length) {
    const [across, down] = figure.data.size;
    for (const number of behind) {
      const grid = figure.data.grids[number];
      const outside = new Path2D();
      outside.rect(0, 0, across, down);
      trace(outside, grid, 0, 0, grid.rows, grid.columns);
      context.clip(outside, "evenodd");
    }
  }
  Object.assign(context, { strokeStyle: figure.data.inks[ink], lineWidth: width, lineCap: "butt" });
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(endX, endY);
  context.stroke();
  context.restore();
}

function drawText(context, figure, [, x, y, text, ink, size, anchor, style, home]) {
  context.font = `${style.includes("i") ? "italic " : ""}${style.includes("b") ? "bold " : ""}${size}px ${FACE}`;
  context.textAlign = { l: "left", m: "center", r: "right" }[anchor];
  context.textBaseline = "alphabetic";
  if (!home) {
    context.fillStyle = figure.data.inks[ink];
    context.fillText(text, x, y);
    return;
  }
  const look = figure.look(...home);
  if (look.h && figure.data.grids[home[0]].patterns) {
    Object.assign(context, { strokeStyle: look.f, lineWidth: 2 * figure.data.halo, lineJoin: "round" });
    context.strokeText(text, x, y);
  }
  context.fillStyle = ink ? look.n : look.v;
  context.fillText(text, x, y);
}

export class ConvAnim extends HTMLElement {
  static observedAttributes = ["step"];
  #figure = null;
  #timer = 0;
  #playing = false;
  #speed = 1;
  #left = Infinity;

  connectedCallback() {
    if (this.shadowRoot) return;
    const script = this.querySelector("script[type='application/json']");
    this.#build();
    if (script) this.#figure ??= new Figure(JSON.parse(script.textContent));
    if (this.#figure) this.#dress();
    new ResizeObserver(() => this.#paint()).observe(this);
    addEventListener("resize", () => this.#paint());
    matchMedia("print").addEventListener("change", () => this.#paint());
    if (this.#figure) this.#begin();
  }

  /** The figure, as convanim writes it for players; another one keeps the step if it has so many. */
  get data() {
    return this.#figure?.data;
  }

  set data(data) {
    const before = this.#figure;
    this.#figure = new Figure(data);
    if (!this.shadowRoot) return;
    this.#dress();
    if (before) this.show(Math.min(before.step === before.last ? Infinity : before.step, this.#figure.last));
    else this.#begin();
    if (this.#playing) this.#wait();
  }

  #begin() {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const asked = Number(this.getAttribute("step"));
    this.show(asked ? asked - 1 : still || this.hasAttribute("paused") ? this.#figure.last : 0);
    if (!still && !this.hasAttribute("paused") && !asked) this.play();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
  }

  attributeChangedCallback(_name, _old, value) {
    if (this.#figure && value) this.show(Number(value) - 1);
  }

  /** The step that is shown, counted from 0, and how many there are. */
  get step() {
    return this.#figure.step;
  }

  get steps() {
    return this.#figure.last + 1;
  }

  get playing() {
    return this.#playing;
  }

  show(step) {
    const { last, data } = this.#figure;
    this.#figure.show(Math.max(0, Math.min(last, step)));
    this.#paint();
    const [number] = data.steps[this.#figure.step];
    this.#parts.scrub.value = this.#figure.step;
    this.#parts.place.textContent = `${this.#figure.step + 1} / ${last + 1}`;
    this.#parts.scrub.setAttribute("aria-valuetext", `step ${number + 1}`);
    if (!this.#playing) this.#parts.live.textContent = `Step ${this.#figure.step + 1} of ${last + 1}`;
    this.dispatchEvent(new CustomEvent("step", { detail: { step: this.#figure.step } }));
  }

  play() {
    if (this.#figure.last < 1) return;
    if (this.#figure.step === this.#figure.last && !this.#playing) this.show(0);
    if (this.#figure.step === 0 || this.#left < 1) this.#left = this.#figure.data.plays || Infinity;
    this.#playing = true;
    this.#said();
    this.#wait();
  }

  pause() {
    clearTimeout(this.#timer);
    this.#playing = false;
    this.#said();
  }

  #parts = {};

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const make = (tag, properties = {}, ...children) => {
      const element = Object.assign(document.createElement(tag), properties);
      element.append(...children);
      return element;
    };
    const canvas = make("canvas", { role: "img" });
    const button = (name, act) => {
      const element = make("button", { type: "button", ariaLabel: LABELS[name], title: LABELS[name], innerHTML: icon(name) });
      element.addEventListener("click", act);
      return element;
    };
    const scrub = make("input", { type: "range", min: 0, max: 0, step: 1, value: 0, ariaLabel: LABELS.scrub });
    scrub.addEventListener("input", () => { this.pause(); this.show(Number(scrub.value)); });
    const speeds = SPEEDS.map((speed) => make("option", { value: speed, selected: speed === 1 }, `${speed}×`));
    const speed = make("select", { ariaLabel: LABELS.speed, title: LABELS.speed }, ...speeds);
    speed.addEventListener("change", () => { this.#speed = Number(speed.value); if (this.#playing) this.#wait(); });
    const toggle = button("play", () => this.toggle());
    const place = make("output");
    const live = make("div", { className: "unseen" });
    live.setAttribute("aria-live", "polite");
    const bar = make("div", { className: "bar" },
      toggle, button("back", () => this.#go(-1)), scrub, button("forward", () => this.#go(1)), place, speed);
    this.#parts = { canvas, toggle, scrub, place, live, bar };
    root.append(make("style", { textContent: STYLE }), canvas, bar, live);
    this.tabIndex = this.hasAttribute("bare") ? -1 : 0;
    this.addEventListener("keydown", (event) => this.#key(event));
  }

  /** Give the parts what belongs to the figure. */
  #dress() {
    const { data, last } = this.#figure;
    const { canvas, scrub, bar } = this.#parts;
    canvas.ariaLabel = `${data.title}. ${data.text}`;
    scrub.max = last;
    bar.style.display = last < 1 || this.hasAttribute("bare") ? "none" : "";
  }

  toggle() {
    if (this.#playing) this.pause();
    else this.play();
  }

  #go(by) {
    this.pause();
    this.show(this.#figure.step + by);
  }

  #key(event) {
    if (!this.#figure || event.ctrlKey || event.metaKey || event.altKey || this.hasAttribute("bare")) return;
    const focused = this.shadowRoot.activeElement;
    const inControl = focused && ["BUTTON", "SELECT"].includes(focused.tagName);
    const acts = {
      " ": inControl ? null : () => this.toggle(),
      ArrowRight: () => this.#go(1),
      ArrowLeft: () => this.#go(-1),
      Home: () => { this.pause(); this.show(0); },
      End: () => { this.pause(); this.show(this.#figure.last); },
    };
    const act = focused?.tagName === "SELECT" ? null : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  #wait() {
    clearTimeout(this.#timer);
    const [, duration] = this.#figure.data.steps[this.#figure.step];
    this.#timer = setTimeout(() => {
      if (this.#figure.step < this.#figure.last) this.show(this.#figure.step + 1);
      else {
        this.#left -= 1;
        if (this.#left < 1) { this.pause(); return; }
        this.show(0);
      }
      this.#wait();
    }, duration / this.#speed);
  }

  #said() {
    const name = this.#playing ? "pause" : "play";
    Object.assign(this.#parts.toggle, { ariaLabel: LABELS[name], title: LABELS[name], innerHTML: icon(name) });
  }

  /** Draw at the size that there is room for, crisp on any density of pixels. */
  #paint() {
    const { canvas } = this.#parts;
    if (!this.#figure || this.#figure.step < 0) return;
    const { data } = this.#figure;
    const [width, height] = data.size;
    const room = this.clientWidth || width * data.scale;
    const shown = this.hasAttribute("fit") ? room : Math.min(width * data.scale, room);
    const zoom = this.clientWidth ? this.getBoundingClientRect().width / this.clientWidth : 1; // of a slide, as it is shown
    const density = (shown / width) * (window.devicePixelRatio || 1) * (zoom || 1);
    const [across, down] = [Math.round(width * density), Math.round(height * density)];
    if (canvas.width !== across || canvas.height !== down) Object.assign(canvas, { width: across, height: down });
    canvas.style.width = `${shown}px`;
    canvas.style.height = `${(shown * height) / width}px`;
    const context = canvas.getContext("2d");
    context.setTransform(across / width, 0, 0, down / height, 0, 0);
    draw(context, this.#figure);
  }
}

function icon(name) {
  return `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
}

customElements.define("conv-anim", ConvAnim);
