const { createApp, h, ref, watchEffect } = Vue;

const { apiBaseUrl } = JSON.parse(document.getElementById("chat-config").textContent);

async function isSignedIn() {
  const answer = await fetch(`${apiBaseUrl}/.auth/me`, { credentials: "include" });
  return answer.ok;
}

function post(message) {
  return fetch(`${apiBaseUrl}/api/messages`, {
    method: "POST",
    credentials: "include",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(message),
  });
}

function setup() {
  const isLocal = new URL(apiBaseUrl).hostname === "localhost";
  const state = ref("connecting");
  const messages = ref([]);
  const draft = ref("");
  let nextId = 0;

  watchEffect(() => (document.documentElement.dataset.connection = state.value));

  async function start() {
    const signedIn = await isSignedIn().catch(() => false);
    if (!signedIn && !isLocal) return;
    const connection = new signalR.HubConnectionBuilder()
      .withUrl(`${apiBaseUrl}/api`)
      .withAutomaticReconnect()
      .configureLogging(signalR.LogLevel.Error)
      .build();
    connection.on("newMessage", (message) => {
      messages.value.push({ ...message, id: nextId++, sender: message.sender || "anonymous" });
    });
    connection.onreconnecting(() => (state.value = "reconnecting"));
    connection.onreconnected(() => (state.value = "connected"));
    connection.onclose(() => (state.value = "disconnected"));
    await connection.start();
    state.value = "connected";
  }

  function send(event) {
    event.preventDefault();
    post({ recipient: null, sender: "", text: draft.value });
    draft.value = "";
  }

  const sayTo = (recipient) => () => {
    const text = prompt(`To ${recipient}:`);
    if (text) post({ recipient, sender: "", text });
  };

  const row = ({ id, sender, text, isPrivate }) =>
    h("div", { class: "message", key: id }, [
      h("a", { href: "#", onClick: sayTo(sender) }, sender),
      isPrivate ? h("small", " private ") : " ",
      h("span", text),
    ]);

  start();
  return () =>
    h("main", [
      h("div", { class: "end" }, [
        h("div", { role: "log", "data-message-count": messages.value.length }, messages.value.map(row)),
      ]),
      state.value === "connecting"
        ? h("p", "Loading…")
        : h("form", { onSubmit: send }, [
            h("input", {
              id: "message-box",
              autocomplete: "off",
              "aria-label": "Message",
              value: draft.value,
              onInput: (event) => (draft.value = event.target.value),
            }),
          ]),
    ]);
}

createApp({ setup }).mount("#app");
