// The explorer: controls for every field of a scene, and the figure that convanim makes of them. Nothing is computed here.
//
// Whoever shows it gives it a backend: start(), figure(asked), code(asked), layer(asked), picture(file, size) and
// file(suffix, asked), each a promise; what is refused is an Error with `problems`.

const SLIDERS = {
  input: 16, kernel: 9, stride: 6, padding: 6, dilation: 5, output_padding: 5, in_channels: 6, out_channels: 6, groups: 6,
};
const FIRST = [
  "op", "input", "kernel", "stride", "padding", "dilation", "transposed", "output_padding", "output_size", "padding_mode", "flip",
];
const HEADINGS = { "": "More parameters", view: "View", timing: "Timing", values: "Values in words" };
const TABS = { explanation: "What it computes", text: "Scene file", command: "Command" };
const NAMES = { torch: "PyTorch", keras: "Keras", jax: "JAX", onnx: "ONNX", numpy: "NumPy" };
const SKELETON = `
<div class="bar" data-part="bar"><label>Start from <select data-part="presets"><option value="">a figure …</option></select></label></div>
<div class="main" data-part="main">
<section class="stage" data-part="stage">
<h2 data-part="title"></h2>
<conv-anim paused data-part="figure"></conv-anim>
<ul class="notices" data-part="notices"></ul>
<div class="wrong" role="alert" data-part="wrong"></div>
<p class="drop">Drop a picture here to make it the input, or <label class="link">choose one<input type="file" accept="image/*" data-part="picture"></label>.</p>
</section>
<form class="controls" aria-label="Parameters" data-part="controls"></form>
<section class="values" aria-label="Values" data-part="values"></section>
<section class="said">
<div role="tablist" aria-label="What it computes, and the scene in other words" data-part="tabs"></div>
<div class="panel" role="tabpanel" tabindex="0" data-part="panel"></div>
</section>
<section class="downloads" aria-label="Download"><h2>Download</h2><div class="buttons" data-part="downloads"></div></section>
</div>
<div role="status" class="unseen" data-part="status"></div>`;
const night = matchMedia("(prefers-color-scheme: dark)");
const COUNT = Symbol.for("explorers of this page"); // which may load this module anew for each

