//! Reads PDF files with Poppler's tools, where they are installed.

use std::process::{Command, Stdio};

/// The text of a PDF file in the places where it stands; `None`, with a word about it, where Poppler is missing.
pub(crate) fn text(pdf: &[u8]) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("document.pdf");
    std::fs::write(&file, pdf).unwrap();
    let mut tool = Command::new("pdftotext");
    let output = tool.args(["-layout", "-enc", "UTF-8"]).arg(&file).arg("-").stderr(Stdio::inherit()).output();
    let Ok(output) = output else {
        eprintln!("left out: pdftotext (poppler-utils) is not installed");
        return None;
    };
    assert!(output.status.success(), "a reader understands the file");
    Some(String::from_utf8(output.stdout).unwrap())
}

/// The lines of a text, blanks between words as one.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect()
}
