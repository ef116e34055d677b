// Makes the page work without a network. Loaded when the page has been, so that nothing waits for it;
// without service workers, or where one cannot be had, the page is the same with a network.

const whenIdle = self.requestIdleCallback ?? ((then) => setTimeout(then, 1000));

whenIdle(async () => {
  let address = new URL("service-worker.js", import.meta.url).href;
  // The policy lets this one script be named in this one place.
  const policy = self.trustedTypes?.createPolicy("offline", { createScriptURL: () => address });
  address = policy?.createScriptURL("") ?? address;
  try {
    const registration = await navigator.serviceWorker?.register(address, { updateViaCache: "none" });
    // A build that came while the last page was open: this page is new already.
    registration?.waiting?.postMessage("activate");
  } catch {
    // Storage that is full or forbidden, or a host that does not have the file.
  }
});