function make(tag, properties = {}, ...children) {
  const { role, data, ...own } = properties;
  const element = Object.assign(document.createElement(tag), own);
  if (role) element.setAttribute("role", role);
  for (const [name, value] of Object.entries(data ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** The figure to begin with, where nobody names one. */
export function first() {
  return { scene: { input: 5, kernel: 3, stride: 2, padding: 1 } };
}

/** Set a field of a scene's mapping, as `view.kind` for one of a section; undefined takes it away. */
export function put(scene, name, value) {
  const [section, inner] = name.includes(".") ? name.split(".", 2) : ["", name];
  if (["__proto__", "constructor", "prototype"].includes(section) || inner === "__proto__") return;
  if (section && (typeof scene[section] !== "object" || scene[section] === null)) scene[section] = {};
  const home = section ? scene[section] : scene;
  if (value === undefined) delete home[inner];
  else home[inner] = value;
  if (section && !Object.keys(home).length) delete scene[section];
}

/** What a text means: `5x7`, a number, a list, true or false; else the text itself. */
export function read(text) {
  const trimmed = text.trim();
  if (/^\d+(\s*[x×,]\s*\d+|\s+\d+)+$/.test(trimmed)) return trimmed.split(/[\sx×,]+/).map(Number);
  try { return JSON.parse(trimmed); } catch { return text; }
}

function nameOf(field) {
  return field.section ? `${field.section}.${field.name}` : field.name;
}

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

/** The planes of a nested list, each with where it is. */
function planes(values, path) {
  if (!Array.isArray(values[0]) || !Array.isArray(values[0][0])) return [[values, path]];
  return values.flatMap((inner, at) => planes(inner, [...path, at]));
}

/** Show the explorer in an element. `settings.shown` is called with the state when a figure is there. */
export function explore(root, backend, settings = {}) {
  const prefix = `explore-${globalThis[COUNT] = (globalThis[COUNT] ?? 0) + 1}`;
  const $ = (part) => root.querySelector(`[data-part="${part}"]`);
  // what is shown and why: the scene as it is asked for, and the last answer that could be drawn
  const state = { scene: {}, text: null, answer: null, problems: [], ready: null, busy: false, tab: "explanation", took: [] };
  const aside = new Map(); // fields that the operation has no use for, as they were
  let start = null;
  let waiting = false;

  function request() {
    return state.text === null ? { scene: state.scene } : { text: state.text };
  }

  /** Ask for the figure as it is wanted now; while one is on its way, only the last wish is kept. */
  function draw() {
    if (state.busy) { waiting = true; return state.ready; }
    state.busy = true;
    state.ready = (async () => {
      do {
        waiting = false;
        const started = performance.now();
        try {
          show(await backend.figure({ ...request(), dark: night.matches }));
          state.took.push(performance.now() - started);
        } catch (fault) {
          complain(fault);
        }
      } while (waiting);
      state.busy = false;
    })();
    return state.ready;
  }

  function show(answer) {
    state.answer = answer;
    state.problems = [];
    $("figure").data = answer.figure;
    $("title").textContent = answer.figure.title;
    const set = aside.size ? [`set aside, since ${held("op") ?? "conv"} has no use for it: ${[...aside.keys()].join(", ")}`] : [];
    $("notices").replaceChildren(...[...answer.notices, ...set].map((text) => make("li", { textContent: text })));
    $("stage").classList.remove("stale");
    explain([], "");
    if (waiting) return; // what is wished for by now is another scene
    if (answer.scene) {
      state.scene = answer.scene;
      state.text = null;
    }
    fill(answer);
    editors(answer);
    panel();
    settings.shown?.(state);
  }

  /** What is wrong is said beside the field, and once for all; the last figure stays, dimmed. */
  function complain(fault) {
    state.problems = fault.problems ?? [];
    if (state.text === null) fill({ scene: state.scene, resolved: {} });
    $("stage").classList.add("stale");
    explain(state.problems, fault.message);
  }

  function explain(problems, message) {
    for (const place of root.querySelectorAll(".field")) {
      const own = problems.filter(({ field }) => field === place.dataset.field);
      place.querySelector(".problem").textContent = own.map(({ given, legal }) => `${given}; ${legal}`).join(" ");
      for (const entry of place.querySelectorAll("input, select")) entry.setAttribute("aria-invalid", String(own.length > 0));
    }
    $("wrong").textContent = message;
  }

  function held(name) {
    const [section, inner] = name.includes(".") ? name.split(".", 2) : ["", name];
    return section ? state.scene[section]?.[inner] : state.scene[name];
  }

  /* The controls */

  function controls() {
    const form = $("controls");
    const fields = new Map(start.fields.map((field) => [nameOf(field), field]));
    const main = make("fieldset", {}, make("legend", { textContent: "Parameters" }));
    for (const name of FIRST) main.append(control(name, fields.get(name)));
    form.append(main);
    for (const [section, heading] of Object.entries(HEADINGS)) {
      const inside = make("details", { open: section === "view" }, make("summary", { textContent: heading }));
      for (const [name, field] of fields) {
        if (field.section === section && !FIRST.includes(name)) inside.append(control(name, field));
      }
      form.append(make("fieldset", {}, inside));
    }
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  function control(name, field) {
    const id = `${prefix}-field-${name.replace(".", "-")}`;
    const label = make("label", { htmlFor: id, textContent: (field.section ? field.name : name).replaceAll("_", " ") });
    const entry = make("div", { className: "entry" });
    const { schema } = field;
    const change = (value) => set(name, value);
    if (schema.type === "boolean" && field.default === null) {
      const says = { "": "by the view", true: "yes", false: "no" };
      const choice = make("select", { id }, ...Object.entries(says).map(([value, textContent]) => make("option", { value, textContent })));
      choice.addEventListener("change", () => change(choice.value === "" ? undefined : choice.value === "true"));
      entry.append(choice);
    } else if (schema.type === "boolean") {
      const box = make("input", { type: "checkbox", id });
      box.addEventListener("change", () => change(box.checked === Boolean(field.default) ? undefined : box.checked));
      entry.append(box);
    } else if (schema.enum || name === "view.theme") {
      const names = schema.enum ?? schema.oneOf.find((each) => each.enum).enum;
      const choice = make("select", { id }, ...names.map((each) => make("option", { value: each, textContent: each })));
      if (field.default === null) choice.prepend(make("option", { value: "", textContent: "by the scene" }));
      choice.addEventListener("change", () => change(choice.value === "" || choice.value === field.default ? undefined : choice.value));
      entry.append(choice);
    } else {
      const text = make("input", { type: "text", id, autocomplete: "off", spellcheck: false });
      text.addEventListener("change", () => change(text.value.trim() === "" ? undefined : entered(field, text.value)));
      if (SLIDERS[name]) {
        const least = schema.minimum ?? schema.oneOf?.[0]?.minimum ?? 0;
        const slider = make("input", { type: "range", min: least, max: SLIDERS[name], step: 1 });
        slider.setAttribute("aria-label", name.replaceAll("_", " "));
        slider.addEventListener("input", () => { text.value = slider.value; change(Number(slider.value)); });
        entry.append(slider);
      }
      const choices = schema.oneOf?.find((each) => each.enum)?.enum;
      if (choices) {
        text.setAttribute("list", `${id}-choices`);
        entry.append(make("datalist", { id: `${id}-choices` }, ...choices.map((each) => make("option", { value: each }))));
      }
      entry.append(text);
    }
    const help = make("div", { className: "help", id: `${id}-help`, textContent: `${field.help} ${capital(field.legal)}.` });
    const problem = make("div", { className: "problem", id: `${id}-problem` });
    for (const each of entry.querySelectorAll("input, select")) each.setAttribute("aria-describedby", `${help.id} ${problem.id}`);
    return make("div", { className: "field", data: { "data-field": name } }, label, entry, help, problem);
  }

  /** Change a field of the scene; of a figure of several scenes its file is changed, in the tab. */
  function set(name, value) {
    state.text = null;
    put(state.scene, name, value);
    if (name === "op") turnTo(value ?? "conv");
    draw();
  }

  /** Another operation: what it has no use for is set aside, said so, and comes back with one that has. */
  function turnTo(op) {
    for (const field of start.fields) {
      const name = nameOf(field);
      if (name === "op") continue;
      if (!field.ops.includes(op) && held(name) !== undefined) {
        aside.set(name, held(name));
        put(state.scene, name, undefined);
      } else if (field.ops.includes(op) && aside.has(name)) {
        if (held(name) === undefined) put(state.scene, name, aside.get(name));
        aside.delete(name);
      }
    }
    if (op === "upsample" && held("scale_factor") === undefined && held("output_size") === undefined) put(state.scene, "scale_factor", 2);
    if (op !== "upsample" && held("kernel") === undefined) put(state.scene, "kernel", 2);
  }

  /** Show in the controls what the scene says, and where it says nothing what follows. */
  function fill(answer) {
    const isScene = Boolean(answer.scene);
    $("controls").hidden = !isScene;
    $("main").classList.toggle("whole", !isScene);
    if (!isScene) return;
    const [op, kind] = [held("op") ?? "conv", held("view.kind") ?? "isometric"];
    for (const field of start.fields) {
      const name = nameOf(field);
      const place = root.querySelector(`.field[data-field="${name}"]`);
      if (!place) continue;
      const fits = field.ops.includes(op) && (!field.views || field.views.includes(kind));
      place.hidden = !fits && held(name) === undefined;
      const value = held(name);
      const usual = field.section ? field.default : (answer.resolved[name] ?? field.default);
      for (const entry of place.querySelectorAll("input, select")) {
        if (entry === document.activeElement && entry.type === "text") continue;
        if (entry.type === "checkbox") entry.checked = Boolean(value ?? field.default);
        else if (entry.type === "range") entry.value = one(value ?? usual) ?? entry.min;
        else if (entry.tagName === "SELECT") entry.value = String(value ?? field.default ?? "");
        else {
          entry.value = value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value).replace(/^\[|\]$/g, (sign) => (Array.isArray(value) && value.every(Number.isInteger) ? "" : sign));
          entry.placeholder = usual === null || usual === undefined ? "" : shorter(usual);
        }
      }
    }
  }

  /* Values in cells */

  function editors(answer) {
    const home = $("values");
    const open = new Set([...home.querySelectorAll("details[open]")].map((each) => each.dataset.array));
    const entry = document.activeElement;
    const focused = entry?.dataset?.cell;
    if (focused && home.contains(entry) && entry.value !== entry.defaultValue) return; // it is being typed into
    home.replaceChildren();
    for (const [name, values] of Object.entries(answer.values ?? {})) {
      if (values === null) continue;
      const details = make("details", { open: open.has(name), data: { "data-array": name } }, make("summary", { textContent: `Values of the ${name}` }));
      planes(values, []).forEach(([plane, path]) => {
        const rows = Array.isArray(plane[0]) ? plane : [plane];
        const body = rows.map((row, r) => make("tr", {}, ...row.map((value, c) => cell(name, values, Array.isArray(plane[0]) ? [...path, r, c] : [...path, c], value))));
        details.append(make("div", { className: "scroll" }, make("table", { className: "array" }, make("tbody", {}, ...body))));
      });
      home.append(details);
    }
    if (focused) home.querySelector(`[data-cell="${CSS.escape(focused)}"]`)?.focus();
  }

  function cell(name, values, path, value) {
    const where = path.join(" ");
    const entry = make("input", { type: "text", defaultValue: String(value), inputMode: "decimal", autocomplete: "off" });
    entry.dataset.cell = `${name} ${where}`;
    entry.setAttribute("aria-label", `${name}, cell ${path.map((each) => each).join(", ")}`);
    entry.addEventListener("change", () => {
      entry.defaultValue = entry.value;
      let inner = values; // which all cells share, so that one that is changed before this is answered knows of it
      for (const step of path.slice(0, -1)) inner = inner[step];
      inner[path.at(-1)] = read(entry.value);
      set(`values.${name}`, structuredClone(values));
    });
    return make("td", {}, entry);
  }

  /* What is said of the figure */

  function tabs() {
    const list = $("tabs");
    const names = { ...TABS, ...Object.fromEntries(start.frameworks.map((name) => [name, NAMES[name] ?? name])), layer: "Paste a layer" };
    for (const [name, title] of Object.entries(names)) {
      const tab = make("button", { type: "button", role: "tab", id: `${prefix}-tab-${name}`, textContent: title });
      tab.addEventListener("click", () => { state.tab = name; panel(); });
      list.append(tab);
    }
    list.addEventListener("keydown", (event) => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by) return;
      const all = [...list.children];
      const next = all[(all.indexOf(document.activeElement) + by + all.length) % all.length];
      next.focus();
      next.click();
    });
  }

  async function panel() {
    for (const tab of root.querySelectorAll("[role=tab]")) {
      const isChosen = tab.id === `${prefix}-tab-${state.tab}`;
      tab.setAttribute("aria-selected", String(isChosen));
      tab.setAttribute("aria-controls", `${prefix}-panel`);
      tab.tabIndex = isChosen ? 0 : -1;
    }
    const home = $("panel");
    home.setAttribute("aria-labelledby", `${prefix}-tab-${state.tab}`);
    const { answer, tab } = state;
    const isWanted = () => state.tab === tab && state.answer === answer;
    if (!answer || (["text", "layer"].includes(tab) && home.dataset.tab === tab && home.contains(document.activeElement))) return;
    home.dataset.tab = tab;
    if (tab === "text") home.replaceChildren(...edited(answer.text, "Use this scene file", (text) => { aside.clear(); state.text = text; return draw(); }));
    else if (tab === "layer") home.replaceChildren(...edited("", "Load this layer", loadLayer, "nn.Conv2d(1, 1, 3, stride=2, padding=1)"));
    else if (tab === "explanation") home.replaceChildren(copied((answer.explanation ?? [answer.figure.text]).join("\n"), "formula"));
    else if (tab === "command") home.replaceChildren(copied(answer.command ?? "convanim render figure.toml -o figure.gif"), copying());
    else {
      try {
        const { code } = await backend.code({ ...request(), framework: tab });
        if (isWanted()) home.replaceChildren(copied(code), copying());
      } catch (fault) {
        if (isWanted()) home.replaceChildren(make("p", { textContent: fault.message }));
      }
    }
  }

  function copied(text, className = "") {
    return make("pre", { textContent: text, className, tabIndex: 0, data: { "data-part": "copied" } });
  }

  function copying() {
    const button = make("button", { type: "button", textContent: "Copy" });
    button.addEventListener("click", () => copy($("copied").textContent));
    return make("div", { className: "buttons" }, button);
  }

  function edited(text, action, act, placeholder = "") {
    const area = make("textarea", { value: text, placeholder, spellcheck: false, ariaLabel: action });
    const button = make("button", { type: "button", textContent: action });
    button.addEventListener("click", () => act(area.value));
    return [area, make("div", { className: "buttons" }, button)];
  }

  async function loadLayer(code) {
    try {
      const size = state.answer?.resolved?.input ?? null;
      const { scene } = await backend.layer({ code, input: size });
      aside.clear();
      state.text = null;
      state.scene = { ...scene, ...(state.scene.view ? { view: state.scene.view } : {}) };
      await draw();
    } catch (fault) {
      complain(fault);
    }
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
      tell("Copied");
    } catch {
      tell("The browser does not let the page copy; select the text instead");
    }
  }

  function tell(text) {
    $("status").textContent = text;
  }

  /* Files */

  function downloads() {
    const home = $("downloads");
    for (const { suffix, summary } of start.formats) {
      const button = make("button", { type: "button", textContent: suffix.toUpperCase(), title: summary });
      button.addEventListener("click", () => download(suffix, button));
      home.append(button);
    }
  }

  async function download(suffix, button) {
    button.disabled = true;
    tell(`Making ${suffix}`);
    try {
      const data = await backend.file(suffix, request());
      const link = make("a", { href: URL.createObjectURL(data), download: `figure.${suffix}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      tell(`figure.${suffix}, ${data.size} bytes`);
    } catch (fault) {
      $("wrong").textContent = fault.message;
    }
    button.disabled = false;
  }

  async function upload(file) {
    if (!file) return;
    const size = state.answer?.resolved?.input;
    if (!size || size.length !== 2) {
      $("wrong").textContent = "a picture can be the input of a scene of two axes";
      return;
    }
    try {
      const { image } = await backend.picture(file, size);
      set("values.input", { image });
    } catch (fault) {
      $("wrong").textContent = fault.message;
    }
  }

  function drops() {
    const stage = $("stage");
    for (const name of ["dragenter", "dragover"]) {
      stage.addEventListener(name, (event) => { event.preventDefault(); stage.classList.add("dragged"); });
    }
    stage.addEventListener("dragleave", () => stage.classList.remove("dragged"));
    stage.addEventListener("drop", (event) => {
      event.preventDefault();
      stage.classList.remove("dragged");
      upload(event.dataTransfer.files[0]);
    });
    $("picture").addEventListener("change", () => {
      const [file] = $("picture").files;
      $("picture").value = ""; // so that choosing it again is a change
      upload(file);
    });
  }

  /* The beginning */

  function presets() {
    const choice = $("presets");
    for (const { name, title } of start.presets) choice.append(make("option", { value: name, textContent: title || name }));
    choice.addEventListener("change", () => {
      const chosen = start.presets.find(({ name }) => name === choice.value);
      if (!chosen) return;
      aside.clear();
      state.text = chosen.text;
      draw();
    });
  }

  /** Show another figure: a scene's mapping, or the text of a scene file. */
  function load({ scene = {}, text = null }) {
    aside.clear();
    Object.assign(state, { scene, text });
    return draw();
  }

  async function begin() {
    root.classList.add("explorer");
    root.innerHTML = SKELETON;
    $("panel").id = `${prefix}-panel`;
    try {
      start = await backend.start();
    } catch (fault) {
      $("wrong").textContent = fault.message;
      return;
    }
    state.start = start;
    presets();
    controls();
    downloads();
    drops();
    tabs();
    night.addEventListener("change", draw);
    await load(settings.first?.(start) ?? first());
  }

  state.ready = begin();
  return Object.assign(state, { load, copy, tell, end: () => night.removeEventListener("change", draw) });
}
