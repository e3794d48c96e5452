// The explorer: controls for every field of a scene, and the figure that convanim makes of them. Nothing is computed here.
//
// Whoever shows it gives it a backend: start(), figure(asked), code(asked), layer(asked), picture(file, size) and
// file(suffix, asked), each a promise; what is refused is an Error with `problems`.
//
// It stands in six files, which `formats/scripts.py` joins to one: this one holds the scene, and asks for its figure.

import { controls } from "./explorer_controls.js";
import { downloads, pictures } from "./explorer_files.js";
import { held, make, nameOf, put } from "./explorer_parts.js";
import { editors } from "./explorer_values.js";
import { words } from "./explorer_words.js";

const SKELETON = `
<div class="bar" data-part="bar"><label>Start from <select data-part="presets"><option value="">a figure …</option></select></label></div>
<div class="main" data-part="main">
<section class="stage" data-part="stage">
<h2 data-part="title"></h2>
<p class="note" data-part="note"></p>
<conv-anim paused data-part="figure"></conv-anim>
<ul class="notices" data-part="notices"></ul>
<div class="wrong" role="alert" data-part="wrong"></div>
<p class="drop" data-part="drop">Drop a picture here to make it the input, or <label class="link">choose one<input type="file" accept="image/*" data-part="picture"></label>.</p>
</section>
<form class="controls" aria-label="Parameters" data-part="controls"></form>
<section class="values" aria-label="Values" data-part="values"></section>
<section class="said">
<div role="tablist" aria-label="What it computes, and the scene in other words" data-part="tabs"></div>
<div class="panel" role="tabpanel" tabindex="0" data-part="panel"></div>
</section>
<section class="downloads" aria-label="Download"><h2>Download</h2><div class="buttons" data-part="downloads"></div></section>
</div>
<div role="status" class="told" data-part="status"></div>`;
const night = matchMedia("(prefers-color-scheme: dark)");
const NEEDED = { scale_factor: 2, kernel: 2 }; // what an operation is given that cannot be without
const COUNT = Symbol.for("explorers of this page"); // which may load this module anew for each

/** The figure to begin with, where nobody names one. */
export function first() {
  return { scene: { input: 5, kernel: 3, stride: 2, padding: 1 } };
}

/**
 * Show the explorer in an element. `settings.shown` is called with the state when a figure is there, `settings.dark` says whether
 * what it lies on is dark, where that need not be as the system has it.
 */
