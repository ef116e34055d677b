//! Which language the page speaks.

/// A language that the page has all its texts in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Dutch.
    Dutch,
}

/// What the person has set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Whatever their browser asks for.
    #[default]
    System,
    /// This one.
    Always(Language),
}

/// All languages.
pub const LANGUAGES: [Language; 2] = [Language::English, Language::Dutch];

impl Language {
    /// The language as `lang` has it.
    pub fn tag(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::Dutch => "nl",
        }
    }

    /// The language itself, in its own words: whoever looks for it can read nothing else.
    pub fn name(self) -> &'static str {
        match self {
            Language::English => "English",
            Language::Dutch => "Nederlands",
        }
    }

    /// Which way it is written, as `dir` has it.
    pub fn direction(self) -> &'static str {
        "ltr"
    }

    /// What dates and numbers are written by: the first of the browser's languages that is this one,
    /// since it may say which country's customs to follow.
    ///
    /// ```
    /// use serverless_chat::language::Language;
    ///
    /// let browser = ["nl-BE".to_owned(), "en-US".to_owned()];
    /// assert_eq!(Language::Dutch.locale(&browser), "nl-BE");
    /// assert_eq!(Language::English.locale(&[]), "en-GB");
    /// ```
    pub fn locale(self, browser: &[String]) -> &str {
        let own = browser.iter().find(|tag| self.is(tag));
        own.map_or(
            match self {
                // Whoever's browser does not ask for English is used to days before months.
                Language::English => "en-GB",
                Language::Dutch => "nl",
            },
            String::as_str,
        )
    }

    /// True if a tag such as `nl-BE` is this language.
    fn is(self, tag: &str) -> bool {
        let mut parts = tag.split('-');
        parts
            .next()
            .is_some_and(|language| language.eq_ignore_ascii_case(self.tag()))
    }
}

impl Choice {
    /// What to keep of it; nothing for the usual.
    pub fn kept(self) -> Option<&'static str> {
        match self {
            Choice::System => None,
            Choice::Always(language) => Some(language.tag()),
        }
    }

    /// What was kept. What means nothing is nobody's choice.
    ///
    /// ```
    /// use serverless_chat::language::{Choice, Language};
    ///
    /// assert_eq!(Choice::of(Some("nl")), Choice::Always(Language::Dutch));
    /// assert_eq!(Choice::of(Some("tlh")), Choice::System);
    /// assert_eq!(Choice::of(None), Choice::System);
    /// ```
    pub fn of(kept: Option<&str>) -> Choice {
        let language = LANGUAGES.into_iter().find(|one| Some(one.tag()) == kept);
        language.map_or(Choice::System, Choice::Always)
    }

    /// The language that follows, where the browser asks for these, the dearest first.
    ///
    /// ```
    /// use serverless_chat::language::{Choice, Language};
    ///
    /// let browser = ["de-DE".to_owned(), "nl-NL".to_owned(), "en".to_owned()];
    /// assert_eq!(Choice::System.language(&browser), Language::Dutch);
    /// assert_eq!(Choice::Always(Language::English).language(&browser), Language::English);
    /// assert_eq!(Choice::System.language(&["de".to_owned()]), Language::English);
    /// ```
    pub fn language(self, browser: &[String]) -> Language {
        let spoken = |tag: &String| LANGUAGES.into_iter().find(|one| one.is(tag));
        match self {
            Choice::Always(language) => language,
            Choice::System => browser.iter().find_map(spoken).unwrap_or_default(),
        }
    }
}
