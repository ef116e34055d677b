//! Emoji by their names: the few that people use all the time.

use crate::text;

/// A name and its emoji a line, by name.
const TABLE: &str = "\
+1 👍
-1 👎
100 💯
angry 😠
beer 🍺
bug 🐛
bulb 💡
cake 🍰
check ✅
clap 👏
coffee ☕
confused 😕
cool 😎
cry 😢
dancer 💃
dog 🐶
eyes 👀
facepalm 🤦
fingers_crossed 🤞
fire 🔥
gift 🎁
grin 😁
handshake 🤝
heart ❤️
heart_eyes 😍
hugs 🤗
hushed 😯
joy 😂
kiss 😘
laughing 😆
lock 🔒
mask 😷
muscle 💪
neutral 😐
no_entry ⛔
ok_hand 👌
party 🥳
pizza 🍕
point_right 👉
pray 🙏
question ❓
raised_hands 🙌
rocket 🚀
rofl 🤣
scream 😱
see_no_evil 🙈
shrug 🤷
skull 💀
sleeping 😴
smile 😄
smirk 😏
sob 😭
sparkles ✨
star ⭐
sunny ☀️
sweat_smile 😅
tada 🎉
thinking 🤔
thumbsdown 👎
thumbsup 👍
train 🚆
warning ⚠️
wave 👋
white_check_mark ✅
wink 😉
x ❌
yum 😋
zap ⚡
";

/// All of them: names and emoji, by name.
fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    TABLE.lines().filter_map(|line| line.split_once(' '))
}

/// The emoji of exactly this name.
pub fn named(name: &str) -> Option<&'static str> {
    all()
        .find(|(known, _)| *known == name)
        .map(|(_, emoji)| emoji)
}

/// The emoji whose name begins with `start`, and after them those that have it within.
pub fn beginning_with(start: &str, most: usize) -> Vec<(&'static str, &'static str)> {
    let begin = all().filter(|(name, _)| name.starts_with(start));
    let within = all().filter(|(name, _)| !name.starts_with(start) && text::contains(name, start));
    begin.chain(within).take(most).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_each_line_has_both() {
        let names: Vec<&str> = all().map(|(name, _)| name).collect();
        assert_eq!(names.len(), TABLE.lines().count());
        assert!(names.len() >= 60 && names.is_sorted());
        assert!(all().all(|(_, emoji)| !emoji.is_empty() && !emoji.is_ascii()));
    }

    #[test]
    fn a_name_or_its_beginning_finds_emoji() {
        assert_eq!(named("tada"), Some("🎉"));
        assert_eq!(named("tad"), None);
        let found: Vec<&str> = beginning_with("smi", 3)
            .iter()
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(found, ["smile", "smirk", "sweat_smile"]);
        let found: Vec<&str> = beginning_with("heart", 3)
            .iter()
            .map(|(name, _)| *name)
            .collect();
        assert_eq!(found, ["heart", "heart_eyes"]);
        assert_eq!(beginning_with("s", 2).len(), 2);
        assert!(beginning_with("nothing", 9).is_empty());
    }
}
