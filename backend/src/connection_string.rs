//! `AzureSignalRConnectionString`: where a SignalR Service is, and the key that it trusts.
//!
//! As in "Connection strings in Azure SignalR Service" of its documentation.

use std::fmt;
use std::str::FromStr;

/// A connection string. It holds a secret, which it never shows.
#[derive(Clone, PartialEq, Eq)]
pub struct ConnectionString {
    endpoint: String,
    access_key: String,
}

/// Why a text is no connection string. It never holds a part of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConnectionStringError {
    /// It lacks this key.
    Missing(&'static str),
    /// A part is no pair of a key and a value.
    Part,
    /// The endpoint is no http address of a host alone.
    Endpoint,
    /// The port is no port.
    Port,
    /// The version is not 1.0.
    Version,
}

impl fmt::Display for ConnectionStringError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ConnectionStringError::Missing(key) => write!(f, "it has no {key}")?,
            ConnectionStringError::Part => {
                f.write_str("a part of it is not written as key=value")?
            }
            ConnectionStringError::Endpoint => {
                f.write_str("its Endpoint is not like https://name.service.signalr.net")?;
            }
            ConnectionStringError::Port => f.write_str("its Port is no number from 1 to 65535")?,
            ConnectionStringError::Version => f.write_str("its Version is not 1.0")?,
        }
        f.write_str("; copy it from the service's Keys, where it is Endpoint=...;AccessKey=...;Version=1.0;")
    }
}

impl std::error::Error for ConnectionStringError {}

impl FromStr for ConnectionString {
    type Err = ConnectionStringError;

    /// Reads a connection string: pairs in any order, keys in any case, a semicolon at the end or
    /// none.
    fn from_str(text: &str) -> Result<ConnectionString, ConnectionStringError> {
        let (mut endpoint, mut access_key, mut port) = (None, None, None);
        for part in text
            .split(';')
            .map(str::trim)
            .filter(|part| !part.is_empty())
        {
            let (key, value) = part.split_once('=').ok_or(ConnectionStringError::Part)?;
            match key.trim().to_ascii_lowercase().as_str() {
                "endpoint" => endpoint = Some(value.trim_end_matches('/')),
                "accesskey" => access_key = Some(value),
                "port" => {
                    let number = value.parse::<u16>().ok().filter(|number| *number > 0);
                    port = Some(number.ok_or(ConnectionStringError::Port)?);
                }
                "version" if value != "1.0" => return Err(ConnectionStringError::Version),
                // Others are for server SDKs.
                _ => {}
            }
        }
        let endpoint = endpoint.ok_or(ConnectionStringError::Missing("Endpoint"))?;
        let host = endpoint.split_once("://").filter(|(scheme, host)| {
            matches!(*scheme, "http" | "https")
                && !host.is_empty()
                && !host.contains(['/', '?', '#', '@'])
        });
        if host.is_none() {
            return Err(ConnectionStringError::Endpoint);
        }
        let access_key = access_key.filter(|key| !key.is_empty());
        let access_key = access_key.ok_or(ConnectionStringError::Missing("AccessKey"))?;
        Ok(ConnectionString {
            endpoint: match port {
                Some(port) => format!("{endpoint}:{port}"),
                None => endpoint.to_owned(),
            },
            access_key: access_key.to_owned(),
        })
    }
}

impl fmt::Debug for ConnectionString {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ConnectionString({})", self.endpoint)
    }
}

impl ConnectionString {
    /// Scheme, host and port, without a slash at the end.
    pub(crate) fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// What tokens are signed with.
    pub(crate) fn access_key(&self) -> &str {
        &self.access_key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_services_and_emulators_print_is_read() {
        for (text, endpoint) in [
            (
                "Endpoint=https://chat.service.signalr.net;AccessKey=a+b/c=;Version=1.0;",
                "https://chat.service.signalr.net",
            ),
            (
                "Endpoint=http://localhost;Port=8888;AccessKey=a+b/c=;Version=1.0;",
                "http://localhost:8888",
            ),
            (" accesskey=a+b/c= ; ENDPOINT=https://a.b/ ", "https://a.b"),
        ] {
            let read: ConnectionString = text.parse().unwrap();
            assert_eq!((read.endpoint(), read.access_key()), (endpoint, "a+b/c="));
            assert!(!format!("{read:?}").contains("a+b"), "the key is not shown");
        }
    }

    #[test]
    fn what_is_wrong_is_said_without_the_key() {
        use ConnectionStringError::{Endpoint, Missing, Part, Port, Version};
        for (text, expected) in [
            ("", Missing("Endpoint")),
            ("Endpoint=https://a.b", Missing("AccessKey")),
            ("Endpoint=https://a.b;AccessKey=", Missing("AccessKey")),
            ("AccessKey=secret", Missing("Endpoint")),
            ("Endpoint=a.b;AccessKey=secret", Endpoint),
            ("Endpoint=https://a.b/c;AccessKey=secret", Endpoint),
            ("Endpoint=https://a.b;Port=x;AccessKey=secret", Port),
            ("Endpoint=https://a.b;AccessKey=secret;Version=2.0", Version),
            ("secret", Part),
        ] {
            let error = text.parse::<ConnectionString>().unwrap_err();
            assert_eq!(error, expected, "{text}");
            assert!(!error.to_string().contains("secret"), "{error}");
        }
    }
}
