// Files out of the explorer and into it: downloads of the figure, and pictures that become its input.

import { make } from "./explorer_parts.js";

const LONGEST = 60;

/**
 * A button for each format; `file(suffix)` is a promise of its bytes, `title()` one of what it is named by, `tell` and `refuse` say what
 * comes of it.
 */
export function downloads(home, formats, { file, title, tell, refuse }) {
  async function download(suffix, button) {
    button.disabled = true;
    refuse("");
    tell(`Making ${suffix}`, false);
    try {
      const name = `${named(await title())}.${suffix}`;
      const data = await file(suffix);
      const link = make("a", { href: URL.createObjectURL(data), download: name });
      home.append(link); // where who shows the page sees the click: VS Code saves what such a link leads to
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
      tell(`${name}, ${data.size.toLocaleString("en")} bytes`);
    } catch (fault) {
      tell("");
      refuse(fault.message);
    }
    button.disabled = false;
  }

  for (const { suffix, summary } of formats) {
    const button = make("button", { type: "button", textContent: suffix.toUpperCase(), title: summary });
    button.addEventListener("click", () => download(suffix, button));
    home.append(button);
  }
}

/** A title as a file's name: its letters, with their marks, and digits. */
function named(title) {
  const parts = title.toLowerCase().replaceAll("×", "x").match(/[\p{L}\p{M}\p{N}]+/gu) ?? ["figure"];
  return [...parts.join("-")].slice(0, LONGEST).join("").replace(/-$/, "");
}

/** Pictures that are dropped on `stage` or chosen with `entry` are handed to `use`. */
export function pictures(stage, entry, use) {
  for (const name of ["dragenter", "dragover"]) {
    stage.addEventListener(name, (event) => { event.preventDefault(); stage.classList.add("dragged"); });
  }
  stage.addEventListener("dragleave", () => stage.classList.remove("dragged"));
  stage.addEventListener("drop", (event) => {
    event.preventDefault();
    stage.classList.remove("dragged");
    use(event.dataTransfer.files[0]);
  });
  entry.addEventListener("change", () => {
    const [file] = entry.files;
    entry.value = ""; // so that choosing it again is a change
    if (file) use(file);
  });
}
