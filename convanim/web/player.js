// <conv-anim>: a figure drawn on a canvas, with a player bar, the keyboard and a text that says which step is shown.
// Its data, JSON in a script element inside it or given to its property `data`, comes from convanim: what lies where, in
// which colour, step by step. A cell that is pointed at, or reached with the keyboard, shows which cells it leads to.
//
// It stands in six files, which `formats/scripts.py` joins to one: this one is the element.

import { FAR, Figure, placeOn, say } from "./player_figure.js";
import { Painter } from "./player_painter.js";
import { icon, partsOf } from "./player_parts.js";
import { listen } from "./player_pointer.js";
import { Relations } from "./player_relations.js";

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

  /** Point at a cell of a grid (its number or name) and stay there, as a click does; null lets go. RangeError if there is none. */
  pin(grid, cell) {
    const number = typeof grid === "string" ? this.data.grids.findIndex(({ name }) => name === grid) : grid;
    if (grid === null) this.#let();
    else if (!(cell in (this.data.grids[number]?.start ?? []))) throw new RangeError(`no cell ${cell} of a grid ${grid}`);
    else this.#point(number, cell, "pin");
  }

  /* What it consists of */

  #build() {
    const root = this.attachShadow({ mode: "open" });
    const by = (steps) => () => { this.pause(); this.show(this.#from + steps); };
    const parts = this.#parts = partsOf({
      play: () => this.toggle(),
      back: by(-1),
      forward: by(1),
      scrub: (step) => { this.pause(); this.show(step); },
      speed: (speed) => { this.#speed = speed; if (this.#playing) this.#wait(); },
      loop: () => { this.#repeats = this.#left !== Infinity; this.#left = this.#rounds(); this.#label(); },
      full: () => (this.matches(":fullscreen") ? document.exitFullscreen() : this.requestFullscreen()).catch(() => {}),
    });
    this.#painter = new Painter(parts.canvas);
    root.append(parts.style, parts.canvas, parts.bar, parts.said, parts.live);
    if (!this.hasAttribute("role")) this.setAttribute("role", "group");
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("fullscreenchange", () => parts.full.setAttribute("aria-pressed", String(this.matches(":fullscreen"))));
    this.addEventListener("blur", () => { if (this.#mark?.how === "keys") this.#let(); });
    listen(parts.canvas, {
      cellAt: (event) => this.#figure && this.#cellAt(event),
      held: () => (this.#mark && this.#mark.how !== "hover" ? [this.#mark.grid, this.#mark.cell] : null),
      point: (at, how) => (at ? this.#point(...at, how) : this.#let()),
      step: (steps) => { if (!this.hasAttribute("bare")) by(steps)(); },
    });
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
    const { last } = this.#figure;
    this.#step = Math.max(0, Math.min(last, Math.trunc(step) || 0));
    this.#paint();
    const said = this.#place();
    if (!this.#playing) this.#parts.live.textContent = said;
    this.dispatchEvent(new CustomEvent("step", { detail: { step: this.#step } }));
  }

  /** Show in the bar which step the picture is of, and say it. */
  #place() {
    const { scrub, place } = this.#parts;
    const [shown, total] = [this.#picture, this.steps];
    const said = say(this.data, "Step {number} of {total}", { number: shown + 1, total });
    scrub.value = shown;
    place.textContent = `${shown + 1} / ${total}`;
    scrub.setAttribute("aria-valuetext", said);
    return said;
  }

  /** The step whose picture is shown: the one that explains the cell that is pointed at, else the current one. */
  get #picture() {
    return this.#mark?.picture ?? this.#step;
  }

  /** The step from which steps are counted: of a cell that the reader stays at, the one that is shown. */
  get #from() {
    return this.#mark?.how === "hover" ? this.#step : this.#picture;
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
    this.#relations ??= new Relations(this.#figure);
    if (this.#relations.isEmpty(grid, cell)) { this.#let(); return; }
    if (how !== "hover") this.pause();
    // what a kernel's cell holds is what is seen there
    if (this.#figure.step !== this.#step && !this.#relations.kernels.has(grid)) this.#figure.show(this.#step);
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
    this.#place();
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
      const cell = row * grid.columns + column;
      return this.#relations.isUsed(number, cell) ? [number, cell] : null;
    }
    return null;
  }

  /* The keyboard */

  #key(event) {
    if (!this.#figure || event.ctrlKey || event.metaKey || event.altKey || this.hasAttribute("bare")) return;
    const focused = this.shadowRoot.activeElement;
    const inControl = focused && ["BUTTON", "SELECT"].includes(focused.tagName);
    const isCursor = !focused && this.#mark?.how === "keys";
    const step = (by) => () => { this.pause(); this.show(this.#from + by); };
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
    const last = this.#last && !this.#relations.isEmpty(...this.#last) ? this.#last : null;
    const at = grid === undefined ? last ?? this.#relations.start(this.#step) : [grid, cell];
    if (at) this.#point(...at, "keys");
  }

  /** Move the cursor by a cell, past empty ones of a kernel, and from the edge of a grid to the nearest cell that way. */
  #move(down, right) {
    const { grid, cell } = this.#mark;
    const { rows, columns } = this.data.grids[grid];
    let [row, column] = [Math.floor(cell / columns) + down, (cell % columns) + right];
    const isIn = () => row >= 0 && column >= 0 && row < rows && column < columns;
    while (isIn() && this.#relations.isEmpty(grid, row * columns + column)) [row, column] = [row + down, column + right];
    this.#last = isIn() ? [grid, row * columns + column] : this.#relations.beyond(grid, cell, down, right) ?? [grid, cell];
    this.#point(...this.#last, "keys");
  }

  /** Draw at the size that there is room for, crisp on any density of pixels. */
  #paint() {
    const { canvas, bar, said } = this.#parts;
    if (!this.#figure) return;
    if (this.#figure.step !== this.#picture) this.#figure.show(this.#picture);
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

if (!customElements.get("conv-anim")) customElements.define("conv-anim", ConvAnim); // a page may have it several times
