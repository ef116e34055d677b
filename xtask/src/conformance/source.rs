//! The tests in a source file.
//!
//! The file is read line by line, as rustfmt leaves it: a function or a module ends at the first line
//! that is a brace with the indentation of its beginning.

use super::ids;

/// A test, and what it names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Test {
    /// As libtest prints it: modules and function, without the crate.
    pub(super) path: String,
    /// The ids in its documentation and its body.
    pub(super) ids: Vec<String>,
}

/// The tests of a file that name rows. `module` is the path of the file's own module, empty for the
/// root of its target.
pub(super) fn tests(text: &str, module: &str, families: &[String]) -> Vec<Test> {
    let mut tests = Vec::new();
    let mut modules: Vec<(usize, &str)> = Vec::new();
    let mut documentation = String::new();
    let mut is_test = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let code = line.trim_start();
        let indent = line.len() - code.len();
        if let Some(text) = code.strip_prefix("///") {
            // A range may go over the end of a line.
            documentation.push_str(text.trim());
            documentation.push(' ');
        } else if code.starts_with("#[test]") || code.starts_with("#[tokio::test") {
            is_test = true;
        } else if let Some(name) = is_test.then(|| function(code)).flatten() {
            let mut named = ids::in_text(&documentation, families);
            if !code.ends_with('}') {
                let body = lines.by_ref().take_while(|line| !is_end(line, indent));
                let code = body.filter(|line| !line.trim_start().starts_with("//"));
                named.extend(code.flat_map(|line| ids::in_text(line, families)));
            }
            named.sort();
            named.dedup();
            if !named.is_empty() {
                let inner = modules.iter().map(|(_, name)| *name);
                let path = [module].into_iter().chain(inner).chain([name]);
                let path: Vec<&str> = path.filter(|part| !part.is_empty()).collect();
                tests.push(Test {
                    path: path.join("::"),
                    ids: named,
                });
            }
            documentation.clear();
            is_test = false;
        } else if let Some(name) = inline_module(code) {
            modules.push((indent, name));
            documentation.clear();
        } else if modules.last().is_some_and(|last| is_end(line, last.0)) {
            modules.pop();
        } else if !code.starts_with("#[") && !is_test {
            documentation.clear();
        }
    }
    tests
}

fn is_end(line: &str, indent: usize) -> bool {
    line.len() == indent + 1 && line.trim_start() == "}"
}

fn function(code: &str) -> Option<&str> {
    let mut words = code.split_whitespace().skip_while(|word| *word != "fn");
    words.nth(1)?.split(['(', '<']).next()
}

fn inline_module(code: &str) -> Option<&str> {
    let (before, name) = code.strip_suffix(" {")?.rsplit_once("mod ")?;
    (before.is_empty() || before.starts_with("pub")).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = r#"
//! HUB-90 is named by no test.

/// HUB-91: neither by this.
fn works() {}

/// HUB-1, HUB-3..4: one thing. HUB-10 to
/// HUB-12: another.
///
/// More: HUB-2.
#[test]
fn outside() {
    // HUB-92 in a comment is none.
    assert!(works(), "HUB-5");
}

/// HUB-93 belongs to a module.
#[cfg(test)]
mod tests {
    /// HUB-94 to a constant.
    const X: u8 = 0;

    #[tokio::test(start_paused = true)]
    async fn inside() {
        if works() {
            panic!("HUB-6");
        }
    }

    #[test]
    fn without() {}

    mod deeper {
        /// HUB-7.
        #[test]
        #[should_panic(expected = "now")]
        fn deep() {
        }
    }
}

/// HUB-8.
#[test]
fn last() {
}
"#;

    #[test]
    fn tests_carry_the_ids_of_their_documentation_and_body() {
        let found = tests(SOURCE, "signalr::retry", &["HUB".to_owned()]);
        let found: Vec<(String, String)> = found
            .into_iter()
            .map(|test| (test.path, test.ids.join(" ")))
            .collect();
        let expected = [
            (
                "outside",
                "HUB-1 HUB-10 HUB-11 HUB-12 HUB-2 HUB-3 HUB-4 HUB-5",
            ),
            ("tests::inside", "HUB-6"),
            ("tests::deeper::deep", "HUB-7"),
            ("last", "HUB-8"),
        ];
        let expected = expected.map(|(path, ids)| (format!("signalr::retry::{path}"), ids.into()));
        assert_eq!(found, expected);
    }

    #[test]
    fn the_root_of_a_target_has_no_path() {
        let found = tests("/// HUB-1\n#[test]\nfn one() {\n}\n", "", &["HUB".into()]);
        assert_eq!(found[0].path, "one");
    }
}
