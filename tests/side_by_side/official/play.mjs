// Plays the client's part of a scenario with the official client, and writes what happens, a line
// of JSON each. The scenario is the first line of the input; its end ends this.
//
// The client is made to think that it runs in a browser's worker, so that it does what it does in a
// browser: the token goes into the address of a socket, not into a header that no page can set.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const require = createRequire(new URL("../../../backend/tests/official_client/", import.meta.url));
Object.defineProperty(process, "release", { value: { name: "worker" } });
globalThis.self = globalThis;
globalThis.importScripts = () => {};
// What it sends last is sent even though nobody waits for the answer.
const requests = new Set();
const { fetch } = globalThis;
globalThis.fetch = (...given) => {
  const request = fetch(...given);
  const forget = () => requests.delete(request);
  requests.add(request);
  request.then(forget, forget);
  return request;
};
const WebSocket = require("ws");
const EventSource = require("eventsource");
const { HttpTransportType, HubConnectionBuilder, LogLevel, Subject } = require("@microsoft/signalr");

const said = [];
let changed = () => {};
const say = (line) => {
  said.push(line);
  console.log(JSON.stringify(line));
  changed();
};
const words = (error) => {
  const text = error instanceof SyntaxError ? error.toString() : (error?.message ?? error);
  return error === undefined ? "" : ` ${text}`;
};
const json = (value) => (value === undefined ? "null" : JSON.stringify(value));

async function heard(text, times) {
  while (said.filter((line) => line.includes(text)).length < times) {
    await new Promise((resolve) => (changed = resolve));
  }
}

function build({ url, options }) {
  const settings = { WebSocket, EventSource, headers: Object.fromEntries(options.headers) };
  if (options.transports) {
    settings.transport = options.transports.reduce((mask, name) => mask | HttpTransportType[name], 0);
  }
  if (options.skipNegotiation) {
    settings.skipNegotiation = true;
  }
  if (options.tokens.length > 0) {
    let asked = 0;
    settings.accessTokenFactory = () => {
      say("token asked");
      return options.tokens[Math.min(asked++, options.tokens.length - 1)];
    };
  }
  const log = (level, message) => {
    if (level === LogLevel.Warning && message.startsWith("No client method")) {
      say(`warning: ${message}`);
    }
  };
  const builder = new HubConnectionBuilder().withUrl(url, settings).configureLogging({ log });
  if (options.retry) {
    builder.withAutomaticReconnect(options.retry);
  }
  if (options.stateful) {
    builder.withStatefulReconnect();
  }
  const connection = builder.build();
  connection.keepAliveIntervalInMilliseconds = options.keepAlive ?? 15_000;
  connection.serverTimeoutInMilliseconds = options.serverTimeout ?? 30_000;
  connection.onreconnecting((error) => {
    say(`reconnecting:${words(error)}`);
    if (options.stopWhenReconnecting) {
      connection.stop();
    }
  });
  connection.onreconnected((id) => say(`reconnected: ${id ?? "no id"}`));
  connection.onclose((error) => say(`closed:${words(error)}`));
  return connection;
}

// Subjects are to be filled when the call is made.
function uploads(step) {
  return step.uploads.map((upload) => ({ subject: new Subject(), ...upload }));
}

function fill(streams) {
  for (const { subject, items, failure } of streams) {
    items.forEach((item) => subject.next(item));
    if (failure) {
      subject.error(new Error(failure));
    } else {
      subject.complete();
    }
  }
}

const streams = {};
let control;

const steps = {
  on(connection, { target, value, failure }) {
    connection.on(target, (...given) => {
      if (failure) {
        say(`called ${target}`);
        throw new Error(failure);
      }
      if (value !== null) {
        say(`called ${target}`);
        return value.some;
      }
      say(`called ${target} ${json(given)}`);
    });
  },
  off(connection, { target }) {
    connection.off(target);
  },
  start(connection, { wait }) {
    const started = connection.start().then(
      () => say("start: done"),
      (error) => say(`start failed:${words(error)}`),
    );
    return wait ? started : undefined;
  },
  stop(connection, { wait }) {
    const stopped = connection.stop().then(() => say("stop: done"));
    return wait ? stopped : undefined;
  },
  send(connection, step) {
    const up = uploads(step);
    const sent = connection.send(step.target, ...step.arguments, ...up.map((one) => one.subject));
    fill(up);
    return sent.then(
      () => say(`send ${step.target}: done`),
      (error) => say(`send ${step.target} failed:${words(error)}`),
    );
  },
  invoke(connection, step) {
    const up = uploads(step);
    const invoked = connection.invoke(step.target, ...step.arguments, ...up.map((one) => one.subject));
    fill(up);
    const told = invoked.then(
      (result) => say(`invoke ${step.target}: ${json(result)}`),
      (error) => say(`invoke ${step.target} failed:${words(error)}`),
    );
    return step.wait ? told : undefined;
  },
  stream(connection, step) {
    const up = uploads(step);
    const items = connection.stream(step.target, ...step.arguments, ...up.map((one) => one.subject));
    fill(up);
    streams[step.target] = items.subscribe({
      next: (item) => say(`stream ${step.target} item: ${json(item)}`),
      error: (error) => say(`stream ${step.target} failed:${words(error)}`),
      complete: () => say(`stream ${step.target}: end`),
    });
  },
  dispose(_, { target }) {
    streams[target].dispose();
  },
  await(_, { text, times }) {
    return heard(text, times);
  },
  arrived(_, { text, times }) {
    return fetch(control, { method: "POST", body: `${times} ${text}` });
  },
  release() {
    say("the server goes on");
    return fetch(control, { method: "POST", body: "" });
  },
  state(connection) {
    say(`state: ${connection.state}, ${connection.connectionId ?? "no id"}`);
  },
  url(connection, { url }) {
    try {
      connection.baseUrl = url;
      say("url: done");
    } catch (error) {
      say(`url failed:${words(error)}`);
    }
  },
};

const input = createInterface({ input: process.stdin });
input.once("line", async (line) => {
  const scenario = JSON.parse(line);
  control = scenario.control;
  const connection = build(scenario);
  for (const step of scenario.steps) {
    await steps[step.do](connection, step);
  }
  await connection.stop();
  await Promise.allSettled(requests);
  console.log(JSON.stringify(null));
});
input.on("close", () => process.exit(0));
