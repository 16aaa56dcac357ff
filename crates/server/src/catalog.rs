//! `billfold catalog import` and `billfold catalog export`.

use std::{path::Path, sync::Arc};

use api::catalogue::{self, Fault, Format};
use app::{
    App, Error,
    catalogue::{Count, Report, export, import},
};
use serde_json::{Map, Value, json};

use crate::{
    cli::{CatalogExport, CatalogImport},
    failure::Failure,
    migrate, print,
};

/// Makes the account's catalogue what the file says, or says line by line what is wrong with the file.
pub(crate) async fn import(arguments: CatalogImport) -> Result<(), Failure> {
    let text = std::fs::read_to_string(&arguments.file)?;
    let imported = match catalogue::read(&text, format_of(&arguments.file)) {
        Err(faults) => Err(faults),
        Ok((source, order)) => {
            let app = migrate::open(&arguments.database).await?;
            let (account, now, order) = (arguments.account, app.now(), Arc::new(order));
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
            show_report(&report, arguments.json);
            Ok(())
        }
        Err(faults) => {
            show_faults(&arguments.file, &faults, arguments.json);
            Err(Failure::Catalogue(faults.len()))
        }
    }
}

/// Writes the account's catalogue to the file.
pub(crate) async fn export(arguments: CatalogExport) -> Result<(), Failure> {
    let app = migrate::open(&arguments.database).await?;
    let (account, now) = (arguments.account, app.now());
    let read = app.db().read(move |tx| {
        let session = App::own_session(tx, account, now)?;
        let catalogue = export::run(tx, &session)?;
        Ok::<_, Error>((session, catalogue))
    });
    let read = read.await;
    app.close().await;
    let (session, catalogue) = read?;
    let text = catalogue::write(&session, catalogue, format_of(&arguments.file)).map_err(Failure::Format)?;
    std::fs::write(&arguments.file, text)?;
    if arguments.json {
        print::json(&json!({ "accountId": account.0, "file": arguments.file.display().to_string() }));
    } else {
        println!("The catalogue of account {account} is in {}.", arguments.file.display());
    }
    Ok(())
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

fn show_faults(file: &Path, faults: &[Fault], as_json: bool) {
    if as_json {
        let faults: Vec<_> = faults
            .iter()
            .map(|fault| json!({ "line": fault.line, "field": fault.field, "message": fault.message }))
            .collect();
        print::json(&json!({ "isImported": false, "problems": faults }));
        return;
    }
    for fault in faults {
        eprintln!("{}:{fault}", file.display());
    }
}
