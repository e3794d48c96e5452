// <conv-anim>: a figure drawn on a canvas, with a player bar, the keyboard and a text that says which step is shown.
// Its data, JSON in a script element inside it or given to its property `data`, comes from convanim: what lies where, in
// which colour, step by step. A cell that is pointed at, or reached with the keyboard, shows which cells it leads to.
//
// It stands in four files, which `formats/html.py` joins to one: this one is the element.

import { FAR, Figure, placeOn, say } from "./player_figure.js";
import { Painter } from "./player_painter.js";
import { Relations } from "./player_relations.js";

const SPEEDS = [0.25, 0.5, 1, 2, 4];
const STYLE = `
  :host { display: block; max-width: 100%; --bar: #1a689e; }
  :host([hidden]) { display: none; }
  canvas { display: block; max-width: 100%; margin: 0 auto; touch-action: pan-y pinch-zoom; }
  .bar { display: flex; flex-wrap: wrap; justify-content: center; align-items: center; gap: .35rem; margin: .6rem auto 0;
    max-width: 38rem; font: .9rem/1.2 system-ui, sans-serif; }
  button, select { font: inherit; color: inherit; background: none; border: 1px solid transparent; border-radius: 6px;
    min-width: 2.4rem; min-height: 2.4rem; padding: 0 .4rem; cursor: pointer; }
  button:hover, select:hover, [aria-pressed=true] { border-color: currentColor; }
  button svg { display: block; margin: auto; width: 1.1rem; height: 1.1rem; fill: currentColor; }
  select option { color: #000; background: #fff; }
  input { flex: 1 1 8rem; min-width: 4rem; accent-color: var(--bar); height: 2.4rem; margin: 0; }
  output { min-width: 4.6em; text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
  .said { margin: .4rem auto 0; min-height: 2.8em; max-width: 46rem; font: .9rem/1.4 system-ui, sans-serif; text-align: center;
    overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
  .said:not(.used) { display: none; }
  :host([bare]) { position: relative; }
  :host([bare]) .said { position: absolute; top: 100%; left: 0; right: 0; min-height: 0; font-size: .7em; }
  :focus-visible { outline: 2px solid var(--bar); outline-offset: 2px; }
  :host(:fullscreen) { display: flex; flex-direction: column; justify-content: center; box-sizing: border-box; padding: 1rem;
    background: Canvas; color: CanvasText; }
  .bar, .said { flex: none; width: 100%; box-sizing: border-box; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  @media (prefers-color-scheme: dark) { :host { --bar: #6cb8ee; } }
  @media print { .bar, .said { display: none !important; } }
`;
const ICONS = {
  play: "M3 1.5v13l11-6.5z",
  pause: "M3 1.5h3.6v13H3zM9.4 1.5H13v13H9.4z",
  back: "M2.5 1.5h2.2v13H2.5zM14 1.5v13L5.4 8z",
  forward: "M11.3 1.5h2.2v13h-2.2zM2 1.5v13L10.6 8z",
  loop: "M11 .8 14.6 4 11 7.2V5H4.5A1.5 1.5 0 0 0 3 6.5V8H1V6.5A3.5 3.5 0 0 1 4.5 3H11zM5 15.2 1.4 12 5 8.8V11h6.5A1.5 1.5 0 0 0 13 9.5V8h2v1.5A3.5 3.5 0 0 1 11.5 13H5z",
  full: "M1.5 1.5H6v2H3.5V6h-2zM10 1.5h4.5V6h-2V3.5H10zM1.5 10h2v2.5H6v2H1.5zM12.5 10h2v4.5H10v-2h2.5z",
};
// A figure with its player. Attributes: `step` (from 1), `paused`, `bare` (no bar, no keys), `fit` (as wide as its room).
// Events: `step`, with the step from 0 in its detail, and `pin`, with the cell that is pinned and what is said of it, or null.
export class ConvAnim extends HTMLElement {
  static observedAttributes = ["step", "paused", "bare", "fit"];
  #figure = null;
  #relations = null; // read when a cell is first asked for
  #painter = null;
  #parts = {};
  #began = false;
  #step = 0;
  #timer = 0;
  #playing = false;
  #speed = 1;
  #repeats = null; // as the reader wants it, else as the figure says
  #left = Infinity;
  #mark = null; // the cell that is pointed at: { grid, cell, how: "hover", "pin" or "keys", marks, picture, said }
  #last = null; // where the keyboard's cursor was
  #there = null; // ends all that listens outside the element

