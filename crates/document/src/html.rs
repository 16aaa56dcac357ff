//! The HTML writer: one file that needs nothing else, escaped throughout, fit for the screen and for printing.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use billing::{named::Named, profile::Logo};

use crate::clean::clean;
use crate::model::{Align, Block, Cell, Document, Fact, Paper, Party, Row, Table, Total};

const STYLE: &str = include_str!("html/style.css");

/// The document as an HTML file. It holds no script, and asks for nothing from anywhere.
pub fn write(document: &Document) -> String {
    let mut page = Page(String::new());
    let size = match document.paper {
        Paper::A4 => "A4",
        Paper::Letter => "letter",
    };
    page.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    page.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    page.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; ");
    page.raw("style-src 'unsafe-inline'\">\n");
    page.element("title", &document.title);
    page.raw("\n<style>\n");
    page.raw(STYLE);
    page.raw(&format!("@page {{ size: {size}; margin: 18mm 16mm; }}\n</style>\n</head>\n<body>\n<main>\n"));
    page.letterhead(document);
    page.meta(&document.parties, &document.facts);
    if let Some(headline) = &document.headline {
        page.headline(headline);
    }
    for block in &document.blocks {
        page.block(block);
    }
    page.raw("</main>\n</body>\n</html>\n");
    page.0
}

/// Plain text as HTML: escaped, line breaks as `<br />`.
pub fn markup(text: &str) -> String {
    let mut page = Page(String::new());
    for (place, line) in clean(text).split('\n').enumerate() {
        if place > 0 {
            page.raw("<br />");
        }
        page.text(line);
    }
    page.0
}

/// The text written so far. Everything that is not ours goes through [`Page::text`].
struct Page(String);

impl Page {
    fn raw(&mut self, markup: &str) {
        self.0.push_str(markup);
    }

    fn text(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other => self.0.push(other),
            }
        }
    }

    /// An element of ours around text of others, which decides for itself in which direction it runs.
    fn element(&mut self, name: &str, text: &str) {
        self.raw(&format!("<{name} dir=\"auto\">"));
        self.text(text);
        let end = name.split_once(' ').map_or(name, |(name, _)| name);
        self.raw(&format!("</{end}>"));
    }

    fn lines(&mut self, lines: &[String]) {
        for line in lines {
            self.element("div", line);
        }
    }

    fn letterhead(&mut self, document: &Document) {
        let letterhead = &document.letterhead;
        self.raw("<header>\n<div class=\"sender\">");
        if let Some(Logo { format, bytes }) = &letterhead.logo {
            let data = STANDARD.encode(bytes);
            self.raw(&format!("<img alt=\"\" src=\"data:{};base64,{data}\">", format.name()));
        }
        self.element("strong", &letterhead.name);
        self.lines(&letterhead.lines);
        self.raw("</div>\n");
        match document.mark {
            None => self.element("h1", document.kind),
            Some(mark) => {
                self.raw("<div class=\"kind\">");
                self.element("h1", document.kind);
                self.element("p class=\"mark\"", mark);
                self.raw("</div>");
            }
        }
        self.raw("\n</header>\n");
    }

    fn meta(&mut self, parties: &[Party], facts: &[Fact]) {
        self.raw("<section class=\"meta\">\n");
        for party in parties {
            self.raw("<div class=\"party\">");
            self.element("h2", party.role);
            self.lines(&party.lines);
            self.raw("</div>\n");
        }
        self.raw("<dl>\n");
        for fact in facts {
            self.element("dt", &fact.label);
            self.element("dd", &fact.value);
            self.raw("\n");
        }
        self.raw("</dl>\n</section>\n");
    }

    fn headline(&mut self, headline: &Fact) {
        self.raw("<p class=\"headline\">");
        self.element("span", &headline.label);
        self.element("strong", &headline.value);
        self.raw("</p>\n");
    }

    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(text) => self.element("h2", text),
            Block::Paragraph(text) => self.element("p class=\"text\"", text),
            Block::Table(table) => self.table(table),
            Block::Totals(totals) => self.totals(totals),
            Block::PageBreak => self.raw("<hr class=\"break\">"),
        }
        self.raw("\n");
    }

    fn table(&mut self, table: &Table) {
        self.raw("<table class=\"rows\">\n<colgroup>");
        for column in &table.columns {
            self.raw(&format!("<col style=\"width: {}.{}%\">", column.share / 10, column.share % 10));
        }
        self.raw("</colgroup>\n<thead><tr>");
        for column in &table.columns {
            self.element(&format!("th{} scope=\"col\"", class(column.align)), column.heading);
        }
        self.raw("</tr></thead>\n<tbody>\n");
        for row in &table.rows {
            self.row(table, row);
        }
        if table.rows.is_empty() {
            self.across(table, "td", table.when_empty);
        }
        self.raw("</tbody>\n</table>");
    }

    fn row(&mut self, table: &Table, row: &Row) {
        let (opening, cells) = match row {
            Row::Group(text) => return self.across(table, "th", text),
            Row::Line(cells) => ("<tr>", cells),
            Row::Sum(cells) => ("<tr class=\"sum\">", cells),
        };
        self.raw(opening);
        for (column, cell) in table.columns.iter().zip(cells) {
            self.cell(column.align, cell);
        }
        self.raw("</tr>\n");
    }

    fn across(&mut self, table: &Table, element: &str, text: &str) {
        self.raw("<tr class=\"group\">");
        self.element(&format!("{element} colspan=\"{}\"", table.columns.len()), text);
        self.raw("</tr>\n");
    }

    fn cell(&mut self, align: Align, cell: &Cell) {
        self.raw(&format!("<td{}>", class(align)));
        self.element("div", &cell.text);
        for note in &cell.notes {
            self.element("small", note);
        }
        self.raw("</td>");
    }

    fn totals(&mut self, totals: &[Total]) {
        self.raw("<table class=\"totals\">\n");
        for total in totals {
            self.raw(if total.is_sum { "<tr class=\"sum\">" } else { "<tr>" });
            self.element("th scope=\"row\"", &total.label);
            self.element("td", &total.value);
            self.raw("</tr>\n");
        }
        self.raw("</table>");
    }
}

fn class(align: Align) -> &'static str {
    match align {
        Align::Left => "",
        Align::Right => " class=\"figure\"",
    }
}
