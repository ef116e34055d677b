//! Somebody with a browser: what they do, and what they see.

use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::error::ErrorStatus;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use super::driver::Driver;
use super::engine::Engine;
use super::eventually;
use super::vendor::Vendor;

/// A person, in a browser with a fresh profile.
pub(crate) struct Person {
    browser: Client,
    _driver: Driver,
}

/// What a person sees of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    /// `data-state`.
    pub(crate) state: String,
    /// The sender's name.
    pub(crate) sender: String,
    /// The text.
    pub(crate) text: String,
}

impl Person {
    /// Opens a browser.
    pub(crate) async fn new() -> Person {
        Person::who_reads("en-US,en").await
    }

    /// Opens a browser that asks for these languages, the dearest first.
    pub(crate) async fn who_reads(languages: &str) -> Person {
        Person::with(Engine::Blink, languages).await
    }

    /// Opens a browser of this engine.
    pub(crate) async fn using(engine: Engine) -> Person {
        Person::with(engine, "en-US,en").await
    }

    async fn with(engine: Engine, languages: &str) -> Person {
        let driver = engine.driver().await;
        let mut builder = ClientBuilder::new(HttpConnector::new());
        builder.capabilities(engine.capabilities(languages));
        let browser = builder.connect(&driver.url).await;
        Person {
            browser: browser.unwrap_or_else(|error| panic!("{engine:?} does not start: {error}")),
            _driver: driver,
        }
    }

    /// Goes to an address.
    pub(crate) async fn go_to(&self, url: &str) {
        self.browser.goto(url).await.expect("the page loads");
    }

    /// Loads the page anew.
    pub(crate) async fn reload(&self) {
        self.browser.refresh().await.expect("the page loads");
    }

    /// Opens another tab of the same browser, at this address.
    pub(crate) async fn new_tab(&self, url: &str) {
        let tab = self.browser.new_window(true).await.expect("a tab opens");
        self.browser
            .switch_to_window(tab.handle)
            .await
            .expect("it can be looked at");
        self.go_to(url).await;
    }

    /// Looks at the tab with this number, counted from 0.
    pub(crate) async fn look_at_tab(&self, number: usize) {
        let tabs = self.browser.windows().await.expect("the browser has tabs");
        self.browser
            .switch_to_window(tabs[number].clone())
            .await
            .expect("it can be looked at");
    }

    /// Waits until the browser has this many tabs and windows.
    pub(crate) async fn wait_for_windows(&self, count: usize) {
        eventually(&format!("{count} windows"), async || {
            let windows = self.browser.windows().await.ok()?;
            (windows.len() == count).then_some(())
        })
        .await;
    }

    /// Closes the tab or window that is looked at.
    pub(crate) async fn close_window(&self) {
        self.browser.close_window().await.expect("it closes");
    }

    /// Signs in under `name` in the window that has just opened beside the page, and looks at the
    /// page again.
    pub(crate) async fn sign_in_beside(&self, name: &str) {
        self.wait_for_windows(2).await;
        self.look_at_tab(1).await;
        self.wait_for("input[name=name]").await;
        self.type_into("input[name=name]", name).await;
        // Later, since the window may be gone before a command that clicks has ended.
        self.text_of_script("setTimeout(() => document.forms[0].submit())")
            .await;
        self.look_at_tab(0).await;
        self.wait_for_windows(1).await;
    }

    /// Signs in under `name` and waits for the connection.
    pub(crate) async fn sign_in(&self, name: &str) {
        self.click("[data-provider]").await;
        self.wait_for("input[name=name]").await;
        self.type_into("input[name=name]", name).await;
        self.click("button").await;
        self.wait_for_connection("connected").await;
    }

    /// Waits until `data-connection` is `state`.
    pub(crate) async fn wait_for_connection(&self, state: &str) {
        self.wait_for(&format!("html[data-connection={state}] #message-box"))
            .await;
    }

    /// Waits until something is on the page.
    pub(crate) async fn wait_for(&self, selector: &str) {
        eventually(selector, async || self.has(selector).await.then_some(())).await;
    }

