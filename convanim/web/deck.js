// A deck: every placement is a fragment, so whatever turns the pages steps the figure.

function follow() {
  const slide = Reveal.getCurrentSlide();
  const figure = slide && slide.querySelector("conv-anim");
  if (figure) figure.setAttribute("step", String(slide.querySelectorAll(".fragment.visible").length + 1));
}

Reveal.initialize({ hash: true, width: 1280, height: 800, margin: 0.03, transition: "none", slideNumber: "c/t" });
for (const name of ["ready", "slidechanged", "fragmentshown", "fragmenthidden", "resize"]) Reveal.on(name, follow);
