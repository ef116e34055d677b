//! A chat client for serverless Azure SignalR, compiled to WebAssembly.