    /// Waits until something is not on the page.
    pub(crate) async fn wait_for_no(&self, selector: &str) {
        eventually(&format!("no {selector}"), async || {
            (!self.has(selector).await).then_some(())
        })
        .await;
    }

    /// True if something is on the page.
    pub(crate) async fn has(&self, selector: &str) -> bool {
        self.run(
            "return document.querySelector(arguments[0]) !== null",
            json!(selector),
        )
        .await
            == json!(true)
    }

    /// Clicks what `selector` finds first, once it is there.
    pub(crate) async fn click(&self, selector: &str) {
        self.wait_for(selector).await;
        let what = format!("a click on {selector}");
        let clicked = eventually(&what, async || {
            let element = self.browser.find(Locator::Css(selector)).await.ok()?;
            match element.click().await {
                // Drawn anew between the two commands.
                Err(error) if is_stale(&error) => None,
                outcome => Some(outcome),
            }
        })
        .await;
        clicked.unwrap_or_else(|error| panic!("{selector} cannot be clicked: {error}"));
    }

    /// Types into what `selector` finds first.
    pub(crate) async fn type_into(&self, selector: &str, text: &str) {
        let element = self
            .browser
            .find(Locator::Css(selector))
            .await
            .expect(selector);
        element.send_keys(text).await.expect("it can be typed into");
    }

    /// Presses keys together, wherever the focus is.
    pub(crate) async fn press(&self, keys: &[Key]) {
        let keys: Vec<char> = keys.iter().map(|key| char::from(*key)).collect();
        self.press_all(&keys).await;
    }

    /// Presses a letter together with other keys.
    pub(crate) async fn press_with(&self, keys: &[Key], letter: char) {
        let keys = keys.iter().map(|key| char::from(*key));
        let keys: Vec<char> = keys.chain([letter]).collect();
        self.press_all(&keys).await;
    }

    /// Types where the focus is.
    pub(crate) async fn write(&self, text: &str) {
        for letter in text.chars() {
            self.press_all(&[letter]).await;
        }
    }

    async fn press_all(&self, keys: &[char]) {
        let down = keys.iter().map(|key| KeyAction::Down { value: *key });
        let up = keys.iter().rev().map(|key| KeyAction::Up { value: *key });
        let actions = down
            .chain(up)
            .fold(KeyActions::new("keyboard".into()), KeyActions::then);
        self.browser
            .perform_actions(actions)
            .await
            .expect("keys can be pressed");
    }

    /// Presses keys until something is on the page: what has the focus, for one.
    pub(crate) async fn press_until(&self, keys: &[Key], selector: &str) {
        eventually(selector, async || {
            if self.has(selector).await {
                return Some(());
            }
            self.press(keys).await;
            None
        })
        .await;
    }

    /// Types a message and sends it with Enter.
    pub(crate) async fn say(&self, text: &str) {
        self.type_into("#message-box", &format!("{text}{}", char::from(Key::Enter)))
            .await;
    }

    /// Puts text into the composer where the caret is, as a paste does.
    pub(crate) async fn paste(&self, text: &str) {
        let script = "document.querySelector('#message-box').focus();
            document.execCommand('insertText', false, arguments[0])";
        self.run(script, json!(text)).await;
    }

    /// Has an input method show `text` as what is being composed, where the focus is.
    pub(crate) async fn compose(&self, text: &str) {
        let end = text.encode_utf16().count();
        let composition = json!({ "text": text, "selectionStart": end, "selectionEnd": end });
        self.devtools("Input.imeSetComposition", composition).await;
    }

    /// Ends a composition with `text`.
    pub(crate) async fn end_composition(&self, text: &str) {
        self.devtools("Input.insertText", json!({ "text": text }))
            .await;
    }

