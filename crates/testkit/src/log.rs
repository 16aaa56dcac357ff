//! What test servers log, at the most verbose level. Nobody reads it, except for numbers of cards and bank accounts.

use std::{
    io::{self, Write},
    sync::{Mutex, Once, PoisonError},
};

use tracing_subscriber::filter::LevelFilter;

use crate::numbers;

static FOUND: Mutex<Vec<String>> = Mutex::new(Vec::new());

/// A log of which only the lines are kept that have a number.
#[derive(Debug, Clone, Copy)]
struct Log;

impl Write for Log {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if numbers::find(line).is_some() {
            let line = String::from_utf8_lossy(line).into_owned();
            FOUND.lock().unwrap_or_else(PoisonError::into_inner).push(line);
        }
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Listens to everything that this process logs from now on.
pub fn listen() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        tracing_subscriber::fmt().with_max_level(LevelFilter::TRACE).with_writer(|| Log).init();
    });
}

/// The lines so far that have a number; they are forgotten.
pub fn take_found() -> Vec<String> {
    std::mem::take(&mut *FOUND.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Fails the test when a line has a number.
#[track_caller]
pub fn assert_has_no_number() {
    let found = take_found();
    assert!(found.is_empty(), "the log has numbers of cards or bank accounts: {found:?}");
}
