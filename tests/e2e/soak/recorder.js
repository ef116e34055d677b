// Before the page's own scripts: writes down what each of its sockets delivers, as it comes.
window.delivered = [];
window.WebSocket = class extends WebSocket {
  constructor(...where) {
    super(...where);
    const texts = [];
    delivered.push(texts);
    this.addEventListener("message", (event) => {
      // A page that has given a socket up does not listen any more: nothing is delivered then.
      if (this.onmessage) texts.push(event.data);
    });
  }
};
