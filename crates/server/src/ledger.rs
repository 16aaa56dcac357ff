//! `billfold ledger export`.

use std::{
    fs::File,
    io::{self, BufWriter, ErrorKind, Write},
    path::Path,
};

use app::ledger::export::{self, ExportError, Format};

use crate::{
    account::chosen,
    cli::{LedgerExport, LedgerFormat},
    failure::Failure,
    migrate,
};

/// Writes an account's journal, as the transactions come from the database.
pub(crate) async fn export(arguments: LedgerExport) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let format = match arguments.format {
        LedgerFormat::Beancount => Format::Beancount,
        LedgerFormat::Csv => Format::Csv,
    };
    let (account, out) = (chosen(&app, &arguments.of).await?, arguments.out.clone());
    let written = app.db().read(move |tx| export::run(tx, account, format, &mut BufWriter::new(open(out.as_deref())?)));
    let written = written.await;
    app.close().await;
    match (written, arguments.out) {
        (Ok(()), _) => Ok(()),
        // A reader that has seen enough closes the pipe; that is an end, not a failure.
        (Err(ExportError::Write(error)), None) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        (Err(ExportError::Write(error)), Some(file)) => {
            Err(Failure::File { verb: "write", file: file.display().to_string(), error })
        }
        (Err(ExportError::Write(error)), None) => Err(error.into()),
        (Err(ExportError::Read(error)), _) => Err(error.into()),
    }
}

fn open(file: Option<&Path>) -> io::Result<Box<dyn Write>> {
    Ok(match file {
        Some(file) => Box::new(File::create(file)?),
        None => Box::new(io::stdout()),
    })
}
