// The values of input and kernel, cell by cell, to be changed by hand.

import { make } from "./explorer_parts.js";

/**
 * Show the arrays, by what each is `called`; `change` is called with an array's name and its nested list when a cell is changed, `refuse` with why it
 * cannot be. Where they are the same cells as before they stay, with what is being typed there.
 */
export function editors(home, arrays, called, change, refuse) {
  const open = new Set([...home.querySelectorAll("details[open]")].map((each) => each.dataset.array));
  const focused = document.activeElement?.dataset?.cell;
  const fresh = make("div");
  home.arrays = structuredClone(arrays); // as the cells have them, also those that no figure is there of yet
  for (const [name, values] of Object.entries(arrays)) {
    if (values === null) continue;
    const entry = (path, value) => cell(name, called[name], path, value, (given) => {
      home.arrays[name] = replaced(home.arrays[name], path, given);
      change(name, home.arrays[name]);
    }, refuse);
    const details = make("details", { open: open.has(name), data: { "data-array": name } }, make("summary", { textContent: `Values of the ${called[name]}` }));
    for (const [plane, path] of planes(values, [])) details.append(make("div", { className: "scroll" }, table(plane, path, entry)));
    fresh.append(details);
  }
  if (renewed(home, fresh)) return;
  home.replaceChildren(...fresh.children);
  if (focused) home.querySelector(`[data-cell="${CSS.escape(focused)}"]`)?.focus();
}

/** Whether the same cells are there already, and have the new values by now: all but those that are typed in. */
function renewed(home, fresh) {
  const [had, has] = [home, fresh].map((part) => [...part.querySelectorAll("[data-cell]")]);
  if (had.map(({ ariaLabel }) => ariaLabel).join() !== has.map(({ ariaLabel }) => ariaLabel).join()) return false;
  had.forEach((entry, at) => {
    if (entry.dataset.typed) return;
    entry.value = has[at].value;
    entry.removeAttribute("aria-invalid");
  });
  return true;
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

function cell(name, said, path, value, change, refuse) {
  const entry = make("input", { type: "text", value: String(value), inputMode: "decimal", autocomplete: "off" });
  entry.dataset.cell = `${name} ${path.join(" ")}`;
  entry.ariaLabel = `${said}, cell ${path.join(", ")}`;
  entry.addEventListener("input", () => { entry.dataset.typed = "yes"; });
  entry.addEventListener("blur", () => { delete entry.dataset.typed; });
  entry.addEventListener("change", () => {
    delete entry.dataset.typed;
    const text = entry.value.trim().replace("−", "-");
    if (text !== "" && Number.isFinite(Number(text))) change(Number(text));
    else {
      entry.setAttribute("aria-invalid", "true");
      refuse(`${entry.ariaLabel}: got "${entry.value}"; legal is a finite number`);
    }
  });
  return entry;
}

/** A nested list with another value at one place. */
function replaced(values, path, value) {
  const changed = structuredClone(values);
  const inner = path.slice(0, -1).reduce((list, step) => list[step], changed);
  inner[path.at(-1)] = value;
  return changed;
}
