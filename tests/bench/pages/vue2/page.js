const { apiBaseUrl } = JSON.parse(document.getElementById("chat-config").textContent);
const here = encodeURIComponent(location.href);
const withCredentials = true;

new Vue({
  el: "#app",
  data: {
    isLocal: /\/\/localhost/.test(apiBaseUrl),
    isSignedIn: false,
    isReady: false,
    draft: "",
    messages: [],
    nextId: 0,
    signInUrl: `${apiBaseUrl}/.auth/login/aad?post_login_redirect_url=${here}`,
    signOutUrl: `${apiBaseUrl}/.auth/logout?post_logout_redirect_uri=${here}`,
  },
  created() {
    document.documentElement.dataset.connection = "connecting";
    axios
      .post(`${apiBaseUrl}/.auth/me`, null, { withCredentials })
      .then(() => (this.isSignedIn = true), () => {})
      .then(() => {
        if (this.isLocal || this.isSignedIn) this.connect();
      });
  },
  methods: {
    connect() {
      const connection = new signalR.HubConnectionBuilder()
        .withUrl(`${apiBaseUrl}/api`)
        .configureLogging(signalR.LogLevel.Error)
        .build();
      connection.on("newMessage", (message) => {
        message.sender = message.sender || "anonymous";
        message.id = this.nextId++;
        this.messages.unshift(message);
      });
      connection.onclose(() => (document.documentElement.dataset.connection = "disconnected"));
      connection.start().then(() => {
        this.isReady = true;
        document.documentElement.dataset.connection = "connected";
      }, console.error);
    },
    send() {
      this.post(null, this.draft);
      this.draft = "";
    },
    sayTo(recipient) {
      const text = prompt(`Private message to ${recipient}`);
      if (text) this.post(recipient, text);
    },
    post(recipient, text) {
      const message = { recipient, sender: "", text };
      return axios.post(`${apiBaseUrl}/api/messages`, message, { withCredentials });
    },
  },
});
