//! The files of a person: how they are written by what they are called, read as they are, and written whole or not at all.

use std::{
    ffi::OsStr,
    fs::File,
    io::{self, Read, stdin, stdout},
    path::{Path, PathBuf},
};

use tempfile::NamedTempFile;

use crate::{
    cli::{FileFormat, ResultFormat},
    failure::Failure,
};

/// Bytes that are copied at a time.
const COPY_BYTES: usize = 64 * 1024;

/// The media type of a file of records.
pub(super) fn media_type(file: &Path, format: Option<FileFormat>) -> Result<&'static str, Failure> {
    let of_name = || match extension(file).as_deref() {
        Some("csv") => Some(FileFormat::Csv),
        Some("jsonl" | "ndjson") => Some(FileFormat::Jsonl),
        Some("json") => Some(FileFormat::Json),
        _ => is_standard(file).then_some(FileFormat::Csv),
    };
    match format.or_else(of_name) {
        Some(FileFormat::Csv) => Ok("text/csv"),
        Some(FileFormat::Jsonl) => Ok("application/jsonl"),
        Some(FileFormat::Json) => Ok("application/json"),
        None => Err(Failure::UnknownFormat(file.display().to_string())),
    }
}

/// How a file of results is written.
pub(super) fn result_format(file: &Path, format: Option<ResultFormat>) -> &'static str {
    let of_name = match extension(file).as_deref() {
        Some("jsonl" | "ndjson") => ResultFormat::Jsonl,
        _ => ResultFormat::Csv,
    };
    match format.unwrap_or(of_name) {
        ResultFormat::Csv => "csv",
        ResultFormat::Jsonl => "jsonl",
    }
}

/// The ending of a name in small letters, before that of a packed file.
fn extension(file: &Path) -> Option<String> {
    let small = |path: &Path| path.extension().and_then(OsStr::to_str).map(str::to_ascii_lowercase);
    if small(file).as_deref() == Some("gz") { small(&PathBuf::from(file.file_stem()?)) } else { small(file) }
}

fn is_standard(file: &Path) -> bool {
    file == "-"
}

/// A file to read and its length; standard input has none.
pub(super) fn open(file: &Path) -> Result<(Box<dyn Read>, Option<u64>), Failure> {
    if is_standard(file) {
        return Ok((Box::new(stdin().lock()), None));
    }
    let opened = File::open(file).and_then(|opened| Ok((opened.metadata()?.len(), opened)));
    let (length, opened) = opened.map_err(fault("read", file))?;
    Ok((Box::new(opened), Some(length)))
}

/// Writes what comes; a file is there when all has come, and not before.
pub(super) struct Output<'p> {
    file: &'p Path,
    /// What becomes the file; standard output has nothing of the kind.
    whole: Option<NamedTempFile>,
}

impl<'p> Output<'p> {
    /// Tries that the file can be written, before anything is done of which it is to tell.
    pub(super) fn open(file: &'p Path) -> Result<Self, Failure> {
        let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let whole = (!is_standard(file)).then(|| NamedTempFile::new_in(directory).map_err(fault("write", file)));
        Ok(Self { file, whole: whole.transpose()? })
    }

    pub(super) fn path(&self) -> &'p Path {
        self.file
    }

    pub(super) fn write(self, content: &mut impl Read, lost: impl Fn(&io::Error) -> Failure) -> Result<(), Failure> {
        let Self { file, whole } = self;
        let Some(mut whole) = whole else {
            return copy(content, &mut stdout().lock(), lost, fault("write", Path::new("standard output")));
        };
        copy(content, &mut whole, lost, fault("write", file))?;
        whole.persist(file).map(|_| ()).map_err(|error| fault("write", file)(error.error))
    }
}

/// Copies, and tells which side failed.
fn copy(
    from: &mut impl Read,
    to: &mut impl io::Write,
    lost: impl Fn(&io::Error) -> Failure,
    fault: impl Fn(io::Error) -> Failure,
) -> Result<(), Failure> {
    let mut part = vec![0; COPY_BYTES];
    loop {
        let count = from.read(&mut part).map_err(|error| lost(&error))?;
        if count == 0 {
            return to.flush().map_err(fault);
        }
        to.write_all(&part[..count]).map_err(&fault)?;
    }
}

fn fault(verb: &'static str, file: &Path) -> impl Fn(io::Error) -> Failure {
    move |error| Failure::File { verb, file: file.display().to_string(), error }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_how_a_file_is_written() {
        let of = |name: &str, format| media_type(Path::new(name), format).ok();
        for (name, media_type) in [
            ("a.csv", Some("text/csv")),
            ("A.CSV.gz", Some("text/csv")),
            ("b.jsonl.gz", Some("application/jsonl")),
            ("b.ndjson", Some("application/jsonl")),
            ("c.json", Some("application/json")),
            ("-", Some("text/csv")),
            ("d.txt", None),
            ("e.gz", None),
        ] {
            assert_eq!(of(name, None), media_type, "{name}");
            assert_eq!(of(name, Some(FileFormat::Json)), Some("application/json"), "{name}");
        }
        let results = |name: &str, format| result_format(Path::new(name), format);
        assert_eq!([results("a.jsonl", None), results("a.txt", None), results("-", None)], ["jsonl", "csv", "csv"]);
        assert_eq!(results("a.jsonl", Some(ResultFormat::Csv)), "csv");
    }

    #[test]
    fn a_file_that_breaks_off_leaves_what_was_there() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the connection was reset"))
            }
        }
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("results.csv");
        let lost = |error: &io::Error| Failure::Unreachable { url: String::new(), error: error.to_string() };
        Output::open(&file).unwrap().write(&mut &b"whole"[..], lost).unwrap();
        let mut part = b"part".chain(Broken);
        assert!(matches!(Output::open(&file).unwrap().write(&mut part, lost), Err(Failure::Unreachable { .. })));
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "whole");
        assert_eq!(std::fs::read_dir(&directory).unwrap().count(), 1);
    }
}
