//! How a person may have the page look, and what of that a device has kept.

/// What can be chosen of one thing. The page has the choice in its attribute `data-` and the name,
/// for the style sheets to go by; index.html reads what is kept before anything is drawn.
#[derive(Debug, PartialEq, Eq)]
pub struct Look {
    /// What it is about.
    pub name: &'static str,
    /// What can be chosen, as markup and styles have it. The first is for who has not chosen.
    pub values: &'static [&'static str],
}

/// All that can be chosen.
pub const LOOKS: [Look; 3] = [
    Look {
        name: "theme",
        values: &["system", "light", "dark"],
    },
    Look {
        name: "density",
        values: &["comfortable", "compact"],
    },
    Look {
        name: "motion",
        values: &["system", "reduced"],
    },
];

impl Look {
    /// The value that was kept, if it is one that there is: it may be of another build, or edited.
    ///
    /// ```
    /// use serverless_chat::app::looks::LOOKS;
    ///
    /// assert_eq!(LOOKS[0].chosen(Some("dark")), "dark");
    /// assert_eq!(LOOKS[0].chosen(Some("pink")), "system");
    /// ```
    pub fn chosen(&self, kept: Option<&str>) -> &'static str {
        let known = self.values.iter().find(|value| kept == Some(**value));
        known.unwrap_or(&self.values[0])
    }

    /// Where a device keeps the choice.
    pub fn key(&self) -> String {
        key(self.name)
    }
}

/// Where a device keeps what is chosen for the look called `name`.
pub fn key(name: &str) -> String {
    ["chat.", name].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_kept_is_chosen_and_what_means_nothing_is_set_aside() {
        for look in &LOOKS {
            for value in look.values {
                assert_eq!(look.chosen(Some(value)), *value);
            }
            for kept in [None, Some(""), Some("Dark"), Some("dark "), Some("null")] {
                assert_eq!(look.chosen(kept), look.values[0], "{kept:?}");
            }
        }
    }

    /// The page knows the names before the app has come.
    #[test]
    fn the_page_begins_with_what_is_kept() {
        let page = include_str!("looks.js");
        let names: Vec<String> = LOOKS
            .iter()
            .map(|look| ["\"", look.name, "\""].concat())
            .collect();
        assert!(page.contains(&["of [", &names.join(", "), "])"].concat()));
        for look in &LOOKS {
            assert_eq!(look.key(), ["chat.", look.name].concat());
        }
        assert!(page.contains("localStorage[\"chat.\" + name]"));
    }

    /// The settings offer each value, and no other.
    #[test]
    fn each_value_can_be_chosen() {
        let markup = include_str!("../ui/settings.html");
        for look in &LOOKS {
            let radio = |value: &str| ["name=\"", look.name, "\" value=\"", value, "\""].concat();
            for value in look.values {
                assert_eq!(markup.matches(&radio(value)).count(), 1, "{value}");
            }
            let name = ["name=\"", look.name, "\""].concat();
            assert_eq!(markup.matches(&name).count(), look.values.len());
        }
    }

    /// A value that no style sheet has is a choice without an effect.
    #[test]
    fn each_value_but_the_first_has_its_style() {
        let styles = [
            include_str!("../../style/tokens.css"),
            include_str!("../../style/base.css"),
        ];
        for look in &LOOKS {
            for value in &look.values[1..] {
                let rule = ["[data-", look.name, "=\"", value, "\"]"].concat();
                assert!(styles.iter().any(|sheet| sheet.contains(&rule)), "{rule}");
            }
        }
    }
}
