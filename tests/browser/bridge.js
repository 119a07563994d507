// A stand-in for a notebook: models with get/set/save_changes/on/off/send, connected to real widgets in Python.
// It behaves as Jupyter's widget manager and anywidget do: one module, one style and one `initialize` per model;
// updates wait while one is under way; a view's listeners go with the view; messages carry DataViews.

const models = new Map(); // by model id, in the order of opening
const views = [];
const decoder = new TextDecoder();
const encoder = new TextEncoder();
let sent = 0;
let handled = 0;
let posting = Promise.resolve(); // one after another: the kernel sees them in order

function post(message, buffers = []) {
  const id = ++sent;
  const parts = buffers.map((b) => new Uint8Array(b.buffer ?? b, b.byteOffset ?? 0, b.byteLength));
  const header = encoder.encode(
    JSON.stringify({ ...message, id, buffers: parts.map((p) => p.byteLength) }),
  );
  const length = new Uint32Array([header.byteLength]);
  const body = new Blob([length, header, ...parts]);
  posting = posting.then(() => fetch("/message", { method: "POST", body }));
  return id;
}

const equal = (a, b) =>
  a === b || (!ArrayBuffer.isView(a) && !ArrayBuffer.isView(b) && JSON.stringify(a) === JSON.stringify(b));

class Model {
  #listeners = [];
  #changed = new Set();
  #pending = null; // id of the update that Python has not handled yet

  constructor(id, state) {
    this.id = id;
    this.state = state;
    this.controller = new AbortController();
  }

  proxy(context) {
    return {
      get: (key) => this.state[key],
      set: (key, value) => {
        for (const name of this.assign(typeof key === "object" ? key : { [key]: value }))
          this.#changed.add(name);
      },
      save_changes: () => this.#save(),
      send: (content, _callbacks, buffers) => {
        post({ model: this.id, method: "custom", content }, buffers);
      },
      on: (event, callback) => this.#listeners.push({ event, callback, context }),
      off: (event, callback) => this.off(context, event, callback),
      widget_manager: { get_model: async (id) => models.get(id)?.proxy(context) },
    };
  }

  off(context, event, callback) {
    this.#listeners = this.#listeners.filter(
      (l) =>
        l.context !== context || (event && l.event !== event) || (callback && l.callback !== callback),
    );
  }

  /** Sets all, then tells of each; returns the names that changed. */
  assign(state) {
    const names = Object.keys(state).filter((name) => !equal(this.state[name], state[name]));
    for (const name of names) this.state[name] = state[name];
    for (const name of names) this.emit(`change:${name}`, this, this.state[name]);
    if (names.length > 0) this.emit("change", this);
    return names;
  }

  emit(event, ...values) {
    for (const listener of [...this.#listeners])
      if (listener.event === event) listener.callback(...values);
  }

  idle(message) {
    if (message !== this.#pending) return;
    this.#pending = null;
    this.#save();
  }

  #save() {
    if (this.#pending !== null || this.#changed.size === 0) return;
    const state = {};
    for (const name of this.#changed) state[name] = structuredClone(this.state[name]);
    this.#changed.clear();
    this.#pending = post({ model: this.id, method: "update", state, buffer_paths: [] });
  }

  get listeners() {
    return this.#listeners.length;
  }
}

function restore(state, paths, buffers) {
  paths.forEach((path, i) => {
    const owner = path.slice(0, -1).reduce((at, step) => at[step], state);
    owner[path.at(-1)] = buffers[i];
  });
  return state;
}

async function open(message, buffers) {
  const model = new Model(message.model, restore(message.state, message.buffer_paths, buffers));
  models.set(message.model, model);
  const style = document.createElement("style");
  style.textContent = model.state._css ?? "";
  document.head.append(style);
  const url = URL.createObjectURL(new Blob([model.state._esm], { type: "text/javascript" }));
  model.definition = import(url).then(async ({ default: exported }) => {
    const definition = typeof exported === "function" ? await exported() : exported;
    const { signal } = model.controller;
    const cleanup = await definition.initialize?.({ model: model.proxy("initialize"), signal });
    if (typeof cleanup === "function") signal.addEventListener("abort", () => cleanup());
    return definition;
  });
  await model.definition;
  URL.revokeObjectURL(url);
}

/** Draws one more view of a model, as displaying the widget in another cell does. */
async function show(model) {
  const cell = document.createElement("section");
  cell.className = "cell";
  document.querySelector("main").append(cell);
  const controller = new AbortController();
  const signal = AbortSignal.any([model.controller.signal, controller.signal]);
  const definition = await model.definition;
  const cleanup = await definition.render({ model: model.proxy(cell), el: cell, signal });
  const view = { cell, close };
  function close() {
    controller.abort();
    model.off(cell);
    if (typeof cleanup === "function") cleanup();
    cell.remove();
  }
  model.controller.signal.addEventListener("abort", close, { signal: controller.signal });
  views.push(view);
  return view;
}

function handle(message, buffers) {
  const model = models.get(message.model);
  if (message.type === "open") open(message, buffers).then(() => arrived());
  else if (message.type === "update")
    model?.assign(restore(message.state, message.buffer_paths, buffers));
  else if (message.type === "custom") model?.emit("msg:custom", message.content, buffers);
  else if (message.type === "idle") for (const each of models.values()) each.idle(message.message);
  else if (message.type === "close") {
    model?.controller.abort();
    models.delete(message.model);
  }
}

function decode(bytes) {
  const start = bytes.byteOffset;
  const length = new DataView(bytes.buffer, start).getUint32(0, true);
  const message = JSON.parse(decoder.decode(bytes.subarray(4, 4 + length)));
  let offset = start + 4 + length;
  const buffers = message.buffers.map((size) => {
    offset += size;
    return new DataView(bytes.buffer, offset - size, size);
  });
  return [message, buffers];
}

/** Messages from Python: a stream of byte strings, each after its length. */
async function listen() {
  const reader = (await fetch("/messages")).body.getReader();
  let rest = new Uint8Array();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const joined = new Uint8Array(rest.byteLength + value.byteLength);
    joined.set(rest);
    joined.set(value, rest.byteLength);
    rest = joined;
    while (rest.byteLength >= 4) {
      const size = new DataView(rest.buffer, rest.byteOffset).getUint32(0, true);
      if (rest.byteLength < 4 + size) break;
      const whole = rest.slice(4, 4 + size);
      rest = rest.subarray(4 + size);
      handle(...decode(whole));
      handled += 1;
    }
  }
}

const query = new URLSearchParams(location.search);
const wanted = (query.get("views") ?? "0").split(",").filter(Boolean).map(Number);
let arrived;
const ready = new Promise((resolve, reject) => {
  arrived = async () => {
    try {
      if (models.size <= Math.max(...wanted)) return;
      arrived = () => {};
      for (const index of wanted) await show([...models.values()][index]);
      resolve();
    } catch (error) {
      reject(error);
    }
  };
});

document.body.dataset.jpThemeLight = String(query.get("theme") !== "dark");
document.body.dataset.jpThemeName = query.get("theme") === "dark" ? "JupyterLab Dark" : "JupyterLab Light";
window.bridge = {
  ready,
  views,
  show: (index) => show([...models.values()][index]),
  listeners: (index) => [...models.values()][index].listeners,
  /** Waits until the kernel has every message, then tells how many came from it. */
  delivered: () => posting.then(() => handled),
};
listen();
