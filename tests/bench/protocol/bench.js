// Measures both sides in turn, in batches that are long against the clock's resolution: what
// disturbs the one disturbs the other. A row's ratio is the median of its rounds.
import init, { Words, read, write_completion } from "./protocol_bench.js";

const { JsonHubProtocol, NullLogger } = globalThis.signalR;
const RS = "\u001e";
const ROUNDS = 15;
const BATCH_MILLISECONDS = 40;

const official = new JsonHubProtocol();
const record = (message) => JSON.stringify(message) + RS;
const says = (text) => ({ sender: "alice@example.com", text, isPrivate: false });
const call = (text) => record({ type: 1, target: "newMessage", arguments: [says(text)] });

const short = "Shall we meet at the usual place, at half past eight?";
const plain = short.repeat(2000);
const strange = 'a "quoted" line\n\twith é, 漢字 and 😀\\\u0001 '.repeat(2500);

let kept;

function reading(name, text, count = 1) {
  const parsed = official.parseMessages(text, NullLogger.instance).length;
  if (parsed !== count || read(text) !== count) {
    throw new Error(`${name}: not ${count} messages`);
  }
  return {
    name,
    bytes: new TextEncoder().encode(text).length,
    ours: () => (kept = read(text)),
    official: () => (kept = official.parseMessages(text, NullLogger.instance)),
  };
}

function writing(name, text) {
  const words = new Words(text);
  const message = { type: 1, invocationId: "7", target: "newMessage", arguments: [says(text)] };
  return same(name, () => words.write(), () => official.writeMessage(message));
}

function same(name, ours, theirs) {
  const value = (text) => JSON.stringify(Object.entries(JSON.parse(text.slice(0, -1))).sort());
  if (value(ours()) !== value(theirs())) {
    throw new Error(`${name}: ${ours()} is not ${theirs()}`);
  }
  return {
    name,
    bytes: new TextEncoder().encode(ours()).length,
    ours: () => (kept = ours()),
    official: () => (kept = theirs()),
  };
}

const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

/** Milliseconds that so many runs take. */
function time(run, count) {
  const begun = performance.now();
  for (let i = 0; i < count; i++) run();
  return performance.now() - begun;
}

function measure({ name, bytes, ours, official }) {
  let count = 1;
  while (time(official, count) < BATCH_MILLISECONDS) count *= 2;
  // Both sides are compiled as far as they will be.
  for (let i = 0; i < 3; i++) time(ours, count) + time(official, count);
  const rounds = Array.from({ length: ROUNDS }, (_, round) => {
    // Neither is always the first.
    const first = round % 2 === 0 ? ours : official;
    const one = time(first, count);
    const other = time(first === ours ? official : ours, count);
    return first === ours ? [one, other] : [other, one];
  });
  return {
    name,
    bytes,
    ours: (median(rounds.map(([one]) => one)) / count) * 1000,
    official: (median(rounds.map(([, other]) => other)) / count) * 1000,
    ratio: median(rounds.map(([one, other]) => one / other)),
  };
}

function rows() {
  const answer = { type: 3, invocationId: "42", result: 4711 };
  return [
    reading("read a ping", record({ type: 6 })),
    reading("read a completion", record(answer)),
    reading("read a message", call(short)),
    reading("read 1,000 messages in one frame", call(short).repeat(1000), 1000),
    reading("read a message of 100 kB", call(plain)),
    reading("read a message of 100 kB, escapes and emoji", call(strange)),
    writing("write a message", short),
    writing("write a message of 100 kB", plain),
    writing("write a message of 100 kB, escapes and emoji", strange),
    same(
      "write a completion",
      () => write_completion("42", 4711),
      () => official.writeMessage(answer),
    ),
  ];
}

try {
  await init();
  const measured = [];
  for (const row of rows()) {
    measured.push(measure(row));
    // Whoever waits for the outcome has to be answered in between.
    await new Promise((resolve) => setTimeout(resolve));
  }
  globalThis.outcome = { rows: measured };
} catch (error) {
  globalThis.outcome = { error: String(error) };
}