export function explore(root, backend, settings = {}) {
  const prefix = `explore-${globalThis[COUNT] = (globalThis[COUNT] ?? 0) + 1}`;
  const $ = (part) => root.querySelector(`[data-part="${part}"]`);
  // what is shown and why: the scene as it is asked for, and the last answer that could be drawn
  const state = { scene: {}, text: null, answer: null, problems: [], ready: null, busy: false, isNew: false, took: [] };
  const aside = new Map(); // fields that the operation has no use for, as they were
  const misfits = new Map(); // and values of cells of which there are another number by now
  const fitted = new Map(); // those that a figure was drawn with, as texts
  let picture = null; // the file that is the input, and for which size it was read
  let start = null;
  let parts = null; // of the page: its controls, and what it says
  let waiting = false;
  let entered = ""; // the field that was changed last
  let wishes = 0; // how often something was wished for, so that what comes late does not replace it
  let hasEnded = false;
  let telling = 0; // the timer that takes away what is told

  function request() {
    return state.text === null ? { scene: state.scene } : { text: state.text };
  }

  /** Be dark or light as it is about, and draw again if that was otherwise. */
  function dress() {
    const dark = settings.dark?.() ?? night.matches;
    if (root.classList.contains("dark") === dark) return;
    root.classList.toggle("dark", dark);
    if (parts) draw();
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
          show(await backend.figure({ ...request(), dark: root.classList.contains("dark") }));
          state.took.push(performance.now() - started);
        } catch (fault) {
          if (waiting) continue; // what was refused is wanted no more
          if (setMisfitsAside(fault.problems ?? [])) waiting = true;
          else complain(fault);
        }
      } while (waiting);
    })().finally(() => { state.busy = false; });
    return state.ready;
  }

  function show(answer) {
    state.answer = answer;
    state.problems = [];
    $("figure").data = answer.figure;
    $("title").textContent = answer.figure.title;
    $("note").textContent = answer.note;
    $("notices").replaceChildren(...[...answer.notices, ...leftOut()].map((textContent) => make("li", { textContent })));
    $("stage").classList.remove("stale");
    explain([], "");
    for (const [name, values] of Object.entries(answer.scene?.values ?? {})) {
      if (Array.isArray(values)) fitted.set(`values.${name}`, JSON.stringify(values));
    }
    if (waiting) return; // what is wished for by now is another scene
    if (answer.scene) {
      state.scene = answer.scene;
      state.text = null;
    }
    $("controls").hidden = !answer.scene;
    $("main").classList.toggle("whole", !answer.scene);
    $("drop").hidden = answer.resolved?.input.length !== 2;
    if (answer.scene) parts.controls.fill(answer.scene, answer.resolved);
    editors($("values"), answer.values ?? {}, answer.called ?? {}, (name, values) => set(`values.${name}`, values), (why) => complain(new Error(why)));
    parts.words.show();
    settings.shown?.(state);
    if (picture && answer.scene && picture.size !== String(answer.resolved.input)) usePicture(picture.file);
  }

  /** What is wrong is said beside the field, and once for all; the last figure stays, dimmed. */
  function complain(fault) {
    state.problems = fault.problems ?? [];
    if (state.text === null) {
      $("controls").hidden = false;
      $("main").classList.remove("whole");
      parts.controls.fill(state.scene, {});
    }
    $("stage").classList.add("stale");
    explain(state.problems, fault.message);
  }

  function explain(problems, message) {
    parts.controls.explain(problems);
    $("wrong").textContent = message;
  }

  /** What is set aside, and why. */
  function* leftOut() {
    if (aside.size) yield `set aside, since ${held(state.scene, "op") ?? "conv"} has no use for it: ${[...aside.keys()].join(", ")}`;
    if (misfits.size) yield `set aside until the sizes are as they were: ${[...misfits.keys()].join(", ")}`;
  }

  /** Whether nothing was wrong but cells' values that fit no more: they are set aside, till they do. */
  function setMisfitsAside(problems) {
    const names = problems.map(({ field }) => field);
    const isMisfit = (name) => name !== entered && fitted.has(name) && fitted.get(name) === JSON.stringify(held(state.scene, name));
    if (!entered || state.text !== null || !names.length || !names.every(isMisfit)) return false;
    for (const name of names) {
      misfits.set(name, held(state.scene, name));
      put(state.scene, name, undefined);
    }
    return true;
  }

  /** Change a field of the scene; of a figure of several scenes its file is changed, in the tab. */
  function set(name, value) {
    wishes += 1;
    state.text = null;
    state.isNew = false;
    entered = name;
    if (name === "values.input") picture = null;
    misfits.delete(name);
    for (const [each, values] of misfits) if (held(state.scene, each) === undefined) put(state.scene, each, values);
    misfits.clear();
    $("presets").value = ""; // it is another figure now
    put(state.scene, name, value);
    if (name === "op") turnTo(value ?? "conv");
    if (!/^(title$|description$|view\.|timing\.)/.test(name)) unname();
    draw();
  }

  /** A figure that comes with convanim is, once changed, no longer what its title, its description and its note say. */
  function unname() {
    for (const name of ["title", "description", "note"]) {
      if (start.presets.some((preset) => preset[name] === state.scene[name])) put(state.scene, name, undefined);
    }
  }

  /** Another operation: what it has no use for is set aside, said so, and comes back with one that has. */
  function turnTo(op) {
    for (const field of start.fields) {
      const name = nameOf(field);
      if (name === "op") continue;
      if (!field.ops.includes(op) && held(state.scene, name) !== undefined) {
        if (NEEDED[name] !== held(state.scene, name)) aside.set(name, held(state.scene, name));
        put(state.scene, name, undefined);
      } else if (field.ops.includes(op) && aside.has(name)) {
        if (held(state.scene, name) === undefined) put(state.scene, name, aside.get(name));
        aside.delete(name);
      }
    }
    const needed = op === "upsample" ? "scale_factor" : "kernel";
    const isSized = op === "upsample" && held(state.scene, "output_size") !== undefined;
    if (held(state.scene, needed) === undefined && !isSized) put(state.scene, needed, NEEDED[needed]);
  }

  /** Show what a scene file says; the promise has what is wrong with it, or nothing. */
  async function useText(text) {
    await load({ text, isNew: true });
    return $("wrong").textContent;
  }

  /** Show a layer; the promise has what is wrong with it, or nothing. */
  async function useLayer(code) {
    const wish = wishes += 1;
    try {
      const { scene } = await backend.layer({ code, input: state.answer?.resolved?.input ?? null });
      if (wish === wishes) await load({ scene: { ...scene, ...(state.scene.view ? { view: state.scene.view } : {}) }, isNew: true });
    } catch (fault) {
      return fault.message;
    }
    return "";
  }

  async function usePicture(file) {
    const size = state.answer?.resolved?.input;
    if (!file) refuse("what was dropped is no file; legal is a picture");
    else if (size?.length !== 2) refuse("a picture can be the input of a scene of two axes");
    else {
      const [wish, before] = [wishes += 1, picture];
      picture = { file, size: "" }; // of none yet, so that it is asked for again if another change comes first
      try {
        const { image } = await backend.picture(file, size);
        if (wish !== wishes) return;
        set("values.input", { image });
        picture = { file, size: String(size) };
      } catch (fault) {
        if (wish !== wishes) return;
        picture = before;
        refuse(fault.message);
      }
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

  /** Say what was done: for some seconds, or while it is being done. */
  function tell(text, isDone = true) {
    clearTimeout(telling);
    $("status").textContent = text;
    if (isDone) telling = setTimeout(() => tell("", false), 6000);
  }

  function refuse(text) {
    $("wrong").textContent = text;
  }

  function presets() {
    const choice = $("presets");
    for (const label of new Set(start.presets.map(({ heading }) => heading))) {
      const figures = start.presets.filter(({ heading }) => heading === label);
      choice.append(make("optgroup", { label }, ...figures.map(({ name, title }) => make("option", { value: name, textContent: title || name }))));
    }
    choice.addEventListener("change", () => {
      const chosen = start.presets.find(({ name }) => name === choice.value);
      if (!chosen) return;
      useText(chosen.text);
      choice.value = chosen.name;
    });
  }

  // Show another figure: a scene's mapping, or the text of a scene file. `isNew` says that the reader chose it here, `problem`
  // what is wrong with what was asked for.
  async function load({ scene = state.scene, text = null, isNew = false, problem = "" }) {
    wishes += 1;
    entered = "";
    picture = null;
    aside.clear();
    misfits.clear();
    fitted.clear();
    $("presets").value = "";
    Object.assign(state, { scene, text, isNew });
    await draw();
    if (problem) refuse(problem);
  }

  async function begin() {
    root.classList.add("explorer");
    dress();
    root.innerHTML = SKELETON;
    try {
      start = await backend.start();
    } catch (fault) {
      refuse(fault.message);
      return;
    }
    state.start = start;
    presets();
    parts = {
      controls: controls($("controls"), start.fields, prefix, set),
      words: words($("tabs"), $("panel"), start.frameworks, prefix, {
        answer: () => state.answer, code: (framework) => backend.code({ ...request(), framework }), useText, useLayer, copy,
      }),
    };
    downloads($("downloads"), start.formats, {
      file: (suffix) => backend.file(suffix, request()), title: async () => { await state.ready; return state.answer?.figure.title ?? ""; }, tell, refuse,
    });
    pictures($("stage"), $("picture"), usePicture);
    if (hasEnded) return;
    night.addEventListener("change", dress);
    await load(settings.first?.(start) ?? first());
  }

  function end() {
    hasEnded = true;
    night.removeEventListener("change", dress);
  }

  state.ready = begin();
  return Object.assign(state, { load, copy, tell, refuse, dress, end });
}
