//! What is laid out stands on the paper, and all of it is there.

use super::*;
use crate::model::{Align, Cell, Column, Fact, Letterhead, Paper, Party, Row, Table, Total};

/// A document whose every part says more than there is room for.
fn crowded() -> Document {
    let long = "word ".repeat(80);
    let columns = vec![
        Column { heading: "What", share: 700, align: Align::Left },
        Column { heading: "Figure", share: 300, align: Align::Right },
    ];
    let row = |index: i64| {
        let mut cell = Cell::new(format!("{index} {long}"));
        cell.notes = vec![long.clone(), "unbroken".repeat(60)];
        let cells = vec![cell, Cell::new("9,999,999,999,999.999999")];
        if index % 10 == 0 { Row::Sum(cells) } else { Row::Line(cells) }
    };
    let mut rows: Vec<_> = (0..60).map(row).collect();
    rows.insert(20, Row::Group(long.clone()));
    Document {
        mark: None,
        title: "Invoice 1".to_owned(),
        kind: "Invoice",
        letterhead: Letterhead { logo: None, name: "n".repeat(255), lines: vec![long.clone()] },
        facts: vec![Fact::new(&"label".repeat(40), "value".repeat(40))],
        parties: vec![Party { role: "Billed to", lines: vec!["p".repeat(4_000)] }],
        headline: Some(Fact::new(&"h".repeat(400), "9".repeat(100))),
        blocks: vec![
            Block::Heading(long.clone()),
            Block::Table(Table { columns, rows, when_empty: "Nothing." }),
            Block::Totals(vec![Total { label: long.clone(), value: "1.00".to_owned(), is_sum: true }; 40]),
            Block::PageBreak,
            Block::Paragraph(long.repeat(30)),
        ],
        paper: Paper::Letter,
    }
}

#[test]
fn nothing_leaves_the_paper() {
    let pages = lay_out(&crowded(), None);
    assert!(pages.marks.len() > 10, "{}", pages.marks.len());
    let (left, right, bottom) = (pages::MARGIN, pages.size.0 - pages::MARGIN, pages.size.1 - 20_000);
    for mark in pages.marks.iter().flatten() {
        let (x, end, y) = match mark {
            pages::Mark::Text { x, baseline, line } => (*x, x + line.width, *baseline),
            pages::Mark::Box { area, .. } | pages::Mark::Logo(area) => {
                (area.x, area.x + area.width, area.y + area.height)
            }
        };
        // A line may be a hair wider than its words alone.
        assert!(x >= left - 500 && end <= right + 500 && y <= bottom, "{mark:?}");
    }
}

#[test]
fn every_word_of_a_row_is_laid_out() {
    let pages = lay_out(&crowded(), None);
    let lines = pages.marks.iter().flatten().filter_map(|mark| match mark {
        pages::Mark::Text { line, .. } => Some(line),
        pages::Mark::Box { .. } | pages::Mark::Logo(_) => None,
    });
    let text: String = lines.flat_map(|line| &line.runs).map(|run| run.text.as_str()).collect();
    // Cut across lines, so its letters are counted: `k` is in no other word.
    assert_eq!(text.matches('k').count(), 60 * 60);
    assert_eq!(text.matches("9,999,999,999,999.999999").count(), 60);
    // In 60 rows twice, in the group, the heading, 40 totals and 30 times in the paragraph; once in the letterhead.
    assert_eq!(text.matches("word").count(), 80 * (60 * 2 + 1 + 1 + 40 + 30 + 1));
}
