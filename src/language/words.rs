//! Every text that code shows, in English. The other languages have theirs in `languages/`, by the
//! same names and in the same order. What a component always says stands in its markup.
//!
//! A name alone is a text as it is. With `(names)` it has gaps: `{0}` is what the first name is for.
//! With `[count]` it has a form for one and, behind `|`, one for every other number.

use super::table::{counted, filled, text};

macro_rules! words {
    ($($name:ident $(($($gap:ident),+))? $([$count:ident])? = $text:literal;)+) => {
        #[expect(non_camel_case_types, reason = "they are the names of functions")]
        #[derive(Clone, Copy)]
        enum Word { $($name,)+ }

        /// How many there are.
        pub(super) const COUNT: usize = [$(Word::$name,)+].len();

        /// Their names, and what they are in English.
        #[cfg(test)]
        pub(super) const ENGLISH: [(&str, &str); COUNT] = [$((stringify!($name), $text),)+];

        $(word!($name ($($($gap)+)?) [$($count)?] $text);)+
    };
}

macro_rules! word {
    ($name:ident () [] $text:literal) => {
        #[doc = concat!("`", $text, "`")]
        #[inline(always)]
        pub fn $name() -> &'static str {
            *text(Word::$name as u16, &$text)
        }
    };
    ($name:ident ($($gap:ident)+) [] $text:literal) => {
        #[doc = concat!("`", $text, "`")]
        pub fn $name($($gap: &str),+) -> String {
            filled(Word::$name as u16, &$text, &[$($gap),+])
        }
    };
    ($name:ident () [$count:ident] $text:literal) => {
        #[doc = concat!("`", $text, "`")]
        pub fn $name($count: usize) -> String {
            counted(Word::$name as u16, &$text, $count)
        }
    };
}

