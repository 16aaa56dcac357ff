//! `billfold catalog import` and `billfold catalog export`.

use std::{fs, io, path::Path, sync::Arc};

use api::catalogue::{self, Fault, Format};
use app::{
    App, Error,
    catalogue::{Count, Report, export, import},
};
use serde_json::{Map, Value, json};

use crate::{
    account::chosen,
    cli::{CatalogExport, CatalogImport},
    failure::Failure,
    migrate, print,
};

/// Makes the account's catalogue what the file says, or says line by line what is wrong with the file.
pub(crate) async fn import(arguments: CatalogImport) -> Result<(), Failure> {
    let text = read(&arguments.file)?;
    let imported = match catalogue::read(&text, format_of(&arguments.file)) {
        Err(faults) => Err(faults),
        Ok((source, order)) => {
            let app = migrate::open_existing(&arguments.database).await?;
            let account = chosen(&app, &arguments.of).await?;
            let (now, order) = (app.now(), Arc::new(order));
            let stored = app.db().write(move |tx| {
                let session = App::own_session(tx, account, now)?;
                import::run(tx, &session, &order)
            });
            let stored = stored.await;
            app.close().await;
            match stored {
                Err(Error::Invalid(problems)) => Err(source.locate(problems)),
                stored => Ok(stored?),
            }
        }
    };
    match imported {
        Ok(report) => {
            show_report(&report, arguments.output.json);
            Ok(())
        }
        Err(faults) => {
            show_faults(&name_of(&arguments.file), &faults, arguments.output.json);
            Err(Failure::Catalogue { file: name_of(&arguments.file), count: faults.len() })
        }
    }
}

/// Writes the account's catalogue to the file.
pub(crate) async fn export(arguments: CatalogExport) -> Result<(), Failure> {
    let app = migrate::open_existing(&arguments.database).await?;
    let (account, now) = (chosen(&app, &arguments.of).await?, app.now());
    let read = app.db().read(move |tx| {
        let session = App::own_session(tx, account, now)?;
        let catalogue = export::run(tx, &session)?;
        Ok::<_, Error>((session, catalogue))
    });
    let read = read.await;
    app.close().await;
    let (session, catalogue) = read?;
    let text = catalogue::write(&session, catalogue, format_of(&arguments.file)).map_err(Failure::Format)?;
    if is_standard(&arguments.file) {
        // The catalogue is the one thing that is printed, so that whatever reads it can.
        print!("{text}");
        return Ok(());
    }
    write(&arguments.file, text)?;
    if arguments.output.json {
        print::json(&json!({ "accountId": account.0, "file": name_of(&arguments.file) }));
    } else {
        println!("The catalogue of account {account} is in {}.", name_of(&arguments.file));
    }
    Ok(())
}

/// The text of a file, or of standard input.
fn read(file: &Path) -> Result<String, Failure> {
    let text = if is_standard(file) { io::read_to_string(io::stdin()) } else { fs::read_to_string(file) };
    text.map_err(|error| Failure::File { verb: "read", file: name_of(file), error })
}

fn write(file: &Path, text: String) -> Result<(), Failure> {
    fs::write(file, text).map_err(|error| Failure::File { verb: "write", file: name_of(file), error })
}

/// `-` is standard input, or standard output.
fn is_standard(file: &Path) -> bool {
    file == Path::new("-")
}

/// What messages call the file.
fn name_of(file: &Path) -> String {
    file.display().to_string()
}

/// Spreadsheets by their name; everything else is JSON.
fn format_of(file: &Path) -> Format {
    let is_sheet = file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("csv"));
    if is_sheet { Format::Csv } else { Format::Json }
}

fn show_report(report: &Report, as_json: bool) {
    if as_json {
        let count = |Count { created, updated }: Count| json!({ "created": created, "updated": updated });
        let counts: Map<String, Value> = report.iter().map(|(list, of)| ((*list).to_owned(), count(*of))).collect();
        print::json(&json!({ "isImported": true, "counts": counts }));
        return;
    }
    for (list, Count { created, updated }) in report {
        println!("  {list:<14} {created:>7} created {updated:>7} updated");
    }
}

fn show_faults(file: &str, faults: &[Fault], as_json: bool) {
    if as_json {
        let faults: Vec<_> = faults
            .iter()
            .map(|fault| json!({ "line": fault.line, "field": fault.field, "message": fault.message }))
            .collect();
        print::json(&json!({ "isImported": false, "problems": faults }));
        return;
    }
    for fault in faults {
        eprintln!("{file}:{fault}");
    }
}
