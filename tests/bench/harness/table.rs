//! What was measured, in rows.

use std::time::Duration;

use serde_json::{Value, json};

use super::stage::output;

/// Values of one row, side by side.
pub(crate) struct Table {
    name: &'static str,
    columns: Vec<&'static str>,
    /// The column that the first is compared with.
    against: usize,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    unit: &'static str,
    cells: Vec<Cell>,
}

#[derive(Clone, Default)]
struct Cell {
    values: Vec<f64>,
    /// The time after which it was given up.
    given_up: Option<Duration>,
}

impl Table {
    /// An empty one, which compares the first column with column `against`.
    pub(crate) fn new(name: &'static str, columns: Vec<&'static str>, against: usize) -> Table {
        Table {
            name,
            columns,
            against,
            rows: Vec::new(),
        }
    }

    /// Adds a value to a cell, if it is one: what a page cannot say leaves the cell empty.
    pub(crate) fn add(&mut self, row: &str, unit: &'static str, column: usize, value: f64) {
        let title = self.columns[column];
        println!("  {title}: {row}: {} {unit}", shown(value));
        let values = &mut self.cell(row, unit, column).values;
        values.extend(value.is_finite().then_some(value));
    }

    /// Notes that a cell was given up after `cap`.
    pub(crate) fn give_up(&mut self, row: &str, unit: &'static str, column: usize, cap: Duration) {
        let title = self.columns[column];
        println!("  {title}: {row}: given up after {} s", cap.as_secs());
        self.cell(row, unit, column).given_up = Some(cap);
    }

    /// The names of the columns.
    pub(crate) fn columns(&self) -> &[&'static str] {
        &self.columns
    }

    /// The median of a cell; `None` where nothing was finished.
    pub(crate) fn median(&self, row: &str, column: usize) -> Option<f64> {
        let row = self.rows.iter().find(|one| one.name == row)?;
        row.cells[column].median()
    }

    /// What a cell says: its median, or that it was given up.
    pub(crate) fn words(&self, row: &str, column: usize) -> String {
        let row = self.rows.iter().find(|one| one.name == row);
        row.map_or_else(String::new, |row| row.cells[column].shown())
    }

    fn cell(&mut self, name: &str, unit: &'static str, column: usize) -> &mut Cell {
        let found = self.rows.iter().position(|row| row.name == name);
        let index = found.unwrap_or_else(|| {
            self.rows.push(Row {
                name: name.to_owned(),
                unit,
                cells: vec![Cell::default(); self.columns.len()],
            });
            self.rows.len() - 1
        });
        &mut self.rows[index].cells[column]
    }

    /// Prints the table, and writes it with every value to `target/bench`.
    pub(crate) fn finish(&self) {
        let columns = self.columns.len();
        println!("\n| | {} | ratio |", self.columns.join(" | "));
        println!("|---|{}", "---:|".repeat(columns + 1));
        for row in &self.rows {
            let cells: Vec<String> = row.cells.iter().map(Cell::shown).collect();
            let ratio = self.ratio(row).map_or_else(String::new, shown);
            let (name, unit) = (&row.name, row.unit);
            let unit = if unit.is_empty() { "" } else { ", " }.to_owned() + unit;
            println!("| {name}{unit} | {} | {ratio} |", cells.join(" | "));
        }
        let file = output().join(self.name).with_extension("json");
        std::fs::write(&file, format!("{:#}\n", self.json())).expect("it can be written");
        println!("\nEvery value: {}", file.display());
    }

    fn ratio(&self, row: &Row) -> Option<f64> {
        let other = row.cells[self.against].median()?;
        let ratio = row.cells[0].median()? / other;
        ratio.is_finite().then_some(ratio)
    }

    fn json(&self) -> Value {
        let cell = |(cell, column): (&Cell, &&str)| {
            json!({
                "what": column,
                "median": cell.median(),
                "values": cell.values,
                "givenUpAfterSeconds": cell.given_up.map(|cap| cap.as_secs()),
            })
        };
        let row = |row: &Row| {
            let cells = row.cells.iter().zip(&self.columns).map(cell);
            json!({
                "name": row.name,
                "unit": row.unit,
                "ratio": self.ratio(row),
                "cells": cells.collect::<Vec<_>>(),
            })
        };
        self.rows.iter().map(row).collect()
    }
}

impl Cell {
    fn median(&self) -> Option<f64> {
        median(&self.values)
    }

    fn shown(&self) -> String {
        match (self.median(), self.given_up) {
            (Some(median), _) => shown(median),
            (None, Some(cap)) => format!("not in {} s", cap.as_secs()),
            (None, None) => "–".to_owned(),
        }
    }
}

/// The middle one of some values.
pub(crate) fn median(values: &[f64]) -> Option<f64> {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}

/// A number with as many digits as say something.
pub(crate) fn shown(value: f64) -> String {
    match value.abs() {
        large if large >= 100.0 || value == value.round() => format!("{value:.0}"),
        large if large >= 10.0 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    }
}
