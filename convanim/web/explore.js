// The explorer's page: it asks the server that it came from, and the address holds the scene.

import "./player.js";
import { explore, first } from "./explorer.js";
import { put, read } from "./explorer_parts.js";

async function answered(response) {
  if (response.ok) return response;
  const said = await response.json().catch(() => ({ reason: `the server answered ${response.status}` }));
  throw Object.assign(new Error(said.reason), { problems: said.problems ?? [] });
}

async function ask(path, options) {
  try { return await answered(await fetch(path, options)); } catch (fault) {
    throw fault instanceof TypeError ? new Error("the server does not answer; start convanim explore again, or reload the page") : fault;
  }
}

async function post(path, asked) {
  return ask(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(asked) });
}

let late = 0; // the timer of an address that is to be written again

const backend = {
  start: async () => (await ask("api/start")).json(),
  figure: async (asked) => (await post("api/figure", asked)).json(),
  code: async (asked) => (await post("api/code", asked)).json(),
  layer: async (asked) => (await post("api/layer", asked)).json(),
  file: async (suffix, asked) => (await post(`api/file/${suffix}`, asked)).blob(),
  picture: async (file, size) => (await ask(`api/picture?size=${size.join("x")}`, {
    method: "POST", headers: { "Content-Type": "application/octet-stream" }, body: file,
  })).json(),
};

function address({ scene, text }) {
  const pairs = [];
  const add = (name, value) => pairs.push(`${name}=${encodeURIComponent(written(value))}`);
  if (text !== null) add("text", text);
  else {
    for (const [name, value] of Object.entries(scene)) {
      if (["values", "view", "timing"].includes(name)) {
        for (const [inner, held] of Object.entries(value)) add(`${name}.${inner}`, held);
      } else add(name, value);
    }
  }
  return `#${pairs.join("&")}`;
}

/** A value in the address: a text as it is, unless it would be read as something else. */
function written(value) {
  return typeof value === "string" && read(value) === value ? value : JSON.stringify(value);
}

/** The figure that the address names: fields of a scene, a scene file's text, or a figure that comes with convanim. */
function addressed({ presets }) {
  const scene = {};
  for (const pair of location.hash.slice(1).split("&")) {
    const at = pair.indexOf("=");
    if (at < 1) continue;
    let text;
    try { text = decodeURIComponent(pair.slice(at + 1)); } catch { continue; }
    const name = pair.slice(0, at);
    if (name === "preset") {
      const preset = presets.find((each) => each.name === text);
      return preset ? { text: preset.text } : { ...first(), problem: `no figure that comes with convanim is called "${text}"` };
    }
    if (name === "text") return { text: typeof read(text) === "string" ? read(text) : text };
    put(scene, name, read(text));
  }
  return Object.keys(scene).length ? { scene } : null;
}

function shown(state) {
  document.title = `${state.answer.figure.title} – Explore a convolution`;
  write(address(state), state.isNew);
  state.isNew = false;
}

/** Have the address hold what is shown: later, if the browser takes no more of them for now, as Safari after a hundred in half a minute. */
function write(hash, isNew) {
  clearTimeout(late);
  try { history[isNew ? "pushState" : "replaceState"](null, "", hash); } catch { late = setTimeout(() => write(hash, isNew), 1_000); }
}

const page = explore(document.querySelector("#explorer"), backend, { shown, first: addressed });
globalThis.explorer = page;
const share = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy link" });
share.addEventListener("click", () => page.copy(location.href));
document.querySelector("#explorer [data-part=bar]").append(share);
addEventListener("hashchange", () => {
  clearTimeout(late);
  if (page.start) page.load(addressed(page.start) ?? first());
});
