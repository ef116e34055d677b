/* What is shown when the app has come to an end, by a panic or by an exception that nobody expected.
   It asks nothing of the app, which may have stopped in the middle of anything. What was typed is in
   the browser's storage, and taken up when the page is loaded again. */
{
  let report = "";
  const end = (event) => {
    const error = event.error ?? event.reason;
    /* Through the app: not what an extension of the browser does, nor a promise that nobody waits for. */
    if (!(error instanceof Error) || !/wasm/.test(error.stack)) return;
    if (!report) show();
    /* What follows from it may be heard of before it. */
    if (report.length < 9999) report += [error, error.stack, "", ""].join("\n").replace(/ey[J][\w.-]+|=[^\s"'&]+/g, "[removed]");
    document.querySelector("pre").textContent = report;
  };
  const show = () => {
    document.body.replaceChildren(crashed.content);
    report = [location.origin + location.pathname, navigator.userAgent, new Date().toISOString(), "", ""].join("\n");
    const [reload, copy] = document.querySelectorAll("button");
    reload.onclick = () => location.reload();
    copy.onclick = async () => {
      try {
        await navigator.clipboard.writeText(report);
        document.querySelector("[role=status]").hidden = false;
      } catch {
        getSelection().selectAllChildren(document.querySelector("pre"));
      }
    };
    reload.focus();
  };
  addEventListener("error", end);
  addEventListener("unhandledrejection", end);
}