    /// Presses Enter as an input method does that takes the key for itself.
    pub(crate) async fn press_while_composing(&self) {
        for kind in ["rawKeyDown", "keyUp"] {
            let key = json!({ "type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 229 });
            self.devtools("Input.dispatchKeyEvent", key).await;
        }
    }

    /// What stands in the composer.
    pub(crate) async fn draft(&self) -> String {
        self.text_of_script("return document.querySelector('#message-box').value")
            .await
    }

    /// Opens a conversation: `room`, or `user:` and a name.
    pub(crate) async fn open(&self, conversation: &str) {
        self.click(&format!("[data-conversation='{conversation}']"))
            .await;
        self.wait_for(&format!(
            "[data-conversation='{conversation}'][aria-current=true]"
        ))
        .await;
    }

    /// The messages of the open conversation.
    pub(crate) async fn seen(&self) -> Vec<Seen> {
        let script = "return [...document.querySelectorAll('[role=log] .message')].map(one => [
            one.dataset.state,
            one.querySelector('.message-sender').textContent,
            one.querySelector('.message-text').textContent,
        ])";
        let rows = self.run(script, Value::Null).await;
        let field = |row: &Value, index: usize| row[index].as_str().unwrap_or_default().to_owned();
        let row = |row: &Value| Seen {
            state: field(row, 0),
            sender: field(row, 1),
            text: field(row, 2),
        };
        rows.as_array().expect("a list").iter().map(row).collect()
    }

    /// Waits for a message in the open conversation, in one of these states.
    pub(crate) async fn sees(&self, sender: &str, text: &str, states: &[&str]) -> Seen {
        let what = format!("{sender}: {text} ({states:?})");
        eventually(&what, async || {
            let is_it = |one: &Seen| {
                one.sender == sender && one.text == text && states.contains(&one.state.as_str())
            };
            self.seen().await.into_iter().find(is_it)
        })
        .await
    }

    /// Waits for a message with this text in the open conversation.
    pub(crate) async fn wait_for_text(&self, text: &str) {
        eventually(text, async || {
            self.texts()
                .await
                .iter()
                .any(|one| one == text)
                .then_some(())
        })
        .await;
    }

    /// The texts of the open conversation, in order.
    pub(crate) async fn texts(&self) -> Vec<String> {
        self.seen().await.into_iter().map(|one| one.text).collect()
    }

