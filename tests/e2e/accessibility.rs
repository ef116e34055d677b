//! Everybody can use every view: what axe-core knows of, what a finger needs, what a magnified page
//! must not do, and what is left where the system chooses the colours.

use std::path::Path;

use crate::harness::Person;
use crate::harness::views::{DUTCH, ENGLISH, PHONE, WIDE, each_view};

/// How the page looks, and on what.
struct Looks {
    size: (u32, u32),
    theme: &'static str,
    density: &'static str,
}

/// Each size with each theme and each density, and each theme with each density.
const LOOKS: [Looks; 4] = [
    looks(PHONE, "light", "compact"),
    looks(PHONE, "dark", "comfortable"),
    looks(WIDE, "dark", "compact"),
    // Last: the story goes on so.
    looks(WIDE, "light", "comfortable"),
];

const fn looks(size: (u32, u32), theme: &'static str, density: &'static str) -> Looks {
    Looks {
        size,
        theme,
        density,
    }
}

/// Has the page look so: as the settings do, and without movements to wait for.
async fn take_on(person: &Person, looks: &Looks) {
    person.resize(looks.size).await;
    let script = format!(
        "look('theme', '{}'); look('density', '{}'); look('motion', 'reduced')",
        looks.theme, looks.density
    );
    person.text_of_script(&script).await;
}

/// axe-core, which npm has put beside this file.
fn axe() -> String {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(file).expect("npm ci in tests/e2e, as cargo xtask test e2e does")
}

#[tokio::test]
async fn axe_finds_nothing_in_any_view() {
    look_with_axe(ENGLISH, &LOOKS).await;
}

/// The rules for looks find the same in every language; those for names and texts may not.
#[tokio::test]
async fn axe_finds_nothing_in_any_view_in_dutch() {
    let looks = [
        looks(PHONE, "dark", "compact"),
        looks(WIDE, "light", "comfortable"),
    ];
    look_with_axe(DUTCH, &looks).await;
}

async fn look_with_axe(language: (&'static str, &str), all: &[Looks]) {
    let axe = axe();
    let mut found = Vec::new();
    let mut views = 0;
    each_view(language, async |view, person| {
        views += 1;
        for looks in all {
            take_on(person, looks).await;
            if person.text_of_script("return typeof axe").await == "undefined" {
                person.text_of_script(&axe).await;
            }
            let rules = "return axe.run(document, {
                preload: false,
                resultTypes: ['violations'],
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
            }).then(found => [`${found.passes.length} rules`].concat(found.violations.flatMap(rule =>
                rule.nodes.map(one => `${rule.id}: ${one.html.slice(0, 200)} ${one.failureSummary}`))))";
            let result = person.list_of_script(rules).await;
            let rules: Vec<_> = result[0].split(' ').collect();
            assert!(
                rules[0].parse::<usize>().is_ok_and(|count| count > 10),
                "it looked: {}",
                result[0]
            );
            let place = format!("{view}, {} wide, {}, {}", looks.size.0, looks.theme, looks.density);
            found.extend(result[1..].iter().map(|one| format!("{place}: {one}")));
        }
    })
    .await;
    assert!(views > 15, "{views} views");
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

