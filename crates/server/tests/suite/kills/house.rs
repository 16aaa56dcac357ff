//! The processes that share a database: started, killed at any moment, started again.

use std::{
    process::Stdio,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use cluster::{Server as Cluster, machine};
use testkit::Dice;

use crate::process::{Caller, Process, Server};

/// Processes that only work, where the server itself does not.
const WORKER_COUNT: u64 = 3;
/// Another process goes on after so long.
const LEASE_MS: &str = "500";
/// Most kills of a run.
const KILL_COUNT_MAX: u64 = 3;
/// Longest time that a killed process stays away.
const AWAY_MS_MAX: u64 = 50;

/// Who is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Victim {
    Server,
    Worker(usize),
    Database,
}

/// One `kill -9`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kill {
    victim: Victim,
    /// When, in thousandths of the time that the job is likely to take; later ones after the one before.
    at_permille: u32,
    /// How long the process stays away.
    away_ms: u64,
}

impl Kill {
    /// One to three of them.
    pub(super) fn draw(dice: &mut Dice, has_cluster: bool) -> Vec<Self> {
        let one = |dice: &mut Dice| Self {
            victim: if has_cluster { victim(dice) } else { Victim::Server },
            at_permille: u32::try_from(dice.below(1_000)).expect("a small number"),
            away_ms: dice.below(AWAY_MS_MAX),
        };
        (0..=dice.below(KILL_COUNT_MAX)).map(|_| one(dice)).collect()
    }

    /// After which a call may be answered that nobody knows whether it took effect.
    pub(super) fn is_of_database(self) -> bool {
        self.victim == Victim::Database
    }
}

fn victim(dice: &mut Dice) -> Victim {
    match dice.below(WORKER_COUNT + 2) {
        0 => Victim::Server,
        1 => Victim::Database,
        worker => Victim::Worker(usize::try_from(worker - 2).expect("a small number")),
    }
}

/// A server alone, or one with workers beside it and a `PostgreSQL` of their own below.
pub(super) struct House<'a> {
    database: String,
    address: String,
    cluster: Option<&'a mut Cluster>,
    server: Option<Server>,
    workers: Vec<Option<Process>>,
    chunk_record_count: String,
}

impl<'a> House<'a> {
    /// Starts all of them; jobs are done in chunks of so many records.
    pub(super) fn start(database: &str, cluster: Option<&'a mut Cluster>, chunk_record_count: u64) -> Self {
        let address = format!("127.0.0.1:{}", machine::free_port().expect("a port"));
        let worker_count = if cluster.is_some() { WORKER_COUNT } else { 0 };
        let mut house = Self {
            database: database.to_owned(),
            address,
            cluster,
            server: None,
            workers: (0..worker_count).map(|_| None).collect(),
            chunk_record_count: chunk_record_count.to_string(),
        };
        house.open(Victim::Server);
        (0..house.workers.len()).for_each(|worker| house.open(Victim::Worker(worker)));
        house
    }

    pub(super) fn caller(&self, key: &str) -> Caller {
        self.server.as_ref().expect("the server is there").caller(key)
    }

    /// Lets it happen. A job is likely to take so long; how often somebody was killed before it was over.
    pub(super) fn befall(&mut self, kills: &[Kill], likely: Duration, is_over: &AtomicBool) -> usize {
        let mut hit_count = 0;
        for kill in kills {
            thread::sleep(likely * kill.at_permille / 1_000);
            hit_count += usize::from(!is_over.load(Ordering::Relaxed));
            self.close(kill.victim);
            thread::sleep(Duration::from_millis(kill.away_ms));
            self.open(kill.victim);
        }
        hit_count
    }

    /// Fails the test when a process has ended that was not killed.
    pub(super) fn assert_alive(&mut self) {
        self.server.as_mut().expect("the server is there").process().assert_alive();
        self.workers.iter_mut().flatten().for_each(Process::assert_alive);
    }

    fn close(&mut self, victim: Victim) {
        match victim {
            Victim::Server => self.server.take().expect("the server is there").kill(),
            Victim::Worker(worker) => self.workers[worker].take().expect("the worker is there").kill(),
            Victim::Database => self.cluster.as_mut().expect("the database is ours").kill().expect("it can be killed"),
        }
    }

    fn open(&mut self, victim: Victim) {
        match victim {
            Victim::Server => self.server = Some(self.serve()),
            Victim::Worker(worker) => self.workers[worker] = Some(self.work()),
            Victim::Database => {
                self.cluster.as_mut().expect("the database is ours").restart().expect("it starts again");
            }
        }
    }

    fn serve(&self) -> Server {
        let only_serves: &[&str] = if self.workers.is_empty() { &[] } else { &["--no-workers"] };
        Server::start_on(&self.address, &self.database, &[&self.options()[..], only_serves].concat())
    }

    fn work(&self) -> Process {
        let arguments = [&["worker", "--database", &self.database][..], &self.options()].concat();
        let (process, told) = Process::start(&arguments, Stdio::inherit());
        assert!(told.starts_with("Billfold works on"), "{told}");
        process
    }

    fn options(&self) -> [&str; 6] {
        ["--bulk-wait-ms", "0", "--bulk-lease-ms", LEASE_MS, "--bulk-chunk-records", &self.chunk_record_count]
    }
}