    /// The text of what `selector` finds first, once it is there.
    pub(crate) async fn text_of(&self, selector: &str) -> String {
        self.wait_for(selector).await;
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        self.run(script, json!(selector))
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// The address of the page, fragment included.
    pub(crate) async fn address(&self) -> String {
        self.text_of_script("return location.href").await
    }

    /// What a script of one expression returns, as text.
    pub(crate) async fn text_of_script(&self, script: &str) -> String {
        self.run(script, Value::Null)
            .await
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    /// What a script of one expression returns: a list of texts.
    pub(crate) async fn list_of_script(&self, script: &str) -> Vec<String> {
        let list = self.run(script, Value::Null).await;
        let list = list.as_array().expect("a list").iter();
        list.map(|text| text.as_str().expect("a text").to_owned())
            .collect()
    }

    /// Runs a script with one argument, and waits for what it returns.
    pub(crate) async fn run(&self, script: &str, argument: Value) -> Value {
        self.browser
            .execute(script, vec![argument])
            .await
            .expect("the page runs scripts")
    }

    /// Takes a picture of the page, in a light or dark scheme and at a size in CSS pixels.
    pub(crate) async fn picture(&self, width: u32, height: u32, dark: bool) -> Vec<u8> {
        let scheme = if dark { "dark" } else { "light" };
        // Nothing is to be caught halfway through a movement.
        self.prefer(&[
            ("prefers-color-scheme", scheme),
            ("prefers-reduced-motion", "reduce"),
        ])
        .await;
        self.resize((width, height)).await;
        self.browser.screenshot().await.expect("a picture")
    }

    /// Gives the page a width and a height in CSS pixels.
    pub(crate) async fn resize(&self, (width, height): (u32, u32)) {
        let metrics =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics)
            .await;
    }

    /// Has the system prefer something, by the names of media features; the rest as it is.
    pub(crate) async fn prefer(&self, features: &[(&str, &str)]) {
        let feature = |(name, value): &(&str, &str)| json!({ "name": name, "value": value });
        let features: Vec<Value> = features.iter().map(feature).collect();
        let media = json!({ "features": features });
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Runs a script in this tab before those of each page that it goes to from now on.
    pub(crate) async fn before_each_page(&self, script: &str) {
        let script = json!({ "source": script });
        self.devtools("Page.addScriptToEvaluateOnNewDocument", script)
            .await;
    }

    /// Has the browser get nothing from addresses like this one.
    pub(crate) async fn cannot_load(&self, pattern: &str) {
        self.devtools("Network.enable", json!({})).await;
        let urls = json!({ "urls": [pattern] });
        self.devtools("Network.setBlockedURLs", urls).await;
    }

    /// Looks at something else, so that the page is behind it.
    pub(crate) async fn look_away(&self) {
        self.set_hidden(true).await;
    }

    /// Looks at the page again.
    pub(crate) async fn look_back(&self) {
        self.set_hidden(false).await;
    }

    async fn set_hidden(&self, hidden: bool) {
        let script = "Object.defineProperty(document, 'hidden', { value: arguments[0], configurable: true });
            document.dispatchEvent(new Event('visibilitychange'))";
        self.run(script, json!(hidden)).await;
    }

    /// Turns to the tab with this number, counted from 0, so that the others are behind it.
    pub(crate) async fn turn_to_tab(&self, number: usize) {
        self.look_at_tab(number).await;
        self.devtools("Page.bringToFront", json!({})).await;
        eventually("a tab in front", async || {
            let hidden = self.run("return document.hidden", Value::Null).await;
            (hidden == json!(false)).then_some(())
        })
        .await;
    }

    /// Takes the network away from the page, or gives it back.
    pub(crate) async fn set_offline(&self, offline: bool) {
        self.devtools("Network.enable", json!({})).await;
        let conditions = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.devtools("Network.emulateNetworkConditions", conditions)
            .await;
    }

    /// What the clipboard holds.
    pub(crate) async fn clipboard(&self) -> String {
        let permissions = json!({ "permissions": ["clipboardReadWrite"] });
        self.devtools("Browser.grantPermissions", permissions).await;
        self.text_of_script("return navigator.clipboard.readText()")
            .await
    }

    /// Every address that this tab's history remembers.
    pub(crate) async fn history(&self) -> Vec<String> {
        let history = self.devtools("Page.getNavigationHistory", json!({})).await;
        let entries = history["entries"].as_array().cloned().unwrap_or_default();
        let url = |entry: &Value| entry["url"].as_str().unwrap_or_default().to_owned();
        entries.iter().map(url).collect()
    }

    /// Gives Chromium a command of its DevTools protocol.
    pub(crate) async fn devtools(&self, command: &str, parameters: Value) -> Value {
        self.browser
            .issue_cmd(Vendor::devtools(command, &parameters))
            .await
            .expect("Chromium's own command")
    }

    /// What the console says since this was asked last.
    pub(crate) async fn console(&self) -> Vec<Value> {
        let log = self.browser.issue_cmd(Vendor::log("browser")).await;
        let log = log.expect("the console");
        log.as_array().cloned().unwrap_or_default()
    }

    /// Closes a browser that lets nobody read its console.
    pub(crate) async fn close(self) {
        self.browser.close().await.expect("the browser closes");
    }

    /// Closes the browser. Fails the story if the console holds an error that was not expected:
    /// one that contains none of these words. That `/.auth` answers 401 is always expected: it is
    /// how a page learns that nobody is signed in, and browsers write every 401 to the console. What
    /// the page's policy forbids is never expected.
    pub(crate) async fn leave(self, expected: &[&str]) {
        let entries = self.console().await;
        let errors: Vec<String> = entries
            .iter()
            .filter(|entry| entry["level"] == "SEVERE")
            .map(|entry| entry["message"].as_str().unwrap_or_default().to_owned())
            .filter(|message| {
                let is_usual = message.contains("/.auth/") && message.contains("401");
                let is_expected = expected.iter().any(|words| message.contains(words));
                message.contains("Content Security Policy") || !is_usual && !is_expected
            })
            .collect();
        self.browser.close().await.expect("the browser closes");
        assert!(errors.is_empty(), "errors in the console: {errors:#?}");
    }
}

fn is_stale(error: &fantoccini::error::CmdError) -> bool {
    matches!(error, fantoccini::error::CmdError::Standard(error)
        if matches!(error.error, ErrorStatus::StaleElementReference | ErrorStatus::NoSuchElement))
}
