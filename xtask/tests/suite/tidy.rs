//! How source files look.

use std::fs;
use std::path::{Path, PathBuf};

use crate::root;

/// A file that is longer does more than one thing.
const LINES_MAX: usize = 500;

struct Source {
    path: PathBuf,
    text: String,
}

#[test]
fn no_file_is_too_long() {
    for source in sources() {
        let lines = source.text.lines().count();
        assert!(lines <= LINES_MAX, "{} has {lines} lines, more than {LINES_MAX}", source.path.display());
    }
}

#[test]
fn every_file_says_what_it_is_for() {
    for source in sources() {
        assert!(source.text.starts_with("//! "), "{} must begin with a `//!` line", source.path.display());
    }
}

#[test]
fn nothing_is_left_for_later() {
    let marks = [concat!("TO", "DO"), concat!("FIX", "ME")];
    for source in sources() {
        for (line, text) in source.text.lines().enumerate() {
            let found = marks.iter().find(|mark| text.contains(**mark));
            assert!(found.is_none(), "{}:{}: {found:?}", source.path.display(), line + 1);
        }
    }
}

#[test]
fn money_never_floats() {
    for name in ["money", "calendar", "ledger", "billing", "document"] {
        let sources = sources_under(&root().join("crates").join(name).join("src"));
        // What draws PDF files knows places on paper, and no money.
        for source in sources.into_iter().filter(|source| !source.path.ends_with("pdf/draw.rs")) {
            for (line, text) in source.text.lines().enumerate() {
                let code = text.split("//").next().unwrap_or_default();
                let mut words = code.split(|character: char| !character.is_alphanumeric() && character != '_');
                let is_float = words.any(|word| word.ends_with("f32") || word.ends_with("f64"));
                assert!(!is_float, "{}:{}: {text}", source.path.display(), line + 1);
            }
        }
    }
}

/// The sources of all crates, of this one and of the benchmarks.
fn sources() -> Vec<Source> {
    let crates = fs::read_dir(root().join("crates")).expect("the crates");
    let mut sources = sources_under(&root().join("xtask"));
    sources.extend(sources_under(&root().join("bench")));
    for entry in crates {
        let path = entry.expect("a readable directory").path();
        sources.extend(sources_under(&path.join("src")));
        sources.extend(sources_under(&path.join("tests")));
    }
    assert!(sources.len() > 20, "the sources were not found");
    sources
}

fn sources_under(directory: &Path) -> Vec<Source> {
    let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
    let mut sources = Vec::new();
    for entry in entries {
        let path = entry.expect("a readable directory").path();
        if path.is_dir() {
            sources.extend(sources_under(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a readable file");
            sources.push(Source { path, text });
        }
    }
    sources
}
