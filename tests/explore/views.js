// A notebook without Jupyter, for tests: one model of a widget and its views, in every element that the selector names. What a view asks
// goes to `toPython`, and what comes back to every view, as in a notebook; `notebook` says how.
async ({ source, values, selector }) => {
  const notebook = globalThis.notebook = { delay: 0, isGone: false, isSilent: false };
  const listeners = {};
  const tell = (name, ...said) => { for (const act of [...(listeners[name] ?? [])]) act(...said); };
  const model = {
    get: (name) => values[name],
    set(name, value) { values[name] = value; tell(`change:${name}`); },
    save_changes() {},
    on(name, act) { (listeners[name] ??= []).push(act); },
    off(name, act) { listeners[name] = listeners[name].filter((each) => each !== act); },
    async answer(message) {
      const { content, buffers } = await globalThis.toPython(message);
      await new Promise((done) => { setTimeout(done, notebook.delay); });
      tell("msg:custom", content, buffers.map((each) => Uint8Array.from(each)));
    },
    send(message) {
      if (notebook.isGone) throw new Error("Cannot send");
      if (!notebook.isSilent) this.answer(message);
    },
  };
  const { default: widget } = await import(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  await Promise.all([...document.querySelectorAll(selector)].map((el) => widget.render({ model, el })));
}
