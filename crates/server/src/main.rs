//! Billfold's command line: read it, run one command, end with a status that scripts can use.

mod account;
mod bulk;
mod catalog;
mod cli;
mod connections;
mod demo;
mod failure;
mod gateway;
mod gateways;
mod key;
mod ledger;
mod migrate;
mod openapi;
mod print;
mod profile;
mod report;
mod serve;
mod settings;
mod verify;

use std::{io::IsTerminal, process::ExitCode};

use clap::Parser;

use self::{
    cli::{
        AccountCommand, Arguments, CatalogCommand, Command, GatewayCommand, KeyCommand, LedgerCommand, ProfileCommand,
        ReportCommand, SettingsCommand,
    },
    failure::Failure,
};

fn main() -> ExitCode {
    stop_quietly_when_nobody_reads();
    // Wrong usage ends here, with status 2 and the reason on standard error.
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_max_level(arguments.log.level())
        .init();
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(Failure::from)
        .and_then(|runtime| runtime.block_on(run(arguments.command)));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("billfold: {failure}");
            ExitCode::from(failure.exit_status())
        }
    }
}

/// A reader that has seen enough closes the pipe, as `head` does; that is an end, not a defect.
fn stop_quietly_when_nobody_reads() {
    let report = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        if panic.payload_as_str().is_some_and(|text| text.starts_with("failed printing to stdout")) {
            std::process::exit(0);
        }
        report(panic);
    }));
}

async fn run(command: Command) -> Result<(), Failure> {
    match command {
        Command::Demo(arguments) => demo::run(arguments).await,
        Command::Serve(arguments) => serve::serve(arguments).await,
        Command::Worker(arguments) => serve::work(arguments).await,
        Command::Migrate(database) => migrate::run(&database).await,
        Command::Account(AccountCommand::Create(arguments)) => account::create(arguments).await,
        Command::Account(AccountCommand::List(arguments)) => account::list(arguments).await,
        Command::Account(AccountCommand::Profile(ProfileCommand::Show(arguments))) => profile::show(arguments).await,
        Command::Account(AccountCommand::Profile(ProfileCommand::Set(arguments))) => profile::set(arguments).await,
        Command::Account(AccountCommand::Settings(SettingsCommand::Show(arguments))) => settings::show(arguments).await,
        Command::Account(AccountCommand::Settings(SettingsCommand::Set(arguments))) => settings::set(arguments).await,
        Command::Key(KeyCommand::Create(arguments)) => key::create(arguments).await,
        Command::Key(KeyCommand::List(arguments)) => key::list(arguments).await,
        Command::Key(KeyCommand::Revoke(arguments)) => key::revoke(arguments).await,
        Command::Gateway(GatewayCommand::Add(arguments)) => gateway::add(arguments).await,
        Command::Gateway(GatewayCommand::List(arguments)) => gateway::list(arguments).await,
        Command::Gateway(GatewayCommand::SetSecret(arguments)) => gateway::set_secret(arguments).await,
        Command::Gateway(GatewayCommand::Remove(arguments)) => gateway::remove(arguments).await,
        Command::Vault(command) => gateway::vault(command).await,
        Command::Catalog(CatalogCommand::Import(arguments)) => catalog::import(arguments).await,
        Command::Catalog(CatalogCommand::Export(arguments)) => catalog::export(arguments).await,
        Command::Bulk(command) => bulk::run(command).await,
        Command::Verify(arguments) => verify::run(arguments).await,
        Command::Ledger(LedgerCommand::Export(arguments)) => ledger::export(arguments).await,
        Command::Report(ReportCommand::TrialBalance(arguments)) => report::trial_balance(arguments).await,
        Command::Report(ReportCommand::Aging(arguments)) => report::aging(arguments).await,
        Command::Report(ReportCommand::Revenue(arguments)) => report::revenue(arguments).await,
        Command::Openapi => {
            openapi::run();
            Ok(())
        }
    }
}
