// Runs in every page before its own scripts: tells when something is shown, and counts what a page
// asks of the browser.
(() => {
  const nextFrame = globalThis.requestAnimationFrame.bind(globalThis);

  // A message that is sent while a frame is made arrives when it is painted.
  const { port1, port2 } = new MessageChannel();
  const waiting = [];
  let inFrame = false;
  port1.onmessage = () => {
    inFrame = false;
    for (const tell of waiting.splice(0)) tell(performance.now());
  };
  const enterFrame = () => {
    if (inFrame) return;
    inFrame = true;
    port2.postMessage(null);
  };

  /** When what has been changed is on the screen. */
  const painted = () =>
    new Promise((tell) => {
      waiting.push(tell);
      if (!inFrame) nextFrame(enterFrame);
    });

  /** Resolves when `find` finds something and it is painted; asked after each of these changes. */
  const appears = (changes, find) =>
    new Promise((resolve) => {
      const look = () => {
        if (!find()) return;
        observer.disconnect();
        painted().then(resolve);
      };
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, ...changes });
      look();
    });

  const asked = { timers: 0, frames: 0 };
  globalThis.requestAnimationFrame = (callback) => {
    asked.frames++;
    return nextFrame((time) => {
      enterFrame();
      callback(time);
    });
  };
  const { setTimeout, setInterval } = globalThis;
  globalThis.setTimeout = (...all) => {
    asked.timers++;
    return setTimeout(...all);
  };
  globalThis.setInterval = (callback, ...all) => {
    const count = (...values) => {
      asked.timers++;
      return callback(...values);
    };
    return setInterval(count, ...all);
  };

  let memory;
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const native = WebAssembly[name];
    WebAssembly[name] = async (...all) => {
      const made = await native.apply(WebAssembly, all);
      memory = (made.instance ?? made).exports.memory;
      return made;
    };
  }

  const longTasks = [];
  const noteTasks = (entries) => longTasks.push(...entries.map(({ duration }) => duration));
  const tasks = new PerformanceObserver((list) => noteTasks(list.getEntries()));
  tasks.observe({ type: "longtask", buffered: true });

  const interactions = new Map();
  const noteEvents = (entries) => {
    for (const { interactionId, duration } of entries) {
      if (!interactionId) continue;
      interactions.set(interactionId, Math.max(duration, interactions.get(interactionId) ?? 0));
    }
  };
  const events = new PerformanceObserver((list) => noteEvents(list.getEntries()));
  events.observe({ type: "event", durationThreshold: 16 });

  const keys = [];
  addEventListener("keydown", ({ timeStamp }) => {
    painted().then((now) => keys.push(now - timeStamp));
  });

  const starts = async () => {
    const changes = { childList: true, attributes: true };
    const state = () => document.documentElement?.dataset.connection ?? "disconnected";
    const isConnected = () => state() === "connected";
    const isUsable = () => {
      const box = document.getElementById("message-box");
      // What stands in the page before its scripts have run is of no use.
      return state() !== "disconnected" && box !== null && !box.disabled && box.checkVisibility();
    };
    const [usable, connected] = await Promise.all([
      appears(changes, isUsable),
      appears(changes, isConnected),
    ]);
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return { paint: paint?.startTime, usable, connected };
  };
  const started = starts();

  const count = () => Number(document.querySelector("[role=log]")?.dataset.messageCount);
  let armed;

  globalThis.probe = {
    painted,

    /** Gets ready to tell when so many messages are shown; `shown` is then when, by the wall clock. */
    arm(messages) {
      const changes = { attributes: true, attributeFilter: ["data-message-count"] };
      armed = appears(changes, () => count() >= messages);
    },
    shown: () => armed.then((now) => performance.timeOrigin + now),

    /** When the page could be seen and used, in milliseconds since the click that led to it. */
    start: () => started,

    /** What the page has asked for since it was last asked about. */
    asked() {
      const answer = { ...asked };
      asked.timers = asked.frames = 0;
      return answer;
    },

    /** The durations of the long tasks since it was last asked. */
    longTasks() {
      noteTasks(tasks.takeRecords());
      return longTasks.splice(0);
    },

    /** How long each key waited for its paint. */
    keys: () => keys.splice(0),

    /** The durations of the interactions that took longer than a frame. */
    interactions() {
      noteEvents(events.takeRecords());
      const durations = [...interactions.values()];
      interactions.clear();
      return durations;
    },

    wasmBytes: () => memory?.buffer.byteLength ?? 0,
  };
})();
