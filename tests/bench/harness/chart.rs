//! A small picture of a table.

use std::fmt::Write;
use std::path::Path;

use super::table::Table;

const WIDTH: f64 = 760.0;
/// Where bars begin.
const LEFT: f64 = 150.0;
/// Room for the value behind the longest bar.
const RIGHT: f64 = 90.0;
const BAR: f64 = 18.0;
const TOP: f64 = 34.0;

/// Readable on white and on black.
const TEXT: &str = "#768390";
/// The first column's own colour, and everybody else's.
const COLOURS: [&str; 2] = ["#0b8f85", "#8b98a5"];

/// Draws rows of a table, named as said, as groups of bars on a logarithmic scale. Values are in
/// milliseconds.
pub(crate) fn bars(table: &Table, caption: &str, rows: &[(String, String)], name: &str) {
    let columns = table.columns();
    let values: Vec<Vec<Option<f64>>> = rows
        .iter()
        .map(|(row, _)| (0..columns.len()).map(|at| table.median(row, at)).collect())
        .collect();
    let all = || values.iter().flatten().flatten().copied();
    let least = all().fold(f64::INFINITY, f64::min) / 2.0;
    let scale = (WIDTH - LEFT - RIGHT) / (all().fold(0.0, f64::max) / least).ln();

    let mut body = String::new();
    let mut y = TOP;
    for ((row, title), values) in rows.iter().zip(values) {
        text(&mut body, 0.0, y + 13.0, "font-weight=\"600\"", title);
        y += 22.0;
        for (at, value) in values.into_iter().enumerate() {
            let end = "text-anchor=\"end\"";
            text(&mut body, LEFT - 10.0, y + 13.0, end, columns[at]);
            let width = value.map_or(0.0, |value| (value / least).ln() * scale);
            let colour = COLOURS[at.min(1)];
            // A string takes everything.
            let _ = writeln!(
                body,
                "<rect x=\"{LEFT}\" y=\"{y}\" width=\"{width:.1}\" height=\"{}\" rx=\"2\" fill=\"{colour}\"/>",
                BAR - 4.0
            );
            let words = value.map_or_else(|| table.words(row, at), seconds);
            text(&mut body, LEFT + width + 8.0, y + 13.0, "", &words);
            y += BAR;
        }
        y += 10.0;
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("docs/images")
        .join(name);
    let mut picture = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {y}\" width=\"{WIDTH}\" height=\"{y}\" role=\"img\" font-family=\"system-ui, sans-serif\" font-size=\"13\" fill=\"{TEXT}\">\n<title>{caption}</title>\n"
    );
    let caption = format!("{caption} (shorter is better; each step to the right is a multiple)");
    text(&mut picture, 0.0, 14.0, "", &caption);
    picture.push_str(&body);
    picture.push_str("</svg>\n");
    std::fs::write(&file, picture).expect("it can be written");
    println!("The chart: {}", file.display());
}

fn text(to: &mut String, x: f64, y: f64, attributes: &str, words: &str) {
    // A string takes everything.
    let _ = writeln!(
        to,
        "<text x=\"{x:.1}\" y=\"{y}\" {attributes}>{words}</text>"
    );
}

fn seconds(milliseconds: f64) -> String {
    match milliseconds / 1000.0 {
        long if long >= 10.0 => format!("{long:.0} s"),
        long if long >= 1.0 => format!("{long:.1} s"),
        short => format!("{short:.2} s"),
    }
}