words! {
    // The page, and what it is called behind others.
    app = "Chat";
    app_with_unread(count, app) = "({0}) {1}";

    // Conversations.
    room = "Everyone";
    room_hint = "Everybody who is here reads this.";
    private_hint = "Only the two of you read this.";
    anonymous = "Anonymous";
    private_empty = "Click a name in the room to write to one person.";
    private_anonymous = "Nobody is signed in here, so there are no private messages.";
    you = "You";
    last_said_by(sender, text) = "{0}: {1}";
    unread[count] = "{0} unread|{0} unread";
    mentions[count] = "{0} mention|{0} mentions";
    write_privately_to(name) = "Write to {0} privately";
    about(name) = "About {0}";
    looks_like(other) = "Looks like {0}, and is somebody else";
    switch_to = "Go to a conversation";
    search = "Search messages";
    search_hint = "Searches what this page holds.";
    nothing_found = "Nothing found";
    found_all[count] = "{0} found|{0} found";
    found_newest[count] = "The newest one|The newest {0}";

    // The timeline.
    empty_room = "Nothing was said yet";
    empty_room_hint = "Messages appear here from the moment you are connected. The service keeps nothing of what was said before.";
    empty_private_hint = "Nobody else reads what you write here. If they are not connected just now, it is lost: the service keeps nothing.";
    to_latest = "Jump to latest";
    to_latest_of(new) = "Jump to latest · {0}";
    new_messages[count] = "{0} new message|{0} new messages";
    gap(from, to) = "No connection from {0} to {1}: messages may have been missed";
    message_by(sender, time) = "{0}, {1}";
    private_message_by(sender, time) = "{0}, {1}, private";
    says(sender, text) = "{0}: {1}";
    says_privately(sender, text) = "{0} says privately: {1}";
    hidden = "Hidden message";
    show = "Show";
    hide = "Hide";
    leads_to(host) = "Leads to {0}";

    // Writing and sending.
    write_to(name) = "Message {0}";
    no_recipient = "You cannot write here: private messages need a signed-in sender and a signed-in recipient.";
    suggestions[count] = "{0} suggestion. Enter takes it.|{0} suggestions. Enter takes one.";
    room_left(kilobytes) = "{0} kB left";
    not_shown[kilobytes] = " … {0} kB more, not shown| … {0} kB more, not shown";
    too_long(kilobytes, limit) = "This is {0} kB, and one message takes {1} kB. Please send it in parts.";
    no_answer = "No answer came, so it may have arrived all the same. Retry may show it twice to the others.";
    page_closed = "The page was closed before an answer came, so it may have arrived all the same. Retry may show it twice to the others.";
    refused_by_backend(words) = "The backend refused it: {0}";

    // Notices and their buttons.
    try_now = "Try now";
    try_again = "Try again";
    close = "Close";
    copy = "Copy";
    copy_this(text) = "Copy {0}";
    copied = "Copied";
    selected = "Selected: copy it with Ctrl+C";
    exposed = "This backend showed your private message to everyone. Private sending is switched off.";
    exposed_hint = "Its messages function ignores \"recipient\". Ask whoever runs it to send messages with a recipient to that user only.";
    history_lost = "Messages are not kept on this device.";
    history_lost_hint = "This browser has no room for them, or keeps nothing in a private window. They stay here until the page is closed.";
    notifications = "Notifications of private messages and mentions";
    notifications_denied = "Notifications are blocked for this page in the browser's settings";
    notifications_hint = "When somebody writes to you or names you, while you look elsewhere.";
    notifications_missing = "This browser shows none for this page.";
    trying_now = "Trying now…";
    next_try[count] = "Next try in a second.|Next try in {0} seconds.";

    // Signing in.
    welcome = "Sign in to chat";
    welcome_hint = "You talk to everyone who is here, and privately to one person at a time.";
    sign_in_with(provider) = "Sign in with {0}";
    microsoft_account = "a Microsoft account";
    signed_out = "You are signed out.";
    signed_out_hint = "Sign in again to go on. Your drafts are kept.";
    window_open_hint = "Go on in the window that has opened. What is on this page stays.";
    window_closed = "The sign-in window was closed before you were signed in.";
    window_closed_hint = "Try again; or sign in on this page, which keeps your drafts but not the messages on it.";
    sign_in_here = "Sign in on this page";
    sign_in_failed(words) = "Signing in failed: {0}";
    sign_in_failed_hint = "Try again, or sign in with another account.";
    sign_in_forgotten = "this browser keeps nothing for this page, which cannot know its own sign-in again. Let the page keep data, or make room for it.";
    sign_in_unreadable = "The answer of the sign-in could not be read.";
    nobody_signed_in = "the Function App does not say who you are.";
    session_lost = "The Function App has forgotten who you are.";
    session_lost_hint = "Its token store has lost your session, as after a restart. Sign in again.";
    something_else(api) = "What answers at {0}/.auth/me does not say who you are.";
    something_else_hint = "If signing in does not help, check the setting apiBaseUrl: it must name the Function App, not a web page.";
    cookie_blocked(api) = "Browsers block the cookie of {0} here: this page is on another site.";
    cookie_hint = "Set authMode to \"auto\" in index.html, which shows a session token instead, or serve this page from the Function App.";
    maybe_sign_in = "A Function App that lets nobody in before they have signed in looks the same from here. Then signing in is what helps.";
    still_signed_in(api, name) = "{0} has not ended the session of {1}.";
    still_signed_in_hint = "Whoever opens this page next in this browser is signed in. Close all of the browser's windows, or delete the cookies of that address.";

    // The state of the connection.
    connecting = "Connecting…";
    connected = "Connected";
    reconnecting = "Reconnecting…";
    disconnected = "Not connected";

    // The connection's details.
    details = "Details";
    connection_details = "Connection details";
    no_secrets = "Tokens and keys are left out.";
    fact_page = "Page";
    fact_function_app = "Function App";
    fact_sign_in = "Sign-in";
    by_cookie = "cookie";
    by_token = "session token";
    by_nothing = "none";
    fact_connection = "Connection";
    fact_problem = "Problem";
    fact_transport = "Transport";
    fact_browser = "Browser";
    online = "online";
    offline = "offline";
    fact_version = "Version";
    step_settings = "Settings";
    step_who_am_i = "Who am I";
    step_session = "Session";
    step_function = "Negotiate at the function";
    step_service = "Negotiate at the service";
    step_transport = "Open a transport";
    step_handshake = "Handshake";
    step_connected = "Connected";
    step_send = "Send a message";
    verdict_now = "now";
    verdict_under_way = "under way";
    verdict_ok = "ok";
    verdict_ended = "ended";
    verdict_signed_in = "signed in";
    verdict_signed_out = "signed out";
    verdict_no_sign_in = "no sign-in here";
    verdict_no_answer = "no answer";
    verdict_timeout = "timeout";
    verdict_status(status) = "status {0}";
    verdict_unreadable = "the answer cannot be read";
    verdict_none_offered = "none is offered";
    verdict_not_opened = "did not open";
    verdict_browser_refused = "refused by the browser";
    verdict_unusable = "cannot be used";
    verdict_refused(words) = "refused: {0}";
    verdict_silent = "the service fell silent";
    verdict_closed_with(code) = "closed with code {0}";
    verdict_closed_by_service = "closed by the service";
    verdict_stopped = "stopped";
    milliseconds(number) = "{0} ms";
    seconds(number) = "{0} s";
    minutes(number) = "{0} min";

    // The settings.
    in_index = "The settings are in index.html.";
    settings_unknown(keys) = "Unknown in the settings: {0}.";
    settings_known(keys) = "Known are {0}; capitals matter.";
    settings_no_json(line, column) = "The settings are no JSON object: see line {0} column {1}.";
    settings_no_json_instead = "Write them as {\"apiBaseUrl\": \"https://...\", \"authProvider\": \"aad\"}, with straight quotes and no comma after the last one.";
    setting_wrong(key, value) = "The setting {0} cannot be {1}.";
    setting_provider_instead = "Write the name of a sign-in, such as \"aad\", or a list of names. A name has letters, digits, - and _.";
    setting_mode_instead = "Write \"auto\", \"cookie\", \"token\" or \"none\".";
    setting_route_instead = "Write it as it stands in the address, such as \"api\", without a query.";
    setting_target_instead = "Write the name that the function calls, such as \"newMessage\".";
    setting_sending_instead = "Write \"post\" or \"invoke\".";
    setting_api_is_secret = "A connection string is secret: it belongs into the Function App's own settings, and no page. Write the address of the Function App.";
    setting_api_is_service = "Write the address of the Function App, not of the SignalR Service or the portal: it is in the app's overview, such as \"https://my-chat.azurewebsites.net\".";
    setting_api_without_scheme = "Begin with https://, or with http:// for a backend on this machine.";
    setting_api_instead = "Write the address of the Function App, such as \"https://my-chat.azurewebsites.net\", without a query; or \"\" for this page's own address.";

    // No answer that the page may read.
    asking_who = "Asking who you are";
    asking_function = "Asking the negotiate function";
    this_is_offline = "this device is offline.";
    this_is_offline_hint = "Check your network connection.";
    mixed_content = "the browser blocks it, as this page is https and apiBaseUrl is http.";
    mixed_content_hint = "Write https:// in the setting apiBaseUrl: it must be https too.";
    not_let_read = "the backend answers, but does not let this page read it.";
    no_answer_from(api) = "no answer from {0}.";
    check_it_runs = "Check that it runs.";
    nothing_answers(api) = "nothing answers at {0}.";
    start_backend = "Start the backend, or correct the setting apiBaseUrl in index.html.";
    check_function_app = "Check that the Function App runs, and that the setting apiBaseUrl in index.html names it.";
    two_loopbacks(address, page) = "localhost and 127.0.0.1 are different to a browser: open this page at {0}, or add {1} to the backend's CORS origins.";
    allow_locally(page) = "In local.settings.json, set Host.CORS to {0}.";
    allow_locally_with_cookie(page) = "In local.settings.json, set Host.CORS to {0} and Host.CORSCredentials to true.";
    allow(page) = "Add {0} to the Function App's CORS origins.";
    allow_with_cookie(page) = "In the Function App's CORS settings, allow {0} in place of *, and enable Access-Control-Allow-Credentials.";

    // Failures at the Function App.
    function_app_answered(status) = "the Function App answered with status {0}.";
    may_be_starting = "It may be starting: try again in a minute. If this goes on, look into its log stream.";
    check_api_base_url = "Check that the setting apiBaseUrl in index.html names the Function App.";
    negotiate_late = "The negotiate function did not answer in time";
    app_may_be_starting = "The Function App may be starting.";
    negotiate_is_none = "What answers is no negotiate function";
    negotiate_is_none_hint = "Correct the setting apiBaseUrl in index.html: it must name the Function App, not a web page.";
    negotiate_401 = "The negotiate function wants you to sign in";
    negotiate_401_hint = "Sign in again. If that does not help, set the function's authLevel to anonymous.";
    negotiate_403 = "The negotiate function refused this page with status 403";
    negotiate_404 = "There is no negotiate function";
    negotiate_404_hint = "Deploy a function called negotiate or SignalRInfo, or correct the settings apiBaseUrl and routePrefix in index.html.";
    negotiate_500 = "The negotiate function failed with status 500";
    negotiate_500_local_hint = "Check AzureSignalRConnectionString in local.settings.json. Take userId out of the function's binding while nobody can sign in.";
    negotiate_500_hint = "Check the app setting AzureSignalRConnectionString, and that the binding's userId works for somebody who is not signed in.";
    negotiate_status(status) = "The negotiate function answered with status {0}";
    look_into_log = "Look into the function's log for the reason.";
    negotiate_refused(words) = "The negotiate function refused: {0}";
    negotiate_refused_hint = "Ask whoever runs the backend what this means.";
    send_403 = "The backend refused this page.";
    send_404 = "There is no messages function. Check the settings apiBaseUrl and messageRoute.";
    send_413 = "It is too long for the backend.";
    send_429 = "Too many messages at once. Wait a little.";
    send_500 = "The messages function failed with status 500. Check AzureSignalRConnectionString, and the function's log.";
    send_status(status) = "The backend answered with status {0}.";
    allow_everywhere(page) = "Add {0} to the Function App's CORS origins and to its Allowed external redirect URLs.";
    check_accounts = "If it is there, check which accounts its Authentication settings let in.";

    // Failures at the SignalR Service, and of the connection.
    next_try_follows = "The next try follows by itself.";
    lost_and_silent = "The connection was lost, and the backend does not answer.";
    lost_and_silent_hint = "Check that you are online. It comes back by itself, but without what is said meanwhile.";
    sign_in_to_go_on = "Sign in again to go on. Your messages and drafts are still here.";
    service_400 = "The SignalR Service does not take the negotiate function's answer (status 400).";
    service_400_hint = "Check the hub name in the function's binding.";
    service_401 = "The SignalR Service did not take the token of the negotiate function (status 401).";
    service_401_hint = "Copy the service's present key into AzureSignalRConnectionString, and check the clock of the machine that the function runs on.";
    service_status(status) = "The SignalR Service answered with status {0}.";
    service_forgot = "It does not know this connection any more. The next try asks for a new one by itself.";
    service_500 = "The SignalR Service failed with status 500.";
    service_late = "The SignalR Service did not answer in time.";
    service_is_none = "What the negotiate function leads to is no SignalR Service.";
    service_is_none_hint = "Check the Endpoint in AzureSignalRConnectionString.";
    service_not_let_read = "The SignalR Service answers, but does not let this page read it.";
    service_allow(page) = "Add {0} to the service's CORS settings.";
    service_unreachable = "The SignalR Service cannot be reached from here.";
    service_unreachable_hint = "A firewall or proxy may block *.service.signalr.net: have it let through, or try another network.";
    service_no_answer = "The SignalR Service brought no answer.";
    service_blocked = "If it is there, a firewall or proxy may block the service.";
    service_offers_nothing = "The SignalR Service offers no way to connect that this page knows.";
    service_offers_nothing_hint = "Check that the negotiate function's hub is one of an Azure SignalR Service.";
    service_insecure = "The browser refuses an insecure connection from this https page.";
    service_insecure_hint = "The Endpoint in AzureSignalRConnectionString must begin with https://.";
    service_not_opened = "The SignalR Service answered, but no connection to it opened.";
    service_not_opened_hint = "A proxy or firewall may block WebSockets to *.service.signalr.net.";
    service_closed(words) = "The SignalR Service closed the connection: {0}";
    no_reason_given = "no reason given";
    comes_back = "It comes back by itself.";
    lost = "The connection was lost.";
    lost_hint = "It comes back by itself. What is said meanwhile is not shown later.";
    handshake_failed = "The handshake with the SignalR Service failed.";
    service_speaks_otherwise = "The SignalR Service does not speak as expected.";
    set_serverless = "Set the SignalR Service's mode to Serverless: in the Azure portal, under Settings.";
    too_many_connections = "The SignalR Service has too many connections (status 429).";
    too_many_connections_hint = "A Free tier takes 20, and each tab is one: close some, or take the Standard tier.";
    token_too_long = "The token of the negotiate function is too long for the SignalR Service.";
    token_too_long_hint = "Put fewer claims into it.";
}
