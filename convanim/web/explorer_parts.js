// What the parts of the explorer share: elements, and fields of a scene's mapping by their names.

/** An element with properties, a role, attributes (`data`) and children. */
export function make(tag, properties = {}, ...children) {
  const { role, data, ...own } = properties;
  const element = Object.assign(document.createElement(tag), own);
  if (role) element.setAttribute("role", role);
  for (const [name, value] of Object.entries(data ?? {})) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** Set a field of a scene's mapping, as `view.kind` for one of a section; undefined takes it away. */
export function put(scene, name, value) {
  const [section, inner] = name.includes(".") ? split(name) : ["", name];
  if (["__proto__", "constructor", "prototype"].includes(section) || inner === "__proto__") return;
  if (section && (typeof scene[section] !== "object" || scene[section] === null)) scene[section] = {};
  const home = section ? scene[section] : scene;
  if (value === undefined) delete home[inner];
  else home[inner] = value;
  if (section && !Object.keys(home).length) delete scene[section];
}

/** What a scene's mapping says of a field; undefined if nothing. */
export function held(scene, name) {
  const [section, inner] = name.includes(".") ? split(name) : ["", name];
  return section ? scene[section]?.[inner] : scene[name];
}

/** A section's name, and the rest, so that what is no field is refused as it was given. */
function split(name) {
  const at = name.indexOf(".");
  return [name.slice(0, at), name.slice(at + 1)];
}

/** What a text means: `5x7`, a number, a list, true or false; else the text itself. */
export function read(text) {
  const trimmed = text.trim();
  if (/^\d+(\s*[x×,]\s*\d+|\s+\d+)+$/.test(trimmed)) return trimmed.split(/[\sx×,]+/).map(Number);
  try { return JSON.parse(trimmed); } catch { return text; }
}

/** A field's name in a scene's mapping. */
export function nameOf(field) {
  return field.section ? `${field.section}.${field.name}` : field.name;
}
