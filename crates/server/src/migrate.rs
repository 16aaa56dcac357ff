//! `billfold migrate`, and the database that every other command opens.

use std::path::Path;

use app::App;
use calendar::Clock;
use db::{Db, Options};

use crate::{cli::Database, failure::Failure};

/// Brings the schema up to date and says what was done.
pub(crate) async fn run(database: &Database) -> Result<(), Failure> {
    let db = Db::open(&database.database, &Options::default()).await?;
    let applied = db.migrate(store::MIGRATIONS).await?;
    match applied.as_slice() {
        [] => println!("The schema is up to date."),
        names => names.iter().for_each(|name| println!("Applied {name}.")),
    }
    db.close().await;
    Ok(())
}

/// Opens a database and brings its schema up to date.
pub(crate) async fn open(database: &Database) -> Result<App, Failure> {
    let db = Db::open(&database.database, &Options::default()).await?;
    db.migrate(store::MIGRATIONS).await?;
    Ok(App::new(db, Clock::system()))
}

/// Opens a database that must be there: a question about a mistyped file must not be answered by an empty one.
pub(crate) async fn open_existing(database: &Database) -> Result<App, Failure> {
    if let Some(file) = database.database.strip_prefix("sqlite:")
        && !Path::new(file).exists()
    {
        return Err(Failure::NoDatabase(file.to_owned()));
    }
    open(database).await
}