  connectedCallback() {
    if (!this.shadowRoot) this.#build();
    if (Object.hasOwn(this, "data")) { // given before this module was there
      const { data } = this;
      delete this.data;
      this.data = data;
    }
    this.#there = new AbortController();
    const { signal } = this.#there;
    const repaint = () => this.#paint();
    const observer = new ResizeObserver(repaint);
    observer.observe(this);
    signal.addEventListener("abort", () => observer.disconnect());
    addEventListener("resize", repaint, { signal });
    matchMedia("print").addEventListener("change", repaint, { signal });
    const script = this.querySelector("script[type='application/json']");
    if (this.#figure && this.#began) {
      if (this.#playing) this.#wait();
      return;
    }
    if (script && !this.#figure) this.#figure = new Figure(JSON.parse(script.textContent));
    if (!this.#figure) return;
    this.#dress();
    this.#begin();
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#there.abort();
  }

  attributeChangedCallback(name, _old, value) {
    if (!this.#figure || !this.shadowRoot) return;
    if (name === "step" && value) this.show(Number(value) - 1);
    if (name === "paused") value === null ? this.play() : this.pause();
    if (name === "bare") this.#dress();
    if (name === "fit" || name === "bare") this.#paint();
  }

  /** The figure, as convanim writes it for players; another one keeps the step if it has so many. */
  get data() {
    return this.#figure?.data;
  }

  set data(data) {
    const before = this.#figure;
    this.#let(); // of a cell of the figure before, while its steps are there
    this.#figure = new Figure(data);
    this.#relations = this.#last = null;
    if (!this.shadowRoot) return;
    this.#dress();
    if (before) this.show(this.#step === before.last ? Infinity : this.#step);
    else this.#begin();
    if (!this.#playing) return;
    if (this.steps > 1) this.#wait();
    else this.pause();
  }

  /** The step that is shown, counted from 0, and how many there are. */
  get step() {
    return this.#step;
  }

  get steps() {
    return this.#figure.last + 1;
  }

  get playing() {
    return this.#playing;
  }

  /** The cells with a ring: names of grids, and places in them. */
  get marked() {
    return [...(this.#mark?.marks ?? [])].map((key) => {
      const { name, columns, shape } = this.data.grids[Math.floor(key / FAR)];
      const cell = key % FAR;
      return { grid: name, index: shape.length === 2 ? [Math.floor(cell / columns), cell % columns] : [cell] };
    });
  }

  /** What is said of the cell that is pointed at. */
  get said() {
    return this.#mark?.said ?? "";
  }

  /** How many cells and texts were drawn the last time, and how many steps the figure has gone through in all. */
  get work() {
    return { ...this.#painter.painted, steps: this.#figure.applied };
  }

  /** Go to a step; what is pointed at is let go of. */
  show(step) {
    this.#let();
    this.#go(step);
  }

  play() {
    if (this.#figure.last < 1) return;
    this.#let();
    if (this.#step === this.#figure.last && !this.#playing) this.#go(0);
    if (this.#step === 0 || this.#left < 1) this.#left = this.#rounds();
    this.#playing = true;
    this.#label();
    this.#wait();
  }

  pause() {
    clearTimeout(this.#timer);
    this.#playing = false;
    this.#label();
  }

  toggle() {
    if (this.#playing) this.pause();
    else this.play();
  }

  /** Point at a cell of a grid (its number or name) and stay there, as a click does; null lets go. */
  pin(grid, cell) {
    if (grid === null) this.#let();
    else this.#point(typeof grid === "string" ? this.data.grids.findIndex(({ name }) => name === grid) : grid, cell, "pin");
  }

  /* What it consists of */

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const make = (tag, properties = {}, ...children) => {
      const element = Object.assign(document.createElement(tag), properties);
      element.append(...children);
      return element;
    };
    const button = (name, act) => {
      const element = make("button", { type: "button", innerHTML: icon(name) });
      element.addEventListener("click", act);
      return element;
    };
    const by = (steps) => () => { this.pause(); this.show(this.#step + steps); };
    const canvas = make("canvas");
    canvas.setAttribute("role", "img");
    const scrub = make("input", { type: "range", min: 0, max: 0, step: 1, value: 0 });
    scrub.addEventListener("input", () => { this.pause(); this.show(Number(scrub.value)); });
    const speed = make("select", {}, ...SPEEDS.map((each) => make("option", { value: each, selected: each === 1 }, `${each}×`)));
    speed.addEventListener("change", () => { this.#speed = Number(speed.value); if (this.#playing) this.#wait(); });
    const parts = {
      canvas, scrub, speed,
      play: button("play", () => this.toggle()), back: button("back", by(-1)), forward: button("forward", by(1)),
      loop: button("loop", () => { this.#repeats = this.#left !== Infinity; this.#left = this.#rounds(); this.#label(); }),
      full: button("full", () => (this.matches(":fullscreen") ? document.exitFullscreen() : this.requestFullscreen()).catch(() => {})),
      place: make("output"), said: make("div", { className: "said" }), live: make("div", { className: "unseen" }),
    };
    parts.full.hidden = !document.fullscreenEnabled;
    for (const part of [parts.said, parts.live]) part.setAttribute("aria-live", "polite");
    parts.place.setAttribute("aria-live", "off");
    parts.bar = make("div", { className: "bar" },
      parts.play, parts.back, scrub, parts.forward, parts.place, speed, parts.loop, parts.full);
    for (const part of [canvas, parts.bar]) part.style.display = "none"; // until there is a figure
    this.#parts = parts;
    this.#painter = new Painter(canvas);
    root.append(make("style", { textContent: STYLE }), canvas, parts.bar, parts.said, parts.live);
    if (!this.hasAttribute("role")) this.setAttribute("role", "group");
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("fullscreenchange", () => parts.full.setAttribute("aria-pressed", String(this.matches(":fullscreen"))));
    this.addEventListener("blur", () => { if (this.#mark?.how === "keys") this.#let(); });
    this.#listen(canvas);
  }

  /** Give the parts what belongs to the figure. */
  #dress() {
    const { data, last } = this.#figure;
    const { canvas, scrub, bar, said, play, back, forward, speed, loop, full } = this.#parts;
    const isBare = this.hasAttribute("bare");
    canvas.setAttribute("aria-label", `${data.title}. ${data.text}`);
    if (!this.hasAttribute("aria-labelledby")) this.setAttribute("aria-label", data.title);
    this.tabIndex = isBare ? -1 : 0;
    scrub.max = last;
    canvas.style.display = "";
    bar.style.display = isBare ? "none" : "";
    for (const part of [play, back, scrub, forward, this.#parts.place, speed, loop]) part.style.display = last < 1 ? "none" : "";
    said.classList.toggle("used", data.roles.some(({ made }) => made));
    said.lang = bar.lang = data.language ?? "en";
    const names = { back: "Step back", forward: "Step forward", scrub: "Step", speed: "Speed", loop: "Repeat", full: "Full screen" };
    for (const [name, label] of Object.entries(names)) {
      this.#parts[name].ariaLabel = say(data, label);
      if (name !== "scrub") this.#parts[name].title = say(data, label);
    }
    this.#left = this.#rounds();
    this.#label();
  }

  #label() {
    const { play, loop } = this.#parts;
    const name = say(this.data, this.#playing ? "Pause" : "Play");
    Object.assign(play, { ariaLabel: name, title: name, innerHTML: icon(this.#playing ? "pause" : "play") });
    loop.setAttribute("aria-pressed", String(this.#left === Infinity));
  }

  #begin() {
    this.#began = true;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const asked = Number(this.getAttribute("step"));
    this.show(asked ? asked - 1 : still || this.hasAttribute("paused") ? Infinity : 0);
    if (!still && !this.hasAttribute("paused") && !asked) this.play();
  }

  /* Time */

  #go(step) {
    const { last, data } = this.#figure;
    this.#step = Math.max(0, Math.min(last, Math.trunc(step) || 0));
    this.#paint();
    const place = this.#step + 1;
    const said = say(data, "Step {number} of {total}", { number: place, total: last + 1 });
    this.#parts.scrub.value = this.#step;
    this.#parts.place.textContent = `${place} / ${last + 1}`;
    this.#parts.scrub.setAttribute("aria-valuetext", said);
    if (!this.#playing) this.#parts.live.textContent = said;
    this.dispatchEvent(new CustomEvent("step", { detail: { step: this.#step } }));
  }

  #rounds() {
    if (this.#repeats === null) return this.data.plays || Infinity;
    return this.#repeats ? Infinity : 1;
  }

  #wait() {
    clearTimeout(this.#timer);
    const [, duration] = this.data.steps[this.#step];
    this.#timer = setTimeout(() => {
      if (this.#step < this.#figure.last) this.#go(this.#step + 1);
      else {
        this.#left -= 1;
        if (this.#left < 1) { this.pause(); return; }
        this.#go(0);
      }
      this.#wait();
    }, duration / this.#speed);
  }

  /* Cells that are pointed at */

  /** Show what a cell leads to; a pinned one stays, and the player is paused. */
  #point(grid, cell, how) {
    if (this.#mark?.how === how && this.#mark.grid === grid && this.#mark.cell === cell) return;
    if (how !== "hover") this.pause();
    this.#relations ??= new Relations(this.#figure);
    if (this.#figure.step !== this.#step) this.#figure.show(this.#step);
    this.#mark = { grid, cell, how, ...this.#relations.of(grid, cell) };
    this.#mark.picture ??= this.#step;
    this.#tell();
    if (how !== "hover") this.#announce();
  }

  #let() {
    if (!this.#mark) return;
    const { how } = this.#mark;
    this.#mark = null;
    this.#tell();
    if (how !== "hover") this.#announce();
  }

  #tell() {
    this.#parts.said.textContent = this.said;
    this.#paint();
  }

  #announce() {
    const [of] = this.marked;
    this.dispatchEvent(new CustomEvent("pin", { detail: of ? { ...of, said: this.said } : null }));
  }

  /** The topmost cell at a place of the canvas, of those that steps use: its grid's number and its own. */
  #cellAt(event) {
    const { canvas } = this.#parts;
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const [x, y] = [((event.clientX - left) / width) * this.data.size[0], ((event.clientY - top) / height) * this.data.size[1]];
    this.#relations ??= new Relations(this.#figure);
    for (let number = this.data.grids.length - 1; number >= 0; number -= 1) {
      const grid = this.data.grids[number];
      const [row, column] = placeOn(grid, x, y).map(Math.floor);
      if (row < 0 || column < 0 || row >= grid.rows || column >= grid.columns) continue;
      return this.#relations.isUsed(number) ? [number, row * grid.columns + column] : null;
    }
    return null;
  }

  #listen(canvas) {
    let start = null; // where a finger went down
    let tapped = -Infinity;
    const press = (event) => {
      const at = this.#figure && this.#cellAt(event);
      const { grid, cell, how = "hover" } = this.#mark ?? {};
      const isSame = at && how !== "hover" && grid === at[0] && cell === at[1];
      if (at && !isSame) this.#point(...at, "pin");
      else this.#let();
    };
    const on = (name, act) => canvas.addEventListener(name, act);
    on("pointermove", (event) => {
      if (!this.#figure || event.pointerType === "touch" || event.buttons || (this.#mark && this.#mark.how !== "hover")) return;
      const at = this.#cellAt(event);
      canvas.style.cursor = at ? "pointer" : "";
      if (at) this.#point(...at, "hover");
      else this.#let();
    });
    on("pointerleave", () => { if (this.#mark?.how === "hover") this.#let(); });
    on("pointerdown", (event) => { start = event.pointerType === "touch" ? [event.clientX, event.clientY] : null; });
    on("pointercancel", () => { start = null; });
    on("pointerup", (event) => {
      if (!start) return;
      const [dx, dy] = [event.clientX - start[0], event.clientY - start[1]];
      start = null;
      if (Math.hypot(dx, dy) < 12) {
        tapped = event.timeStamp;
        press(event);
      } else if (Math.abs(dx) > 40 && Math.abs(dx) > 2 * Math.abs(dy) && !this.hasAttribute("bare")) {
        this.pause();
        this.show(this.#step + (dx < 0 ? 1 : -1));
      }
    });
    on("click", (event) => { if (event.timeStamp - tapped > 700) press(event); }); // one that follows a tap is the same one
  }

  /* The keyboard */

  #key(event) {
    if (!this.#figure || event.ctrlKey || event.metaKey || event.altKey || this.hasAttribute("bare")) return;
    const focused = this.shadowRoot.activeElement;
    const inControl = focused && ["BUTTON", "SELECT"].includes(focused.tagName);
    const isCursor = !focused && this.#mark?.how === "keys";
    const step = (by) => () => { this.pause(); this.show(this.#step + by); };
    const acts = {
      " ": inControl ? null : () => this.toggle(),
      ArrowRight: isCursor ? () => this.#move(0, 1) : step(1),
      ArrowLeft: isCursor ? () => this.#move(0, -1) : step(-1),
      ArrowDown: isCursor ? () => this.#move(1, 0) : null,
      ArrowUp: isCursor ? () => this.#move(-1, 0) : null,
      Home: step(-Infinity),
      End: step(Infinity),
      Enter: focused ? null : () => (isCursor ? this.#let() : this.#enter()),
      Escape: this.#mark ? () => this.#let() : null,
    };
    const act = focused?.tagName === "SELECT" && event.key !== "Escape" ? null : acts[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  }

  /** Put the cursor where it was, or on the cell that is made now. */
  #enter() {
    this.#relations ??= new Relations(this.#figure);
    const { grid, cell } = this.#mark ?? {};
    const at = grid === undefined ? this.#last ?? this.#relations.start(this.#step) : [grid, cell];
    if (at) this.#point(...at, "keys");
  }

  /** Move the cursor by a cell, and from the edge of a grid to the nearest cell of the next one that way. */
  #move(down, right) {
    const { grid, cell } = this.#mark;
    const { rows, columns } = this.data.grids[grid];
    const [row, column] = [Math.floor(cell / columns) + down, (cell % columns) + right];
    const isInside = row >= 0 && column >= 0 && row < rows && column < columns;
    this.#last = isInside ? [grid, row * columns + column] : this.#relations.beyond(grid, cell, down, right) ?? [grid, cell];
    this.#point(...this.#last, "keys");
  }

  /** Draw at the size that there is room for, crisp on any density of pixels. */
  #paint() {
    const { canvas, bar, said } = this.#parts;
    if (!this.#figure) return;
    const picture = this.#mark?.picture ?? this.#step;
    if (this.#figure.step !== picture) this.#figure.show(picture);
    const [width, height] = this.data.size;
    const isFull = this.matches(":fullscreen");
    let room = (this.clientWidth || width * this.data.scale) - (isFull ? 32 : 0);
    if (isFull) room = Math.min(room, ((this.clientHeight - bar.offsetHeight - said.offsetHeight - 64) * width) / height);
    const shown = isFull || this.hasAttribute("fit") ? room : Math.min(width * this.data.scale, room);
    const zoom = this.clientWidth ? this.getBoundingClientRect().width / this.clientWidth : 1; // of a slide, as it is shown
    const density = (shown / width) * (window.devicePixelRatio || 1) * (zoom || 1);
    canvas.style.width = `${shown}px`;
    canvas.style.height = `${(shown * height) / width}px`;
    this.#painter.paint(this.#figure, Math.round(width * density), Math.round(height * density), this.#mark?.marks ?? new Set());
  }
}

function icon(name) {
  return `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
}

if (!customElements.get("conv-anim")) customElements.define("conv-anim", ConvAnim); // a page may have it several times
