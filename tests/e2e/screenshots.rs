//! Takes pictures of the app's views: `cargo xtask screenshots`.

#[allow(
    dead_code,
    reason = "pictures need less of the harness than stories do"
)]
mod harness;

use harness::views::{ENGLISH, PHONE, WIDE, each_view};

#[tokio::main]
async fn main() {
    let folder = std::path::PathBuf::from(std::env::args().nth(1).expect("a folder to write to"));
    std::fs::create_dir_all(&folder).expect("a folder that can be made");
    each_view(ENGLISH, async |view, person| {
        // Wide last: the story goes on in that size.
        for (size, (width, height)) in [("phone", PHONE), ("wide", WIDE)] {
            for (scheme, dark) in [("light", false), ("dark", true)] {
                let picture = person.picture(width, height, dark).await;
                let file = folder.join(format!("{view}-{size}-{scheme}.png"));
                std::fs::write(&file, picture).expect("a file that can be written");
            }
        }
    })
    .await;
}
