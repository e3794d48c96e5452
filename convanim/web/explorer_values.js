// The values of input and kernel, cell by cell, to be changed by hand.

import { make, read } from "./explorer_parts.js";

/** Show the arrays; `change` is called with an array's name and its nested list when a cell is changed. */
export function editors(home, arrays, change) {
  const open = new Set([...home.querySelectorAll("details[open]")].map((each) => each.dataset.array));
  const focused = document.activeElement?.dataset?.cell;
  home.replaceChildren();
  for (const [name, values] of Object.entries(arrays)) {
    if (values === null) continue;
    const entry = (path, value) => cell(name, path, value, (given) => change(name, replaced(values, path, given)));
    const details = make("details", { open: open.has(name), data: { "data-array": name } }, make("summary", { textContent: `Values of the ${name}` }));
    for (const [plane, path] of planes(values, [])) details.append(make("div", { className: "scroll" }, table(plane, path, entry)));
    home.append(details);
  }
  if (focused) home.querySelector(`[data-cell="${CSS.escape(focused)}"]`)?.focus();
}

/** The planes of a nested list, each with where it is. */
function planes(values, path) {
  if (!Array.isArray(values[0]) || !Array.isArray(values[0][0])) return [[values, path]];
  return values.flatMap((inner, at) => planes(inner, [...path, at]));
}

function table(plane, path, entry) {
  const isFlat = !Array.isArray(plane[0]);
  const line = (row, where) => make("tr", {}, ...row.map((value, c) => make("td", {}, entry([...where, c], value))));
  const lines = isFlat ? [line(plane, path)] : plane.map((row, r) => line(row, [...path, r]));
  return make("table", { className: "array" }, make("tbody", {}, ...lines));
}

function cell(name, path, value, change) {
  const entry = make("input", { type: "text", value: String(value), inputMode: "decimal", autocomplete: "off" });
  entry.dataset.cell = `${name} ${path.join(" ")}`;
  entry.ariaLabel = `${name}, cell ${path.join(", ")}`;
  entry.addEventListener("change", () => change(read(entry.value)));
  return entry;
}

/** A nested list with another value at one place. */
function replaced(values, path, value) {
  const changed = structuredClone(values);
  const inner = path.slice(0, -1).reduce((list, step) => list[step], changed);
  inner[path.at(-1)] = value;
  return changed;
}
