//! What the functions of Microsoft's samples make of a message that is posted to them.

use serde_json::{Map, Value, json};

use crate::options::MessagePolicy;

/// What is sent.
#[derive(Debug, PartialEq)]
pub(super) struct Outgoing {
    /// To whom; `None` for everybody.
    pub(super) recipient: Option<String>,
    /// The client method's one argument.
    pub(super) argument: Value,
}

/// Makes what is sent of what was posted, for a caller whom the platform knows as `principal`.
pub(super) fn apply(
    policy: MessagePolicy,
    mut message: Map<String, Value>,
    principal: Option<String>,
) -> Outgoing {
    let to_all = |argument| Outgoing {
        recipient: None,
        argument,
    };
    match policy {
        MessagePolicy::Echo => return to_all(message.into()),
        MessagePolicy::Bare => return to_all(message.remove("text").unwrap_or_default()),
        MessagePolicy::Principal | MessagePolicy::TrustSender | MessagePolicy::Typed => {}
    }
    if principal.is_some() || policy != MessagePolicy::TrustSender {
        message.insert("sender".into(), principal.unwrap_or_default().into());
    }
    let recipient = message.get("recipient").and_then(Value::as_str);
    let recipient = recipient.filter(|name| !name.is_empty()).map(str::to_owned);
    let argument = if policy == MessagePolicy::Typed {
        typed(&message, recipient.is_some())
    } else {
        if recipient.is_some() {
            message.insert("isPrivate".into(), true.into());
        }
        message.into()
    };
    Outgoing {
        recipient,
        argument,
    }
}

/// The message as a class in C# keeps and writes it.
fn typed(message: &Map<String, Value>, is_private: bool) -> Value {
    let text = |wanted: &str| {
        let field = message
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        field.and_then(|(_, value)| value.as_str())
    };
    json!({
        "Sender": text("sender"),
        "Text": text("text"),
        "Groupname": text("groupname"),
        "Recipient": text("recipient"),
        "ConnectionId": text("connectionId"),
        "IsPrivate": is_private,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn apply(policy: MessagePolicy, principal: Option<&str>, message: &Value) -> Outgoing {
        let message = message.as_object().unwrap().clone();
        super::apply(policy, message, principal.map(str::to_owned))
    }

    #[test]
    fn each_policy_makes_its_own_of_a_message() {
        let public = json!({ "recipient": null, "sender": "mallory", "text": "hi", "id": 7 });
        let private = json!({ "recipient": "bob", "sender": "mallory", "text": "psst", "id": 7 });
        let said = |policy, principal| {
            [&public, &private].map(|message| apply(policy, principal, message))
        };
        let public_by = |sender: &str| Outgoing {
            recipient: None,
            argument: json!({ "recipient": null, "sender": sender, "text": "hi", "id": 7 }),
        };
        let private_by = |sender: &str| Outgoing {
            recipient: Some("bob".into()),
            argument: json!({
                "recipient": "bob", "sender": sender, "text": "psst", "id": 7, "isPrivate": true,
            }),
        };
        let to_all = |argument: &Value| Outgoing {
            recipient: None,
            argument: argument.clone(),
        };
        for (policy, principal, expected) in [
            (
                MessagePolicy::Principal,
                Some("alice"),
                [public_by("alice"), private_by("alice")],
            ),
            (
                MessagePolicy::Principal,
                None,
                [public_by(""), private_by("")],
            ),
            (
                MessagePolicy::TrustSender,
                Some("alice"),
                [public_by("alice"), private_by("alice")],
            ),
            (
                MessagePolicy::TrustSender,
                None,
                [public_by("mallory"), private_by("mallory")],
            ),
            (
                MessagePolicy::Echo,
                Some("alice"),
                [to_all(&public), to_all(&private)],
            ),
            (
                MessagePolicy::Bare,
                Some("alice"),
                [to_all(&json!("hi")), to_all(&json!("psst"))],
            ),
        ] {
            assert_eq!(
                said(policy, principal),
                expected,
                "{policy:?} {principal:?}"
            );
        }
    }

    #[test]
    fn a_typed_function_keeps_what_it_knows_alone() {
        let message = json!({ "sender": "mallory", "text": "hi", "id": 7, "isPrivate": true });
        let Outgoing { argument, .. } = apply(MessagePolicy::Typed, Some("alice"), &message);
        assert_eq!(
            argument,
            json!({
                "Sender": "alice", "Text": "hi", "Groupname": null, "Recipient": null,
                "ConnectionId": null, "IsPrivate": false,
            })
        );
        let message = json!({ "text": "hi", "recipient": "bob" });
        let sent = apply(MessagePolicy::Typed, Some("alice"), &message);
        assert_eq!(sent.recipient.as_deref(), Some("bob"));
        assert_eq!(sent.argument["IsPrivate"], true);
    }
}
