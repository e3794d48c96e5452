// What is said of the figure, under tabs: what it computes, its scene file and command, code for each framework, a layer to load.

import { make } from "./explorer_parts.js";

const TABS = { explanation: "What it computes", text: "Scene file", command: "Command" };
const NAMES = { torch: "PyTorch", keras: "Keras", jax: "JAX", onnx: "ONNX", numpy: "NumPy" };
const EDITED = ["text", "layer"];

/**
 * The tabs in `list` and what is chosen in `home`. `page` has the last `answer()`, the scene's `code(framework)`, a promise,
 * and takes a scene file by `useText(text)` and a layer by `useLayer(code)`, promises of what is wrong with it; `copy(text)` copies.
 */
export function words(list, home, frameworks, prefix, page) {
  const titles = { ...TABS, ...Object.fromEntries(frameworks.map((name) => [name, NAMES[name] ?? name])), layer: "Paste a layer" };
  const tabs = new Map(Object.entries(titles).map(([name, title]) => [name, tab(name, title)]));
  let chosen = "explanation";
  let layer = ""; // as it is written so far
  let shown = 0; // how often it was, so that code that comes late is not

  function tab(name, textContent) {
    const button = make("button", { type: "button", role: "tab", id: `${prefix}-tab-${name}`, textContent });
    button.setAttribute("aria-controls", `${prefix}-panel`);
    button.addEventListener("click", () => { chosen = name; show(); });
    return button;
  }

  function turn(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const all = [...list.children];
    const next = all[(all.indexOf(document.activeElement) + by + all.length) % all.length];
    next.focus();
    next.click();
  }

  /** Show what is chosen of the figure as it is now; a text that is being written in stays. */
  function show() {
    for (const [name, button] of tabs) {
      button.setAttribute("aria-selected", String(name === chosen));
      button.tabIndex = name === chosen ? 0 : -1;
    }
    home.setAttribute("aria-labelledby", `${prefix}-tab-${chosen}`);
    const answer = page.answer();
    const isWritten = EDITED.includes(chosen) && home.dataset.tab === chosen && home.contains(document.activeElement);
    if (!answer || isWritten) return;
    home.dataset.tab = chosen;
    shown += 1;
    if (chosen === "text") home.replaceChildren(...edited(answer.text, "Use this scene file", page.useText));
    else if (chosen === "layer") home.replaceChildren(...layerToLoad());
    else if (chosen === "explanation") home.replaceChildren(said((answer.explanation ?? [answer.figure.text]).join("\n"), "formula"));
    else if (chosen === "command") home.replaceChildren(...copied(answer.command ?? "convanim render figure.toml -o figure.gif"));
    else showCode(chosen);
  }

  async function showCode(framework) {
    const asked = shown;
    const parts = await page.code(framework).then(({ code }) => copied(code), ({ message }) => [make("p", { textContent: message })]);
    if (shown === asked) home.replaceChildren(...parts);
  }

  function said(textContent, className = "") {
    return make("pre", { textContent, className, tabIndex: 0, data: { "data-part": "copied" } });
  }

  function copied(text) {
    const button = make("button", { type: "button", textContent: "Copy" });
    button.addEventListener("click", () => page.copy(text));
    return [said(text), make("div", { className: "buttons" }, button)];
  }

  function edited(value, action, act, placeholder = "") {
    const area = make("textarea", { value, placeholder, spellcheck: false, ariaLabel: action });
    const button = make("button", { type: "button", textContent: action });
    const wrong = make("p", { className: "wrong", role: "alert" });
    button.addEventListener("click", async () => { wrong.textContent = await act(area.value); });
    return [area, make("div", { className: "buttons" }, button), wrong];
  }

  function layerToLoad() {
    const [area, ...rest] = edited(layer, "Load this layer", page.useLayer, "nn.Conv2d(1, 1, 3, stride=2, padding=1)");
    area.addEventListener("input", () => { layer = area.value; });
    return [area, ...rest];
  }

  home.id = `${prefix}-panel`;
  list.append(...tabs.values());
  list.addEventListener("keydown", turn);
  return { show };
}
