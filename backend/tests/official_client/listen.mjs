// Connects as the tutorial's page does, and writes what happens, a line of JSON each.
//
// node listen.mjs <apiBaseUrl> <session token, or nothing> <a name of HttpTransportType, or nothing>
import { HttpTransportType, HubConnectionBuilder, LogLevel } from "@microsoft/signalr";

const [apiBaseUrl, session, transport] = process.argv.slice(2);
const tell = (event) => console.log(JSON.stringify(event));

const connection = new HubConnectionBuilder()
  .withUrl(`${apiBaseUrl}/api`, {
    headers: session ? { "X-ZUMO-AUTH": session } : {},
    // Without one: whatever the server offers first.
    transport: transport ? HttpTransportType[transport] : undefined,
  })
  .withAutomaticReconnect([0, 50, 100, 200, 400, 800, 1600, 3200])
  .configureLogging(LogLevel.None)
  .build();

// The client tells nobody else which transport it took.
const names = {
  WebSocketTransport: "WebSockets",
  ServerSentEventsTransport: "ServerSentEvents",
  LongPollingTransport: "LongPolling",
};
const taken = () => names[connection.connection.transport.constructor.name];

connection.on("newMessage", (message) => tell({ event: "message", message }));
connection.onreconnecting((error) => tell({ event: "reconnecting", error: error?.message ?? null }));
connection.onreconnected(() => tell({ event: "reconnected", transport: taken() }));
connection.onclose((error) => tell({ event: "closed", error: error?.message ?? null }));

// Ends with the test that started it.
process.stdin.on("end", () => connection.stop()).resume();

try {
  await connection.start();
  tell({ event: "connected", transport: taken() });
} catch (error) {
  tell({ event: "failed", error: error.message });
}
