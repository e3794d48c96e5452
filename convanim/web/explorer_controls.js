// A control for each field of a scene, with its help, what is legal, and what is wrong with it.

import { held, make, nameOf, read } from "./explorer_parts.js";

const SLIDERS = {
  input: 16, kernel: 9, stride: 6, padding: 6, dilation: 5, output_padding: 5, in_channels: 6, out_channels: 6, groups: 6,
};
const FIRST = [
  "op", "input", "kernel", "stride", "padding", "dilation", "transposed", "output_padding", "output_size", "padding_mode", "flip",
];
const OF_TRANSPOSED = ["output_padding", "output_size"]; // which a convolution has only when transposed
const LONG = 120; // characters: what is legal is said in help if shorter, and of what is wrong in any case
const HEADINGS = { "": "More parameters", view: "View", timing: "Timing", values: "Values in words" };

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function entered(field, text) {
  return field.schema.type === "string" ? text : read(text);
}

function one(value) {
  return Array.isArray(value) ? one(value[0]) : typeof value === "number" ? value : undefined;
}

function shorter(value) {
  const flat = Array.isArray(value) ? value.flat() : [value];
  return flat.every((each) => each === flat[0]) ? String(flat[0]) : JSON.stringify(value);
}

/** The controls in a form; `change` is called with a field's name and its new value, undefined for what is usual. */
export function controls(form, all, prefix, change) {
  const fields = new Map(all.map((field) => [nameOf(field), field]));
  const places = new Map();

  function build() {
    const main = make("fieldset", {}, make("legend", { textContent: "Parameters" }));
    for (const name of FIRST) main.append(place(name));
    form.append(main);
    for (const [section, heading] of Object.entries(HEADINGS)) {
      const inside = make("details", { open: section === "view" }, make("summary", { textContent: heading }));
      for (const [name, field] of fields) {
        if (field.section === section && !FIRST.includes(name)) inside.append(place(name));
      }
      form.append(make("fieldset", {}, inside));
    }
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  function place(name) {
    const field = fields.get(name);
    const id = `${prefix}-field-${name.replace(".", "-")}`;
    const label = make("label", { htmlFor: id, textContent: (field.section ? field.name : name).replaceAll("_", " ") });
    const entry = make("div", { className: "entry" }, ...entries(name, field, id, (value) => change(name, value)));
    const help = make("div", { className: "help", id: `${id}-help`, textContent: field.legal.length > LONG ? field.help : `${field.help} ${capital(field.legal)}.` });
    const problem = make("div", { className: "problem", id: `${id}-problem` });
    for (const each of entry.querySelectorAll("input, select")) each.setAttribute("aria-describedby", `${help.id} ${problem.id}`);
    places.set(name, make("div", { className: "field", data: { "data-field": name } }, label, entry, help, problem));
    return places.get(name);
  }

  /** Show what the scene says, and where it says nothing what follows; a text that is being typed stays. */
  function fill(scene, resolved) {
    const [op, kind] = [held(scene, "op") ?? "conv", held(scene, "view.kind") ?? "isometric"];
    for (const [name, home] of places) {
      const [field, value] = [fields.get(name), held(scene, name)];
      const isForOthers = op === "conv" && !held(scene, "transposed") && OF_TRANSPOSED.includes(name);
      const fits = field.ops.includes(op) && (!field.views || field.views.includes(kind)) && !isForOthers;
      home.hidden = !fits && value === undefined;
      const usual = field.section ? field.default : (resolved[name] ?? field.default);
      for (const entry of home.querySelectorAll("input, select")) {
        if (!entry.dataset.typed) fillEntry(entry, field, value, usual);
      }
    }
  }

  /** Say what is wrong, each at its field. */
  function explain(problems) {
    for (const [name, home] of places) {
      const own = problems.filter(({ field }) => field === name);
      if (own.length && home.closest("details")) home.closest("details").open = true;
      home.querySelector(".problem").textContent = own.map(({ given, legal }) => `${given}; ${legal}`).join(" ");
      for (const entry of home.querySelectorAll("input, select")) entry.setAttribute("aria-invalid", String(own.length > 0));
    }
  }

  build();
  return { fill, explain };
}

/** What a field's value is entered with. */
function entries(name, field, id, change) {
  const { schema } = field;
  if (schema.type === "boolean") return [field.default === null ? threefold(id, change) : box(field, id, change)];
  if (schema.enum || name === "view.theme") return [choice(field, id, change)];
  return typed(name, field, id, change);
}

function threefold(id, change) {
  const says = { "": "by the view", true: "yes", false: "no" };
  const select = make("select", { id }, ...Object.entries(says).map(([value, textContent]) => make("option", { value, textContent })));
  select.addEventListener("change", () => change(select.value === "" ? undefined : select.value === "true"));
  return select;
}

function box(field, id, change) {
  const entry = make("input", { type: "checkbox", id });
  entry.addEventListener("change", () => change(entry.checked === Boolean(field.default) ? undefined : entry.checked));
  return entry;
}

/** What a choice is where a scene says nothing: of the theme that is none, for a dark page shows a dark figure. */
function usually(field) {
  return nameOf(field) === "view.theme" ? null : field.default;
}

function choice(field, id, change) {
  const names = field.schema.enum ?? field.schema.oneOf.find((each) => each.enum).enum;
  const select = make("select", { id }, ...names.map((each) => make("option", { value: each, textContent: each })));
  const usual = usually(field);
  if (usual === null) select.prepend(make("option", { value: "", textContent: nameOf(field) === "view.theme" ? "by the page" : "by the scene" }));
  select.addEventListener("change", () => change(["", usual].includes(select.value) ? undefined : select.value));
  return select;
}

/** A text to be read, with the words that are legal, and a slider for numbers. */
function typed(name, field, id, change) {
  const { schema } = field;
  const text = make("input", { type: "text", id, autocomplete: "off", spellcheck: false });
  text.addEventListener("input", () => { text.dataset.typed = "yes"; });
  text.addEventListener("blur", () => { delete text.dataset.typed; });
  text.addEventListener("change", () => {
    delete text.dataset.typed;
    change(text.value.trim() === "" ? undefined : entered(field, text.value));
  });
  const parts = [text];
  if (SLIDERS[name]) {
    const least = schema.minimum ?? schema.oneOf?.[0]?.minimum ?? 0;
    const slider = make("input", { type: "range", min: least, max: SLIDERS[name], step: 1, ariaLabel: name.replaceAll("_", " ") });
    slider.addEventListener("input", () => { text.value = slider.value; change(Number(slider.value)); });
    parts.unshift(slider);
  }
  const choices = schema.oneOf?.find((each) => each.enum)?.enum;
  if (choices) {
    text.setAttribute("list", `${id}-choices`);
    parts.unshift(make("datalist", { id: `${id}-choices` }, ...choices.map((each) => make("option", { value: each }))));
  }
  return parts;
}

function fillEntry(entry, field, value, usual) {
  if (entry.type === "checkbox") entry.checked = Boolean(value ?? field.default);
  else if (entry.type === "range") entry.value = one(value ?? usual) ?? entry.min;
  else if (entry.tagName === "SELECT") entry.value = String(value ?? usually(field) ?? "");
  else {
    entry.value = value === undefined ? "" : asEntered(value);
    entry.placeholder = usual === null || usual === undefined ? "" : shorter(usual);
  }
}

/** A value as it is entered: a text as it is, whole numbers without brackets around them. */
function asEntered(value) {
  if (typeof value === "string") return value;
  const text = JSON.stringify(value);
  return Array.isArray(value) && value.every(Number.isInteger) ? text.slice(1, -1) : text;
}
