// Cells pointed at with a mouse, tapped with a finger, and steps swiped through.

const TAP = 12; // pixels that a finger may move meanwhile
const SWIPE = 40; // and that it must, sideways
const AFTER_A_TAP = 700; // milliseconds in which a click is the tap's own

/**
 * Listen to a canvas. `cellAt(event)` is the cell there, or null; `held()` the cell that the reader stays at, or null;
 * `point(cell, how)` points at a cell ("hover" or "pin"), or lets go; `step(by)` goes on or back.
 */
export function listen(canvas, { cellAt, held, point, step }) {
  let start = null; // where a finger went down
  let tapped = -Infinity;
  const on = (name, act) => canvas.addEventListener(name, act);

  function press(event) {
    const at = cellAt(event);
    point(at && String(at) !== String(held()) ? at : null, "pin");
  }

  function lift(event) {
    if (!start) return;
    const [dx, dy] = [event.clientX - start[0], event.clientY - start[1]];
    start = null;
    if (Math.hypot(dx, dy) < TAP) {
      tapped = event.timeStamp;
      press(event);
    } else if (Math.abs(dx) > SWIPE && Math.abs(dx) > 2 * Math.abs(dy)) step(dx < 0 ? 1 : -1);
  }

  on("pointermove", (event) => {
    if (event.pointerType === "touch" || event.buttons || held()) return;
    const at = cellAt(event);
    canvas.style.cursor = at ? "pointer" : "";
    point(at, "hover");
  });
  on("pointerleave", () => { if (!held()) point(null); });
  on("pointerdown", (event) => { start = event.pointerType === "touch" ? [event.clientX, event.clientY] : null; });
  on("pointercancel", () => { start = null; });
  on("pointerup", lift);
  on("click", (event) => { if (event.timeStamp - tapped > AFTER_A_TAP) press(event); });
}
