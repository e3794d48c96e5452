// What the player consists of: its style, its icons, and its elements, before there is a figure.

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

/** An icon's markup. */
export function icon(name) {
  return `<svg viewBox="0 0 16 16" aria-hidden="true"><path d="${ICONS[name]}"/></svg>`;
}

/** The player's elements by name; `acts` says what each control does, a slider and a choice with its value. */
export function partsOf(acts) {
  const button = (name) => {
    const element = make("button", { type: "button", innerHTML: icon(name) });
    element.addEventListener("click", acts[name]);
    return element;
  };
  const canvas = make("canvas");
  canvas.setAttribute("role", "img");
  const scrub = make("input", { type: "range", min: 0, max: 0, step: 1, value: 0 });
  scrub.addEventListener("input", () => acts.scrub(Number(scrub.value)));
  const speed = make("select", {}, ...SPEEDS.map((each) => make("option", { value: each, selected: each === 1 }, `${each}×`)));
  speed.addEventListener("change", () => acts.speed(Number(speed.value)));
  const parts = {
    canvas, scrub, speed,
    play: button("play"), back: button("back"), forward: button("forward"), loop: button("loop"), full: button("full"),
    place: make("output"), said: make("div", { className: "said" }), live: make("div", { className: "unseen" }),
    style: make("style", { textContent: STYLE }),
  };
  parts.full.hidden = !document.fullscreenEnabled;
  for (const part of [parts.said, parts.live]) part.setAttribute("aria-live", "polite");
  parts.place.setAttribute("aria-live", "off");
  parts.bar = make("div", { className: "bar" },
    parts.play, parts.back, scrub, parts.forward, parts.place, speed, parts.loop, parts.full);
  for (const part of [canvas, parts.bar]) part.style.display = "none"; // until there is a figure
  return parts;
}

function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}
