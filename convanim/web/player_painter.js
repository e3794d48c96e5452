// Drawing a figure on a canvas: its grids, lines, texts and the rings around marked cells, in its own units.

import { FAR, corner, placeOn } from "./player_figure.js";

const FACE = '"DejaVu Sans", Verdana, "Noto Sans CJK SC", "Microsoft YaHei", "PingFang SC", sans-serif';

const MOST_BOXES = 200;
const SMALL = 144; // of a cell's area

/** Draws figures on a canvas. Grids and texts that stay are kept as pictures, of which only what changed is drawn anew. */
export class Painter {
  #canvas;
  #grids = document.createElement("canvas");
  #texts = document.createElement("canvas");
  #drawn = null; // what the pictures show: of which figure, in which size, the roles and how many texts
  #boxes = new WeakMap();
  /** How many cells and texts were drawn the last time. */
  painted = { cells: 0, texts: 0 };

  constructor(canvas) {
    this.#canvas = canvas;
  }

  paint(figure, across, down, marks) {
    const [width, height] = figure.data.size;
    const context = this.#canvas.getContext("2d");
    const { figure: before, across: wide, down: high } = this.#drawn ?? {};
    const isNew = before !== figure || wide !== across || high !== down;
    if (isNew) for (const canvas of [this.#canvas, this.#grids, this.#texts]) Object.assign(canvas, { width: across, height: down });
    this.painted = { cells: 0, texts: 0 };
    const scale = [across / width, down / height];
    this.#update(figure, scale, isNew);
    this.#drawn = { figure, across, down, roles: figure.shown, texts: figure.counts.t };
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, across, down);
    context.drawImage(this.#grids, 0, 0);
    context.setTransform(scale[0], 0, 0, scale[1], 0, 0);
    for (const line of figure.kept.l.slice(0, figure.counts.l)) drawLine(context, figure, line);
    for (const line of figure.passing.l) drawLine(context, figure, line);
    drawRings(context, figure, marks); // below the texts
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.drawImage(this.#texts, 0, 0);
    context.setTransform(scale[0], 0, 0, scale[1], 0, 0);
    for (const text of figure.passing.t) drawText(context, figure, text);
    this.painted.texts += figure.passing.t.length;
  }

  /** Bring both pictures up to the step that is shown. */
  #update(figure, scale, isNew) {
    const { grids } = figure.data;
    const before = this.#drawn;
    const whole = [[0, 0, this.#grids.width, this.#grids.height]];
    const changed = isNew ? [] : grids.map((_, number) => differing(before.roles[number], figure.shown[number]));
    const boxes = isNew ? whole : changed.flatMap((cells, number) => cells.map((cell) => pixels(boxOf(grids[number], cell), scale)));
    for (const box of apart(boxes)) this.#drawGrids(figure, scale, box);
    const count = figure.counts.t;
    let stale = whole;
    if (!isNew) {
      const [from, to] = [Math.min(before.texts, count), Math.max(before.texts, count)];
      stale = figure.kept.t.slice(from, to);
      const cells = changed.map((some) => new Set(some));
      for (const text of figure.kept.t.slice(0, from)) if (text[8] && cells[text[8][0]].has(text[8][1])) stale.push(text);
      stale = stale.map((text) => pixels(this.#box(text), scale));
    }
    for (const box of apart(stale)) this.#drawTexts(figure, scale, box, count);
  }

  #drawGrids(figure, scale, box) {
    const { data } = figure;
    const context = within(this.#grids, scale, box);
    if (data.ground) {
      context.fillStyle = data.ground;
      context.fillRect(0, 0, ...data.size);
    }
    const area = box.map((value, at) => value / scale[at % 2]);
    data.grids.forEach((grid, number) => {
      const cells = new Set(cellsIn(grid, area));
      if (cells.size) drawGrid(context, figure, number, cells);
      this.painted.cells += cells.size;
    });
    context.restore();
  }

  #drawTexts(figure, scale, box, count) {
    const context = within(this.#texts, scale, box);
    for (const text of figure.kept.t.slice(0, count)) {
      if (!isOver(box, pixels(this.#box(text), scale))) continue;
      drawText(context, figure, text);
      this.painted.texts += 1;
    }
    context.restore();
  }

  /** Where a text lies at the most. */
  #box(text) {
    if (!this.#boxes.has(text)) {
      const [, x, y, words, , size, anchor] = text;
      const reach = words.length * size * 1.1;
      const left = x - { l: 0, m: reach / 2, r: reach }[anchor] - 4;
      this.#boxes.set(text, [left, y - 1.2 * size - 4, left + reach + 8, y + 0.5 * size + 4]);
    }
    return this.#boxes.get(text);
  }
}

function differing(old, now) {
  const cells = [];
  for (let cell = 0; cell < now.length; cell += 1) if (old[cell] !== now[cell]) cells.push(cell);
  return cells;
}

function isOver(one, other) {
  return one[0] < other[2] && other[0] < one[2] && one[1] < other[3] && other[1] < one[3];
}

/** Boxes that cover the same and have nothing in common: of overlapping ones, the box around them. */
function apart(boxes) {
  const done = [];
  const waiting = boxes.length > MOST_BOXES ? [boxes.reduce(around)] : [...boxes];
  while (waiting.length) {
    const box = waiting.pop();
    const at = done.findIndex((other) => isOver(box, other));
    if (at < 0) done.push(box);
    else waiting.push(around(box, ...done.splice(at, 1)));
  }
  return done;
}

function around(one, other) {
  return one.map((value, at) => Math[at < 2 ? "min" : "max"](value, other[at]));
}

/** A context of which only a box, in whole pixels, can be drawn on; it is blank. */
function within(canvas, scale, [left, top, right, bottom]) {
  const context = canvas.getContext("2d");
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  context.clip();
  context.clearRect(left, top, right - left, bottom - top);
  context.setTransform(scale[0], 0, 0, scale[1], 0, 0);
  return context;
}

function pixels([left, top, right, bottom], [x, y]) {
  return [Math.floor(left * x), Math.floor(top * y), Math.ceil(right * x), Math.ceil(bottom * y)];
}

/** All that a cell covers, with the lines around it. */
function boxOf(grid, cell) {
  const [row, column] = [Math.floor(cell / grid.columns), cell % grid.columns];
  const corners = [corner(grid, row, column), corner(grid, row, column + 1), corner(grid, row + 1, column), corner(grid, row + 1, column + 1)];
  const [xs, ys] = [corners.map(([x]) => x), corners.map(([, y]) => y)];
  const room = Math.max(grid.stroke, 1) + 0.5;
  return [Math.min(...xs) - room, Math.min(...ys) - room, Math.max(...xs) + room, Math.max(...ys) + room];
}

function* cellsIn(grid, [left, top, right, bottom]) {
  const room = Math.max(grid.stroke, 1) + 0.5;
  const places = [[left, top], [right, top], [left, bottom], [right, bottom]].map(([x, y]) =>
    placeOn(grid, x + (x === left ? -room : room), y + (y === top ? -room : room)));
  const span = (at, end) => {
    const values = places.map((place) => place[at]);
    return [Math.max(0, Math.floor(Math.min(...values))), Math.min(end, Math.ceil(Math.max(...values)))];
  };
  const [[first, last], [from, to]] = [span(0, grid.rows), span(1, grid.columns)];
  for (let row = first; row < last; row += 1) for (let column = from; column < to; column += 1) yield row * grid.columns + column;
}

function trace(path, grid, row, column, rows = 1, columns = 1) {
  path.moveTo(...corner(grid, row, column));
  path.lineTo(...corner(grid, row, column + columns));
  path.lineTo(...corner(grid, row + rows, column + columns));
  path.lineTo(...corner(grid, row + rows, column));
  path.closePath();
}

// Each cell and each line is a path of its own, so that a few, drawn anew, come out as they did among all. A cell reaches below
// the next ones, which are drawn after it, or the ground would show between them.
function drawGrid(context, figure, number, cells) {
  const grid = figure.data.grids[number];
  const reach = [grid.across, grid.down].map((side) => Math.min(1 / Math.hypot(...side), 0.5));
  for (const cell of cells) {
    const look = figure.look(number, cell);
    if (look.bare) continue;
    const [row, column] = [Math.floor(cell / grid.columns), cell % grid.columns];
    const isCovered = [column + 1 < grid.columns && !figure.look(number, cell + 1).bare,
      row + 1 < grid.rows && !figure.look(number, cell + grid.columns).bare];
    const path = new Path2D();
    trace(path, grid, row, column, 1 + isCovered[1] * reach[1], 1 + isCovered[0] * reach[0]);
    context.fillStyle = look.f;
    context.fill(path);
  }
  if (grid.patterns) for (const cell of cells) drawPattern(context, grid, figure.look(number, cell), cell);
  drawBorders(context, figure, number, cells);
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
  if (!one?.line) return other?.line ? other : null;
  return other?.line && other.darkness < one.darkness ? other : one;
}

function drawBorders(context, figure, number, cells) {
  const grid = figure.data.grids[number];
  if (grid.stroke <= 0) {
    const rim = new Path2D();
    trace(rim, grid, 0, 0, grid.rows, grid.columns);
    Object.assign(context, { strokeStyle: figure.data.outline, lineWidth: 1 });
    context.stroke(rim);
    return;
  }
  const at = (row, column) =>
    row >= 0 && row < grid.rows && column >= 0 && column < grid.columns ? figure.look(number, row * grid.columns + column) : null;
  const lines = [];
  const add = (look, side, from, to) => look && lines.push([look, side, from, to]);
  for (const cell of cells) {
    const [row, column] = [Math.floor(cell / grid.columns), cell % grid.columns];
    const own = figure.look(number, cell);
    const [start, right, below] = [corner(grid, row, column), corner(grid, row, column + 1), corner(grid, row + 1, column)];
    add(between(at(row - 1, column), own), 0, start, right);
    add(between(at(row, column - 1), own), 1, start, below);
    const end = corner(grid, row + 1, column + 1);
    if (row + 1 === grid.rows || !cells.has(cell + grid.columns)) add(between(own, at(row + 1, column)), 0, below, end);
    if (column + 1 === grid.columns || !cells.has(cell + 1)) add(between(own, at(row, column + 1)), 1, right, end);
  }
  lines.sort(([one], [other]) => other.darkness - one.darkness); // dashed ones below, the darkest on top
  context.lineWidth = grid.stroke;
  for (const [look, side, from, to] of lines) {
    const isDashed = look.line === "d";
    Object.assign(context, { strokeStyle: look.o, lineCap: isDashed ? "butt" : "square" });
    context.setLineDash(isDashed ? grid.dashes[side] : []);
    context.lineDashOffset = isDashed ? grid.dashes[side][0] / 2 : 0;
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  }
  context.setLineDash([]);
}

/** Rings along the borders of marked cells, around all together where cells are small. Their edges are seen where they are not. */
function drawRings(context, figure, marks) {
  const [colour, rim] = figure.data.ring;
  const pixel = devicePixelRatio / context.getTransform().a; // of CSS, in a small room more than a unit
  const paths = new Map();
  for (const key of marks) {
    const [number, cell] = [Math.floor(key / FAR), key % FAR];
    const grid = figure.data.grids[number];
    const [row, column] = [Math.floor(cell / grid.columns), cell % grid.columns];
    const isSmall = Math.abs(grid.across[0] * grid.down[1] - grid.across[1] * grid.down[0]) < SMALL;
    const width = isSmall ? 1.5 : Math.max(3, 2 * pixel);
    if (!paths.has(width)) paths.set(width, new Path2D());
    const path = paths.get(width);
    if (!isSmall) {
      trace(path, grid, row, column);
      continue;
    }
    const has = (r, c) => r >= 0 && c >= 0 && r < grid.rows && c < grid.columns && marks.has(number * FAR + r * grid.columns + c);
    const side = (isInner, from, to) => {
      if (isInner) return;
      path.moveTo(...corner(grid, ...from));
      path.lineTo(...corner(grid, ...to));
    };
    side(has(row - 1, column), [row, column], [row, column + 1]);
    side(has(row + 1, column), [row + 1, column], [row + 1, column + 1]);
    side(has(row, column - 1), [row, column], [row + 1, column]);
    side(has(row, column + 1), [row, column + 1], [row + 1, column + 1]);
  }
  Object.assign(context, { lineCap: "square", lineJoin: "miter" });
  for (const [ink, more] of [[rim, Math.max(2, 1.5 * pixel)], [colour, 0]]) {
    for (const [width, path] of paths) {
      Object.assign(context, { strokeStyle: ink, lineWidth: width + more });
      context.stroke(path);
    }
  }
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
