//! Tables: the head again on every page, rows kept whole unless one is longer than a page.

use std::collections::VecDeque;

use super::{
    bands::{HEAD, NOTE, SUM, TEXT},
    pages::{Area, MARGIN, Mark, Pages},
    setting::{Ink, Line, Setter, Style},
};
use crate::model::{Align, Cell, Column, Row, Table};

/// Between a cell's edge and its text.
const PADDING: i64 = 5_000;
/// Above and below the text of a row.
const GAP: i64 = 5_000;
/// Thickness of the lines between rows.
const RULE: i64 = 500;
/// Room that the first lines of a row need to stand below a group's name.
const START: i64 = 40_000;

/// A column where it stands.
#[derive(Clone, Copy)]
struct Place {
    left: i64,
    width: i64,
    align: Align,
}

/// What stands at the top of every page of a table.
struct Head {
    columns: Vec<Vec<Line>>,
    /// The name of the group that goes on.
    group: Option<Line>,
}

/// Puts a table below what is there.
pub(super) fn table(pages: &mut Pages, setter: &mut Setter, table: &Table) {
    let places = places(pages, &table.columns);
    let headings = table.columns.iter().zip(&places);
    let columns = headings.map(|(column, place)| setter.set(column.heading, HEAD, inner(*place))).collect();
    let mut head = Head { columns, group: None };
    pages.reserve(3 * START);
    put_head(pages, &places, &head);
    for row in &table.rows {
        put_row(pages, setter, &places, &mut head, row);
    }
    if table.rows.is_empty() {
        put_across(pages, setter, &places, &head, table.when_empty, NOTE);
    }
    pages.y += 2 * GAP;
}

fn places(pages: &Pages, columns: &[Column]) -> Vec<Place> {
    let mut left = MARGIN;
    let place = |column: &Column| {
        let width = pages.width() * column.share / 1_000;
        let place = Place { left, width, align: column.align };
        left += width;
        place
    };
    columns.iter().map(place).collect()
}

fn inner(place: Place) -> i64 {
    place.width - 2 * PADDING
}

fn put_head(pages: &mut Pages, places: &[Place], head: &Head) {
    let height = head.columns.iter().map(height).max().unwrap_or_default();
    for (place, lines) in places.iter().zip(&head.columns) {
        put_lines(pages, *place, pages.y + GAP, lines.iter().cloned());
    }
    pages.y += height + 2 * GAP;
    rule(pages, 2 * RULE, Ink::Strong);
}

fn put_row(pages: &mut Pages, setter: &mut Setter, places: &[Place], head: &mut Head, row: &Row) {
    let (cells, style) = match row {
        Row::Group(text) => return put_group(pages, setter, places, head, text),
        Row::Line(cells) => (cells, TEXT),
        Row::Sum(cells) => {
            head.group = None;
            (cells, SUM)
        }
    };
    let mut left: Vec<VecDeque<Line>> =
        places.iter().zip(cells).map(|(place, cell)| set_cell(setter, *place, cell, style)).collect();
    let needed = left.iter().map(height).max().unwrap_or_default() + 2 * GAP;
    if pages.room() < needed && needed <= pages.height() - START {
        continue_table(pages, places, head);
    }
    loop {
        let (from, room) = (pages.y + GAP, pages.room() - 2 * GAP);
        let mut used = 0;
        for (place, lines) in places.iter().zip(&mut left) {
            let fitting = take_fitting(lines, room);
            used = used.max(height(&fitting));
            put_lines(pages, *place, from, fitting);
        }
        pages.y += used + 2 * GAP;
        if left.iter().all(VecDeque::is_empty) {
            break;
        }
        continue_table(pages, places, head);
    }
    rule(pages, RULE, Ink::Line);
}

/// The name of a group, which is said again on every page that the group goes on to.
fn put_group(pages: &mut Pages, setter: &mut Setter, places: &[Place], head: &mut Head, text: &str) {
    head.group = None;
    put_across(pages, setter, places, head, text, SUM);
    let again = format!("{text} (continued)");
    head.group = setter.set(&again, HEAD, inner(whole(pages))).into_iter().next();
}

fn whole(pages: &Pages) -> Place {
    Place { left: MARGIN, width: pages.width(), align: Align::Left }
}

/// A text over all columns, on the page of the row after it.
fn put_across(pages: &mut Pages, setter: &mut Setter, places: &[Place], head: &Head, text: &str, style: Style) {
    let whole = whole(pages);
    let lines = setter.set(text, style, inner(whole));
    let needed = height(&lines) + 3 * GAP + START;
    if pages.room() < needed && needed <= pages.height() - START {
        continue_table(pages, places, head);
    }
    pages.y += GAP;
    for line in lines {
        if pages.room() < line.style.leading {
            continue_table(pages, places, head);
        }
        let leading = line.style.leading;
        put_lines(pages, whole, pages.y + GAP, vec![line]);
        pages.y += leading;
    }
    pages.y += 2 * GAP;
    rule(pages, RULE, Ink::Line);
}

/// Goes on at the top of the next page, below the head.
fn continue_table(pages: &mut Pages, places: &[Place], head: &Head) {
    pages.next_page();
    put_head(pages, places, head);
    if let Some(line) = head.group.clone() {
        let leading = line.style.leading;
        put_lines(pages, whole(pages), pages.y + GAP, [line]);
        pages.y += leading + GAP;
    }
}

/// The lines of a cell. Figures are set smaller rather than broken.
fn set_cell(setter: &mut Setter, place: Place, cell: &Cell, style: Style) -> VecDeque<Line> {
    let mut lines = match place.align {
        Align::Left => setter.set(&cell.text, style, inner(place)),
        Align::Right => setter.fit(&cell.text, style, inner(place)),
    };
    lines.extend(cell.notes.iter().flat_map(|note| setter.set(note, NOTE, inner(place))));
    lines.into()
}

/// As many lines as there is room for.
fn take_fitting(lines: &mut VecDeque<Line>, room: i64) -> Vec<Line> {
    let mut taken = Vec::new();
    let mut left = room;
    while let Some(line) = lines.pop_front_if(|line| line.style.leading <= left) {
        left -= line.style.leading;
        taken.push(line);
    }
    taken
}

fn put_lines(pages: &mut Pages, place: Place, from: i64, lines: impl IntoIterator<Item = Line>) {
    let mut y = from;
    for line in lines {
        let leading = line.style.leading;
        match place.align {
            Align::Left => pages.write(place.left + PADDING, y, line),
            Align::Right => pages.write_right(place.left + place.width - PADDING, y, line),
        }
        y += leading;
    }
}

fn height<'l>(lines: impl IntoIterator<Item = &'l Line>) -> i64 {
    lines.into_iter().map(|line| line.style.leading).sum()
}

fn rule(pages: &mut Pages, thickness: i64, ink: Ink) {
    let area = Area { x: MARGIN, y: pages.y, width: pages.width(), height: thickness };
    pages.put(Mark::Box { area, ink });
}
