// The page without a network. It keeps one build whole: the page, and the files that the page names.
// It answers for these and for nothing else: no other origin, no function, no sign-in, no hub.

// All written by `cargo xtask dist`: what the build is called, its files with their hashes, and the
// texts of other languages than English, each after its tag. Those are kept where somebody reads them.
const BUILD = "";
const FILES = [];
const TEXTS = [];

// An origin may have other apps, with caches of their own.
const PREFIX = `chat ${registration.scope} `;
const CACHE = PREFIX + BUILD;
const PAGE = registration.scope;

// Is this page of this build? The settings in it may have been edited since.
const isOurs = (text) => FILES.every(([name]) => text.includes(name));

addEventListener("install", (event) => event.waitUntil(install()));

// All of it or nothing: while a host has only half of a new build, the old one stays.
async function install() {
  const page = await fetch(PAGE, { cache: "no-cache" });
  if (!page.ok || !isOurs(await page.clone().text())) throw new Error("The page is of another build.");
  const cache = await caches.open(CACHE);
  await cache.addAll([...FILES, ...(await spoken())].map(([name, integrity]) => new Request(name, { integrity })));
  await cache.put(PAGE, page);
}

// The texts that somebody reads here: their browser asks for the language, or the last build had it.
async function spoken() {
  const all = await Promise.all((await ours()).map((name) => caches.open(name)));
  const kept = (await Promise.all(all.map((cache) => cache.keys()))).flat();
  const reads = (tag) =>
    navigator.languages.some((one) => one.split("-")[0] === tag) || kept.some(({ url }) => url.endsWith(`.${tag}.txt`));
  return TEXTS.filter(([tag]) => reads(tag)).map(([, name, integrity]) => [name, integrity]);
}

const ours = async () => (await caches.keys()).filter((name) => name.startsWith(PREFIX));

// offline.js says so when a page has been loaded: not while one of the old build is at work.
addEventListener("message", (event) => {
  if (event.data === "activate") event.waitUntil(skipWaiting());
});

addEventListener("activate", (event) => event.waitUntil(activate()));

async function activate() {
  const old = (await ours()).filter((name) => name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const address = request.url.split(/[?#]/)[0];
  if (request.mode === "navigate" && (address === PAGE || address === `${PAGE}index.html`)) {
    event.respondWith(page(event));
  } else if (FILES.some(([name]) => address === PAGE + name)) {
    event.respondWith(file(request));
  } else if (TEXTS.some(([, name]) => address === PAGE + name)) {
    event.respondWith(text(request));
  }
});

// From the network, where the newest build is; only without one as it was.
async function page(event) {
  const cache = await caches.open(CACHE);
  let answer;
  try {
    answer = await fetch(event.request);
  } catch (error) {
    const kept = await cache.match(PAGE, { ignoreVary: true });
    if (kept) return kept;
    throw error;
  }
  if (answer.ok) event.waitUntil(keep(cache, answer.clone(), answer.clone()));
  return answer;
}

// Keeps edited settings; a page of another build is kept by the worker of that build.
async function keep(cache, answer, copy) {
  if (isOurs(await copy.text())) await cache.put(PAGE, answer);
}

async function file(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}

// The first time from the network. What is there is of this build: its name says what is in it.
async function text(request) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(request, { ignoreVary: true });
  if (kept) return kept;
  const answer = await fetch(request);
  // Storage that is full keeps nobody from reading.
  if (answer.ok) await cache.put(request, answer.clone()).catch((error) => error);
  return answer;
}
