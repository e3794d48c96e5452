// The explorer in a notebook: what it asks goes to Python by messages, and the scene that it shows is the widget's.

const SLOW = 5_000; // milliseconds after which it is said that no answer comes
const GONE = "Python no longer has this figure: run the cell again.";
const UNANSWERED = "Python does not answer: it is busy, or it was restarted and the cell must be run again.";

async function load(text) {
  const address = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
  try { return await import(address); } finally { URL.revokeObjectURL(address); }
}

/** The red, green, blue and alpha of a colour, up to 255 each, in whatever notation it is. */
function channels(colour) {
  const brush = Object.assign(document.createElement("canvas"), { width: 1, height: 1 }).getContext("2d");
  brush.fillStyle = colour;
  brush.fillRect(0, 0, 1, 1);
  return brush.getImageData(0, 0, 1, 1).data;
}

/** Whether what an element lies on is dark: a notebook's theme need not be the system's. */
function isOnDark(element) {
  for (let at = element; at; at = at.parentNode ?? at.host) {
    if (at.nodeType !== Node.ELEMENT_NODE) continue;
    const [red, green, blue, alpha] = channels(getComputedStyle(at).backgroundColor);
    if (alpha > 127) return 0.3 * red + 0.59 * green + 0.11 * blue < 128;
  }
  return undefined;
}

/** Call `act` when the notebook's theme may be another: the page's outermost elements say which in their attributes. */
function watchTheme(act) {
  const watcher = new MutationObserver(act);
  for (const element of [document.documentElement, document.body]) watcher.observe(element, { attributes: true });
  return () => watcher.disconnect();
}

/** Keys that are pressed here are not the notebook's commands, but for those with Ctrl, Alt or the command key. */
function keep(event) {
  if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
}

export default {
  async render({ model, el }) {
    const { player, explorer } = model.get("_modules");
    if (!customElements.get("conv-anim")) await load(player);
    const { explore } = await load(explorer);
    const asked = new Map();
    const view = Math.random().toString(36).slice(2); // answers go to every view of a widget
    let count = 0;

    function ask(kind, question, buffers = []) {
      count += 1;
      const number = `${view}-${count}`;
      try {
        model.send({ number, kind, question }, undefined, buffers);
      } catch { // the notebook's kernel was restarted
        return Promise.reject(new Error(GONE));
      }
      const timer = setTimeout(() => { unanswered.textContent = UNANSWERED; }, SLOW);
      return new Promise((resolve, reject) => asked.set(number, { resolve, reject, timer }));
    }

    function told({ number: which, answer, reason, problems }, buffers) {
      const waiting = asked.get(which);
      if (!waiting) return;
      asked.delete(which);
      clearTimeout(waiting.timer);
      unanswered.textContent = "";
      if (reason === undefined) waiting.resolve(buffers.length ? new Blob(buffers) : answer);
      else waiting.reject(Object.assign(new Error(reason), { problems }));
    }

    const unanswered = Object.assign(document.createElement("div"), { className: "unanswered" });
    unanswered.setAttribute("role", "status");
    const backend = {
      start: () => ask("start", {}),
      figure: (question) => ask("figure", question),
      code: (question) => ask("code", question),
      layer: (question) => ask("layer", question),
      file: (suffix, question) => ask("file", { ...question, suffix }),
      picture: async (file, size) => ask("picture", { size }, [await file.arrayBuffer()]),
    };

    function shown(state) {
      const text = state.answer.text;
      if (model.get("text") === text) return;
      model.set("text", text);
      model.save_changes();
    }

    function changed() {
      if (page.start && model.get("text") !== page.answer?.text) page.load({ text: model.get("text") });
    }

    model.on("msg:custom", told);
    const home = document.createElement("div");
    home.addEventListener("keydown", keep);
    el.append(unanswered, home);
    const page = explore(home, backend, { shown, dark: () => isOnDark(el), first: () => ({ text: model.get("text") }) });
    const unwatch = watchTheme(page.dress);
    model.on("change:text", changed);
    return () => {
      unwatch();
      for (const { timer } of asked.values()) clearTimeout(timer);
      model.off("msg:custom", told);
      model.off("change:text", changed);
      page.end();
    };
  },
};
