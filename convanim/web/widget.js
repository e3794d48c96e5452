// The explorer in a notebook: what it asks goes to Python by messages, and the scene that it shows is the widget's.

const load = (text) => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));

export default {
  async render({ model, el }) {
    const { player, explorer } = model.get("_modules");
    if (!customElements.get("conv-anim")) await load(player);
    const { explore } = await load(explorer);
    const asked = new Map();
    let number = 0;

    function ask(kind, question, buffers = []) {
      number += 1;
      model.send({ number, kind, question }, undefined, buffers);
      return new Promise((resolve, reject) => asked.set(number, { resolve, reject }));
    }

    function told({ number: which, answer, reason, problems }, buffers) {
      const waiting = asked.get(which);
      if (!waiting) return;
      asked.delete(which);
      if (reason === undefined) waiting.resolve(buffers.length ? new Blob(buffers) : answer);
      else waiting.reject(Object.assign(new Error(reason), { problems }));
    }

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
      if (model.get("text") !== page.answer?.text) page.load({ text: model.get("text") });
    }

    model.on("msg:custom", told);
    const home = document.createElement("div");
    el.append(home);
    const page = explore(home, backend, { shown, first: () => ({ text: model.get("text") }) });
    model.on("change:text", changed);
    return () => {
      model.off("msg:custom", told);
      model.off("change:text", changed);
      page.end();
    };
  },
};