/// A pointer needs 24 by 24 CSS pixels, but within a sentence.
#[tokio::test]
async fn every_target_is_large_enough() {
    let (mut found, mut count) = (Vec::new(), 0);
    each_view(ENGLISH, async |view, person| {
        for looks in &LOOKS {
            take_on(person, looks).await;
            let script = "
                const all = 'a[href], button, input, textarea, summary, [role=option], [tabindex=\"0\"]';
                const shown = one => one.checkVisibility({ visibilityProperty: true });
                const targets = [...document.querySelectorAll(all)].filter(shown)
                    .filter(one => !one.closest('.message-text') && !one.closest('[inert]'));
                // A label is part of what it names.
                const area = one => (one.closest('label') ?? one).getBoundingClientRect();
                const small = targets.filter(one => area(one).width < 24 || area(one).height < 24);
                const words = one => `${one.outerHTML.slice(0, 120)}: ${area(one).width} by ${area(one).height}`;
                return [String(targets.length), ...small.map(words)]";
            let result = person.list_of_script(script).await;
            count += result[0].parse::<usize>().expect("a number");
            let place = format!("{view}, {} wide, {}", looks.size.0, looks.density);
            found.extend(result[1..].iter().map(|one| format!("{place}: {one}")));
        }
    })
    .await;
    assert!(count > 500, "{count} targets");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// At 400 % a screen of 1280 by 1024 pixels has this size.
const MAGNIFIED: (u32, u32) = (320, 256);

/// In Dutch, whose words are longer.
#[tokio::test]
async fn at_400_percent_nothing_is_cut_off_or_scrolled_sideways() {
    let mut found = Vec::new();
    each_view(DUTCH, async |view, person| {
        person.resize(MAGNIFIED).await;
        // What is not in a box of its own that scrolls, as code does.
        let script = "
            const root = document.documentElement;
            const shown = one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true });
            const scrolls = one => one.closest('pre') || one.closest('.aloud') || one.closest('.sidebar') && !one.closest('.drawer-open');
            const wide = [...document.body.querySelectorAll('*')].filter(shown).filter(one => !scrolls(one))
                .filter(one => one.getBoundingClientRect().right > innerWidth + 1 || one.getBoundingClientRect().left < -1);
            const sideways = [...document.querySelectorAll('*')].filter(shown).filter(one => !scrolls(one))
                .filter(one => ['auto', 'scroll'].includes(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth);
            const over = [...document.querySelectorAll('dialog, [popover], .suggestions, .sidebar')].filter(shown)
                .filter(one => one.getBoundingClientRect().bottom > innerHeight + 1 || one.getBoundingClientRect().top < -1);
            return [...over.map(one => `higher than the screen: ${one.outerHTML.slice(0, 120)}`),
                ...(root.scrollWidth > innerWidth ? [`the page is ${root.scrollWidth} wide`] : []),
                ...wide.map(one => `beyond the edge: ${one.outerHTML.slice(0, 120)}`),
                ...sideways.map(one => `scrolls sideways: ${one.outerHTML.slice(0, 120)}`)]";
        let result = person.list_of_script(script).await;
        found.extend(result.iter().map(|one| format!("{view}: {one}")));
        person.resize(WIDE).await;
    })
    .await;
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Where the system chooses the colours, what is told by a colour elsewhere is told by something else.
#[tokio::test]
async fn forced_colours_leave_every_state_to_be_seen() {
    let mut found = Vec::new();
    each_view(ENGLISH, async |view, person| {
        person
            .prefer(&[("forced-colors", "active"), ("prefers-color-scheme", "dark")])
            .await;
        let script = "
            const states = '[aria-current=true], [aria-selected=true], label:has(:checked[type=radio]), .notice, .button, .connection, .composer-box, dialog[open]';
            const shown = one => one.checkVisibility({ visibilityProperty: true });
            const edge = (one, pseudo) => {
                const style = getComputedStyle(one, pseudo);
                return style.borderBottomStyle !== 'none' && style.borderBottomWidth !== '0px'
                    || style.outlineStyle !== 'none' && style.outlineWidth !== '0px';
            };
            const chosen = one => getComputedStyle(one).forcedColorAdjust === 'none';
            return [...document.querySelectorAll(states)].filter(shown)
                .filter(one => !edge(one) && !edge(one, '::before') && !chosen(one))
                .map(one => one.outerHTML.slice(0, 120))";
        let result = person.list_of_script(script).await;
        found.extend(result.iter().map(|one| format!("{view}: {one}")));
        person.prefer(&[]).await;
    })
    .await;
    assert!(found.is_empty(), "{}", found.join("\n"));
}
